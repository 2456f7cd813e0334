//! The last good copy: what is on air is out of reach, also over a restart, and little is written for it.
//! Invariant: each test has a state directory of its own.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{MetadataExt, symlink},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use papan::domain::playlist::{Content, Playlist};
use tempfile::TempDir;

use super::folder::{DEADLINE, Running, card, logged, run_with, until_logged, write};

/// A playlist's folder and a state directory.
struct Site {
    all: TempDir,
}

impl Site {
    fn new() -> Self {
        let all = tempfile::tempdir().unwrap();
        fs::create_dir_all(all.path().join("lobi/images")).unwrap();
        Self { all }
    }

    fn dir(&self) -> PathBuf {
        self.all.path().join("lobi")
    }

    fn state(&self) -> PathBuf {
        self.all.path().join("state")
    }

    fn run(&self) -> Running {
        run_with(&self.dir(), Some(self.state()))
    }

    /// The only place in the state directory.
    fn place(&self) -> PathBuf {
        let places: Vec<PathBuf> = entries(&self.state().join("last-good"));
        assert_eq!(places.len(), 1, "{places:?}");
        places[0].clone()
    }

    /// The generations that are there.
    fn generations(&self) -> Vec<u64> {
        let mut numbers: Vec<u64> =
            entries(&self.place()).iter().filter_map(|p| p.file_name()?.to_str()?.parse().ok()).collect();
        numbers.sort_unstable();
        numbers
    }

    /// Waits until all is on the disk.
    fn until_kept(&self) {
        let links = || ["current", "kept"].map(|link| fs::read_link(self.place().join(link)).ok());
        until(
            || format!("it is on the disk: {:?} {:?}", links(), self.generations()),
            || {
                let [current, kept] = links();
                current.is_some() && current == kept && self.generations().len() == 1
            },
        );
    }

    /// All files below the state directory: which they are, and when they were written.
    fn written(&self) -> BTreeMap<PathBuf, (u64, i64, i64)> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.state()];
        while let Some(folder) = folders.pop() {
            for path in entries(&folder) {
                let meta = fs::symlink_metadata(&path).unwrap();
                found.insert(path.clone(), (meta.ino(), meta.ctime(), meta.ctime_nsec()));
                if meta.is_dir() {
                    folders.push(path);
                }
            }
        }
        found
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
}

#[track_caller]
fn until(what: impl Fn() -> String, mut so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !so() {
        assert!(begin.elapsed() < DEADLINE, "in vain: {}", what());
        thread::park_timeout(Duration::from_millis(5));
    }
}

fn picture(path: &Path, grey: u8) {
    image::GrayImage::from_pixel(8, 8, image::Luma([grey])).save(path).unwrap();
}

/// The files on air and the numbers that tell their contents.
fn files(playlist: &Playlist) -> Vec<(PathBuf, u64)> {
    let file = |content: &Content| match content {
        Content::Image { path, stamp, .. } => Some((path.clone(), *stamp)),
        Content::Film(film) => Some((film.path.clone(), film.stamp)),
        Content::Page(page) => Some((page.path.clone(), page.pictures)),
        _ => None,
    };
    playlist.items.iter().filter_map(|item| file(&item.content)).collect()
}

const ALL: &str = "[[item]]\npage = \"page.md\"\n[[item]]\nimage = \"images\"\n[[item]]\nfilm = \"a.mp4\"\n";

/// A site with a page, two pictures of which the page has one, and a film.
fn whole() -> Site {
    let site = Site::new();
    let dir = site.dir();
    picture(&dir.join("images/a.png"), 1);
    picture(&dir.join("images/b.png"), 2);
    write(&dir, "page.md", "# halaman\n\n![x](images/a.png)\n");
    write(&dir, "a.mp4", "film");
    write(&dir, "a.srt", "1\n00:00:01,000 --> 00:00:02,000\nteks\n");
    write(&dir, "playlist.toml", ALL);
    site
}

#[test]
fn what_is_on_air_is_out_of_every_editors_reach() {
    let site = whole();
    let running = site.run();
    let on_air = files(running.on_air());
    assert_eq!(on_air.len(), 4);
    fs::remove_dir_all(site.dir()).unwrap();
    until_logged(1, &[&site.dir().display().to_string(), "the last good one stays, taken 2"]);
    for (path, _) in &on_air {
        assert!(path.starts_with(site.state()) && fs::read(path).is_ok(), "{}", path.display());
    }
    assert_eq!(files(running.on_air()), on_air);
}

