//! `papan check`: every problem, sorted, in the hall's language, with the right exit code.
//! Invariant: the files are real, in a folder of each test's own.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

use std::{fs, path::Path};

use papan::check::{Report, run};

fn text(report: &Report) -> String {
    let mut out = Vec::new();
    report.write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn write(dir: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn what_ships_has_no_problem() {
    let report = run(None, None, None);
    assert_eq!((text(&report).as_str(), report.exit_code()), ("Tidak ada masalah.\n", 0));
}

#[test]
fn every_problem_stands_by_file_and_line_in_the_halls_language() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    write(dir, "lobi/playlist.toml", "[[item]]\npage = \"a.md\"\nduration = 5\n\n[[ticker]]\ntext = 3\n");
    write(dir, "lobi/a.md", "# Judul\n\n<b>tebal</b>\n");
    let config = "[hall]\nlanguage = \"en\"\nlogo = \"tidak-ada.png\"\nnmae = \"x\"\n\n[[screen]]\nplaylist = \"lobi\"\n";
    write(dir, "papan.toml", config);
    let report = run(Some(&dir.join("papan.toml")), None, None);
    let found = text(&report);
    let places: Vec<String> = found
        .lines()
        .filter_map(|line| {
            Some(line.strip_prefix(&format!("{}/", dir.display()))?.split(": ").next()?.to_owned())
        })
        .collect();
    let expected = [
        "lobi/a.md:3",
        "lobi/a.md:3",
        "lobi/playlist.toml:3",
        "lobi/playlist.toml:6",
        "papan.toml:3",
        "papan.toml:4",
    ];
    let mut places = places;
    places.dedup();
    let mut expected = expected.to_vec();
    expected.dedup();
    assert_eq!(places, expected, "{found}");
    assert!(found.contains("write `name`") && found.contains("duration = \"5s\""), "{found}");
    assert!(found.ends_with(" problems.\n"), "{found}");
    assert_eq!(report.exit_code(), 1);

    write(dir, "papan.toml", config.replace("\"en\"", "\"id\""));
    let found = text(&run(Some(&dir.join("papan.toml")), None, None));
    assert!(found.contains("tulis `name`") && found.ends_with(" masalah.\n"), "{found}");
}

#[test]
fn a_warning_alone_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "playlist.toml",
        "[[item]]\nqr = { title = \"x\", url = \"x\" }\n[[item]]\ncard = { title = \"x\" }\n",
    );
    let report = run(None, Some(folder.path()), None);
    assert_eq!((report.problems.len(), report.exit_code()), (1, 1), "{:?}", report.problems);
    assert!(text(&report).ends_with("1 masalah.\n"));
}

/// A WAV whose sound lasts ten times as long.
fn long(wav: &[u8]) -> Vec<u8> {
    let mut long = [&wav[..44], &wav[44..].repeat(10)].concat();
    let size = (long.len() - 44) as u32;
    long[40..44].copy_from_slice(&size.to_le_bytes());
    long[4..8].copy_from_slice(&(size + 36).to_le_bytes());
    long
}

/// The one problem of a config with this line in it, and the line's number.
#[track_caller]
fn one(dir: &Path, config: &str, file: &str, line: usize, write_instead: &str) {
    write(dir, "papan.toml", config);
    let found = run(Some(&dir.join("papan.toml")), None, None).problems;
    assert_eq!(found.len(), 1, "{config}\n{found:#?}");
    assert!(found[0].file.ends_with(file) && found[0].line == Some(line), "{found:#?}");
    assert!(found[0].id.contains(write_instead) && found[0].en.contains(write_instead), "{found:#?}");
}

#[test]
fn the_files_that_a_config_names_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    write(dir, "kosong", "\n");
    write(dir, "token", "rahasia\n");
    write(dir, "ca.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    let chime =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sounds/chime-default.wav")).unwrap();
    write(dir, "nada.wav", &chime);
    write(dir, "gong-1.wav", b"RIFF\0\0\0\0WAVEfmt ");
    write(dir, "gong-2.wav", [&chime[..44], &vec![0; chime.len() - 44]].concat());
    write(dir, "gong-3.wav", long(&chime));
    write(dir, "gambar.png", "bukan");
    let theme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/theme.toml")).unwrap();
    write(dir, "tema.toml", &theme);
    write(dir, "salah.toml", theme.replacen("sun", "sunn", 1));

    let good = "[queue]\ntoken_file = \"token\"\nca_file = \"ca.pem\"\n[sound]\nchime = \"nada.wav\"\n[[screen]]\ntheme = \"tema.toml\"\n";
    write(dir, "papan.toml", good);
    assert_eq!(run(Some(&dir.join("papan.toml")), None, None).problems, []);

    one(dir, "[hall]\nlogo = \"gambar.jpg\"", "papan.toml", 2, "`gambar.png`");
    one(dir, "[hall]\nlogo = \"gambar.png\"", "papan.toml", 2, "PNG, JPEG");
    one(dir, "[queue]\ntoken_file = \"kosong\"", "papan.toml", 2, "token");
    one(dir, "[queue]\nca_file = \"token\"", "papan.toml", 2, "-----BEGIN CERTIFICATE-----");
    one(dir, "[sound]\nchime = \"tida.wav\"", "papan.toml", 2, "nada.wav");
    one(dir, "[sound]\nchime = \"gong-1.wav\"", "papan.toml", 2, "chime = \"chime-default\"");
    one(dir, "[sound]\nchime = \"gong-2.wav\"", "papan.toml", 2, "chime = \"none\"");
    one(dir, "[sound]\nchime = \"gong-3.wav\"", "papan.toml", 2, " 4 ");
    one(dir, "[[screen]]\nplaylist = \"token\"", "papan.toml", 2, "playlist.toml");
    one(dir, "[[screen]]\nplaylist = \"tidak-ada\"", "papan.toml", 2, "tidak-ada");
    let line = 1 + theme.lines().position(|l| l.contains("sun")).unwrap();
    one(dir, "[[screen]]\ntheme = \"salah.toml\"", "salah.toml", line, "`sun`");
}
