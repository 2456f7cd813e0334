//! `papan voice` and what `papan check` says of voice packs, with real files and the real espeak-ng.
//! Invariant: a clip that an office recorded is never lost.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use papan::{audio::voice, domain::speech::Manner, problem::Severity, words::Language};

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/voice/id");

fn papan(args: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_papan")).args(args).current_dir(folder).output().unwrap()
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

fn copy_of_shipped(folder: &Path) {
    for entry in fs::read_dir(SHIPPED).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
}

fn manifest(folder: &Path) -> String {
    fs::read_to_string(folder.join("voice.toml")).unwrap()
}

#[test]
fn what_a_pack_needs_is_listed_and_what_is_wrong_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let needed = papan(&["voice", "list", "--language", "en"], dir);
    assert!(needed.status.success(), "{}", said(&needed));
    for phrase in Manner::new(Language::English).clips() {
        assert!(said(&needed).contains(&format!("{phrase}  ")), "{phrase}");
    }
    copy_of_shipped(dir);
    let whole = papan(&["voice", "list", "."], dir);
    assert!(whole.status.success() && said(&whole).contains("47 frasa, 0 di antaranya"), "{}", said(&whole));

    fs::remove_file(dir.join("dua.wav")).unwrap();
    fs::write(dir.join("tiga.wav"), "not a sound").unwrap();
    fs::write(dir.join("voice.toml"), manifest(dir).replace("\"nol\" = \"nol.wav\"\n", "")).unwrap();
    let holes = papan(&["voice", "list", "."], dir);
    let text = said(&holes);
    assert_eq!(holes.status.code(), Some(1), "{text}");
    let line = |phrase: &str| text.lines().find(|l| l.starts_with(&format!("{phrase} "))).unwrap();
    assert!(line("dua").contains("belum ada; rekam"), "{text}");
    assert!(line("tiga").contains("bukan WAV"), "{text}");
    assert!(line("nol").contains("belum ada di voice.toml"), "{text}");
    assert!(line("satu").ends_with(" s") && text.contains("47 frasa, 3 di antaranya"), "{text}");
}

#[test]
fn a_pack_is_made_and_recordings_stay() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let made = papan(&["voice", "make", "suara", "--language", "id"], dir);
    assert!(made.status.success(), "{}", said(&made));
    let pack = dir.join("suara");
    assert!(papan(&["voice", "list", "suara"], dir).status.success());
    let again = papan(&["voice", "make", "suara", "--language", "id"], dir);
    assert!(!again.status.success() && said(&again).contains("--only-missing"), "{}", said(&again));

    // An office records one, loses one, and takes one out; its comment stays.
    let recorded = fs::read(pack.join("tiga.wav")).unwrap();
    fs::write(pack.join("satu.wav"), &recorded).unwrap();
    fs::remove_file(pack.join("dua.wav")).unwrap();
    let edited = manifest(&pack).replace("\"nol\" = \"nol.wav\"\n", "# suara Bu Ani\n");
    fs::write(pack.join("voice.toml"), edited).unwrap();
    let added = papan(&["voice", "make", "suara", "--language", "id", "--only-missing"], dir);
    assert!(
        added.status.success() && said(&added).contains("1 klip dibuat, 46 sudah ada"),
        "{}",
        said(&added)
    );
    assert_eq!(fs::read(pack.join("satu.wav")).unwrap(), recorded);
    assert!(
        manifest(&pack).contains("# suara Bu Ani\n") && manifest(&pack).contains("\"nol\" = \"nol.wav\"\n")
    );
    assert!(papan(&["voice", "list", "suara"], dir).status.success());

    let other = papan(&["voice", "make", "suara", "--language", "en", "--force"], dir);
    assert!(!other.status.success() && said(&other).contains("--language id"), "{}", said(&other));
    let anew = papan(&["voice", "make", "suara", "--language", "id", "--force"], dir);
    assert!(anew.status.success() && fs::read(pack.join("satu.wav")).unwrap() != recorded, "{}", said(&anew));
}

