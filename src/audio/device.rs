//! One sound device for kira's mixer, over cpal.
//! Invariant: a device that stops taking sound is told from one that is silent, by its own heartbeat.
//!
//! kira's own cpal backend is not used: it never notices that a sound server died, it opens the device anew
//! every half second to look for a change, and it panics where a lost device does not come back at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use kira::backend::{
    Backend, Renderer,
    cpal::cpal::{
        self, BufferSize, ErrorKind, Stream, StreamConfig, SupportedBufferSize,
        traits::{DeviceTrait, HostTrait, StreamTrait},
    },
};

/// In the config: the system's default device.
const DEFAULT: &str = "default";

/// How much sound the device takes at a time, in frames: 43 ms at 48 kHz, and as much again waits ready.
const PERIOD_FRAMES: u32 = 2048;
/// How long the device's thread rests after an error: it would try again at once, and a device that is
/// gone for a moment would cost a core.
const REST: Duration = Duration::from_millis(10);

/// Why there is no device.
#[derive(Debug, thiserror::Error)]
pub(super) enum DeviceError {
    /// The system has none.
    #[error("the system has no sound device")]
    None,
    /// None has the configured name.
    #[error("no sound device is named {name:?}; there are: {}", there.join(", "))]
    Unknown {
        /// The configured name.
        name: String,
        /// Those that there are.
        there: Vec<String>,
    },
    /// It does not open.
    #[error("{0}")]
    Closed(#[from] cpal::Error),
    /// The mixer is not in a state to play.
    #[error("the mixer was started twice")]
    Twice,
}

/// What the device's own thread says of itself.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    beats: AtomicU64,
    lost: AtomicBool,
}

impl Pulse {
    /// How many times the device asked for sound; it grows as long as the device lives, also in silence.
    pub(super) fn beats(&self) -> u64 {
        self.beats.load(Ordering::Relaxed)
    }

    /// Whether the device said that it is gone.
    pub(super) fn lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    fn beat(&self) {
        self.beats.fetch_add(1, Ordering::Relaxed);
    }

    /// Most errors pass, as an underrun does; where they do not, the heartbeat tells.
    fn error(&self, error: &cpal::Error) {
        tracing::debug!("sound: {error}");
        match error.kind() {
            ErrorKind::DeviceNotAvailable | ErrorKind::StreamInvalidated | ErrorKind::HostUnavailable => {
                self.lost.store(true, Ordering::Relaxed);
            }
            _ => thread::sleep(REST),
        }
    }
}

/// Which device, and where its pulse is kept.
#[derive(Debug, Clone, Default)]
pub(super) struct DeviceSettings {
    /// `default`, or an ALSA name such as `plughw:CARD=PCH,DEV=3`.
    pub(super) name: String,
    /// Its pulse.
    pub(super) pulse: Arc<Pulse>,
}

/// kira's backend: the mixer's sound goes to the device as it asks for it. Dropped, the device closes.
pub(super) struct Device {
    device: cpal::Device,
    config: StreamConfig,
    pulse: Arc<Pulse>,
    stream: Option<Stream>,
}

impl Backend for Device {
    type Settings = DeviceSettings;
    type Error = DeviceError;

    fn setup(settings: DeviceSettings, _chunk: usize) -> Result<(Self, u32), DeviceError> {
        let device = find(&settings.name)?;
        let supported = device.default_output_config()?;
        let mut config = supported.config();
        // Left to itself the device asks a hundred times a second, which costs more than a still screen.
        if let SupportedBufferSize::Range { min, max } = *supported.buffer_size()
            && (min..=max / 2).contains(&PERIOD_FRAMES)
        {
            config.buffer_size = BufferSize::Fixed(PERIOD_FRAMES);
        }
        let rate = config.sample_rate;
        Ok((Self { device, config, pulse: settings.pulse, stream: None }, rate))
    }

    fn start(&mut self, mut renderer: Renderer) -> Result<(), DeviceError> {
        if self.stream.is_some() {
            return Err(DeviceError::Twice);
        }
        let channels = self.config.channels;
        let (pulse, errors) = (self.pulse.clone(), self.pulse.clone());
        let stream = self.device.build_output_stream(
            self.config,
            move |out: &mut [f32], _| {
                pulse.beat();
                renderer.on_start_processing();
                renderer.process(out, channels);
            },
            move |error: cpal::Error| errors.error(&error),
            None,
        )?;
        stream.play()?;
        self.stream = Some(stream);
        Ok(())
    }
}

fn find(name: &str) -> Result<cpal::Device, DeviceError> {
    let host = cpal::default_host();
    if name == DEFAULT {
        return host.default_output_device().ok_or(DeviceError::None);
    }
    let called = |d: &cpal::Device| d.id().map(|id| id.id().to_owned()).unwrap_or_default();
    let all: Vec<_> = host.output_devices()?.collect();
    let there = all.iter().map(called).collect();
    all.into_iter()
        .find(|d| called(d) == name)
        .ok_or_else(|| DeviceError::Unknown { name: name.to_owned(), there })
}
