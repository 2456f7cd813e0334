//! A clip of a voice: a WAV becomes one channel, trimmed, and as loud as every other.
//! Invariant: what is prepared begins and ends in silence and never exceeds [`PEAK`], so that clips can be joined.

use std::{
    io::{self, Cursor},
    path::Path,
    time::Duration,
};

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

use crate::{problem::Problem, written::unreadable};

mod find;

use find::{Voice, find, without_clicks};

/// A clip is a word or a phrase; the longest phrase, said slowly, takes less.
pub(super) const LONGEST: Duration = Duration::from_secs(30);
/// Thirty seconds at 44.1 kHz in stereo with 24 bits are 7.9 MB.
pub(super) const LARGEST_BYTES: u64 = 8 << 20;
/// Samples a second that a recording can have.
const RATES: std::ops::RangeInclusive<u32> = 8_000..=192_000;

/// The loudness of every prepared clip: −18 dBFS, the RMS of its voiced part. Speech has peaks 12 to 16 dB above
/// that, so hardly a clip is held back by [`PEAK`].
const LOUDNESS: f64 = 0.125_892_5;
/// The highest sample: −1 dBFS.
const PEAK: f64 = 0.891_250_9;
/// How much is kept before the first sound and after the last one: a soft onset, and a consonant's decay.
const KEPT: (f64, f64) = (0.005, 0.010);
/// How long a clip fades in and out.
const FADE: f64 = 0.005;
/// Below every voice, in Hz.
const SLOWEST: f64 = 20.0;
/// How much of the beginning tells what is constant, in seconds.
const BEGIN: f64 = 0.010;

/// Sound of one channel, from −1 to 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sound {
    pub(super) samples: Vec<f32>,
    /// Samples a second; never 0.
    pub(super) rate: u32,
}

/// A clip that is ready to be joined.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Prepared {
    pub(super) sound: Sound,
    /// Whether the recording begins and ends with noise so loud that it could not be taken off.
    pub(super) noisy: bool,
}

