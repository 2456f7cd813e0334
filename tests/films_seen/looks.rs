//! What is seen on the stage, look by look, and what the looks tell.
//! Invariant: a look is a whole one: a row that the X server is at work on is looked at again.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    films_bad::{BLOCKS, DARK, LIGHT, decode},
    outside::glass::{Glass, Rect},
};

/// The time between two looks: a quarter of a refresh.
const LOOK: Duration = Duration::from_millis(4);
/// Rows between two that are looked at for what is black or empty.
const STEP: u32 = 30;
/// How far a channel may be from a block's own value: packing leaves traces.
const NEAR: u8 = 14;

/// What is on the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// A frame of a film alone, or a picture.
    Frame { film: u32, frame: u32 },
    /// Something else that shows something: a change from one to the next, or a card.
    Other,
    /// All of it is dark.
    Black,
    /// All of it is one colour.
    Empty,
}

/// Something that stood on the stage without changing.
#[derive(Debug, Clone)]
pub struct Still {
    pub since: Instant,
    pub until: Instant,
    pub seen: Seen,
}

impl Still {
    pub fn length(&self) -> Duration {
        self.until - self.since
    }

    pub fn film(&self) -> Option<u32> {
        match self.seen {
            Seen::Frame { film, .. } => Some(film),
            _ => None,
        }
    }
}

/// Looks at the stage.
pub struct Eye<'g> {
    glass: &'g Glass,
    stage: Rect,
    band: Rect,
    now: Vec<u8>,
    again: Vec<u8>,
    rows: Vec<u8>,
}

impl<'g> Eye<'g> {
    pub fn new(glass: &'g Glass, stage: Rect) -> Self {
        let band = Rect { y: stage.y + stage.height / 2, height: 1, ..stage };
        Self { glass, stage, band, now: Vec::new(), again: Vec::new(), rows: Vec::new() }
    }

    /// One look: the row across the middle, where the code is.
    fn look(&mut self) -> &[u8] {
        self.glass.look(self.band, 1, &mut self.now);
        loop {
            self.glass.look(self.band, 1, &mut self.again);
            if self.again == self.now {
                return &self.now;
            }
            std::mem::swap(&mut self.again, &mut self.now);
        }
    }

    /// What that row shows, with the rest of the stage.
    fn judge(&mut self) -> Seen {
        if let Some((film, frame)) = code(&self.now) {
            return Seen::Frame { film, frame };
        }
        self.glass.look(self.stage, STEP, &mut self.rows);
        let dark = self.rows.chunks_exact(4).filter(|p| p[..3].iter().all(|c| *c < 24)).count();
        if dark * 40 > self.rows.len() / 4 * 39 {
            return Seen::Black;
        }
        let first = &self.rows[..4];
        let other = |p: &&[u8]| (0..3).any(|c| p[c].abs_diff(first[c]) > 16);
        let others = self.rows.chunks_exact(4).filter(other).count();
        // A card of two lines has more than that.
        if others * 200 < self.rows.len() / 4 { Seen::Empty } else { Seen::Other }
    }

    /// Watches until `enough`, which gets all that was seen so far at each change, or for so long.
    pub fn watch(&mut self, most: Duration, mut enough: impl FnMut(&[Still]) -> bool) -> Vec<Still> {
        let mut stills: Vec<Still> = Vec::new();
        let begun = Instant::now();
        let mut last = Vec::new();
        while begun.elapsed() < most {
            let changed = self.look() != last;
            let now = Instant::now();
            if let Some(still) = stills.last_mut() {
                still.until = now;
            }
            if changed {
                last.clone_from(&self.now);
                let seen = self.judge();
                stills.push(Still { since: now, until: now, seen });
                if enough(&stills) {
                    break;
                }
            }
            thread::sleep(LOOK);
        }
        stills
    }

    /// Waits until this is seen, and panics where it is not in time.
    pub fn until(&mut self, what: &str, mut so: impl FnMut(Seen) -> bool) {
        let stills =
            self.watch(crate::outside::process::PATIENCE, |stills| so(stills[stills.len() - 1].seen));
        let last = stills.last().map(|still| still.seen);
        assert!(last.is_some_and(so), "not in time: {what}; last seen: {last:?}");
    }
}

/// The code in a row of the stage, if there is one and nothing else.
fn code(row: &[u8]) -> Option<(u32, u32)> {
    let width = row.len() / 4 / BLOCKS;
    let mut blocks = [false; BLOCKS];
    for (at, block) in blocks.iter_mut().enumerate() {
        // The middle of the block: at its edges are traces of scaling.
        let middle = (at * width + width / 4) * 4..(at * width + 3 * width / 4) * 4;
        let pixels = row[middle].chunks_exact(4);
        let count = pixels.len() as u32;
        let mean = (pixels.map(|p| u32::from(p[1])).sum::<u32>() / count) as u8;
        *block = mean > 128;
        if mean.abs_diff(if *block { LIGHT } else { DARK }) > NEAR {
            return None;
        }
    }
    decode(&blocks)
}

/// That nothing black or empty was seen.
pub fn never_nothing(stills: &[Still]) {
    let begun = stills.first().map(|still| still.since);
    for still in stills {
        let when = begun.map(|begun| still.since - begun).unwrap_or_default();
        let nothing = matches!(still.seen, Seen::Black | Seen::Empty);
        assert!(!nothing, "{:?} for {:?} after {when:?}", still.seen, still.length());
    }
}

/// Times in order, as a line of text: how many, the middle one, the 99th hundredth, the longest.
pub fn spread(times: &mut [Duration]) -> String {
    times.sort();
    let at = |percent: usize| times.get((times.len() * percent / 100).min(times.len().saturating_sub(1)));
    let ms = |time: Option<&Duration>| time.map_or(0, Duration::as_millis);
    format!("{}: p50 {} ms, p99 {} ms, longest {} ms", times.len(), ms(at(50)), ms(at(99)), ms(times.last()))
}

/// The middle one of some times.
pub fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
