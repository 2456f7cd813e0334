//! One rule: when something is on air. Invariant: a rule that says nothing always holds.

use jiff::civil::{Date, DateTime};

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
        let hours = &self.hours;
        let own = (!hours.is_empty()).then(|| hours.iter().any(|h| h.begun(at).is_some_and(|d| self.day(d))));
        let parts = (!self.dayparts.is_empty()).then(|| {
            // With hours of its own, the rule's days are those of its hours.
            let day = |date| own.is_some() || self.day(date);
            self.dayparts.iter().any(|part| part.begun(at).any(day))
        });
        let within = match (own, parts) {
            (None, None) => self.day(at.date()),
            (own, parts) => own.unwrap_or(true) && parts.unwrap_or(true),
        };
        within && !self.not_dayparts.iter().any(|part| part.begun(at).next().is_some())
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
}
