//! The app as a table of contents: its plugins, and the order of their sets.
//! Invariant: an event flows one way, from `Receive` to `Present`.

use std::sync::Arc;

use bevy::{
    app::TaskPoolPlugin, diagnostic::FrameCountPlugin, ecs::error::warn as warn_of, log::LogPlugin,
    prelude::*, time::TimePlugin,
};

use crate::{
    announce, audio, clock,
    config::Config,
    film, library, link, picture, playback, playlog, present, screen,
    state::{
        Applied, DemoHall, Frame, Freshness, Glass, Hall, Logo, Motion, OnAir, Playing, Presented, Settings,
    },
    state::{Stage, Step, Theme, Wake},
    stop,
};

mod workshop;

pub use workshop::workshop;

/// What the screen is started with.
#[derive(Debug, Clone)]
pub struct Show {
    /// The config; what the command line says is in it already.
    pub config: Config,
    /// The theme.
    pub theme: picture::theme::Theme,
    /// Where the glass is.
    pub output: present::Output,
    /// The demo hall's address, where the config names no queue server.
    pub demo: Option<String>,
}

/// What every app of papan has, with or without a glass, a queue server or a clock.
pub fn core(app: &mut App, config: Config, theme: picture::theme::Theme) {
    // One way for what goes wrong in a system: a line in the log, and the screen runs on.
    app.set_error_handler(warn_of);
    app.insert_resource(Settings(Arc::new(config)))
        .insert_resource(Theme(Arc::new(theme)))
        .init_resource::<Glass>()
        .init_resource::<Hall>()
        .init_resource::<Freshness>()
        .init_resource::<Frame>()
        .init_resource::<Logo>()
        .init_resource::<Motion>()
        .init_resource::<OnAir>()
        .init_resource::<Playing>()
        .init_resource::<Presented>()
        .init_resource::<Stage>()
        .init_resource::<Wake>();
    app.configure_sets(PreUpdate, Step::Receive)
        .configure_sets(Update, (Step::Apply, Step::Play, Step::Draw, Step::Present).chain())
        .configure_sets(Update, Applied.in_set(Step::Apply));
    app.add_plugins((announce::plugin, playback::plugin, screen::plugin));
}

/// The screen, ready to run.
///
/// # Errors
/// A GPU was asked for and there is none.
pub fn build(show: Show, log: LogPlugin) -> Result<App, present::gpu::Error> {
    let mut app = App::new();
    app.add_plugins(log);
    app.add_plugins((TaskPoolPlugin::default(), FrameCountPlugin, TimePlugin));
    let screens = &show.config.screens;
    if screens.len() > 1 || screens.iter().any(|s| s.output.is_some() || s.region.is_some()) {
        warn!(
            "[[screen]] output and region are not followed yet: the first screen is shown on all of its window"
        );
    }
    core(&mut app, show.config, show.theme);
    if let Some(url) = show.demo {
        app.insert_resource(DemoHall(url));
    }
    app.add_plugins((
        clock::plugin,
        stop::plugin,
        link::plugin,
        library::plugin,
        audio::plugin,
        film::plugin,
        playlog::plugin,
    ));
    present::add(&mut app, &show.output)?;
    Ok(app)
}
