//! What it takes to look at a program from outside: an X server's pixels, a queue server, the process table.
//! Invariant: nothing here knows the program's own code.

#![allow(dead_code, reason = "the tests use one part of this, the benchmark another")]
#![allow(clippy::expect_used, reason = "a test may end at what it did not expect")]

pub mod cost;
pub mod glass;
pub mod process;
pub mod queue;
pub mod watch;
pub mod zones;
