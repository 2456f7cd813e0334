//! The playlist's folder on disk: read whole, watched, and put on air when it is good.
//! Invariant: a change with an error never reaches the screen: the last good playlist stays, with its files as
//! they are.

use std::{
    collections::{BTreeMap, HashSet},
    env,
    fmt::Display,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender},
    },
    time::Duration,
};

use bevy::{platform::cell::SyncCell, prelude::*};
use jiff::{Timestamp, tz::TimeZone};

use self::stamp::Looks;
use crate::{
    config::Screen,
    directory::{self, StateDirectory},
    domain::playlist::Playlist,
    fault,
    problem::Problem,
    state::{Complaints, Listed, Now, Said, Settings, Standing, Step, Troubles, Wake},
    words::Language,
    written::{Source, Table},
};

mod blocks;
mod calendars;
mod captions;
mod folder;
mod front;
mod items;
mod keep;
pub mod logo;
mod page;
pub mod picture;
pub mod programme;
pub mod schema;
mod stamp;
mod watch;
mod whole;

/// How long the first picture waits for the playlist: a folder on a share that is away may never answer.
const PATIENCE: Duration = Duration::from_secs(4);
/// What is wrong with a folder that does not answer stands under this name.
const FOLDER: &str = "playlist's folder";
/// The largest `playlist.toml`, in bytes: the most items, each with its rules.
const MAX_BYTES: u64 = 4 << 20;

/// Reads the playlist in a folder: what is good, and what is wrong with the rest.
pub fn read(dir: &Path) -> (Playlist, Vec<Problem>) {
    read_draft(dir, BTreeMap::new())
}

/// Reads the playlist in a folder as [`read`] does, with texts in place of files' that are not saved yet: by the
/// files' names from the folder on, such as `playlist.toml` or `pages/ktp-el.md`.
pub fn read_draft(dir: &Path, unsaved: BTreeMap<PathBuf, String>) -> (Playlist, Vec<Problem>) {
    match folder::Folder::open(dir) {
        Ok(folder) => read_folder(&folder.with(unsaved)),
        Err(problem) => (Playlist::default(), vec![problem]),
    }
}

/// What was read, and what was looked at for it.
struct Reading {
    playlist: Playlist,
    problems: Vec<Problem>,
    looks: Looks,
}

impl Reading {
    /// Whether it may go on air.
    fn is_good(&self) -> bool {
        !self.problems.iter().any(Problem::is_error)
    }
}

/// Reads the playlist in a folder as [`read`] does.
fn read_looking(dir: &Path) -> Reading {
    match folder::Folder::open(dir) {
        Ok(folder) => {
            let read = fault::caught(|| {
                fault::point("reading");
                read_folder(&folder)
            });
            let (playlist, problems) = read.unwrap_or_else(|_| (Playlist::default(), vec![unread(dir)]));
            Reading { playlist, problems, looks: folder.looks() }
        }
        Err(problem) => {
            // Whatever is put there, this comes with it.
            let looks = Looks::from([(PathBuf::from(folder::FILE), None)]);
            Reading { playlist: Playlist::default(), problems: vec![problem], looks }
        }
    }
}

/// The reading itself is at fault; what was on air stays.
fn unread(dir: &Path) -> Problem {
    Problem::error(
        &dir.join(folder::FILE),
        None,
        "papan gagal membacanya, ini kesalahan papan; kembalikan perubahan terakhir dan laporkan",
        "papan fails to read it, which is papan's fault; take the last change back and report it",
    )
}

fn read_folder(folder: &folder::Folder) -> (Playlist, Vec<Problem>) {
    let path = folder.playlist();
    let text = match folder.text(&path, MAX_BYTES) {
        Ok(text) => text,
        Err(problem) => return (Playlist::default(), vec![problem]),
    };
    let source = Source::new(&path, &text);
    let playlist = match source.toml(&text) {
        Some(root) => items::read(&source, folder, Table::root(&source, &root, items::ROOT_KEYS)),
        None => Playlist::default(),
    };
    let mut seen = HashSet::new();
    // A page that stands in several items has its problems once.
    let problems = source.into_problems().into_iter().filter(|p| seen.insert(p.clone())).collect();
    (playlist, problems)
}

/// The running text of the playlist in a folder, as its last good copy in a state directory has it, or as it stands
/// there: safe mode shows nothing else of it, and looks at nothing else. What is wrong with it, where it cannot be read.
fn running_text(dir: &Path, state: Option<&Path>) -> (Playlist, Option<Problem>) {
    let kept = state.and_then(|state| keep::folder(state, dir));
    let read = fault::caught(|| {
        let folder = folder::Folder::open(&kept.unwrap_or_else(|| dir.to_owned()))?;
        let path = folder.playlist();
        let text = folder.text(&path, MAX_BYTES)?;
        let source = Source::new(&path, &text);
        let playlist = source
            .toml(&text)
            .map(|root| items::read_ticker(&source, &folder, &Table::root(&source, &root, items::ROOT_KEYS)));
        playlist.ok_or_else(|| source.into_problems().into_iter().next().unwrap_or_else(|| unread(dir)))
    });
    match read.unwrap_or_else(|_| Err(unread(dir))) {
        Ok(playlist) => (playlist, None),
        Err(problem) => (Playlist::default(), Some(problem)),
    }
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
    app.add_plugins((logo::plugin, programme::plugin))
        .init_resource::<Troubles>()
        .add_systems(PreStartup, start)
        .add_systems(PreUpdate, tell.in_set(Step::Receive).run_if(resource_exists::<Wrong>))
        .add_systems(PreUpdate, receive.in_set(Step::Receive).run_if(resource_exists::<Library>));
}

