//! `papan status`: how the running screen is.
//! Invariant: the exit code alone says whether all is well.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use papan::{
    cli::StatusArgs,
    status::{client, human},
};

use super::{Failure, Out};

/// How it ends where there are problems, and where nobody answers.
const PROBLEMS: u8 = 1;
const NOBODY: u8 = 2;

/// Asks and prints.
pub fn run(args: &StatusArgs) -> Result<ExitCode, Failure> {
    let report = match client::status(args.socket.as_deref()) {
        Ok(report) => report,
        Err(error) => return Ok(nobody(&error)),
    };
    let text = match args.json {
        true => serde_json::to_string_pretty(&report)? + "\n",
        false => human::text(&report),
    };
    let mut out = Out(io::stdout().lock());
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(if report.well { ExitCode::SUCCESS } else { ExitCode::from(PROBLEMS) })
}

/// Says why there is no answer.
pub fn nobody(error: &client::Error) -> ExitCode {
    eprintln!("papan: {error}");
    ExitCode::from(NOBODY)
}
