//! Days and hours that many rules share: days of the week, dayparts, calendars. Invariant: each answers for any
//! date that there is.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{
    ToSpan,
    civil::{Date, DateTime, Weekday},
};

use super::Recurrence;
use crate::domain::daypart::Hours;

/// Days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Days(u8);

impl Days {
    /// These and this day.
    pub fn with(self, day: Weekday) -> Self {
        Self(self.0 | 1 << day.to_monday_zero_offset())
    }

    /// Whether `date` is such a day.
    pub fn holds(self, date: Date) -> bool {
        self.contains(date.weekday())
    }

    /// Whether this day is one of them.
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & 1 << day.to_monday_zero_offset() != 0
    }

    /// The days, from Monday on.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Weekday::Monday.cycle_forward().take(7).filter(move |day| self.contains(*day))
    }
}

/// Hours that have a name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Daypart {
    /// Its name.
    pub name: String,
    /// Any of these; none: the whole day.
    pub hours: Vec<Hours>,
    /// On these days; those on which its hours begin.
    pub days: Option<Days>,
}

impl Daypart {
    /// The days on which those of its hours began that hold at this moment.
    pub fn begun(&self, at: DateTime) -> impl Iterator<Item = Date> {
        let whole = self.hours.is_empty().then(|| at.date());
        let hours = self.hours.iter().filter_map(move |hours| hours.begun(at));
        hours.chain(whole).filter(|date| self.days.is_none_or(|days| days.holds(*date)))
    }
}

/// Days that have a name, such as public holidays.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    name: String,
    /// The first and the last day of each run, in order and apart.
    days: Vec<(Date, Date)>,
    again: Vec<Again>,
    /// What was found out of days that come again: thousands of items ask of the same day.
    known: Arc<Mutex<BTreeMap<Date, bool>>>,
}

/// How many days a calendar remembers.
const KNOWN: usize = 1_000;

/// What a calendar remembers does not tell it from another one.
impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.days, &self.again) == (&other.name, &other.days, &other.again)
    }
}

/// Days that come again.
#[derive(Debug, Clone, PartialEq)]
pub struct Again {
    /// The first days.
    pub rule: Recurrence,
    /// How many days each time lasts; 1 and more.
    pub length: u32,
    /// First days on which it does not come.
    pub except: Vec<Date>,
}

impl Calendar {
    /// A calendar of runs of days, the first and the last of each, and of days that come again.
    pub fn new(name: String, mut runs: Vec<(Date, Date)>, again: Vec<Again>) -> Self {
        runs.retain(|(first, last)| first <= last);
        runs.sort();
        let mut days: Vec<(Date, Date)> = Vec::new();
        for (first, last) in runs {
            match days.last_mut().filter(|before| first <= before.1) {
                Some(before) => before.1 = before.1.max(last),
                None => days.push((first, last)),
            }
        }
        Self { name, days, again, known: Arc::default() }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The runs of days that do not come again, the first and the last of each, in order.
    pub fn days(&self) -> &[(Date, Date)] {
        &self.days
    }

    /// The days that come again.
    pub fn again(&self) -> &[Again] {
        &self.again
    }

    /// Whether a day is one of its days.
    pub fn holds(&self, date: Date) -> bool {
        let run = self.days.partition_point(|(first, _)| *first <= date).checked_sub(1);
        run.and_then(|i| self.days.get(i)).is_some_and(|(_, last)| date <= *last)
            || (!self.again.is_empty() && self.comes_again(date))
    }

    fn comes_again(&self, date: Date) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(holds) = known.get(&date) {
            return *holds;
        }
        if known.len() >= KNOWN {
            known.clear();
        }
        let holds = self.again.iter().any(|again| again.holds(date));
        known.insert(date, holds);
        holds
    }
}

impl Again {
    fn holds(&self, date: Date) -> bool {
        let first = |ago: u32| date.checked_sub(i64::from(ago).days()).ok();
        (0..self.length).filter_map(first).any(|day| self.rule.holds(day) && !self.except.contains(&day))
    }
}
