//! Written words become spoken ones: the pronunciation table, numbers, and what is spelled.
//! Invariant: what the table says is said as it stands; nothing speakable is left out.

use super::{
    Manner, Reading, letters, numbers,
    text::{self, Kind},
    word::Word,
};
use crate::words::Language;

/// How the letters of a word that the table does not have are said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    /// One by one: a ticket's prefix.
    Spelled,
    /// A letter that stands alone is a letter's name: a counter's label.
    Label,
    /// As words; in English `a` and `I` too.
    Words,
}

/// A manner's pronunciation table, ready to be looked up.
#[derive(Debug)]
pub(super) struct Lexicon {
    language: Language,
    /// What is written, in lower case, and what is said for it; the longest first.
    table: Vec<(Vec<String>, Vec<Word>)>,
}

impl Lexicon {
    /// The table of a manner.
    pub(super) fn new(manner: &Manner) -> Self {
        let language = manner.language;
        let entry = |(key, value): (&String, &String)| (looked_up(key, language), said(value, language));
        let mut table: Vec<_> = manner.say.iter().map(entry).collect();
        table.retain(|(key, value)| !key.is_empty() && !value.is_empty());
        let length = |key: &[String]| (key.len(), key.iter().map(String::len).sum::<usize>());
        table.sort_by_key(|(key, _)| std::cmp::Reverse(length(key)));
        Self { language, table }
    }

    /// What the table has said, each as a phrase of words.
    pub(super) fn values(&self) -> impl Iterator<Item = &[Word]> {
        self.table.iter().map(|(_, value)| value.as_slice())
    }

    /// Says words that stand after one another without a pause.
    pub(super) fn say(&self, words: &[String], letters: Letters, numbers: Reading, out: &mut Vec<Word>) {
        let lower: Vec<String> = words.iter().map(|w| w.to_lowercase()).collect();
        let mut at = 0;
        while at < words.len() {
            match self.table.iter().find(|(key, _)| lower[at..].starts_with(key)) {
                Some((key, value)) => {
                    out.extend_from_slice(value);
                    at += key.len();
                }
                None => {
                    self.word(&words[at], letters, numbers, out);
                    at += 1;
                }
            }
        }
    }

    /// Says a run of ASCII digits; the table has no part in it.
    pub(super) fn number(&self, digits: &str, reading: Reading, out: &mut Vec<Word>) {
        numbers::say(digits, self.language, reading, out);
    }

    /// Says a text without its pauses.
    pub(super) fn text(&self, text: &str, letters: Letters, numbers: Reading) -> Vec<Word> {
        let mut out = Vec::new();
        let kind = if letters == Letters::Words { Kind::Text } else { Kind::Label };
        self.say(&text::words(text, self.language, kind), letters, numbers, &mut out);
        out
    }

    /// Says a word that the table does not have.
    fn word(&self, word: &str, letters: Letters, numbers: Reading, out: &mut Vec<Word>) {
        let is_code = runs(word).nth(1).is_some();
        for run in runs(word) {
            if run.starts_with(|c: char| c.is_ascii_digit()) {
                let reading = if letters == Letters::Words { in_text(run, numbers) } else { numbers };
                numbers::say(run, self.language, reading, out);
            } else if letters == Letters::Spelled || self.is_spelled(run, letters, is_code) {
                run.chars().for_each(|c| letters::spell(c, self.language, out));
            } else {
                out.push(Word::plain(run.to_lowercase(), self.language));
            }
        }
    }

    /// Whether letters are spelled by themselves: one alone, or capitals without a vowel, such as `BPJS`. In a code
    /// such as `A12` also the `A` of English is a letter.
    fn is_spelled(&self, run: &str, letters: Letters, is_code: bool) -> bool {
        let mut all = run.chars();
        if let (Some(letter), None) = (all.next(), all.next()) {
            let is_word = letters == Letters::Words
                && !is_code
                && self.language == Language::English
                && matches!(letter, 'a' | 'A' | 'i' | 'I');
            return !is_word;
        }
        let is_consonant = |c: char| match (c, self.language) {
            ('A' | 'E' | 'I' | 'O' | 'U', _) | ('Y', Language::English) => false,
            (c, _) => c.is_ascii_uppercase(),
        };
        run.chars().all(is_consonant)
    }
}

/// How a run of digits in a text is read: one that begins with a zero is no amount, and the zero is heard.
fn in_text(digits: &str, reading: Reading) -> Reading {
    if digits.len() > 1 && digits.starts_with('0') { Reading::Digits } else { reading }
}

/// What is written in a pronunciation table, as the words by which it is found.
pub(super) fn looked_up(written: &str, language: Language) -> Vec<String> {
    text::words(written, language, Kind::Text).iter().map(|word| word.to_lowercase()).collect()
}

/// What a table's value says: its words as they are written, its numbers read.
fn said(value: &str, language: Language) -> Vec<Word> {
    let mut out = Vec::new();
    for word in text::words(value, language, Kind::Text) {
        for run in runs(&word) {
            if run.starts_with(|c: char| c.is_ascii_digit()) {
                numbers::say(run, language, in_text(run, Reading::Words), &mut out);
            } else {
                out.push(Word::plain(run.to_lowercase(), language));
            }
        }
    }
    out
}

/// The runs of digits and of everything else in a word.
fn runs(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let is_digit = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
    .filter(|run| run.contains(char::is_alphanumeric))
}
