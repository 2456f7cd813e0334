//! Frames that came onto the glass, and refreshes that passed without theirs while something moved.
//! Invariant: a refresh counts at most once, and only where a frame was wanted for it.
//!
//! **What counts as dropped**: while something moves, a frame is wanted at each refresh. One that begins a whole
//! period or more after it was due has missed as many refreshes as periods passed; so has a picture that the
//! window would not take. Where the loop was not asked for a frame for over [`PAUSE`], nobody looked: a compositor
//! asks for none while its outputs are off. What our own work took of that time counts all the same.

use std::time::{Duration, Instant};

use bevy::prelude::*;

use crate::{
    clock,
    state::{Now, Playing, Presented, Shows},
};

/// A longer time without a frame is no late frame: the compositor asked for none, or the machine slept.
const PAUSE: Duration = Duration::from_secs(1);

/// What of the frames is known in this one.
#[derive(Resource, Debug, Default)]
pub(super) struct Misses {
    /// When this frame began, and how long the one before it worked.
    begun: Option<Instant>,
    worked: Duration,
    /// Refreshes that were missed and are not counted yet.
    waiting: u64,
}

impl Misses {
    /// A frame begins `late` after it was due, with `period` between two refreshes; `moving` is whether something
    /// moved in the one before.
    pub(super) fn begin(&mut self, late: Duration, period: Duration, moving: bool) {
        self.begun = Some(Instant::now());
        if moving {
            self.waiting += missed(late, period, self.worked);
        }
    }

    /// The window would not take a picture.
    pub(super) fn refused(&mut self, count: u64) {
        self.waiting += count;
    }
}

/// How many refreshes were missed by a frame that begins `late`, where the frame before it worked so long.
fn missed(late: Duration, period: Duration, worked: Duration) -> u64 {
    let late = if late > PAUSE { late.min(worked) } else { late };
    let periods = late.as_secs_f64() / period.as_secs_f64().max(0.001);
    // A hair under a whole period is one: a beat is only exact to the loop's timer.
    (periods + 1e-6) as u64
}

/// Counts for every presenter.
pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Shows>().init_resource::<Misses>().add_systems(Last, count);
}

fn count(
    mut shows: ResMut<Shows>,
    mut misses: ResMut<Misses>,
    mut playing: ResMut<Playing>,
    (presented, now): (Res<Presented>, Res<Now>),
) {
    let shown = presented.is_changed() && presented.0.is_some();
    let dropped = std::mem::take(&mut misses.waiting);
    let now = clock::real(now.mono);
    shows.count(now, u64::from(shown), dropped);
    let rate = shows.rate(now) as f32;
    if playing.fps != rate {
        playing.fps = rate;
    }
    misses.worked = misses.begun.map(|begun| begun.elapsed()).unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: Duration = Duration::from_micros(16_667);

    #[test]
    fn a_frame_misses_as_many_refreshes_as_periods_passed() {
        let missed = |ms: u64| missed(Duration::from_micros(ms * 1_000), PERIOD, Duration::ZERO);
        assert_eq!([0, 5, 16, 17, 33, 34, 100, 1_000].map(missed), [0, 0, 0, 1, 1, 2, 5, 59]);
    }

    #[test]
    fn a_pause_is_no_late_frame_but_our_own_work_is() {
        let hour = Duration::from_secs(3_600);
        assert_eq!(missed(hour, PERIOD, Duration::from_millis(3)), 0);
        assert_eq!(missed(hour, PERIOD, Duration::from_secs(2)), 119);
        assert_eq!(missed(Duration::from_millis(1_500), PERIOD, hour), 89);
    }

    #[test]
    fn nothing_is_dropped_while_nothing_moves() {
        let mut misses = Misses::default();
        misses.begin(Duration::from_millis(200), PERIOD, false);
        assert_eq!(misses.waiting, 0);
        misses.begin(Duration::from_millis(200), PERIOD, true);
        misses.refused(1);
        assert_eq!(misses.waiting, 12);
    }
}
