//! What features share of outputs and screens: which monitors there are, and what each screen shows on which of them.
//! Invariant: what stands here is of this frame; an output that was pulled is not among them any more.

use bevy::prelude::*;

use super::Playing;
use crate::picture::{DisplayList, place::Place};

/// The outputs that the window lies over; whoever has the window says so.
#[derive(Resource, Debug, Clone, PartialEq, Default)]
pub struct Outputs {
    /// Whether it is known: a window among others knows of none, and its first screen fills it.
    pub known: bool,
    /// All of them, from the left to the right, then from the top to the foot.
    pub all: Vec<Output>,
    /// Where the window's left top corner lies in the layout of the outputs.
    pub origin: (i32, i32),
    /// The one that the window is on, or the first of several.
    pub under: Option<Output>,
}

/// The window is to lie over all outputs, as several screens need it; without it, over one.
#[derive(Resource, Debug, Clone, Copy, Default)]
pub struct Wall;

/// A monitor, as the display server has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// Its connector's name, such as `HDMI-A-1`.
    pub name: String,
    /// Its left edge in the layout of the outputs, in pixels.
    pub x: i32,
    /// Its top edge.
    pub y: i32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Refreshes a second.
    pub rate: f64,
}

/// Each screen of the config in its order, as it is now.
#[derive(Resource, Debug, Clone, Default, Deref, DerefMut)]
pub struct Screens(pub Vec<Placed>);

/// One screen, as it is now.
#[derive(Debug, Clone, Default)]
pub struct Placed {
    /// What staff call it: its output, or its number.
    pub name: String,
    /// The output that it is on; `None` where that is not there, or nobody knows of outputs.
    pub output: Option<String>,
    /// Where it lies in the window; `None` where it is not drawn: its output is not there, or its region lies
    /// outside of it.
    pub place: Option<Place>,
    /// Whether it is black by its hours.
    pub dark: bool,
    /// What is on its stage, and the window's frames a second.
    pub playing: Playing,
    /// What it shows, before it is put into its place; the newest also where it is not drawn.
    pub list: DisplayList,
}

/// Where in the window the editor lies over the screen; without it, over all of it.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default, Deref)]
pub struct EditedArea(pub crate::picture::Rect);
