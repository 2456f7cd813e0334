//! The rules of a playlist read by brute force, for comparison: nothing of `domain::schedule` is used.
//! Invariant: a rotation is *generated*, period by period, as RFC 5545's table expands and limits; papan tests days.

use std::collections::BTreeSet;

use jiff::{
    ToSpan,
    civil::{Date, DateTime, Weekday},
};

/// A rule as it is written.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    pub days: Vec<Weekday>,
    /// Minutes of the day, the first and the one after the last; that may be below the first.
    pub hours: Vec<(i32, i32)>,
    pub from: Option<Date>,
    pub until: Option<Date>,
    pub rrule: Option<Rotation>,
    pub dayparts: Vec<Part>,
    pub not_dayparts: Vec<Part>,
    pub calendars: Vec<Vec<(Date, Date)>>,
    pub not_calendars: Vec<Vec<(Date, Date)>>,
}

#[derive(Debug, Clone, Default)]
pub struct Part {
    pub hours: Vec<(i32, i32)>,
    pub days: Vec<Weekday>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freq {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

#[derive(Debug, Clone)]
pub struct Rotation {
    pub freq: Freq,
    pub interval: i32,
    pub count: Option<usize>,
    pub until: Option<Date>,
    pub by_day: Vec<(i32, Weekday)>,
    pub by_month_day: Vec<i32>,
    pub by_month: Vec<i32>,
    pub by_set_pos: Vec<i32>,
    pub week_start: Weekday,
}

const CODES: [(Weekday, &str); 7] = [
    (Weekday::Monday, "MO"),
    (Weekday::Tuesday, "TU"),
    (Weekday::Wednesday, "WE"),
    (Weekday::Thursday, "TH"),
    (Weekday::Friday, "FR"),
    (Weekday::Saturday, "SA"),
    (Weekday::Sunday, "SU"),
];

pub fn code(day: Weekday) -> &'static str {
    CODES.iter().find(|(d, _)| *d == day).unwrap().1
}

impl Rotation {
    pub fn text(&self) -> String {
        let list = |l: &[i32]| l.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
        let mut text = format!("FREQ={}", format!("{:?}", self.freq).to_uppercase());
        let mut add = |part: String| {
            text.push(';');
            text.push_str(&part);
        };
        if self.interval > 1 {
            add(format!("INTERVAL={}", self.interval));
        }
        if self.week_start != Weekday::Monday {
            add(format!("WKST={}", code(self.week_start)));
        }
        if !self.by_day.is_empty() {
            let day = |(n, d): &(i32, Weekday)| {
                if *n == 0 { code(*d).to_owned() } else { format!("{n}{}", code(*d)) }
            };
            add(format!("BYDAY={}", self.by_day.iter().map(day).collect::<Vec<_>>().join(",")));
        }
        for (key, values) in
            [("BYMONTHDAY", &self.by_month_day), ("BYMONTH", &self.by_month), ("BYSETPOS", &self.by_set_pos)]
        {
            if !values.is_empty() {
                add(format!("{key}={}", list(values)));
            }
        }
        if let Some(count) = self.count {
            add(format!("COUNT={count}"));
        }
        if let Some(until) = self.until {
            add(format!("UNTIL={}", until.strftime("%Y%m%d")));
        }
        text
    }

    /// Its days from its first one to `end`, `days` where a weekly rule names none.
    pub fn days(&self, first: Date, end: Date, days: &[Weekday]) -> BTreeSet<Date> {
        let mut found = Vec::new();
        let mut period = 0;
        loop {
            let (mut set, begin) = self.set(first, period * self.interval, days);
            if begin > end {
                break;
            }
            set.sort();
            set.dedup();
            if !self.by_set_pos.is_empty() {
                let len = set.len() as i32;
                let at = |p: &i32| if *p > 0 { *p - 1 } else { len + *p };
                let mut picked: Vec<Date> = self
                    .by_set_pos
                    .iter()
                    .map(at)
                    .filter(|i| (0..len).contains(i))
                    .map(|i| set[i as usize])
                    .collect();
                picked.sort();
                picked.dedup();
                set = picked;
            }
            found.extend(set.into_iter().filter(|d| *d >= first));
            period += 1;
        }
        found.retain(|d| self.until.is_none_or(|until| *d <= until));
        if let Some(count) = self.count {
            found.truncate(count);
        }
        found.into_iter().filter(|d| *d <= end).collect()
    }

