//! The keys that hold everywhere. Invariant: each is told by the help, and nothing needs the pointer.

use crate::{
    domain::playlist::List,
    editor::{
        desk::{Desk, Panel, Question},
        egui::{Key, Modifiers, Ui},
        views::add::Adding,
    },
};

/// Does what keys ask for, before any view sees them.
pub fn handle(ui: &Ui, desk: &mut Desk) {
    let pressed = |modifiers: Modifiers, key: Key| ui.input_mut(|input| input.consume_key(modifiers, key));
    let ctrl = Modifiers::COMMAND;
    if desk.question.is_some() {
        return;
    }
    if pressed(ctrl, Key::S) {
        desk.save();
    }
    if pressed(Modifiers::NONE, Key::F1) {
        desk.question = Some(Question::Help);
    }
    // With Shift first: without it, a key counts whether Shift is held or not.
    if pressed(ctrl | Modifiers::SHIFT, Key::Z) || pressed(ctrl, Key::Y) {
        desk.redo();
    }
    if pressed(ctrl, Key::Z) {
        desk.undo();
    }
    if pressed(ctrl, Key::D) {
        desk.duplicate();
    }
    if pressed(ctrl, Key::N) {
        desk.question = Some(Question::Add(Adding::default()));
    }
    if pressed(ctrl, Key::Q) || pressed(ctrl, Key::W) {
        desk.close();
    }
    if pressed(Modifiers::NONE, Key::F11) {
        desk.question = Some(Question::Large);
    }
    let panels = [
        (Key::Num1, Panel::List),
        (Key::Num2, Panel::Form),
        (Key::Num3, Panel::Preview),
        (Key::Num4, Panel::Timeline),
        (Key::Num5, Panel::Problems),
    ];
    for (key, panel) in panels {
        if pressed(Modifiers::ALT, key) {
            desk.visit(panel);
        }
    }
    let lists = [(Key::Num1, List::Item), (Key::Num2, List::Fallback), (Key::Num3, List::Ticker)];
    for (key, list) in lists {
        if pressed(ctrl, key) {
            desk.open_list(list);
            desk.go_to = Some(Panel::List);
        }
    }
}

/// What the help tells: keys, and what they do, in Indonesian and English.
pub const HELP: [(&str, &str, &str); 22] = [
    ("Ctrl+S", "Simpan", "Save"),
    ("Ctrl+Z", "Urungkan", "Undo"),
    ("Ctrl+Y", "Ulangi", "Redo"),
    ("Ctrl+N", "Tambah butir", "Add an item"),
    ("Ctrl+D", "Gandakan yang dipilih", "Duplicate what is selected"),
    ("Delete", "Hapus yang dipilih (di daftar)", "Delete what is selected (in the list)"),
    ("↑ ↓", "Pilih butir (di daftar)", "Choose an item (in the list)"),
    ("Shift+↑ ↓", "Pilih beberapa", "Select several"),
    ("Ctrl+A", "Pilih semua (di daftar)", "Select all (in the list)"),
    ("Alt+↑ ↓", "Pindahkan ke atas atau ke bawah", "Move up or down"),
    ("Spasi", "Hidupkan atau matikan", "Switch on or off"),
    ("Enter", "Ke isian butir", "To the item's form"),
    ("Ctrl+1 2 3", "Putaran, cadangan, teks berjalan", "Loop, fallback, running text"),
    ("Alt+1", "Ke daftar", "To the list"),
    ("Alt+2", "Ke isian", "To the form"),
    ("Alt+3", "Ke pratinjau", "To the preview"),
    ("Alt+4", "Ke tayangan hari ini", "To the day on air"),
    ("Alt+5", "Ke masalah", "To the problems"),
    ("Tab", "Ke isian berikutnya", "To the next field"),
    ("F11", "Pratinjau besar", "Large preview"),
    ("Esc", "Tutup pertanyaan", "Close a question"),
    ("Ctrl+Q", "Tutup penyunting", "Close the editor"),
];
