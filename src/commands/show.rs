//! `papan show`: the screen itself. Invariant: once it is there, nothing that the site does wrong ends it.

use std::process::ExitCode;

use papan::{
    app::{self, Show},
    cli::ShowArgs,
    demo,
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
