//! `papan show`: the screen itself. Invariant: once it is there, nothing that the site does wrong ends it.

mod hasten;

use std::{
    env,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    process::ExitCode,
    sync::{Arc, OnceLock},
    thread,
    time::{Duration, Instant},
};

use bevy::app::AppExit;
use papan::{
    app::{self, Show},
    cli::ShowArgs,
    config::{Config, Reading},
    demo, directory,
    health::{self, Session, record::End},
    picture::theme::Theme,
    present::{Output, Renderer, display_server},
    problem::Problem,
    state::BROKEN,
    stop::Stop,
};

use super::{Failure, good, log, theme_of, with_flags};

/// The size of the picture where there is no display server and nobody says.
const USUAL: (u32, u32) = (1920, 1080);
/// The exit code where the config is wrong and no good one is known, as `sysexits.h` has it (`EX_CONFIG`): trying again
/// does not help, and the unit does not.
const WRONG_CONFIG: u8 = 78;
/// How long a display server that the environment names is waited for, where systemd started the program.
const DISPLAY: Duration = Duration::from_secs(10);

/// Shows the screen until it is told to end.
pub fn run(mut args: ShowArgs) -> Result<ExitCode, Failure> {
    let state = directory::state(None);
    let config = match &args.site.config {
        None => Config::default(),
        Some(path) => match good(Reading::for_screen(path, state.as_deref())) {
            Ok(config) => config,
            Err(failure) => {
                eprintln!("papan: {failure}");
                return Ok(ExitCode::from(WRONG_CONFIG));
            }
        },
    };
    let mut config = with_flags(config, &args.site, args.layout.take(), args.queue.take())?;
    if args.demo.is_some() {
        config.queue.url = None;
    }
    if let Some(speed) = args.speed.filter(|speed| *speed > 1 || args.from.is_some()) {
        hasten::hasten(speed, args.from, config.queue.url.as_deref())?;
    }
    // Before there is a record of this run: an end that is asked for is to be one in order.
    let begun = Arc::new(OnceLock::<Session>::new());
    let asked = begun.clone();
    let stop = Stop::listen(move || {
        if let Some(session) = asked.get() {
            session.end(&End::Asked);
        }
        health::panic::end_now(0);
    });
    let session = Session::begin(state);
    _ = begun.set(session.clone());
    let verdict = session.verdict();
    if verdict.safe {
        health::make_safe(&mut config, verdict.silent);
    }
    if verdict.no_gpu {
        args.renderer = Renderer::Software;
    }
    let wants_window = args.png.is_none();
    // Whatever happens from here on is on record.
    let shown = catch_unwind(AssertUnwindSafe(|| show(args, config, &session, &stop)));
    let (code, in_order) = match shown {
        Ok(Ok(AppExit::Success)) => (Ok(ExitCode::SUCCESS), true),
        // What opens a window finds nobody there, and panics.
        Err(_) if wants_window && !display_server() => {
            session.end(&End::Elsewhere);
            (Ok(ExitCode::from(BROKEN)), false)
        }
        Ok(Ok(AppExit::Error(_))) | Err(_) => (Ok(ExitCode::from(BROKEN)), false),
        Ok(Err(failure)) => (Err(failure), false),
    };
    session.end_by(in_order);
    code
}

fn show(args: ShowArgs, mut config: Config, session: &Session, stop: &Stop) -> Result<AppExit, Failure> {
    let themes = themes(&mut config);
    let demo = match config.queue.url {
        Some(_) => None,
        None => Some(demo::serve(args.demo.map_or(demo::DEFAULT_COUNTERS, usize::from))?),
    };
    let output = if args.png.is_none() && awaited_display(stop)? {
        Output::Window { renderer: args.renderer, size: args.size, windowed: args.windowed }
    } else {
        let path = args.png.unwrap_or_else(|| env::temp_dir().join("papan.png"));
        Output::Png { path, size: args.size.unwrap_or(USUAL) }
    };
    if stop.is_wanted() {
        return Ok(AppExit::Success);
    }
    let (session, stop) = (Some(session.clone()), Some(stop.clone()));
    Ok(app::build(Show { config, themes, output, demo, session, stop }, log())?.run())
}

/// The themes that the screens are drawn in, in their order. For one that cannot be used the default stands in, and
/// staff are told.
fn themes(config: &mut Config) -> Vec<Theme> {
    let mut themes = Vec::new();
    for screen in &config.screens {
        themes.push(theme_of(screen).unwrap_or_else(|err| {
            let problem = Problem::warning(
                screen.theme.as_deref().unwrap_or(Path::new("")),
                None,
                format!("tema ini tidak dapat dipakai, maka tampilan bawaan yang dipakai: {err}"),
                format!("this theme cannot be used, so the default one is: {err}"),
            );
            eprintln!("papan: {}", problem.display(config.hall.language));
            config.warnings.push(problem);
            Theme::default()
        }));
    }
    themes
}

/// Whether there is a display server. Where systemd started the program, one that the environment names is waited
/// for: it may be starting anew itself, and a kiosk has no use for a picture in a file. A signal ends the waiting.
fn awaited_display(stop: &Stop) -> Result<bool, Failure> {
    let begun = Instant::now();
    let named =
        ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| env::var_os(name).is_some_and(|v| !v.is_empty()));
    let waits = named && env::var_os("NOTIFY_SOCKET").is_some();
    loop {
        match display_server() {
            true => return Ok(true),
            false if stop.is_wanted() => return Ok(true),
            false if !waits => return Ok(false),
            false if begun.elapsed() < DISPLAY => thread::sleep(Duration::from_millis(50)),
            false => {
                return Err("the display server that WAYLAND_DISPLAY or DISPLAY names does not answer".into());
            }
        }
    }
}
