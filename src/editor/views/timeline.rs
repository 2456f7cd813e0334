//! The day: what is on air when, as bands, with a cursor to drag. Invariant: the cursor is the moment that the
//! preview and the list speak of.

use jiff::{ToSpan, Zoned};

use crate::editor::{
    day::{Day, MINUTES, minute, time},
    desk::{Desk, Panel},
    egui::{
        Align2, Color32, EventFilter, FontId, Frame, Id, Key, Modifiers, Painter, Rect, RichText, ScrollArea,
        Sense, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType, pos2, vec2,
    },
    style,
    views::{focus_if_called, words},
};

/// How wide the names at the left are, in points.
const NAMES: f32 = 190.0;
/// How high a lane is, in points.
const LANE: f32 = 22.0;
/// How far a press of an arrow leads, in minutes.
const STEP: i64 = 15;

/// The day and the moment, beside the tabs.
pub fn controls(ui: &mut Ui, desk: &mut Desk) {
    ui.add_space(12.0);
    let date = desk.language.date(&desk.cursor);
    let at = words::clock(desk.cursor.time(), desk.language);
    if ui.button(desk.say("Hari sebelumnya", "Day before")).clicked() {
        shift(desk, -1);
    }
    ui.label(RichText::new(format!("{date}, {at}")).font(style::title(14.5)));
    if ui.button(desk.say("Hari berikutnya", "Day after")).clicked() {
        shift(desk, 1);
    }
    let now = desk.say("Sekarang", "Now");
    if ui.add_enabled(!desk.follow, crate::editor::egui::Button::new(now)).clicked() {
        desk.follow = true;
        desk.cursor = desk.now.clone();
    }
}

fn shift(desk: &mut Desk, days: i64) {
    if let Ok(cursor) = desk.cursor.checked_add(days.days()) {
        set(desk, cursor);
    }
}

fn set(desk: &mut Desk, cursor: Zoned) {
    desk.follow = false;
    desk.cursor = cursor;
}

/// Sets the moment to a minute of the day that is looked at.
fn set_minute(desk: &mut Desk, minute: u16) {
    let at = desk.cursor.date().to_datetime(time(minute));
    if let Ok(cursor) = at.to_zoned(desk.cursor.time_zone().clone()) {
        set(desk, cursor);
    }
}

/// Shows it.
pub fn show(ui: &mut Ui, desk: &mut Desk) {
    let day = desk.day();
    let area = ui.available_rect_before_wrap();
    let bands = area.with_min_x(area.min.x + NAMES).shrink2(vec2(2.0, 0.0));
    let id = Id::new("timeline");
    let response = ui.interact(bands, id, Sense::click_and_drag());
    let label = format!(
        "{} {}",
        desk.say("Waktu yang dilihat", "The moment looked at"),
        words::clock(desk.cursor.time(), desk.language)
    );
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Slider, true, &label));
    focus_if_called(desk, Panel::Timeline, &response);
    if response.clicked() || response.dragged() {
        response.request_focus();
        if let Some(at) = response.interact_pointer_pos() {
            let share = ((at.x - bands.min.x) / bands.width().max(1.0)).clamp(0.0, 1.0);
            // By five minutes, so that a hand finds the full hour.
            let minute = (share * f32::from(MINUTES) / 5.0).round() * 5.0;
            set_minute(desk, (minute as u16).min(MINUTES - 1));
        }
    }
    if response.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        keys(ui, desk);
    }
    let painter = ui.painter().with_clip_rect(area);
    let x = |minute: u16| bands.min.x + bands.width() * f32::from(minute) / f32::from(MINUTES);
    ruler(&painter, desk, bands, &x);
    let top = area.min.y + 20.0;
    summary(&painter, desk, &day, area, top, &x);
    let lanes = Rect::from_min_max(pos2(area.min.x, top + LANE + 2.0), area.max);
    let mut child = ui.new_child(crate::editor::egui::UiBuilder::new().max_rect(lanes));
    ScrollArea::vertical().id_salt("lanes").auto_shrink([false, false]).show(&mut child, |ui| {
        self::lanes(ui, desk, &day, area, &x);
    });
    let cursor = x(minute(desk.cursor.time()));
    let line = Stroke::new(2.0, style::ALARM);
    painter.vline(cursor, area.y_range(), line);
    painter.circle_filled(pos2(cursor, area.min.y + 9.0), 5.0, style::ALARM);
    // The panel keeps its height, however few lanes there are.
    ui.advance_cursor_after_rect(area);
    if response.has_focus() {
        painter.rect_stroke(bands, 4.0, Stroke::new(2.0, style::TEAL), StrokeKind::Inside);
    }
}

fn keys(ui: &Ui, desk: &mut Desk) {
    let pressed = |modifiers: Modifiers, key: Key| ui.input_mut(|input| input.consume_key(modifiers, key));
    let minute_of = |desk: &Desk| i64::from(minute(desk.cursor.time()));
    for (key, way) in [(Key::ArrowLeft, -1), (Key::ArrowRight, 1)] {
        if pressed(Modifiers::COMMAND, key) {
            shift(desk, way);
        }
        for (modifiers, step) in [(Modifiers::SHIFT, 1), (Modifiers::NONE, STEP)] {
            if pressed(modifiers, key) {
                let to = (minute_of(desk) + way * step).clamp(0, i64::from(MINUTES) - 1);
                set_minute(desk, to as u16);
            }
        }
    }
    if pressed(Modifiers::NONE, Key::Home) {
        desk.follow = true;
    }
}

