//! papan is the screen of a public-service hall: the now-serving numbers of every counter, a call-out, a chime
//! and a voice at each call, and a loop of procedure pages, pictures, films and running text.
//!
//! # The way of an event
//!
//! ```text
//! bytes → protocol → domain::hall → what changed → pictures → display list → glass
//!                                             └→ announcements → sound
//! ```
//!
//! Nothing flows back but the display's own reports. [`link`] reads the queue server's WebSocket on a thread of
//! its own; [`protocol`] turns text into [`domain::event::Event`]s or says why not; [`domain::hall::Hall`]
//! applies them. [`announce`] puts calls into order, [`audio`] chimes and speaks them. [`library`] reads and watches
//! the playlist's folder, keeps its last good copy, and decides each minute, by [`domain::schedule`], what of it is on
//! air; [`playback`] steps through that, and [`film`] decodes films, each in a process of its own. [`screen`] draws
//! what changed, with [`picture`], into pictures that are kept, and makes one display list a frame of them.
//! [`present`] puts that on the glass: by the CPU (only what differs), by bevy's renderer, or into a PNG file.
//! Each `[[screen]]` is a world of its own with a library, a playback, films and a screen; [`app`] steps them once a
//! frame and puts their lists into the window, each at its output, cut to its region and turned.
//! [`playlog`] writes down what became of each call and each item; [`report`] counts it, and [`timeline`] says
//! beforehand what will be on air.
//! [`health`] tells systemd that the drawing loop lives, and has a defined way on for each fault.
//! [`status`] tells IT how it is.
//! [`editor`] is a window of its own, or lies over the list; what it shows of the screen is drawn by it.
//!
//! # Directions
//!
//! [`domain`], [`protocol`] and [`picture`] are pure: no bevy, no I/O, no clock; time is an argument. Features
//! never name each other: they meet in [`state`]. Only [`present`] knows a window, only [`audio`] a sound
//! device, only [`film`] a decoder, only [`editor`] egui, only [`link`] and [`demo`] a socket. `tests/architecture.rs` holds this.
//!
//! # Time
//!
//! [`clock`] reads the clocks once a frame into [`state::Now`]. Durations and animation use its monotonic
//! time, the clock on the screen and schedules its wall-clock time, which may jump.
//!
//! # Threads
//!
//! The frame runs on the main thread and never waits: `link`, `library`, `playback`, `sound`, each
//! film, the play log and the state file's keeper are named threads behind bounded channels; those with news wake the frame by
//! [`state::Wake`].

pub mod announce;
pub mod app;
pub mod audio;
pub mod check;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod directory;
pub mod domain;
pub mod editor;
pub mod fault;
pub mod film;
pub mod health;
pub mod library;
pub mod link;
pub mod picture;
pub mod playback;
pub mod playlog;
pub mod power;
pub mod present;
pub mod problem;
pub mod protocol;
pub mod replace;
pub mod report;
pub mod screen;
pub mod setup;
pub mod snapshot;
pub mod state;
pub mod status;
pub mod stop;
pub mod timeline;
pub mod words;
pub mod written;

/// The version and the date of what it was built from, such as `0.1.0 (2026-11-22)`; without a date where neither
/// `SOURCE_DATE_EPOCH` nor git said one.
pub const VERSION: &str = env!("PAPAN_VERSION");
