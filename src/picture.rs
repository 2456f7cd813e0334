//! Drawing on the CPU: theme in, pixels out. Pure: no bevy, no file, no clock.
//! Invariant: the same input gives the same pixels, byte for byte.

pub mod card;
pub mod colour;
pub mod face;
pub mod image;
pub mod legible;
pub mod list;
pub mod page;
pub mod pixels;
pub mod place;
pub mod planes;
pub mod qr;
pub mod shape;
pub mod survey;

pub mod testcard;
pub mod text;
pub mod theme;
pub mod turn;

pub use colour::Colour;
pub use list::{DisplayList, Quad, Source};
pub use pixels::Picture;
pub use planes::Planes;

pub use crate::domain::geometry::Rect;
