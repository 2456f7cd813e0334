//! Places in a text, and changes of it. Invariant: what no patch names stays byte for byte.

use std::ops::Range;

/// One stretch of a text, and what takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Patch {
    /// The stretch, in bytes; empty where something is put in.
    pub(super) at: Range<usize>,
    /// What takes its place.
    pub(super) with: String,
}

impl Patch {
    pub(super) fn new(at: Range<usize>, with: impl Into<String>) -> Self {
        Self { at, with: with.into() }
    }

    pub(super) fn insert(at: usize, what: impl Into<String>) -> Self {
        Self::new(at..at, what)
    }

    pub(super) fn delete(at: Range<usize>) -> Self {
        Self::new(at, "")
    }
}

/// The text with the patches; `None` where two of them are about the same bytes, or one lies outside. Those that
/// put something in at the same place do so in their order.
pub(super) fn patched(text: &str, mut patches: Vec<Patch>) -> Option<String> {
    patches.sort_by_key(|patch| (patch.at.start, patch.at.end));
    let mut out = String::with_capacity(text.len() + patches.iter().map(|p| p.with.len()).sum::<usize>());
    let mut done = 0;
    for patch in patches {
        if patch.at.start < done {
            return None;
        }
        out.push_str(text.get(done..patch.at.start)?);
        out.push_str(&patch.with);
        done = patch.at.end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

/// Where the text begins behind its byte order mark.
pub(super) fn beginning(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// How the text ends its lines, by its first one; `\n` where it has none.
pub(super) fn newline(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Where the line begins in which `at` lies.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or_else(|| beginning(text).min(at), |newline| newline + 1)
}

/// Where the line ends in which `at` lies, before what ends it.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    match text[at..].find('\n') {
        Some(newline) if newline > 0 && text.as_bytes()[at + newline - 1] == b'\r' => at + newline - 1,
        Some(newline) => at + newline,
        None => text.len(),
    }
}

/// Where the line after the one begins in which `at` lies; the text's length where there is none.
pub(super) fn next_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1)
}

/// Where what comes after `at`, the beginning of a line, is no empty line any more.
pub(super) fn after_blank(text: &str, mut at: usize) -> usize {
    while at < text.len() && text[at..line_end(text, at)].trim().is_empty() {
        at = next_line(text, at);
    }
    at
}

/// Where the last line ends that is not empty and ends at or before `at`, the beginning of a line; the text's
/// beginning where there is none.
pub(super) fn before_blank(text: &str, at: usize) -> usize {
    let first = beginning(text);
    let kept = text[first..at].trim_end();
    first + kept.len()
}

/// A text's lines with what ends them, and where each begins.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let begin = at;
        at += line.len();
        (begin, line)
    })
}

/// What was typed in place of a text, in a widget that knows no byte order marks and one kind of line end: lines that
/// are as they were keep their bytes.
pub fn retyped(old: &str, typed: &str) -> String {
    let (mark, body) = old.split_at(beginning(old));
    let before: Vec<&str> = body.split_inclusive('\n').collect();
    let after: Vec<&str> = typed.split_inclusive('\n').collect();
    let same = |(a, b): &(&&str, &&str)| a.replace("\r\n", "\n") == **b;
    let head = before.iter().zip(&after).take_while(same).count();
    let tail = before[head..].iter().rev().zip(after[head..].iter().rev()).take_while(same).count();
    let middle = after[head..after.len() - tail].concat().replace('\n', newline(old));
    [mark, &before[..head].concat(), &middle, &before[before.len() - tail..].concat()].concat()
}

/// A text as such a widget shows it.
pub fn to_type(text: &str) -> String {
    text[beginning(text)..].replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_ends_of_both_kinds() {
        let text = "\u{feff}a = 1\r\n\r\nb";
        assert_eq!(newline(text), "\r\n");
        assert_eq!(&text[line_start(text, 5)..line_end(text, 5)], "a = 1");
        assert_eq!(after_blank(text, next_line(text, 5)), text.len() - 1);
        assert_eq!(before_blank(text, text.len() - 1), 3 + 5);
        assert_eq!((line_end(text, text.len()), next_line(text, text.len())), (text.len(), text.len()));
        assert_eq!(newline("a\n\r\n"), "\n");
        assert_eq!(line_end("\r\n", 0), 0);
    }

    #[test]
    fn what_is_typed_leaves_the_other_lines_as_they_are() {
        let old = "\u{feff}a\r\nb\nc\r\n";
        assert_eq!(to_type(old), "a\nb\nc\n");
        assert_eq!(retyped(old, "a\nb\nc\n"), old);
        assert_eq!(retyped(old, "a\nb\nx\ny\n"), "\u{feff}a\r\nb\nx\r\ny\r\n");
        assert_eq!(retyped(old, "z\na\nb\nc\n"), "\u{feff}z\r\na\r\nb\nc\r\n");
        assert_eq!(retyped(old, ""), "\u{feff}");
        assert_eq!(retyped("a", "a\nb"), "a\nb");
    }

    #[test]
    fn patches_leave_the_rest_and_do_not_overlap() {
        let patches = vec![Patch::new(2..3, "X"), Patch::insert(0, "<"), Patch::insert(0, "-")];
        assert_eq!(patched("abcd", patches).as_deref(), Some("<-abXd"));
        assert_eq!(patched("abcd", vec![Patch::delete(0..2), Patch::delete(1..3)]), None);
        assert_eq!(patched("abcd", vec![Patch::delete(2..9)]), None);
    }
}
