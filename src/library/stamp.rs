//! What tells a file from itself once it was written or replaced: never opened, only looked at.
//! Invariant: two looks at a file that nobody touched are equal.

use std::{
    collections::{BTreeMap, hash_map::DefaultHasher},
    fs::{self, Metadata},
    hash::{Hash, Hasher},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

/// What a reading of a folder looked at, by names from the folder on; `None` where nothing was there. As long as
/// all of it stays as it is, another reading would find the same.
pub(super) type Looks = BTreeMap<PathBuf, Option<Stamp>>;

/// What stands under a name at a moment; links are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Stamp {
    kind: Kind,
    dev: u64,
    ino: u64,
    /// The length in bytes.
    pub len: u64,
    /// When the content was written, in seconds and nanoseconds.
    mtime: (i64, i64),
    /// When anything about it was changed; people cannot set it back.
    ctime: (i64, i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
enum Kind {
    File,
    Folder,
    Other,
}

impl Stamp {
    /// What stands there now; `None` where nothing does, or nothing that can be looked at.
    pub fn of(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().map(|meta| Self::from(&meta))
    }

    /// Whether it is an ordinary file.
    pub fn is_file(self) -> bool {
        self.kind == Kind::File
    }

    /// Whether it is the same file as before, and longer.
    pub fn grew_from(self, before: Self) -> bool {
        (self.dev, self.ino) == (before.dev, before.ino) && self.len > before.len
    }

    /// When it was last changed, in nanoseconds since 1970 by the clock of the machine that holds it.
    pub fn changed(self) -> i128 {
        i128::from(self.ctime.0) * 1_000_000_000 + i128::from(self.ctime.1)
    }

    /// As one number.
    pub fn number(self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

impl From<&Metadata> for Stamp {
    fn from(meta: &Metadata) -> Self {
        let kind = match meta.file_type() {
            kind if kind.is_file() => Kind::File,
            kind if kind.is_dir() => Kind::Folder,
            _ => Kind::Other,
        };
        Self {
            kind,
            dev: meta.dev(),
            ino: meta.ino(),
            len: meta.len(),
            mtime: (meta.mtime(), meta.mtime_nsec()),
            ctime: (meta.ctime(), meta.ctime_nsec()),
        }
    }
}

/// Whether all that was looked at in the folder `dir` is as it was.
pub(super) fn unchanged(dir: &Path, looks: &Looks) -> bool {
    looks.iter().all(|(name, before)| Stamp::of(&dir.join(name)) == *before)
}

/// A file's [`Stamp`] as one number; 0 where the file is gone, which is found out when it is opened.
pub(super) fn stamp_of(path: &Path) -> u64 {
    Stamp::of(path).map_or(0, Stamp::number)
}
