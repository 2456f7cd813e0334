//! What the selected item shows, for how long, and how often. Invariant: what it does not speak of stays as it is
//! written.

use std::time::Duration;

use jiff::SignedDuration;

use super::{
    fields::{At, Text, hint, label, text},
    words,
};
use crate::{
    domain::playlist::DEFAULT_DURATION,
    editor::{
        desk::{Desk, Form},
        document::{Entry, Kind, Value},
        egui::{
            self, Align2, Button, ComboBox, CornerRadius, DragValue, Id, Rect, RichText, Sense, Slider,
            Stroke, StrokeKind, Ui, WidgetInfo, WidgetType, pos2, vec2,
        },
        folder::{self, FILMS, PICTURES},
        style,
    },
};

/// The priority of what is to replace all else.
const ABOVE: i64 = 10;

/// Shows it.
pub fn show(ui: &mut Ui, desk: &mut Desk) {
    let (Some(at), Some(entry)) = (At::of(desk), desk.entry()) else { return };
    ui.push_id(at, |ui| {
        problems(ui, desk, &entry);
        enabled(ui, desk, at, &entry);
        content(ui, desk, at, &entry);
        if entry.kind != Kind::Unknown {
            duration(ui, desk, at, &entry);
            if matches!(entry.kind, Kind::Image | Kind::Film) {
                fit(ui, desk, at, &entry);
            }
            if entry.kind == Kind::Film {
                volume(ui, desk, at, &entry);
            }
            transition(ui, desk, at, &entry);
            share(ui, desk, at, &entry);
        }
        note(ui, desk, at, &entry);
    });
}

/// What is wrong with an entry.
pub(super) fn problems(ui: &mut Ui, desk: &Desk, entry: &Entry) {
    for problem in desk.problems_of(entry) {
        let words = words::say(desk.language, &problem.id, &problem.en);
        let colour = if problem.is_error() { style::ALARM } else { style::WARN };
        ui.label(RichText::new(words).color(colour));
    }
}

/// Whether it is switched on.
pub(super) fn enabled(ui: &mut Ui, desk: &mut Desk, at: At, entry: &Entry) {
    let mut on = entry.enabled;
    if ui.checkbox(&mut on, desk.say("Tampilkan di layar", "Show on the screen")).changed() {
        desk.document.set_enabled(at.list, &[at.index], on);
    }
    if !on {
        hint(
            ui,
            desk.say("Butir ini dimatikan: tidak tampil kapan pun.", "It is switched off: never shown."),
        );
    }
}

/// A note to colleagues.
pub(super) fn note(ui: &mut Ui, desk: &mut Desk, at: At, entry: &Entry) {
    let field = Text {
        label: desk.say("Catatan untuk rekan kerja", "Note to colleagues"),
        now: &entry.note,
        hint: desk.say("Tidak tampil di layar", "Not shown on the screen"),
        rows: 1,
        needed: false,
    };
    text(ui, desk, at, "note", field);
}

fn content(ui: &mut Ui, desk: &mut Desk, at: At, entry: &Entry) {
    let title = |desk: &Desk| desk.say("Judul", "Title");
    let body = |desk: &Desk| desk.say("Tulisan di bawahnya", "Text below it");
    let field = |label, now, rows, needed| Text { label, now, hint: "", rows, needed };
    match entry.kind {
        Kind::Page => {
            file(ui, desk, at, entry, "page", desk.say("Berkas halaman", "The page's file"), &["md"]);
            if ui.button(desk.say("Ubah isi halaman", "Edit the page")).clicked() {
                desk.form = Form::Page;
            }
        }
        Kind::Image => {
            file(ui, desk, at, entry, "image", desk.say("Berkas gambar", "The picture's file"), &PICTURES);
        }
        Kind::Film => file(ui, desk, at, entry, "film", desk.say("Berkas film", "The film's file"), &FILMS),
        Kind::Card => {
            text(ui, desk, at, "card.title", field(title(desk), &entry.title, 1, true));
            text(ui, desk, at, "card.text", field(body(desk), &entry.text, 3, false));
        }
        Kind::Qr => {
            text(ui, desk, at, "qr.title", field(title(desk), &entry.title, 1, true));
            text(ui, desk, at, "qr.text", field(body(desk), &entry.text, 3, false));
            text(
                ui,
                desk,
                at,
                "qr.url",
                field(desk.say("Alamat di kode QR", "Address in the QR code"), &entry.url, 1, true),
            );
            hint(
                ui,
                desk.say(
                    "{ticket} diganti dengan nomor antrean yang terakhir dipanggil.",
                    "{ticket} stands for the ticket that was called last.",
                ),
            );
        }
        Kind::Survey => {
            text(ui, desk, at, "survey.title", field(title(desk), &entry.title, 1, true));
            hint(
                ui,
                desk.say(
                    "Tampil hanya bila hari ini sudah ada yang menjawab survei.",
                    "Shown only when somebody has answered today's survey.",
                ),
            );
        }
        Kind::Message | Kind::Unknown => {
            ui.label(desk.say(
                "Isi butir ini tidak dikenal. Lihat daftar masalah, atau hapus butir ini.",
                "What this item shows is not known. See the problems, or delete it.",
            ));
        }
    }
}

