//! papan: the screen of a public-service hall.

pub mod config;
pub mod domain;
pub mod library;
pub mod picture;
pub mod problem;
pub mod state;
pub mod words;
pub mod written;
