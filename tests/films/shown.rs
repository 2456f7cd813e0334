//! A film on a stage, as playback has it, and what is read back of it.
//! Invariant: nothing is known here of how a film is decoded.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::AtomicU64,
        mpsc::{Receiver, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use bevy::app::App;
use papan::{
    config::Config,
    directory::StateDirectory,
    domain::playlist::Fit,
    film,
    picture::{Colour, DisplayList, Quad, Rect},
    present::png,
    state::{
        FilmForm, FilmInput, FilmPiece, FilmSound, Going, Opened, Projector, Screening, Settings, Shot,
        Wanted,
    },
};

use crate::films::Rgb;

/// How long anything is waited for.
pub const DEADLINE: Duration = Duration::from_secs(40);
/// What shows beside a film.
pub const GROUND: Colour = Colour::hex(0x0b_3142);

/// Where GStreamer keeps what it knows of its plugins: one place for all tests.
pub fn state() -> PathBuf {
    let state = Path::new(env!("CARGO_TARGET_TMPDIR")).join("films-state");
    std::fs::create_dir_all(&state).expect("a folder for the state");
    state
}

/// Who opens films, as the app has it.
pub fn projector(form: FilmForm, sound: Option<FilmInput>) -> Projector {
    let mut app = App::new();
    app.insert_resource(Settings(Arc::new(Config::default())))
        .insert_resource(film::Program(env!("CARGO_BIN_EXE_papan").into()))
        .insert_resource(StateDirectory(Some(state())))
        .insert_resource(form)
        .insert_resource(FilmSound(sound))
        .add_plugins(film::plugin);
    app.update();
    app.world().resource::<Projector>().clone()
}

/// A mixer that keeps what comes.
pub fn mixer() -> (FilmInput, Receiver<FilmPiece>) {
    let (pieces, heard) = sync_channel(1024);
    (FilmInput { pieces, latency: Arc::new(AtomicU64::new(20_000_000)) }, heard)
}

/// A film as it is wanted in most tests: whole, without sound, from its beginning.
pub fn wanted(path: &Path, size: (u32, u32)) -> Wanted {
    Wanted {
        path: path.to_owned(),
        size,
        fit: Fit::Contain,
        ground: GROUND,
        volume: 0.0,
        from: Duration::ZERO,
    }
}

/// Looks every few milliseconds until there is something.
#[track_caller]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "not in time: {what}");
        thread::park_timeout(Duration::from_millis(2));
    }
}

/// Does something with each of several films, a few at a time: most of the time goes by as they play.
pub fn each<T: Sync>(of: &[T], what: impl Fn(&T) + Sync) {
    for some in of.chunks(3) {
        thread::scope(|scope| {
            for one in some {
                scope.spawn(|| what(one));
            }
        });
    }
}

/// A film that is open.
pub struct Showing {
    pub film: Box<dyn Screening>,
    pub opened: Opened,
    pub size: (u32, u32),
}

impl Showing {
    /// Opens a film; on a loaded machine it may need more than one try.
    #[track_caller]
    pub fn open(projector: &Projector, wanted: Wanted) -> Self {
        let (path, size) = (wanted.path.clone(), wanted.size);
        let mut film = projector.open(wanted.clone());
        let opened = until(&format!("{} opens", path.display()), || match film.opened()? {
            Ok(opened) => Some(opened),
            Err(err) if err.passing => {
                film = projector.open(wanted.clone());
                None
            }
            Err(err) => panic!("{}: {}", path.display(), err.en),
        });
        Self { film, opened, size }
    }

    /// Its first frame.
    pub fn first(&mut self) -> Shot {
        self.film.shot(Duration::ZERO).expect("an open film has its first frame")
    }
}

/// What the stage shows of a shot.
pub fn list(shot: &Shot, (width, height): (u32, u32)) -> DisplayList {
    let whole = Rect::new(0, 0, width, height);
    let quad = match shot {
        Shot::Picture(picture) => Quad::picture(picture, 0, 0),
        Shot::Film(planes, rect) => Quad::film(planes, *rect),
    };
    DisplayList { width, height, quads: vec![Quad::fill(GROUND, whole), quad] }
}

/// Pixels that were read back.
pub struct Pixels {
    size: (u32, u32),
    words: Vec<u32>,
}

impl Pixels {
    /// Of a shot, by the CPU.
    pub fn of(shot: &Shot, size: (u32, u32)) -> Self {
        Self { size, words: png::pixels(&list(shot, size)) }
    }

    /// As something else drew them.
    pub fn new(size: (u32, u32), words: Vec<u32>) -> Self {
        assert_eq!(words.len(), size.0 as usize * size.1 as usize);
        Self { size, words }
    }

    pub fn at(&self, x: u32, y: u32) -> Rgb {
        let [_, rgb @ ..] = self.words[(y * self.size.0 + x) as usize].to_be_bytes();
        rgb
    }

    /// The number that a frame tells (see `films::numbered`).
    pub fn number(&self) -> u32 {
        let (width, height) = self.size;
        (0..8).fold(0, |number, bit| {
            number << 1 | u32::from(self.at(width * (2 * bit + 1) / 16, height / 4)[1] > 128)
        })
    }

    /// Whether its lower half is white.
    pub fn flashes(&self) -> bool {
        self.at(self.size.0 / 2, self.size.1 * 3 / 4)[1] > 128
    }
}

/// A frame that came onto the stage.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// How long after the film began to play.
    pub at: Duration,
    pub number: u32,
    pub flashes: bool,
    pub position: Duration,
}

/// A film that plays and is watched: the stage asks for its frame every millisecond of its own clock, of which it
/// misses none even where the machine is late.
pub struct Watch {
    pub showing: Showing,
    /// When it began to play.
    pub began: Instant,
    asked: Duration,
}

impl Watch {
    pub fn begin(mut showing: Showing) -> Self {
        let began = Instant::now();
        showing.film.play(Duration::ZERO);
        Self { showing, began, asked: Duration::ZERO }
    }

    /// The next frame that comes onto the stage.
    #[track_caller]
    pub fn next(&mut self) -> Shown {
        let shot = self.next_shot();
        let pixels = Pixels::of(&shot, self.showing.size);
        Shown {
            at: self.asked,
            number: pixels.number(),
            flashes: pixels.flashes(),
            position: self.showing.film.position(),
        }
    }

    /// The next frame that comes onto the stage, as it comes.
    #[track_caller]
    pub fn next_shot(&mut self) -> Shot {
        until("another frame", || self.look())
    }

    fn look(&mut self) -> Option<Shot> {
        let going = self.showing.film.going();
        assert_eq!(going, Going::On, "the film goes on");
        while self.asked < self.began.elapsed() {
            self.asked += Duration::from_millis(1);
            if let Some(shot) = self.showing.film.shot(self.asked) {
                return Some(shot);
            }
        }
        None
    }
}
