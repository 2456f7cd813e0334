//! The text of a caption file, SubRip or WebVTT, becomes cues and a list of what is wrong with the rest.
//! Invariant: every line is read once, and a wrong one takes no other cue with it.
//!
//! Sources: WebVTT: W3C, "WebVTT: The Web Video Text Tracks Format", 6.1 (parsing) and 4.2 (cue text). SubRip has
//! no standard; its blocks are a number, a line of times with a comma before the milliseconds, and text. Both are
//! read in one way, so that a file with the other one's name is read as well.

use std::time::Duration;

use super::{Captions, Cue};
use crate::domain::visible::clean;

/// The most cues of a film.
pub const MAX_CUES: usize = 5_000;
/// The longest text of a cue, in characters: what does not fit is left out.
pub const MAX_TEXT: usize = 300;
/// How many lines are told of one by one.
const MAX_SLIPS: usize = 20;
/// How much of a wrong line is told, in characters.
const MAX_TOLD: usize = 60;
/// What stands between the two times of a cue.
const ARROW: &str = "-->";

/// A wrong line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a line of a caption file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It has an arrow, but not a time before and after it; this is what stands there.
    Time(String),
    /// The cue ends before it begins.
    Backwards,
    /// It is text without times above it; this is what it says.
    Stray(String),
    /// The cue's text has so many characters, more than [`MAX_TEXT`].
    TooLong(usize),
    /// The cues from here on are more than [`MAX_CUES`].
    TooMany,
    /// So many lines more are wrong, this one first.
    More(usize),
    /// The file holds no cue.
    Nothing,
}

/// Reads a whole file's text. What is good is kept, whatever is wrong with the rest.
pub fn parse(text: &str) -> (Captions, Vec<Slip>) {
    // Some programs end a line with CR CR LF; left as it is, every second line would be an empty one.
    let text = text.trim_start_matches('\u{feff}').replace("\r\r\n", "\n");
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = Reader::default();
    for (number, line) in text.split('\n').enumerate() {
        reader.line(number + 1, line);
    }
    reader.end();
    if reader.cues.is_empty() && reader.slips.is_empty() {
        reader.slip(1, Fault::Nothing);
    }
    (Captions::new(reader.cues), reader.slips)
}

#[derive(Debug, Default)]
struct Reader {
    at: At,
    cues: Vec<Cue>,
    /// Whether [`Fault::TooMany`] was told.
    full: bool,
    slips: Vec<Slip>,
}

/// What the lines before this one are.
#[derive(Debug, Default)]
enum At {
    /// Nothing: the last one was empty.
    #[default]
    Between,
    /// One line, which may be the name or number of the cue that follows.
    Name { line: usize, text: String },
    /// A cue's times, and its text so far.
    Cue { line: usize, from: Duration, until: Duration, text: Vec<String> },
    /// A header, a note, a style, or what was told of already.
    Skipped,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) {
        let line = line.trim();
        if line.is_empty() {
            return self.end();
        }
        if let Some((from, until)) = line.split_once(ARROW) {
            return self.times(number, line, from, until);
        }
        match &mut self.at {
            At::Between if is_no_cue(number, line) => self.at = At::Skipped,
            At::Between => self.at = At::Name { line: number, text: line.to_owned() },
            At::Cue { text, .. } => text.push(line.to_owned()),
            At::Skipped => {}
            // Times come after one line at the most, so this is text whose times are missing.
            At::Name { line: named, text } => {
                let (at, what) = if is_number(text) { (number, told(line)) } else { (*named, told(text)) };
                self.slip(at, Fault::Stray(what));
                self.at = At::Skipped;
            }
        }
    }

    /// A line with an arrow begins a cue, also where no empty line ends the one before.
    fn times(&mut self, number: usize, line: &str, from: &str, until: &str) {
        match &mut self.at {
            At::Cue { text, .. } => _ = text.pop_if(|last| is_number(last)),
            At::Name { .. } => self.at = At::Between,
            At::Between | At::Skipped => {}
        }
        self.end();
        // Behind the second time stand settings: where other players are to put the text.
        let until = until.split_whitespace().next().unwrap_or_default();
        self.at = match (time(from.trim()), time(until)) {
            (Some(from), Some(until)) if from < until => {
                At::Cue { line: number, from, until, text: Vec::new() }
            }
            (Some(_), Some(_)) => {
                self.slip(number, Fault::Backwards);
                At::Skipped
            }
            _ => {
                self.slip(number, Fault::Time(told(line)));
                At::Skipped
            }
        };
    }

    /// Ends what stands before this line.
    fn end(&mut self) {
        match std::mem::take(&mut self.at) {
            At::Between | At::Skipped => {}
            // A number by itself is what a cue that was taken away leaves behind.
            At::Name { text, .. } if is_number(&text) => {}
            At::Name { line, text } => self.slip(line, Fault::Stray(told(&text))),
            At::Cue { line, from, until, text } => {
                let text = plain(&text.join("\n"));
                if !text.is_empty() {
                    self.cue(line, Cue { from, until, text });
                }
            }
        }
    }

    fn cue(&mut self, line: usize, mut cue: Cue) {
        if self.cues.len() == MAX_CUES {
            if !self.full {
                self.slip(line, Fault::TooMany);
            }
            self.full = true;
            return;
        }
        let count = cue.text.chars().count();
        if count > MAX_TEXT {
            self.slip(line, Fault::TooLong(count));
            cue.text = cue.text.chars().take(MAX_TEXT - 1).chain(['…']).collect();
        }
        self.cues.push(cue);
    }

    fn slip(&mut self, line: usize, fault: Fault) {
        let full = self.slips.len() >= MAX_SLIPS;
        match self.slips.last_mut() {
            Some(Slip { fault: Fault::More(count), .. }) => *count += 1,
            _ => self.slips.push(Slip { line, fault: if full { Fault::More(1) } else { fault } }),
        }
    }
}

