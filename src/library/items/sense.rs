//! Rules that are well written and can never hold. Invariant: what is warned of is certain.

use jiff::{ToSpan, civil::Date};

use super::when::line_of;
use crate::{
    domain::{daypart::Hours, schedule::When},
    written::Table,
};

/// How many days are tried: of a rule without an end only where days beyond them are sure to be alike.
const DAYS: i64 = 800;

/// Warns of a rule by which nothing is ever on air.
pub(super) fn check(table: &Table<'_>, header: &str, when: &When) {
    if no_day(when) {
        let line = ["days", "calendar", "rrule", "until"].into_iter().find(|key| table.get(key).is_some());
        table.warning_at(
            line.map_or(table.line(), |key| line_of(table, key)),
            format!("{header} ini tidak pernah berlaku: tidak ada hari yang memenuhi semuanya; periksa days, from, until, rrule, dan calendar"),
            format!("this {header} never holds: no day is as all of it says; look at days, from, until, rrule and calendar"),
        );
    } else if no_hour(when) {
        table.warning_at(
            line_of(table, "hours"),
            format!("{header} ini tidak pernah berlaku: `hours` dan jam `daypart`-nya tidak bertemu; hapus salah satunya"),
            format!("this {header} never holds: its `hours` and those of its `daypart` do not meet; take one of them away"),
        );
    }
}

fn no_day(when: &When) -> bool {
    let all =
        |first: Date, last: Date| !first.series(1.day()).take_while(|d| *d <= last).any(|d| when.day(d));
    let listed = !when.calendars.is_empty() && when.calendars.iter().all(|c| c.again().is_empty());
    if listed {
        let mut runs = when.calendars.iter().flat_map(|c| c.days().iter());
        return runs.all(|(first, last)| first.saturating_add(DAYS.days()) >= *last && all(*first, *last));
    }
    match (when.from, when.until) {
        (Some(from), Some(until)) if from.saturating_add(DAYS.days()) >= until => all(from, until),
        _ => false,
    }
}

/// Two stretches of the day meet only where one of them begins within the other.
fn no_hour(when: &When) -> bool {
    let parts: Vec<&Hours> = when.dayparts.iter().flat_map(|part| &part.hours).collect();
    let whole = when.dayparts.iter().any(|part| part.hours.is_empty());
    let meet = |a: &Hours, b: &Hours| a.contains(b.from) || b.contains(a.from);
    !when.hours.is_empty()
        && !parts.is_empty()
        && !whole
        && !when.hours.iter().any(|own| parts.iter().any(|part| meet(own, part)))
}
