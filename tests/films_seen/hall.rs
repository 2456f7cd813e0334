//! The program in a window that fills an X server's glass, with a playlist's folder that the test writes.
//! Invariant: one hall at a time, so that no test is late because of another one.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::outside::{
    glass::{Glass, Rect},
    process::{Program, until},
    queue::Queue,
    zones,
};

const SIZE: (u32, u32) = (960, 540);
/// One at a time.
static TURN: Mutex<()> = Mutex::new(());

/// A playlist's folder.
pub struct Folder {
    folder: tempfile::TempDir,
    /// Tells one writing of the same playlist from the next.
    written: u32,
}

impl Folder {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), written: 0 }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("lobi").join(name)
    }

    /// Puts a file in its place at once, as a copy that was made beside it.
    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let half = self.folder.path().join("half");
        fs::create_dir_all(self.path("")).expect("a folder");
        fs::write(&half, bytes).expect("written");
        fs::rename(half, self.path(name)).expect("in its place");
    }

    /// Copies a film or a picture into the folder.
    pub fn copy(&self, name: &str, from: &Path) {
        self.put(name, fs::read(from).expect("read"));
    }

    /// Writes the playlist: names of films and pictures, and the seconds of each; `None`: its own.
    pub fn write(&mut self, items: &[(&str, Option<u32>)]) {
        self.written += 1;
        let mut text = format!("# {}\n", self.written);
        for (name, seconds) in items {
            let kind = match name.rsplit_once('.') {
                Some((_, "png")) => "image",
                Some((_, "md")) => "page",
                _ => "film",
            };
            let _ = write!(text, "[[item]]\n{kind} = \"{name}\"\n");
            if let Some(seconds) = seconds {
                let _ = writeln!(text, "duration = \"{seconds}s\"");
            }
        }
        text += "[[ticker]]\ntext = \"Jam layanan 08.00-16.00 WITA, bawa berkas asli dan fotokopi satu lembar\"\n";
        self.put("playlist.toml", text);
    }
}

/// The program, showing.
pub struct Hall {
    // Dropped in this order: the program first.
    pub program: Program,
    pub glass: Glass,
    _queue: Queue,
    pub folder: Folder,
    _turn: MutexGuard<'static, ()>,
}

impl Hall {
    /// Shows a playlist.
    pub fn open(folder: Folder) -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let glass = Glass::start(SIZE.0, SIZE.1);
        let queue = Queue::start(4);
        let mut command = Command::new(env!("CARGO_BIN_EXE_papan"));
        for name in ["WAYLAND_DISPLAY", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
            command.env_remove(name);
        }
        command
            .args(["show", "--windowed", "--layout", "landscape", "--renderer", "software"])
            .args(["--size", &format!("{}x{}", SIZE.0, SIZE.1), "--queue", &queue.url(), "--playlist"])
            .arg(folder.path(""))
            .env("HOME", folder.folder.path())
            .env("DISPLAY", &glass.display);
        let program = Program::start(&mut command);
        Self { program, glass, _queue: queue, folder, _turn: turn }
    }

    /// The stage.
    pub fn stage(&self) -> Rect {
        zones::stage(&self.glass)
    }

    /// The processes of films, of all that this program has started.
    pub fn decoders(&self) -> Vec<u32> {
        children(self.program.child.id())
    }

    /// Waits until the program tells this in its log.
    pub fn tells(&self, parts: &[&str]) {
        until(|| format!("it tells of {parts:?}:\n{}", self.program.said()), || self.told(parts) > 0);
    }

    /// How many lines of its log hold all of these.
    pub fn told(&self, parts: &[&str]) -> usize {
        self.program.said().lines().filter(|line| parts.iter().all(|part| line.contains(part))).count()
    }
}

/// The children of a process, those that nobody has waited for included.
pub fn children(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| parent_of(*pid) == Some(parent)).collect()
}

fn parent_of(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// Sends a process a signal, by name.
pub fn signal(name: &str, pid: u32) {
    let done = Command::new("kill").arg(format!("-{name}")).arg(pid.to_string()).status();
    assert!(done.expect("kill is there").success(), "SIG{name} to {pid}");
}
