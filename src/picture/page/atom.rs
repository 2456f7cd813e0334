//! What a page is made of: pieces that stand one below another and are drawn whole.
//! Invariant: an atom's ink lies within its height, so a page breaks between atoms and never cuts one.

use crate::picture::{
    Colour, Picture, Rect,
    shape::Canvas,
    text::{Block, Typesetter},
};

/// One thing to draw, placed from its atom's top left corner, in pixels.
#[derive(Debug, Clone)]
pub(super) enum Op {
    /// Text, by its left top corner.
    Text { block: Block, x: f32, y: f32, colour: Colour },
    /// A box with round corners: x, y, width, height.
    Box { at: [f32; 4], radius: f32, colour: Colour },
    /// A disc, by its centre.
    Disc { x: f32, y: f32, radius: f32, colour: Colour },
    /// A picture, by its left top corner.
    Picture { picture: Picture, x: f32, y: f32 },
}

/// A piece of a page.
#[derive(Debug, Clone, Default)]
pub(super) struct Atom {
    /// Space above it where something stands above it, in pixels.
    pub gap: f32,
    /// Its height in pixels.
    pub height: f32,
    /// Whether it is not left alone at the end of a column.
    pub keep: bool,
    /// What it draws.
    pub ops: Vec<Op>,
}

impl Atom {
    /// Lines of text alone, `x` pixels to the right.
    pub fn text(block: Block, x: f32, colour: Colour) -> Self {
        let height = block.height;
        Self { height, ops: vec![Op::Text { block, x, y: 0.0, colour }], ..Self::default() }
    }

    /// With space above it.
    pub fn below(self, gap: f32) -> Self {
        Self { gap, ..self }
    }

    /// The lines that are at most `height` pixels high, and the rest. `None` where not one is, or where
    /// there is nothing to divide.
    pub fn split(&self, height: f32) -> Option<(Self, Self)> {
        let mut cut = f32::INFINITY;
        for op in &self.ops {
            match op {
                Op::Text { block, y, .. } if block.lines > 1 => {
                    let lines = ((height - y) / block.line_height() + 0.001).floor();
                    if lines < 1.0 {
                        return None;
                    }
                    if (lines as usize) < block.lines {
                        cut = cut.min(y + lines * block.line_height());
                    }
                }
                Op::Picture { .. } => return None,
                _ => {}
            }
        }
        if cut >= self.height {
            return None;
        }
        let mut above = Self { gap: self.gap, height: cut, ..Self::default() };
        let mut below = Self { height: self.height - cut, keep: self.keep, ..Self::default() };
        for op in self.ops.iter().cloned() {
            match op {
                Op::Text { block, x, y, colour } => {
                    let lines = ((cut - y) / block.line_height() + 0.001).floor().max(0.0) as usize;
                    let (head, tail) = block.split(lines);
                    if tail.lines > 0 {
                        below.ops.push(Op::Text { block: tail, x, y: 0.0, colour });
                    }
                    above.ops.push(Op::Text { block: head, x, y, colour });
                }
                // A mark stands beside the first line, a rule below the last one.
                Op::Box { at: [x, y, w, h], radius, colour } if y >= cut => {
                    below.ops.push(Op::Box { at: [x, y - cut, w, h], radius, colour });
                }
                other => above.ops.push(other),
            }
        }
        Some((above, below))
    }

    /// Draws it with its left top corner at (`left`, `top`).
    pub fn draw(&self, type_: &mut Typesetter, canvas: &mut Canvas, left: f32, top: f32) {
        for op in &self.ops {
            match op {
                Op::Text { block, x, y, colour } => type_.draw(canvas, block, left + x, top + y, *colour),
                Op::Box { at: [x, y, w, h], radius, colour } => {
                    let (x, y) = ((left + x).round() as i32, (top + y).round() as i32);
                    let rect = Rect::new(x, y, w.round().max(1.0) as u32, h.round().max(1.0) as u32);
                    if *radius > 0.0 {
                        canvas.round(rect, *radius, *colour);
                    } else {
                        canvas.fill(rect, *colour);
                    }
                }
                Op::Disc { x, y, radius, colour } => canvas.disc(left + x, top + y, *radius, *colour),
                Op::Picture { picture, x, y } => {
                    canvas.place(picture, (left + x).round() as i32, (top + y).round() as i32);
                }
            }
        }
    }
}

/// Height of atoms one below another, in pixels; the first one's gap does not count.
pub(super) fn height(atoms: &[Atom]) -> f32 {
    let gap = atoms.first().map_or(0.0, |a| a.gap);
    atoms.iter().map(|a| a.gap + a.height).sum::<f32>() - gap
}

/// Draws atoms one below another.
pub(super) fn draw(atoms: &[Atom], type_: &mut Typesetter, canvas: &mut Canvas, left: f32, top: f32) {
    let mut y = top;
    for (number, atom) in atoms.iter().enumerate() {
        if number > 0 {
            y += atom.gap;
        }
        atom.draw(type_, canvas, left, y.round());
        y += atom.height;
    }
}