fn file(
    ui: &mut Ui,
    desk: &mut Desk,
    at: At,
    entry: &Entry,
    key: &'static str,
    name: &str,
    endings: &[&str],
) {
    let label = label(ui, name);
    // The folder is read when something changed, not in each frame; and only the newest reading is kept.
    let (known, revision) = (Id::new(("files", key)), desk.document.revision());
    let kept: Option<(u64, Vec<String>)> = ui.data(|data| data.get_temp(known));
    let files = match kept.filter(|(at, _)| *at == revision) {
        Some((_, files)) => files,
        None => {
            let mut files = folder::files(&desk.folder, endings);
            files.extend(desk.document.changed().iter().filter_map(|path| {
                let name = path.to_str()?.to_owned();
                (endings.contains(&"md") && name.ends_with(".md")).then_some(name)
            }));
            files.sort();
            files.dedup();
            ui.data_mut(|data| data.insert_temp(known, (revision, files.clone())));
            files
        }
    };
    let combo = ComboBox::from_id_salt(key).selected_text(&entry.file).width(ui.available_width().min(420.0));
    let mut chosen = entry.file.clone();
    let shown = combo.show_ui(ui, |ui| {
        for file in files {
            let text = file.clone();
            ui.selectable_value(&mut chosen, file, text);
        }
    });
    shown.response.labelled_by(label);
    if chosen != entry.file {
        at.put_once(desk, key, Some(Value::Text(chosen)));
    }
}

/// The seconds that are written; `None` where there are none, or others than seconds.
fn seconds(written: &str) -> Option<u64> {
    let duration = Duration::try_from(written.trim().parse::<SignedDuration>().ok()?).ok()?;
    Some(duration.as_secs())
}

fn duration(ui: &mut Ui, desk: &mut Desk, at: At, entry: &Entry) {
    let name = desk.say("Lama tayang", "How long it is shown");
    let label = label(ui, name);
    let film = entry.kind == Kind::Film;
    let written = seconds(&entry.duration);
    if film {
        let own = entry.duration.is_empty();
        if ui.radio(own, desk.say("Selama filmnya", "As long as the film")).clicked() && !own {
            at.put_once(desk, "duration", None);
        }
        let fixed = desk.say("Selama waktu tertentu", "For a fixed time");
        if ui.radio(!own, fixed).clicked() && own {
            at.put_once(desk, "duration", Some("30s".into()));
        }
        if own {
            return;
        }
    }
    let now = written.unwrap_or(DEFAULT_DURATION.as_secs());
    let mut value = now;
    let second = desk.say("detik", "seconds");
    ui.horizontal(|ui| {
        let less = desk.say("Kurangi 5 detik", "5 seconds less");
        let more = desk.say("Tambah 5 detik", "5 seconds more");
        if step(ui, "−", less).clicked() {
            value = value.saturating_sub(5).max(1);
        }
        let drag = DragValue::new(&mut value).range(1..=3600).speed(0.2).suffix(format!(" {second}"));
        let response = ui.add(drag).labelled_by(label);
        if response.lost_focus() || response.drag_stopped() {
            desk.document.settle();
        }
        if step(ui, "+", more).clicked() {
            value = (value + 5).min(3600);
        }
        if value >= 60 {
            let told = words::duration_of(Duration::from_secs(value), desk.language);
            ui.label(RichText::new(format!("= {told}")).color(style::SOFT));
        }
        if !film && !entry.duration.is_empty() {
            let usual = desk.say("Pakai yang biasa (15 detik)", "Use the usual (15 seconds)");
            if ui.button(usual).clicked() {
                at.put_once(desk, "duration", None);
                value = now;
            }
        }
    });
    if value != now {
        at.put(desk, "duration", Some(Value::Text(format!("{value}s"))));
    }
}

