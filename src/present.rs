//! The display list onto the glass.
pub mod blend;
pub mod gpu;
pub mod png;
