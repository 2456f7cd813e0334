//! `papan snapshot`: one picture. Invariant: where anything of what was asked for is not in it, the exit code says so.

use std::{path::Path, process::ExitCode};

use jiff::SignedDuration;
use papan::{
    cli::SnapshotArgs,
    demo, film, library,
    link::store,
    present::png,
    problem::Problem,
    snapshot::{self, Scene},
    state::Freshness,
};

use super::{Failure, settings, theme};

/// Draws the picture.
pub fn run(args: SnapshotArgs) -> Result<ExitCode, Failure> {
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
