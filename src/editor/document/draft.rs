//! The document while it is changed. Invariant: `playlist.toml` is TOML after a change by its keys: one that would
//! break it is not made.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Document, NewItem, PLAYLIST, Value,
    field::{self, Place},
    history::Text,
    list,
    text::{Patch, patched},
    tree::Tree,
};
use crate::domain::playlist::List;

/// The document while it is changed; what is done with it is one step of undo.
#[derive(Debug)]
pub struct Draft<'d> {
    document: &'d mut Document,
    /// The texts before, of the files that were changed.
    before: BTreeMap<PathBuf, Text>,
}

impl<'d> Draft<'d> {
    pub(super) fn new(document: &'d mut Document) -> Self {
        Self { document, before: BTreeMap::new() }
    }

    /// The texts before, of the files that were changed.
    pub(super) fn before(self) -> BTreeMap<PathBuf, Text> {
        self.before
    }

    /// The document as it is now.
    pub fn document(&self) -> &Document {
        self.document
    }

    /// Writes a field of an entry, by its keys with full stops between, such as `when.days`; false where that
    /// cannot be.
    pub fn set(&mut self, list: List, index: usize, path: &str, value: &Value) -> bool {
        let path: Vec<&str> = path.split('.').collect();
        self.by_keys(|tree| field::set(tree, Place::Entry(list, index), &path, value))
    }

    /// Takes a field of an entry away, as [`Self::set`] names it.
    pub fn remove(&mut self, list: List, index: usize, path: &str) -> bool {
        let path: Vec<&str> = path.split('.').collect();
        self.by_keys(|tree| field::remove(tree, Place::Entry(list, index), &path))
    }

    /// Writes a field, or takes it away where there is no value.
    pub fn put(&mut self, list: List, index: usize, path: &str, value: Option<&Value>) -> bool {
        match value {
            Some(value) => self.set(list, index, path, value),
            None => self.remove(list, index, path),
        }
    }

    /// Writes a key of the document itself, by the names on the way to it, such as `daypart`, `pagi`, `hours`.
    pub fn set_at(&mut self, path: &[&str], value: &Value) -> bool {
        self.by_keys(|tree| field::set(tree, Place::Root, path, value))
    }

    /// Takes a key of the document itself away.
    pub fn remove_at(&mut self, path: &[&str]) -> bool {
        self.by_keys(|tree| field::remove(tree, Place::Root, path))
    }

    /// Puts an item into a list, before the one at `at`; returns where it stands.
    pub fn insert(&mut self, list: List, at: usize, item: &NewItem) -> usize {
        let at = at.min(self.count(list));
        self.whole(|tree| list::insert(tree, list, at, item));
        at
    }

    /// Doubles entries, each behind itself; returns where the copies stand.
    pub fn duplicate(&mut self, list: List, which: &[usize]) -> Vec<usize> {
        let which = self.there(list, which);
        if !self.whole(|tree| list::duplicate(tree, list, &which)) {
            return which;
        }
        which.iter().enumerate().map(|(before, index)| index + before + 1).collect()
    }

    /// Takes entries out, with the comments directly above them.
    pub fn delete(&mut self, list: List, which: &[usize]) {
        let which = self.there(list, which);
        self.whole(|tree| list::delete(tree, list, &which));
    }

    /// Moves entries together before the one at `to`; returns where they stand.
    pub fn move_to(&mut self, list: List, which: &[usize], to: usize) -> Vec<usize> {
        let which = self.there(list, which);
        let order = list::moved(self.count(list), &which, to);
        if !self.whole(|tree| list::reorder(tree, list, &order)) {
            return which;
        }
        let stands = order.iter().enumerate().filter(|(_, from)| which.binary_search(from).is_ok());
        stands.map(|(at, _)| at).collect()
    }

    /// Switches entries on or off.
    pub fn set_enabled(&mut self, list: List, which: &[usize], enabled: bool) {
        let entries = self.document.entries(list);
        let which = self.there(list, which);
        let which: Vec<usize> = which.into_iter().filter(|i| entries[*i].enabled != enabled).collect();
        self.by_keys(|tree| {
            let one = |index: &usize| {
                field::set(tree, Place::Entry(list, *index), &["enabled"], &Value::Flag(enabled))
            };
            Some(which.iter().filter_map(one).flatten().collect())
        });
    }

    /// Gives a file its whole text, by its name from the folder on; one that is not there yet is a new one.
    pub fn set_text(&mut self, file: &Path, text: impl Into<Arc<str>>) {
        let text = text.into();
        let old = self.document.text(file);
        if old.as_ref() == Some(&text) {
            return;
        }
        self.before.entry(file.to_owned()).or_insert(old);
        self.document.put(file, Some(text));
    }

    fn count(&self, list: List) -> usize {
        self.document.entries(list).len()
    }

    /// Those of the entries that are there, in order, each once.
    fn there(&self, list: List, which: &[usize]) -> Vec<usize> {
        let count = self.count(list);
        let mut which: Vec<usize> = which.iter().copied().filter(|index| *index < count).collect();
        which.sort_unstable();
        which.dedup();
        which
    }

    fn by_keys(&mut self, change: impl FnOnce(&Tree) -> Option<Vec<Patch>>) -> bool {
        self.whole(|tree| {
            let patches = change(tree)?;
            patched(&tree.text, patches)
        })
    }

    /// Changes the playlist's text; false, with all as it was, where it would be none.
    fn whole(&mut self, change: impl FnOnce(&Tree) -> Option<String>) -> bool {
        let Ok(tree) = &self.document.tree else { return false };
        let Some(text) = change(tree) else { return false };
        if *text == *tree.text {
            return true;
        }
        let file = Path::new(PLAYLIST);
        match Tree::new(text.into()) {
            Ok(tree) => {
                let old = self.document.text(file);
                self.before.entry(file.to_owned()).or_insert(old);
                let text = tree.text.clone();
                self.document.tree = Ok(tree);
                self.document.files.entry(file.to_owned()).or_default().text = Some(text);
                true
            }
            Err(at) => {
                tracing::error!("a change of {PLAYLIST} would have broken it at byte {at}; it was not made");
                false
            }
        }
    }
}