/// Whether a line begins what is no cue of WebVTT: its header, a note, a style, a region.
fn is_no_cue(number: usize, line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    number == 1 && word == "WEBVTT" || word == "NOTE" || line == "STYLE" || line == "REGION"
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn told(line: &str) -> String {
    clean(line).chars().take(MAX_TOLD).collect()
}

/// `01:02:03,004`, `02:03.004` or `02:03`: hours may be missing, and so may milliseconds.
fn time(text: &str) -> Option<Duration> {
    let (clock, fraction) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let number = |text: &str, longest: usize| {
        ((1..=longest).contains(&text.len()) && is_number(text)).then(|| text.parse::<u64>().ok())?
    };
    let mut parts = clock.rsplit(':');
    let seconds = number(parts.next()?, 2).filter(|s| *s < 60)?;
    let minutes = number(parts.next()?, 2).filter(|m| *m < 60)?;
    let hours = parts.next().map_or(Some(0), |hours| number(hours, 3))?;
    // A fraction of one digit is tenths of a second.
    let millis = number(&format!("{fraction:0<3}"), 3)?;
    parts
        .next()
        .is_none()
        .then(|| Duration::from_millis(((hours * 60 + minutes) * 60 + seconds) * 1000 + millis))
}

/// A cue's text as it is read: without marks of style, each line clean, and none empty.
fn plain(text: &str) -> String {
    let text = characters(&without_tags(&text.replace("\\N", "\n")));
    let lines: Vec<String> = text.split('\n').map(clean).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// Takes away `<i>`, `</font>`, `<v Budi>`, `<00:01.000>` and SubRip's `{\an8}`; `<br>` is a line's end.
fn without_tags(text: &str) -> String {
    /// The longest tag, in bytes: what has no end is text.
    const LONGEST: usize = 200;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '{']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let close = if rest.starts_with('<') { b'>' } else { b'}' };
        let tag = rest.bytes().take(LONGEST).position(|b| b == close).map(|end| &rest[..=end]);
        match tag.filter(|tag| is_tag(tag)) {
            Some(tag) => {
                if tag.starts_with("<br") {
                    out.push('\n');
                }
                rest = &rest[tag.len()..];
            }
            None => {
                out.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

fn is_tag(tag: &str) -> bool {
    match tag.strip_prefix('<').map(|inner| inner.trim_end_matches('>')) {
        Some(inner) => {
            inner.starts_with(|c: char| c == '/' || c.is_ascii_alphabetic()) || time(inner).is_some()
        }
        None => tag.starts_with("{\\"),
    }
}

/// Puts the characters that `&amp;`, `&nbsp;`, `&#233;` and the like stand for.
fn characters(text: &str) -> String {
    /// The longest of them, in bytes, `&#x10ffff;`.
    const LONGEST: usize = 10;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let name = rest.bytes().take(LONGEST).position(|b| b == b';').map(|end| &rest[1..end]);
        match name.and_then(|name| Some((character(name)?, name))) {
            Some((character, name)) => {
                out.push(character);
                rest = &rest[name.len() + 2..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

fn character(name: &str) -> Option<char> {
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    });
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        // They set the direction of writing, which the typesetter knows by itself.
        "lrm" | "rlm" => '\u{200e}',
        _ => char::from_u32(number?)?,
    })
}
