//! A picture of its own on each output, in place of the screens: for test cards.
//! Invariant: every output that is there shows one, whatever the config says.

use std::sync::Arc;

use bevy::{
    app::TaskPoolPlugin, diagnostic::FrameCountPlugin, ecs::error::warn as warn_of, log::LogPlugin,
    prelude::*, time::TimePlugin,
};

use super::both;
use crate::{
    clock,
    config::Config,
    picture::{
        DisplayList, Rect,
        place::{self, Place, Placer},
        turn::Turn,
    },
    present,
    state::{Frame, Glass, Motion, Output, Outputs, Placed, Presented, Screens, Step, Wall},
    stop,
};

/// Draws a picture for an output: its name, its width × height in pixels, its refreshes a second.
pub type DrawCard = dyn Fn(&str, (u32, u32), f64) -> DisplayList + Send + Sync;

/// What the pictures are shown with.
#[derive(Clone)]
pub struct Cards {
    /// The config; nothing of it but the language and the hall's zone is looked at here.
    pub config: Config,
    /// Where the glass is.
    pub output: present::Output,
    /// Draws each output's picture, once for each size.
    pub draw: Arc<DrawCard>,
}

/// What stands for the only output where nobody knows of outputs, as in a window among others.
const WINDOW: &str = "papan";

/// A picture on each output, ready to run.
///
/// # Errors
/// A GPU was asked for and there is none.
pub fn cards(cards: Cards, log: LogPlugin) -> Result<App, present::gpu::Error> {
    let mut app = App::new();
    app.add_plugins(log);
    app.add_plugins((TaskPoolPlugin::default(), FrameCountPlugin, TimePlugin));
    app.set_error_handler(warn_of);
    both(&mut app, cards.config);
    app.init_resource::<Wall>()
        .init_resource::<Presented>()
        .init_resource::<Outputs>()
        .init_resource::<Screens>();
    app.add_plugins((clock::plugin, stop::plugin));
    present::add(&mut app, &cards.output)?;
    let draw = cards.draw;
    let lay = move |outputs: Res<Outputs>,
                    glass: Res<Glass>,
                    mut screens: ResMut<Screens>,
                    mut frame: ResMut<Frame>,
                    mut motion: ResMut<Motion>,
                    mut known: Local<Vec<(Output, DisplayList)>>| {
        let size = (glass.width, glass.height);
        let all = wall(&outputs, &glass);
        let same = known.iter().map(|(output, _)| output).eq(&all);
        if same && (frame.width, frame.height) == size {
            return;
        }
        let old = std::mem::take(&mut *known);
        *known = all
            .into_iter()
            .map(|output| {
                let is = |old: &&(Output, DisplayList)| {
                    (&old.0.name, old.0.width, old.0.height, old.0.rate)
                        == (&output.name, output.width, output.height, output.rate)
                };
                let list = old.iter().find(is).map(|(_, list)| list.clone());
                let list =
                    list.unwrap_or_else(|| draw(&output.name, (output.width, output.height), output.rate));
                (output, list)
            })
            .collect();
        screens.0 = known.iter().map(|(output, list)| on_glass(output, list, outputs.origin)).collect();
        let places: Vec<Place> = screens.iter().filter_map(|screen| screen.place).collect();
        let mut quads = place::ground(size, places.iter().map(|place| place.at));
        for screen in &screens.0 {
            if let Some(place) = &screen.place {
                Placer::default().place(&screen.list, place, &mut quads);
            }
        }
        frame.0 = DisplayList { width: size.0, height: size.1, quads };
        motion.set_if_neq(Motion(false));
    };
    app.add_systems(Update, lay.in_set(Step::Draw));
    Ok(app)
}

/// The outputs that there are; where nobody knows of any, the window is one.
fn wall(outputs: &Outputs, glass: &Glass) -> Vec<Output> {
    let (x, y) = outputs.origin;
    let Glass { width, height, rate, .. } = *glass;
    match outputs.known {
        true => outputs.all.clone(),
        false if width == 0 || height == 0 => Vec::new(),
        false => vec![Output { name: WINDOW.to_owned(), x, y, width, height, rate }],
    }
}

fn on_glass(output: &Output, list: &DisplayList, origin: (i32, i32)) -> Placed {
    let at = Rect::new(output.x - origin.0, output.y - origin.1, output.width, output.height);
    Placed {
        name: output.name.clone(),
        output: Some(output.name.clone()),
        place: Some(Place { at, turn: Turn::None }),
        list: list.clone(),
        ..Placed::default()
    }
}
