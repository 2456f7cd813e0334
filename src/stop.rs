//! The end in order: SIGTERM and SIGINT end the app as closing its window does.
//! Invariant: what is known when the signal comes is kept on disk.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bevy::prelude::*;
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    iterator::Signals,
};

use crate::state::Wake;

#[derive(Resource)]
struct Wanted(Arc<AtomicBool>);

/// Ends the app on a signal.
pub(crate) fn plugin(app: &mut App) {
    app.add_systems(Startup, listen).add_systems(First, end.run_if(resource_exists::<Wanted>));
}

fn listen(mut commands: Commands, wake: Res<Wake>) {
    let wanted = Arc::new(AtomicBool::new(false));
    let (told, wake) = (wanted.clone(), wake.clone());
    let listener = Signals::new([SIGINT, SIGTERM]).and_then(|mut signals| {
        std::thread::Builder::new().name("signals".into()).spawn(move || {
            for _ in signals.forever() {
                told.store(true, Ordering::Relaxed);
                (wake.0)();
            }
        })
    });
    match listener {
        Ok(_) => commands.insert_resource(Wanted(wanted)),
        Err(error) => warn!("a signal will end the program at once: {error}"),
    }
}

fn end(wanted: Res<Wanted>, mut exit: MessageWriter<AppExit>) {
    if wanted.0.load(Ordering::Relaxed) {
        exit.write(AppExit::Success);
    }
}
