//! A film's pieces in a row, each frame heard at its time.
//! Invariant: what is heard never steps: it sets in, breaks off and goes on over milliseconds, and no turn does more
//! than its frames need.

use std::{sync::mpsc::Receiver, time::Instant};

use kira::Frame;

use super::{
    after, moved,
    sinc::{HALF, Sinc, TAPS},
};
use crate::state::{FilmInput, FilmPiece};

/// Frames a second.
const RATE: f64 = FilmInput::RATE as f64;
/// How much of a sound that breaks off is left with each frame: it is gone after 5 ms.
const BREAKING_OFF: f32 = 0.97;
/// How much louder a sound that sets in becomes with each frame: it is whole after 5 ms.
const COMING_BACK: f32 = 1.0 / 240.0;
/// What is softer than this cannot be heard.
const INAUDIBLE: f32 = 1.0e-5;
/// A film that is this much too late or too early, in seconds, goes on at the right place at once; one that is less
/// goes there by and by.
const JUMP: f64 = 0.04;
/// A piece that is due this much after the end of the one before, in seconds, still follows it without a silence:
/// files tell the times of their sound by the millisecond.
const JOINED: f64 = 0.005;
/// A sound sets in with a piece that is at most this late, in seconds. Of a later one the first part would be
/// missing and the next come as late: there would be a piece of sound every 20 ms in place of silence.
const IN_TIME: f64 = 0.005;
/// What is due so long from now, in seconds, is no film's sound: it would hold up all that comes after it.
const FAR: f64 = 2.0;
/// The seconds that a film takes to make up for being early or late, and by how much it is slower or faster for that
/// at the most: 3 cents, of which nobody hears that they come and go.
const CATCH_UP: f64 = 5.0;
const MOST_FASTER: f64 = 0.002;

/// What came of a film's sound, and what is heard of it now.
pub(super) struct Pieces {
    incoming: Receiver<FilmPiece>,
    frames: Vec<[f32; 2]>,
    /// When its first frame is to be heard.
    due: Instant,
    /// The next frame of the piece.
    at: usize,
    /// Whether one frame follows the other; if not, the next piece waits for its time.
    playing: bool,
    /// How loud the film is since it set in; 1 is whole.
    gain: f32,
    /// What is left of a sound that broke off.
    tail: [f32; 2],
    /// The frames around what is heard; it lies after the one in the middle.
    window: [[f32; 2]; TAPS],
    /// How far after.
    past: f64,
}

/// A turn of the device.
struct Turn {
    /// When its first frame is heard.
    heard: Instant,
    /// How many of the film's frames after that the one is heard that enters the window next.
    ahead: f64,
    /// How many pieces may still be taken.
    left: usize,
}

impl Turn {
    /// How many seconds too late a frame is that enters now; less than 0 where it is too early.
    fn late(&self, due: Instant) -> f64 {
        self.ahead / RATE - after(due, self.heard)
    }
}

impl Pieces {
    pub(super) fn new(incoming: Receiver<FilmPiece>) -> Self {
        Self {
            incoming,
            frames: Vec::new(),
            due: Instant::now(),
            at: 0,
            playing: false,
            gain: 0.0,
            tail: [0.0; 2],
            window: [[0.0; 2]; TAPS],
            past: 0.0,
        }
    }

    /// Lets all of it go.
    pub(super) fn forget(&mut self) {
        while self.incoming.try_recv().is_ok() {}
        self.frames.clear();
        (self.at, self.playing, self.gain) = (0, false, 0.0);
        (self.tail, self.window) = ([0.0; 2], [[0.0; 2]; TAPS]);
    }

