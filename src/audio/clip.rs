//! Sound in memory, at the rate of the device that is to sound it.
//! Invariant: another rate changes neither pitch nor length, and adds nothing above what both rates can hold.

use std::{
    f64::consts::PI,
    ops::{AddAssign, Mul},
    sync::Arc,
    time::Duration,
};

use kira::Frame;

/// How many zero crossings of the sinc are used to either side: what it leaves out lies 60 dB below.
const CROSSINGS: usize = 16;
/// How much of the narrower band is kept; the rest is the filter's slope.
pub(super) const BAND: f64 = 0.95;

/// Stereo sound.
#[derive(Debug, Clone)]
pub(super) struct Clip {
    /// Its frames.
    pub(super) frames: Arc<[Frame]>,
    /// Frames a second.
    pub(super) rate: u32,
}

impl Clip {
    /// The same sound on both sides.
    pub(super) fn mono(samples: &[f32], rate: u32) -> Self {
        Self { frames: samples.iter().copied().map(Frame::from_mono).collect(), rate }
    }

    /// No sound.
    pub(super) fn empty(rate: u32) -> Self {
        Self { frames: Arc::default(), rate }
    }

    /// How long it sounds.
    pub(super) fn length(&self) -> Duration {
        Duration::from_secs_f64(self.frames.len() as f64 / f64::from(self.rate.max(1)))
    }

    /// The same sound at another rate.
    pub(super) fn at(&self, rate: u32) -> Self {
        if rate == self.rate || self.frames.is_empty() {
            return Self { frames: self.frames.clone(), rate };
        }
        Self { frames: resample(&self.frames, Frame::ZERO, self.rate, rate).into(), rate }
    }
}

/// Samples or frames at another rate, `silence` being what is before and after them: band-limited interpolation with a windowed sinc, one row of coefficients for each phase that the two rates
/// have to one another: Julius O. Smith, "Digital Audio Resampling Home Page",
/// <https://ccrma.stanford.edu/~jos/resample/>.
pub(super) fn resample<S>(frames: &[S], silence: S, from: u32, to: u32) -> Vec<S>
where
    S: Copy + AddAssign + Mul<f32, Output = S>,
{
    let common = gcd(from, to);
    let (up, down) = ((to / common) as usize, (from / common) as usize);
    let band = BAND * (f64::from(to) / f64::from(from)).min(1.0);
    let half = (CROSSINGS as f64 / band).ceil() as usize;
    let rows: Vec<f32> = (0..up).flat_map(|phase| row(phase as f64 / up as f64, band, half)).collect();
    let count = (frames.len() * up).div_ceil(down);
    let mut out = Vec::with_capacity(count);
    for index in 0..count {
        // The source's frame at or before this one, and how far it is past it in parts of `up`.
        let (at, phase) = (index * down / up, index * down % up);
        let row = &rows[phase * 2 * half..(phase + 1) * 2 * half];
        let mut sum = silence;
        for (tap, weight) in row.iter().enumerate() {
            if let Some(frame) = (at + 1 + tap).checked_sub(half).and_then(|i| frames.get(i)) {
                sum += *frame * *weight;
            }
        }
        out.push(sum);
    }
    out
}

/// The weights of the frames around a point that lies `phase` of a frame after the middle one; their sum is 1.
pub(super) fn row(phase: f64, band: f64, half: usize) -> Vec<f32> {
    let weight = |tap: usize| {
        let x = tap as f64 + 1.0 - half as f64 - phase;
        let sinc = if x == 0.0 { 1.0 } else { (PI * band * x).sin() / (PI * band * x) };
        // Blackman's window.
        let turn = PI * (x / half as f64).clamp(-1.0, 1.0);
        sinc * (0.42 + 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos())
    };
    let weights: Vec<f64> = (0..2 * half).map(weight).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|w| (w / sum) as f32).collect()
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a.max(1) } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use super::*;

    fn tone(hertz: f32, rate: u32, seconds: f32) -> Vec<f32> {
        let count = (seconds * rate as f32) as usize;
        (0..count).map(|i| 0.5 * (TAU * hertz * i as f32 / rate as f32).sin()).collect()
    }

    #[test]
    fn a_tone_stays_the_same_tone_at_every_rate() {
        for (from, to) in
            [(22_050, 48_000), (44_100, 48_000), (48_000, 44_100), (96_000, 48_000), (16_000, 48_000)]
        {
            let clip = Clip::mono(&tone(1_000.0, from, 0.3), from).at(to);
            let wanted = tone(1_000.0, to, 0.3);
            assert!(clip.frames.len().abs_diff(wanted.len()) <= 1, "{from} to {to}: {}", clip.frames.len());
            let middle = to as usize / 20..to as usize / 4;
            let worst = middle.map(|i| (clip.frames[i].left - wanted[i]).abs()).fold(0.0, f32::max);
            assert!(worst < 0.002, "{from} to {to}: off by {worst}");
        }
    }

    #[test]
    fn what_the_lower_rate_cannot_hold_is_taken_away() {
        let clip = Clip::mono(&tone(30_000.0, 96_000, 0.2), 96_000).at(48_000);
        let loudest = clip.frames[1_000..8_000].iter().map(|f| f.left.abs()).fold(0.0, f32::max);
        assert!(loudest < 0.001, "{loudest}");
    }

    #[test]
    fn nothing_stays_nothing() {
        assert!(Clip::empty(22_050).at(48_000).frames.is_empty());
        assert_eq!(Clip::mono(&[0.0; 480], 48_000).length(), Duration::from_millis(10));
    }
}