#[test]
fn without_espeak_no_pack_is_made_and_the_package_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_papan"));
    command.args(["voice", "make", "suara", "--language", "id"]).current_dir(folder.path()).env("PATH", "");
    let output = command.output().unwrap();
    assert!(
        !output.status.success() && said(&output).contains("Debian package espeak-ng"),
        "{}",
        said(&output)
    );
    assert!(!folder.path().join("suara/voice.toml").exists(), "half a pack is not a pack");
}

/// What the check says of a pack with this manifest, beside the clips that ship: line and English text.
fn checked(manifest: &str) -> Vec<(Option<usize>, String)> {
    let folder = tempfile::tempdir().unwrap();
    copy_of_shipped(folder.path());
    fs::write(folder.path().join("voice.toml"), manifest).unwrap();
    let problems = voice::check(folder.path(), &Manner::new(Language::Indonesian), None);
    problems.iter().map(|p| (p.line, p.en.clone())).collect()
}

#[test]
fn every_problem_of_a_pack_stands_at_its_line() {
    let whole = fs::read_to_string(Path::new(SHIPPED).join("voice.toml")).unwrap();
    assert_eq!(checked(&whole), []);
    let line = |text: &str, part: &str| Some(text.lines().position(|l| l.contains(part)).unwrap() + 1);
    for (from, to, at, said) in [
        ("licence", "license", "license", "write `licence`"),
        ("version = 1", "version = 2", "version", "`version` must be 1; write version = 1"),
        ("language = \"id\"", "language = \"in\"", "language", "write language = \"id\""),
        ("= \"dua.wav\"", "= \"../dua.wav\"", "../dua", "outside this folder"),
        ("= \"dua.wav\"", "= \"/etc/passwd\"", "/etc", "outside this folder"),
        ("= \"dua.wav\"", "= 2", "\"dua\"", "must be text"),
        ("= \"dua.wav\"", "= \"du.wav\"", "du.wav", "no such file"),
        ("= \"dua.wav\"", "= \"voice.toml\"", "\"dua\"", "no WAV"),
        ("\"dua\"", "\"Satu\"", "\"satu\"", "is there already"),
        ("= \"dua.wav\"", "= \"./delapan.wav\"", "\"dua\"", "is there for `delapan` already"),
        ("= \"nol.wav\"", "= nol.wav", "= nol.wav", "must stand in quotes"),
    ] {
        let text = whole.replacen(from, to, 1);
        let problems = checked(&text);
        let found = problems.iter().any(|(place, en)| *place == line(&text, at) && en.contains(said));
        assert!(found, "{to}: {problems:?}");
    }
    let english = checked(&whole.replace("language = \"id\"", "language = \"en\""));
    assert!(english.len() == 1 && english[0].1.contains("speaks \"en\""), "{english:?}");
}

#[test]
fn the_check_of_a_config_names_what_is_wrong_with_its_pack() {
    let folder = tempfile::tempdir().unwrap();
    copy_of_shipped(folder.path());
    fs::write(folder.path().join("papan.toml"), "[voice.id]\npack = \".\"\n").unwrap();
    let config = folder.path().join("papan.toml");
    assert_eq!(papan::check::run(Some(&config), None, None).problems, []);
    fs::write(folder.path().join("dua.wav"), "not a sound").unwrap();
    let problems = papan::check::run(Some(&config), None, None).problems;
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].id.contains("`dua.wav`: bukan WAV"), "{problems:?}");
}

#[test]
fn missing_clips_are_one_warning_that_names_ten() {
    let folder = tempfile::tempdir().unwrap();
    let text = "version = 1\nlanguage = \"id\"\n[clips]\nnol = \"nol.wav\"\n";
    fs::copy(Path::new(SHIPPED).join("nol.wav"), folder.path().join("nol.wav")).unwrap();
    fs::write(folder.path().join("voice.toml"), text).unwrap();
    let problems = voice::check(folder.path(), &Manner::new(Language::Indonesian), None);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].severity, Severity::Warning);
    assert!(problems[0].en.contains("`be`") && problems[0].en.contains("and 36 more"), "{}", problems[0].en);
}
