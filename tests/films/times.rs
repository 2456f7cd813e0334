//! The right frame at the right time: each frame tells its own number.
//! Invariant: a frame that comes early is an error at once; late ones are forgiven to a loaded machine, as long as it
//! shows within the deadline that it can be in time throughout.

use std::time::{Duration, Instant};

use papan::state::FilmForm;

use crate::{
    films::{AV1, Film, H264, H265, MPEG4, VP8, VP9, numbered},
    shown::{DEADLINE, Pixels, Showing, Shown, Watch, each, projector, wanted},
};

const SIZE: (u32, u32) = (320, 180);
/// How much earlier than it is due a frame may come, in seconds: a beat of the screen.
const EARLY: f64 = 0.005;

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
        let rounds = (at / self.length).floor();
        let within = at - rounds * self.length;
        rounds as i64 * self.frames.len() as i64 + self.frames.partition_point(|due| *due <= within) as i64
    }

    /// How far the frame that shows is behind the one that is due, in frames.
    fn behind(&self, number: u32, at: f64) -> i64 {
        let all = self.frames.len() as i64;
        let behind = (self.count(at) - 1 - i64::from(number)).rem_euclid(all);
        if behind > all / 2 { behind - all } else { behind }
    }
}

/// Watches a film until for so many seconds in a row no frame came more than one too late, and over so many ends in
/// a row its last frame and its first one followed each other as all others do.
fn right(film: &Film, due: &Due, seconds: f64, seams: u32) {
    let path = film.made(|n, x, y| numbered(film.size, n, false, x, y));
    let showing = Showing::open(&projector(FilmForm::Pixels, None), wanted(&path, SIZE));
    let name = format!("{}.{}", film.name, film.container);
    let length = showing.opened.length.expect("its file says its length").as_secs_f64();
    assert!((length - due.length).abs() < 0.05, "{name} is {length} s long, not {}", due.length);
    assert!(showing.opened.loops, "{name}");
    let mut watch = Watch::begin(showing);
    let mut last = watch.next();
    assert_eq!(last.number, 0, "{name} begins with its first frame");
    let (mut since, mut joined, mut faults) = (0.0, 0, vec![]);
    let deadline = Instant::now() + DEADLINE;
    while last.at.as_secs_f64() - since < seconds || joined < seams {
        assert!(Instant::now() < deadline, "{name}: {joined} ends in a row are right, {faults:#?}");
        let next = watch.next();
        let at = next.at.as_secs_f64();
        let early = due.behind(next.number, at + EARLY);
        assert!(early >= 0, "{name}: frame {} comes {} frames early, at {at}", next.number, -early);
        agrees(&name, due, &next);
        // The one before was there until now.
        let behind = due.behind(last.number, at - 0.001).max(due.behind(next.number, at));
        let mut right = behind <= 1;
        if next.number < last.number {
            let lasted = (next.at - last.at).as_secs_f64();
            let usual = due.length - due.frames[last.number as usize];
            let ends = (last.number as usize + 1, next.number) == (due.frames.len(), 0);
            right &= ends && (lasted - usual).abs() < 0.010;
            joined = if right { joined + 1 } else { 0 };
        }
        if !right {
            let gap = (next.at - last.at).as_secs_f64();
            faults.push(format!(
                "{at:.3}: frame {} {gap:.3} s after {}, {behind} behind",
                next.number, last.number
            ));
            since = at;
        }
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
    let all = [
        ("count-h264", "mp4", H264),
        ("count-h264", "mkv", H264),
        ("count-h265", "mp4", H265),
        ("count-vp8", "webm", VP8),
        ("count-vp9", "webm", VP9),
        ("count-av1", "mp4", AV1),
        ("count-mpeg4", "mov", MPEG4),
        ("count-mpeg4", "mkv", MPEG4),
    ];
    each(&all, |(name, container, codec)| {
        let film = counted(name, container, codec, (30, 1), 30);
        right(&film, &Due::steady(&film), 2.0, 2);
    });
}

#[test]
fn other_rates_and_many_rounds() {
    let all = [("count-60", (60, 1), 120), ("count-23.976", (24000, 1001), 48), ("count-25", (25, 1), 50)];
    each(&all, |(name, rate, frames)| {
        let film = counted(name, "mp4", H264, *rate, *frames);
        right(&film, &Due::steady(&film), 7.0, 3);
    });
}

/// A slideshow: frame 12 stands for three seconds in the midst of it; and a film whose sound is longer than its
/// picture, whose last frame stands meanwhile.
#[test]
fn frames_that_stand_for_long() {
    let mut still = counted("still", "mp4", H264, (25, 1), 25);
    still = still.more("-vf setpts=PTS+gt(N\\,12)*3/TB -fps_mode vfr");
    let longer = Film {
        sound: Some(("0.1*sin(2*PI*440*t)|0".into(), "aac".into())),
        sound_lasts: Some(3.5),
        ..counted("longer-sound", "mp4", H264, (25, 1), 25)
    };
    let mut late = Due::steady(&still);
    late.frames.iter_mut().skip(13).for_each(|due| *due += 3.0);
    late.length += 3.0;
    let rests = Due { length: 3.5, ..Due::steady(&longer) };
    each(&[(still, late), (longer, rests)], |(film, due)| right(film, due, 4.5, 1));
}

#[test]
fn from_a_moment_in_the_midst_of_it() {
    // A key frame every half second.
    for from in [1.2, 0.3] {
        let film = counted("keys", "mp4", &format!("{H264} -g 15 -keyint_min 15"), (30, 1), 60);
        let due = Due::steady(&film);
        let path = film.made(|n, x, y| numbered(film.size, n, false, x, y));
        let mut wanted = wanted(&path, SIZE);
        wanted.from = Duration::from_secs_f64(from);
        let mut showing = Showing::open(&projector(FilmForm::Pixels, None), wanted);
        let first = showing.first();
        let number = Pixels::of(&first, SIZE).number();
        let moment = showing.film.position().as_secs_f64();
        assert!((from - 0.52..=from).contains(&moment), "it begins at {moment} for {from}");
        assert!((moment - due.frames[number as usize]).abs() < 0.002, "{number} at {moment}");
        let mut watch = Watch::begin(showing);
        let mut last = number;
        // What follows runs on from there, over its end and into its beginning.
        let begins = due.frames[number as usize];
        for _ in 0..50 {
            let next = watch.next();
            agrees(&film.name, &due, &next);
            let at = next.at.as_secs_f64();
            assert!(due.behind(next.number, begins + at + EARLY) >= 0, "{} at {at}", next.number);
            assert!(next.number > last || next.number < 30, "{} after {last}", next.number);
            last = next.number;
        }
    }
}
