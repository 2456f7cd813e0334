//! The last of the mixer: a limiter that looks ahead, so that what adds up too loud is turned down in time.
//! Invariant: no sample leaves it above [`CEILING`], whatever comes in.
//!
//! The gain that each frame needs is held over the look-ahead by a sliding minimum, let go exponentially, and
//! smoothed by a moving average as long as the look-ahead; the sound waits for it in a delay line. At the moment
//! of a peak every gain in that average is at most the one that the peak needs, so the average is too: Geraint
//! Luff, "Designing a straightforward limiter" (Signalsmith Audio, 2022,
//! <https://signalsmith-audio.co.uk/writing/2022/limiter/>); the release is the smooth one of Giannoulis, Massberg
//! and Reiss, "Digital Dynamic Range Compressor Design" (JAES 60(6), 2012).

use std::{collections::VecDeque, time::Duration};

use kira::{
    Frame,
    effect::{Effect, EffectBuilder},
    info::Info,
};

/// What no sample exceeds: -1 dBFS, so that what a converter makes between two samples does not clip either.
pub(super) const CEILING: f32 = 0.891_250_9;
/// How long the sound waits for its gain.
pub(super) const LOOKAHEAD: Duration = Duration::from_millis(2);
/// How long the gain takes to come back most of the way.
const RELEASE: Duration = Duration::from_millis(80);
/// A gain this near to 1 is 1: nothing is turned down any more.
const ALMOST: f64 = 0.999_99;

/// Puts a limiter at the end of a track.
pub(super) struct LimiterBuilder;

impl EffectBuilder for LimiterBuilder {
    type Handle = ();

    fn build(self) -> (Box<dyn Effect>, ()) {
        (Box::new(Limiter::new(1)), ())
    }
}

/// The limiter of one stereo stream.
pub(super) struct Limiter {
    /// The frames of the look-ahead that have not left yet, and the gains in their average; as long as it is.
    line: Vec<(Frame, f64)>,
    /// Where the oldest is.
    at: usize,
    /// The sum of the gains in the line.
    sum: f64,
    /// Frames so far.
    count: u64,
    /// The gains that are the lowest of all that came after them within the look-ahead, with their frame's number.
    lowest: VecDeque<(u64, f64)>,
    /// The gain before smoothing.
    held: f64,
    /// How much of the way to 1 it comes back in a frame.
    release: f64,
    /// How many frames in a row were silent.
    silent: usize,
}

impl Limiter {
    pub(super) fn new(rate: u32) -> Self {
        let frames = ((LOOKAHEAD.as_secs_f64() * f64::from(rate)) as usize).max(1);
        Self {
            line: vec![(Frame::ZERO, 1.0); frames],
            at: 0,
            sum: frames as f64,
            count: 0,
            lowest: VecDeque::with_capacity(frames + 1),
            held: 1.0,
            release: 1.0 - (-1.0 / (RELEASE.as_secs_f64() * f64::from(rate))).exp(),
            silent: 0,
        }
    }

    /// Takes a frame, and gives the one from a look-ahead ago.
    pub(super) fn next(&mut self, frame: Frame) -> Frame {
        // What is not a number would stay in the sums for ever.
        let frame = Frame::new(finite(frame.left), finite(frame.right));
        let needed = f64::from(CEILING / frame.left.abs().max(frame.right.abs()).max(CEILING));
        let lowest = self.lowest_with(needed);
        self.held = (self.held + (1.0 - self.held) * self.release).min(lowest);
        if self.held > ALMOST && lowest == 1.0 {
            self.held = 1.0;
        }
        let (waited, oldest) = self.line[self.at];
        self.line[self.at] = (frame, self.held);
        self.at = (self.at + 1) % self.line.len();
        self.sum += self.held - oldest;
        self.count += 1;
        let gain = (self.sum / self.line.len() as f64) as f32;
        // The average of a thousand sums is right to the last bit but one.
        let limited = |sample: f32| (sample * gain).clamp(-CEILING, CEILING);
        Frame::new(limited(waited.left), limited(waited.right))
    }

    /// The lowest gain of the look-ahead, this newest one among them. A monotonic queue: each gain goes in and out
    /// once, so a frame costs the same however long the look-ahead is.
    fn lowest_with(&mut self, needed: f64) -> f64 {
        while self.lowest.back().is_some_and(|(_, gain)| *gain >= needed) {
            self.lowest.pop_back();
        }
        self.lowest.push_back((self.count, needed));
        // One frame more than the line holds: the one that leaves now is among them.
        while self.lowest.front().is_some_and(|(number, _)| number + (self.line.len() as u64) < self.count) {
            self.lowest.pop_front();
        }
        self.lowest.front().map_or(needed, |(_, gain)| *gain)
    }

