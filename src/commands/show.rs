//! `papan show`: the screen itself. Invariant: once it is there, nothing that the site does wrong ends it.

mod hasten;

use std::{
    env,
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    thread,
    time::{Duration, Instant},
};

use bevy::app::AppExit;
use papan::{
    app::{self, Show},
    cli::ShowArgs,
    config::Config,
    demo, directory,
    health::{self, Session},
    present::{Output, Renderer, display_server},
    state::BROKEN,
};

use super::{Failure, log, settings, themes};

/// The size of the picture where there is no display server and nobody says.
const USUAL: (u32, u32) = (1920, 1080);
/// How long a display server that the environment names is waited for, where systemd started the program.
const DISPLAY: Duration = Duration::from_secs(10);

/// Shows the screen until it is told to end.
pub fn run(mut args: ShowArgs) -> Result<ExitCode, Failure> {
    let mut config = settings(&args.site, args.layout.take(), args.queue.take())?;
    if args.demo.is_some() {
        config.queue.url = None;
    }
    if let Some(speed) = args.speed.filter(|speed| *speed > 1 || args.from.is_some()) {
        hasten::hasten(speed, args.from, config.queue.url.as_deref())?;
    }
    let session = Session::begin(directory::state(None));
    let verdict = session.verdict();
    if verdict.safe {
        health::make_safe(&mut config, verdict.silent);
    }
    if verdict.no_gpu {
        args.renderer = Renderer::Software;
    }
    // Whatever happens from here on is on record.
    let shown = catch_unwind(AssertUnwindSafe(|| show(args, config, &session)));
    let (code, in_order) = match shown {
        Ok(Ok(AppExit::Success)) => (Ok(ExitCode::SUCCESS), true),
        Ok(Ok(AppExit::Error(_))) | Err(_) => (Ok(ExitCode::from(BROKEN)), false),
        Ok(Err(failure)) => (Err(failure), false),
    };
    session.end_by(in_order);
    code
}

fn show(args: ShowArgs, config: Config, session: &Session) -> Result<AppExit, Failure> {
    let themes = themes(&config)?;
    let demo = match config.queue.url {
        Some(_) => None,
        None => Some(demo::serve(args.demo.map_or(demo::DEFAULT_COUNTERS, usize::from))?),
    };
    let output = if args.png.is_none() && awaited_display()? {
        Output::Window { renderer: args.renderer, size: args.size, windowed: args.windowed }
    } else {
        let path = args.png.unwrap_or_else(|| env::temp_dir().join("papan.png"));
        Output::Png { path, size: args.size.unwrap_or(USUAL) }
    };
    let session = Some(session.clone());
    Ok(app::build(Show { config, themes, output, demo, session }, log())?.run())
}

/// Whether there is a display server. Where systemd started the program, one that the environment names is waited
/// for: it may be starting anew itself, and a kiosk has no use for a picture in a file.
fn awaited_display() -> Result<bool, Failure> {
    let begun = Instant::now();
    let named =
        ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| env::var_os(name).is_some_and(|v| !v.is_empty()));
    let waits = named && env::var_os("NOTIFY_SOCKET").is_some();
    loop {
        match display_server() {
            true => return Ok(true),
            false if !waits => return Ok(false),
            false if begun.elapsed() < DISPLAY => thread::sleep(Duration::from_millis(50)),
            false => {
                return Err("the display server that WAYLAND_DISPLAY or DISPLAY names does not answer".into());
            }
        }
    }
}
