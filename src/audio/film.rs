//! A film's sound on its way into the mixer: pieces over a bounded channel, pulled as the device asks.
//! Invariant: the device's thread neither waits nor allocates here, and what comes too late is silence, not a click.

use std::sync::{
    Arc, Mutex, PoisonError,
    mpsc::{Receiver, sync_channel},
};

use kira::{
    Frame,
    info::Info,
    interpolate_frame,
    sound::{Sound, SoundData},
};

use crate::state::{FilmInput, FilmPiece};

/// How many pieces can wait: 160 ms. A film holds back what finds no room.
const MOST_PIECES: usize = 8;
/// How much of a sound that breaks off is left with each frame: it is gone after 5 ms.
const BREAKING_OFF: f32 = 0.97;
/// How much louder a sound that comes back becomes with each frame: it is whole after 5 ms.
const COMING_BACK: f32 = 1.0 / 240.0;
/// What is softer than this cannot be heard.
const INAUDIBLE: f32 = 1.0e-5;

/// What came of a film's sound and was not heard yet. It outlives the device, and goes on with the next one.
#[derive(Clone)]
pub(super) struct Film(Arc<Mutex<Pieces>>);

struct Pieces {
    incoming: Receiver<FilmPiece>,
    piece: Vec<[f32; 2]>,
    /// The next frame of the piece.
    at: usize,
    /// The frames around what is heard, for rates other than the film's; it lies after the second of them.
    around: [Frame; 4],
    /// How far after.
    past: f64,
    /// How loud the film is after a break; 1 is whole.
    gain: f32,
}

impl Film {
    /// A film's way into the mixer, and its end there.
    pub(super) fn new() -> (FilmInput, Self) {
        let (input, incoming) = sync_channel(MOST_PIECES);
        let pieces =
            Pieces { incoming, piece: Vec::new(), at: 0, around: [Frame::ZERO; 4], past: 0.0, gain: 0.0 };
        (FilmInput(input), Self(Arc::new(Mutex::new(pieces))))
    }

    /// Lets go what waited while there was no device: it belongs to pictures that are long gone.
    pub(super) fn forget(&self) {
        let mut pieces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while pieces.incoming.try_recv().is_ok() {}
        pieces.piece.clear();
        (pieces.at, pieces.gain) = (0, 0.0);
    }
}

impl SoundData for Film {
    type Error = ();
    type Handle = ();

    fn into_sound(self) -> Result<(Box<dyn Sound>, ()), ()> {
        Ok((Box::new(self), ()))
    }
}

impl Sound for Film {
    fn process(&mut self, out: &mut [Frame], dt: f64, _info: &Info) {
        // Only the sound thread takes it as well, and not while a device plays it.
        match self.0.try_lock() {
            Ok(mut pieces) => pieces.fill(out, dt * f64::from(FilmInput::RATE)),
            Err(_) => out.fill(Frame::ZERO),
        }
    }

    fn finished(&self) -> bool {
        false
    }
}

impl Pieces {
    /// Fills `out`, each frame `step` frames of the film after the one before it.
    fn fill(&mut self, out: &mut [Frame], step: f64) {
        let mut dry = !self.has_more();
        if dry && self.around.iter().all(|f| f.left.abs().max(f.right.abs()) < INAUDIBLE) {
            self.gain = 0.0;
            return out.fill(Frame::ZERO);
        }
        // At the film's own rate each frame is one of its own, without a rounding that adds up.
        let step = if (step - 1.0).abs() < 1.0e-9 { 1.0 } else { step };
        for frame in out {
            self.past += step;
            while self.past >= 1.0 {
                self.past -= 1.0;
                dry = dry || !self.has_more();
                self.advance(dry);
            }
            let [before, here, next, after] = self.around;
            *frame = interpolate_frame(before, here, next, after, self.past as f32);
        }
    }

    /// Whether there is a frame to take; takes the next piece where there is one.
    fn has_more(&mut self) -> bool {
        while self.at >= self.piece.len() {
            let Ok(piece) = self.incoming.try_recv() else { return false };
            (self.piece, self.at) = (piece.frames, 0);
        }
        true
    }

    fn advance(&mut self, dry: bool) {
        let newest = if dry {
            self.gain = 0.0;
            self.around[3] * BREAKING_OFF
        } else {
            let [left, right] = self.piece[self.at];
            self.at += 1;
            self.gain = (self.gain + COMING_BACK).min(1.0);
            Frame::new(left, right) * self.gain
        };
        self.around.rotate_left(1);
        self.around[3] = newest;
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use super::*;

    fn tone(count: usize) -> Vec<[f32; 2]> {
        (0..count).map(|i| [0.5 * (TAU * 1_000.0 * i as f32 / 48_000.0).sin(); 2]).collect()
    }

    fn heard(film: &mut Film, frames: usize, rate: f64) -> Vec<f32> {
        let info = kira::info::MockInfoBuilder::new().build();
        let mut out = vec![Frame::ZERO; frames];
        for chunk in out.chunks_mut(128) {
            film.process(chunk, 1.0 / rate, &info);
        }
        out.iter().map(|f| f.left).collect()
    }

    fn feed(input: &FilmInput, sound: &[[f32; 2]]) {
        for piece in sound.chunks(FilmInput::PIECE) {
            input
                .0
                .try_send(FilmPiece { due: std::time::Instant::now(), frames: piece.to_vec() })
                .expect("there is room");
        }
    }

    #[test]
    fn at_its_own_rate_it_is_heard_as_it_is() {
        let (input, mut film) = Film::new();
        let sound = tone(4_800);
        feed(&input, &sound);
        let heard = heard(&mut film, 4_800, 48_000.0);
        for i in 300..4_797 {
            assert_eq!(heard[i + 2], sound[i][0], "frame {i}");
        }
    }

    #[test]
    fn at_another_rate_it_keeps_its_pitch() {
        let (input, mut film) = Film::new();
        feed(&input, &tone(4_800));
        let heard = heard(&mut film, 4_000, 44_100.0);
        let rises = heard[500..].windows(2).filter(|w| w[0] < 0.0 && w[1] >= 0.0).count();
        let wanted = 3_500.0 / 44.1;
        assert!((rises as f32 - wanted).abs() < 2.0, "{rises} periods, {wanted} wanted");
    }

    #[test]
    fn what_comes_too_late_is_silence_without_a_click() {
        let (input, mut film) = Film::new();
        assert!(heard(&mut film, 1_000, 48_000.0).iter().all(|s| *s == 0.0));
        feed(&input, &[[0.5; 2]; 960]);
        let mut all = heard(&mut film, 3_000, 48_000.0);
        feed(&input, &[[-0.5; 2]; 960]);
        all.extend(heard(&mut film, 960, 48_000.0));
        let step = all.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
        assert!(step < 0.02, "a jump of {step}");
        assert!(all[500] == 0.5 && all[2_500].abs() < 1.0e-4 && all[3_900] == -0.5);
    }

    #[test]
    fn what_waited_for_a_device_is_forgotten_and_the_next_goes_on() {
        let (input, film) = Film::new();
        feed(&input, &tone(FilmInput::PIECE * MOST_PIECES));
        assert!(
            input.0.try_send(FilmPiece { due: std::time::Instant::now(), frames: vec![[0.0; 2]] }).is_err(),
            "it is bounded"
        );
        film.forget();
        assert!(heard(&mut film.clone(), 960, 48_000.0).iter().all(|s| *s == 0.0));
        feed(&input, &[[0.5; 2]; 960]);
        assert!(heard(&mut film.clone(), 960, 48_000.0).contains(&0.5));
    }
}
