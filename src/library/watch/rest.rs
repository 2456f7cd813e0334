//! When a folder has come to rest: editors and copies write in several steps, and slow ones with long pauses.
//! Invariant: whatever somebody writes, the wait has an end.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use super::eye::Eye;
use crate::library::{
    stamp::{Looks, Stamp},
    whole,
};

/// How long a file must stay as it is: a copy over a slow share writes now and then.
const QUIET: Duration = Duration::from_millis(400);
/// How long one is waited for that is written again and again.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long one is waited for that grows.
const GROWTH: Duration = Duration::from_secs(600);
/// How long after its last change one is waited for that its writer has not closed.
const HELD: Duration = Duration::from_secs(3);
/// How long after its last change a picture or film is waited for that breaks off.
const CUT: Duration = Duration::from_secs(10);

/// What is known of one file.
#[derive(Debug, Clone, Copy)]
struct Seen {
    stamp: Option<Stamp>,
    /// When it was seen to change; `None`: not since it is looked at.
    changed: Option<Instant>,
    /// Whether that change made it longer, and nothing else.
    grows: bool,
}

/// A folder that changes.
pub(super) struct Rest {
    dir: PathBuf,
    /// What is on air.
    taken: Looks,
    begin: Instant,
    files: BTreeMap<PathBuf, Seen>,
    /// The files that were looked into, as what, and whether they break off.
    cut: RefCell<HashMap<PathBuf, (Option<Stamp>, bool)>>,
}

impl Rest {
    /// Of the folder `dir`, in which these were looked at; what `taken` is on air of is not waited for.
    pub(super) fn new(dir: &Path, looks: &Looks, taken: Looks) -> Self {
        let seen = |stamp: &Option<Stamp>| Seen { stamp: *stamp, changed: None, grows: false };
        let files = looks.iter().map(|(name, stamp)| (name.clone(), seen(stamp))).collect();
        Self { dir: dir.to_owned(), taken, begin: Instant::now(), files, cut: RefCell::default() }
    }

    /// Looks at all files again.
    pub(super) fn look(&mut self) {
        for (name, seen) in &mut self.files {
            let stamp = Stamp::of(&self.dir.join(name));
            if stamp != seen.stamp {
                let grows = stamp.zip(seen.stamp).is_some_and(|(now, before)| now.grew_from(before));
                *seen = Seen { stamp, changed: Some(Instant::now()), grows };
            }
        }
    }

    /// Follows what a reading looked at, and nothing else.
    pub(super) fn follow(&mut self, looks: &Looks) {
        let mut before = std::mem::take(&mut self.files);
        for (name, stamp) in looks {
            let seen = match before.remove(name) {
                Some(seen) if seen.stamp == *stamp => seen,
                Some(seen) => {
                    let grows = stamp.zip(seen.stamp).is_some_and(|(now, before)| now.grew_from(before));
                    Seen { stamp: *stamp, changed: Some(Instant::now()), grows }
                }
                // Nobody looked at it before: its own clock is asked whether it is being written.
                None => Seen { stamp: *stamp, changed: stamp.and_then(lately), grows: false },
            };
            self.files.insert(name.clone(), seen);
        }
    }

    /// Whether all is as a reading looked at it.
    pub(super) fn is_as(&self, looks: &Looks) -> bool {
        looks.len() == self.files.len()
            && looks.iter().zip(&self.files).all(|(a, b)| a.0 == b.0 && *a.1 == b.1.stamp)
    }

    /// Whether it has been waited for long enough to read it between two changes.
    pub(super) fn is_restless(&self) -> bool {
        self.begin.elapsed() >= PATIENCE
    }

    /// For how long nothing has changed.
    pub(super) fn quiet(&self) -> Duration {
        let last = self.files.values().filter_map(|seen| seen.changed).max();
        last.map_or(Duration::MAX, |last| last.elapsed())
    }

    /// Whether a file breaks off; it is looked into once for as long as it is the same.
    fn is_cut(&self, path: &Path, stamp: Option<Stamp>) -> bool {
        let known = self.cut.borrow().get(path).filter(|known| known.0 == stamp).map(|known| known.1);
        known.unwrap_or_else(|| {
            let cut = whole::is_cut(path);
            self.cut.borrow_mut().insert(path.to_owned(), (stamp, cut));
            cut
        })
    }

    /// Whether what was looked at is not waited for any longer.
    pub(super) fn is_over(&self, looks: &Looks, eye: &Eye) -> bool {
        let waited = self.begin.elapsed();
        self.files.iter().all(|(name, seen)| {
            let Some(since) = seen.changed.map(|changed| changed.elapsed()) else { return true };
            if since < QUIET && waited < if seen.grows { GROWTH } else { PATIENCE } {
                return false;
            }
            // Whatever the patience, what is not closed or breaks off is half a file.
            let path = self.dir.join(name);
            let is_new = || self.taken.get(name) != looks.get(name);
            !(since < HELD && waited < GROWTH && eye.is_written(&path))
                && !(since < CUT && waited < GROWTH && is_new() && self.is_cut(&path, seen.stamp))
        })
    }
}

/// When a file was changed, where that was just now by both clocks: a share may have another time.
fn lately(stamp: Stamp) -> Option<Instant> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?.as_nanos();
    let ago = i128::try_from(now).ok()? - stamp.changed();
    let ago = Duration::from_nanos(u64::try_from(ago).ok()?);
    (ago < CUT).then(|| Instant::now().checked_sub(ago)).flatten()
}
