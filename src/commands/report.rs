//! `papan report`: what was on the screen. Invariant: the log is only read.

use std::{io, process::ExitCode};

use papan::{
    cli::ReportArgs,
    config::Config,
    report::{self, Request},
};

use super::{Failure, Out, read_config};

/// Writes the report.
pub fn run(args: ReportArgs) -> Result<ExitCode, Failure> {
    let config = args.config.as_deref().map_or_else(|| Ok(Config::default()), read_config)?;
    let today = config.hall.timezone.to_datetime(jiff::Timestamp::now()).date();
    let ReportArgs { from, to, log, out, config: _ } = args;
    report::run(&config, &Request { from, to, log, out, today }, &mut Out(io::stdout().lock()))?;
    Ok(ExitCode::SUCCESS)
}
