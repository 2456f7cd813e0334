//! What is on the desk: each view shows its part and changes the document by it.
//! Invariant: a view keeps nothing that belongs to the document.

pub mod calendar;
pub mod page;
pub mod settings;
pub mod ticker;
