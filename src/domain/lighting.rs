//! When a screen is lit, how brightly, and when its panel needs power. Pure: time is an argument.
//! Invariant: a screen of which nothing is said is always on, and fully bright.
//!
//! Hours are the hall's wall clock's, as those of a playlist's rules are (see [`super::schedule`]): those that the
//! clock shows twice hold twice, and the days are those on which the hours begin.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};

use super::schedule::When;

/// How long a screen takes to become lighter or darker, from one level to any other.
pub const FADE: Duration = Duration::from_secs(3);
/// How long before it is to show something a panel is given power: televisions take some seconds to light up.
pub const AHEAD: SignedDuration = SignedDuration::from_secs(15);
/// How long after it went dark a panel keeps its power: longer than [`FADE`], so that it never goes off in the middle.
pub const AFTER: SignedDuration = SignedDuration::from_secs(5);
/// Fully bright, as a share of a picture's sRGB values, of 255.
pub const FULL: u8 = 255;
/// The exponent between a screen's values and its light. sRGB's curve is nearly this power, and that of LED walls and
/// televisions is: then making all values darker by one factor makes all light darker by one factor.
const GAMMA: f64 = 2.2;

/// When a screen is on, and how bright.
#[derive(Debug, Clone, PartialEq)]
pub struct Lighting {
    /// It is on while any of these holds; none: always.
    pub on: Vec<When>,
    /// How bright it is, as a share of its light, while this holds; the first that holds counts.
    pub dim: Vec<(When, f64)>,
    /// How bright it is where none of them holds, 0 to 1.
    pub brightness: f64,
}

impl Default for Lighting {
    fn default() -> Self {
        Self { on: Vec::new(), dim: Vec::new(), brightness: 1.0 }
    }
}

impl Lighting {
    /// Whether the screen is on at a moment of the hall's civil time.
    pub fn on(&self, at: DateTime) -> bool {
        self.on.is_empty() || self.on.iter().any(|when| when.holds(at))
    }

    /// How bright the screen is at a moment of the hall's civil time where it is on, as a share of its light, 0 to 1.
    pub fn brightness(&self, at: DateTime) -> f64 {
        self.dim.iter().find(|(when, _)| when.holds(at)).map_or(self.brightness, |(_, share)| *share)
    }

    /// What a picture's sRGB values are multiplied by, of 255; 0 where the screen is off.
    pub fn level(&self, at: DateTime) -> u8 {
        // A screen that is on is never black.
        if self.on(at) { level(self.brightness(at)).max(1) } else { 0 }
    }

    /// Whether the panel needs power: from [`AHEAD`] before the screen is on until [`AFTER`] it.
    pub fn needs_power(&self, at: Timestamp, zone: &TimeZone) -> bool {
        let civil = |by: SignedDuration| zone.to_datetime(at.saturating_add(by).unwrap_or(at));
        [SignedDuration::ZERO, AHEAD, -AFTER].into_iter().any(|by| self.on(civil(by)))
    }
}

/// What values are multiplied by, of 255, so that the light is this share of what it was.
pub fn level(share: f64) -> u8 {
    (share.clamp(0.0, 1.0).powf(GAMMA.recip()) * f64::from(FULL)).round() as u8
}

/// A level on its way to another, evenly in sRGB values, which is about evenly to the eye.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Fading {
    /// `None` until the first step, which goes nowhere.
    way: Option<Way>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Way {
    from: u8,
    to: u8,
    since: Duration,
}

impl Fading {
    /// The level at `now`, monotonic time, on its way to `to`; `at_once` it is there.
    pub fn step(&mut self, to: u8, at_once: bool, now: Duration) -> u8 {
        let level = match self.way {
            Some(way) if !at_once => way.level(now),
            _ => to,
        };
        if self.way.is_none_or(|way| at_once || way.to != to) {
            self.way = Some(Way { from: level, to, since: now });
        }
        level
    }
}

impl Way {
    fn level(self, now: Duration) -> u8 {
        let share = now.saturating_sub(self.since).as_secs_f64() / FADE.as_secs_f64();
        let (from, to) = (f64::from(self.from), f64::from(self.to));
        (from + (to - from) * share.min(1.0)).round() as u8
    }
}

#[cfg(test)]
mod tests;
