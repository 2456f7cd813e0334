//! `papan screenshot`: what the public sees now. Invariant: a file is written whole or not at all.

use std::process::ExitCode;

use papan::{cli::ScreenshotArgs, present::png, status::client};

use super::{Failure, status::nobody};

/// Asks and writes.
pub fn run(args: ScreenshotArgs) -> Result<ExitCode, Failure> {
    match client::picture(args.socket.as_deref(), args.output) {
        Ok((_, _, bytes)) => {
            png::put(&bytes, &args.out)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Ok(nobody(&error)),
    }
}
