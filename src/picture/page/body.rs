//! A page's blocks as atoms: paragraphs, lists with hanging text, tables, pictures.
//! Invariant: no atom is wider than the column that it was made for.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use super::{
    Pictures,
    atom::{Atom, Op},
    measure::Measure,
    table,
};
use crate::{
    domain::playlist::{Block, ListItem, Section, Span},
    picture::{
        Picture,
        face::Face,
        text::{Block as Lines, Piece, Style, Typesetter},
    },
};

/// What making atoms needs.
pub(super) struct Setter<'a> {
    pub type_: &'a mut Typesetter,
    pub pictures: &'a mut Pictures<'a>,
    /// Pictures that were asked for, by file and box.
    pub asked: HashMap<(PathBuf, (u32, u32)), Option<Picture>>,
    /// The stage's height in pixels.
    pub height: u32,
}

/// Space for a list's marks as a multiple of the size.
const HANG: f32 = 1.7;
/// A number's disc as a multiple of the size.
const DISC: f32 = 1.2;
/// A bullet's side as a multiple of the size.
const BULLET: f32 = 0.44;
/// Height of a small letter as a share of the size, in the text face.
const X_HEIGHT: f32 = 0.496;

impl Setter<'_> {
    /// Text in a column of `width` pixels.
    pub fn lines(&mut self, spans: &[Span], style: Style, width: f32) -> Lines {
        let bound = bind(spans);
        let pieces: Vec<Piece> = bound.iter().map(|s| Piece { text: &s.text, bold: s.bold }).collect();
        self.type_.block(&pieces, style, Some(width))
    }

    /// A section's atoms: its heading over a rule, and its blocks.
    pub fn section(&mut self, m: &Measure, section: &Section, width: f32) -> Vec<Atom> {
        let mut atoms = Vec::new();
        if !section.heading.is_empty() {
            atoms.push(self.heading(m, &section.heading, width));
        }
        let first = if atoms.is_empty() { m.section_gap } else { m.under_rule };
        self.blocks(m, &section.blocks, width, first, &mut atoms);
        atoms
    }

    /// A second-level heading: its capitals begin at the atom's top, a rule ends it.
    fn heading(&mut self, m: &Measure, text: &str, width: f32) -> Atom {
        let style = Style::new(Face::Heading, m.heading).line(1.2);
        let block = self.lines(&[Span { text: text.into(), bold: false }], style, width);
        let up = (block.baseline - style.cap_height()).round();
        let last = block.baseline + block.height - block.line_height() - up;
        let rule = (last + m.heading * 0.54).round();
        let ink = m.colours.ink;
        let ops = vec![
            Op::Text { block, x: 0.0, y: -up, colour: ink },
            Op::Box { at: [0.0, rule, width, m.rule], radius: 0.0, colour: ink },
        ];
        Atom { gap: m.section_gap, height: rule + m.rule, keep: true, ops }
    }

    /// Blocks one below another; `first` is the space above the first one.
    pub fn blocks(&mut self, m: &Measure, blocks: &[Block], width: f32, first: f32, into: &mut Vec<Atom>) {
        let mut gap = first;
        for block in blocks {
            let from = into.len();
            match block {
                Block::Heading(spans) => {
                    let style = Style::new(Face::Heading, m.body).line(1.25);
                    let lines = self.lines(spans, style, width);
                    into.push(Atom { keep: true, ..Atom::text(lines, 0.0, m.colours.ink) });
                }
                Block::Paragraph(spans) => {
                    let lines = self.lines(spans, m.text(), width);
                    into.push(Atom::text(lines, 0.0, m.colours.ink));
                }
                Block::Bullets(items) => self.list(m, items, None, width, into),
                Block::Numbers { start, items } => self.list(m, items, Some(*start), width, into),
                Block::Table(rows) => table::rows(self, m, rows, width, into),
                Block::Picture(path) => {
                    let most = (width as u32, (self.height as f32 * 0.4) as u32);
                    if let Some(picture) = self.picture(path, most) {
                        let height = picture.height() as f32;
                        let ops = vec![Op::Picture { picture, x: 0.0, y: 0.0 }];
                        into.push(Atom { height, ops, ..Atom::default() });
                    }
                }
            }
            if let Some(atom) = into.get_mut(from) {
                atom.gap = gap;
                gap = if atom.keep { m.item_gap } else { m.block_gap };
            }
        }
    }

    fn list(
        &mut self,
        m: &Measure,
        items: &[ListItem],
        start: Option<u64>,
        width: f32,
        into: &mut Vec<Atom>,
    ) {
        let style = m.text();
        let mut number = start.unwrap_or_default();
        for item in items {
            // Inner lists stand further right, as far as that leaves room for words.
            let most = (width - (HANG + 6.0) * m.body).max(0.0);
            let left = (f32::from(item.depth) * m.body * 1.3).min(most);
            let hang = (HANG * m.body).round().min(width / 2.0);
            let block = self.lines(&item.spans, style, (width - left - hang).max(1.0));
            let (base, column) = (block.baseline, DISC * m.body);
            let mut atom = Atom::text(block, left + hang, m.colours.ink).below(m.item_gap);
            if start.is_some() && item.depth == 0 {
                let (centre, radius) = ((column / 2.0).round(), (column / 2.0).min(hang / 2.0));
                let middle = (base - style.cap_height() / 2.0).round();
                let set = Style::new(Face::Number, m.body * 0.68);
                let digits = self.type_.whole(&number.to_string(), set, radius * 1.5);
                let cap = Style { size: digits.size, ..set }.cap_height();
                let (x, y) = (centre - digits.width / 2.0, middle + cap / 2.0 - digits.baseline);
                let colour = m.colours.white;
                atom.ops.push(Op::Disc { x: centre, y: middle, radius, colour: m.colours.ink });
                atom.ops.push(Op::Text { block: digits, x, y, colour });
                number = number.saturating_add(1);
            } else {
                let side = (BULLET * m.body * if item.depth == 0 { 1.0 } else { 0.75 }).round().max(1.0);
                let middle = base - X_HEIGHT * m.body / 2.0;
                let at = [left + ((column - side) / 2.0).round(), (middle - side / 2.0).round(), side, side];
                atom.ops.push(Op::Box { at, radius: side * 0.22, colour: m.colours.teal });
            }
            into.push(atom);
        }
    }

    fn picture(&mut self, path: &Path, most: (u32, u32)) -> Option<Picture> {
        let key = (path.to_owned(), most);
        if let Some(known) = self.asked.get(&key) {
            return known.clone();
        }
        let fits = |p: &Picture| p.width() <= most.0 && p.height() <= most.1;
        let picture = (self.pictures)(path, most).filter(fits);
        self.asked.insert(key, picture.clone());
        picture
    }
}

