//! Where things stand in the text of `playlist.toml`: its tables, its lists' entries, its keys and values.
//! Invariant: an entry's stretches are whole lines, with the comments directly above it.

use std::{
    ops::Range,
    sync::{Arc, OnceLock},
};

use toml_edit::{Array, Document, InlineTable, Item, Key, Table, Value};

use super::{
    entry::Entries,
    text::{beginning, line_end, line_start, next_line},
};
use crate::domain::playlist::List;

/// The lists, in the order in which a playlist's file has them.
pub(super) const LISTS: [List; 3] = [List::Item, List::Fallback, List::Ticker];

/// The key of a list.
pub(super) fn key_of(list: List) -> &'static str {
    match list {
        List::Item => "item",
        List::Fallback => "fallback",
        List::Ticker => "ticker",
    }
}

/// A text that is TOML.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) text: Arc<str>,
    document: Document<Arc<str>>,
    /// The headers, in the order of the text.
    heads: Vec<Head>,
    /// Keys with their values: where a key begins and its value ends, in the order of the text. Those inside of
    /// values are not among them.
    pairs: Vec<Range<usize>>,
    /// Where each line begins.
    lines: Vec<usize>,
    pub(super) entries: [OnceLock<Entries>; 3],
}

/// A line such as `[[item]]`.
#[derive(Debug, Clone)]
struct Head {
    span: Range<usize>,
    owner: Owner,
}

/// What a table belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Owner {
    Entry(List, usize),
    Other(String),
}

/// A table of any form.
#[derive(Debug, Clone, Copy)]
pub(super) enum Node<'t> {
    /// With a header, by dotted keys, or the document itself.
    Table(&'t Table),
    /// `{ … }`, or by dotted keys within one.
    Inline(&'t InlineTable),
}

impl<'t> Node<'t> {
    /// What stands under a key.
    pub(super) fn get(self, key: &str) -> Option<(&'t Key, &'t Item)> {
        match self {
            Self::Table(table) => table.get_key_value(key),
            Self::Inline(table) => table.get_key_value(key),
        }
    }

    /// The table under a key.
    pub(super) fn child(self, key: &str) -> Option<Node<'t>> {
        match self {
            Self::Table(table) => Self::of(table.get(key)?),
            Self::Inline(table) => table.get(key)?.as_inline_table().map(Node::Inline),
        }
    }

    fn of(item: &'t Item) -> Option<Self> {
        match item {
            Item::Table(table) => Some(Self::Table(table)),
            Item::Value(Value::InlineTable(table)) => Some(Self::Inline(table)),
            _ => None,
        }
    }

    /// The value under a key.
    pub(super) fn value(self, key: &str) -> Option<&'t Value> {
        match self {
            Self::Table(table) => table.get(key)?.as_value(),
            Self::Inline(table) => table.get(key),
        }
    }

    /// Whether it is there by dotted keys alone.
    pub(super) fn is_dotted(self) -> bool {
        match self {
            Self::Table(table) => table.is_dotted(),
            Self::Inline(table) => table.is_dotted(),
        }
    }

    /// The keys, with what stands under them.
    pub(super) fn keys(self) -> Vec<&'t str> {
        match self {
            Self::Table(table) => table.iter().map(|(key, _)| key).collect(),
            Self::Inline(table) => table.iter().map(|(key, _)| key).collect(),
        }
    }

    /// The keys and values in it and in what is in it by dotted keys: where a key begins and its value ends.
    pub(super) fn pairs(self) -> Vec<Range<usize>> {
        let mut pairs = Vec::new();
        self.collect(&mut pairs);
        pairs.sort_by_key(|pair| pair.start);
        pairs
    }

    fn collect(self, pairs: &mut Vec<Range<usize>>) {
        for name in self.keys() {
            match self.child(name) {
                Some(child) if child.is_dotted() => child.collect(pairs),
                _ => pairs.extend(self.pair(name)),
            }
        }
    }

    /// Where the key begins and its value ends; `None` where it is a table with a header.
    pub(super) fn pair(self, key: &str) -> Option<Range<usize>> {
        let (begin, end) = match self {
            Self::Table(table) => {
                let (key, item) = table.get_key_value(key)?;
                (key.span()?, item.as_value()?.span()?)
            }
            Self::Inline(table) => (table.key(key)?.span()?, table.get(key)?.span()?),
        };
        Some(begin.start..end.end)
    }
}

