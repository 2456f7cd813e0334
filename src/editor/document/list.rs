//! Entries of `playlist.toml` are put in, doubled, taken out and moved, with the comments directly above them.
//! Invariant: what stands between entries stays where it is.

use std::{collections::BTreeSet, ops::Range};

use super::{
    entry::NewItem,
    text::{Patch, after_blank, before_blank, line_end, line_start, newline, next_line, patched},
    tree::{Layout, Tree, key_of},
    value::quoted,
};
use crate::domain::playlist::List;

/// An element of `item = [ … ]`.
#[derive(Debug)]
struct Element {
    /// From the comments directly above it, where it stands first on its line, to its own beginning.
    lead: Range<usize>,
    value: Range<usize>,
    /// Behind its comma, where it has one.
    comma: Option<usize>,
    /// The comment behind it on its line, with the space before it; only where each one stands last on its line.
    tail: Range<usize>,
}

/// The text with a new entry before the one at `at`; `None` where it cannot be put in.
pub(super) fn insert(tree: &Tree, list: List, at: usize, item: &NewItem) -> Option<String> {
    let text = &*tree.text;
    let nl = newline(text);
    match tree.layout(list) {
        Layout::Inline(brackets, elements) => {
            let new = format!("{{ {} }}", pair(item));
            patched(text, vec![into_array(text, &brackets, &elements, at, &new)])
        }
        Layout::Tables(entries) => {
            let new = format!("[[{}]]{nl}{}", key_of(list), pair(item));
            let patch = if let Some(next) = entries.get(at).and_then(|stretches| stretches.first()) {
                Patch::insert(next.start, format!("{new}{nl}{nl}"))
            } else if let Some(last) = entries.last().and_then(|stretches| stretches.last()) {
                Patch::insert(last.end, format!("{nl}{nl}{new}"))
            } else if let Some(behind) = tree.first_behind(list as usize) {
                Patch::insert(behind, format!("{new}{nl}{nl}"))
            } else {
                let before = match text {
                    "" | "\u{feff}" => String::new(),
                    text if !text.ends_with('\n') => format!("{nl}{nl}"),
                    text if text.ends_with("\n\n") || text.ends_with("\n\r\n") => String::new(),
                    _ => nl.to_owned(),
                };
                Patch::insert(text.len(), format!("{before}{new}{nl}"))
            };
            patched(text, vec![patch])
        }
    }
}

/// The key and value of a new entry.
fn pair(item: &NewItem) -> String {
    let table = |pairs: &[(&str, &str)]| {
        let written = pairs.iter().filter(|(key, text)| *key == "title" || *key == "url" || !text.is_empty());
        let written: Vec<String> = written.map(|(key, text)| format!("{key} = {}", quoted(text))).collect();
        format!("{{ {} }}", written.join(", "))
    };
    match item {
        NewItem::Page(file) => format!("page = {}", quoted(file)),
        NewItem::Image(file) => format!("image = {}", quoted(file)),
        NewItem::Film(file) => format!("film = {}", quoted(file)),
        NewItem::Card { title, text } => format!("card = {}", table(&[("title", title), ("text", text)])),
        NewItem::Qr { title, text, url } => {
            format!("qr = {}", table(&[("title", title), ("text", text), ("url", url)]))
        }
        NewItem::Survey { title } => format!("survey = {}", table(&[("title", title)])),
        NewItem::Message(text) => format!("text = {}", quoted(text)),
    }
}

fn into_array(text: &str, brackets: &Range<usize>, elements: &[Range<usize>], at: usize, new: &str) -> Patch {
    let parts = parts(text, brackets, elements);
    let nl = newline(text);
    let alone = |element: &Element| is_first(text, element.value.start);
    let indent =
        |element: &Element| text[line_start(text, element.value.start)..element.value.start].to_owned();
    if let Some(next) = parts.get(at) {
        let between = if alone(next) { format!(",{nl}") } else { ", ".to_owned() };
        let before = if alone(next) { indent(next) } else { String::new() };
        return Patch::insert(next.lead.start, format!("{before}{new}{between}"));
    }
    match parts.last() {
        Some(last) => {
            let between = if alone(last) { format!("{nl}{}", indent(last)) } else { " ".to_owned() };
            match last.comma {
                Some(comma) => Patch::insert(last.tail.end.max(comma), format!("{between}{new},")),
                // The comma has to come before a comment.
                None => Patch::new(
                    last.value.end..last.tail.end.max(last.value.end),
                    format!(",{}{between}{new}", &text[last.value.end..last.tail.end.max(last.value.end)]),
                ),
            }
        }
        None => Patch::insert(brackets.start + 1, new.to_owned()),
    }
}

