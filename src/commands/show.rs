//! `papan show`: the screen itself. Invariant: once it is there, nothing that the site does wrong ends it.

use std::{net::IpAddr, process::ExitCode};

use jiff::Timestamp;
use papan::{
    app::{self, Show},
    cli::ShowArgs,
    clock, demo,
    link::address::Address,
    present::{Output, display_server},
};

use super::{Failure, code_of, log, settings, themes};

/// The size of the picture where there is no display server and nobody says.
const USUAL: (u32, u32) = (1920, 1080);

/// Shows the screen until it is told to end.
pub fn run(args: ShowArgs) -> Result<ExitCode, Failure> {
    let mut config = settings(&args.site, args.layout, args.queue)?;
    if args.demo.is_some() {
        config.queue.url = None;
    }
    if let Some(speed) = args.speed.filter(|speed| *speed > 1 || args.from.is_some()) {
        hasten(speed, args.from, config.queue.url.as_deref())?;
    }
    let themes = themes(&config)?;
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
    let exit = app::build(Show { config, themes, output, demo }, log())?.run();
    Ok(code_of(exit))
}

/// Lets the program's time pass faster, for a test. A hall's own queue server is told when its calls were heard, so
/// this is for one on this machine alone: in a real hall it is an error, not a wrong clock.
fn hasten(speed: u32, from: Option<Timestamp>, queue: Option<&str>) -> Result<(), Failure> {
    let host = queue.map(|url| Address::new(url, "")).transpose()?.map(|address| address.host);
    let here = |host: &str| host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if host.as_deref().is_some_and(|host| !here(host)) {
        return Err(
            "--speed is for tests, with the demo hall or a queue server at 127.0.0.1: leave it out".into()
        );
    }
    eprintln!("papan: for a test, time passes {speed} times as fast: the clock on the screen is wrong");
    clock::hasten(speed, from.unwrap_or_else(Timestamp::now));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_real_queue_server_is_followed_in_a_hurry() {
        for url in [
            "wss://antrean.example/events",
            "ws://10.0.0.7:8080/",
            "ws://0.0.0.0/",
            "ws://localhost.example/",
        ] {
            assert!(hasten(60, None, Some(url)).is_err(), "{url}");
        }
        assert_eq!(clock::speed(), 1);
    }
}
