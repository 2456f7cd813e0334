//! When something is on air, as a form: days, hours, dates, turns, and times that have a name.
//! Invariant: a rule that the form cannot show is shown as it is written, and kept.

use jiff::civil::{Date, Weekday};

use super::{
    fields::{At, hint, label, long_date, meant, read_date, read_time},
    month,
    settings::step,
};
use crate::editor::{
    desk::Desk,
    document::{Change, Value, Written},
    egui::{
        Button, ComboBox, DragValue, Id, Popup, PopupCloseBehavior, RichText, TextEdit, Ui, WidgetInfo,
        WidgetType,
    },
    rotation::{Rotation, weekday},
    sentence, style,
};

mod named;

/// Shows the form.
pub fn show(ui: &mut Ui, desk: &mut Desk, at: At, rule: &Written) {
    days(ui, desk, at, rule);
    label(ui, desk.say("Jam tayang", "Hours"));
    let path = "when.hours";
    if let Some(hours) = hours(ui, desk, Id::new((at, path)), &rule.hours) {
        at.put(desk, path, (!hours.is_empty()).then_some(Value::Texts(hours)));
    }
    ui.horizontal_wrapped(|ui| {
        ui.vertical(|ui| date(ui, desk, at, rule, Edge::From));
        ui.add_space(18.0);
        ui.vertical(|ui| date(ui, desk, at, rule, Edge::Until));
    });
    rotation(ui, desk, at, rule);
    named::choose(ui, desk, at, rule);
    if !rule.is_always() {
        ui.add_space(6.0);
        if ui.button(desk.say("Hapus jadwal: selalu tayang", "Clear the schedule: always on air")).clicked() {
            at.put_once(desk, "when", None);
        }
    }
}

fn days(ui: &mut Ui, desk: &mut Desk, at: At, rule: &Written) {
    let rotation = Rotation::read(&rule.rrule);
    if !rotation.has_days() && rule.days.is_empty() {
        return;
    }
    label(ui, desk.say("Hari tayang", "Days"));
    let chosen: Vec<Weekday> = rule.days.iter().filter_map(|word| weekday(word)).collect();
    ui.horizontal_wrapped(|ui| {
        for day in Weekday::Monday.cycle_forward().take(7) {
            let is = chosen.contains(&day);
            let name = desk.language.day(day);
            let text = RichText::new(name).font(style::title(14.0));
            let response = ui.add(Button::selectable(is, text).frame(true));
            response.widget_info(|| WidgetInfo::selected(WidgetType::Checkbox, true, is, name));
            if response.clicked() {
                let mut now = chosen.clone();
                now.retain(|other| *other != day);
                if !is {
                    now.push(day);
                }
                let days = sentence::days_written(&rule.days, &now);
                at.put_once(desk, "when.days", (!days.is_empty()).then_some(Value::Texts(days)));
            }
        }
    });
    if chosen.is_empty() {
        hint(ui, desk.say("Tidak ada yang dipilih: setiap hari.", "None is chosen: every day."));
    }
}

/// Rows of hours; what they are to be where one of them changed.
fn hours(ui: &mut Ui, desk: &mut Desk, id: Id, now: &[String]) -> Option<Vec<String>> {
    let mut new = None;
    for (row, written) in now.iter().enumerate() {
        ui.horizontal(|ui| {
            let id = id.with(row);
            let other = |new: &mut Option<Vec<String>>, text: Option<String>| {
                let mut all = now.to_vec();
                match text {
                    Some(text) => all[row] = text,
                    None => {
                        all.remove(row);
                    }
                }
                *new = Some(all);
            };
            match written.split_once(['-', '–']) {
                Some((from, until)) => {
                    let number = row + 1;
                    let names = [
                        format!("{} {number}", desk.say("Dari jam", "From hour")),
                        format!("{} {number}", desk.say("Sampai jam", "Until hour")),
                    ];
                    for (side, (part, name)) in [from, until].into_iter().zip(names).enumerate() {
                        if side == 1 {
                            ui.label("–");
                        }
                        let (right, response) = meant(ui, id.with(side), part.trim(), 64.0, read_time);
                        response.widget_info(|| {
                            let mut info = WidgetInfo::labeled(WidgetType::TextEdit, true, &name);
                            info.current_text_value = Some(part.trim().to_owned());
                            info
                        });
                        if response.lost_focus() {
                            desk.document.settle();
                        }
                        if let Some(time) = right {
                            let both = [from.trim(), until.trim()];
                            let pair = if side == 0 { [&time, both[1]] } else { [both[0], &time] };
                            other(&mut new, Some(pair.join("-")));
                        }
                    }
                    if read_time(until).is_some_and(|until| read_time(from).is_some_and(|from| until < from))
                    {
                        hint(ui, desk.say("sampai esok harinya", "until the next day"));
                    }
                }
                None => {
                    ui.label(RichText::new(written).color(style::ALARM));
                }
            }
            let words = format!("{} {}", desk.say("Hapus jam", "Take away hours"), row + 1);
            if step(ui, "×", &words).clicked() {
                other(&mut new, None);
            }
        });
    }
    if now.is_empty() {
        hint(ui, desk.say("Tanpa jam: sepanjang hari.", "Without hours: all day."));
    }
    if ui.button(desk.say("Tambah jam", "Add hours")).clicked() {
        let next = if now.is_empty() { "08:00-12:00" } else { "13:00-16:00" };
        let mut all = now.to_vec();
        all.push(next.to_owned());
        desk.document.settle();
        new = Some(all);
    }
    new
}

