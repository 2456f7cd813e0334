//! The mixer without a device: what it would play, as a WAV file.
//! Invariant: the same announcement gives the same file, byte for byte, on every machine.

use std::io::{self, Write};

use kira::backend::{Backend, Renderer};

use super::{
    script::Script,
    tracks::{Tracks, TracksError},
};

/// Frames a second of the file.
pub(super) const RATE: u32 = 48_000;
/// How many frames are rendered at a time.
const TURN: usize = 1_024;
const CHANNELS: u16 = 2;
const BYTES: u16 = 2;

/// kira's backend: it renders when it is asked to.
pub(super) struct Offline(Option<Renderer>);

impl Backend for Offline {
    type Settings = ();
    type Error = std::convert::Infallible;

    fn setup((): (), _chunk: usize) -> Result<(Self, u32), Self::Error> {
        Ok((Self(None), RATE))
    }

    fn start(&mut self, renderer: Renderer) -> Result<(), Self::Error> {
        self.0 = Some(renderer);
        Ok(())
    }
}

impl Offline {
    /// Takes what comes next: both channels in turn.
    pub(super) fn render(&mut self, out: &mut [f32]) {
        if let Some(renderer) = &mut self.0 {
            renderer.on_start_processing();
            renderer.process(out, CHANNELS);
        }
    }
}

/// Renders an announcement whose voice is there, to the end of its silence: both channels in turn.
pub(super) fn render(script: Script, volume: f64) -> Result<Vec<f32>, TracksError<std::convert::Infallible>> {
    let mut tracks = Tracks::<Offline>::open((), volume, 0.0)?;
    let mut sound = Vec::new();
    // There is room on a track that was just made; without it nothing would sound.
    let Ok(progress) = tracks.calls.play(script) else { return Ok(sound) };
    while !progress.over() {
        let begun = sound.len();
        sound.resize(begun + TURN * usize::from(CHANNELS), 0.0);
        tracks.manager.backend_mut().render(&mut sound[begun..]);
    }
    Ok(sound)
}

/// Writes stereo sound as WAV with 16 bits: <http://soundfile.sapp.org/doc/WaveFormat/>.
pub(super) fn write_wav(samples: &[f32], out: &mut impl Write) -> io::Result<()> {
    let too_long = |_| io::Error::other("the sound is too long for a WAV file");
    let bytes = u32::try_from(samples.len() * usize::from(BYTES)).map_err(too_long)?;
    let frame = CHANNELS * BYTES;
    out.write_all(b"RIFF")?;
    out.write_all(&bytes.saturating_add(36).to_le_bytes())?;
    out.write_all(b"WAVEfmt ")?;
    out.write_all(&16_u32.to_le_bytes())?;
    for word in [1, CHANNELS] {
        out.write_all(&word.to_le_bytes())?;
    }
    out.write_all(&RATE.to_le_bytes())?;
    out.write_all(&(RATE * u32::from(frame)).to_le_bytes())?;
    for word in [frame, 8 * BYTES] {
        out.write_all(&word.to_le_bytes())?;
    }
    out.write_all(b"data")?;
    out.write_all(&bytes.to_le_bytes())?;
    for sample in samples {
        let word = (sample * f32::from(i16::MAX)).round() as i16;
        out.write_all(&word.to_le_bytes())?;
    }
    Ok(())
}
