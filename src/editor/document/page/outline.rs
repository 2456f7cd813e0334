//! Where a page's headings, lists and items stand in its Markdown. Invariant: by the same reading as the screen's.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::editor::document::text::line_end;

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ItemPlace {
    /// Where its mark begins.
    pub(super) begin: usize,
    /// Its first paragraph.
    pub(super) text: Range<usize>,
    /// All of it behind its mark, without the empty lines below.
    pub(super) content: Range<usize>,
}

/// A heading that stands in nothing else.
pub(super) struct Heading {
    pub(super) level: u8,
    pub(super) whole: Range<usize>,
    pub(super) text: Range<usize>,
}

/// A list that stands in nothing else.
pub(super) struct List {
    pub(super) whole: Range<usize>,
    pub(super) numbered: bool,
    pub(super) items: Vec<ItemPlace>,
}

/// The headings and lists of the body that stand in nothing else.
pub(super) fn outline(text: &str, body: usize) -> (Vec<Heading>, Vec<List>) {
    let (mut headings, mut lists): (Vec<Heading>, Vec<List>) = (Vec::new(), Vec::new());
    let (mut depth, mut heading, mut item) = (0_usize, None::<Heading>, None::<Option<Range<usize>>>);
    let mut block = false;
    for (event, range) in Parser::new_ext(&text[body..], Options::ENABLE_TABLES).into_offset_iter() {
        let range = range.start + body..range.end + body;
        match event {
            Event::Start(Tag::Heading { level, .. }) if depth == 0 => {
                let sign = after_sign(text, &range);
                heading = Some(Heading { level: level as u8, whole: range, text: sign..sign });
            }
            Event::End(TagEnd::Heading(_)) if depth == 0 => headings.extend(heading.take()),
            Event::Start(Tag::List(start)) => {
                if depth == 0 {
                    lists.push(List { whole: range, numbered: start.is_some(), items: Vec::new() });
                }
                (depth, block) = (depth + 1, true);
            }
            Event::Start(Tag::Item) => {
                depth += 1;
                if depth == 2 {
                    (item, block) = (Some(None), false);
                    // Its space to the left may be part of it.
                    let space =
                        text[range.clone()].len() - text[range.clone()].trim_start_matches([' ', '\t']).len();
                    let begin = range.start + space;
                    let content = after_mark(text, begin)..range.end;
                    let place = ItemPlace { begin, text: content.start..content.start, content };
                    if let Some(list) = lists.last_mut() {
                        list.items.push(place);
                    }
                }
            }
            Event::End(TagEnd::Item) => {
                if depth == 2
                    && let Some(place) = lists.last_mut().and_then(|list| list.items.last_mut())
                {
                    if let Some(Some(range)) = item.take() {
                        place.text = range;
                    }
                    let kept = text[place.content.clone()].trim_end().len();
                    place.content.end = (place.content.start + kept).max(place.text.end);
                }
                depth -= 1;
            }
            Event::Start(Tag::BlockQuote(_)) => (depth, block) = (depth + 1, true),
            Event::End(TagEnd::List(_) | TagEnd::BlockQuote(_)) => depth = depth.saturating_sub(1),
            // An item's first paragraph may be told of as one, and is over with it.
            Event::Start(Tag::Paragraph) => {}
            Event::End(TagEnd::Paragraph) => block = true,
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::Table(_) | Tag::Heading { .. }) => {
                block = true
            }
            _ => {
                let grow = |known: &mut Range<usize>| {
                    if known.start == known.end {
                        *known = range.clone();
                    } else {
                        *known = known.start.min(range.start)..known.end.max(range.end);
                    }
                };
                if let Some(heading) = &mut heading {
                    grow(&mut heading.text);
                } else if let Some(first) = item.as_mut().filter(|_| depth == 2 && !block) {
                    grow(first.get_or_insert_with(|| range.clone()));
                }
            }
        }
    }
    (headings, lists)
}

/// Behind the number signs of a heading, and the space.
fn after_sign(text: &str, range: &Range<usize>) -> usize {
    let line = &text[range.start..line_end(text, range.start).min(range.end)];
    let rest = line.trim_start_matches([' ', '#']);
    range.start + (line.len() - rest.len())
}

/// Behind an item's mark, and the space.
fn after_mark(text: &str, begin: usize) -> usize {
    let line = &text[begin..line_end(text, begin)];
    let mark = line.bytes().take_while(|b| b.is_ascii_digit()).count() + 1;
    let rest = line.get(mark..).unwrap_or_default();
    let space = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    begin + mark + space.min(4)
}
