//! A film as the program holds it: what its process tells, kept for the frame that asks.
//! Invariant: no call waits; what is held of frames is bounded by the slots of the shared memory.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::wire::{Line, Order, monotonic};
use crate::state::{FilmError, FilmInput, Going, Opened, Screening, Shot};

/// How much earlier than it is due a frame may be shown: a frame of the screen comes at its beat, a little early
/// or late.
const EARLY: u64 = 4_000_000;

/// How long before the mixer takes it a piece of sound is to come: the time that two processes may be late.
const AHEAD: Duration = Duration::from_millis(80);

/// A frame that waits for its time.
pub(super) struct Waiting {
    /// When it is due, by the monotonic clock in nanoseconds; `None`: it is the first one.
    pub due: Option<u64>,
    pub position: Duration,
    pub shot: Shot,
}

/// What the frame and the film's thread share.
#[derive(Default)]
pub(super) struct Shared {
    pub opened: Option<Result<Opened, FilmError>>,
    pub waiting: VecDeque<Waiting>,
    pub failed: Option<FilmError>,
    pub over: bool,
    pub muted: bool,
    pub closed: bool,
    /// The line to the process of now.
    pub line: Option<Arc<Line>>,
    /// Since it plays: the moment of the app's clock that was this moment of the monotonic one, and where in the
    /// film that was.
    pub playing: Option<Playing>,
    pub position: Duration,
    /// Where its sound goes.
    pub sound: Option<FilmInput>,
}

impl Shared {
    /// How long before its time sound is to come, in nanoseconds; the device may be another one than before.
    pub(super) fn ahead(&self) -> u64 {
        let latency = self.sound.as_ref().map_or(Duration::ZERO, FilmInput::latency);
        (latency + AHEAD).as_nanos() as u64
    }
}

/// Since when a film plays.
#[derive(Debug, Clone, Copy)]
pub(super) struct Playing {
    /// The app's monotonic time.
    pub app: Duration,
    /// The system's at the same moment, in nanoseconds.
    pub system: u64,
}

/// The way to what is shared.
#[derive(Clone, Default)]
pub(super) struct Desk(Arc<Mutex<Shared>>);

impl Desk {
    pub(super) fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A film that is opened or shown.
pub(super) struct Reel {
    pub(super) desk: Desk,
    /// Whether it stays at its first frame.
    pub(super) stands: bool,
}

impl Screening for Reel {
    fn opened(&self) -> Option<Result<Opened, FilmError>> {
        self.desk.lock().opened.clone()
    }

    fn play(&mut self, now: Duration) {
        if self.stands {
            return;
        }
        let mut shared = self.desk.lock();
        let system = monotonic();
        shared.playing = Some(Playing { app: now, system });
        if let Some(line) = &shared.line {
            line.try_say(&Order::Play { zero: system, ahead: shared.ahead() });
        }
    }

    fn shot(&mut self, now: Duration) -> Option<Shot> {
        let mut shared = self.desk.lock();
        let system = shared
            .playing
            .map_or(0, |playing| playing.system + now.saturating_sub(playing.app).as_nanos() as u64 + EARLY);
        let mut newest = None;
        while shared.waiting.front().is_some_and(|frame| frame.due.is_none_or(|due| due <= system)) {
            newest = shared.waiting.pop_front();
        }
        let newest = newest?;
        shared.position = newest.position;
        Some(newest.shot)
    }

    fn position(&self) -> Duration {
        self.desk.lock().position
    }

    fn going(&self) -> Going {
        let shared = self.desk.lock();
        match &shared.failed {
            Some(error) => Going::Failed(error.clone()),
            // What waits is shown before it is over.
            None if shared.over && shared.waiting.is_empty() => Going::Over,
            None => Going::On,
        }
    }

    fn mute(&mut self) {
        self.desk.lock().muted = true;
    }
}

impl Drop for Reel {
    fn drop(&mut self) {
        let mut shared = self.desk.lock();
        shared.closed = true;
        let frames = std::mem::take(&mut shared.waiting);
        if let Some(line) = shared.line.take() {
            line.end();
        }
        drop(shared);
        drop(frames);
    }
}
