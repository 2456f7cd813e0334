//! Markdown's events become a page's blocks.
//! Invariant: text reaches the page clean, without marks, control characters or bidi overrides.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{folder::Folder, page::Draft, picture};
use crate::{
    domain::{
        playlist::{Block, ListItem, Span},
        visible::clean_lines,
    },
    written::Source,
};

/// A list that is open: the next number, or `None` for bullets.
type Numbering = Option<u64>;
type Rows = Vec<Vec<Vec<Span>>>;

/// Reads a page's body into its draft.
pub(super) struct Blocks<'p> {
    source: &'p Source,
    folder: &'p Folder,
    /// Where the body begins in the file, in bytes.
    begin: usize,
    draft: &'p mut Draft,
    /// The text that is being collected.
    spans: Vec<Span>,
    bold: usize,
    /// The open lists, the outermost first.
    lists: Vec<Numbering>,
    /// The first number of the outermost list.
    start: Numbering,
    items: Vec<ListItem>,
    /// The open items, by their places in `items`.
    open: Vec<usize>,
    table: Option<Rows>,
    heading: bool,
    /// How many pictures are open: their text is for machines.
    pictures: usize,
    /// Blocks met inside a list; they follow it.
    after: Vec<Block>,
}

impl<'p> Blocks<'p> {
    /// A reader of the body that begins at `begin`.
    pub(super) fn new(source: &'p Source, folder: &'p Folder, begin: usize, draft: &'p mut Draft) -> Self {
        Self {
            source,
            folder,
            begin,
            draft,
            spans: Vec::new(),
            bold: 0,
            lists: Vec::new(),
            start: None,
            items: Vec::new(),
            open: Vec::new(),
            table: None,
            heading: false,
            pictures: 0,
            after: Vec::new(),
        }
    }

    /// Reads the whole body.
    pub(super) fn read(mut self, body: &str) {
        for (event, range) in Parser::new_ext(body, Options::ENABLE_TABLES).into_offset_iter() {
            let line = self.source.line(self.begin + range.start);
            match event {
                Event::Start(Tag::HtmlBlock) => self.html(line, &body[range]),
                Event::Start(tag) => self.start(tag, line),
                Event::End(tag) => self.end(tag, line),
                Event::Text(text) | Event::Code(text) => self.text(&text),
                Event::SoftBreak => self.text(" "),
                Event::HardBreak => self.text("\n"),
                Event::InlineHtml(html) if is_break(&html) => self.text("\n"),
                Event::InlineHtml(html) => self.html(line, &html),
                // A block of HTML was told of at its start; the rest is not enabled or shows nothing.
                _ => {}
            }
        }
        self.flush();
    }

    fn start(&mut self, tag: Tag<'_>, line: usize) {
        match tag {
            Tag::Heading { .. } => {
                self.flush();
                self.heading = true;
            }
            Tag::List(start) => {
                self.flush();
                if self.lists.is_empty() {
                    self.start = start;
                }
                self.lists.push(start);
            }
            Tag::Item => self.item(),
            Tag::Strong => self.bold += 1,
            Tag::Table(_) => {
                self.flush();
                self.table = Some(Rows::new());
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(rows) = &mut self.table {
                    rows.push(Vec::new());
                }
            }
            Tag::Image { dest_url, .. } => {
                self.picture(&dest_url, line);
                self.pictures += 1;
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, line: usize) {
        match tag {
            TagEnd::Paragraph | TagEnd::CodeBlock => self.flush(),
            TagEnd::Heading(level) => {
                self.heading = false;
                if !self.lists.is_empty() {
                    self.flush();
                    return;
                }
                let spans = self.take();
                if spans.is_empty() {
                    return;
                }
                let level = level as u8;
                if level == 1 && self.draft.has_title() {
                    self.source.warning(
                        line,
                        "halaman ini sudah berjudul; tulis judul bagian dengan dua tanda pagar: ## Judul bagian",
                        "this page has a title already; write a section's heading with two marks: ## Heading",
                    );
                }
                self.draft.heading(level, spans);
            }
            TagEnd::Item => {
                self.flush();
                self.open.pop();
            }
            TagEnd::List(_) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.end_list();
                }
            }
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::TableCell => {
                let cell = self.take();
                if let Some(row) = self.table.as_mut().and_then(|rows| rows.last_mut()) {
                    row.push(cell);
                }
            }
            TagEnd::Table => self.end_table(),
            TagEnd::Image => self.pictures = self.pictures.saturating_sub(1),
            _ => {}
        }
    }

