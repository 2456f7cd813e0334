//! `papan voice make` where something is in its way: long phrases, broken files, links, a broken manifest.
//! Invariant: what it writes can be read again, and what it does not write is told.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::{Command, Output, Stdio},
};

use papan::{audio::voice, domain::speech::Manner, words::Language};

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/voice/id");

fn papan(args: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_papan")).args(args).current_dir(folder).output().unwrap()
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

/// Makes the Indonesian pack in `suara`.
fn make(folder: &Path, more: &[&str]) -> Output {
    papan(&[&["voice", "make", "suara", "--language", "id"], more].concat(), folder)
}

/// A folder with the pack that ships in `suara`.
fn shipped() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("suara")).unwrap();
    for entry in fs::read_dir(SHIPPED).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.path().join("suara").join(path.file_name().unwrap())).unwrap();
    }
    folder
}

/// Puts other text in the place of some in the manifest.
fn edit(folder: &Path, from: &str, to: &str) {
    let manifest = folder.join("suara/voice.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(manifest, text.replace(from, to)).unwrap();
}

#[test]
fn the_longest_texts_of_a_config_become_a_pack_that_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let (long, many) = ("é".repeat(200), "kependudukan ".repeat(15) + "warga");
    let text = format!("[voice.id.say]\nKTP = \"{long}\"\nKK = \"{many}\"\n");
    assert_eq!(many.chars().count(), 200);
    fs::write(dir.join("papan.toml"), text).unwrap();
    let config = ["--config", "papan.toml"];
    let made = make(dir, &config);
    assert!(made.status.success(), "{}", said(&made));
    let listed = papan(&["voice", "list", "suara", config[0], config[1]], dir);
    assert!(listed.status.success(), "{}", said(&listed));
    assert!(said(&listed).contains(&long) && said(&listed).contains(&many), "{}", said(&listed));
    for entry in fs::read_dir(dir.join("suara")).unwrap() {
        let entry = entry.unwrap();
        assert!(entry.file_name().len() <= 70, "{:?}", entry.file_name());
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o400, 0o400, "{:?}", entry.file_name());
    }
    let again = make(dir, &[config[0], config[1], "--only-missing"]);
    assert!(again.status.success() && said(&again).contains("0 klip dibuat"), "{}", said(&again));
}

#[test]
fn a_broken_clip_is_not_taken_for_one_that_is_there() {
    let folder = shipped();
    let dir = folder.path();
    fs::write(dir.join("suara/tiga.wav"), "garbage").unwrap();
    fs::remove_file(dir.join("suara/dua.wav")).unwrap();
    let made = make(dir, &["--only-missing"]);
    assert_eq!(made.status.code(), Some(1), "{}", said(&made));
    assert!(said(&made).contains("suara/tiga.wav: bukan WAV"), "{}", said(&made));
    assert!(said(&made).contains("1 klip dibuat, 45 sudah ada, 1 rusak"), "{}", said(&made));
    assert_eq!(fs::read(dir.join("suara/tiga.wav")).unwrap(), b"garbage");
    fs::remove_file(dir.join("suara/tiga.wav")).unwrap();
    assert!(make(dir, &["--only-missing"]).status.success());
}

#[test]
fn a_disk_that_is_full_leaves_no_half_of_a_clip() {
    let folder = shipped();
    let dir = folder.path();
    let clip = dir.join("suara/tiga.wav");
    let whole = fs::read(&clip).unwrap();
    // A file may have 2 or 4 KiB at most, by the shell: less than a clip.
    let papan = env!("CARGO_BIN_EXE_papan");
    let line = format!("trap '' XFSZ; ulimit -f 4; exec {papan} voice make suara --language id --force");
    let made = Command::new("sh").args(["-c", &line]).current_dir(dir).output().unwrap();
    assert!(!made.status.success() && said(&made).contains("cannot be written"), "{}", said(&made));
    assert_eq!(said(&made).lines().count(), 1, "the cause is told once: {}", said(&made));
    assert_eq!(fs::read(&clip).unwrap(), whole);
    assert_eq!(fs::read_dir(dir.join("suara")).unwrap().count(), 48, "nothing of it stays");
}

