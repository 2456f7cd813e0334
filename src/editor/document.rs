//! The document: a playlist's folder as it is edited, with all that was done to it.
//! Invariant: of a text, only the bytes that a change is about are another's.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::folder::{self, Stamp};
use crate::domain::playlist::List;

mod draft;
mod entry;
mod field;
mod history;
mod list;
mod merge;
mod outside;
pub mod page;
mod read;
mod text;
mod tree;
mod value;

pub use draft::Draft;
pub use entry::{Entries, Entry, Kind, Named, NewItem, Written};
pub use outside::Watched;
pub use text::{retyped, to_type};
pub use value::Value;

use history::{History, Text};
use tree::Tree;

/// The playlist's file.
pub const PLAYLIST: &str = "playlist.toml";
/// What a new playlist says.
const NEW: &str = "version = 1\n";

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
    /// By their names from the folder on; `playlist.toml` is always among them.
    files: BTreeMap<PathBuf, File>,
    tree: Result<Tree, usize>,
    history: History,
    revision: u64,
    watched: Watched,
}

/// A file that is edited.
#[derive(Debug, Default)]
struct File {
    /// As it is edited; `None` where it is not there.
    text: Text,
    /// As it was on disk when it was read or written last.
    disk: Text,
    stamp: Option<Stamp>,
    /// Another one's change that cannot be merged with ours.
    theirs: Option<Text>,
    /// How many times it was looked at while it could not be read.
    waited: u8,
    /// Whether it was decided that ours takes the place of one that cannot be read.
    over_unreadable: bool,
}

impl File {
    fn new(text: Text, stamp: Option<Stamp>) -> Self {
        Self { disk: text.clone(), text, stamp, ..Self::default() }
    }

    /// Its text where that is to be written.
    fn unsaved(&self) -> Option<&Arc<str>> {
        // What undo took away again stays on disk: no file is ever deleted.
        self.text.as_ref().filter(|text| self.disk.as_ref() != Some(text))
    }
}

impl Document {
    /// Opens a folder; an empty one, or one that is not there, is a new playlist.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        let name = PathBuf::from(PLAYLIST);
        if dir.exists() && !dir.is_dir() {
            return Err(OpenError {
                id: format!(
                    "`{}` adalah berkas, bukan folder; buka folder yang berisi {PLAYLIST}",
                    dir.display()
                ),
                en: format!(
                    "`{}` is a file, not a folder; open the folder that holds {PLAYLIST}",
                    dir.display()
                ),
            });
        }
        let stamp = folder::stamp(&dir.join(&name));
        let text = folder::read(&dir.join(&name), folder::MAX_PLAYLIST)?;
        let file = File { text: Some(text.clone().unwrap_or_else(|| NEW.into())), ..File::new(text, stamp) };
        let tree = Tree::new(file.text.clone().unwrap_or_default());
        Ok(Self {
            folder: dir.to_owned(),
            files: BTreeMap::from([(name, file)]),
            tree,
            history: History::default(),
            revision: 0,
            watched: Watched::default(),
        })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The entries of a list as they are written; cheap to ask again. None where the file is [broken][Self::broken].
    pub fn entries(&self, list: List) -> Entries {
        match &self.tree {
            Ok(tree) => tree.entries[list as usize].get_or_init(|| read::entries(tree, list)).clone(),
            Err(_) => Arc::from([]),
        }
    }

    /// The dayparts in the file, in its order.
    pub fn dayparts(&self) -> Vec<Named> {
        self.tree.as_ref().map(|tree| read::named(tree, "daypart")).unwrap_or_default()
    }

    /// The calendars in the file, in its order.
    pub fn calendars(&self) -> Vec<Named> {
        self.tree.as_ref().map(|tree| read::named(tree, "calendar")).unwrap_or_default()
    }

    /// The playlist's title.
    pub fn title(&self) -> String {
        self.tree.as_ref().map(read::title).unwrap_or_default()
    }

    /// The text of a file that was opened, by its name from the folder on, with line ends as they are.
    pub fn text(&self, file: &Path) -> Option<Arc<str>> {
        self.files.get(file)?.text.clone()
    }

    /// Opens a page's text to be edited, by its name from the folder on; the text is empty where there is no such
    /// file.
    ///
    /// # Errors
    /// It lies outside the folder or cannot be read.
    pub fn open_text(&mut self, file: &Path) -> Result<Arc<str>, OpenError> {
        if let Some(known) = self.files.get(file).filter(|known| known.text.is_some()) {
            return Ok(known.text.clone().unwrap_or_default());
        }
        let path = folder::inside(&self.folder, file)?;
        let stamp = folder::stamp(&path);
        let text = folder::read(&path, folder::MAX_PAGE)?;
        self.files.insert(file.to_owned(), File::new(text.clone(), stamp));
        Ok(text.unwrap_or_default())
    }