/// Whether nothing but space stands before `at` on its line.
fn is_first(text: &str, at: usize) -> bool {
    text[line_start(text, at)..at].trim().is_empty()
}

fn parts(text: &str, brackets: &Range<usize>, elements: &[Range<usize>]) -> Vec<Element> {
    let mut parts: Vec<Element> = Vec::new();
    for (index, value) in elements.iter().enumerate() {
        let floor = parts.last().map_or(brackets.start + 1, |p| p.comma.unwrap_or(p.value.end));
        let lead = lead(text, floor, value.start);
        let limit = elements.get(index + 1).map_or(brackets.end - 1, |next| next.start);
        let comma = comma(text, value.end, limit);
        let end = comma.unwrap_or(value.end);
        let line = line_end(text, end).min(limit);
        let behind = text[end..line].trim();
        let tail = if behind.starts_with('#') { end..line } else { end..end };
        parts.push(Element { lead, value: value.clone(), comma, tail });
    }
    // A comment that moves to where something follows on its line would swallow that.
    if !parts.iter().all(|part| line_end(text, part.tail.end) == part.tail.end) {
        for part in &mut parts {
            part.tail.end = part.tail.start;
        }
    }
    parts
}

/// From the comments directly above an element to its beginning, not before `floor`.
fn lead(text: &str, floor: usize, value: usize) -> Range<usize> {
    if !is_first(text, value) || line_start(text, value) <= floor {
        return value..value;
    }
    let mut begin = line_start(text, value);
    while begin > floor {
        let line = line_start(text, begin - 1);
        if line <= floor || !text[line..begin].trim_start().starts_with('#') {
            break;
        }
        begin = line;
    }
    begin..value
}

/// Behind the comma that comes after an element, before `limit`.
fn comma(text: &str, mut at: usize, limit: usize) -> Option<usize> {
    while at < limit {
        match text.as_bytes()[at] {
            b',' => return Some(at + 1),
            b'#' => at = line_end(text, at),
            _ => at += 1,
        }
    }
    None
}

/// The text with an entry in another order: at `k` stands the one that was at `order[k]`.
pub(super) fn reorder(tree: &Tree, list: List, order: &[usize]) -> Option<String> {
    let text = &*tree.text;
    let mut patches = Vec::new();
    match tree.layout(list) {
        Layout::Tables(entries) => {
            if entries.iter().any(|stretches| stretches.len() > 1) {
                let together = Tree::new(gathered(text, &entries)?.into()).ok()?;
                return reorder(&together, list, order);
            }
            for (to, from) in order.iter().enumerate().filter(|(to, from)| to != *from) {
                let (to, from) = (entries.get(to)?.first()?, entries.get(*from)?.first()?);
                patches.push(Patch::new(to.clone(), &text[from.clone()]));
            }
        }
        Layout::Inline(brackets, elements) => {
            let parts = parts(text, &brackets, &elements);
            for (to, from) in order.iter().enumerate().filter(|(to, from)| to != *from) {
                let (to, from) = (parts.get(to)?, parts.get(*from)?);
                for (to, from) in [(&to.lead, &from.lead), (&to.value, &from.value), (&to.tail, &from.tail)] {
                    if !(to.is_empty() && from.is_empty()) {
                        patches.push(Patch::new(to.clone(), &text[from.clone()]));
                    }
                }
            }
        }
    }
    patched(text, patches)
}

/// The text with the stretches of each entry together, at the place of its first.
fn gathered(text: &str, entries: &[Vec<Range<usize>>]) -> Option<String> {
    let nl = newline(text);
    let mut patches = Vec::new();
    for stretches in entries {
        let Some((first, rest)) = stretches.split_first() else { continue };
        for stretch in rest {
            patches.push(Patch::insert(first.end, format!("{nl}{}", &text[stretch.clone()])));
            patches.push(Patch::delete(with_gap(text, stretch)));
        }
    }
    patched(text, patches)
}

