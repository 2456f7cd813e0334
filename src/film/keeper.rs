//! The thread that keeps a film's process: starts it, listens to it, ends it, and starts it again where it died
//! or hangs. Invariant: a process that says nothing is ended, and none is left behind.

use std::{
    collections::HashSet,
    fs, io,
    os::fd::OwnedFd,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use tracing::{info, warn};

use super::{
    held::{OBSERVE, Suspect},
    memory::{self, Reader},
    reel::{Desk, Waiting},
    wire::{Came, Form, Line, Open, Order, Report, monotonic},
    words,
};
use crate::{
    config::TOKEN,
    directory::as_written,
    domain::playlist::Fit,
    picture::{Picture, Planes},
    state::{FilmError, FilmInput, FilmPiece, Opened, Shot, Wanted},
};

/// How long GStreamer may take to be ready: the first time of all it looks at each plugin, on an SD card.
const READY: Duration = Duration::from_secs(15);
/// How long the first frame may take after that.
const OPEN: Duration = Duration::from_millis(2_500);
/// After how long a process that says nothing is suspected to hang; it lives ten times a second.
const SILENCE: Duration = Duration::from_millis(500);
/// How long after a frame should have come its process is suspected to hang, in nanoseconds.
const STALL: u64 = 1_000_000_000;
/// How often a process is started anew, unless the film then plays for [`STEADY`].
const TRIES: u32 = 3;
/// After so long without a fault the faults before are forgotten.
const STEADY: Duration = Duration::from_secs(60);
/// More frames than this do not wait, whatever a process says.
const MOST_WAITING: usize = memory::SLOTS as usize;
/// From this share of dropped frames on a film counts as too heavy, over at least [`WEIGHED`] frames.
const HEAVY: f64 = 0.15;
const WEIGHED: u64 = 90;
/// So many films that are too heavy are remembered as told.
const MOST_HEAVY: usize = 256;

/// What each film is opened with.
#[derive(Clone)]
pub(super) struct Place {
    /// The program whose subcommand decodes.
    pub program: PathBuf,
    /// Where GStreamer keeps what it knows of its plugins.
    pub registry: Option<PathBuf>,
    pub forbid: Vec<String>,
    pub planes: bool,
    pub sound: Option<FilmInput>,
    pub wake: Arc<dyn Fn() + Send + Sync>,
    pub language: crate::words::Language,
    /// Films that were told to be too heavy: their files, with when each was written.
    pub heavy: Arc<Mutex<HashSet<(PathBuf, Option<SystemTime>)>>>,
}

/// How a process ended for us.
enum End {
    /// Nobody wants the film any more.
    Closed,
    /// The film is at fault.
    Bad(FilmError),
    /// The process died or hangs.
    Lost(&'static str),
    /// The first frame did not come in time. Another try would take as long.
    Silent,
    /// It could not be started.
    Unstarted(io::Error),
}

/// Keeps a film's process until the film is wanted no more.
pub(super) fn keep(desk: &Desk, wanted: &Wanted, place: &Place) {
    crate::fault::point("film");
    let mut tries = 0;
    let mut from = wanted.from;
    loop {
        let began = Instant::now();
        let end = show(desk, wanted, place, from);
        desk.lock().line = None;
        let error = match end {
            End::Closed => return,
            End::Bad(error) => error,
            End::Unstarted(err) => words::unstarted(&err.to_string()),
            End::Silent => words::silent(),
            End::Lost(why) => {
                let opened = desk.lock().opened.is_some();
                tries = if began.elapsed() >= STEADY { 1 } else { tries + 1 };
                if tries < TRIES && !desk.lock().closed {
                    info!(
                        "{}: the film's process {why}; it is started anew",
                        as_written(&wanted.path).display()
                    );
                    from = if opened { desk.lock().position } else { from };
                    continue;
                }
                words::crashed()
            }
        };
        let mut shared = desk.lock();
        if shared.closed {
            return;
        }
        if shared.opened.is_none() {
            shared.opened = Some(Err(error));
        } else {
            shared.failed = Some(error);
        }
        drop(shared);
        (place.wake)();
        return;
    }
}

/// A film's process; dropped, it is ended.
pub(super) struct Process {
    child: Child,
    pub line: Arc<Line>,
    pub memory: OwnedFd,
}

impl Process {
    /// Starts one.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn start(place: &Place) -> io::Result<Self> {
        let (ours, theirs) = Line::pair()?;
        let memory = memory::create()?;
        let mut command = Command::new(&place.program);
        command.arg("film").stdin(Stdio::from(theirs)).stdout(Stdio::from(memory.try_clone()?));
        if let Some(registry) = &place.registry {
            command.env("GST_REGISTRY", registry);
        }
        // A plugin's hardware probing may want to talk; what matters comes over the line.
        command.stderr(Stdio::null());
        // What systemd gave the program is not for its films, and they are somebody else's data: no secret is with them.
        ["NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", TOKEN]
            .iter()
            .for_each(|name| _ = command.env_remove(name));
        let child = command.spawn()?;
        Ok(Self { child, line: Arc::new(ours), memory })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only where it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One process from its start to its end.
fn show(desk: &Desk, wanted: &Wanted, place: &Place, from: Duration) -> End {
    let process = match Process::start(place) {
        Ok(process) => process,
        Err(err) => return End::Unstarted(err),
    };
    {
        let mut shared = desk.lock();
        if shared.closed {
            return End::Closed;
        }
        shared.line = Some(process.line.clone());
        shared.sound.clone_from(&place.sound);
    }
    let order = Order::Open(Open {
        path: wanted.path.clone(),
        form: form(wanted, place.planes),
        volume: wanted.volume,
        from: from.as_nanos() as u64,
        forbid: place.forbid.clone(),
    });
    if process.line.say(&order).is_err() {
        return End::Lost("ended at once");
    }
    Watch {
        desk,
        wanted,
        place,
        process: &process,
        reader: None,
        opening: None,
        shape: (0, 0),
        heavy: false,
        last: monotonic(),
        suspect: None,
        clocks: (Instant::now(), monotonic()),
    }
    .run()
}

/// What a film's frames are made into.
pub(super) fn form(wanted: &Wanted, planes: bool) -> Form {
    if planes {
        return Form::Planes;
    }
    let (width, height) = wanted.size;
    Form::Pixels { width, height, cover: wanted.fit == Fit::Cover, ground: wanted.ground.pixel() }
}

struct Watch<'w> {
    desk: &'w Desk,
    wanted: &'w Wanted,
    place: &'w Place,
    process: &'w Process,
    reader: Option<Arc<Reader>>,
    /// What is known of the film, until its first frame is there.
    opening: Option<Opened>,
    shape: (u32, u32),
    heavy: bool,
    /// When the newest frame came or is due, or the film began to play.
    last: u64,
    /// Since nothing came of it that should have.
    suspect: Option<Suspect>,
    /// The same moment by the program's clock and by the system's monotonic one: read once, so that pieces of sound
    /// lie as exactly behind one another as they came.
    clocks: (Instant, u64),
}

impl Watch<'_> {
    fn run(mut self) -> End {
        let mut deadline = Some(Instant::now() + READY);
        loop {
            let patience = match deadline {
                _ if self.suspect.is_some() => OBSERVE,
                Some(deadline) => deadline.saturating_duration_since(Instant::now()),
                None => SILENCE,
            };
            let came = self.process.line.hear::<Report>(patience);
            if self.desk.lock().closed {
                return End::Closed;
            }
            match came {
                Came::Gone => return End::Lost("ended"),
                Came::Nothing if deadline.is_some_and(|deadline| Instant::now() < deadline) => {}
                Came::Nothing if !self.hangs() => {}
                Came::Nothing if deadline.is_none() => return End::Lost("hangs"),
                Came::Nothing if self.desk.lock().opened.is_none() => return End::Silent,
                Came::Nothing => return End::Lost("does not open it again"),
                Came::Sound(due, frames) => self.sound(due, frames),
                Came::Said(Report::Ready) => {
                    (deadline, self.suspect) = (Some(Instant::now() + OPEN), None);
                }
                Came::Said(Report::Opened { length, loops, shape, slots, stride }) => {
                    let reader = Reader::new(&self.process.memory, slots, stride, self.process.line.clone());
                    match reader {
                        Ok(reader) => self.reader = Some(reader),
                        Err(err) => {
                            warn!("{}: {err}", as_written(&self.wanted.path).display());
                            return End::Lost("offers memory that cannot be read");
                        }
                    }
                    self.shape = shape;
                    self.opening = Some(Opened { length: length.map(Duration::from_nanos), loops });
                }
                Came::Said(Report::Frame { slot, due, position, planes }) => {
                    if !self.frame(slot, due, position, planes) {
                        return End::Lost("tells of a frame that there is not");
                    }
                    if due.is_none() {
                        deadline = None;
                        self.begin();
                    }
                }
                Came::Said(Report::Alive { next, shown, dropped }) => {
                    self.weigh(shown, dropped);
                    let playing = self.desk.lock().playing.is_some();
                    let due = next.unwrap_or(self.last).max(self.last);
                    if deadline.is_some() || !playing || monotonic() <= due.saturating_add(STALL) {
                        self.suspect = None;
                    } else if self.hangs() {
                        return End::Lost("brings no frames");
                    }
                }
                Came::Said(Report::Over) => self.desk.lock().over = true,
                Came::Said(Report::Short(at)) => {
                    let length = self.desk.lock().opened.clone().and_then(Result::ok).and_then(|o| o.length);
                    return End::Bad(words::short(at, length.map(|length| length.as_nanos() as u64)));
                }
                Came::Said(Report::Bad(bad)) => return End::Bad(words::bad(&bad)),
                Came::Said(Report::Found(_)) => {}
            }
        }
    }

    /// Whether it hangs; `false` also where that is not known yet.
    fn hangs(&mut self) -> bool {
        let pid = self.process.child.id();
        match &mut self.suspect {
            Some(suspect) => suspect.hangs(pid),
            None => {
                self.suspect = Some(Suspect::new(pid));
                false
            }
        }
    }

    /// Its first frame is there: where the film plays already, its process was started anew.
    fn begin(&mut self) {
        self.last = monotonic();
        let mut shared = self.desk.lock();
        if let Some(opened) = self.opening.take() {
            // One that is started anew was open before.
            shared.opened.get_or_insert(Ok(opened));
        }
        if shared.playing.is_some() {
            self.process.line.try_say(&Order::Play { zero: self.last, ahead: shared.ahead() });
        }
        drop(shared);
        (self.place.wake)();
    }

    fn frame(
        &mut self,
        slot: u32,
        due: Option<u64>,
        position: u64,
        planes: Option<(u32, u32, crate::picture::planes::Reading)>,
    ) -> bool {
        let (width, height) = self.wanted.size;
        let length = match planes {
            None => width as usize * height as usize * 4,
            Some((width, height, _)) if width.max(height) <= 1 << 14 => Planes::size(width, height),
            Some(_) => return false,
        };
        let Some(slot) = self.reader.as_ref().and_then(|reader| reader.slot(slot, length)) else {
            return false;
        };
        let shot = match planes {
            None if self.place.planes => return false,
            None => Shot::Picture(Picture::shared(width, height, slot)),
            Some((width, height, reading)) => Shot::Film(
                Planes::new(width, height, reading, slot),
                self.wanted.fit.place(self.shape, self.wanted.size),
            ),
        };
        // One that is late came all the same.
        self.last = monotonic().max(due.unwrap_or_default());
        let mut shared = self.desk.lock();
        if shared.waiting.len() < MOST_WAITING {
            shared.waiting.push_back(Waiting { due, position: Duration::from_nanos(position), shot });
        }
        true
    }

    fn sound(&self, due: u64, frames: Vec<[f32; 2]>) {
        let Some(input) = self.place.sound.as_ref().filter(|_| !self.desk.lock().muted) else { return };
        let (now, system) = self.clocks;
        let due = match due.checked_sub(system) {
            Some(later) => now + Duration::from_nanos(later),
            None => now.checked_sub(Duration::from_nanos(system - due)).unwrap_or(now),
        };
        // What finds no room is late anyway: the mixer takes what is due.
        let _ = input.pieces.try_send(FilmPiece { due, frames });
    }

    fn weigh(&mut self, shown: u64, dropped: u64) {
        let all = shown + dropped;
        if self.heavy || all < WEIGHED || (dropped as f64) < HEAVY * all as f64 {
            return;
        }
        self.heavy = true;
        // Staff know it already: a film comes again and again.
        let written = fs::metadata(&self.wanted.path).and_then(|meta| meta.modified()).ok();
        let mut told = self.place.heavy.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MOST_HEAVY {
            told.clear();
        }
        if !told.insert((self.wanted.path.clone(), written)) {
            return;
        }
        drop(told);
        let percent = dropped * 100 / all;
        let path = as_written(&self.wanted.path).display();
        match self.place.language {
            crate::words::Language::Indonesian => warn!(
                "{path}: film ini terlalu berat untuk komputer ini, {percent} % gambarnya dilewati; simpan ulang dengan 1080p dan 30 gambar per detik"
            ),
            crate::words::Language::English => warn!(
                "{path}: this film is too heavy for this machine, {percent} % of its frames are left out; save it anew with 1080p and 30 frames a second"
            ),
        }
    }
}
