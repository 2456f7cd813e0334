//! `[item.when]` and `[daypart.*]`: when something is on air.
//! Invariant: a rule with anything wrong in it is no rule: nothing is on air by half of one.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::{Date, Weekday};

use super::{rotation, sense};
use crate::{
    domain::{
        daypart::Hours,
        schedule::{Calendar, Daypart, Days, When},
        visible::clean,
    },
    written::{Source, Table, Value, nearest},
};

pub(super) const WHEN_KEYS: &[&str] =
    &["days", "hours", "from", "until", "rrule", "daypart", "not_daypart", "calendar", "not_calendar"];
const DAYS: &str = "[\"senin\", \"selasa\"]";
const HOURS: &str = "[\"08:00-12:00\"]";
const DATE: &str = "2026-12-31";
/// The longest name of a daypart or a calendar, in characters.
pub(in crate::library) const MAX_NAME: usize = 60;

/// The names of the days, in Indonesian and English, full and short.
const NAMES: [(&str, Weekday); 27] = [
    ("senin", Weekday::Monday),
    ("selasa", Weekday::Tuesday),
    ("rabu", Weekday::Wednesday),
    ("kamis", Weekday::Thursday),
    ("jumat", Weekday::Friday),
    ("sabtu", Weekday::Saturday),
    ("minggu", Weekday::Sunday),
    ("ahad", Weekday::Sunday),
    ("jum'at", Weekday::Friday),
    ("sen", Weekday::Monday),
    ("sel", Weekday::Tuesday),
    ("rab", Weekday::Wednesday),
    ("kam", Weekday::Thursday),
    ("jum", Weekday::Friday),
    ("sab", Weekday::Saturday),
    ("min", Weekday::Sunday),
    ("ahd", Weekday::Sunday),
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
    ("tues", Weekday::Tuesday),
    ("thur", Weekday::Thursday),
    ("thurs", Weekday::Thursday),
];

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

/// Days of the week: `senin`, `mon`, or from one to another: `senin-jumat`.
pub(super) fn days(value: Value<'_>) -> Option<Days> {
    let mut days = Days::default();
    let mut good = true;
    for one in value.each(DAYS)? {
        match one.string(DAYS).map(|text| span(text).ok_or(text)) {
            Some(Ok((first, last))) => {
                let count = 1 + last.since(first);
                days = first.cycle_forward().take(count.unsigned_abs().into()).fold(days, Days::with);
            }
            Some(Err(text)) => {
                let (word, right) = (clean(text), near(text));
                one.error(
                    format!("`days` tidak mengenal hari \"{word}\"; tulis \"{right}\" (yang dikenal: senin, selasa, rabu, kamis, jumat, sabtu, minggu, atau senin-jumat)"),
                    format!("`days` does not know the day \"{word}\"; write \"{right}\" (known: senin to minggu, mon to sun, or mon-fri)"),
                );
                good = false;
            }
            None => good = false,
        }
    }
    good.then_some(days)
}

fn span(text: &str) -> Option<(Weekday, Weekday)> {
    match text.split_once(['-', '–']) {
        None => weekday(text).map(|day| (day, day)),
        Some((first, last)) => weekday(first).zip(weekday(last)),
    }
}

fn weekday(text: &str) -> Option<Weekday> {
    let word = text.trim().to_lowercase().replace('’', "'");
    let named = NAMES.iter().find(|(name, _)| *name == word).map(|(_, day)| *day);
    // `mon`, `tue`: the English names' first three letters.
    let short = || NAMES[17..24].iter().find(|(name, _)| name[..3] == word).map(|(_, day)| *day);
    named.or_else(short)
}

/// The name of a day that is most like what was written.
fn near(text: &str) -> &'static str {
    let word = text.split(['-', '–', ',', ' ']).next().unwrap_or_default().trim();
    NAMES[..7]
        .iter()
        .chain(&NAMES[17..24])
        .map(|(name, _)| *name)
        .max_by(|a, b| {
            let like = |name: &str| strsim::jaro_winkler(&word.to_lowercase(), name);
            like(a).total_cmp(&like(b))
        })
        .unwrap_or("senin")
}

/// Hours of the day.
pub(super) fn hours(value: Value<'_>) -> Option<Vec<Hours>> {
    let mut hours = Vec::new();
    let all = value.each(HOURS)?;
    let count = all.len();
    for one in all {
        let Some(text) = one.string(HOURS) else { continue };
        match text.parse::<Hours>() {
            Ok(these) => hours.push(these),
            Err(_) => {
                let (text, right) = (clean(text), mended(text));
                one.error(
                    format!("jam \"{text}\" tidak dimengerti; tulis jam:menit sampai jam:menit, misalnya \"{right}\""),
                    format!("the hours \"{text}\" are not understood; write hour:minute to hour:minute, for example \"{right}\""),
                );
            }
        }
    }
    (hours.len() == count).then_some(hours)
}

/// What somebody meant who wrote `8-12`.
fn mended(text: &str) -> String {
    let side = |text: &str| {
        let text = text.trim();
        let (hour, minute) = text.split_once([':', '.', ',']).unwrap_or((text, "00"));
        let (hour, minute) = (hour.trim().parse::<u8>().ok()?, minute.trim().parse::<u8>().ok()?);
        Some(format!("{hour:02}:{minute:02}"))
    };
    let both = text.split_once(['-', '–', '—']).and_then(|(a, b)| Some(format!("{}-{}", side(a)?, side(b)?)));
    both.filter(|both| both.parse::<Hours>().is_ok()).unwrap_or_else(|| "08:00-12:00".to_owned())
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
