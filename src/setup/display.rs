//! The display server on which a test card can be shown: the one of this session, or the kiosk's own.
//! Invariant: the card runs as the user to whom the display belongs, never as root.

use std::{
    env, fs,
    os::{
        fd::AsRawFd,
        unix::{
            fs::{FileTypeExt, MetadataExt},
            process::CommandExt,
        },
    },
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use super::{
    interrupt::Interrupt,
    machine::NoCard,
    service::{self, DISPLAY_UNIT},
    users,
};

/// How long the kiosk's compositor may take to be there.
const STARTS: Duration = Duration::from_secs(10);

/// The console that the kiosk's compositor takes.
pub const KIOSK_CONSOLE: u32 = 1;

/// How a window comes to the screens.
#[derive(Debug)]
pub enum Way {
    /// As this session's windows do.
    Session,
    /// Over the kiosk's compositor.
    Kiosk(Kiosk),
}

/// The kiosk's compositor.
#[derive(Debug)]
pub struct Kiosk {
    socket: PathBuf,
    uid: u32,
    gid: u32,
}

impl Kiosk {
    /// Makes a program that is to be started a window's program on the kiosk.
    pub fn enter(&self, command: &mut Command) {
        let (Some(folder), Some(name)) = (self.socket.parent(), self.socket.file_name()) else { return };
        command.env("XDG_RUNTIME_DIR", folder).env("WAYLAND_DISPLAY", name).env_remove("DISPLAY");
        if rustix::process::geteuid().is_root() && self.uid != 0 {
            command.uid(self.uid).gid(self.gid).env("HOME", "/var/lib/papan").current_dir("/");
        }
    }
}

/// Finds a display server, or starts the kiosk's.
pub fn way(interrupt: &Interrupt) -> Result<Way, NoCard> {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("WAYLAND_DISPLAY") || set("DISPLAY") {
        return Ok(Way::Session);
    }
    // From another console the kiosk is not to be seen; from its own one it cannot be started without an end to this.
    let here = console();
    if here == Some(KIOSK_CONSOLE) {
        return Err(if service::exists(DISPLAY_UNIT) { NoCard::OwnTerminal } else { NoCard::NoDisplay });
    }
    if let Some(kiosk) = kiosk() {
        interrupt.look_at_kiosk(here);
        return Ok(Way::Kiosk(kiosk));
    }
    if !service::exists(DISPLAY_UNIT) || !rustix::process::geteuid().is_root() {
        return Err(NoCard::NoDisplay);
    }
    interrupt.look_at_kiosk(here);
    interrupt.start_for_now(DISPLAY_UNIT).map_err(NoCard::Failed)?;
    let begun = Instant::now();
    while begun.elapsed() < STARTS {
        if let Some(kiosk) = kiosk() {
            return Ok(Way::Kiosk(kiosk));
        }
        thread::sleep(Duration::from_millis(100));
    }
    Err(NoCard::Failed(format!("{DISPLAY_UNIT}: no socket")))
}

/// The socket of the kiosk's compositor.
fn kiosk() -> Option<Kiosk> {
    let of_user = users::papan().map(|(uid, _)| PathBuf::from(format!("/run/user/{uid}")));
    let folders = [Some(PathBuf::from("/run/papan-display")), of_user, Some(PathBuf::from("/run/papan"))];
    folders.into_iter().flatten().find_map(|folder| socket_in(&folder))
}

fn socket_in(folder: &Path) -> Option<Kiosk> {
    let mut sockets: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("wayland-"))
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_socket()))
        .map(|entry| entry.path())
        .collect();
    sockets.sort();
    let socket = sockets.into_iter().next()?;
    let data = fs::metadata(&socket).ok()?;
    Some(Kiosk { socket, uid: data.uid(), gid: data.gid() })
}

/// The virtual console at which this runs, from 1; `None`: over ssh, a serial line, or in a window.
pub fn console() -> Option<u32> {
    let terminal = fs::read_link("/proc/self/fd/0").ok()?;
    terminal.to_str()?.strip_prefix("/dev/tty")?.parse().ok().filter(|number| *number > 0)
}

/// Switches the machine's own screens to a console: [`KIOSK_CONSOLE`] is where the picture is.
pub fn switch_to(console: u32) {
    /// `VT_ACTIVATE` of linux/vt.h.
    const VT_ACTIVATE: libc::Ioctl = 0x5606;
    let Ok(tty) = fs::File::open("/dev/tty0") else { return };
    // SAFETY: this request takes a number, and no memory. Failing, it switches nothing.
    unsafe { libc::ioctl(tty.as_raw_fd(), VT_ACTIVATE, console) };
}
