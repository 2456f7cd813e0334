//! A message of the running text: what it says, how long it takes, and when it is on air.
//! Invariant: its length is told at the hall's own speed.

use super::{
    calendar,
    fields::{At, Text, hint, text},
    settings,
};
use crate::{
    domain::playlist::List,
    editor::{
        desk::Desk,
        document::NewItem,
        egui::{RichText, Ui},
        style,
    },
};

/// More seconds than this, and nobody waits for the end.
const LONG: f64 = 20.0;

/// Shows it.
pub fn show(ui: &mut Ui, desk: &mut Desk) {
    if ui.button(desk.say("Pesan baru", "New message")).clicked() {
        let text = desk.say("Tulis pesan di sini", "Write the message here");
        desk.add(&NewItem::Message(text.to_owned()));
    }
    let (Some(at), Some(entry)) = (At::of(desk), desk.entry()) else {
        ui.add_space(8.0);
        ui.label(desk.say(
            "Pilih satu pesan di daftar sebelah kiri untuk mengubahnya.",
            "Choose one message in the list on the left to change it.",
        ));
        return;
    };
    if at.list != List::Ticker {
        return;
    }
    ui.push_id(at, |ui| {
        settings::problems(ui, desk, &entry);
        settings::enabled(ui, desk, at, &entry);
        let field =
            Text { label: desk.say("Pesan", "Message"), now: &entry.text, hint: "", rows: 3, needed: true };
        text(ui, desk, at, "text", field);
        let (words, seconds) = length(&entry.text, speed(desk));
        let told = format!(
            "{words} {}, {} {seconds:.0} {}",
            desk.say("kata", "words"),
            desk.say("kira-kira", "about"),
            desk.say("detik untuk dibaca", "seconds to read")
        );
        hint(ui, &told);
        if seconds > LONG {
            let long = desk.say(
                "Pesan ini panjang; pengunjung jarang menunggu sampai akhirnya.",
                "It is long; few will wait for its end.",
            );
            ui.label(RichText::new(long).color(style::WARN));
        }
        settings::priority(ui, desk, at, &entry);
        settings::note(ui, desk, at, &entry);
        ui.separator();
        calendar::schedule(ui, desk, at, &entry);
    });
}

/// How many words run past in a second.
fn speed(desk: &Desk) -> f64 {
    desk.config.screens.first().map_or(3.0, |screen| screen.ticker_words_per_second).max(0.1)
}

/// A text's words, and the seconds in which they run past.
fn length(text: &str, speed: f64) -> (usize, f64) {
    let words = text.split_whitespace().count();
    (words, (words as f64 / speed).ceil())
}
