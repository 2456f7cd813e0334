//! `papan timeline`: what is on air when. Invariant: what could not be read is never told as not on air.

use std::{io, process::ExitCode};

use papan::{cli::TimelineArgs, library, problem::Problem, timeline};

use super::{Failure, Out, settings};

/// Prints the plan, or why an item is not on air.
pub fn run(args: TimelineArgs) -> Result<ExitCode, Failure> {
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
