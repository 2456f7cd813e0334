//! papan: the screen of a public-service hall.

pub mod config;
pub mod demo;
pub mod domain;
pub mod link;
pub mod picture;
pub mod problem;
pub mod protocol;
pub mod state;
pub mod words;