fn ruler(painter: &Painter, desk: &Desk, bands: Rect, x: &impl Fn(u16) -> f32) {
    for hour in 0..=24u16 {
        let at = x(hour * 60);
        let strong = hour % 6 == 0;
        let line = Stroke::new(1.0, if strong { style::SOFT } else { style::LINE });
        painter.vline(at, bands.min.y + 18.0..=bands.max.y, line);
        if hour % 2 == 0 && hour < 24 {
            let text = format!("{hour:02}{}00", words::say(desk.language, ".", ":"));
            painter.text(
                pos2(at + 2.0, bands.min.y),
                Align2::LEFT_TOP,
                text,
                FontId::proportional(12.5),
                style::SOFT,
            );
        }
    }
}

fn band(painter: &Painter, rect: Rect, fill: Color32, text: &str, colour: Color32) {
    let rect = rect.shrink2(vec2(0.5, 1.5));
    painter.rect_filled(rect, 3.0, fill);
    let inner = painter.with_clip_rect(rect.shrink2(vec2(3.0, 0.0)).intersect(painter.clip_rect()));
    inner.text(
        rect.left_center() + vec2(5.0, 0.0),
        Align2::LEFT_CENTER,
        text,
        FontId::proportional(12.5),
        colour,
    );
}

/// How many items are on air, over the day.
fn summary(painter: &Painter, desk: &Desk, day: &Day, area: Rect, top: f32, x: &impl Fn(u16) -> f32) {
    let name = desk.say("Semua yang tayang", "All on air");
    painter.text(
        pos2(area.min.x, top + LANE / 2.0),
        Align2::LEFT_CENTER,
        name,
        style::title(13.0),
        style::INK,
    );
    for stretch in &day.stretches {
        let rect = Rect::from_min_max(pos2(x(stretch.from), top), pos2(x(stretch.until), top + LANE));
        let (fill, text) = match stretch.entries.len() {
            0 => (style::SUN, desk.say("cadangan", "fallback").to_owned()),
            1 => (style::TEAL, desk.say("1 butir", "1 item").to_owned()),
            count => (style::TEAL, format!("{count} {}", desk.say("butir", "items"))),
        };
        let colour = if stretch.entries.is_empty() { style::INK } else { style::SHEET };
        band(painter, rect, fill, &text, colour);
    }
}

/// One lane for each entry that is not always on air; a press selects it.
fn lanes(ui: &mut Ui, desk: &mut Desk, day: &Day, area: Rect, x: &impl Fn(u16) -> f32) {
    if day.lanes.is_empty() {
        let text = desk.say(
            "Semua butir selalu tayang. Yang diberi jadwal muncul di sini.",
            "Every item is always on air. Those with a schedule appear here.",
        );
        // Over the lines of the hours.
        Frame::new().fill(style::GROUND).show(ui, |ui| {
            ui.label(RichText::new(text).font(style::small()).color(style::SOFT));
        });
        return;
    }
    let mut pressed = None;
    for lane in &day.lanes {
        let (_, row) = ui.allocate_space(vec2(ui.available_width(), LANE - 2.0));
        let name = Rect::from_min_max(row.min, pos2(area.min.x + NAMES - 6.0, row.max.y));
        let response = ui.interact(name, Id::new(("lane", lane.entry)), Sense::CLICK);
        let chosen = desk.list == crate::domain::playlist::List::Item && desk.selected.contains(&lane.entry);
        let label = format!("{}: {}", desk.say("Jadwal", "Schedule of"), lane.name);
        response.widget_info(|| WidgetInfo::selected(WidgetType::SelectableLabel, true, chosen, &label));
        if response.clicked() {
            pressed = Some(lane.entry);
        }
        let painter = ui.painter();
        if chosen {
            painter.rect_filled(name, 3.0, style::CHOSEN);
        }
        let text = painter.with_clip_rect(name.intersect(ui.clip_rect()));
        text.text(
            name.left_center(),
            Align2::LEFT_CENTER,
            &lane.name,
            FontId::proportional(13.5),
            style::INK,
        );
        for (from, until, shown) in &lane.bands {
            let rect = Rect::from_min_max(pos2(x(*from), row.min.y), pos2(x(*until), row.max.y));
            match shown {
                true => band(painter, rect, style::DEEP, desk.say("tayang", "on air"), style::SHEET),
                false => {
                    let text = desk.say("digantikan prioritas lain", "replaced by priority");
                    band(painter, rect, style::BUTTON, text, style::SOFT);
                }
            }
        }
        if lane.bands.is_empty() {
            let text = desk.say("tidak tayang hari ini", "not on air this day");
            let at = pos2(area.min.x + NAMES + 6.0, row.center().y);
            painter.text(at, Align2::LEFT_CENTER, text, FontId::proportional(12.5), style::SOFT);
        }
    }
    if let Some(entry) = pressed {
        desk.open_list(crate::domain::playlist::List::Item);
        desk.select_only(entry);
    }
}
