//! The voice: clips of a pack joined to sentences, and espeak-ng for what has no clip; each stands in for the other.
//! Invariant: what neither can say is told, and the rest is said; nothing is left out in silence.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tracing::warn;

use crate::{
    config::{self, Speaker, VoiceSource},
    domain::speech::{self, Part, Sentence, cover},
    words::Language,
};

mod clip;
mod espeak;
mod join;
mod make;
mod pack;
mod shipped;
mod tool;

use clip::Sound;
use espeak::{Espeak, EspeakError};
use join::{Piece, join};
pub use make::{MakeError, Making, make};
use pack::Pack;
pub use tool::{check, language, list};

/// The sources of voice, as the config names them. Saying something may take as long as espeak-ng may take:
/// not for the frame, nor for the thread that feeds the device.
pub(super) struct Voices {
    speakers: Vec<(Speaker, Vec<Pack>)>,
    source: VoiceSource,
    espeak: Espeak,
    /// What was told and need not be told again: a line a clip, and one that espeak-ng is missing.
    told: Mutex<BTreeSet<String>>,
}

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

/// A sentence on its way to sound.
struct Saying<'a> {
    speaker: &'a Speaker,
    pieces: &'a mut Vec<Piece>,
    unsaid: &'a mut Vec<String>,
    /// Whether espeak-ng may be asked: not after it has failed to say the same.
    espeak: bool,
    /// Whether espeak-ng was not done in time: it is waited for once, not at each word.
    slow: bool,
}

/// A way of saying a text by espeak-ng, in a voice of its and so many words a minute.
type Say = fn(&Espeak, &str, u32, &str) -> Result<Sound, EspeakError>;

impl Voices {
    /// Opens the voice packs; what is wrong with them is told, and the packs that ship stand in.
    pub(super) fn open(voice: &config::Voice) -> Self {
        let speakers = voice.languages.iter().map(|speaker| (speaker.clone(), packs(speaker))).collect();
        Self { speakers, source: voice.source, espeak: Espeak::default(), told: Mutex::default() }
    }

    /// How long each clip is as it is said.
    pub(super) fn lengths(&self) -> HashMap<(Language, String), Duration> {
        let mut lengths = HashMap::new();
        for pack in self.speakers.iter().filter_map(|(_, packs)| packs.first()) {
            for phrase in pack.clips.keys() {
                if let Some(sound) = self.clip(pack, phrase) {
                    lengths.insert((pack.language, phrase.clone()), sound.length());
                }
            }
        }
        lengths
    }

    /// Says sentences after one another.
    pub(super) fn say(&self, sentences: &[Sentence]) -> Spoken {
        let (mut pieces, mut unsaid) = (Vec::new(), Vec::new());
        let mut slow = false;
        for sentence in sentences {
            let Some((speaker, packs)) = self.speaker(sentence.language) else {
                unsaid.extend(words(sentence).cloned());
                continue;
            };
            if !pieces.is_empty() {
                pieces.push(Piece::Pause(speech::STOP));
            }
            let mut saying = Saying { speaker, pieces: &mut pieces, unsaid: &mut unsaid, espeak: true, slow };
            self.sentence(&mut saying, packs, sentence);
            slow = saying.slow;
        }
        if !unsaid.is_empty() {
            warn!("voice: nothing can say {}", unsaid.join(", "));
        }
        let Sound { samples, rate } = join(&pieces);
        Spoken { samples, rate, unsaid }
    }

    fn speaker(&self, language: Language) -> Option<&(Speaker, Vec<Pack>)> {
        self.speakers.iter().find(|(speaker, _)| speaker.manner.language == language)
    }

    fn sentence(&self, saying: &mut Saying<'_>, packs: &[Pack], sentence: &Sentence) {
        // A sentence without any clip, such as a notice, sounds best in one piece.
        let whole = self.source == VoiceSource::Espeak || !has_clip(packs, sentence);
        if whole {
            if let Some(sound) = self.synthesise(saying, &sentence.text(), Espeak::say) {
                return saying.pieces.push(Piece::Said(sound));
            }
            saying.espeak = false;
        }
        for part in &sentence.parts {
            match part {
                Part::Comma => saying.pieces.push(Piece::Pause(speech::COMMA)),
                Part::Words(words) => self.words(saying, packs, words),
            }
        }
    }

