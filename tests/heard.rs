//! The program as someone in the hall hears it: a queue server of our own tells what happens, and a sound
//! server's monitor is recorded.
//! Invariant: what is judged is the sound that came out, the play log and the call-out, never when.

#![allow(clippy::expect_used, reason = "a test may end at what it did not expect")]

#[path = "heard/burst.rs"]
mod burst;
#[path = "heard/hall.rs"]
mod hall;
#[path = "common/process.rs"]
mod process;
#[allow(dead_code, reason = "other tests use more of it")]
#[path = "common/queue.rs"]
mod queue;
#[allow(dead_code, reason = "other tests use more of it")]
#[path = "common/sound.rs"]
mod sound;
#[path = "heard/trouble.rs"]
mod trouble;
