//! The editor that means no good, at the library and what it puts on air.
//! Invariant: what was ever good is found out by reading the folder at rest, apart from watching and keeping it.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::{ffi::OsStrExt, fs::symlink, net::UnixListener},
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use papan::{
    domain::playlist::{Block, Content, Playlist},
    library,
};
use tempfile::TempDir;

use crate::{
    Chance, bombs,
    folder::{Running, run_with},
    is_long,
};

/// How long the last good write may take to be on air, on a machine that others keep busy.
const SOON: Duration = Duration::from_secs(20);

/// The folder under edit.
struct Desk {
    all: TempDir,
    chance: Chance,
    /// Counts what was written.
    number: u32,
    /// What the folder was whenever it was wholly good.
    good: BTreeSet<String>,
}

/// What a playlist shows: its texts, and the sizes of its pictures as their files say.
fn shown(playlist: &Playlist) -> Option<String> {
    let mut all = format!("{}\n", playlist.title);
    for item in &playlist.items {
        all.push_str(&match &item.content {
            Content::Card { title, .. } => title.clone(),
            Content::Page(page) => {
                let block = |block: &Block| match block {
                    Block::Picture(path) => Some(format!("{:?}", image::image_dimensions(path).ok()?)),
                    other => Some(format!("{other:?}")),
                };
                let blocks = page.lead.iter().chain(page.sections.iter().flat_map(|s| &s.blocks));
                format!("{} {}", page.title, blocks.map(block).collect::<Option<String>>()?)
            }
            Content::Image { path, .. } => format!("{:?}", image::image_dimensions(path).ok()?),
            other => format!("{other:?}"),
        });
        all.push('\n');
    }
    Some(all)
}

impl Desk {
    fn new() -> Self {
        let all = tempfile::tempdir().unwrap();
        Self { all, chance: Chance::from_environment(), number: 0, good: BTreeSet::new() }
    }

    fn dir(&self) -> PathBuf {
        self.all.path().join("lobi")
    }

    fn state(&self) -> PathBuf {
        self.all.path().join("state")
    }

    fn next(&mut self) -> u32 {
        self.number += 1;
        self.number
    }

    /// Takes note of the folder as it is, if it is wholly good.
    fn note(&mut self) {
        let (playlist, problems) = library::read(&self.dir());
        if !problems.iter().any(|p| p.is_error()) {
            self.good.extend(shown(&playlist));
        }
    }

    /// Writes a file in place, in so many pieces, with time between them.
    fn write(&mut self, name: &str, bytes: &[u8], pieces: usize) {
        use std::io::Write;
        let path = self.dir().join(name);
        remove(&path);
        let _ = fs::create_dir_all(path.parent().unwrap());
        let Ok(mut file) = fs::File::create(&path) else { return };
        for piece in bytes.chunks(bytes.len().div_ceil(pieces).max(1)) {
            file.write_all(piece).unwrap();
            self.note();
            if pieces > 1 {
                thread::park_timeout(Duration::from_millis(self.chance.below(60) as u64));
            }
        }
    }

    /// The folder as it should be, anew: its title tells it from all before.
    fn good(&mut self) -> String {
        let number = self.next();
        let dir = self.dir();
        if !dir.is_dir() || dir.is_symlink() {
            remove(&dir);
        }
        for folder in ["pages", "images"] {
            let folder = dir.join(folder);
            if !folder.is_dir() || folder.is_symlink() {
                remove(&folder);
            }
            fs::create_dir_all(&folder).unwrap();
        }
        for entry in fs::read_dir(dir.join("images")).unwrap() {
            remove(&entry.unwrap().path());
        }
        bombs::png(&dir.join("images/a.png"), 16 + number, 9, 128);
        let page = self.page(number);
        self.write("pages/a.md", page.as_bytes(), 1);
        let list = self.list(number);
        self.write("playlist.toml", list.as_bytes(), 1);
        assert_eq!(library::read(&dir).1, [], "it is good now");
        format!("daftar {number}")
    }

