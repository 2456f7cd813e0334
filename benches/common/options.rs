//! The options that the benchmarks share. Invariant: an unknown one is an error, so that nothing is measured by mistake.

use std::{fs, path::PathBuf, process::ExitCode, time::Duration};

/// How long to look, and how often to call.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    pub watch: Duration,
    pub calls: usize,
}

/// What the command line says.
#[derive(Debug)]
pub struct Options {
    pub effort: Effort,
    only: Vec<String>,
    pub json: bool,
    /// The folder for pictures or recordings; it exists.
    pub shots: Option<PathBuf>,
}

impl Options {
    /// What this process's command line says, beside this effort; where it is wrong, that and the help are printed.
    ///
    /// # Errors
    /// The exit code of a wrong command line.
    pub fn read(effort: Effort, help: &str) -> Result<Self, ExitCode> {
        parse(effort, std::env::args().skip(1)).map_err(|wrong| {
            eprintln!("{wrong}\n{help}");
            ExitCode::from(2)
        })
    }

    /// Whether something of this name is to be measured.
    pub fn wants(&self, name: &str) -> bool {
        self.only.iter().all(|only| name.contains(only.as_str()))
    }
}

fn parse(effort: Effort, args: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options { effort, only: Vec::new(), json: false, shots: None };
    // cargo itself adds `--bench`.
    let mut args = args.filter(|arg| arg != "--bench");
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--json" => options.json = true,
            "--only" => options.only.push(value()?),
            "--shots" => options.shots = Some(value()?.into()),
            "--seconds" => options.effort.watch = Duration::from_secs(number(&value()?)?),
            "--calls" => options.effort.calls = number(&value()?)? as usize,
            _ => return Err(format!("unknown: {arg}")),
        }
    }
    if let Some(folder) = &options.shots {
        fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    Ok(options)
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text:?} is no number"))
}
