//! Announcements as a real sound server plays them: chime, voice, one after the other, cut in by others.
//! Invariant: what is judged is the sound that came out, and what was told of it.

use papan::domain::speech::AFTER_CHIME;

use crate::{
    child::{GAP, ask, at, screen},
    sound::{RATE, Server, is_the_chime, spans, step},
};

fn samples(time: std::time::Duration) -> usize {
    (time.as_secs_f64() * RATE as f64) as usize
}

#[test]
fn the_chime_is_heard_at_each_call_and_told() {
    let server = Server::new();
    let mut screen = screen(&server.alsa(), server.folder(), "chime-default");
    screen.says("sound Ready");
    screen.says("chime of 1");
    let mut recording = server.record();
    for call in 1..=2 {
        ask(&mut screen, &format!("say {call} chime"));
        is_the_chime(&recording.next_sound());
        screen.says(&format!("ended {call} "));
        let said = screen.said();
        let (began, ended) = (said.find(&format!("began {call} ")), said.find(&format!("ended {call} ")));
        assert!(began.is_some() && began < ended, "{said}");
        let took = at(&screen, &format!("ended {call} ")) - at(&screen, &format!("began {call} "));
        assert!((900..1_500).contains(&took), "from the chime's beginning to its end: {took} ms");
    }
}

#[test]
fn the_voice_follows_the_chime_after_its_pause() {
    let server = Server::new();
    let mut screen = screen(&server.alsa(), server.folder(), "chime-default");
    screen.says("sound Ready");
    let mut recording = server.record();
    ask(&mut screen, "say 1 chime voice");
    let sound = recording.next_sound();
    screen.says("ended 1 ");
    assert!(screen.said().contains("unsaid []"), "{}", screen.said());
    let spans = spans(&sound, samples(AFTER_CHIME) * 3 / 4);
    assert!(spans.len() >= 2, "chime and voice: {spans:?}");
    is_the_chime(&sound[spans[0].clone()]);
    // The chime's last samples and the voice's first are softer than what counts as silence.
    let pause = spans[1].start - spans[0].end;
    assert!((samples(AFTER_CHIME) * 3 / 4..samples(AFTER_CHIME) * 3).contains(&pause), "{pause} samples");
    let spoken = (sound.len() - spans[1].start) as i64 * 1_000 / RATE as i64;
    let told = at(&screen, "ended 1 ") - at(&screen, "began 1 ");
    assert!((told - spoken).abs() < 250, "told {told} ms, heard {spoken} ms");
}

#[test]
fn announcements_are_apart() {
    let server = Server::new();
    let mut screen = screen(&server.alsa(), server.folder(), "chime-default");
    screen.says("sound Ready");
    let recording = server.record();
    for call in 1..=3 {
        ask(&mut screen, &format!("say {call} chime"));
        screen.says(&format!("ended {call} "));
    }
    let sound = recording.all();
    let spans = spans(&sound, samples(GAP) / 2);
    // The recording may lag behind the last one's end.
    assert!(spans.len() >= 2, "{spans:?}");
    for two in spans.windows(2) {
        is_the_chime(&sound[two[0].clone()]);
        assert!(two[1].start - two[0].end >= samples(GAP), "{spans:?}");
    }
}

#[test]
fn the_last_word_is_told_before_the_silence_after_it() {
    let server = Server::new();
    let mut screen = screen(&server.alsa(), server.folder(), "chime-default");
    screen.says("sound Ready");
    ask(&mut screen, "say 1 chime voice");
    screen.says("over 1 ");
    let (spoken, said, over) = (at(&screen, "ended 1 "), at(&screen, "said 1 "), at(&screen, "over 1 "));
    assert!(spoken <= said && said < over, "over at {spoken}, told at {said}, and the silence at {over}");
}

#[test]
fn what_is_cut_in_fades_out_and_is_never_told_of() {
    let server = Server::new();
    let mut screen = screen(&server.alsa(), server.folder(), "chime-default");
    screen.says("sound Ready");
    let mut recording = server.record();
    ask(&mut screen, "say 1 chime");
    let whole = recording.next_sound();
    screen.says("ended 1 ");
    ask(&mut screen, "say 2 chime voice");
    recording.forget();
    // It sounds: what was heard since is not silent.
    crate::process::until(
        || "it sounds".into(),
        || recording.all().iter().rev().take(2_000).any(|s| s.abs() > 0.1),
    );
    ask(&mut screen, "say 3 chime");
    let sound = recording.next_sound();
    screen.says("ended 3 ");
    let begin = sound.len() - whole.len();
    is_the_chime(&sound[begin..]);
    assert!(begin > RATE / 50 && begin < whole.len(), "the second was cut: {begin} samples of it");
    assert!(step(&sound) <= step(&whole) * 1.2, "a click: {} beside {}", step(&sound), step(&whole));
    ask(&mut screen, "say 4 chime");
    crate::process::until(
        || "it sounds".into(),
        || recording.all().iter().rev().take(2_000).any(|s| s.abs() > 0.1),
    );
    ask(&mut screen, "hush");
    let sound = recording.next_sound();
    assert!(sound.len() < whole.len(), "hushed after {} samples", sound.len());
    assert!(step(&sound) <= step(&whole) * 1.2, "a click: {} beside {}", step(&sound), step(&whole));
    ask(&mut screen, "say 5 chime");
    screen.says("ended 5 ");
    let said = screen.said();
    for never in ["began 2 ", "ended 2 ", "failed 2 ", "ended 4 ", "failed 4 "] {
        assert!(!said.contains(never), "{never}: {said}");
    }
}
