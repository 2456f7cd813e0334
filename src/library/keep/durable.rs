//! The thread that brings generations to the disk, so that no change waits for it.
//! Invariant: `kept` leads to a generation only after all of it is on the disk.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use tracing::warn;

use super::{KEPT, place};

/// After how long a generation that the disk did not take is brought there again.
const AGAIN: Duration = Duration::from_secs(60);

/// What the thread is to do.
#[derive(Debug, Default)]
struct Orders {
    /// The generation to bring to the disk; an older one that waits is needed no more.
    sync: Option<u64>,
    stop: bool,
}

#[derive(Debug)]
struct Shared {
    root: PathBuf,
    orders: Mutex<Orders>,
    came: Condvar,
    /// Held while links are set and generations removed.
    hands: Mutex<()>,
}

/// The thread, from here; dropped, it ends when what it does is done.
#[derive(Debug)]
pub(super) struct Durable(Arc<Shared>);

impl Durable {
    /// Starts the thread for the place `root`.
    pub(super) fn start(root: PathBuf) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            root,
            orders: Mutex::default(),
            came: Condvar::new(),
            hands: Mutex::default(),
        });
        let own = shared.clone();
        thread::Builder::new().name("library-keep".to_owned()).spawn(move || own.run())?;
        Ok(Self(shared))
    }

    /// Brings a generation to the disk, soon.
    pub(super) fn sync(&self, number: u64) {
        lock(&self.0.orders).sync = Some(number);
        self.0.came.notify_one();
    }

    /// Removes what no link leads to.
    pub(super) fn sweep(&self) {
        let _hands = lock(&self.0.hands);
        place::sweep(&self.0.root);
    }
}

impl Drop for Durable {
    fn drop(&mut self) {
        lock(&self.0.orders).stop = true;
        self.0.came.notify_one();
    }
}

impl Shared {
    fn run(&self) {
        let mut told = false;
        // What the disk did not take, and nothing newer has come for.
        let mut unkept: Option<u64> = None;
        loop {
            let mut orders = lock(&self.orders);
            let number = loop {
                if let Some(number) = orders.sync.take() {
                    break number;
                }
                if orders.stop {
                    return;
                }
                let Some(number) = unkept else {
                    orders = self.came.wait(orders).unwrap_or_else(PoisonError::into_inner);
                    continue;
                };
                let waited = self.came.wait_timeout(orders, AGAIN).unwrap_or_else(PoisonError::into_inner);
                orders = waited.0;
                if waited.1.timed_out() && orders.sync.is_none() {
                    break number;
                }
            };
            drop(orders);
            crate::fault::point("library-keep");
            let brought = self.bring(number);
            let gone = brought.as_ref().is_err_and(|err| err.kind() == io::ErrorKind::NotFound);
            unkept = (brought.is_err() && !gone).then_some(number);
            match brought {
                Ok(()) => told = false,
                // It was followed by a newer one, and removed.
                Err(err) if err.kind() == io::ErrorKind::NotFound => {}
                Err(err) if !told => {
                    told = true;
                    warn!(
                        "{}: the last good copy may not outlive a loss of power: {err}",
                        self.root.display()
                    );
                }
                Err(_) => {}
            }
        }
    }

    fn bring(&self, number: u64) -> io::Result<()> {
        let root = File::open(&self.root)?;
        let kept = place::target(&self.root, KEPT).map(|kept| self.generation(kept));
        sync(&self.generation(number), kept.as_deref())?;
        // The generation's own name, and the link `current`.
        root.sync_all()?;
        let _hands = lock(&self.hands);
        // It may have been followed by a newer one, and removed.
        if self.generation(number).is_dir() {
            place::lead(&self.root, KEPT, number)?;
            root.sync_all()?;
            place::sweep(&self.root);
        }
        Ok(())
    }

    fn generation(&self, number: u64) -> PathBuf {
        Path::new(&self.root).join(number.to_string())
    }
}

/// Brings a folder to the disk with all that is in it, but for the files that it shares with `kept`.
fn sync(folder: &Path, kept: Option<&Path>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        let meta = fs::symlink_metadata(&path)?;
        let before = kept.map(|kept| kept.join(name));
        if meta.is_dir() {
            sync(&path, before.as_deref())?;
            continue;
        }
        let is_kept = |path: &PathBuf| fs::symlink_metadata(path).is_ok_and(|kept| kept.ino() == meta.ino());
        if !before.as_ref().is_some_and(is_kept) {
            File::open(&path)?.sync_all()?;
        }
    }
    File::open(folder)?.sync_all()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
