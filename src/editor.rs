//! The editor of a playlist's folder: its document, its forms, and the desk on which all of it lies. The only
//! place that names egui. Invariant: what it shows of the screen is drawn by the screen's own renderer.

pub use bevy_egui::egui;

pub mod day;
pub mod desk;
pub mod document;
pub mod folder;
pub mod import;
pub mod paint;
pub mod rotation;
pub mod sentence;
pub mod studio;
pub mod style;
pub mod views;
mod window;

pub(crate) use window::add;
