//! A procedure page as pictures of the stage's exact size, as few as its text needs.
//! Invariant: nothing is cut and nothing overlaps; every picture is opaque and its edge is paper.

use std::{collections::HashMap, path::Path};

use self::{
    body::{Setter, bound},
    flow::{Part, Text},
    foot::Foot,
    head::Head,
    measure::Measure,
};
use super::{
    Picture, card,
    shape::Canvas,
    text::Typesetter,
    theme::{Colours, Sizes},
};
use crate::{
    domain::playlist::{Block, Page, Span},
    words::Words,
};

mod atom;
mod body;
mod flow;
mod foot;
mod head;
mod measure;
mod table;
#[cfg(test)]
mod tests;

/// Gives a file's picture, as large as it can be within width × height pixels; `None` where there is none.
pub type Pictures<'a> = dyn FnMut(&Path, (u32, u32)) -> Option<Picture> + 'a;

/// A page is divided into this many pictures at most; a text that needs more is set smaller.
pub const MOST_PARTS: usize = 50;

/// By how much a page is set smaller before it is divided: all of it, and its title further.
const SCALES: [(f32, f32); 6] =
    [(1.0, 1.0), (0.96, 0.96), (0.92, 0.92), (0.88, 0.9), (0.85, 0.86), (0.85, 0.66)];

/// From this width of the text on, in ems, sections stand side by side.
const TWO_COLUMNS: f32 = 30.0;

/// The least room for text between head and foot of a page that is divided, in ems.
const LEAST_ROOM: f32 = 3.8;

/// How a page is set: each way leaves the text more room than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Service, title and cards frame the text.
    Framed,
    /// As that, but the cards are one line.
    Tight,
    /// The title frames the text; what the cards say stands at the text's end.
    Titled,
}

struct Plan {
    m: Measure,
    head: Head,
    foot: Option<Foot>,
    text: Text,
    /// Where the text begins, from the stage's top.
    top: f32,
    /// How high it may be.
    room: f32,
}

/// A page, and what it is drawn for.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// The theme's colours.
    pub colours: &'a Colours,
    /// The theme's sizes, in pixels.
    pub sizes: &'a Sizes,
    /// The screen's words.
    pub words: &'static Words,
    /// The page.
    pub page: &'a Page,
    /// The stage's width × height in pixels.
    pub size: (u32, u32),
}

/// Draws all of a page's parts, at most [`MOST_PARTS`]. A page is first set smaller where it does not fit,
/// then divided; on a stage that is too small for any of it, its title stands alone.
pub fn draw(type_: &mut Typesetter, job: Job, pictures: &mut Pictures<'_>) -> Vec<Picture> {
    let mut setter = Setter { type_, pictures, asked: HashMap::new(), height: job.size.1 };
    let set = job.lay_out(&mut setter);
    (0..set.count()).map(|part| job.paint(setter.type_, &set, part)).collect()
}

/// Draws one part of a page, counted from 0, and tells how many there are; the last one where there are fewer.
pub fn draw_part(
    type_: &mut Typesetter,
    job: Job,
    part: usize,
    pictures: &mut Pictures<'_>,
) -> (Picture, usize) {
    let mut setter = Setter { type_, pictures, asked: HashMap::new(), height: job.size.1 };
    let set = job.lay_out(&mut setter);
    (job.paint(setter.type_, &set, part.min(set.count() - 1)), set.count())
}

/// A page that was laid out.
enum Set {
    /// Between a head and a foot.
    Framed(Box<Plan>, Vec<Part>),
    /// Plain lines alone.
    Bare(Measure, Vec<Part>),
    /// Not at all: its title stands for it.
    Title,
}

impl Set {
    fn count(&self) -> usize {
        match self {
            Self::Framed(_, parts) | Self::Bare(_, parts) => parts.len().max(1),
            Self::Title => 1,
        }
    }
}

