//! Why an item is not on air, in sentences.
//! Invariant: each reason says what of what is written it comes from.

use std::io::{self, Write};

use jiff::{Timestamp, civil::Date};

use super::{
    Entry, Plan, airing,
    table::{heading, short, span},
};
use crate::{
    domain::{daypart::Hours, playlist::Content, playlist::List, schedule::Refusal},
    words::Language,
};

pub(super) fn write(plan: &Plan<'_>, entry: &Entry, out: &mut impl Write) -> io::Result<()> {
    let indonesian = plan.language == Language::Indonesian;
    writeln!(out, "{}", title(plan, entry))?;
    let (mut seen, mut end) = (false, plan.now);
    for (_, from, until) in plan.windows() {
        writeln!(out, "{}", heading(plan, from))?;
        for spell in plan.spells(entry, from, until) {
            let times = span(plan, from, spell.from, spell.until);
            seen |= spell.reasons.is_empty();
            let what = match (spell.reasons.is_empty(), indonesian) {
                (true, true) => "tampil".to_owned(),
                (true, false) => "on air".to_owned(),
                (false, true) => format!("tidak tampil: {}", sentences(plan, entry, &spell.reasons)),
                (false, false) => format!("not on air: {}", sentences(plan, entry, &spell.reasons)),
            };
            writeln!(out, "  {times}  {what}")?;
        }
        end = until;
    }
    if needs_data(plan, entry) {
        let note = if indonesian {
            "Butir ini tampil hanya bila sudah ada jawaban survei hari itu."
        } else {
            "This item is on air only where the survey has answers that day."
        };
        writeln!(out, "{note}")?;
    }
    if seen || airing(plan.playlist, entry.list, entry.entry).is_none() {
        return Ok(());
    }
    let next = plan.next(entry, end);
    let line = match (next, indonesian) {
        (Some(at), true) => format!("Berikutnya tampil: {}", moment(plan, at)),
        (Some(at), false) => format!("Next on air: {}", moment(plan, at)),
        (None, true) => format!("Tidak tampil juga dalam {} hari sesudahnya.", super::AHEAD),
        (None, false) => format!("Nor is it on air in the {} days after that.", super::AHEAD),
    };
    writeln!(out, "{line}")
}

fn needs_data(plan: &Plan<'_>, entry: &Entry) -> bool {
    let items = match entry.list {
        List::Item => &plan.playlist.items,
        List::Fallback => &plan.playlist.fallback,
        List::Ticker => return false,
    };
    items.iter().any(|i| i.entry == entry.entry && matches!(i.content, Content::Survey { .. }))
}

fn title(plan: &Plan<'_>, entry: &Entry) -> String {
    let number = entry.entry + 1;
    let place = match (entry.list, plan.language) {
        (List::Item, Language::Indonesian) => format!("butir {number}"),
        (List::Item, Language::English) => format!("item {number}"),
        (List::Fallback, Language::Indonesian) => format!("cadangan {number}"),
        (List::Fallback, Language::English) => format!("fallback {number}"),
        (List::Ticker, Language::Indonesian) => format!("teks berjalan {number}"),
        (List::Ticker, Language::English) => format!("running text {number}"),
    };
    format!("{} ({place})", short(&entry.name, 100))
}

/// A day and a time in words.
fn moment(plan: &Plan<'_>, at: Timestamp) -> String {
    let at = at.to_zoned(plan.zone.clone());
    let clock = if plan.language == Language::Indonesian { "pukul" } else { "at" };
    format!("{} {clock} {}", plan.language.date(&at), plan.language.time(&at))
}

fn sentences(plan: &Plan<'_>, entry: &Entry, reasons: &[Refusal]) -> String {
    reasons.iter().map(|reason| sentence(plan, entry, reason)).collect::<Vec<_>>().join("; ")
}

/// A reason in words.
pub(super) fn sentence(plan: &Plan<'_>, entry: &Entry, reason: &Refusal) -> String {
    let (id, en) = both(plan, entry, reason);
    if plan.language == Language::Indonesian { id } else { en }
}

fn both(plan: &Plan<'_>, entry: &Entry, reason: &Refusal) -> (String, String) {
    let when = airing(plan.playlist, entry.list, entry.entry).map(|airing| &airing.when);
    let day = |date: &Date| {
        let at = date.to_zoned(jiff::tz::TimeZone::UTC);
        at.map_or_else(|_| date.to_string(), |at| plan.language.date(&at))
    };
    let quoted = |names: &[String]| names.iter().map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(", ");
    match reason {
        Refusal::Off => {
            ("dimatikan (enabled = false)".to_owned(), "it is switched off (enabled = false)".to_owned())
        }
        Refusal::NotBefore(date) => {
            let date = day(date);
            (format!("baru mulai {date} (from)"), format!("it begins on {date} (from)"))
        }
        Refusal::Over(date) => {
            let date = day(date);
            (format!("sudah berakhir {date} (until)"), format!("its last day was {date} (until)"))
        }
        Refusal::Weekday(weekday) => {
            let name = plan.language.day(*weekday);
            (format!("bukan pada hari {name} (days)"), format!("not on a {name} (days)"))
        }
        Refusal::NotInRotation => {
            let rule = when.and_then(|w| w.recurrence.as_ref()).map(|r| r.text()).unwrap_or_default();
            (format!("bukan gilirannya (rrule {rule})"), format!("it is not its turn (rrule {rule})"))
        }
        Refusal::NotInCalendar(names) => {
            let names = quoted(names);
            (format!("bukan hari dalam kalender {names}"), format!("not a day of the calendar {names}"))
        }
        Refusal::InCalendar(name) => (
            format!("hari dalam kalender \"{name}\" (not_calendar)"),
            format!("a day of the calendar \"{name}\" (not_calendar)"),
        ),
        Refusal::OutsideHours => {
            let hours = when.map(|w| all_hours(&w.hours)).unwrap_or_default();
            (format!("di luar jamnya ({hours})"), format!("outside its hours ({hours})"))
        }
        Refusal::NotInDaypart(names) => {
            let names = quoted(names);
            (format!("di luar jam tayang {names}"), format!("outside the daypart {names}"))
        }
        Refusal::InDaypart(name) => (
            format!("di dalam jam tayang \"{name}\" (not_daypart)"),
            format!("within the daypart \"{name}\" (not_daypart)"),
        ),
        Refusal::Replaced { by, priority } => {
            let by = short(by, 60);
            (
                format!("digantikan \"{by}\", yang prioritasnya lebih tinggi ({priority})"),
                format!("replaced by \"{by}\", whose priority is higher ({priority})"),
            )
        }
        Refusal::NoData => ("belum ada datanya".to_owned(), "there are no data for it".to_owned()),
        Refusal::LoopOnAir => (
            "cadangan: ada butir lain yang sedang tampil".to_owned(),
            "a fallback: items of the loop are on air".to_owned(),
        ),
    }
}

fn all_hours(hours: &[Hours]) -> String {
    let one = |h: &Hours| format!("{}-{}", h.from.strftime("%H:%M"), h.until.strftime("%H:%M"));
    hours.iter().map(one).collect::<Vec<_>>().join(", ")
}
