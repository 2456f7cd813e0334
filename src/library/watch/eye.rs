//! The system's notices of what changes in a playlist's folder, also where it is replaced by another of its name.
//! Invariant: only the folders are watched that hold something of the playlist, and no more than a bound.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc::SyncSender},
    time::{Duration, Instant},
};

use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode, ModifyKind},
};
use rustix::fs::statfs;
use tracing::warn;

use crate::library::stamp::Looks;

/// So many folders are watched; what lies in others is found by looking.
const MOST_WATCHED: usize = 256;
/// So many files that are being written are known at once, and for how long.
const MOST_WRITTEN: usize = 1024;
const WRITTEN: Duration = Duration::from_secs(60);
/// File systems that others change without this machine's notice (statfs(2)): NFS, SMB, CIFS, SMB2, FUSE, 9P, AFS,
/// Ceph, VirtualBox's.
const REMOTE: [u32; 9] = [
    0x6969,
    0x517b,
    0xff53_4d42,
    0xfe53_4d42,
    0x6573_5546,
    0x0102_1997,
    0x5346_414f,
    0x00c3_6400,
    0x786f_4256,
];

/// What the notices are judged by, and what they leave behind.
#[derive(Debug, Default)]
struct Shared {
    /// The watched folders of which each entry counts.
    inside: BTreeSet<PathBuf>,
    /// Single names that count: the folder itself, in those above it.
    names: BTreeSet<PathBuf>,
    /// Whether a watched folder is no longer where it was.
    lost: bool,
    /// Files that somebody wrote into and has not closed, with when.
    written: HashMap<PathBuf, Instant>,
}

/// The system's notices.
pub(super) struct Eye {
    watcher: Option<RecommendedWatcher>,
    shared: Arc<Mutex<Shared>>,
    /// The folders that are watched, and which ones of their names they are.
    on: BTreeMap<PathBuf, (u64, u64)>,
    blind: bool,
    told: bool,
}

impl Eye {
    /// Gives notice over a channel; a full one holds a notice already.
    pub(super) fn new(notices: &SyncSender<()>) -> Self {
        let shared = Arc::<Mutex<Shared>>::default();
        let (notices, own) = (notices.clone(), shared.clone());
        let handler = move |event: notify::Result<Event>| {
            // What cannot be told may be anything.
            if event.map_or(true, |event| lock(&own).counts(&event)) {
                let _ = notices.try_send(());
            }
        };
        let watcher = RecommendedWatcher::new(handler, notify::Config::default().with_follow_symlinks(false));
        let watcher = watcher
            .inspect_err(|err| {
                warn!("the system gives no notice of changed files, they are looked at: {err}")
            })
            .ok();
        Self { watcher, shared, on: BTreeMap::new(), blind: false, told: false }
    }

    /// Whether changes may come without a notice.
    pub(super) fn is_blind(&self) -> bool {
        self.blind || self.watcher.is_none()
    }

    /// Whether somebody has written into a file and not closed it yet.
    pub(super) fn is_written(&self, path: &Path) -> bool {
        let shared = lock(&self.shared);
        !shared.written.is_empty()
            && fs::canonicalize(path).is_ok_and(|real| shared.written.contains_key(&real))
    }

    /// Watches the folder `dir` where something was looked at in it, and where it hangs itself.
    pub(super) fn follow(&mut self, dir: &Path, looks: &Looks) {
        let (mut inside, mut names) = (BTreeSet::new(), BTreeSet::new());
        let folders: BTreeSet<&Path> =
            looks.keys().flat_map(|name| [name.as_path()].into_iter().chain(name.parent())).collect();
        let is_folder = |path: &PathBuf| path.is_dir();
        inside.extend(fs::canonicalize(dir).ok().filter(is_folder));
        for name in folders
            .into_iter()
            .filter(|name| looks.get(*name).is_none_or(|s| s.is_some_and(|s| !s.is_file())))
        {
            if inside.len() < MOST_WATCHED {
                inside.extend(fs::canonicalize(dir.join(name)).ok().filter(is_folder));
            }
        }
        let mut above = BTreeSet::new();
        let mut hang = |path: &Path| {
            let Some((parent, name)) = path.parent().zip(path.file_name()) else { return false };
            let Ok(real) = fs::canonicalize(if parent == Path::new("") { Path::new(".") } else { parent })
            else {
                return false;
            };
            names.insert(real.join(name));
            above.insert(real);
            true
        };
        // The nearest folder above that is there, and each link on the way.
        let hangs = dir.ancestors().find(|path| hang(path));
        let links = dir.ancestors().filter(|path| path.is_symlink() && Some(*path) != hangs);
        links.for_each(|link| _ = hang(link));
        if let Ok(real) = fs::canonicalize(dir) {
            hang(&real);
        }
        let id = |path: PathBuf| fs::metadata(&path).ok().map(|meta| (path, (meta.dev(), meta.ino())));
        let wanted: BTreeMap<PathBuf, (u64, u64)> =
            inside.iter().chain(&above).cloned().filter_map(id).collect();
        let lost = {
            let mut shared = lock(&self.shared);
            shared.written.retain(|_, since| since.elapsed() < WRITTEN);
            (shared.inside, shared.names) = (inside, names);
            std::mem::take(&mut shared.lost)
        };
        self.blind = statfs(dir).is_ok_and(|fs| REMOTE.contains(&(fs.f_type as u32)));
        self.set(wanted, lost);
    }

    fn set(&mut self, wanted: BTreeMap<PathBuf, (u64, u64)>, anew: bool) {
        let Some(watcher) = &mut self.watcher else { return };
        let before = std::mem::take(&mut self.on);
        for (path, id) in &before {
            if anew || wanted.get(path) != Some(id) {
                // It fails where the folder is gone, and its watch with it.
                let _ = watcher.unwatch(path);
            }
        }
        for (path, id) in wanted {
            let is_new = anew || before.get(&path) != Some(&id);
            if is_new && let Err(err) = watcher.watch(&path, RecursiveMode::NonRecursive) {
                self.blind = true;
                if !std::mem::replace(&mut self.told, true) {
                    warn!("no notice of changes in {}, it is looked at: {err}", path.display());
                }
                continue;
            }
            self.on.insert(path, id);
        }
        self.blind |= self.on.is_empty();
    }
}

impl Shared {
    /// Takes note of an event; whether it may have changed what the playlist is.
    fn counts(&mut self, event: &Event) -> bool {
        let kind = event.kind;
        let closed = kind == EventKind::Access(AccessKind::Close(AccessMode::Write));
        if kind.is_access() && !closed {
            // Reading the folder is noticed too.
            return false;
        }
        let moved = matches!(kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
        let mut counts = event.need_rescan();
        for path in &event.paths {
            if closed || moved {
                self.written.remove(path);
            } else if matches!(kind, EventKind::Modify(ModifyKind::Data(_)))
                && self.written.len() < MOST_WRITTEN
            {
                self.written.insert(path.clone(), Instant::now());
            }
            if moved && (self.inside.contains(path) || self.names.contains(path)) {
                self.lost = true;
            }
            let within = path.parent().is_some_and(|parent| self.inside.contains(parent));
            counts |= within || self.inside.contains(path) || self.names.contains(path);
        }
        counts
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
