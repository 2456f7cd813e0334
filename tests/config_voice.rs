//! `[sound]`, `[voice]` and `[log]` of `papan.toml`: what is good is read, and every problem says what to write.
//! Invariant: each case fails if the reader stops telling what to write instead.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

use std::{fs, path::PathBuf, time::Duration};

use papan::{
    config::{Duck, NamedFile, Reading, Role, VoiceSource},
    domain::speech::{self, Called, Template, Wording},
    problem::{Problem, Severity},
    words::Language,
};
use proptest::prelude::*;

const ALL: &str = r#"
[hall]
language = "en"

[sound]
device = "hw:CARD=USB"
volume = 0.8
chime = "none"
hours = [{ hours = ["18:00-24:00", "00.00-07.00"], volume = 0.4 }, { hours = ["12:00-13:00"], volume = 0 }]
duck = { db = -12.5, down_ms = 100, up_ms = 900 }

[voice]
languages = ["id", "en"]
source = "espeak-ng"
numbers = "words"
counters = "digits"
repeat = 2
backlog_s = 45
priority_first = true

[voice.id]
call = "Nomor {prefix}, {number}, (silakan) ke meja {counter}"
pack = "suara/id"
espeak = "mb-id1"
speed = 140

[voice.id.say]
BPJS = "be pe je es"
"KTP-el" = "ka te pe elektronik"

[voice.en]
espeak = "en-us"

[log]
folder = "bukti"
megabytes = 64
"#;

fn read(text: &str) -> (PathBuf, Reading) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papan.toml");
    fs::write(&path, text).unwrap();
    (folder.path().to_owned(), Reading::read(&path))
}

/// One problem: its line, and what both languages tell to write.
#[track_caller]
fn one(text: &str, line: usize, write: &str) -> Problem {
    let found = read(text).1.problems;
    let [problem] = &found[..] else { panic!("{text}\n{found:#?}") };
    assert_eq!(problem.line, Some(line), "{problem:#?}");
    assert!(problem.id.contains(write), "{write} not in: {}", problem.id);
    assert!(problem.en.contains(write), "{write} not in: {}", problem.en);
    assert_ne!(problem.id, problem.en);
    problem.clone()
}

#[test]
fn all_of_it_is_read() {
    let (folder, reading) = read(ALL);
    assert_eq!(reading.problems, []);
    let sound = reading.config.sound;
    assert_eq!((sound.device.as_str(), sound.volume, sound.chime.as_str()), ("hw:CARD=USB", 0.8, "none"));
    let hours = |text: &str| text.parse().unwrap();
    let volumes = [(hours("18:00-00:00"), 0.4), (hours("00:00-07:00"), 0.4), (hours("12:00-13:00"), 0.0)];
    assert_eq!(sound.hours, volumes);
    let (down, up) = (Duration::from_millis(100), Duration::from_millis(900));
    assert_eq!(sound.duck, Duck { db: -12.5, down, up });

    let voice = reading.config.voice;
    assert_eq!((voice.source, voice.repeat, voice.priority_first), (VoiceSource::Espeak, 2, true));
    assert_eq!(voice.backlog, Duration::from_secs(45));
    let [id, en] = &voice.languages[..] else { panic!("{voice:?}") };
    for manner in [&id.manner, &en.manner] {
        assert_eq!((manner.numbers, manner.counters), (speech::Reading::Words, speech::Reading::Digits));
    }
    let call = Called { ticket: "BPJS-012", counter: "12", service: "" };
    assert_eq!(
        id.manner.call(call, Wording::Full).written,
        "Nomor be pe je es, dua belas, silakan ke meja satu dua."
    );
    assert_eq!(id.manner.say["KTP-el"], "ka te pe elektronik");
    assert_eq!(
        (id.pack.clone(), id.espeak.as_str(), id.speed),
        (Some(folder.join("suara/id")), "mb-id1", 140)
    );
    assert_eq!(en.manner.language, Language::English);
    assert_eq!(en.manner.template, Template::own(Language::English));
    assert_eq!((en.pack.clone(), en.espeak.as_str(), en.speed), (None, "en-us", 160));

    let log = reading.config.log;
    assert_eq!((log.folder, log.megabytes), (Some(folder.join("bukti")), 64));
    let named = |role, path: &str, line| NamedFile { role, path: folder.join(path), line };
    assert_eq!(reading.files, [named(Role::Voice, "suara/id", 23), named(Role::Log, "bukti", 35)]);
}

