//! Nothing of a film is left when it is over: no process, no thread, no open file, no memory.
//! Invariant: what is counted is counted in a process of its own, in which nothing else runs.

use std::{env, fs, process::Command};

use papan::state::FilmForm;

use crate::{
    films::{Film, H264, numbered},
    shown::{Showing, Watch, mixer, projector, until, wanted},
};

/// In the child's environment.
const CHILD: &str = "PAPAN_TEST_BOUNDED";
const FILMS: u32 = 30;

/// What a process holds.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
struct Held {
    threads: usize,
    files: usize,
    children: usize,
    /// Mappings of films' memory.
    films: usize,
}

fn held() -> Held {
    let count = |path: &str| fs::read_dir(path).expect("a process knows itself").count();
    let mut children = 0;
    for task in fs::read_dir("/proc/self/task").expect("a process knows itself").flatten() {
        let of_one = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        children += of_one.split_whitespace().count();
    }
    let maps = fs::read_to_string("/proc/self/maps").expect("a process knows itself");
    let films = maps.lines().filter(|line| line.contains("papan film")).count();
    Held { threads: count("/proc/self/task"), files: count("/proc/self/fd"), children, films }
}

#[test]
fn thirty_films_leave_nothing() {
    let me = env::current_exe().expect("a test has a program");
    let child = Command::new(me)
        .args(["--exact", "bounded::child", "--ignored", "--nocapture", "--test-threads", "1"])
        .env(CHILD, "")
        .output()
        .expect("the test runs itself");
    let [said, erred] = [&child.stdout, &child.stderr].map(|said| String::from_utf8_lossy(said));
    assert!(child.status.success() && said.contains("1 passed"), "{said}{erred}");
}

#[test]
#[ignore = "a part of another test"]
fn child() {
    if env::var_os(CHILD).is_none() {
        return;
    }
    let film = Film {
        rate: (30, 1),
        frames: 30,
        sound: Some(("0.1*sin(2*PI*440*t)|0".into(), "aac".into())),
        ..Film::new("bounded", "mp4", H264)
    };
    let path = film.made(|n, x, y| numbered(film.size, n, false, x, y));
    let (input, _pieces) = mixer();
    let projectors = [FilmForm::Pixels, FilmForm::Planes].map(|form| projector(form, Some(input.clone())));
    let before = held();
    for n in 0..FILMS {
        let mut wanted = wanted(&path, (160, 90));
        wanted.volume = (n % 2) as f32;
        let projector = &projectors[(n / 2 % 2) as usize];
        match n % 3 {
            // Nobody waits for it.
            0 => drop(projector.open(wanted)),
            // It never plays.
            1 => drop(Showing::open(projector, wanted)),
            _ => {
                let mut watch = Watch::begin(Showing::open(projector, wanted));
                let last = watch.next_shot();
                watch.next_shot();
                drop(watch);
                // A picture that is on the glass outlives its film, and holds its memory until it goes.
                assert!(held().films > 0);
                drop(last);
            }
        }
    }
    until("all of them are gone", || (held() == before).then_some(()));
}
