//! The page that the selected item shows, as fields and as Markdown: both are the same text.
//! Invariant: a field that is changed changes its own part of the text alone.

use std::path::{Path, PathBuf};

use super::{
    fields::{At, hint, label},
    settings::{self, step},
};
use crate::editor::{
    desk::Desk,
    document::{
        Change, Kind,
        page::{self, FACTS, PageField, PageFields},
        retyped, to_type,
    },
    egui::{Id, RichText, TextEdit, Ui, WidgetInfo, WidgetType},
    folder, style,
};

/// Whether the page is shown as Markdown; as fields otherwise.
fn markdown_id() -> Id {
    Id::new("page as Markdown")
}

/// Shows it.
pub fn show(ui: &mut Ui, desk: &mut Desk) {
    let (Some(at), Some(entry)) = (At::of(desk), desk.entry()) else { return };
    if entry.kind != Kind::Page {
        return;
    }
    let Some(file) = folder::plain(&entry.file) else {
        ui.label(desk.say(
            "Berkas halaman di luar folder daftar putar; pilih berkas lain di Isi.",
            "The page's file lies outside the playlist's folder; choose another one under Content.",
        ));
        return;
    };
    let text = match desk.document.open_text(&file) {
        Ok(text) => text,
        Err(err) => {
            let words = super::words::say(desk.language, &err.id, &err.en).to_owned();
            ui.label(RichText::new(words).color(style::ALARM));
            return;
        }
    };
    ui.push_id((at, file.clone()), |ui| {
        settings::problems(ui, desk, &entry);
        let mut markdown: bool = ui.data(|data| data.get_temp(markdown_id())).unwrap_or_default();
        ui.horizontal(|ui| {
            let fields = desk.say("Sebagai isian", "As fields");
            if ui.radio(!markdown, fields).clicked() {
                markdown = false;
            }
            if ui.radio(markdown, desk.say("Sebagai Markdown", "As Markdown")).clicked() {
                markdown = true;
            }
            ui.label(RichText::new(&entry.file).font(style::small()).color(style::SOFT));
        });
        ui.data_mut(|data| data.insert_temp(markdown_id(), markdown));
        if markdown {
            as_markdown(ui, desk, &file, &text);
            return;
        }
        match PageFields::read(&text) {
            Some(fields) => as_fields(ui, &mut Sheet { desk, file, text: text.to_string() }, &fields),
            None => {
                let words = desk.say(
                    "Keterangan di awal halaman belum ditutup dengan ---. Perbaiki sebagai Markdown.",
                    "The front matter is not closed by ---. Mend it as Markdown.",
                );
                ui.label(RichText::new(words).color(style::ALARM));
            }
        }
    });
}

fn as_markdown(ui: &mut Ui, desk: &mut Desk, file: &Path, text: &str) {
    let mut typed = to_type(text);
    let label = label(ui, desk.say("Isi halaman (Markdown)", "The page's text (Markdown)"));
    let edit = TextEdit::multiline(&mut typed).desired_rows(20).desired_width(f32::INFINITY);
    let response = ui.add(edit.font(crate::editor::egui::TextStyle::Monospace)).labelled_by(label);
    if response.changed() {
        let new = retyped(text, &typed);
        desk.document.edit(Change::Text(file.to_owned()), |draft| draft.set_text(file, new));
    }
    if response.lost_focus() {
        desk.document.settle();
    }
    hint(
        ui,
        desk.say(
            "# judul · ## bagian · - daftar · 1. langkah · **tebal**",
            "# title · ## section · - list · 1. steps · **bold**",
        ),
    );
}

/// A page that is being changed.
struct Sheet<'d> {
    desk: &'d mut Desk,
    file: PathBuf,
    text: String,
}

