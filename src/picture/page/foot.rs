//! What stands below the text on every part of a page: cards with cost, time and validity.
//! Invariant: no card is cut; where one would be, there is no foot and the page is set another way.

use super::{body::bound, measure::Measure};
use crate::{
    domain::playlist::{FactKind, Page},
    picture::{
        Rect,
        face::Face,
        shape::Canvas,
        text::{Block, Piece, Style, Typesetter},
    },
    words::Words,
};

/// The cards at a page's foot, side by side.
#[derive(Debug)]
pub(super) struct Foot {
    cards: Vec<(Block, Block)>,
    /// A card's width in pixels.
    width: f32,
    gap: f32,
    pad: f32,
    /// The cards' height in pixels.
    pub height: f32,
    /// Whether all stand in one line, each caption before its text.
    strip: bool,
}

/// The cards' captions and texts.
pub(super) fn facts<'a>(page: &'a Page, words: &'static Words) -> Vec<(&'static str, &'a str)> {
    let caption = |kind| match kind {
        FactKind::Cost => words.cost,
        FactKind::Time => words.time,
        FactKind::Valid => words.valid,
    };
    page.facts.iter().filter(|f| !f.text.is_empty()).map(|f| (caption(f.kind), f.text.as_str())).collect()
}

const LABEL: Face = Face::TextStrong;
const VALUE: Face = Face::Heading;

impl Foot {
    /// Cards of equal widths. `None` where a text would not be whole on two lines.
    pub fn new(type_: &mut Typesetter, m: &Measure, facts: &[(&str, &str)], width: f32) -> Option<Self> {
        let count = facts.len().max(1) as f32;
        let gap = (m.fact * 0.54).min(width * 0.034).round();
        let card = (width - gap * (count - 1.0)) / count;
        let pad = (m.fact * 0.62).min(card * 0.11).round().max(2.0);
        let inner = card - 2.0 * pad;
        if inner < 3.0 * m.floor {
            return None;
        }
        let values: Vec<String> = facts.iter().map(|(_, value)| bound(value)).collect();
        let size = value_size(type_, m, &values, inner)?;
        let mut cards = Vec::new();
        let mut height = 0.0_f32;
        for ((label, _), value) in facts.iter().zip(&values) {
            let label =
                type_.fit(label, Style::new(LABEL, m.fact_label), inner, 1, m.floor.min(m.fact_label));
            let value = type_.block(&[Piece { text: value, bold: false }], value_style(size), Some(inner));
            if label.cut {
                return None;
            }
            height = height.max(value.height - value.line_height());
            cards.push((label, value));
        }
        let cap = Style::new(LABEL, m.fact_label).cap_height();
        let height = height + 2.0 * pad + cap + (0.42 * m.fact).round() + value_style(size).cap_height();
        Some(Self { cards, width: card, gap, pad, height: height.round(), strip: false })
    }

    /// All in one line, where cards would leave the text too little room. `None` where one does not do.
    pub fn strip(type_: &mut Typesetter, m: &Measure, facts: &[(&str, &str)], width: f32) -> Option<Self> {
        let mut size = m.body.min(m.fact);
        loop {
            let pad = (0.7 * size).round();
            let cards: Vec<(Block, Block)> = facts
                .iter()
                .map(|(label, value)| {
                    (
                        type_.line(label, Style::new(LABEL, size * 0.84)),
                        type_.line(&bound(value), value_style(size)),
                    )
                })
                .collect();
            let inks: f32 = cards.iter().map(|(l, v)| l.width + 0.35 * size + v.width).sum();
            let between = cards.len().saturating_sub(1).max(1) as f32;
            let gap = (width - 2.0 * pad - inks) / between;
            if gap >= 1.1 * size {
                return Some(Self { cards, width, gap, pad, height: (1.75 * size).round(), strip: true });
            }
            if size <= m.floor {
                return None;
            }
            size = (size * 0.96).max(m.floor);
        }
    }

    fn draw_strip(&self, type_: &mut Typesetter, canvas: &mut Canvas, m: &Measure, left: f32, top: f32) {
        let rect = Rect::new(left as i32, top as i32, self.width as u32, self.height as u32);
        canvas.round(rect, m.radius.min(self.height / 3.0), m.colours.white);
        let mut x = left + self.pad;
        for (label, value) in &self.cards {
            let base = (top + (self.height + value_style(value.size).cap_height()) / 2.0).round();
            type_.draw_on(canvas, label, x.round(), base, m.colours.slate);
            x += label.width + 0.35 * value.size;
            type_.draw_on(canvas, value, x.round(), base, m.colours.ink);
            x += value.width + self.gap;
        }
    }

    /// Draws the cards, their left top corner at (`left`, `top`).
    pub fn draw(&self, type_: &mut Typesetter, canvas: &mut Canvas, m: &Measure, left: f32, top: f32) {
        if self.strip {
            return self.draw_strip(type_, canvas, m, left, top);
        }
        for (number, (label, value)) in self.cards.iter().enumerate() {
            let x = left + number as f32 * (self.width + self.gap);
            let (x, right) = (x.round(), (x + self.width).round());
            let (width, height) = ((right - x) as u32, self.height as u32);
            let radius = m.radius.min(self.height / 3.0);
            canvas.round(Rect::new(x as i32, top as i32, width, height), radius, m.colours.white);
            let base = (top + self.pad + Style::new(LABEL, m.fact_label).cap_height()).round();
            type_.draw_on(canvas, label, x + self.pad, base, m.colours.slate);
            let base = (base + 0.42 * m.fact + value_style(value.size).cap_height()).round();
            type_.draw_on(canvas, value, x + self.pad, base, m.colours.ink);
        }
    }
}

fn value_style(size: f32) -> Style {
    Style::new(VALUE, size).line(1.14).tracking(-0.01)
}

/// One size for all cards' texts: where the fewest need a second line, then the largest.
fn value_size(type_: &mut Typesetter, m: &Measure, values: &[String], inner: f32) -> Option<f32> {
    let floor = m.floor.min(m.fact);
    let mut best: Option<(usize, f32)> = None;
    let mut size = m.fact;
    loop {
        let mut second = 0;
        let fits = values.iter().all(|value| {
            let block = type_.fit(value, value_style(size), inner, 2, size);
            second += usize::from(block.lines > 1);
            !block.cut && block.width <= inner + 0.5 && !broken(type_, value, size, inner)
        });
        if fits && best.is_none_or(|(least, _)| second < least) {
            best = Some((second, size));
        }
        // Smaller only to avoid a second line is worth it no further than this.
        let enough = best.is_some_and(|(second, _)| second == 0) || best.is_some() && size < m.fact * 0.74;
        if enough || size <= floor {
            return best.map(|(_, size)| size);
        }
        size = (size * 0.95).max(floor);
    }
}

/// Whether a word alone is wider than the card.
fn broken(type_: &mut Typesetter, text: &str, size: f32, inner: f32) -> bool {
    let parts = text.split_inclusive([' ', '–', '/', '\u{a0}']);
    parts.into_iter().any(|word| type_.line(word.trim_end(), value_style(size)).width > inner)
}
