//! The refresh: which frames move the running text, and when exactly they are due. Invariant: it counts once a
//! period, however many frames an event adds, and never twice in one frame: text that is late goes on, it
//! does not jump.

use std::time::Duration;

/// Counts refreshes by the monotonic time of frames.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pace {
    /// When the next refresh begins at the earliest.
    due: Option<Duration>,
}

impl Pace {
    /// How long after it was due the frame at `now` is; zero for one in time, and for the first.
    pub(super) fn late(&self, now: Duration) -> Duration {
        self.due.map_or(Duration::ZERO, |due| now.saturating_sub(due))
    }

    /// Whether the frame at `now` is a refresh, with `period` between two; if so, when its beat was: frames
    /// come a little after it, as an event loop's timer is only exact to a millisecond.
    pub(super) fn step(&mut self, now: Duration, period: Duration) -> Option<Duration> {
        // A frame may come a little before the beat that was thought: the first one came late then.
        let slack = period / 8;
        let beat = match self.due {
            Some(due) if now + slack < due => return None,
            Some(due) if now < due => now,
            // A frame that is late does not shift the beat, unless a whole one was lost.
            Some(due) if now < due + period => due,
            _ => now,
        };
        self.due = Some(beat + period);
        Some(beat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: Duration = Duration::from_micros(16_667);

    fn beats(times: impl IntoIterator<Item = u64>) -> Vec<u128> {
        let mut pace = Pace::default();
        let step = |us| pace.step(Duration::from_micros(us), PERIOD).map(|beat| beat.as_micros());
        times.into_iter().filter_map(step).collect()
    }

    #[test]
    fn an_event_between_two_refreshes_does_not_count() {
        let ticks = (0..600).map(|k| k * 16_667);
        let mut with_events: Vec<u64> = ticks.clone().chain((0..600).map(|k| k * 16_667 + 5_000)).collect();
        with_events.sort_unstable();
        assert_eq!(beats(ticks).len(), 600);
        assert_eq!(beats(with_events).len(), 600);
    }

    #[test]
    fn late_frames_do_not_shift_the_beat() {
        let beats = beats((0..600).map(|k| k * 16_667 + [900, 0, 300, 9_000][k as usize % 4]));
        assert_eq!(beats.len(), 600);
        // From the second frame on, which came at its time, each beat is a period after the one before.
        assert!(beats[1..].windows(2).all(|w| w[1] - w[0] == 16_667));
    }

    #[test]
    fn after_a_stall_it_goes_on_without_a_jump() {
        assert_eq!(beats([0, 16_667, 1_000_000, 1_000_100, 1_016_667]).len(), 4);
    }
}
