//! The text of a `playlist.toml` that is no TOML, to be mended by hand. Invariant: it is shown only then, and what
//! else there is cannot be changed meanwhile.

use std::path::Path;

use super::fields::{hint, label};
use crate::editor::{
    desk::Desk,
    document::{Change, PLAYLIST, retyped, to_type},
    egui::{RichText, TextEdit, TextStyle, Ui},
    style,
};

/// Shows it.
pub fn show(ui: &mut Ui, desk: &mut Desk) {
    let (Some(line), Some(text)) = (desk.document.broken(), desk.document.text(Path::new(PLAYLIST))) else {
        return;
    };
    let what = desk.say(
        "Berkas playlist.toml salah tulis, jadi isinya belum dapat ditampilkan sebagai daftar. Layar tetap memakai versi terakhir yang baik. Perbaiki di bawah, atau tekan Ctrl+Z bila Anda yang mengubahnya.",
        "playlist.toml is not written right, so it cannot be shown as a list yet. The screen keeps the last good version. Mend it below, or press Ctrl+Z where you changed it.",
    );
    ui.label(RichText::new(what).color(style::ALARM));
    for problem in &desk.problems {
        let words = super::words::say(desk.language, &problem.id, &problem.en);
        let at = problem.line.map(|line| format!("{} {line}: ", desk.say("Baris", "Line")));
        ui.label(format!("{}{words}", at.unwrap_or_default()));
    }
    let wrong = text.lines().nth(line - 1).unwrap_or_default().trim().to_owned();
    if !wrong.is_empty() {
        hint(ui, &format!("{} {line}: {wrong}", desk.say("Baris", "Line")));
    }
    let label = label(ui, desk.say("Isi playlist.toml", "The text of playlist.toml"));
    let mut typed = to_type(&text);
    let edit = TextEdit::multiline(&mut typed).font(TextStyle::Monospace).desired_rows(24);
    let response = ui.add(edit.desired_width(f32::INFINITY)).labelled_by(label);
    if response.changed() {
        let new = retyped(&text, &typed);
        let file = Path::new(PLAYLIST);
        desk.document.edit(Change::Text(file.to_owned()), |draft| draft.set_text(file, new));
    }
    if response.lost_focus() {
        desk.document.settle();
    }
}
