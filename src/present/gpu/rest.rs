//! Lets bevy's renderer rest in a frame that shows nothing new: its many systems cost more than our drawing.
//! Invariant: it never rests while a window shows something else than the newest list.

use bevy::{
    ecs::schedule::{InternedScheduleLabel, ScheduleLabel},
    prelude::*,
    render::RenderApp,
    time::TimeReceiver,
    window::WindowEvent,
};

use super::{canvas::Canvas, glass::Showing};
use crate::{present::count::Misses, state};

/// The renderer runs at least once in so many frames, about a second: what bevy does by itself with
/// windows, and a GPU that was lost, is seen then.
const LONGEST: u32 = 60;

/// Runs the renderer's own schedule, or not.
#[derive(ScheduleLabel, Debug, Clone, PartialEq, Eq, Hash)]
struct Due;

#[derive(Resource)]
pub(super) struct Rest {
    /// The renderer's own schedule.
    schedule: InternedScheduleLabel,
    /// For how many frames in a row it has rested; 0 while it runs.
    rested: u32,
    /// How often it ran.
    runs: u64,
}

impl Rest {
    /// How often the renderer ran.
    pub fn runs(&self) -> u64 {
        self.runs
    }
}

/// Comes after bevy's own plugins: it takes their place in the frame, and calls them.
pub(super) fn plugin(app: &mut App) {
    // The renderer tells the app the time at the end of each frame; resting, it would tell none, so the app
    // goes by the system's clock, as it does without a renderer.
    app.world_mut().remove_resource::<TimeReceiver>();
    let Some(render_app) = app.get_sub_app_mut(RenderApp) else {
        return;
    };
    let (Some(mut extract), Some(schedule)) = (render_app.take_extract(), render_app.update_schedule) else {
        return;
    };
    render_app.update_schedule = Some(Due.intern());
    render_app.insert_resource(Rest { schedule, rested: 0, runs: 0 }).add_systems(Due, run).set_extract(
        move |main, render| {
            tell(main, render);
            let due = due(main, render);
            let mut rest = render.resource_mut::<Rest>();
            rest.rested = if due || rest.rested + 1 == LONGEST { 0 } else { rest.rested + 1 };
            if rest.rested == 0 {
                extract(main, render);
            }
        },
    );
}

/// Tells the app when the frame before came onto the glass. The app hears it in each frame, as it would not by
/// the renderer's own extraction, which rests too.
fn tell(main: &mut World, render: &World) {
    // What is due is drawn after this frame, unless the GPU is lost; then the app ends.
    if let Some(mut reached) = main.get_resource_mut::<state::Reached>() {
        *reached = state::Reached::Yes;
    }
    if crate::fault::is_wanted("gpu") {
        render.resource::<bevy::render::renderer::RenderDevice>().wgpu_device().destroy();
    }
    let submitted = render.get_resource::<Showing>().and_then(Showing::submitted);
    let presented = main.get_resource_mut::<state::Presented>();
    if let Some(mut presented) = presented.filter(|p| p.0 != submitted) {
        presented.0 = submitted;
    }
    let showing = render.get_resource::<Showing>();
    let moving = main.get_resource::<state::Motion>().is_some_and(|motion| motion.0);
    if showing.is_some_and(Showing::was_refused)
        && moving
        && let Some(mut misses) = main.get_resource_mut::<Misses>()
    {
        misses.refused(1);
    }
    // What is stale is not on the glass yet; it will be in a moment.
    let drawn = render.get_resource::<Canvas>().map(Canvas::drawn);
    let drawn = drawn.filter(|_| showing.is_some_and(|showing| !showing.is_stale()));
    if let Some(mut asked) = main.get_resource_mut::<state::OnGlass>().filter(|asked| asked.wanted) {
        asked.answer(drawn);
    }
}

/// Whether there is something new to show: a list, or a window to which something happened.
fn due(main: &World, render: &World) -> bool {
    let shown = main.get_resource::<state::Frame>().zip(render.get_resource::<Canvas>());
    let events = main.get_resource::<Messages<WindowEvent>>();
    shown.is_none_or(|(frame, canvas)| !canvas.shows(frame))
        || render.get_resource::<Showing>().is_none_or(Showing::is_stale)
        || events.is_some_and(|events| !events.is_empty())
}

fn run(world: &mut World) {
    let mut rest = world.resource_mut::<Rest>();
    if rest.rested == 0 {
        rest.runs += 1;
        let schedule = rest.schedule;
        world.run_schedule(schedule);
    }
}
