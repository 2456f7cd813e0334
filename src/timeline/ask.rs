//! Which item somebody means who writes its name, a part of it or its number.
//! Invariant: what may be meant by two is nobody's: both are named.

use crate::{
    domain::{
        playlist::{List, Playlist},
        visible::clean,
    },
    words::Language,
};

/// How many names an error names.
const NAMES: usize = 5;

/// An item or a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// As staff name it.
    pub name: String,
    /// Which list it stands in.
    pub list: List,
    /// Which of the written ones it is, counted from 0 in its list.
    pub entry: usize,
}

/// No item is meant, or more than one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unknown(String);

/// Everything that a playlist names, in order: what is written once is there once.
pub(super) fn all(playlist: &Playlist) -> Vec<Entry> {
    let entry = |name: &str, list, entry| Entry { name: name.to_owned(), list, entry };
    let items = playlist.items.iter().map(|i| entry(&i.name, List::Item, i.entry));
    let fallback = playlist.fallback.iter().map(|i| entry(&i.name, List::Fallback, i.entry));
    let ticker = playlist.ticker.iter().map(|m| entry(&m.text, List::Ticker, m.entry));
    let off = playlist.off.iter().map(|o| entry(&o.name, o.list, o.entry));
    let mut all: Vec<Entry> = items.chain(fallback).chain(ticker).chain(off).collect();
    all.sort_by(|a, b| (a.list, a.entry).cmp(&(b.list, b.entry)));
    all
}

/// The one that is meant.
pub(super) fn find(playlist: &Playlist, text: &str, language: Language) -> Result<Entry, Unknown> {
    let all = all(playlist);
    let wanted = clean(text).to_lowercase();
    if let Ok(number) = wanted.parse::<usize>()
        && let Some(entry) =
            all.iter().find(|e| e.list == List::Item && Some(e.entry) == number.checked_sub(1))
    {
        return Ok(entry.clone());
    }
    let named = |exact: bool| {
        let is = |e: &&Entry| {
            let name = e.name.to_lowercase();
            if exact { name == wanted } else { !wanted.is_empty() && name.contains(&wanted) }
        };
        let mut found: Vec<&Entry> = all.iter().filter(is).collect();
        // The pictures of a folder are one entry.
        found.dedup_by_key(|e| (e.list, e.entry));
        found
    };
    let exact = named(true);
    let found = if exact.is_empty() { named(false) } else { exact };
    match found[..] {
        [one] => Ok(one.clone()),
        [] => Err(nearest(&all, &wanted, language)),
        _ => {
            let names = names(found.iter().copied());
            Err(Unknown(match language {
                Language::Indonesian => {
                    format!(
                        "\"{wanted}\" bisa berarti beberapa butir; tulis salah satu nomor atau nama ini: {names}"
                    )
                }
                Language::English => {
                    format!(
                        "\"{wanted}\" may mean several items; write one of these numbers or names: {names}"
                    )
                }
            }))
        }
    }
}

fn nearest(all: &[Entry], wanted: &str, language: Language) -> Unknown {
    let like = |e: &&Entry| {
        let name = e.name.to_lowercase();
        let parts = name.split(['/', '.', ' ', '-', '_']).chain([name.as_str()]);
        parts.map(|part| strsim::jaro_winkler(part, wanted)).fold(0.0, f64::max)
    };
    let mut near: Vec<&Entry> = all.iter().collect();
    near.sort_by(|a, b| like(b).total_cmp(&like(a)));
    near.truncate(NAMES);
    let names = names(near.into_iter());
    Unknown(match (language, names.is_empty()) {
        (Language::Indonesian, true) => "daftar putar ini kosong".to_owned(),
        (Language::English, true) => "this playlist is empty".to_owned(),
        (Language::Indonesian, false) => {
            format!("tidak ada butir \"{wanted}\"; yang paling mirip: {names}")
        }
        (Language::English, false) => format!("there is no item \"{wanted}\"; most like it: {names}"),
    })
}

/// Names with their numbers, as [`find`] takes them.
fn names<'e>(entries: impl Iterator<Item = &'e Entry>) -> String {
    let name = |e: &Entry| match e.list {
        List::Item => format!("{} ({})", e.entry + 1, clean(&e.name)),
        _ => format!("\"{}\"", clean(&e.name)),
    };
    let mut names: Vec<String> = entries.take(NAMES + 1).map(name).collect();
    if names.len() > NAMES {
        names.truncate(NAMES);
        names.push("…".to_owned());
    }
    names.join(", ")
}
