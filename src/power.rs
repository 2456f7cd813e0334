//! Panels on and off with their screens: outputs through the Wayland compositor, televisions by HDMI-CEC.
//! Invariant: the frame never waits; an output has power while any screen on it is lit, or an emergency stands.

use std::{collections::BTreeMap, path::PathBuf};

use bevy::prelude::*;

use crate::{
    config::{Cec, Config},
    domain::event::Level,
    state::{Hall, Now, Settings, Troubles, Wake},
};

mod cec;
mod child;
mod outputs;
mod thread;
mod words;

/// The most devices by name; a machine has a handful of outputs.
const MOST: usize = 32;

/// What is to have power now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Wanted {
    /// Outputs by name.
    outputs: BTreeMap<String, bool>,
    /// Every other output; `None`: it is left as it is.
    others: Option<bool>,
    /// Televisions by the CEC device that the config names.
    devices: BTreeMap<PathBuf, bool>,
    /// Televisions by the name of their output, where the device is to be found; the empty name is any output.
    found: BTreeMap<String, bool>,
    /// Whether the schedule puts outputs off of which no television is told.
    asked: bool,
}

impl Wanted {
    /// What the screens' schedules want; `power` says of each screen whether it needs power.
    fn of(config: &Config, power: impl Fn(&crate::config::Screen) -> bool) -> Self {
        let mut wanted = Self::default();
        for screen in config.screens.iter().take(MOST) {
            let on = power(screen);
            match &screen.output {
                Some(name) => *wanted.outputs.entry(name.clone()).or_default() |= on,
                None => *wanted.others.get_or_insert_default() |= on,
            }
            let scheduled = !screen.lighting.on.is_empty();
            match &screen.cec {
                Cec::No => wanted.asked |= scheduled,
                Cec::Device(path) => *wanted.devices.entry(path.clone()).or_default() |= on,
                Cec::Found => {
                    let name = screen.output.clone().unwrap_or_default();
                    *wanted.found.entry(name).or_default() |= on;
                }
            }
        }
        wanted
    }

    /// Whether an output of this name is to have power; `None`: it is left as it is.
    fn output(&self, name: &str) -> Option<bool> {
        let is = |own: &&String| own.eq_ignore_ascii_case(name);
        let named = self.outputs.keys().find(is).and_then(|own| self.outputs.get(own));
        named.copied().or(self.others)
    }
}

/// The thread, and what it was told last.
#[derive(Resource)]
struct Power {
    hand: thread::Hand,
    told: Option<Wanted>,
}

/// Gives panels power, and takes it, by the screens' schedules. [`Settings`] and [`Now`] are to be there.
pub(crate) fn plugin(app: &mut App) {
    app.add_systems(Startup, start)
        .add_systems(PostUpdate, follow.run_if(resource_exists::<Power>))
        .add_systems(Last, end.run_if(resource_exists::<Power>));
}

fn start(mut commands: Commands, settings: Res<Settings>, wake: Res<Wake>) {
    match thread::start(settings.hall.language, wake.clone(), thread::socket()) {
        Ok(hand) => commands.insert_resource(Power { hand, told: None }),
        Err(error) => warn!("outputs are not put off and on: no thread for it: {error}"),
    }
}

fn follow(
    mut power: ResMut<Power>,
    mut troubles: ResMut<Troubles>,
    settings: Res<Settings>,
    hall: Res<Hall>,
    now: Res<Now>,
) {
    let emergency = hall.notices.iter().any(|notice| notice.level == Level::Emergency);
    let wanted =
        Wanted::of(&settings, |screen| emergency || screen.lighting.needs_power(now.wall, &now.zone));
    if power.told.as_ref() != Some(&wanted) {
        power.hand.want(wanted.clone());
        power.told = Some(wanted);
    }
    if let Some(wrong) = power.hand.wrong() {
        troubles.set("power", wrong, now.wall);
    }
}

/// At the program's end every output has power again: whoever looks then sees that nothing runs.
fn end(exits: MessageReader<AppExit>, power: Res<Power>) {
    if !exits.is_empty() {
        power.hand.stop();
    }
}

#[cfg(test)]
mod tests;
