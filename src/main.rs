//! The command line: arguments, config, run, exit code. Before the screen is there an error ends the program
//! with its chain; afterwards nothing does.

mod commands;

use std::process::ExitCode;

use clap::Parser;
use papan::{cli::Cli, cli::Command, film};

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
        None => commands::show::run(cli.show),
        Some(Command::Show(args)) => commands::show::run(args),
        Some(Command::Snapshot(args)) => commands::snapshot::run(args),
        Some(Command::Testcard(args)) => commands::testcard::run(args),
        Some(Command::Voice(args)) => commands::voice::run(args.command),
        Some(Command::Edit(args)) => commands::edit::run(args),
        Some(Command::Check(args)) => commands::check::run(&args),
        Some(Command::Timeline(args)) => commands::timeline::run(args),
        Some(Command::Say(args)) => commands::say::run(args),
        Some(Command::Setup(args)) => commands::setup::run(&args),
        Some(Command::Report(args)) => commands::report::run(args),
        Some(Command::Generate { folder }) => commands::generate::run(&folder),
        Some(Command::Status(args)) => commands::status::run(&args),
        Some(Command::Screenshot(args)) => commands::screenshot::run(args),
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
