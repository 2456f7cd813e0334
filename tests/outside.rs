//! The program as someone before the screen sees it: its window's pixels on an X server, while a queue server
//! of our own tells it what happens.
//! Invariant: what is judged is what was shown, never when.

#![allow(clippy::expect_used, reason = "a test may end at what it did not expect")]

use std::{
    fs,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use image::RgbImage;
use jiff::{Timestamp, ToSpan};
use serde_json::json;

#[path = "common/outside.rs"]
mod outside;

use outside::{
    glass::{Glass, Rect},
    process::{Program, until},
    queue::Queue,
    watch, zones,
};

const SIZE: (u32, u32) = (1280, 720);
const COUNTERS: usize = 8;

/// The program in a window that fills an X server's glass, following a queue server.
struct Hall {
    // Dropped in this order: the program first.
    program: Program,
    glass: Glass,
    queue: Queue,
    folder: tempfile::TempDir,
}

impl Hall {
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let glass = Glass::start(SIZE.0, SIZE.1);
        let queue = Queue::start(COUNTERS);
        let mut command = papan(folder.path());
        command
            .args(["show", "--windowed", "--layout", "landscape", "--renderer", "software"])
            .args(["--size", &format!("{}x{}", SIZE.0, SIZE.1), "--queue", &queue.url()])
            .env("DISPLAY", &glass.display);
        Self { program: Program::start(&mut command), glass, queue, folder }
    }

    fn board(&self) -> Vec<u8> {
        self.glass.pixels(zones::board(&self.glass))
    }

    /// Waits until the board is, pixel for pixel, what `papan snapshot` draws of the queue server's hall,
    /// with any of these ends of the command line.
    fn shows_the_hall(&mut self, ends: &[Vec<String>]) {
        let state = self.folder.path().join("hall.json");
        fs::write(&state, self.queue.snapshot()).expect("written");
        let pictures: Vec<_> = ends.iter().map(|end| snapshot(self.folder.path(), &state, end)).collect();
        let board = zones::board(&self.glass);
        let wanted: Vec<_> = pictures.iter().map(|p| crop(p, board)).collect();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        until(
            || {
                self.glass.save(self.glass.all(), &folder.join("outside-is.png"));
                pictures[0].save(folder.join("outside-should.png")).expect("written");
                format!("the board shows the hall; see {}/outside-*.png", folder.display())
            },
            || wanted.contains(&self.board()),
        );
        assert!(self.program.runs(), "{}", self.program.said());
    }

    fn shows_the_hall_live(&mut self) {
        self.shows_the_hall(&[vec![]]);
    }
}

/// The program, with nothing of this machine's user in it.
fn papan(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_papan"));
    command.env("HOME", home);
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
        command.env_remove(name);
    }
    command
}

