//! What papan knows and decides, without bevy, I/O or a clock: time comes as an argument.

pub mod announcement;
pub mod board;
pub mod captions;
pub mod daypart;
pub mod event;
pub mod geometry;
pub mod hall;
pub mod layout;
pub mod legibility;
pub mod lighting;
pub mod playlist;
pub mod rotation;
pub mod schedule;
pub mod speech;
pub mod ticker;
pub mod visible;
