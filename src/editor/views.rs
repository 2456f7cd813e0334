//! What is on the desk: each view shows its part and changes the document by it.
//! Invariant: a view keeps nothing that belongs to the document.

pub mod add;
pub mod bar;
pub mod calendar;
pub mod fields;
pub mod keys;
pub mod list;
pub mod month;
pub mod page;
pub mod preview;
pub mod problems;
pub mod questions;
pub mod settings;
pub mod source;
pub mod ticker;
pub mod timeline;
pub mod when;
pub mod words;

use crate::{
    domain::playlist::List,
    editor::{
        desk::{Desk, Foot, Form, Panel},
        document::Kind,
        egui::{self, CentralPanel, Frame, Panel as Side, RichText, ScrollArea, Ui},
        style,
    },
};

/// What is left to the month below the preview, in points: six weeks and the words around them.
const MONTH: f32 = 300.0;

/// Shows the whole desk.
pub fn show(ui: &mut Ui, desk: &mut Desk) {
    desk.begin(ui.ctx());
    keys::handle(ui, desk);
    take_drops(ui, desk);
    let frame = Frame::new().fill(style::GROUND).inner_margin(style::margin());
    Side::top("bar").frame(frame.fill(style::SHEET)).resizable(false).show(ui, |ui| bar::show(ui, desk));
    Side::bottom("foot")
        .frame(frame)
        .default_size(168.0)
        .size_range(96.0..=420.0)
        .show(ui, |ui| foot(ui, desk));
    let width = ui.available_width();
    Side::left("list")
        .frame(frame)
        .default_size((width * 0.26).clamp(330.0, 420.0))
        .size_range(240.0..=560.0)
        .show(ui, |ui| list::show(ui, desk));
    Side::right("preview")
        .frame(frame)
        .default_size((width * 0.33).clamp(280.0, 720.0))
        .size_range(220.0..=1600.0)
        .show(ui, |ui| {
            let dated = desk.form == Form::When || desk.list == List::Ticker;
            let dated = dated && desk.entry().is_some() && desk.document.broken().is_none();
            preview::show(ui, desk, if dated { MONTH } else { 0.0 });
            if dated {
                ScrollArea::vertical().id_salt("month").show(ui, |ui| calendar::month(ui, desk));
            }
        });
    CentralPanel::default().frame(frame.fill(style::SHEET)).show(ui, |ui| form(ui, desk));
    questions::show(ui, desk);
    // What was asked of a view that is not there is not asked for ever.
    desk.go_to = None;
}

/// Files that are dropped on the window.
fn take_drops(ui: &Ui, desk: &mut Desk) {
    let dropped: Vec<_> =
        ui.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect());
    if !dropped.is_empty() {
        let ctx = ui.ctx().clone();
        desk.take_in(dropped, move || ctx.request_repaint());
    }
}

fn foot(ui: &mut Ui, desk: &mut Desk) {
    let count = desk.problems.len();
    ui.horizontal(|ui| {
        let timeline = desk.say("Tayangan hari ini", "The day on air").to_owned();
        let problems = match count {
            0 => desk.say("Masalah: tidak ada", "Problems: none").to_owned(),
            _ => format!("{}: {count}", desk.say("Masalah", "Problems")),
        };
        tabs(ui, &mut desk.foot, &[(Foot::Timeline, timeline), (Foot::Problems, problems)]);
        if desk.foot == Foot::Timeline {
            timeline::controls(ui, desk);
        }
    });
    match desk.foot {
        Foot::Timeline => timeline::show(ui, desk),
        Foot::Problems => problems::show(ui, desk),
    }
}

fn form(ui: &mut Ui, desk: &mut Desk) {
    if desk.document.broken().is_some() {
        framed(ui, "source", |ui| source::show(ui, desk));
        return;
    }
    if desk.list == List::Ticker {
        framed(ui, "ticker", |ui| ticker::show(ui, desk));
        return;
    }
    let Some(entry) = desk.entry() else {
        let text = match desk.selected.len() {
            0 => desk.say(
                "Belum ada yang dipilih. Pilih butir di daftar sebelah kiri, atau tekan Tambah.",
                "Nothing is selected. Choose an item in the list on the left, or press Add.",
            ),
            _ => desk.say(
                "Beberapa butir dipilih: geser, gandakan, matikan, atau hapus bersama. Pilih satu untuk mengubah isinya.",
                "Several items are selected: move, duplicate, switch off or delete them together. Choose one to edit it.",
            ),
        };
        ui.add_space(16.0);
        ui.label(text);
        return;
    };
    ui.horizontal(|ui| {
        let mut all = vec![
            (Form::Content, desk.say("Isi", "Content").to_owned()),
            (Form::When, desk.say("Jadwal", "Schedule").to_owned()),
        ];
        if entry.kind == Kind::Page {
            all.push((Form::Page, desk.say("Halaman", "Page").to_owned()));
        }
        tabs(ui, &mut desk.form, &all);
    });
    ui.separator();
    match desk.form {
        Form::Content => framed(ui, "content", |ui| settings::show(ui, desk)),
        Form::When => framed(ui, "when", |ui| calendar::show(ui, desk)),
        Form::Page => framed(ui, "page", |ui| page::show(ui, desk)),
    }
}

/// A form in a frame that scrolls; each has a place of its own.
fn framed(ui: &mut Ui, name: &str, show: impl FnOnce(&mut Ui)) {
    ScrollArea::vertical().id_salt(name).auto_shrink([false, false]).show(ui, |ui| {
        ui.set_max_width(ui.available_width().min(720.0));
        show(ui);
        ui.add_space(24.0);
    });
}

/// Tabs, as words of which one is chosen.
pub(super) fn tabs<T: PartialEq + Copy>(ui: &mut Ui, chosen: &mut T, all: &[(T, String)]) {
    for (value, text) in all {
        let is = *chosen == *value;
        let text =
            RichText::new(text).font(style::title(15.0)).color(if is { style::TEAL } else { style::INK });
        let response = ui.add(egui::Button::selectable(is, text));
        if response.clicked() {
            *chosen = *value;
        }
        if is {
            let rect = response.rect;
            let line = rect.with_min_y(rect.max.y - 3.0);
            ui.painter().rect_filled(line, 1.0, style::TEAL);
        }
    }
}

/// Gives a widget the keys where its part of the desk was called.
pub(super) fn focus_if_called(desk: &mut Desk, panel: Panel, response: &egui::Response) {
    if desk.go_to == Some(panel) {
        desk.go_to = None;
        response.request_focus();
    }
}
