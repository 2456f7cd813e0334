//! `papan voice`: the clips of a pack. Invariant: a clip that is there is kept, unless it is said otherwise.

use std::{io, path::PathBuf, process::ExitCode};

use papan::{
    audio::voice::{self, Making},
    cli::VoiceCommand,
    config::Config,
};

use super::{Failure, Out, read_config, warn_on_stderr};

/// Lists or makes a pack.
pub fn run(command: VoiceCommand) -> Result<ExitCode, Failure> {
    let read = |path: Option<PathBuf>| path.map_or_else(|| Ok(Config::default()), |path| read_config(&path));
    warn_on_stderr();
    let mut out = Out(io::stdout().lock());
    match command {
        VoiceCommand::List { folder, language, config } => {
            let whole = voice::list(&mut out, &read(config)?, folder.as_deref(), language)?;
            Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        VoiceCommand::Make { folder, language, config, only_missing, force } => {
            let making = Making { folder, language, only_missing, force };
            let whole = voice::make(&mut out, &read(config)?, &making)?;
            Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}
