//! The measurements. Invariant: each begins and ends at something that anyone before the screen could see.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::StdRng};

use crate::{
    client::{Client, Scene},
    options::Effort,
    outside::{
        cost,
        glass::{Glass, Rect},
        process::{PATIENCE, Program},
        queue::Queue,
        watch, zones,
    },
};

const COUNTERS: usize = 8;
/// How long a start is watched, until all is drawn.
const START: Duration = Duration::from_secs(4);
/// What a start may still do after that: caches, garbage, fonts.
const SETTLE: Duration = Duration::from_secs(4);
/// The most pixels that the running text is looked for in one step, at 1080 rows.
const MOST_SHIFT: usize = 32;

/// What was found; times in milliseconds, each list sorted.
#[derive(Debug, Default)]
pub struct Found {
    /// From the start of the process until the board shows anything of its own.
    pub first_picture: Option<f64>,
    /// From the start of the process until the board shows the numbers.
    pub numbers: Option<f64>,
    /// From sending a call to the first changed pixel of the board.
    pub calls: Vec<f64>,
    pub missed: usize,
    /// Presented frames of the running text a second.
    pub fps: f64,
    /// Between two presented frames.
    pub gaps: Vec<f64>,
    /// Pixels that the running text moved from a presented frame to the next.
    pub shifts: Vec<f64>,
    /// Cores that the client kept busy, and the X server for it.
    pub cores: f64,
    pub server_cores: f64,
    /// Memory of all its processes (PSS).
    pub mib: f64,
}

/// Starts a client in a scene and measures all of it.
pub fn all(client: Client, scene: &Scene, effort: Effort, shots: Option<&Path>) -> Found {
    let home = tempfile::tempdir().expect("a folder");
    let glass = Glass::start(scene.width, scene.height);
    let queue = Queue::start(COUNTERS);
    let mut found = Found::default();
    let begun = Instant::now();
    let mut program = client.start(scene, &glass, &queue, home.path());
    start(&glass, begun, &mut program, &mut found);
    thread::sleep(SETTLE);
    watch_it_run(&glass, scene, program.child.id(), effort.watch, &mut found);
    if scene.ticker {
        calls(&glass, &queue, effort.calls, &mut found);
    }
    if let Some(folder) = shots {
        glass.save(glass.all(), &folder.join(format!("{}-{}.png", client.name(), scene.name)));
    }
    assert!(program.runs(), "{} ended: {}", client.name(), program.said());
    found
}

fn start(glass: &Glass, begun: Instant, program: &mut Program, found: &mut Found) {
    let board = zones::board(glass);
    let (mut now, mut last) = (Vec::new(), Vec::new());
    while begun.elapsed() < PATIENCE && found.first_picture.is_none_or(|ms| begun.elapsed() < since(ms)) {
        glass.look(board, step(glass), &mut now);
        if now != last {
            let ms = begun.elapsed().as_secs_f64() * 1000.0;
            // A window that is still empty has one colour, at most two.
            if found.first_picture.is_none() && colours(&now) > 2 {
                found.first_picture = Some(ms);
            }
            found.numbers = found.first_picture.and(Some(ms));
            std::mem::swap(&mut now, &mut last);
        }
        assert!(program.runs(), "it ended at its start: {}", program.said());
        thread::sleep(Duration::from_millis(2));
    }
}

fn since(first_picture_ms: f64) -> Duration {
    Duration::from_secs_f64(first_picture_ms / 1000.0) + START
}

/// How many colours there are, counted to 3.
fn colours(pixels: &[u8]) -> usize {
    let mut seen: Vec<&[u8]> = Vec::new();
    for pixel in pixels.chunks_exact(4) {
        if !seen.contains(&pixel) {
            seen.push(pixel);
        }
        if seen.len() > 2 {
            break;
        }
    }
    seen.len()
}

fn watch_it_run(glass: &Glass, scene: &Scene, pid: u32, time: Duration, found: &mut Found) {
    let (before, server_before) = (cost::of_tree(pid), cost::of_tree(glass.pid()));
    let begun = Instant::now();
    let frames = if scene.ticker { watch::row(glass, zones::ticker_row(glass), time) } else { Vec::new() };
    thread::sleep(time.saturating_sub(begun.elapsed()));
    let seconds = begun.elapsed().as_secs_f64();
    let (after, server_after) = (cost::of_tree(pid), cost::of_tree(glass.pid()));
    found.cores = (after.cpu.saturating_sub(before.cpu)).as_secs_f64() / seconds;
    found.server_cores = (server_after.cpu.saturating_sub(server_before.cpu)).as_secs_f64() / seconds;
    found.mib = after.mib;
    found.fps = frames.len() as f64 / seconds;
    let most = MOST_SHIFT * glass.height as usize / 1080;
    for pair in frames.windows(2) {
        found.gaps.push((pair[1].0 - pair[0].0).as_secs_f64() * 1000.0);
        found.shifts.push(watch::shift(&pair[0].1, &pair[1].1, most).0 as f64);
    }
    found.gaps.sort_by(f64::total_cmp);
    found.shifts.sort_by(f64::total_cmp);
}

fn calls(glass: &Glass, queue: &Queue, calls: usize, found: &mut Found) {
    let board = zones::board(glass);
    let mut random = StdRng::seed_from_u64(7);
    let mut before = Vec::new();
    for number in 0..calls {
        // At any moment between two refreshes, and of the running text.
        thread::sleep(Duration::from_micros(random.random_range(500_000..1_100_000)));
        glass.look(board, step(glass), &mut before);
        let call = queue.call(random.random_range(0..COUNTERS), 100 + number);
        let sent = call.at().expect("the client is connected");
        match watch::change(glass, board, step(glass), &before, sent + Duration::from_secs(3)) {
            Some(seen) => found.calls.push(seen.duration_since(sent).as_secs_f64() * 1000.0),
            None => found.missed += 1,
        }
    }
    found.calls.sort_by(f64::total_cmp);
}

/// The board is looked at in 90 rows: a board's row of counters is ten of them high.
fn step(glass: &Glass) -> u32 {
    let Rect { height, .. } = zones::board(glass);
    height / 90
}
