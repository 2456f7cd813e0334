//! The playlist's folder on disk: read whole, watched, and put on air when it is good.
//! Invariant: a change with an error never reaches the screen: the last good playlist stays, with its files as
//! they are.

use std::{
    collections::{BTreeMap, HashSet},
    env,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender},
    },
};

use bevy::{platform::cell::SyncCell, prelude::*};

use crate::{
    config::Screen,
    domain::playlist::Playlist,
    problem::Problem,
    state::{OnAir, Settings, Step, Wake},
    words::Language,
    written::{Source, Table},
};

mod blocks;
mod captions;
mod folder;
mod front;
mod items;
pub mod logo;
mod page;
pub mod picture;
mod stamp;
mod watch;
mod whole;

/// The largest `playlist.toml`, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// Reads the playlist in a folder: what is good, and what is wrong with the rest.
pub fn read(dir: &Path) -> (Playlist, Vec<Problem>) {
    read_draft(dir, BTreeMap::new())
}

/// Reads the playlist in a folder as [`read`] does, with texts in place of files' that are not saved yet: by the
/// files' names from the folder on, such as `playlist.toml` or `pages/ktp-el.md`.
pub fn read_draft(dir: &Path, unsaved: BTreeMap<PathBuf, String>) -> (Playlist, Vec<Problem>) {
    let folder = match folder::Folder::open(dir) {
        Ok(folder) => folder.with(unsaved),
        Err(problem) => return (Playlist::default(), vec![problem]),
    };
    let path = folder.playlist();
    let text = match folder.text(&path, MAX_BYTES) {
        Ok(text) => text,
        Err(problem) => return (Playlist::default(), vec![problem]),
    };
    let source = Source::new(&path, &text);
    let playlist = match source.toml(&text) {
        Some(root) => items::read(&source, &folder, Table::root(&source, &root, items::ROOT_KEYS)),
        None => Playlist::default(),
    };
    let mut seen = HashSet::new();
    // A page that stands in several items has its problems once.
    let problems = source.into_problems().into_iter().filter(|p| seen.insert(p.clone())).collect();
    (playlist, problems)
}

/// The folder of a playlist that ships with papan, such as `lobi` or `videotron`.
pub fn shipped(name: &str) -> Option<PathBuf> {
    let beside = env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("../share/papan/playlists")));
    [
        env::var_os("PAPAN_PLAYLISTS").map(PathBuf::from),
        beside,
        Some(PathBuf::from("/usr/share/papan/playlists")),
        // Only where papan was built: the repository itself.
        Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("playlists")),
    ]
    .into_iter()
    .flatten()
    .map(|playlists| playlists.join(name))
    .find(|dir| dir.join("playlist.toml").is_file())
}

/// The folder that a screen plays: its own, or the shipped one that suits its layout.
pub fn folder_for(screen: &Screen) -> Option<PathBuf> {
    let name = if screen.layout.as_deref() == Some("videotron") { "videotron" } else { "lobi" };
    screen.playlist.clone().or_else(|| shipped(name))
}

/// Reads the first screen's playlist before the first frame, and watches its folder from then on.
pub fn plugin(app: &mut App) {
    app.add_plugins(logo::plugin)
        .init_resource::<OnAir>()
        .add_systems(PreStartup, start)
        .add_systems(PreUpdate, receive.in_set(Step::Receive).run_if(resource_exists::<Library>));
}

/// The watching thread, from here.
#[derive(Resource)]
struct Library {
    incoming: SyncCell<Receiver<Arc<Playlist>>>,
    stop: Arc<AtomicBool>,
    signal: SyncSender<()>,
}

impl Drop for Library {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // A full channel wakes the thread as well.
        let _ = self.signal.try_send(());
    }
}

fn start(
    mut commands: Commands,
    settings: Res<Settings>,
    wake: Option<Res<Wake>>,
    mut on_air: ResMut<OnAir>,
) {
    let Some(dir) = folder_for(settings.screen()) else {
        warn!("no playlist: neither [[screen]] playlist nor one that ships with papan");
        return;
    };
    let (watcher, playlist) = watch::Watch::begin(dir, Journal::new(settings.hall.language));
    on_air.0 = playlist;
    match watcher.spawn(wake.map(|wake| wake.0.clone())) {
        Ok(watching) => commands.insert_resource(watching),
        Err(err) => warn!("the playlist is not watched, changes need a restart: {err}"),
    }
}

fn receive(mut library: ResMut<Library>, mut on_air: ResMut<OnAir>) {
    while let Ok(playlist) = library.incoming.get().try_recv() {
        on_air.0 = playlist;
    }
}

/// Logs each problem once for as long as it stands.
#[derive(Debug)]
struct Journal {
    language: Language,
    known: HashSet<Problem>,
}

impl Journal {
    fn new(language: Language) -> Self {
        Self { language, known: HashSet::new() }
    }

    fn log(&mut self, problems: Vec<Problem>) {
        let problems: HashSet<Problem> = problems.into_iter().collect();
        let mut fresh: Vec<&Problem> = problems.difference(&self.known).collect();
        fresh.sort_by_key(|p| (&p.file, p.line));
        for problem in fresh {
            warn!("{}", problem.display(self.language));
        }
        self.known = problems;
    }
}
