//! Films: each is opened and decoded by a process of its own, and its frames come through shared memory. The only
//! place that knows GStreamer. Invariant: whatever a film does to its decoder, the screen goes on.
//!
//! ```text
//! playback ─ Projector ─ Reel ─ Desk ─ keeper (a thread a film) ═ line, memory ═ decoder (a process a film)
//! ```
//!
//! A process a film, and not one for all: what a film breaks ends with it, the next one is opened while this one
//! plays, and nothing of a film is left in memory when it is over.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use bevy::prelude::*;

use self::{
    keeper::Place,
    reel::{Desk, Reel},
    wire::{Came, Order, Report},
};
use crate::{
    directory::{self, StateDirectory},
    fault,
    state::{FilmError, FilmForm, FilmSound, Pressed, Project, Projector, Screening, Settings, Wake, Wanted},
};

pub mod decoder;
mod held;
mod keeper;
mod memory;
mod reel;
mod wire;
mod words;

pub use wire::Facts;

/// How long `papan check` waits for one film.
const LOOK: Duration = Duration::from_secs(30);

/// The program whose subcommand `film` decodes; left out: this one.
#[derive(Resource, Debug, Clone)]
pub struct Program(pub PathBuf);

impl Default for Program {
    fn default() -> Self {
        // Also where the file was replaced by a newer one since the start.
        Self(PathBuf::from("/proc/self/exe"))
    }
}

/// Films stand at their first frame, as in a picture of the screen.
#[derive(Resource, Debug, Clone, Copy)]
pub struct Standing;

/// Offers films to those who show them.
pub fn plugin(app: &mut App) {
    app.init_resource::<Program>().init_resource::<FilmForm>().init_resource::<FilmSound>();
    app.add_systems(PostStartup, offer);
}

fn offer(
    mut commands: Commands,
    program: Res<Program>,
    form: Res<FilmForm>,
    sound: Res<FilmSound>,
    settings: Res<Settings>,
    wake: Option<Res<Wake>>,
    state: Option<Res<StateDirectory>>,
    standing: Option<Res<Standing>>,
    pressed: Option<Res<Pressed>>,
) {
    let pressed = pressed.map(|pressed| pressed.clone()).unwrap_or_default();
    let stands = standing.is_some();
    let wake = wake.map_or_else(|| Wake::default().0, |wake| wake.0.clone());
    let place = Place {
        program: program.0.clone(),
        registry: directory::state(state.as_deref()).map(|state| registry(&state)),
        forbid: settings.film.forbid.clone(),
        planes: *form == FilmForm::Planes,
        sound: sound.0.clone(),
        wake,
        language: settings.hall.language,
        heavy: Arc::default(),
    };
    commands.insert_resource(Projector(Arc::new(Projection { place, stands, pressed })));
}

/// Where GStreamer keeps what it knows of its plugins: a kiosk's user may have no other place to write.
fn registry(state: &Path) -> PathBuf {
    state.join("gstreamer.bin")
}

struct Projection {
    place: Place,
    /// Whether films stand at their first frame.
    stands: bool,
    pressed: Pressed,
}

impl Project for Projection {
    fn open(&self, wanted: Wanted) -> Box<dyn Screening> {
        let desk = Desk::default();
        let (place, kept) = (self.place.clone(), desk.clone());
        if self.pressed.get() {
            desk.lock().opened = Some(Err(words::no_memory()));
            return Box::new(Reel { desk, stands: self.stands });
        }
        let keep = move || {
            // A film that nobody keeps would be waited for, for ever.
            if fault::caught(|| keeper::keep(&kept, &wanted, &place)).is_err() {
                let mut shared = kept.lock();
                shared.line = None;
                match shared.opened {
                    None => shared.opened = Some(Err(words::crashed())),
                    Some(_) => shared.failed = Some(words::crashed()),
                }
                drop(shared);
                (place.wake)();
            }
        };
        let started = thread::Builder::new().name("film".into()).spawn(keep);
        if let Err(err) = started {
            desk.lock().opened = Some(Err(words::unstarted(&err.to_string())));
        }
        Box::new(Reel { desk, stands: self.stands })
    }
}

/// Looks at a film for `papan check`: what it is, and how fast this machine decodes it to width × height pixels.
///
/// # Errors
/// Why it cannot be shown.
pub fn look(path: &Path, size: (u32, u32), program: &Program, forbid: &[String]) -> Result<Facts, FilmError> {
    let place = Place {
        program: program.0.clone(),
        registry: directory::state(None).map(|state| registry(&state)),
        forbid: forbid.to_vec(),
        planes: false,
        sound: None,
        wake: Wake::default().0,
        language: crate::words::Language::default(),
        heavy: Arc::default(),
    };
    let wanted = Wanted {
        path: path.to_owned(),
        size,
        fit: crate::domain::playlist::Fit::Contain,
        ground: crate::picture::Colour::hex(0),
        volume: 0.0,
        from: Duration::ZERO,
    };
    let process = keeper::Process::start(&place).map_err(|err| words::unstarted(&err.to_string()))?;
    let order = Order::Look(wire::Open {
        path: wanted.path.clone(),
        form: keeper::form(&wanted, false),
        volume: 0.0,
        from: 0,
        forbid: place.forbid.clone(),
    });
    process.line.say(&order).map_err(|err| words::unstarted(&err.to_string()))?;
    loop {
        match process.line.hear::<Report>(LOOK) {
            Came::Said(Report::Found(facts)) => return Ok(facts),
            Came::Said(Report::Bad(bad)) => return Err(words::bad(&bad)),
            Came::Gone => return Err(words::crashed()),
            Came::Nothing => return Err(words::silent()),
            Came::Said(_) | Came::Sound(..) => {}
        }
    }
}
