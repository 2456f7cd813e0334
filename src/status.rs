//! What the screen is doing, for IT: over a socket on this machine, and as Prometheus' figures where they are wanted.
//! Invariant: who looks changes nothing: no frame waits for a guest, and nothing can be asked but how it is.
//!
//! ```text
//! features → state → collect (once a second, or asked) → desk ← guests' threads ← papan status, papan screenshot
//!                                                             ← metrics' threads ← Prometheus
//! ```
//!
//! `answer` is the socket's protocol, [`report`] what it says. What takes long (a picture's pixels, `/proc`) is done on
//! the guest's thread, which is a low-priority one.

use std::{
    collections::BTreeSet,
    env,
    path::PathBuf,
    sync::{Arc, Weak},
    thread,
    time::Duration,
};

use bevy::prelude::*;

use self::{answer::Clerk, desk::Desk, report::Report, socket::Bound};
use crate::{
    domain::announcement::{Number, Unspoken},
    state::{Calling, Now, OnGlass, Presented, Proof, Said, Settings, Standing, Troubles, Wake},
};

mod answer;
pub mod client;
mod collect;
mod desk;
mod guests;
mod http;
pub mod human;
pub mod metrics;
mod process;
pub mod report;
mod socket;

pub use answer::Pencil;

/// How often the frame tells how it is, where nobody asks.
const PERIOD: Duration = Duration::from_secs(1);
/// How often a place that another program has is tried again.
const RETRY: Duration = Duration::from_secs(10);
/// So much more willingly do guests' threads wait than the drawing loop.
const NICE: i32 = 10;
/// How many announcements can be known to wait at once: far more than can wait.
const MOST_WAITING: usize = 10_000;

/// Where the control socket is; left out: where the environment says.
#[derive(Resource, Debug, Clone)]
pub struct ControlSocket(pub Option<PathBuf>);

/// How pictures are made; whoever puts the program together says so.
#[derive(Resource, Clone, Copy)]
pub struct Pictures(pub Pencil);

/// The desk, and what the threads say is wrong with them.
#[derive(Resource)]
struct Office {
    desk: Arc<Desk>,
    socket: Standing,
    metrics: Standing,
    seen: (u64, u64),
    told: Option<Duration>,
}

/// What was counted since the start.
#[derive(Resource, Debug, Default)]
struct Tally {
    calls: u64,
    announcements: report::Announcements,
    /// What came and is not over.
    waiting: BTreeSet<Number>,
    speaking: Option<Number>,
}

/// Tells how the screen is to whoever asks. [`Settings`], [`Now`], [`Wake`] and [`Pictures`] are to be there before the
/// first update.
pub fn plugin(app: &mut App) {
    app.init_resource::<Tally>()
        .init_resource::<OnGlass>()
        .init_resource::<Presented>()
        .init_resource::<Troubles>()
        .add_message::<Calling>()
        .add_message::<Proof>()
        .add_systems(Startup, open)
        .add_systems(
            Last,
            (count, pass_on, collect::collect, show).chain().run_if(resource_exists::<Office>),
        );
}

/// Opens the socket, and the metrics' port where one is wanted.
fn open(
    mut commands: Commands,
    settings: Res<Settings>,
    (wake, given): (Option<Res<Wake>>, Option<Res<ControlSocket>>),
    pictures: Res<Pictures>,
) {
    let wake = wake.as_deref().cloned().unwrap_or_default();
    let desk = Arc::new(Desk::new(wake, settings.hall.language));
    let office = Office {
        desk: desk.clone(),
        socket: Standing::default(),
        metrics: Standing::default(),
        seen: (0, 0),
        told: None,
    };
    let place = given.map_or_else(|| socket::place_by(|name| env::var_os(name)), |given| given.0.clone());
    match place {
        Some(place) => {
            let (weak, pencil, standing) = (Arc::downgrade(&desk), pictures.0, office.socket.clone());
            run("status", move || listen(&weak, &place, pencil, &standing));
        }
        None => info!(
            "there is no control socket, and papan status cannot ask: neither RUNTIME_DIRECTORY nor XDG_RUNTIME_DIR names a place for it"
        ),
    }
    if let Some(port) = settings.metrics.port {
        let (weak, standing) = (Arc::downgrade(&desk), office.metrics.clone());
        run("metrics", move || http::serve(&weak, port, &standing));
    }
    commands.insert_resource(office);
}

