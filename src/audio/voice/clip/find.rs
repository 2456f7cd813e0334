//! Where in a recording the voice is, and how loud it is; clicks, hum and the room's noise are not taken for it.
//! Invariant: a burst shorter than [`BURST`] neither begins or ends the voice by itself nor makes it softer.

use std::{f64::consts::TAU, ops::Range, time::Duration};

use super::ClipError;

/// How long a window is in which power is measured.
const WINDOW: f64 = 0.010;
/// Below every voice's own sound, in Hz: hum and rumble are not heard as voice.
const HUM: f64 = 100.0;
/// A voiced part softer than −50 dBFS is noise by the time it is as loud as the others.
const QUIETEST: f64 = 1e-5;
/// Windows this much softer than the mean of the others are pauses, −10 dB, as in ITU-R BS.1770.
const GATE: f64 = 0.1;
/// Less voice than this is no word, in windows: 60 ms.
const LEAST: usize = 6;

/// What lasts fewer windows than this, 30 ms, is a click, or the burst of a consonant.
const BURST: usize = 3;
/// A consonant's burst is so near to the rest of its word: 120 ms, the longest closure of a final t.
const CLOSURE: usize = 12;
/// A window this much louder than those around it holds a click: 6 dB, as power.
const CLICK: f64 = 4.0;

/// What the silence at an end is, as powers over the voice's: never below −40 dB, nor above −26 dB, where soft
/// consonants begin; between them up to 6 dB above the noise that the recording begins or ends with.
const SILENCE: (f64, f64) = (1e-4, 2.5e-3);
const ABOVE_NOISE: f64 = 4.0;
/// Noise that lasts longer than any consonant, 200 ms, and hardly changes, 8 dB, is the room's: what is softer
/// than that is lost anyway, and the silence may be as loud as −15 dB.
const STRETCH: usize = 20;
const STEADY: f64 = 6.3;
const NOISY: f64 = 0.0316;
/// What is at most 6 dB softer than the loudest is voice, however steady.
const VOICE: f64 = 0.25;

/// The voice in a recording.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Voice {
    /// Its samples, from the first sound to the last one.
    pub(super) range: Range<usize>,
    /// The mean square of its voiced part; never 0.
    pub(super) power: f64,
    /// Its highest sample; never 0.
    pub(super) peak: f64,
    /// Whether the noise at both ends, that of the room, is too loud to be told from the voice.
    pub(super) noisy: bool,
}

/// A recording without its clicks: a straight line stands in their place.
pub(super) fn without_clicks(samples: &[f32], rate: u32) -> Vec<f32> {
    let window = window(rate);
    let height = |part: &[f32]| {
        let (low, high) =
            part.iter().fold((f32::MAX, f32::MIN), |(low, high), s| (low.min(*s), high.max(*s)));
        f64::from((high - low) / 2.0).powi(2)
    };
    let heights: Vec<f64> = samples.chunks(window).map(height).collect();
    let calm = calmed(&heights);
    let voice = voiced(&calm);
    let is_click = |at: usize| heights[at] > calm[at] && heights[at] > voice * CLICK;
    let mean = |part: &[f32]| part.iter().sum::<f32>() / part.len() as f32;
    let means: Vec<f32> = samples.chunks(window).map(mean).collect();
    let mut clean = samples.to_vec();
    for (at, part) in clean.chunks_mut(window).enumerate().filter(|(at, _)| is_click(*at)) {
        let before = (0..at).rfind(|at| !is_click(*at)).map(|at| means[at]);
        let after = (at..means.len()).find(|at| !is_click(*at)).map(|at| means[at]);
        let (from, to) = (before.or(after).unwrap_or_default(), after.or(before).unwrap_or_default());
        let count = part.len() as f32;
        part.iter_mut().enumerate().for_each(|(i, s)| *s = from + (to - from) * i as f32 / count);
    }
    clean
}

/// Finds the voice in a recording without clicks, whose samples swing around zero.
pub(super) fn find(samples: &[f32], rate: u32) -> Result<Voice, ClipError> {
    let window = window(rate);
    let heard: Vec<f64> = without_hum(samples, rate).chunks(window).map(power).collect();
    let calm = calmed(&heard);
    let (voice, loudest) = (voiced(&calm), calm.iter().copied().fold(0.0, f64::max));
    if voice < QUIETEST {
        return Err(ClipError::Quiet);
    }
    let long = heard.iter().filter(|p| **p >= voice * GATE).count();
    if long < LEAST {
        return Err(ClipError::Short(Duration::from_secs_f64(long as f64 * WINDOW)));
    }
    let (first, noisy_before) = edge(&heard, voice, loudest);
    let backwards: Vec<f64> = heard.iter().rev().copied().collect();
    let (last, noisy_after) = edge(&backwards, voice, loudest);
    let range = first * window..((heard.len() - last) * window).min(samples.len());

    let powers: Vec<f64> = samples.chunks(window).map(power).collect();
    let power = voiced(&calmed(&powers));
    let peak = samples[range.clone()].iter().fold(0.0, |peak, s| f64::max(peak, f64::from(s.abs())));
    Ok(Voice { range, power, peak, noisy: noisy_before && noisy_after })
}

