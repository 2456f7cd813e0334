//! The record of starts and crashes in the state directory, and what it says of this start. Writes one small file.
//! Invariant: only crashes within one boot count, by the clock that counts from the boot; what cannot be read is
//! no record.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use serde::{Deserialize, Serialize};

use crate::replace::{Outlives, Readers, replace_within};

/// So many crashes within [`WITHIN`] begin safe mode, and so many in all silence the sound as well.
pub const SAFE_FROM: usize = 5;
/// See [`SAFE_FROM`]: three more crashes in safe mode, where sound is what is left to blame.
pub const SILENT_FROM: usize = 8;
/// Crashes before that are forgotten, in milliseconds: 10 minutes.
pub const WITHIN: u64 = 10 * 60 * 1_000;
/// How long safe mode lasts the first time, in milliseconds: 30 minutes; each further time in a row twice as long,
/// up to [`MOST_TRIES`] times.
const HEALTHY: u64 = 30 * 60 * 1_000;
const MOST_TRIES: u32 = 3;
/// More crashes than this are not kept.
const MOST: usize = 16;
/// The longest record that is read, in bytes.
const LONGEST: u64 = 16 << 10;
/// The longest cause in characters.
const LONGEST_CAUSE: usize = 80;

/// The record's name in the state directory.
pub const FILE: &str = "starts.json";

/// What is known of the starts since the boot. Times are milliseconds since the boot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// The boot, by the kernel's own name for it.
    boot: String,
    /// Whether a program runs that has not recorded its end.
    running: bool,
    /// The newest crashes, the oldest first.
    crashes: Vec<Crash>,
    /// When the GPU was lost last.
    gpu_lost: Option<u64>,
    /// Since when safe mode holds.
    safe: Option<u64>,
    /// How often in a row safe mode was begun.
    tries: u32,
}

/// One crash.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Crash {
    at: u64,
    cause: String,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// As it was asked to.
    Asked,
    /// Safe mode is over: the next start is a normal one.
    Healthy,
    /// What it needs was gone, as the display server: nobody's crash.
    Elsewhere,
    /// It crashed by itself, by this.
    Crashed(String),
    /// It lost its GPU.
    GpuLost,
}

/// What the record says of a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Only board and running text.
    pub safe: bool,
    /// Without sound, too.
    pub silent: bool,
    /// By the CPU, whatever was asked for.
    pub no_gpu: bool,
    /// How many crashes there were in the last ten minutes.
    pub crashes: usize,
    /// After how many milliseconds of this run safe mode is over.
    pub healthy_after: Option<u64>,
}

impl Record {
    /// What a file says; a file that is not there, or is no record, says nothing.
    pub fn read(path: &Path) -> Self {
        let mut text = Vec::new();
        let is_file = fs::metadata(path).is_ok_and(|meta| meta.is_file());
        let read =
            is_file.then(|| File::open(path).and_then(|file| file.take(LONGEST).read_to_end(&mut text)));
        match read {
            Some(Ok(_)) => serde_json::from_slice(&text).unwrap_or_default(),
            _ => Self::default(),
        }
    }

    /// Replaces the file, which is whole at every moment. It outlives a loss of power after [`sync`].
    pub fn write(&self, path: &Path) -> io::Result<()> {
        replace_within(path, &serde_json::to_vec(self)?, Readers::Group, Outlives::Program)
    }

    /// A program starts at `now` of the boot `boot`.
    pub fn start(&mut self, boot: &str, now: u64) -> Verdict {
        let ahead = self
            .crashes
            .iter()
            .map(|crash| crash.at)
            .chain(self.gpu_lost)
            .chain(self.safe)
            .any(|at| at > now);
        if self.boot != boot || ahead {
            *self = Self { boot: boot.to_owned(), ..Self::default() };
        }
        if self.running {
            self.crash(now, "it was killed, or died without a word");
        }
        self.running = true;
        self.crashes.retain(|crash| now - crash.at <= WITHIN);
        self.gpu_lost = self.gpu_lost.filter(|at| now - at <= WITHIN);
        if self.safe.is_none() && self.crashes.len() >= SAFE_FROM {
            self.safe = Some(now);
            self.tries = self.tries.saturating_add(1);
        }
        let healthy = HEALTHY << self.tries.saturating_sub(1).min(MOST_TRIES);
        Verdict {
            safe: self.safe.is_some(),
            silent: self.safe.is_some() && self.crashes.len() >= SILENT_FROM,
            no_gpu: self.safe.is_some() || self.gpu_lost.is_some(),
            crashes: self.crashes.len(),
            healthy_after: self.safe.map(|_| healthy),
        }
    }

    /// It ends at `now`.
    pub fn end(&mut self, end: &End, now: u64) {
        self.running = false;
        match end {
            // Whoever ends safe mode by hand wants it to be tried anew.
            End::Asked if self.safe.is_some() => {
                *self = Self { boot: std::mem::take(&mut self.boot), ..Self::default() };
            }
            End::Asked | End::Elsewhere => {}
            End::Healthy => {
                self.safe = None;
                self.crashes.clear();
            }
            End::Crashed(cause) => self.crash(now, cause),
            End::GpuLost => {
                self.gpu_lost = Some(now);
                self.crash(now, "the GPU was lost");
            }
        }
    }

