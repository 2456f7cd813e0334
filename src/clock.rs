//! The clocks, read once a frame: nothing after this asks what time it is.
//! Invariant: monotonic time never goes back, whatever the wall clock does.
//!
//! For tests that take a day, the program's time can go faster than the machine's ([`hasten`]): the clock on the
//! screen, schedules, how long items stay, what is written down. What is bound to something outside stays real,
//! by [`real`] or by a clock of its own: sound and with it the order of calls, films, the refresh, the network's
//! time-outs, how long a folder has to rest. Where nobody hastens it, both are the same to the nanosecond.

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

use bevy::prelude::*;
use jiff::Timestamp;

use crate::state::{Now, Settings};

/// The system set in `First` after which `Now` is this frame's.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tick;

#[derive(Resource)]
struct Start(Instant);

/// How the program's time goes, where it is not the machine's.
#[derive(Debug, Clone, Copy)]
struct Haste {
    /// So many seconds pass in one.
    speed: u32,
    /// When it began, by the machine, and what the wall clock said then.
    begun: Instant,
    from: Timestamp,
}

static HASTE: OnceLock<Haste> = OnceLock::new();

/// From now on, and for the program's life, time passes `speed` times as fast, and the wall clock goes on from
/// `from`. It is for the start of a test, before anything asks for the time; a second time it does nothing.
pub fn hasten(speed: u32, from: Timestamp) {
    let _ = HASTE.set(Haste { speed: speed.max(1), begun: Instant::now(), from });
}

/// How many seconds pass in one of the machine's.
pub fn speed() -> u32 {
    HASTE.get().map_or(1, |haste| haste.speed)
}

/// The wall clock now, for threads that write down when something happened.
pub fn wall() -> Timestamp {
    match HASTE.get() {
        None => Timestamp::now(),
        Some(haste) => haste.wall(haste.begun.elapsed()),
    }
}

/// A time of [`Now::mono`], or between two, in the machine's time.
pub fn real(time: Duration) -> Duration {
    time / speed()
}

/// A time of the machine's as [`Now::mono`] counts it.
pub fn hall(time: Duration) -> Duration {
    time.saturating_mul(speed())
}

impl Haste {
    fn wall(&self, passed: Duration) -> Timestamp {
        self.from.checked_add(passed.saturating_mul(self.speed)).unwrap_or(Timestamp::MAX)
    }
}

/// Reads the clocks at the start of each frame.
pub(crate) fn plugin(app: &mut App) {
    let zone = app.world().resource::<Settings>().hall.timezone.clone();
    app.insert_resource(Start(Instant::now()));
    app.insert_resource(Now { wall: wall(), mono: Duration::ZERO, zone });
    app.add_systems(First, read.in_set(Tick));
}

fn read(start: Res<Start>, mut now: ResMut<Now>) {
    now.mono = hall(start.0.elapsed());
    now.wall = wall();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unhastened_time_is_the_machines() {
        let odd = Duration::new(86_399, 999_999_999);
        assert_eq!((speed(), real(odd), hall(odd)), (1, odd, odd));
        assert_eq!(real(Duration::MAX), Duration::MAX);
        let (before, now, after) = (Timestamp::now(), wall(), Timestamp::now());
        assert!(before <= now && now <= after);
    }

    #[test]
    fn hastened_time_goes_on_from_where_it_was_said_to() {
        let from: Timestamp = "2026-11-21T00:00:00Z".parse().unwrap();
        let haste = Haste { speed: 60, begun: Instant::now(), from };
        assert_eq!(haste.wall(Duration::ZERO), from);
        assert_eq!(haste.wall(Duration::from_secs(24 * 60)).to_string(), "2026-11-22T00:00:00Z");
        assert_eq!(haste.wall(Duration::MAX), Timestamp::MAX, "it does not break");
    }
}
