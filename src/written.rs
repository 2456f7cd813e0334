//! What people write: TOML tables become values, or problems with file, line and what to write instead.
//! Invariant: reading goes on after a problem, and a key that is not known is always a problem.

use std::{
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::domain::visible::{clean, clean_lines};

mod dates;
mod source;
mod syntax;
mod text;
pub mod times;

pub use source::Source;
use text::key_as_written;
pub use text::{nearest, open, read_text, unreadable};

/// A table whose keys are known.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    source: &'a Source,
    table: &'a DeTable<'a>,
    line: usize,
}

impl<'a> Table<'a> {
    /// The document's own keys; those not in `keys` are problems.
    pub fn root(source: &'a Source, table: &'a DeTable<'a>, keys: &[&str]) -> Self {
        Self::new(source, table, 1, keys)
    }

    fn new(source: &'a Source, table: &'a DeTable<'a>, line: usize, keys: &[&str]) -> Self {
        for (key, _) in table {
            if let Some(right) = unknown(key.get_ref(), keys) {
                let (wrong, all) = (clean(key.get_ref()), keys.join(", "));
                source.error(
                    source.line(key.span().start),
                    format!("kunci `{wrong}` tidak dikenal; tulis `{right}` (yang dikenal di sini: {all})"),
                    format!("unknown key `{wrong}`; write `{right}` (known here: {all})"),
                );
            }
        }
        Self { source, table, line }
    }

    /// The line on which the table begins.
    pub fn line(&self) -> usize {
        self.line
    }

    /// What stands under a key.
    pub fn get(&self, key: &str) -> Option<Value<'a>> {
        let (key, value) = self.table.get_key_value(key)?;
        Some(Value::new(self.source, key, value))
    }

    /// What stands under a key that has to be there; `example` is a value for it.
    pub fn need(&self, key: &str, example: &str) -> Option<Value<'a>> {
        let value = self.get(key);
        if value.is_none() {
            self.error(
                format!("kunci `{key}` belum ada di sini; tulis misalnya: {key} = {example}"),
                format!("the key `{key}` is missing here; write for example: {key} = {example}"),
            );
        }
        value
    }

    /// Takes note of a warning about a line of the table.
    pub fn warning_at(&self, line: usize, id: impl Into<String>, en: impl Into<String>) {
        self.source.warning(line, id, en);
    }

    /// Takes note of an error of the table as a whole.
    pub fn error(&self, id: impl Into<String>, en: impl Into<String>) {
        self.source.error(self.line, id, en);
    }
}

/// The known key that is most like an unknown one; `None` for a known one.
fn unknown<'k>(key: &str, keys: &[&'k str]) -> Option<&'k str> {
    if keys.contains(&key) { None } else { nearest(key, keys.iter().copied()) }
}

/// What stands under a key.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    source: &'a Source,
    key: &'a str,
    line: usize,
    value: &'a DeValue<'a>,
}

impl<'a> Value<'a> {
    fn new(
        source: &'a Source,
        key: &'a Spanned<std::borrow::Cow<'a, str>>,
        value: &'a Spanned<DeValue<'a>>,
    ) -> Self {
        let line = source.line(if value.span().is_empty() { key.span().start } else { value.span().start });
        Self { source, key: key.get_ref(), line, value: value.get_ref() }
    }

