//! A film's tone under announcements, as a real sound server plays them.
//! Invariant: the film is softer while something is announced, never gone, and nothing clips.

use crate::{
    child::{HERTZ, ask, at, screen},
    process::until,
    sound::{RATE, Server, film_tone, peak, spans, tone},
};

/// How long a tone's loudness is measured, in samples: 20 ms.
const WINDOW: usize = RATE / 50;

fn decibels(level: f32) -> f32 {
    20.0 * level.max(1.0e-6).log10()
}

/// How loud the film is, in dB, every 20 ms.
fn curve(sound: &[f32]) -> Vec<f32> {
    sound.chunks_exact(WINDOW).map(|chunk| decibels(film_tone(chunk, HERTZ))).collect()
}

#[test]
fn a_film_makes_room_by_a_ramp_and_comes_back() {
    let server = Server::new();
    let mut screen = screen(&server.alsa(), server.folder(), "chime-default");
    screen.says("sound Ready");
    let mut recording = server.record();
    ask(&mut screen, "film 0.3");
    until(|| "the film sounds".into(), || peak(&recording.all()) > 0.25);
    recording.next(0.5);
    let before = decibels(film_tone(&recording.next(0.5), HERTZ));
    ask(&mut screen, "say 1 chime");
    screen.says("ended 1 ");
    ask(&mut screen, "say 2 chime");
    screen.says("ended 2 ");
    let mut heard = recording.next(1.0);
    // It is back when it was as loud as before for a while.
    until(
        || format!("the film comes back to {before} dB"),
        || {
            heard.extend(recording.next(0.2));
            curve(&heard).iter().rev().take(8).all(|level| (level - before).abs() < 0.5)
        },
    );
    let curve = curve(&heard);
    let lowest = curve.iter().copied().fold(0.0, f32::min);
    assert!(lowest < before - 12.0, "it is ducked: {lowest} dB after {before} dB");
    assert!(lowest > before - 24.0, "it is not cut: {lowest} dB after {before} dB");
    for two in curve.windows(2) {
        assert!((two[1] - two[0]).abs() < 3.0, "no jump: {} to {} dB in 20 ms", two[0], two[1]);
    }
    // One way down and one way up: it did not come back between the two.
    let soft = |level: &f32| *level < before - 9.0;
    let turns = curve.windows(2).filter(|w| soft(&w[0]) != soft(&w[1])).count();
    assert_eq!(turns, 2, "{curve:?}");
}

#[test]
fn a_loud_film_and_the_chime_together_do_not_clip() {
    let server = Server::new();
    let mut screen = screen(&server.alsa(), server.folder(), "chime-default");
    screen.says("sound Ready");
    let mut recording = server.record();
    ask(&mut screen, "film 1.0");
    until(|| "the film sounds".into(), || peak(&recording.all()) > 0.8);
    ask(&mut screen, "say 1 chime");
    screen.says("ended 1 ");
    recording.next(2.0);
    let sound = recording.all();
    let peak = peak(&sound);
    assert!((0.85..0.9).contains(&peak), "as loud as may be, and no louder: {peak}");
    // The film alone reaches what may be: the chime added to it was turned down, and is heard.
    assert!(sound.chunks_exact(RATE / 10).any(|s| tone(s, 659.0) > 0.2), "the chime is heard");
}

#[test]
fn a_film_is_heard_at_its_time() {
    let server = Server::new();
    let mut screen = screen(&server.alsa(), server.folder(), "chime-default");
    screen.says("sound Ready");
    let mut recording = server.record();
    ask(&mut screen, "clicks");
    recording.next(8.0);
    let sound = recording.all();
    let heard: Vec<i64> = spans(&sound, RATE / 10).iter().map(|span| recording.at(span.start)).collect();
    assert!(heard.len() >= 12, "{} clicks", heard.len());
    for click in 3..=10 {
        let due = at(&screen, &format!("click {click} "));
        let late = heard.iter().map(|heard| heard - due).min_by_key(|late| late.abs()).expect("some");
        assert!(late.abs() < 40, "click {click} is {late} ms late");
    }
}
