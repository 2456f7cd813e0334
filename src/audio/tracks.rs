//! The mixer's tracks, the same on every device: announcements and films, together to the hall.
//! Invariant: all that sounds goes through the hall's volume and then through the limiter.

use std::time::Duration;

use jiff::civil::Time;
use kira::{
    AudioManager, AudioManagerSettings, Capacities, Decibels, Easing, ResourceLimitReached, StartTime, Tween,
    backend::Backend,
    track::{MainTrackBuilder, TrackBuilder, TrackHandle},
};

use super::{duck::Ramp, limiter::LimiterBuilder};
use crate::config;

/// How long the volume takes to change with the time of day.
const TURN: Duration = Duration::from_secs(1);

/// A mixer on a device, or on a file.
pub(super) struct Tracks<B: Backend> {
    pub(super) manager: AudioManager<B>,
    /// Announcements.
    pub(super) calls: TrackHandle,
    /// Films.
    pub(super) film: TrackHandle,
    hall: TrackHandle,
}

/// Why there is no mixer.
#[derive(Debug, thiserror::Error)]
pub(super) enum TracksError<E> {
    /// The device does not open.
    #[error(transparent)]
    Device(E),
    /// kira has no room for the tracks.
    #[error("the mixer has no room for its tracks")]
    Room(#[from] ResourceLimitReached),
}

impl<B: Backend> Tracks<B> {
    /// Opens the device.
    pub(super) fn open(device: B::Settings, volume: f64, film: f64) -> Result<Self, TracksError<B::Error>> {
        let settings = AudioManagerSettings {
            capacities: Capacities::default(),
            main_track_builder: MainTrackBuilder::new().with_effect(LimiterBuilder),
            internal_buffer_size: 128,
            backend_settings: device,
        };
        let mut manager = AudioManager::new(settings).map_err(TracksError::Device)?;
        let mut hall = manager.add_sub_track(TrackBuilder::new().volume(decibels(volume)))?;
        let calls = hall.add_sub_track(TrackBuilder::new())?;
        let film = hall.add_sub_track(TrackBuilder::new().volume(film as f32))?;
        Ok(Self { manager, calls, film, hall })
    }

    /// The volume of all, from 0 to 1, from now on.
    pub(super) fn set_volume(&mut self, volume: f64) {
        self.hall.set_volume(decibels(volume), over(TURN));
    }

    /// Lets the film become softer or louder.
    pub(super) fn ramp(&mut self, ramp: Ramp) {
        self.film.set_volume(ramp.db as f32, over(ramp.over));
    }
}

/// The volume that the config wants at a time of day, from 0 to 1.
pub fn volume(sound: &config::Sound, time: Time) -> f64 {
    config::volume(sound, time)
}

/// A loudness of 0 to 1 as kira has it.
fn decibels(volume: f64) -> Decibels {
    if volume <= 0.0 { Decibels::SILENCE } else { Decibels((20.0 * volume.min(1.0).log10()) as f32) }
}

fn over(duration: Duration) -> Tween {
    Tween { start_time: StartTime::Immediate, duration, easing: Easing::Linear }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;
    use crate::domain::daypart::Hours;

    #[test]
    fn loudness_runs_from_silence_to_as_it_is() {
        assert_eq!(decibels(0.0), Decibels::SILENCE);
        assert_eq!(decibels(1.0), Decibels::IDENTITY);
        assert_eq!(decibels(7.0), Decibels::IDENTITY, "never louder than the sound is");
        assert!((decibels(0.5).as_amplitude() - 0.5).abs() < 1e-4);
    }

    #[test]
    fn the_first_hours_that_hold_decide() {
        let hours = |from, until| Hours { from: time(from, 0, 0, 0), until: time(until, 0, 0, 0) };
        let hours = vec![(hours(12, 13), 0.2), (hours(8, 16), 0.8), (hours(22, 6), 0.0)];
        let sound = config::Sound { hours, volume: 0.5, ..config::Sound::default() };
        let at = |hour| volume(&sound, time(hour, 0, 0, 0));
        assert_eq!([8, 12, 13, 16, 23, 5, 6].map(at), [0.8, 0.2, 0.8, 0.5, 0.0, 0.0, 0.5]);
    }
}
