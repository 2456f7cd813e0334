//! The short film that ships, `playlists/lobi/films/ambil-nomor.mp4`: its pictures, captions and narration.
//! Invariant: the same moment always gives the same pixels, and the moment after the last one is the first.

use std::{
    error::Error,
    io::{self, BufWriter, Write},
};

mod art;
mod brush;
mod cues;
mod motion;
mod person;
mod props;
mod scenes;

use art::Art;
use brush::Frame;
use motion::{FRAMES, RATE};

const USAGE: &str = "usage: ambil_nomor pictures|captions|narration
  pictures   each frame as raw BGRA, 1920 × 1080, 30 a second
  captions   what is said, as SubRip
  narration  what the voice says: when in milliseconds, what `papan say` is to say; separated by a tab";

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(io::stdout().lock());
    match std::env::args().nth(1).as_deref() {
        Some("pictures") => {
            let art = Art::new();
            let mut frame = Frame::new();
            for number in 0..FRAMES {
                scenes::draw(&mut frame, &art, number as f32 / RATE as f32);
                out.write_all(frame.bytes())?;
            }
        }
        Some("captions") => out.write_all(cues::captions().as_bytes())?,
        Some("narration") => out.write_all(cues::narration().as_bytes())?,
        _ => return Err(USAGE.into()),
    }
    out.flush()?;
    Ok(())
}
