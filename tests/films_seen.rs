//! Films as someone before the screen sees them: the real program on an X server, with films that tell in their
//! own picture which of their frames is shown, and with everything that can be wrong with a film.
//! Invariant: what is seen is read off the glass; what a loaded machine may be late with is not judged by one case.
//!
//! `PAPAN_LONG=1` runs the same code for as long as issue and habit ask: 100 changes, ten minutes of a loop, an
//! hour's worth of bad films.

#![allow(clippy::expect_used, reason = "a test may end at what it did not expect")]

use std::{env, time::Duration};

#[path = "films_seen/bad.rs"]
mod bad;
#[path = "films_seen/changes.rs"]
mod changes;
#[path = "common/films_bad.rs"]
mod films_bad;
#[path = "films_seen/hall.rs"]
mod hall;
#[path = "films_seen/killed.rs"]
mod killed;
#[path = "films_seen/looks.rs"]
mod looks;
#[path = "common/outside.rs"]
mod outside;
#[path = "films_seen/rounds.rs"]
mod rounds;

/// A time that is long where it is asked for.
fn long(short: Duration, long: Duration) -> Duration {
    if is_long() { long } else { short }
}

fn is_long() -> bool {
    env::var_os("PAPAN_LONG").is_some()
}
