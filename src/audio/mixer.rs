//! The sound thread: one mixer on one device, opened again when it is lost.
//! Invariant: where no device takes sound nothing counts as sounding, so no call waits for it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

use kira::{
    AudioManager, AudioManagerSettings, Decibels, PlaySoundError,
    sound::{
        PlaybackState,
        static_sound::{StaticSoundData, StaticSoundHandle},
    },
};
use tracing::{debug, error, info, warn};

use super::{
    chime,
    device::{Device, DeviceError, DeviceSettings, Pulse},
};
use crate::{config, state::Wake};

/// How long to wait before a device is tried again.
const RETRY: Duration = Duration::from_secs(5);
/// A device that asks for no sound for this long is gone, whatever it says.
const STALLED: Duration = Duration::from_secs(2);
/// A device that held this long is worth a line in the log when it goes; one that comes and goes is not.
const STEADY: Duration = Duration::from_secs(60);
/// A chime that comes later than this after its call would belong to nobody.
const TOO_LATE: Duration = Duration::from_secs(2);
/// How often to look at an open device: seldom while it is silent, often enough to tell when a sound ends.
const LOOK_SILENT: Duration = Duration::from_millis(500);
const LOOK_SOUNDING: Duration = Duration::from_millis(50);

/// Whether the sound of an announcement is under way; read by the frame, written by the sound thread.
#[derive(Debug, Clone, Default)]
pub(super) struct Busy(Arc<AtomicBool>);

impl Busy {
    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, busy: bool) {
        self.0.store(busy, Ordering::Relaxed);
    }
}

/// What the sound thread is asked to do. The voice will join here, on the same mixer.
pub(super) enum Command {
    /// Sound the chime.
    Chime {
        /// When it was asked for.
        asked: Instant,
        /// Wakes the drawing loop when the sound is over.
        wake: Option<Wake>,
    },
}

/// The sound thread's own.
pub(super) struct Mixer {
    settings: config::Sound,
    busy: Busy,
    output: Option<Output>,
    /// When a device was last tried.
    tried: Option<Instant>,
    /// Whether the log already says that there is no device.
    said: bool,
}

/// An open device with its mixer, and what sounds on it.
struct Output {
    manager: AudioManager<Device>,
    pulse: Arc<Pulse>,
    opened: Instant,
    /// The newest heartbeat, and when it came.
    beat: (u64, Instant),
    sounding: Option<(StaticSoundHandle, Option<Wake>)>,
}

impl Mixer {
    pub(super) fn new(settings: config::Sound, busy: Busy) -> Self {
        Self { settings, busy, output: None, tried: None, said: false }
    }

    /// Runs until the other end of `commands` is gone.
    pub(super) fn run(mut self, commands: &Receiver<Command>) {
        let chime = match chime::load_or_default(&self.settings.chime) {
            Ok(chime) => chime.volume(decibels(self.settings.volume)),
            Err(error) => return error!("sound: {error}"),
        };
        loop {
            let now = Instant::now();
            if self.output.is_none() && self.tried.is_none_or(|t| now - t >= RETRY) {
                self.open(now);
            }
            match commands.recv_timeout(self.wait(now)) {
                Ok(Command::Chime { asked, wake }) => self.sound(&chime, asked, wake),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.look(Instant::now());
        }
    }

    fn wait(&self, now: Instant) -> Duration {
        match (&self.output, self.tried) {
            (Some(output), _) if output.sounding.is_some() => LOOK_SOUNDING,
            (Some(_), _) => LOOK_SILENT,
            (None, Some(tried)) => (tried + RETRY).saturating_duration_since(now),
            (None, None) => Duration::ZERO,
        }
    }

    fn open(&mut self, now: Instant) {
        self.tried = Some(now);
        match open(&self.settings.device) {
            Ok(output) => {
                if self.said {
                    info!("sound: device {:?} is there again", self.settings.device);
                }
                self.output = Some(output);
            }
            Err((error, told)) => self.say_none(&error.to_string(), &told),
        }
    }

    /// Says once that there is no device; until one has held for a while, later failures are for debugging.
    fn say_none(&mut self, why: &str, told: &str) {
        let device = &self.settings.device;
        if self.said {
            debug!("sound: device {device:?}: {why}");
        } else {
            warn!("sound: no device {device:?}, the screen runs on without sound: {why} {told}");
        }
        self.said = true;
    }

    fn sound(&mut self, chime: &StaticSoundData, asked: Instant, wake: Option<Wake>) {
        let Some(output) = &mut self.output else { return };
        if asked.elapsed() > TOO_LATE {
            return debug!("sound: a chime came too late and is left out");
        }
        match output.manager.play(chime.clone()) {
            Ok(handle) => {
                output.sounding = Some((handle, wake));
                self.busy.set(true);
            }
            Err(PlaySoundError::SoundLimitReached) => debug!("sound: too many at once, one is left out"),
            Err(PlaySoundError::IntoSoundError(())) => error!("sound: the chime is not playable"),
        }
    }

    /// Looks at the device: what ended is reported, and a device that is gone is let go.
    fn look(&mut self, now: Instant) {
        let Some(output) = &mut self.output else { return };
        let lost = output.lost(now);
        if lost && output.opened.elapsed() >= STEADY {
            self.said = false;
        }
        if lost || output.over() {
            self.busy.set(false);
            if let Some((_, Some(wake))) = output.sounding.take() {
                (wake.0)();
            }
        }
        if lost {
            self.output = None;
            self.say_none("it was lost", "");
        }
    }
}

impl Output {
    fn lost(&mut self, now: Instant) -> bool {
        let beats = self.pulse.beats();
        if beats != self.beat.0 {
            self.beat = (beats, now);
        }
        self.pulse.lost() || now - self.beat.1 > STALLED
    }

    fn over(&self) -> bool {
        self.sounding.as_ref().is_some_and(|(sound, _)| sound.state() == PlaybackState::Stopped)
    }
}

/// Opens the device. ALSA writes why it cannot to stderr, each time anew: here that goes into the error.
fn open(name: &str) -> Result<Output, (DeviceError, String)> {
    let told = alsa::Output::local_error_handler().ok();
    let pulse = Arc::new(Pulse::default());
    let settings = AudioManagerSettings {
        backend_settings: DeviceSettings { name: name.to_owned(), pulse: pulse.clone() },
        ..AudioManagerSettings::default()
    };
    let opened = Instant::now();
    AudioManager::new(settings)
        .map(|manager| Output { manager, pulse, opened, beat: (0, opened), sounding: None })
        .map_err(|error| {
            // Its first line is the cause, the others are what followed from it.
            let told = told.map(|t| t.borrow().to_string()).unwrap_or_default();
            (error, told.lines().next().unwrap_or_default().to_owned())
        })
}

/// A loudness of 0 to 1 as kira has it.
fn decibels(volume: f64) -> Decibels {
    if volume <= 0.0 { Decibels::SILENCE } else { Decibels((20.0 * volume.min(1.0).log10()) as f32) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loudness_runs_from_silence_to_as_it_is() {
        assert_eq!(decibels(0.0), Decibels::SILENCE);
        assert_eq!(decibels(1.0), Decibels::IDENTITY);
        assert_eq!(decibels(7.0), Decibels::IDENTITY, "never louder than the sound is");
        assert!((decibels(0.5).as_amplitude() - 0.5).abs() < 1e-4);
    }
}
