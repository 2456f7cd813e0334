//! Text: parley lays out (shaping, kerning, tabular digits, line breaks), fontdue rasterises.
//! Invariant: what is drawn of a block lies within its lines; the same text gives the same pixels.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use parley::{
    FontContext, FontFamily, FontFamilyName, Layout, LayoutContext, LineBreakContext, LineHeight,
    OverflowWrap, PositionedLayoutItem, StyleProperty, WordBreak,
    fontique::{Blob, Collection, CollectionOptions, FontInfoOverride, SourceCache},
};

use super::{Colour, face::Face, shape::Canvas};

mod fit;

/// How much the glyph cache may hold, in bytes of coverage; it is emptied when it is full.
const CACHE: usize = 4 << 20;
/// A glyph larger than this is not kept: call-outs are drawn once.
const LARGE: usize = 64 << 10;

/// How text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Family and weight.
    pub face: Face,
    /// Size in pixels an em.
    pub size: f32,
    /// Height of a line as a multiple of the size.
    pub line: f32,
    /// Extra space between letters as a share of the size; negative is tighter.
    pub tracking: f32,
}

impl Style {
    /// The face at this size, lines of 1.25 times the size.
    pub fn new(face: Face, size: f32) -> Self {
        Self { face, size, line: 1.25, tracking: 0.0 }
    }

    /// With another height of a line.
    pub fn line(self, line: f32) -> Self {
        Self { line, ..self }
    }

    /// With another space between letters.
    pub fn tracking(self, tracking: f32) -> Self {
        Self { tracking, ..self }
    }

    /// Height of a capital letter in pixels.
    pub fn cap_height(&self) -> f32 {
        self.face.cap_height() * self.size
    }
}

/// A piece of text in one weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The text.
    pub text: &'a str,
    /// Whether it is bold within its style.
    pub bold: bool,
}

#[derive(Debug, Clone, Copy)]
struct Placed {
    face: Face,
    glyph: u16,
    size: f32,
    x: f32,
    baseline: f32,
}

/// Text that was laid out.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// Width of the widest line in pixels, without the space at its end.
    pub width: f32,
    /// Height of all lines in pixels.
    pub height: f32,
    /// How many lines it has.
    pub lines: usize,
    /// The first line's baseline, from the block's top.
    pub baseline: f32,
    /// The size that it was set in, in pixels an em.
    pub size: f32,
    /// Whether something was left out and an ellipsis stands for it.
    pub cut: bool,
    glyphs: Vec<Placed>,
}

impl Block {
    /// Height of one line in pixels.
    pub fn line_height(&self) -> f32 {
        self.height / self.lines.max(1) as f32
    }

    /// The first `lines` lines, and the rest.
    pub fn split(self, lines: usize) -> (Self, Self) {
        let lines = lines.min(self.lines);
        let height = lines as f32 * self.line_height();
        let (above, mut below): (Vec<_>, Vec<_>) = self.glyphs.iter().partition(|g| g.baseline < height);
        below.iter_mut().for_each(|g: &mut Placed| g.baseline -= height);
        let rest = Self { lines: self.lines - lines, height: self.height - height, glyphs: below, ..self };
        (Self { lines, height, glyphs: above, ..self }, rest)
    }
}

#[derive(Debug)]
struct Glyph {
    left: i32,
    /// From the baseline up to the top row.
    top: i32,
    width: usize,
    coverage: Vec<u8>,
}

/// Lays text out and draws it. Keeps shaped glyphs, so one is kept for each thread that draws.
pub struct Typesetter {
    fonts: FontContext,
    layouts: LayoutContext<bool>,
    /// The identities of the faces' bytes, in the order of [`Face::ALL`].
    blobs: Vec<u64>,
    glyphs: HashMap<(Face, u16, u32), Arc<Glyph>>,
    kept: usize,
}

impl Default for Typesetter {
    fn default() -> Self {
        let options = CollectionOptions { shared: false, system_fonts: false };
        let mut fonts =
            FontContext { collection: Collection::new(options), source_cache: SourceCache::default() };
        let mut blobs = Vec::new();
        for face in Face::ALL {
            let blob = Blob::new(Arc::new(face.bytes()));
            blobs.push(blob.id());
            let info = FontInfoOverride { family_name: Some(name(face)), ..Default::default() };
            fonts.collection.register_fonts(blob, Some(info));
        }
        Self { fonts, layouts: LayoutContext::new(), blobs, glyphs: HashMap::new(), kept: 0 }
    }
}

/// A hyphen within a word is no place to break a line: `KTP-el` stays whole.
fn hyphen(at: LineBreakContext) -> Option<bool> {
    let within =
        at.before == '-' && at.before_before.is_some_and(char::is_alphanumeric) && at.after.is_alphanumeric();
    within.then_some(false)
}

