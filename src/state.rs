//! What features share: messages, resources and system sets. No systems.
//! Invariant: features never name each other, only what stands here.

use std::{
    sync::{Arc, mpsc::SyncSender},
    time::Duration,
};

use bevy::prelude::*;
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    config::Config,
    domain::{
        announcement::{self, Number},
        event, hall,
        playlist::Playlist,
        speech::{self, Sentence},
    },
    picture,
};

/// The order of a frame.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// `PreUpdate`: what came from other threads becomes messages.
    Receive,
    /// `Update`: events change the hall.
    Apply,
    /// `Update`: the playlist, the announcements and the sound move on.
    Play,
    /// `Update`: pictures are drawn anew where their data changed; the display list is made.
    Draw,
    /// `Update`: the display list goes onto the glass.
    Present,
}

/// The config, read once.
#[derive(Resource, Deref, Clone)]
pub struct Settings(pub Arc<Config>);

/// The frame's time; set before everything else, and the same for the whole frame.
#[derive(Resource, Debug, Clone)]
pub struct Now {
    /// Wall-clock time: for the clock and schedules. It may jump.
    pub wall: Timestamp,
    /// Monotonic time since the program's start: for durations and animation.
    pub mono: Duration,
    /// The hall's time zone.
    pub zone: TimeZone,
}

/// The hall as known now.
#[derive(Resource, Debug, Default, Deref, DerefMut)]
pub struct Hall(pub hall::Hall);

/// An event came from the queue server.
#[derive(Message, Debug, Clone)]
pub struct Received {
    /// The event.
    pub event: event::Event,
    /// Its sequence, for the state on disk; `None` where the state came from disk.
    pub sequence: Option<u64>,
}

/// What the hall asks of those who announce, in the order in which it happened: a ticket that is finished and
/// then called again is called.
#[derive(Message, Debug, Clone, PartialEq, Eq)]
pub enum Calling {
    /// A call is to be announced; it is on the board already.
    Called(event::TicketCalled),
    /// A call of this ticket to this counter is void: what waits of it is not to be announced any more.
    Withdrawn {
        /// The ticket.
        ticket: event::Ticket,
        /// The counter.
        counter: event::CounterId,
    },
    /// A notice is to be spoken.
    Notice(event::Notice),
    /// A notice is gone: it is not to be spoken any more.
    NoticeGone(event::NoticeId),
}

/// The demo hall's address; the link follows it where the config names no queue server.
#[derive(Resource, Debug, Clone, Deref)]
pub struct DemoHall(pub String);

/// The call that the call-out shows, if any. Its `number` tells one from the next.
#[derive(Resource, Debug, Default, Deref, DerefMut)]
pub struct Announcing(pub Option<Shown>);

/// A call on the call-out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Which announcement it is.
    pub number: Number,
    /// The call.
    pub call: event::TicketCalled,
}

/// What is to be sounded, from `announce` to `audio`, in the order in which it is to be heard: whatever comes
/// ends what sounds.
#[derive(Message, Debug, Clone, PartialEq, Eq)]
pub enum Speak {
    /// The chime, if it is wanted, then these sentences, then a silence.
    Say {
        /// Which announcement it is.
        number: Number,
        /// Whether the chime comes first.
        chime: bool,
        /// What is said; may be empty.
        sentences: Vec<Sentence>,
        /// The silence after it, which belongs to it.
        gap: Duration,
    },
    /// What sounds is faded out, and is over; nothing is told of it any more.
    Hush,
}

/// What became of a [`Speak::Say`], from `audio` to `announce`. After `Ended` or `Failed` nothing more comes.
#[derive(Message, Debug, Clone, PartialEq, Eq)]
pub enum Voiced {
    /// The voice began; where nothing is said, the chime.
    Began {
        /// Which announcement.
        number: Number,
        /// When, by the wall clock.
        at: Timestamp,
    },
    /// It was heard to its end, and the silence after it is over.
    Ended {
        /// Which announcement.
        number: Number,
        /// When the last word was over, by the wall clock.
        at: Timestamp,
        /// The words that neither clips nor espeak-ng could say.
        unsaid: Vec<String>,
    },
    /// It was not heard whole: the device went, or took no sound.
    Failed {
        /// Which announcement.
        number: Number,
        /// Why, for the log.
        why: String,
    },
}

/// Whether a call can be heard now; `audio` says so.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sound(pub announcement::Sound);

/// How long clips and chime take; `audio` knows when it has read them.
#[derive(Resource, Debug, Clone, Default, Deref)]
pub struct Lengths(pub Arc<speech::Lengths>);

/// The way of a film's sound into the mixer; `None` where there is no mixer.
#[derive(Resource, Debug, Clone, Default)]
pub struct FilmSound(pub Option<FilmInput>);

/// Takes a film's sound, stereo at [`FilmInput::RATE`]; what finds no room is for the film to hold back.
#[derive(Debug, Clone)]
pub struct FilmInput(pub SyncSender<Vec<[f32; 2]>>);

impl FilmInput {
    /// Frames a second.
    pub const RATE: u32 = 48_000;
    /// The frames of one piece at the most: 20 ms.
    pub const PIECE: usize = 960;
}

