//! What is said at a call: a template, a ticket and a counter become words and pauses.
//! Invariant: the same call is always said in the same words; no clip, device or clock is known here.

//!
//! The rhythm: words without a pause run on from one another; a comma is heard as a short breath ([`COMMA`]),
//! which keeps a prefix from its number and the number from the counter; the end of a sentence ([`STOP`]) is
//! clearly longer, so that what follows is heard as said again or in another language.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use crate::words::Language;

mod call;
mod cover;
mod digits;
mod letters;
mod lexicon;
mod numbers;
mod template;
mod text;
mod ticket;
mod word;

pub use cover::{LONGEST_PHRASE, cover};
use lexicon::{Letters, Lexicon};
pub use template::{LONGEST as LONGEST_TEMPLATE, Place, Template, TemplateError};
use text::{Kind, Token};
use word::Word;

/// The silence at a comma.
pub const COMMA: Duration = Duration::from_millis(120);
/// The silence at the end of a sentence, before the next one of the same announcement.
pub const STOP: Duration = Duration::from_millis(350);
/// The silence between the chime and the voice.
pub const AFTER_CHIME: Duration = Duration::from_millis(120);
/// How long a letter of text takes where no clip tells how long the text is: espeak-ng at 160 words a minute
/// says about 12 a second. Rather too much than too little: what waits is bounded by it.
pub const LETTER: Duration = Duration::from_millis(85);
/// How long a word takes at the least where no clip tells: `a` is no shorter than `nol`.
pub const WORD: Duration = Duration::from_millis(250);

/// A sentence, ready to be spoken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sentence {
    /// Its language.
    pub language: Language,
    /// Its words and pauses.
    pub parts: Vec<Part>,
    /// The same as people write it, for logs: letters as letters, not by their names. Empty where nothing is said.
    pub written: String,
    /// What was to be said and has neither a letter nor a digit, such as a counter's label of a star alone.
    pub skipped: Vec<String>,
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
    /// Also without pauses: in a row with the call before it, under one chime.
    Row,
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
    /// What is said otherwise than it is written: `BPJS` is `be pe je es`. What is written is found as whole
    /// words, in capitals or not; the longest counts.
    pub say: BTreeMap<String, String>,
}

impl Manner {
    /// The language's own template, and nothing said otherwise.
    pub fn new(language: Language) -> Self {
        let (numbers, counters) = (Reading::Digits, Reading::Words);
        Self { language, template: Template::own(language), numbers, counters, say: BTreeMap::new() }
    }

    /// A call's sentence.
    ///
    /// A clause whose places are all empty is left out. But where only the prefix is missing, since the ticket
    /// is a number alone, its words run on into the next clause: `nomor antrean satu dua`.
    pub fn call(&self, called: Called<'_>, wording: Wording) -> Sentence {
        call::sentence(self, called, wording)
    }

    /// The sentences of a text that people wrote, such as a notice. Its numbers are read as words, but for those
    /// that begin with a zero, and telephones. None where there is neither a letter nor a digit in it.
    pub fn text(&self, text: &str) -> Vec<Sentence> {
        let lexicon = Lexicon::new(self);
        let tokens = text::scan(text, self.language, Kind::Text);
        let sentence = |tokens: &[Token]| {
            let mut runs: Vec<Vec<Word>> = Vec::new();
            for clause in tokens.split(|t| *t == Token::Comma) {
                let word = |t: &Token| if let Token::Word(word) = t { Some(word.clone()) } else { None };
                let written: Vec<String> = clause.iter().filter_map(word).collect();
                let mut words = Vec::new();
                lexicon.say(&written, Letters::Words, Reading::Words, &mut words);
                runs.extend((!words.is_empty()).then_some(words));
            }
            let (parts, written) = (word::parts(&runs), word::written(&runs));
            let sentence = Sentence { language: self.language, parts, written, skipped: Vec::new() };
            (!runs.is_empty()).then_some(sentence)
        };
        tokens.split(|t| *t == Token::Stop).filter_map(sentence).collect()
    }

    /// Every phrase for which a voice pack needs a clip to say any call in this manner, services and counters
    /// with names aside: the template's own, and the words of numbers in both readings and the names of letters,
    /// so that a pack serves every site. Sorted, each once.
    pub fn clips(&self) -> Vec<String> {
        let lexicon = Lexicon::new(self);
        let words = numbers::vocabulary(self.language).into_iter().chain(*letters::names(self.language));
        let mut clips: BTreeSet<String> = words.map(str::to_owned).collect();
        let template =
            self.template.texts().map(|t| word::said(&lexicon.text(t, Letters::Words, Reading::Words)));
        // What the table spells needs no clip of its own.
        let is_new = |value: &Vec<String>| {
            cover(value, |phrase| clips.contains(phrase)).iter().any(|p| matches!(p, Piece::Rest(_)))
        };
        let table: Vec<_> = lexicon.values().map(word::said).filter(is_new).collect();
        for phrase in template.chain(table) {
            clips.extend(phrase.chunks(LONGEST_PHRASE).map(|words| words.join(" ")));
        }
        clips.into_iter().collect()
    }
}

impl Lengths {
    /// How long these sentences take after one another, without a chime.
    pub fn sentences(&self, sentences: &[Sentence]) -> Duration {
        let stops = STOP * sentences.len().saturating_sub(1) as u32;
        sentences.iter().map(|s| self.sentence(s)).sum::<Duration>() + stops
    }

    fn sentence(&self, sentence: &Sentence) -> Duration {
        let clip = |phrase: &str| self.clips.get(&(sentence.language, phrase.to_owned())).copied();
        let piece = |piece: Piece| match piece {
            Piece::Clip(phrase) => clip(&phrase).unwrap_or_default(),
            Piece::Rest(words) => words.iter().map(|w| (LETTER * w.chars().count() as u32).max(WORD)).sum(),
        };
        let part = |part: &Part| match part {
            Part::Comma => COMMA,
            Part::Words(words) => {
                cover(words, |phrase| clip(phrase).is_some()).into_iter().map(piece).sum::<Duration>()
            }
        };
        sentence.parts.iter().map(part).sum()
    }
}

impl Sentence {
    /// The sentence as espeak-ng is to read it; empty where nothing is said.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // In Indonesian a word of one letter is always that letter's name.
        let letter = |word: &str| self.language == Language::Indonesian && word.chars().count() == 1;
        let written = |word: &String| if letter(word) { word.to_uppercase() } else { word.clone() };
        for part in &self.parts {
            match part {
                Part::Words(words) => {
                    text.push_str(&words.iter().map(written).collect::<Vec<_>>().join(" "));
                }
                Part::Comma => text.push_str(", "),
            }
        }
        closed(&text)
    }
}

/// The words by which a pronunciation table finds what is written there, with single spaces between them: two
/// entries with the same ones are one.
pub fn looked_up(written: &str, language: Language) -> String {
    lexicon::looked_up(written, language).join(" ")
}

/// A text as a sentence: a capital at its beginning, a full stop at its end.
fn closed(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}