#[test]
fn force_begins_anew_where_the_manifest_is_broken() {
    let folder = shipped();
    let dir = folder.path();
    edit(dir, "\"nol\" =", "\"nol\"");
    let kept = make(dir, &["--only-missing"]);
    assert!(!kept.status.success() && said(&kept).contains("voice.toml"), "{}", said(&kept));
    let made = make(dir, &["--force"]);
    assert!(made.status.success() && said(&made).contains("47 klip dibuat"), "{}", said(&made));
    assert!(papan(&["voice", "list", "suara"], dir).status.success());
}

#[test]
fn force_makes_no_two_phrases_in_one_file() {
    let folder = shipped();
    let dir = folder.path();
    edit(dir, "\"dua.wav\"", "\"satu.wav\"");
    let before = fs::read(dir.join("suara/satu.wav")).unwrap();
    let made = make(dir, &["--force"]);
    assert!(!made.status.success(), "{}", said(&made));
    assert!(said(&made).contains("`satu.wav` is there for `dua` and for `satu`"), "{}", said(&made));
    assert_eq!(fs::read(dir.join("suara/satu.wav")).unwrap(), before);
    edit(dir, "\"dua\" = \"satu.wav\"", "\"dua\" = \"voice.toml\"");
    assert!(!make(dir, &["--force"]).status.success());
    assert!(fs::read_to_string(dir.join("suara/voice.toml")).is_ok(), "the manifest is no clip");
}

#[test]
fn a_new_phrase_does_not_take_the_file_of_another() {
    let folder = shipped();
    let dir = folder.path();
    edit(dir, "\"nol\" = \"nol.wav\"", "\"loket pajak\" = \"nol.wav\"");
    assert!(make(dir, &["--only-missing"]).status.success());
    let text = fs::read_to_string(dir.join("suara/voice.toml")).unwrap();
    assert!(text.contains("\"nol\" = \"nol-2.wav\"\n"), "{text}");
}

#[test]
fn links_are_replaced_and_what_they_lead_to_stays() {
    let folder = shipped();
    let dir = folder.path();
    fs::create_dir(dir.join("lain")).unwrap();
    for name in ["tiga.wav", "voice.toml"] {
        fs::rename(dir.join("suara").join(name), dir.join("lain").join(name)).unwrap();
        symlink(Path::new("../lain").join(name), dir.join("suara").join(name)).unwrap();
    }
    let before = fs::read(dir.join("lain/tiga.wav")).unwrap();
    fs::write(dir.join("lain/tiga.wav"), [&before[..], b"..."].concat()).unwrap();
    let made = make(dir, &["--force"]);
    assert!(made.status.success(), "{}", said(&made));
    assert_eq!(fs::read(dir.join("lain/tiga.wav")).unwrap(), [&before[..], b"..."].concat());
    for name in ["tiga.wav", "voice.toml"] {
        assert!(fs::symlink_metadata(dir.join("suara").join(name)).unwrap().is_file(), "{name}");
    }
    // Nor is a folder that lies elsewhere written to.
    symlink("../lain", dir.join("suara/luar")).unwrap();
    edit(dir, "\"tiga.wav\"", "\"luar/tiga.wav\"");
    let made = make(dir, &["--force"]);
    assert!(!made.status.success() && said(&made).contains("leads out of"), "{}", said(&made));
    assert_eq!(fs::read(dir.join("lain/tiga.wav")).unwrap(), [&before[..], b"..."].concat());
}

#[test]
fn the_command_that_a_warning_names_makes_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("kantor 'kita'");
    fs::create_dir(&dir).unwrap();
    fs::write(
        dir.join("papan.toml"),
        "[voice.id]\npack = \"suara\"\nsay = { KTP = \"ka te pe\", KIA = \"kia\" }\n",
    )
    .unwrap();
    fs::create_dir(dir.join("suara")).unwrap();
    fs::write(dir.join("suara/voice.toml"), "version = 1\nlanguage = \"id\"\n[clips]\n").unwrap();
    let config = dir.join("papan.toml");
    let problems = papan::check::run(Some(&config), None, None).problems;
    assert_eq!(problems.len(), 1, "{problems:?}");
    let command = problems[0].en.split(": ").last().unwrap();
    let command = command.replacen("papan", env!("CARGO_BIN_EXE_papan"), 1);
    let done = Command::new("sh").args(["-c", &command]).output().unwrap();
    assert!(done.status.success(), "{command}: {}", said(&done));
    assert_eq!(papan::check::run(Some(&config), None, None).problems, []);
}

