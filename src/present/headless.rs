//! The display list where there is no display server: into a PNG file, once a second.
//! Invariant: the file is always a whole picture.

use std::{path::PathBuf, time::Duration};

use bevy::{app::ScheduleRunnerPlugin, prelude::*};

use super::{outputs, pace::Pace, png};
use crate::{
    clock,
    state::{Frame, Glass, Now, OnGlass, Presented, Reached, Settings, Step, Wall},
};

/// How often the program looks for news.
const TICK: Duration = Duration::from_millis(50);
/// How often the file is written.
const PERIOD: Duration = Duration::from_secs(1);

#[derive(Resource)]
struct File {
    path: PathBuf,
    pace: Pace,
    refresh: Pace,
    written: Option<crate::picture::DisplayList>,
    failed: bool,
}

/// Adds the file and the loop.
pub(super) fn add(app: &mut App, path: PathBuf, (width, height): (u32, u32)) {
    info!("no window: the picture is written to {} every second", path.display());
    app.add_plugins(ScheduleRunnerPlugin::run_loop(TICK));
    let rate = 1.0 / TICK.as_secs_f64();
    let mut glass = Glass { width, height, rate, refresh: 0 };
    if app.world().contains_resource::<Wall>()
        && let Some(settings) = app.world().get_resource::<Settings>()
    {
        let made_up = outputs::made_up(settings, (width, height), rate);
        let all = outputs::all_of(&made_up.all);
        (glass.width, glass.height) = (all.w, all.h);
        app.insert_resource(made_up);
    }
    app.insert_resource(glass);
    app.insert_resource(File {
        path,
        pace: Pace::default(),
        refresh: Pace::default(),
        written: None,
        failed: false,
    });
    app.add_systems(First, refresh.after(crate::clock::Tick));
    app.add_systems(Update, write.in_set(Step::Present));
}

fn refresh(mut glass: ResMut<Glass>, mut file: ResMut<File>, now: Res<Now>) {
    if file.refresh.step(clock::real(now.mono), TICK).is_some() {
        glass.refresh += 1;
    }
}

fn write(
    mut file: ResMut<File>,
    (mut presented, mut asked, mut reached): (ResMut<Presented>, ResMut<OnGlass>, ResMut<Reached>),
    (frame, now): (Res<Frame>, Res<Now>),
) {
    asked.answer(file.written.as_ref());
    // A disk that takes no picture is no reason to end.
    *reached = Reached::Yes;
    if frame.width == 0
        || file.pace.step(clock::real(now.mono), PERIOD).is_none()
        || file.written.as_ref() == Some(&frame.0)
    {
        return;
    }
    match png::write(&frame.0, &file.path) {
        Ok(()) => {
            presented.0 = Some(clock::wall());
            file.failed = false;
            file.written = Some(frame.0.clone());
        }
        Err(error) if !file.failed => {
            file.failed = true;
            warn!("{error}");
        }
        Err(_) => {}
    }
}