    fn item(&mut self) {
        self.flush();
        let depth = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX);
        self.open.push(self.items.len());
        self.items.push(ListItem { depth, spans: Vec::new() });
        // Only the outermost list's numbers are set by the screen: an inner one's are part of its text.
        if let Some(Some(number)) = self.lists.last_mut() {
            let text = format!("{number}. ");
            *number += 1;
            if depth > 0 {
                self.text(&text);
            }
        }
    }

    fn end_list(&mut self) {
        let mut items = std::mem::take(&mut self.items);
        items.retain(|item| !item.spans.is_empty());
        if !items.is_empty() {
            self.draft.push(match self.start {
                Some(start) => Block::Numbers { start, items },
                None => Block::Bullets(items),
            });
        }
        for block in std::mem::take(&mut self.after) {
            self.draft.push(block);
        }
    }

    fn end_table(&mut self) {
        let Some(mut rows) = self.table.take() else { return };
        let width = rows.first().map_or(0, Vec::len);
        for row in &mut rows {
            row.resize(width, Vec::new());
        }
        if width > 0 {
            self.block(Block::Table(rows));
        }
    }

    fn picture(&mut self, written: &str, line: usize) {
        if self.heading || self.table.is_some() {
            self.source.warning(
                line,
                "gambar di dalam judul atau tabel tidak ditampilkan; tulis gambar pada baris sendiri",
                "a picture in a heading or table is not shown; write it on a line of its own",
            );
            return;
        }
        self.flush();
        let from = self.source.file().parent().unwrap_or(self.source.file());
        let found = self.folder.find(from, written).and_then(|path| picture::size(&path).map(|_| path));
        match found {
            Ok(path) => self.block(Block::Picture(path)),
            Err((id, en)) => self.source.error(line, id, en),
        }
    }

    fn html(&self, line: usize, html: &str) {
        if !html.trim_start().starts_with("<!--") {
            self.source.warning(
                line,
                "HTML tidak ditampilkan; tulis dengan Markdown saja, misalnya **tebal**",
                "HTML is not shown; write Markdown alone, for example **bold**",
            );
        }
    }

    fn text(&mut self, text: &str) {
        if self.pictures > 0 {
            return;
        }
        let (text, bold) = (clean_lines(text), self.bold > 0);
        match self.spans.last_mut() {
            Some(last) if last.bold == bold => last.text.push_str(&text),
            _ => self.spans.push(Span { text, bold }),
        }
    }

    /// The collected text without space around it.
    fn take(&mut self) -> Vec<Span> {
        let mut spans = std::mem::take(&mut self.spans);
        while let Some(first) = spans.first_mut() {
            first.text = first.text.trim_start().to_owned();
            if !first.text.is_empty() {
                break;
            }
            spans.remove(0);
        }
        while let Some(last) = spans.last_mut() {
            last.text.truncate(last.text.trim_end().len());
            if !last.text.is_empty() {
                break;
            }
            spans.pop();
        }
        spans
    }

    /// The collected text becomes a paragraph, or part of the item that is open.
    fn flush(&mut self) {
        let spans = self.take();
        if spans.is_empty() {
            return;
        }
        match self.open.last().and_then(|at| self.items.get_mut(*at)) {
            Some(item) => {
                if let Some(last) = item.spans.last_mut() {
                    last.text.push('\n');
                }
                item.spans.extend(spans);
            }
            None => self.draft.push(Block::Paragraph(spans)),
        }
    }

    fn block(&mut self, block: Block) {
        if self.lists.is_empty() { self.draft.push(block) } else { self.after.push(block) }
    }
}

fn is_break(html: &str) -> bool {
    let tag: String = html.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    tag == "<br>" || tag == "<br/>"
}
