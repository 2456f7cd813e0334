//! Values as they are written into `playlist.toml`. Invariant: what is written already and says the same stays as
//! it is.

use jiff::civil::Date;
use toml_edit::{Array, Value as Old};

use super::text::Patch;

/// A value of a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A date.
    Date(Date),
    /// A list of texts.
    Texts(Vec<String>),
    /// A list of dates.
    Dates(Vec<Date>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Value {
    /// The value in TOML.
    pub(super) fn toml(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Whole(number) => number.to_string(),
            // Debug, so that a whole number keeps its point.
            Self::Number(number) => format!("{number:?}"),
            Self::Flag(flag) => flag.to_string(),
            Self::Date(date) => date.to_string(),
            Self::Texts(_) | Self::Dates(_) => format!("[{}]", self.elements().join(", ")),
        }
    }

    /// The elements of a list in TOML.
    fn elements(&self) -> Vec<String> {
        match self {
            Self::Texts(texts) => texts.iter().map(|text| quoted(text)).collect(),
            Self::Dates(dates) => dates.iter().map(Date::to_string).collect(),
            _ => Vec::new(),
        }
    }

    /// What of an old value is to be another for it to say this; nothing where it does.
    pub(super) fn over(&self, old: &Old, text: &str, newline: &str) -> Vec<Patch> {
        let Some(span) = old.span() else { return Vec::new() };
        let whole = |with: String| vec![Patch::new(span.clone(), with)];
        match (self, old) {
            (Self::Text(new), Old::String(old)) => {
                if old.value().replace("\r\n", "\n") == *new {
                    return Vec::new();
                }
                whole(like(&text[span.clone()], new, newline))
            }
            (Self::Whole(new), Old::Integer(old)) if old.value() == new => Vec::new(),
            (Self::Number(new), old) if old.as_float() == Some(*new) => Vec::new(),
            (Self::Number(new), Old::Integer(old)) if *old.value() as f64 == *new => Vec::new(),
            (Self::Flag(new), old) if old.as_bool() == Some(*new) => Vec::new(),
            (Self::Date(new), Old::Datetime(old)) if old.value().to_string() == new.to_string() => Vec::new(),
            (Self::Texts(new), Old::String(old)) if new.len() == 1 && new[0] == *old.value() => Vec::new(),
            // One name may be written without brackets.
            (Self::Texts(new), Old::String(_)) if new.len() == 1 => {
                whole(like(&text[span.clone()], &new[0], newline))
            }
            (Self::Texts(_) | Self::Dates(_), Old::Array(array)) => self.over_list(array, text, newline),
            _ => whole(self.toml()),
        }
    }

    /// The changes of a list, element by element: those that stay keep their places and their comments.
    fn over_list(&self, old: &Array, text: &str, newline: &str) -> Vec<Patch> {
        let new = self.elements();
        let olds: Vec<&Old> = old.iter().collect();
        let same = |element: &Old, index: usize| match self {
            Self::Texts(texts) => element.as_str() == Some(texts[index].as_str()),
            Self::Dates(dates) => {
                element.as_datetime().is_some_and(|d| d.to_string() == dates[index].to_string())
            }
            _ => false,
        };
        let kept = common(olds.len(), new.len(), |o, n| same(olds[o], n));
        let Some(whole) = old.span() else { return Vec::new() };
        if kept.is_empty() {
            return if olds.is_empty() && new.is_empty() {
                Vec::new()
            } else {
                vec![Patch::new(whole, self.toml())]
            };
        }
        let spans: Vec<_> = olds.iter().filter_map(|element| element.span()).collect();
        if spans.len() != olds.len() {
            return vec![Patch::new(whole, self.toml())];
        }
        // Between two that stay, and before the first and behind the last: old ones give their places to new ones,
        // pair by pair; then what is too many goes, and what is too few is put in.
        let mut patches = Vec::new();
        let fences = std::iter::once((None, None))
            .chain(kept.iter().map(|(o, n)| (Some(*o), Some(*n))))
            .chain(std::iter::once((Some(olds.len()), Some(new.len()))));
        let fences: Vec<(Option<usize>, Option<usize>)> = fences.collect();
        for pair in fences.windows(2) {
            let after = |fence: Option<usize>| fence.map_or(0, |at| at + 1);
            let (o, n) = (after(pair[0].0), after(pair[0].1));
            let (o_end, n_end) = (pair[1].0.unwrap_or(0), pair[1].1.unwrap_or(0));
            let both = (o_end - o).min(n_end - n);
            for k in 0..both {
                let with = match (self, olds[o + k]) {
                    (Self::Texts(texts), Old::String(_)) => {
                        like(&text[spans[o + k].clone()], &texts[n + k], newline)
                    }
                    _ => new[n + k].clone(),
                };
                patches.push(Patch::new(spans[o + k].clone(), with));
            }
            let gone = o + both;
            if gone < o_end {
                // With the comma to their left, or, of the first ones, with that to their right.
                patches.push(Patch::delete(match gone {
                    0 => spans[0].start..spans.get(o_end).map_or(spans[o_end - 1].end, |next| next.start),
                    _ => spans[gone - 1].end..spans[o_end - 1].end,
                }));
            }
            let more: Vec<&str> = new[n + both..n_end].iter().map(String::as_str).collect();
            if !more.is_empty() {
                patches.push(match o + both {
                    0 => Patch::insert(spans[0].start, more.join(", ") + ", "),
                    at => Patch::insert(spans[at - 1].end, format!(", {}", more.join(", "))),
                });
            }
        }
        // Several of the first ones go: the first patch reaches into the next one's.
        join(patches)
    }
}

/// Deletions that touch or overlap become one.
fn join(mut patches: Vec<Patch>) -> Vec<Patch> {
    patches.sort_by_key(|patch| (patch.at.start, patch.at.end));
    let mut joined: Vec<Patch> = Vec::new();
    for patch in patches {
        match joined.last_mut() {
            Some(last)
                if last.with.is_empty()
                    && patch.with.is_empty()
                    && patch.at.start <= last.at.end
                    && !last.at.is_empty() =>
            {
                last.at.end = last.at.end.max(patch.at.end);
            }
            _ => joined.push(patch),
        }
    }
    joined
}

/// The longest run of pairs that are the same, in order on both sides.
fn common(a: usize, b: usize, same: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    // Lists of days, hours and names are short; a long one is written anew.
    if a.saturating_mul(b) > 250_000 {
        return Vec::new();
    }
    let mut length = vec![vec![0_u32; b + 1]; a + 1];
    for i in (0..a).rev() {
        for j in (0..b).rev() {
            length[i][j] =
                if same(i, j) { length[i + 1][j + 1] + 1 } else { length[i + 1][j].max(length[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < a && j < b {
        if same(i, j) {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if length[i + 1][j] >= length[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// A text in double quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text, "\\n"))
}

fn escaped(text: &str, newline: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str(newline),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// A text in the quotes that another one has, as far as they can hold it.
fn like(old: &str, new: &str, newline: &str) -> String {
    if old.starts_with("\"\"\"") {
        return format!("\"\"\"{newline}{}\"\"\"", escaped(new, newline));
    }
    let literal = old.starts_with('\'') && !old.starts_with("'''");
    if literal && !new.contains(|c: char| c == '\'' || (c.is_control() && c != '\t')) {
        return format!("'{new}'");
    }
    quoted(new)
}

/// A key as it is written: in quotes where it holds more than letters, digits, `-` and `_`.
pub(super) fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(is_bare) { name.to_owned() } else { quoted(name) }
}
