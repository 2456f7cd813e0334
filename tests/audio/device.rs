//! Sound devices that go, come back, or were never there.
//! Invariant: the screen runs on, and each loss is told once.

use std::fs;

use crate::{
    child::{HERTZ, ask, screen},
    process::{Program, until},
    sound::{RATE, Server, film_tone, is_the_chime, peak, tone},
};

#[test]
fn a_sound_server_that_died_and_came_back_is_used_again() {
    let mut server = Server::new();
    let broken = server.folder().join("gong.wav");
    fs::write(&broken, "no sound").expect("written");
    let mut screen = screen(&server.alsa(), server.folder(), &broken.to_string_lossy());
    screen.says("sound Ready");
    ask(&mut screen, "film 0.3");
    ask(&mut screen, "say 1 chime");
    screen.says("began 1 ");
    server.stop();
    screen.says("it was lost");
    screen.says("failed 1 because");
    screen.says("sound Away");
    assert!(!screen.said().contains("ended 1"), "{}", screen.said());
    server.start();
    server.has_a_client();
    until(|| "sound is there again".into(), || screen.said().matches("sound Ready").count() == 2);
    let mut recording = server.record();
    until(|| "the film goes on".into(), || peak(&recording.all()) > 0.25);
    ask(&mut screen, "say 2 chime");
    screen.says("ended 2 ");
    recording.next(1.0);
    let sound = recording.all();
    assert!(sound.chunks_exact(RATE / 10).any(|s| tone(s, 659.0) > 0.2), "the chime is heard");
    assert!(sound.chunks_exact(RATE / 10).any(|s| film_tone(s, HERTZ) > 0.2), "and the film before it");
    let said = screen.said();
    assert_eq!(said.matches("WARN").count(), 2, "the broken chime, and the lost device: {said}");
    assert!(said.contains("gong.wav"), "{said}");
}

#[test]
fn a_broken_chime_is_told_and_the_one_that_ships_is_heard() {
    let server = Server::new();
    let broken = server.folder().join("gong.wav");
    let mut screen = screen(&server.alsa(), server.folder(), &broken.to_string_lossy());
    screen.says("sound Ready");
    let mut recording = server.record();
    ask(&mut screen, "say 1 chime");
    is_the_chime(&recording.next_sound());
    assert!(screen.said().contains("gong.wav"), "{}", screen.said());
}

/// How often the screen said this.
fn count(screen: &Program, what: &str) -> usize {
    screen.said().matches(what).count()
}

#[test]
fn a_sound_server_that_hangs_is_no_device_until_it_goes_on() {
    let server = Server::new();
    let mut screen = screen(&server.alsa(), server.folder(), "chime-default");
    screen.says("sound Ready");
    ask(&mut screen, "say 1 chime voice");
    screen.says("began 1 ");
    server.hang(true);
    screen.says("failed 1 because the sound device was lost");
    let said = screen.said();
    // Or else it would be begun again on a device that is gone.
    assert!(said.rfind("sound Away") < said.find("failed 1 "), "first the device, then the call: {said}");
    assert_eq!(count(&screen, "sound Away"), 2, "before the device was open, and now: {said}");
    ask(&mut screen, "say 2 chime");
    screen.says("failed 2 because there is no sound device");
    server.hang(false);
    until(|| "sound is there again".into(), || count(&screen, "sound Ready") == 2);
    ask(&mut screen, "say 3 chime");
    screen.says("ended 3 ");
    assert_eq!(count(&screen, "WARN"), 1, "{}", screen.said());
    assert_eq!(count(&screen, "is there again"), 1, "{}", screen.said());
}

#[test]
fn a_sound_server_that_hangs_from_the_start_is_told_once() {
    let server = Server::new();
    server.hang(true);
    let mut screen = screen(&server.alsa(), server.folder(), "chime-default");
    screen.says("the screen runs on without sound: it does not answer");
    ask(&mut screen, "say 1 chime");
    screen.says("failed 1 because there is no sound device");
    server.hang(false);
    screen.says("sound Ready");
    ask(&mut screen, "say 2 chime");
    screen.says("ended 2 ");
    assert_eq!(count(&screen, "WARN"), 1, "{}", screen.said());
}

#[test]
fn a_device_that_opens_and_takes_no_sound_is_none() {
    let server = Server::new();
    server.suspend(true);
    let mut screen = screen(&server.alsa(), server.folder(), "chime-default");
    screen.says("the screen runs on without sound: it takes no sound");
    ask(&mut screen, "say 1 chime");
    screen.says("failed 1 because there is no sound device");
    until(|| "it is tried again".into(), || count(&screen, "it takes no sound") >= 2);
    let said = screen.said();
    assert!(!said.contains("sound Ready") && !said.contains("is there again"), "{said}");
    server.suspend(false);
    screen.says("is there again");
    ask(&mut screen, "say 2 chime");
    screen.says("ended 2 ");
    assert_eq!(count(&screen, "WARN"), 1, "{}", screen.said());
}

#[test]
fn a_device_that_takes_sound_as_fast_as_it_can_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let screen = screen("pcm.default { type null }\n", folder.path(), "chime-default");
    let why = "it takes sound faster than any can be heard";
    until(|| "it is tried again".into(), || count(&screen, why) >= 2);
    assert_eq!(count(&screen, "WARN"), 1, "{}", screen.said());
    assert_eq!(count(&screen, "sound Ready"), 0, "{}", screen.said());
}

#[test]
fn with_no_device_the_screen_runs_on_and_says_so_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut screen = screen("# No device at all.\n", folder.path(), "chime-default");
    screen.says("the screen runs on without sound");
    screen.says("sound Away");
    ask(&mut screen, "say 1 chime voice");
    screen.says("failed 1 because there is no sound device");
    // The second try of the device is for debugging alone.
    screen.says("DEBUG");
    ask(&mut screen, "still there");
    screen.says("echo still there");
    let said = screen.said();
    assert_eq!(said.matches("WARN").count(), 1, "{said}");
    assert!(!said.contains("ALSA lib"), "ALSA wrote past the log: {said}");
    assert!(!said.contains("began"), "{said}");
    assert!(screen.runs());
}
