//! The last good copy of a playlist, on disk: what is on air is read from there, out of every editor's reach.
//!
//! `last-good` in the state directory has a folder for each playlist's folder, and in it one for each *generation*: the files that
//! the playlist uses, by their own names, and a manifest. The link `current` leads to the one on air, the link `kept`
//! to the newest one that a loss of power leaves whole. A file that did not change is one file in both, so a change
//! costs the disk what changed.
//!
//! Invariant: no file of a generation is written once `current` or `kept` leads to it; what it leads to is whole.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use rustix::fs::statvfs;
use tracing::warn;

use self::{durable::Durable, manifest::Manifest, moved::moved};
use super::{
    read_looking,
    stamp::{Looks, Stamp, unchanged},
};
use crate::{
    directory::{CURRENT, FOLDER},
    domain::playlist::Playlist,
};

mod copy;
mod durable;
mod manifest;
mod moved;
mod place;

/// The most bytes of a playlist that is kept: a larger one is shown from its own folder.
const MOST: u64 = 4 << 30;
/// So many bytes of the disk are left to others.
const SPARE: u64 = 64 << 20;
/// The link to the newest generation that a loss of power leaves whole; [`CURRENT`] leads to the one on air.
const KEPT: &str = "kept";

/// Why a playlist is not kept.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// Somebody writes in it.
    #[error("its files changed meanwhile")]
    Changed,
    /// It is larger than is kept.
    #[error("its files have {} MiB, and at most {} MiB are kept", .0 >> 20, MOST >> 20)]
    TooLarge(u64),
    /// The disk has no room for it.
    #[error("the disk is full: {} MiB are needed, and {} MiB are left to others", .0 >> 20, SPARE >> 20)]
    Full(u64),
    /// The disk does not take it.
    #[error("{}: {source}", path.display())]
    Disk { path: PathBuf, source: io::Error },
}

impl Refusal {
    fn disk(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        |source| Self::Disk { path: path.to_owned(), source }
    }
}

/// A playlist that was good.
pub(super) struct Good {
    /// The playlist; its files are those that are kept.
    pub playlist: Playlist,
    /// What its folder was read as.
    pub looks: Looks,
    /// When it was taken from there.
    pub taken: Timestamp,
}

/// Where the files of a folder's last good playlist lie in a state directory, without a look at any of them.
pub(super) fn folder(state: &Path, dir: &Path) -> Option<PathBuf> {
    let all = place::all(state, dir).into_iter();
    all.map(|root| root.join(CURRENT).join(FOLDER)).find(|folder| folder.is_dir())
}

/// The newest good copy of the folder `dir` that any program kept in a state directory, where this one cannot use a
/// place there, or has nothing in its own. Nothing is written.
pub(super) fn found(state: &Path, dir: &Path) -> Option<Good> {
    let roots = place::all(state, dir);
    let of = |root: &PathBuf| [CURRENT, KEPT].map(|link| Some((root.clone(), place::target(root, link)?)));
    let good = roots.iter().flat_map(of).flatten().filter_map(|(root, number)| {
        let generation = root.join(number.to_string());
        let is_durable = place::target(&root, KEPT) == Some(number);
        let manifest = Manifest::read(&generation).filter(|manifest| is_durable || manifest.is_alive())?;
        let folder = generation.join(FOLDER);
        let reading = manifest.is_whole(&folder).then(|| read_looking(&folder))?;
        let playlist = moved(reading.playlist, &folder, &folder, &|name| manifest.files.get(name).copied());
        let is_good = !reading.problems.iter().any(|p| p.is_error());
        is_good.then(|| Good { playlist, looks: manifest.looks.clone(), taken: manifest.taken })
    });
    good.max_by_key(|good| good.taken)
}

/// The last good copy of one folder's playlist.
#[derive(Debug)]
pub(super) struct Keep {
    root: PathBuf,
    /// Held for as long as this program uses the place.
    _lock: File,
    /// What `current` leads to.
    current: Option<(u64, Manifest)>,
    /// The highest number of a generation so far.
    newest: u64,
    durable: Durable,
}

