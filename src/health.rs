//! The program's own health: each fault has one defined way on.
//! Invariant: a program that does not draw does not live: it ends, and whoever started it starts it anew.
//!
//! | what | the way on |
//! |---|---|
//! | the drawing loop stands still, or cannot present | it no longer feeds systemd's watchdog, which kills the program (SIGKILL, by its unit) and starts it again; that is a crash |
//! | the output is off or away, the compositor sends no frame callbacks | no fault: the loop turns on at its idle rate and feeds |
//! | a panic in the main thread | logged, noted in `crashes/`, unwinds at once, exit code 70; a crash |
//! | a panic while an item is drawn, a playlist is read, a film is kept, a sentence is spoken | logged and noted; that item, reading, film or sentence is left out, and the thread goes on |
//! | a panic in any other thread | logged and noted; with the next frame the program ends in order (state and play log kept), exit code 70; a crash. Not later than 5 s, whatever hangs |
//! | the GPU is lost, or out of memory | logged, exit code 70; a crash; for 10 minutes each start draws by the CPU, told to staff |
//! | the display server is gone | exit code 70; no crash of this program; under systemd a start waits 10 s for it |
//! | 5 crashes in 10 minutes of one boot | safe mode: board and running text, nothing else of the playlist, no editor, no logo, the default theme and layout, by the CPU; sound and voice stay |
//! | 3 more in safe mode | without sound, too |
//! | 30 healthy minutes in safe mode | under systemd the program ends (code 0) and starts normally; an end in order (`systemctl restart papan`) does the same at any time. Each safe mode in a row lasts twice as long, 4 hours at the most |
//! | kill -9, the watchdog, out of memory | a crash, as no end was recorded |
//! | SIGTERM, a power cut, a reboot, a wrong wall clock | no crash: the record is of one boot, and goes by the clock that counts from it |
//! | the disk is full, read-only or broken | each writer goes on without, says so once, tells staff for as long as it holds, and tries again each minute or earlier; a file is replaced whole or not at all |
//! | the playlist's folder does not answer, as a share whose server is away | the first picture waits 4 s for it, then comes without it, told to staff; it comes on air when it is read; where there is a last good copy that is shown |
//! | memory is short | no film is opened; it is skipped and tried again; a film's process is the first to be killed |
//!
//! A crash's note has at most 8 KiB, and five are kept. The record ([`record`]) is one small file.

mod beat;
mod disk;
pub mod panic;
mod pressure;
pub mod record;
mod systemd;

use std::{
    fs::{File, TryLockError},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use bevy::{log::warn, prelude::*};
use rustix::time::{ClockId, clock_gettime};

use self::record::{End, Record, Verdict};
use crate::{
    config::Config,
    replace::UNFINISHED,
    state::{Breakage, Cause, Complaints, Now, Settings, Troubles},
    words::Language,
};

/// The record's lock in the state directory: a second program beside this one is no crash of this one.
const LOCK: &str = "starts.lock";

/// One run of the program, from its start to its recorded end.
#[derive(Resource, Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    /// What this start is to be.
    verdict: Verdict,
    breakage: Breakage,
    alarm: panic::Alarm,
    book: Mutex<Option<Book>>,
    /// Why there is no record.
    trouble: Option<String>,
}

/// The record's file, held for as long as the program runs.
struct Book {
    path: PathBuf,
    record: Record,
    _lock: File,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Session").field(&self.verdict()).finish()
    }
}

impl Session {
    /// Records a start in the state directory, and sets the hook for panics. To be called by the main thread.
    pub fn begin(state: Option<PathBuf>) -> Self {
        let (breakage, alarm) = (Breakage::default(), panic::Alarm::default());
        panic::hook(state.clone(), breakage.clone(), alarm.clone());
        let opened = state.map_or_else(|| Err("the environment names no place for it".to_owned()), open);
        let (book, verdict, trouble) = match opened {
            Ok((book, verdict)) => (Some(book), verdict, None),
            Err(err) => (None, Verdict::default(), Some(err)),
        };
        Self(Arc::new(Inner { verdict, breakage, alarm, book: Mutex::new(book), trouble }))
    }

    /// What this start is to be.
    pub fn verdict(&self) -> Verdict {
        self.0.verdict
    }

    /// Whether, and why, the program broke.
    pub fn breakage(&self) -> &Breakage {
        &self.0.breakage
    }

    /// Records the end; only the first one counts.
    pub fn end(&self, end: &End) {
        let Some(mut book) = self.0.book.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            return;
        };
        book.record.end(end, since_boot());
        if let Err(err) = book.record.write(&book.path).and_then(|()| record::sync(&book.path)) {
            warn!("the end could not be recorded in {}: {err}", book.path.display());
        }
    }

    /// Records the end of a program that ran: in order, or by what broke it.
    pub fn end_by(&self, in_order: bool) {
        self.end(&match self.breakage().cause() {
            Some(Cause::Gpu(_)) => End::GpuLost,
            Some(Cause::Panic(thread)) => End::Crashed(format!("a panic in {thread}")),
            None if in_order => End::Asked,
            None => End::Elsewhere,
        });
    }
}

