//! What forms are made of: a field with its label, written into the document as it is changed.
//! Invariant: every field has a label that tests and screen readers find, and what is half typed is not written.

use jiff::civil::{Date, Time};

use crate::{
    domain::playlist::List,
    editor::{
        desk::Desk,
        document::{Change, Value},
        egui::{Id, Key, Response, RichText, TextEdit, Ui},
        style,
    },
    words::Language,
};

/// The entry that a form is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct At {
    /// Its list.
    pub list: List,
    /// Which one, counted from 0.
    pub index: usize,
}

impl At {
    /// The one entry that is selected.
    pub fn of(desk: &Desk) -> Option<Self> {
        desk.selected_one().map(|index| Self { list: desk.list, index })
    }

    /// Writes a field, or takes it away where there is no value.
    pub fn put(self, desk: &mut Desk, path: &'static str, value: Option<Value>) {
        let change = Change::Field(self.list, self.index, path);
        let done = desk.document.edit(change, |draft| draft.put(self.list, self.index, path, value.as_ref()));
        if !done {
            desk.warn(
                "Bagian ini ditulis dengan cara yang tidak dapat diubah di sini; ubah di berkas playlist.toml.",
                "This part is written in a way that cannot be changed here; change it in playlist.toml.",
            );
        }
    }

    /// Writes a field as a step of its own.
    pub fn put_once(self, desk: &mut Desk, path: &'static str, value: Option<Value>) {
        desk.document.settle();
        self.put(desk, path, value);
        desk.document.settle();
    }
}

/// A field's label.
pub fn label(ui: &mut Ui, text: &str) -> Id {
    ui.add_space(6.0);
    ui.label(RichText::new(text).font(style::title(14.5))).id
}

/// A sentence that helps, in small letters.
pub fn hint(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).font(style::small()).color(style::SOFT));
}

/// A text of an entry, with its label; one that may be empty is taken away when it is.
pub fn text(ui: &mut Ui, desk: &mut Desk, at: At, path: &'static str, field: Text<'_>) -> Response {
    let label = label(ui, field.label);
    let mut text = field.now.to_owned();
    let edit = match field.rows {
        1 => TextEdit::singleline(&mut text),
        rows => TextEdit::multiline(&mut text).desired_rows(rows),
    };
    let response = ui.add(edit.hint_text(field.hint).desired_width(f32::INFINITY)).labelled_by(label);
    if response.changed() {
        let gone = text.is_empty() && !field.needed;
        at.put(desk, path, (!gone).then_some(Value::Text(text)));
    }
    if response.lost_focus() {
        desk.document.settle();
    }
    response
}

/// A field of text.
#[derive(Debug, Clone, Copy)]
pub struct Text<'t> {
    /// Its label.
    pub label: &'t str,
    /// What it says now.
    pub now: &'t str,
    /// What it says where it is empty.
    pub hint: &'t str,
    /// How many lines it shows.
    pub rows: usize,
    /// Whether it stays, empty, when all of it is taken out.
    pub needed: bool,
}

/// A short text that means something: it is given back when it is right, and shown as it was when it is left wrong.
pub fn meant(
    ui: &mut Ui,
    id: Id,
    now: &str,
    width: f32,
    read: impl Fn(&str) -> Option<String>,
) -> (Option<String>, Response) {
    let typed: Option<String> = ui.data(|data| data.get_temp(id));
    let mut text = typed.unwrap_or_else(|| now.to_owned());
    let wrong = !text.is_empty() && read(&text).is_none();
    let edit = TextEdit::singleline(&mut text).id(id).desired_width(width);
    let edit = if wrong { edit.text_color(style::ALARM) } else { edit };
    let response = ui.add(edit);
    let mut right = None;
    if response.changed() {
        right = read(&text).filter(|text| text != now);
        ui.data_mut(|data| data.insert_temp(id, text.clone()));
    }
    if response.lost_focus() || (response.has_focus() && ui.input(|input| input.key_pressed(Key::Escape))) {
        ui.data_mut(|data| data.remove_temp::<String>(id));
    }
    (right, response)
}

/// A date as people type it: `1/11/2026`, `1 November 2026`, `2026-11-01`.
pub fn read_date(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Ok(date) = text.parse::<Date>() {
        return Some(date);
    }
    let parts: Vec<&str> = text.split(['/', '-', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let [day, month, year] = parts[..] else { return None };
    if year.len() != 4 {
        return None;
    }
    let month = month.parse::<i8>().ok().or_else(|| month_of(month))?;
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
}

fn month_of(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let is = |name: &str| word.chars().count() >= 3 && name.to_lowercase().starts_with(&word);
    [Language::Indonesian, Language::English]
        .iter()
        .find_map(|language| language.words().months.iter().position(|name| is(name)))
        .and_then(|at| i8::try_from(at + 1).ok())
}

/// A date as it is shown: `1 November 2026`.
pub fn long_date(date: Date, language: Language) -> String {
    let month = language.words().months[usize::from(date.month().unsigned_abs()) - 1];
    format!("{} {month} {}", date.day(), date.year())
}

/// A time as people type it: `8`, `8.30`, `08:30`, `24`.
pub fn read_time(text: &str) -> Option<String> {
    let (hour, minute) = text.trim().split_once([':', '.']).unwrap_or((text.trim(), "00"));
    let digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour) || !digits(minute) || minute.len() != 2 {
        return None;
    }
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    if (hour, minute) == (24, 0) {
        return Some("24:00".to_owned());
    }
    Time::new(hour, minute, 0, 0).ok().map(|_| format!("{hour:02}:{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_read_as_people_type_them() {
        let first = Some(jiff::civil::date(2026, 11, 1));
        for text in ["1/11/2026", "01-11-2026", "2026-11-01", "1 November 2026", " 1 nov 2026", "1.11.2026"] {
            assert_eq!(read_date(text), first, "{text}");
        }
        for text in ["", "1/11", "32/1/2026", "1/11/26", "besok", "1 no 2026"] {
            assert_eq!(read_date(text), None, "{text}");
        }
        for (text, time) in [("8", "08:00"), ("8.30", "08:30"), ("08:05", "08:05"), ("24.00", "24:00")] {
            assert_eq!(read_time(text).as_deref(), Some(time), "{text}");
        }
        for text in ["", "8:3", "25", "24:01", "a", "8:60", "-1"] {
            assert_eq!(read_time(text), None, "{text}");
        }
    }
}
