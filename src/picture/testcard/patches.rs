//! Patterns of single pixels: scaled by anything on the way, they turn into waves or plain grey blocks.
//! Invariant: each pixel of a pattern is black or white, and is a pixel of the card.

use super::{Brush, layout::columns, words::Words};
use crate::{
    picture::{Colour, Picture, Rect, face::Face, text::Style},
    words::Language,
};

const WHITE: Colour = Colour::hex(0xff_ff_ff);
const BLACK: Colour = Colour::hex(0);

/// The patterns: whether a pixel is white.
const PATTERNS: [fn(u32, u32) -> bool; 4] = [
    |x, y| (x + y).is_multiple_of(2),
    |x, _| x.is_multiple_of(2),
    |_, y| y.is_multiple_of(2),
    |x, y| (x / 2 + y / 2).is_multiple_of(2),
];

pub(super) fn draw(brush: &mut Brush<'_>, at: Rect, language: Language, compact: bool) {
    if compact {
        for (white, at) in PATTERNS.iter().zip(columns(at, 1, [1.0; 4])) {
            pattern(brush, at, *white);
        }
        return;
    }
    let words = Words::of(language);
    brush.panel(at);
    let below = brush.caption(at, words.patches);
    let style = Style::new(Face::Text, brush.small * 0.95).line(1.2);
    let hint =
        brush.type_.fit_box(words.even, style, (below.w as f32, below.h as f32 * 0.3), 3, brush.small * 0.6);
    let high = if hint.cut { 0.0 } else { hint.height };
    let label = Style::new(Face::TextMedium, brush.small * 0.9);
    let gap = (brush.small * 0.5).round() as u32;
    let least = (label.size * 1.3).round() as u32;
    let room = below.h.saturating_sub(high as u32 + gap + least);
    let squares = Rect::new(below.x, below.y + (gap / 2) as i32, below.w, room);
    let names = ["1 × 1", words.columns, words.lines, "2 × 2"];
    for ((white, name), square) in PATTERNS.iter().zip(names).zip(columns(squares, gap, [1.0; 4])) {
        if square.w < 8 || square.h < 8 {
            continue;
        }
        pattern(brush, square, *white);
        let row = Rect::new(square.x, square.bottom(), square.w, least);
        brush.line(name, label, (row, square.bottom() as f32, least as f32), true, brush.small * 0.5);
    }
    if !hint.cut {
        let y = below.bottom() as f32 - hint.height;
        brush.type_.draw(&mut brush.canvas, &hint, below.x as f32, y.round(), brush.colours.mist);
    }
}

fn pattern(brush: &mut Brush<'_>, at: Rect, white: fn(u32, u32) -> bool) {
    if at.is_empty() {
        return;
    }
    let pixel = |i: u32| if white(i % at.w, i / at.w) { WHITE.pixel() } else { BLACK.pixel() };
    let pixels = (0..at.w * at.h).map(pixel).collect();
    brush.canvas.place(&Picture::new(at.w, at.h, pixels), at.x, at.y);
}
