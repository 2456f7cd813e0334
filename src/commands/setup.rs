//! `papan setup`: the five questions. Invariant: its exit code is 0 only where all was written that was asked for.

use std::process::ExitCode;

use papan::{cli::SetupArgs, setup};

use super::Failure;

/// Asks, tries and writes.
pub fn run(args: &SetupArgs) -> Result<ExitCode, Failure> {
    match setup::run(args) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) => {
            eprintln!("papan setup: {error}");
            Ok(ExitCode::from(error.exit_code()))
        }
    }
}
