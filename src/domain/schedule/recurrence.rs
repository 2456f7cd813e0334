//! The days of a rotation, by iCalendar's RRULE (RFC 5545, 3.3.10), counted from a first day.
//! Invariant: whether a day is one of them is found out from that day alone, however far from the first it is.
//!
//! The `rrule` crate reads and checks the rule. Its iterator is not used: it walks from the first day on, and for a
//! rule that names no day (`FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30`) to the year 10,000 before it says so. That both
//! mean the same days is held by `tests/schedule.rs`.

use std::fmt;

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use rrule::{Frequency, NWeekday, RRule, Tz, Unvalidated};

use super::{Days, NotARule};

/// How many days are tried for a rule's first one: over 41 years, after which no weekday of 29 February is new.
const FIRST: u32 = 20_000;
/// How many days are tried for the last one of a rule with COUNT; one that ends after them does not end here.
const LAST: u32 = 60_000;

/// The days of a rotation.
#[derive(Clone, PartialEq)]
pub struct Recurrence {
    text: String,
    first: Date,
    last: Option<Date>,
    frequency: Frequency,
    interval: i64,
    week_start: Weekday,
    months: Vec<u8>,
    month_days: Vec<i8>,
    year_days: Vec<i16>,
    weeks: Vec<i8>,
    weekdays: Vec<NWeekday>,
    positions: Vec<i32>,
}

impl Recurrence {
    /// A rule, counted from its first day. Where a weekly rule names no days of the week, `days` are those. Of an
    /// UNTIL with a time of day its date counts.
    ///
    /// # Errors
    /// The text is no rule, one of hours, or one that names no day.
    pub fn new(text: &str, first: Date, days: Option<Days>) -> Result<Self, NotARule> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let text = text.to_ascii_uppercase();
        let text = text.strip_prefix("RRULE:").unwrap_or(&text);
        let (rule, until) = super::rotation::parse(text, first)?;
        let mut weekdays = rule.get_by_weekday().to_vec();
        if let Some(days) = days
            && rule.get_freq() == Frequency::Weekly
            && weekdays.is_empty()
        {
            weekdays = days.iter().map(|day| NWeekday::Every(from_jiff(day))).collect();
        }
        let mut this = Self {
            text: text.to_owned(),
            first,
            last: until,
            frequency: rule.get_freq(),
            interval: i64::from(rule.get_interval()),
            week_start: to_jiff(rule.get_week_start()),
            months: rule.get_by_month().to_vec(),
            month_days: rule.get_by_month_day().to_vec(),
            year_days: rule.get_by_year_day().to_vec(),
            weeks: rule.get_by_week_no().to_vec(),
            weekdays,
            positions: rule.get_by_set_pos().to_vec(),
        };
        this.complete();
        let mut tries = FIRST;
        let begin = this.next(first, &mut tries).ok_or(NotARule::Never)?;
        if let Some(count) = rule.get_count() {
            this.last = this.counted(begin, count).map_or(this.last, Some);
        }
        Ok(this)
    }

    /// What the rule leaves open is as on its first day.
    fn complete(&mut self) {
        let open = self.weeks.is_empty()
            && self.year_days.is_empty()
            && self.month_days.is_empty()
            && self.weekdays.is_empty();
        match self.frequency {
            _ if !open => {}
            Frequency::Yearly => {
                if self.months.is_empty() {
                    self.months.push(self.first.month().unsigned_abs());
                }
                self.month_days.push(self.first.day());
            }
            Frequency::Monthly => self.month_days.push(self.first.day()),
            Frequency::Weekly => self.weekdays.push(NWeekday::Every(from_jiff(self.first.weekday()))),
            _ => {}
        }
    }

    /// The last of `count` days, or where UNTIL ends them before; `None` where that is too far away to be found.
    fn counted(&self, begin: Date, count: u32) -> Option<Date> {
        let (mut last, mut tries) = (begin, LAST);
        for _ in 1..count {
            match self.next(last.tomorrow().ok()?, &mut tries) {
                Some(day) => last = day,
                None if tries == 0 => return None,
                None => break,
            }
        }
        Some(last)
    }

    /// The rule as it was written, in capitals and without spaces.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The day from which it is counted.
    pub fn first(&self) -> Date {
        self.first
    }

    /// Whether the rule names this day.
    pub fn holds(&self, date: Date) -> bool {
        date >= self.first
            && self.last.is_none_or(|last| date <= last)
            && self.fits(date)
            && self
                .period(date)
                .is_some_and(|(begin, end)| self.positions.is_empty() || self.set(begin, end).contains(&date))
    }

    /// The first day from `date` on that the rule names; each day that is looked at takes one of the tries.
    fn next(&self, date: Date, tries: &mut u32) -> Option<Date> {
        let mut date = date.max(self.first);
        loop {
            if let Some((begin, end)) = self.period(date) {
                let found = self.set(begin, end).into_iter().find(|day| *day >= date);
                if let Some(day) = found {
                    return self.last.is_none_or(|last| day <= last).then_some(day);
                }
                *tries = tries.saturating_sub(1 + days_between(begin, end).unsigned_abs() as u32);
            }
            date = self.next_period(date)?;
            if *tries == 0 || self.last.is_some_and(|last| date > last) {
                return None;
            }
        }
    }

    /// The days of a period that the rule names.
    fn set(&self, begin: Date, end: Date) -> Vec<Date> {
        let mut set = Vec::new();
        let mut day = Some(begin);
        while let Some(date) = day.filter(|day| *day <= end) {
            if !self.month_fits(date) {
                day = date.last_of_month().tomorrow().ok();
                continue;
            }
            if self.fits(date) {
                set.push(date);
            }
            day = date.tomorrow().ok();
        }
        if self.positions.is_empty() {
            return set;
        }
        let count = set.len() as i32;
        let at = |i: usize| i as i32 + 1;
        let meant = |i: usize| self.positions.iter().any(|p| *p == at(i) || *p == at(i) - count - 1);
        set.into_iter().enumerate().filter(|(i, _)| meant(*i)).map(|(_, day)| day).collect()
    }

    /// The first and the last day of the period in which a day lies; `None` where the interval leaves it out.
    fn period(&self, date: Date) -> Option<(Date, Date)> {
        if self.steps(date) % self.interval != 0 {
            return None;
        }
        Some(match self.frequency {
            Frequency::Yearly => (date.first_of_year(), date.last_of_year()),
            Frequency::Monthly => (date.first_of_month(), date.last_of_month()),
            Frequency::Weekly => {
                let begin = self.week(date);
                // As iCalendar has it, the first week begins on the first day.
                (begin.max(self.first), begin.saturating_add(6.days()))
            }
            _ => (date, date),
        })
    }

    /// How many periods after the first one a day lies.
    fn steps(&self, date: Date) -> i64 {
        let years = i64::from(date.year()) - i64::from(self.first.year());
        match self.frequency {
            Frequency::Yearly => years,
            Frequency::Monthly => years * 12 + i64::from(date.month()) - i64::from(self.first.month()),
            Frequency::Weekly => days_between(self.week(self.first), self.week(date)) / 7,
            _ => days_between(self.first, date),
        }
    }

    /// The first day of the next period that the interval does not leave out.
    fn next_period(&self, date: Date) -> Option<Date> {
        let more = self.interval - self.steps(date) % self.interval;
        match self.frequency {
            Frequency::Yearly => date.first_of_year().checked_add(more.years()),
            Frequency::Monthly => date.first_of_month().checked_add(more.months()),
            Frequency::Weekly => self.week(date).checked_add((more * 7).days()),
            _ => date.checked_add(more.days()),
        }
        .ok()
    }

    /// The first day of the week in which a day lies.
    fn week(&self, date: Date) -> Date {
        let into = date.weekday().since(self.week_start);
        date.saturating_sub(i64::from(into).days())
    }

    fn month_fits(&self, date: Date) -> bool {
        self.months.is_empty() || self.months.contains(&date.month().unsigned_abs())
    }

    /// Whether a day is as the rule's parts say, period and position aside.
    fn fits(&self, date: Date) -> bool {
        self.month_fits(date)
            && either(&self.month_days, date.day(), date.days_in_month())
            && either(&self.year_days, date.day_of_year(), date.days_in_year())
            && (self.weeks.is_empty() || self.week_fits(date))
            && (self.weekdays.is_empty() || self.weekdays.iter().any(|day| self.weekday_fits(*day, date)))
    }

    /// Weeks are counted as ISO 8601 does: the first one has at least four days of its year.
    fn week_fits(&self, date: Date) -> bool {
        let middle = self.week(date).saturating_add(3.days());
        let number = |middle: Date| ((middle.day_of_year() - 1) / 7 + 1) as i8;
        let end = self.week(middle.last_of_year()).saturating_add(3.days());
        let end = if end.year() > middle.year() { end.saturating_sub(7.days()) } else { end };
        either(&self.weeks, number(middle), number(end))
    }

    fn weekday_fits(&self, day: NWeekday, date: Date) -> bool {
        let (nth, weekday) = match day {
            NWeekday::Every(weekday) => (None, weekday),
            NWeekday::Nth(nth, weekday) => (Some(nth), weekday),
        };
        to_jiff(weekday) == date.weekday()
            && nth.is_none_or(|nth| {
                let of_month = self.frequency == Frequency::Monthly || !self.months.is_empty();
                let (day, days) = if of_month {
                    (i16::from(date.day()), i16::from(date.days_in_month()))
                } else {
                    (date.day_of_year(), date.days_in_year())
                };
                nth == (day - 1) / 7 + 1 || nth == -((days - day) / 7 + 1)
            })
    }
}

