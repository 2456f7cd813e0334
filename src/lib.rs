//! papan: the screen of a public-service hall.

pub mod config;
pub mod domain;
pub mod picture;
pub mod playback;
pub mod problem;
pub mod state;
pub mod words;
