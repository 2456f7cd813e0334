//! The play log: what became of each call, each spoken notice and each turn of an item, one line of JSON each.
//! Invariant: the frame never waits for the disk, and each announcement and each turn has exactly one line.
//!
//! The line of an announcement is written when it is over and its first pixel is known (`open`), that of an item when
//! another one takes its place (`turns`). A thread of its
//! own puts it into the files of the log's folder (`writer`, [`files`]). The demo hall has no log unless the
//! config names a folder for it. Only a program that is killed leaves without the lines of what was not over.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use bevy::prelude::*;

use crate::{
    clock,
    config::Config,
    directory::{self, StateDirectory},
    state::{Aired, AiredOn, Complaints, Now, Presented, Proof, Settings},
};

pub mod files;
pub mod line;
mod open;
pub mod read;
mod turns;
mod writer;

use open::Open;
use turns::Turns;
use writer::Writer;

/// The log's folder in the state's directory.
const FOLDER: &str = "log";
/// Where the service has it, by its unit's state directory.
pub const SERVICE: &str = "/var/lib/papan/log";

/// The play log.
#[derive(Resource)]
struct Log {
    open: Open,
    /// By their screens, where there are several.
    turns: BTreeMap<Option<Arc<str>>, Turns>,
    /// `None` once the log is closed.
    writer: Option<Writer>,
}

/// Keeps the play log. [`Settings`] and [`Now`] are to be there before the first update.
pub fn plugin(app: &mut App) {
    app.init_resource::<Presented>()
        .add_message::<Proof>()
        .add_message::<Aired>()
        .add_message::<AiredOn>()
        .add_systems(Startup, begin)
        .add_systems(PostUpdate, follow.run_if(resource_exists::<Log>))
        .add_systems(Last, end.run_if(resource_exists::<Log>));
}

/// The log's folder: as the config says, else in the state's directory; `None` where the environment names no place
/// for that.
pub fn folder(config: &Config, given: Option<&StateDirectory>) -> Option<PathBuf> {
    config.log.folder.clone().or_else(|| Some(directory::state(given)?.join(FOLDER)))
}

/// Opens the log where it is wanted.
fn begin(
    mut commands: Commands,
    settings: Res<Settings>,
    given: Option<Res<StateDirectory>>,
    complaints: Option<Res<Complaints>>,
) {
    if settings.log.folder.is_none() && settings.queue.url.is_none() {
        return;
    }
    let Some(folder) = folder(&settings, given.as_deref()) else {
        return warn!("there is no play log: the environment names no place for it");
    };
    let (bound, complaints) = (u64::from(settings.log.megabytes) << 20, complaints.as_deref().cloned());
    match Writer::start(folder, bound, writer::RETRY, complaints.unwrap_or_default()) {
        Ok(writer) => {
            commands.insert_resource(Log {
                open: Open::default(),
                turns: BTreeMap::new(),
                writer: Some(writer),
            });
        }
        Err(error) => warn!("there is no play log: no thread for it: {error}"),
    }
}

/// Follows announcements and items. It comes after the presenters, so that a call and its picture meet in one frame.
fn follow(
    mut log: ResMut<Log>,
    (mut proofs, mut aired): (MessageReader<Proof>, MessageReader<Aired>),
    mut aired_on: MessageReader<AiredOn>,
    presented: Res<Presented>,
    now: Res<Now>,
) {
    let log = &mut *log;
    // How long a picture may take is a matter of the glass.
    let presents = clock::real(now.mono);
    log.turns.values_mut().for_each(|turns| turns.now(now.wall, now.mono));
    let alone = aired.read().map(|aired| (None, aired));
    for (screen, aired) in alone.chain(aired_on.read().map(|on| (Some(&on.screen), &on.aired))) {
        // As many as the config has screens.
        let turns = log.turns.entry(screen.cloned()).or_insert_with(|| {
            let mut turns = screen.map_or_else(Turns::default, |screen| Turns::of(screen));
            turns.now(now.wall, now.mono);
            turns
        });
        let line = turns.hear(aired);
        log.write(|_| line.into_iter().collect());
    }
    for proof in proofs.read() {
        log.write(|open| open.hear(proof, presents));
    }
    if let Some(at) = presented.0.filter(|_| presented.is_changed()) {
        log.open.shown(at);
    }
    log.write(|open| open.over(presents));
}

/// At the program's end what is not over gets its line.
fn end(exits: MessageReader<AppExit>, mut log: ResMut<Log>) {
    if !exits.is_empty() {
        log.close();
    }
}

impl Log {
    fn write(&mut self, lines: impl FnOnce(&mut Open) -> Vec<line::Line>) {
        let Some(writer) = &self.writer else { return };
        lines(&mut self.open).into_iter().for_each(|line| writer.write(line));
    }

    fn close(&mut self) {
        self.write(Open::stop);
        let lines: Vec<line::Line> = self.turns.values_mut().filter_map(Turns::stop).collect();
        self.write(|_| lines);
        self.writer = None;
    }
}

/// The app may end between two frames, as when the GPU is lost.
impl Drop for Log {
    fn drop(&mut self) {
        self.close();
    }
}
