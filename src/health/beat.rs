//! The drawing loop's own sign of life, at the end of each frame.
//! Invariant: it is given only by a frame that ran through to its end and is on the glass, or has no glass to be on.

use std::time::Duration;

use bevy::prelude::*;

use super::{Session, record::End, systemd::Manager};
use crate::{
    fault,
    state::{Frame, Freshness, Now, Presented, Reached, Step, Troubles},
};

/// After so long without a glass to draw on the program counts as ready: a screen may be off at boot.
const NO_GLASS: Duration = Duration::from_secs(5);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Reached>().init_resource::<Presented>();
    if let Some(manager) = Manager::find() {
        app.insert_resource(manager);
    }
    app.add_systems(Update, beat.after(Step::Present));
    app.add_systems(PostUpdate, (status.run_if(resource_exists::<Manager>), recover));
}

fn beat(
    mut on_glass: ResMut<Reached>,
    manager: Option<ResMut<Manager>>,
    presented: Res<Presented>,
    frame: Res<Frame>,
    now: Res<Now>,
) {
    let said = std::mem::take(&mut *on_glass);
    let shown = presented.0.is_some();
    let no_glass = frame.width == 0 || frame.height == 0;
    if let Some(mut manager) = manager {
        if shown || now.mono >= NO_GLASS && (no_glass || said == Reached::Yes) {
            manager.ready();
        }
        if said == Reached::Yes || no_glass {
            manager.alive(now.mono);
        }
    }
    if shown {
        provoked();
    }
}

/// What a test wants of the drawing loop.
fn provoked() {
    fault::arm();
    fault::point("main");
    if fault::is_wanted("exit") {
        super::panic::end_now(3);
    }
    while fault::is_wanted("freeze") {
        std::thread::park();
    }
}

fn status(
    mut manager: ResMut<Manager>,
    session: Option<Res<Session>>,
    freshness: Res<Freshness>,
    troubles: Res<Troubles>,
    presented: Res<Presented>,
    now: Res<Now>,
) {
    let safe = if session.is_some_and(|session| session.verdict().safe) { "SAFE MODE; " } else { "" };
    let queue = match &*freshness {
        Freshness::Waiting => "no data from the queue server yet".to_owned(),
        Freshness::Live => "live".to_owned(),
        Freshness::Stale(at) => {
            format!("cut off, data of {}", at.to_zoned(now.zone.clone()).strftime("%Y-%m-%d %H:%M"))
        }
    };
    let picture = if presented.0.is_some() { "" } else { "; no picture yet" };
    let wrong = match troubles.iter().count() {
        0 => String::new(),
        1 => "; 1 problem: papan status".to_owned(),
        more => format!("; {more} problems: papan status"),
    };
    manager.status(now.mono, &format!("{safe}{queue}{picture}{wrong}"));
}

/// Safe mode that was healthy for long enough ends, where somebody starts the program again.
fn recover(
    session: Option<Res<Session>>,
    manager: Option<Res<Manager>>,
    now: Res<Now>,
    mut exit: MessageWriter<AppExit>,
    mut over: Local<bool>,
) {
    let Some((session, _)) = session.zip(manager) else { return };
    let healthy = session.verdict().healthy_after.map(Duration::from_millis);
    if healthy.is_some_and(|after| now.mono >= after) && !std::mem::replace(&mut *over, true) {
        info!("safe mode was healthy for long enough: the program starts anew, normally");
        session.end(&End::Healthy);
        exit.write(AppExit::Success);
    }
}
