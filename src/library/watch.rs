//! The thread that watches a playlist's folder.
//! Invariant: what decides is what a reading looked at, looked at again; the system's notices only make looking
//! early.

use std::{
    io,
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
use tracing::{info, warn};

use self::{eye::Eye, rest::Rest};
use super::{
    Journal, Library, Reading, items,
    keep::{self, Good, Keep, Refusal},
    read_looking, running_text,
    stamp::{Looks, unchanged},
};
use crate::{
    domain::playlist::Playlist,
    fault,
    state::{Complaint, Complaints},
};

mod eye;
mod rest;

/// How often the folder is looked at where the system gives notice of changes, and where it gives none.
const POLL: Duration = Duration::from_secs(2);
const BLIND: Duration = Duration::from_millis(300);
/// Looking takes at most this share of the time.
const LOOKING: u32 = 10;
/// The time between two looks at a folder that changes.
const STEP: Duration = Duration::from_millis(25);
/// After how long without a change a folder is read; it goes on air once it has come to rest.
const GLANCE: Duration = Duration::from_millis(75);
/// After how long a playlist whose copy the disk did not take is copied again, where nothing changed.
const AGAIN: Duration = Duration::from_secs(30);
/// The most bytes of a playlist that is copied before the first frame; a larger one is copied while it is on air.
const AT_ONCE: u64 = 64 << 20;

/// A folder that is watched, before its thread runs.
pub(super) struct Watch {
    dir: PathBuf,
    journal: Journal,
    /// The last good one, or what is good of the first.
    on_air: Arc<Playlist>,
    /// Whether that is a wholly good one, out of reach.
    is_kept: bool,
    /// What the reading looked at that was decided on last.
    seen: Looks,
    /// Whether that one is still to be decided on, though nothing changed.
    pending: bool,
    /// What the reading looked at that is on air.
    taken: Looks,
    keep: Option<Keep>,
    /// Whether it was told that the keep refuses.
    refused: bool,
    /// When a copy that was refused for the disk's sake is tried again.
    again: Option<Instant>,
    /// Where the copies are.
    state: Option<PathBuf>,
    complaints: Complaints,
}

/// What is to be shown of which folder.
pub(super) struct Shown {
    pub(super) dir: PathBuf,
    /// Where copies are kept.
    pub(super) state: Option<PathBuf>,
    /// Whether the running text alone is wanted, as in safe mode: it is read once.
    pub(super) ticker_alone: bool,
}

/// Starts the thread, which reads first, and watches from then on. `complaints` hear of a disk that takes no copy.
pub(super) fn spawn(
    shown: Shown,
    journal: Journal,
    wake: Option<Arc<dyn Fn() + Send + Sync>>,
    complaints: Complaints,
) -> io::Result<Library> {
    let (signal, signals) = mpsc::sync_channel(1);
    let (playlists, incoming) = mpsc::sync_channel(1);
    let stop = Arc::new(AtomicBool::new(false));
    let awaited = Arc::new(AtomicBool::new(true));
    let out = Out { playlists, wake, stop: stop.clone(), awaited: awaited.clone() };
    let notices = signal.clone();
    thread::Builder::new().name("library".to_owned()).spawn(move || {
        if shown.ticker_alone {
            let (playlist, problem) = running_text(&shown.dir, shown.state.as_deref());
            let mut journal = journal;
            journal.log(problem.into_iter().collect());
            let _ = out.show(&Arc::new(playlist));
        } else {
            let mut watch = Watch::begin(shown.dir, shown.state, journal, complaints);
            if out.show(&watch.on_air).is_ok() {
                watch.run(&signals, &notices, &out);
            }
        }
    })?;
    Ok(Library { incoming: SyncCell::new(incoming), stop, signal, awaited, late: None, told: false })
}

/// What the thread needs beside the folder.
struct Out {
    playlists: SyncSender<Arc<Playlist>>,
    wake: Option<Arc<dyn Fn() + Send + Sync>>,
    stop: Arc<AtomicBool>,
    /// Whether the start waits for the first playlist: nobody has to be woken for that.
    awaited: Arc<AtomicBool>,
}

impl Out {
    fn stops(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// An error means that nobody listens.
    fn show(&self, playlist: &Arc<Playlist>) -> Result<(), ()> {
        let is_awaited = self.awaited.swap(false, Ordering::AcqRel);
        self.playlists.send(playlist.clone()).map_err(|_| ())?;
        if let Some(wake) = self.wake.as_ref().filter(|_| !is_awaited) {
            wake();
        }
        Ok(())
    }
}

impl Watch {
    /// What is on air first, without waiting for anybody: the last good copy, where there is one; else what is good
    /// of the folder `dir`, whatever is wrong with the rest. `state` is where the copies are.
    fn begin(dir: PathBuf, state: Option<PathBuf>, journal: Journal, complaints: Complaints) -> Self {
        let keep = state.as_ref().and_then(|state| {
            let keep = Keep::open(state, &dir);
            let told = "the playlist is shown from its own folder, without a copy";
            keep.inspect_err(|err| warn!("{told}: {}: {err}", state.display())).ok()
        });
        let mut watch = Self::first(dir, keep, state.as_deref(), journal);
        (watch.state, watch.complaints) = (state, complaints);
        if watch.refused || (watch.keep.is_none() && watch.state.is_some()) {
            watch.complain("it could not be made at the start");
        }
        watch
    }

    fn first(dir: PathBuf, mut keep: Option<Keep>, state: Option<&Path>, mut journal: Journal) -> Self {
        if let Some(Good { playlist, looks, taken }) = keep.as_mut().and_then(Keep::last_good) {
            info!("the last good copy of {} is on air, taken {}", dir.display(), journal.time(taken));
            // The folder itself may be on a share that does not answer: it is looked at later.
            let mut watch = Self::of(dir, keep, journal, playlist, looks);
            watch.is_kept = true;
            return watch;
        }
        let reading = read_looking(&dir);
        let good = reading.is_good();
        journal.log(reading.problems);
        // The state directory may be one that cannot be written, or another program's of the same playlist.
        if let Some(Good { playlist, taken, .. }) =
            state.filter(|_| !good).and_then(|state| keep::found(state, &dir))
        {
            info!("the last good copy of {} is on air, taken {}", dir.display(), journal.time(taken));
            let mut watch = Self::of(dir, keep, journal, playlist, reading.looks);
            watch.is_kept = true;
            return watch;
        }
        let mut watch = Self::of(dir, keep, journal, reading.playlist, reading.looks);
        let size: u64 = watch.seen.values().flatten().filter(|stamp| stamp.is_file()).map(|s| s.len).sum();
        watch.pending = good && watch.keep.is_some();
        if watch.pending && size <= AT_ONCE {
            // Before it is on air, so that it need not be moved while it is.
            let (looks, playlist) = (watch.seen.clone(), Arc::unwrap_or_clone(watch.on_air.clone()));
            if let Ok(playlist) = watch.kept(&looks, playlist, &|| false) {
                (watch.on_air, watch.pending) = (Arc::new(playlist), false);
            }
        }
        watch
    }

    fn of(dir: PathBuf, keep: Option<Keep>, journal: Journal, playlist: Playlist, looks: Looks) -> Self {
        Self {
            dir,
            journal,
            on_air: Arc::new(playlist),
            is_kept: false,
            taken: looks.clone(),
            seen: looks,
            pending: false,
            again: keep.is_none().then(|| Instant::now() + AGAIN),
            keep,
            refused: false,
            state: None,
            complaints: Complaints::default(),
        }
    }

    fn run(&mut self, signals: &Receiver<()>, notices: &SyncSender<()>, out: &Out) {
        let mut eye = Eye::new(notices);
        while !out.stops() {
            fault::point("library");
            eye.follow(&self.dir, &self.seen);
            self.try_again();
            // What changed before the watch stood is seen by looking.
            let begin = Instant::now();
            if unchanged(&self.dir, &self.seen) && !self.pending {
                let poll = if eye.is_blind() { BLIND.max(begin.elapsed() * LOOKING) } else { POLL };
                match signals.recv_timeout(poll) {
                    // Many files are written at once, and each is noticed.
                    Ok(()) => thread::sleep(STEP),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            } else if self.change(&eye, out).is_err() {
                return;
            }
        }
    }

    /// Where the disk took no copy, another try is due after a while: it may have room now.
    fn try_again(&mut self) {
        if self.again.is_none_or(|at| Instant::now() < at) {
            return;
        }
        self.again = None;
        if let (None, Some(state)) = (&self.keep, &self.state) {
            self.keep = Keep::open(state, &self.dir).ok();
            self.again = self.keep.is_none().then(|| Instant::now() + AGAIN);
        }
        self.pending = self.keep.is_some();
    }

    fn complain(&self, why: &str) {
        let copy = Complaint::unwritten("salinan daftar putar", "the playlist's copy", why);
        self.complaints.set(&self.complaint(), Some(copy));
    }

    fn complaint(&self) -> String {
        format!("copy of {}", self.dir.display())
    }

    /// Waits until the folder has come to rest, and decides on it. An error means that nobody listens.
    fn change(&mut self, eye: &Eye, out: &Out) -> Result<(), ()> {
        let mut rest = Rest::new(&self.dir, &self.seen, self.taken.clone());
        let mut reading: Option<Reading> = None;
        while !out.stops() {
            rest.look();
            if reading.as_ref().is_some_and(|reading| !rest.is_as(&reading.looks)) {
                reading = None;
            }
            // It is read while it is still waited for: what has come to rest is on air at once.
            if reading.is_none() && (rest.quiet() >= GLANCE || rest.is_restless()) {
                let fresh = read_looking(&self.dir);
                rest.follow(&fresh.looks);
                reading = Some(fresh);
            }
            if reading.as_ref().is_some_and(|reading| rest.is_over(&reading.looks, eye))
                && let Some(whole) = reading.take()
                && self.decide(whole, out)?
            {
                return Ok(());
            }
            thread::sleep(STEP);
        }
        Ok(())
    }

    /// Puts what was read on air if it is good; `false` where it was changed meanwhile.
    fn decide(&mut self, reading: Reading, out: &Out) -> Result<bool, ()> {
        if !unchanged(&self.dir, &reading.looks) {
            return Ok(false);
        }
        let good = reading.is_good();
        let Reading { playlist, problems, looks } = reading;
        self.journal.log(problems);
        let playlist = if good {
            let playlist = match self.kept(&looks, playlist, &|| out.stops()) {
                Ok(playlist) => playlist,
                Err(None) => return Ok(false),
                Err(Some(playlist)) => playlist,
            };
            (self.seen, self.taken, self.pending) = (looks.clone(), looks, false);
            playlist
        } else {
            (self.seen, self.pending) = (looks, false);
            let since = self.keep.as_ref().and_then(Keep::taken).filter(|_| self.is_kept);
            let since = since.map(|taken| format!(", taken {}", self.journal.time(taken)));
            let dir = self.dir.display();
            warn!("the playlist in {dir} has errors: the last good one stays{}", since.unwrap_or_default());
            // What is on air in reach: a film that was mended is tried again, whatever else is wrong.
            match items::film::renewed(&self.on_air).filter(|_| !self.is_kept) {
                Some(renewed) => renewed,
                None => return Ok(true),
            }
        };
        if playlist == *self.on_air {
            return Ok(true);
        }
        info!("the playlist in {} has changed", self.dir.display());
        self.on_air = Arc::new(playlist);
        out.show(&self.on_air)?;
        Ok(true)
    }

    /// A good playlist with its files kept, or as it is where they cannot be. `None`: it was changed meanwhile.
    fn kept(
        &mut self,
        looks: &Looks,
        playlist: Playlist,
        stop: &dyn Fn() -> bool,
    ) -> Result<Playlist, Option<Playlist>> {
        let Some(keep) = &mut self.keep else {
            self.is_kept = false;
            return Err(Some(playlist));
        };
        match keep.take(&self.dir, looks, stop) {
            Ok(()) => {
                let moved = keep.moved(&self.dir, playlist);
                self.is_kept = true;
                if std::mem::take(&mut self.refused) {
                    info!("the playlist in {} has a copy of its own again", self.dir.display());
                }
                self.complaints.set(&self.complaint(), None);
                Ok(moved)
            }
            Err(Refusal::Changed) => Err(None),
            Err(refusal) => {
                self.is_kept = false;
                // One that is too large stays so until it is changed.
                let is_disk = matches!(refusal, Refusal::Full(_) | Refusal::Disk { .. });
                self.again = is_disk.then(|| Instant::now() + AGAIN);
                self.complain(&refusal.to_string());
                if !std::mem::replace(&mut self.refused, true) {
                    let dir = self.dir.display();
                    warn!("the playlist in {dir} is shown from there, without a copy of its own: {refusal}");
                }
                Err(Some(playlist))
            }
        }
    }
}
