//! The thread that talks to the compositor and to `cec-ctl`: it waits for either, for another wish, or for a time.
//! Invariant: whoever tells it something does not wait; only the newest wish counts.

use std::{
    env, io,
    os::{fd::OwnedFd, unix::net::UnixStream},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll},
    io::{read, write},
};
use tracing::{info, warn};
use wayland_client::{Connection, EventQueue};

use super::{Wanted, cec::Televisions, outputs::Outputs, words};
use crate::{state::Wake, words::Language};

/// How long the end waits until outputs are on again.
const GOODBYE: Duration = Duration::from_millis(1500);
/// How long after the compositor was lost it is looked for again.
const AGAIN: Duration = Duration::from_secs(5);
/// How long the compositor may take to say what it can.
const SETTLE: Duration = Duration::from_secs(2);

/// What the frame and the thread tell each other.
#[derive(Default)]
struct Slots {
    wanted: Option<Wanted>,
    wrong: Option<Vec<String>>,
    stop: bool,
    done: bool,
}

struct Shared {
    slots: Mutex<Slots>,
    done: Condvar,
    bell: OwnedFd,
}

impl Shared {
    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self) {
        // It fails only where the bell has rung 2⁶⁴ times unheard.
        _ = write(&self.bell, &1_u64.to_ne_bytes());
    }
}

/// The frame's hand on the thread.
pub(super) struct Hand(Arc<Shared>);

impl Hand {
    /// This is wanted from now on.
    pub fn want(&self, wanted: Wanted) {
        self.0.slots().wanted = Some(wanted);
        self.0.ring();
    }

    /// What is wrong now, where that has changed.
    pub fn wrong(&self) -> Option<Vec<String>> {
        self.0.slots().wrong.take()
    }

