//! What features share of films: who opens them, what one is while it is shown, and where its sound goes.
//! Invariant: nothing here waits, so that a decoder that hangs holds nobody.

use std::{
    fmt,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::SyncSender,
    },
    time::{Duration, Instant},
};

use bevy::prelude::*;

use super::Shot;
use crate::{domain::playlist::Fit, picture::Colour};

/// What a film's frames are made into; who puts them on the glass says so.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FilmForm {
    /// Pixels of exactly the stage's size, for the CPU.
    #[default]
    Pixels,
    /// Planes as they are decoded, for the GPU.
    Planes,
}

/// Who opens films. Without it there are none, and they are skipped.
#[derive(Resource, Clone, Deref)]
pub struct Projector(pub Arc<dyn Project>);

/// Opens films.
pub trait Project: Send + Sync {
    /// Begins to open a film, and returns at once.
    fn open(&self, wanted: Wanted) -> Box<dyn Screening>;
}

/// A film as it is to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The file.
    pub path: PathBuf,
    /// The stage's width × height in pixels.
    pub size: (u32, u32),
    /// How the film fills it.
    pub fit: Fit,
    /// What shows beside a film that does not fill it.
    pub ground: Colour,
    /// How loud its sound is: 0 is without sound, 1 as it was recorded.
    pub volume: f32,
    /// From which moment of the film on; what cannot be sought begins at its beginning.
    pub from: Duration,
}

/// A film that is opened or shown. Dropping it ends it, and its pictures stay good.
pub trait Screening: Send + Sync {
    /// Whether it is open, with its first frame; `None` while it is not known.
    fn opened(&self) -> Option<Result<Opened, FilmError>>;
    /// Lets it run: its first frame is due at `now`, monotonic time. Until then it stands at its first frame.
    fn play(&mut self, now: Duration);
    /// The newest frame that is due at `now`, monotonic time.
    fn shot(&mut self, now: Duration) -> Option<Shot>;
    /// The moment of the film that the newest [`Self::shot`] shows.
    fn position(&self) -> Duration;
    /// How it goes.
    fn going(&self) -> Going;
    /// Mutes it for good, as when another one's sound begins.
    fn mute(&mut self);
}

impl fmt::Debug for dyn Screening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Screening at {:?}", self.position())
    }
}

/// What is known of a film that was opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// How long it is; `None` where its file does not say.
    pub length: Option<Duration>,
    /// Whether it begins anew by itself at its end, without a gap.
    pub loops: bool,
}

/// How a film goes while it is shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Going {
    /// It plays, or stands at its first frame.
    On,
    /// It is over and does not loop; the last frame stays.
    Over,
    /// It cannot go on; the last frame stays.
    Failed(FilmError),
}

/// Why a film is not shown, in plain words, without its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilmError {
    /// In Indonesian.
    pub id: String,
    /// In English.
    pub en: String,
    /// Whether it may be otherwise the next time, with the same file.
    pub passing: bool,
}

/// The way of a film's sound into the mixer; `None` where there is no mixer.
#[derive(Resource, Debug, Clone, Default)]
pub struct FilmSound(pub Option<FilmInput>);

/// Takes a film's sound; what finds no room is for the film to hold back.
#[derive(Debug, Clone)]
pub struct FilmInput {
    /// The way of the pieces, in the order of their times.
    pub pieces: SyncSender<FilmPiece>,
    /// [`Self::latency`] in nanoseconds.
    pub latency: Arc<AtomicU64>,
}

/// A piece of a film's sound, stereo at [`FilmInput::RATE`].
#[derive(Debug, Clone, PartialEq)]
pub struct FilmPiece {
    /// When its first frame is to be heard.
    pub due: Instant,
    /// At most [`FilmInput::PIECE`] frames, left and right; 1 is full scale.
    pub frames: Vec<[f32; 2]>,
}

impl FilmInput {
    /// Frames a second.
    pub const RATE: u32 = 48_000;
    /// The frames of one piece at the most: 20 ms.
    pub const PIECE: usize = 960;

    /// How long before it is due a piece is taken, at the most: one that comes later may be lost. Zero where no
    /// device has played yet.
    pub fn latency(&self) -> Duration {
        Duration::from_nanos(self.latency.load(Ordering::Relaxed))
    }
}
