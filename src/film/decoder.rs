//! A film's own process: opens one film, and hands over its frames and its sound at their time.
//! Invariant: it lives no longer than the program, and takes the processor only when the program leaves it.

mod convert;
mod desk;
mod look;
mod pipeline;
mod reel;
mod seam;
mod survey;

use std::{
    fs, io,
    os::fd::{AsFd, OwnedFd},
    process::ExitCode,
    time::Duration,
};

use gstreamer as gst;
use rustix::process::{Signal, nice, set_parent_process_death_signal};

use super::wire::{Came, Line, Open, Order, Report};

/// How long the first order is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much lower its priority is than the program's: the running text comes before the film.
const NICE: i32 = 10;

/// Runs as a film's process: its end of the line is stdin, the memory for frames stdout.
pub fn run() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("papan film: {err}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    // It fails where the program is gone already: then the line is, too.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    let line = Line::of(io::stdin().as_fd().try_clone_to_owned()?);
    let memory = io::stdout().as_fd().try_clone_to_owned()?;
    // What a plugin prints must not come into a frame.
    rustix::stdio::dup2_stdout(io::stderr())?;
    let _ = nice(NICE);
    // When memory runs out, a film goes before the board.
    let _ = fs::write("/proc/self/oom_score_adj", "800");
    let order = match line.hear(PATIENCE) {
        Came::Said(order) => order,
        _ => return Ok(()),
    };
    gst::init().map_err(io::Error::other)?;
    line.say(&Report::Ready)?;
    match order {
        Order::Open(open) => play(line, memory, &open),
        Order::Look(open) => {
            forbid(&open);
            let report = look::look(&open).map_or_else(Report::Bad, Report::Found);
            line.say(&report)
        }
        Order::Play { .. } | Order::Free(_) => Ok(()),
    }
}

fn play(line: Line, memory: OwnedFd, open: &Open) -> io::Result<()> {
    forbid(open);
    let line = std::sync::Arc::new(line);
    match reel::open(&line, memory, open) {
        Ok(mut reel) => reel.run(),
        Err(bad) => line.say(&Report::Bad(bad)),
    }
}

/// Decoders that must not be used are not there any more.
fn forbid(open: &Open) {
    for name in &open.forbid {
        if let Some(factory) = gst::ElementFactory::find(name) {
            use gst::prelude::PluginFeatureExtManual;
            factory.set_rank(gst::Rank::NONE);
        }
    }
}
