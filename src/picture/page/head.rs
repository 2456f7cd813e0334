//! What every part of a page shows: the service and the title above, the cards at the foot.
//! Invariant: neither is cut; where one would be, there is none of it and the page is set another way.

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

/// Service and title.
#[derive(Debug)]
pub(super) struct Head {
    title: Block,
    /// The service line's baseline, from the stage's top; `None` where there is no such line.
    service: Option<f32>,
    /// The title's first baseline.
    baseline: f32,
    /// The title's last baseline: what stands below is measured from here.
    pub bottom: f32,
}

impl Head {
    /// Lays the title out on at most three lines. `None` where it does not fit so.
    pub fn new(type_: &mut Typesetter, m: &Measure, title: &str, service: bool, width: f32) -> Option<Self> {
        let style = Style::new(Face::Title, m.title).line(1.04).tracking(-0.022);
        let title = bound(title);
        let title =
            type_.fit(&title, style, width, 3, m.body.min(m.title)).balanced(type_, &title, style, width);
        if title.cut || title.lines > 3 {
            return None;
        }
        let cap = Style { size: title.size, ..style }.cap_height();
        let (service, top) = if service {
            let baseline = m.pad + Style::new(Face::Heading, m.service).cap_height();
            (Some(baseline.round()), baseline + (0.2 * m.title + 0.55 * m.service))
        } else {
            (None, m.pad)
        };
        let baseline = (top + cap).round();
        let bottom = baseline + title.height - title.line_height();
        Some(Self { title, service, baseline, bottom })
    }

    /// Draws it; `service` is the line above the title, its parts in the order in which they may not be left
    /// out.
    pub fn draw(
        &self,
        type_: &mut Typesetter,
        canvas: &mut Canvas,
        m: &Measure,
        service: &[&str],
        width: f32,
    ) {
        let style = Style::new(Face::Heading, m.service);
        if let Some(baseline) = self.service {
            let whole = service.join(" · ");
            let floor = m.floor.min(m.service);
            let mut line = type_.fit(&whole, style, width, 1, floor);
            if line.cut && service.len() > 2 {
                let short = [service[0], service[service.len() - 1]].join(" · ");
                line = type_.fit(&short, style, width, 1, floor);
            }
            type_.draw_on(canvas, &line, m.pad, baseline, m.colours.teal_text);
        }
        type_.draw_on(canvas, &self.title, m.pad, self.baseline, m.colours.ink);
    }
}

impl Block {
    /// The same number of lines, made as even as they can be.
    fn balanced(self, type_: &mut Typesetter, text: &str, style: Style, width: f32) -> Self {
        if self.lines < 2 || self.cut {
            return self;
        }
        let style = Style { size: self.size, ..style };
        let (mut narrow, mut wide, mut best) = (width / self.lines as f32, width, self);
        while wide - narrow > 2.0 {
            let middle = (narrow + wide) / 2.0;
            let block = type_.block(&[Piece { text, bold: false }], style, Some(middle));
            if block.lines == best.lines && block.width <= middle {
                (wide, best) = (middle, block);
            } else {
                narrow = middle;
            }
        }
        best
    }
}

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

const LABEL: Face = Face::Text;
const VALUE: Face = Face::Heading;

impl Foot {
    /// Cards of equal widths. `None` where a text would not be whole on two lines.
    pub fn new(type_: &mut Typesetter, m: &Measure, facts: &[(&str, &str)], width: f32) -> Option<Self> {
        let count = facts.len().max(1) as f32;
        let gap = (m.fact * 0.54).min(width * 0.034).round();
        let card = ((width - gap * (count - 1.0)) / count).floor();
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
        Some(Self { cards, width: card, gap, pad, height: height.round() })
    }

    /// Draws the cards, their left top corner at (`left`, `top`).
    pub fn draw(&self, type_: &mut Typesetter, canvas: &mut Canvas, m: &Measure, left: f32, top: f32) {
        let (width, height) = (self.width as u32, self.height as u32);
        for (number, (label, value)) in self.cards.iter().enumerate() {
            let x = (left + number as f32 * (self.width + self.gap)).round();
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
