//! The real program before an X server, with a hostile folder: its pixels, and its memory from the process table.
//! Invariant: what is shown is told by its colour, which only one good playlist had.

use std::{
    fs,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use image::{Rgb, RgbImage};

use crate::{
    bombs,
    outside::{
        glass::{Glass, Rect},
        process::{PATIENCE, Program},
        queue::Queue,
        zones,
    },
};

const SIZE: (u32, u32) = (960, 540);
/// The most that the program may ever have held in memory, in MiB.
const MOST: u64 = 300;

struct Hall {
    program: Program,
    glass: Glass,
    /// It calls nobody, so that nothing comes over the stage.
    queue: Queue,
    all: tempfile::TempDir,
}

impl Hall {
    fn open() -> Self {
        let all = tempfile::tempdir().unwrap();
        fs::create_dir(all.path().join("lobi")).unwrap();
        colour(&all.path().join("lobi"), RED);
        let (glass, queue) = (Glass::start(SIZE.0, SIZE.1), Queue::start(4));
        let program = start(all.path(), &glass, &queue);
        Self { program, glass, queue, all }
    }

    fn dir(&self) -> std::path::PathBuf {
        self.all.path().join("lobi")
    }

    /// The colour in the middle of the stage: blue, green, red.
    fn seen(&self) -> [u8; 3] {
        let stage = zones::stage(&self.glass);
        let middle =
            Rect { x: stage.x + stage.width / 2, y: stage.y + stage.height / 2, width: 1, height: 1 };
        let pixel = self.glass.pixels(middle);
        [pixel[0], pixel[1], pixel[2]]
    }

    /// Waits until this colour fills the stage, and returns after how long it began to come.
    #[track_caller]
    fn until(&self, [red, green, blue]: [u8; 3]) -> (Duration, Duration) {
        let (begin, before) = (Instant::now(), self.seen());
        let mut came = None;
        while self.seen() != [blue, green, red] {
            if self.seen() != before {
                came.get_or_insert(begin.elapsed());
            }
            if begin.elapsed() > PATIENCE {
                let picture = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile.png");
                self.glass.save(self.glass.all(), &picture);
                panic!("the colour does not come, see {}", picture.display());
            }
            thread::park_timeout(Duration::from_millis(2));
        }
        let whole = begin.elapsed();
        (came.unwrap_or(whole), whole)
    }

    /// The most that the program's process ever held, in MiB.
    fn peak(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.program.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }
}

fn start(all: &Path, glass: &Glass, queue: &Queue) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_papan"));
    command.args(["show", "--windowed", "--layout", "landscape", "--renderer", "software"]);
    command.args(["--queue", &queue.url()]);
    command.args(["--size", &format!("{}x{}", SIZE.0, SIZE.1)]).arg("--playlist").arg(all.join("lobi"));
    command.env("HOME", all).env("DISPLAY", &glass.display);
    for name in ["WAYLAND_DISPLAY", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "STATE_DIRECTORY"]
    {
        command.env_remove(name);
    }
    Program::start(&mut command)
}

const RED: [u8; 3] = [255, 0, 0];
// Of 0 and 255 alone: what lies between may be another by one once it is scaled.
const GREEN: [u8; 3] = [0, 255, 0];
const BLUE: [u8; 3] = [0, 0, 255];

const LIST: &str = "version = 1\n[[item]]\nimage = \"a.png\"\nfit = \"cover\"\n";

/// Makes the folder a good one that shows a colour.
fn colour(dir: &Path, rgb: [u8; 3]) {
    RgbImage::from_pixel(64, 64, Rgb(rgb)).save(dir.join("new.png")).unwrap();
    fs::rename(dir.join("new.png"), dir.join("a.png")).unwrap();
    fs::write(dir.join("playlist.toml"), LIST).unwrap();
}

#[test]
fn bombs_neither_reach_the_glass_nor_fill_the_memory() {
    let mut hall = Hall::open();
    hall.until(RED);
    let usual = hall.peak();
    let dir = hall.dir();
    // 200 million pixels: a right PNG of a few hundred KiB.
    bombs::png(&hall.all.path().join("200.png"), 16_384, 12_207, 200);
    let mut late = Vec::new();
    for (number, next) in [GREEN, BLUE, RED, GREEN, BLUE, RED].into_iter().enumerate() {
        match number {
            0 => _ = fs::copy(hall.all.path().join("200.png"), dir.join("a.png")).unwrap(),
            1 => bombs::sparse(&dir.join("a.png"), bombs::JPEG, 50 << 30),
            2 => bombs::sparse(&dir.join("playlist.toml"), b"version = 1\n", 50 << 30),
            3 => {
                let page = format!("# x\n\n{}", "a ".repeat(100_000));
                fs::write(dir.join("p.md"), page).unwrap();
                let list = "[[item]]\npage = \"p.md\"\n".repeat(9_000);
                fs::write(dir.join("playlist.toml"), format!("{list}[[item]]\npage = \"none.md\"\n"))
                    .unwrap();
            }
            4 => {
                let album = dir.join("album");
                fs::create_dir(&album).unwrap();
                (0..2_000).for_each(|n| fs::write(album.join(format!("{n}.png")), "x").unwrap());
                let list = "[[item]]\nimage = \"album\"\n".repeat(30_000);
                fs::write(dir.join("playlist.toml"), list).unwrap();
            }
            _ => {
                fs::remove_dir_all(&dir).unwrap();
                std::os::unix::fs::symlink("/proc", &dir).unwrap();
            }
        }
        let before = hall.seen();
        let end = Instant::now() + Duration::from_millis(1500);
        while Instant::now() < end {
            assert_eq!(hall.seen(), before, "bomb {number}");
            thread::park_timeout(Duration::from_millis(5));
        }
        if dir.is_symlink() {
            fs::remove_file(&dir).unwrap();
            fs::create_dir(&dir).unwrap();
        }
        colour(&dir, next);
        late.push(hall.until(next));
    }
    assert!(hall.program.runs(), "{}", hall.program.said());
    println!("peak of the memory: {usual} MiB at the start, {} MiB in the end", hall.peak());
    println!("from the last good write to its first pixel, and to its last: {late:?}");
    assert!(hall.peak() < MOST, "{} MiB", hall.peak());

    // Ended in the midst of ruin, it starts with the last good copy.
    fs::remove_dir_all(&dir).unwrap();
    let _ = hall.program.child.kill();
    let _ = hall.program.child.wait();
    hall.program = start(hall.all.path(), &hall.glass, &hall.queue);
    hall.until(RED);
}
