//! The refresh: which frames move the running text. Invariant: it counts once a period, however many frames
//! an event adds, and never twice in one frame: text that is late goes on, it does not jump.

use std::time::Duration;

/// Counts refreshes by the monotonic time of frames.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pace {
    due: Option<Duration>,
}

impl Pace {
    /// Whether the frame at `now` is a refresh, with `period` between two.
    pub(super) fn step(&mut self, now: Duration, period: Duration) -> bool {
        // A frame may come a little before its time, as the first one came late.
        let slack = period / 8;
        match self.due {
            Some(due) if now + slack < due => false,
            Some(due) => {
                // A frame that came early tells where the beat truly is; one that came late does not shift
                // it, unless a whole beat was lost.
                let next = if now < due { now + period } else { due + period };
                self.due = Some(if next <= now { now + period } else { next });
                true
            }
            None => {
                self.due = Some(now + period);
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: Duration = Duration::from_micros(16_667);

    fn counts(times: impl IntoIterator<Item = u64>) -> usize {
        let mut pace = Pace::default();
        times.into_iter().filter(|us| pace.step(Duration::from_micros(*us), PERIOD)).count()
    }

    #[test]
    fn an_event_between_two_refreshes_does_not_count() {
        let beats = (0..600).map(|k| k * 16_667);
        let mut with_events: Vec<u64> = beats.clone().chain((0..600).map(|k| k * 16_667 + 5_000)).collect();
        with_events.sort_unstable();
        assert_eq!(counts(beats), 600);
        assert_eq!(counts(with_events), 600);
    }

    #[test]
    fn late_frames_do_not_shift_the_beat() {
        assert_eq!(counts((0..600).map(|k| k * 16_667 + [0, 3_000, 9_000][k as usize % 3])), 600);
    }

    #[test]
    fn after_a_stall_it_goes_on_without_a_jump() {
        assert_eq!(counts([0, 16_667, 1_000_000, 1_000_100, 1_016_667]), 4);
    }
}
