//! A playlist's folder: what people write in it names files in it, and nothing else.
//! Invariant: a path that is returned lies in the folder, also after following links.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap},
    fs,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use super::stamp::{Looks, Stamp};
use crate::{
    domain::{captions::Captions, playlist::Page},
    problem::Problem,
    written::{read_text, unreadable},
};

/// The playlist's file.
pub(super) const FILE: &str = "playlist.toml";
/// The most text of all files of a playlist together, in bytes: a thousand pages of a book.
const MOST_TEXT: u64 = 32 << 20;

/// What is wrong with a name, in Indonesian and English.
pub(crate) type Wrong = (String, String);

/// A playlist's folder, for one reading of it.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    dir: PathBuf,
    /// What was looked at so far.
    looks: RefCell<Looks>,
    /// How many bytes of text were read so far.
    text: Cell<u64>,
    /// What was read so far: several items may show the same. `None`: it was told already what is wrong.
    pub(super) pages: RefCell<HashMap<PathBuf, Option<Arc<Page>>>>,
    /// The captions that were read so far, by their films.
    pub(super) captions: RefCell<HashMap<PathBuf, Arc<Captions>>>,
    /// Texts that are not saved yet, by their files' names from the folder on.
    unsaved: BTreeMap<PathBuf, String>,
    /// The folder without links.
    real: PathBuf,
}

impl Folder {
    /// A folder that is there.
    pub(crate) fn open(dir: &Path) -> Result<Self, Problem> {
        let real = fs::canonicalize(dir).map_err(|err| {
            let problem = unreadable(dir, &err);
            Problem::error(
                dir,
                None,
                format!("folder daftar putar: {}", problem.id),
                format!("the playlist's folder: {}", problem.en),
            )
        })?;
        if !real.is_dir() {
            return Err(Problem::error(
                dir,
                None,
                "ini berkas, bukan folder; tulis nama folder yang berisi playlist.toml",
                "this is a file, not a folder; write the name of the folder that holds playlist.toml",
            ));
        }
        Ok(Self {
            dir: dir.to_owned(),
            real,
            unsaved: BTreeMap::new(),
            looks: RefCell::default(),
            text: Cell::default(),
            pages: RefCell::default(),
            captions: RefCell::default(),
        })
    }

    /// The folder as it is with texts that are not saved yet, by their files' names from the folder on.
    pub(crate) fn with(self, unsaved: BTreeMap<PathBuf, String>) -> Self {
        Self { unsaved, ..self }
    }

    /// The text of a file in the folder, at most `max` bytes.
    pub(crate) fn text(&self, path: &Path, max: u64) -> Result<String, Problem> {
        self.look(path);
        let unsaved = path.strip_prefix(&self.dir).ok().and_then(|name| self.unsaved.get(name));
        let text = unsaved.cloned().map_or_else(|| read_text(path, max), Ok)?;
        let all = self.text.get() + text.len() as u64;
        if all > MOST_TEXT {
            let most = MOST_TEXT >> 20;
            return Err(Problem::error(
                path,
                None,
                format!("sampai berkas ini teks daftar putar lebih dari {most} MiB; hapus sebagian halaman"),
                format!(
                    "up to this file the playlist has more than {most} MiB of text; take some pages away"
                ),
            ));
        }
        self.text.set(all);
        Ok(text)
    }

    /// Takes note of what stands under a path in the folder, before it is looked into: whether it changes decides
    /// whether the folder is read again.
    pub(crate) fn look(&self, path: &Path) {
        if let Ok(name) = path.strip_prefix(&self.dir) {
            self.looks.borrow_mut().entry(name.to_owned()).or_insert_with(|| Stamp::of(path));
        }
    }

    /// All that was looked at.
    pub(super) fn looks(self) -> Looks {
        self.looks.into_inner()
    }

    /// What stood under a path when it was looked at, as one number.
    pub(super) fn stamp(&self, path: &Path) -> u64 {
        self.look(path);
        let name = path.strip_prefix(&self.dir).unwrap_or(path);
        self.looks.borrow().get(name).copied().flatten().map_or(0, Stamp::number)
    }

    /// The playlist's file.
    pub(crate) fn playlist(&self) -> PathBuf {
        self.dir.join(FILE)
    }

    /// The file or folder that `written` names, seen from `from`, a file or folder of this folder.
    pub(crate) fn find(&self, from: &Path, written: &str) -> Result<PathBuf, Wrong> {
        if written.contains('\\') {
            let right = written.replace('\\', "/");
            return Err((
                format!("`{written}` memakai \\; tulis dengan garis miring: `{right}`"),
                format!("`{written}` has a \\; write it with slashes: `{right}`"),
            ));
        }
        if written.trim().is_empty() || written.contains(char::is_control) {
            return Err((
                "nama berkas kosong atau tidak terbaca; tulis misalnya `images/alur.png`".to_owned(),
                "the file's name is empty or cannot be read; write for example `images/alur.png`".to_owned(),
            ));
        }
        let inside = from.strip_prefix(&self.dir).unwrap_or(Path::new("")).join(written);
        let path = normal(&inside).filter(|_| !written.contains("://")).map(|inside| self.dir.join(inside));
        let Some(path) = path else { return Err(outside(written)) };
        if path.strip_prefix(&self.dir).is_ok_and(|name| self.unsaved.contains_key(name)) {
            return Ok(path);
        }
        self.look(&path);
        let real = fs::canonicalize(&path).map_err(|err| {
            let problem = unreadable(&path, &err);
            (format!("`{written}`: {}", problem.id), format!("`{written}`: {}", problem.en))
        })?;
        if real.starts_with(&self.real) { Ok(path) } else { Err(outside(written)) }
    }
}

/// A relative path without `.` and `..`; `None` where it leads out of where it begins.
fn normal(path: &Path) -> Option<PathBuf> {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => parts.push(name),
            Component::CurDir => {}
            Component::ParentDir if parts.pop() => {}
            _ => return None,
        }
    }
    Some(parts)
}

fn outside(written: &str) -> Wrong {
    (
        format!(
            "`{written}` di luar folder daftar putar; salin berkasnya ke dalam folder itu dan tulis misalnya `images/alur.png`"
        ),
        format!(
            "`{written}` lies outside the playlist's folder; copy the file into it and write for example `images/alur.png`"
        ),
    )
}
