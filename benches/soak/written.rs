//! What the program writes into its state directory, by kind.
//! Invariant: a file that took another's place is counted at its length, a file that grows by what it grew.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use notify::{
    Event, EventKind, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode, ModifyKind, RenameMode},
};

/// How often something was written, and how many bytes; `pages` is in whole pages of 4 KiB.
#[derive(Debug, Clone, Copy, Default)]
pub struct Total {
    pub times: u64,
    pub bytes: u64,
    pub pages: u64,
}

impl Total {
    fn add(&mut self, length: u64) {
        self.times += 1;
        self.bytes += length;
        self.pages += length.div_ceil(4_096) * 4_096;
    }
}

/// The watch over a state directory.
pub struct Written {
    totals: Arc<Mutex<BTreeMap<&'static str, Total>>>,
    _watcher: notify::RecommendedWatcher,
}

impl Written {
    pub fn watch(state: &Path) -> Self {
        let totals = Arc::<Mutex<BTreeMap<_, Total>>>::default();
        let (into, root) = (totals.clone(), state.to_owned());
        let take = move |event: notify::Result<Event>| {
            let Ok(event) = event else { return };
            let placed = matches!(event.kind, EventKind::Modify(ModifyKind::Name(RenameMode::To)));
            let closed = event.kind == EventKind::Access(AccessKind::Close(AccessMode::Write));
            for path in event.paths.iter().filter(|_| placed || closed) {
                let Some((kind, by_placing)) = kind(&root, path) else { continue };
                // A link or a folder that is put in its place is not written.
                let length =
                    fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file).map(|meta| meta.len());
                if placed == by_placing
                    && let Some(length) = length
                {
                    into.lock().expect("not poisoned").entry(kind).or_default().add(length);
                }
            }
        };
        let mut watcher = notify::recommended_watcher(take).expect("inotify");
        watcher.watch(state, RecursiveMode::Recursive).expect("it is there");
        Self { totals, _watcher: watcher }
    }

    /// What was written so far.
    pub fn totals(&self, state: &Path) -> BTreeMap<&'static str, Total> {
        let mut totals = self.totals.lock().expect("not poisoned").clone();
        // The log's files only grow: their lines are what was written, each in a page of its own at the most.
        for file in fs::read_dir(state.join("log")).into_iter().flatten().flatten() {
            let text = fs::read(file.path()).unwrap_or_default();
            let lines = text.iter().filter(|byte| **byte == b'\n').count() as u64;
            let total = totals.entry("play log").or_default();
            total.times += lines;
            total.bytes += text.len() as u64;
            total.pages += lines * 4_096;
        }
        totals
    }
}

/// What a file is for, and whether it is written beside its place first.
fn kind(root: &Path, path: &Path) -> Option<(&'static str, bool)> {
    let inside: PathBuf = path.strip_prefix(root).ok()?.to_owned();
    let first = inside.components().next()?.as_os_str().to_str()?.to_owned();
    match first.as_str() {
        "log" => None,
        "last-good" => Some(("last good copy", false)),
        name if name.starts_with(".papan-") => None,
        name if name.ends_with(".json") => Some(("state of the hall", true)),
        _ => Some(("other", false)),
    }
}
