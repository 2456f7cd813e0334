//! One rule: when something is on air. Invariant: a rule that says nothing always holds.

use jiff::civil::{Date, DateTime, Time};

use super::{Calendar, Daypart, Days, Named, Recurrence};
use crate::domain::daypart::Hours;

/// When something is on air; all that is written has to hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct When {
    /// The days of the week.
    pub days: Option<Days>,
    /// The hours of the day, any of them.
    pub hours: Vec<Hours>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
    /// The days of a rotation.
    pub recurrence: Option<Recurrence>,
    /// Any of these dayparts.
    pub dayparts: Named<Daypart>,
    /// None of these dayparts.
    pub not_dayparts: Named<Daypart>,
    /// Only days of any of these calendars.
    pub calendars: Named<Calendar>,
    /// No day of any of these calendars.
    pub not_calendars: Named<Calendar>,
}

impl When {
    /// Whether it holds at a moment of the hall's civil time.
    pub fn holds(&self, at: DateTime) -> bool {
        let parts = || self.dayparts.is_empty() || self.dayparts.iter().any(|p| p.begun(at).next().is_some());
        // With hours of its own, the rule's days are those of its hours, and not of its dayparts'.
        self.begun(at).any(|date| self.day(date))
            && (self.hours.is_empty() || parts())
            && !self.not_dayparts.iter().any(|part| part.begun(at).next().is_some())
    }

    /// The days on which those of its hours began that hold at this moment, whether these days are meant or not.
    pub(super) fn begun(&self, at: DateTime) -> impl Iterator<Item = Date> {
        let whole = (self.hours.is_empty() && self.dayparts.is_empty()).then(|| at.date());
        let own = self.hours.iter().filter_map(move |hours| hours.begun(at));
        let parts = self.dayparts.iter().filter(|_| self.hours.is_empty()).flat_map(move |p| p.begun(at));
        own.chain(parts).chain(whole)
    }

    /// Whether hours that begin on this day are meant.
    pub fn day(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date)
            && self.until.is_none_or(|until| date <= until)
            && self.days.is_none_or(|days| days.holds(date))
            && self.recurrence.as_ref().is_none_or(|rule| rule.holds(date))
            && (self.calendars.is_empty() || self.calendars.iter().any(|c| c.holds(date)))
            && !self.not_calendars.iter().any(|c| c.holds(date))
    }

    /// The times of day at which the answer may change, midnight aside.
    pub(super) fn edges(&self) -> impl Iterator<Item = Time> {
        let parts = self.dayparts.iter().chain(&self.not_dayparts).flat_map(|part| &part.hours);
        self.hours.iter().chain(parts).flat_map(|hours| [hours.from, hours.until])
    }
}