    /// The days of a period, so many after the first, before their positions count; and when the period begins.
    fn set(&self, first: Date, after: i32, days: &[Weekday]) -> (Vec<Date>, Date) {
        match self.freq {
            Freq::Daily => {
                let day = first + i64::from(after).days();
                (vec![day].into_iter().filter(|d| self.limits(*d)).collect(), day)
            }
            Freq::Weekly => {
                let mut begin = first;
                while begin.weekday() != self.week_start {
                    begin = begin.yesterday().unwrap();
                }
                begin += i64::from(after * 7).days();
                let mut names: Vec<Weekday> = self.by_day.iter().map(|(_, d)| *d).collect();
                if names.is_empty() {
                    names = days.to_vec();
                }
                if names.is_empty() {
                    names.push(first.weekday());
                }
                let week = (0..7).map(|n: i64| begin + n.days());
                // A week that is cut by the first day has its positions from that day on.
                let set = week.filter(|d| *d >= first && names.contains(&d.weekday()) && self.in_month(*d));
                (set.collect(), begin)
            }
            Freq::Monthly => {
                let begin = first.first_of_month() + i64::from(after).months();
                (if self.in_month(begin) { self.month(first, begin) } else { Vec::new() }, begin)
            }
            Freq::Yearly => {
                let begin = first.first_of_year() + i64::from(after).years();
                (self.year(first, begin), begin)
            }
        }
    }

    fn year(&self, first: Date, begin: Date) -> Vec<Date> {
        let months = |which: &dyn Fn(Date) -> bool| -> Vec<Date> {
            (0..12).map(|m: i64| begin + m.months()).filter(|m| which(*m)).collect()
        };
        if !self.by_month.is_empty() {
            return months(&|m| self.in_month(m)).into_iter().flat_map(|m| self.month(first, m)).collect();
        }
        if !self.by_month_day.is_empty() {
            let mut all: Vec<Date> = months(&|_| true).into_iter().flat_map(|m| self.month_days(m)).collect();
            if !self.by_day.is_empty() {
                let named = self.weekdays(begin, begin.last_of_year());
                all.retain(|d| named.contains(d));
            }
            return all;
        }
        if !self.by_day.is_empty() {
            return self.weekdays(begin, begin.last_of_year());
        }
        Date::new(begin.year(), first.month(), first.day()).into_iter().collect()
    }

    fn month(&self, first: Date, begin: Date) -> Vec<Date> {
        match (self.by_month_day.is_empty(), self.by_day.is_empty()) {
            (true, true) => Date::new(begin.year(), begin.month(), first.day()).into_iter().collect(),
            (false, true) => self.month_days(begin),
            (true, false) => self.weekdays(begin, begin.last_of_month()),
            (false, false) => {
                let named = self.weekdays(begin, begin.last_of_month());
                self.month_days(begin).into_iter().filter(|d| named.contains(d)).collect()
            }
        }
    }

    fn month_days(&self, begin: Date) -> Vec<Date> {
        let last = i32::from(begin.days_in_month());
        let day = |n: &i32| if *n > 0 { *n } else { last + 1 + *n };
        let days = self.by_month_day.iter().map(day).filter(|n| (1..=last).contains(n));
        days.map(|n| Date::new(begin.year(), begin.month(), n as i8).unwrap()).collect()
    }

