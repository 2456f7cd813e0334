//! The chime's sound: the one that ships, or a site's own WAV file.
//! Invariant: what is loaded is short, so that it never outlasts the call-out that it belongs to.

use std::{
    io::{self, Cursor, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use kira::sound::{FromFileError, static_sound::StaticSoundData};
use tracing::{error, warn};

use super::clip::Clip;
use crate::{
    config::{CHIME_DEFAULT as DEFAULT, CHIME_NONE as NONE},
    problem::Problem,
    written::{open, unreadable},
};

const DEFAULT_WAV: &[u8] = include_bytes!("../../assets/sounds/chime-default.wav");

/// A chime is an attention signal; the shortest call-out is 6 s, and the voice comes after it.
const LONGEST: Duration = Duration::from_secs(4);
/// Four seconds at 96 kHz in stereo with 32 bits are 3 MB; what is larger is not read into memory.
const LARGEST_BYTES: u64 = 4 * 1024 * 1024;

/// Samples a second that a sound card or a recorder has; what is beyond is a broken header.
const RATES: std::ops::RangeInclusive<u32> = 8_000..=192_000;

/// A chime whose highest sample is below −50 dBFS is heard by nobody.
const QUIETEST: f32 = 0.003_162_3;

/// Why a chime cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ChimeError {
    /// The file could not be read.
    #[error("chime {0} cannot be read: {1}")]
    Read(PathBuf, #[source] io::Error),
    /// The file is no WAV that can be played.
    #[error("chime {0} is not a WAV file that can be played: {1}")]
    Decode(PathBuf, #[source] FromFileError),
    /// The file is too large to be a chime.
    #[error("chime {0} has more than {LARGEST_BYTES} bytes")]
    Large(PathBuf),
    /// Nothing plays so few or so many samples a second.
    #[error("chime {0} has {1} samples a second")]
    Rate(PathBuf, u32),
    /// The sound lasts too long, or no time at all.
    #[error("chime {0} lasts {1:?}; a chime lasts up to {LONGEST:?}")]
    Length(PathBuf, Duration),
    /// Nothing is heard.
    #[error("chime {0} is silent")]
    Silent(PathBuf),
}

impl ChimeError {
    /// What is wrong and what to do about it, in Indonesian and English.
    pub fn told(&self) -> (String, String) {
        match self {
            Self::Read(path, err) => {
                let Problem { id, en, .. } = unreadable(path, err);
                (id, en)
            }
            Self::Decode(_, err) => (
                format!(
                    "bukan suara WAV yang dapat diputar ({err}); simpan ulang sebagai WAV PCM 16 bit, atau tulis chime = \"{DEFAULT}\""
                ),
                format!(
                    "no WAV sound that can be played ({err}); save it again as WAV, PCM, 16 bit, or write chime = \"{DEFAULT}\""
                ),
            ),
            Self::Large(_) => {
                let most = LARGEST_BYTES >> 20;
                (
                    format!("berkas ini lebih dari {most} MiB; simpan ulang sebagai WAV 16 bit"),
                    format!("this file has more than {most} MiB; save it again as WAV, 16 bit"),
                )
            }
            Self::Rate(_, rate) => (
                format!("{rate} sampel sedetik; simpan ulang dengan 44100 atau 48000"),
                format!("{rate} samples a second; save it again with 44100 or 48000"),
            ),
            Self::Length(_, length) => {
                let (length, most) = (length.as_secs_f64(), LONGEST.as_secs());
                (
                    format!("panjangnya {length:.1} detik; potong sampai paling panjang {most} detik"),
                    format!("it lasts {length:.1} s; cut it to at most {most} s"),
                )
            }
            Self::Silent(_) => (
                format!("tanpa suara; pilih bunyi lain, atau tulis chime = \"{NONE}\""),
                format!("it is silent; choose another sound, or write chime = \"{NONE}\""),
            ),
        }
    }
}

/// Says what is wrong with a WAV file that is to be the chime.
///
/// # Errors
/// See [`ChimeError`].
pub fn check(path: &Path) -> Result<(), ChimeError> {
    let wav = read(path)?;
    sound(wav, path).map(drop)
}

/// Loads `chime-default` or a WAV file.
fn load(name: &str) -> Result<StaticSoundData, ChimeError> {
    let path = Path::new(name);
    let wav = if name == DEFAULT { DEFAULT_WAV.to_vec() } else { read(path)? };
    sound(wav, path)
}

fn read(path: &Path) -> Result<Vec<u8>, ChimeError> {
    let mut wav = Vec::new();
    // One byte more than allowed is enough to know.
    let read = open(path).and_then(|file| file.take(LARGEST_BYTES + 1).read_to_end(&mut wav));
    read.map_err(|err| ChimeError::Read(path.to_owned(), err))?;
    if wav.len() as u64 > LARGEST_BYTES { Err(ChimeError::Large(path.to_owned())) } else { Ok(wav) }
}

fn sound(wav: Vec<u8>, path: &Path) -> Result<StaticSoundData, ChimeError> {
    let sound = match StaticSoundData::from_cursor(Cursor::new(wav)) {
        Ok(sound) => sound,
        Err(error) => return Err(ChimeError::Decode(path.to_owned(), error)),
    };
    if !RATES.contains(&sound.sample_rate) {
        return Err(ChimeError::Rate(path.to_owned(), sound.sample_rate));
    }
    let length = sound.duration();
    if length.is_zero() || length > LONGEST {
        return Err(ChimeError::Length(path.to_owned(), length));
    }
    let loudest = sound.frames.iter().map(|f| f.left.abs().max(f.right.abs())).fold(0.0, f32::max);
    if loudest < QUIETEST { Err(ChimeError::Silent(path.to_owned())) } else { Ok(sound) }
}

/// The chime to sound: the one that was asked for, or the one that ships where that is broken, which is
/// said with the file's name. A hall that hears its usual gong is better off than one that hears nothing.
/// `None` where the config wants none.
pub(super) fn for_hall(name: &str) -> Option<Clip> {
    if name == NONE {
        return None;
    }
    let default = |error| {
        warn!("sound: {error}; the chime that ships sounds instead");
        load(DEFAULT)
    };
    match load(name).or_else(default) {
        Ok(chime) => Some(Clip { frames: chime.frames, rate: chime.sample_rate }),
        Err(error) => {
            error!("sound: {error}");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use super::*;

    #[test]
    fn the_chime_that_ships_is_short_and_not_clipped() {
        let chime = load(DEFAULT).expect("it ships");
        assert!(chime.duration() > Duration::from_secs(1) && chime.duration() < Duration::from_secs(2));
        let peak = chime.frames.iter().map(|f| f.left.abs()).fold(0.0, f32::max);
        assert!(peak > 0.5 && peak < 0.99, "{peak}");
        let last = chime.frames[chime.frames.len() - 1].left;
        assert!(last.abs() < 0.001, "it ends in silence, not in a click: {last}");
    }

    #[test]
    fn a_broken_chime_is_an_error_that_names_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        fs::write(path("text.wav"), "not a sound").expect("written");
        fs::write(path("cut.wav"), &DEFAULT_WAV[..20]).expect("written");
        fs::write(path("large.wav"), vec![0; LARGEST_BYTES as usize + 1]).expect("written");
        let mut silent = DEFAULT_WAV.to_vec();
        silent[44..].fill(0);
        fs::write(path("silent.wav"), silent).expect("written");
        for (name, rate) in [("no-rate.wav", 0), ("low.wav", 7_999), ("high.wav", u32::MAX)] {
            let mut wav = DEFAULT_WAV.to_vec();
            wav[24..28].copy_from_slice(&u32::to_le_bytes(rate));
            fs::write(path(name), wav).expect("written");
        }
        fs::create_dir(path("folder.wav")).expect("made");
        let pipe = Command::new("mkfifo").arg(path("pipe.wav")).status().expect("started");
        assert!(pipe.success());
        for (name, right) in [
            ("none.wav", matches!(load(&path("none.wav")), Err(ChimeError::Read(..)))),
            ("text.wav", matches!(load(&path("text.wav")), Err(ChimeError::Decode(..)))),
            ("cut.wav", load(&path("cut.wav")).is_err()),
            ("large.wav", matches!(load(&path("large.wav")), Err(ChimeError::Large(..)))),
            ("silent.wav", matches!(load(&path("silent.wav")), Err(ChimeError::Silent(..)))),
            ("no-rate.wav", load(&path("no-rate.wav")).is_err()),
            ("low.wav", matches!(load(&path("low.wav")), Err(ChimeError::Rate(..)))),
            ("high.wav", matches!(load(&path("high.wav")), Err(ChimeError::Rate(..)))),
            ("pipe.wav", matches!(load(&path("pipe.wav")), Err(ChimeError::Read(..)))),
            ("folder.wav", matches!(load(&path("folder.wav")), Err(ChimeError::Read(..)))),
        ] {
            assert!(right, "{name}");
            let said = check(Path::new(&path(name))).expect_err("broken").to_string();
            assert!(said.contains(name), "{said}");
            let instead = for_hall(&path(name)).expect("the one that ships");
            assert_eq!(instead.frames.len(), load(DEFAULT).expect("it ships").frames.len(), "{name}");
        }
    }

    #[test]
    fn no_chime_is_loaded_where_none_is_wanted() {
        assert!(for_hall(NONE).is_none() && for_hall(DEFAULT).is_some());
    }
}