impl Sheet<'_> {
    fn say(&self, id: &'static str, en: &'static str) -> &'static str {
        self.desk.say(id, en)
    }

    /// Gives the page another text; `once` as a step of its own.
    fn write(&mut self, new: Option<String>, once: bool) {
        let Some(new) = new else { return };
        if once {
            self.desk.document.settle();
        }
        let file = &self.file;
        self.desk.document.edit(Change::Text(file.clone()), |draft| draft.set_text(file, new.clone()));
        if once {
            self.desk.document.settle();
        }
        self.text = new;
    }

    /// A field: what is typed stands in it as it is typed, until the focus goes on or another one changes the page.
    fn field(&mut self, ui: &mut Ui, field: PageField, now: &str, form: Form<'_>) {
        let id = Id::new((&self.file, field));
        let revision = self.desk.document.revision();
        let kept: Option<(String, u64)> = ui.data(|data| data.get_temp(id));
        let mut typed =
            kept.filter(|(_, at)| *at == revision).map_or_else(|| now.to_owned(), |(typed, _)| typed);
        let edit = match form.rows {
            1 => TextEdit::singleline(&mut typed),
            rows => TextEdit::multiline(&mut typed).desired_rows(rows),
        };
        let response = ui.add(edit.id(id).hint_text(form.hint).desired_width(form.width));
        let response = match form.label {
            Ok(label) => response.labelled_by(label),
            Err(name) => {
                response.widget_info(|| {
                    let mut info = WidgetInfo::labeled(WidgetType::TextEdit, true, name);
                    info.current_text_value = Some(typed.clone());
                    info
                });
                response
            }
        };
        if ui.data(|data| data.get_temp(to_focus())) == Some(id) {
            ui.data_mut(|data| data.remove::<Id>(to_focus()));
            response.request_focus();
            select_all(ui, id, now);
        }
        if response.changed() {
            self.write(page::set(&self.text, field, &typed), false);
            let revision = self.desk.document.revision();
            ui.data_mut(|data| data.insert_temp(id, (typed, revision)));
        }
        if response.lost_focus() {
            ui.data_mut(|data| data.remove_temp::<(String, u64)>(id));
            self.desk.document.settle();
        }
    }
}

/// How a field looks.
struct Form<'f> {
    /// The label above it, or its name where there is none.
    label: Result<Id, &'f str>,
    rows: usize,
    width: f32,
    hint: &'f str,
}

fn as_fields(ui: &mut Ui, sheet: &mut Sheet<'_>, fields: &PageFields) {
    let wide = f32::INFINITY;
    let title = label(ui, sheet.say("Judul halaman", "The page's title"));
    sheet.field(
        ui,
        PageField::Title,
        &fields.title,
        Form { label: Ok(title), rows: 1, width: wide, hint: "" },
    );
    let names = [
        (sheet.say("Layanan atau instansi", "Service or agency"), "Dukcapil"),
        (sheet.say("Biaya", "Cost"), sheet.say("Gratis", "Free")),
        (sheet.say("Waktu", "Time"), sheet.say("± 30 menit", "± 30 minutes")),
        (sheet.say("Berlaku", "Valid"), sheet.say("Senin–Jumat", "Monday–Friday")),
    ];
    let half = ((ui.available_width() - 16.0) / 2.0).max(120.0);
    for row in 0..FACTS.len() / 2 {
        ui.horizontal_top(|ui| {
            for fact in [2 * row, 2 * row + 1] {
                ui.vertical(|ui| {
                    ui.set_width(half);
                    let (name, example) = names[fact];
                    let label = label(ui, name);
                    let hint = format!("{} {example}", sheet.say("misalnya:", "such as:"));
                    let form = Form { label: Ok(label), rows: 1, width: half, hint: &hint };
                    sheet.field(ui, PageField::Fact(fact), &fields.facts[fact], form);
                });
            }
        });
    }
    let lead = label(ui, sheet.say("Pembuka (boleh kosong)", "Opening (may be empty)"));
    sheet.field(ui, PageField::Lead, &fields.lead, Form { label: Ok(lead), rows: 2, width: wide, hint: "" });
    for at in 0..fields.sections.len() {
        ui.separator();
        ui.push_id(("section", at), |ui| section(ui, sheet, fields, at));
    }
    ui.separator();
    new_section(ui, sheet, fields);
    ui.add_space(6.0);
    hint(
        ui,
        sheet.say(
            "**tebal** menebalkan kata. Yang lain: lihat sebagai Markdown.",
            "**bold** makes words bold. For more, see it as Markdown.",
        ),
    );
}

