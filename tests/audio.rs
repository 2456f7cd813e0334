//! Sound as a real sound server plays it, and a screen that runs on where there is none.
//! Invariant: what is judged is the sound that came out, or the lines of the log.

#![allow(clippy::expect_used, reason = "a test may end at what it did not expect")]

#[path = "audio/calls.rs"]
mod calls;
#[path = "audio/child.rs"]
mod child;
#[path = "audio/device.rs"]
mod device;
#[path = "audio/film.rs"]
mod film;
#[path = "common/process.rs"]
mod process;
#[path = "audio/say.rs"]
mod say;
#[path = "common/sound.rs"]
mod sound;
