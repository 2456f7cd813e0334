//! espeak-ng as a child process: text in, sound out.
//! Invariant: whatever the child does, it is over at its limit, with all that it started, and nothing of it stays.

use std::{
    io::{self, Read, Write},
    os::{
        fd::{AsFd, BorrowedFd},
        unix::process::CommandExt,
    },
    path::PathBuf,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid},
};

use super::clip::{ClipError, Sound, load_streamed};

/// The Debian package, and the program in it.
const PROGRAM: &str = "espeak-ng";
/// How long it may take to say anything, and for each character of the text besides.
const PATIENCE: Duration = Duration::from_secs(3);
const PATIENCE_PER_CHAR: Duration = Duration::from_millis(3);
/// The longest text; a notice has at most a few hundred characters.
const LONGEST_TEXT: usize = 4_000;
/// Six minutes of its sound; the longest text takes less.
const MOST_BYTES: usize = 16 << 20;
/// What is kept of its complaints.
const MOST_WORDS: usize = 4 << 10;
/// A pipe that is ready takes this much without making the writer wait.
const PIPE: usize = 4 << 10;
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
    #[error("it wrote more than {} MiB", MOST_BYTES >> 20)]
    Flood,
    #[error("it failed: {0}")]
    Failed(String),
    #[error("it made no sound: {0}")]
    Sound(#[from] ClipError),
    #[error("the text has {0} characters, more than {LONGEST_TEXT}")]
    Text(usize),
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
    pub(super) fn say(&self, voice: &str, speed: u32, text: &str) -> Result<Sound, EspeakError> {
        let text = pronounced(voice, text);
        let args = ["--stdin", "--stdout", "-z", "-b", "1", "-v", voice, "-s", &speed.to_string()];
        Ok(load_streamed(self.run(&args, &text)?)?)
    }

    /// Says a word or phrase so that it can stand anywhere among others: with the rise of a list in place of
    /// the fall at a sentence's end, and with little of either.
    pub(super) fn say_word(&self, voice: &str, speed: u32, word: &str) -> Result<Sound, EspeakError> {
        let word = pronounced(voice, &word.replace(['<', '>', '&'], " "));
        let marked = format!("<speak><prosody range=\"30%\">{word},</prosody></speak>");
        let speed = (f64::from(speed) * WORD_SPEED).round().to_string();
        let args = ["--stdin", "--stdout", "-z", "-b", "1", "-v", voice, "-s", &speed, "-m"];
        Ok(load_streamed(self.run(&args, &marked)?)?)
    }

    fn run(&self, args: &[&str], text: &str) -> Result<Vec<u8>, EspeakError> {
        let length = text.chars().count();
        if length > LONGEST_TEXT {
            return Err(EspeakError::Text(length));
        }
        let limit = self.patience + PATIENCE_PER_CHAR * length as u32;
        let deadline = Instant::now() + limit;
        let mut command = Command::new(&self.program);
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A group of its own, so that what it starts ends with it.
        let started = command.process_group(0).spawn().map_err(|err| match err.kind() {
            io::ErrorKind::NotFound => EspeakError::Missing,
            _ => EspeakError::Start(err),
        })?;
        let mut group = Group { child: started, reaped: false };
        let (sound, words) = group.talk(text.as_bytes(), deadline).map_err(|stop| stop.told(limit))?;
        let status = group.end(deadline).map_err(|stop| stop.told(limit))?;
        if status.success() {
            return Ok(sound);
        }
        let words = String::from_utf8_lossy(&words);
        let first = words.lines().find(|l| !l.trim().is_empty());
        Err(EspeakError::Failed(first.map_or_else(|| status.to_string(), |l| l.trim().to_owned())))
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

/// Why a talk with the child ended early.
enum Stop {
    Late,
    Flood,
    Io(io::Error),
}

impl Stop {
    fn told(self, limit: Duration) -> EspeakError {
        match self {
            Self::Late => EspeakError::Slow(limit),
            Self::Flood => EspeakError::Flood,
            Self::Io(err) => EspeakError::Failed(err.to_string()),
        }
    }
}

/// A child with all that it starts; dropped, they are killed and the child is reaped.
struct Group {
    child: Child,
    reaped: bool,
}

impl Group {
    /// Gives it the text and takes what it says, on stdout and stderr, until it closes both.
    fn talk(&mut self, text: &[u8], deadline: Instant) -> Result<(Vec<u8>, Vec<u8>), Stop> {
        let child = &mut self.child;
        let (mut stdin, mut stdout, mut stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (mut left, mut sound, mut words) = (text, Vec::new(), Vec::new());
        while stdout.is_some() || stderr.is_some() {
            let ends = [
                stdin.as_ref().map(|p| (p.as_fd(), PollFlags::OUT)),
                stdout.as_ref().map(|p| (p.as_fd(), PollFlags::IN)),
                stderr.as_ref().map(|p| (p.as_fd(), PollFlags::IN)),
            ];
            let [to_write, to_hear, to_read] = ready(ends, deadline)?;
            if to_write {
                write(&mut stdin, &mut left);
            }
            if to_hear {
                read(&mut stdout, &mut sound)?;
                if sound.len() > MOST_BYTES {
                    return Err(Stop::Flood);
                }
            }
            if to_read {
                read(&mut stderr, &mut words)?;
                words.truncate(MOST_WORDS);
            }
        }
        Ok((sound, words))
    }

    /// Waits until the child has ended; what it started ends too.
    fn end(mut self, deadline: Instant) -> Result<ExitStatus, Stop> {
        // It stays unreaped until its group is killed, so that the group's number is still its own.
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        while waitid(WaitId::Pid(Pid::from_child(&self.child)), look)
            .map_err(|e| Stop::Io(e.into()))?
            .is_none()
        {
            if Instant::now() >= deadline {
                return Err(Stop::Late);
            }
            // It has closed its output; what is left of it takes no time.
            thread::sleep(Duration::from_millis(1));
        }
        self.reap().map_err(Stop::Io)
    }

    fn reap(&mut self) -> io::Result<ExitStatus> {
        // There is nobody left to kill where all have ended by themselves.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        self.reaped = true;
        self.child.wait()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.reaped {
            let _ = self.reap();
        }
    }
}

/// Which of these ends can be written or read without waiting, or are closed; waits until one is.
fn ready(ends: [Option<(BorrowedFd<'_>, PollFlags)>; 3], deadline: Instant) -> Result<[bool; 3], Stop> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(Stop::Late);
    }
    let mut fds: Vec<PollFd<'_>> =
        ends.iter().flatten().map(|(fd, flags)| PollFd::from_borrowed_fd(*fd, *flags)).collect();
    let left = Timespec { tv_sec: left.as_secs() as i64, tv_nsec: left.subsec_nanos().into() };
    match poll(&mut fds, Some(&left)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        Err(err) => return Err(Stop::Io(err.into())),
    }
    let mut found = fds.iter().map(|fd| !fd.revents().is_empty());
    Ok(ends.map(|end| end.is_some() && found.next().unwrap_or(false)))
}

/// Writes what can be written at once, and closes the pipe after the last of it.
fn write(pipe: &mut Option<ChildStdin>, left: &mut &[u8]) {
    let Some(open) = pipe else { return };
    match open.write(&left[..left.len().min(PIPE)]) {
        Ok(count) => *left = &left[count..],
        Err(err) if err.kind() == io::ErrorKind::Interrupted => return,
        // It does not listen: what it says to that is on its other pipes.
        Err(_) => *left = &[],
    }
    if left.is_empty() {
        *pipe = None;
    }
}

/// Reads what is there, and lets the pipe go at its end.
fn read(pipe: &mut Option<impl Read>, into: &mut Vec<u8>) -> Result<(), Stop> {
    let Some(open) = pipe else { return Ok(()) };
    let mut some = [0; 16 << 10];
    match open.read(&mut some) {
        Ok(0) => *pipe = None,
        Ok(count) => into.extend_from_slice(&some[..count]),
        Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
        Err(err) => return Err(Stop::Io(err)),
    }
    Ok(())
}

#[cfg(test)]
mod tests;