fn name(face: Face) -> &'static str {
    match face {
        Face::Text => "text",
        Face::TextMedium => "text-medium",
        Face::TextStrong => "text-strong",
        Face::Number => "number",
        Face::Call => "call",
        Face::Label => "label",
        Face::Heading => "heading",
        Face::Title => "title",
    }
}

/// A face's family; a called ticket's has fewer letters, the rest come from the tickets' own.
fn family(face: Face) -> StyleProperty<'static, bool> {
    let named = |face| FontFamilyName::Named(Cow::Borrowed(name(face)));
    let names = if face == Face::Call { vec![named(face), named(Face::Number)] } else { vec![named(face)] };
    StyleProperty::FontFamily(FontFamily::List(Cow::Owned(names)))
}

impl Typesetter {
    /// One line, as wide as it becomes.
    pub fn line(&mut self, text: &str, style: Style) -> Block {
        self.block(&[Piece { text, bold: false }], style, None)
    }

    /// Lines of at most `width` pixels. A word that is wider is broken.
    pub fn block(&mut self, pieces: &[Piece], style: Style, width: Option<f32>) -> Block {
        let text: String = pieces.iter().map(|p| p.text).collect();
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, &text, 1.0, true);
        builder.push_default(family(style.face));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder
            .push_default(StyleProperty::LineHeight(LineHeight::Absolute((style.size * style.line).round())));
        builder.push_default(StyleProperty::LetterSpacing(style.tracking * style.size));
        builder.push_default(StyleProperty::FontFeatures("\"tnum\"".into()));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::BreakWord));
        builder.push_default(StyleProperty::WordBreak(WordBreak::Normal));
        builder.set_line_break_override(Some(&hyphen));
        let mut at = 0;
        for piece in pieces {
            let range = at..at + piece.text.len();
            at = range.end;
            if piece.bold && !range.is_empty() {
                builder.push(family(style.face.bold()), range);
            }
        }
        let mut layout = builder.build(&text);
        layout.break_all_lines(width);
        self.collect(&layout, style)
    }

    fn collect(&self, layout: &Layout<bool>, style: Style) -> Block {
        let mut block = Block { size: style.size, lines: layout.len(), ..Block::default() };
        let height = (style.size * style.line).round();
        for (number, line) in layout.lines().enumerate() {
            let metrics = line.metrics();
            // The tracking after the last letter is no ink.
            let ink = metrics.advance - metrics.hanging_advance - style.tracking.max(0.0) * style.size;
            block.width = block.width.max(ink);
            block.height += height;
            if number == 0 {
                block.baseline = metrics.baseline.round();
            }
            for item in line.items() {
                let PositionedLayoutItem::GlyphRun(run) = item else { continue };
                let blob = run.run().font().data.id();
                let Some(index) = self.blobs.iter().position(|b| *b == blob) else { continue };
                // Glyph 0 stands for a letter that the face does not have: a box says nothing to anyone.
                for glyph in run.positioned_glyphs().filter(|glyph| glyph.id != 0) {
                    block.glyphs.push(Placed {
                        face: Face::ALL[index],
                        glyph: glyph.id as u16,
                        size: style.size,
                        x: glyph.x,
                        baseline: glyph.y.round(),
                    });
                }
            }
        }
        block
    }

    /// Draws a block, its left top corner at (`x`, `y`).
    pub fn draw(&mut self, canvas: &mut Canvas, block: &Block, x: f32, y: f32, colour: Colour) {
        for placed in &block.glyphs {
            let Some(glyph) = self.glyph(placed) else { continue };
            let left = (x + placed.x).round() as i32 + glyph.left;
            let top = (y + placed.baseline).round() as i32 - glyph.top;
            canvas.cover(&glyph.coverage, glyph.width, left, top, colour);
        }
    }

    /// Draws a block with its first baseline at `baseline`.
    pub fn draw_on(&mut self, canvas: &mut Canvas, block: &Block, x: f32, baseline: f32, colour: Colour) {
        self.draw(canvas, block, x, baseline - block.baseline, colour);
    }

    fn glyph(&mut self, placed: &Placed) -> Option<Arc<Glyph>> {
        let key = (placed.face, placed.glyph, placed.size.to_bits());
        if let Some(glyph) = self.glyphs.get(&key) {
            return Some(glyph.clone());
        }
        let (metrics, coverage) = placed.face.outlines()?.rasterize_indexed(placed.glyph, placed.size);
        let top = metrics.ymin + metrics.height as i32;
        let glyph = Arc::new(Glyph { left: metrics.xmin, top, width: metrics.width, coverage });
        let bytes = glyph.coverage.len();
        if bytes <= LARGE {
            if self.kept + bytes > CACHE {
                self.glyphs.clear();
                self.kept = 0;
            }
            self.kept += bytes;
            self.glyphs.insert(key, glyph.clone());
        }
        Some(glyph)
    }
}

#[cfg(test)]
mod tests;
