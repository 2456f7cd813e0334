//! A page's Markdown as fields: where each stands in the text, and what the text is with another one in its place.
//! Pure. Invariant: what no field speaks of stays byte for byte.

use std::ops::Range;

use outline::{ItemPlace, outline};

use super::text::{Patch, beginning, line_start, lines, newline, patched};

mod items;
mod outline;

pub use items::{add_section, insert_item, remove_item, remove_section, swap_items};

/// The keys of the front matter.
pub const FACTS: [&str; 4] = ["service", "cost", "time", "valid"];

/// A page's fields, with where they stand in its text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageFields {
    /// What the front matter says of each of [`FACTS`]; empty where nothing is said.
    pub facts: [String; 4],
    /// The title; empty where there is none.
    pub title: String,
    /// What stands between the title and the first section, as Markdown.
    pub lead: String,
    /// The sections.
    pub sections: Vec<SectionFields>,
    place: Place,
}

/// A section's fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SectionFields {
    /// The heading.
    pub heading: String,
    /// What stands before its list, as Markdown; all of it where it has no list.
    pub before: String,
    /// The items of its first list, as Markdown.
    pub items: Vec<String>,
    /// Whether they have numbers.
    pub numbered: bool,
    /// What stands behind its list, as Markdown.
    pub after: String,
    place: SectionPlace,
}

