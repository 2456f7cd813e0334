//! The soak's options. Invariant: an unknown one is an error, so that no day is lost by a slip.

use std::{env, path::PathBuf};

use jiff::Timestamp;

pub const HELP: &str = "usage: cargo bench --bench soak -- [OPTIONS]; a day takes 24 minutes without any
  --minutes N   how long it takes (default 24)
  --speed N     how many seconds of the hall pass in one (default 60)
  --papan FILE  the program (default: this package's release binary)
  --out DIR     where figures and plot go (default target/soak)";

/// What the command line says.
#[derive(Debug, Clone)]
pub struct Options {
    pub minutes: f64,
    pub speed: u32,
    pub papan: PathBuf,
    pub out: PathBuf,
    /// When the hall's day begins: a Monday at 08:00 in Kendari.
    pub from: Timestamp,
}

impl Options {
    /// What this process's command line says.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read() -> Result<Self, String> {
        let target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| crate::root().join("target"), PathBuf::from);
        let from = "2026-11-23T00:00:00Z".parse().map_err(|e| format!("{e}"))?;
        let papan = PathBuf::from(env!("CARGO_BIN_EXE_papan"));
        let mut options = Self { minutes: 24.0, speed: 60, papan, out: target.join("soak"), from };
        // cargo itself adds `--bench`.
        let mut args = env::args().skip(1).filter(|arg| arg != "--bench");
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
            let number = |text: String| text.parse::<f64>().map_err(|_| format!("{text:?} is no number"));
            match arg.as_str() {
                "--minutes" => options.minutes = number(value()?)?.max(0.2),
                "--speed" => options.speed = (number(value()?)? as u32).clamp(1, 3_600),
                "--papan" => options.papan = value()?.into(),
                "--out" => options.out = value()?.into(),
                _ => return Err(format!("unknown: {arg}")),
            }
        }
        Ok(options)
    }

    /// How many hours of the hall it takes.
    pub fn hours(&self) -> f64 {
        self.minutes * f64::from(self.speed) / 60.0
    }
}
