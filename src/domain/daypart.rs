//! Hours of the day, as people write them: `08:00-12:00`. Invariant: they hold at their beginning and no longer
//! at their end, also across midnight.

use jiff::civil::Time;

/// Hours of the day.
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
}
