//! A sound between its frames, as a windowed sinc has it.
//! Invariant: at a frame it is that frame where the device holds all of the sound, and nothing is allocated after the table.

use kira::Frame;

use super::super::clip::{BAND, row};

/// How many frames to either side of a moment make up the sound there.
pub(super) const HALF: usize = 16;
/// So many in all.
pub(super) const TAPS: usize = 2 * HALF;
/// How many places between two frames have weights of their own; between them the weights are on a line. What
/// that leaves out lies 80 dB below.
const PHASES: usize = 128;

/// The weights for one device.
pub(super) struct Sinc(Vec<[f32; TAPS]>);

impl Sinc {
    /// For a device that plays `ratio` frames for each of the film's. One that plays fewer cannot hold the film's
    /// highest pitches: they are taken away.
    pub(super) fn new(ratio: f64) -> Self {
        let band = if ratio < 1.0 { BAND * ratio } else { 1.0 };
        let rows = (0..=PHASES).map(|phase| {
            let mut weights = [0.0; TAPS];
            weights.copy_from_slice(&row(phase as f64 / PHASES as f64, band, HALF));
            weights
        });
        Self(rows.collect())
    }

    /// The sound `past` of a frame after the middle one of these, which is the one at [`HALF`] - 1.
    pub(super) fn at(&self, frames: &[[f32; 2]; TAPS], past: f64) -> Frame {
        let place = past * PHASES as f64;
        let index = (place as usize).min(PHASES - 1);
        let share = (place - index as f64) as f32;
        let (one, other) = (&self.0[index], &self.0[index + 1]);
        let (mut left, mut right) = (0.0, 0.0);
        for (frame, (one, other)) in frames.iter().zip(one.iter().zip(other)) {
            let weight = one + (other - one) * share;
            left += frame[0] * weight;
            right += frame[1] * weight;
        }
        Frame::new(left, right)
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    /// A tone's frames, and its sample so far past the middle one.
    fn tone(hertz: f64, past: f64) -> ([[f32; 2]; TAPS], f32) {
        let sample = |x: f64| (TAU * hertz * x / 48_000.0 + 0.3).sin() as f32;
        let mut frames = [[0.0; 2]; TAPS];
        for (i, frame) in frames.iter_mut().enumerate() {
            *frame = [sample(i as f64); 2];
        }
        (frames, sample((HALF - 1) as f64 + past))
    }

    #[test]
    fn a_tone_is_the_same_between_the_frames() {
        let sinc = Sinc::new(1.0);
        for hertz in [100.0, 1_000.0, 8_000.0, 15_000.0] {
            for past in [0.0, 0.001, 0.25, 0.5, 0.777, 0.999_99] {
                let (frames, wanted) = tone(hertz, past);
                let got = sinc.at(&frames, past).left;
                assert!((got - wanted).abs() < 0.002, "{hertz} Hz at {past}: {got}, not {wanted}");
            }
        }
    }

    #[test]
    fn at_a_frame_it_is_that_frame() {
        let (frames, wanted) = tone(19_000.0, 0.0);
        assert!((Sinc::new(1.0).at(&frames, 0.0).right - wanted).abs() < 1.0e-6);
    }
}
