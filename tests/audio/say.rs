//! `papan say` as people run it.
//! Invariant: where it ends with 0, the whole call was heard or written.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use crate::sound::{RATE, Server, is_the_chime, spans};

fn papan(alsa: &str, folder: &Path, args: &[&str]) -> Output {
    let conf = folder.join("asound.conf");
    fs::write(&conf, alsa).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_papan"));
    command.arg("say").args(args).env("ALSA_CONFIG_PATH", conf).output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_call_is_printed_and_heard_to_its_end() {
    let server = Server::new();
    let mut recording = server.record();
    let done = papan(&server.alsa(), server.folder(), &["A-012", "3"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert_eq!(text(&done.stdout).lines().count(), 1, "{}", text(&done.stdout));
    let sound = recording.next_sound();
    let spans = spans(&sound, RATE / 12);
    is_the_chime(&sound[spans[0].clone()]);
    assert!(sound.len() - spans[0].end > RATE, "and a voice of more than a second: {spans:?}");
}

#[test]
fn a_text_is_said_as_a_notice_is_and_what_cannot_be_said_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let (config, out) = (folder.path().join("papan.toml"), folder.path().join("a.wav"));
    fs::write(&config, "[voice.id.say]\nBPJS = \"be pe je es\"\n").expect("written");
    let say = |args: &[&str]| {
        let (config, out) = (config.to_string_lossy(), out.to_string_lossy());
        papan("", folder.path(), &[args, &["--config", &*config, "--out", &*out]].concat())
    };
    let done = say(&["--text", "Loket BPJS"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert_eq!(text(&done.stdout), "Loket be pe je es.\n");
    let done = say(&["A-012", "★"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("nothing is said of ★"), "{}", text(&done.stderr));
    let done = say(&["A-012", "3", "--service", "Pajak"]);
    assert!(done.status.success() && text(&done.stderr).contains("{service}"), "{}", text(&done.stderr));
}

#[test]
fn without_a_device_it_says_so_and_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let done = papan("# No device at all.\n", folder.path(), &["A-012", "3"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("no sound from device \"default\""), "{}", text(&done.stderr));
    assert!(!text(&done.stderr).contains("ALSA lib"), "{}", text(&done.stderr));
}

#[test]
fn devices_are_listed_and_an_unknown_one_is_told_with_the_others() {
    let server = Server::new();
    let list = papan(&server.alsa(), server.folder(), &["--devices"]);
    let listed = text(&list.stdout);
    assert!(list.status.success() && listed.starts_with("* default"), "{listed}");
    let done = papan(&server.alsa(), server.folder(), &["A-012", "3", "--device", "gong"]);
    assert_eq!(done.status.code(), Some(1));
    let said = text(&done.stderr);
    assert!(said.contains("no sound device is named \"gong\"") && said.contains("default"), "{said}");
}

#[test]
fn a_file_needs_no_device() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("a-012.wav");
    let done =
        papan("# No device at all.\n", folder.path(), &["A-012", "3", "--out", &out.to_string_lossy()]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let wav = fs::read(&out).expect("written");
    assert_eq!(&wav[..4], b"RIFF");
    assert!(wav.len() > 4 * RATE * 2, "two seconds and more in stereo: {} bytes", wav.len());
}
