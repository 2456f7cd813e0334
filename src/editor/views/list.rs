//! The list: rows with thumbnails, to select, move, switch, double and delete. Invariant: what the pointer can do
//! with a row the keys can do too, and only rows in sight cost anything.

mod row;

use crate::{
    domain::playlist::List,
    editor::{
        desk::{Desk, Panel, Question},
        document::{Entries, NewItem},
        egui::{
            self, Button, EventFilter, Id, Key, Modifiers, Rect, ScrollArea, Sense, Ui, UiBuilder,
            WidgetInfo, WidgetType, pos2, vec2,
        },
        style,
        views::{add::Adding, focus_if_called, tabs},
    },
};

/// The height of a row in points.
const ROW: f32 = 62.0;

/// Shows it.
pub fn show(ui: &mut Ui, desk: &mut Desk) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().button_padding = vec2(8.0, 5.0);
        let mut list = desk.list;
        let all = [
            (List::Item, desk.say("Putaran", "Loop").to_owned()),
            (List::Fallback, desk.say("Cadangan", "Fallback").to_owned()),
            (List::Ticker, desk.say("Teks berjalan", "Running text").to_owned()),
        ];
        tabs(ui, &mut list, &all);
        desk.open_list(list);
    });
    buttons(ui, desk);
    if let Some(line) = desk.document.broken() {
        let text = desk.say(
            "playlist.toml tidak dapat dibaca; perbaiki dengan penyunting teks, di baris",
            "playlist.toml cannot be read; mend it with a text editor, on line",
        );
        ui.colored_label(style::ALARM, format!("{text} {line}."));
    }
    let entries = desk.document.entries(desk.list);
    if entries.is_empty() {
        empty(ui, desk);
    }
    rows(ui, desk, &entries);
}

fn buttons(ui: &mut Ui, desk: &mut Desk) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().button_padding = vec2(5.0, 4.0);
        ui.spacing_mut().item_spacing.x = 3.0;
        ui.spacing_mut().interact_size = vec2(30.0, 28.0);
        let any = !desk.selected.is_empty();
        if ui.button(desk.say("Tambah", "Add")).on_hover_text("Ctrl+N").clicked() {
            if desk.list == List::Ticker {
                let text = desk.say("Teks baru", "New text").to_owned();
                desk.add(&NewItem::Message(text));
                desk.go_to = Some(Panel::Form);
            } else {
                desk.question = Some(Question::Add(Adding::default()));
            }
        }
        let press = |ui: &mut Ui, text: &str, key: &str| {
            ui.add_enabled(any, Button::new(text)).on_hover_text(key).clicked()
        };
        if press(ui, desk.say("Gandakan", "Duplicate"), "Ctrl+D") {
            desk.duplicate();
        }
        if press(ui, desk.say("Hapus", "Delete"), "Delete") {
            desk.delete();
        }
        if press(ui, desk.say("Naik", "Up"), "Alt+↑") {
            desk.move_by_one(false);
        }
        if press(ui, desk.say("Turun", "Down"), "Alt+↓") {
            desk.move_by_one(true);
        }
    });
}

fn empty(ui: &mut Ui, desk: &Desk) {
    let text = match desk.list {
        List::Item => desk.say(
            "Daftar ini masih kosong. Tekan Tambah, atau seret gambar dan film ke jendela ini.",
            "This list is empty. Press Add, or drag pictures and films onto this window.",
        ),
        List::Fallback => desk.say(
            "Cadangan tampil bila tidak ada butir lain yang tayang. Tekan Tambah untuk membuatnya.",
            "The fallback is shown when no other item is on air. Press Add to make one.",
        ),
        List::Ticker => desk.say(
            "Belum ada teks berjalan. Tekan Tambah untuk menulisnya.",
            "There is no running text yet. Press Add to write it.",
        ),
    };
    ui.label(text);
}

