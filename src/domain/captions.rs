//! A film's captions: what is said in it, to be read. From SubRip (`.srt`) and WebVTT (`.vtt`).
//! Invariant: cues are in the order of their beginnings, and none is empty.

use std::time::Duration;

mod parse;
#[cfg(test)]
mod tests;

pub use parse::{Fault, MAX_CUES, MAX_TEXT, Slip, parse};

/// A film's captions; empty where it has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Captions {
    cues: Vec<Cue>,
}

/// What is shown from one moment of a film to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// From when on, in the film's time.
    pub from: Duration,
    /// Until when, in the film's time.
    pub until: Duration,
    /// What is said, without marks; `\n` is a line's end.
    pub text: String,
}

impl Captions {
    /// Captions of these cues; those without text or without time are left out.
    pub fn new(mut cues: Vec<Cue>) -> Self {
        cues.retain(|cue| cue.from < cue.until && !cue.text.trim().is_empty());
        cues.sort_by_key(|cue| cue.from);
        Self { cues }
    }

    /// What is to be read at a moment of the film; the cue that began last where several are.
    pub fn at(&self, position: Duration) -> Option<&str> {
        let begun = self.cues.partition_point(|cue| cue.from <= position);
        self.cues[..begun].iter().rev().find(|cue| position < cue.until).map(|cue| cue.text.as_str())
    }

    /// The cues, in the order of their beginnings.
    pub fn cues(&self) -> &[Cue] {
        &self.cues
    }
}
