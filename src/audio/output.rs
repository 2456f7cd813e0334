//! An open device with its mixer, and the thread that opens devices and lets them go.
//! Invariant: what hangs in a sound server hangs on that one thread, and nobody waits for it.

use std::{
    io,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    clip::Clip,
    device::{Device, DeviceError, DeviceSettings, Period, Pulse},
    mixer::Sounding,
    tracks::{Tracks, TracksError},
};

/// A device that asks for no sound for this long is gone, whatever it says.
pub(super) const STALLED: Duration = Duration::from_secs(2);
/// What it takes to open a device.
#[derive(Clone)]
pub(super) struct Request {
    /// As the config names it.
    pub(super) name: String,
    pub(super) period: Period,
    /// The volume of all, from 0 to 1, and the film's loudness in dB.
    pub(super) volume: f64,
    pub(super) film: f64,
    /// The chime at its own rate.
    pub(super) chime: Option<Clip>,
}

/// The way to the thread that opens devices.
pub(super) struct Keeper {
    requests: SyncSender<(Request, Option<Box<Output>>, Instant)>,
    opened: Receiver<Result<Box<Output>, String>>,
}

/// An open device with its mixer, and what sounds on it.
pub(super) struct Output {
    pub(super) tracks: Tracks<Device>,
    pub(super) pulse: Arc<Pulse>,
    pub(super) rate: u32,
    /// The chime at the device's rate.
    pub(super) chime: Option<Clip>,
    pub(super) sounding: Option<Sounding>,
    /// The newest heartbeat, and when it came.
    beat: (u64, Instant),
}

impl Keeper {
    /// Starts its thread, which ends with this.
    pub(super) fn spawn() -> io::Result<Self> {
        let (requests, waiting) = sync_channel::<(Request, Option<Box<Output>>, Instant)>(1);
        let (outputs, opened) = sync_channel(1);
        thread::Builder::new().name("papan-device".into()).spawn(move || {
            while let Ok((request, old, due)) = waiting.recv() {
                crate::fault::point("papan-device");
                // A device can be opened anew when it was let go, and not before.
                drop(old);
                thread::sleep(due.saturating_duration_since(Instant::now()));
                if outputs.send(Output::open(request)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { requests, opened })
    }

    /// Lets a device go at once, and opens one when that is due. What came of the request before is to be taken first.
    pub(super) fn open(&self, request: Request, old: Option<Box<Output>>, due: Instant) {
        if self.requests.try_send((request, old, due)).is_err() {
            tracing::error!("sound: nobody opens its device any more");
        }
    }

    /// What came of the last request; `None` while nothing did.
    pub(super) fn opened(&self) -> Option<Result<Box<Output>, String>> {
        self.opened.try_recv().ok()
    }
}

impl Output {
    /// Opens the device. ALSA writes why it cannot to stderr, each time anew: here that goes into the error.
    fn open(request: Request) -> Result<Box<Self>, String> {
        let told = alsa::Output::local_error_handler().ok();
        let pulse = Arc::new(Pulse::default());
        let device = DeviceSettings { name: request.name, period: request.period, pulse: pulse.clone() };
        let mut tracks = Tracks::<Device>::open(device, request.volume, request.film).map_err(|error| {
            let TracksError::Device(DeviceError::Closed(_) | DeviceError::None) = &error else {
                return error.to_string();
            };
            // Its first line is the cause, the others are what followed from it.
            let told = told.map(|t| t.borrow().to_string()).unwrap_or_default();
            format!("{error} {}", told.lines().next().unwrap_or_default()).trim_end().to_owned()
        })?;
        let rate = tracks.manager.backend_mut().rate();
        let chime = request.chime.as_ref().map(|chime| chime.at(rate));
        let opened = Instant::now();
        Ok(Box::new(Self { tracks, pulse, rate, chime, sounding: None, beat: (0, opened) }))
    }

    /// Why the device is of no use any more; `None` where it is.
    pub(super) fn lost(&mut self, now: Instant) -> Option<&'static str> {
        let beats = self.pulse.beats();
        if beats != self.beat.0 {
            self.beat = (beats, now);
        }
        if self.pulse.rushes() {
            return Some("it takes sound faster than any can be heard");
        }
        if now.saturating_duration_since(self.beat.1) > STALLED {
            return Some("it takes no sound");
        }
        self.pulse.lost().then_some("it was lost")
    }
}
