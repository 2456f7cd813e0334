//! The end in order: SIGTERM and SIGINT end the app as closing its window does.
//! Invariant: what is known when the signal comes is kept on disk; one that comes before the app runs is no crash.

use std::{
    process,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bevy::prelude::*;
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    iterator::Signals,
};

use crate::state::Wake;

/// How long a program that was told to end may take until its app runs: less than systemd waits.
const SOON: Duration = Duration::from_secs(2);

/// The signals, from the moment they are listened for.
#[derive(Resource, Clone, Default)]
pub struct Stop(Arc<Inner>);

#[derive(Default)]
struct Inner {
    wanted: AtomicBool,
    /// Wakes the drawing loop, once there is one.
    wake: OnceLock<Arc<dyn Fn() + Send + Sync>>,
}

impl std::fmt::Debug for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Stop").field(&self.is_wanted()).finish()
    }
}

impl Stop {
    /// Listens from now on. `end` ends the program where a signal came and the app does not run soon after: what it
    /// waits for, as a display server, may never answer. Where nobody can listen a signal ends the program at once, and
    /// that is told.
    pub fn listen(end: impl Fn() + Send + 'static) -> Self {
        let stop = Self::default();
        let told = stop.clone();
        let listener = Signals::new([SIGINT, SIGTERM]).and_then(|mut signals| {
            std::thread::Builder::new().name("signals".into()).spawn(move || {
                for _ in signals.forever() {
                    told.0.wanted.store(true, Ordering::Relaxed);
                    if told.0.wake.get().is_none() {
                        std::thread::sleep(SOON);
                    }
                    match told.0.wake.get() {
                        Some(wake) => wake(),
                        None => end(),
                    }
                }
            })
        });
        if let Err(error) = listener {
            eprintln!("papan: a signal will end the program at once: {error}");
        }
        stop
    }

    /// Whether a signal came.
    pub fn is_wanted(&self) -> bool {
        self.0.wanted.load(Ordering::Relaxed)
    }
}

/// Ends the app on a signal. Where nobody listens yet, it listens from here on.
pub(crate) fn plugin(app: &mut App) {
    if !app.world().contains_resource::<Stop>() {
        app.insert_resource(Stop::listen(|| process::exit(0)));
    }
    app.add_systems(Startup, connect).add_systems(First, end);
}

fn connect(stop: Res<Stop>, wake: Res<Wake>) {
    _ = stop.0.wake.set(wake.0.clone());
}

fn end(stop: Res<Stop>, mut exit: MessageWriter<AppExit>) {
    if stop.is_wanted() {
        exit.write(AppExit::Success);
    }
}