fn open(state: PathBuf) -> Result<(Book, Verdict), String> {
    let failed = |err: std::io::Error| format!("{}: {err}", state.display());
    std::fs::create_dir_all(&state).map_err(failed)?;
    let lock =
        File::options().create(true).truncate(false).write(true).open(state.join(LOCK)).map_err(failed)?;
    lock.try_lock().map_err(|err| match err {
        TryLockError::WouldBlock => format!("{}: another program uses it", state.display()),
        TryLockError::Error(err) => failed(err),
    })?;
    tidy(&state);
    let path = state.join(record::FILE);
    let mut record = Record::read(&path);
    let verdict = record.start(&boot(), since_boot());
    record.write(&path).map_err(failed)?;
    // A slow card must not hold the first picture back; a kill loses nothing that was written, and a power cut
    // counts nothing.
    let written = path.clone();
    _ = thread::Builder::new().name("crash record".into()).spawn(move || _ = record::sync(&written));
    Ok((Book { path, record, _lock: lock }, verdict))
}

/// Removes what kills left half written: each would take its place on the disk for ever. The lock is held, so that
/// nobody else writes there.
fn tidy(state: &std::path::Path) {
    for entry in std::fs::read_dir(state).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The kernel's name for this boot; empty where it cannot be read.
fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

/// Milliseconds since the boot, sleep included.
fn since_boot() -> u64 {
    let time = clock_gettime(ClockId::Boottime);
    u64::try_from(time.tv_sec).unwrap_or_default() * 1_000
        + u64::try_from(time.tv_nsec).unwrap_or_default() / 1_000_000
}

/// The config of safe mode: only what the board and the running text need.
pub fn make_safe(config: &mut Config, silent: bool) {
    config.safe = true;
    config.hall.logo = None;
    config.editor.enabled = false;
    config.layouts.clear();
    for screen in &mut config.screens {
        // The playlist's running text is shown, and nothing else of it.
        (screen.layout, screen.theme) = (None, None);
    }
    if silent {
        config.voice.languages.clear();
        config.sound.volume = 0.0;
        config.sound.hours.clear();
        config.silent = true;
    }
}

/// Looks after the program's health. The session is to be there before.
pub fn plugin(app: &mut App) {
    app.init_resource::<Complaints>().init_resource::<Troubles>();
    if let Some(session) = app.world().get_resource::<Session>().cloned() {
        app.insert_resource(session.breakage().clone());
    }
    app.add_systems(PostStartup, tell_start)
        .add_systems(First, broken.run_if(resource_exists::<Breakage>))
        .add_systems(PostUpdate, collect);
    beat::plugin(app);
    pressure::plugin(app);
    disk::plugin(app);
}

/// Staff are told how this start differs from a usual one.
fn tell_start(
    session: Option<Res<Session>>,
    settings: Res<Settings>,
    mut troubles: ResMut<Troubles>,
    now: Res<Now>,
    wake: Res<crate::state::Wake>,
) {
    let Some(session) = session else { return };
    session.0.alarm.connect(wake.0.clone());
    let indonesian = settings.hall.language == Language::Indonesian;
    let Verdict { safe, silent, no_gpu, crashes, .. } = session.verdict();
    let mut told = Vec::new();
    if safe {
        let sound = match (silent, indonesian) {
            (true, true) => ", tanpa suara",
            (true, false) => ", without sound",
            _ => "",
        };
        told.push(match indonesian {
            true => format!(
                "mode aman setelah {crashes} kali macet dalam 10 menit: hanya papan antrean dan teks berjalan{sound}; lihat `journalctl -u papan`, lalu `systemctl restart papan`"
            ),
            false => format!(
                "safe mode after {crashes} crashes in 10 minutes: only the board and the running text{sound}; see `journalctl -u papan`, then `systemctl restart papan`"
            ),
        });
    } else if no_gpu {
        told.push(
            match indonesian {
                true => "GPU hilang belum 10 menit yang lalu: sekarang digambar oleh CPU; periksa driver GPU",
                false => {
                    "the GPU was lost less than 10 minutes ago: the CPU draws now; look at the GPU's driver"
                }
            }
            .to_owned(),
        );
    }
    for line in &told {
        warn!("{line}");
    }
    troubles.set("health", told, now.wall);
    if let Some(why) = &session.0.trouble {
        warn!("no crash is recorded: {why}");
        let text = match indonesian {
            true => format!("macet tidak dicatat: {why}; periksa disk dan hak tulis foldernya"),
            false => format!("no crash is recorded: {why}; look at the disk and who may write there"),
        };
        troubles.set("crash record", [text], now.wall);
    }
}

/// What broke elsewhere ends the program, in order.
fn broken(breakage: Res<Breakage>, mut exit: MessageWriter<AppExit>) {
    if breakage.cause().is_some() {
        exit.write(AppExit::from_code(crate::state::BROKEN));
    }
}

/// What other threads say is wrong is told to staff.
fn collect(
    complaints: Res<Complaints>,
    settings: Res<Settings>,
    mut troubles: ResMut<Troubles>,
    now: Res<Now>,
) {
    for (of, complaint) in complaints.take() {
        let text = complaint.map(|complaint| match settings.hall.language {
            Language::Indonesian => complaint.id,
            Language::English => complaint.en,
        });
        troubles.set(&of, text, now.wall);
    }
}
