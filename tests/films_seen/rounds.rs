//! The same bad and good films again and again: nothing grows.
//! Invariant: what is measured is the least of a round, so that a film that happens to be open does not count.

use std::{
    fs,
    time::{Duration, Instant},
};

use crate::{
    bad::folder_of_bad,
    films_bad::{Pack, film},
    hall::{Hall, children},
    is_long, long,
    looks::{Eye, Seen, never_nothing},
    outside::{cost, zones},
};

/// What the program holds. A film's process is counted only: it is another one for each film.
#[derive(Debug, Clone, Copy)]
struct Held {
    files: usize,
    threads: usize,
    children: usize,
    /// Memory in MiB, a page that several programs share counted in parts (PSS).
    mib: f64,
}

impl Held {
    fn of(pid: u32) -> Self {
        let count = |what: &str| fs::read_dir(format!("/proc/{pid}/{what}")).map_or(0, Iterator::count);
        Self {
            files: count("fd"),
            threads: count("task"),
            children: children(pid).len(),
            mib: cost::pss(pid).unwrap_or(f64::MAX),
        }
    }

    fn least(self, other: Self) -> Self {
        Self {
            files: self.files.min(other.files),
            threads: self.threads.min(other.threads),
            children: self.children.min(other.children),
            mib: self.mib.min(other.mib),
        }
    }
}

/// As many changes as an hour has with items of 15 s, where that is asked for.
#[test]
fn many_rounds_of_bad_films_leave_nothing_behind() {
    let mut folder = folder_of_bad();
    folder.copy("dua.webm", &film(2, 60, Pack::Webm));
    let items: Vec<(&str, Option<u32>)> = [
        ("baik.mp4", Some(1)),
        ("potong-35.mp4", None),
        ("acak.mp4", None),
        ("kodek.mkv", None),
        ("8.png", Some(1)),
        ("nol.mp4", None),
        ("gores.mp4", Some(1)),
        ("tanpa-indeks.mp4", None),
        ("dua.webm", Some(1)),
        ("potong.webm", Some(1)),
        ("buta.webm", None),
    ]
    .into();
    folder.write(&items);
    let mut hall = Hall::open(folder);
    let pid = hall.program.child.id();
    let mut eye = Eye::new(&hall.glass, zones::stage(&hall.glass));
    eye.until("the good film", |seen| matches!(seen, Seen::Frame { film: 1, .. }));
    let wanted = if is_long() { 50 } else { 4 };
    let mut rounds: Vec<Held> = Vec::new();
    let begun = Instant::now();
    let most = long(Duration::from_secs(90), Duration::from_secs(1_200));
    while rounds.len() < wanted {
        assert!(begun.elapsed() < most, "{} rounds: {}", rounds.len(), hall.program.said());
        // Written anew, all that was bad is tried again.
        hall.folder.write(&items);
        let (mut held, mut looked) = (Held::of(pid), Instant::now());
        let (mut away, mut again) = (false, false);
        let stills = eye.watch(most, |stills| {
            if looked.elapsed() > Duration::from_millis(50) {
                (held, looked) = (held.least(Held::of(pid)), Instant::now());
            }
            let film = stills.last().and_then(|still| still.film());
            away |= film == Some(2);
            again |= away && film == Some(1);
            again
        });
        never_nothing(&stills);
        assert!(again && hall.program.runs(), "{}", hall.program.said());
        rounds.push(held);
    }
    println!(
        "{} rounds in {:?}: {:?} to {:?}",
        rounds.len(),
        begun.elapsed(),
        rounds[1],
        rounds[rounds.len() - 1]
    );
    for name in ["potong-35.mp4", "acak.mp4", "kodek.mkv", "nol.mp4", "tanpa-indeks.mp4", "buta.webm"] {
        assert_eq!(hall.told(&[name, "film ini dilewati"]), 1, "{name} is the same each time, and told once");
    }
    // The first round fills what is filled once.
    let (first, last) = (rounds[1], rounds[rounds.len() - 1].least(rounds[rounds.len() - 2]));
    assert!(last.files <= first.files, "open files: {rounds:?}");
    assert!(last.threads <= first.threads, "threads: {rounds:?}");
    assert!(last.children <= first.children.max(1), "processes: {rounds:?}");
    // The frames of two films that nobody has let go would be more than that.
    assert!(last.mib < first.mib + 8.0, "memory: {rounds:?}");
}
