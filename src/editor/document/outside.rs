//! The document and the folder on disk: saving, and what another one changed underneath.
//! Invariant: nothing that another one wrote is overwritten unasked.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Change, Document, Outside, PLAYLIST, Resolution, SaveError, history::Text, merge::merge, tree::Tree,
};
use crate::{
    domain::playlist::List,
    editor::folder::{self, Stamp},
};

/// How many times a file that cannot be read is waited for: it may be half written.
const PATIENCE: u8 = 3;
/// How many of the folder's other files are looked at at once.
const AT_ONCE: usize = 64;

/// The folder's other files, such as pictures, as they were seen last.
#[derive(Debug, Default)]
pub struct Watched {
    seen: BTreeMap<PathBuf, Option<Stamp>>,
    next: usize,
}

impl Document {
    /// Writes what changed, each file whole or not at all; `playlist.toml` last, so that the files that it names
    /// are there.
    ///
    /// # Errors
    /// A file changed underneath or cannot be written; those before it are saved.
    pub fn save(&mut self) -> Result<(), SaveError> {
        self.settle();
        let mut changed = self.changed();
        changed.sort_by_key(|path| path == Path::new(PLAYLIST));
        for name in changed {
            // The playlist itself may be a link to anywhere, as it is for the screen.
            let path = match name == Path::new(PLAYLIST) {
                true => self.folder.join(&name),
                false => folder::inside(&self.folder, &name).map_err(unwritable)?,
            };
            let Some(file) = self.files.get_mut(&name) else { continue };
            let Some(text) = file.unsaved().cloned() else { continue };
            let now = folder::read(&path, max_of(&name));
            let known = match (&now, &file.theirs) {
                // What was decided on is what stands there still.
                (Ok(now), None) => *now == file.disk || now.as_ref() == Some(&text),
                (Err(_), None) => file.over_unreadable && folder::stamp(&path) == file.stamp,
                _ => false,
            };
            if !known {
                // Looked at anew, whatever its stamp says.
                file.stamp = None;
                return Err(SaveError::Changed(name));
            }
            folder::write(&path, text.as_bytes()).map_err(|err| SaveError::Unwritable {
                id: format!(
                    "`{}` tidak dapat disimpan ({err}); periksa ruang cakram dan izin folder",
                    name.display()
                ),
                en: format!(
                    "`{}` cannot be saved ({err}); look at the disk's space and the folder's permissions",
                    name.display()
                ),
            })?;
            file.disk = Some(text);
            (file.stamp, file.over_unreadable) = (folder::stamp(&path), false);
        }
        // What waits to be read anew, such as pictures, is read from what is on disk now.
        self.revision += 1;
        Ok(())
    }

    /// Looks at what changed in the folder underneath; cheap where nothing did. To be called about once a second,
    /// when the window gets the focus, and before saving. A conflict is told once; [`Self::conflicts`] says which
    /// ones stand.
    pub fn look(&mut self) -> Outside {
        let names: Vec<PathBuf> = self.files.keys().cloned().collect();
        let (mut taken, mut merged, mut gone, mut conflict) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut texts: Vec<(PathBuf, Text)> = Vec::new();
        for name in names {
            let path = self.folder.join(&name);
            let Some(file) = self.files.get_mut(&name) else { continue };
            let stamp = folder::stamp(&path);
            if stamp == file.stamp && file.waited == 0 {
                continue;
            }
            let theirs = folder::read(&path, max_of(&name)).ok().filter(|text| is_whole(&name, text));
            let Some(theirs) = theirs else {
                // Half written, perhaps.
                file.waited = file.waited.saturating_add(1);
                if file.waited == PATIENCE {
                    let known = folder::read(&path, max_of(&name)).unwrap_or_default();
                    if known != file.disk {
                        file.theirs = Some(known);
                        conflict.push(name);
                    }
                }
                continue;
            };
            (file.stamp, file.waited) = (stamp, 0);
            if file.theirs.is_none() && theirs == file.disk {
                continue;
            }
            if theirs == file.text {
                (file.disk, file.theirs) = (theirs, None);
                continue;
            }
            let clean = file.unsaved().is_none();
            match (&file.text, &file.disk, &theirs) {
                (_, _, None) => {
                    // Ours stands, and is to be saved again.
                    (file.disk, file.theirs) = (None, None);
                    gone.push(name);
                }
                _ if clean => {
                    texts.push((name.clone(), theirs.clone()));
                    (file.disk, file.theirs) = (theirs, None);
                    taken.push(name);
                }
                (Some(ours), Some(base), Some(new)) => {
                    let both = merge(base, ours, new).map(Arc::from);
                    let both = both.filter(|text: &Arc<str>| is_whole(&name, &Some(text.clone())));
                    match both {
                        Some(both) => {
                            texts.push((name.clone(), Some(both)));
                            (file.disk, file.theirs) = (theirs, None);
                            merged.push(name);
                        }
                        None => {
                            file.theirs = Some(theirs);
                            conflict.push(name);
                        }
                    }
                }
                _ => {
                    file.theirs = Some(theirs);
                    conflict.push(name);
                }
            }
        }
        self.take(texts);
        let other = self.look_around();
        let changed = [&taken, &merged, &gone, &conflict].iter().any(|names| !names.is_empty());
        self.revision += u64::from(changed || other);
        if !conflict.is_empty() {
            Outside::Conflict(conflict)
        } else if !gone.is_empty() {
            Outside::Gone(gone)
        } else if !merged.is_empty() {
            Outside::Merged(merged)
        } else if !taken.is_empty() {
            Outside::Taken(taken)
        } else {
            Outside::Nothing
        }
    }