/// What became of a call or a notice that is to be spoken, for the play log: one line each.
#[derive(Message, Debug, Clone, PartialEq)]
pub enum Proof {
    /// It came in; a call is on the board with this frame's picture.
    Came {
        /// Which announcement.
        number: Number,
        /// What it is.
        what: announcement::What,
        /// When its event came, by the wall clock.
        at: Timestamp,
    },
    /// It is about to be said in these words.
    Saying {
        /// Which announcement.
        number: Number,
        /// What is said.
        text: String,
        /// What was left out because many wait.
        form: announcement::Form,
    },
    /// The voice began; where nothing is said, the chime.
    Began {
        /// Which announcement.
        number: Number,
        /// When, by the wall clock.
        at: Timestamp,
    },
    /// It was said to its end.
    Ended {
        /// Which announcement.
        number: Number,
        /// When, by the wall clock.
        at: Timestamp,
        /// Words that nothing could say.
        unsaid: Vec<String>,
    },
    /// It was not said, or not to its end.
    Unspoken {
        /// Which announcement.
        number: Number,
        /// Why.
        why: announcement::Unspoken,
        /// When, by the wall clock.
        at: Timestamp,
    },
}

/// When the newest frame that differs from the one before it came onto the glass, by the wall clock;
/// `None` before any.
#[derive(Resource, Debug, Clone, Copy, Default)]
pub struct Presented(pub Option<Timestamp>);

/// Whether what is shown is still true.
#[derive(Resource, Debug, Clone, PartialEq, Eq, Default)]
pub enum Freshness {
    /// No state was ever known.
    #[default]
    Waiting,
    /// The queue server says it now.
    Live,
    /// Cut off: it was true at this time.
    Stale(Timestamp),
}

/// What the link is doing, for status reports.
#[derive(Resource, Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkStatus {
    /// Whether a connection stands and a snapshot came over it.
    pub connected: bool,
    /// Since when, in monotonic time.
    pub since: Duration,
    /// The newest event's sequence.
    pub sequence: Option<u64>,
    /// Messages ignored because they were wrong, since the start.
    pub errors: u64,
    /// Events of unknown type, since the start.
    pub unknown: u64,
    /// Connections lost since the start.
    pub losses: u64,
}

/// What the display tells the server, beside what the link says by itself.
#[derive(Message, Debug, Clone)]
pub enum ToServer {
    /// The hall met something that it does not know: a snapshot is wanted.
    Resync,
    /// The sound of a call began.
    AnnouncementStarted(event::TicketCalled),
    /// The sound of a call is over.
    AnnouncementFinished(event::TicketCalled),
}

/// What the screen is doing, for status reports.
#[derive(Resource, Debug, Clone, Default)]
pub struct Playing {
    /// The item on the stage, as staff name it.
    pub item: String,
    /// Frames presented in the last second.
    pub fps: f32,
}

/// Wakes the drawing loop from any thread; without it a message waits for the next refresh.
#[derive(Resource, Clone)]
pub struct Wake(pub Arc<dyn Fn() + Send + Sync>);

/// Wakes nothing: for a loop that does not sleep long.
impl Default for Wake {
    fn default() -> Self {
        Self(Arc::new(|| ()))
    }
}

/// The glass: width × height in physical pixels, and how often a second it is refreshed.
#[derive(Resource, Debug, Clone, Copy, PartialEq)]
pub struct Glass {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Refreshes a second.
    pub rate: f64,
    /// How many refreshes have passed; the running text moves by this.
    pub refresh: u64,
}

impl Default for Glass {
    fn default() -> Self {
        Self { width: 0, height: 0, rate: 60.0, refresh: 0 }
    }
}

/// This frame's display list.
#[derive(Resource, Debug, Default, Deref, DerefMut)]
pub struct Frame(pub picture::DisplayList);

/// The playlist on air; changed when the folder changed and was found good.
#[derive(Resource, Debug, Default, Deref, DerefMut)]
pub struct OnAir(pub Arc<Playlist>);

/// What the stage's pictures are to be drawn for; set by the screen when the glass or the layout changes.
#[derive(Resource, Debug, Clone, PartialEq)]
pub struct StageBox {
    /// Width in pixels; 0 where the layout has no stage.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The theme's sizes, in pixels.
    pub sizes: picture::theme::Sizes,
}

/// What playback put on the stage. The screen fades from `previous` to `current` from `changed_at` on.
#[derive(Resource, Debug, Clone, Default)]
pub struct Stage {
    /// The picture now; `None` only until the first one is ready.
    pub current: Option<picture::Picture>,
    /// The picture before, kept until the fade is over.
    pub previous: Option<picture::Picture>,
    /// When `current` came, in monotonic time.
    pub changed_at: Duration,
}

/// The theme; read once.
#[derive(Resource, Debug, Clone, Deref)]
pub struct Theme(pub Arc<picture::theme::Theme>);

/// The hall's logo, a little larger than any header's mark; `None` where the site gave none.
#[derive(Resource, Debug, Clone, Default)]
pub struct Logo(pub Option<Arc<image::DynamicImage>>);

/// Whether something moves on the glass, so that a frame is wanted at every refresh.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Motion(pub bool);

/// Each counter's newest call, with its time in monotonic time; while that ticket is served there its row keeps
/// the accent for a while.
#[derive(Resource, Debug, Clone, Default, Deref, DerefMut)]
pub struct Fresh(pub std::collections::BTreeMap<event::CounterId, (event::Ticket, Duration)>);

/// The system set within [`Step::Apply`] in which the hall changes; what arranges by it comes after.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Applied;

impl Settings {
    /// The screen that this program drives.
    pub fn screen(&self) -> &crate::config::Screen {
        // The config holds at least one: reading it puts the default there.
        &self.screens[0]
    }
}

/// The system set within [`Step::Play`] in which it is decided what is announced; what sounds it comes after.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Announced;
