//! When what a device takes is heard, from what it says at each turn and from how much it took.
//! Invariant: it runs evenly, however the device's turns come, and follows its quartz.
//!
//! A device asks for sound in bursts, and says its latency only roughly: both are wrong by milliseconds at each
//! turn, and right on average. What it took is exact. So the moment goes on by what was taken, and a little of
//! what the device says is mixed in.

use std::time::{Duration, Instant};

use super::{after, moved};

/// How long what the device says takes to be believed by two thirds: with a quartz that is off by 100 ppm the
/// moment lags by half a millisecond, and of 10 ms at each turn half of one is left.
const BELIEF: f64 = 5.0;
/// What is this far off, in seconds, was not said by a device that goes on as before: it stood still, or begins.
const ASTRAY: f64 = 0.03;
/// So many turns in a row have to say so: a single one is a mistake.
const SURE: u32 = 6;

/// A device's clock.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// When the first frame of the newest turn is heard.
    heard: Option<Instant>,
    /// How many turns there were, and how many of the last of them were astray.
    turns: u32,
    astray: u32,
}

impl Clock {
    /// When the first frame of a turn is heard, where the device says `said`, and `passed` was taken in the turn
    /// before it.
    pub(super) fn turn(&mut self, said: Instant, passed: Duration) -> Instant {
        let Some(before) = self.heard else { return *self.heard.insert(said) };
        let heard = before + passed;
        let off = after(said, heard);
        self.astray = if off.abs() > ASTRAY { self.astray + 1 } else { 0 };
        let heard = match self.astray {
            0 => {
                self.turns = self.turns.saturating_add(1);
                // The first turns are averaged: none of them is known to be better than the others.
                let share = (passed.as_secs_f64() / BELIEF).max(1.0 / (f64::from(self.turns) + 1.0));
                moved(heard, off * share.min(1.0))
            }
            SURE.. => {
                (self.turns, self.astray) = (0, 0);
                said
            }
            _ => heard,
        };
        *self.heard.insert(heard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A period of 1024 frames.
    const TURN: Duration = Duration::from_nanos(21_333_333);

    fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    /// The clock after `turns` turns, each heard a period after the one before and said to be up to 10 ms later;
    /// and what the last ought to be.
    fn after_turns(clock: &mut Clock, from: Instant, turns: u32) -> (Instant, Instant) {
        let mut heard = from;
        let mut truth = from;
        for turn in 0..turns {
            truth = from + TURN * turn;
            // Evenly spread over 10 ms, in an order that looks like none.
            let jitter = ms(u64::from(turn * 7 % 11));
            heard = clock.turn(truth + jitter, TURN);
        }
        (heard, truth + ms(5))
    }

    #[test]
    fn what_trembles_is_smoothed() {
        let begun = Instant::now();
        let mut clock = Clock::default();
        for turns in [100, 1_000] {
            let (heard, truth) = after_turns(&mut clock, begun, turns);
            assert!(after(heard, truth).abs() < 0.001, "off by {} s", after(heard, truth));
            clock = Clock::default();
        }
    }

    #[test]
    fn one_turn_that_is_wrong_changes_nothing_and_a_device_that_stood_still_is_followed() {
        let begun = Instant::now();
        let mut clock = Clock::default();
        let (heard, _) = after_turns(&mut clock, begun, 500);
        let next = clock.turn(heard + TURN + ms(500), TURN);
        assert_eq!(next, heard + TURN);
        let mut next = next;
        for turn in 1..=SURE {
            next = clock.turn(heard + TURN + TURN * turn + ms(100), TURN);
        }
        assert_eq!(next, heard + TURN + TURN * SURE + ms(100));
    }
}
