//! When a film's sound makes room for announcements, and when it comes back.
//! Invariant: between announcements that follow one another it does not come back, so that it never pumps.

use std::time::{Duration, Instant};

use crate::config;

/// What begins this soon after an announcement and its silence still finds the film soft: together with that
/// silence about a second after the last word.
const HOLD: Duration = Duration::from_millis(500);

/// The film's loudness as it was last asked for.
pub(super) struct Duck {
    settings: config::Duck,
    soft: bool,
    /// When it became silent; `None` while something sounds.
    silent_since: Option<Instant>,
}

/// A ramp of the film's loudness.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ramp {
    /// How loud it becomes, in dB.
    pub(super) db: f64,
    /// How long that takes.
    pub(super) over: Duration,
}

impl Duck {
    pub(super) fn new(settings: config::Duck) -> Self {
        Self { settings, soft: false, silent_since: None }
    }

    /// The film's loudness now that an announcement sounds, or none does; where it changes.
    pub(super) fn turn(&mut self, sounds: bool, now: Instant) -> Option<Ramp> {
        if sounds {
            self.silent_since = None;
            let ramp = Ramp { db: self.settings.db, over: self.settings.down };
            return (!std::mem::replace(&mut self.soft, true)).then_some(ramp);
        }
        let since = *self.silent_since.get_or_insert(now);
        if !self.soft || now.saturating_duration_since(since) < HOLD {
            return None;
        }
        self.soft = false;
        Some(Ramp { db: 0.0, over: self.settings.up })
    }

    /// How loud the film is to be without any ramp, on a device that was just opened.
    pub(super) fn level(&self) -> f64 {
        if self.soft { self.settings.db } else { 0.0 }
    }

    /// Whether a look is wanted soon: it is to come back.
    pub(super) fn waits(&self) -> bool {
        self.soft
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOWN: Ramp = Ramp { db: -18.0, over: Duration::from_millis(250) };
    const UP: Ramp = Ramp { db: 0.0, over: Duration::from_millis(600) };

    /// Each row is a moment in ms and whether something sounds then; what is asked of the film.
    fn turns(rows: &[(u64, bool)]) -> Vec<(u64, Ramp)> {
        let begun = Instant::now();
        let mut duck = Duck::new(config::Duck::default());
        let mut turn = |&(ms, sounds): &(u64, bool)| {
            duck.turn(sounds, begun + Duration::from_millis(ms)).map(|ramp| (ms, ramp))
        };
        rows.iter().filter_map(&mut turn).collect()
    }

    #[test]
    fn it_goes_down_at_once_and_comes_back_when_all_is_said() {
        let rows = [
            (0, false),
            (10, true),
            (500, true),
            (3_000, false),
            (3_400, false),
            (3_500, false),
            (9_000, false),
        ];
        assert_eq!(turns(&rows), [(10, DOWN), (3_500, UP)]);
    }

    #[test]
    fn between_announcements_it_stays_down() {
        let rows = [
            (0, true),
            (3_000, false),
            (3_450, true),
            (6_000, false),
            (6_499, false),
            (6_501, false),
            (6_502, true),
        ];
        assert_eq!(turns(&rows), [(0, DOWN), (6_501, UP), (6_502, DOWN)]);
    }
}
