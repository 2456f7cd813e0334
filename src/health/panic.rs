//! What a panic does: a line in the log, a note in the state directory, and where nobody catches it the program's end.
//! Invariant: no panic leaves a program that only seems to live: it goes on by a defined way, or it ends.

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    fs, io,
    panic::PanicHookInfo,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    thread,
    time::Duration,
};

use bevy::log::{error, tracing};
use jiff::Timestamp;

use crate::{
    fault,
    state::{BROKEN, Breakage, Cause},
};

/// How long the end in order may take: the state and the play log are given 2 s each by a slow disk.
const LAST: Duration = Duration::from_secs(5);
/// How many notes are kept, and how long each may be in bytes.
const MOST_NOTES: usize = 5;
const LONGEST_NOTE: usize = 8 << 10;
/// The notes' folder in the state directory.
pub const FOLDER: &str = "crashes";

/// Wakes the drawing loop, once there is one.
#[derive(Clone, Default)]
pub struct Alarm(Arc<OnceLock<Arc<dyn Fn() + Send + Sync>>>);

impl Alarm {
    /// From now on this wakes it.
    pub fn connect(&self, wake: Arc<dyn Fn() + Send + Sync>) {
        _ = self.0.set(wake);
    }
}

/// Sets the hook; the thread that calls it is the main one. Notes go into the state directory, where there is one.
pub fn hook(state: Option<PathBuf>, breakage: Breakage, alarm: Alarm) {
    let main = thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        let current = thread::current();
        let is_main = current.id() == main;
        let name = if is_main { "main" } else { current.name().unwrap_or("unnamed") };
        let caught = fault::is_caught();
        let told = told(name, info, caught);
        if tracing::dispatcher::has_been_set() {
            error!("{told}");
        } else {
            eprintln!("papan: {told}");
        }
        if let Some(Err(err)) = state.as_deref().map(|state| note(&state.join(FOLDER), &told)) {
            error!("the crash could not be noted: {err}");
        }
        if caught {
            return;
        }
        breakage.tell(cause(name, info));
        // The main thread unwinds to its end by itself; the others' news is taken by the next frame, which comes now.
        if let Some(wake) = alarm.0.get().filter(|_| !is_main) {
            wake();
        }
        let last = thread::Builder::new().name("last".into()).spawn(|| {
            thread::sleep(LAST);
            end_now(BROKEN);
        });
        if last.is_err() {
            end_now(BROKEN);
        }
    }));
}

/// Ends the program at once: nothing more is kept.
pub fn end_now(code: u8) -> ! {
    // SAFETY: `_exit` ends the process; what a handler of `exit` or a destructor would do is not wanted, as it may
    // wait for a thread that is gone.
    unsafe { libc::_exit(code.into()) }
}

fn cause(name: &str, info: &PanicHookInfo<'_>) -> Cause {
    let place = info.location().map_or("", |location| location.file());
    // A driver that is gone makes wgpu and bevy's renderer panic in places where they expected an answer.
    match ["/wgpu", "/bevy_render", "/naga"].iter().any(|part| place.contains(part)) {
        true => Cause::Gpu(format!("a panic in {place}")),
        false => Cause::Panic(name.to_owned()),
    }
}

fn told(name: &str, info: &PanicHookInfo<'_>, caught: bool) -> String {
    let what = info.payload_as_str().unwrap_or("no message");
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let then = if caught { "it goes on without what it was at" } else { "the program ends" };
    let mut told = format!("the thread {name} panicked at {place}: {what}; {then}");
    let trace = Backtrace::capture();
    if trace.status() == BacktraceStatus::Captured {
        told.push_str(&format!("\n{trace}"));
    }
    told
}

/// Writes a note, and lets the oldest ones go.
fn note(folder: &Path, told: &str) -> io::Result<()> {
    let head = format!("papan {} at {}\n", env!("CARGO_PKG_VERSION"), Timestamp::now());
    let mut text: String = head + told;
    let mut end = LONGEST_NOTE.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    fs::create_dir_all(folder)?;
    let mut notes = notes(folder);
    // The clock may be wrong, so the order is that of the names.
    let number = notes.last().map_or(1, |(number, _)| number.saturating_add(1));
    let path = folder.join(format!("crash-{number:06}.txt"));
    fs::write(&path, text).inspect_err(|_| _ = fs::remove_file(&path))?;
    notes.push((number, path));
    let beyond = notes.len().saturating_sub(MOST_NOTES);
    notes.drain(..beyond).try_for_each(|(_, old)| fs::remove_file(old))
}

/// The notes that are there, the oldest first.
fn notes(folder: &Path) -> Vec<(u64, PathBuf)> {
    let number = |path: PathBuf| {
        let number =
            path.file_name()?.to_str()?.strip_prefix("crash-")?.strip_suffix(".txt")?.parse().ok()?;
        Some((number, path))
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut notes: Vec<_> = entries.filter_map(|entry| number(entry.path())).collect();
    notes.sort();
    notes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by a panic")]

    use super::*;

    #[test]
    fn the_newest_five_notes_are_kept_and_none_is_long() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("crashes");
        for number in 0..20 {
            note(&folder, &format!("{number} {}", "é".repeat(LONGEST_NOTE))).unwrap();
        }
        let texts: Vec<_> =
            notes(&folder).iter().map(|(_, path)| fs::read_to_string(path).unwrap()).collect();
        assert_eq!(texts.len(), MOST_NOTES);
        assert!(texts.iter().all(|text| text.len() <= LONGEST_NOTE));
        assert!(texts[0].contains("\n15 é") && texts[4].contains("\n19 é"), "{}", &texts[0][..80]);
    }

    #[test]
    fn a_folder_that_takes_no_note_is_an_error_and_no_panic() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(note(&file.join("crashes"), "x").is_err());
    }
}
