//! A film's sound comes with its pictures, and without a gap.
//! Invariant: what is heard is held against the flash that shows at the same moment of the same film.

use std::time::{Duration, Instant};

use papan::state::{FilmForm, FilmInput, FilmPiece};

use crate::{
    films::{Film, H264, MPEG4, VP9, numbered},
    shown::{DEADLINE, Showing, Watch, each, mixer, projector, wanted},
};

const SIZE: (u32, u32) = (320, 180);
/// How far sound may be from its picture, in seconds.
const IN_SYNC: f64 = 0.040;
/// How far one piece of sound may be from the end of the one before, in seconds.
const JOINS: f64 = 0.001;
/// How much earlier than it is due a frame is shown, in seconds.
const EARLY: f64 = 0.004;

/// A film of one second that hums, and from its frame 15 on flashes and beeps for a tenth of a second.
fn film(container: &'static str, codec: &str, sound: &str) -> Film {
    let beep = "0.05*sin(2*PI*220*t)+between(t,0.5,0.6)*0.8*sin(2*PI*3000*t)";
    let sound = (format!("{beep}|{beep}"), sound.to_owned());
    let name = format!("beep-{}", sound.1);
    Film { rate: (30, 1), frames: 30, sound: Some(sound), ..Film::new(&name, container, codec) }
}

/// What was heard of a film.
#[derive(Default)]
struct Heard {
    /// When the newest piece ends, in seconds since the film began to play.
    end: Option<f64>,
    /// When it was loud, the last time.
    loud: f64,
    beeps: Vec<f64>,
    /// Where a piece does not begin where the one before ends: when, and how much later.
    gaps: Vec<(f64, f64)>,
}

impl Heard {
    fn hear(&mut self, piece: &FilmPiece, began: Instant) {
        let rate = f64::from(FilmInput::RATE);
        assert!(piece.frames.len() <= FilmInput::PIECE);
        let due = piece.due.checked_duration_since(began).expect("no sound before the film").as_secs_f64();
        if let Some(gap) = self.end.map(|end| due - end).filter(|gap| gap.abs() > JOINS) {
            self.gaps.push((due, gap));
        }
        for (at, [left, right]) in (0..).zip(&piece.frames) {
            let at = due + f64::from(at) / rate;
            assert!((left - right).abs() < 0.1, "both channels are alike");
            if left.abs() > 0.2 {
                if at - self.loud > 0.3 {
                    self.beeps.push(at);
                }
                self.loud = at;
            }
        }
        self.end = Some(due + piece.frames.len() as f64 / rate);
    }
}

/// Watches and hears a film until it flashed and beeped four times; `most` is how long its sound may be silent
/// where it begins anew.
fn right(film: &Film, most: f64) {
    let path = film.made(|n, x, y| numbered(film.size, n, (15..18).contains(&n), x, y));
    let (input, pieces) = mixer();
    let mut wanted = wanted(&path, SIZE);
    wanted.volume = 1.0;
    let showing = Showing::open(&projector(FilmForm::Pixels, Some(input)), wanted);
    let length = showing.opened.length.expect("its file says its length").as_secs_f64();
    let mut watch = Watch::begin(showing);
    let (mut heard, mut flashes, mut lit) = (Heard::default(), vec![], false);
    let deadline = Instant::now() + DEADLINE;
    let name = format!("{}.{}", film.name, film.container);
    // A loaded machine may leave out the very frame that begins a flash.
    let together =
        |flash: &f64, heard: &Heard| heard.beeps.iter().any(|beep| (flash - beep).abs() <= IN_SYNC);
    while flashes.iter().filter(|flash| together(flash, &heard)).count() < 4 {
        assert!(Instant::now() < deadline, "{name}: flashes at {flashes:?}, beeps at {:?}", heard.beeps);
        let shown = watch.next();
        if shown.flashes && !lit {
            flashes.push(shown.at.as_secs_f64() + EARLY);
        }
        lit = shown.flashes;
        pieces.try_iter().for_each(|piece| heard.hear(&piece, watch.began));
    }
    let apart = heard.beeps.windows(2).map(|two| two[1] - two[0]);
    for apart in apart {
        assert!((apart - length).abs() < 0.012, "{name}: beeps at {:?} of a film of {length} s", heard.beeps);
    }
    for (at, gap) in heard.gaps {
        let seam = (at / length).fract() < 0.05 || (at / length).fract() > 0.95;
        assert!(seam && gap.abs() <= most, "{name}: a gap of {gap} s at {at}");
    }
}

#[test]
fn a_beep_comes_with_its_flash_and_sound_has_no_gap() {
    let all = [
        (film("mp4", H264, "aac"), JOINS),
        (film("mov", H264, "aac"), JOINS),
        (film("mp4", MPEG4, "libmp3lame"), JOINS),
        (film("mp4", H264, "libopus"), JOINS),
        (film("mkv", H264, "aac"), JOINS),
        (film("mkv", MPEG4, "libmp3lame"), JOINS),
        // What these encoders need to start is silent at each end: Matroska's demuxer does not cut it off.
        (film("webm", VP9, "libopus"), 0.010),
        (film("webm", VP9, "libvorbis"), 0.010),
    ];
    each(&all, |(film, most)| right(film, *most));
}

#[test]
fn volume_is_the_films_and_none_is_silence() {
    let film = film("mp4", H264, "aac");
    let path = film.made(|n, x, y| numbered(film.size, n, (15..18).contains(&n), x, y));
    let loudest = |volume: f32| {
        let (input, pieces) = mixer();
        let mut wanted = wanted(&path, SIZE);
        wanted.volume = volume;
        let mut watch = Watch::begin(Showing::open(&projector(FilmForm::Pixels, Some(input)), wanted));
        let mut loudest = 0.0_f32;
        while watch.next().at < Duration::from_millis(900) {
            let frames = pieces.try_iter().flat_map(|piece| piece.frames);
            loudest = frames.map(|[left, _]| left.abs()).fold(loudest, f32::max);
        }
        loudest
    };
    let (whole, half) = (loudest(1.0), loudest(0.5));
    assert!((0.75..0.95).contains(&whole), "{whole}");
    assert!((half / whole - 0.5).abs() < 0.02, "{half} of {whole}");
    assert_eq!(loudest(0.0), 0.0);
}
