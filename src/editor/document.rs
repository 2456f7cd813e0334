//! The document: a playlist's folder as it is edited, with all that was done to it.
//! Invariant: of a text, only the bytes that a change is about are another's.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::domain::playlist::List;

mod entry;

pub use entry::{Entries, Entry, Kind, Named, NewItem, Written};

/// What one step of undo is about; the same again within one focus is the same step.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Change {
    /// A field of an entry, by its key, such as `duration` or `when.days`.
    Field(List, usize, &'static str),
    /// What is always a step of its own; the words are for staff: Indonesian and English.
    Step(&'static str, &'static str),
    /// The text of a file.
    Text(PathBuf),
    /// A daypart or calendar, by its name.
    Named(String),
}

/// Why a folder could not be opened, in Indonesian and English.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{en}")]
pub struct OpenError {
    /// In Indonesian.
    pub id: String,
    /// In English.
    pub en: String,
}

/// Why the document could not be saved, in Indonesian and English.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SaveError {
    /// A file changed underneath: [`Document::look`] says more.
    #[error("{} changed underneath", .0.display())]
    Changed(PathBuf),
    /// It cannot be written; nothing of this file was changed on disk.
    #[error("{en}")]
    Unwritable {
        /// In Indonesian.
        id: String,
        /// In English.
        en: String,
    },
}

/// What became of the folder underneath.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outside {
    /// Nothing that concerns the document.
    Nothing,
    /// These files changed and had no edits of ours: they were read anew, which can be undone.
    Taken(Vec<PathBuf>),
    /// These files changed and so did ours: both changes stand in them now, not saved yet.
    Merged(Vec<PathBuf>),
    /// These files changed where ours did too: ask, then [`Document::resolve`].
    Conflict(Vec<PathBuf>),
    /// These files were taken away: ours stand, not saved yet.
    Gone(Vec<PathBuf>),
}

/// What is to be done where a file changed on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// Ours stands; theirs is lost with the next save.
    Mine,
    /// Theirs is taken; undo brings ours back.
    Theirs,
    /// Ours stands; theirs is saved beside as a copy.
    Both,
}

/// A playlist's folder as it is edited.
#[derive(Debug)]
pub struct Document {
    folder: PathBuf,
}

/// The document while it is changed.
#[derive(Debug)]
pub struct Draft<'d> {
    document: &'d mut Document,
}

impl Document {
    /// Opens a folder; an empty one, or one that is not there, is a new playlist.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        Ok(Self { folder: dir.to_owned() })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The entries of a list as they are written; cheap to ask again.
    pub fn entries(&self, _list: List) -> Entries {
        Arc::from([])
    }

    /// The dayparts in the file, in its order.
    pub fn dayparts(&self) -> Vec<Named> {
        Vec::new()
    }

    /// The calendars in the file, in its order.
    pub fn calendars(&self) -> Vec<Named> {
        Vec::new()
    }

    /// The playlist's title.
    pub fn title(&self) -> String {
        String::new()
    }

    /// The text of a file that is edited, by its name from the folder on.
    pub fn text(&self, _file: &Path) -> Option<Arc<str>> {
        None
    }

    /// Where `playlist.toml` is no TOML: the line, from 1. Its entries are none then, and nothing but its text
    /// can be changed.
    pub fn broken(&self) -> Option<usize> {
        None
    }

    /// Changes the document: one step of undo. The same `what` again before [`Self::settle`] joins the step.
    pub fn edit<R>(&mut self, _what: Change, f: impl FnOnce(&mut Draft<'_>) -> R) -> R {
        f(&mut Draft { document: self })
    }

    /// Ends a step: what comes next is another one. For when the focus moves on.
    pub fn settle(&mut self) {}

    /// Takes the last step back; false where there is none.
    pub fn undo(&mut self) -> bool {
        false
    }

    /// Does again what was taken back last; false where there is nothing.
    pub fn redo(&mut self) -> bool {
        false
    }

    /// What [`Self::undo`] would take back.
    pub fn can_undo(&self) -> Option<&Change> {
        None
    }

    /// What [`Self::redo`] would do again.
    pub fn can_redo(&self) -> Option<&Change> {
        None
    }

    /// The texts that differ from what is on disk, by their names from the folder on.
    pub fn unsaved(&self) -> BTreeMap<PathBuf, String> {
        BTreeMap::new()
    }

    /// Another number after each change, of the document or of the folder.
    pub fn revision(&self) -> u64 {
        0
    }

    /// Whether anything differs from what is on disk.
    pub fn is_changed(&self) -> bool {
        false
    }

    /// Writes what changed, each file whole or not at all.
    ///
    /// # Errors
    /// A file changed underneath or cannot be written; those before it are saved.
    pub fn save(&mut self) -> Result<(), SaveError> {
        Ok(())
    }

    /// Looks at what changed in the folder underneath; cheap where nothing did. To be called about once a second,
    /// when the window gets the focus, and before saving.
    pub fn look(&mut self) -> Outside {
        Outside::Nothing
    }

    /// Decides a [`Outside::Conflict`].
    ///
    /// # Errors
    /// The copy cannot be written.
    pub fn resolve(&mut self, _file: &Path, _how: Resolution) -> Result<(), SaveError> {
        Ok(())
    }

    /// Puts an item into a list, before the one at `at`; returns where it stands.
    pub fn insert(&mut self, _list: List, at: usize, _item: &NewItem) -> usize {
        at
    }

    /// Doubles entries, each behind itself; returns where the copies stand.
    pub fn duplicate(&mut self, _list: List, which: &[usize]) -> Vec<usize> {
        which.to_vec()
    }

    /// Takes entries out, with the comments directly above them.
    pub fn delete(&mut self, _list: List, _which: &[usize]) {}

    /// Moves entries together, so that the first stands before the one that is at `to` now (the list's length: at
    /// its end); returns where they stand.
    pub fn move_to(&mut self, _list: List, which: &[usize], _to: usize) -> Vec<usize> {
        which.to_vec()
    }

    /// Switches entries on or off.
    pub fn set_enabled(&mut self, _list: List, _which: &[usize], _enabled: bool) {}
}

impl Draft<'_> {
    /// To come.
    pub fn insert(&mut self, _list: List, at: usize, _item: &NewItem) -> usize {
        at
    }

    /// To come.
    pub fn set_text(&mut self, _file: &Path, _text: impl Into<Arc<str>>) {}

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.document.folder
    }
}
