//! Watching pixels change, and telling how a row of them moved.
//! Invariant: the watcher sleeps between two looks, so that it leaves the machine to what it watches.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::glass::{Glass, Rect};

/// The time between two looks: a thirtieth of a refresh.
pub const LOOK: Duration = Duration::from_micros(500);

/// Waits until a rectangle, looked at in every `step`-th row, is otherwise than `before`; when that was.
pub fn change(glass: &Glass, at: Rect, step: u32, before: &[u8], until: Instant) -> Option<Instant> {
    let mut now = Vec::new();
    loop {
        glass.look(at, step, &mut now);
        let seen = Instant::now();
        if now != before {
            return Some(seen);
        }
        if seen > until {
            return None;
        }
        thread::sleep(LOOK);
    }
}

/// Every picture that one row of pixels showed for a while, with the time of each.
pub fn row(glass: &Glass, at: Rect, time: Duration) -> Vec<(Instant, Vec<u8>)> {
    let at = Rect { height: 1, ..at };
    let (mut seen, mut now, mut again) = (Vec::new(), Vec::new(), Vec::new());
    let begun = Instant::now();
    glass.look(at, 1, &mut now);
    let mut last = now.clone();
    while begun.elapsed() < time {
        glass.look(at, 1, &mut now);
        if now == last {
            thread::sleep(LOOK);
            continue;
        }
        let when = Instant::now();
        // The X server may be half-way through the row: it counts once two looks agree.
        loop {
            glass.look(at, 1, &mut again);
            if again == now {
                break;
            }
            std::mem::swap(&mut again, &mut now);
        }
        last.clone_from(&now);
        seen.push((when, now.clone()));
    }
    seen
}

/// How many pixels a row moved to the left, up to `most`: the shift with the least difference, and that
/// difference as the mean of a colour channel. A row that moved by whole pixels has a difference of 0.
pub fn shift(before: &[u8], after: &[u8], most: usize) -> (usize, f64) {
    let width = before.len() / 4 - most;
    (0..=most)
        .map(|by| {
            let pairs = before[by * 4..(by + width) * 4].iter().zip(&after[..width * 4]);
            let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
            (by, sum as f64 / (width * 3) as f64)
        })
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or_default()
}
