//! Where everything is: zones for this glass, layout and number of counters.
//! Invariant: `Arranged` changes only when a zone or a size does.

use bevy::prelude::*;

use crate::{
    domain::layout::{self, Layout, Shape, Zones},
    picture::{text::Typesetter, theme::Sizes},
    state::{Glass, Hall, Motion, OnAir, Settings, StageBox, Theme},
};

/// The drawing thread's typesetter.
#[derive(Resource, Default, Deref, DerefMut)]
pub(super) struct Easel(Typesetter);

/// The zones, and the theme's sizes in pixels.
#[derive(Resource, Debug, Clone, PartialEq, Default)]
pub struct Arranged(pub Option<Arrangement>);

/// What holds for one arrangement of the glass.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrangement {
    /// Where the zones are.
    pub zones: Zones,
    /// The theme's sizes in pixels.
    pub sizes: Sizes,
    /// The shape that it is drawn in.
    pub shape: Shape,
    /// Width and height of the glass in pixels.
    pub glass: (u32, u32),
}

/// Arranges the glass anew where its size, the layout, the counters or the running text changed.
pub(super) fn arrange(
    glass: Res<Glass>,
    settings: Res<Settings>,
    hall: Res<Hall>,
    on_air: Res<OnAir>,
    theme: Res<Theme>,
    mut arranged: ResMut<Arranged>,
    mut motion: ResMut<Motion>,
    mut commands: Commands,
) {
    motion.0 = false;
    let known = arranged.0.as_ref().is_some_and(|a| a.glass == (glass.width, glass.height));
    if known && !hall.is_changed() && !on_air.is_changed() && !settings.is_changed() {
        return;
    }
    if glass.width == 0 || glass.height == 0 {
        return;
    }
    let screen = settings.screen();
    let layout = match &screen.layout {
        None => Layout::Known(Shape::of(glass.width, glass.height)),
        Some(name) => match (settings.layouts.get(name), Layout::known(name)) {
            (Some(own), _) => Layout::Own(own.clone()),
            (None, Some(known)) => known,
            // The config was checked: a name that nobody knows does not come this far.
            (None, None) => Layout::Known(Shape::of(glass.width, glass.height)),
        },
    };
    let shape = layout.shape(glass.width, glass.height);
    let sizes = theme.sizes(shape, glass.width, glass.height);
    let running = super::ticker::runs(&on_air, &hall);
    let zones = layout::arrange(
        &layout,
        (glass.width, glass.height),
        hall.counters.len(),
        running,
        &sizes.measures(),
    );
    let sizes = sizes.within(zones.header.h, zones.ticker.h);
    let stage = StageBox { width: zones.stage.w, height: zones.stage.h, sizes };
    let new = Arranged(Some(Arrangement { zones, sizes, shape, glass: (glass.width, glass.height) }));
    if *arranged != new {
        commands.insert_resource(stage);
        *arranged = new;
    }
}
