//! The app as a table of contents: its plugins, and the order of their sets.
//! Invariant: an event flows one way, from `Receive` to `Present`.

use std::{path::PathBuf, sync::Arc};

use bevy::{
    app::TaskPoolPlugin, diagnostic::FrameCountPlugin, ecs::error::warn as warn_of, log::LogPlugin,
    prelude::*, time::TimePlugin,
};

use crate::{
    announce, audio, clock,
    config::Config,
    editor, health, library, link, picture, playback, playlog, power, present, screen,
    state::{
        Announcing, Applied, DemoHall, EditedFolder, Frame, Fresh, Freshness, Glass, Hall, Lit, Logo, Motion,
        OnAir, Playing, Presented, SafeMode, Scheduled, Settings, Stage, Step, Theme, Troubles, Wake, Wall,
    },
    status, stop,
};

mod cards;
mod screens;
pub mod testcard;
mod workshop;

pub use cards::{Cards, DrawCard, cards};

pub use workshop::workshop;

/// How a picture of the running screen is made.
const PENCIL: status::Pencil =
    status::Pencil { pixels: present::png::pixels, png: present::png::encode_pixels };

/// What the screen is started with.
#[derive(Debug, Clone)]
pub struct Show {
    /// The config; what the command line says is in it already.
    pub config: Config,
    /// Each screen's theme, in the config's order.
    pub themes: Vec<picture::theme::Theme>,
    /// Where the glass is.
    pub output: present::Output,
    /// The demo hall's address, where the config names no queue server.
    pub demo: Option<String>,
    /// This run's record; `None`: none is kept.
    pub session: Option<health::Session>,
    /// The signals that end it; `None`: they are listened for from here on.
    pub stop: Option<stop::Stop>,
}

/// What the editor's own window is started with.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The config.
    pub config: Config,
    /// The theme.
    pub theme: picture::theme::Theme,
    /// The playlist's folder.
    pub folder: PathBuf,
    /// The window's width × height in physical pixels.
    pub size: Option<(u32, u32)>,
    /// What draws in it.
    pub renderer: present::Renderer,
}

/// Why the editor does not open.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The folder cannot be read.
    #[error(transparent)]
    Folder(#[from] editor::document::OpenError),
    /// A GPU was asked for and there is none.
    #[error(transparent)]
    Gpu(#[from] present::gpu::Error),
}

/// The hall and its one screen in one world, with or without a glass, a queue server or a clock: what a picture is
/// drawn with, and what a test steps by hand. [`build`] gives each screen a world of its own.
pub fn core(app: &mut App, config: Config, theme: picture::theme::Theme) {
    hall(app, config.clone());
    screen(app, config, theme);
}

/// What the world of the hall has.
fn hall(app: &mut App, config: Config) {
    // One way for what goes wrong in a system: a line in the log, and the screen runs on.
    app.set_error_handler(warn_of);
    both(app, config);
    app.init_resource::<Presented>();
    app.add_plugins(announce::plugin);
}

/// What the world of a screen has; of the config, the first screen is its own.
fn screen(app: &mut App, config: Config, theme: picture::theme::Theme) {
    both(app, config);
    app.insert_resource(Theme(Arc::new(theme)))
        .init_resource::<Announcing>()
        .init_resource::<Fresh>()
        .init_resource::<Logo>()
        .init_resource::<OnAir>()
        .init_resource::<Stage>();
    app.add_plugins((playback::plugin, screen::plugin));
}

/// What every world of papan has: that of the hall, that of a screen, and one that is both.
fn both(app: &mut App, config: Config) {
    app.insert_resource(Settings(Arc::new(config)))
        .init_resource::<Glass>()
        .init_resource::<Hall>()
        .init_resource::<Freshness>()
        .init_resource::<Frame>()
        .init_resource::<Lit>()
        .init_resource::<Motion>()
        .init_resource::<Playing>()
        .init_resource::<Troubles>()
        .init_resource::<Wake>();
    app.configure_sets(PreUpdate, Step::Receive)
        .configure_sets(Update, (Step::Apply, Step::Play, Step::Draw, Step::Edit, Step::Present).chain())
        .configure_sets(Update, (Applied, Scheduled).chain().in_set(Step::Apply));
}

/// The screens, ready to run.
///
/// # Errors
/// A GPU was asked for and there is none.
pub fn build(show: Show, log: LogPlugin) -> Result<App, present::gpu::Error> {
    let mut app = App::new();
    app.add_plugins(log);
    app.add_plugins((TaskPoolPlugin::default(), FrameCountPlugin, TimePlugin));
    let edited = show.config.editor.enabled;
    if edited && let Some(folder) = library::folder_for(&show.config.screens[0]) {
        let theme = show.themes.first().cloned().unwrap_or_default();
        app.insert_resource(workshop(&show.config, &theme)).insert_resource(EditedFolder(folder));
    }
    let screens = &show.config.screens;
    if screens.len() > 1 || screens.iter().any(|s| s.output.is_some() || s.region.is_some()) {
        app.init_resource::<Wall>();
    }
    let silent = show.config.silent;
    hall(&mut app, show.config);
    screens::add(&mut app, show.themes);
    if let Some(session) = show.session {
        app.insert_resource(SafeMode(session.verdict().safe)).insert_resource(session);
    }
    if let Some(stop) = show.stop {
        app.insert_resource(stop);
    }
    if let Some(url) = show.demo {
        app.insert_resource(DemoHall(url));
    }
    app.insert_resource(status::Pictures(PENCIL));
    app.add_plugins((
        clock::plugin,
        stop::plugin,
        health::plugin,
        link::plugin,
        playlog::plugin,
        status::plugin,
    ));
    if !silent {
        app.add_plugins(audio::plugin);
    }
    if matches!(show.output, present::Output::Window { .. }) {
        app.add_plugins(power::plugin);
    }
    present::add(&mut app, &show.output)?;
    if edited && matches!(show.output, present::Output::Window { .. }) {
        editor::add(&mut app, None);
    }
    Ok(app)
}

/// The editor in a window of its own, ready to run.
///
/// # Errors
/// The folder cannot be read, or a GPU was asked for and there is none.
pub fn edit(edit: Edit, log: LogPlugin) -> Result<App, EditError> {
    let now = jiff::Timestamp::now().to_zoned(edit.config.hall.timezone.clone());
    let workshop = workshop(&edit.config, &edit.theme);
    let config = Arc::new(edit.config);
    let desk = editor::desk::Desk::open(&edit.folder, Arc::clone(&config), workshop, now)?;
    let mut app = App::new();
    app.add_plugins(log);
    app.add_plugins((TaskPoolPlugin::default(), FrameCountPlugin, TimePlugin));
    app.set_error_handler(warn_of);
    app.insert_resource(Settings(config))
        .insert_resource(Theme(Arc::new(edit.theme)))
        .init_resource::<Glass>()
        .init_resource::<Frame>()
        .init_resource::<Motion>()
        .init_resource::<Playing>()
        .init_resource::<Presented>()
        .init_resource::<Wake>();
    app.configure_sets(Update, (Step::Draw, Step::Edit, Step::Present).chain());
    app.add_plugins((clock::plugin, stop::plugin));
    present::add(&mut app, &present::Output::Desk { renderer: edit.renderer, size: edit.size })?;
    editor::add(&mut app, Some(desk));
    Ok(app)
}
