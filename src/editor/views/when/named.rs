//! Times and days that have a name, such as a morning or public holidays: chosen, made, changed.
//! Invariant: a name that is used and not there is shown all the same.

use jiff::civil::Date;

use crate::editor::{
    desk::Desk,
    document::{Change, Named, Value, Written},
    egui::{CollapsingHeader, ComboBox, Id, RichText, TextEdit, Ui, WidgetInfo, WidgetType},
    folder,
    rotation::weekday,
    style,
    views::{
        fields::{At, hint, label, long_date, meant, read_date},
        settings::step,
    },
};

/// How a name is used by a rule.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Not,
    Only,
    Except,
}

/// Shows which names a rule uses, and all of them to change.
pub(super) fn choose(ui: &mut Ui, desk: &mut Desk, at: At, rule: &Written) {
    let parts = desk.document.dayparts();
    let calendars = desk.document.calendars();
    let title = desk.say("Waktu bernama", "Named times");
    group(
        ui,
        desk,
        at,
        title,
        &parts,
        ["when.daypart", "when.not_daypart"],
        [&rule.daypart, &rule.not_daypart],
    );
    let title = desk.say("Kalender, misalnya hari libur", "Calendars, such as holidays");
    let paths = ["when.calendar", "when.not_calendar"];
    group(ui, desk, at, title, &calendars, paths, [&rule.calendar, &rule.not_calendar]);
    ui.add_space(8.0);
    let title = desk.say("Atur waktu bernama dan kalender", "Set up named times and calendars");
    CollapsingHeader::new(title).id_salt("named").show(ui, |ui| {
        for part in &parts {
            ui.push_id(("daypart", &part.name), |ui| daypart(ui, desk, part));
        }
        new(ui, desk, "daypart");
        ui.separator();
        for one in &calendars {
            ui.push_id(("calendar", &one.name), |ui| calendar(ui, desk, one));
        }
        new(ui, desk, "calendar");
    });
}

