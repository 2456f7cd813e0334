//! The answers in `papan.toml`'s text: what is otherwise is changed in its place.
//! Invariant: comments, order, and every key that no answer is about stay as they are.

use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};

use super::{
    answers::{Answers, ScreenAnswer},
    given::of_output,
};
use crate::words::Language;

/// Why the text could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It is no TOML.
    #[error("{0}")]
    NotToml(#[from] toml_edit::TomlError),
    /// A section is something else.
    #[error("`{0}` is not a section, as [{0}]")]
    NotATable(&'static str),
    /// A path that TOML cannot hold.
    #[error("{} has letters that papan.toml cannot hold (UTF-8)", .0.display())]
    Path(std::path::PathBuf),
}

/// What becomes of `token_file`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKey<'a> {
    /// It stays.
    Keep,
    /// It goes.
    Remove,
    /// It names this file.
    Set(&'a Path),
}

/// The text with the answers in it; `before` is what it says now, `None` where it is new.
///
/// # Errors
/// See [`EditError`].
pub fn edited(
    text: &str,
    before: Option<&Answers>,
    after: &Answers,
    token: TokenKey<'_>,
) -> Result<String, EditError> {
    let mut edit = Edit { document: text.parse()? };
    let differs = |same: &dyn Fn(&Answers) -> bool| before.is_none_or(|before| !same(before));
    if differs(&|b| b.name == after.name) {
        edit.set("hall", "name", after.name.as_str().into())?;
    }
    if before.map_or("", |b| &b.organization) != after.organization {
        edit.set("hall", "organization", after.organization.as_str().into())?;
    }
    if differs(&|b| b.timezone == after.timezone) {
        edit.set("hall", "timezone", after.timezone.as_str().into())?;
    }
    if differs(&|b| b.language == after.language) {
        let language = if after.language == Language::English { "en" } else { "id" };
        edit.set("hall", "language", language.into())?;
    }
    if before.and_then(|b| b.url.as_ref()) != after.url.as_ref() {
        match &after.url {
            Some(url) => edit.set("queue", "url", url.as_str().into())?,
            None => edit.remove("queue", "url"),
        }
    }
    match token {
        TokenKey::Keep => {}
        TokenKey::Remove => edit.remove("queue", "token_file"),
        TokenKey::Set(path) => edit.set("queue", "token_file", path_text(path)?.into())?,
    }
    if before.and_then(|b| b.ca_file.as_ref()) != after.ca_file.as_ref()
        && let Some(file) = &after.ca_file
    {
        edit.set("queue", "ca_file", path_text(file)?.into())?;
    }
    if differs(&|b| b.device == after.device) {
        edit.set("sound", "device", after.device.as_str().into())?;
    }
    if differs(&|b| b.volume == after.volume) {
        edit.set("sound", "volume", after.volume.into())?;
    }
    if differs(&|b| b.screens == after.screens) {
        edit.screens(before.map_or(&[], |b| &b.screens), &after.screens)?;
    }
    Ok(edit.document.to_string())
}

/// A config that says what these screens are and no more.
///
/// # Errors
/// See [`EditError`].
pub fn of_screens(screens: &[ScreenAnswer]) -> Result<String, EditError> {
    let mut edit = Edit { document: DocumentMut::new() };
    let bare: Vec<ScreenAnswer> =
        screens.iter().map(|s| ScreenAnswer { playlist: None, ..s.clone() }).collect();
    edit.screens(&[], &bare)?;
    Ok(edit.document.to_string())
}

struct Edit {
    document: DocumentMut,
}

impl Edit {
    fn set(&mut self, section: &'static str, key: &str, value: Value) -> Result<(), EditError> {
        let known = self.document.get(section).and_then(Item::as_table_like);
        if known.is_none_or(|table| !table.contains_key(key)) {
            self.uncomment(&format!("[{section}]"), 0, key);
        }
        let item = self.document.entry(section).or_insert_with(|| Item::Table(Table::new()));
        let table = item.as_table_like_mut().ok_or(EditError::NotATable(section))?;
        put(table, key, value);
        Ok(())
    }

    fn remove(&mut self, section: &str, key: &str) {
        if let Some(table) = self.document.get_mut(section).and_then(Item::as_table_like_mut) {
            table.remove(key);
        }
    }

    /// A key that stands in the `nth` section of that header as a comment, `#name = "…"`, comes to stand in its place.
    fn uncomment(&mut self, header: &str, nth: usize, key: &str) {
        let text = self.document.to_string();
        let (mut seen, mut within, mut found) = (0, false, false);
        let lines: Vec<String> = text
            .split_inclusive('\n')
            .map(|line| {
                let trimmed = line.trim();
                if trimmed.starts_with('[') || trimmed.starts_with("#[") {
                    let is_it = trimmed.split('#').next().is_some_and(|l| l.trim() == header);
                    within = is_it && seen == nth;
                    seen += usize::from(is_it);
                }
                let commented = trimmed.strip_prefix('#').unwrap_or_default();
                let is_key =
                    commented.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
                if within && is_key && !found {
                    found = true;
                    return format!("{commented}\n");
                }
                line.to_owned()
            })
            .collect();
        // What only looks like a key does not parse: then the key is added at the section's end.
        if found && let Ok(document) = lines.concat().parse() {
            self.document = document;
        }
    }

    /// Which answer is for which of the text's screens, by their places.
    fn matched(&self, after: &[ScreenAnswer]) -> Vec<Option<usize>> {
        let tables = self.document.get("screen").and_then(Item::as_array_of_tables);
        let named: Vec<ScreenAnswer> = tables
            .into_iter()
            .flat_map(ArrayOfTables::iter)
            .map(|table| ScreenAnswer {
                output: table.get("output").and_then(Item::as_str).map(str::to_owned),
                ..ScreenAnswer::default()
            })
            .collect();
        let mut taken = Vec::new();
        let mut matched = Vec::new();
        for own in &named {
            let place = after.iter().enumerate().position(|(place, answer)| {
                !taken.contains(&place)
                    && of_output(&named, answer.output.as_deref()).is_some_and(|s| std::ptr::eq(s, own))
            });
            taken.extend(place);
            matched.push(place);
        }
        matched
    }

    fn screens(&mut self, before: &[ScreenAnswer], after: &[ScreenAnswer]) -> Result<(), EditError> {
        if let Some(inline) = self.document.get("screen").filter(|s| !s.is_array_of_tables()).cloned() {
            let tables = inline.into_array_of_tables().map_err(|_| EditError::NotATable("screen"))?;
            self.document.insert("screen", Item::ArrayOfTables(tables));
        }
        let matched = self.matched(after);
        for (nth, answer) in matched.iter().enumerate().filter_map(|(n, place)| Some((n, &after[(*place)?])))
        {
            let mut wanted = Table::new();
            screen(&mut wanted, None, answer)?;
            for (key, _) in &wanted {
                let tables = self.document.get("screen").and_then(Item::as_array_of_tables);
                if tables.and_then(|t| t.get(nth)).is_some_and(|table| !table.contains_key(key)) {
                    self.uncomment("[[screen]]", nth, key);
                }
            }
        }
        let old = self.document.remove("screen").map(Item::into_array_of_tables).transpose();
        let old = old.map_err(|_| EditError::NotATable("screen"))?.unwrap_or_default();
        // The site's order stays; what is new comes last.
        let mut screens = ArrayOfTables::new();
        for (table, place) in old.iter().zip(&matched) {
            let Some(answer) = place.map(|place| &after[place]) else { continue };
            let mut table = table.clone();
            screen(&mut table, of_output(before, answer.output.as_deref()), answer)?;
            screens.push(table);
        }
        for (_, answer) in after.iter().enumerate().filter(|(place, _)| !matched.contains(&Some(*place))) {
            let mut table = Table::new();
            table.decor_mut().set_prefix("\n");
            screen(&mut table, None, answer)?;
            screens.push(table);
        }
        self.document.insert("screen", Item::ArrayOfTables(screens));
        Ok(())
    }
}

fn screen(table: &mut Table, known: Option<&ScreenAnswer>, answer: &ScreenAnswer) -> Result<(), EditError> {
    let nothing = ScreenAnswer::default();
    let known = known.unwrap_or(&nothing);
    let mut change = |key: &str, differs: bool, value: Option<Value>| match value {
        Some(value) if differs => put(table, key, value),
        None if differs => {
            table.remove(key);
        }
        _ => {}
    };
    change("output", known.output != answer.output, answer.output.as_deref().map(Value::from));
    change("layout", known.layout != answer.layout, answer.layout.as_deref().map(Value::from));
    let rotation = (answer.rotation != 0).then(|| Value::from(i64::from(answer.rotation)));
    change("rotation", known.rotation != answer.rotation, rotation);
    let region = answer.region.map(|region| {
        let mut table = InlineTable::new();
        for (key, side) in
            [("x", region.x), ("y", region.y), ("width", region.width), ("height", region.height)]
        {
            table.insert(key, i64::from(side).into());
        }
        Value::InlineTable(table)
    });
    change("region", known.region != answer.region, region);
    let playlist = answer.playlist.as_deref().map(path_text).transpose()?.map(Value::from);
    change("playlist", known.playlist != answer.playlist, playlist);
    change("height_mm", known.height_mm != answer.height_mm, answer.height_mm.map(number));
    let distance = answer.viewing_distance_m.map(number);
    change("viewing_distance_m", known.viewing_distance_m != answer.viewing_distance_m, distance);
    Ok(())
}

/// As people write it: 680 and not 680.0.
fn number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e9 { Value::from(number as i64) } else { Value::from(number) }
}

/// Puts a value in its place, with the comment that stands after it.
fn put(table: &mut dyn toml_edit::TableLike, key: &str, value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            let decor = old.decor().clone();
            *old = value;
            *old.decor_mut() = decor;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

fn path_text(path: &Path) -> Result<&str, EditError> {
    path.to_str().ok_or_else(|| EditError::Path(path.to_owned()))
}