/// A small button with a sign, told by words.
pub(super) fn step(ui: &mut Ui, sign: &str, words: &str) -> egui::Response {
    let response = ui.add(Button::new(sign).min_size(vec2(30.0, 28.0)));
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, words));
    response.on_hover_text(words)
}

fn fit(ui: &mut Ui, desk: &mut Desk, at: At, entry: &Entry) {
    label(ui, desk.say("Bila bentuknya tidak sama dengan layar", "Where its shape is not the screen's"));
    let covers = entry.fit == "cover";
    ui.horizontal(|ui| {
        let whole = desk.say("Tampil utuh", "Show all of it");
        if picture(ui, !covers, whole, false).clicked() && covers {
            at.put_once(desk, "fit", Some("contain".into()));
        }
        let full = desk.say("Penuhi layar, tepi terpotong", "Fill the screen, edges cut");
        if picture(ui, covers, full, true).clicked() && !covers {
            at.put_once(desk, "fit", Some("cover".into()));
        }
    });
}

/// A choice with a small picture of it.
fn picture(ui: &mut Ui, chosen: bool, words: &str, covers: bool) -> egui::Response {
    let font = style::small();
    let galley = ui.painter().layout_no_wrap(words.to_owned(), font.clone(), style::INK);
    let size = vec2(galley.size().x.max(96.0) + 24.0, 88.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(WidgetType::RadioButton, true, chosen, words));
    let visuals = ui.style().interact_selectable(&response, chosen);
    let painter = ui.painter();
    painter.rect(rect, CornerRadius::same(6), visuals.bg_fill, visuals.bg_stroke, StrokeKind::Inside);
    let screen = Rect::from_center_size(pos2(rect.center().x, rect.top() + 34.0), vec2(80.0, 45.0));
    painter.rect_filled(screen, 0.0, style::DEEP);
    let shown = if covers { screen } else { Rect::from_center_size(screen.center(), vec2(34.0, 45.0)) };
    painter.rect_filled(shown, 0.0, style::SUN);
    if covers {
        let whole = Rect::from_center_size(screen.center(), vec2(80.0, 60.0));
        painter.rect_stroke(whole, 0.0, Stroke::new(1.0, style::SOFT), StrokeKind::Inside);
    }
    painter.text(rect.center_bottom() - vec2(0.0, 6.0), Align2::CENTER_BOTTOM, words, font, style::INK);
    response
}

fn volume(ui: &mut Ui, desk: &mut Desk, at: At, entry: &Entry) {
    let label = label(ui, desk.say("Suara film", "The film's sound"));
    let now = entry.volume.parse::<f64>().unwrap_or(0.0).clamp(0.0, 1.0);
    let mut value = (now * 100.0).round();
    let slider = Slider::new(&mut value, 0.0..=100.0).suffix(" %").step_by(5.0);
    let response = ui.add(slider).labelled_by(label);
    if response.changed() {
        at.put(desk, "volume", Some(Value::Number(value / 100.0)));
    }
    if response.lost_focus() || response.drag_stopped() {
        desk.document.settle();
    }
    let text = match now > 0.0 {
        true => desk.say("Mengecil sendiri saat ada panggilan.", "It makes room for calls by itself."),
        false => desk.say("Tanpa suara.", "Without sound."),
    };
    hint(ui, text);
}

