//! A film's sound at a device that is made up, with a quartz, a latency and a tremble of its own.
//! Invariant: no test waits; what is heard when is computed from the frames that came out.

use std::{f64::consts::TAU, sync::mpsc::TrySendError};

use super::*;
use crate::state::FilmPiece;

const RATE: f64 = FilmInput::RATE as f64;
const LATENCY: Duration = Duration::from_millis(45);
const AMPLITUDE: f64 = 0.5;

fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// A device; of each frame it is known when it is heard.
struct Device {
    played: Played,
    rate: f64,
    /// By how many parts of a million its quartz is fast.
    fast: f64,
    begun: Instant,
    /// How much it was late in all.
    stood: Duration,
    turns: u32,
    out: Vec<Frame>,
    /// How wrong the moments of its turns are, in ms.
    tremble: fn(u32) -> f64,
}

impl Device {
    fn new(film: &Film, rate: u32) -> Self {
        Self {
            played: film.on(rate, Arc::default()),
            rate: f64::from(rate),
            fast: 0.0,
            begun: Instant::now(),
            stood: Duration::ZERO,
            turns: 0,
            out: Vec::new(),
            tremble: |_| 0.0,
        }
    }

    /// When a frame is heard, by a clock that is right.
    fn heard(&self, frame: usize) -> Instant {
        let real = self.rate * (1.0 + self.fast / 1.0e6);
        moved(self.begun + self.stood, frame as f64 / real) + LATENCY + LOOKAHEAD
    }

    /// When the next turn begins.
    fn now(&self) -> Instant {
        self.heard(self.out.len()) - LATENCY - LOOKAHEAD
    }

    /// Takes a turn of 21 ms.
    fn turn(&mut self) {
        let now = moved(self.now(), (self.tremble)(self.turns) / 1_000.0);
        self.turns += 1;
        self.played.turn(now, LATENCY);
        let info = kira::info::MockInfoBuilder::new().build();
        let begun = self.out.len();
        self.out.resize(begun + (self.rate * 1_024.0 / RATE) as usize, Frame::ZERO);
        for chunk in self.out[begun..].chunks_mut(128) {
            self.played.process(chunk, 1.0 / self.rate, &info);
        }
    }

    /// Takes as many turns as fill so many seconds, and the film gives whatever finds room.
    fn play(&mut self, seconds: f64, source: &mut Source) {
        let until = self.out.len() + (seconds * self.rate) as usize;
        while self.out.len() < until {
            source.give(self.now());
            self.turn();
        }
    }

    /// How many seconds late a frame is, of a film whose first is due at `from`. The film is a second's turn of a
    /// circle: the angle tells the time.
    fn late(&self, frame: usize, from: Instant) -> f64 {
        let Frame { left, right } = self.out[frame];
        let at = f64::from(left).atan2(f64::from(right)) / TAU;
        let off = after(self.heard(frame), from) - at;
        off - off.round()
    }

    /// How loud a frame is; 1 is the film's own loudness.
    fn loud(&self, frame: usize) -> f64 {
        let Frame { left, right } = self.out[frame];
        f64::from(left).hypot(f64::from(right)) / AMPLITUDE
    }

    fn first_loud(&self) -> usize {
        (0..self.out.len()).find(|frame| self.loud(*frame) > 1.0e-3).expect("it is heard")
    }

    /// The largest step from a frame to the next.
    fn step(&self) -> f32 {
        let step = |w: &[Frame]| (w[1].left - w[0].left).abs().max((w[1].right - w[0].right).abs());
        self.out.windows(2).map(step).fold(0.0, f32::max)
    }

    /// How many frames after `from` are not as loud as the film is.
    fn faded(&self, from: usize) -> usize {
        (from..self.out.len()).filter(|frame| (self.loud(*frame) - 1.0).abs() > 0.02).count()
    }
}

/// A fade-in's step, beside which the film's own is nothing; a click is ten times that.
const SOFT: f32 = 0.02;

/// A film that gives what finds room.
struct Source {
    input: FilmInput,
    from: Instant,
    frames: u64,
    held: Option<FilmPiece>,
    /// How long before its time it has a piece.
    lead: Duration,
}

impl Source {
    fn new(input: FilmInput, from: Instant) -> Self {
        Self { input, from, frames: 0, held: None, lead: Duration::MAX }
    }

    /// The piece that comes next.
    fn piece(&mut self) -> FilmPiece {
        let frame = |i: u64| {
            let turn = TAU * (i % u64::from(FilmInput::RATE)) as f64 / RATE;
            [(AMPLITUDE * turn.sin()) as f32, (AMPLITUDE * turn.cos()) as f32]
        };
        let due = moved(self.from, self.frames as f64 / RATE);
        let length = FilmInput::PIECE as u64;
        let frames = (self.frames..self.frames + length).map(frame).collect();
        self.frames += length;
        FilmPiece { due, frames }
    }

