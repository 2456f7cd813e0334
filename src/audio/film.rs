//! A film's sound on its way into the mixer: pieces over a bounded channel, each heard at its time.
//! Invariant: the device's thread neither waits nor allocates here, and what comes too late is silence, not a click.

mod clock;
mod pieces;
mod sinc;
#[cfg(test)]
mod tests;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::sync_channel,
    },
    time::{Duration, Instant},
};

use kira::{
    Frame,
    info::Info,
    sound::{Sound, SoundData},
};

use self::{clock::Clock, pieces::Pieces, sinc::Sinc};
use super::limiter::LOOKAHEAD;
use crate::state::FilmInput;

/// How many pieces can wait. They come some 60 ms before they are taken, and are often shorter than they may be: what
/// a codec gives at a time is a whole piece and the rest of one.
const MOST_PIECES: usize = 16;
/// How much of what is left of the largest latency so far is forgotten with each turn of the device: it follows
/// one that becomes smaller within some seconds, and does not tremble.
const FORGOTTEN: u32 = 256;

/// What came of a film's sound and was not heard yet. It outlives the device, and goes on with the next one.
#[derive(Clone)]
pub(super) struct Film {
    pieces: Arc<Mutex<Pieces>>,
    /// As [`FilmInput::latency`] tells it.
    latency: Arc<AtomicU64>,
}

impl Film {
    /// A film's way into the mixer, and its end there.
    pub(super) fn new() -> (FilmInput, Self) {
        let (pieces, incoming) = sync_channel(MOST_PIECES);
        let latency = Arc::<AtomicU64>::default();
        let film = Self { pieces: Arc::new(Mutex::new(Pieces::new(incoming))), latency: latency.clone() };
        (FilmInput { pieces, latency }, film)
    }

    /// Its sound on a device that plays `rate` frames a second and says how long after a frame is rendered it is
    /// heard, in nanoseconds.
    pub(super) fn on(&self, rate: u32, latency: Arc<AtomicU64>) -> Played {
        Played {
            film: self.clone(),
            latency,
            clock: Clock::default(),
            sinc: Sinc::new(f64::from(rate) / f64::from(FilmInput::RATE)),
            heard: Instant::now(),
            passed: Duration::ZERO,
            largest: Duration::ZERO,
        }
    }

    /// Lets go what waited while there was no device: it belongs to pictures that are long gone.
    pub(super) fn forget(&self) {
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner).forget();
    }
}

/// A film's sound on one device.
pub(super) struct Played {
    film: Film,
    /// The device's own latency, in nanoseconds.
    latency: Arc<AtomicU64>,
    clock: Clock,
    sinc: Sinc,
    /// When the next frame is heard.
    heard: Instant,
    /// How much was rendered in this turn of the device.
    passed: Duration,
    /// The largest latency of late.
    largest: Duration,
}

impl Played {
    /// The device takes its next turn at `now`, and what is rendered is heard after `latency`.
    fn turn(&mut self, now: Instant, latency: Duration) {
        let latency = latency.saturating_add(LOOKAHEAD);
        // What is rendered last in a turn is heard a turn after what is rendered first.
        let needed = latency.saturating_add(self.passed);
        self.largest = needed.max(self.largest - self.largest / FORGOTTEN);
        let nanoseconds = u64::try_from(self.largest.as_nanos()).unwrap_or(u64::MAX);
        self.film.latency.store(nanoseconds, Ordering::Relaxed);
        self.heard = self.clock.turn(now + latency, self.passed);
        self.passed = Duration::ZERO;
    }
}

impl SoundData for Played {
    type Error = ();
    type Handle = ();

    fn into_sound(self) -> Result<(Box<dyn Sound>, ()), ()> {
        Ok((Box::new(self), ()))
    }
}

impl Sound for Played {
    fn on_start_processing(&mut self) {
        let latency = Duration::from_nanos(self.latency.load(Ordering::Relaxed));
        self.turn(Instant::now(), latency);
    }

    fn process(&mut self, out: &mut [Frame], dt: f64, _info: &Info) {
        // Only the sound thread takes it as well, and not while a device plays it.
        match self.film.pieces.try_lock() {
            Ok(mut pieces) => {
                let heard = self.heard + self.passed;
                pieces.fill(out, dt * f64::from(FilmInput::RATE), heard, &self.sinc);
            }
            Err(_) => out.fill(Frame::ZERO),
        }
        self.passed += Duration::try_from_secs_f64(out.len() as f64 * dt).unwrap_or_default();
    }

    fn finished(&self) -> bool {
        false
    }
}

/// How many seconds `one` is after `other`; less than 0 where it is before it.
fn after(one: Instant, other: Instant) -> f64 {
    match one.checked_duration_since(other) {
        Some(after) => after.as_secs_f64(),
        None => -other.duration_since(one).as_secs_f64(),
    }
}

/// The moment so many seconds after another, or before it.
fn moved(moment: Instant, seconds: f64) -> Instant {
    let by = Duration::try_from_secs_f64(seconds.abs()).unwrap_or_default();
    let moved = if seconds < 0.0 { moment.checked_sub(by) } else { moment.checked_add(by) };
    moved.unwrap_or(moment)
}