/// What the program itself draws of a hall, without a window.
fn snapshot(folder: &Path, state: &Path, end: &[String]) -> RgbImage {
    let out = folder.join("snapshot.png");
    let mut command = papan(folder);
    command.arg("snapshot").arg(&out).arg("--state").arg(state).args(["--layout", "landscape"]);
    let done =
        command.args(["--size", &format!("{}x{}", SIZE.0, SIZE.1)]).args(end).output().expect("it starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    image::open(&out).expect("a picture").to_rgb8()
}

/// A rectangle of a picture, with its pixels as the X server has them.
fn crop(picture: &RgbImage, at: Rect) -> Vec<u8> {
    let rows = at.y..at.y + at.height;
    rows.flat_map(|y| (at.x..at.x + at.width).map(move |x| (x, y)))
        .flat_map(|(x, y)| {
            let [red, green, blue] = picture.get_pixel(x, y).0;
            [blue, green, red, 0]
        })
        .collect()
}

/// The first and the last row in which two pictures of the board differ.
fn differ(glass: &Glass, before: &[u8], after: &[u8]) -> Option<(usize, usize)> {
    let row = zones::board(glass).width as usize * 4;
    let mut rows = before.chunks(row).zip(after.chunks(row)).enumerate().filter(|(_, (a, b))| a != b);
    let first = rows.next()?.0;
    Some((first, rows.next_back().map_or(first, |r| r.0)))
}

/// That a list of pictures of the running text is one text that moves by the same whole pixels each time.
/// A watcher that was kept from looking has missed some: then it is a multiple of them.
fn moves_evenly(frames: &[(Instant, Vec<u8>)]) {
    assert!(frames.len() > 30, "it moves: {}", frames.len());
    let shifts: Vec<_> = frames.windows(2).map(|w| watch::shift(&w[0].1, &w[1].1, 160)).collect();
    let step = shifts.iter().map(|s| s.0).min().unwrap_or_default();
    assert!(step > 0, "it stood still and changed: {shifts:?}");
    for (by, difference) in &shifts {
        assert!(*difference == 0.0, "it moved by a part of a pixel: {shifts:?}");
        assert!(by % step == 0, "it moved by {by} pixels, and by {step}: {shifts:?}");
    }
    let even = shifts.iter().filter(|s| s.0 == step).count();
    assert!(2 * even > shifts.len(), "{even} of {} frames moved by {step}: {shifts:?}", shifts.len());
}

#[test]
fn a_call_changes_its_row_alone_and_comes_on_stage() {
    let mut hall = Hall::open();
    hall.shows_the_hall_live();
    let (before, stage) = (hall.board(), hall.glass.pixels(zones::stage(&hall.glass)));
    hall.queue.call(2, 77);
    until(|| "the board changes".into(), || hall.board() != before);
    until(|| "the call-out comes".into(), || hall.glass.pixels(zones::stage(&hall.glass)) != stage);
    let (first, last) = differ(&hall.glass, &before, &hall.board()).expect("it changed");
    let (height, rows) = (before.len() / (zones::board(&hall.glass).width as usize * 4), COUNTERS);
    assert!(last - first < height / rows, "one row changes: {first} to {last} of {height}");
    assert!(
        first > 2 * height / (rows + 1) && last < 4 * height / rows,
        "and it is the third: {first} to {last}"
    );
}

#[test]
fn the_running_text_moves_by_whole_pixels_whatever_is_called() {
    let mut hall = Hall::open();
    hall.shows_the_hall_live();
    let row = zones::ticker_row(&hall.glass);
    let before = hall.glass.pixels(row);
    until(|| "the text begins to move".into(), || hall.glass.pixels(row) != before);
    for number in 0..3 {
        hall.queue.call(number, 50 + number);
        moves_evenly(&watch::row(&hall.glass, row, Duration::from_secs(1)));
    }
}

#[test]
fn what_is_wrong_changes_nothing_on_the_board() {
    let mut hall = Hall::open();
    hall.shows_the_hall_live();
    let before = hall.board();
    let long = "x".repeat(300);
    let bad = [
        ("papan.ticket.called", json!({"ticket": 5, "counter": "1", "attempt": 1})),
        ("papan.ticket.called", json!({"ticket": long, "counter": "1", "service": "ktp", "attempt": 1})),
        ("papan.ticket.called", json!({"counter": "2"})),
        ("papan.ticket.finished", json!({"ticket": "A-001", "counter": "1", "outcome": "vanished"})),
        ("papan.counter.changed", json!({"id": "1", "label": long, "state": "open"})),
        ("papan.service.changed", json!({"id": "ktp", "name": long, "agency": "", "prefix": ""})),
        ("papan.hall.snapshot", json!({"hall": {}, "counters": "none"})),
        ("papan.from.the.future", json!({"anything": [1, 2, 3]})),
    ];
    for text in ["", "{", "[]", "null", "\u{0}", "{\"specversion\": \"1.0\"}", &"[".repeat(10_000)] {
        hall.queue.send_raw(text);
    }
    for (kind, data) in bad {
        hall.queue.send(kind, data);
    }
    // Events are taken in order: once this call is shown, all that came before it has been dealt with.
    hall.queue.call(COUNTERS - 1, 99);
    until(|| "the last row changes".into(), || hall.board() != before);
    let (first, _) = differ(&hall.glass, &before, &hall.board()).expect("it changed");
    let height = zones::board(&hall.glass).height as usize;
    assert!(first > (COUNTERS - 1) * height / (COUNTERS + 1), "a row above the last changed too: {first}");
    // A message that is too large ends the connection; the display comes back.
    let snapshots = hall.queue.snapshots();
    hall.queue.send_raw(&" ".repeat(2 * 1024 * 1024));
    until(|| "it connects again".into(), || hall.queue.snapshots() > snapshots);
    assert!(hall.program.runs(), "{}", hall.program.said());
}

#[test]
fn a_server_that_is_gone_is_told_and_one_that_is_back_is_followed() {
    let mut hall = Hall::open();
    hall.shows_the_hall_live();
    let gone = Timestamp::now();
    hall.queue.pause();
    // The caption tells the time in minutes, and the minute may change meanwhile.
    let times = [gone, gone - 1.minute(), gone + 1.minute()];
    let ends: Vec<_> = times.iter().map(|t| vec!["--stale".to_owned(), t.to_string()]).collect();
    hall.shows_the_hall(&ends);
    hall.queue.resume();
    hall.shows_the_hall_live();
}

#[test]
fn a_thousand_events_a_second_for_a_minute_end_in_the_right_picture() {
    const EVENTS: usize = 60_000;
    let mut hall = Hall::open();
    hall.shows_the_hall_live();
    let row = zones::ticker_row(&hall.glass);
    thread::scope(|scope| {
        let meanwhile = scope.spawn(|| watch::row(&hall.glass, row, Duration::from_secs(5)));
        storm(&hall.queue, EVENTS);
        moves_evenly(&meanwhile.join().expect("it watched"));
    });
    // No counter is left with a fresh call, whose accent goes with time.
    for counter in 0..COUNTERS {
        hall.queue.serve(counter, 500 + counter);
    }
    hall.shows_the_hall_live();
    assert_eq!(hall.queue.heard("papan.display.resync"), 0, "nothing was lost on the way");
    assert_eq!(hall.queue.snapshots(), 1, "the connection held");
}

/// Sends so many events, a thousand a second: calls, finished tickets, counters and services that changed.
fn storm(queue: &Queue, events: usize) {
    let begun = Instant::now();
    let mut sent = 0;
    while sent < events {
        let counter = sent * 7 % COUNTERS;
        match sent % 5 {
            3 => {
                queue.serve(counter, sent);
                sent += 1;
            }
            4 => {
                let data = json!({"id": "ktp", "name": "Perekaman KTP-el", "agency": "Dukcapil", "prefix": "A",
                    "waiting": sent % 100});
                queue.send("papan.service.changed", data);
            }
            _ => _ = queue.call(counter, sent),
        }
        sent += 1;
        // The pace is that of the clock: what is late is made up for.
        thread::sleep(Duration::from_millis(sent as u64).saturating_sub(begun.elapsed()));
    }
}