fn transition(ui: &mut Ui, desk: &mut Desk, at: At, entry: &Entry) {
    label(ui, desk.say("Cara muncul", "How it appears"));
    let cut = entry.transition == "cut";
    ui.horizontal(|ui| {
        if ui.radio(!cut, desk.say("Memudar", "Fade in")).clicked() && cut {
            at.put_once(desk, "transition", Some("fade".into()));
        }
        if ui.radio(cut, desk.say("Langsung", "At once")).clicked() && !cut {
            at.put_once(desk, "transition", Some("cut".into()));
        }
    });
}

/// How often it comes, and whether it replaces the others.
pub(super) fn share(ui: &mut Ui, desk: &mut Desk, at: At, entry: &Entry) {
    let name = desk.say("Seberapa sering", "How often");
    let label_id = label(ui, name);
    let every = entry.every.parse::<i64>().ok();
    let weight = entry.weight.parse::<i64>().unwrap_or(1).max(1);
    if ui
        .radio(every.is_none(), desk.say("Bergiliran dengan butir lain", "By turns with the others"))
        .clicked()
        && every.is_some()
    {
        at.put_once(desk, "every", None);
    }
    if every.is_none() {
        ui.horizontal(|ui| {
            ui.add_space(24.0);
            let mut value = weight;
            let suffix = desk.say(" kali tiap putaran", " times a round");
            let drag = DragValue::new(&mut value).range(1..=20).speed(0.05).suffix(suffix);
            let response = ui.add(drag).labelled_by(label_id);
            if value != weight {
                at.put(
                    desk,
                    "weight",
                    (value != 1 || !entry.weight.is_empty()).then_some(Value::Whole(value)),
                );
            }
            if response.lost_focus() || response.drag_stopped() {
                desk.document.settle();
            }
            if weight == 1 && ui.button(desk.say("Tampil lebih sering", "Show it more often")).clicked() {
                at.put_once(desk, "weight", Some(Value::Whole(2)));
            }
        });
    }
    ui.horizontal(|ui| {
        let between = desk.say("Sela setelah setiap beberapa butir", "In between, after each few items");
        if ui.radio(every.is_some(), between).clicked() && every.is_none() {
            at.put_once(desk, "every", Some(Value::Whole(3)));
        }
        if let Some(now) = every {
            let mut value = now;
            let suffix = desk.say(" butir", " items");
            let drag = DragValue::new(&mut value).range(1..=100).speed(0.05).suffix(suffix);
            let response = ui.add(drag);
            let told = desk.say("Setelah setiap", "After each");
            response.widget_info(|| WidgetInfo::labeled(WidgetType::DragValue, true, told));
            if value != now {
                at.put(desk, "every", Some(Value::Whole(value)));
            }
            if response.lost_focus() || response.drag_stopped() {
                desk.document.settle();
            }
        }
    });
    priority(ui, desk, at, entry);
}

/// Whether it replaces what else is on air.
pub(super) fn priority(ui: &mut Ui, desk: &mut Desk, at: At, entry: &Entry) {
    let now = entry.priority.parse::<i64>().unwrap_or(0);
    let mut above = now > 0;
    let words = desk.say("Gantikan yang lain selama ini tayang", "Replace the others while it is on air");
    if ui.checkbox(&mut above, words).changed() {
        at.put_once(desk, "priority", above.then_some(Value::Whole(ABOVE)));
    }
    if now != 0 {
        ui.horizontal(|ui| {
            ui.add_space(24.0);
            let mut value = now;
            let prefix = desk.say("tingkat ", "level ");
            let response = ui.add(DragValue::new(&mut value).range(-100..=100).speed(0.1).prefix(prefix));
            let told = desk.say("Tingkat prioritas", "Level of priority");
            response.widget_info(|| WidgetInfo::labeled(WidgetType::DragValue, true, told));
            if value != now {
                at.put(desk, "priority", (value != 0).then_some(Value::Whole(value)));
            }
            if response.lost_focus() || response.drag_stopped() {
                desk.document.settle();
            }
            hint(ui, desk.say("Yang tertinggi saja yang tayang.", "Only the highest is on air."));
        });
    }
}
