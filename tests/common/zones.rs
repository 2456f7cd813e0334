//! Where the zones of the landscape layout lie on a glass of 16:9.
//! Invariant: these are read off the design's picture, not out of the program.

use super::glass::{Glass, Rect};

/// A rectangle of a 1920×1080 design, on a glass of any size.
fn scaled(glass: &Glass, x: u32, y: u32, width: u32, height: u32) -> Rect {
    let (w, h) = (|v: u32| v * glass.width / 1920, |v: u32| v * glass.height / 1080);
    Rect { x: w(x), y: h(y), width: w(width), height: h(height) }
}

/// The board: label, service and ticket of each counter.
pub fn board(glass: &Glass) -> Rect {
    scaled(glass, 1280, 96, 640, 900)
}

/// The stage: the playlist, and the call-out over it.
pub fn stage(glass: &Glass) -> Rect {
    scaled(glass, 0, 96, 1280, 900)
}

/// A row of pixels through the middle of the running text, right of its label.
pub fn ticker_row(glass: &Glass) -> Rect {
    Rect { height: 1, ..scaled(glass, 160, 1038, 1744, 1) }
}
