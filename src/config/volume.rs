//! The volume by the time of day, and how a film makes room.
//! Invariant: the first hours that hold decide, and where none hold, the volume for all times.

use std::time::Duration;

use jiff::civil::Time;

use super::{Duck, Sound};

/// The volume that is wanted at a time of day, from 0 to 1.
pub fn volume(sound: &Sound, time: Time) -> f64 {
    sound.hours.iter().find(|(hours, _)| hours.contains(time)).map_or(sound.volume, |(_, volume)| *volume)
}

/// Whether nothing is ever to be heard, at any time of day.
pub fn is_mute(sound: &Sound) -> bool {
    sound.volume <= 0.0 && sound.hours.iter().all(|(_, volume)| *volume <= 0.0)
}

impl Default for Duck {
    fn default() -> Self {
        Self { db: -18.0, down: Duration::from_millis(250), up: Duration::from_millis(600) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::daypart::Hours;

    #[test]
    fn mute_is_what_is_never_to_be_heard() {
        let all_day = Hours { from: Time::midnight(), until: Time::midnight() };
        let hours = |volume| vec![(all_day, volume)];
        for (volume, hours, mute) in [
            (0.0, Vec::new(), true),
            (0.0, hours(0.0), true),
            (0.0, hours(0.4), false),
            (0.9, Vec::new(), false),
            (0.9, hours(0.0), false),
        ] {
            assert_eq!(is_mute(&Sound { volume, hours, ..Sound::default() }), mute);
        }
    }
}
