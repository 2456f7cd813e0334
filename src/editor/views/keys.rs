//! The keys that hold everywhere. Invariant: each is told by the help, and nothing needs the pointer.

use crate::{
    domain::playlist::List,
    editor::{
        desk::{Desk, Panel, Question},
        egui::{Event, Key, Modifiers, Ui},
        views::add::Adding,
    },
};

/// Does what keys ask for, before any view sees them, in the order in which they came: on a busy machine one frame
/// holds an undo and the save after it.
pub fn handle(ui: &Ui, desk: &mut Desk) {
    if desk.question.is_some() {
        return;
    }
    let pressed = |event: &Event| match event {
        Event::Key { key, pressed: true, modifiers, .. } => Some((*modifiers, *key)),
        _ => None,
    };
    let keys: Vec<_> = ui.input(|input| input.events.iter().filter_map(pressed).collect());
    for (modifiers, key) in keys {
        if desk.question.is_none() && follow(desk, modifiers, key) {
            ui.input_mut(|input| input.consume_key(modifiers, key));
        }
    }
}

/// Does what a key asks for; whether it is one that holds everywhere.
fn follow(desk: &mut Desk, modifiers: Modifiers, key: Key) -> bool {
    let Modifiers { alt, shift, command, .. } = modifiers;
    match (key, command, alt) {
        (Key::S, true, false) => _ = desk.save(),
        (Key::Z, true, false) if shift => desk.redo(),
        (Key::Y, true, false) => desk.redo(),
        (Key::Z, true, false) => desk.undo(),
        (Key::D, true, false) => desk.duplicate(),
        (Key::N, true, false) => desk.question = Some(Question::Add(Adding::default())),
        (Key::Q | Key::W, true, false) => desk.close(),
        (Key::F1, false, false) => desk.question = Some(Question::Help),
        (Key::F11, false, false) => desk.question = Some(Question::Large),
        (Key::Num1, false, true) => desk.visit(Panel::List),
        (Key::Num2, false, true) => desk.visit(Panel::Form),
        (Key::Num3, false, true) => desk.visit(Panel::Preview),
        (Key::Num4, false, true) => desk.visit(Panel::Timeline),
        (Key::Num5, false, true) => desk.visit(Panel::Problems),
        (Key::Num1, true, false) => to_list(desk, List::Item),
        (Key::Num2, true, false) => to_list(desk, List::Fallback),
        (Key::Num3, true, false) => to_list(desk, List::Ticker),
        _ => return false,
    }
    true
}

fn to_list(desk: &mut Desk, list: List) {
    desk.open_list(list);
    desk.go_to = Some(Panel::List);
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