/// How a list is written.
#[derive(Debug, Clone)]
pub(super) enum Layout {
    /// `[[item]]`: the stretches of each entry, in the order of the text; more than one where something else
    /// stands between.
    Tables(Vec<Vec<Range<usize>>>),
    /// `item = [{ … }]`: where the brackets are, and the elements.
    Inline(Range<usize>, Vec<Range<usize>>),
}

impl Layout {
    /// How many entries it has.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Tables(entries) => entries.len(),
            Self::Inline(_, elements) => elements.len(),
        }
    }
}

impl Tree {
    /// Reads a text; the error is where it is none, in bytes.
    pub(super) fn new(text: Arc<str>) -> Result<Self, usize> {
        let document = Document::parse(text.clone())
            .map_err(|err| err.span().map_or(0, |span| span.start.min(text.len())))?;
        let (mut heads, mut pairs) = (Vec::new(), Vec::new());
        let root = document.as_table();
        walk(root, None, &mut heads, &mut pairs);
        heads.sort_by_key(|head: &Head| head.span.start);
        pairs.sort_by_key(|pair: &Range<usize>| pair.start);
        let begins = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(begins).collect();
        Ok(Self { document, heads, pairs, lines, text, entries: Default::default() })
    }

    /// The document itself.
    pub(super) fn root(&self) -> Node<'_> {
        Node::Table(self.document.as_table())
    }

    /// One entry of a list.
    pub(super) fn entry(&self, list: List, index: usize) -> Option<Node<'_>> {
        match self.root().get(key_of(list))?.1 {
            Item::ArrayOfTables(tables) => tables.get(index).map(Node::Table),
            Item::Value(Value::Array(array)) => array.get(index)?.as_inline_table().map(Node::Inline),
            _ => None,
        }
    }

    /// How many entries a list has.
    pub(super) fn count(&self, list: List) -> usize {
        match self.root().get(key_of(list)).map(|(_, item)| item) {
            Some(Item::ArrayOfTables(tables)) => tables.len(),
            Some(Item::Value(Value::Array(array))) => array.len(),
            _ => 0,
        }
    }

    /// The line, from 1, of a byte of the text.
    pub(super) fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|begin| *begin <= at)
    }

    /// How a list is written.
    pub(super) fn layout(&self, list: List) -> Layout {
        if let Some(Item::Value(Value::Array(array))) = self.root().get(key_of(list)).map(|(_, item)| item) {
            let elements = array.iter().filter_map(Value::span).collect();
            return Layout::Inline(array.span().unwrap_or_default(), elements);
        }
        let mut entries = vec![Vec::new(); self.count(list)];
        let mut last: Option<(usize, usize)> = None;
        for (at, head) in self.heads.iter().enumerate() {
            let Owner::Entry(of, index) = &head.owner else { continue };
            let Some(stretches) = entries.get_mut(*index).filter(|_| *of == list) else { continue };
            let stretch = self.stretch(at);
            match stretches.last_mut() {
                // A table of the same entry that follows at once.
                Some(before) if last == Some((*index, at.wrapping_sub(1))) => {
                    let before: &mut Range<usize> = before;
                    before.end = stretch.end;
                }
                _ => stretches.push(stretch),
            }
            last = Some((*index, at));
        }
        Layout::Tables(entries)
    }

    /// The stretch of a header, from the comments directly above it to the end of what stands under it, without
    /// what ends the last line.
    fn stretch(&self, head: usize) -> Range<usize> {
        let end = self.content_end(self.heads[head].span.end, head + 1);
        let limit = self.heads.get(head + 1).map_or(self.text.len(), |_| self.lead(head + 1));
        let mut end = line_end(&self.text, end);
        // Comments that follow at once belong to it.
        loop {
            let next = next_line(&self.text, end);
            let stop = line_end(&self.text, next.min(self.text.len()));
            if next >= limit || stop <= next || !self.text[next..stop].trim_start().starts_with('#') {
                break;
            }
            end = stop;
        }
        self.lead(head)..end
    }

    /// Where the last value ends that stands before a header, or `begin`.
    fn content_end(&self, begin: usize, before: usize) -> usize {
        let limit = self.heads.get(before).map_or(self.text.len(), |head| head.span.start);
        let at = self.pairs.partition_point(|pair| pair.start < limit);
        at.checked_sub(1).map_or(begin, |last| self.pairs[last].end.max(begin))
    }

    /// Where the comments begin that stand directly above a header; its own line where there are none.
    pub(super) fn lead(&self, head: usize) -> usize {
        let own = line_start(&self.text, self.heads[head].span.start);
        let above = head.checked_sub(1).map_or(0, |before| self.heads[before].span.end);
        let content = self.content_end(above, head);
        let floor = if content == 0 { beginning(&self.text) } else { next_line(&self.text, content) };
        let mut begin = own;
        while begin > floor {
            let line = line_start(&self.text, begin - 1);
            if !self.text[line..begin].trim_start().starts_with('#') {
                break;
            }
            begin = line;
        }
        begin
    }

    /// Where the lines of a table's own keys end: where a further key is to be put in, and how far it is to be
    /// indented. `header`: where the table's header is; the document's own keys where there is none.
    pub(super) fn section(&self, header: Option<Range<usize>>) -> (usize, Option<Range<usize>>) {
        let begin = header.as_ref().map_or(0, |span| span.end);
        let head = self.heads.partition_point(|head| head.span.start < begin);
        let limit = self.heads.get(head).map_or(self.text.len(), |head| head.span.start);
        let at = self.pairs.partition_point(|pair| pair.start < limit);
        let last = at.checked_sub(1).map(|last| self.pairs[last].clone()).filter(|pair| pair.start >= begin);
        match last {
            Some(pair) => (line_end(&self.text, pair.end), Some(pair)),
            None => (line_end(&self.text, begin), header),
        }
    }

    /// Where a table of another kind begins that is to stand behind those of `rank`; `None`: at the text's end.
    pub(super) fn first_behind(&self, rank: usize) -> Option<usize> {
        let head = self.heads.iter().position(|head| match &head.owner {
            Owner::Entry(list, _) => *list as usize > rank,
            Owner::Other(_) => true,
        })?;
        Some(self.lead(head))
    }

    /// Where the last table ends whose first key is `key`.
    pub(super) fn end_of(&self, key: &str) -> Option<usize> {
        let is = |head: &Head| head.owner == Owner::Other(key.to_owned());
        self.heads.iter().rposition(is).map(|head| self.stretch(head).end)
    }

    /// Where the first header is, with the comments directly above it.
    pub(super) fn first_head(&self) -> Option<usize> {
        (!self.heads.is_empty()).then(|| self.lead(0))
    }

    /// The stretch of the table with this header.
    pub(super) fn stretch_of(&self, header: &Range<usize>) -> Option<Range<usize>> {
        self.heads.iter().position(|head| head.span == *header).map(|head| self.stretch(head))
    }
}

