//! What each subcommand does, and what they share: the site's settings, the log, the exit code.
//! Invariant: whatever is wrong with what was asked for is an error before anything is shown.

pub mod check;
pub mod edit;
pub mod generate;
pub mod report;
pub mod say;
pub mod screenshot;
pub mod setup;
pub mod show;
pub mod snapshot;
pub mod status;
pub mod testcard;
pub mod timeline;
pub mod voice;

use std::{
    error::Error,
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use bevy::{
    app::AppExit,
    log::{Level, LogPlugin},
};
use papan::{
    cli::SiteArgs,
    config::{Config, Reading, Screen},
    picture::theme::Theme,
    problem::Severity,
};

/// What ends a subcommand.
pub type Failure = Box<dyn Error + Send + Sync>;

/// The config with what the command line says in it.
pub fn settings(site: &SiteArgs, layout: Option<String>, queue: Option<String>) -> Result<Config, Failure> {
    let config = match &site.config {
        None => Config::default(),
        Some(path) => read_config(path)?,
    };
    with_flags(config, site, layout, queue)
}

/// A config with what the command line says in it.
pub fn with_flags(
    mut config: Config,
    site: &SiteArgs,
    layout: Option<String>,
    queue: Option<String>,
) -> Result<Config, Failure> {
    if let Some(url) = queue {
        if !["ws://", "wss://"].iter().any(|scheme| url.starts_with(scheme) && url.len() > scheme.len()) {
            return Err(format!(
                "--queue {url:?} is no WebSocket address: write ws://HOST/… or wss://HOST/…"
            )
            .into());
        }
        config.queue.url = Some(url);
    }
    for screen in &mut config.screens {
        if let Some(layout) = &layout {
            screen.layout = Some(layout.clone());
        }
        if let Some(playlist) = &site.playlist {
            screen.playlist = Some(playlist.clone());
        }
    }
    if let Some(name) = &layout {
        let known = papan::domain::layout::Layout::known(name).is_some();
        if !known && !config.layouts.contains_key(name) {
            return Err(format!(
                "no layout `{name}`: write landscape, portrait, videotron, or the name of a [layout.NAME] in the config"
            )
            .into());
        }
    }
    Ok(config)
}

/// Reads a config; what is only less than good is said and does not end the program.
pub fn read_config(path: &Path) -> Result<Config, Failure> {
    good(Reading::read(path))
}

/// A reading's config where nothing in it is wrong; what is only less than good is said.
pub fn good(reading: Reading) -> Result<Config, Failure> {
    let language = reading.config.hall.language;
    let lines: Vec<String> = reading.problems.iter().map(|p| p.display(language).to_string()).collect();
    if reading.problems.iter().any(|p| p.severity == Severity::Error) {
        return Err(lines.join("\n").into());
    }
    for line in lines {
        eprintln!("papan: {line}");
    }
    Ok(reading.config)
}

/// The theme that the first screen is drawn in.
pub fn theme(config: &Config) -> Result<Theme, Failure> {
    theme_of(&config.screens[0])
}

/// The theme that a screen is drawn in.
pub fn theme_of(screen: &Screen) -> Result<Theme, Failure> {
    match &screen.theme {
        None => Ok(Theme::default()),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
            Theme::parse(&text).map_err(|e| format!("{}: {e}", path.display()).into())
        }
    }
}

/// What of the program's own and its libraries' messages is logged.
pub fn log() -> LogPlugin {
    // bevy_render warns of the editor's camera, which says only where the window is, and draws nothing.
    let filter = "wgpu=error,naga=warn,winit=error,bevy_winit=error,bevy_render::camera=error,sctk=error,\
                  sctk_adwaita=off,symphonia=warn,notify=error"
        .to_owned();
    LogPlugin { level: Level::INFO, filter, ..Default::default() }
}

/// How the program ends where the app ended so.
pub fn code_of(exit: AppExit) -> ExitCode {
    match exit {
        AppExit::Success => ExitCode::SUCCESS,
        AppExit::Error(code) => ExitCode::from(code.get()),
    }
}

/// Warnings go to stderr, a line each: these commands start no app that would log them.
pub fn warn_on_stderr() {
    let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_writer(io::stderr);
    // There is no other yet.
    lines.without_time().with_level(false).with_target(false).with_ansi(false).init();
}

/// stdout, whose reader may have seen enough: what is written after that is dropped.
pub struct Out(pub io::StdoutLock<'static>);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(err) if err.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(err) if err.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}
