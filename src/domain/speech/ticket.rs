//! A ticket as it is printed, taken apart: `A-012` is the prefix `A` and the number `012`.
//! Invariant: every letter and digit of it is in exactly one part, in the order in which it is printed.

use super::{
    Reading,
    lexicon::{Letters, Lexicon},
    text::characters,
    word::Word,
};

/// A ticket's parts, as they are spoken.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// What stands before the last run of digits, or all of it where there is none.
    pub(super) prefix: Vec<Word>,
    /// That run, and what follows it.
    pub(super) number: Vec<Word>,
}

/// Takes a ticket apart.
pub(super) fn parts(ticket: &str, lexicon: &Lexicon, reading: Reading) -> Parts {
    let chars = characters(ticket);
    let end = chars.iter().rposition(char::is_ascii_digit).map_or(0, |last| last + 1);
    let start = chars[..end].iter().rposition(|c| !c.is_ascii_digit()).map_or(0, |before| before + 1);
    let mut parts = Parts::default();
    let code = |chars: &[char], out: &mut Vec<Word>| {
        let words = chars.split(|c| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        let words: Vec<String> = words.map(String::from_iter).collect();
        lexicon.say(&words, Letters::Spelled, Reading::Digits, out);
    };
    if end == 0 {
        code(&chars, &mut parts.prefix);
        return parts;
    }
    code(&chars[..start], &mut parts.prefix);
    lexicon.number(&String::from_iter(&chars[start..end]), reading, &mut parts.number);
    code(&chars[end..], &mut parts.number);
    parts
}