impl Keep {
    /// The place for the playlist of the folder `dir` in a state directory. What an earlier run left half made is
    /// removed.
    pub(super) fn open(state: &Path, dir: &Path) -> io::Result<Self> {
        let (root, lock) = place::open(state, dir)?;
        let newest = place::generations(&root).into_iter().max().unwrap_or_default();
        place::clean(&root);
        let durable = Durable::start(root.clone())?;
        Ok(Self { root, _lock: lock, current: None, newest, durable })
    }

    /// The last good one, if one was kept.
    pub(super) fn last_good(&mut self) -> Option<Good> {
        let [current, kept] = [CURRENT, KEPT].map(|link| place::target(&self.root, link));
        // What was not yet on the disk outlives the end of the program, but no loss of power.
        let alive =
            |number: &u64| Some(*number) == kept || self.manifest(*number).is_some_and(|m| m.is_alive());
        let candidates = [current.filter(alive), kept.filter(|_| kept != current)];
        let found = candidates.into_iter().flatten().find_map(|number| Some((number, self.read(number)?)));
        if found.is_none() {
            // Nothing to be read by mistake.
            let _ = fs::remove_file(self.root.join(CURRENT));
        }
        let (number, (manifest, playlist)) = found?;
        let (looks, taken) = (manifest.looks.clone(), manifest.taken);
        let good = Good { playlist: self.with(&manifest, &self.folder(), playlist), looks, taken };
        self.current = Some((number, manifest));
        if Some(number) != kept {
            self.durable.sync(number);
        }
        Some(good)
    }

    fn manifest(&self, number: u64) -> Option<Manifest> {
        Manifest::read(&self.generation(number))
    }

    /// A generation's playlist, through the link `current`; `None` where anything of it is not as it was.
    fn read(&self, number: u64) -> Option<(Manifest, Playlist)> {
        let manifest = self.manifest(number)?;
        let folder = self.generation(number).join(FOLDER);
        if !manifest.is_whole(&folder) {
            warn!("the last good copy in {} is damaged", folder.display());
            return None;
        }
        place::lead(&self.root, CURRENT, number).ok()?;
        let reading = read_looking(&self.folder());
        let is_good = !reading.problems.iter().any(|p| p.is_error());
        is_good.then_some((manifest, reading.playlist))
    }

    /// When what is on air was taken; `None` where nothing is kept.
    pub(super) fn taken(&self) -> Option<Timestamp> {
        self.current.as_ref().map(|(_, manifest)| manifest.taken)
    }

    /// Keeps the files of a good playlist that was read in the folder `dir`, where what was looked at is as it was
    /// then. Nothing is written where no file changed. `stop` ends it early.
    pub(super) fn take(&mut self, dir: &Path, looks: &Looks, stop: &dyn Fn() -> bool) -> Result<(), Refusal> {
        let (number, manifest) = self.copied(dir, looks, stop)?;
        let is_new = self.current.as_ref().is_none_or(|(current, _)| *current != number);
        self.current = Some((number, manifest));
        if is_new {
            self.newest = number;
            self.durable.sync(number);
        }
        Ok(())
    }

    /// The playlist that was read in the folder `dir` and taken last, with the files that are kept.
    pub(super) fn moved(&self, dir: &Path, playlist: Playlist) -> Playlist {
        match &self.current {
            Some((_, manifest)) => self.with(manifest, dir, playlist),
            None => playlist,
        }
    }