fn rows(ui: &mut Ui, desk: &mut Desk, entries: &Entries) {
    let area = ui.available_rect_before_wrap();
    let id = Id::new("rows");
    let response = ui.interact(area, id, Sense::CLICK | Sense::FOCUSABLE);
    let name = desk.say("Daftar butir", "List of items");
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, name));
    focus_if_called(desk, Panel::List, &response);
    if response.clicked() {
        response.request_focus();
    }
    if response.has_focus() {
        // Arrows choose rows here, and do not lead to other widgets.
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        keys(ui, desk, entries.len());
    }
    let mut child = ui.new_child(UiBuilder::new().max_rect(area));
    ScrollArea::vertical().id_salt("list").auto_shrink([false, false]).show_viewport(
        &mut child,
        |ui, seen| {
            ui.set_height(entries.len() as f32 * ROW);
            let origin = ui.max_rect().min;
            let width = ui.available_width();
            let place = |entry: usize| {
                Rect::from_min_size(pos2(origin.x, origin.y + entry as f32 * ROW), vec2(width, ROW))
            };
            if let Some(entry) = desk.reveal.take().filter(|entry| *entry < entries.len()) {
                ui.scroll_to_rect(place(entry), None);
            }
            let first = ((seen.min.y / ROW).floor().max(0.0) as usize).min(entries.len());
            let end = ((seen.max.y / ROW).ceil().max(0.0) as usize).min(entries.len());
            let thumbs = desk.thumbs(first..end);
            let on_air = desk.programme();
            for (entry, thumb) in (first..end).zip(thumbs) {
                let one = row::Row {
                    entry,
                    written: &entries[entry],
                    thumb: thumb.as_ref(),
                    on_air: desk.is_on_air(desk.list, &on_air, entry),
                };
                row::show(ui, desk, &one, place(entry), id);
            }
            drag(ui, desk, entries.len(), origin.y, width);
        },
    );
    ui.advance_cursor_after_rect(area);
    if response.has_focus() {
        let ring = egui::Stroke::new(2.0, style::TEAL);
        ui.painter().rect_stroke(area, 6.0, ring, egui::StrokeKind::Inside);
    }
}

/// The keys of the list.
fn keys(ui: &Ui, desk: &mut Desk, count: usize) {
    let pressed = |modifiers: Modifiers, key: Key| ui.input_mut(|input| input.consume_key(modifiers, key));
    let none = Modifiers::NONE;
    if pressed(Modifiers::ALT, Key::ArrowUp) {
        desk.move_by_one(false);
    }
    if pressed(Modifiers::ALT, Key::ArrowDown) {
        desk.move_by_one(true);
    }
    if pressed(Modifiers::COMMAND, Key::A) {
        desk.selected = (0..count).collect();
    }
    if count == 0 {
        return;
    }
    // The row that moves: the end of the selection that is not its beginning.
    let (first, last) = (desk.selected.first().copied(), desk.selected.last().copied());
    let lead = if desk.anchor == last { first.or(last) } else { last };
    let step = |lead: Option<usize>, down: bool| match (lead, down) {
        (None, true) => 0,
        (None, false) => count - 1,
        (Some(lead), true) => (lead + 1).min(count - 1),
        (Some(lead), false) => lead.saturating_sub(1),
    };
    for (key, down) in [(Key::ArrowUp, false), (Key::ArrowDown, true)] {
        if pressed(Modifiers::SHIFT, key) {
            desk.select_to(step(lead, down));
        }
        if pressed(none, key) {
            desk.select_only(step(if down { last } else { first }, down));
        }
    }
    let page = 8;
    let jumps = [
        (Key::Home, 0),
        (Key::End, count - 1),
        (Key::PageUp, first.unwrap_or(0).saturating_sub(page)),
        (Key::PageDown, (last.unwrap_or(0) + page).min(count - 1)),
    ];
    for (key, to) in jumps {
        if pressed(none, key) {
            desk.select_only(to);
        }
    }
    if pressed(none, Key::Delete) {
        desk.delete();
    }
    if pressed(none, Key::Space) {
        desk.toggle();
    }
    if pressed(none, Key::Enter) {
        desk.go_to = Some(Panel::Form);
    }
}

/// Rows under way: a line where they would come to stand, and their move when they are let go.
fn drag(ui: &Ui, desk: &mut Desk, count: usize, top: f32, width: f32) {
    if !desk.dragging {
        return;
    }
    let Some(pointer) = ui.input(|input| input.pointer.interact_pos()) else { return };
    let to = ((pointer.y - top) / ROW).round().clamp(0.0, count as f32);
    let seen = ui.clip_rect();
    let line = Rect::from_min_size(pos2(seen.min.x, top + to * ROW - 2.0), vec2(width, 4.0));
    ui.painter().rect_filled(line, 2.0, style::TEAL);
    // Near an edge the list goes on under the pointer.
    let near = 24.0;
    if pointer.y < seen.min.y + near {
        ui.scroll_with_delta(vec2(0.0, 8.0));
        ui.ctx().request_repaint();
    } else if pointer.y > seen.max.y - near {
        ui.scroll_with_delta(vec2(0.0, -8.0));
        ui.ctx().request_repaint();
    }
    if ui.input(|input| input.key_pressed(Key::Escape)) {
        desk.dragging = false;
    } else if ui.input(|input| input.pointer.any_released()) {
        desk.dragging = false;
        desk.move_to(to as usize);
    }
}
