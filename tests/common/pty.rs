//! A program at a terminal of its own, as a person has it.
//! Invariant: nothing here waits without a deadline; what is typed and what is shown are both in `shown`.

use std::{
    fs::File,
    io::{Read, Write},
    os::{
        fd::{AsRawFd, FromRawFd, OwnedFd},
        unix::process::CommandExt,
    },
    process::{Child, Command, ExitStatus},
    sync::{Arc, Mutex},
    thread,
};

use crate::process::until;

/// The program and its terminal; dropped, it is killed.
pub struct AtTerminal {
    child: Child,
    /// The person's end.
    person: File,
    /// The terminal itself, which stays open so that its settings can be looked at in the end.
    terminal: OwnedFd,
    shown: Arc<Mutex<String>>,
    /// How much of it was looked at already.
    read: usize,
}

impl AtTerminal {
    /// Starts a program at a terminal of 24 lines of 80 columns.
    pub fn start(command: &mut Command) -> Self {
        let (mut person, mut terminal) = (0, 0);
        let mut size = libc::winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        // SAFETY: both pointers are to numbers that it writes, and the size is a whole one.
        let opened = unsafe {
            libc::openpty(
                &raw mut person,
                &raw mut terminal,
                std::ptr::null_mut(),
                std::ptr::null(),
                &raw mut size,
            )
        };
        assert_eq!(opened, 0, "a terminal");
        // SAFETY: they were just opened and belong to nobody else.
        let (person, terminal) = unsafe { (File::from_raw_fd(person), OwnedFd::from_raw_fd(terminal)) };
        let copy = || terminal.try_clone().expect("a descriptor");
        command.stdin(copy()).stdout(copy()).stderr(copy());
        // SAFETY: both calls are safe between fork and exec: neither allocates nor locks.
        unsafe {
            command.pre_exec(|| {
                if libc::setsid() < 0 || libc::ioctl(0, libc::TIOCSCTTY, 0) < 0 {
                    return Err(std::io::Error::last_os_error());
                }
                Ok(())
            });
        }
        let child = command.spawn().expect("it starts");
        let shown = Arc::new(Mutex::new(String::new()));
        let (mut from, into) = (person.try_clone().expect("a descriptor"), shown.clone());
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut bytes) {
                into.lock().expect("not poisoned").push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        });
        Self { child, person, terminal, shown, read: 0 }
    }

    /// All that was shown.
    pub fn shown(&self) -> String {
        self.shown.lock().expect("not poisoned").clone()
    }

    /// Waits until this is shown, after what was waited for before.
    pub fn sees(&mut self, what: &str) {
        let (shown, read) = (self.shown.clone(), self.read);
        let mut found = None;
        until(
            || format!("{what:?} after {read} in:\n{}", shown.lock().expect("not poisoned")),
            || {
                let shown = shown.lock().expect("not poisoned");
                found = shown.get(read..).and_then(|new| new.find(what)).map(|at| read + at + what.len());
                found.is_some()
            },
        );
        self.read = found.expect("it was found");
    }

    /// Types this; `\u{3}` is Ctrl-C.
    pub fn types(&mut self, text: &str) {
        self.person.write_all(text.as_bytes()).expect("the terminal is there");
    }

    /// Waits for a prompt and answers it.
    pub fn answers(&mut self, prompt: &str, text: &str) {
        self.sees(prompt);
        self.types(&format!("{text}\n"));
    }

    /// Whether the terminal shows what is typed.
    pub fn echoes(&self) -> bool {
        let mut settings = std::mem::MaybeUninit::<libc::termios>::uninit();
        // SAFETY: the pointer is to memory for a `termios`.
        let told = unsafe { libc::tcgetattr(self.terminal.as_raw_fd(), settings.as_mut_ptr()) };
        assert_eq!(told, 0, "it is a terminal");
        // SAFETY: it was written.
        let settings = unsafe { settings.assume_init() };
        settings.c_lflag & libc::ECHO != 0 && settings.c_lflag & libc::ICANON != 0
    }

    /// Waits until the program has ended.
    pub fn ends(&mut self) -> ExitStatus {
        let mut ended = None;
        let (shown, child) = (self.shown.clone(), &mut self.child);
        until(
            || format!("it ends; it showed:\n{}", shown.lock().expect("not poisoned")),
            || {
                ended = child.try_wait().expect("it can be asked");
                ended.is_some()
            },
        );
        ended.expect("it ended")
    }
}

impl Drop for AtTerminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
