//! A film's sound comes with its pictures, and without a gap.
//! Invariant: what is heard is held against the flash that shows at the same moment of the same film.

use std::{
    sync::{
        Arc,
        atomic::AtomicU64,
        mpsc::{Receiver, sync_channel},
    },
    time::{Duration, Instant},
};

use papan::state::{FilmForm, FilmInput, FilmPiece};

use crate::{
    films::{Film, H264, MPEG4, VP9, numbered},
    shown::{DEADLINE, Showing, Watch, projector, wanted},
};

const SIZE: (u32, u32) = (320, 180);
/// How far sound may be from its picture.
const IN_SYNC: f64 = 0.040;
/// How far one piece of sound may be from the end of the one before.
const JOINS: f64 = 0.001;

/// A mixer that keeps what comes.
fn mixer() -> (FilmInput, Receiver<FilmPiece>) {
    let (pieces, heard) = sync_channel(1024);
    (FilmInput { pieces, latency: Arc::new(AtomicU64::new(20_000_000)) }, heard)
}

/// A film of two seconds that flashes from its frame 30 on for a tenth of a second, and beeps meanwhile; before
/// and after it hums, where it `hums`.
fn film(name: &str, container: &'static str, codec: &str, sound: &str, hums: bool) -> Film {
    let beep = "between(t,1,1.1)*0.8*sin(2*PI*3000*t)";
    let hum = if hums { "+0.05*sin(2*PI*220*t)" } else { "" };
    let sound = Some((format!("{beep}{hum}|{beep}{hum}"), sound.to_owned()));
    Film { rate: (30, 1), frames: 60, sound, ..Film::new(name, container, codec) }
}

fn flashes(number: u32) -> bool {
    (30..33).contains(&number)
}
fn measure(film: &Film) {
    let path = film.made(|n, x, y| numbered(film.size, n, flashes(n), x, y));
    let (input, heard) = mixer();
    let mut wanted = wanted(&path, SIZE);
    wanted.volume = 1.0;
    let showing = Showing::open(&projector(FilmForm::Pixels, Some(input)), wanted);
    println!("{} {:?}", film.container, showing.opened);
    let mut watch = Watch::begin(showing);
    let began = watch.began;
    let mut lit = false;
    let mut end = None;
    let mut loud = 0.0;
    while began.elapsed() < Duration::from_secs(8) {
        let shown = watch.next();
        if shown.flashes && !lit {
            println!("flash {:.4}", shown.at.as_secs_f64() + 0.004);
        }
        lit = shown.flashes;
        for piece in heard.try_iter() {
            let due = piece.due.saturating_duration_since(began).as_secs_f64();
            if end.is_none_or(|end: f64| (due - end).abs() > JOINS) {
                println!("piece {due:.4} after {end:?}");
            }
            for (at, [l, _]) in piece.frames.iter().enumerate() {
                let at = due + at as f64 / 48000.0;
                if l.abs() > 0.2 {
                    if at - loud > 0.3 {
                        println!("beep {at:.4}");
                    }
                    loud = at;
                }
            }
            end = Some(due + piece.frames.len() as f64 / 48000.0);
        }
    }
}

#[test]
fn m() {
    for (c, v, s) in [
        ("mp4", H264, "aac"),
        ("mov", H264, "aac"),
        ("mkv", H264, "aac"),
        ("mp4", MPEG4, "libmp3lame"),
        ("mkv", MPEG4, "libmp3lame"),
        ("webm", VP9, "libopus"),
        ("webm", VP9, "libvorbis"),
        ("mkv", H264, "libopus"),
        ("mp4", H264, "libopus"),
    ] {
        println!("== {c} {s}");
        measure(&film(&format!("beep-{s}"), c, v, s, true));
    }
}
