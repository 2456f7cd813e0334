//! One sound device for kira's mixer, over cpal.
//! Invariant: a device that stops taking sound is told from one that is silent, by its own heartbeat.
//!
//! kira's own cpal backend is not used: it never notices that a sound server died, it opens the device anew
//! every half second to look for a change, and it panics where a lost device does not come back at once.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use kira::backend::{
    Backend, Renderer,
    cpal::cpal::{
        self, BufferSize, ErrorKind, FromSample, OutputCallbackInfo, SampleFormat, SizedSample, Stream,
        StreamConfig, SupportedBufferSize,
        traits::{DeviceTrait, HostTrait, StreamTrait},
    },
};

/// In the config: the system's default device.
pub(super) const DEFAULT: &str = "default";
/// What ALSA lists besides: a device that goes nowhere, and parts of other devices.
const NONE_OF_THEM: [&str; 7] = ["null", "lavrate", "samplerate", "speexrate", "speex", "upmix", "vdownmix"];

/// How much sound the device takes at a time, in frames at 48 kHz: 21 ms, and as much again waits ready.
///
/// Measured in silence at a PulseAudio sink, with the time from a sound's start to its first sample at the sink's
/// monitor (p95 of 40): 512 took 1.2 % of a core and 22 ms, 1024 0.7 % and 42 ms, 2048 0.45 % and 86 ms. A frame
/// and the event's way to it come on top, and 80 ms are to be kept.
const PERIOD_FRAMES: u32 = 1024;
/// How long the device's thread rests after an error: it would try again at once, and a device that is
/// gone for a moment would cost a core.
const REST: Duration = Duration::from_millis(10);
/// So many errors with no sound taken between them are a loss: a sound server that died says no more than that.
const MOST_ERRORS: u64 = 20;
/// A device that took this much more than so many times what it had time to play plays nothing: ALSA's `null` is
/// one, and would cost a core. Those that play are ahead by no more than what they hold ready.
const MOST_AHEAD: Duration = Duration::from_secs(1);
const MOST_HASTE: u32 = 4;
/// A device that still asks for sound so long after it first did plays: one that is suspended fills what it holds
/// ready, two periods or three, and stops.
const FILLING: Duration = Duration::from_millis(60);

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
    /// It takes no kind of sample that we have.
    #[error("the device takes samples as {0} alone; name it with plughw: in place of hw:")]
    Format(SampleFormat),
    /// The mixer is not in a state to play.
    #[error("the mixer was started twice")]
    Twice,
}

/// What the device's own thread says of itself.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    beats: AtomicU64,
    /// Errors since the last beat.
    errors: AtomicU64,
    lost: AtomicBool,
    plays: AtomicBool,
    rushes: AtomicBool,
    /// When it asked for sound first, and how much it took since, in nanoseconds.
    begun: OnceLock<Instant>,
    taken: AtomicU64,
    latency: Arc<AtomicU64>,
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

    /// Whether the device really plays.
    pub(super) fn plays(&self) -> bool {
        self.plays.load(Ordering::Relaxed)
    }

    /// Whether the device took the two periods that it holds ready, without which it never starts.
    pub(super) fn filled(&self) -> bool {
        self.beats() >= 2
    }

    /// Whether the device takes sound as fast as it can, and so to nowhere.
    pub(super) fn rushes(&self) -> bool {
        self.rushes.load(Ordering::Relaxed)
    }

    /// How long after it is rendered a frame is heard, in nanoseconds.
    pub(super) fn latency(&self) -> Arc<AtomicU64> {
        self.latency.clone()
    }

    /// The device asks for so much sound.
    fn beat(&self, length: Duration, info: &OutputCallbackInfo) {
        self.beats.fetch_add(1, Ordering::Relaxed);
        self.errors.store(0, Ordering::Relaxed);
        let times = info.timestamp();
        let latency = times.playback.saturating_duration_since(times.callback);
        self.latency.store(latency.as_nanos() as u64, Ordering::Relaxed);
        let length = length.as_nanos() as u64;
        let taken = Duration::from_nanos(self.taken.fetch_add(length, Ordering::Relaxed) + length);
        let time = self.begun.get_or_init(Instant::now).elapsed();
        if time >= FILLING {
            self.plays.store(true, Ordering::Relaxed);
        }
        if taken > time * MOST_HASTE + MOST_AHEAD {
            self.rushes.store(true, Ordering::Relaxed);
            thread::sleep(REST);
        }
    }

    /// Most errors pass, as an underrun does.
    fn error(&self, error: &cpal::Error) {
        tracing::debug!("sound: {error}");
        match error.kind() {
            ErrorKind::DeviceNotAvailable | ErrorKind::StreamInvalidated | ErrorKind::HostUnavailable => {
                self.lost.store(true, Ordering::Relaxed);
            }
            _ if self.errors.fetch_add(1, Ordering::Relaxed) >= MOST_ERRORS => {
                self.lost.store(true, Ordering::Relaxed);
                thread::sleep(REST);
            }
            _ => thread::sleep(REST),
        }
    }
}

