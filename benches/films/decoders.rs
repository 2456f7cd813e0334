//! What only decodes the film, and shows it to nobody. Invariant: each decodes all of it once.

use std::{fs, path::Path, process::Command};

use crate::{
    film::{RATE, SECONDS},
    measure::Found,
    outside::cost,
};

/// A program that decodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoder {
    /// `ffmpeg -f null`, as fast as it can.
    Ffmpeg,
    /// `mpv --vo=null`, as fast as it can.
    Mpv,
}

impl Decoder {
    pub const ALL: [Self; 2] = [Self::Ffmpeg, Self::Mpv];

    pub fn name(self) -> &'static str {
        match self {
            Self::Ffmpeg => "ffmpeg",
            Self::Mpv => "mpv",
        }
    }
}

/// What decoding the film once costs; `None` where the program is not there.
pub fn cost(decoder: Decoder, film: &Path) -> Option<Found> {
    let mut command = Command::new(decoder.name());
    match decoder {
        Decoder::Ffmpeg => {
            command.args(["-hide_banner", "-loglevel", "error", "-i"]).arg(film).args(["-f", "null", "-"])
        }
        Decoder::Mpv => {
            command.args(["--no-config", "--vo=null", "--ao=null", "--untimed", "--really-quiet"]).arg(film)
        }
    };
    let before = ended();
    let status = command.status().ok()?;
    assert!(status.success(), "{command:?}");
    let seconds = ended() - before;
    Some(Found { cpu_of_frame: Some(seconds * 1000.0 / (SECONDS * RATE)), ..Found::default() })
}

/// CPU seconds of this process's children that have ended.
fn ended() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux");
    let (_, rest) = stat.rsplit_once(')').expect("a name");
    let ticks: u64 = rest.split_whitespace().skip(13).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    cost::TICK.as_secs_f64() * ticks as f64
}