    fn page(&self, number: u32) -> String {
        let text = "Bawa berkas asli dan fotokopinya ke loket. ".repeat(20);
        format!("---\nservice: Dukcapil\n---\n# halaman {number}\n\n{text}\n\n![x](../images/a.png)\n")
    }

    fn list(&self, number: u32) -> String {
        format!(
            "version = 1\ntitle = \"daftar {number}\"\n[[item]]\ncard = {{ title = \"kartu {number}\" }}\n\
             [[item]]\npage = \"pages/a.md\"\n[[item]]\nimage = \"images/a.png\"\n[[item]]\nimage = \"images\"\n"
        )
    }

    /// One of the three files.
    fn any(&mut self) -> &'static str {
        ["playlist.toml", "pages/a.md", "images/a.png"][self.chance.below(3)]
    }

    /// Something that no colleague would do, or that any does every day.
    fn step(&mut self) {
        let (dir, name) = (self.dir(), self.any());
        let path = dir.join(name);
        let number = self.next();
        match self.chance.below(24) {
            0 => _ = fs::remove_file(&path),
            1 => _ = fs::rename(&path, dir.join("lama")),
            2 => _ = fs::rename(dir.join("lama"), &path),
            3 => {
                let bytes = fs::read(&path).unwrap_or_default();
                let cut = self.chance.below(bytes.len() + 1);
                let _ = fs::write(&path, &bytes[..cut]);
            }
            4 | 5 => {
                let (list, pieces) = (self.list(number), 2 + self.chance.below(5));
                self.write("playlist.toml", list.as_bytes(), pieces);
            }
            6 => {
                let (page, pieces) = (self.page(number), 2 + self.chance.below(5));
                self.write("pages/a.md", page.as_bytes(), pieces);
            }
            7 => {
                let wide: Vec<u8> = self.list(number).encode_utf16().flat_map(u16::to_le_bytes).collect();
                self.write("playlist.toml", &[b"\xff\xfe".as_slice(), &wide].concat(), 1);
            }
            8 => self.write("pages/a.md", b"# Caf\xe9 \xb11\n", 1),
            9 => self.write(name, b"# x\0\0\0\n", 1),
            10 => self.write(name, b"", 1),
            11 => {
                remove(&path);
                let _ = fs::create_dir_all(&path);
            }
            12 => {
                remove(&path);
                _ = Command::new("mkfifo").arg(&path).status();
            }
            13 => {
                remove(&path);
                drop(UnixListener::bind(&path));
            }
            14 => {
                remove(&path);
                let to =
                    ["/dev/zero", "a.png", ".", "/", "/etc/passwd", "/proc/self/mem"][self.chance.below(6)];
                let _ = symlink(to, &path);
            }
            15 => {
                remove(&dir.join("images"));
                let _ = symlink(["images", "..", ".", "pages"][self.chance.below(4)], dir.join("images"));
            }
            16 => remove(&dir),
            17 => {
                let other = self.all.path().join(format!("lain-{number}"));
                let _ = fs::rename(&dir, &other);
                let _ = symlink(&other, &dir);
            }
            18 => {
                // As rsync: beside it, then in its place.
                let (page, temp) = (self.page(number), dir.join("pages/.a.md.Xq83hd"));
                let _ = fs::write(&temp, page);
                let _ = fs::rename(temp, dir.join("pages/a.md"));
            }
            19 => {
                remove(&path);
                bombs::sparse(
                    &path,
                    [bombs::JPEG, b"# x\n", b"\x89PNG\r\n\x1a\n"][self.chance.below(3)],
                    20 << 30,
                );
            }
            20 => {
                let mut deep = dir.clone();
                for _ in 0..40 {
                    deep.push("d".repeat(90));
                }
                let _ = fs::create_dir_all(deep);
                let odd = std::ffi::OsStr::from_bytes(b"images/\xff\xfe\x80.png");
                let _ = fs::write(dir.join(odd), b"x");
                let _ = fs::write(dir.join("images").join("n".repeat(251) + ".png"), b"x");
                for name in ["4913", "pages/.a.md.swp", "pages/a.md~", "images/.DS_Store", "Thumbs.db"] {
                    let _ = fs::write(dir.join(name), b"x");
                }
            }
            21 => {
                for name in fs::read_dir(dir.join("images")).into_iter().flatten().flatten() {
                    remove(&name.path());
                }
                let _ = fs::create_dir_all(dir.join("images"));
                bombs::png(&self.all.path().join("new.png"), 16 + number, 9, 20);
                let _ = fs::rename(self.all.path().join("new.png"), dir.join("images/a.png"));
            }
            22 => {
                let bytes: Vec<u8> =
                    (0..self.chance.below(5000)).map(|_| self.chance.below(256) as u8).collect();
                self.write(name, &bytes, 1);
            }
            _ => {
                let head = "[[item]]\nimage = \"images\"\n".repeat(30_000);
                self.write("playlist.toml", head.as_bytes(), 1);
            }
        }
        self.note();
    }

    /// Waits until nobody uses the last good copy: a program that was killed lets go of it at once, a thread not.
    fn until_ended(&self) {
        let begin = Instant::now();
        for place in fs::read_dir(self.state().join("last-good")).unwrap() {
            let lock = fs::File::open(place.unwrap().path().join("lock")).unwrap();
            while lock.try_lock().is_err() {
                assert!(begin.elapsed() < SOON, "somebody holds it");
                thread::park_timeout(Duration::from_millis(5));
            }
        }
    }

    /// That what is on air was good at some time; a picture's file may be followed just between two looks.
    #[track_caller]
    fn check(&self, running: &mut Running) {
        let begin = Instant::now();
        loop {
            running.app.update();
            let now = shown(running.on_air());
            if now.as_ref().is_some_and(|now| self.good.contains(now)) {
                return;
            }
            assert!(begin.elapsed() < Duration::from_secs(2), "this was never good: {now:?}");
            thread::park_timeout(Duration::from_millis(2));
        }
    }
}