    /// The key.
    pub fn key(&self) -> &'a str {
        self.key
    }

    /// The line of the value.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Takes note of an error of this value.
    pub fn error(&self, id: impl Into<String>, en: impl Into<String>) {
        self.source.error(self.line, id, en);
    }

    /// Takes note of a warning about this value.
    pub fn warning(&self, id: impl Into<String>, en: impl Into<String>) {
        self.source.warning(self.line, id, en);
    }

    /// A text of 1 to `max` characters in one line.
    pub fn text(&self, max: usize, example: &str) -> Option<String> {
        self.bounded(clean(self.string(example)?), max, example)
    }

    /// A text of 1 to `max` characters; line breaks stay.
    pub fn lines(&self, max: usize, example: &str) -> Option<String> {
        self.bounded(clean_lines(self.string(example)?).trim().to_owned(), max, example)
    }

    /// The text as it stands.
    pub fn string(&self, example: &str) -> Option<&'a str> {
        let text = self.as_str();
        if text.is_none() {
            self.wrong_type("teks di antara tanda kutip", "text in quotes", example);
        }
        text
    }

    fn bounded(&self, text: String, max: usize, example: &str) -> Option<String> {
        let (key, count) = (self.key, text.chars().count());
        if count == 0 {
            let written = key_as_written(key);
            self.error(
                format!("`{key}` kosong; tulis misalnya: {written} = {example}"),
                format!("`{key}` is empty; write for example: {written} = {example}"),
            );
            return None;
        }
        if count > max {
            self.error(
                format!("`{key}` panjangnya {count} huruf; tulis paling banyak {max} huruf"),
                format!("`{key}` has {count} characters; write at most {max}"),
            );
            return None;
        }
        Some(text)
    }

    /// A number within a range.
    pub fn number(&self, range: RangeInclusive<f64>, example: &str) -> Option<f64> {
        let Some(number) = self.as_number() else {
            self.wrong_type("angka tanpa tanda kutip", "a number without quotes", example);
            return None;
        };
        if !range.contains(&number) {
            let (key, low, high) = (self.key, range.start(), range.end());
            let (id, en) = if low == high {
                (format!("harus {low}; tulis"), format!("must be {low}; write"))
            } else {
                (
                    format!("di luar batas; tulis angka {low} sampai {high}, misalnya:"),
                    format!("is out of range; write a number from {low} to {high}, for example:"),
                )
            };
            self.error(format!("`{key}` {id} {key} = {example}"), format!("`{key}` {en} {key} = {example}"));
            return None;
        }
        Some(number)
    }

    /// A whole number within a range.
    pub fn whole(&self, range: RangeInclusive<u32>, example: &str) -> Option<u32> {
        if !matches!(self.value, DeValue::Integer(_)) {
            self.wrong_type("bilangan bulat tanpa tanda kutip", "a whole number without quotes", example);
            return None;
        }
        let range = f64::from(*range.start())..=f64::from(*range.end());
        self.number(range, example).map(|n| n as u32)
    }

    /// `true` or `false`.
    pub fn boolean(&self) -> Option<bool> {
        let value = self.value.as_bool();
        if value.is_none() {
            self.wrong_type(
                "true (ya) atau false (tidak), tanpa tanda kutip",
                "true or false, without quotes",
                "true",
            );
        }
        value
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Option<T> {
        let names = || choices.iter().map(|(name, _)| *name);
        let first = format!("\"{}\"", names().next().unwrap_or_default());
        let word = self.string(&first)?;
        let found = choices.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
        if found.is_none() {
            let all = names().map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(", ");
            let right = nearest(word, names()).unwrap_or_default();
            let (key, word) = (self.key, clean(word));
            self.error(
                format!("`{key}` tidak mengenal \"{word}\"; tulis {key} = \"{right}\" (yang dikenal: {all})"),
                format!("`{key}` does not know \"{word}\"; write {key} = \"{right}\" (known: {all})"),
            );
        }
        found
    }

    /// A file's path, taken from the folder `base` where it is relative.
    pub fn path(&self, base: &Path, example: &str) -> Option<PathBuf> {
        let text = self.string(example)?;
        if text.trim().is_empty() || text.contains(char::is_control) {
            let key = self.key;
            self.error(
                format!("`{key}` bukan nama berkas; tulis misalnya: {key} = {example}"),
                format!("`{key}` is not the name of a file; write for example: {key} = {example}"),
            );
            return None;
        }
        Some(base.join(text))
    }

    /// A table whose keys are `keys`; how it is written is `example`.
    pub fn table(&self, keys: &[&str], example: &str) -> Option<Table<'a>> {
        let table = self.value.as_table();
        if table.is_none() {
            self.wrong_shape("tabel", "a table", example);
        }
        table.map(|table| Table::new(self.source, table, self.line, keys))
    }

    /// A table whose keys are names that people choose; how it is written is `example`.
    pub fn named(&self, example: &str) -> Vec<Value<'a>> {
        let Some(table) = self.value.as_table() else {
            self.wrong_shape("tabel", "a table", example);
            return Vec::new();
        };
        table.iter().map(|(key, value)| Value::new(self.source, key, value)).collect()
    }

    /// A list; each value keeps the list's key. How it is written is `example`.
    pub fn list(&self, example: &str) -> Option<Vec<Value<'a>>> {
        let Some(array) = self.value.as_array() else {
            self.wrong_shape("daftar", "a list", example);
            return None;
        };
        let value = |v: &'a Spanned<DeValue<'a>>| Value {
            line: self.source.line(v.span().start),
            value: v.get_ref(),
            ..*self
        };
        Some(array.iter().map(value).collect())
    }

    /// The value as a number, if it is one; otherwise no problem is noted.
    pub fn as_number(&self) -> Option<f64> {
        match self.value {
            // One that is too great is out of any range.
            DeValue::Integer(i) => {
                Some(i64::from_str_radix(i.as_str(), i.radix()).map_or(f64::INFINITY, |i| i as f64))
            }
            DeValue::Float(f) => f.as_str().parse().ok(),
            _ => None,
        }
    }

    /// The value as text, if it is one; otherwise no problem is noted.
    pub fn as_str(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    fn wrong_type(&self, id: &str, en: &str, example: &str) {
        self.wrong_shape(id, en, &format!("{} = {example}", key_as_written(self.key)));
    }

    fn wrong_shape(&self, id: &str, en: &str, example: &str) {
        let (key, (is_id, is_en)) = (self.key, kind(self.value));
        self.error(
            format!("`{key}` harus berupa {id}, bukan {is_id}; tulis misalnya: {example}"),
            format!("`{key}` must be {en}, not {is_en}; write for example: {example}"),
        );
    }
}

/// What a value is, in Indonesian and English.
fn kind(value: &DeValue<'_>) -> (&'static str, &'static str) {
    match value {
        DeValue::String(_) => ("teks", "text"),
        DeValue::Integer(_) => ("bilangan bulat", "a whole number"),
        DeValue::Float(_) => ("angka pecahan", "a fraction"),
        DeValue::Boolean(_) => ("true/false", "true/false"),
        DeValue::Datetime(_) => ("tanggal", "a date"),
        DeValue::Array(_) => ("daftar", "a list"),
        DeValue::Table(_) => ("tabel", "a table"),
    }
}
