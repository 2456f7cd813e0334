//! What is wrong, in plain words. Invariant: a press on one leads to what it is about.

use crate::editor::{
    desk::{Desk, Panel},
    egui::{Button, RichText, ScrollArea, Ui},
    style,
    views::words::say,
};

/// Shows them.
pub fn show(ui: &mut Ui, desk: &mut Desk) {
    if desk.problems.is_empty() {
        ui.label(desk.say(
            "Tidak ada masalah. Semua butir dapat ditampilkan.",
            "There are no problems. Every item can be shown.",
        ));
        return;
    }
    let mut pressed = None;
    let first = desk.go_to == Some(Panel::Problems);
    ScrollArea::vertical().id_salt("problems").auto_shrink([false, false]).show(ui, |ui| {
        for (i, problem) in desk.problems.iter().enumerate() {
            let file = problem.file.strip_prefix(&desk.folder).unwrap_or(&problem.file);
            let line =
                problem.line.map(|line| format!("{}{line}", say(desk.language, ", baris ", ", line ")));
            let mark = match problem.is_error() {
                true => RichText::new(desk.say("Salah", "Wrong")).color(style::ALARM),
                false => RichText::new(desk.say("Saran", "Advice")).color(style::WARN),
            };
            ui.horizontal_wrapped(|ui| {
                ui.label(mark.strong());
                let text = say(desk.language, &problem.id, &problem.en);
                let response = ui.add(Button::new(text).frame(false).wrap());
                if first && i == 0 {
                    response.request_focus();
                }
                if response.clicked() {
                    pressed = Some(problem.clone());
                }
                let place = format!("({}{})", file.display(), line.unwrap_or_default());
                ui.label(RichText::new(place).font(style::small()).color(style::SOFT));
            });
        }
    });
    if first {
        desk.go_to = None;
    }
    if let Some(problem) = pressed {
        desk.go_to_problem(&problem);
    }
}
