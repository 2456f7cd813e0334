//! The files of the play log: `play-000001.jsonl`, `play-000002.jsonl` and so on, the newest line last; beside them
//! `item-000001.jsonl` and so on, so that items, of which there are many, push out no calls.
//! Invariant: those of one series together are never larger than its bound, and no line ever continues a torn one.
//!
//! Nothing is remembered between two lines: what is in the folder is all there is to know. So a log survives
//! restarts, a folder that is emptied or replaced while the program runs, and two programs that write into it.

use std::{
    fs::{self, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// A file's part of the bound. The oldest lines go a whole file at a time, so at least the newest three quarters
/// of the bound are kept.
const PARTS: u64 = 8;

/// The files of one kind of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Series {
    /// Calls and spoken notices: `play-*.jsonl`.
    Calls,
    /// Items of the playlist: `item-*.jsonl`.
    Items,
}

impl Series {
    /// Its part of all that the log may take, in bytes: a quarter is for the calls, which are fewer.
    pub fn share(self, of: u64) -> u64 {
        match self {
            Self::Calls => of / 4,
            Self::Items => of - of / 4,
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::Calls => "play-",
            Self::Items => "item-",
        }
    }
}

/// Why a line cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk is full, may not be written to, or is gone.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It will never have room.
    #[error("a line of {length} bytes is longer than a file of it may be, {most} bytes")]
    TooLong {
        /// The line's length in bytes.
        length: u64,
        /// A file's greatest length in bytes.
        most: u64,
    },
}

/// A file of the log.
struct File {
    number: u64,
    bytes: u64,
}

/// The files of a series in a folder, the oldest first.
///
/// # Errors
/// The folder cannot be read.
pub fn list(folder: &Path, series: Series) -> io::Result<Vec<PathBuf>> {
    Ok(read(folder, series)?.into_iter().map(|file| folder.join(name(series, file.number))).collect())
}

/// Writes a line at the end of a series, and lets the oldest lines go where all would be more than `bound` bytes.
/// Makes the folder where there is none. `line` is without its line feed.
///
/// # Errors
/// The line is not in the log.
pub fn append(folder: &Path, series: Series, bound: u64, line: &str) -> Result<(), Error> {
    // One line feed ends the line, and another one may have to end a torn line before it.
    let length = line.len() as u64 + 2;
    let most = bound / PARTS;
    if length > most {
        return Err(Error::TooLong { length, most });
    }
    fs::create_dir_all(folder)?;
    let files = read(folder, series)?;
    let newest = files.last().map_or(0, |file| file.number);
    let fits = files.last().is_some_and(|file| file.bytes + length <= most);
    let number = if fits { newest } else { newest + 1 };
    let mut total: u64 = files.iter().map(|file| file.bytes).sum();
    // This never comes to the newest file where the line goes into it: with the line that is within the bound.
    for file in &files {
        if total + length <= bound {
            break;
        }
        match fs::remove_file(folder.join(name(series, file.number))) {
            // Another program that writes here was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            removed => removed?,
        }
        total -= file.bytes;
    }
    write(&folder.join(name(series, number)), line)
}

fn write(path: &Path, line: &str) -> Result<(), Error> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let before = file.seek(SeekFrom::End(0))?;
    let mut last = [b'\n'];
    if before > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    // A loss of power may have torn the last line; it stays one by itself, and the next begins after it.
    let end = if last == *b"\n" { "" } else { "\n" };
    // In one piece, so that lines of two programs do not mix.
    file.write_all(format!("{end}{line}\n").as_bytes()).inspect_err(|_| {
        // The disk is full: what found room of the line is taken back, if that can be done.
        let _ = file.set_len(before);
    })?;
    Ok(())
}

/// The files of a series, and nothing else that may lie in the folder.
fn read(folder: &Path, series: Series) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Some(number) = entry.file_name().to_str().and_then(|name| number(series, name)) else { continue };
        match entry.metadata() {
            Ok(data) if data.is_file() => files.push(File { number, bytes: data.len() }),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    files.sort_by_key(|file| file.number);
    Ok(files)
}

/// The number in a file's name; `None` where it is not one that [`name`] gives.
fn number(series: Series, file_name: &str) -> Option<u64> {
    let number: u64 = file_name.strip_prefix(series.prefix())?.strip_suffix(".jsonl")?.parse().ok()?;
    // One that has no next is none of ours.
    Some(number).filter(|number| *number < u64::MAX && name(series, *number) == file_name)
}

