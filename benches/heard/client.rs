//! What is measured: the program with each source of voice, and the page; all show one still page of the lobby.
//! Invariant: each sounds at the sound server of its own that it is given, and nowhere else.

use std::{fs, path::Path};

use crate::{
    glass::Glass,
    lobby::{self, Lobby},
    process::Program,
    queue::Queue,
    sound::Server,
};

/// A program that announces calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// This package's release binary, with the clips that ship.
    Papan,
    /// The same, with espeak-ng in place of clips.
    Espeak,
    /// `benches/page` in Debian's Chromium, with the clips that ship.
    Chromium,
}

impl Client {
    pub const ALL: [Self; 3] = [Self::Papan, Self::Espeak, Self::Chromium];

    pub fn name(self) -> &'static str {
        match self {
            Self::Papan => "papan",
            Self::Espeak => "papan-espeak",
            Self::Chromium => "chromium",
        }
    }

    pub fn is_there(&self) -> bool {
        *self != Self::Chromium || lobby::has_chromium()
    }

    /// Starts it; it keeps what it writes in `home`.
    pub fn start(self, glass: &Glass, server: &Server, queue: &Queue, home: &Path) -> Program {
        let (width, height, ticker) = (glass.width, glass.height, false);
        let lobby = Lobby { width, height, ticker, queue: &queue.url(), display: &glass.display, home };
        let mut command = match self {
            Self::Papan | Self::Espeak => {
                let source = if self == Self::Papan { "pack" } else { "espeak-ng" };
                let (config, alsa) = (home.join("papan.toml"), home.join("asound.conf"));
                fs::write(&config, format!("[voice]\nsource = \"{source}\"\n")).expect("written");
                fs::write(&alsa, server.alsa()).expect("written");
                let mut command = lobby::papan(lobby);
                command.arg("--config").arg(config).env("ALSA_CONFIG_PATH", alsa);
                command
            }
            Self::Chromium => {
                let mut command = lobby::chromium(lobby, "&sound=on");
                command
                    .args(["--autoplay-policy=no-user-gesture-required", "--allow-file-access-from-files"])
                    .env("PULSE_SERVER", server.address())
                    .env("XDG_RUNTIME_DIR", home);
                command
            }
        };
        Program::start(&mut command)
    }
}