fn group(
    ui: &mut Ui,
    desk: &mut Desk,
    at: At,
    title: &str,
    known: &[Named],
    paths: [&'static str; 2],
    used: [&Vec<String>; 2],
) {
    let mut names: Vec<&str> = known.iter().map(|one| one.name.as_str()).collect();
    for name in used.into_iter().flatten() {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return;
    }
    label(ui, title);
    for name in names {
        let now = match () {
            () if used[0].iter().any(|one| one == name) => Use::Only,
            () if used[1].iter().any(|one| one == name) => Use::Except,
            () => Use::Not,
        };
        let words = |how: Use| match how {
            Use::Not => desk.say("tidak dipakai", "not used"),
            Use::Only => desk.say("hanya saat ini", "only then"),
            Use::Except => desk.say("kecuali saat ini", "except then"),
        };
        let mut chosen = now;
        ui.horizontal(|ui| {
            let shown = words(now);
            let combo = ComboBox::from_id_salt((paths[0], name)).selected_text(shown).show_ui(ui, |ui| {
                for how in [Use::Not, Use::Only, Use::Except] {
                    ui.selectable_value(&mut chosen, how, words(how));
                }
            });
            let told = format!("{} {name}", desk.say("Pakai", "Use"));
            combo.response.widget_info(|| WidgetInfo::labeled(WidgetType::ComboBox, true, &told));
            let missing = !known.iter().any(|one| one.name == name);
            let text = RichText::new(name);
            ui.label(if missing { text.color(style::ALARM) } else { text });
            if missing {
                hint(ui, desk.say("belum ada", "is not there"));
            }
        });
        if chosen != now {
            let without = |names: &[String]| -> Vec<String> {
                names.iter().filter(|one| *one != name).cloned().collect()
            };
            let mut lists = [without(used[0]), without(used[1])];
            match chosen {
                Use::Only => lists[0].push(name.to_owned()),
                Use::Except => lists[1].push(name.to_owned()),
                Use::Not => {}
            }
            desk.document.settle();
            desk.document.edit(Change::Field(at.list, at.index, paths[0]), |draft| {
                for (path, names) in paths.into_iter().zip(lists) {
                    // One name is written without brackets.
                    let value = match &names[..] {
                        [] => None,
                        [one] => Some(Value::Text(one.clone())),
                        _ => Some(Value::Texts(names)),
                    };
                    draft.put(at.list, at.index, path, value.as_ref());
                }
            });
            desk.document.settle();
        }
    }
}

fn daypart(ui: &mut Ui, desk: &mut Desk, part: &Named) {
    ui.label(RichText::new(&part.name).font(style::title(14.5)));
    let id = Id::new(("daypart", &part.name));
    let now = part.hours.clone();
    if let Some(hours) = super::hours(ui, desk, id, &now) {
        put(desk, "daypart", &part.name, "hours", (!hours.is_empty()).then_some(Value::Texts(hours)));
    }
    let days: Vec<&str> = part
        .days
        .iter()
        .map(|word| weekday(word).map_or(word.as_str(), |day| desk.language.day(day)))
        .collect();
    if !days.is_empty() {
        hint(ui, &days.join(", "));
    }
}

fn calendar(ui: &mut Ui, desk: &mut Desk, one: &Named) {
    ui.label(RichText::new(&one.name).font(style::title(14.5)));
    if !one.file.is_empty() {
        hint(ui, &format!("{} {}", desk.say("Dari berkas", "From the file"), one.file));
        return;
    }
    let mut new: Option<Vec<String>> = None;
    for (row, day) in one.days.iter().enumerate() {
        ui.horizontal(|ui| {
            let known = day.parse::<Date>().ok();
            ui.label(known.map_or(day.clone(), |date| long_date(date, desk.language)));
            let words = format!("{} {day}", desk.say("Hapus tanggal", "Take away"));
            if step(ui, "×", &words).clicked() {
                let mut days = one.days.clone();
                days.remove(row);
                new = Some(days);
            }
        });
    }
    ui.horizontal(|ui| {
        let id = Id::new(("date of", &one.name));
        let read = |text: &str| read_date(text).map(|date| date.to_string());
        let typed: String = ui.data(|data| data.get_temp(id.with("typed"))).unwrap_or_default();
        let (right, response) = meant(ui, id, &typed, 150.0, read);
        let told = format!("{} {}", desk.say("Tanggal baru untuk", "New date of"), one.name);
        response.widget_info(|| WidgetInfo::labeled(WidgetType::TextEdit, true, &told));
        if let Some(right) = right {
            ui.data_mut(|data| data.insert_temp(id.with("typed"), right));
        }
        let add = ui.button(desk.say("Tambah tanggal", "Add the date"));
        if add.clicked()
            && let Ok(date) = typed.parse::<Date>()
        {
            let mut days = one.days.clone();
            days.push(date.to_string());
            days.sort();
            days.dedup();
            new = Some(days);
            ui.data_mut(|data| {
                data.remove_temp::<String>(id.with("typed"));
                data.remove_temp::<String>(id);
            });
        }
    });
    if let Some(days) = new {
        let dates: Option<Vec<Date>> = days.iter().map(|day| day.parse().ok()).collect();
        // Runs of days and the like stay texts.
        let value = dates.map_or(Value::Texts(days), Value::Dates);
        put(desk, "calendar", &one.name, "days", Some(value));
        desk.document.settle();
    }
}

fn put(desk: &mut Desk, group: &str, name: &str, key: &str, value: Option<Value>) {
    let path = [group, name, key];
    desk.document.edit(Change::Named(format!("{group}.{name}")), |draft| match &value {
        Some(value) => draft.set_at(&path, value),
        None => draft.remove_at(&path),
    });
}

fn new(ui: &mut Ui, desk: &mut Desk, group: &'static str) {
    let id = Id::new(("new", group));
    let part = group == "daypart";
    ui.horizontal(|ui| {
        let mut name: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
        let told = match part {
            true => desk.say("Nama waktu baru", "Name of a new time"),
            false => desk.say("Nama kalender baru", "Name of a new calendar"),
        };
        let hint = match part {
            true => desk.say("misalnya: pagi", "such as: morning"),
            false => desk.say("misalnya: libur", "such as: holidays"),
        };
        let response = ui.add(TextEdit::singleline(&mut name).id(id).hint_text(hint).desired_width(150.0));
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(WidgetType::TextEdit, true, told);
            info.current_text_value = Some(name.clone());
            info
        });
        let words = match part {
            true => desk.say("Buat waktu", "Make the time"),
            false => desk.say("Buat kalender", "Make the calendar"),
        };
        let safe = folder::safe_name(&name, "");
        let known = if part { desk.document.dayparts() } else { desk.document.calendars() };
        let free = !safe.is_empty() && !known.iter().any(|one| one.name == safe);
        if ui.add_enabled(free, crate::editor::egui::Button::new(words)).clicked() {
            let value = match part {
                true => ("hours", Value::Texts(vec!["08:00-12:00".to_owned()])),
                false => ("days", Value::Dates(vec![desk.cursor.date()])),
            };
            desk.document.settle();
            put(desk, group, &safe, value.0, Some(value.1));
            desk.document.settle();
            name.clear();
        }
        ui.data_mut(|data| data.insert_temp(id, name));
    });
}