/// Removes whatever stands there.
fn remove(path: &Path) {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => _ = fs::remove_dir_all(path),
        Ok(_) => _ = fs::remove_file(path),
        Err(_) => {}
    }
}

#[test]
fn whatever_an_editor_does_what_is_on_air_was_wholly_good() {
    let mut desk = Desk::new();
    desk.good();
    let mut running = run_with(&desk.dir(), Some(desk.state()));
    desk.check(&mut running);
    let mut late = Vec::new();
    for round in 0..if is_long() { 200 } else { 14 } {
        for _ in 0..1 + desk.chance.below(8) {
            desk.step();
            desk.check(&mut running);
            if desk.chance.below(3) == 0 {
                let end = Instant::now() + Duration::from_millis(desk.chance.below(700) as u64);
                while Instant::now() < end {
                    thread::park_timeout(Duration::from_millis(5));
                    desk.check(&mut running);
                }
            }
        }
        if round % 4 == 3 {
            // The program is ended in the midst of it, and started again.
            drop(running);
            desk.until_ended();
            running = run_with(&desk.dir(), Some(desk.state()));
            desk.check(&mut running);
        }
        let title = desk.good();
        let begin = Instant::now();
        while running.on_air().title != title {
            assert!(begin.elapsed() < SOON, "{title} is not on air, {} stays", running.on_air().title);
            let _ = running.woken.recv_timeout(Duration::from_millis(5));
            desk.check(&mut running);
        }
        late.push(begin.elapsed());
    }
    late.sort();
    println!(
        "from the last good write to on air: median {:?}, longest {:?}, {} kinds of good",
        late[late.len() / 2],
        late[late.len() - 1],
        desk.good.len()
    );
}
