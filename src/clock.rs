//! The clocks, read once a frame: nothing after this asks what time it is.
//! Invariant: monotonic time never goes back, whatever the wall clock does.

use std::time::Instant;

use bevy::prelude::*;
use jiff::Timestamp;

use crate::state::{Now, Settings};

/// The system set in `First` after which `Now` is this frame's.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tick;

#[derive(Resource)]
struct Start(Instant);

/// Reads the clocks at the start of each frame.
pub(crate) fn plugin(app: &mut App) {
    let zone = app.world().resource::<Settings>().hall.timezone.clone();
    app.insert_resource(Start(Instant::now()));
    app.insert_resource(Now { wall: Timestamp::now(), mono: std::time::Duration::ZERO, zone });
    app.add_systems(First, read.in_set(Tick));
}

fn read(start: Res<Start>, mut now: ResMut<Now>) {
    now.mono = start.0.elapsed();
    now.wall = Timestamp::now();
}
