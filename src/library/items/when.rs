//! `[item.when]` and `[daypart.*]`: when something is on air.
//! Invariant: a rule with anything wrong in it is no rule: nothing is on air by half of one.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;

use super::{rotation, sense};
use crate::{
    domain::{
        schedule::{Calendar, Daypart, When},
        visible::clean,
    },
    written::{
        Source, Table, Value, nearest,
        times::{HOURS, days, hours},
    },
};

pub(super) const WHEN_KEYS: &[&str] =
    &["days", "hours", "from", "until", "rrule", "daypart", "not_daypart", "calendar", "not_calendar"];
const DATE: &str = "2026-12-31";
/// The longest name of a daypart or a calendar, in characters.
pub(in crate::library) const MAX_NAME: usize = 60;

/// What the rules of a playlist may name.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) dayparts: BTreeMap<String, Option<Arc<Daypart>>>,
    pub(super) calendars: BTreeMap<String, Option<Arc<Calendar>>>,
    pub(super) rotations: rotation::Known,
}

/// Reads `[item.when]`, or that of a message; how its table is headed is `header`.
pub(super) fn when(source: &Source, value: Value<'_>, header: &str, named: &Named) -> Option<When> {
    let before = source.errors();
    let table = value.table(WHEN_KEYS, header)?;
    let mut when = When {
        days: table.get("days").and_then(days),
        hours: table.get("hours").and_then(hours).unwrap_or_default(),
        from: table.get("from").and_then(|v| v.date(&format!("from = {DATE}"))),
        until: table.get("until").and_then(|v| v.date(&format!("until = {DATE}"))),
        ..When::default()
    };
    if let (Some(from), Some(until)) = (when.from, when.until)
        && until < from
        && let Some(value) = table.get("until")
    {
        value.error(
            format!("`until` ({until}) sebelum `from` ({from}), jadi tidak pernah tayang; tulis misalnya: until = {from}"),
            format!("`until` ({until}) is before `from` ({from}), so it is never on air; write for example: until = {from}"),
        );
    }
    // What is named and broken has its own problem; without it the rule says something else.
    let mut whole = true;
    for (key, parts) in [("daypart", &mut when.dayparts), ("not_daypart", &mut when.not_dayparts)] {
        let named = table.get(key).map_or(Some(Vec::new()), |v| names(v, "daypart", &named.dayparts));
        whole &= named.is_some();
        *parts = named.unwrap_or_default();
    }
    for (key, days) in [("calendar", &mut when.calendars), ("not_calendar", &mut when.not_calendars)] {
        let named = table.get(key).map_or(Some(Vec::new()), |v| names(v, "calendar", &named.calendars));
        whole &= named.is_some();
        *days = named.unwrap_or_default();
    }
    if let Some(value) = table.get("rrule") {
        when.recurrence =
            rotation::read(value, when.from, table.get("from").is_some(), when.days, &named.rotations);
    }
    if source.errors() > before || !whole {
        return None;
    }
    sense::check(&table, header, &when);
    Some(when)
}

/// The things of these names; a name that is not known is an error.
fn names<T>(value: Value<'_>, kind: &str, known: &BTreeMap<String, Option<Arc<T>>>) -> Option<Vec<Arc<T>>> {
    let example = if kind == "daypart" { "\"pagi\"" } else { "\"libur\"" };
    let (mut found, mut whole) = (Vec::new(), true);
    for one in value.each(example)? {
        let Some(name) = one.string(example) else { continue };
        match known.get(name.trim()) {
            Some(Some(thing)) => found.push(thing.clone()),
            // It has its own problem where it is written.
            Some(None) => whole = false,
            None => unknown(one, kind, &clean(name), known.keys().map(String::as_str)),
        }
    }
    whole.then_some(found)
}

fn unknown<'k>(value: Value<'_>, kind: &str, name: &str, known: impl Iterator<Item = &'k str> + Clone) {
    let (key, lines) = (value.key(), if kind == "daypart" { "hours" } else { "days" });
    let example = if kind == "daypart" { HOURS } else { "[2026-12-25]" };
    match nearest(name, known.clone()) {
        Some(right) => {
            let all = known.map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(", ");
            value.error(
                format!("`{key}` tidak mengenal \"{name}\"; tulis {key} = \"{right}\" (yang ada: {all}), atau buat [{kind}.{name}]"),
                format!("`{key}` does not know \"{name}\"; write {key} = \"{right}\" (there are: {all}), or make [{kind}.{name}]"),
            );
        }
        None => value.error(
            format!("`{key}` menyebut \"{name}\", yang belum ada; tulis [{kind}.{name}] lalu {lines} = {example} di berkas ini"),
            format!("`{key}` names \"{name}\", which is not there; write [{kind}.{name}] and then {lines} = {example} in this file"),
        ),
    }
}

/// Reads `[daypart.*]`.
pub(super) fn dayparts(source: &Source, value: Option<Value<'_>>) -> BTreeMap<String, Option<Arc<Daypart>>> {
    let example = "[daypart.pagi]";
    let mut all = BTreeMap::new();
    for one in value.map(|v| v.named(example)).unwrap_or_default() {
        let before = source.errors();
        let part = one.table(&["hours", "days", "note"], example).map(|table| {
            let hours = table.need("hours", HOURS).and_then(hours).unwrap_or_default();
            let days = table.get("days").and_then(days);
            Daypart { name: name(one), hours, days }
        });
        let part = part.filter(|_| source.errors() == before).map(Arc::new);
        all.insert(name(one), part);
    }
    all
}

/// The name under which a daypart or a calendar is written.
pub(in crate::library) fn name(value: Value<'_>) -> String {
    let name = clean(value.key());
    if name.is_empty() || name.chars().count() > MAX_NAME {
        value.error(
            format!(
                "nama ini kosong atau lebih dari {MAX_NAME} huruf; tulis nama yang pendek, misalnya pagi"
            ),
            format!(
                "this name is empty or longer than {MAX_NAME} characters; write a short one, for example pagi"
            ),
        );
    }
    name
}

/// A run of days: a date, or from one to another as `2026-03-20..2026-03-22`.
pub(in crate::library) fn run(value: Value<'_>) -> Option<(Date, Date)> {
    const EXAMPLE: &str = "days = [2026-12-25, \"2026-03-20..2026-03-22\"]";
    let both = value.as_str().and_then(|text| text.split_once(".."));
    let Some((first, last)) = both else { return value.date(EXAMPLE).map(|day| (day, day)) };
    let day = |text: &str| text.trim().parse::<Date>().ok();
    let run = day(first).zip(day(last)).filter(|(first, last)| first <= last);
    if run.is_none() {
        let text = clean(value.as_str().unwrap_or_default());
        value.error(
            format!("`days` tidak mengerti \"{text}\"; tulis tanggal pertama..tanggal terakhir, misalnya: {EXAMPLE}"),
            format!("`days` does not understand \"{text}\"; write the first date..the last date, for example: {EXAMPLE}"),
        );
    }
    run
}

/// What a table says under a key.
pub(super) fn line_of(table: &Table<'_>, key: &str) -> usize {
    table.get(key).map_or(table.line(), |value| value.line())
}