    /// Fills `out`, each frame `step` frames of the film after the one before it, the first of them heard at
    /// `heard`.
    pub(super) fn fill(&mut self, out: &mut [Frame], step: f64, heard: Instant, sinc: &Sinc) {
        // At the film's own rate there is no rounding that adds up.
        let step = if (step - 1.0).abs() < 1.0e-9 { 1.0 } else { step };
        let ahead = 1.0 + HALF as f64 - self.past - step;
        let mut turn = Turn { heard, ahead, left: out.len() };
        if !self.playing && self.is_silent() && !self.begins(out.len() as f64 * step, &mut turn) {
            (self.tail, self.window) = ([0.0; 2], [[0.0; 2]; TAPS]);
            return out.fill(Frame::ZERO);
        }
        let step = step * self.faster(heard, step);
        for frame in out {
            self.past += step;
            while self.past >= 1.0 {
                self.past -= 1.0;
                self.advance(&mut turn);
            }
            *frame = sinc.at(&self.window, self.past);
        }
    }

    /// How much faster than it was recorded the film is to be heard to come to its time; one that is far from it
    /// breaks off, to set in where it should be.
    fn faster(&mut self, heard: Instant, step: f64) -> f64 {
        if !self.playing {
            return 1.0;
        }
        let next = self.at as f64 - 1.0 - HALF as f64 + self.past + step;
        let late = after(heard, moved(self.due, next / RATE));
        if late.abs() > JUMP {
            self.break_off();
            return 1.0;
        }
        1.0 + (late / CATCH_UP).clamp(-MOST_FASTER, MOST_FASTER)
    }

    /// Whether a piece sets in within so many frames, or is never to be heard.
    fn begins(&mut self, frames: f64, turn: &mut Turn) -> bool {
        if self.at >= self.frames.len() && !self.take(turn) {
            return false;
        }
        let late = turn.late(self.due);
        late < -FAR || late * RATE + frames > -1.0
    }

    /// Whether nothing is left to be heard but what comes.
    fn is_silent(&self) -> bool {
        self.window.iter().flatten().all(|sample| sample.abs() < INAUDIBLE)
    }

    /// Lets the window go on by a frame.
    fn advance(&mut self, turn: &mut Turn) {
        let frame = self.next(turn);
        turn.ahead += 1.0;
        self.tail = self.tail.map(|s| if s.abs() < INAUDIBLE { 0.0 } else { s * BREAKING_OFF });
        let mut newest = self.tail;
        if let Some(frame) = frame {
            self.gain = (self.gain + COMING_BACK).min(1.0);
            newest[0] += frame[0] * self.gain;
            newest[1] += frame[1] * self.gain;
        }
        self.window.copy_within(1.., 0);
        self.window[TAPS - 1] = newest;
    }

    /// The next frame; `None` while its time has not come, or there is none.
    fn next(&mut self, turn: &mut Turn) -> Option<[f32; 2]> {
        loop {
            if self.at >= self.frames.len() && !self.take(turn) {
                return None;
            }
            if !self.playing {
                let late = turn.late(self.due);
                if !(-FAR..=IN_TIME).contains(&late) {
                    self.at = self.frames.len();
                    continue;
                }
                // As near to its time as one frame can be.
                if late * RATE < -0.5 {
                    return None;
                }
                self.playing = true;
            }
            if let Some(frame) = self.frames.get(self.at) {
                self.at += 1;
                return Some(*frame);
            }
        }
    }

    /// Takes the next piece where there is one. One that does not follow what is heard waits for its time.
    fn take(&mut self, turn: &mut Turn) -> bool {
        let piece = if turn.left == 0 { None } else { self.incoming.try_recv().ok() };
        let Some(piece) = piece else {
            self.break_off();
            return false;
        };
        turn.left -= 1;
        let gap = after(piece.due, moved(self.due, self.frames.len() as f64 / RATE));
        if !(-JUMP..=JOINED).contains(&gap) {
            self.break_off();
        }
        (self.frames, self.due, self.at) = (piece.frames, piece.due, 0);
        true
    }

    fn break_off(&mut self) {
        if self.playing {
            self.tail = self.window[TAPS - 1];
        }
        (self.playing, self.gain) = (false, 0.0);
    }
}
