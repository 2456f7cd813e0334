//! `papan check`: every problem. Invariant: its exit code is that of the report.

use std::{io, process::ExitCode};

use papan::{check, cli::CheckArgs, film};

use super::{Failure, Out};

/// Prints the report.
pub fn run(args: &CheckArgs) -> Result<ExitCode, Failure> {
    let report = check::run(
        args.site.config.as_deref(),
        args.site.playlist.as_deref(),
        Some(&film::Program::default()),
    );
    report.write(&mut Out(io::stdout().lock()))?;
    Ok(ExitCode::from(report.exit_code()))
}