/// Takes note of a table's headers and keys, and of those in it.
fn walk(table: &Table, owner: Option<&Owner>, heads: &mut Vec<Head>, pairs: &mut Vec<Range<usize>>) {
    for (name, item) in table {
        let other = Owner::Other(name.to_owned());
        let owner = owner.unwrap_or(&other);
        match item {
            Item::Table(inner) => {
                note(inner, owner, heads);
                walk(inner, Some(owner), heads, pairs);
            }
            Item::ArrayOfTables(tables) => {
                let list = LISTS.into_iter().find(|list| key_of(*list) == name);
                for (index, inner) in tables.iter().enumerate() {
                    let entry = list.map(|list| Owner::Entry(list, index));
                    let owner = entry.as_ref().filter(|_| *owner == other).unwrap_or(owner);
                    note(inner, owner, heads);
                    walk(inner, Some(owner), heads, pairs);
                }
            }
            Item::Value(_) => pairs.extend(Node::Table(table).pair(name)),
            Item::None => {}
        }
    }
}

fn note(table: &Table, owner: &Owner, heads: &mut Vec<Head>) {
    if let Some(span) = table.span().filter(|_| !table.is_implicit() && !table.is_dotted()) {
        heads.push(Head { span, owner: owner.clone() });
    }
}

/// An array's elements as staff see them.
pub(super) fn texts(array: &Array, text: &str) -> Vec<String> {
    array.iter().map(|value| written(value, text)).collect()
}

/// A value as staff see it: a text as what it says, all else as it is written.
pub(super) fn written(value: &Value, text: &str) -> String {
    match value {
        Value::String(string) => string.value().replace("\r\n", "\n"),
        other => other.span().and_then(|span| text.get(span)).unwrap_or_default().to_owned(),
    }
}