#[test]
fn nothing_written_is_the_halls_language() {
    for (text, language) in
        [("", Language::Indonesian), ("[hall]\nlanguage = \"en\"\n[voice]\n", Language::English)]
    {
        let voice = read(text).1.config.voice;
        let languages: Vec<Language> = voice.languages.iter().map(|s| s.manner.language).collect();
        assert_eq!(languages, [language]);
        assert_eq!((voice.source, voice.repeat, voice.priority_first), (VoiceSource::Pack, 1, false));
        assert_eq!(voice.backlog, Duration::from_secs(30));
        assert_eq!(voice.languages[0].manner.numbers, speech::Reading::Digits);
        assert_eq!(voice.languages[0].manner.counters, speech::Reading::Words);
    }
    let silent = read("[voice]\nlanguages = []").1;
    assert_eq!((silent.problems, silent.config.voice.languages.len()), (Vec::new(), 0));
    assert_eq!(read("[sound]\n[log]\n").1.config.sound.duck, Duck::default());
}

#[test]
fn wrong_sound_says_what_to_write() {
    one("[sound]\nhour = []", 2, "`hours`");
    one("[sound]\nhours = \"18:00-07:00\"", 2, "hours = [{ hours = [\"18:00-07:00\"], volume = 0.4 }]");
    one("[sound]\nhours = [{ hours = [\"malam\"], volume = 0.4 }]", 2, "hours = [\"18:00-07:00\"]");
    one("[sound]\nhours = [\n{ hours = \"18:00-07:00\", volume = 0.4 }]", 3, "hours = [\"18:00-07:00\"]");
    one("[sound]\nhours = [\n{ hours = [\"18:00-07:00\"] }]", 3, "volume = 0.4");
    one("[sound]\nhours = [{ hours = [\"18:00-07:00\"], volume = 4 }]", 2, "volume = 0.4");
    one("[sound]\nhours = [{ hours = [], volume = 0.4 }]", 2, "hours = [\"18:00-07:00\"]");
    one("[sound]\nduck = -18", 2, "duck = { db = -18, down_ms = 250, up_ms = 600 }");
    one("[sound]\nduck = { db = 6 }", 2, "db = -18");
    one("[sound]\nduck = { down = 250 }", 2, "`down_ms`");
    one("[sound]\nduck = { up_ms = 9000 }", 2, "up_ms = 600");
    one("[log]\nmegabytes = 0", 2, "megabytes = 256");
    one("[log]\nfolder = 3", 2, "folder = \"/var/log/papan\"");
    one("[log]\nmegabyte = 3", 2, "`megabytes`");
}

