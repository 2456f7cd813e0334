//! The voice: clips of a pack joined to sentences, and espeak-ng for what has no clip; each stands in for the other.
//! Invariant: what neither can say is told, and the rest is said; nothing is left out in silence.

use std::{collections::HashMap, time::Duration};

use crate::{config, domain::speech::Sentence, words::Language};

/// The sources of voice, as the config names them. Saying something may take as long as espeak-ng may take:
/// not for the frame, nor for the thread that feeds the device.
pub(super) struct Voices {}

/// What was said.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Spoken {
    /// One channel, from −1 to 1; empty where nothing could be said.
    pub(super) samples: Vec<f32>,
    /// Samples a second; never 0.
    pub(super) rate: u32,
    /// Words that nothing could say.
    pub(super) unsaid: Vec<String>,
}

impl Voices {
    /// Opens the voice packs; what is wrong with them is told, and the packs that ship stand in.
    pub(super) fn open(_voice: &config::Voice) -> Self {
        Self {}
    }

    /// How long each clip is as it is said.
    pub(super) fn lengths(&self) -> HashMap<(Language, String), Duration> {
        HashMap::new()
    }

    /// Says sentences after one another.
    pub(super) fn say(&self, sentences: &[Sentence]) -> Spoken {
        let unsaid = sentences.iter().map(Sentence::text).collect();
        Spoken { samples: Vec::new(), rate: 22_050, unsaid }
    }
}
