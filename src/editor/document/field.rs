//! A field of `playlist.toml` is set or taken away, in whatever form its tables are written.
//! Invariant: a comment is never lost: one beside a key that goes away stays on its line.

use std::ops::Range;

use toml_edit::Item;

use super::{
    text::{Patch, beginning, line_end, line_start, newline, next_line},
    tree::{Layout, Node, Tree, key_of},
    value::{Value, key},
};
use crate::domain::playlist::List;

/// Where a path of keys begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The document.
    Root,
    /// An entry of a list.
    Entry(List, usize),
}

/// What is to be written for a field to have a value; nothing where it has it. `None`: it cannot be.
pub(super) fn set(tree: &Tree, place: Place, path: &[&str], value: &Value) -> Option<Vec<Patch>> {
    let mut node = start(tree, place)?;
    let (last, tables) = path.split_last()?;
    // Where the table with a header or braces is that holds all that comes.
    let (mut holder, mut held) = (node, 0);
    for (depth, name) in tables.iter().enumerate() {
        match node.child(name) {
            Some(child) => node = child,
            None if node.get(name).is_some() => {
                // Something else stands where a table belongs.
                let pair = node.pair(name)?;
                let rest = inline(&path[depth + 1..], value);
                let text = format!("{} = {rest}", key(name));
                return Some(vec![Patch::new(pair, text)]);
            }
            None => return put(tree, place, (holder, held), (node, depth), path, value),
        }
        if !node.is_dotted() {
            (holder, held) = (node, depth + 1);
        }
    }
    match node.get(last) {
        Some((_, Item::Value(old))) => Some(value.over(old, &tree.text, newline(&tree.text))),
        Some(_) => None,
        None => put(tree, place, (holder, held), (node, tables.len()), path, value),
    }
}

fn start(tree: &Tree, place: Place) -> Option<Node<'_>> {
    match place {
        Place::Root => Some(tree.root()),
        Place::Entry(list, index) => tree.entry(list, index),
    }
}

/// `{ a = { b = value } }` without what is outermost, or the value alone.
fn inline(path: &[&str], value: &Value) -> String {
    path.iter().rev().fold(value.toml(), |inner, name| format!("{{ {} = {inner} }}", key(name)))
}

