//! The text of a rotation: read and checked by the `rrule` crate, part by part where something is wrong.
//! Invariant: what is wrong is told as what the person wrote, never as the crate's own words.

use jiff::civil::{Date, DateTime};
use rrule::{Frequency, NWeekday};

use super::recurrence::{Read, moment};

/// The longest text of a rule, in bytes.
const MAX_TEXT: usize = 500;
/// The parts of a rule of days.
const PARTS: [&str; 11] = [
    "FREQ",
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "WKST",
    "BYDAY",
    "BYMONTHDAY",
    "BYYEARDAY",
    "BYWEEKNO",
    "BYMONTH",
    "BYSETPOS",
];
/// Parts of a rule that speak of hours.
const HOURS: [&str; 3] = ["BYHOUR", "BYMINUTE", "BYSECOND"];

/// A text that is no rule of days.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotARule {
    /// It is not written as a rule is.
    #[error("not a rule such as FREQ=WEEKLY;INTERVAL=4")]
    Syntax,
    /// One part of it, which is given, is not understood.
    #[error("`{0}` is not understood")]
    Part(String),
    /// One part of it, which is given, does not go with the rule's FREQ.
    #[error("`{0}` does not go with this FREQ")]
    Together(String),
    /// It speaks of hours, minutes or seconds.
    #[error("a rule of days: hours are written apart")]
    Hours,
    /// UNTIL lies before the first day.
    #[error("it ends before its first day")]
    Ended,
    /// It names no day, such as 30 February.
    #[error("it names no day")]
    Never,
}

/// The rule without its UNTIL, and the date of that.
pub(super) fn parse(text: &str, first: Date) -> Result<(Read, Option<Date>), NotARule> {
    // The crate cuts texts at any byte.
    if !text.is_ascii() || text.len() > MAX_TEXT {
        return Err(NotARule::Syntax);
    }
    let parts = parts(text)?;
    let get = |name: &str| parts.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
    let frequency = get("FREQ").ok_or(NotARule::Syntax)?;
    if ["HOURLY", "MINUTELY", "SECONDLY"].contains(&frequency)
        || parts.iter().any(|(key, _)| HOURS.contains(key))
    {
        return Err(NotARule::Hours);
    }
    let mut whole = format!("FREQ={frequency}");
    read(&whole).ok_or_else(|| NotARule::Part(whole.clone()))?;
    for (key, value) in &parts {
        let part = format!("{key}={value}");
        let good = match *key {
            "FREQ" | "UNTIL" => true,
            "INTERVAL" | "COUNT" => value.parse::<u16>().is_ok_and(|n| n > 0),
            "WKST" => read(&format!("FREQ=DAILY;{part}")).is_some(),
            "BYDAY" => value.split(',').all(is_weekday),
            key => PARTS.contains(&key) && value.split(',').all(is_number),
        };
        // By a frequency with which each part goes, and by the crate's own bounds.
        if !good || *key != "UNTIL" && *key != "FREQ" && !sound(&format!("FREQ=YEARLY;{part}"), first) {
            return Err(NotARule::Part(part));
        }
        if *key != "UNTIL" && *key != "FREQ" {
            let longer = format!("{whole};{part}");
            if !sound(&longer, first) {
                return Err(NotARule::Together(part));
            }
            whole = longer;
        }
    }
    let rule = read(&whole).ok_or(NotARule::Syntax)?;
    let numbered = rule.get_by_weekday().iter().any(|day| matches!(day, NWeekday::Nth(..)));
    let whole_weeks = !rule.get_by_week_no().is_empty();
    let months = matches!(rule.get_freq(), Frequency::Yearly | Frequency::Monthly);
    if numbered && (!months || whole_weeks) {
        return Err(NotARule::Together(format!("BYDAY={}", get("BYDAY").unwrap_or_default())));
    }
    let until = get("UNTIL").map(|text| date(text).ok_or_else(|| NotARule::Part(format!("UNTIL={text}"))));
    let until = until.transpose()?;
    if until.is_some_and(|until| until < first) {
        return Err(NotARule::Ended);
    }
    Ok((rule, until))
}

/// The parts of a rule, each once.
fn parts(text: &str) -> Result<Vec<(&str, &str)>, NotARule> {
    let mut parts: Vec<(&str, &str)> = Vec::new();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').ok_or_else(|| NotARule::Part(part.to_owned()))?;
        let (key, value) = (key.trim(), value.trim());
        let known = PARTS.contains(&key) || HOURS.contains(&key);
        if !known || value.is_empty() || parts.iter().any(|(other, _)| *other == key) {
            return Err(NotARule::Part(part.to_owned()));
        }
        parts.push((key, value));
    }
    Ok(parts)
}

fn read(text: &str) -> Option<Read> {
    text.parse().ok()
}

fn sound(text: &str, first: Date) -> bool {
    let start = moment(first);
    read(text).zip(start).is_some_and(|(rule, start)| rule.validate(start).is_ok())
}

/// `MO`, `1MO`, `+1MO` or `-1MO`; the crate takes any text before the day for none.
fn is_weekday(text: &str) -> bool {
    let text = text.trim();
    text.len() >= 2 && {
        let (number, day) = text.split_at(text.len() - 2);
        ["MO", "TU", "WE", "TH", "FR", "SA", "SU"].contains(&day) && (number.is_empty() || is_number(number))
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    text.parse::<i16>().is_ok_and(|n| n != 0) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// `20261231`, or of `20261231T155959Z` its date.
fn date(text: &str) -> Option<Date> {
    let day = |text: &str| Date::strptime("%Y%m%d", text).ok().filter(|_| text.len() == 8);
    let moment = || DateTime::strptime("%Y%m%dT%H%M%S", text.strip_suffix('Z').unwrap_or(text)).ok();
    day(text).or_else(|| moment().map(DateTime::date))
}
