//! Pieces of speech, one after another, as one sound.
//! Invariant: nothing is between two pieces but the pauses that were asked for.

use std::time::Duration;

use super::clip::Sound;
use crate::audio::clip::resample;

/// The rate where nothing is said: that of espeak-ng, and of the packs that ship.
pub(super) const RATE: u32 = 22_050;

/// What stands in a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// Something said; it follows the one before at once, since what a prepared clip keeps of its own silence,
    /// 5 and 10 ms, is breath enough between two words.
    Said(Sound),
    /// A pause.
    Pause(Duration),
}

/// All pieces as one sound, with the highest rate among them.
pub(super) fn join(pieces: &[Piece]) -> Sound {
    let rates =
        pieces.iter().filter_map(|p| if let Piece::Said(sound) = p { Some(sound.rate) } else { None });
    let rate = rates.max().unwrap_or(RATE);
    let mut samples = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Said(sound) if sound.rate == rate => samples.extend_from_slice(&sound.samples),
            Piece::Said(sound) => samples.extend(resample(&sound.samples, 0.0, sound.rate, rate)),
            Piece::Pause(length) => {
                let silent = (length.as_secs_f64() * f64::from(rate)).round() as usize;
                samples.resize(samples.len() + silent, 0.0);
            }
        }
    }
    Sound { samples, rate }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate: u32, seconds: f64) -> Sound {
        let count = (f64::from(rate) * seconds) as usize;
        let wave = |i| (i as f64 / f64::from(rate) * 1000.0 * std::f64::consts::TAU).sin() as f32 * 0.5;
        Sound { samples: (0..count).map(wave).collect(), rate }
    }

    #[test]
    fn a_pause_is_as_long_as_it_was_asked_for() {
        let pieces = [Piece::Said(tone(22_050, 0.1)), Piece::Pause(Duration::from_millis(120))];
        let joined = join(&pieces);
        assert_eq!((joined.rate, joined.samples.len()), (22_050, 2_205 + 2_646));
        assert!(joined.samples[2_205..].iter().all(|s| *s == 0.0));
        assert_eq!(join(&[]), Sound { samples: Vec::new(), rate: RATE });
    }

    #[test]
    fn the_highest_rate_wins_and_a_tone_stays_the_same_tone() {
        for rate in [44_100, 48_000] {
            let joined = join(&[Piece::Said(tone(22_050, 0.2)), Piece::Said(tone(rate, 0.1))]);
            assert_eq!(joined.rate, rate);
            let wanted = tone(rate, 0.2).samples;
            assert_eq!(joined.samples.len(), wanted.len() + tone(rate, 0.1).samples.len());
            // At the ends half of the neighbours are missing.
            let error = joined.samples[100..wanted.len() - 100]
                .iter()
                .zip(&wanted[100..])
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max);
            assert!(error < 0.005, "{rate}: {error}");
        }
    }
}
