//! Ctrl-C: the terminal is as it was, what was stopped for a trial runs again, and nothing is half-written.
//! Invariant: what is being written is written to its end before the program ends.

use std::{
    io::{self, Write},
    os::fd::{AsRawFd, RawFd},
    process,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};

use super::{
    display,
    service::{self, UNIT},
};

/// How the program ends by a signal, as shells have it for Ctrl-C.
pub const INTERRUPTED: u8 = 130;

/// What has to be done where the program is interrupted.
#[derive(Debug, Default)]
pub struct State {
    /// `systemctl`'s arguments, the last one first.
    undo: Vec<[&'static str; 2]>,
    /// The console to which the machine's screens go back.
    console: Option<u32>,
    /// What is said in the end.
    told: &'static str,
}

/// Watches for signals.
#[derive(Debug, Clone)]
pub struct Interrupt {
    state: Arc<Mutex<State>>,
}

/// A unit that was stopped; dropped, it is started again.
#[derive(Debug)]
pub struct Paused<'a>(&'a Interrupt);

impl Interrupt {
    /// Watches from now on.
    ///
    /// # Errors
    /// No signal can be watched for, or no thread started.
    pub fn watch(told: &'static str) -> io::Result<Self> {
        let state = Arc::new(Mutex::new(State { undo: Vec::new(), console: None, told }));
        let before = Terminal::of(&io::stdin());
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let shared = state.clone();
        thread::Builder::new().name("signals".into()).spawn(move || {
            if signals.forever().next().is_some() {
                // Whoever writes holds it until all is written.
                let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(terminal) = &before {
                    terminal.restore();
                }
                undo(&mut state);
                // A terminal that was hung up takes nothing.
                let _ = writeln!(io::stderr(), "\n{}", state.told);
                process::exit(i32::from(INTERRUPTED));
            }
        })?;
        Ok(Self { state })
    }

    /// While this is held the program is not ended.
    pub fn hold(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is said at a signal from now on.
    pub fn tell(&self, told: &'static str) {
        self.hold().told = told;
    }

    /// Stops the screen's service, if it runs, until the answer is dropped.
    pub fn pause_service(&self) -> Option<Paused<'_>> {
        if !service::is_active(UNIT) {
            return None;
        }
        self.hold().undo.push(["start", UNIT]);
        let _ = service::systemctl(&["stop", UNIT]);
        Some(Paused(self))
    }

    /// Starts a unit that is stopped again in the end.
    ///
    /// # Errors
    /// What systemd said.
    pub fn start_for_now(&self, unit: &'static str) -> Result<(), String> {
        service::systemctl(&["start", unit])?;
        self.hold().undo.push(["stop", unit]);
        Ok(())
    }

    /// Shows the kiosk on the machine's screens, in place of the console at which this runs.
    pub fn look_at_kiosk(&self, here: Option<u32>) {
        if let Some(here) = here {
            self.hold().console = Some(here);
            display::switch_to(display::KIOSK_CONSOLE);
        }
    }

    /// Shows the console again.
    pub fn look_back(&self) {
        look_back(&mut self.hold());
    }

    /// Undoes what is left to undo.
    pub fn finish(&self) {
        undo(&mut self.hold());
    }
}

impl Drop for Paused<'_> {
    fn drop(&mut self) {
        let mut state = self.0.hold();
        if let Some(at) = state.undo.iter().rposition(|call| *call == ["start", UNIT]) {
            let _ = service::systemctl(&state.undo.remove(at));
        }
    }
}

fn look_back(state: &mut State) {
    if let Some(console) = state.console.take() {
        display::switch_to(console);
    }
}

fn undo(state: &mut State) {
    look_back(state);
    while let Some(call) = state.undo.pop() {
        let _ = service::systemctl(&call);
    }
}

/// A terminal's settings, to be put back.
struct Terminal {
    fd: RawFd,
    settings: libc::termios,
}

impl Terminal {
    fn of(file: &impl AsRawFd) -> Option<Self> {
        let fd = file.as_raw_fd();
        let mut settings = std::mem::MaybeUninit::uninit();
        // SAFETY: the pointer is to memory for a `termios`; what is no terminal is an error and leaves it alone.
        if unsafe { libc::tcgetattr(fd, settings.as_mut_ptr()) } != 0 {
            return None;
        }
        // SAFETY: `tcgetattr` succeeded, so it wrote all of it.
        Some(Self { fd, settings: unsafe { settings.assume_init() } })
    }

    fn restore(&self) {
        // SAFETY: the pointer is to a `termios` that `tcgetattr` wrote. Failing, it changes nothing.
        unsafe { libc::tcsetattr(self.fd, libc::TCSANOW, &raw const self.settings) };
    }
}
