//! One row of the list. Invariant: what it tells by colour it tells in words too.

use super::ROW;
use crate::{
    domain::playlist::List,
    editor::{
        desk::Desk,
        document::Entry,
        egui::{
            self, Align2, Color32, CornerRadius, FontId, Id, Rect, Response, Sense, Stroke, StrokeKind,
            TextureHandle, Ui, WidgetInfo, WidgetType, pos2, vec2,
        },
        style,
        views::words,
    },
};

/// What a row shows.
pub(super) struct Row<'r> {
    /// Which entry.
    pub entry: usize,
    /// As it is written.
    pub written: &'r Entry,
    /// Its thumbnail.
    pub thumb: Option<&'r TextureHandle>,
    /// Whether it is on air at the moment that is looked at.
    pub on_air: bool,
}

/// Shows it at `place`, and does what is done with it by the pointer; the keys go to `list`.
pub(super) fn show(ui: &mut Ui, desk: &mut Desk, row: &Row<'_>, place: Rect, list: Id) {
    let place = place.shrink2(vec2(3.0, 2.0));
    let chosen = desk.selected.contains(&row.entry);
    let sense = Sense::CLICK | Sense::DRAG;
    let response = ui.interact(place, Id::new(("row", row.entry)), sense);
    let name = named(desk, row);
    response.widget_info(|| WidgetInfo::selected(WidgetType::SelectableLabel, true, chosen, &name));
    let fill = match (chosen, response.hovered()) {
        (true, _) => style::CHOSEN,
        (false, true) => style::HOVER,
        (false, false) => style::SHEET,
    };
    let painter = ui.painter().with_clip_rect(place.intersect(ui.clip_rect()));
    painter.rect_filled(place, 6.0, fill);
    let thumb = Rect::from_min_size(place.min + vec2(6.0, (ROW - 4.0 - style::THUMB.y) / 2.0), style::THUMB);
    picture(ui, desk, row, thumb);
    let switch = Rect::from_min_size(pos2(place.max.x - 44.0, place.min.y + 8.0), vec2(36.0, 20.0));
    let left = thumb.max.x + 9.0;
    let text = |y: f32, right: f32, text: String, font: FontId, colour: Color32| {
        let galley = elided(ui, text, font, colour, right - left);
        painter.galley(pos2(left, y), galley, colour);
    };
    let mut right = place.max.x - 6.0;
    if row.on_air {
        let told = elided(ui, desk.say("tayang", "on air").to_owned(), style::small(), style::TEAL, 80.0);
        let at = pos2(right - told.size().x, place.min.y + 31.0);
        right = at.x - 6.0;
        painter.galley(at, told, style::TEAL);
    }
    let ink = if row.written.enabled { style::INK } else { style::SOFT };
    text(place.min.y + 8.0, switch.min.x - 8.0, title(desk, row), style::title(14.0), ink);
    let (second, colour) = second_line(desk, row);
    text(place.min.y + 31.0, right, second, style::small(), colour);
    self::switch(ui, desk, row, switch);
    interact(ui, desk, row.entry, &response, list);
}

/// What the row says to who does not see it: number, name, length, when.
fn named(desk: &Desk, row: &Row<'_>) -> String {
    let kind = words::kind(row.written.kind, desk.language);
    let on_air = if row.on_air { desk.say(", tayang", ", on air") } else { "" };
    format!("{}. {} ({kind}): {}{on_air}", row.entry + 1, title(desk, row), second_line(desk, row).0)
}

/// The page's own title where there is one, else the name.
fn title(desk: &Desk, row: &Row<'_>) -> String {
    let entry = row.written;
    match desk.items(desk.list, row.entry).first().map(|item| &item.content) {
        Some(crate::domain::playlist::Content::Page(page)) if !page.title.is_empty() => page.title.clone(),
        _ if !entry.text.is_empty() && desk.list == List::Ticker => entry.text.clone(),
        _ if entry.name.is_empty() => words::kind(entry.kind, desk.language).to_owned(),
        _ => entry.name.clone(),
    }
}

