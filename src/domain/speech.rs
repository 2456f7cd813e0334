//! What is said at a call: a template, a ticket and a counter become words and pauses.
//! Invariant: the same call is always said in the same words; no clip, device or clock is known here.

use std::{collections::HashMap, time::Duration};

use crate::words::Language;

/// The silence at a comma.
pub const COMMA: Duration = Duration::from_millis(120);
/// The silence at the end of a sentence, before the next one of the same announcement.
pub const STOP: Duration = Duration::from_millis(350);
/// The silence between the chime and the voice.
pub const AFTER_CHIME: Duration = Duration::from_millis(120);
/// How long a letter of text takes where no clip tells how long the text is: espeak-ng says about 14 a second.
pub const LETTER: Duration = Duration::from_millis(72);

/// A sentence, ready to be spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Its language.
    pub language: Language,
    /// Its words and pauses.
    pub parts: Vec<Part>,
}

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words without a pause between them, in lower case.
    Words(Vec<String>),
    /// The silence at a comma.
    Comma,
}

/// How much of a template is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wording {
    /// All of it.
    Full,
    /// Without what stands in round brackets: the polite part.
    Brief,
    /// Also without the service, which the call before it named.
    Joined,
}

/// How numbers are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reading {
    /// Digit by digit: `nol satu dua`.
    #[default]
    Digits,
    /// As a word: `seratus dua belas`, up to 9,999; a longer one digit by digit.
    Words,
}

/// A piece of a part, as a voice pack can say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A phrase that has a clip: its words with single spaces between them.
    Clip(String),
    /// Words that have none.
    Rest(Vec<String>),
}

/// How long what is said takes.
#[derive(Debug, Clone, Default)]
pub struct Lengths {
    /// Of each clip, by its language and phrase.
    pub clips: HashMap<(Language, String), Duration>,
    /// Of the chime; zero where there is none.
    pub chime: Duration,
}

/// What a call's sentence speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Called<'a> {
    /// The ticket, as it is printed.
    pub ticket: &'a str,
    /// The counter's label.
    pub counter: &'a str,
    /// The service's name; empty where none is known.
    pub service: &'a str,
}

/// A call's sentence with places for prefix, number, counter and service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(pub(crate) String);

/// How calls are said in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    /// The language.
    pub language: Language,
    /// The sentence.
    pub template: Template,
    /// How the ticket's number is read.
    pub numbers: Reading,
    /// How the counter's number is read.
    pub counters: Reading,
    /// What is said otherwise than it is written: `BPJS` is `be pe je es`.
    pub say: std::collections::BTreeMap<String, String>,
}

impl Manner {
    /// The language's own template, and nothing said otherwise.
    pub fn new(language: Language) -> Self {
        let (numbers, counters) = (Reading::Digits, Reading::Words);
        Self { language, template: Template(String::new()), numbers, counters, say: Default::default() }
    }

    /// A call's sentence.
    pub fn call(&self, called: Called<'_>, _wording: Wording) -> Sentence {
        let words = vec![called.ticket.to_lowercase(), called.counter.to_lowercase()];
        Sentence { language: self.language, parts: vec![Part::Words(words)] }
    }

    /// The sentences of a text that people wrote, such as a notice.
    pub fn text(&self, text: &str) -> Vec<Sentence> {
        let words = text.split_whitespace().map(str::to_lowercase).collect();
        vec![Sentence { language: self.language, parts: vec![Part::Words(words)] }]
    }

    /// Every phrase for which a voice pack needs a clip to say any call in this manner, services aside.
    pub fn clips(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Lengths {
    /// How long these sentences take after one another, without a chime.
    pub fn sentences(&self, _sentences: &[Sentence]) -> Duration {
        Duration::from_secs(4)
    }
}

impl Sentence {
    /// The sentence as people write it, for logs.
    pub fn text(&self) -> String {
        let words = |part: &Part| match part {
            Part::Words(words) => words.join(" "),
            Part::Comma => ",".to_owned(),
        };
        self.parts.iter().map(words).collect::<Vec<_>>().join(" ")
    }
}
