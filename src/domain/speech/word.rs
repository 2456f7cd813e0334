//! A word as it is said, and as it stands in a log.
//! Invariant: what is said and what is written are the same words; only letters' names are written as the letters.

use super::{Part, numbers};
use crate::words::Language;

/// A word on its way into a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// As it is said, in lower case.
    pub(super) said: String,
    /// As a log has it; empty where the word before it stands for it too: `double you` is `W`.
    written: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A letter's name, or a part of it.
    Letter,
    Number,
    Other,
}

impl Word {
    /// A word as it is, be it of a number or of something else.
    pub(super) fn plain(said: String, language: Language) -> Self {
        let kind = if numbers::is_word(&said, language) { Kind::Number } else { Kind::Other };
        Self { written: said.clone(), said, kind }
    }

    /// A word of a number.
    pub(super) fn number(said: &str) -> Self {
        Self { said: said.to_owned(), written: said.to_owned(), kind: Kind::Number }
    }

    /// The words of a letter's name.
    pub(super) fn letter(letter: char, name: &str) -> impl Iterator<Item = Self> {
        let capital: String = letter.to_uppercase().collect();
        name.split(' ').enumerate().map(move |(at, said)| {
            let written = if at == 0 { capital.clone() } else { String::new() };
            Self { said: said.to_owned(), written, kind: Kind::Letter }
        })
    }

    /// Whether this word and the one after it would become one number, or one code, without a pause between
    /// them: `satu dua` and `tiga`, `satu a` and `tiga`. In a ticket letters may run on into the number.
    pub(super) fn needs_pause(&self, next: &Self, in_ticket: bool) -> bool {
        // English numbers have it within, not at their ends: after it one begins.
        if self.said == "and" {
            return false;
        }
        match (self.kind, next.kind) {
            (Kind::Number, Kind::Number) => true,
            (Kind::Other, _) | (_, Kind::Other) => false,
            (Kind::Letter, _) | (_, Kind::Letter) => !in_ticket,
        }
    }
}

/// The parts of a sentence, between whose runs of words there are commas.
pub(super) fn parts(runs: &[Vec<Word>]) -> Vec<Part> {
    let mut parts = Vec::new();
    for run in runs {
        parts.extend((!parts.is_empty()).then_some(Part::Comma));
        parts.push(Part::Words(said(run)));
    }
    parts
}

/// Words as they are said.
pub(super) fn said(words: &[Word]) -> Vec<String> {
    words.iter().map(|word| word.said.clone()).collect()
}

/// A sentence as people write it.
pub(super) fn written(runs: &[Vec<Word>]) -> String {
    let run = |run: &Vec<Word>| {
        let words: Vec<&str> = run.iter().map(|w| w.written.as_str()).filter(|w| !w.is_empty()).collect();
        words.join(" ")
    };
    super::closed(&runs.iter().map(run).collect::<Vec<_>>().join(", "))
}