    /// The files that changed on both sides and are not decided on.
    pub fn conflicts(&self) -> Vec<PathBuf> {
        let standing = self.files.iter().filter(|(_, file)| file.theirs.is_some());
        standing.map(|(name, _)| name.clone()).collect()
    }

    /// Texts from outside, as one step of undo.
    fn take(&mut self, texts: Vec<(PathBuf, Text)>) {
        if texts.is_empty() {
            return;
        }
        let mut files = Vec::new();
        for (name, text) in texts {
            files.push((name.clone(), self.text(&name), text.clone()));
            self.put(&name, text);
        }
        self.history.push(&Change::Step("perubahan dari luar", "a change from outside"), files);
    }

    /// Decides a [`Outside::Conflict`].
    ///
    /// # Errors
    /// Theirs cannot be read, or the copy cannot be written; nothing is decided then.
    pub fn resolve(&mut self, name: &Path, how: Resolution) -> Result<(), SaveError> {
        let Some(theirs) = self.files.get(name).and_then(|file| file.theirs.clone()) else { return Ok(()) };
        if how == Resolution::Both
            && let Some(text) = &theirs
        {
            let stem = name.file_stem().unwrap_or_default().to_string_lossy();
            let ending = name.extension().unwrap_or_default().to_string_lossy();
            let within = name.parent().map(|p| p.to_string_lossy().into_owned()).filter(|p| !p.is_empty());
            let within = within.map(|within| within + "/").unwrap_or_default();
            let folder = self.folder.clone();
            let copy = folder::free_name(&within, &format!("{stem}-salinan"), &ending, |name| {
                folder.join(name).exists()
            });
            folder::write(&self.folder.join(&copy), text.as_bytes()).map_err(|err| {
                SaveError::Unwritable {
                    id: format!("salinan `{copy}` tidak dapat disimpan ({err})"),
                    en: format!("the copy `{copy}` cannot be saved ({err})"),
                }
            })?;
        }
        let path = self.folder.join(name);
        let unreadable = theirs.is_none() && path.exists();
        if how == Resolution::Theirs && unreadable {
            return Err(SaveError::Unwritable {
                id: format!("`{}` di folder tidak terbaca; pilih milik Anda", name.display()),
                en: format!("`{}` in the folder cannot be read; choose yours", name.display()),
            });
        }
        if how == Resolution::Theirs && theirs.is_some() {
            self.take(vec![(name.to_owned(), theirs.clone())]);
        }
        if let Some(file) = self.files.get_mut(name) {
            (file.disk, file.theirs, file.waited) = (theirs, None, 0);
            (file.stamp, file.over_unreadable) = (folder::stamp(&path), unreadable);
        }
        self.revision += 1;
        Ok(())
    }

    /// Whether any of the folder's other files changed; a part of them at a time.
    fn look_around(&mut self) -> bool {
        let mut names: Vec<PathBuf> = ["", "pages", "images", "films"].map(PathBuf::from).into();
        for list in [List::Item, List::Fallback] {
            names.extend(self.entries(list).iter().filter_map(|entry| folder::plain(&entry.file)));
        }
        names.retain(|name| !self.files.contains_key(name));
        names.sort();
        names.dedup();
        let watched = &mut self.watched;
        if watched.next >= names.len() {
            watched.next = 0;
            watched.seen.retain(|name, _| names.binary_search(name).is_ok());
        }
        let mut changed = false;
        for name in names.iter().skip(watched.next).take(AT_ONCE) {
            let stamp = folder::stamp(&self.folder.join(name));
            // Seen for the first time, nothing is known to have changed.
            if let Some(before) = watched.seen.insert(name.clone(), stamp.clone()) {
                changed |= before != stamp;
            }
        }
        watched.next += AT_ONCE;
        changed
    }
}

fn max_of(name: &Path) -> u64 {
    if name == Path::new(PLAYLIST) { folder::MAX_PLAYLIST } else { folder::MAX_PAGE }
}

/// Whether a text can be what somebody wanted to write: a playlist that is no TOML may be half of one.
fn is_whole(name: &Path, text: &Text) -> bool {
    match text {
        Some(text) if name == Path::new(PLAYLIST) => {
            !text.trim().is_empty() && Tree::new(text.clone()).is_ok()
        }
        _ => true,
    }
}

fn unwritable(err: super::OpenError) -> SaveError {
    SaveError::Unwritable { id: err.id, en: err.en }
}
