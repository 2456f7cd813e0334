//! The link's times: how long it waits for what, and how often it speaks of the same trouble.
//! Invariant: nothing here reads a clock; time and chance are arguments.

use std::time::Duration;

use bevy::prelude::Resource;

/// How long the link waits for what. The default is what `protocol.md` says; tests shorten it.
#[derive(Resource, Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// From the first byte sent to the end of the WebSocket handshake.
    pub connect: Duration,
    /// Between two pings.
    pub ping: Duration,
    /// A connection with nothing received for this long is dead.
    pub silence: Duration,
    /// A snapshot that is due and has not come by then: the link reconnects.
    pub snapshot: Duration,
    /// Between two status reports.
    pub status: Duration,
    /// The first wait before reconnecting.
    pub first_wait: Duration,
    /// The longest wait before reconnecting.
    pub longest_wait: Duration,
    /// How long a lost connection may be lost before what is shown is marked as stale.
    pub grace: Duration,
    /// The least between two writes of the state file.
    pub store: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            ping: Duration::from_secs(10),
            silence: Duration::from_secs(30),
            snapshot: Duration::from_secs(5),
            status: Duration::from_secs(10),
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(15),
            grace: Duration::from_secs(3),
            store: Duration::from_secs(1),
        }
    }
}

/// How far a wait may lie from its nominal length, so that the displays of a hall do not all come back
/// to a restarted server in the same moment.
const JITTER: f64 = 0.25;

/// How long to wait before the next attempt to connect.
#[derive(Debug, Clone)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl Backoff {
    /// Starts at `timing.first_wait`.
    pub fn new(timing: &Timing) -> Self {
        Self { first: timing.first_wait, longest: timing.longest_wait, next: timing.first_wait }
    }

    /// The next wait; the one after it is twice as long. `chance` is uniform in 0..1. A wait is within a
    /// quarter of its nominal length and never above the longest.
    pub fn wait(&mut self, chance: f64) -> Duration {
        let nominal = self.next.min(self.longest);
        self.next = nominal.saturating_mul(2).min(self.longest);
        nominal.mul_f64(1.0 - JITTER + 2.0 * JITTER * chance.clamp(0.0, 1.0)).min(self.longest)
    }

    /// A good snapshot came: the next trouble starts with a short wait again.
    pub fn reset(&mut self) {
        self.next = self.first;
    }
}

/// Holds a stream of like log lines to one a second, and knows how many it held back.
#[derive(Debug, Clone, Default)]
pub struct LineRate {
    last: Option<Duration>,
    held_back: u64,
}

/// The least between two lines.
const BETWEEN_LINES: Duration = Duration::from_secs(1);

impl LineRate {
    /// Whether a line may be written at `now` (monotonic): if so, how many were held back before it.
    pub fn allow(&mut self, now: Duration) -> Option<u64> {
        if self.last.is_some_and(|last| now.saturating_sub(last) < BETWEEN_LINES) {
            self.held_back += 1;
            return None;
        }
        self.last = Some(now);
        Some(std::mem::take(&mut self.held_back))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_start_anew_after_a_snapshot() {
        let mut backoff = Backoff::new(&Timing::default());
        let waits: Vec<u64> = (0..8).map(|_| u64::try_from(backoff.wait(0.5).as_millis()).unwrap()).collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
        backoff.reset();
        assert_eq!(backoff.wait(0.5), Duration::from_millis(500));
        assert_eq!(backoff.wait(0.5), Duration::from_millis(1000));
    }

    #[test]
    fn jitter_stays_within_a_quarter_and_below_the_longest() {
        for step in 0..=20_u32 {
            let chance = f64::from(step) / 20.0;
            let mut backoff = Backoff::new(&Timing::default());
            let first = backoff.wait(chance);
            assert!((375..=625).contains(&first.as_millis()), "{first:?}");
            for _ in 0..10 {
                assert!(backoff.wait(chance) <= Duration::from_secs(15));
            }
            assert!(backoff.wait(chance) >= Duration::from_millis(11_250));
        }
        let mut low = Backoff::new(&Timing::default());
        let mut high = Backoff::new(&Timing::default());
        assert_ne!(low.wait(0.1), high.wait(0.9));
    }

    #[test]
    fn one_line_a_second_and_the_rest_are_counted() {
        let mut rate = LineRate::default();
        let at = Duration::from_millis;
        assert_eq!(rate.allow(at(5)), Some(0));
        for now in 6..1005 {
            assert_eq!(rate.allow(at(now)), None, "at {now} ms");
        }
        assert_eq!(rate.allow(at(1005)), Some(999));
        assert_eq!(rate.allow(at(1006)), None);
        assert_eq!(rate.allow(at(9000)), Some(1));
    }
}
