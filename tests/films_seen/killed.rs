//! The processes of films are killed and stopped: the screen does not notice, and the film comes back.
//! Invariant: whatever happens to a film's process, none is left behind.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use crate::{
    films_bad::{Pack, film, picture},
    hall::{Folder, Hall, signal},
    looks::{Eye, Seen, Still, never_nothing, spread},
    outside::{process::until, watch, zones},
};

/// The longest that the running text may stand: what a machine that is busy does to it, and no restart.
const STANDS: Duration = Duration::from_millis(250);
/// How long a film may be away on a machine that is busy; 2 s on one that is not.
const AWAY: Duration = Duration::from_secs(4);

fn hall_with_a_film() -> Hall {
    let mut folder = Folder::new();
    folder.copy("film.mp4", &film(1, 600, Pack::Mp4));
    folder.write(&[("film.mp4", None)]);
    let hall = Hall::open(folder);
    let row = zones::ticker_row(&hall.glass);
    let before = hall.glass.pixels(row);
    until(|| "the running text moves".into(), || hall.glass.pixels(row) != before);
    hall
}

/// Whether a process is there that could still do something.
fn lives(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, fields)| !fields.starts_with(['Z', 'X']))
}

#[test]
fn a_film_comes_back_and_the_running_text_does_not_notice() {
    let mut hall = hall_with_a_film();
    let row = zones::ticker_row(&hall.glass);
    for name in ["KILL", "STOP"] {
        let mut eye = Eye::new(&hall.glass, hall.stage());
        eye.until("the film", |seen| matches!(seen, Seen::Frame { film: 1, frame } if frame % 30 > 15));
        let old = hall.decoders();
        assert_eq!(old.len(), 1, "a process for a film");
        let (ticker, (stills, hit)) = thread::scope(|scope| {
            let ticker = scope.spawn(|| watch::row(&hall.glass, row, Duration::from_secs(4)));
            let hit = Instant::now();
            signal(name, old[0]);
            let stills = eye.watch(AWAY * 2, |stills| back(stills).is_some());
            (ticker.join().expect("it watched"), (stills, hit))
        });
        never_nothing(&stills);
        assert!(stills.iter().all(|still| still.film() == Some(1)), "the last frame stays meanwhile");
        let away = back(&stills).expect("the film is back") - hit;
        let mut gaps: Vec<Duration> = ticker.windows(2).map(|w| w[1].0 - w[0].0).collect();
        println!(
            "SIG{name}: the film is back after {} ms; the running text: {}",
            away.as_millis(),
            spread(&mut gaps)
        );
        assert!(away < AWAY, "it is back after {away:?}");
        assert!(ticker.len() > 100 && gaps.last().is_some_and(|gap| *gap < STANDS), "{gaps:?}");
        // Where it was, or at the key frame before that.
        let frames: Vec<u32> = stills.iter().map(frame).collect();
        let jump = frames.windows(2).map(|w| w[1].abs_diff(w[0])).max();
        assert!(jump.is_some_and(|jump| jump <= 45), "it goes on where it was: {frames:?}");
        until(
            || format!("{} is gone, and one is there in its place", old[0]),
            || hall.decoders().len() == 1 && !hall.decoders().contains(&old[0]),
        );
    }
    assert!(hall.program.runs(), "{}", hall.program.said());
}

fn frame(still: &Still) -> u32 {
    match still.seen {
        Seen::Frame { frame, .. } => frame,
        _ => 0,
    }
}

/// When the film moved again: the end of its longest stand, once it has moved on for long enough to tell.
fn back(stills: &[Still]) -> Option<Instant> {
    let (first, last) = (stills.first()?, stills.last()?);
    let longest = stills.iter().max_by_key(|still| still.length())?;
    let after = stills.iter().filter(|still| still.since >= longest.until).count();
    (after >= 10 && last.since - first.since > Duration::from_millis(2_500)).then_some(longest.until)
}

#[test]
fn one_that_is_killed_again_and_again_makes_way() {
    let mut folder = Folder::new();
    folder.copy("film.mp4", &film(1, 600, Pack::Mp4));
    folder.copy("8.png", &picture(8));
    folder.write(&[("film.mp4", None), ("8.png", Some(2))]);
    let mut hall = Hall::open(folder);
    let mut eye = Eye::new(&hall.glass, hall.stage());
    eye.until("the film", |seen| matches!(seen, Seen::Frame { film: 1, .. }));
    let mut killed = Vec::new();
    until(
        || format!("the film is given up: {}", hall.program.said()),
        || {
            for pid in hall.decoders().into_iter().filter(|pid| lives(*pid)) {
                // One that ends by itself meanwhile is as good.
                signal("KILL", pid);
                killed.push(pid);
            }
            hall.told(&["film.mp4", "berulang kali"]) > 0
        },
    );
    killed.dedup();
    assert_eq!(killed.len(), 3, "it is tried so often");
    eye.until("what comes after it", |seen| matches!(seen, Seen::Frame { film: 8, .. }));
    until(|| "no process is left".into(), || hall.decoders().is_empty());
    assert!(hall.program.runs(), "{}", hall.program.said());
}

#[test]
fn no_film_outlives_the_program() {
    for stopped in [false, true] {
        let mut hall = hall_with_a_film();
        let mut eye = Eye::new(&hall.glass, hall.stage());
        eye.until("the film", |seen| matches!(seen, Seen::Frame { film: 1, .. }));
        let films = hall.decoders();
        assert_eq!(films.len(), 1);
        if stopped {
            signal("STOP", films[0]);
        }
        hall.program.child.kill().expect("it is killed");
        hall.program.child.wait().expect("it ended");
        until(|| format!("{films:?} is gone"), || !films.iter().any(|pid| lives(*pid)));
    }
}
