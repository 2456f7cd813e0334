//! A hall: a queue server, a sound server and the whole program between them, with its play log.
//! Invariant: the program has all its parts but a window, and a film's sound is a steady tone.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::mpsc::TrySendError,
    thread,
    time::{Duration, Instant},
};

use bevy::{log::LogPlugin, prelude::*};
use papan::{
    app::{self, Show},
    config::Reading,
    picture::theme::Theme,
    present::Output,
    state::{Announcing, FilmInput, FilmPiece, FilmSound},
};
use serde_json::Value;

use crate::{
    process::{Program, until},
    queue::Queue,
    sound::Server,
};

/// In the child's environment: its config. Where it is not set, there is no child.
const CONFIG: &str = "PAPAN_TEST_CONFIG";
/// In the child's environment: a film plays.
const FILM: &str = "PAPAN_TEST_FILM";
/// The film's tone: above all that a voice at 22.05 kHz can hold, so that the two can be told apart.
pub const TONE: f32 = 15_000.0;
/// The tone's amplitude.
pub const LOUD: f32 = 0.2;
/// How long before it is to be heard the film's first sound comes, and how long a piece of it is.
const LEAD: Duration = Duration::from_millis(60);
const LENGTH: Duration = Duration::from_millis(20);

/// The whole program, as `papan show` builds it, as a child of the tests below: a process has one ALSA
/// configuration for all its life. It says what the call-out shows.
#[test]
#[ignore = "a part of the other tests"]
fn child() {
    let Ok(config) = env::var(CONFIG) else { return };
    let config = PathBuf::from(config);
    let reading = Reading::read(&config);
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    let path = config.with_file_name("screen.png");
    let output = Output::Png { path, size: (640, 360) };
    let show = Show {
        config: reading.config,
        themes: vec![Theme::default()],
        output,
        demo: None,
        session: None,
        stop: None,
    };
    let log = LogPlugin { filter: "papan=debug,error".into(), ..default() };
    let mut app = app::build(show, log).expect("no GPU was asked for");
    app.add_systems(Last, |announcing: Res<Announcing>| {
        if announcing.is_changed() {
            let ticket = announcing.0.as_ref().map_or("nobody", |shown| shown.call.ticket.0.as_str());
            println!("the call-out shows {ticket}");
        }
    });
    if env::var_os(FILM).is_some() {
        app.add_systems(Update, play.run_if(resource_exists_and_changed::<FilmSound>));
    }
    app.run();
}

/// Plays a steady tone from the moment that there is a mixer, as early as it takes it.
fn play(film: Res<FilmSound>, mut playing: Local<bool>) {
    let Some(input) = film.0.clone().filter(|_| !*playing) else { return };
    *playing = true;
    thread::spawn(move || {
        let mut turn = 0.0_f64;
        let mut due = Instant::now() + LEAD;
        loop {
            let mut frames = Vec::with_capacity(FilmInput::PIECE);
            for _ in 0..FilmInput::PIECE {
                turn = (turn + f64::from(TONE) / f64::from(FilmInput::RATE)).fract();
                let sample = LOUD * (turn * std::f64::consts::TAU).sin() as f32;
                frames.push([sample, sample]);
            }
            let mut piece = FilmPiece { due, frames };
            due += LENGTH;
            while let Err(TrySendError::Full(held)) = input.pieces.try_send(piece) {
                piece = held;
                thread::park_timeout(Duration::from_millis(5));
            }
        }
    });
}

/// A hall that is open.
pub struct Hall {
    // Dropped in this order: the program first.
    pub program: Program,
    pub queue: Queue,
    log: PathBuf,
    _folder: tempfile::TempDir,
}

impl Hall {
    /// Opens one whose device is as `alsa` says, with these sections at the end of its config.
    pub fn open(alsa: &str, sections: &str, change: impl FnOnce(&mut Command)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (place, queue) = (folder.path(), Queue::start(24));
        let log = place.join("log");
        let config = format!(
            "[hall]\nname = \"Uji\"\n[queue]\nurl = \"{}\"\n[log]\nfolder = \"log\"\n{sections}\n",
            queue.url()
        );
        fs::create_dir(&log).expect("a folder");
        fs::write(place.join("papan.toml"), config).expect("written");
        fs::write(place.join("asound.conf"), alsa).expect("written");
        let mut command = Command::new(env::current_exe().expect("it runs"));
        command
            .args(["--exact", "hall::child", "--ignored", "--nocapture"])
            .env(CONFIG, place.join("papan.toml"))
            .env("ALSA_CONFIG_PATH", place.join("asound.conf"))
            .env("PULSE_LATENCY_MSEC", "30")
            .env("XDG_STATE_HOME", place)
            .env("NO_COLOR", "1");
        change(&mut command);
        let hall = Self { program: Program::start(&mut command), queue, log, _folder: folder };
        until(|| format!("it connects: {}", hall.program.said()), || hall.queue.connected_at().is_some());
        hall
    }

    /// The same at a sound server, with a film that plays where it is wanted.
    pub fn at(server: &Server, sections: &str, film: bool) -> Self {
        let hall = Self::open(&server.alsa(), sections, |command| {
            if film {
                command.env(FILM, "yes");
            }
        });
        server.has_a_client();
        hall
    }

    /// The lines of calls and notices in the play log so far.
    pub fn proofs(&self) -> Vec<Value> {
        let mut names: Vec<_> =
            fs::read_dir(&self.log).into_iter().flatten().flatten().map(|e| e.path()).collect();
        names.sort();
        let text: String = names.iter().map(|name| fs::read_to_string(name).unwrap_or_default()).collect();
        let lines = text.lines().filter_map(|line| serde_json::from_str(line).ok());
        lines.filter(|line: &Value| line["kind"] != "item").collect()
    }

    /// Waits for as many lines of the play log.
    pub fn has_proofs(&self, count: usize) -> Vec<Value> {
        until(
            || format!("{count} lines in the play log: {:?}", self.proofs()),
            || self.proofs().len() >= count,
        );
        self.proofs()
    }

    /// Waits until the call-out shows a ticket.
    pub fn shows(&self, ticket: &str) {
        self.program.says(&format!("the call-out shows {ticket}"));
    }

    /// The folder of its config.
    pub fn place(&self) -> &Path {
        self.log.parent().expect("it lies in one")
    }
}