    fn copied(&self, dir: &Path, looks: &Looks, stop: &dyn Fn() -> bool) -> Result<(u64, Manifest), Refusal> {
        let all = looks.iter().filter_map(|(name, stamp)| Some((name, (*stamp)?)));
        let mut files: BTreeMap<&PathBuf, Stamp> = all.filter(|(_, stamp)| stamp.is_file()).collect();
        let size: u64 = files.values().map(|stamp| stamp.len).sum();
        if size > MOST {
            return Err(Refusal::TooLarge(size));
        }
        let same: BTreeMap<&PathBuf, u64> =
            files.iter().filter_map(|(name, stamp)| Some((*name, self.same(dir, name, *stamp)?))).collect();
        // Captions that lie outside or cannot be read are looked at, and not used.
        let real = fs::canonicalize(dir).map_err(|_| Refusal::Changed)?;
        files.retain(|name, _| same.contains_key(*name) || copy::may_be(&real, &dir.join(name)));
        let number_of = |name: &PathBuf, stamp: Stamp| same.get(name).copied().unwrap_or(stamp.number());
        let numbers = files.iter().map(|(name, stamp)| ((*name).clone(), number_of(name, *stamp))).collect();
        let manifest = Manifest::new(dir, looks.clone(), numbers);
        if let Some((number, current)) = &self.current
            && current.files == manifest.files
        {
            if !unchanged(dir, looks) {
                return Err(Refusal::Changed);
            }
            let mut manifest = current.clone();
            manifest.looks = looks.clone();
            return Ok((*number, manifest));
        }
        let needed = files.iter().filter(|(name, _)| !same.contains_key(**name)).map(|(_, s)| s.len).sum();
        let room = statvfs(&self.root).map_err(|e| Refusal::disk(&self.root)(e.into()))?;
        if room.f_bavail.saturating_mul(room.f_frsize) < SPARE.saturating_add(needed) {
            return Err(Refusal::Full(needed));
        }
        let mut number = self.newest + 1;
        // Whatever stands there already is nobody's.
        while fs::symlink_metadata(self.generation(number)).is_ok() {
            number += 1;
        }
        // Mostly it is done already, by the thread that brings generations to the disk.
        if place::generations(&self.root).len() > 2 {
            self.durable.sweep();
        }
        let made = self.make(number, dir, &files, &same, &manifest, stop);
        if made.is_err() {
            let _ = fs::remove_dir_all(self.generation(number));
        }
        made.map(|()| (number, manifest))
    }

    /// The number of a file's content where it is the one that is kept already.
    fn same(&self, dir: &Path, name: &Path, stamp: Stamp) -> Option<u64> {
        let (number, current) = self.current.as_ref()?;
        let kept = *current.files.get(name)?;
        let known = current.looks.get(name).copied().flatten() == Some(stamp);
        let other = self.generation(*number).join(FOLDER).join(name);
        // Somebody may have tidied up the state.
        let is_there = fs::metadata(&other).is_ok_and(|meta| meta.is_file() && meta.len() == stamp.len);
        (is_there && (known || copy::is_equal(&dir.join(name), &other, stamp.len))).then_some(kept)
    }

    fn make(
        &self,
        number: u64,
        dir: &Path,
        files: &BTreeMap<&PathBuf, Stamp>,
        same: &BTreeMap<&PathBuf, u64>,
        manifest: &Manifest,
        stop: &dyn Fn() -> bool,
    ) -> Result<(), Refusal> {
        let folder = self.generation(number).join(FOLDER);
        let before = self.current.as_ref().map(|(number, _)| self.generation(*number).join(FOLDER));
        fs::create_dir_all(&folder).map_err(Refusal::disk(&folder))?;
        let mut parent = PathBuf::new();
        for (name, stamp) in files {
            let to = folder.join(name);
            // Names come in order: those of one folder one after the other.
            if let Some(above) = to.parent().filter(|above| *above != parent) {
                fs::create_dir_all(above).map_err(Refusal::disk(above))?;
                parent = above.to_owned();
            }
            let kept = before.as_ref().filter(|_| same.contains_key(*name)).map(|before| before.join(name));
            match kept {
                Some(kept) if fs::hard_link(&kept, &to).is_ok() => {}
                // A disk without such links, or with too many of them.
                Some(kept) => _ = fs::copy(&kept, &to).map_err(Refusal::disk(&to))?,
                None => copy::copy(&dir.join(name), *stamp, &to, stop)?,
            }
        }
        if stop() || !unchanged(dir, &manifest.looks) {
            return Err(Refusal::Changed);
        }
        let generation = self.generation(number);
        manifest.write(&generation).map_err(Refusal::disk(&generation))?;
        place::lead(&self.root, CURRENT, number).map_err(Refusal::disk(&self.root))
    }

    /// A playlist of the folder `from` with the files of a generation.
    fn with(&self, manifest: &Manifest, from: &Path, playlist: Playlist) -> Playlist {
        moved(playlist, from, &self.folder(), &|name| manifest.files.get(name).copied())
    }

    fn generation(&self, number: u64) -> PathBuf {
        self.root.join(number.to_string())
    }

    /// The folder of the playlist on air; the same path for every generation.
    fn folder(&self) -> PathBuf {
        self.root.join(CURRENT).join(FOLDER)
    }
}
