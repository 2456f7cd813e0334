//! The test card in a window: on each output its own card, and what moves on it.
//! Invariant: a key, the time that was given, or a signal ends it.

use std::{sync::Arc, time::Duration};

use bevy::{
    app::TaskPoolPlugin,
    diagnostic::FrameCountPlugin,
    input::keyboard::KeyboardInput,
    log::LogPlugin,
    prelude::*,
    time::TimePlugin,
    window::{Monitor, OnMonitor, PrimaryWindow},
};

use crate::{
    clock,
    config::Config,
    picture::{
        DisplayList, Quad,
        testcard::{self, Card},
        text::Typesetter,
        theme,
    },
    present,
    state::{Frame, Glass, Motion, Now, Playing, Presented, Settings, Step, Theme, Wake},
    stop,
};

/// What the test cards are shown with.
#[derive(Debug, Clone)]
pub struct Cards {
    /// The config: its screens' regions, heights and theme.
    pub config: Config,
    /// The theme.
    pub theme: theme::Theme,
    /// The one output that gets a card; `None`: all.
    pub only: Option<String>,
    /// After how many seconds it ends; `None`: by a key or a signal.
    pub seconds: Option<u32>,
    /// What draws.
    pub renderer: present::Renderer,
}

/// The test cards, ready to be shown.
///
/// # Errors
/// A GPU was asked for and there is none.
pub fn testcard(cards: Cards, log: LogPlugin) -> Result<App, present::gpu::Error> {
    let mut app = App::new();
    app.add_plugins(log);
    app.add_plugins((TaskPoolPlugin::default(), FrameCountPlugin, TimePlugin));
    app.set_error_handler(bevy::ecs::error::warn);
    app.insert_resource(Settings(Arc::new(cards.config)))
        .insert_resource(Theme(Arc::new(cards.theme)))
        .insert_resource(Asked {
            only: cards.only,
            end: cards.seconds.map(|s| Duration::from_secs(s.into())),
        })
        .init_resource::<Drawn>()
        .init_resource::<Glass>()
        .init_resource::<Frame>()
        .insert_resource(Motion(true))
        .init_resource::<Playing>()
        .init_resource::<Presented>()
        .init_resource::<Wake>();
    app.configure_sets(Update, (Step::Draw, Step::Edit, Step::Present).chain());
    app.add_plugins((clock::plugin, stop::plugin));
    let output = present::Output::Window { renderer: cards.renderer, size: None, windowed: false };
    present::add(&mut app, &output)?;
    app.add_systems(Update, (draw.in_set(Step::Draw), end));
    Ok(app)
}

#[derive(Resource)]
struct Asked {
    only: Option<String>,
    end: Option<Duration>,
}

/// The cards as they were drawn last.
#[derive(Resource, Default)]
struct Drawn {
    type_: Typesetter,
    card: Option<(Card, Quad)>,
}

fn draw(
    mut drawn: ResMut<Drawn>,
    mut frame: ResMut<Frame>,
    glass: Res<Glass>,
    asked: Res<Asked>,
    (settings, theme): (Res<Settings>, Res<Theme>),
    window: Query<Option<&OnMonitor>, With<PrimaryWindow>>,
    monitors: Query<&Monitor>,
) {
    let (width, height) = (glass.width, glass.height);
    if width == 0 || height == 0 {
        return;
    }
    let on = window.single().ok().flatten();
    let monitor = on.and_then(|on| monitors.get(on.0).ok()).or_else(|| monitors.iter().next());
    let name = monitor.and_then(|m| m.name.clone()).or_else(|| asked.only.clone()).unwrap_or_default();
    let screens = &settings.screens;
    let screen = screens
        .iter()
        .find(|s| s.output.as_ref() == Some(&name))
        .or(screens.first().filter(|s| s.output.is_none()));
    let card = Card {
        name,
        rate: Some(glass.rate),
        height_mm: screen.and_then(|screen| screen.height_mm),
        ..Card::new(width, height, settings.hall.language)
    };
    let drawn = &mut *drawn;
    let quad = match &drawn.card {
        Some((known, quad)) if *known == card => quad.clone(),
        _ => {
            let quad = Quad::picture(&testcard::draw(&mut drawn.type_, &theme, &card), 0, 0);
            drawn.card = Some((card, quad.clone()));
            quad
        }
    };
    let bar = Quad::fill(testcard::BAR, testcard::bar((width, height), glass.refresh));
    frame.0 = DisplayList { width, height, quads: vec![quad, bar] };
}

/// Any key ends it, as its time does.
fn end(
    mut keys: MessageReader<KeyboardInput>,
    mut exit: MessageWriter<AppExit>,
    asked: Res<Asked>,
    now: Res<Now>,
) {
    let pressed = keys.read().any(|key| key.state.is_pressed());
    if pressed || asked.end.is_some_and(|end| now.mono >= end) {
        exit.write(AppExit::Success);
    }
}
