//! The bar at the top: saving, undo and redo, and what there is to say.
//! Invariant: whether anything is unsaved is always in sight.

use crate::editor::{
    desk::{Desk, Foot, Question},
    egui::{Align, Button, Layout, RichText, Ui},
    style,
    views::add::Adding,
};

/// Shows it.
pub fn show(ui: &mut Ui, desk: &mut Desk) {
    ui.horizontal(|ui| {
        let changed = desk.document.is_changed();
        let save = RichText::new(desk.say("Simpan", "Save")).font(style::title(15.0));
        let save =
            if changed { Button::new(save.color(style::INK)).fill(style::SUN) } else { Button::new(save) };
        if ui.add(save).on_hover_text("Ctrl+S").clicked() {
            desk.save();
        }
        let can = (desk.document.can_undo().is_some(), desk.document.can_redo().is_some());
        if ui.add_enabled(can.0, Button::new(desk.say("Urungkan", "Undo"))).on_hover_text("Ctrl+Z").clicked()
        {
            desk.undo();
        }
        if ui.add_enabled(can.1, Button::new(desk.say("Ulangi", "Redo"))).on_hover_text("Ctrl+Y").clicked() {
            desk.redo();
        }
        if ui.button(desk.say("Tambah…", "Add…")).on_hover_text("Ctrl+N").clicked() {
            desk.question = Some(Question::Add(Adding::default()));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button(desk.say("Bantuan", "Help")).on_hover_text("F1").clicked() {
                desk.question = Some(Question::Help);
            }
            problems(ui, desk);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| said(ui, desk, changed));
        });
    });
}

fn problems(ui: &mut Ui, desk: &mut Desk) {
    let errors = desk.problems.iter().filter(|problem| problem.is_error()).count();
    if desk.problems.is_empty() {
        return;
    }
    let text = format!("{} {}", desk.problems.len(), desk.say("masalah", "problems"));
    let colour = if errors > 0 { style::ALARM } else { style::WARN };
    if ui.add(Button::new(RichText::new(text).color(colour))).clicked() {
        desk.foot = Foot::Problems;
    }
}

/// What is unsaved, or what was said last.
fn said(ui: &mut Ui, desk: &Desk, changed: bool) {
    if let Some(import) = &desk.import {
        let progress = import.progress();
        let text = format!(
            "{} {} / {}: {}",
            desk.say("Menyalin", "Copying"),
            (progress.done + 1).min(progress.all),
            progress.all,
            progress.now
        );
        ui.add(crate::editor::egui::Label::new(text).truncate());
        return;
    }
    let state = match changed {
        true => RichText::new(desk.say("Belum disimpan", "Not saved")).color(style::WARN).strong(),
        false => RichText::new(desk.say("Semua tersimpan", "All saved")).color(style::TEAL),
    };
    ui.label(state);
    if let Some(notice) = &desk.notice {
        let colour = if notice.wrong { style::ALARM } else { style::SOFT };
        let label = crate::editor::egui::Label::new(RichText::new(&notice.text).color(colour)).truncate();
        ui.add(label).on_hover_text(&notice.text);
    }
}