    /// Whether there is nothing in it, and nothing comes in.
    fn rests(&mut self, frames: &[Frame]) -> bool {
        if frames.iter().any(|f| *f != Frame::ZERO) {
            self.silent = 0;
            return false;
        }
        self.silent = self.silent.saturating_add(frames.len());
        self.silent > 2 * self.line.len() + frames.len() && self.held == 1.0
    }
}

impl Effect for Limiter {
    fn init(&mut self, sample_rate: u32, _chunk: usize) {
        *self = Self::new(sample_rate);
    }

    fn on_change_sample_rate(&mut self, sample_rate: u32) {
        *self = Self::new(sample_rate);
    }

    fn process(&mut self, input: &mut [Frame], _dt: f64, _info: &Info) {
        // A hall is silent most of the day.
        if self.rests(input) {
            return;
        }
        for frame in input {
            *frame = self.next(*frame);
        }
    }
}

fn finite(sample: f32) -> f32 {
    if sample.is_finite() { sample } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RATE: u32 = 48_000;

    fn through(samples: impl IntoIterator<Item = f32>) -> Vec<f32> {
        let mut limiter = Limiter::new(RATE);
        samples.into_iter().map(|s| limiter.next(Frame::from_mono(s)).left).collect()
    }

    fn sine(level: f32, count: usize) -> Vec<f32> {
        (0..count).map(|i| level * (i as f32 * 0.05).sin()).collect()
    }

    #[test]
    fn what_is_soft_passes_unchanged_a_little_later() {
        let soft = sine(0.8, 5_000);
        let late = (LOOKAHEAD.as_secs_f64() * f64::from(RATE)) as usize;
        assert_eq!(through(soft.clone())[late..], soft[..5_000 - late]);
    }

    #[test]
    fn what_is_loud_is_turned_down_without_a_corner() {
        let out = through(sine(4.0, 48_000));
        let steady = &out[24_000..];
        let peak = steady.iter().fold(0.0_f32, |p, s| p.max(s.abs()));
        assert!((0.85..=CEILING).contains(&peak), "{peak}");
        // A clipped sine stays at its ceiling; one that is turned down passes it.
        let flat = steady.windows(2).filter(|w| w[0].abs() > 0.88 && w[0] == w[1]).count();
        assert_eq!(flat, 0);
    }

    #[test]
    fn the_gain_comes_back_after_a_peak() {
        let mut samples = sine(0.5, 96_000);
        samples[1_000] = 30.0;
        let out = through(samples);
        let loudest = |range: std::ops::Range<usize>| out[range].iter().fold(0.0_f32, |p, s| p.max(s.abs()));
        assert!(loudest(1_200..1_500) < 0.1, "turned down");
        assert!(loudest(90_000..96_000) > 0.499, "and back");
    }

    #[test]
    fn a_silent_hall_stays_silent_and_its_first_sound_is_whole() {
        let mut limiter = Limiter::new(RATE);
        let info = kira::info::MockInfoBuilder::new().build();
        let mut heard = Vec::new();
        for chunk in 0..100 {
            let level = if chunk == 60 { 0.5 } else { 0.0 };
            let mut frames = [Frame::from_mono(level); 128];
            limiter.process(&mut frames, 1.0 / f64::from(RATE), &info);
            heard.extend(frames.iter().map(|f| f.left));
        }
        assert_eq!(heard.iter().filter(|s| **s == 0.5).count(), 128);
        assert_eq!(heard.iter().filter(|s| **s == 0.0).count(), 99 * 128);
    }

    proptest! {
        #[test]
        fn no_sample_is_ever_above_the_ceiling(
            samples in prop::collection::vec(prop_oneof![
                4 => -2.0_f32..2.0,
                2 => prop::num::f32::ANY,
                2 => Just(0.0_f32),
                1 => -1.0e6_f32..1.0e6,
            ], 1..3_000)
        ) {
            for sample in through(samples) {
                prop_assert!(sample.is_finite() && sample.abs() <= CEILING, "{sample}");
            }
        }

        // Without the clamp at the end: the look-ahead alone is in time.
        #[test]
        fn the_gain_is_in_time_for_each_peak(samples in prop::collection::vec(-9.0_f32..9.0, 200..2_000)) {
            let mut limiter = Limiter::new(RATE);
            for sample in samples {
                let waited = limiter.line[limiter.at].0;
                limiter.next(Frame::from_mono(sample));
                let gain = (limiter.sum / limiter.line.len() as f64) as f32;
                prop_assert!((waited.left * gain).abs() <= CEILING * 1.000_01);
            }
        }
    }
}
