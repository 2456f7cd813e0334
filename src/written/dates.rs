//! Dates, whole numbers and lists of one or more, as they stand in TOML.
//! Invariant: a date with a time of day is never taken for the date alone.

use std::ops::RangeInclusive;

use jiff::civil::Date;
use toml::de::DeValue;

use super::Value;
use crate::domain::visible::clean;

impl<'a> Value<'a> {
    /// A date: `2026-12-31`, with quotes or without.
    pub fn date(&self, example: &str) -> Option<Date> {
        let key = self.key();
        let (written, date) = match self.value {
            DeValue::Datetime(at) => {
                let date = at.date.filter(|_| at.time.is_none());
                (at.to_string(), date.and_then(|d| civil(d.year.into(), d.month, d.day)))
            }
            DeValue::String(text) => (clean(text), quoted(text)),
            _ => {
                self.wrong_type("tanggal", "a date", example);
                return None;
            }
        };
        if date.is_none() {
            self.error(
                format!("`{key}` harus tanggal saja, bukan \"{written}\"; tulis tahun-bulan-tanggal tanpa jam, misalnya: {example}"),
                format!("`{key}` must be a date alone, not \"{written}\"; write year-month-day without a time, for example: {example}"),
            );
        }
        date
    }

    /// A whole number within a range that may begin below 0.
    pub fn integer(&self, range: RangeInclusive<i32>, example: &str) -> Option<i32> {
        if !matches!(self.value, DeValue::Integer(_)) {
            self.wrong_type("bilangan bulat tanpa tanda kutip", "a whole number without quotes", example);
            return None;
        }
        let range = f64::from(*range.start())..=f64::from(*range.end());
        self.number(range, example).map(|n| n as i32)
    }

    /// The values of a list, or the one value that stands in its place; an empty list is an error.
    pub fn each(&self, example: &str) -> Option<Vec<Value<'a>>> {
        if self.value.as_array().is_none() {
            return Some(vec![*self]);
        }
        let key = self.key();
        let all = self.list(example)?;
        if all.is_empty() {
            self.error(
                format!("daftar `{key}` kosong; tulis misalnya: {key} = {example}, atau hapus baris ini"),
                format!(
                    "the list `{key}` is empty; write for example: {key} = {example}, or take this line away"
                ),
            );
            return None;
        }
        Some(all)
    }

    /// The text under the key `title`, if it is a table with such; otherwise no problem is noted.
    pub fn title(&self) -> Option<&'a str> {
        self.value.as_table()?.get("title")?.get_ref().as_str()
    }

    /// Whether it is a table; otherwise no problem is noted.
    pub fn is_table(&self) -> bool {
        self.value.as_table().is_some()
    }
}

/// `2026-12-31` or `20261231`, and nothing else.
fn quoted(text: &str) -> Option<Date> {
    let text = text.trim();
    let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    text.parse().ok().filter(|_| digits && text.len() <= 10)
}

fn civil(year: i32, month: u8, day: u8) -> Option<Date> {
    let small = |n: u8| i8::try_from(n).ok();
    Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()
}