/// The first or the last day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    From,
    Until,
}

fn date(ui: &mut Ui, desk: &mut Desk, at: At, rule: &Written, edge: Edge) {
    let (path, written, name) = match edge {
        Edge::From => ("when.from", &rule.from, desk.say("Mulai tanggal", "From")),
        Edge::Until => ("when.until", &rule.until, desk.say("Sampai tanggal", "Until")),
    };
    let label = label(ui, name);
    let id = Id::new((at, path));
    let known = written.parse::<Date>().ok();
    let shown = known.map_or(written.clone(), |date| long_date(date, desk.language));
    ui.horizontal(|ui| {
        let read = |text: &str| read_date(text).map(|date| date.to_string());
        let (right, response) = meant(ui, id, &shown, 150.0, read);
        let response = response.labelled_by(label);
        if response.lost_focus() {
            desk.document.settle();
        }
        if let Some(date) =
            right.and_then(|date| date.parse::<Date>().ok()).filter(|date| known != Some(*date))
        {
            at.put(desk, path, Some(Value::Date(date)));
        }
        let choose = format!("{} {}", desk.say("Pilih:", "Choose:"), name.to_lowercase());
        let button = step(ui, desk.say("Pilih", "Choose"), &choose);
        let first = known.unwrap_or_else(|| desk.cursor.date());
        let (sheet, language) = (id.with("sheet"), desk.language);
        let popup = Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        let mut chosen = None;
        if popup
            .show(|ui| {
                chosen = month::show(ui, sheet, first, known, language, |_| month::Mark::None);
            })
            .is_none()
        {
            month::forget(ui, sheet);
        }
        if let Some(date) = chosen {
            at.put_once(desk, path, Some(Value::Date(date)));
            ui.data_mut(|data| data.remove_temp::<String>(id));
            Popup::close_all(ui.ctx());
        }
        if !written.is_empty() {
            let words = format!("{} {}", desk.say("Hapus:", "Clear:"), name.to_lowercase());
            if step(ui, "×", &words).clicked() {
                at.put_once(desk, path, None);
                ui.data_mut(|data| data.remove_temp::<String>(id));
            }
        }
    });
    let turns = Rotation::read(&rule.rrule) != Rotation::None;
    if edge == Edge::From && written.is_empty() && turns {
        ui.label(
            RichText::new(
                desk.say("Giliran dihitung dari tanggal ini.", "Turns are counted from this date."),
            )
            .color(style::ALARM),
        );
    }
}