    /// Puts outputs on again and ends the thread; waits for that, but not long.
    pub fn stop(&self) {
        let mut slots = self.0.slots();
        slots.stop = true;
        self.0.ring();
        let deadline = Instant::now() + GOODBYE;
        while !slots.done {
            let Some(left) = deadline.checked_duration_since(Instant::now()) else { return };
            slots = self.0.done.wait_timeout(slots, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// Starts the thread, for the compositor at this socket.
///
/// # Errors
/// The system has no thread or no descriptor left.
pub(super) fn start(language: Language, wake: Wake, socket: Option<PathBuf>) -> io::Result<Hand> {
    let bell = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
    let shared = Arc::new(Shared { slots: Mutex::default(), done: Condvar::new(), bell });
    let hand = Hand(Arc::clone(&shared));
    thread::Builder::new().name("power".into()).spawn(move || {
        Keeper::new(language, socket).run(&shared, &wake);
        shared.slots().done = true;
        shared.done.notify_all();
    })?;
    Ok(hand)
}

/// The compositor as it is reached.
struct Reached {
    connection: Connection,
    queue: EventQueue<Outputs>,
    outputs: Outputs,
    since: Instant,
}

struct Keeper {
    language: Language,
    /// The compositor's socket; `None`: there is no compositor.
    socket: Option<PathBuf>,
    reached: Option<Reached>,
    /// Not before this it is looked for again.
    again: Option<Instant>,
    televisions: Televisions,
    wanted: Wanted,
    told: Vec<String>,
}

impl Keeper {
    fn new(language: Language, socket: Option<PathBuf>) -> Self {
        let televisions = Televisions::new(language);
        Self {
            language,
            socket,
            reached: None,
            again: None,
            televisions,
            wanted: Wanted::default(),
            told: Vec::new(),
        }
    }

    fn run(&mut self, shared: &Shared, wake: &Wake) {
        let started = Instant::now();
        loop {
            let stop = {
                let mut slots = shared.slots();
                if let Some(wanted) = slots.wanted.take() {
                    self.wanted = wanted;
                }
                slots.stop
            };
            let now = Instant::now();
            if stop && !self.restore(now) {
                return;
            }
            let mut waits = Vec::new();
            if !stop {
                waits.extend(self.outputs(now));
                waits.extend(self.televisions.step(&self.wanted, now));
                let wrong = self.wrong(now, started);
                if wrong != self.told {
                    self.told.clone_from(&wrong);
                    shared.slots().wrong = Some(wrong);
                    (wake.0)();
                }
                if now < started + SETTLE {
                    waits.push(SETTLE);
                }
            }
            self.wait(&shared.bell, waits.into_iter().min());
        }
    }

    /// Tells the outputs; gives when to look again.
    fn outputs(&mut self, now: Instant) -> Option<Duration> {
        if self.reached.is_none() && self.again.is_none_or(|again| again <= now) {
            self.again = Some(now + AGAIN);
            self.reached = self.socket.as_deref().and_then(|socket| reach(socket, now));
        }
        let Some(reached) = &mut self.reached else {
            // Where there is no compositor there will be none.
            return self.socket.as_ref().map(|_| AGAIN);
        };
        let handle = reached.queue.handle();
        let wait = reached.outputs.step(&self.wanted, &handle, now);
        if reached.connection.flush().is_err() {
            self.lost();
            return Some(AGAIN);
        }
        wait
    }

    fn lost(&mut self) {
        if self.reached.take().is_some() {
            warn!("the compositor is gone: outputs are not put off and on until it is back");
        }
    }

    /// Puts outputs on again; whether that is still to be waited for.
    fn restore(&mut self, now: Instant) -> bool {
        let Some(reached) = &mut self.reached else { return false };
        reached.outputs.restore(now) && reached.connection.flush().is_ok()
    }

    fn wrong(&self, now: Instant, started: Instant) -> Vec<String> {
        let mut wrong = Vec::new();
        let can = self.reached.as_ref().is_some_and(|reached| reached.outputs.can());
        let since = self.reached.as_ref().map_or(started, |reached| reached.since);
        if !can && self.wanted.asked && now >= since + SETTLE {
            wrong.push(words::no_power(self.language));
        }
        if let Some(reached) = self.reached.as_ref().filter(|_| self.wanted.asked) {
            wrong.extend(reached.outputs.refused().map(|name| words::refused(self.language, name)));
        }
        wrong.extend(self.televisions.wrong(&self.wanted));
        for text in wrong.iter().filter(|text| !self.told.contains(text)) {
            info!("{text}");
        }
        wrong
    }

    /// Waits for the compositor, the bell, or a time, and takes in what came.
    fn wait(&mut self, bell: &OwnedFd, longest: Option<Duration>) {
        let timeout = longest.map(|wait| Timespec {
            tv_sec: wait.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: wait.subsec_nanos().into(),
        });
        let mut broken = false;
        let mut fds = vec![PollFd::new(bell, PollFlags::IN)];
        if let Some(reached) = &mut self.reached {
            // What was read with the last events is taken in first.
            broken |= reached.queue.dispatch_pending(&mut reached.outputs).is_err();
            if let Some(guard) = reached.queue.prepare_read().filter(|_| !broken) {
                let socket = guard.connection_fd();
                fds.push(PollFd::new(&socket, PollFlags::IN));
                _ = poll(&mut fds, timeout.as_ref());
                let came = fds[1].revents();
                drop(fds);
                if came.intersects(PollFlags::IN | PollFlags::HUP | PollFlags::ERR) {
                    broken |= match guard.read() {
                        Ok(_) => false,
                        Err(wayland_client::backend::WaylandError::Io(error)) => {
                            error.kind() != io::ErrorKind::WouldBlock
                        }
                        Err(_) => true,
                    };
                } else {
                    drop(guard);
                }
                broken |= reached.queue.dispatch_pending(&mut reached.outputs).is_err();
            }
        } else {
            _ = poll(&mut fds, timeout.as_ref());
        }
        let mut count = [0; 8];
        // Nothing in it is no error: it was not the bell.
        _ = read(bell, &mut count);
        if broken {
            self.lost();
        }
    }
}

/// The compositor's socket, by the environment.
pub(super) fn socket() -> Option<PathBuf> {
    let name = PathBuf::from(env::var_os("WAYLAND_DISPLAY").filter(|name| !name.is_empty())?);
    if name.is_absolute() {
        return Some(name);
    }
    Some(PathBuf::from(env::var_os("XDG_RUNTIME_DIR")?).join(name))
}

/// Reaches the compositor; what it has comes as events.
fn reach(socket: &Path, now: Instant) -> Option<Reached> {
    let stream = UnixStream::connect(socket).ok()?;
    let connection = Connection::from_socket(stream).ok()?;
    let queue = connection.new_event_queue();
    connection.display().get_registry(&queue.handle(), ());
    Some(Reached { connection, queue, outputs: Outputs::default(), since: now })
}
