//! What features share: messages, resources and system sets. No systems.
//! Invariant: features never name each other, only what stands here.

use std::{sync::Arc, time::Duration};

use bevy::prelude::*;
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    config::Config,
    domain::{event, hall},
    picture,
};

mod ailing;
mod airing;
mod announcing;
mod editing;
mod films;
mod health;
mod lit;
mod observed;
mod outputs;

pub use ailing::*;
pub use airing::*;
pub use announcing::*;
pub use editing::*;
pub use films::*;
pub use health::*;
pub use lit::*;
pub use observed::*;
pub use outputs::*;

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
    /// `Update`: the editor lies over the display list, where it is open.
    Edit,
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

/// The demo hall's address; the link follows it where the config names no queue server.
#[derive(Resource, Debug, Clone, Deref)]
pub struct DemoHall(pub String);

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
    /// Whether the item on the stage only stands in until the first one of the playlist is ready.
    pub stands_in: bool,
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
    /// What is shown now; `None` only until the first one is ready.
    pub current: Option<Shot>,
    /// What was shown before, kept until the fade is over.
    pub previous: Option<Shot>,
    /// When `current` came, in monotonic time.
    pub changed_at: Duration,
    /// How long it fades in from then on; zero where it came at once.
    pub fade: Duration,
    /// Whether a film plays, so that a frame is wanted at every refresh.
    pub moving: bool,
    /// What is said in the film at this moment, to be read; `\n` is a line's end.
    pub caption: Option<String>,
}

/// What fills the stage in one frame.
#[derive(Debug, Clone, PartialEq)]
pub enum Shot {
    /// A picture as large as the stage.
    Picture(picture::Picture),
    /// A film's planes, and where they lie on the stage: beyond its edges they are cut, and beside them the
    /// stage's ground shows.
    Film(picture::Planes, picture::Rect),
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

/// The system set within [`Step::Apply`], after [`Applied`], in which it is decided what is on air.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scheduled;

impl Settings {
    /// The screen that this world drives.
    pub fn screen(&self) -> &crate::config::Screen {
        // The config holds at least one: reading it puts the default there.
        &self.screens[0]
    }
}
