//! The command line: arguments, config, run, exit code. Before the screen is there an error ends the program
//! with its chain; afterwards nothing does.

use std::{
    error::Error,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use bevy::{
    app::AppExit,
    log::{Level, LogPlugin},
};
use clap::Parser;
use jiff::SignedDuration;
use papan::{
    app::{self, Edit, Show},
    audio::{
        self, Spoken,
        voice::{self, Making},
    },
    check,
    cli::{
        CheckArgs, Cli, Command, EditArgs, ReportArgs, SayArgs, ShowArgs, SiteArgs, SnapshotArgs,
        TimelineArgs, VoiceCommand,
    },
    config::{Config, Reading, Speaker},
    demo,
    domain::speech::Called,
    film, library,
    link::store,
    picture::theme::Theme,
    present::{Output, display_server, png},
    problem::{Problem, Severity},
    report::{self, Request},
    snapshot::{self, Scene},
    state::Freshness,
    timeline,
    words::Language,
};

/// The size of the picture where there is no display server and nobody says.
const USUAL: (u32, u32) = (1920, 1080);

type Failure = Box<dyn Error + Send + Sync>;

/// Allocations of this many bytes and more go back to the system as soon as they are freed.
const LARGE_ALLOCATION: i32 = 256 << 10;

/// Keeps glibc from raising its threshold to the size of the first picture that is freed: from then on pictures
/// would come from the heap, and the holes that they leave there stay in memory for years.
fn return_large_allocations() {
    #[cfg(target_env = "gnu")]
    // SAFETY: `mallopt` sets a number of the allocator; no other thread has been started yet.
    let set = unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE_ALLOCATION) };
    #[cfg(target_env = "gnu")]
    debug_assert_eq!(set, 1, "glibc takes the threshold");
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if !matches!(cli.command, Some(Command::Film)) {
        return_large_allocations();
    }
    let done = match cli.command {
        None => show(cli.show),
        Some(Command::Show(args)) => show(args),
        Some(Command::Snapshot(args)) => snapshot(args),
        Some(Command::Voice(args)) => voice(args.command),
        Some(Command::Edit(args)) => edit(args),
        Some(Command::Check(args)) => check(&args),
        Some(Command::Timeline(args)) => timeline(args),
        Some(Command::Say(args)) => say(args),
        Some(Command::Report(args)) => report(args),
        Some(Command::Film) => Ok(film::decoder::run()),
    };
    done.unwrap_or_else(|error| {
        eprintln!("papan: {error}");
        let (mut told, mut cause) = (error.to_string(), error.source());
        while let Some(error) = cause {
            // Many an error says its cause itself.
            if !told.ends_with(&error.to_string()) {
                told = error.to_string();
                eprintln!("  because: {told}");
            }
            cause = error.source();
        }
        ExitCode::FAILURE
    })
}

