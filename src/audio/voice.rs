//! The voice: clips of a pack joined to sentences, and espeak-ng for what has no clip; each stands in for the other.
//! Invariant: what neither can say is told, and the rest is said; nothing is left out in silence.

#[cfg(test)]
use std::path::Path;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tracing::{debug, warn};

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
mod told;
mod tool;

use clip::Sound;
use espeak::{Espeak, EspeakError, REST, Rest, Wanted};
use join::{Piece, join};
pub use make::{MakeError, Making, make};
use pack::Pack;
use told::Told;
pub use tool::{check, language, list};

/// How long all of an announcement may wait for espeak-ng, and for each character of it besides; after that its
/// clips speak alone.
const BUDGET: Duration = Duration::from_secs(4);
const BUDGET_PER_CHAR: Duration = Duration::from_millis(3);

/// The sources of voice, as the config names them. Saying something may take as long as espeak-ng may take:
/// not for the frame, nor for the thread that feeds the device.
pub(super) struct Voices {
    speakers: Vec<(Speaker, Vec<Pack>)>,
    source: VoiceSource,
    espeak: Espeak,
    budget: Duration,
    resting: Mutex<Rest>,
    /// Broken clips, and why espeak-ng said nothing.
    told: Told,
    /// What nothing could say.
    unsaid: Told,
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
    wanted: Wanted<'a>,
    state: &'a mut State,
}

/// How espeak-ng does in an announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It was not asked.
    Unasked,
    /// It answered, if only that it cannot say it.
    Answers,
    /// It was not done in time: it is waited for once, not at each word.
    Slow,
    /// It rests.
    Rests,
}

/// Nobody waits for the announcement any more.
struct Unwanted;

