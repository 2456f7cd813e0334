//! The recorder at the sink's monitor, and when it got what it heard.
//! Invariant: a sound counts from the moment that the recorder has it: what the recorder itself takes is in every time.

use std::{
    io::Read,
    path::Path,
    process::Child,
    sync::{Arc, Mutex, MutexGuard},
    thread,
    time::{Duration, Instant},
};

use crate::{
    process::until,
    sound::{RATE, SILENCE, Server},
};

/// What the recorder gave at once.
#[derive(Debug, Clone, Copy)]
struct Piece {
    at: Instant,
    samples: usize,
    loud: bool,
}

/// A recorder under way; dropped, it ends.
pub struct Ear {
    parec: Child,
    pieces: Arc<Mutex<Vec<Piece>>>,
}

impl Ear {
    /// Listens from now on, and writes what it hears into a WAV file where one is named.
    pub fn open(server: &Server, recording: Option<&Path>) -> Self {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: RATE as u32,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut file = recording.map(|path| hound::WavWriter::create(path, spec).expect("a recording"));
        let mut parec = server.recorder();
        let mut out = parec.stdout.take().expect("piped");
        let pieces = Arc::new(Mutex::new(Vec::new()));
        let into = pieces.clone();
        thread::spawn(move || {
            let (mut bytes, mut odd) = ([0; 16_384], 0);
            // A piece may end within a sample, which then begins the next.
            while let Ok(count @ 1..) = out.read(&mut bytes[odd..]) {
                let (at, (words, rest)) = (Instant::now(), bytes[..odd + count].as_chunks::<2>());
                let samples = words.iter().map(|word| i16::from_le_bytes(*word));
                let loud = samples.clone().any(|sample| f32::from(sample).abs() > SILENCE * 32_768.0);
                into.lock().expect("not poisoned").push(Piece { at, samples: words.len(), loud });
                if let Some(file) = &mut file {
                    samples.for_each(|sample| file.write_sample(sample).expect("room for a recording"));
                }
                odd = rest.len();
                bytes[0] = rest.first().copied().unwrap_or_default();
            }
        });
        let ear = Self { parec, pieces };
        until(|| "the recorder hears the silence".into(), || !ear.pieces().is_empty());
        ear
    }

    /// Waits for the first sound after a moment until another, and tells when the recorder had it.
    pub fn sound(&self, after: Instant, before: Instant) -> Option<Instant> {
        loop {
            let heard = self.since(after).into_iter().find(|piece| piece.loud).map(|piece| piece.at);
            if heard.is_some() || Instant::now() > before {
                return heard;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until nothing was heard for so long.
    pub fn silence(&self, length: Duration) {
        let begun = Instant::now();
        let quiet =
            || begun.elapsed() >= length && !self.since(Instant::now() - length).iter().any(|p| p.loud);
        until(|| format!("{length:?} of silence"), quiet);
    }

    /// How much of the time since a moment was not silent.
    pub fn share(&self, since: Instant) -> f64 {
        let (mut loud, mut all) = (0, 0);
        for piece in self.since(since) {
            all += piece.samples;
            loud += if piece.loud { piece.samples } else { 0 };
        }
        loud as f64 / all.max(1) as f64
    }

    /// How much it gets at once, the median in milliseconds: the sound server's sink sounds in pieces of this length.
    pub fn piece(&self) -> f64 {
        let mut samples: Vec<_> = self.pieces().iter().map(|piece| piece.samples).collect();
        samples.sort_unstable();
        samples[samples.len() / 2] as f64 * 1000.0 / RATE as f64
    }

    fn since(&self, moment: Instant) -> Vec<Piece> {
        let pieces = self.pieces();
        pieces[pieces.partition_point(|piece| piece.at <= moment)..].to_vec()
    }

    fn pieces(&self) -> MutexGuard<'_, Vec<Piece>> {
        self.pieces.lock().expect("not poisoned")
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        let _ = self.parec.kill();
        let _ = self.parec.wait();
    }
}
