//! espeak-ng as it is, and as it can be at its worst.
//! Invariant: what stands for it are scripts in `tests/data/voice`; its voice is their seventh argument.

use std::{cell::Cell, fs, path::Path, thread};

use super::*;

/// A script in espeak-ng's place.
fn script(name: &str) -> Espeak {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/voice");
    // Long enough for a busy machine, but where it is waited for in vain.
    let patience = Duration::from_secs(if ["hangs.sh", "lingers.sh"].contains(&name) { 2 } else { 60 });
    Espeak { program: folder.join(name), patience }
}

/// A tone of 0.3 s as a WAV file.
fn tone() -> Vec<u8> {
    let samples = (0..6_615).map(|i| (i as f32 * 0.1).sin() * 0.5).collect();
    Sound { samples, rate: 22_050 }.wav().unwrap()
}

/// Whether a process is there and not only waits to be reaped by its parent.
fn runs(id: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    stat.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
}

#[test]
fn it_speaks() {
    let espeak = Espeak { patience: Duration::from_secs(60), ..Espeak::default() };
    let short = espeak.say("id", 160, "satu", Wanted::ALWAYS).unwrap();
    let long = espeak.say("id", 160, "satu dua tiga empat", Wanted::ALWAYS).unwrap();
    assert_eq!(short.rate, 22_050);
    assert!(long.length() > short.length() * 2, "{:?} {:?}", long.length(), short.length());
    let word = espeak.say_word("en-gb", 160, "<ticket> & [number]", Wanted::ALWAYS).unwrap();
    let bare = espeak.say_word("en-gb", 160, "ticket number", Wanted::ALWAYS).unwrap();
    assert!(word.length().abs_diff(bare.length()) < Duration::from_millis(100), "no mark-up is read out");
    let error =
        espeak.say("xyz", 160, "satu", Wanted::ALWAYS).err().map(|e| e.to_string()).unwrap_or_default();
    assert!(error.contains("voice does not exist"), "{error}");
}

#[test]
fn words_that_it_says_wrong_are_given_as_phonemes() {
    assert_eq!(pronounced("id", "Loket empat, [[x]] tempat."), "[[l'okEt]] [[@mp'at]],   x   tempat.");
    assert_eq!(pronounced("en-gb", "loket enam"), "loket enam");
}

#[test]
fn one_that_is_missing_is_told_with_its_package() {
    let espeak = Espeak { program: "/nowhere/espeak-ng".into(), ..Espeak::default() };
    let error = espeak.say("id", 160, "satu", Wanted::ALWAYS).unwrap_err();
    assert!(matches!(error, EspeakError::Missing));
    assert!(error.to_string().contains("Debian package espeak-ng"), "{error}");
}

#[test]
fn one_that_hangs_is_killed_with_what_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let ids = folder.path().join("ids");
    let error = script("hangs.sh").say(ids.to_str().unwrap(), 160, "satu", Wanted::ALWAYS).err().unwrap();
    assert!(matches!(error, EspeakError::Slow(_)), "{error}");
    let ids = fs::read_to_string(ids).unwrap();
    let (own, started) = ids.trim().split_once(' ').unwrap();
    assert!(!Path::new(&format!("/proc/{own}")).exists(), "it is reaped");
    let begun = Instant::now();
    while runs(started) {
        assert!(begun.elapsed() < Duration::from_secs(30), "what it started still runs");
        thread::yield_now();
    }
}

#[test]
fn one_that_closes_its_output_and_stays_is_killed() {
    let error = script("lingers.sh").say("id", 160, "satu", Wanted::ALWAYS).unwrap_err();
    assert!(matches!(error, EspeakError::Slow(_)), "{error}");
}

#[test]
fn one_that_floods_or_babbles_or_fails_is_an_error() {
    let error = |name| script(name).say("id", 160, "satu", Wanted::ALWAYS).unwrap_err();
    assert!(matches!(error("floods.sh"), EspeakError::Flood));
    assert!(matches!(error("babbles.sh"), EspeakError::Sound(_)));
    assert_eq!(error("fails.sh").to_string(), "it failed: Error: no such voice.");
}

#[test]
fn a_text_without_end_is_refused_and_the_longest_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let voice = folder.path().join("voice");
    fs::write(&voice, "no sound").unwrap();
    let espeak = script("says.sh");
    let say = |text: &str| espeak.say(voice.to_str().unwrap(), 160, text, Wanted::ALWAYS).unwrap_err();
    // Four bytes a letter: more than fits into a pipe at once.
    let longest = "𐐨".repeat(LONGEST_TEXT);
    assert!(matches!(say(&longest), EspeakError::Sound(_)));
    let asked = fs::read_to_string(folder.path().join("voice.asked")).unwrap();
    assert_eq!(asked.trim(), longest, "all of it came to its end");
    assert!(matches!(say(&"a".repeat(LONGEST_TEXT + 1)), EspeakError::Text(_)));
}

#[test]
fn one_that_leaves_something_running_has_said_all() {
    let folder = tempfile::tempdir().unwrap();
    let voice = folder.path().join("voice");
    fs::write(&voice, tone()).unwrap();
    let sound = script("leaves.sh").say(voice.to_str().unwrap(), 160, "satu", Wanted::ALWAYS).unwrap();
    assert!(sound.length() > Duration::from_millis(290), "{:?}", sound.length());
    let left = fs::read_to_string(folder.path().join("voice.left")).unwrap();
    let begun = Instant::now();
    while runs(left.trim()) {
        assert!(begun.elapsed() < Duration::from_secs(30), "what it left still runs");
        thread::yield_now();
    }
}

#[test]
fn one_that_nobody_waits_for_any_more_is_killed_or_not_started() {
    let folder = tempfile::tempdir().unwrap();
    let ids = folder.path().join("ids");
    let started = || fs::read_to_string(&ids).unwrap_or_default();
    let espeak = Espeak { patience: Duration::from_secs(60), ..script("hangs.sh") };
    let say = |wanted| espeak.say(ids.to_str().unwrap(), 160, "satu", wanted).unwrap_err();
    assert!(matches!(say(Wanted { deadline: None, still: &|| false }), EspeakError::Unwanted));
    assert!(matches!(say(Wanted { deadline: Some(Instant::now()), ..Wanted::ALWAYS }), EspeakError::Late));
    assert_eq!(started(), "");
    let asked = Cell::new(0);
    let still = || {
        asked.set(asked.get() + 1);
        !started().ends_with('\n')
    };
    assert!(matches!(say(Wanted { deadline: None, still: &still }), EspeakError::Unwanted));
    assert!(asked.get() > 1 && started().lines().count() == 1);
    let own = started().split(' ').next().unwrap().to_owned();
    assert!(!Path::new("/proc").join(own).exists(), "it is reaped");
}

#[test]
fn a_complaint_without_end_is_cut_and_its_cause_is_the_same_for_every_text() {
    let espeak = script("complains.sh");
    let [one, two] = ["satu", "dua"].map(|text| espeak.say("id", 160, text, Wanted::ALWAYS).unwrap_err());
    assert_eq!(one.cause(), two.cause());
    assert_ne!(one.to_string(), two.to_string());
    let EspeakError::Failed(complaint, _) = one else { panic!("{one}") };
    assert_eq!(complaint.chars().count(), LONGEST_COMPLAINT);
    assert!(complaint.starts_with("Error: cannot say satu"), "{complaint}");
}
