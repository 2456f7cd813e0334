//! The grid, its numbers, the frame at the very edge, the corner marks and the rings.
//! Invariant: a line lies on the pixel whose number it bears.

use super::Brush;
use crate::picture::{Rect, face::Face, text::Style};

/// How many cells the shorter side has, about.
const CELLS: f64 = 9.0;
/// The cells' sides where none divides the card: what people reckon with easily.
const ROUND: [u32; 14] = [4, 8, 16, 20, 32, 40, 50, 64, 80, 100, 128, 160, 200, 256];

/// The side of the grid's cells on a card of this size, in pixels: one that divides both sides where there is one.
pub fn cell(width: u32, height: u32) -> u32 {
    let (short, wanted) = (width.min(height).max(1), f64::from(width.min(height).max(1)) / CELLS);
    // How many times too large or too small it is.
    let off = |side: u32| (f64::from(side) / wanted).ln().abs();
    let nearest = |sides: &mut dyn Iterator<Item = u32>| sides.min_by(|a, b| off(*a).total_cmp(&off(*b)));
    let common = common(width.max(1), height.max(1));
    let dividing = nearest(&mut (4..=short).filter(|side| common.is_multiple_of(*side)));
    let round = nearest(&mut ROUND.into_iter().chain((1..=64).map(|n| n * 256)));
    dividing.filter(|side| off(*side) < 1.7_f64.ln()).or(round).unwrap_or(short).clamp(4, 4096)
}

/// The greatest number that divides both.
fn common(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { common(b, a % b) }
}

/// A line a cell; every fifth is brighter.
pub(super) fn lines(brush: &mut Brush<'_>, cell: u32) {
    let (width, height) = (brush.canvas.width(), brush.canvas.height());
    let dim = brush.colours.deeper.mix(brush.colours.mist, 0.22);
    let bright = brush.colours.deeper.mix(brush.colours.mist, 0.48);
    for (fifths, colour) in [(false, dim), (true, bright)] {
        let those = |n: &u32| n.is_multiple_of(5) == fifths;
        for n in (1..width.div_ceil(cell)).filter(those) {
            brush.canvas.fill(Rect::new((n * cell) as i32, 0, 1, height), colour);
        }
        for n in (1..height.div_ceil(cell)).filter(those) {
            brush.canvas.fill(Rect::new(0, (n * cell) as i32, width, 1), colour);
        }
    }
}

/// The number of the pixel on which each line lies, beside it in the outermost cells.
pub(super) fn numbers(brush: &mut Brush<'_>, cell: u32) {
    let (width, height) = (brush.canvas.width(), brush.canvas.height());
    if cell < 36 {
        return;
    }
    let style = Style::new(Face::TextMedium, brush.small);
    let (gap, edge) = ((cell as f32 * 0.05).round(), (cell as f32 * 0.10).round());
    let room = cell as f32 - 2.0 * gap;
    let mist = brush.colours.mist;
    for n in 1..width.div_ceil(cell) {
        let block = brush.type_.line(&(n * cell).to_string(), style);
        let x = (n * cell) as f32 + gap;
        if block.width <= room && x + block.width < width as f32 - edge {
            brush.type_.draw(&mut brush.canvas, &block, x, edge, mist);
            let y = height as f32 - edge - block.height;
            brush.type_.draw(&mut brush.canvas, &block, x, y, mist);
        }
    }
    for n in 1..height.div_ceil(cell) {
        let block = brush.type_.line(&(n * cell).to_string(), style);
        let y = (n * cell) as f32 + gap;
        if block.width <= room && y + block.height < height as f32 - edge {
            brush.type_.draw(&mut brush.canvas, &block, edge, y, mist);
            let x = width as f32 - edge - block.width;
            brush.type_.draw(&mut brush.canvas, &block, x, y, mist);
        }
    }
}

/// The white frame of the outermost pixels, and an angle in each corner beside it.
pub(super) fn frame(brush: &mut Brush<'_>, cell: u32) {
    let (width, height) = (brush.canvas.width(), brush.canvas.height());
    let (long, thick) = ((cell * 2 / 5).max(3), (cell / 16).max(1));
    let (right, bottom) = (width as i32, height as i32);
    let sun = brush.colours.sun;
    let (l, t) = (long as i32, thick as i32);
    for (x, y) in [(2, 2), (right - 2 - l, 2), (2, bottom - 2 - l), (right - 2 - l, bottom - 2 - l)] {
        let (side, row) = (if x == 2 { x } else { right - 2 - t }, if y == 2 { y } else { bottom - 2 - t });
        brush.canvas.fill(Rect::new(x, row, long, thick), sun);
        brush.canvas.fill(Rect::new(side, y, thick, long), sun);
    }
    let white = brush.colours.white;
    for edge in [
        Rect::new(0, 0, width, 1),
        Rect::new(0, bottom - 1, width, 1),
        Rect::new(0, 0, 1, height),
        Rect::new(right - 1, 0, 1, height),
    ] {
        brush.canvas.fill(edge, white);
    }
}

/// A ring with a cross in it: where pixels are not square it is an egg.
pub(super) fn ring(brush: &mut Brush<'_>, (x, y): (f32, f32), radius: f32) {
    let line = (radius * 0.05).max(1.0);
    let ground = brush.colours.deeper;
    brush.canvas.disc(x, y, radius, brush.colours.mist);
    brush.canvas.disc(x, y, radius - line, ground);
    if radius < 12.0 {
        return;
    }
    brush.canvas.disc(x, y, radius * 0.62, brush.colours.mist);
    brush.canvas.disc(x, y, radius * 0.62 - line, ground);
    let (r, one) = ((radius * 0.8) as i32, (line.round() as u32).max(1));
    let (cx, cy) = (x as i32, y as i32);
    let half = (one / 2) as i32;
    brush.canvas.fill(Rect::new(cx - r, cy - half, 2 * r as u32, one), brush.colours.mist);
    brush.canvas.fill(Rect::new(cx - half, cy - r, one, 2 * r as u32), brush.colours.mist);
    brush.canvas.disc(x, y, radius * 0.12, brush.colours.sun);
}
