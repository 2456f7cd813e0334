//! Whether what is shown is still true.
//! Invariant: once a state was known it is never `Waiting` again; only a snapshot makes it `Live`.

use std::time::Duration;

use jiff::Timestamp;

use crate::state::Freshness;

/// Follows the connection and says how fresh the hall is. Monotonic times are since the program's start.
#[derive(Debug, Clone, Default)]
pub struct Tracker {
    freshness: Freshness,
    /// When the connection was lost, and until when what is shown was known to be true.
    lost: Option<(Duration, Timestamp)>,
}

impl Tracker {
    /// How fresh the hall is.
    pub fn freshness(&self) -> &Freshness {
        &self.freshness
    }

    /// A snapshot came from the server.
    pub fn snapshot(&mut self) {
        self.freshness = Freshness::Live;
        self.lost = None;
    }

    /// The state came from disk, where it was true at `time`.
    pub fn remembered(&mut self, time: Timestamp) {
        if self.freshness == Freshness::Waiting {
            self.freshness = Freshness::Stale(time);
        }
    }

    /// The connection was lost at `now`; the last sign of life came at `heard`.
    pub fn lost(&mut self, now: Duration, heard: Timestamp) {
        if self.freshness == Freshness::Live && self.lost.is_none() {
            self.lost = Some((now, heard));
        }
    }

    /// Moves time on: a loss that lasts `grace` makes the hall stale.
    pub fn step(&mut self, now: Duration, grace: Duration) {
        if let Some((at, heard)) = self.lost
            && now.saturating_sub(at) >= grace
        {
            self.freshness = Freshness::Stale(heard);
            self.lost = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRACE: Duration = Duration::from_secs(3);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + seconds).unwrap()
    }

    #[test]
    fn a_short_loss_is_not_shown_and_a_long_one_is() {
        let mut tracker = Tracker::default();
        assert_eq!(*tracker.freshness(), Freshness::Waiting);
        tracker.snapshot();
        tracker.lost(Duration::from_secs(10), at(9));
        tracker.step(Duration::from_millis(12_999), GRACE);
        assert_eq!(*tracker.freshness(), Freshness::Live);
        tracker.snapshot();
        tracker.step(Duration::from_secs(60), GRACE);
        assert_eq!(*tracker.freshness(), Freshness::Live);
        tracker.lost(Duration::from_secs(70), at(65));
        tracker.lost(Duration::from_secs(72), at(72));
        tracker.step(Duration::from_secs(73), GRACE);
        assert_eq!(*tracker.freshness(), Freshness::Stale(at(65)));
        tracker.snapshot();
        assert_eq!(*tracker.freshness(), Freshness::Live);
    }

    #[test]
    fn with_no_state_ever_it_goes_on_waiting() {
        let mut tracker = Tracker::default();
        tracker.lost(Duration::from_secs(1), at(1));
        tracker.step(Duration::from_secs(100), GRACE);
        assert_eq!(*tracker.freshness(), Freshness::Waiting);
    }

    #[test]
    fn a_state_from_disk_is_stale_at_once_and_never_replaces_a_live_one() {
        let mut tracker = Tracker::default();
        tracker.remembered(at(0));
        assert_eq!(*tracker.freshness(), Freshness::Stale(at(0)));
        tracker.lost(Duration::from_secs(1), at(5));
        tracker.step(Duration::from_secs(100), GRACE);
        assert_eq!(*tracker.freshness(), Freshness::Stale(at(0)));
        tracker.snapshot();
        tracker.remembered(at(0));
        assert_eq!(*tracker.freshness(), Freshness::Live);
    }
}
