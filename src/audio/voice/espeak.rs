//! espeak-ng as a child process: text in, sound out.
//! Invariant: whatever the child does, it is over at its limit, with all that it started, and nothing of it stays.

use std::{
    io,
    path::PathBuf,
    process::{Command, ExitStatus},
    time::{Duration, Instant},
};

mod group;
mod rest;

use super::clip::{ClipError, Sound, load_streamed};
use crate::domain::visible::clean;
use group::{Group, MOST_BYTES, Stop, Until};
pub(super) use rest::{REST, Rest};

/// The Debian package, and the program in it.
const PROGRAM: &str = "espeak-ng";
/// How long it may take to say anything, and for each character of the text besides.
const PATIENCE: Duration = Duration::from_secs(3);
const PATIENCE_PER_CHAR: Duration = Duration::from_millis(3);
/// The longest text; a notice has at most a few hundred characters.
const LONGEST_TEXT: usize = 4_000;
/// How much of its complaint is told, in characters.
const LONGEST_COMPLAINT: usize = 200;
/// A word by itself is said slower than the same word among others: measured, a sixth.
const WORD_SPEED: f64 = 1.2;

/// Words of Indonesian calls that espeak-ng says with a wrong vowel or stress, and how they are said, in its own
/// phonemes: weak first vowels, and the names of letters.
const INDONESIAN: [(&str, &str); 15] = [
    ("empat", "[[@mp'at]]"),
    ("enam", "[[@n'am]]"),
    ("belas", "[[b@l'as]]"),
    ("sebelas", "[[s@b@l'as]]"),
    ("loket", "[[l'okEt]]"),
    ("be", "[[b'e]]"),
    ("ce", "[[tS'e]]"),
    ("de", "[[d'e]]"),
    ("ge", "[[g'e]]"),
    ("je", "[[dZ'e]]"),
    ("pe", "[[p'e]]"),
    ("te", "[[t'e]]"),
    ("ve", "[[v'e]]"),
    ("we", "[[w'e]]"),
    ("ye", "[[j'e]]"),
];

/// Why espeak-ng said nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum EspeakError {
    #[error("it is not installed; install the Debian package {PROGRAM}")]
    Missing,
    #[error("it could not be started: {0}")]
    Start(#[source] io::Error),
    #[error("it was not done within {0:?}")]
    Slow(Duration),
    #[error("it took too long for one announcement")]
    Late,
    #[error("nobody waits for it any more")]
    Unwanted,
    #[error("it wrote more than {} MiB", MOST_BYTES >> 20)]
    Flood,
    #[error("it cannot be talked to: {0}")]
    Talk(#[source] io::Error),
    #[error("it failed: {0}")]
    Failed(String, ExitStatus),
    #[error("it made no sound: {0}")]
    Sound(#[from] ClipError),
    #[error("the text has {0} characters, more than {LONGEST_TEXT}")]
    Text(usize),
}

impl EspeakError {
    /// The cause without the text that was to be said: the same for all texts that fail alike.
    pub(super) fn cause(&self) -> String {
        match self {
            Self::Missing => "missing".to_owned(),
            Self::Start(_) => "start".to_owned(),
            Self::Slow(_) | Self::Late => "slow".to_owned(),
            Self::Unwanted => "unwanted".to_owned(),
            Self::Flood => "flood".to_owned(),
            Self::Talk(_) => "talk".to_owned(),
            Self::Failed(_, status) => status.to_string(),
            Self::Sound(_) => "sound".to_owned(),
            Self::Text(_) => "text".to_owned(),
        }
    }

    /// Whether it was waited for in vain.
    pub(super) fn is_slow(&self) -> bool {
        matches!(self, Self::Slow(_) | Self::Late)
    }
}

/// How long what is to be said is waited for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// When all of it has to be said; `None`: each run has its own limit alone.
    pub(super) deadline: Option<Instant>,
    /// Whether anyone still waits for it; asked often.
    pub(super) still: &'a dyn Fn() -> bool,
}

impl Wanted<'static> {
    /// It is waited for to its end.
    pub(super) const ALWAYS: Self = Self { deadline: None, still: &|| true };
}

