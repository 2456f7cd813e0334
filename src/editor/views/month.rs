//! A month as a sheet of days, to look at and to choose from. Invariant: each day is a button whose name says the
//! whole date.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

use super::{fields::long_date, settings::step, words::say};
use crate::{
    editor::{
        egui::{Button, Grid, Id, Layout, RichText, Ui, WidgetInfo, WidgetType, vec2},
        style,
    },
    words::Language,
};

/// How a day is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Not.
    None,
    /// It is on air on that day.
    OnAir,
}

/// Shows a month with a bar to turn its pages, and gives the day that was chosen. `shown` is any day of the month
/// that is shown first; `looked` is the day that is looked at.
pub fn show(
    ui: &mut Ui,
    id: Id,
    shown: Date,
    looked: Option<Date>,
    language: Language,
    mark: impl Fn(Date) -> Mark,
) -> Option<Date> {
    let kept: Option<(i16, i8)> = ui.data(|data| data.get_temp(id));
    let month =
        kept.and_then(|(year, month)| Date::new(year, month, 1).ok()).unwrap_or(shown.first_of_month());
    let mut turned = month;
    let mut chosen = None;
    ui.vertical(|ui| {
        ui.set_max_width(7.0 * 44.0);
        ui.horizontal(|ui| {
            if step(ui, "‹", say(language, "Bulan sebelumnya", "Month before")).clicked() {
                turned = month.checked_sub(1.month()).unwrap_or(month);
            }
            let names = language.words().months;
            let name = names[usize::from(month.month().unsigned_abs()) - 1];
            let title = RichText::new(format!("{name} {}", month.year())).font(style::title(15.0));
            ui.add_sized(vec2(190.0, 28.0), crate::editor::egui::Label::new(title));
            if step(ui, "›", say(language, "Bulan berikutnya", "Next month")).clicked() {
                turned = month.checked_add(1.month()).unwrap_or(month);
            }
        });
        chosen = sheet(ui, id, month, looked, language, mark);
    });
    if turned != month {
        ui.data_mut(|data| data.insert_temp(id, (turned.year(), turned.month())));
    }
    chosen
}

/// Forgets which month was turned to: the next time it begins with `shown`.
pub fn forget(ui: &Ui, id: Id) {
    ui.data_mut(|data| data.remove_temp::<(i16, i8)>(id));
}

fn sheet(
    ui: &mut Ui,
    id: Id,
    month: Date,
    looked: Option<Date>,
    language: Language,
    mark: impl Fn(Date) -> Mark,
) -> Option<Date> {
    let mut chosen = None;
    let cell = vec2(38.0, 30.0);
    Grid::new((id, "sheet")).spacing(vec2(4.0, 4.0)).show(ui, |ui| {
        for day in Weekday::Monday.cycle_forward().take(7) {
            let short: String = language.day(day).chars().take(3).collect();
            ui.allocate_ui_with_layout(cell, Layout::centered_and_justified(ui.layout().main_dir()), |ui| {
                ui.label(RichText::new(short).font(style::small()).color(style::SOFT));
            });
        }
        ui.end_row();
        let before = month.weekday().to_monday_zero_offset();
        for _ in 0..before {
            ui.allocate_exact_size(cell, crate::editor::egui::Sense::hover());
        }
        let mut date = Some(month);
        while let Some(day) = date.filter(|day| day.month() == month.month()) {
            let marked = mark(day) == Mark::OnAir;
            let text = RichText::new(day.day().to_string()).font(style::title(14.0));
            let text = if marked { text.color(style::SHEET) } else { text.color(style::INK) };
            let mut button = Button::new(text).min_size(cell);
            if marked {
                button = button.fill(style::TEAL);
            } else {
                button = button.fill(style::SHEET);
            }
            if looked == Some(day) {
                button = button.stroke(crate::editor::egui::Stroke::new(2.5, style::SUN));
            }
            let response = ui.add(button);
            let on_air = if marked { say(language, ", tayang", ", on air") } else { "" };
            let name = format!("{}{on_air}", long_date(day, language));
            response.widget_info(|| WidgetInfo::selected(WidgetType::Button, true, marked, &name));
            if response.clicked() {
                chosen = Some(day);
            }
            if day.weekday() == Weekday::Sunday {
                ui.end_row();
            }
            date = day.tomorrow().ok();
        }
    });
    chosen
}
