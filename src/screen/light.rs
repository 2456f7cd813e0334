//! How the screen is lit: by its schedule, gently; by an emergency, at once.
//! Invariant: an emergency notice is shown fully bright for as long as it stands, whatever the schedule says.

use bevy::prelude::*;

use crate::{
    domain::{
        event::Level,
        lighting::{FULL, Fading},
    },
    state::{Hall, Lit, Motion, Now, Settings},
};

/// The level on its way.
#[derive(Resource, Debug, Default, Deref, DerefMut)]
pub(super) struct Lamp(Fading);

/// Decides how the screen is lit in this frame; a change asks for frames until it is over.
pub(super) fn light(
    now: Res<Now>,
    settings: Res<Settings>,
    hall: Res<Hall>,
    mut lamp: ResMut<Lamp>,
    mut lit: ResMut<Lit>,
    mut motion: ResMut<Motion>,
) {
    let emergency = hall.notices.iter().any(|notice| notice.level == Level::Emergency);
    let to = match emergency {
        true => FULL,
        false => settings.screen().lighting.level(now.zone.to_datetime(now.wall)),
    };
    let brightness = lamp.step(to, emergency, now.mono);
    lit.set_if_neq(Lit { on: brightness > 0, brightness });
    motion.0 |= brightness != to;
}
