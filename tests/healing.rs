//! The program heals, as seen from outside: its words to systemd, its exit codes, and what it shows after a crash.
//! Invariant: each fault is a real one in a real program; what is judged is what it did, never when.

#![allow(clippy::expect_used, reason = "a test may end at what it did not expect")]

#[path = "common/outside.rs"]
mod outside;

#[path = "healing/config.rs"]
mod config;
#[path = "healing/disk.rs"]
mod disk;
#[path = "healing/hall.rs"]
mod hall;
#[path = "healing/panics.rs"]
mod panics;
#[path = "healing/safe.rs"]
mod safe;
#[path = "healing/watchdog.rs"]
mod watchdog;
