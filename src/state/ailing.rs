//! What other threads say is wrong, why the program breaks, and whether what was drawn is on the glass.
//! Invariant: what is said here never waits for anybody, and the first cause of a break is the one that is kept.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use bevy::prelude::*;

/// The exit code of a program that broke: whoever started it starts it again at once.
pub const BROKEN: u8 = 70;

/// What is wrong in other threads, to become [`super::Troubles`]; a thread keeps a clone of it.
#[derive(Resource, Debug, Clone, Default)]
pub struct Complaints(Arc<Mutex<BTreeMap<String, Option<Complaint>>>>);

/// One thing that is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// In Indonesian.
    pub id: String,
    /// In English.
    pub en: String,
}

impl Complaint {
    /// What cannot be written, why, and what to look at; `id` and `en` name it.
    pub fn unwritten(id: &str, en: &str, why: &str) -> Self {
        Self {
            id: format!("{id} tidak dapat ditulis: {why}; kosongkan disk, periksa hak tulis dan kabel disk"),
            en: format!(
                "{en} cannot be written: {why}; free the disk, look at who may write there and at the disk"
            ),
        }
    }
}

impl Complaints {
    /// What is wrong with `of` now; `None`: all is well again.
    pub fn set(&self, of: &str, complaint: Option<Complaint>) {
        lock(&self.0).insert(of.to_owned(), complaint);
    }

    /// What was said since it was taken last.
    pub fn take(&self) -> BTreeMap<String, Option<Complaint>> {
        std::mem::take(&mut *lock(&self.0))
    }
}

/// Why the program breaks, for whoever started it and for the next start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A thread panicked, by its name.
    Panic(String),
    /// The GPU was lost, or is of no more use.
    Gpu(String),
}

/// Whether the program is to end because it broke.
#[derive(Resource, Debug, Clone, Default)]
pub struct Breakage(Arc<Mutex<Option<Cause>>>);

impl Breakage {
    /// It broke; the first cause counts.
    pub fn tell(&self, cause: Cause) {
        lock(&self.0).get_or_insert(cause);
    }

    /// Why, where it broke.
    pub fn cause(&self) -> Option<Cause> {
        lock(&self.0).clone()
    }
}

/// Whether the newest frame is on the glass, as far as its presenter can tell. The presenter says so in each frame,
/// and whoever asks takes the answer back to `Unknown`.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reached {
    /// The presenter has not said.
    #[default]
    Unknown,
    /// It is there, or there is no glass to put it on.
    Yes,
    /// It could not be put there.
    No,
}

/// Memory is short: nothing new that is large is to be begun.
#[derive(Resource, Debug, Clone, Default)]
pub struct Pressed(Arc<AtomicBool>);

impl Pressed {
    /// Whether it is.
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Whether it is, from now on.
    pub fn set(&self, pressed: bool) {
        self.0.store(pressed, Ordering::Relaxed);
    }
}

/// What the program wrote to the disk since its start.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Bytes that went to the disk, as the kernel counts them; `None` where it does not say.
    pub bytes: Option<u64>,
    /// What would be written in a day if it went on so, in bytes; known after an hour.
    pub a_day: Option<u64>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_cause_is_kept() {
        let breakage = Breakage::default();
        assert_eq!(breakage.cause(), None);
        breakage.clone().tell(Cause::Gpu("lost".to_owned()));
        breakage.tell(Cause::Panic("main".to_owned()));
        assert_eq!(breakage.cause(), Some(Cause::Gpu("lost".to_owned())));
    }

    #[test]
    fn a_complaint_is_taken_once_and_taken_back() {
        let (complaints, full) = (Complaints::default(), Complaint { id: "penuh".into(), en: "full".into() });
        complaints.clone().set("state", Some(full.clone()));
        assert_eq!(complaints.take(), BTreeMap::from([("state".to_owned(), Some(full))]));
        assert!(complaints.take().is_empty());
        complaints.set("state", None);
        assert_eq!(complaints.take(), BTreeMap::from([("state".to_owned(), None)]));
    }
}
