//! What features share of a screen's light: whether it shows anything now, and how brightly.
//! Invariant: what is said of no screen is on and fully bright.

use bevy::prelude::*;

use crate::domain::lighting::FULL;

/// How the screen is lit in this frame, set in [`super::Step::Apply`]. A screen that is off is black: nothing moves on
/// it and nothing is on air; the hall goes on.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lit {
    /// Whether it shows anything.
    pub on: bool,
    /// What its sRGB values are multiplied by, of 255; it changes by small steps.
    pub brightness: u8,
}

impl Default for Lit {
    fn default() -> Self {
        Self { on: true, brightness: FULL }
    }
}
