//! Days and hours that many rules share: days of the week, dayparts, calendars. Invariant: each answers for any
//! date that there is.

use jiff::{
    ToSpan,
    civil::{Date, DateTime, Weekday},
};

use super::Recurrence;
use crate::domain::daypart::Hours;

/// Days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Calendar {
    /// Its name.
    pub name: String,
    /// Its days: the first and the last of each run.
    pub days: Vec<(Date, Date)>,
    /// Days that come again; each occurrence lasts so many days.
    pub rules: Vec<(Recurrence, u32)>,
}

impl Calendar {
    /// Whether a day is one of its days.
    pub fn holds(&self, date: Date) -> bool {
        let listed = self.days.iter().any(|(first, last)| (*first..=*last).contains(&date));
        let again = |(rule, length): &(Recurrence, u32)| {
            (0..*length)
                .any(|ago| date.checked_sub(i64::from(ago).days()).is_ok_and(|first| rule.holds(first)))
        };
        listed || self.rules.iter().any(again)
    }
}
