//! `playlist.toml` as its forms show it. Invariant: each entry that is written is one entry here, whatever is
//! wrong with it.

use toml_edit::Value;

use super::{
    entry::{Entries, Entry, Kind, Named, Written},
    tree::{Layout, Node, Tree, texts, written},
};
use crate::domain::playlist::List;

/// The entries of a list.
pub(super) fn entries(tree: &Tree, list: List) -> Entries {
    let layout = tree.layout(list);
    let spans = |index: usize| match &layout {
        Layout::Tables(entries) => entries.get(index).and_then(|stretches| stretches.first()).cloned(),
        Layout::Inline(_, elements) => elements.get(index).cloned(),
    };
    let one = |index: usize| {
        let span = spans(index).unwrap_or_default();
        // Comments above it are not its first line.
        let node = tree.entry(list, index);
        let first = node.and_then(header).map_or(span.start, |at| at.max(span.start));
        let (line, last_line) = (tree.line(first), tree.line(span.end.max(first)));
        Entry { line, last_line, ..node.map_or_else(Entry::default, |node| entry(tree, list, node)) }
    };
    (0..layout.len()).map(one).collect()
}

fn header(node: Node<'_>) -> Option<usize> {
    match node {
        Node::Table(table) => table.span().map(|span| span.start),
        Node::Inline(table) => table.span().map(|span| span.start),
    }
}

fn entry(tree: &Tree, list: List, node: Node<'_>) -> Entry {
    let text =
        |node: Node<'_>, key: &str| node.value(key).map(|v| written(v, &tree.text)).unwrap_or_default();
    let own = |key: &str| text(node, key);
    let mut entry = Entry {
        enabled: node.value("enabled").and_then(Value::as_bool) != Some(false),
        note: own("note"),
        duration: own("duration"),
        fit: own("fit"),
        transition: own("transition"),
        volume: own("volume"),
        priority: own("priority"),
        weight: own("weight"),
        every: own("every"),
        when: node.child("when").map(|when| rule(tree, when)).unwrap_or_default(),
        ..Entry::default()
    };
    if list == List::Ticker {
        (entry.kind, entry.text) = (Kind::Message, own("text"));
        entry.name.clone_from(&entry.text);
        return entry;
    }
    let kind = Kind::ITEMS.into_iter().find(|kind| node.get(kind.key()).is_some());
    entry.kind = kind.unwrap_or_default();
    match entry.kind {
        Kind::Page | Kind::Image | Kind::Film => entry.file = own(entry.kind.key()),
        Kind::Card | Kind::Qr | Kind::Survey => {
            if let Some(inner) = node.child(entry.kind.key()) {
                entry.title = text(inner, "title");
                entry.text = text(inner, "text");
                entry.url = text(inner, "url");
            }
        }
        Kind::Message | Kind::Unknown => {}
    }
    entry.name = if entry.file.is_empty() { entry.title.clone() } else { entry.file.clone() };
    entry
}

fn rule(tree: &Tree, when: Node<'_>) -> Written {
    let one = |key: &str| when.value(key).map(|v| written(v, &tree.text)).unwrap_or_default();
    let all = |key: &str| list(tree, when, key);
    Written {
        days: all("days"),
        hours: all("hours"),
        from: one("from"),
        until: one("until"),
        rrule: one("rrule"),
        daypart: all("daypart"),
        not_daypart: all("not_daypart"),
        calendar: all("calendar"),
        not_calendar: all("not_calendar"),
    }
}

/// A list, or the one thing that stands in its place.
fn list(tree: &Tree, node: Node<'_>, key: &str) -> Vec<String> {
    match node.value(key) {
        Some(Value::Array(array)) => texts(array, &tree.text),
        Some(value) => vec![written(value, &tree.text)],
        None => Vec::new(),
    }
}

/// The tables under a key, such as dayparts.
pub(super) fn named(tree: &Tree, group: &str) -> Vec<Named> {
    let Some(group) = tree.root().child(group) else { return Vec::new() };
    let named = |name: &str| {
        let node = group.child(name)?;
        let file = node.value("file").map(|value| written(value, &tree.text)).unwrap_or_default();
        let (hours, days) = (list(tree, node, "hours"), list(tree, node, "days"));
        Some(Named { name: name.to_owned(), hours, days, file })
    };
    group.keys().into_iter().filter_map(named).collect()
}

/// The playlist's title.
pub(super) fn title(tree: &Tree) -> String {
    tree.root().value("title").map(|value| written(value, &tree.text)).unwrap_or_default()
}
