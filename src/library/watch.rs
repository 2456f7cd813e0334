//! The thread that watches a playlist's folder.
//! Invariant: what decides is the folder's fingerprint; the system's notices only make looking early.

use std::{
    collections::hash_map::DefaultHasher,
    fs::{self, Metadata},
    hash::{Hash, Hasher},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, SyncSender},
    },
    thread,
    time::{Duration, Instant},
};

use bevy::platform::cell::SyncCell;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tracing::{info, warn};

use super::{Journal, Library, items, read};
use crate::domain::playlist::Playlist;

/// How often the folder is looked at where the system gives no notice (network drives, too many watches).
const POLL: Duration = Duration::from_secs(2);
/// How long a folder must stay as it is: editors and copies write in several steps.
const QUIET: Duration = Duration::from_millis(150);
/// How long a folder that never comes to rest is waited for.
const PATIENCE: Duration = Duration::from_millis(700);
/// How deep folders are looked into, and how many files are looked at.
const MAX_DEPTH: usize = 8;
const MAX_FILES: usize = 50_000;

/// A folder that is watched, before its thread runs.
#[derive(Debug)]
pub(super) struct Watch {
    dir: PathBuf,
    seen: u64,
    journal: Journal,
    /// The last good one.
    on_air: Arc<Playlist>,
}

/// What the thread needs beside the folder.
struct Out {
    playlists: SyncSender<Arc<Playlist>>,
    wake: Option<Arc<dyn Fn() + Send + Sync>>,
    stop: Arc<AtomicBool>,
}

impl Watch {
    /// Reads the folder for the first time; what is good of it is returned, whatever is wrong with the rest.
    pub(super) fn begin(dir: PathBuf, mut journal: Journal) -> (Self, Arc<Playlist>) {
        // Taken before reading, so that a change while reading is a change.
        let seen = fingerprint(&dir);
        let (playlist, problems) = read(&dir);
        journal.log(problems);
        let playlist = Arc::new(playlist);
        (Self { dir, seen, journal, on_air: playlist.clone() }, playlist)
    }

    /// Starts the thread.
    pub(super) fn spawn(mut self, wake: Option<Arc<dyn Fn() + Send + Sync>>) -> io::Result<Library> {
        let (signal, signals) = mpsc::sync_channel(1);
        let (playlists, incoming) = mpsc::sync_channel(1);
        let stop = Arc::new(AtomicBool::new(false));
        let out = Out { playlists, wake, stop: stop.clone() };
        let notices = signal.clone();
        thread::Builder::new()
            .name("library".to_owned())
            .spawn(move || self.run(&signals, &notices, &out))?;
        Ok(Library { incoming: SyncCell::new(incoming), stop, signal })
    }

    fn run(&mut self, signals: &Receiver<()>, notices: &SyncSender<()>, out: &Out) {
        let mut eye = Eye::new(notices);
        loop {
            eye.follow(&self.dir);
            // What changed before the watch stood is seen by the fingerprint.
            if fingerprint(&self.dir) == self.seen {
                match signals.recv_timeout(POLL) {
                    Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            if out.stop.load(Ordering::Relaxed) {
                return;
            }
            let now = fingerprint(&self.dir);
            if now != self.seen && self.take(settled(&self.dir, now), out).is_err() {
                return;
            }
        }
    }

    /// Reads the changed folder and puts it on air if it is good. An error means that nobody listens.
    fn take(&mut self, seen: u64, out: &Out) -> Result<(), ()> {
        self.seen = seen;
        let (playlist, problems) = read(&self.dir);
        let good = !problems.iter().any(|p| p.is_error());
        self.journal.log(problems);
        let playlist = if good {
            info!("the playlist in {} has changed", self.dir.display());
            playlist
        } else {
            warn!("the playlist in {} has errors: the last good one stays", self.dir.display());
            // A film that was mended is tried again, whatever else is wrong.
            let Some(renewed) = items::film::renewed(&self.on_air) else { return Ok(()) };
            renewed
        };
        self.on_air = Arc::new(playlist);
        out.playlists.send(self.on_air.clone()).map_err(|_| ())?;
        if let Some(wake) = &out.wake {
            wake();
        }
        Ok(())
    }
}

/// Waits until the folder stays as it is, and returns its fingerprint.
fn settled(dir: &Path, mut now: u64) -> u64 {
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        thread::sleep(QUIET);
        let next = fingerprint(dir);
        if next == now {
            break;
        }
        now = next;
    }
    now
}

/// The system's notices of a folder that may be replaced by another one of its name.
struct Eye {
    watcher: Option<RecommendedWatcher>,
    /// The folder that is watched, without links, and which one of that name it is.
    on: Option<(PathBuf, u64, u64)>,
}

impl Eye {
    fn new(notices: &SyncSender<()>) -> Self {
        let notices = notices.clone();
        let handler = move |event: notify::Result<notify::Event>| {
            // Reading the folder is noticed too. A full channel holds a notice already.
            if !event.is_ok_and(|event| event.kind.is_access()) {
                let _ = notices.try_send(());
            }
        };
        let watcher = RecommendedWatcher::new(handler, notify::Config::default().with_follow_symlinks(false));
        let watcher = watcher
            .inspect_err(|err| warn!("the system gives no notice of changed files, looking every 2 s: {err}"))
            .ok();
        Self { watcher, on: None }
    }

    fn follow(&mut self, dir: &Path) {
        let real = fs::canonicalize(dir).ok();
        let now = real.and_then(|real| {
            let meta = fs::metadata(&real).ok()?;
            Some((real, meta.dev(), meta.ino()))
        });
        let Some(watcher) = self.watcher.as_mut().filter(|_| now != self.on) else { return };
        if let Some((old, ..)) = self.on.take() {
            // It fails where the folder is gone, and its watch with it.
            let _ = watcher.unwatch(&old);
        }
        if let Some((real, ..)) = &now
            && let Err(err) = watcher.watch(real, RecursiveMode::Recursive)
        {
            warn!("no notice of changes in {}, looking every 2 s: {err}", real.display());
        }
        self.on = now;
    }
}

/// A number that changes with any file in the folder.
fn fingerprint(dir: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    fs::canonicalize(dir).ok().hash(&mut hasher);
    let mut files = 0;
    let mut folders = vec![(dir.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let mut names: Vec<PathBuf> =
            fs::read_dir(&folder).into_iter().flatten().filter_map(|e| Some(e.ok()?.path())).collect();
        names.sort();
        for path in names {
            files += 1;
            if files > MAX_FILES {
                return hasher.finish();
            }
            path.hash(&mut hasher);
            fs::metadata(&path).ok().map(|meta| stamp(&meta)).hash(&mut hasher);
            // Folders behind links are not entered: such links can go round in circles.
            let is_folder = fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_dir());
            if is_folder && depth < MAX_DEPTH {
                folders.push((path, depth + 1));
            }
        }
    }
    hasher.finish()
}

/// What changes when a file is written or replaced.
pub(super) fn stamp(meta: &Metadata) -> (u64, u64, u64, i64, i64, i64, i64) {
    (meta.dev(), meta.ino(), meta.len(), meta.mtime(), meta.mtime_nsec(), meta.ctime(), meta.ctime_nsec())
}

/// [`stamp`] as one number; 0 where the file is gone, which is found out when it is opened.
pub(super) fn stamp_of(path: &Path) -> u64 {
    let Ok(meta) = fs::metadata(path) else { return 0 };
    let mut hasher = DefaultHasher::new();
    stamp(&meta).hash(&mut hasher);
    hasher.finish()
}