/// Whether a number, of so many, is one of those: those below 0 are counted from the end. None: any is.
fn either<T>(of: &[T], number: T, count: T) -> bool
where
    T: Copy + PartialEq + std::ops::Sub<Output = T> + From<i8>,
{
    of.is_empty() || of.iter().any(|n| *n == number || *n == number - count - T::from(1))
}

fn days_between(from: Date, until: Date) -> i64 {
    until.duration_since(from).as_hours() / 24
}

fn from_jiff(day: Weekday) -> chrono::Weekday {
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

fn to_jiff(day: chrono::Weekday) -> Weekday {
    match day {
        chrono::Weekday::Mon => Weekday::Monday,
        chrono::Weekday::Tue => Weekday::Tuesday,
        chrono::Weekday::Wed => Weekday::Wednesday,
        chrono::Weekday::Thu => Weekday::Thursday,
        chrono::Weekday::Fri => Weekday::Friday,
        chrono::Weekday::Sat => Weekday::Saturday,
        chrono::Weekday::Sun => Weekday::Sunday,
    }
}

/// A day's beginning, without a time zone: the rule is one of days.
pub(super) fn moment(date: Date) -> Option<chrono::DateTime<Tz>> {
    use chrono::TimeZone;
    let (year, month, day) = (i32::from(date.year()), date.month() as u32, date.day() as u32);
    Tz::UTC.with_ymd_and_hms(year, month, day, 0, 0, 0).single()
}

/// What the crate reads before it is checked.
pub(super) type Read = RRule<Unvalidated>;

impl fmt::Debug for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recurrence({} from {})", self.text, self.first)
    }
}