    fn crash(&mut self, at: u64, cause: &str) {
        self.crashes.push(Crash { at, cause: cause.chars().take(LONGEST_CAUSE).collect() });
        let beyond = self.crashes.len().saturating_sub(MOST);
        self.crashes.drain(..beyond);
    }

    /// The newest crash's cause.
    pub fn cause(&self) -> Option<&str> {
        self.crashes.last().map(|crash| crash.cause.as_str())
    }
}

/// Brings the record to the disk.
pub fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()?;
    File::open(path.parent().ok_or(io::ErrorKind::InvalidInput)?)?.sync_all()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by a panic")]

    use super::*;

    const MINUTE: u64 = 60_000;

    /// Starts at these moments, each killed before the next one.
    fn killed(record: &mut Record, at: impl IntoIterator<Item = u64>) -> Verdict {
        at.into_iter().map(|at| record.start("a", at)).last().unwrap_or_default()
    }

    #[test]
    fn five_kills_in_ten_minutes_begin_safe_mode_and_three_more_silence_it() {
        let mut record = Record::default();
        assert!(!killed(&mut record, (0..5).map(|n| n * MINUTE)).safe);
        let fifth = killed(&mut record, [5 * MINUTE]);
        assert!(fifth.safe && fifth.no_gpu && !fifth.silent && fifth.crashes == 5, "{fifth:?}");
        assert!(!killed(&mut record, [6 * MINUTE, 7 * MINUTE]).silent);
        assert!(killed(&mut record, [8 * MINUTE]).silent);
    }

    #[test]
    fn crashes_that_lie_apart_are_no_reason() {
        let mut record = Record::default();
        assert!(!killed(&mut record, (0..100).map(|n| n * 3 * MINUTE)).safe);
        assert!(record.crashes.len() <= MOST);
    }

    #[test]
    fn power_cuts_and_ends_in_order_count_nothing() {
        let mut record = Record::default();
        for boot in 0..20 {
            // Each boot's clock begins anew.
            assert_eq!(record.start(&boot.to_string(), 20_000).crashes, 0);
        }
        for n in 0..20 {
            assert_eq!(record.start("last", 30_000 + n).crashes, 0);
            record.end(if n % 2 == 0 { &End::Asked } else { &End::Elsewhere }, 30_000 + n);
        }
        // Where the kernel names no boot, the clock says that it is another one.
        let mut unnamed = Record::default();
        for _ in 0..20 {
            assert!(!unnamed.start("", 900_000).safe);
            unnamed.end(&End::Crashed("x".into()), 950_000);
            assert!(!unnamed.start("", 20_000).safe);
        }
    }

    #[test]
    fn an_end_in_order_between_crashes_does_not_hide_them() {
        let mut record = Record::default();
        for n in 0..5 {
            assert!(!record.start("a", n).safe);
            record.end(&if n % 2 == 0 { End::Crashed("link".into()) } else { End::GpuLost }, n);
            if n < 4 {
                record.start("a", n);
                record.end(&End::Asked, n);
            }
        }
        assert!(record.start("a", 10).safe);
        assert_eq!(record.cause(), Some("link"));
    }

    #[test]
    fn safe_mode_is_left_by_hand_or_when_it_was_healthy_and_lasts_longer_each_time() {
        let mut record = Record::default();
        let first = killed(&mut record, 0..6).healthy_after.unwrap();
        record.end(&End::Healthy, first);
        assert!(!record.start("a", first).safe);
        record.end(&End::Asked, first);
        let again = killed(&mut record, (0..6).map(|n| first + n));
        assert_eq!((again.safe, again.healthy_after), (true, Some(2 * first)));
        record.end(&End::Asked, first + 10);
        assert!(!record.start("a", first + 11).safe);
        assert_eq!(killed(&mut record, (0..6).map(|n| first + 20 + n)).healthy_after, Some(first));
    }

    #[test]
    fn safe_mode_holds_while_it_crashes_on() {
        let mut record = Record::default();
        killed(&mut record, 0..6);
        assert!(record.start("a", 20 * MINUTE).safe, "it was not healthy for long enough");
    }

    #[test]
    fn a_lost_gpu_is_left_alone_for_ten_minutes() {
        let mut record = Record::default();
        record.start("a", 5);
        record.end(&End::GpuLost, 10);
        let next = record.start("a", 20);
        assert!(next.no_gpu && !next.safe);
        record.end(&End::Asked, 30);
        assert!(record.start("a", 40).no_gpu);
        record.end(&End::Asked, 50);
        assert!(!record.start("a", 11 + WITHIN).no_gpu);
    }

    #[test]
    fn what_is_no_record_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join(FILE);
        assert_eq!(Record::read(&path), Record::default());
        let mut record = Record::default();
        killed(&mut record, 0..40);
        record.write(&path).unwrap();
        sync(&path).unwrap();
        assert!(fs::metadata(&path).unwrap().len() < LONGEST / 4);
        assert_eq!(Record::read(&path), record);
        for wrong in
            ["", "{", "[]", "{\"crashes\": 3}", "\0\0\0\0", "{\"boot\": \"a\", \"crashes\": [{\"at\": -1}]}"]
        {
            fs::write(&path, wrong).unwrap();
            assert_eq!(Record::read(&path), Record::default(), "{wrong:?}");
        }
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert_eq!(Record::read(&path), Record::default());
    }
}
