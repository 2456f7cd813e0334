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
    editor, film, library, link, picture, playback, playlog, present, screen,
    state::{
        Applied, DemoHall, EditedFolder, Frame, Freshness, Glass, Hall, Logo, Motion, OnAir, Playing,
        Presented, Scheduled, Settings, Stage, Step, Theme, Troubles, Wake,
    },
    status, stop,
};

mod workshop;

pub use workshop::workshop;

/// How a picture of the running screen is made.
const PENCIL: status::Pencil =
    status::Pencil { pixels: present::png::pixels, png: present::png::encode_pixels };

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
        .init_resource::<Troubles>()
        .init_resource::<Wake>();
    app.configure_sets(PreUpdate, Step::Receive)
        .configure_sets(Update, (Step::Apply, Step::Play, Step::Draw, Step::Edit, Step::Present).chain())
        .configure_sets(Update, (Applied, Scheduled).chain().in_set(Step::Apply));
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
    let edited = show.config.editor.enabled;
    if edited && let Some(folder) = library::folder_for(&show.config.screens[0]) {
        app.insert_resource(workshop(&show.config, &show.theme)).insert_resource(EditedFolder(folder));
    }
    core(&mut app, show.config, show.theme);
    if let Some(url) = show.demo {
        app.insert_resource(DemoHall(url));
    }
    app.insert_resource(status::Pictures(PENCIL));
    app.add_plugins((
        clock::plugin,
        stop::plugin,
        link::plugin,
        library::plugin,
        audio::plugin,
        film::plugin,
        playlog::plugin,
        status::plugin,
    ));
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
