//! A hall that lives by itself, served over a real WebSocket on loopback.
//! Invariant: it speaks `protocol.md` as a queue server does, so that the whole path of an event is used.

mod institutions;
pub mod life;
mod server;

use jiff::Timestamp;

pub use self::server::serve;
use crate::domain::hall::Hall;

/// How many counters the demo hall has where nobody says.
pub const DEFAULT_COUNTERS: usize = 8;

/// Whatever chance decides in the hall of [`hall`], it decides the same each time.
const SEED: u64 = 1;

/// The demo hall as it begins, at `at`: always the same one for the same arguments.
pub fn hall(counters: usize, at: Timestamp) -> Hall {
    life::Life::new(counters, SEED, at).hall().clone()
}
