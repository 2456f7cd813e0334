//! A page's measures on a stage: type sizes, margins and gaps, all in pixels.
//! Invariant: a text is smaller than the theme says only by the page's own scale, and never under the floor.

use crate::picture::{
    face::Face,
    text::Style,
    theme::{Colours, Sizes},
};

/// Type sizes, margins and gaps of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    pub colours: Colours,
    pub floor: f32,
    pub service: f32,
    pub title: f32,
    pub heading: f32,
    pub body: f32,
    pub fact_label: f32,
    pub fact: f32,
    pub radius: f32,
    /// Space left and right of the page, and above its first line's capitals.
    pub pad: f32,
    /// Space below the page.
    pub foot: f32,
    /// Space between two columns.
    pub column_gap: f32,
    /// Space between two items of a list.
    pub item_gap: f32,
    /// Space between two blocks.
    pub block_gap: f32,
    /// Space above a section's heading.
    pub section_gap: f32,
    /// Space from a heading's rule to the top of the line below it.
    pub under_rule: f32,
    /// Thickness of a heading's rule.
    pub rule: f32,
    /// Whether the text is set in the strong face: a page of a few words for an LED wall.
    pub strong: bool,
}

impl Measure {
    /// The theme's sizes on a stage, smaller by `scale` (the title by `title` too).
    pub fn new(colours: &Colours, sizes: &Sizes, size: (u32, u32), scale: f32, title: f32) -> Self {
        let (width, height) = (size.0 as f32, size.1 as f32);
        let set = |size: f32, scale: f32| (size * scale).max(sizes.floor.min(size)).max(1.0);
        // Text that is set smaller is set closer, too.
        let loose = ((scale - 0.85) / 0.15).clamp(0.0, 1.0);
        let body = set(sizes.body, scale);
        let pad = sizes.stage_pad.min(width * 0.067).min(height * 0.08).max(1.0).round();
        Self {
            colours: *colours,
            floor: sizes.floor,
            service: set(sizes.service, scale),
            title: set(sizes.title, scale * title),
            heading: set(sizes.heading, scale),
            body,
            fact_label: set(sizes.fact_label, scale),
            fact: set(sizes.fact, scale),
            radius: sizes.radius,
            pad,
            foot: (pad * 0.72).round().max(1.0),
            column_gap: (sizes.body * 1.8).min(width * 0.06).round(),
            item_gap: (body * (0.36 + 0.22 * loose)).round(),
            block_gap: (body * (0.6 + 0.2 * loose)).round(),
            section_gap: (body * (1.0 + 0.4 * loose)).round(),
            under_rule: (body * (0.5 + 0.2 * loose)).round(),
            rule: (sizes.body * 0.097).round().max(1.0),
            strong: false,
        }
    }

    /// A page's text.
    pub fn text(&self) -> Style {
        let face = if self.strong { Face::TextStrong } else { Face::Text };
        Style::new(face, self.body).line(1.28)
    }
}