fn name(series: Series, number: u64) -> String {
    format!("{}{number:06}.jsonl", series.prefix())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by a panic")]

    use proptest::prelude::*;

    use super::*;

    fn lines(folder: &Path) -> Vec<String> {
        let texts =
            list(folder, Series::Calls).unwrap().into_iter().map(|path| fs::read_to_string(path).unwrap());
        texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    fn bytes(folder: &Path) -> u64 {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
        /// Over restarts with other bounds too: the log is within the bound after each line, what it holds are the
        /// newest lines, whole and in order.
        #[test]
        fn the_newest_lines_are_kept_within_the_bound(
            runs in prop::collection::vec((800_u64..4_000, prop::collection::vec(1_usize..90, 1..150)), 1..4)
        ) {
            let folder = tempfile::tempdir().unwrap();
            let mut written = Vec::new();
            for (bound, lengths) in runs {
                for length in lengths {
                    let line = format!("{:06}{}", written.len(), "x".repeat(length));
                    append(folder.path(), Series::Calls, bound, &line).unwrap();
                    written.push(line);
                    prop_assert!(bytes(folder.path()) <= bound);
                }
                let kept = lines(folder.path());
                prop_assert_eq!(&written[written.len() - kept.len()..], &kept);
                prop_assert_eq!(kept.last(), written.last());
            }
        }
    }

    #[test]
    fn at_least_three_quarters_of_the_bound_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let bound = 8_000;
        let mut full = false;
        for number in 0..1_000 {
            append(folder.path(), Series::Calls, bound, &format!("{number:040}")).unwrap();
            full |= number > 200;
            assert!(!full || bytes(folder.path()) >= bound * 3 / 4, "{number}: {}", bytes(folder.path()));
        }
        assert!(list(folder.path(), Series::Calls).unwrap().len() <= 2 * PARTS as usize + 1);
    }

    #[test]
    fn items_push_out_no_calls() {
        let folder = tempfile::tempdir().unwrap();
        let bound = 8_000;
        append(folder.path(), Series::Calls, Series::Calls.share(bound), "{\"kind\":\"call\"}").unwrap();
        for number in 0..2_000 {
            append(folder.path(), Series::Items, Series::Items.share(bound), &format!("{number:0100}"))
                .unwrap();
            assert!(bytes(folder.path()) <= bound);
        }
        assert_eq!(lines(folder.path()), ["{\"kind\":\"call\"}"]);
        assert!(list(folder.path(), Series::Items).unwrap().len() > 4);
        assert_eq!(Series::Calls.share(bound) + Series::Items.share(bound), bound);
    }

    #[test]
    fn a_torn_line_does_not_spoil_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("play-000001.jsonl");
        for torn in ["{\"kind\":\"ca", "\0\0\0"] {
            fs::write(&path, format!("{{\"whole\":1}}\n{torn}")).unwrap();
            append(folder.path(), Series::Calls, 1 << 20, "{\"whole\":2}").unwrap();
            append(folder.path(), Series::Calls, 1 << 20, "{\"whole\":3}").unwrap();
            assert_eq!(lines(folder.path()), ["{\"whole\":1}", torn, "{\"whole\":2}", "{\"whole\":3}"]);
        }
    }

    #[test]
    fn what_else_lies_in_the_folder_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let others = ["play-1.jsonl", "play-000002.jsonl.bak", "notes.txt", "play-+00001.jsonl"];
        for other in others {
            fs::write(folder.path().join(other), "x".repeat(2_000)).unwrap();
        }
        for number in 0..200 {
            append(folder.path(), Series::Calls, 800, &format!("{number:040}")).unwrap();
        }
        for other in others {
            assert_eq!(fs::metadata(folder.path().join(other)).unwrap().len(), 2_000, "{other}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(append(&file.join("log"), Series::Calls, 1 << 20, "{}"), Err(Error::Io(_))));
        let log = folder.path().join("a/b/log");
        assert!(matches!(append(&log, Series::Calls, 800, &"x".repeat(200)), Err(Error::TooLong { .. })));
        append(&log, Series::Calls, 800, "{}").unwrap();
        assert_eq!(lines(&log), ["{}"]);
    }
}
