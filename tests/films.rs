//! Films as they come onto the glass: the real processes, the real decoders, films whose every sample is known.
//! Invariant: what is expected comes from the standards' formulas and the film's own frames; nothing waits for a
//! time, and what a loaded machine shows late is watched until it is in time, within a deadline.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

#[path = "films/bounded.rs"]
mod bounded;
#[path = "films/colours.rs"]
mod colours;
#[path = "common/films.rs"]
mod films;
#[path = "films/looked.rs"]
mod looked;
#[path = "films/shapes.rs"]
mod shapes;
#[path = "films/shown.rs"]
mod shown;
#[path = "films/sounds.rs"]
mod sounds;
#[path = "films/times.rs"]
mod times;