#[test]
fn a_restart_shows_the_last_good_copy_whatever_became_of_the_folder() {
    for ruin in [0, 1, 2, 3] {
        let site = whole();
        let before = {
            let mut running = site.run();
            write(&site.dir(), "page.md", "# lain\n\n![x](images/a.png)\n");
            running.until("lain");
            (running.title(), files(running.on_air()), running.on_air().clone())
        };
        let dir = site.dir();
        match ruin {
            0 => fs::remove_dir_all(&dir).unwrap(),
            1 => write(&dir, "playlist.toml", "[[item\n"),
            2 => fs::remove_file(dir.join("images/a.png")).unwrap(),
            _ => {
                fs::remove_dir_all(&dir).unwrap();
                symlink("/dev/zero", &dir).unwrap();
            }
        }
        let running = site.run();
        assert_eq!((running.title(), files(running.on_air())), (before.0, before.1), "{ruin}");
        let shown =
            |playlist: &Playlist| playlist.items.iter().map(|i| i.content.clone()).collect::<Vec<_>>();
        assert_eq!(shown(running.on_air()), shown(&before.2));
        until_logged(1, &[&format!("in {} has errors", dir.display()), "the last good one stays, taken 2"]);
        assert_eq!(logged(&["the last good copy of", &dir.display().to_string(), "is on air"]), 1);
    }
}

#[test]
fn a_change_made_while_it_was_off_comes_after_the_start() {
    let site = Site::new();
    write(&site.dir(), "playlist.toml", &card("satu"));
    drop(site.run());
    write(&site.dir(), "playlist.toml", &card("dua"));
    let mut running = site.run();
    assert_eq!(running.title(), "satu");
    running.until("dua");
}

#[test]
fn an_unchanged_item_is_equal_before_and_after() {
    let site = whole();
    let mut running = site.run();
    let before = running.on_air().clone();
    write(&site.dir(), "page.md", "# lain\n");
    running.until("lain");
    let after = running.on_air().clone();
    assert_eq!(before.items[1..], after.items[1..]);
    // A file that is written anew with what it held is the same, also where an item is of it.
    let bytes = fs::read(site.dir().join("images/b.png")).unwrap();
    fs::remove_file(site.dir().join("images/b.png")).unwrap();
    fs::write(site.dir().join("images/b.png"), bytes).unwrap();
    picture(&site.dir().join("images/a.png"), 3);
    write(&site.dir(), "page.md", "# lagi\n\n![x](images/a.png)\n");
    running.until("lagi");
    let last = running.on_air().clone();
    assert_eq!(after.items[2..], last.items[2..]);
    assert_ne!(after.items[1], last.items[1], "the picture that changed is another one");
    // A page whose picture alone changed is another one too.
    picture(&site.dir().join("images/a.png"), 4);
    let (mut running, begin) = (running, Instant::now());
    while running.on_air().items[0] == last.items[0] {
        assert!(begin.elapsed() < DEADLINE);
        _ = running.woken.recv_timeout(Duration::from_millis(100));
        running.app.update();
    }
}

#[test]
fn files_that_did_not_change_are_not_written() {
    let site = whole();
    let mut running = site.run();
    site.until_kept();
    let before = site.written();
    // Touched, renamed there and back, and beside it what is no part of the playlist.
    let dir = site.dir();
    fs::File::open(dir.join("a.mp4")).unwrap().set_modified(std::time::SystemTime::now()).unwrap();
    write(&dir, ".page.md.swp", "x");
    fs::rename(dir.join("page.md"), dir.join("page")).unwrap();
    fs::rename(dir.join("page"), dir.join("page.md")).unwrap();
    write(&dir, "playlist.toml", &ALL.replace("page = ", "page  = "));
    // The same files: only the one that was written is new on the disk.
    until(
        || "it is taken".into(),
        || fs::read_link(site.place().join("kept")).unwrap().to_str() == Some("2"),
    );
    site.until_kept();
    let after = site.written();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let same = |file: &str| {
        let of = |all: &BTreeMap<PathBuf, (u64, i64, i64)>| {
            all.iter().find(|(path, _)| name(path) == file).map(|(_, stamp)| stamp.0)
        };
        of(&before) == of(&after)
    };
    for file in ["page.md", "a.png", "b.png", "a.mp4", "a.srt"] {
        assert!(same(file), "{file}");
    }
    assert!(!same("playlist.toml"));
    // Nothing at all is written for a file that is the same.
    let before = site.written();
    write(&dir, "playlist.toml", &ALL.replace("page = ", "page  = "));
    write(&dir, "sela.md", "# sela\n");
    thread::sleep(Duration::from_millis(900));
    running.app.update();
    assert_eq!(site.written(), before);
}

