//! A procedure page: Markdown with a front matter becomes headings, blocks and facts.
//! Invariant: what a screen cannot show is dropped with a problem, never kept as marks in the text.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{blocks::Blocks, folder::Folder, front};
use crate::{
    domain::playlist::{Block, Fact, FactKind, Page, Section, Span},
    problem::Problem,
    written::Source,
};

/// The largest page, in bytes.
const MAX_BYTES: u64 = 256 << 10;

/// A page longer than this takes minutes to read, and long to lay out.
const MAX_HEADINGS: usize = 60;
const MAX_BLOCKS: usize = 600;
const MAX_TITLE: usize = 300;

/// How many items blocks hold: lists' items and tables' rows count each.
fn weight(blocks: &[Block]) -> usize {
    let one = |block: &Block| match block {
        Block::Bullets(items) | Block::Numbers { items, .. } => items.len(),
        Block::Table(rows) => rows.len(),
        _ => 1,
    };
    blocks.iter().map(one).sum()
}

/// A page in the making.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) service: String,
    facts: [String; 3],
    title: String,
    lead: Vec<Block>,
    sections: Vec<Section>,
}

impl Draft {
    /// Sets what one card says.
    pub(super) fn fact(&mut self, kind: FactKind, text: String) {
        self.facts[kind as usize] = text;
    }

    /// Puts a block at the page's end.
    pub(super) fn push(&mut self, block: Block) {
        match self.sections.last_mut() {
            Some(section) => section.blocks.push(block),
            None => self.lead.push(block),
        }
    }

    /// Whether the page has its title.
    pub(super) fn has_title(&self) -> bool {
        !self.title.is_empty()
    }

    /// Takes a heading of a level from 1; a second title is a section's heading.
    pub(super) fn heading(&mut self, level: u8, spans: Vec<Span>) {
        let plain = || spans.iter().map(|s| s.text.replace('\n', " ")).collect::<String>();
        match level {
            1 if !self.has_title() => self.title = plain(),
            1 | 2 => self.sections.push(Section { heading: plain(), blocks: Vec::new() }),
            _ => self.push(Block::Heading(spans)),
        }
    }
}

/// Reads a page of a playlist's folder; a page with an error is none. Of one that was read before in the same
/// reading no problem is told again.
pub(crate) fn read(folder: &Folder, path: &Path) -> (Option<Arc<Page>>, Vec<Problem>) {
    if let Some(known) = folder.pages.borrow().get(path) {
        return (known.clone(), Vec::new());
    }
    let (page, problems) = fresh(folder, path);
    let page = page.map(Arc::new);
    folder.pages.borrow_mut().insert(path.to_owned(), page.clone());
    (page, problems)
}

fn fresh(folder: &Folder, path: &Path) -> (Option<Page>, Vec<Problem>) {
    let text = match folder.text(path, MAX_BYTES) {
        Ok(text) => text,
        Err(problem) => return (None, vec![problem]),
    };
    let source = Source::new(path, &text);
    let mut draft = Draft::default();
    let Some(body) = front::read(&source, &text, &mut draft) else { return (None, source.into_problems()) };
    Blocks::new(&source, folder, body, &mut draft).read(&text[body..]);
    let headings = draft.sections.len();
    let blocks = draft.lead.len() + draft.sections.iter().map(|s| weight(&s.blocks)).sum::<usize>();
    if headings > MAX_HEADINGS
        || blocks + weight(&draft.lead) > MAX_BLOCKS
        || draft.title.chars().count() > MAX_TITLE
    {
        source.error(
            source.line(body),
            format!("halaman ini terlalu panjang; bagi menjadi beberapa halaman (paling banyak {MAX_HEADINGS} judul bagian, {MAX_BLOCKS} butir, judul {MAX_TITLE} huruf)"),
            format!("this page is too long; divide it into several (at most {MAX_HEADINGS} headings, {MAX_BLOCKS} items, a title of {MAX_TITLE} characters)"),
        );
        return (None, source.into_problems());
    }
    if !draft.has_title() {
        source.error(
            source.line(body),
            "halaman ini belum berjudul; tulis di bawah keterangan: # Judul halaman",
            "this page has no title; write below the front matter: # The page's title",
        );
    }
    let good = source.errors() == 0;
    let page = good.then(|| draft.finish(path)).map(|page| {
        let stamps = pictures(&page).map(|path| folder.stamp(path));
        Page { pictures: stamp_of_pictures(stamps), ..page }
    });
    (page, source.into_problems())
}

/// The files of a page's pictures, in order.
pub(super) fn pictures(page: &Page) -> impl Iterator<Item = &PathBuf> {
    let blocks = page.lead.iter().chain(page.sections.iter().flat_map(|s| &s.blocks));
    blocks.filter_map(|block| if let Block::Picture(path) = block { Some(path) } else { None })
}

/// The stamps of a page's pictures as one number; 0 where there are none.
pub(super) fn stamp_of_pictures(stamps: impl Iterator<Item = u64>) -> u64 {
    let mix = |all: u64, one: u64| (all.rotate_left(5) ^ one).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    stamps.fold(0, mix)
}

impl Draft {
    fn finish(self, path: &Path) -> Page {
        let kinds = [FactKind::Cost, FactKind::Time, FactKind::Valid];
        let facts = kinds.into_iter().zip(self.facts).map(|(kind, text)| Fact { kind, text });
        Page {
            path: path.to_owned(),
            service: self.service,
            facts: facts.filter(|fact| !fact.text.is_empty()).collect(),
            title: self.title,
            lead: self.lead,
            sections: self.sections,
            pictures: 0,
        }
    }
}