    /// Gives what it has at `now`.
    fn give(&mut self, now: Instant) {
        loop {
            let piece = self.held.take().unwrap_or_else(|| self.piece());
            if piece.due.saturating_duration_since(now) > self.lead {
                self.held = Some(piece);
                return;
            }
            if let Err(TrySendError::Full(piece)) = self.input.pieces.try_send(piece) {
                self.held = Some(piece);
                return;
            }
        }
    }
}

fn film(rate: u32, lead: Duration) -> (Source, Device) {
    let (input, film) = Film::new();
    let device = Device::new(&film, rate);
    let from = device.begun + LATENCY + LOOKAHEAD + lead;
    (Source::new(input, from), device)
}

#[test]
fn it_sets_in_at_its_time_and_is_heard_as_it_is() {
    for rate in [48_000, 44_100] {
        let (mut source, mut device) = film(rate, ms(100));
        device.play(1.0, &mut source);
        let begun = after(device.heard(device.first_loud()), source.from);
        assert!(begun.abs() < 0.002, "it sets in {begun} s late");
        for frame in [device.first_loud() + 600, device.out.len() - 1] {
            let late = device.late(frame, source.from);
            assert!(late.abs() < 0.000_1, "{late} s late at {rate}");
        }
        assert_eq!(device.faded(device.first_loud() + 300), 0);
        assert!(device.step() < SOFT, "a step of {}", device.step());
    }
}

#[test]
fn high_pitches_stay_as_loud_while_it_is_slower_or_faster() {
    let (input, film) = Film::new();
    let mut device = Device::new(&film, 48_000);
    device.fast = 100.0;
    let from = device.begun + LATENCY + LOOKAHEAD;
    let mut count = 0;
    for _ in 0..500 {
        loop {
            let tone = |i: usize| [(AMPLITUDE * (TAU * 15_000.0 * i as f64 / RATE).sin()) as f32; 2];
            let frames = (count..count + FilmInput::PIECE).map(tone).collect();
            if input.pieces.try_send(FilmPiece { due: moved(from, count as f64 / RATE), frames }).is_err() {
                break;
            }
            count += FilmInput::PIECE;
        }
        device.turn();
    }
    // An amplitude is the root of twice the mean square.
    let level = |part: &[Frame]| (part.iter().map(|f| 2.0 * f.left * f.left).sum::<f32>() / 960.0).sqrt();
    for part in device.out[9_600..].chunks_exact(960) {
        assert!((level(part) / 0.5 - 1.0).abs() < 0.01, "{}", level(part));
    }
}

#[test]
fn a_late_one_sets_in_at_the_right_place() {
    let (mut source, mut device) = film(48_000, ms(0));
    source.from -= ms(333);
    device.play(1.0, &mut source);
    let begun = device.first_loud();
    assert!(after(device.heard(begun), device.heard(0)) < 0.05, "it is soon there");
    let late = device.late(begun + 600, source.from);
    assert!(late.abs() < 0.005, "{late} s late");
    assert_eq!(device.faded(begun + 300), 0);
    assert!(device.step() < SOFT, "a step of {}", device.step());
}

#[test]
fn a_quartz_that_is_off_is_followed_without_a_skip() {
    for fast in [-100.0, 100.0] {
        let (mut source, mut device) = film(8_000, ms(100));
        device.fast = fast;
        device.tremble = |turn| f64::from(turn * 7 % 21) - 10.0;
        device.play(600.0, &mut source);
        let begun = device.first_loud() + 100;
        let worst = (begun..device.out.len())
            .step_by(16)
            .map(|f| device.late(f, source.from).abs())
            .fold(0.0, f64::max);
        assert!(worst < 0.01, "{worst} s late with {fast} ppm");
        assert_eq!(device.faded(begun), 0);
        // So little is heard of it: by how much the circle's turn differs from a second's.
        let pace = (begun..device.out.len() - 800).step_by(800).map(|f| {
            let gone = device.late(f + 800, source.from) - device.late(f, source.from);
            gone.abs() / 0.1
        });
        let worst = pace.fold(0.0, f64::max);
        assert!(worst < 0.003, "at a pace of {worst}");
    }
}

#[test]
fn a_device_that_trembles_is_not_followed() {
    let (mut source, mut device) = film(48_000, ms(100));
    device.tremble = |turn| if turn % 2 == 0 { -10.0 } else { 10.0 };
    device.play(20.0, &mut source);
    let begun = device.first_loud() + 300;
    assert_eq!(device.faded(begun), 0, "it never broke off");
    for frame in (begun..device.out.len()).step_by(480) {
        let late = device.late(frame, source.from);
        assert!(late.abs() < 0.011, "{late} s late");
    }
    let late = device.late(device.out.len() - 1, source.from);
    assert!(late.abs() < 0.003, "{late} s late at the end");
}