/// How much sound a device takes at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Period {
    /// [`PERIOD_FRAMES`], where the device says that it can.
    #[default]
    Ours,
    /// A quarter of that: some never start with more, such as PulseAudio's where `PULSE_LATENCY_MSEC` asks for
    /// less than two periods.
    Short,
}

/// Which device, and where its pulse is kept.
#[derive(Debug, Clone, Default)]
pub(super) struct DeviceSettings {
    /// `default`, or an ALSA name such as `plughw:CARD=PCH,DEV=3`.
    pub(super) name: String,
    /// How much it takes at a time.
    pub(super) period: Period,
    /// Its pulse.
    pub(super) pulse: Arc<Pulse>,
}

/// kira's backend: the mixer's sound goes to the device as it asks for it. Dropped, the device closes.
pub(super) struct Device {
    device: cpal::Device,
    config: StreamConfig,
    format: SampleFormat,
    pulse: Arc<Pulse>,
    stream: Option<Stream>,
}

impl Device {
    /// Frames a second.
    pub(super) fn rate(&self) -> u32 {
        self.config.sample_rate
    }

    fn stream<S: SizedSample + FromSample<f32>>(
        &self,
        mut renderer: Renderer,
    ) -> Result<Stream, cpal::Error> {
        let channels = self.config.channels;
        let (pulse, errors) = (self.pulse.clone(), self.pulse.clone());
        let mut mixed = Vec::new();
        let samples = f64::from(self.config.sample_rate.max(1)) * f64::from(channels.max(1));
        self.device.build_output_stream(
            self.config,
            move |out: &mut [S], info| {
                pulse.beat(Duration::from_secs_f64(out.len() as f64 / samples), info);
                // The device asks for the same length each time: it is allocated once.
                mixed.resize(out.len(), 0.0);
                renderer.on_start_processing();
                renderer.process(&mut mixed, channels);
                for (out, sample) in out.iter_mut().zip(&mixed) {
                    *out = S::from_sample(*sample);
                }
            },
            move |error: cpal::Error| errors.error(&error),
            None,
        )
    }
}

impl Backend for Device {
    type Settings = DeviceSettings;
    type Error = DeviceError;

    fn setup(settings: DeviceSettings, _chunk: usize) -> Result<(Self, u32), DeviceError> {
        let device = find(&settings.name)?;
        // Stereo at 48 kHz where the device offers it: cpal puts those first.
        let supported = device.default_output_config()?;
        let mut config = supported.config();
        // Left to itself the device asks a hundred times a second, which costs more than a still screen.
        let (rate, format) = (config.sample_rate, supported.sample_format());
        let part = if settings.period == Period::Short { 4 } else { 1 };
        let period = (u64::from(PERIOD_FRAMES / part) * u64::from(rate) / 48_000) as u32;
        if let SupportedBufferSize::Range { min, max } = *supported.buffer_size()
            && (min..=max / 2).contains(&period)
        {
            config.buffer_size = BufferSize::Fixed(period);
        }
        Ok((Self { device, config, format, pulse: settings.pulse, stream: None }, rate))
    }

    fn start(&mut self, renderer: Renderer) -> Result<(), DeviceError> {
        if self.stream.is_some() {
            return Err(DeviceError::Twice);
        }
        let stream = match self.format {
            SampleFormat::F32 => self.stream::<f32>(renderer),
            SampleFormat::I32 => self.stream::<i32>(renderer),
            SampleFormat::I16 => self.stream::<i16>(renderer),
            other => return Err(DeviceError::Format(other)),
        }?;
        stream.play()?;
        self.stream = Some(stream);
        Ok(())
    }
}

/// A device that the config can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// As the config names it.
    pub(super) name: String,
    /// As people know it; empty where ALSA says nothing.
    pub(super) description: String,
}

/// Every device that takes sound, the system's default first: that one can always be named.
///
/// # Errors
/// The system does not tell.
pub(super) fn all() -> Result<Vec<Named>, DeviceError> {
    // ALSA says to stderr what it thinks of each.
    let _told = alsa::Output::local_error_handler().ok();
    let mut all = Vec::new();
    for device in devices()? {
        let description = device.description()?.extended().collect::<Vec<_>>().join(", ");
        all.push(Named { name: name(&device), description });
    }
    if all.iter().all(|named| named.name != DEFAULT) {
        all.push(Named { name: DEFAULT.to_owned(), description: String::new() });
    }
    all.sort_by_key(|named| named.name != DEFAULT);
    Ok(all)
}

fn devices() -> Result<impl Iterator<Item = cpal::Device>, cpal::Error> {
    let all = cpal::default_host().output_devices()?;
    Ok(all.filter(|device| !NONE_OF_THEM.contains(&name(device).as_str())))
}

fn name(device: &cpal::Device) -> String {
    device.id().map(|id| id.id().to_owned()).unwrap_or_default()
}

fn find(wanted: &str) -> Result<cpal::Device, DeviceError> {
    if wanted == DEFAULT {
        return cpal::default_host().default_output_device().ok_or(DeviceError::None);
    }
    let devices: Vec<_> = devices()?.collect();
    let there = devices.iter().map(name).collect();
    devices
        .into_iter()
        .find(|device| name(device) == wanted)
        .ok_or_else(|| DeviceError::Unknown { name: wanted.to_owned(), there })
}