#[test]
fn a_noisy_clip_and_a_file_that_is_none_are_told() {
    let folder = shipped();
    let pack = folder.path().join("suara");
    let checked = || voice::check(&pack, &Manner::new(Language::Indonesian), None);
    fs::remove_file(pack.join("dua.wav")).unwrap();
    fs::create_dir(pack.join("dua.wav")).unwrap();
    assert!(checked()[0].en.contains("this is a folder"), "{:?}", checked());
    fs::remove_dir(pack.join("dua.wav")).unwrap();
    let pipe = Command::new("mkfifo").arg(pack.join("dua.wav")).status().unwrap();
    assert!(pipe.success() && checked()[0].en.contains("a pipe or a device"), "{:?}", checked());
    fs::remove_file(pack.join("dua.wav")).unwrap();

    let mut wav = fs::read(pack.join("tiga.wav")).unwrap();
    let mut state = 1_u32;
    let mut noise = |count: usize| -> Vec<u8> {
        let mut sample = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((state >> 16) as i16 / 15).to_le_bytes()
        };
        (0..count).flat_map(|_| sample()).collect()
    };
    wav = [&wav[..44], &noise(8_000), &wav[44..], &noise(8_000)].concat();
    let size = (wav.len() - 44) as u32;
    wav[4..8].copy_from_slice(&(size + 36).to_le_bytes());
    wav[40..44].copy_from_slice(&size.to_le_bytes());
    fs::write(pack.join("dua.wav"), wav).unwrap();
    let problems = checked();
    assert!(problems.len() == 1 && !problems[0].is_error(), "{problems:?}");
    assert!(problems[0].en.contains("`dua.wav`: the room is too noisy"), "{problems:?}");
    let listed = papan(&["voice", "list", "suara"], folder.path());
    assert!(listed.status.success() && said(&listed).contains("terlalu bising"), "{}", said(&listed));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut list = Command::new(env!("CARGO_BIN_EXE_papan"));
    let done = list.args(["voice", "list"]).stdout(Stdio::from(writer)).output().unwrap();
    assert!(done.status.success() && done.stderr.is_empty(), "{}", said(&done));
}

/// Says a call into a file, with this config; what it warns of.
fn warned(folder: &Path, config: &str, path: &str) -> Vec<String> {
    fs::write(folder.join("papan.toml"), config).unwrap();
    let mut say = Command::new(env!("CARGO_BIN_EXE_papan"));
    say.args(["say", "A-012", "3", "--config", "papan.toml", "--out", "a.wav"]).current_dir(folder);
    let done = say.env("PATH", path).output().unwrap();
    assert!(done.status.success(), "{}", said(&done));
    String::from_utf8_lossy(&done.stderr).lines().map(str::to_owned).collect()
}

#[test]
fn say_tells_why_another_voice_or_chime_is_heard() {
    let folder = shipped();
    let dir = folder.path();
    let path = std::env::var("PATH").unwrap();
    fs::write(dir.join("cut.wav"), b"RIFF\0\0\0\0WAVEfmt ").unwrap();
    for (config, parts) in [
        ("[voice.id]\npack = \"suara\"", &[][..]),
        ("[voice.id]\npack = \"none\"", &["no such file", "the one that ships speaks instead"]),
        ("[voice.en]\npack = \"suara\"\n[voice]\nlanguages = [\"en\"]", &["no pack that speaks \"en\""]),
        ("[sound]\nchime = \"cut.wav\"", &["cut.wav", "the chime that ships sounds instead"]),
        ("[sound]\nvolume = 0", &["papan: the volume is 0"]),
    ] {
        let lines = warned(dir, config, &path);
        assert!(parts.iter().all(|part| lines.iter().any(|l| l.contains(part))), "{config}: {lines:?}");
        assert!(lines.len() <= parts.len(), "{config}: {lines:?}");
        assert!(lines.iter().all(|l| !l.contains('\u{1b}')), "{lines:?}");
    }
    fs::write(dir.join("suara/nol.wav"), "no sound").unwrap();
    let lines = warned(dir, "[voice.id]\npack = \"suara\"\nespeak = \"xyz\"", &path);
    assert!(lines.len() == 2 && lines[0].contains("nol.wav cannot be used"), "{lines:?}");
    assert!(lines[1].contains("voice does not exist"), "{lines:?}");
    let lines = warned(dir, "[voice.id]\npack = \"suara\"", "");
    assert!(lines.iter().any(|l| l.contains("install the Debian package espeak-ng")), "{lines:?}");
}
