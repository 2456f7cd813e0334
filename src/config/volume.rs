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