fn window(rate: u32) -> usize {
    (WINDOW * f64::from(rate)) as usize
}

/// The mean square.
pub(super) fn power(samples: &[f32]) -> f64 {
    samples.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / samples.len().max(1) as f64
}

/// The same without what lies below [`HUM`]: a Butterworth filter of the fourth order, as two of the second.
fn without_hum(samples: &[f32], rate: u32) -> Vec<f32> {
    let (sin, cos) = (TAU * HUM / f64::from(rate)).sin_cos();
    let mut filtered: Vec<f64> = samples.iter().map(|s| f64::from(*s)).collect();
    for q in [0.541_196_1, 1.306_563] {
        // Robert Bristow-Johnson's audio EQ cookbook.
        let alpha = sin / (2.0 * q);
        let whole = 1.0 + alpha;
        let (b, a1, a2) = ((1.0 + cos) / 2.0 / whole, -2.0 * cos / whole, (1.0 - alpha) / whole);
        let (mut x1, mut x2, mut y1, mut y2) = (0.0, 0.0, 0.0, 0.0);
        for sample in &mut filtered {
            let x = *sample;
            let y = b * (x - 2.0 * x1 + x2) - a1 * y1 - a2 * y2;
            (x2, x1, y2, y1) = (x1, x, y1, y);
            *sample = y;
        }
    }
    filtered.into_iter().map(|s| s as f32).collect()
}

/// Each power, or [`CLICK`] times the median of those around it where it is above that: what lasts for fewer than
/// four windows stands alone among its neighbours, a syllable does not.
fn calmed(values: &[f64]) -> Vec<f64> {
    let calm = |(at, value): (usize, &f64)| {
        let mut near = values[at.saturating_sub(BURST)..(at + BURST + 1).min(values.len())].to_vec();
        near.sort_by(f64::total_cmp);
        value.min(near[(near.len() - 1) / 2] * CLICK)
    };
    values.iter().enumerate().map(calm).collect()
}

/// The mean power of the windows in which there is voice: neither pauses nor noise make a clip softer.
fn voiced(powers: &[f64]) -> f64 {
    let loudest = powers.iter().copied().fold(0.0, f64::max);
    // Each round lets more of the soft syllables in; speech settles in three.
    (0..4).fold(loudest, |mean, _| {
        let (sum, count) = powers
            .iter()
            .filter(|p| **p >= mean * GATE)
            .fold((0.0, 0_usize), |(sum, count), p| (sum + p, count + 1));
        sum / count.max(1) as f64
    })
}

/// The window with which the voice begins, from the end at which `powers` begins, and whether the noise before
/// it is too loud for that to be known.
fn edge(powers: &[f64], voice: f64, loudest: f64) -> (usize, bool) {
    let room = room(powers).filter(|noise| *noise < loudest * VOICE);
    let (noise, most) = match room {
        Some(noise) if noise < voice * NOISY => (noise, NOISY),
        _ => (powers.iter().take(BURST).sum::<f64>() / BURST as f64, SILENCE.1),
    };
    let silence = (noise * ABOVE_NOISE).clamp(voice * SILENCE.0, voice * most);
    let lasting = powers.windows(BURST).position(|near| near.iter().all(|p| *p >= silence)).unwrap_or(0);
    // The burst of a first consonant belongs to it.
    let first =
        (lasting.saturating_sub(CLOSURE)..lasting).find(|at| powers[*at] >= silence).unwrap_or(lasting);
    (first, room.is_some_and(|noise| noise >= voice * NOISY) && first < BURST)
}

/// The power of the noise at the end at which `powers` begins, where there is nothing but noise.
fn room(powers: &[f64]) -> Option<f64> {
    let mut stretch = powers.get(..STRETCH)?.to_vec();
    stretch.sort_by(f64::total_cmp);
    // A breath or a knock aside.
    let steady = stretch[STRETCH - 3] <= stretch[2] * STEADY;
    steady.then_some(stretch[STRETCH / 2])
}