/// The watching thread, from here.
#[derive(Resource)]
struct Library {
    incoming: SyncCell<Receiver<Arc<Playlist>>>,
    stop: Arc<AtomicBool>,
    signal: SyncSender<()>,
    awaited: Arc<AtomicBool>,
    /// The folder that did not answer before the first frame, until it does; and whether staff were told.
    late: Option<PathBuf>,
    told: bool,
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
    (wake, state): (Option<Res<Wake>>, Option<Res<StateDirectory>>),
    complaints: Option<Res<Complaints>>,
    mut listed: ResMut<Listed>,
) {
    let Some(dir) = folder_for(settings.screen()) else {
        warn!("no playlist: neither [[screen]] playlist nor one that ships with papan");
        let standing = Standing::default();
        standing.say([Said::new(
            "tidak ada daftar putar; tulis [[screen]] playlist",
            "there is no playlist; write [[screen]] playlist",
        )]);
        commands.insert_resource(Wrong(standing, 0));
        return;
    };
    let state = directory::state(state.as_deref());
    let journal = Journal::new(settings.hall.language, settings.hall.timezone.clone());
    commands.insert_resource(Wrong(journal.standing.clone(), 0));
    let (wake, complaints) = (wake.map(|wake| wake.0.clone()), complaints.as_deref().cloned());
    let shown = watch::Shown { dir: dir.clone(), state, ticker_alone: settings.safe };
    match watch::spawn(shown, journal, wake, complaints.unwrap_or_default()) {
        Ok(mut library) => {
            let mut first = library.incoming.get().recv_timeout(PATIENCE);
            // Where it is waited for no longer it wakes the frame when it comes; unless it is about to come.
            if first.is_err() && !library.awaited.swap(false, Ordering::AcqRel) {
                first = library.incoming.get().recv_timeout(PATIENCE);
            }
            match first {
                Ok(playlist) => listed.0 = playlist,
                Err(_) => {
                    warn!("the playlist in {} is not read yet: the board is shown without it", dir.display());
                    library.late = Some(dir);
                }
            }
            commands.insert_resource(library);
        }
        Err(err) => warn!("the playlist is not shown, its thread cannot start: {err}"),
    }
}

fn receive(
    mut library: ResMut<Library>,
    mut listed: ResMut<Listed>,
    mut troubles: ResMut<Troubles>,
    settings: Res<Settings>,
    now: Option<Res<Now>>,
) {
    while let Ok(playlist) = library.incoming.get().try_recv() {
        listed.0 = playlist;
        if library.late.take().is_some() {
            library.told = false;
            troubles.set(FOLDER, [], now.as_ref().map_or_else(Timestamp::now, |now| now.wall));
        }
    }
    if let Some(dir) = library.late.as_ref().filter(|_| !library.told) {
        let dir = dir.display();
        let said = Said::new(
            format!(
                "{dir} belum menjawab, maka layar tampil tanpa daftar putar; bila itu folder jaringan, periksa jaringannya"
            ),
            format!(
                "{dir} does not answer yet, so the screen is shown without its playlist; if it is a network's folder, look at the network"
            ),
        );
        let now = now.map_or_else(Timestamp::now, |now| now.wall);
        troubles.set(FOLDER, [said.of(settings.hall.language)], now);
        library.told = true;
    }
}

/// What is wrong with the folder now, and how much of it was passed on.
#[derive(Resource)]
struct Wrong(Standing, u64);

fn tell(
    mut wrong: ResMut<Wrong>,
    mut troubles: ResMut<Troubles>,
    settings: Res<Settings>,
    now: Option<Res<Now>>,
) {
    let Wrong(standing, seen) = &mut *wrong;
    let now = now.map_or_else(Timestamp::now, |now| now.wall);
    standing.pass_on(seen, &mut troubles, "playlist", settings.hall.language, now);
}

/// Logs each problem once for as long as it stands.
#[derive(Debug)]
struct Journal {
    language: Language,
    zone: TimeZone,
    known: HashSet<Problem>,
    /// What is known, for whoever asks.
    standing: Standing,
}

impl Journal {
    fn new(language: Language, zone: TimeZone) -> Self {
        Self { language, zone, known: HashSet::new(), standing: Standing::default() }
    }

    /// A time as staff read it: in the hall's zone.
    fn time(&self, at: Timestamp) -> impl Display + use<> {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }

    fn log(&mut self, problems: Vec<Problem>) {
        let problems: HashSet<Problem> = problems.into_iter().collect();
        let mut fresh: Vec<&Problem> = problems.difference(&self.known).collect();
        fresh.sort_by_key(|p| (&p.file, p.line));
        for problem in fresh {
            warn!("{}", problem.display(self.language));
        }
        let mut all: Vec<&Problem> = problems.iter().collect();
        all.sort_by_key(|p| (!p.is_error(), &p.file, p.line));
        self.standing.say(all.into_iter().map(|problem| {
            let of = |language| problem.display(language).to_string();
            Said::new(of(Language::Indonesian), of(Language::English))
        }));
        self.known = problems;
    }
}