#[test]
fn a_device_that_stood_still_finds_the_film_where_it_is() {
    let (mut source, mut device) = film(48_000, ms(100));
    device.play(2.0, &mut source);
    device.stood = ms(300);
    device.play(2.0, &mut source);
    let late = device.late(device.out.len() - 1, source.from);
    assert!(late.abs() < 0.005, "{late} s late");
    assert!(device.step() < SOFT, "a step of {}", device.step());
}

#[test]
fn one_film_follows_another_and_a_loop_itself_without_a_seam() {
    for jitter in [0.0, 0.000_02, 0.001, -0.001] {
        let (mut source, mut device) = film(48_000, ms(100));
        device.play(1.0, &mut source);
        // The next one's first frame is due at the end of the last one's, or almost.
        source.from = moved(source.from, jitter);
        device.play(2.0, &mut source);
        assert_eq!(device.faded(device.first_loud() + 300), 0, "a gap at {jitter}");
        let late = device.late(device.out.len() - 1, source.from);
        assert!(late.abs() < 0.001, "{late} s late");
    }
}

#[test]
fn a_gap_in_the_times_is_silent_for_so_long() {
    let (mut source, mut device) = film(48_000, ms(100));
    device.play(1.0, &mut source);
    source.from += ms(500);
    device.play(1.5, &mut source);
    let silent = (device.first_loud()..device.out.len()).filter(|f| device.loud(*f) < 1.0e-3).count();
    assert!((23_500..24_000).contains(&silent), "{silent} frames are silent");
    let late = device.late(device.out.len() - 1, source.from);
    assert!(late.abs() < 0.000_1, "{late} s late");
    assert!(device.step() < SOFT, "a step of {}", device.step());
}

#[test]
fn an_overlap_goes_on_at_the_right_place() {
    let (mut source, mut device) = film(48_000, ms(100));
    device.play(1.0, &mut source);
    source.from -= ms(250);
    device.play(1.5, &mut source);
    let late = device.late(device.out.len() - 1, source.from);
    assert!(late.abs() < 0.005, "{late} s late");
    assert!(device.step() < SOFT, "a step of {}", device.step());
}

#[test]
fn what_runs_dry_is_silence_and_comes_back_in_time() {
    for dry in [1, 5, 40] {
        let (mut source, mut device) = film(48_000, ms(100));
        device.play(1.0, &mut source);
        // All that waited is played, and then nothing comes for a while.
        (0..MOST_PIECES + dry).for_each(|_| device.turn());
        device.play(1.5, &mut source);
        let late = device.late(device.out.len() - 1, source.from);
        assert!(late.abs() < 0.005, "{late} s late after {dry} turns");
        assert!(device.step() < SOFT, "a step of {}", device.step());
    }
}

#[test]
fn what_is_due_in_an_hour_does_not_hold_up_what_comes_after_it() {
    let (mut source, mut device) = film(48_000, ms(100));
    let frames = vec![[0.7; 2]; 960];
    let due = source.from + Duration::from_secs(3_600);
    source.input.pieces.try_send(FilmPiece { due, frames }).expect("there is room");
    device.play(1.0, &mut source);
    assert!(after(device.heard(device.first_loud()), source.from).abs() < 0.002);
}

#[test]
fn what_waited_for_a_device_is_forgotten_and_the_next_goes_on() {
    let (input, film) = Film::new();
    let mut device = Device::new(&film, 48_000);
    let mut source = Source::new(input, device.begun + LATENCY);
    source.give(device.begun);
    assert!(source.held.is_some(), "it is bounded");
    film.forget();
    (0..10).for_each(|_| device.turn());
    assert!((0..device.out.len()).all(|frame| device.loud(frame) == 0.0));
    device.play(1.0, &mut source);
    assert_eq!(device.faded(device.first_loud() + 300), 0);
}

#[test]
fn a_film_is_told_how_early_its_sound_is_wanted() {
    // What always comes later than that is silence, and what comes in time is heard whole.
    for (spare, heard) in [(-45.0, false), (1.0, true)] {
        let (mut source, mut device) = film(48_000, ms(300));
        assert_eq!(source.input.latency(), Duration::ZERO, "no device plays");
        (0..10).for_each(|_| device.turn());
        let wanted = source.input.latency();
        assert!(wanted > LATENCY && wanted < LATENCY + ms(30), "{wanted:?}");
        source.lead = moved(device.begun + wanted, spare / 1_000.0) - device.begun;
        device.play(2.0, &mut source);
        assert_eq!((0..device.out.len()).any(|frame| device.loud(frame) > 1.0e-3), heard, "{wanted:?}");
        assert!(!heard || device.faded(device.first_loud() + 300) == 0, "{wanted:?} is enough");
    }
}
