//! The colours, the theme's beside them, and the greys with the steps that panels lose first.
//! Invariant: a patch has the exact value that stands on it.

use super::{
    Brush,
    layout::{columns, rows},
};
use crate::picture::{Colour, Rect, face::Face, text::Style};

const PURE: [(&str, u32); 8] = [
    ("R", 0xff_00_00),
    ("G", 0x00_ff_00),
    ("B", 0x00_00_ff),
    ("C", 0x00_ff_ff),
    ("M", 0xff_00_ff),
    ("Y", 0xff_ff_00),
    ("W", 0xff_ff_ff),
    ("K", 0x00_00_00),
];
const BLACKS: [u8; 8] = [2, 4, 6, 8, 10, 12, 16, 20];
const WHITES: [u8; 8] = [235, 239, 243, 245, 247, 249, 251, 253];

pub(super) fn colours(brush: &mut Brush<'_>, at: Rect, compact: bool) {
    let of = brush.colours;
    let theme = [
        ("deeper", of.deeper),
        ("deep", of.deep),
        ("sun", of.sun),
        ("paper", of.paper),
        ("ink", of.ink),
        ("mist", of.mist),
        ("teal", of.teal),
        ("alarm", of.alarm),
    ];
    let pure = PURE.map(|(name, rgb)| (name, Colour::hex(rgb)));
    if compact {
        return swatches(brush, at, pure, false);
    }
    brush.panel(at);
    let [above, below] = rows(at.inset(1, 1), 0, [1.0, 1.0]);
    swatches(brush, above, pure, true);
    swatches(brush, below, theme, true);
}

pub(super) fn greys(brush: &mut Brush<'_>, at: Rect, compact: bool) {
    let grey = |v: u8| Colour::hex(u32::from(v) * 0x01_01_01);
    let ramp: [u8; 16] = std::array::from_fn(|n| (n * 17) as u8);
    if compact {
        for (value, at) in ramp.into_iter().zip(columns(at, 0, [1.0; 16])) {
            brush.canvas.fill(at, grey(value));
        }
        return;
    }
    brush.panel(at);
    let [above, below] = rows(at.inset(1, 1), 0, [1.0, 1.0]);
    for (value, at) in ramp.into_iter().zip(columns(above, 0, [1.0; 16])) {
        brush.canvas.fill(at, grey(value));
        label(brush, at, &value.to_string(), grey(value));
    }
    // Near black on black, near white on white: each must stand out from its ground, if only just.
    let [dark, light] = columns(below, 0, [1.0, 1.0]);
    for (half, ground, values) in [(dark, 0, BLACKS), (light, 255, WHITES)] {
        brush.canvas.fill(half, grey(ground));
        for (value, at) in values.into_iter().zip(columns(half, 0, [1.0; 8])) {
            let edge = (at.w.min(at.h) / 6).max(1);
            brush.canvas.fill(at.inset(edge, edge), grey(value));
            label(brush, at, &value.to_string(), grey(value));
        }
    }
}

fn swatches<const N: usize>(brush: &mut Brush<'_>, at: Rect, all: [(&str, Colour); N], named: bool) {
    for ((name, colour), at) in all.into_iter().zip(columns(at, 0, [1.0; N])) {
        brush.canvas.fill(at, colour);
        if named {
            label(brush, at, name, colour);
        }
    }
}

/// A word on a patch, so that it can be read there; left out where there is no room.
fn label(brush: &mut Brush<'_>, at: Rect, text: &str, ground: Colour) {
    let (white, black) = (Colour::hex(0xff_ff_ff), Colour::hex(0));
    // Softer than needed, so that the words do not outshine a step that is to be seen.
    let text_colour = if ground.contrast(white) > ground.contrast(black) { white } else { black };
    let soft = ground.mix(text_colour, 0.75);
    let style = Style::new(Face::TextMedium, brush.small * 0.85);
    let block = brush.type_.fit(text, style, at.w as f32 - 4.0, 1, brush.small * 0.55);
    if block.cut || block.height > at.h as f32 {
        return;
    }
    let x = at.x as f32 + (at.w as f32 - block.width) / 2.0;
    let y = at.y as f32 + (at.h as f32 - block.height) / 2.0;
    brush.type_.draw(&mut brush.canvas, &block, x.round(), y.round(), soft);
}
