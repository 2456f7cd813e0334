//! The program in a window on an X server, with a queue server and in systemd's place this test.
//! Invariant: its state outlives it, so that it can be started again as systemd does.

use std::{
    fs,
    io::ErrorKind,
    os::unix::{net::UnixDatagram, process::ExitStatusExt},
    path::Path,
    process::{Command, ExitStatus},
    time::Duration,
};

use image::RgbImage;

use crate::outside::{
    glass::Glass,
    process::{Program, until},
    queue::Queue,
    zones,
};

const SIZE: (u32, u32) = (1280, 720);
/// How often the watchdog wants to be fed: it is asked for much more often than a site would.
pub const WATCHDOG: Duration = Duration::from_millis(1_200);

/// systemd's ear.
pub struct Manager {
    socket: UnixDatagram,
    heard: Vec<String>,
}

impl Manager {
    /// What was said since the last call, a line each.
    pub fn hear(&mut self) -> Vec<String> {
        let mut buffer = [0; 4096];
        let mut lines = Vec::new();
        loop {
            match self.socket.recv(&mut buffer) {
                Ok(length) => {
                    lines.extend(String::from_utf8_lossy(&buffer[..length]).lines().map(str::to_owned))
                }
                Err(err) if err.kind() == ErrorKind::WouldBlock => break,
                Err(err) => panic!("{err}"),
            }
        }
        self.heard.extend(lines.iter().cloned());
        lines
    }

    /// Waits until a line begins so, and gives it.
    pub fn waits_for(&mut self, begin: &str) -> String {
        let mut found = None;
        until(
            || format!("it tells systemd {begin}"),
            || {
                found = self.hear().into_iter().find(|line| line.starts_with(begin));
                found.is_some()
            },
        );
        found.expect("it was waited for")
    }
}

/// All that outlives the program.
pub struct Place {
    pub glass: Glass,
    pub queue: Queue,
    pub home: tempfile::TempDir,
    pub manager: Manager,
}

impl Place {
    pub fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let socket = UnixDatagram::bind(home.path().join("notify")).expect("a socket");
        socket.set_nonblocking(true).expect("set");
        fs::create_dir(home.path().join("state")).expect("made");
        let manager = Manager { socket, heard: Vec::new() };
        Self { glass: Glass::start(SIZE.0, SIZE.1), queue: Queue::start(8), home, manager }
    }

    /// The program, as systemd would start it.
    pub fn command(&self) -> Command {
        let mut command = papan(self.home.path());
        command
            .args(["show", "--windowed", "--layout", "landscape", "--renderer", "software"])
            .args(["--size", &format!("{}x{}", SIZE.0, SIZE.1), "--queue", &self.queue.url()])
            .env("DISPLAY", &self.glass.display)
            .env("STATE_DIRECTORY", self.home.path().join("state"))
            .env("NOTIFY_SOCKET", self.home.path().join("notify"))
            .env("WATCHDOG_USEC", WATCHDOG.as_micros().to_string());
        command
    }

    pub fn start(&self) -> Program {
        Program::start(&mut self.command())
    }

    pub fn start_with(&self, fault: &str) -> Program {
        Program::start(self.command().env("PAPAN_FAULT", fault))
    }

    /// Starts it, waits for its first picture, and kills it.
    pub fn kill(&mut self) {
        let mut program = self.start();
        self.manager.waits_for("READY=1");
        program.child.kill().expect("killed");
        program.child.wait().expect("over");
    }

    pub fn state(&self) -> std::path::PathBuf {
        self.home.path().join("state")
    }

    /// The notes of crashes.
    pub fn notes(&self) -> Vec<String> {
        let files = fs::read_dir(self.state().join("crashes")).into_iter().flatten().flatten();
        files.map(|file| fs::read_to_string(file.path()).expect("a note")).collect()
    }

    /// Waits until the board is, pixel for pixel, what `papan snapshot` draws of the queue server's hall.
    pub fn shows_the_board(&self, program: &mut Program) {
        self.shows_the_board_of(program, None);
    }

    /// The same beside another playlist: a board is larger where no text runs.
    pub fn shows_the_board_of(&self, program: &mut Program, playlist: Option<&Path>) {
        let state = self.home.path().join("hall.json");
        fs::write(&state, self.queue.snapshot()).expect("written");
        let out = self.home.path().join("snapshot.png");
        let mut command = papan(self.home.path());
        command.arg("snapshot").arg(&out).arg("--state").arg(&state).args(["--layout", "landscape"]);
        if let Some(playlist) = playlist {
            command.arg("--playlist").arg(playlist);
        }
        let size = format!("{}x{}", SIZE.0, SIZE.1);
        let done = command.args(["--size", &size]).output().expect("it starts");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let wanted = board(&image::open(&out).expect("a picture").to_rgb8(), &self.glass);
        until(
            || format!("the board shows the hall: {}", program.said()),
            || self.glass.pixels(zones::board(&self.glass)) == wanted,
        );
        assert!(program.runs(), "{}", program.said());
    }
}

/// Waits until the program is over by itself.
pub fn over(program: &mut Program) -> ExitStatus {
    let said = program.said.clone();
    until(|| format!("it ends: {said:?}"), || !program.runs());
    program.child.wait().expect("over")
}

/// Asserts that it broke, in order.
pub fn broke(program: &mut Program) {
    let status = over(program);
    assert_eq!((status.code(), status.signal()), (Some(70), None), "{}", program.said());
}

/// Tells the program to end, and waits until it did.
pub fn terminate(program: &mut Program) {
    signal(program, "TERM");
    let status = over(program);
    assert!(status.success(), "{status}: {}", program.said());
}

pub fn signal(program: &Program, name: &str) {
    let done = Command::new("kill").args(["-s", name, &program.child.id().to_string()]).status();
    assert!(done.expect("kill is there").success());
}

fn papan(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_papan"));
    command.env("HOME", home);
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
        command.env_remove(name);
    }
    command
}

/// The board in a picture, with its pixels as the X server has them.
fn board(picture: &RgbImage, glass: &Glass) -> Vec<u8> {
    let at = zones::board(glass);
    let pixel = |x, y| {
        let [red, green, blue] = picture.get_pixel(x, y).0;
        [blue, green, red, 0]
    };
    (at.y..at.y + at.height).flat_map(|y| (at.x..at.x + at.width).flat_map(move |x| pixel(x, y))).collect()
}