fn rotation(ui: &mut Ui, desk: &mut Desk, at: At, rule: &Written) {
    let label = label(ui, desk.say("Giliran", "Turns"));
    let now = Rotation::read(&rule.rrule);
    let first = rule.from.parse::<Date>().unwrap_or_else(|_| desk.cursor.date());
    let weeks = match now {
        Rotation::Weeks(number) => number.max(2),
        _ => 4,
    };
    let nth = (first.day() - 1) / 7 + 1;
    let nth = if nth > 4 { -1 } else { nth };
    let choices = [
        (Rotation::None, desk.say("Setiap minggu", "Every week")),
        (Rotation::Weeks(weeks), desk.say("Setiap beberapa minggu", "Every few weeks")),
        (
            Rotation::MonthDay(first.day()),
            desk.say("Setiap bulan pada tanggal yang sama", "Each month on the same date"),
        ),
        (
            Rotation::MonthWeekday(nth, first.weekday()),
            desk.say("Setiap bulan pada hari yang sama", "Each month on the same weekday"),
        ),
        (Rotation::Yearly, desk.say("Setiap tahun", "Every year")),
        (
            Rotation::Other("FREQ=DAILY;INTERVAL=2".into()),
            desk.say("Aturan lain (RRULE)", "Another rule (RRULE)"),
        ),
    ];
    let same = |a: &Rotation, b: &Rotation| std::mem::discriminant(a) == std::mem::discriminant(b);
    let of = choices.iter().find(|(rotation, _)| same(rotation, &now) && now != Rotation::Weeks(1));
    let shown = of.map_or(choices[0].1, |(_, words)| words);
    let mut chosen = None;
    let combo = ComboBox::from_id_salt("turns").selected_text(shown).width(320.0).show_ui(ui, |ui| {
        for (rotation, words) in &choices {
            let is = same(rotation, &now);
            if ui.selectable_label(is, *words).clicked() && !is {
                chosen = Some(rotation.clone());
            }
        }
    });
    combo.response.labelled_by(label);
    if let Some(rotation) = chosen {
        desk.document.settle();
        put(desk, at, &rotation, rule, first);
        desk.document.settle();
        return;
    }
    let changed = match &now {
        Rotation::Weeks(number) if *number > 1 => {
            let mut value = *number;
            let told = desk.say("Setiap berapa minggu", "Every how many weeks");
            ui.horizontal(|ui| {
                ui.label(desk.say("Setiap", "Every"));
                number_of(ui, desk, &mut value, 2..=52, desk.say(" minggu", " weeks"), told);
            });
            let from = rule.from.parse::<Date>().ok().map(|date| long_date(date, desk.language));
            if let Some(from) = from {
                hint(
                    ui,
                    &format!(
                        "{} {from}.",
                        desk.say("Minggu pertamanya: minggu dari", "Its first week is that of")
                    ),
                );
            }
            (value != *number).then_some(Rotation::Weeks(value))
        }
        Rotation::MonthDay(number) => {
            let mut last = *number == -1;
            let words = desk.say("Hari terakhir bulan itu", "The month's last day");
            let mut value = (*number).max(1);
            ui.horizontal(|ui| {
                if !last {
                    ui.label(desk.say("Tanggal", "Day"));
                    let told = desk.say("Tanggal setiap bulan", "Day of each month");
                    number_of(ui, desk, &mut value, 1..=31, "", told);
                }
                ui.checkbox(&mut last, words);
            });
            if value > 28 && !last {
                hint(ui, desk.say("Bulan yang lebih pendek dilewati.", "Shorter months are left out."));
            }
            let value = if last { -1 } else { value };
            (value != *number).then_some(Rotation::MonthDay(value))
        }
        Rotation::MonthWeekday(number, day) => nth_weekday(ui, desk, *number, *day),
        Rotation::Other(text) => {
            let mut text = text.clone();
            let response = ui.add(TextEdit::singleline(&mut text).desired_width(f32::INFINITY));
            let told = desk.say("Aturan RRULE", "RRULE");
            response.widget_info(|| {
                let mut info = WidgetInfo::labeled(WidgetType::TextEdit, true, told);
                info.current_text_value = Some(text.clone());
                info
            });
            if response.lost_focus() {
                desk.document.settle();
            }
            response.changed().then_some(Rotation::Other(text))
        }
        _ => None,
    };
    if let Some(rotation) = changed {
        put(desk, at, &rotation, rule, first);
    }
}

fn number_of<N: crate::editor::egui::emath::Numeric>(
    ui: &mut Ui,
    desk: &mut Desk,
    value: &mut N,
    range: std::ops::RangeInclusive<N>,
    suffix: &str,
    told: &str,
) {
    let response = ui.add(DragValue::new(value).range(range).speed(0.05).suffix(suffix));
    response.widget_info(|| WidgetInfo::labeled(WidgetType::DragValue, true, told));
    if response.lost_focus() || response.drag_stopped() {
        desk.document.settle();
    }
}

fn nth_weekday(ui: &mut Ui, desk: &Desk, number: i8, day: Weekday) -> Option<Rotation> {
    let mut chosen = (number, day);
    ui.horizontal(|ui| {
        let name = |day: Weekday| desk.language.day(day);
        let combo =
            ComboBox::from_id_salt("weekday").selected_text(name(day)).width(110.0).show_ui(ui, |ui| {
                for other in Weekday::Monday.cycle_forward().take(7) {
                    ui.selectable_value(&mut chosen.1, other, name(other));
                }
            });
        let told = desk.say("Hari setiap bulan", "Weekday of each month");
        combo.response.widget_info(|| WidgetInfo::labeled(WidgetType::ComboBox, true, told));
        let which = |number: i8| match number {
            -1 => desk.say("terakhir", "last"),
            1 => desk.say("ke-1", "1st"),
            2 => desk.say("ke-2", "2nd"),
            3 => desk.say("ke-3", "3rd"),
            _ => desk.say("ke-4", "4th"),
        };
        let combo =
            ComboBox::from_id_salt("nth").selected_text(which(number)).width(100.0).show_ui(ui, |ui| {
                for other in [1, 2, 3, 4, -1] {
                    ui.selectable_value(&mut chosen.0, other, which(other));
                }
            });
        let told = desk.say("Yang ke berapa", "Which one");
        combo.response.widget_info(|| WidgetInfo::labeled(WidgetType::ComboBox, true, told));
    });
    (chosen != (number, day)).then_some(Rotation::MonthWeekday(chosen.0, chosen.1))
}

/// Writes a rotation, with the day that it is counted from, as one step.
fn put(desk: &mut Desk, at: At, rotation: &Rotation, rule: &Written, first: Date) {
    let change = Change::Field(at.list, at.index, "when.rrule");
    desk.document.edit(change, |draft| {
        if rule.from.is_empty() && *rotation != Rotation::None {
            draft.set(at.list, at.index, "when.from", &Value::Date(first));
        }
        // Days of the week say the same as those of the month, or less.
        if !rotation.has_days() {
            draft.remove(at.list, at.index, "when.days");
        }
        let rule = rotation.rule().map(Value::Text);
        draft.put(at.list, at.index, "when.rrule", rule.as_ref());
    });
}