/// Puts the rest of a path into the innermost table that is there, `node`, `depth` keys down; `holder` is the one
/// with a header or braces.
fn put(
    tree: &Tree,
    place: Place,
    (holder, held): (Node<'_>, usize),
    (node, depth): (Node<'_>, usize),
    path: &[&str],
    value: &Value,
) -> Option<Vec<Patch>> {
    let dotted = node.is_dotted();
    let (name, rest) = if dotted {
        // By dotted keys as the others of its table are.
        let name: Vec<String> = path[held..].iter().map(|name| key(name)).collect();
        (name.join("."), value.toml())
    } else {
        (key(path[depth]), inline(&path[depth + 1..], value))
    };
    let pair = format!("{name} = {rest}");
    match holder {
        Node::Inline(table) => {
            let span = table.span()?;
            let pairs = if dotted { node.pairs() } else { Node::Inline(table).pairs() };
            Some(match pairs.last() {
                Some(last) => vec![Patch::insert(last.end, format!(", {pair}"))],
                None => vec![Patch::insert(span.start + 1, format!(" {pair} "))],
            })
        }
        Node::Table(_) if dotted => Some(vec![below(tree, &node.pairs().last()?.clone(), &pair)]),
        Node::Table(table) => {
            let own = (!table.is_implicit()).then(|| table.span()).flatten();
            let missing = path.len() - depth - 1;
            // `[item.when]` and `[daypart.pagi]` have headers, as people write them.
            if depth == 0 && missing == 1 && path[0] == "when" {
                let Place::Entry(list, index) = place else { return None };
                let header = format!("{}.when", key_of(list));
                return Some(under_header(tree, (end_of(tree, list, index)?, ""), &header, path[1], value));
            }
            if place == Place::Root && path.len() == 3 && missing <= 2 && depth <= 1 {
                let header = format!("{}.{}", key(path[0]), key(path[1]));
                let groups = ["daypart", "calendar"].into_iter().rev();
                let at = tree.end_of(path[0]).or_else(|| groups.filter_map(|name| tree.end_of(name)).max());
                let gap = newline(&tree.text);
                return Some(match at {
                    Some(at) => under_header(tree, (at, gap), &header, path[2], value),
                    None => vec![at_end(&tree.text, &header, path[2], value)],
                });
            }
            let is_root = place == Place::Root && depth == 0;
            if own.is_none() && !is_root {
                return None;
            }
            let (at, last) = tree.section(own.filter(|_| !is_root));
            match last {
                Some(last) => Some(vec![below(tree, &last, &pair)]),
                None => {
                    let nl = newline(&tree.text);
                    let at = tree.first_head().unwrap_or_else(|| at.max(beginning(&tree.text)));
                    Some(vec![Patch::insert(at, format!("{pair}{nl}{nl}"))])
                }
            }
        }
    }
}

/// A line below another key's or header's, as far indented as that.
fn below(tree: &Tree, last: &Range<usize>, pair: &str) -> Patch {
    let text = &tree.text;
    let begin = line_start(text, last.start);
    let indent: String = text[begin..last.start].chars().take_while(|c| c.is_whitespace()).collect();
    Patch::insert(line_end(text, last.end), format!("{}{indent}{pair}", newline(text)))
}

/// Where an entry ends.
fn end_of(tree: &Tree, list: List, index: usize) -> Option<usize> {
    match tree.layout(list) {
        Layout::Tables(entries) => Some(entries.get(index)?.last()?.end),
        Layout::Inline(_, elements) => Some(elements.get(index)?.end),
    }
}

/// A new header with one key, behind the end of a line and a gap.
fn under_header(
    tree: &Tree,
    (at, gap): (usize, &str),
    header: &str,
    last: &str,
    value: &Value,
) -> Vec<Patch> {
    let nl = newline(&tree.text);
    vec![Patch::insert(at, format!("{nl}{gap}[{header}]{nl}{} = {}", key(last), value.toml()))]
}

/// A new header with one key at the text's end.
fn at_end(text: &str, header: &str, last: &str, value: &Value) -> Patch {
    let nl = newline(text);
    let before = match text {
        "" | "\u{feff}" => String::new(),
        text if !text.ends_with('\n') => format!("{nl}{nl}"),
        _ => nl.to_owned(),
    };
    Patch::insert(text.len(), format!("{before}[{header}]{nl}{} = {}{nl}", key(last), value.toml()))
}

/// What is to be written for a field to be there no more; nothing where it is not. `None`: it cannot be.
pub(super) fn remove(tree: &Tree, place: Place, path: &[&str]) -> Option<Vec<Patch>> {
    let start = start(tree, place)?;
    let (last, tables) = path.split_last()?;
    let mut nodes = vec![start];
    for name in tables {
        match nodes.last()?.child(name) {
            Some(child) => nodes.push(child),
            None => return Some(Vec::new()),
        }
    }
    let node = *nodes.last()?;
    match node.get(last) {
        None => return Some(Vec::new()),
        Some((_, Item::Value(_))) => {}
        Some((_, Item::Table(table))) if table.is_dotted() => {
            return Some(Node::Table(table).pairs().into_iter().map(|pair| line(tree, pair)).collect());
        }
        Some((_, Item::Table(table))) => {
            let header = table.span().filter(|_| !table.is_implicit())?;
            return Some(vec![whole_table(tree, &header)?]);
        }
        Some(_) => return None,
    }
    let pair = node.pair(last)?;
    let alone = node.keys().len() == 1;
    match node {
        Node::Table(table) => {
            let mut patches = vec![line(tree, pair.clone())];
            if alone && !tables.is_empty() && !table.is_dotted() {
                patches = emptied(tree, table.span()?, pair).unwrap_or(patches);
            }
            Some(patches)
        }
        // The last of them takes its table along.
        Node::Inline(table) if alone && !tables.is_empty() && !table.is_dotted() => {
            remove(tree, place, tables)
        }
        Node::Inline(_) => {
            let outer = nodes.iter().rev().find(|node| !node.is_dotted())?;
            match outer {
                Node::Inline(_) => Some(vec![element(tree, outer.pairs(), &pair)?]),
                Node::Table(_) => Some(vec![line(tree, pair)]),
            }
        }
    }
}

/// A key with its lines; the comment behind it stays.
fn line(tree: &Tree, pair: Range<usize>) -> Patch {
    let text = &tree.text;
    let (begin, end) = (line_start(text, pair.start), line_end(text, pair.end));
    let behind = text[pair.end..end].trim_start();
    if behind.starts_with('#') {
        let indent: &str = &text[begin..pair.start];
        let indent = &indent[..indent.len() - indent.trim_start().len()];
        return Patch::new(begin..end, format!("{indent}{behind}"));
    }
    let next = next_line(text, end);
    if next == end && begin > beginning(text) {
        // The last line has no end: the one before it has none then.
        let before = line_end(text, begin - 1 - usize::from(text[..begin - 1].ends_with('\r')));
        return Patch::delete(before..end);
    }
    Patch::delete(begin..next)
}

/// A table's header with its only key; `None` where a comment speaks of either.
fn emptied(tree: &Tree, header: Range<usize>, pair: Range<usize>) -> Option<Vec<Patch>> {
    let text = &tree.text;
    let (begin, end) = (line_start(text, header.start), line_end(text, pair.end));
    let held = [header.end..line_start(text, pair.start), pair.end..end];
    if held.iter().any(|range| text[range.clone()].contains('#')) || text[begin..header.start].contains('#') {
        return None;
    }
    let Patch { at, .. } = line(tree, pair);
    // Without the end of the last line, that of the line before the header goes.
    let from = if at.end == text.len() && !text.ends_with('\n') && begin > beginning(text) {
        line_end(text, begin - 1 - usize::from(text[..begin - 1].ends_with('\r')))
    } else {
        begin
    };
    Some(vec![Patch::delete(from..at.end)])
}

/// A table with its header, and all that stands under it; the comments above it stay.
fn whole_table(tree: &Tree, header: &Range<usize>) -> Option<Patch> {
    let stretch = tree.stretch_of(header)?;
    let begin = line_start(&tree.text, header.start);
    let next = next_line(&tree.text, stretch.end);
    Some(Patch::delete(begin..next))
}

/// A key of `{ … }` with the comma that parts it from its neighbour.
fn element(tree: &Tree, pairs: Vec<Range<usize>>, pair: &Range<usize>) -> Option<Patch> {
    let at = pairs.iter().position(|other| other == pair)?;
    let begins = |pair: &Range<usize>| dotted_start(&tree.text, pair.start);
    Some(Patch::delete(match (at.checked_sub(1), pairs.get(at + 1)) {
        (Some(before), _) => pairs[before].end..pair.end,
        (None, Some(next)) => begins(pair)..begins(next),
        (None, None) => begins(pair)..pair.end,
    }))
}

/// Where a dotted key begins, of which the last part begins at `at`.
fn dotted_start(text: &str, at: usize) -> usize {
    let before = text[..at].rfind(['{', ',', '\n']).map_or(0, |mark| mark + 1);
    before + (text[before..at].len() - text[before..at].trim_start().len())
}