impl Job<'_> {
    fn lay_out(&self, setter: &mut Setter) -> Set {
        if self.page.lead.is_empty() && self.page.sections.is_empty() && self.page.facts.is_empty() {
            return Set::Title;
        }
        let framed = self.set(setter, Way::Framed);
        // A line in place of cards is worth it where that saves every fourth part.
        let parts = framed.as_ref().map_or(usize::MAX, |(_, parts)| parts.len());
        let tight = if parts > 1 { self.set(setter, Way::Tight) } else { None };
        let set = match tight {
            Some(tight) if tight.1.len() <= parts - parts / 4 && tight.1.len() < parts => Some(tight),
            tight => framed.or(tight).or_else(|| self.set(setter, Way::Titled)),
        };
        match set {
            Some((plan, parts)) => Set::Framed(Box::new(plan), parts),
            None => self.bare(setter),
        }
    }

    /// The page on one part as large as that fits, else on as few parts as it can be.
    fn set(&self, setter: &mut Setter, way: Way) -> Option<(Plan, Vec<Part>)> {
        for scale in SCALES {
            let Some(plan) = self.plan(setter, way, scale, false) else { continue };
            if let Some(part) = flow::whole(&plan.text, plan.room) {
                return Some((plan, vec![part]));
            }
        }
        let mut best: Option<(Plan, Vec<Part>)> = None;
        for scale in SCALES {
            let Some(plan) = self.plan(setter, way, scale, true) else { continue };
            if plan.room < LEAST_ROOM * plan.m.body {
                continue;
            }
            let Some(parts) = flow::parts(&plan.text, plan.room, MOST_PARTS) else { continue };
            if best.as_ref().is_none_or(|(_, least)| parts.len() < least.len()) {
                best = Some((plan, parts));
            }
        }
        best
    }

    fn plan(&self, setter: &mut Setter, way: Way, scale: (f32, f32), divided: bool) -> Option<Plan> {
        let page = self.page;
        let mut m = Measure::new(self.colours, self.sizes, self.size, scale.0, scale.1 / scale.0);
        // Without a section a page is a message of a few words.
        m.strong = page.sections.is_empty();
        let width = self.size.0 as f32 - 2.0 * m.pad;
        if width < 6.0 * m.body {
            return None;
        }
        let service = way != Way::Titled && (divided || !self.service().is_empty());
        let head = Head::new(setter.type_, &m, &page.title, service, width)?;
        let facts = foot::facts(page, self.words);
        let foot = match way {
            Way::Framed if !facts.is_empty() => Some(Foot::new(setter.type_, &m, &facts, width)?),
            Way::Tight if !facts.is_empty() => Some(Foot::strip(setter.type_, &m, &facts, width)?),
            _ => None,
        };
        let narrow = width < TWO_COLUMNS * m.body || page.sections.len() < 2;
        let (columns, column) = if narrow { (1, width) } else { (2, ((width - m.column_gap) / 2.0).floor()) };
        let mut text =
            Text { lead: Vec::new(), sections: Vec::new(), columns, gap: m.section_gap, start: 0.0 };
        setter.blocks(&m, &page.lead, width, 0.0, &mut text.lead);
        for section in &page.sections {
            text.sections.push(setter.section(&m, section, column));
        }
        if way == Way::Titled && !facts.is_empty() {
            let mut atoms = Vec::new();
            setter.blocks(&m, &fact_blocks(&facts), column, m.section_gap, &mut atoms);
            text.sections.push(atoms);
        }
        let gap = (0.36 * m.title).max(0.55 * m.body);
        text.start = (0.68 * m.title - gap).max(0.2 * m.body).round();
        let top = (head.bottom + gap).round();
        let below = foot.as_ref().map_or(m.foot, |f| f.height + m.foot + 0.9 * m.body);
        let room = self.size.1 as f32 - top - below;
        (room > 0.0).then_some(Plan { m, head, foot, text, top, room })
    }

    /// The parts of the line above the title.
    fn service(&self) -> Vec<&str> {
        let procedure = (!self.page.sections.is_empty()).then_some(self.words.procedure);
        let service = (!self.page.service.is_empty()).then_some(self.page.service.as_str());
        [service, procedure].into_iter().flatten().collect()
    }

    fn paint(&self, type_: &mut Typesetter, set: &Set, part: usize) -> Picture {
        let mut canvas = Canvas::filled(self.size.0, self.size.1, self.colours.paper);
        match set {
            Set::Framed(plan, parts) => self.framed(type_, &mut canvas, plan, parts, part),
            Set::Bare(m, parts) => {
                if let Some(part) = parts.get(part) {
                    atom::draw(&part.lead, type_, &mut canvas, m.pad, m.pad);
                }
            }
            Set::Title => {
                return card::draw(type_, self.colours, self.sizes, &self.page.title, "", self.size);
            }
        }
        canvas.finish()
    }

    fn framed(&self, type_: &mut Typesetter, canvas: &mut Canvas, plan: &Plan, parts: &[Part], at: usize) {
        let Plan { m, head, foot, text, top, .. } = plan;
        let Some(part) = parts.get(at) else { return };
        let width = self.size.0 as f32 - 2.0 * m.pad;
        let of = self.words.page_of.replace("{page}", &(at + 1).to_string());
        let of = of.replace("{pages}", &parts.len().to_string());
        let mut service = self.service();
        if parts.len() > 1 {
            service.push(&of);
        }
        head.draw(type_, canvas, m, &service, width);
        atom::draw(&part.lead, type_, canvas, m.pad, *top);
        let (below, step) =
            (top + text.top(&part.lead), ((width - m.column_gap) / 2.0).floor() + m.column_gap);
        for (column, atoms) in part.columns.iter().enumerate() {
            atom::draw(atoms, type_, canvas, m.pad + column as f32 * step, below.round());
        }
        if let Some(foot) = foot {
            foot.draw(type_, canvas, m, m.pad, self.size.1 as f32 - m.foot - foot.height);
        }
    }

    /// Title, text and facts as plain lines, as small as they must be.
    fn bare(&self, setter: &mut Setter) -> Set {
        let mut m = Measure::new(self.colours, self.sizes, self.size, 0.85, 1.0);
        m.pad = m.pad.min(self.size.1 as f32 * 0.06).round().max(2.0);
        let (width, room) = (self.size.0 as f32 - 2.0 * m.pad, self.size.1 as f32 - 2.0 * m.pad);
        let blocks = self.plain();
        m.body = m.body.min(width / 8.0).min(room / 2.7);
        while m.body >= 2.0 {
            m.item_gap = 0.2 * m.body;
            m.block_gap = 0.4 * m.body;
            let mut text = Text { lead: Vec::new(), sections: Vec::new(), columns: 1, gap: 0.0, start: 0.0 };
            setter.blocks(&m, &blocks, width, 0.0, &mut text.lead);
            if let Some(parts) = flow::parts(&text, room, MOST_PARTS) {
                return Set::Bare(m, parts);
            }
            m.body *= 0.85;
        }
        Set::Title
    }

    /// All that a page says, as blocks that can be divided anywhere.
    fn plain(&self) -> Vec<Block> {
        let heading = |text: &str| Block::Heading(vec![Span { text: text.into(), bold: true }]);
        let mut blocks = vec![heading(&self.page.title)];
        let mut add = |from: &[Block]| {
            for block in from {
                match block {
                    Block::Table(rows) => {
                        let cells = |row: &Vec<Vec<Span>>| Block::Paragraph(row.join(&gap()));
                        blocks.extend(rows.iter().map(cells));
                    }
                    other => blocks.push(other.clone()),
                }
            }
        };
        add(&self.page.lead);
        for section in &self.page.sections {
            add(&[heading(&section.heading)]);
            add(&section.blocks);
        }
        blocks.extend(fact_blocks(&foot::facts(self.page, self.words)));
        blocks.retain(|b| !matches!(b, Block::Paragraph(spans) | Block::Heading(spans) if spans.iter().all(|s| s.text.is_empty())));
        blocks
    }
}

fn gap() -> Span {
    Span { text: " · ".into(), bold: false }
}

fn fact_blocks(facts: &[(&str, &str)]) -> Vec<Block> {
    let block = |(caption, text): &(&str, &str)| {
        Block::Paragraph(vec![
            Span { text: format!("{caption}: "), bold: true },
            Span { text: bound(text), bold: false },
        ])
    };
    facts.iter().map(block).collect()
}