    /// Where `playlist.toml` is no TOML: the line, from 1. Its entries are none then, and nothing but its text
    /// can be changed.
    pub fn broken(&self) -> Option<usize> {
        let at = self.tree.as_ref().err()?;
        let text = self.text(Path::new(PLAYLIST))?;
        Some(1 + text.get(..*at)?.matches('\n').count())
    }

    /// Changes the document: one step of undo. The same `what` again before [`Self::settle`] joins the step.
    pub fn edit<R>(&mut self, what: Change, f: impl FnOnce(&mut Draft<'_>) -> R) -> R {
        let mut draft = Draft::new(self);
        let result = f(&mut draft);
        let before = draft.before();
        let files: Vec<_> = before
            .into_iter()
            .map(|(path, before)| {
                let after = self.text(&path);
                (path, before, after)
            })
            .filter(|(_, before, after)| before != after)
            .collect();
        if !files.is_empty() {
            // A folder that is not there yet: what is drawn from it, and files dropped on it, need it.
            if let Err(err) = std::fs::create_dir_all(&self.folder) {
                tracing::warn!("{}: {err}", self.folder.display());
            }
            self.history.push(&what, files);
            self.revision += 1;
        }
        result
    }

    /// Ends a step: what comes next is another one. For when the focus moves on.
    pub fn settle(&mut self) {
        self.history.settle();
    }

    /// Takes the last step back; false where there is none.
    pub fn undo(&mut self) -> bool {
        let files = self.history.undo();
        self.go_to(files)
    }

    /// Does again what was taken back last; false where there is nothing.
    pub fn redo(&mut self) -> bool {
        let files = self.history.redo();
        self.go_to(files)
    }

    fn go_to(&mut self, files: Option<Vec<(PathBuf, Text)>>) -> bool {
        let Some(files) = files else { return false };
        for (path, text) in files {
            self.put(&path, text);
        }
        self.revision += 1;
        true
    }

    /// Gives a file another text, without a step of undo.
    fn put(&mut self, path: &Path, text: Text) {
        if path == Path::new(PLAYLIST) {
            self.tree = Tree::new(text.clone().unwrap_or_default());
        }
        self.files.entry(path.to_owned()).or_default().text = text;
    }

    /// What [`Self::undo`] would take back.
    pub fn can_undo(&self) -> Option<&Change> {
        self.history.last()
    }

    /// What [`Self::redo`] would do again.
    pub fn can_redo(&self) -> Option<&Change> {
        self.history.next()
    }

    /// The texts that differ from what is on disk, by their names from the folder on; without byte order marks, as
    /// files are read.
    pub fn unsaved(&self) -> BTreeMap<PathBuf, String> {
        let bare = |text: &str| text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        self.files.iter().filter_map(|(path, file)| Some((path.clone(), bare(file.unsaved()?)))).collect()
    }

    /// Another number after each change, of the document or of the folder.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether anything differs from what is on disk; a new playlist without anything in it does not.
    pub fn is_changed(&self) -> bool {
        self.files
            .values()
            .any(|file| file.unsaved().is_some_and(|text| file.disk.is_some() || &**text != NEW))
    }

    /// The names of the files that differ from what is on disk.
    pub fn changed(&self) -> Vec<PathBuf> {
        let changed = self.files.iter().filter(|(_, file)| file.unsaved().is_some());
        changed.map(|(path, _)| path.clone()).collect()
    }

    /// Puts an item into a list, before the one at `at`; returns where it stands.
    pub fn insert(&mut self, list: List, at: usize, item: &NewItem) -> usize {
        self.edit(Change::Step("menambah butir", "add an item"), |draft| draft.insert(list, at, item))
    }

    /// Doubles entries, each behind itself; returns where the copies stand.
    pub fn duplicate(&mut self, list: List, which: &[usize]) -> Vec<usize> {
        self.edit(Change::Step("menggandakan", "duplicate"), |draft| draft.duplicate(list, which))
    }

    /// Takes entries out, with the comments directly above them.
    pub fn delete(&mut self, list: List, which: &[usize]) {
        self.edit(Change::Step("menghapus", "delete"), |draft| draft.delete(list, which))
    }

    /// Moves entries together, so that the first stands before the one that is at `to` now (the list's length: at
    /// its end); returns where they stand.
    pub fn move_to(&mut self, list: List, which: &[usize], to: usize) -> Vec<usize> {
        self.edit(Change::Step("memindahkan", "move"), |draft| draft.move_to(list, which, to))
    }

    /// Switches entries on or off.
    pub fn set_enabled(&mut self, list: List, which: &[usize], enabled: bool) {
        let change = if enabled {
            Change::Step("menampilkan", "switch on")
        } else {
            Change::Step("tidak menampilkan", "switch off")
        };
        self.edit(change, |draft| draft.set_enabled(list, which, enabled))
    }
}

#[cfg(test)]
mod tests;
