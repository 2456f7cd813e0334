//! What goes wrong with sound, and a screen that runs on.
//! Invariant: calls are shown whatever becomes of their sound, and the log says why they were not heard.

use std::{fs, process::Command};

use crate::{
    hall::Hall,
    process::until,
    sound::{RATE, Server, peak, spans},
};

fn warnings(hall: &Hall, of: &str) -> usize {
    hall.program.said().lines().filter(|l| l.contains("WARN") && l.contains(of)).count()
}

#[test]
fn without_a_device_calls_are_shown() {
    let mut hall = Hall::open("# No device at all.\n", "", |_| ());
    hall.program.says("the screen runs on without sound");
    for n in 0..3 {
        hall.queue.call(n, 200 + n);
    }
    // One after the other, as they would be heard.
    ["A-200", "B-201", "C-202"].iter().for_each(|ticket| hall.shows(ticket));
    assert_eq!(warnings(&hall, "without sound"), 1, "it is said once: {}", hall.program.said());
    assert!(hall.program.runs());
    assert_eq!(hall.queue.heard("papan.announcement.started"), 0, "nothing was heard, and nobody is told so");
}

#[test]
fn a_device_that_is_pulled_midway_and_comes_back_is_used_again() {
    let mut server = Server::new();
    let mut hall = Hall::at(&server, "", false);
    hall.queue.call(0, 300);
    until(|| "the voice begins".into(), || hall.queue.heard("papan.announcement.started") == 1);
    server.stop();
    hall.program.says("it was lost");
    hall.queue.call(1, 301);
    // The call-out has gone on to the next, though nothing is heard.
    hall.shows("B-301");
    server.start();
    server.has_a_client();
    let mut recording = server.record();
    let proofs = hall.has_proofs(2);
    recording.forget();
    recording.next(1.0);
    // What was cut off is heard whole, and so is the one that waited.
    for (proof, ticket) in proofs.iter().zip(["A-300", "B-301"]) {
        assert_eq!((proof["ticket"].as_str(), proof["unspoken"].is_null()), (Some(ticket), true), "{proof}");
    }
    assert_eq!(hall.queue.heard("papan.announcement.started"), 3);
    assert_eq!(hall.queue.heard("papan.announcement.finished"), 3);
    assert!(hall.program.runs());
    assert!(peak(&recording.all()) > 0.1, "it sounds again");
}

#[test]
fn without_espeak_ng_the_clips_speak_and_the_rest_is_told() {
    let server = Server::new();
    let sections = "[voice.id]\ncall = \"{prefix}, {number}, loket {counter}, untuk {service}.\"";
    let hall = Hall::open(&server.alsa(), sections, |command: &mut Command| {
        command.env("PATH", "/nowhere");
    });
    server.has_a_client();
    let mut recording = server.record();
    hall.queue.call(0, 12);
    let heard = recording.next_sound();
    assert!(peak(&heard) > 0.1);
    hall.program.says("espeak-ng");
    let proof = hall.has_proofs(1)[0].clone();
    assert!(proof["unspoken"].is_null(), "{proof}");
    let unsaid = proof["unsaid"].to_string();
    assert!(unsaid.contains("perekaman"), "{proof}");
    assert!(!unsaid.contains("dua"), "its number was said: {proof}");
    assert!(warnings(&hall, "espeak-ng") >= 1, "{}", hall.program.said());
}

#[test]
fn a_broken_clip_is_said_by_espeak_ng_and_told_once() {
    let server = Server::new();
    let folder = tempfile::tempdir().expect("a folder");
    let pack = folder.path().join("suara");
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/voice/id");
    fs::create_dir(&pack).expect("a folder");
    for entry in fs::read_dir(shipped).expect("it ships").flatten() {
        fs::copy(entry.path(), pack.join(entry.file_name())).expect("copied");
    }
    fs::write(pack.join("dua.wav"), "no sound").expect("written");
    let sections = format!("[voice.id]\npack = \"{}\"", pack.display());
    let hall = Hall::at(&server, &sections, false);
    let mut recording = server.record();
    for round in 0..2 {
        hall.queue.call(round, 22);
        let heard = recording.next_sound();
        // The whole sentence with its number: no word of it is missing.
        assert!(heard.len() > RATE * 3, "{} samples", heard.len());
        assert_eq!(spans(&heard, RATE / 4).len(), 1);
    }
    let proofs = hall.has_proofs(2);
    assert!(proofs.iter().all(|p| p["unsaid"].as_array().is_some_and(Vec::is_empty)), "{proofs:?}");
    assert_eq!(warnings(&hall, "dua.wav"), 1, "{}", hall.program.said());
}
