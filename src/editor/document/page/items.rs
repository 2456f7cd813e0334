//! The items of a page's lists, and its sections, come and go and change places in its Markdown.
//! Invariant: numbers that count up still do.

use std::ops::Range;

use super::{PageFields, one_line, outline::ItemPlace, trimmed};
use crate::editor::document::text::{Patch, line_end, line_start, newline, next_line, patched};

/// The text with a new item in a section's list, before the one at `at`; a section without a list gets one.
pub fn insert_item(text: &str, section: usize, at: usize, value: &str) -> Option<String> {
    let fields = PageFields::read(text)?;
    let known = fields.sections.get(section)?;
    let (nl, items) = (newline(text), &known.place.items);
    let value = one_line(value);
    let Some(last) = items.last() else {
        let mark = if steps(&known.heading) { "1." } else { "-" };
        let heading = line_end(text, known.place.heading.end);
        let whole = trimmed(text, heading..known.place.whole.end);
        // Behind what it says already, after an empty line.
        let at = if whole.is_empty() { heading } else { whole.end };
        return patched(text, vec![Patch::insert(at, format!("{nl}{nl}{mark} {value}"))]);
    };
    let model = items.get(at).unwrap_or(last);
    let indent = &text[line_start(text, model.begin)..model.begin];
    let mark = text[model.begin..model.content.start].trim_end();
    let new = |mark: &str| format!("{indent}{mark} {value}");
    let number = |mark: &str| mark.trim_end_matches(['.', ')']).parse::<u64>().ok();
    if at < items.len() {
        let mut patches = vec![Patch::insert(line_start(text, model.begin), new(mark) + nl)];
        patches.extend(renumbered(text, items, at, 1));
        patched(text, patches)
    } else {
        let mark = match number(mark) {
            Some(number) => format!("{}{}", number.saturating_add(1), &mark[mark.len() - 1..]),
            None => mark.to_owned(),
        };
        let with = |space: &str, after: &str| {
            let item = format!("{nl}{indent}{mark}{space}{value}{after}");
            patched(text, vec![Patch::insert(last.content.end, item)])
        };
        let is_its_own = |text: &String| {
            let new = PageFields::read(text);
            let place = new.as_ref().and_then(|new| new.sections.get(section)?.place.items.get(items.len()));
            place.is_some_and(|place| text[place.content.clone()] == *value)
        };
        // What follows at once, or as far to the right, would be read as part of it.
        let all = || [(" ", ""), (" ", nl), ("    ", ""), ("    ", nl)].into_iter();
        all().filter_map(|(space, after)| with(space, after)).find(is_its_own).or_else(|| with(" ", nl))
    }
}

/// The text without an item of a section's list.
pub fn remove_item(text: &str, section: usize, item: usize) -> Option<String> {
    let fields = PageFields::read(text)?;
    let items = &fields.sections.get(section)?.place.items;
    let place = items.get(item)?;
    let (begin, end) = (line_start(text, place.begin), next_line(text, place.content.end));
    let mut patches = vec![match end == text.len() && !text.ends_with('\n') && begin > 0 {
        true => {
            let above = text[..begin].strip_suffix('\n').unwrap_or_default();
            Patch::delete(above.strip_suffix('\r').unwrap_or(above).len()..end)
        }
        false => Patch::delete(begin..end),
    }];
    patches.extend(renumbered(text, items, item + 1, -1));
    patched(text, patches)
}

/// The text with an item of a section's list and the one behind it in each other's places.
pub fn swap_items(text: &str, section: usize, item: usize) -> Option<String> {
    let fields = PageFields::read(text)?;
    let items = &fields.sections.get(section)?.place.items;
    let (a, b) = (items.get(item)?.content.clone(), items.get(item + 1)?.content.clone());
    patched(text, vec![Patch::new(a.clone(), &text[b.clone()]), Patch::new(b, &text[a])])
}

/// The numbers from `from` on, by one more or less, where they count up as they stand.
fn renumbered(text: &str, items: &[ItemPlace], from: usize, by: i64) -> Vec<Patch> {
    let number = |item: &ItemPlace| {
        let digits = text[item.begin..].bytes().take_while(u8::is_ascii_digit).count();
        let range = item.begin..item.begin + digits;
        Some((text[range.clone()].parse::<i64>().ok()?, range))
    };
    let all: Option<Vec<(i64, Range<usize>)>> = items.iter().map(number).collect();
    let Some(all) = all.filter(|all| all.windows(2).all(|two| two[1].0 == two[0].0 + 1)) else {
        return Vec::new();
    };
    all.into_iter().skip(from).map(|(number, range)| Patch::new(range, (number + by).to_string())).collect()
}

/// The text with a new section at its end; with numbers where its heading speaks of steps.
pub fn add_section(text: &str, heading: &str, item: &str) -> String {
    let nl = newline(text);
    let mark = if steps(heading) { "1." } else { "-" };
    let before = match text {
        "" => String::new(),
        text if text.ends_with('\n') => nl.to_owned(),
        _ => format!("{nl}{nl}"),
    };
    format!("{text}{before}## {}{nl}{nl}{mark} {}{nl}", one_line(heading), one_line(item))
}

/// The text without a section.
pub fn remove_section(text: &str, section: usize) -> Option<String> {
    let fields = PageFields::read(text)?;
    patched(text, vec![Patch::delete(fields.sections.get(section)?.place.whole.clone())])
}

/// Whether a heading is that of steps, which have numbers.
fn steps(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    ["langkah", "cara", "alur", "tahap", "step", "how to"].iter().any(|word| heading.contains(word))
}
