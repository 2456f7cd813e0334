//! A view that is still to come. Invariant: it changes nothing.

use crate::editor::{desk::Desk, egui};

/// Shows it.
pub fn show(_ui: &mut egui::Ui, _desk: &mut Desk) {}