/// Why a clip cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClipError {
    #[error("the file cannot be read: {0}")]
    Read(#[from] io::Error),
    #[error("the file has more than {} MiB", LARGEST_BYTES >> 20)]
    Large,
    #[error("the file is no WAV that can be played: {0}")]
    Wav(#[from] hound::Error),
    #[error("it has {0} samples a second")]
    Rate(u32),
    #[error("it lasts {0:.1?}, longer than {LONGEST:?}")]
    Long(Duration),
    #[error("it is too quiet or silent")]
    Quiet,
    #[error("its voice lasts only {0:?}")]
    Short(Duration),
}

impl ClipError {
    /// What is wrong and what to do about it, in Indonesian and English.
    pub(super) fn told(&self) -> (String, String) {
        match self {
            Self::Read(err) if err.kind() == io::ErrorKind::NotFound => (
                "berkas ini belum ada; rekam klipnya".into(),
                "there is no such file; record the clip".into(),
            ),
            Self::Read(err) => {
                let Problem { id, en, .. } = unreadable(Path::new(""), err);
                (id, en)
            }
            Self::Large => {
                let most = LARGEST_BYTES >> 20;
                (
                    format!("berkas ini lebih dari {most} MiB; simpan ulang sebagai WAV mono 16 bit"),
                    format!("this file has more than {most} MiB; save it again as WAV, mono, 16 bit"),
                )
            }
            Self::Wav(err) => (
                format!("bukan WAV yang dapat diputar ({err}); simpan ulang sebagai WAV PCM 16 bit"),
                format!("no WAV that can be played ({err}); save it again as WAV, PCM, 16 bit"),
            ),
            Self::Rate(rate) => (
                format!("{rate} sampel sedetik; simpan ulang dengan 22050, 44100 atau 48000"),
                format!("{rate} samples a second; save it again with 22050, 44100 or 48000"),
            ),
            Self::Long(length) => (
                format!(
                    "panjangnya {:.1} detik; paling panjang {} detik",
                    length.as_secs_f64(),
                    LONGEST.as_secs()
                ),
                format!("it lasts {:.1} s; at most {} s", length.as_secs_f64(), LONGEST.as_secs()),
            ),
            Self::Short(length) => {
                let length = length.as_millis();
                (
                    format!(
                        "suaranya hanya {length} milidetik, terlalu pendek untuk sebuah kata; rekam ulang"
                    ),
                    format!("its voice lasts {length} ms, too short for a word; record it again"),
                )
            }
            Self::Quiet => (
                "terlalu pelan atau tanpa suara; rekam ulang lebih dekat ke mikrofon".into(),
                "too quiet or silent; record it again nearer to the microphone".into(),
            ),
        }
    }
}

impl Prepared {
    /// What could be better and what to do about it, in Indonesian and English.
    pub(super) fn doubt(&self) -> Option<(String, String)> {
        self.noisy.then(|| {
            (
                "ruangannya terlalu bising, jeda di awal dan akhir tidak terpotong; rekam ulang di tempat sunyi"
                    .into(),
                "the room is too noisy, the silence at its ends cannot be cut off; record it again where it is quiet"
                    .into(),
            )
        })
    }
}

impl Sound {
    pub(super) fn length(&self) -> Duration {
        Duration::from_secs_f64(self.samples.len() as f64 / f64::from(self.rate))
    }

    /// The sound as a WAV file: one channel, 16 bit.
    pub(super) fn wav(&self) -> Result<Vec<u8>, hound::Error> {
        let spec = WavSpec {
            channels: 1,
            sample_rate: self.rate,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = WavWriter::new(&mut bytes, spec)?;
        for sample in &self.samples {
            writer.write_sample((sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)).round() as i16)?;
        }
        writer.finalize()?;
        Ok(bytes.into_inner())
    }
}

/// A clip of a pack, ready to be joined.
pub(super) fn load(wav: &[u8]) -> Result<Prepared, ClipError> {
    let reader = WavReader::new(Cursor::new(wav))?;
    let rate = reader.spec().sample_rate;
    if !RATES.contains(&rate) {
        return Err(ClipError::Rate(rate));
    }
    let length = Duration::from_secs_f64(f64::from(reader.duration()) / f64::from(rate));
    if length > LONGEST {
        return Err(ClipError::Long(length));
    }
    prepare(decode(reader)?)
}

/// What a program wrote to a pipe, ready to be joined: its header cannot know how much follows it.
pub(super) fn load_streamed(mut wav: Vec<u8>) -> Result<Sound, ClipError> {
    mend(&mut wav);
    let reader = WavReader::new(Cursor::new(wav))?;
    let rate = reader.spec().sample_rate;
    if !RATES.contains(&rate) {
        return Err(ClipError::Rate(rate));
    }
    Ok(prepare(decode(reader)?)?.sound)
}

/// Makes a streamed WAV's sizes those of what is there. What is no WAV stays as it is.
fn mend(wav: &mut Vec<u8>) {
    let size =
        |wav: &[u8], at: usize| wav.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let mut at = 12;
    while let Some(length) = size(wav, at + 4) {
        if &wav[at..at + 4] == b"data" {
            // Half a sample at the end is no sample.
            wav.truncate(wav.len() - (wav.len() - at - 8) % 2);
            let (data, riff) = (wav.len() - at - 8, wav.len() - 8);
            wav[at + 4..at + 8].copy_from_slice(&(data as u32).to_le_bytes());
            wav[4..8].copy_from_slice(&(riff as u32).to_le_bytes());
            return;
        }
        // Chunks begin at even places.
        at = at.saturating_add(8).saturating_add(length as usize).next_multiple_of(2);
        if at >= wav.len() {
            return;
        }
    }
}

/// All channels as one.
fn decode(mut reader: WavReader<Cursor<impl AsRef<[u8]>>>) -> Result<Sound, ClipError> {
    let WavSpec { channels, sample_rate: rate, bits_per_sample: bits, sample_format } = reader.spec();
    let all: Vec<f32> = match sample_format {
        SampleFormat::Float => reader.samples::<f32>().collect::<Result<_, _>>()?,
        SampleFormat::Int => {
            let full = (1_i64 << (bits - 1)) as f32;
            reader.samples::<i32>().map(|s| s.map(|s| s as f32 / full)).collect::<Result<_, _>>()?
        }
    };
    let sane = |s: &f32| if s.is_finite() { s.clamp(-4.0, 4.0) } else { 0.0 };
    let mixed = |frame: &[f32]| frame.iter().map(sane).sum::<f32>() / f32::from(channels);
    Ok(Sound { samples: all.chunks_exact(usize::from(channels)).map(mixed).collect(), rate })
}

/// Takes off what is constant and the silence at both ends, makes it as loud as every other clip, and fades it
/// in and out.
fn prepare(Sound { mut samples, rate }: Sound) -> Result<Prepared, ClipError> {
    let mut clean = without_clicks(&samples, rate);
    level(&mut clean, rate);
    level(&mut samples, rate);
    let count = |seconds: f64| (seconds * f64::from(rate)) as usize;
    let Voice { range, power, peak, noisy } = find(&clean, rate)?;
    let (first, last) = (range.start.saturating_sub(count(KEPT.0)), range.end + count(KEPT.1));
    let mut samples = samples[first..last.min(samples.len())].to_vec();

    let gain = (LOUDNESS / power.sqrt()).min(PEAK / peak) as f32;
    // A click is cut down to the peak of the voice.
    samples.iter_mut().for_each(|s| *s = (*s * gain).clamp(-PEAK as f32, PEAK as f32));
    let fade = count(FADE).min(samples.len() / 2);
    for at in 0..fade {
        let part = at as f32 / fade as f32;
        samples[at] *= part;
        let end = samples.len() - 1 - at;
        samples[end] *= part;
    }
    Ok(Prepared { sound: Sound { samples, rate }, noisy })
}

/// Takes off what is constant or slower than [`SLOWEST`]; silence stays where it is, unlike with the mean taken
/// off, since a voice swings farther to one side.
fn level(samples: &mut [f32], rate: u32) {
    let keeps = 1.0 - std::f64::consts::TAU * SLOWEST / f64::from(rate);
    let begin = (BEGIN * f64::from(rate)) as usize;
    let begin = &samples[..begin.min(samples.len())];
    let mut before = begin.iter().map(|s| f64::from(*s)).sum::<f64>() / begin.len().max(1) as f64;
    let mut out = 0.0;
    for sample in samples {
        let now = f64::from(*sample);
        out = now - before + keeps * out;
        before = now;
        *sample = out as f32;
    }
}

#[cfg(test)]
mod tests;
