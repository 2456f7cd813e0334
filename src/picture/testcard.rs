//! The test card: what shows at a glance whether an output shows every pixel, in its place, in its colour.
//! Invariant: the outermost pixels are white on every side, and nothing leaves its panel; what does not fit is left out.

use super::{
    Colour, Picture, Rect,
    shape::Canvas,
    text::Typesetter,
    theme::{Colours, Theme},
};
use crate::words::Language;

mod colours;
mod facts;
mod grid;
mod layout;
mod patches;
mod sizes;
mod words;

pub use grid::cell;

/// What is known of the output, or of the part of it that a screen takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// The output's name; empty where nobody knows.
    pub name: String,
    /// Width × height of the card in pixels.
    pub size: (u32, u32),
    /// How often a second the output is refreshed.
    pub rate: Option<f64>,
    /// How far the picture is turned clockwise, in degrees.
    pub rotation: u32,
    /// Where the card lies on its output, where that is not all of it.
    pub region: Option<Rect>,
    /// The glass's physical height in millimetres, as the picture stands.
    pub height_mm: Option<f64>,
    /// What the card speaks.
    pub language: Language,
}

impl Card {
    /// A card of which only the size is known.
    pub fn new(width: u32, height: u32, language: Language) -> Self {
        let (name, size) = (String::new(), (width, height));
        Self { name, size, rate: None, rotation: 0, region: None, height_mm: None, language }
    }
}

/// What the panels are drawn with.
struct Brush<'a> {
    canvas: Canvas,
    type_: &'a mut Typesetter,
    colours: &'a Colours,
    /// The height of small text, in pixels an em.
    small: f32,
}

/// Draws the card without what moves on it.
pub fn draw(type_: &mut Typesetter, theme: &Theme, card: &Card) -> Picture {
    let (width, height) = card.size;
    let colours = &theme.colour;
    let cell = cell(width, height);
    let canvas = Canvas::filled(width, height, colours.deeper);
    let small = (cell as f32 * 0.165).max(7.0);
    let mut brush = Brush { canvas, type_, colours, small };
    grid::lines(&mut brush, cell);
    let plan = layout::plan(width, height, cell);
    for (ring, radius) in &plan.rings {
        grid::ring(&mut brush, *ring, *radius);
    }
    if let Some(at) = plan.facts {
        facts::draw(&mut brush, at, card, plan.compact);
    }
    if let Some(at) = plan.sizes {
        sizes::draw(&mut brush, at, card, theme);
    }
    if let Some(at) = plan.patches {
        patches::draw(&mut brush, at, card.language, plan.compact);
    }
    if let Some(at) = plan.colours {
        colours::colours(&mut brush, at, plan.compact);
    }
    if let Some(at) = plan.greys {
        colours::greys(&mut brush, at, plan.compact);
    }
    grid::numbers(&mut brush, cell);
    grid::frame(&mut brush, cell);
    brush.canvas.finish()
}

/// Where the bar is that moves over a card of this size, after so many refreshes: from left to right, by the same
/// whole number of pixels each time, as high as the card. A picture that tears breaks it in two; a refresh that was
/// lost is a jump.
pub fn bar((width, height): (u32, u32), refresh: u64) -> Rect {
    let step = (width / 320).max(1);
    let at = (refresh % u64::from(width.div_ceil(step).max(1))) as u32 * step;
    Rect::new(at as i32, 0, (width / 480).max(2).min(width.saturating_sub(at)), height)
}

/// The colour of the bar that moves.
pub const BAR: Colour = Colour::hex(0xff_ff_ff);

#[cfg(test)]
mod tests;
