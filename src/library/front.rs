//! A page's front matter: `key: value` lines between two `---`.
//! Invariant: a key that is not known is a problem that names the right one.

use super::page::Draft;
use crate::{
    domain::{playlist::FactKind, visible::clean},
    written::{Source, nearest},
};

/// The longest value, in characters.
const MAX_VALUE: usize = 200;
/// The keys, and the words that people write for them.
const WORDS: [(&str, &str); 10] = [
    ("service", "service"),
    ("cost", "cost"),
    ("time", "time"),
    ("valid", "valid"),
    ("layanan", "service"),
    ("instansi", "service"),
    ("biaya", "cost"),
    ("tarif", "cost"),
    ("waktu", "time"),
    ("berlaku", "valid"),
];

/// Reads the front matter into the draft. Returns where the page's body begins, in bytes; `None` where the
/// front matter has no end, so that nothing is known of the body.
pub(super) fn read(source: &Source, text: &str, draft: &mut Draft) -> Option<usize> {
    let begin = text.len() - text.trim_start().len();
    let mut lines = text[begin..].split_inclusive('\n');
    let Some(fence) = lines.next().filter(|line| is_fence(line)) else { return Some(0) };
    if !lines.clone().any(is_fence) {
        source.error(
            source.line(begin),
            "keterangan di awal halaman belum ditutup; tulis --- pada baris sendiri sesudah `valid`",
            "the page's front matter is not closed; write --- on a line of its own after `valid`",
        );
        return None;
    }
    let mut at = begin + fence.len();
    let mut seen = Vec::new();
    for line in lines {
        let number = source.line(at);
        at += line.len();
        if is_fence(line) {
            break;
        }
        if !line.trim().is_empty() {
            entry(source, number, line, &mut seen, draft);
        }
    }
    Some(at)
}

fn is_fence(line: &str) -> bool {
    line.trim_end() == "---"
}

fn entry(source: &Source, number: usize, line: &str, seen: &mut Vec<&'static str>, draft: &mut Draft) {
    let Some((key, value)) = line.split_once(':') else {
        let line = clean(line);
        source.error(
            number,
            format!("`{line}` bukan keterangan; tulis kunci, titik dua, lalu isinya, misalnya: cost: Gratis"),
            format!("`{line}` is no entry; write a key, a colon and its value, for example: cost: Gratis"),
        );
        return;
    };
    let (key, value) = (key.trim(), unquoted(&clean(value)).to_owned());
    let Some(known) = WORDS.iter().take(4).map(|(word, _)| *word).find(|word| *word == key) else {
        let near = nearest(key, WORDS.map(|(word, _)| word));
        let right = WORDS.iter().find(|(word, _)| Some(*word) == near).map_or("service", |(_, key)| *key);
        let key = clean(key);
        source.error(
            number,
            format!(
                "kunci `{key}` tidak dikenal; tulis `{right}` (yang dikenal: service, cost, time, valid)"
            ),
            format!("unknown key `{key}`; write `{right}` (known: service, cost, time, valid)"),
        );
        return;
    };
    if seen.contains(&known) {
        source.error(
            number,
            format!("kunci `{known}` sudah ditulis di atas; hapus salah satunya"),
            format!("the key `{known}` is written above already; take one away"),
        );
    }
    seen.push(known);
    let count = value.chars().count();
    if count > MAX_VALUE {
        source.error(
            number,
            format!("`{known}` panjangnya {count} huruf; tulis paling banyak {MAX_VALUE} huruf"),
            format!("`{known}` has {count} characters; write at most {MAX_VALUE}"),
        );
        return;
    }
    match known {
        "service" => draft.service = value,
        "cost" => draft.fact(FactKind::Cost, value),
        "time" => draft.fact(FactKind::Time, value),
        _ => draft.fact(FactKind::Valid, value),
    }
}

/// People who know YAML put quotes around values.
fn unquoted(value: &str) -> &str {
    let inner = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}
