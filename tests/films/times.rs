//! The right frame at the right time: each frame tells its own number.
//! Invariant: a frame that comes early is an error at once; late ones are forgiven to a loaded machine, as long as it
//! shows within the deadline that it can be in time throughout.

use std::time::{Duration, Instant};

use papan::{
    domain::playlist::Fit,
    state::{FilmForm, Going},
};

use crate::{
    films::{AV1, Film, H264, H265, MPEG4, VP8, VP9, numbered},
    shown::{DEADLINE, Showing, Shown, Watch, projector, until, wanted},
};

const SIZE: (u32, u32) = (320, 180);
/// How much earlier than it is due a frame may come: a beat of the screen.
const EARLY: f64 = 0.005;
/// How many seconds in a row each frame must be right.
const WATCHED: f64 = 5.0;

/// When each frame of a film is due, in seconds, and the film's length.
struct Due {
    frames: Vec<f64>,
    length: f64,
}

impl Due {
    fn steady(film: &Film) -> Self {
        let at = |n: u32| f64::from(n) * f64::from(film.rate.1) / f64::from(film.rate.0);
        Self { frames: (0..film.frames).map(at).collect(), length: at(film.frames) }
    }

    /// How many frames have been due at a moment since the film began, the first one as one.
    fn count(&self, at: f64) -> i64 {
        let loops = (at / self.length).floor();
        let within = at - loops * self.length;
        loops as i64 * self.frames.len() as i64 + self.frames.partition_point(|due| *due <= within) as i64
    }

    /// How far the frame that shows is behind the one that is due, in frames.
    fn behind(&self, number: u32, at: f64) -> i64 {
        let all = self.frames.len() as i64;
        let behind = (self.count(at) - 1 - i64::from(number)).rem_euclid(all);
        if behind > all / 2 { behind - all } else { behind }
    }
}

/// Watches a film until each frame was right for [`WATCHED`] seconds in a row, and over `seams` ends in a row, no
/// frame left out and none repeated.
fn right(film: &Film, due: &Due, seams: u32) {
    let path = film.made(|n, x, y| numbered(film.size, n, false, x, y));
    let showing = Showing::open(&projector(FilmForm::Pixels, None), wanted(&path, SIZE));
    let name = format!("{}.{}", film.name, film.container);
    let length = showing.opened.length.expect("its file says its length").as_secs_f64();
    assert!((length - due.length).abs() < 0.05, "{name} is {length} s long, not {}", due.length);
    assert!(showing.opened.loops, "{name}");
    let mut watch = Watch::begin(showing);
    let mut last = watch.next();
    assert_eq!(last.number, 0, "{name} begins with its first frame");
    let (mut good_since, mut gapless, mut faults) = (0.0, 0, vec![]);
    let deadline = Instant::now() + DEADLINE;
    loop {
        let next = watch.next();
        let at = next.at.as_secs_f64();
        let early = due.behind(next.number, at + EARLY);
        assert!(early >= 0, "{name}: frame {} comes {} frames early, at {at}", next.number, -early);
        agrees(&name, due, &next);
        // Until this moment the last frame was there.
        let behind = due.behind(last.number, at - 0.001).max(due.behind(next.number, at));
        let in_order = due.behind(next.number, 0.0) == due.behind(last.number, 0.0) - 1;
        let seam = next.number < last.number;
        if behind > 1 || seam && next.number != 0 {
            faults.push(format!("{at:.3}: frame {} after {}, {behind} behind", next.number, last.number));
            (good_since, gapless) = (at, 0);
        } else if seam {
            let gap = (next.at - last.at).as_secs_f64();
            let usual = due.length - due.frames[last.number as usize];
            // A film that is a little longer than its frames rests on its last one.
            let whole = last.number as usize + 1 == due.frames.len() && gap < usual + 0.02;
            gapless = if whole { gapless + 1 } else { 0 };
            if !whole {
                faults.push(format!("{at:.3}: the film begins anew {gap:.3} s after frame {}", last.number));
            }
        }
        let _ = in_order;
        if at - good_since >= WATCHED && gapless >= seams {
            return;
        }
        assert!(Instant::now() < deadline, "{name}: {gapless} ends without a gap, {faults:#?}");
        last = next;
    }
}

/// A frame's moment in the film is that of its number.
fn agrees(name: &str, due: &Due, shown: &Shown) {
    let (moment, right) = (shown.position.as_secs_f64(), due.frames[shown.number as usize]);
    assert!((moment - right).abs() < 0.002, "{name}: frame {} says that it is of {moment}", shown.number);
}

fn counted(name: &str, container: &'static str, codec: &str, rate: (u32, u32), frames: u32) -> Film {
    Film { rate, frames, ..Film::new(name, container, codec) }
}

#[test]
fn thirty_frames_a_second_in_every_codec() {
    for (name, container, codec) in [
        ("count-h264", "mp4", H264),
        ("count-h264", "mkv", H264),
        ("count-h265", "mp4", H265),
        ("count-vp8", "webm", VP8),
        ("count-vp9", "webm", VP9),
        ("count-av1", "mp4", AV1),
        ("count-mpeg4", "mov", MPEG4),
    ] {
        let film = counted(name, container, codec, (30, 1), 60);
        right(&film, &Due::steady(&film), 2);
    }
}

#[test]
fn other_rates() {
    for (name, rate, frames) in
        [("count-60", (60, 1), 120), ("count-23.976", (24000, 1001), 48), ("count-25", (25, 1), 50)]
    {
        let film = counted(name, "mp4", H264, rate, frames);
        right(&film, &Due::steady(&film), 3);
    }
}
