//! `[calendar.*]`: days that have a name, written in `playlist.toml` or in a file beside it.
//! Invariant: a calendar with anything wrong in it is none: no holiday is forgotten in silence.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use jiff::civil::Date;

use super::{
    folder::Folder,
    items::{run, thing_name},
};
use crate::{
    domain::schedule::{Again, Calendar},
    written::{Source, Table, Value},
};

mod ics;

const HEADER: &str = "[calendar.libur]";
const DAYS: &str = "[2026-12-25, \"2026-03-20..2026-03-22\"]";
const FILE: &str = "\"libur-2026.ics\"";
/// The largest calendar file, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// The most runs of days that one calendar has.
const MAX_RUNS: usize = 10_000;

/// What a file or a list of days comes to: runs of days, and days that come again.
pub(super) type Written = (Vec<(Date, Date)>, Vec<Again>);

/// Reads `[calendar.*]`; one with an error is `None`.
pub(super) fn read(
    source: &Source,
    folder: &Folder,
    value: Option<Value<'_>>,
) -> BTreeMap<String, Option<Arc<Calendar>>> {
    let mut all = BTreeMap::new();
    for one in value.map(|v| v.named(HEADER)).unwrap_or_default() {
        let before = source.errors();
        let name = thing_name(one);
        let calendar = one.table(&["days", "file"], HEADER).map(|table| {
            let (mut runs, mut again) = (Vec::new(), Vec::new());
            match (table.get("days"), table.get("file")) {
                (None, None) => {
                    table.error(
                        format!("kalender ini tanpa hari; tulis misalnya: days = {DAYS}, atau file = {FILE}"),
                        format!(
                            "this calendar has no days; write for example: days = {DAYS}, or file = {FILE}"
                        ),
                    );
                }
                (days, file) => {
                    runs.extend(days.map(days_of).unwrap_or_default());
                    let (more, rules) = file.map(|v| file_of(source, folder, v)).unwrap_or_default();
                    runs.extend(more);
                    again.extend(rules);
                }
            }
            Calendar::new(name.clone(), runs, again)
        });
        all.insert(name, calendar.filter(|_| source.errors() == before).map(Arc::new));
    }
    all
}

/// Reads `days = […]`: dates, `"date..date"`, or `{ from, until }`.
fn days_of(value: Value<'_>) -> Vec<(Date, Date)> {
    let all = value.each(DAYS).unwrap_or_default();
    if all.len() > MAX_RUNS {
        value.error(
            format!("kalender ini lebih dari {MAX_RUNS} hari; tulis deretan hari sebagai \"2026-03-20..2026-03-22\""),
            format!("this calendar has more than {MAX_RUNS} days; write runs of days as \"2026-03-20..2026-03-22\""),
        );
        return Vec::new();
    }
    all.into_iter().filter_map(|one| if one.is_table() { table_run(one) } else { run(one) }).collect()
}

fn table_run(value: Value<'_>) -> Option<(Date, Date)> {
    let example = "{ from = 2026-03-20, until = 2026-03-22 }";
    let table = value.table(&["from", "until"], example)?;
    let day = |key| table.need(key, "2026-03-20").and_then(|v| v.date("2026-03-20"));
    let (from, until) = (day("from")?, day("until")?);
    if until < from {
        value.error(
            format!("`until` ({until}) sebelum `from` ({from}); tulis misalnya: {example}"),
            format!("`until` ({until}) is before `from` ({from}); write for example: {example}"),
        );
        return None;
    }
    Some((from, until))
}

fn file_of(source: &Source, folder: &Folder, value: Value<'_>) -> Written {
    let Some(written) = value.string(FILE) else { return Written::default() };
    let path = match folder.find(Path::new(""), written) {
        Ok(path) => path,
        Err((id, en)) => {
            value.error(id, en);
            return Written::default();
        }
    };
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if !["ics", "toml"].contains(&ending.as_str()) || path == folder.playlist() {
        value.error(
            format!("berkas kalender harus .ics atau .toml; tulis misalnya: file = {FILE}"),
            format!("a calendar's file is a .ics or a .toml; write for example: file = {FILE}"),
        );
        return Written::default();
    }
    let text = match folder.text(&path, MAX_BYTES) {
        Ok(text) => text,
        Err(problem) => {
            source.push(problem);
            return Written::default();
        }
    };
    let inner = Source::new(&path, &text);
    let found = if ending == "ics" { ics::read(&inner, &text) } else { toml_file(&inner, &text) };
    for problem in inner.into_problems() {
        source.push(problem);
    }
    found
}

/// A calendar's own TOML file: `days = […]`, and a title for people.
fn toml_file(source: &Source, text: &str) -> Written {
    let Some(root) = source.toml(text) else { return Written::default() };
    let table = Table::root(source, &root, &["title", "days"]);
    if let Some(title) = table.get("title") {
        title.string("\"Hari libur 2026\"");
    }
    (table.need("days", DAYS).map(days_of).unwrap_or_default(), Vec::new())
}
