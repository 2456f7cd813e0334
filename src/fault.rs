//! Panics that are meant to be survived, and faults that a test provokes.
//! Invariant: a fault is provoked only in a debug build, and only once the first picture is on the glass.
//!
//! `PAPAN_FAULT` names the fault: `panic:THREAD` (where that thread next comes to its [`point`]), `freeze` (the
//! drawing loop stands still), `gpu` (the GPU's device is lost) or `exit` (the program ends at once, out of order).

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

thread_local! {
    /// How many [`caught`] are around what runs in this thread.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

static ARMED: AtomicBool = AtomicBool::new(false);
static WANTED: OnceLock<Option<String>> = OnceLock::new();

/// Runs what may panic; its caller has a defined way on, so the program does not end by that.
///
/// # Errors
/// It panicked; why is in the log.
pub fn caught<T>(what: impl FnOnce() -> T) -> thread::Result<T> {
    DEPTH.set(DEPTH.get() + 1);
    // What it touched is the caller's to throw away.
    let done = catch_unwind(AssertUnwindSafe(what));
    DEPTH.set(DEPTH.get() - 1);
    done
}

/// Whether a panic of this thread would be survived here.
pub fn is_caught() -> bool {
    DEPTH.get() > 0
}

/// Where a thread may be made to panic, under its name.
///
/// # Panics
/// Where a test wants it to.
pub fn point(thread: &str) {
    if cfg!(debug_assertions) && wanted().and_then(|fault| fault.strip_prefix("panic:")) == Some(thread) {
        panic!("a fault was asked for in {thread}");
    }
}

/// Whether a test wants this fault now.
pub fn is_wanted(fault: &str) -> bool {
    cfg!(debug_assertions) && wanted() == Some(fault)
}

/// From now on faults may come: the first picture is on the glass.
pub fn arm() {
    ARMED.store(true, Ordering::Relaxed);
}

fn wanted() -> Option<&'static str> {
    if !ARMED.load(Ordering::Relaxed) {
        return None;
    }
    WANTED.get_or_init(|| std::env::var("PAPAN_FAULT").ok()).as_deref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_caught_is_known_while_it_runs() {
        assert!(!is_caught());
        assert!(matches!(caught(|| (is_caught(), caught(is_caught).is_ok())), Ok((true, true))));
        assert!(caught(|| panic!("on purpose")).is_err());
        assert!(!is_caught());
    }

    #[test]
    fn nothing_is_provoked_unasked() {
        point("link");
        assert!(!is_wanted("freeze"));
    }
}
