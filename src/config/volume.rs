//! The volume by the time of day.
//! Invariant: the first hours that hold decide, and where none hold, the volume for all times.

use jiff::civil::Time;

use super::Sound;

/// The volume that is wanted at a time of day, from 0 to 1.
pub fn volume(sound: &Sound, time: Time) -> f64 {
    sound.hours.iter().find(|(hours, _)| hours.contains(time)).map_or(sound.volume, |(_, volume)| *volume)
}