fn second_line(desk: &Desk, row: &Row<'_>) -> (String, Color32) {
    if !row.written.enabled {
        return (desk.say("dimatikan", "switched off").to_owned(), style::SOFT);
    }
    let mut problems = desk.problems_of(row.written).peekable();
    if problems.peek().is_some_and(|problem| problem.is_error()) {
        return (desk.say("ada masalah: tidak tampil", "has a problem: not shown").to_owned(), style::ALARM);
    }
    let items = desk.items(desk.list, row.entry);
    let message = desk.playlist.ticker.iter().find(|message| message.entry == row.entry);
    let (length, when) = match (items.first(), message) {
        (_, Some(message)) if desk.list == List::Ticker => {
            (None, Some(words::when(&message.airing.when, desk.language)))
        }
        (Some(item), _) => {
            let count = if items.len() > 1 { format!("{} × ", items.len()) } else { String::new() };
            let length = format!("{count}{}", words::length(item, desk.language));
            (Some(length), Some(words::when(&item.airing.when, desk.language)))
        }
        _ => (None, None),
    };
    let parts: Vec<String> = [length, when].into_iter().flatten().collect();
    (parts.join(" · "), style::SOFT)
}

fn picture(ui: &Ui, desk: &Desk, row: &Row<'_>, place: Rect) {
    let painter = ui.painter();
    match row.thumb {
        Some(texture) => {
            let size = texture.size_vec2();
            let scale = (place.width() / size.x).min(place.height() / size.y);
            let rect = Rect::from_center_size(place.center(), size * scale);
            let tint = if row.written.enabled { Color32::WHITE } else { Color32::from_white_alpha(110) };
            let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            painter.image(texture.id(), rect, uv, tint);
        }
        None => {
            painter.rect_filled(place, 4.0, style::BUTTON);
            let text = words::kind(row.written.kind, desk.language).to_owned();
            let galley = elided(ui, text, FontId::proportional(12.0), style::INK, place.width() - 6.0);
            painter.galley(
                Align2::CENTER_CENTER.anchor_size(place.center(), galley.size()).min,
                galley,
                style::INK,
            );
        }
    }
    painter.rect_stroke(place, 3.0, Stroke::new(1.0, style::LINE), StrokeKind::Outside);
    if row.on_air {
        // What is on air has the screen's own accent at its side; the words beside say it too.
        let bar = Rect::from_min_max(place.min - vec2(5.0, 0.0), pos2(place.min.x - 1.0, place.max.y));
        painter.rect_filled(bar, 2.0, style::TEAL);
    }
}

/// A switch: filled at the right where the entry is on.
fn switch(ui: &Ui, desk: &mut Desk, row: &Row<'_>, place: Rect) {
    let on = row.written.enabled;
    let response = ui.interact(place.expand(6.0), Id::new(("switch", row.entry)), Sense::CLICK);
    let label = format!("{} {}", desk.say("Tampilkan", "Show"), row.entry + 1);
    response.widget_info(|| WidgetInfo::selected(WidgetType::Checkbox, true, on, &label));
    let painter = ui.painter();
    let fill = if on { style::TEAL } else { style::BUTTON };
    painter.rect(place, CornerRadius::same(10), fill, Stroke::new(1.5, style::INK), StrokeKind::Inside);
    let x = if on { place.max.x - 10.0 } else { place.min.x + 10.0 };
    painter.circle(pos2(x, place.center().y), 7.0, style::SHEET, Stroke::new(1.0, style::INK));
    if response.clicked() {
        desk.document.set_enabled(desk.list, &[row.entry], !on);
    }
    response
        .on_hover_text(desk.say("Tampilkan butir ini, atau tidak (Spasi)", "Show this item, or not (Space)"));
}

fn interact(ui: &Ui, desk: &mut Desk, entry: usize, response: &Response, list: Id) {
    let modifiers = ui.input(|input| input.modifiers);
    if response.clicked() {
        ui.memory_mut(|memory| memory.request_focus(list));
        match (modifiers.shift, modifiers.command) {
            (true, _) => desk.select_to(entry),
            (_, true) => desk.select_also(entry),
            _ => desk.select_only(entry),
        }
        // It is in sight already.
        desk.reveal = None;
    }
    if response.double_clicked() {
        desk.go_to = Some(crate::editor::desk::Panel::Form);
    }
    if response.drag_started_by(egui::PointerButton::Primary) {
        if !desk.selected.contains(&entry) {
            desk.select_only(entry);
            desk.reveal = None;
        }
        desk.dragging = true;
    }
}

/// A text in one line, cut where it is too long.
fn elided(ui: &Ui, text: String, font: FontId, colour: Color32, width: f32) -> std::sync::Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::single_section(text, egui::TextFormat::simple(font, colour));
    job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(1.0));
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}
