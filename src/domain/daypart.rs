//! Hours of the day, as people write them: `08:00-12:00`. Invariant: they hold at their beginning and no longer
//! at their end, also across midnight.

use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use thiserror::Error;

/// Hours of the day, as `08:00-12:00`, `08.00-12.00` or, to midnight, `18:00-24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// When they begin.
    pub from: Time,
    /// When they end; before `from`: on the next day; the same as `from`: all day.
    pub until: Time,
}

impl Hours {
    /// Whether they hold at this time of day.
    pub fn contains(self, time: Time) -> bool {
        if self.from < self.until {
            (self.from..self.until).contains(&time)
        } else {
            time >= self.from || time < self.until
        }
    }

    /// The day on which these hours began, where they hold at this moment.
    pub fn begun(self, at: DateTime) -> Option<Date> {
        let (date, time) = (at.date(), at.time());
        match self.contains(time) {
            false => None,
            // Past midnight they began the day before.
            true if self.from >= self.until && time < self.until => date.yesterday().ok(),
            true => Some(date),
        }
    }
}

/// A text that says no hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not hours such as `08:00-12:00`")]
pub struct NotHours;

impl FromStr for Hours {
    type Err = NotHours;

    fn from_str(text: &str) -> Result<Self, NotHours> {
        let (from, until) = text.split_once(['-', '–']).ok_or(NotHours)?;
        let until = match until.trim() {
            "24:00" | "24.00" => Time::midnight(),
            until => time(until)?,
        };
        Ok(Self { from: time(from.trim())?, until })
    }
}

/// A time of day: hours and minutes with a colon or a full stop between them.
fn time(text: &str) -> Result<Time, NotHours> {
    let (hour, minute) = text.split_once([':', '.']).ok_or(NotHours)?;
    let number = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        let is_number = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<i8>().ok().filter(|_| is_number).ok_or(NotHours)
    };
    Time::new(number(hour, 1..=2)?, number(minute, 2..=2)?, 0, 0).map_err(|_| NotHours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        let hours = |from: (i8, i8), until: (i8, i8)| {
            let time = |(hour, minute)| Time::constant(hour, minute, 0, 0);
            Ok(Hours { from: time(from), until: time(until) })
        };
        for (text, right) in [
            ("08:00-12:00", hours((8, 0), (12, 0))),
            ("08.00-12.30", hours((8, 0), (12, 30))),
            (" 8:05 – 12:00 ", hours((8, 5), (12, 0))),
            ("18:00-07:00", hours((18, 0), (7, 0))),
            ("18:00-24:00", hours((18, 0), (0, 0))),
            ("00:00-24.00", hours((0, 0), (0, 0))),
        ] {
            assert_eq!(text.parse(), right, "{text}");
        }
        for text in [
            "",
            "08:00",
            "8-12",
            "08:60-09:00",
            "24:00-08:00",
            "08:0-12:00",
            "+8:00-12:00",
            "a-b",
            "25:00-26:00",
        ] {
            assert_eq!(text.parse::<Hours>(), Err(NotHours), "{text}");
        }
    }

    #[test]
    fn hours_hold_from_their_beginning_to_before_their_end() {
        let holds = |text: &str, hour, minute| {
            text.parse::<Hours>().is_ok_and(|h| h.contains(Time::constant(hour, minute, 0, 0)))
        };
        assert_eq!(
            [(7, 59), (8, 0), (11, 59), (12, 0)].map(|(h, m)| holds("08:00-12:00", h, m)),
            [false, true, true, false]
        );
        assert_eq!(
            [(17, 59), (18, 0), (0, 0), (6, 59), (7, 0)].map(|(h, m)| holds("18:00-07:00", h, m)),
            [false, true, true, true, false]
        );
        assert_eq!(
            [(17, 59), (23, 59), (0, 0)].map(|(h, m)| holds("18:00-24:00", h, m)),
            [false, true, false]
        );
        assert_eq!([(0, 0), (12, 0), (23, 59)].map(|(h, m)| holds("00:00-24:00", h, m)), [true; 3]);
    }
}