/// Binds what reads badly apart: a number and a sign to its word, and a short last word to the one before it.
fn bind(spans: &[Span]) -> Vec<Span> {
    let mut bound = spans.to_vec();
    let last = bound.len().saturating_sub(1);
    for (index, span) in bound.iter_mut().enumerate() {
        let short = |word: &str| word.chars().count() <= 3;
        let mut text = String::with_capacity(span.text.len());
        let mut words = span.text.split(' ').peekable();
        let mut before: Option<&str> = None;
        while let Some(word) = words.next() {
            if let Some(before) = before {
                let number = word.chars().next().is_some_and(|c| c.is_ascii_digit()) && short(word);
                let ends = index == last && words.peek().is_none() && short(word) && text.contains(' ');
                let sign = before == "±" || before == "Rp";
                text.push(if !before.is_empty() && (number || ends || sign) { '\u{a0}' } else { ' ' });
            }
            text.push_str(word);
            before = Some(word);
        }
        span.text = text;
    }
    bound
}

/// A line's text with its last words bound, see [`bind`].
pub(super) fn bound(text: &str) -> String {
    let text = text.split('\n').map(str::trim).collect::<Vec<_>>().join(" ");
    bind(&[Span { text, bold: false }]).remove(0).text
}

#[cfg(test)]
mod tests {
    use super::bound;

    #[test]
    fn short_ends_are_bound() {
        assert_eq!(
            bound("Serahkan berkas di loket 1 sampai 4"),
            "Serahkan berkas di loket\u{a0}1 sampai\u{a0}4"
        );
        assert_eq!(bound("± 30 menit"), "±\u{a0}30 menit");
        assert_eq!(bound("Ambil nomor antrean di mesin A"), "Ambil nomor antrean di mesin\u{a0}A");
        assert_eq!(bound("satu dua"), "satu dua");
    }
}
