//! Text files as people leave them on a disk: bounded, UTF-8, without what a screen must not show.
//! Invariant: nothing here fails without saying what to do about it.

use std::{
    fs::{self, File},
    io::{self, Read},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use rustix::fs::OFlags;

use crate::{domain::visible::clean, problem::Problem};

/// Reads a text file of at most `max` bytes; a byte order mark at its start is left out.
pub fn read_text(path: &Path, max: u64) -> Result<String, Problem> {
    let broken = |err| unreadable(path, &err);
    let file = open(path).map_err(broken)?;
    // One byte more than allowed is enough to know; a file can grow while it is read.
    let mut bytes = Vec::new();
    file.take(max + 1).read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 > max {
        let max = max / 1024;
        return Err(Problem::error(
            path,
            None,
            format!("berkas ini terlalu besar; paling besar {max} KiB, pecah menjadi beberapa berkas"),
            format!("this file is too large; at most {max} KiB: split it into several"),
        ));
    }
    let text = String::from_utf8(bytes).map_err(|err| {
        let good = err.utf8_error().valid_up_to();
        let line = 1 + err.as_bytes()[..good].iter().filter(|b| **b == b'\n').count();
        Problem::error(
            path,
            Some(line),
            "baris ini memuat huruf yang tidak terbaca; simpan berkas ini dengan encoding UTF-8",
            "this line holds letters that cannot be read; save the file with the encoding UTF-8",
        )
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// A key as it has to be written in TOML: in quotes where it holds more than letters, digits, `-` and `_`.
pub(super) fn key_as_written(key: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !key.is_empty() && key.chars().all(is_bare) {
        return key.to_owned();
    }
    format!("\"{}\"", clean(key).replace('\\', "\\\\").replace('"', "\\\""))
}

/// Opens a file for reading. A folder is an error of the kind `IsADirectory`, and what else is no file, such as
/// a pipe, which would be waited for without end, one of the kind `Unsupported`.
pub fn open(path: &Path) -> io::Result<File> {
    let ordinary = |kind: fs::FileType| match kind {
        kind if kind.is_file() => Ok(()),
        kind if kind.is_dir() => Err(io::Error::from(io::ErrorKind::IsADirectory)),
        _ => Err(io::ErrorKind::Unsupported.into()),
    };
    // Asked before, as opening a device does something by itself; and of what was opened, as it may have been put
    // in the file's place just now. Without waiting: a pipe would be waited for, and an ordinary file never is.
    ordinary(fs::metadata(path)?.file_type())?;
    let now = OFlags::NONBLOCK.bits().cast_signed();
    let file = File::options().read(true).custom_flags(now).open(path)?;
    ordinary(file.metadata()?.file_type())?;
    Ok(file)
}

/// The problem of a file that the system does not let us read.
pub fn unreadable(path: &Path, err: &io::Error) -> Problem {
    let (id, en) = match err.kind() {
        io::ErrorKind::NotFound => (
            format!("berkas ini tidak ada; periksa nama dan foldernya{}", alike(path, ", yang mirip: ")),
            format!("there is no such file; look at its name and folder{}", alike(path, ", much like it: ")),
        ),
        io::ErrorKind::PermissionDenied => (
            "papan tidak boleh membaca berkas ini; beri izin baca: chmod a+r".to_owned(),
            "papan may not read this file; let it: chmod a+r".to_owned(),
        ),
        io::ErrorKind::IsADirectory => (
            "ini folder, bukan berkas; tulis nama berkas di dalamnya".to_owned(),
            "this is a folder, not a file; write the name of a file in it".to_owned(),
        ),
        io::ErrorKind::Unsupported => (
            "ini bukan berkas biasa, melainkan pipa atau perangkat; tulis nama berkas".to_owned(),
            "this is no ordinary file but a pipe or a device; write the name of a file".to_owned(),
        ),
        _ => (
            format!("berkas ini tidak dapat dibaca ({err}); periksa cakram dan izinnya"),
            format!("this file cannot be read ({err}); look at the disk and its permissions"),
        ),
    };
    Problem::error(path, None, id, en)
}

/// After `before`, the file beside a missing one whose name is most like its own; empty where none is.
fn alike(path: &Path, before: &str) -> String {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|n| n.to_str())) else {
        return String::new();
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return String::new();
    };
    let names: Vec<String> =
        entries.take(1000).filter_map(|e| e.ok()?.file_name().into_string().ok()).collect();
    match nearest(name, names.iter().map(String::as_str).filter(|other| *other != name)) {
        Some(other) if strsim::normalized_damerau_levenshtein(name, other) >= 0.5 => {
            format!("{before}`{other}`")
        }
        _ => String::new(),
    }
}

/// The candidate that is most like a word, with weight on how both begin; the first of equals.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let likeness = |candidate: &str| strsim::jaro_winkler(&word, &candidate.to_lowercase());
    candidates.into_iter().min_by(|a, b| likeness(b).total_cmp(&likeness(a)))
}