/// Which field of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageField {
    /// One of [`FACTS`].
    Fact(usize),
    /// The title.
    Title,
    /// What stands below it.
    Lead,
    /// A section's heading.
    Heading(usize),
    /// What stands before a section's list.
    Before(usize),
    /// What stands behind it.
    After(usize),
    /// An item of a section's list.
    Item(usize, usize),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Place {
    /// Of each fact: its value's place.
    facts: [Option<Range<usize>>; 4],
    /// Where the front matter's last line begins.
    fence: Option<usize>,
    body: usize,
    title: Option<Range<usize>>,
    lead: Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct SectionPlace {
    heading: Range<usize>,
    /// From the heading's line to where the next section begins.
    whole: Range<usize>,
    before: Range<usize>,
    after: Range<usize>,
    items: Vec<ItemPlace>,
}

impl PageFields {
    /// The fields of a text; `None` where its front matter has no end.
    pub fn read(text: &str) -> Option<Self> {
        let mut fields = Self::default();
        fields.front(text)?;
        fields.body(text);
        Some(fields)
    }

    fn front(&mut self, text: &str) -> Option<()> {
        let first = beginning(text);
        let begin = first + (text[first..].len() - text[first..].trim_start().len());
        let is_fence = |line: &str| line.trim_end() == "---";
        self.place.body = first;
        let mut all = lines(&text[begin..]).map(|(at, line)| (begin + at, line));
        if !all.next().is_some_and(|(_, line)| is_fence(line)) {
            return Some(());
        }
        for (at, line) in all {
            if is_fence(line) {
                (self.place.fence, self.place.body) = (Some(at), at + line.len());
                return Some(());
            }
            let Some((key, value)) = line.split_once(':') else { continue };
            let Some(fact) = FACTS.iter().position(|fact| *fact == key.trim()) else { continue };
            let from = at + key.len() + 1 + (value.len() - value.trim_start().len());
            let mut range = match value.trim() {
                "" => at + key.len() + 1..at + key.len() + 1,
                value => from..from + value.len(),
            };
            let inner = &text[range.clone()];
            // People who know YAML put quotes around values: they stay.
            if inner.len() > 1 && ['"', '\''].iter().any(|q| inner.starts_with(*q) && inner.ends_with(*q)) {
                range = range.start + 1..range.end - 1;
            }
            self.facts[fact] = text[range.clone()].to_owned();
            self.place.facts[fact] = Some(range);
        }
        None
    }

    fn body(&mut self, text: &str) {
        let body = self.place.body;
        let (headings, lists) = outline(text, body);
        let title = headings.iter().position(|heading| heading.level == 1);
        let mut sections = headings.iter().enumerate().filter(|(at, h)| h.level <= 2 && Some(*at) != title);
        let first = sections.clone().next().map_or(text.len(), |(_, heading)| heading.whole.start);
        let lead_begin = title.map_or(body, |at| headings[at].whole.end);
        if let Some(title) = title {
            self.title = one_line(&text[headings[title].text.clone()]);
            self.place.title = Some(headings[title].text.clone());
        }
        // With its title below its first section, a page opens above both.
        let lead_begin = if lead_begin > first { body } else { lead_begin };
        self.place.lead = trimmed(text, lead_begin..first);
        self.lead = unified(&text[self.place.lead.clone()]);
        let ends: Vec<usize> =
            sections.clone().skip(1).map(|(_, h)| h.whole.start).chain([text.len()]).collect();
        for (end, (_, heading)) in ends.into_iter().zip(sections.by_ref()) {
            let whole = heading.whole.start..end;
            let own = heading.whole.end.min(end)..end;
            let list = lists.iter().find(|list| own.contains(&list.whole.start));
            let (before, after) = match list {
                Some(list) => (own.start..list.whole.start, list.whole.end.min(end)..end),
                None => (own.clone(), end..end),
            };
            let (before, after) = (trimmed(text, before), trimmed(text, after));
            let items = list.map(|list| list.items.clone()).unwrap_or_default();
            self.sections.push(SectionFields {
                heading: one_line(&text[heading.text.clone()]),
                before: unified(&text[before.clone()]),
                items: items.iter().map(|item| one_line(&text[item.text.clone()])).collect(),
                numbered: list.is_some_and(|list| list.numbered),
                after: unified(&text[after.clone()]),
                place: SectionPlace { heading: heading.text.clone(), whole, before, after, items },
            });
        }
    }

    /// What a field says.
    pub fn get(&self, field: PageField) -> Option<&str> {
        let section = |at: usize| self.sections.get(at);
        Some(match field {
            PageField::Fact(fact) => self.facts.get(fact)?,
            PageField::Title => &self.title,
            PageField::Lead => &self.lead,
            PageField::Heading(at) => &section(at)?.heading,
            PageField::Before(at) => &section(at)?.before,
            PageField::After(at) => &section(at)?.after,
            PageField::Item(at, item) => section(at)?.items.get(item)?,
        })
    }

    fn range(&self, field: PageField) -> Option<Range<usize>> {
        let section = |at: usize| self.sections.get(at).map(|section| &section.place);
        match field {
            PageField::Fact(fact) => self.place.facts.get(fact)?.clone(),
            PageField::Title => self.place.title.clone(),
            PageField::Lead => Some(self.place.lead.clone()),
            PageField::Heading(at) => Some(section(at)?.heading.clone()),
            PageField::Before(at) => Some(section(at)?.before.clone()),
            PageField::After(at) => Some(section(at)?.after.clone()),
            PageField::Item(at, item) => Some(section(at)?.items.get(item)?.text.clone()),
        }
    }
}

/// The text with another value of a field; `None` where the page cannot be read as fields.
pub fn set(text: &str, field: PageField, value: &str) -> Option<String> {
    let fields = PageFields::read(text)?;
    let blocks = matches!(field, PageField::Lead | PageField::Before(_) | PageField::After(_));
    let value = if blocks { value.trim().to_owned() } else { one_line(value) };
    if fields.get(field) == Some(value.as_str()) {
        return Some(text.to_owned());
    }
    let nl = newline(text);
    let Some(range) = fields.range(field) else { return missing(text, &fields, field, &value) };
    let value = value.replace('\n', nl);
    let with = |value: &str| {
        let mut value = value.to_owned();
        if range.is_empty() {
            value = apart(text, &fields, field, range.start, &value);
        }
        patched(text, vec![Patch::new(range.clone(), value)])
    };
    let same = |text: &String| {
        PageFields::read(text).is_some_and(|new| new.get(field).is_some_and(|now| now == unified(&value)))
    };
    let plain = with(&value)?;
    // What would be part of its neighbour is parted from it; what would be a heading, a list or the like where a
    // line is meant is written so that it is none.
    let apart = match blocks {
        true => vec![format!("{nl}{value}"), format!("{value}{nl}"), format!("{nl}{value}{nl}")],
        false => vec![format!("{value}{nl}")],
    };
    if same(&plain) {
        return Some(plain);
    }
    if let Some(new) = apart.iter().filter_map(|value| with(value)).find(same) {
        return Some(new);
    }
    let count = |text: &str| PageFields::read(text).map(|fields| fields.sections.len());
    let escaped = with(&format!("\\{value}")).filter(|_| !blocks && !value.is_empty());
    Some(escaped.filter(|text| count(text) == Some(fields.sections.len())).unwrap_or(plain))
}

/// A value where there is none yet, with what has to part it from what stands beside it.
fn apart(text: &str, fields: &PageFields, field: PageField, at: usize, value: &str) -> String {
    let nl = newline(text);
    match field {
        PageField::Lead | PageField::Before(_) | PageField::After(_) => {
            // An empty line above and below, as far as there is none yet.
            let (above, below) = (&text[..at], &text[at..]);
            let tail = below.trim_start();
            let before = above[above.trim_end().len()..].matches('\n').count();
            let after = below[..below.len() - tail.len()].matches('\n').count();
            let before = match at == fields.place.body {
                true => usize::from(!is_line_start(text, at)),
                false => 2_usize.saturating_sub(before),
            };
            let after = match tail {
                "" => usize::from(after == 0 && above.ends_with('\n')),
                _ => 2_usize.saturating_sub(after),
            };
            format!("{}{value}{}", nl.repeat(before), nl.repeat(after))
        }
        // Behind a mark, a number sign or a colon stands a space.
        _ if !text[..at].ends_with([' ', '\t']) => format!(" {value}"),
        _ => value.to_owned(),
    }
}

fn is_line_start(text: &str, at: usize) -> bool {
    line_start(text, at) == at
}

/// A field that has no place yet.
fn missing(text: &str, fields: &PageFields, field: PageField, value: &str) -> Option<String> {
    let nl = newline(text);
    if value.is_empty() {
        return Some(text.to_owned());
    }
    let patch = match field {
        PageField::Fact(fact) => {
            let line = format!("{}: {value}{nl}", FACTS.get(fact)?);
            match fields.place.fence {
                Some(fence) => {
                    // In the order in which the facts stand on the screen, where there is another one.
                    let next = (fact + 1..4)
                        .filter_map(|later| fields.place.facts[later].clone())
                        .min_by_key(|r| r.start);
                    Patch::insert(next.map_or(fence, |next| line_start(text, next.start)), line)
                }
                None => Patch::insert(fields.place.body, format!("---{nl}{line}---{nl}")),
            }
        }
        PageField::Title => {
            let rest = &text[fields.place.body..];
            let gap = if rest.trim().is_empty() || rest.starts_with(['\n', '\r']) { "" } else { nl };
            let before = if is_line_start(text, fields.place.body) { "" } else { nl };
            Patch::insert(fields.place.body, format!("{before}# {value}{nl}{gap}"))
        }
        _ => return None,
    };
    patched(text, vec![patch])
}

fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join(" ")
}

fn unified(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// A stretch without the space at its ends; where there is nothing else, its beginning.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = &text[range.clone()];
    let begin = range.start + (inner.len() - inner.trim_start().len());
    match inner.trim() {
        "" => range.start..range.start,
        inner => begin..begin + inner.len(),
    }
}

#[cfg(test)]
mod tests;
