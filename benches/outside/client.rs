//! What is measured: the program and the page, and the scenes that both show.
//! Invariant: a client starts with an empty home of its own, as on its first day.

use std::path::Path;

use crate::{
    lobby::{self, Lobby},
    outside::{glass::Glass, process::Program, queue::Queue},
};

/// A size of glass, and what it shows.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    pub name: &'static str,
    pub width: u32,
    pub height: u32,
    /// Whether there is running text; without it nothing moves.
    pub ticker: bool,
}

impl Scene {
    pub const ALL: [Self; 3] = [
        Self { name: "1080", width: 1920, height: 1080, ticker: true },
        Self { name: "2160", width: 3840, height: 2160, ticker: true },
        Self { name: "still", width: 1920, height: 1080, ticker: false },
    ];
}

/// A program that shows the lobby screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// This package's release binary, with the software presenter.
    Papan,
    /// `benches/page` in Debian's Chromium.
    Chromium,
}

impl Client {
    pub const ALL: [Self; 2] = [Self::Papan, Self::Chromium];

    pub fn name(self) -> &'static str {
        match self {
            Self::Papan => "papan",
            Self::Chromium => "chromium",
        }
    }

    pub fn is_there(&self) -> bool {
        *self == Self::Papan || lobby::has_chromium()
    }

    /// Starts it; it keeps what it writes in `home`.
    pub fn start(self, scene: &Scene, glass: &Glass, queue: &Queue, home: &Path) -> Program {
        let Scene { width, height, ticker, .. } = *scene;
        let lobby = Lobby { width, height, ticker, queue: &queue.url(), display: &glass.display, home };
        Program::start(&mut match self {
            Self::Papan => lobby::papan(lobby),
            Self::Chromium => lobby::chromium(lobby, ""),
        })
    }
}