    /// Says words by the clips of the first pack, what it lacks by espeak-ng, and what that cannot say by the
    /// packs after it.
    fn words(&self, saying: &mut Saying<'_>, packs: &[Pack], words: &[String]) {
        let Some((pack, others)) = packs.split_first() else {
            return self.rest(saying, &[], words);
        };
        for piece in cover(words, |phrase| pack.clips.contains_key(phrase)) {
            match piece {
                speech::Piece::Rest(words) => self.rest(saying, others, &words),
                speech::Piece::Clip(phrase) => match self.clip(pack, &phrase) {
                    Some(sound) => saying.pieces.push(Piece::Said(sound)),
                    None => {
                        let words: Vec<String> = phrase.split(' ').map(str::to_owned).collect();
                        self.rest(saying, others, &words);
                    }
                },
            }
        }
    }

    fn rest(&self, saying: &mut Saying<'_>, others: &[Pack], words: &[String]) {
        let text = words.join(" ");
        if let Some(sound) = self.synthesise(saying, &text, Espeak::say_word) {
            return saying.pieces.push(Piece::Said(sound));
        }
        if others.is_empty() {
            return saying.unsaid.push(text);
        }
        let asked = std::mem::replace(&mut saying.espeak, false);
        self.words(saying, others, words);
        saying.espeak = asked;
    }

    /// A phrase's clip; one that is broken is told of once.
    fn clip(&self, pack: &Pack, phrase: &str) -> Option<Sound> {
        match pack.load(phrase)? {
            Ok(sound) => Some(sound),
            Err(error) => {
                let clip = pack.shown(phrase);
                self.tell_once(format!(
                    "voice: the clip {clip} cannot be used, another voice says it: {error}"
                ));
                None
            }
        }
    }

    fn synthesise(&self, saying: &mut Saying<'_>, text: &str, say: Say) -> Option<Sound> {
        if saying.slow || !saying.espeak {
            return None;
        }
        let Speaker { espeak: voice, speed, .. } = saying.speaker;
        match say(&self.espeak, voice, *speed, text) {
            Ok(sound) => return Some(sound),
            Err(error @ EspeakError::Missing) => self.tell_once(format!("voice: no espeak-ng: {error}")),
            Err(error) => {
                saying.slow = matches!(error, EspeakError::Slow(_));
                warn!("voice: espeak-ng did not say {text:?}: {error}");
            }
        }
        None
    }

    fn tell_once(&self, line: String) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if !told.contains(&line) {
            warn!("{line}");
            told.insert(line);
        }
    }
}

/// A language's packs: the site's own, and the one that ships.
fn packs(speaker: &Speaker) -> Vec<Pack> {
    let language = speaker.manner.language;
    let own = speaker.pack.as_deref().and_then(|folder| {
        let (pack, problems) = Pack::read(folder);
        for problem in problems {
            warn!("voice: {}", problem.display(Language::English));
        }
        let pack = pack.filter(|pack| pack.language == language && !pack.clips.is_empty());
        if pack.is_none() {
            let (shown, name) = (folder.display(), pack::name(language));
            warn!("voice: {shown} is no pack that speaks \"{name}\"; the one that ships speaks instead");
        }
        pack
    });
    own.into_iter().chain(Pack::shipped(language)).collect()
}

/// Whether the first of these packs has a clip for anything in a sentence.
fn has_clip(packs: &[Pack], sentence: &Sentence) -> bool {
    let Some(pack) = packs.first() else { return false };
    let said = |part: &Part| match part {
        Part::Comma => false,
        Part::Words(words) => cover(words, |phrase| pack.clips.contains_key(phrase))
            .iter()
            .any(|piece| matches!(piece, speech::Piece::Clip(_))),
    };
    sentence.parts.iter().any(said)
}

fn words(sentence: &Sentence) -> impl Iterator<Item = &String> {
    sentence.parts.iter().flat_map(|part| match part {
        Part::Words(words) => words.as_slice(),
        Part::Comma => &[],
    })
}

#[cfg(test)]
mod tests;