fn section(ui: &mut Ui, sheet: &mut Sheet<'_>, fields: &PageFields, at: usize) {
    let known = &fields.sections[at];
    let name = format!("{} {}", sheet.say("Judul bagian", "Section"), at + 1);
    let heading = label(ui, &name);
    ui.horizontal(|ui| {
        let width = (ui.available_width() - 130.0).max(120.0);
        let form = Form { label: Ok(heading), rows: 1, width, hint: "" };
        sheet.field(ui, PageField::Heading(at), &known.heading, form);
        let remove = ui.button(sheet.say("Hapus bagian", "Delete section"));
        if remove.clicked() {
            sheet.write(page::remove_section(&sheet.text, at), true);
        }
    });
    if !known.before.is_empty() || known.items.is_empty() {
        let name = format!("{} {}", sheet.say("Tulisan bagian", "Text of section"), at + 1);
        let form =
            Form { label: Err(&name), rows: 2, width: f32::INFINITY, hint: sheet.say("Tulisan", "Text") };
        sheet.field(ui, PageField::Before(at), &known.before, form);
    }
    let count = known.items.len();
    for (item, text) in known.items.iter().enumerate() {
        ui.horizontal(|ui| {
            let mark = if known.numbered { format!("{}.", item + 1) } else { "•".to_owned() };
            ui.add_sized([24.0, 28.0], crate::editor::egui::Label::new(mark));
            let width = (ui.available_width() - 150.0).max(120.0);
            let name = format!("{} {} · {}", known.heading, sheet.say("butir", "item"), item + 1);
            let form = Form { label: Err(&name), rows: 1, width, hint: "" };
            sheet.field(ui, PageField::Item(at, item), text, form);
            let of = format!("{} {}", known.heading, item + 1);
            let up = ui
                .add_enabled_ui(item > 0, |ui| {
                    step(ui, "↑", &format!("{} {of}", sheet.say("Naikkan", "Move up")))
                })
                .inner;
            if up.clicked() {
                sheet.write(page::swap_items(&sheet.text, at, item - 1), true);
            }
            let down = ui
                .add_enabled_ui(item + 1 < count, |ui| {
                    step(ui, "↓", &format!("{} {of}", sheet.say("Turunkan", "Move down")))
                })
                .inner;
            if down.clicked() {
                sheet.write(page::swap_items(&sheet.text, at, item), true);
            }
            if step(ui, "×", &format!("{} {of}", sheet.say("Hapus", "Delete"))).clicked() {
                sheet.write(page::remove_item(&sheet.text, at, item), true);
            }
        });
    }
    let words = match known.numbered {
        true => sheet.say("Tambah langkah", "Add a step"),
        false => sheet.say("Tambah butir", "Add an item"),
    };
    let add = ui.button(words);
    let told = format!("{words}: {}", known.heading);
    add.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, &told));
    if add.clicked() {
        let new = sheet.say("Tulis di sini", "Write here");
        sheet.write(page::insert_item(&sheet.text, at, count, new), true);
        // What is typed next takes the place of these words, once their field is there.
        let id = Id::new((&sheet.file, PageField::Item(at, count)));
        ui.data_mut(|data| data.insert_temp(to_focus(), id));
    }
    if !known.after.is_empty() {
        let name = format!(
            "{} {}",
            sheet.say("Tulisan di bawah daftar bagian", "Text below the list of section"),
            at + 1
        );
        let form = Form { label: Err(&name), rows: 2, width: f32::INFINITY, hint: "" };
        sheet.field(ui, PageField::After(at), &known.after, form);
    }
}

/// Which field is to have the keys when it is there.
fn to_focus() -> Id {
    Id::new("page field to focus")
}

/// Selects a field's whole text.
fn select_all(ui: &Ui, id: Id, text: &str) {
    use crate::editor::egui::text::{CCursor, CCursorRange};
    let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let range = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
    state.cursor.set_char_range(Some(range));
    state.store(ui.ctx(), id);
}

fn new_section(ui: &mut Ui, sheet: &mut Sheet<'_>, fields: &PageFields) {
    let usual = [sheet.say("Yang dibawa", "What to bring"), sheet.say("Langkah", "Steps")];
    ui.horizontal_wrapped(|ui| {
        ui.label(sheet.say("Bagian baru:", "New section:"));
        for name in usual {
            let there = fields.sections.iter().any(|section| section.heading == name);
            if !there && ui.button(name).clicked() {
                let item = sheet.say("Tulis di sini", "Write here");
                sheet.write(Some(page::add_section(&sheet.text, name, item)), true);
            }
        }
        if ui.button(sheet.say("Bagian lain", "Another section")).clicked() {
            let (name, item) =
                (sheet.say("Judul bagian", "Heading"), sheet.say("Tulis di sini", "Write here"));
            sheet.write(Some(page::add_section(&sheet.text, name, item)), true);
        }
    });
}