/// A stretch of whole lines with the empty lines below it; at the text's end with those above it.
fn with_gap(text: &str, stretch: &Range<usize>) -> Range<usize> {
    let after = after_blank(text, next_line(text, stretch.end));
    if after < text.len() {
        return stretch.start..after;
    }
    let before = before_blank(text, stretch.start);
    if before == super::text::beginning(text) { before..after } else { before..stretch.end }
}

/// The text without some entries.
pub(super) fn delete(tree: &Tree, list: List, which: &[usize]) -> Option<String> {
    let mut text = tree.text.to_string();
    match tree.layout(list) {
        Layout::Tables(entries) => {
            let mut stretches: Vec<_> =
                which.iter().filter_map(|index| entries.get(*index)).flatten().collect();
            stretches.sort_by_key(|stretch| stretch.start);
            // From the last on, so that the places of those before it hold.
            for stretch in stretches.into_iter().rev() {
                let range = with_gap(&text, stretch);
                text.replace_range(range, "");
            }
            Some(text)
        }
        Layout::Inline(brackets, elements) => {
            let mut which: Vec<usize> =
                which.iter().copied().filter(|index| *index < elements.len()).collect();
            which.sort_unstable();
            which.dedup();
            let Some(last) = which.pop() else { return Some(text) };
            text.replace_range(one_out(&text, &parts(&text, &brackets, &elements), last), "");
            // What is left is looked at anew: whether the last one has a comma changes on the way.
            delete(&Tree::new(text.into()).ok()?, list, &which)
        }
    }
}

/// The stretch that goes with an element.
fn one_out(text: &str, parts: &[Element], index: usize) -> Range<usize> {
    let part = &parts[index];
    let end = part.tail.end.max(part.comma.unwrap_or(part.value.end));
    match index.checked_sub(1).map(|before| &parts[before]) {
        // The last one has no comma: that of the one before it goes, and what stands behind that comma stays.
        Some(before) if part.comma.is_none() && before.tail.is_empty() => before.value.end..end,
        _ if is_first(text, part.value.start) && line_end(text, end) == end => {
            part.lead.start..next_line(text, end)
        }
        _ => {
            let space = text[end..].len() - text[end..].trim_start_matches([' ', '\t']).len();
            part.lead.start..end + space
        }
    }
}

/// The text with some entries twice, each copy behind its own.
pub(super) fn duplicate(tree: &Tree, list: List, which: &[usize]) -> Option<String> {
    let text = &*tree.text;
    let nl = newline(text);
    let mut patches = Vec::new();
    match tree.layout(list) {
        Layout::Tables(entries) => {
            if which.iter().any(|index| entries.get(*index).is_some_and(|stretches| stretches.len() > 1)) {
                let together = Tree::new(gathered(text, &entries)?.into()).ok()?;
                return duplicate(&together, list, which);
            }
            for index in which {
                let stretch = entries.get(*index)?.first()?;
                patches.push(Patch::insert(stretch.end, format!("{nl}{nl}{}", &text[stretch.clone()])));
            }
        }
        Layout::Inline(brackets, elements) => {
            let parts = parts(text, &brackets, &elements);
            for index in which {
                let part = parts.get(*index)?;
                let copy = &text[part.lead.start..part.value.end];
                let between = if part.lead.is_empty() { ", ".to_owned() } else { format!(",{nl}") };
                patches.push(Patch::insert(part.value.end, format!("{between}{copy}")));
            }
        }
    }
    patched(text, patches)
}

/// The order after entries are moved together before the one at `to`, as [`reorder`] takes it.
pub(super) fn moved(count: usize, which: &[usize], to: usize) -> Vec<usize> {
    let which: BTreeSet<usize> = which.iter().copied().collect();
    let is_moved = |index: &usize| which.contains(index);
    let stays = |range: Range<usize>| range.filter(|index| !is_moved(index));
    let moving = (0..count).filter(|index| is_moved(index));
    let to = to.min(count);
    stays(0..to).chain(moving).chain(stays(to..count)).collect()
}
