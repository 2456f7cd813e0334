//! Random rules, the same for the same seed. Invariant: each is written as staff could write it.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::oracle::{Freq, Part, Rotation, Rule};

pub struct Random(StdRng);

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    pub fn chance(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    pub fn within(&mut self, range: std::ops::Range<i32>) -> i32 {
        self.0.random_range(range)
    }

    fn some<T: Clone>(&mut self, of: &[T], most: i32) -> Vec<T> {
        let count = self.within(1..most + 1);
        (0..count).map(|_| of[self.within(0..of.len() as i32) as usize].clone()).collect()
    }

    pub fn days(&mut self) -> Vec<Weekday> {
        self.some(&WEEK, 4)
    }

    /// Often across midnight, at the hours in which clocks are set, or all day.
    pub fn hours(&mut self) -> (i32, i32) {
        match self.within(0..10) {
            0 => (0, 0),
            1 => (self.within(60..240), self.within(60..240)),
            2 => (22 * 60, self.within(0..300)),
            3 => (self.within(1380..1440), self.within(0..5)),
            4 => (0, self.within(1..180)),
            5 => (self.within(1200..1440), 0),
            _ => (self.within(0..1440), self.within(0..1440)),
        }
    }

    fn many_hours(&mut self) -> Vec<(i32, i32)> {
        (0..self.within(1..4)).map(|_| self.hours()).collect()
    }

    fn part(&mut self) -> Part {
        let days = if self.chance(40) { self.days() } else { Vec::new() };
        Part { hours: self.many_hours(), days }
    }

    pub fn date(&mut self, year: i16) -> Date {
        Date::new(year, 1, 1).unwrap() + i64::from(self.within(0..365)).days()
    }

    fn calendar(&mut self, year: i16) -> Vec<(Date, Date)> {
        let run = |this: &mut Self| {
            let first = this.date(year);
            (first, first + i64::from(this.within(0..20)).days())
        };
        let count = self.within(1..30);
        (0..count).map(|_| run(self)).collect()
    }

    pub fn rotation(&mut self, first: Date) -> Rotation {
        let freq = [Freq::Daily, Freq::Weekly, Freq::Weekly, Freq::Monthly, Freq::Yearly];
        let freq = freq[self.within(0..5) as usize];
        let months = matches!(freq, Freq::Monthly | Freq::Yearly);
        let mut rotation = Rotation {
            freq,
            interval: if self.chance(50) { 1 } else { self.within(1..9) },
            count: None,
            until: None,
            by_day: Vec::new(),
            by_month_day: Vec::new(),
            by_month: Vec::new(),
            by_set_pos: Vec::new(),
            week_start: if self.chance(70) { Weekday::Monday } else { self.days()[0] },
        };
        if self.chance(50) {
            rotation.by_day = self.days().into_iter().map(|d| (0, d)).collect();
            if months && self.chance(60) {
                for day in &mut rotation.by_day {
                    day.0 = [1, 2, 3, 4, -1, -2, 5, 0][self.within(0..8) as usize];
                }
            }
        }
        if freq != Freq::Weekly && self.chance(30) {
            rotation.by_month_day = self.some(&[1, 2, 13, 15, 28, 29, 30, 31, -1, -2, -7, -31], 4);
        }
        if self.chance(25) {
            rotation.by_month = self.some(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 5);
        }
        if freq != Freq::Daily && self.chance(25) {
            rotation.by_set_pos = self.some(&[1, 2, 3, -1, -2, 5], 2);
        }
        match self.within(0..6) {
            0 => rotation.count = Some(self.within(1..40) as usize),
            1 => rotation.until = Some(first + i64::from(self.within(0..500)).days()),
            _ => {}
        }
        rotation
    }

    pub fn rule(&mut self, year: i16) -> Rule {
        let mut rule = Rule::default();
        if self.chance(40) {
            rule.days = self.days();
        }
        if self.chance(60) {
            rule.hours = self.many_hours();
        }
        if self.chance(40) {
            let begin = if self.chance(30) { year - self.within(1..30) as i16 } else { year };
            rule.from = Some(self.date(begin));
        }
        if self.chance(30) {
            let first = rule.from.unwrap_or_else(|| self.date(year));
            rule.until = Some(first + i64::from(self.within(0..400)).days());
        }
        if rule.from.is_some() && self.chance(60) {
            rule.rrule = rule.from.map(|from| self.rotation(from));
        }
        if self.chance(25) {
            rule.dayparts = (0..self.within(1..3)).map(|_| self.part()).collect();
        }
        if self.chance(15) {
            rule.not_dayparts = vec![self.part()];
        }
        if self.chance(15) {
            rule.calendars = (0..self.within(1..3)).map(|_| self.calendar(year)).collect();
        }
        if self.chance(20) {
            rule.not_calendars = vec![self.calendar(year)];
        }
        rule
    }
}