/// Starts a thread that gives way to the drawing loop, as all do that it starts.
fn run(name: &'static str, work: impl FnOnce() + Send + 'static) {
    let work = move || {
        // Where it is not allowed it goes on as it is.
        let _ = rustix::process::nice(NICE);
        work();
    };
    if let Err(error) = thread::Builder::new().name(name.to_owned()).spawn(work) {
        warn!("{name}: no thread for it, the screen goes on without: {error}");
    }
}

/// Listens at the socket for as long as the desk is there.
fn listen(desk: &Weak<Desk>, place: &std::path::Path, pencil: Pencil, standing: &Standing) {
    let mut told = String::new();
    while desk.strong_count() > 0 {
        match Bound::at(place) {
            Ok(bound) => {
                debug!("the control socket is {}", place.display());
                standing.say([]);
                told.clear();
                let Some(clerk) = desk.upgrade().map(|desk| Clerk::new(&desk, pencil)) else { return };
                let goes_on = || desk.strong_count() > 0 && bound.stands();
                guests::serve(&bound.listener, "status guest", goes_on, move |guest| clerk.answer(guest));
            }
            Err(error) => {
                let why = format!("the control socket {}: {error}", place.display());
                if told != why {
                    warn!("{why}; papan status and papan screenshot cannot ask this program");
                }
                told = why;
                standing.say([unheard(place, &error)]);
                let begun = std::time::Instant::now();
                while begun.elapsed() < RETRY && desk.strong_count() > 0 {
                    thread::sleep(PERIOD / 2);
                }
            }
        }
    }
}

fn unheard(place: &std::path::Path, error: &socket::Error) -> Said {
    let place = place.display();
    Said::new(
        format!("`papan status` tidak bisa bertanya ke program ini: {place}: {error}"),
        format!("`papan status` cannot ask this program: {place}: {error}"),
    )
}

/// Counts calls and what became of them.
fn count(mut tally: ResMut<Tally>, mut calling: MessageReader<Calling>, mut proofs: MessageReader<Proof>) {
    tally.calls += calling.read().filter(|calling| matches!(calling, Calling::Called(_))).count() as u64;
    for proof in proofs.read() {
        tally.hear(proof);
    }
}

impl Tally {
    fn hear(&mut self, proof: &Proof) {
        let number = match proof {
            Proof::Came { number, .. } => {
                if self.waiting.len() < MOST_WAITING {
                    self.waiting.insert(*number);
                }
                return;
            }
            Proof::Saying { number, .. } | Proof::Began { number, .. } => {
                self.waiting.remove(number);
                self.speaking = Some(*number);
                return;
            }
            Proof::Ended { number, .. } => {
                self.announcements.spoken += 1;
                *number
            }
            Proof::Unspoken { number, why, .. } => {
                let all = &mut self.announcements;
                *match why {
                    Unspoken::TooOld => &mut all.too_old,
                    Unspoken::NoDevice => &mut all.no_device,
                    Unspoken::Withdrawn => &mut all.withdrawn,
                    Unspoken::Merged => &mut all.merged,
                    Unspoken::Backlog => &mut all.backlog,
                    Unspoken::Off => &mut all.off,
                    Unspoken::Failed => &mut all.failed,
                } += 1;
                *number
            }
        };
        self.waiting.remove(&number);
        if self.speaking == Some(number) {
            self.speaking = None;
        }
    }
}

/// What the threads say is wrong with them.
fn pass_on(
    mut office: ResMut<Office>,
    mut troubles: ResMut<Troubles>,
    settings: Res<Settings>,
    now: Res<Now>,
) {
    let (office, language) = (&mut *office, settings.hall.language);
    office.socket.pass_on(&mut office.seen.0, &mut troubles, "status", language, now.wall);
    office.metrics.pass_on(&mut office.seen.1, &mut troubles, "metrics", language, now.wall);
    if office.told.is_none() {
        let warnings = settings.warnings.iter().map(|problem| problem.display(language).to_string());
        troubles.set("config", warnings, now.wall);
    }
}

/// Hands over what is on the glass, where it is asked for.
fn show(office: Res<Office>, mut glass: ResMut<OnGlass>) {
    if office.desk.wants_picture() {
        (glass.wanted, glass.list) = (true, None);
        // The presenter answers in the next frame, which is to come now.
        office.desk.wake();
    }
    match glass.list.is_some() {
        true => office.desk.leave_picture(glass.list.take().unwrap_or_default()),
        false => office.desk.tidy(),
    }
}

#[cfg(test)]
mod tests;
