//! Keeps the last state on disk, from a thread of its own: a slow disk holds no frame back.
//! Invariant: at most one state waits to be written, and it is the newest.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use bevy::{
    log::{info, warn},
    prelude::*,
};
use jiff::Timestamp;

use super::{Timing, store};
use crate::{
    domain::event::Snapshot,
    fault,
    state::{Complaint, Complaints, Freshness, Hall, LinkStatus, Now},
};

/// How long the program's end waits for the disk.
const LAST_WRITE: Duration = Duration::from_secs(2);

/// How often a state that the disk did not take is tried again, where no newer one comes.
const RETRY: Duration = Duration::from_secs(30);
/// Whose troubles these are.
const OF: &str = "state file";

/// A state to be written.
struct Job {
    snapshot: Snapshot,
    sequence: u64,
    time: Timestamp,
}

/// What the thread and the app share.
#[derive(Default)]
struct Slot {
    job: Option<Job>,
    writing: bool,
    closing: bool,
}

#[derive(Default)]
struct Desk {
    slot: Mutex<Slot>,
    turned: Condvar,
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The app's end of the state file.
#[derive(Resource)]
pub struct Keeper {
    desk: Arc<Desk>,
    /// What was true, and when, and has not been handed over yet.
    changed: Option<Timestamp>,
    /// When a state was handed over last.
    handed: Option<Duration>,
}

impl Keeper {
    /// Starts the thread that writes `path`.
    pub fn start(path: PathBuf, complaints: Complaints) -> io::Result<Self> {
        let desk = Arc::<Desk>::default();
        let theirs = Arc::clone(&desk);
        thread::Builder::new().name("state file".into()).spawn(move || run(&theirs, &path, &complaints))?;
        Ok(Self { desk, changed: None, handed: None })
    }

    fn hand_over(&self, job: Job) {
        self.desk.lock().job = Some(job);
        self.desk.turned.notify_all();
    }

    /// Waits until everything handed over is written, or until the disk has had its time.
    fn settle(&self) {
        let busy = |slot: &mut Slot| slot.job.is_some() || slot.writing;
        let waited = self.desk.turned.wait_timeout_while(self.desk.lock(), LAST_WRITE, busy);
        if waited.unwrap_or_else(PoisonError::into_inner).1.timed_out() {
            warn!("the disk is too slow: the last state may not be kept");
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.desk.lock().closing = true;
        self.desk.turned.notify_all();
    }
}

fn run(desk: &Desk, path: &Path, complaints: &Complaints) {
    let mut trouble = None;
    // What the disk did not take, and nothing newer has come for.
    let mut unwritten: Option<Job> = None;
    loop {
        let idle = |slot: &mut Slot| slot.job.is_none() && !slot.closing;
        let mut slot = match &unwritten {
            None => desk.turned.wait_while(desk.lock(), idle).unwrap_or_else(PoisonError::into_inner),
            Some(_) => {
                let waited = desk.turned.wait_timeout_while(desk.lock(), RETRY, idle);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        let closing = slot.closing;
        let Some(job) = slot.job.take().or_else(|| unwritten.take().filter(|_| !closing)) else { return };
        slot.writing = true;
        drop(slot);
        fault::point("state file");
        let done = store::write(path, &job.snapshot, job.sequence, job.time);
        // A disk that stays broken is worth one line, not one a second; the text names another file each time.
        let now = done.as_ref().err().map(io::Error::kind);
        match &done {
            Err(error) if trouble != now => {
                warn!("the state cannot be kept in {}: {error}", path.display());
                let why = error.to_string();
                complaints.set(OF, Some(Complaint::unwritten("antrean terakhir", "the last state", &why)));
            }
            Ok(()) if trouble.is_some() => {
                info!("the state is kept again in {}", path.display());
                complaints.set(OF, None);
            }
            _ => {}
        }
        unwritten = now.is_some().then_some(job);
        trouble = now;
        desk.lock().writing = false;
        desk.turned.notify_all();
    }
}

/// Hands the hall over when the server changed it, at most once a second.
pub fn keep(
    mut keeper: ResMut<Keeper>,
    hall: Res<Hall>,
    freshness: Res<Freshness>,
    status: Res<LinkStatus>,
    now: Res<Now>,
    timing: Res<Timing>,
) {
    if hall.is_changed() && *freshness == Freshness::Live {
        keeper.changed = Some(now.wall);
    }
    let rested = keeper.handed.is_none_or(|last| now.mono.saturating_sub(last) >= timing.store);
    if rested && let Some(time) = keeper.changed.take() {
        keeper.handed = Some(now.mono);
        let sequence = status.sequence.unwrap_or_default();
        keeper.hand_over(Job { snapshot: hall.replicate(), sequence, time });
    }
}

/// At the program's end the hall is written once more, with the time until which it was true.
pub fn keep_last(
    exits: MessageReader<AppExit>,
    mut keeper: ResMut<Keeper>,
    hall: Res<Hall>,
    status: Res<LinkStatus>,
    now: Res<Now>,
) {
    if exits.is_empty() {
        return;
    }
    let changed = keeper.changed.take();
    if let Some(time) = if status.connected { Some(now.wall) } else { changed } {
        let sequence = status.sequence.unwrap_or_default();
        keeper.hand_over(Job { snapshot: hall.replicate(), sequence, time });
    }
    keeper.settle();
}