    /// The named days of the week from one date to another, by their numbers where they have some.
    fn weekdays(&self, begin: Date, end: Date) -> Vec<Date> {
        let mut all = Vec::new();
        for (number, day) in &self.by_day {
            let these: Vec<Date> =
                begin.series(1.day()).take_while(|d| *d <= end).filter(|d| d.weekday() == *day).collect();
            let len = these.len() as i32;
            match *number {
                0 => all.extend(these),
                n => {
                    let at = if n > 0 { n - 1 } else { len + n };
                    all.extend(usize::try_from(at).ok().and_then(|at| these.get(at)));
                }
            }
        }
        all
    }

    fn in_month(&self, date: Date) -> bool {
        self.by_month.is_empty() || self.by_month.contains(&i32::from(date.month()))
    }

    fn limits(&self, date: Date) -> bool {
        let by_end = i32::from(date.day()) - 1 - i32::from(date.days_in_month());
        self.in_month(date)
            && (self.by_day.is_empty() || self.by_day.iter().any(|(_, d)| *d == date.weekday()))
            && (self.by_month_day.is_empty()
                || self.by_month_day.iter().any(|n| *n == i32::from(date.day()) || *n == by_end))
    }
}

/// A rule with the days of its rotation worked out.
pub struct Reading<'r> {
    rule: &'r Rule,
    turns: Option<BTreeSet<Date>>,
}

impl<'r> Reading<'r> {
    pub fn new(rule: &'r Rule, end: Date) -> Self {
        let turns = rule.rrule.as_ref().map(|r| r.days(rule.from.unwrap(), end, &rule.days));
        Self { rule, turns }
    }

    /// Whether hours that begin on a day are meant.
    fn day(&self, date: Date) -> bool {
        let within = |runs: &Vec<(Date, Date)>| {
            let mut holds = false;
            for (first, last) in runs {
                holds |= *first <= date && date <= *last;
            }
            holds
        };
        let rule = self.rule;
        if rule.from.is_some_and(|from| date < from) || rule.until.is_some_and(|until| until < date) {
            return false;
        }
        if !rule.days.is_empty() && !rule.days.contains(&date.weekday()) {
            return false;
        }
        if self.turns.as_ref().is_some_and(|turns| !turns.contains(&date)) {
            return false;
        }
        if !rule.calendars.is_empty() && !rule.calendars.iter().any(within) {
            return false;
        }
        !rule.not_calendars.iter().any(within)
    }

    /// Whether the rule holds at a minute of the clock.
    pub fn holds(&self, at: DateTime) -> bool {
        let rule = self.rule;
        if rule.not_dayparts.iter().any(|part| !part.days_of(at).is_empty()) {
            return false;
        }
        let parts: Vec<Date> = rule.dayparts.iter().flat_map(|part| part.days_of(at)).collect();
        if !rule.hours.is_empty() {
            let begun = days_of(&rule.hours, at);
            return begun.iter().any(|d| self.day(*d)) && (rule.dayparts.is_empty() || !parts.is_empty());
        }
        if !rule.dayparts.is_empty() {
            return parts.iter().any(|d| self.day(*d));
        }
        self.day(at.date())
    }
}

impl Part {
    fn days_of(&self, at: DateTime) -> Vec<Date> {
        let mut begun = if self.hours.is_empty() { vec![at.date()] } else { days_of(&self.hours, at) };
        begun.retain(|d| self.days.is_empty() || self.days.contains(&d.weekday()));
        begun
    }
}

/// The days on which those of the hours began within which a minute lies: counted out from today and yesterday.
fn days_of(hours: &[(i32, i32)], at: DateTime) -> Vec<Date> {
    let now = i32::from(at.hour()) * 60 + i32::from(at.minute());
    let mut begun = Vec::new();
    for (from, until) in hours {
        let length = if until > from { until - from } else { until + 1440 - from };
        for ago in [0, 1] {
            let minute = now + ago * 1440;
            if (*from..from + length).contains(&minute) {
                begun.extend(at.date().checked_sub(i64::from(ago).days()));
            }
        }
    }
    begun
}