/// The way to espeak-ng.
#[derive(Debug, Clone)]
pub(super) struct Espeak {
    pub(super) program: PathBuf,
    pub(super) patience: Duration,
}

impl Default for Espeak {
    fn default() -> Self {
        Self { program: PROGRAM.into(), patience: PATIENCE }
    }
}

impl Espeak {
    /// Says a text as one utterance, ready to be joined; `speed` is in words a minute.
    pub(super) fn say(
        &self,
        voice: &str,
        speed: u32,
        text: &str,
        wanted: Wanted<'_>,
    ) -> Result<Sound, EspeakError> {
        let text = pronounced(voice, text);
        let args = ["--stdin", "--stdout", "-z", "-b", "1", "-v", voice, "-s", &speed.to_string()];
        Ok(load_streamed(self.run(&args, &text, wanted)?)?)
    }

    /// Says a word or phrase so that it can stand anywhere among others: with the rise of a list in place of
    /// the fall at a sentence's end, and with little of either.
    pub(super) fn say_word(
        &self,
        voice: &str,
        speed: u32,
        word: &str,
        wanted: Wanted<'_>,
    ) -> Result<Sound, EspeakError> {
        let word = pronounced(voice, &word.replace(['<', '>', '&'], " "));
        let marked = format!("<speak><prosody range=\"30%\">{word},</prosody></speak>");
        let speed = (f64::from(speed) * WORD_SPEED).round().to_string();
        let args = ["--stdin", "--stdout", "-z", "-b", "1", "-v", voice, "-s", &speed, "-m"];
        Ok(load_streamed(self.run(&args, &marked, wanted)?)?)
    }

    fn run(&self, args: &[&str], text: &str, wanted: Wanted<'_>) -> Result<Vec<u8>, EspeakError> {
        let length = text.chars().count();
        if length > LONGEST_TEXT {
            return Err(EspeakError::Text(length));
        }
        let limit = self.patience + PATIENCE_PER_CHAR * length as u32;
        let own = Instant::now() + limit;
        let deadline = wanted.deadline.map_or(own, |deadline| deadline.min(own));
        let until = Until { deadline, still: wanted.still };
        let told = |stop| match stop {
            Stop::Late if deadline < own => EspeakError::Late,
            Stop::Late => EspeakError::Slow(limit),
            Stop::Unwanted => EspeakError::Unwanted,
            Stop::Flood => EspeakError::Flood,
            Stop::Io(err) => EspeakError::Talk(err),
        };
        // One that nobody waits for is not even started.
        until.left().map_err(told)?;
        let mut command = Command::new(&self.program);
        let group = Group::start(command.args(args)).map_err(|err| match err.kind() {
            io::ErrorKind::NotFound => EspeakError::Missing,
            _ => EspeakError::Start(err),
        })?;
        let said = group.talk(text.as_bytes(), &until).map_err(told)?;
        if said.status.success() {
            return Ok(said.sound);
        }
        let words = String::from_utf8_lossy(&said.words);
        let first = words.lines().map(clean).find(|line| !line.is_empty());
        let complaint = first.map(|line| line.chars().take(LONGEST_COMPLAINT).collect());
        Err(EspeakError::Failed(complaint.unwrap_or_else(|| said.status.to_string()), said.status))
    }
}

/// A text as espeak-ng is to read it.
fn pronounced(voice: &str, text: &str) -> String {
    // Brackets would be read as phonemes.
    let text = text.replace(|c: char| c.is_control() || matches!(c, '[' | ']'), " ");
    if voice != "id" && !voice.starts_with("id+") {
        return text;
    }
    let word = |word: &str| {
        let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let said = INDONESIAN.iter().find(|(written, _)| bare.eq_ignore_ascii_case(written));
        said.map_or_else(|| word.to_owned(), |(_, said)| format!("{said}{}", &word[bare.len()..]))
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