/// The config with what the command line says in it.
fn settings(site: &SiteArgs, layout: Option<String>, queue: Option<String>) -> Result<Config, Failure> {
    let mut config = match &site.config {
        None => Config::default(),
        Some(path) => read_config(path)?,
    };
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
fn read_config(path: &Path) -> Result<Config, Failure> {
    let reading = Reading::read(path);
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

fn theme(config: &Config) -> Result<Theme, Failure> {
    match &config.screens[0].theme {
        None => Ok(Theme::default()),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
            Theme::parse(&text).map_err(|e| format!("{}: {e}", path.display()).into())
        }
    }
}

fn show(args: ShowArgs) -> Result<ExitCode, Failure> {
    let mut config = settings(&args.site, args.layout, args.queue)?;
    if args.demo.is_some() {
        config.queue.url = None;
    }
    let theme = theme(&config)?;
    let demo = match config.queue.url {
        Some(_) => None,
        None => Some(demo::serve(args.demo.map_or(demo::DEFAULT_COUNTERS, usize::from))?),
    };
    let output = if args.png.is_none() && display_server() {
        Output::Window { renderer: args.renderer, size: args.size, windowed: args.windowed }
    } else {
        let path = args.png.unwrap_or_else(|| std::env::temp_dir().join("papan.png"));
        Output::Png { path, size: args.size.unwrap_or(USUAL) }
    };
    let exit = app::build(Show { config, theme, output, demo }, log())?.run();
    Ok(code_of(exit))
}

fn log() -> LogPlugin {
    // bevy_render warns of the editor's camera, which says only where the window is, and draws nothing.
    let filter = "wgpu=error,naga=warn,winit=error,bevy_winit=error,bevy_render::camera=error,sctk=error,\
                  sctk_adwaita=off,symphonia=warn,notify=error"
        .to_owned();
    LogPlugin { level: Level::INFO, filter, ..Default::default() }
}

fn code_of(exit: AppExit) -> ExitCode {
    match exit {
        AppExit::Success => ExitCode::SUCCESS,
        AppExit::Error(code) => ExitCode::from(code.get()),
    }
}

fn edit(args: EditArgs) -> Result<ExitCode, Failure> {
    let site = SiteArgs { config: args.config, playlist: args.folder };
    let config = settings(&site, None, None)?;
    let theme = theme(&config)?;
    let folder = config.screens[0].playlist.clone().ok_or(
        "which folder? Write `papan edit DIR`, or name it in the config: [[screen]] playlist = \"…\"",
    )?;
    if !display_server() {
        return Err("the editor needs a window: no display server was found".into());
    }
    let edit = Edit { config, theme, folder, size: args.size, renderer: args.renderer };
    Ok(code_of(app::edit(edit, log())?.run()))
}

fn snapshot(args: SnapshotArgs) -> Result<ExitCode, Failure> {
    let config = settings(&args.site, args.layout, None)?;
    let theme = theme(&config)?;
    let at = args.at.unwrap_or_else(jiff::Timestamp::now);
    let (hall, saved) = match &args.state {
        // A little after its newest call: the everyday view, with the accent and without the call-out.
        None => {
            let counters = args.demo.map_or(demo::DEFAULT_COUNTERS, usize::from);
            (demo::hall(counters, at.checked_sub(SignedDuration::from_secs(10)).unwrap_or(at)), None)
        }
        Some(path) => read_hall(path)?,
    };
    let at = args.at.or(saved).unwrap_or(at);
    let freshness = args.stale.map_or(Freshness::Live, Freshness::Stale);
    let (playlist, problems) =
        library::folder_for(&config.screens[0]).map(|dir| library::read(&dir)).unwrap_or_default();
    for problem in &problems {
        eprintln!("papan: {}", problem.display(config.hall.language));
    }
    let playlist = library::programme::on_air(&playlist, &config.hall.timezone, at, &hall);
    let logo = match &config.hall.logo {
        Some(path) => Some(library::logo::read(path).map_err(|e| format!("{}: {e}", path.display()))?.into()),
        None => None,
    };
    let films = Some(film::Program::default());
    let scene =
        Scene { config, theme, size: args.size, hall, freshness, at, playlist, films, logo, caption: None };
    let list = snapshot::draw(scene)?;
    png::write(&list, &args.out)?;
    // There is a picture, but not of what was asked for.
    let whole = !problems.iter().any(Problem::is_error);
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read_hall(path: &Path) -> Result<(papan::domain::hall::Hall, Option<jiff::Timestamp>), Failure> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    store::load_hall(&text).map_err(|e| format!("{}: {e}", path.display()).into())
}

fn check(args: &CheckArgs) -> Result<ExitCode, Failure> {
    let report = check::run(
        args.site.config.as_deref(),
        args.site.playlist.as_deref(),
        Some(&film::Program::default()),
    );
    report.write(&mut Out(io::stdout().lock()))?;
    Ok(ExitCode::from(report.exit_code()))
}

fn timeline(args: TimelineArgs) -> Result<ExitCode, Failure> {
    let mut site = args.site;
    site.playlist = args.folder.or(site.playlist);
    let config = settings(&site, None, None)?;
    let language = config.hall.language;
    let dir = library::folder_for(&config.screens[0])
        .ok_or("no playlist: write its folder, as in papan timeline DIR")?;
    let (playlist, problems) = library::read(&dir);
    for problem in problems.iter().filter(|p| p.is_error()) {
        eprintln!("papan: {}", problem.display(language));
    }
    let whole = !problems.iter().any(Problem::is_error);
    if !whole && playlist == Default::default() {
        // Nothing of it could be read: an empty table would say that nothing is on air.
        return Ok(ExitCode::FAILURE);
    }
    let plan = timeline::Plan {
        playlist: &playlist,
        zone: &config.hall.timezone,
        language,
        now: jiff::Timestamp::now(),
        date: args.date,
        days: args.days,
        hours: args.hours,
    };
    let out = &mut Out(io::stdout().lock());
    match (args.why, args.json) {
        (None, false) => plan.write(out)?,
        (None, true) => plan.write_json(out)?,
        (Some(item), false) => plan.write_why(&item, out)?,
        (Some(item), true) => plan.write_why_json(&item, out)?,
    }
    // What was printed is not all that was written.
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn report(args: ReportArgs) -> Result<ExitCode, Failure> {
    let config = args.config.as_deref().map_or_else(|| Ok(Config::default()), read_config)?;
    let today = config.hall.timezone.to_datetime(jiff::Timestamp::now()).date();
    let ReportArgs { from, to, log, out, config: _ } = args;
    report::run(&config, &Request { from, to, log, out, today }, &mut Out(io::stdout().lock()))?;
    Ok(ExitCode::SUCCESS)
}

/// Warnings go to stderr, a line each: these commands start no app that would log them.
fn warn_on_stderr() {
    let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_writer(io::stderr);
    // There is no other yet.
    lines.without_time().with_level(false).with_target(false).with_ansi(false).init();
}

/// stdout, whose reader may have seen enough: what is written after that is dropped.
struct Out(io::StdoutLock<'static>);

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

fn say(args: SayArgs) -> Result<ExitCode, Failure> {
    warn_on_stderr();
    let site = SiteArgs { config: args.config, playlist: None };
    let mut config = settings(&site, None, None)?;
    let out = &mut Out(io::stdout().lock());
    if args.devices {
        audio::devices(&config, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    config.sound.device = args.device.unwrap_or(config.sound.device);
    if !args.language.is_empty() {
        let known = std::mem::take(&mut config.voice.languages);
        let speaker = |l: Language| known.iter().find(|s| s.manner.language == l).cloned();
        let languages = args.language.into_iter();
        config.voice.languages = languages.map(|l| speaker(l).unwrap_or_else(|| Speaker::new(l))).collect();
    }
    let time = config.hall.timezone.to_datetime(jiff::Timestamp::now()).time();
    if audio::volume(&config.sound, time) == 0.0 {
        eprintln!(
            "papan: the volume is 0 at this time of day, as [sound] in the config has it: nothing is heard"
        );
    }
    let [ticket, counter, service] = [args.ticket, args.counter, args.service].map(Option::unwrap_or_default);
    let what = match &args.text {
        Some(text) => Spoken::Text(text),
        None => Spoken::Call(Called { ticket: &ticket, counter: &counter, service: &service }),
    };
    if let Some(hint) = audio::unheard_service(&config, what) {
        eprintln!("papan: {hint}");
    }
    audio::say(&config, audio::Request { what, out: args.out.as_deref() }, out)?;
    Ok(ExitCode::SUCCESS)
}

fn voice(command: VoiceCommand) -> Result<ExitCode, Failure> {
    let read = |path: Option<PathBuf>| path.map_or_else(|| Ok(Config::default()), |path| read_config(&path));
    warn_on_stderr();
    let mut out = Out(io::stdout().lock());
    match command {
        VoiceCommand::List { folder, language, config } => {
            let whole = voice::list(&mut out, &read(config)?, folder.as_deref(), language)?;
            Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        VoiceCommand::Make { folder, language, config, only_missing, force } => {
            let making = Making { folder, language, only_missing, force };
            let whole = voice::make(&mut out, &read(config)?, &making)?;
            Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}
