//! Reads a play log: every line of its files, whatever state they are in.
//! Invariant: no line is fatal: one that is torn, or of a kind that is not known here, is counted.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use super::{
    files::{self, Series},
    line::Line,
};

/// A longer line is none of ours, in bytes.
const LONGEST: u64 = 1 << 20;

/// What could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unread {
    /// Lines that are no line of JSON as the log has it, such as one that was cut off when the power went.
    pub torn: u64,
    /// Lines of a kind that this version does not know.
    pub unknown: u64,
    /// Files, and why.
    pub files: Vec<(PathBuf, String)>,
}

/// Hands every line of the log in a folder to `each`, the calls' first; tells what could not be read, and how many
/// files there were.
///
/// # Errors
/// The folder cannot be read.
pub fn lines(folder: &Path, mut each: impl FnMut(Line)) -> io::Result<(Unread, usize)> {
    let mut unread = Unread::default();
    let mut count = 0;
    for series in [Series::Calls, Series::Items] {
        for path in files::list(folder, series)? {
            count += 1;
            if let Err(error) = file(&path, &mut unread, &mut each) {
                // The screen may let an old file go while it is read.
                if error.kind() != io::ErrorKind::NotFound {
                    unread.files.push((path, error.to_string()));
                }
            }
        }
    }
    Ok((unread, count))
}

fn file(path: &Path, unread: &mut Unread, each: &mut impl FnMut(Line)) -> io::Result<()> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = reader.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok(());
        }
        if length as u64 == LONGEST && line.last() != Some(&b'\n') {
            unread.torn += 1;
            reader.skip_until(b'\n')?;
            continue;
        }
        match serde_json::from_slice(&line) {
            Ok(line) => each(line),
            Err(_) if line.trim_ascii().is_empty() => {}
            Err(_) if is_of_unknown_kind(&line) => unread.unknown += 1,
            Err(_) => unread.torn += 1,
        }
    }
}

fn is_of_unknown_kind(line: &[u8]) -> bool {
    let kind = serde_json::from_slice::<serde_json::Value>(line).ok();
    let kind = kind.as_ref().and_then(|value| value.get("kind")?.as_str());
    kind.is_some_and(|kind| !["call", "notice", "item"].contains(&kind))
}
