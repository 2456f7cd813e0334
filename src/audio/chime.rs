//! The chime's sound: the one that ships, or a site's own WAV file.
//! Invariant: what is loaded is short, so that it never outlasts the call-out that it belongs to.

use std::{fs, io, io::Cursor, path::PathBuf, time::Duration};

use kira::sound::{FromFileError, static_sound::StaticSoundData};
use tracing::{error, warn};

use super::clip::Clip;
use crate::config::{CHIME_DEFAULT as DEFAULT, CHIME_NONE as NONE};

const DEFAULT_WAV: &[u8] = include_bytes!("../../assets/sounds/chime-default.wav");

/// A chime is an attention signal; the shortest call-out is 6 s, and the voice comes after it.
const LONGEST: Duration = Duration::from_secs(4);
/// Four seconds at 96 kHz in stereo with 32 bits are 3 MB; what is larger is not read into memory.
const LARGEST_BYTES: u64 = 4 * 1024 * 1024;

/// Why a chime cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ChimeError {
    /// The file could not be read.
    #[error("chime {0} cannot be read: {1}")]
    Read(PathBuf, #[source] io::Error),
    /// The file is no WAV that can be played.
    #[error("chime {0} is not a WAV file that can be played: {1}")]
    Decode(PathBuf, #[source] FromFileError),
    /// The file is too large to be a chime, in bytes.
    #[error("chime {0} has {1} bytes; a chime has at most {LARGEST_BYTES}")]
    Large(PathBuf, u64),
    /// The sound lasts too long, or no time at all.
    #[error("chime {0} lasts {1:?}; a chime lasts up to {LONGEST:?}")]
    Length(PathBuf, Duration),
}

/// Says what is wrong with a chime as the config names it: `chime-default`, `none`, or a WAV file.
pub fn check(name: &str) -> Result<(), ChimeError> {
    if name == NONE { Ok(()) } else { load(name).map(drop) }
}

/// Loads `chime-default` or a WAV file.
fn load(name: &str) -> Result<StaticSoundData, ChimeError> {
    let path = PathBuf::from(name);
    let wav = if name == DEFAULT {
        DEFAULT_WAV.to_vec()
    } else {
        let read = |e| ChimeError::Read(path.clone(), e);
        let bytes = fs::metadata(&path).map_err(read)?.len();
        if bytes > LARGEST_BYTES {
            return Err(ChimeError::Large(path, bytes));
        }
        fs::read(&path).map_err(read)?
    };
    let sound = match StaticSoundData::from_cursor(Cursor::new(wav)) {
        Ok(sound) => sound,
        Err(error) => return Err(ChimeError::Decode(path, error)),
    };
    let length = sound.duration();
    if length.is_zero() || length > LONGEST {
        return Err(ChimeError::Length(path, length));
    }
    Ok(sound)
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
        for (name, right) in [
            ("none.wav", matches!(load(&path("none.wav")), Err(ChimeError::Read(..)))),
            ("text.wav", matches!(load(&path("text.wav")), Err(ChimeError::Decode(..)))),
            ("cut.wav", load(&path("cut.wav")).is_err()),
            ("large.wav", matches!(load(&path("large.wav")), Err(ChimeError::Large(..)))),
        ] {
            assert!(right, "{name}");
            let said = check(&path(name)).expect_err("broken").to_string();
            assert!(said.contains(name), "{said}");
        }
    }

    #[test]
    fn none_and_the_default_are_in_order() {
        assert!(check(NONE).is_ok() && check(DEFAULT).is_ok());
    }
}
