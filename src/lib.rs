//! papan: the screen of a public-service hall.

pub mod announce;
pub mod app;
pub mod audio;
pub mod check;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod domain;
pub mod library;
pub mod link;
pub mod picture;
pub mod present;
pub mod problem;
pub mod protocol;
pub mod screen;
pub mod snapshot;
pub mod state;
pub mod words;
pub mod written;