/// A way of saying a text by espeak-ng, in a voice of its and so many words a minute.
type Say = fn(&Espeak, &str, u32, &str, Wanted<'_>) -> Result<Sound, EspeakError>;

impl Voices {
    /// Opens the voice packs; what is wrong with them is told, and the packs that ship stand in.
    pub(super) fn open(voice: &config::Voice) -> Self {
        let speakers = voice.languages.iter().map(|speaker| (speaker.clone(), packs(speaker))).collect();
        Self {
            speakers,
            source: voice.source,
            espeak: Espeak::default(),
            budget: BUDGET,
            resting: Mutex::default(),
            told: Told::default(),
            unsaid: Told::default(),
        }
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

    /// Says sentences after one another, however long that takes.
    pub(super) fn say(&self, sentences: &[Sentence]) -> Spoken {
        self.say_by(sentences, Wanted::ALWAYS)
    }

    /// The same within the time that an announcement has, and only as long as it is `still` wanted: after that the
    /// rest is left out.
    pub(super) fn say_while(&self, sentences: &[Sentence], still: &dyn Fn() -> bool) -> Spoken {
        let length: usize = sentences.iter().flat_map(words).map(|word| word.chars().count()).sum();
        let limit = self.budget + BUDGET_PER_CHAR * u32::try_from(length).unwrap_or(u32::MAX);
        self.say_by(sentences, Wanted { deadline: Instant::now().checked_add(limit), still })
    }

    fn say_by(&self, sentences: &[Sentence], wanted: Wanted<'_>) -> Spoken {
        let (mut pieces, mut unsaid) = (Vec::new(), Vec::new());
        let rests = self.resting.lock().unwrap_or_else(PoisonError::into_inner).rests(Instant::now());
        let mut state = if rests { State::Rests } else { State::Unasked };
        for sentence in sentences {
            let Some((speaker, packs)) = self.speaker(sentence.language) else {
                unsaid.extend(words(sentence).cloned());
                continue;
            };
            if !pieces.is_empty() {
                pieces.push(Piece::Pause(speech::STOP));
            }
            let (pieces, unsaid, state) = (&mut pieces, &mut unsaid, &mut state);
            let mut saying = Saying { speaker, pieces, unsaid, espeak: true, wanted, state };
            if self.sentence(&mut saying, packs, sentence).is_err() {
                break;
            }
        }
        self.note(state);
        let new: Vec<&str> =
            unsaid.iter().map(String::as_str).filter(|text| self.unsaid.is_new(text)).collect();
        if !new.is_empty() {
            warn!("voice: nothing can say {}", new.join(", "));
        }
        let Sound { samples, rate } = join(&pieces);
        Spoken { samples, rate, unsaid }
    }

    /// Takes note of how espeak-ng did in an announcement.
    fn note(&self, state: State) {
        if matches!(state, State::Unasked | State::Rests) {
            return;
        }
        let mut rest = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        if rest.note(state == State::Slow, Instant::now()) {
            self.tell("rest", &format!("voice: espeak-ng is slow each time: it is not asked for {REST:?}"));
        }
    }

    fn speaker(&self, language: Language) -> Option<&(Speaker, Vec<Pack>)> {
        self.speakers.iter().find(|(speaker, _)| speaker.manner.language == language)
    }

    fn sentence(&self, saying: &mut Saying<'_>, packs: &[Pack], sentence: &Sentence) -> Result<(), Unwanted> {
        // A sentence without any clip, such as a notice, sounds best in one piece.
        let whole = self.source == VoiceSource::Espeak || !has_clip(packs, sentence);
        if whole {
            if let Some(sound) = self.synthesise(saying, &sentence.text(), Espeak::say)? {
                saying.pieces.push(Piece::Said(sound));
                return Ok(());
            }
            saying.espeak = false;
        }
        for part in &sentence.parts {
            match part {
                Part::Comma => saying.pieces.push(Piece::Pause(speech::COMMA)),
                Part::Words(words) => self.words(saying, packs, words)?,
            }
        }
        Ok(())
    }

    /// Says words by the clips of the first pack, what it lacks by espeak-ng, and what that cannot say by the
    /// packs after it.
    fn words(&self, saying: &mut Saying<'_>, packs: &[Pack], words: &[String]) -> Result<(), Unwanted> {
        let Some((pack, others)) = packs.split_first() else {
            return self.rest(saying, &[], words);
        };
        for piece in cover(words, |phrase| pack.clips.contains_key(phrase)) {
            if !(saying.wanted.still)() {
                return Err(Unwanted);
            }
            match piece {
                speech::Piece::Rest(words) => self.rest(saying, others, &words)?,
                speech::Piece::Clip(phrase) => match self.clip(pack, &phrase) {
                    Some(sound) => saying.pieces.push(Piece::Said(sound)),
                    None => {
                        let words: Vec<String> = phrase.split(' ').map(str::to_owned).collect();
                        self.rest(saying, others, &words)?;
                    }
                },
            }
        }
        Ok(())
    }

    fn rest(&self, saying: &mut Saying<'_>, others: &[Pack], words: &[String]) -> Result<(), Unwanted> {
        let text = words.join(" ");
        if let Some(sound) = self.synthesise(saying, &text, Espeak::say_word)? {
            saying.pieces.push(Piece::Said(sound));
            return Ok(());
        }
        if others.is_empty() {
            saying.unsaid.push(text);
            return Ok(());
        }
        let asked = std::mem::replace(&mut saying.espeak, false);
        self.words(saying, others, words)?;
        saying.espeak = asked;
        Ok(())
    }

    /// A phrase's clip; one that is broken is told of once.
    fn clip(&self, pack: &Pack, phrase: &str) -> Option<Sound> {
        match pack.load(phrase)? {
            Ok(sound) => Some(sound),
            Err(error) => {
                let clip = pack.shown(phrase);
                let line = format!("voice: the clip {clip} cannot be used, another voice says it: {error}");
                self.tell(&line, &line);
                None
            }
        }
    }

    fn synthesise(&self, saying: &mut Saying<'_>, text: &str, say: Say) -> Result<Option<Sound>, Unwanted> {
        if matches!(saying.state, State::Slow | State::Rests) || !saying.espeak {
            return Ok(None);
        }
        let Speaker { espeak: voice, speed, .. } = saying.speaker;
        let said = say(&self.espeak, voice, *speed, text, saying.wanted);
        // One that was stopped before its time has told nothing of itself.
        if matches!(said, Err(EspeakError::Unwanted)) {
            return Err(Unwanted);
        }
        let slow = said.as_ref().is_err_and(EspeakError::is_slow);
        *saying.state = if slow { State::Slow } else { State::Answers };
        match &said {
            Ok(_) => {}
            Err(error @ EspeakError::Missing) => {
                self.tell(&error.cause(), &format!("voice: no espeak-ng: {error}"));
            }
            Err(error) => {
                let cause = format!("{voice}: {}", error.cause());
                self.tell(&cause, &format!("voice: espeak-ng did not say {text:?}: {error}"));
            }
        }
        Ok(said.ok())
    }

    /// Tells of each cause once; when it comes again, that is for debugging.
    fn tell(&self, cause: &str, line: &str) {
        if self.told.is_new(cause) {
            warn!("{line}");
        } else {
            debug!("{line}");
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
impl Voices {
    /// Voices with a program in espeak-ng's place, a time for each run of it, and one for all of an announcement.
    pub(super) fn by(voice: &config::Voice, program: &Path, patience: Duration, budget: Duration) -> Self {
        Self { espeak: Espeak { program: program.to_owned(), patience }, budget, ..Self::open(voice) }
    }
}

#[cfg(test)]
mod tests;
