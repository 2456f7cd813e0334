//! The days of a rotation, by iCalendar's RRULE (RFC 5545, 3.3.10), counted from a first day.
//! Invariant: days alone: hours, minutes and seconds are not part of such a rule here.

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use rrule::{Frequency, NWeekday, RRule, RRuleSet, Tz, Unvalidated};

use super::Days;

/// How many days are worked out at once, and kept.
const AHEAD: i64 = 400;

/// The days of a rotation.
#[derive(Clone)]
pub struct Recurrence {
    text: String,
    first: Date,
    rules: RRuleSet,
    known: Arc<Mutex<Option<Known>>>,
}

/// The days within a stretch that was worked out.
struct Known {
    from: Date,
    until: Date,
    days: BTreeSet<Date>,
}

/// A text that is no rule of days.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotARule {
    /// It is not written as a rule is.
    #[error("not a rule such as FREQ=WEEKLY;INTERVAL=4: {0}")]
    Syntax(String),
    /// It speaks of hours, minutes or seconds.
    #[error("a rule of days: hours are written apart")]
    Hours,
}

impl Recurrence {
    /// A rule, counted from its first day. Where a weekly rule names no days of the week, `days` are those.
    ///
    /// # Errors
    /// The text is no rule, or one of hours.
    pub fn new(text: &str, first: Date, days: Option<Days>) -> Result<Self, NotARule> {
        let syntax = |err: rrule::RRuleError| NotARule::Syntax(err.to_string());
        let mut rule: RRule<Unvalidated> = text.parse().map_err(syntax)?;
        let hourly = matches!(rule.get_freq(), Frequency::Hourly | Frequency::Minutely | Frequency::Secondly);
        let times = [rule.get_by_hour(), rule.get_by_minute(), rule.get_by_second()];
        if hourly || times.iter().any(|times| !times.is_empty()) {
            return Err(NotARule::Hours);
        }
        if let Some(days) = days
            && rule.get_freq() == Frequency::Weekly
            && rule.get_by_weekday().is_empty()
        {
            rule = rule.by_weekday(days.iter().map(|day| NWeekday::Every(weekday(day))).collect());
        }
        let start = moment(first).ok_or_else(|| NotARule::Syntax("the first day is out of range".into()))?;
        let rules = rule.build(start).map_err(syntax)?;
        Ok(Self { text: text.to_owned(), first, rules, known: Arc::default() })
    }

    /// The rule as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the rule names this day.
    pub fn holds(&self, date: Date) -> bool {
        if date < self.first {
            return false;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.as_ref().filter(|k| (k.from..=k.until).contains(&date)) {
            return known.days.contains(&date);
        }
        let from = date.checked_sub(31.days()).unwrap_or(Date::MIN).max(self.first);
        let until = date.checked_add(AHEAD.days()).unwrap_or(Date::MAX);
        let days: BTreeSet<Date> = (&self.rules)
            .into_iter()
            .map(|day| civil(&day))
            .skip_while(|day| day.is_none_or(|day| day < from))
            .map_while(|day| day.filter(|day| *day <= until))
            .collect();
        let holds = days.contains(&date);
        *known = Some(Known { from, until, days });
        holds
    }
}

fn weekday(day: Weekday) -> chrono::Weekday {
    match day {
        Weekday::Monday => chrono::Weekday::Mon,
        Weekday::Tuesday => chrono::Weekday::Tue,
        Weekday::Wednesday => chrono::Weekday::Wed,
        Weekday::Thursday => chrono::Weekday::Thu,
        Weekday::Friday => chrono::Weekday::Fri,
        Weekday::Saturday => chrono::Weekday::Sat,
        Weekday::Sunday => chrono::Weekday::Sun,
    }
}

/// A day's beginning, without a time zone: the rule is one of days.
fn moment(date: Date) -> Option<chrono::DateTime<Tz>> {
    use chrono::TimeZone;
    let (year, month, day) = (i32::from(date.year()), date.month() as u32, date.day() as u32);
    Tz::UTC.with_ymd_and_hms(year, month, day, 0, 0, 0).single()
}

fn civil(moment: &chrono::DateTime<Tz>) -> Option<Date> {
    use chrono::Datelike;
    Date::new(i16::try_from(moment.year()).ok()?, moment.month() as i8, moment.day() as i8).ok()
}

impl fmt::Debug for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recurrence({} from {})", self.text, self.first)
    }
}

/// What is worked out already does not tell two rules apart.
impl PartialEq for Recurrence {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.first, &self.rules) == (&other.text, other.first, &other.rules)
    }
}
