//! The measurements. Invariant: the running text and the film are watched at the same time, by one watcher.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use crate::{
    film::RATE,
    lobby::{self, Lobby},
    outside::{
        cost,
        glass::{Glass, Rect},
        process::Program,
        queue::Queue,
        watch::LOOK,
        zones,
    },
};

const COUNTERS: usize = 8;
/// What a start may take, until film and running text go.
const SETTLE: Duration = Duration::from_secs(8);

/// What was found; times in milliseconds, each list sorted.
#[derive(Debug, Default)]
pub struct Found {
    /// Presented frames of the running text a second.
    pub ticker_fps: Option<f64>,
    pub ticker_gaps: Vec<f64>,
    /// Presented frames of the film a second.
    pub film_fps: Option<f64>,
    pub film_gaps: Vec<f64>,
    /// Cores that the client kept busy with all its processes, and the X server for it.
    pub cores: Option<f64>,
    pub server_cores: Option<f64>,
    /// CPU milliseconds for each frame of the film: all that the client does, for those that show it.
    pub cpu_of_frame: Option<f64>,
    /// Memory of all its processes (PSS).
    pub mib: Option<f64>,
}

/// What shows the lobby with the film on its stage.
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
}

/// Shows the film and the running text, and measures both.
pub fn shown(client: Client, film: &Path, time: Duration, shots: Option<&Path>) -> Found {
    let home = tempfile::tempdir().expect("a folder");
    let glass = Glass::start(1920, 1080);
    let queue = Queue::start(COUNTERS);
    let (width, height, ticker) = (glass.width, glass.height, true);
    let lobby =
        Lobby { width, height, ticker, queue: &queue.url(), display: &glass.display, home: home.path() };
    let mut program = Program::start(&mut match client {
        Client::Papan => {
            let command = lobby::papan(lobby);
            with_film(&home.path().join("playlist"), film);
            command
        }
        Client::Chromium => lobby::chromium(lobby, &format!("&film={}", film.display())),
    });
    thread::sleep(SETTLE);
    let pid = program.child.id();
    let (before, server_before) = (cost::of_tree(pid), cost::of_tree(glass.pid()));
    let begun = Instant::now();
    let (ticker, film) = watch(&glass, time);
    let seconds = begun.elapsed().as_secs_f64();
    let (after, server_after) = (cost::of_tree(pid), cost::of_tree(glass.pid()));
    if let Some(folder) = shots {
        glass.save(glass.all(), &folder.join(format!("film-{}.png", client.name())));
    }
    assert!(program.runs(), "{} ended: {}", client.name(), program.said());
    let cores = after.cpu.saturating_sub(before.cpu).as_secs_f64() / seconds;
    Found {
        ticker_fps: Some(ticker.len() as f64 / seconds),
        ticker_gaps: gaps(&ticker),
        film_fps: Some(film.len() as f64 / seconds),
        film_gaps: gaps(&film),
        cores: Some(cores),
        server_cores: Some(server_after.cpu.saturating_sub(server_before.cpu).as_secs_f64() / seconds),
        cpu_of_frame: Some(cores * 1000.0 / RATE),
        mib: Some(after.mib),
    }
}

/// The film alone in the playlist, in the place of the page.
fn with_film(playlist: &Path, film: &Path) {
    let toml = playlist.join("playlist.toml");
    let text = fs::read_to_string(&toml).expect("the lobby's playlist");
    fs::copy(film, playlist.join("film.mp4")).expect("copied");
    let with = text.replace("page = \"page.md\"", "film = \"film.mp4\"\nfit = \"cover\"");
    assert_ne!(text, with, "the page gives way to the film");
    fs::write(toml, with).expect("written");
}

/// When the running text and the film changed.
fn watch(glass: &Glass, time: Duration) -> (Vec<Instant>, Vec<Instant>) {
    let stage = zones::stage(glass);
    // A strip through the film's middle: each frame of it differs there from the one before.
    let strip = Rect { y: stage.y + stage.height / 2, height: 4, ..stage };
    let mut eyes = [Eye::new(zones::ticker_row(glass)), Eye::new(strip)];
    let begun = Instant::now();
    while begun.elapsed() < time {
        for eye in &mut eyes {
            eye.look(glass);
        }
        thread::sleep(LOOK);
    }
    let [ticker, film] = eyes;
    (ticker.changes, film.changes)
}

struct Eye {
    at: Rect,
    last: Vec<u8>,
    now: Vec<u8>,
    changes: Vec<Instant>,
}

impl Eye {
    fn new(at: Rect) -> Self {
        Self { at, last: Vec::new(), now: Vec::new(), changes: Vec::new() }
    }

    fn look(&mut self, glass: &Glass) {
        glass.look(self.at, 1, &mut self.now);
        if self.now == self.last {
            return;
        }
        // A picture that is half drawn is not counted apart from the whole one.
        let tearing = self.changes.last().is_some_and(|last| last.elapsed() < Duration::from_millis(3));
        if !tearing {
            self.changes.push(Instant::now());
        }
        std::mem::swap(&mut self.now, &mut self.last);
    }
}

fn gaps(times: &[Instant]) -> Vec<f64> {
    let gap = |pair: &[Instant]| pair[1].duration_since(pair[0]).as_secs_f64() * 1000.0;
    let mut gaps: Vec<f64> = times.windows(2).map(gap).collect();
    gaps.sort_by(f64::total_cmp);
    gaps
}
