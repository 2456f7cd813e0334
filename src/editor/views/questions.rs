//! What is asked over all else. Invariant: Escape answers with what loses nothing.

use std::path::PathBuf;

use crate::editor::{
    desk::{Desk, Question},
    document::Resolution,
    egui::{Frame, Grid, Id, Key, Modal, Response, RichText, ScrollArea, Ui, vec2},
    style,
    views::{add, keys, preview, words::say},
};

/// Shows the question that is open.
pub fn show(ui: &mut Ui, desk: &mut Desk) {
    let Some(question) = desk.question.clone() else {
        desk.shown = None;
        return;
    };
    let ctx = ui.ctx().clone();
    let kind = std::mem::discriminant(&question);
    desk.fresh = desk.shown.replace(kind) != Some(kind);
    let shown =
        Modal::new(Id::new("question")).frame(Frame::popup(ui.style()).inner_margin(20)).show(&ctx, |ui| {
            ui.spacing_mut().item_spacing.y = 10.0;
            match &question {
                Question::Close => close(ui, desk),
                Question::Conflict(files) => conflict(ui, desk, files),
                Question::Help => help(ui, desk),
                Question::Add(adding) => add::show(ui, desk, adding.clone()),
                Question::Large => large(ui, desk),
            }
        });
    // A conflict has to be decided: nothing can be saved before.
    let may_wait = !matches!(question, Question::Conflict(_));
    let escape = ui.input(|input| input.key_pressed(Key::Escape));
    if may_wait && (escape && !shown.any_popup_open || shown.backdrop_response.clicked()) {
        desk.question = None;
    }
}

fn heading(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).font(style::title(19.0)));
}

fn close(ui: &mut Ui, desk: &mut Desk) {
    ui.set_width(460.0);
    heading(ui, desk.say("Perubahan belum disimpan", "Changes are not saved"));
    ui.label(desk.say(
        "Layar masih menampilkan yang lama. Simpan sebelum menutup?",
        "The screen still shows what was there before. Save before closing?",
    ));
    ui.horizontal(|ui| {
        let save = ui.button(desk.say("Simpan lalu tutup", "Save and close"));
        first(desk, &save);
        if save.clicked() {
            desk.question = None;
            desk.leave = desk.save();
        }
        if ui.button(desk.say("Tutup tanpa menyimpan", "Close without saving")).clicked() {
            desk.leave = true;
        }
        if ui.button(desk.say("Batal", "Cancel")).clicked() {
            desk.question = None;
        }
    });
}

fn conflict(ui: &mut Ui, desk: &mut Desk, files: &[PathBuf]) {
    ui.set_width(560.0);
    heading(ui, desk.say("Orang lain mengubah berkas yang sama", "Somebody else changed the same file"));
    for file in files {
        ui.label(RichText::new(file.display().to_string()).strong());
    }
    ui.label(desk.say(
        "Berkas ini berubah di folder, di tempat yang juga Anda ubah dan belum Anda simpan. Mana yang dipakai?",
        "It changed in the folder where you changed it too and did not save yet. Which is to be used?",
    ));
    let choices = [
        (
            Resolution::Mine,
            desk.say("Pakai perubahan saya", "Use my changes"),
            desk.say("Perubahan mereka hilang saat Anda menyimpan.", "Theirs are lost when you save."),
        ),
        (
            Resolution::Theirs,
            desk.say("Pakai perubahan mereka", "Use their changes"),
            desk.say("Ctrl+Z mengembalikan perubahan Anda.", "Ctrl+Z brings yours back."),
        ),
        (
            Resolution::Both,
            desk.say("Pakai perubahan saya, simpan salinan mereka", "Use mine, keep a copy of theirs"),
            desk.say("Salinannya ada di folder yang sama.", "The copy is in the same folder."),
        ),
    ];
    for (i, (how, text, then)) in choices.into_iter().enumerate() {
        let response = ui.button(text);
        if i == 0 {
            first(desk, &response);
        }
        if response.clicked() {
            desk.resolve(files, how);
        }
        ui.label(RichText::new(then).font(style::small()).color(style::SOFT));
    }
}

fn help(ui: &mut Ui, desk: &mut Desk) {
    ui.set_width(620.0);
    heading(ui, desk.say("Semua tombol", "All keys"));
    ui.label(desk.say(
        "Gambar dan film ditambahkan dengan menyeretnya ke jendela ini. Yang disimpan langsung tampil di layar; yang masih bermasalah tidak pernah tampil.",
        "Pictures and films are added by dragging them onto this window. What is saved is on the screen at once; what has a problem never is.",
    ));
    let most = ui.ctx().content_rect().height() - 220.0;
    ScrollArea::vertical().max_height(most.max(120.0)).show(ui, |ui| {
        ui.spacing_mut().interact_size.y = 20.0;
        let half = keys::HELP.len().div_ceil(2);
        Grid::new("keys").num_columns(4).spacing(vec2(14.0, 6.0)).show(ui, |ui| {
            for i in 0..half {
                for (key, id, en) in [Some(&keys::HELP[i]), keys::HELP.get(half + i)].into_iter().flatten() {
                    ui.label(RichText::new(*key).font(style::title(13.5)));
                    ui.label(say(desk.language, id, en));
                }
                ui.end_row();
            }
        });
    });
    let close = ui.button(desk.say("Tutup", "Close"));
    first(desk, &close);
    if close.clicked() {
        desk.question = None;
    }
}

fn large(ui: &mut Ui, desk: &mut Desk) {
    let size = ui.ctx().content_rect().size() - vec2(60.0, 100.0);
    preview::picture(ui, desk, size, true);
    let close = ui.button(desk.say("Tutup pratinjau", "Close the preview"));
    first(desk, &close);
    if close.clicked() {
        desk.question = None;
    }
}

/// The answer that Enter gives: it has the keys when the question comes.
pub(super) fn first(desk: &mut Desk, response: &Response) {
    if std::mem::take(&mut desk.fresh) {
        response.request_focus();
    }
}