#[test]
fn the_disk_holds_no_more_than_it_must() {
    let site = whole();
    let mut running = site.run();
    for number in 0..6 {
        write(&site.dir(), "page.md", &format!("# judul {number}\n"));
        running.until(&format!("judul {number}"));
        assert!(site.generations().len() <= 3, "{:?}", site.generations());
    }
    site.until_kept();
    // Another playlist's pictures and films go with it.
    write(&site.dir(), "playlist.toml", &card("kartu"));
    running.until("kartu");
    site.until_kept();
    let names: Vec<String> = site.written().keys().map(|p| p.display().to_string()).collect();
    assert!(!names.iter().any(|name| name.ends_with("a.mp4")), "{names:#?}");
}

#[test]
fn what_an_earlier_run_left_half_made_is_removed() {
    let site = whole();
    drop(site.run());
    site.until_kept();
    let place = site.place();
    for half in ["7/folder/pages", "9"] {
        fs::create_dir_all(place.join(half)).unwrap();
    }
    write(&place, "9/manifest.json", "{\"version\":1,");
    let running = site.run();
    assert_eq!(running.title(), "halaman");
    assert_eq!(site.generations().len(), 1);
}

#[test]
fn a_copy_that_is_damaged_is_not_taken() {
    for damage in ["page.md", "a.mp4", "playlist.toml"] {
        let site = whole();
        drop(site.run());
        site.until_kept();
        // As after a loss of power on a disk that lies.
        let copy = fs::canonicalize(site.place().join("current/folder").join(damage)).unwrap();
        fs::write(&copy, "").unwrap();
        let running = site.run();
        assert_eq!(running.title(), "halaman");
        assert!(files(running.on_air()).iter().all(|(path, _)| fs::metadata(path).unwrap().len() > 0));
        assert_eq!(logged(&["is damaged", &site.place().display().to_string()]), 1, "{damage}");
    }
}

#[test]
fn after_another_start_of_the_machine_only_what_reached_the_disk_counts() {
    let site = Site::new();
    write(&site.dir(), "playlist.toml", &card("satu"));
    let mut running = site.run();
    site.until_kept();
    // A second generation that was not brought to the disk.
    let place = site.place();
    write(&site.dir(), "playlist.toml", &card("dua"));
    running.until("dua");
    drop(running);
    site.until_kept();
    let (current, old) = (fs::read_link(place.join("current")).unwrap(), "1");
    copy_folder(&place.join(&current), &place.join(old));
    fs::remove_file(place.join("kept")).unwrap();
    symlink(old, place.join("kept")).unwrap();
    write(&place, "1/folder/playlist.toml", &card("tua").replace("tua", "asa"));
    write(&site.dir(), "playlist.toml", "[[item\n");
    // The machine runs on: it is there all the same.
    assert_eq!(site.run().title(), "dua");
    // It was started anew: what `kept` leads to is on the disk.
    site.until_kept();
    let current = fs::read_link(place.join("current")).unwrap();
    copy_folder(&place.join(&current), &place.join("1"));
    fs::remove_file(place.join("kept")).unwrap();
    symlink("1", place.join("kept")).unwrap();
    write(&place, "1/folder/playlist.toml", &card("asa"));
    let manifest = place.join(&current).join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    fs::write(&manifest, text.replace(boot.trim(), "another")).unwrap();
    assert_eq!(site.run().title(), "asa");
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for path in entries(from) {
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn without_a_place_it_is_shown_from_its_own_folder() {
    let site = whole();
    fs::write(site.state(), "a file").unwrap();
    let mut running = site.run();
    assert!(files(running.on_air()).iter().all(|(path, _)| path.starts_with(site.dir())));
    assert_eq!(logged(&["without a copy", &site.state().display().to_string()]), 1);
    write(&site.dir(), "page.md", "# lain\n");
    running.until("lain");
}

#[test]
fn a_place_that_cannot_be_used_still_has_the_last_good_copy() {
    let site = whole();
    let title = {
        let running = site.run();
        site.until_kept();
        running.title()
    };
    // As where it belongs to another user, or the disk is read-only.
    let lock = site.place().join("lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    write(&site.dir(), "playlist.toml", "[[item\n");
    let mut running = site.run();
    assert_eq!(running.title(), title);
    write(&site.dir(), "playlist.toml", &card("Lagi"));
    running.until("Lagi");
}

#[test]
fn two_programs_keep_the_same_playlist_apart() {
    let site = whole();
    let (mut one, mut other) = (site.run(), site.run());
    assert_eq!(entries(&site.state().join("last-good")).len(), 2);
    write(&site.dir(), "page.md", "# lain\n");
    one.until("lain");
    other.until("lain");
    for running in [&one, &other] {
        assert!(files(running.on_air()).iter().all(|(path, _)| fs::read(path).is_ok()));
    }
}
