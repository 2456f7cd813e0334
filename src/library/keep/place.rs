//! The place of a playlist's generations in the state directory: its name, its lock, its links.
//! Invariant: two programs never use one place, and a link leads to one generation or the other at every moment.

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::symlink,
    path::{Path, PathBuf, absolute},
    thread,
    time::{Duration, Instant, SystemTime},
};

use super::KEPT;
use crate::directory::{CURRENT, LAST_GOOD};

/// Greater numbers are not ours: there is always one more.
const MOST_NUMBER: u64 = u64::MAX / 2;
/// How many programs of one machine keep the same playlist, as for two screens.
const MOST_SHARES: u32 = 4;
/// How long a program is waited for that may be about to end, as where this one takes its place.
const LEAVING: Duration = Duration::from_millis(300);
/// How many places are left: that of a folder that was not shown for longest goes first.
const MOST_PLACES: usize = 8;

/// Opens the place for a playlist's folder, and locks it for as long as the file stays open.
pub(super) fn open(state: &Path, dir: &Path) -> io::Result<(PathBuf, File)> {
    // Not `playlists`: staff's own folders may stand there under this name.
    let all = state.join(LAST_GOOD);
    fs::create_dir_all(&all)?;
    let name = name(&absolute(dir)?);
    let begin = Instant::now();
    for share in 1..=MOST_SHARES {
        let root = all.join(if share == 1 { name.clone() } else { format!("{name}-{share}") });
        loop {
            if let Some(lock) = lock(&root)? {
                forget(&all, &root);
                return Ok((root, lock));
            }
            if begin.elapsed() > LEAVING {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
    Err(io::ErrorKind::ResourceBusy.into())
}

/// The places of a playlist's folder that are there, whoever uses them.
pub(super) fn all(state: &Path, dir: &Path) -> Vec<PathBuf> {
    let Ok(name) = absolute(dir).map(|dir| name(&dir)) else { return Vec::new() };
    let all = state.join(LAST_GOOD);
    let share = |share| all.join(if share == 1 { name.clone() } else { format!("{name}-{share}") });
    (1..=MOST_SHARES).map(share).filter(|root| root.is_dir()).collect()
}

/// Locks a place; `None` where another program uses it. Its time is that of its last use.
fn lock(root: &Path) -> io::Result<Option<File>> {
    fs::create_dir_all(root)?;
    let lock = File::options().create(true).truncate(false).write(true).open(root.join("lock"))?;
    match lock.try_lock() {
        Ok(()) => {
            let _ = lock.set_modified(SystemTime::now());
            Ok(Some(lock))
        }
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(err)) => Err(err),
    }
}

/// Removes the places that were not used for longest, where there are too many.
fn forget(all: &Path, own: &Path) {
    let used = |root: &Path| fs::metadata(root.join("lock")).and_then(|meta| meta.modified()).ok();
    let roots = fs::read_dir(all).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    // Whatever else people put there is theirs.
    let is_ours = |root: &PathBuf| root != own && root.join("lock").is_file();
    let mut roots: Vec<_> = roots.filter(is_ours).map(|root| (used(&root), root)).collect();
    roots.sort();
    for (_, root) in roots.iter().take(roots.len().saturating_sub(MOST_PLACES - 1)) {
        if let Ok(Some(_lock)) = lock(root) {
            let _ = fs::remove_dir_all(root);
        }
    }
}

/// The name of a folder's place: to be read by people, and its own.
fn name(dir: &Path) -> String {
    let last = dir.file_name().unwrap_or_default().to_string_lossy();
    let readable: String =
        last.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(32).collect();
    // FNV-1a, 64 bits: the name must be the same for every build of papan.
    let hash = dir.as_os_str().as_encoded_bytes().iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{readable}-{hash:016x}")
}

/// The numbers of the generations that are there, half made ones included.
pub(super) fn generations(root: &Path) -> Vec<u64> {
    let entries = fs::read_dir(root).into_iter().flatten();
    let number = |name: &str| name.parse().ok().filter(|n: &u64| n.to_string() == name && *n < MOST_NUMBER);
    entries.filter_map(|entry| number(entry.ok()?.file_name().to_str()?)).collect()
}

/// The generation to which a link leads.
pub(super) fn target(root: &Path, link: &str) -> Option<u64> {
    fs::read_link(root.join(link)).ok()?.to_str()?.parse().ok()
}

/// Makes a link lead to a generation, at once.
pub(super) fn lead(root: &Path, link: &str, number: u64) -> io::Result<()> {
    if target(root, link) == Some(number) {
        return Ok(());
    }
    let new = root.join(format!("{link}.new"));
    let _ = fs::remove_file(&new);
    // A copy of the state that followed links has folders in their places.
    for folder in [&new, &root.join(link)] {
        if fs::symlink_metadata(folder).is_ok_and(|meta| meta.is_dir()) {
            fs::remove_dir_all(folder)?;
        }
    }
    symlink(number.to_string(), &new)?;
    fs::rename(new, root.join(link))
}

/// Removes the generations to which no link leads, but for those newer than the one on air: they are being made.
pub(super) fn sweep(root: &Path) {
    remove(root, |number, newest| number < newest);
}

/// Removes all generations to which no link leads: what an earlier run left half made.
pub(super) fn clean(root: &Path) {
    remove(root, |_, _| true);
}

fn remove(root: &Path, which: impl Fn(u64, u64) -> bool) {
    let [current, kept] = [CURRENT, KEPT].map(|link| target(root, link));
    let newest = current.max(kept).unwrap_or_default();
    for number in generations(root) {
        if Some(number) != current && Some(number) != kept && which(number, newest) {
            let _ = fs::remove_dir_all(root.join(number.to_string()));
        }
    }
}
