//! The schedule of the selected item: a sentence, the form, and the month with the days on which it is on air.
//! Invariant: a day is marked where the screen's own schedule says so.

use jiff::civil::{Date, DateTime};

use super::{
    fields::{At, hint, label},
    month::{self, Mark},
    settings, when, words,
};
use crate::{
    domain::{playlist::List, schedule::When},
    editor::{
        desk::Desk,
        document::Entry,
        egui::{Frame, Id, RichText, Ui},
        sentence, style,
    },
};

/// Shows it.
pub fn show(ui: &mut Ui, desk: &mut Desk) {
    let (Some(at), Some(entry)) = (At::of(desk), desk.entry()) else { return };
    ui.push_id(at, |ui| {
        settings::problems(ui, desk, &entry);
        schedule(ui, desk, at, &entry);
    });
}

/// The sentence and the form of an entry.
pub(super) fn schedule(ui: &mut Ui, desk: &mut Desk, at: At, entry: &Entry) {
    let rule = read(desk, at);
    said(ui, desk, entry, rule.as_ref());
    when::show(ui, desk, at, &entry.when);
}

/// The month of the selected item, to stand beside its schedule: what is changed there is seen here.
pub fn month(ui: &mut Ui, desk: &mut Desk) {
    let (Some(at), Some(entry)) = (At::of(desk), desk.entry()) else { return };
    let rule = read(desk, at);
    label(ui, desk.say("Kalender tayang", "Days on air"));
    let looked = desk.cursor.date();
    let mark = |date: Date| match &rule {
        Some(rule) if entry.enabled && sentence::holds_on(rule, date) => Mark::OnAir,
        _ => Mark::None,
    };
    let id = Id::new((at, "on air"));
    if let Some(date) = month::show(ui, id, looked, Some(looked), desk.language, mark) {
        look_at(desk, date);
    }
    hint(
        ui,
        desk.say(
            "Hari berwarna: butir ini tayang. Klik sebuah hari untuk melihatnya di pratinjau.",
            "On coloured days it is on air. Click a day to see it in the preview.",
        ),
    );
}

/// The rule of an entry as the screen reads it; `None` where it is switched off or wrong.
fn read(desk: &Desk, at: At) -> Option<When> {
    match at.list {
        List::Ticker => {
            let message = desk.playlist.ticker.iter().find(|message| message.entry == at.index)?;
            Some(message.airing.when.clone())
        }
        list => Some(desk.items(list, at.index).first()?.airing.when.clone()),
    }
}

fn said(ui: &mut Ui, desk: &Desk, entry: &Entry, rule: Option<&When>) {
    let mut text = sentence::of(&entry.when, desk.language);
    text.push('.');
    let now = desk.now.datetime();
    let next = rule.filter(|_| entry.enabled).map(|rule| sentence::next(rule, now));
    let told = match next {
        None if !entry.enabled => Some(desk.say("Sekarang dimatikan.", "It is switched off now.").to_owned()),
        None => None,
        Some(None) => Some(desk.say("Tidak akan tayang lagi.", "It will not be on air again.").to_owned()),
        Some(Some(at)) if same_minute(at, now) => Some(desk.say("Sedang tayang.", "On air now.").to_owned()),
        Some(Some(at)) => {
            let (day, date) = (desk.language.day(at.weekday()), sentence::long(at.date(), desk.language));
            let clock = words::clock(at.time(), desk.language);
            Some(format!("{} {day}, {date}, {clock}.", desk.say("Berikutnya:", "Next:")))
        }
    };
    Frame::new().fill(style::CHOSEN).corner_radius(6).inner_margin(10).show(ui, |ui| {
        ui.label(RichText::new(text).font(style::title(15.0)));
        if let Some(told) = told {
            ui.label(told);
        }
    });
}

fn same_minute(at: DateTime, now: DateTime) -> bool {
    (at.date(), at.hour(), at.minute()) == (now.date(), now.hour(), now.minute())
}

/// Goes to a day, at the time of day that is looked at.
fn look_at(desk: &mut Desk, date: Date) {
    let time = desk.cursor.time();
    if let Ok(at) = date.to_datetime(time).to_zoned(desk.cursor.time_zone().clone()) {
        desk.follow = false;
        desk.cursor = at;
    }
}