#[test]
fn a_wrong_voice_says_what_to_write() {
    one("[voice]\nlanguage = [\"id\"]", 2, "`languages`");
    one("[voice]\nlanguages = \"id\"", 2, "languages = [\"id\", \"en\"]");
    one("[voice]\nlanguages = [\"id\", \"eng\"]\n[voice.en]\n", 2, "languages = [\"id\", \"en\"]");
    one("[voice]\nlanguages = [\"id\", \"id\"]", 2, "repeat = 2");
    one("[voice.eng]\nspeed = 160", 1, "`en`");
    one("[voice]\nsource = \"espeak\"", 2, "source = \"espeak-ng\"");
    one("[voice]\nnumbers = \"word\"", 2, "numbers = \"words\"");
    one("[voice]\ncounters = \"digit\"", 2, "counters = \"digits\"");
    one("[voice]\nrepeat = 4", 2, "repeat = 1");
    one("[voice]\nbacklog_s = 5", 2, "backlog_s = 30");
    one("[voice]\npriority_first = 1", 2, "priority_first = true");
    one("[voice.id]\nspeed = 500", 2, "speed = 160");
    one("[voice.id]\nespeak = \"--help\"", 2, "espeak-ng --voices");
    one("[voice.id]\npack = \"\"", 2, "pack = \"suara\"");
    one("[voice.id]\nsay = [\"BPJS\"]", 2, "say = { BPJS = \"be pe je es\" }");
    one("[voice.id.say]\nBPJS = 1", 2, "BPJS = \"be pe je es\"");
    one("[voice.id.say]\nBPJS = \"...\"", 2, "say = { BPJS");
    one("[voice.id.say]\n\"-\" = \"strip\"", 2, "say = { BPJS");
    one("[voice.id.say]\n\"Loket A\" = 1", 2, "\"Loket A\" = \"be pe je es\"");
    one("[voice.id.say]\n\"Loket A\" = \"\"", 2, "\"Loket A\" = \"be pe je es\"");
    one("[voice.id.say]\nBPJS = \"a\"\nbpjs = \"b\"", 3, "`BPJS`");
    one("[voice.id.say]\nbpjs = \"a\"\nBPJS = \"b\"", 3, "`bpjs`");
    one("[voice.id.say]\n\"KTP-el\" = \"a\"\n\"ktp EL\" = \"b\"", 3, "2");
    let kept =
        read("[voice.id.say]\nbpjs = \"a\"\nBPJS = \"b\"").1.config.voice.languages[0].manner.say.clone();
    assert_eq!(kept.into_iter().collect::<Vec<_>>(), [("bpjs".to_owned(), "a".to_owned())]);
    let entries: String = (0..501).map(|n| format!("k{n} = \"a\"\n")).collect();
    one(&format!("[voice.id.say]\n{entries}"), 1, "500");
}

#[test]
fn a_wrong_template_says_what_to_write() {
    let call = |text: &str, write| one(&format!("[voice.id]\ncall = \"{text}\""), 2, write);
    call("{prefix} {number} {conter}", "`{counter}`");
    call("{prefix} {number}", "`{counter}`");
    call("{number} {counter}", "`{prefix}`");
    call("{prefix} ({number}) {counter}", "`{number}`");
    call("({prefix} {number} {counter}", "`(`");
    call("((a)) {prefix} {number} {counter}", "call = \"(Nomor antrean) {prefix}, {number}");
    call("", "call = \"(Nomor antrean) {prefix}, {number}");
    call(&"a".repeat(201), "200");
    one(
        "[voice]\nlanguages = [\"en\"]\n[voice.en]\ncall = \"\"",
        4,
        "call = \"(Ticket number) {prefix}, {number}",
    );
    let bare = call("{prefix}, {number} (silakan menuju loket) {counter}", "`{counter}`");
    assert_eq!(bare.severity, Severity::Warning);
    one("[voice.id]\ncall = 3", 2, "call = \"(Nomor antrean)");
}

#[test]
fn a_language_that_is_not_spoken_is_a_warning() {
    let text = "[voice]\nlanguages = [\"id\"]\n\n[voice.en]\nspeed = 120";
    assert_eq!(one(text, 4, "`languages`").severity, Severity::Warning);
    let both = read("[voice.en]\nspeed = 1").1.problems;
    let severities: Vec<Severity> = both.iter().map(|p| p.severity).collect();
    assert_eq!(severities, [Severity::Warning, Severity::Error], "what is wrong in it is told too");
}

proptest! {
    #[test]
    fn no_slip_makes_it_panic(at in 0..ALL.len(), slip in "[\\[\\]{}=\"'.,#a1(\\n\\\\-]{1,3}") {
        let mut text = ALL.to_owned();
        text.insert_str(at, &slip);
        let (_, reading) = read(&text);
        let call = Called { ticket: "A-1", counter: "1", service: "" };
        let said = reading.config.voice.languages.iter().map(|s| s.manner.call(call, Wording::Full));
        prop_assert!(said.into_iter().all(|s| !s.parts.is_empty()));
    }
}
