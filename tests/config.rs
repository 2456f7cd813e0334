//! `papan.toml`: what is good is read, and every problem is told with its line in both languages.
//! Invariant: each case fails if the reader stops telling what to write instead.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

use std::{fs, path::Path};

use papan::{
    config::{Config, Reading, Region, Role},
    domain::layout::{Track, Zone},
    picture::turn::Turn,
    problem::Problem,
    words::Language,
};
use proptest::prelude::*;

fn problems(text: &[u8]) -> Vec<Problem> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papan.toml");
    fs::write(&path, text).unwrap();
    let reading = Reading::read(&path);
    assert!(reading.problems.iter().all(|p| p.file == path && p.is_error()));
    assert_eq!(Config::read(&path).is_ok(), reading.problems.is_empty());
    assert!(!reading.config.screens.is_empty());
    reading.problems
}

/// One problem: its line, and what both languages tell to write.
#[track_caller]
fn one(text: &str, line: usize, write: &str) -> Problem {
    let found = problems(text.as_bytes());
    assert_eq!(found.len(), 1, "{text}\n{found:#?}");
    let problem = found.into_iter().next().unwrap();
    assert_eq!(problem.line, Some(line), "{problem:#?}");
    assert!(problem.id.contains(write), "{write} not in: {}", problem.id);
    assert!(problem.en.contains(write), "{write} not in: {}", problem.en);
    assert_ne!(problem.id, problem.en);
    problem
}

#[test]
fn a_whole_config_is_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/config/papan.toml");
    let config = Config::read(&path).unwrap();
    let folder = path.parent().unwrap();
    assert_eq!(config.hall.name, "Mal Pelayanan Publik");
    assert_eq!(config.hall.organization, "Pemerintah Kota Kendari");
    assert_eq!(config.hall.logo, Some(folder.join("logo.png")));
    assert_eq!(config.hall.timezone.iana_name(), Some("Asia/Jayapura"));
    assert_eq!(config.hall.language, Language::English);
    assert_eq!(config.queue.url.as_deref(), Some("wss://antrean.kendarikota.go.id/events"));
    assert_eq!(config.queue.token_file.as_deref(), Some(Path::new("/etc/papan/token")));
    assert_eq!(config.queue.ca_file, Some(folder.join("ca.pem")));
    assert_eq!(config.queue.display, "lobi-1");
    assert_eq!((config.sound.device.as_str(), config.sound.volume), ("default", 0.5));
    assert_eq!(config.sound.chime, folder.join("nada.wav").to_string_lossy());

    assert_eq!(config.film.forbid, ["vah264dec", "v4l2h264dec"]);

    let [lobby, wall] = &config.screens[..] else { panic!("{:?}", config.screens) };
    assert_eq!(lobby.output.as_deref(), Some("HDMI-A-1"));
    assert_eq!(lobby.layout.as_deref(), Some("wide"));
    assert_eq!(lobby.playlist.as_deref(), Some(Path::new("/var/lib/papan/playlists/lobi")));
    assert_eq!((lobby.height_mm, lobby.viewing_distance_m), (Some(670.0), Some(8.0)));
    assert_eq!((lobby.reduce_motion, lobby.ticker_words_per_second), (true, 2.5));
    assert_eq!(lobby.theme, Some(folder.join("theme.toml")));
    assert_eq!(wall.layout.as_deref(), Some("videotron"));
    assert_eq!(wall.region, Some(Region { x: 0, y: 0, width: 1152, height: 576 }));
    assert_eq!((lobby.rotation, lobby.sound), (Turn::None, None));
    assert_eq!((wall.rotation, wall.sound, config.heard_screen()), (Turn::Quarter, Some(true), Some(1)));
    assert_eq!((wall.reduce_motion, wall.ticker_words_per_second), (false, 3.0));

    let wide = &config.layouts["wide"];
    assert_eq!(wide.columns, [Track::Share(0.5), Track::Share(0.5)]);
    assert_eq!(wide.rows, [Track::Share(0.09), Track::Rest(1.0), Track::Share(0.08)]);
    assert_eq!(wide.areas[1], [Some(Zone::Stage), Some(Zone::Board)]);
    assert_eq!(wide.areas[2], [Some(Zone::Ticker), None]);

    let named: Vec<(Role, usize)> = Reading::read(&path).files.iter().map(|f| (f.role, f.line)).collect();
    assert_eq!(named[..2], [(Role::Logo, 4), (Role::Token, 10)]);
}

#[test]
fn nothing_written_is_the_default() {
    for text in ["", "\u{feff}", "# nothing\r\n", "[hall]\n[queue]\n[sound]\n[layout]\n"] {
        assert_eq!(problems(text.as_bytes()), [], "{text:?}");
    }
    let config = Config::default();
    assert_eq!(config.hall.timezone.iana_name(), Some("Asia/Makassar"));
    assert_eq!(config.hall.language, Language::Indonesian);
    assert_eq!(config.queue.url, None);
    assert_eq!((config.sound.device.as_str(), config.sound.chime.as_str()), ("default", "chime-default"));
}

#[test]
fn several_screens_share_outputs_without_sharing_pixels() {
    let region = |x: u32| format!("output = \"a\"\nregion = {{ x = {x}, y = 0, width = 100, height = 50 }}");
    for text in [
        "[[screen]]\noutput = \"a\"\n[[screen]]\n".to_owned(),
        format!("[[screen]]\n{}\n[[screen]]\n{}\n[[screen]]\n", region(0), region(100)),
        "[[screen]]\nrotation = 270\nsound = false".to_owned(),
    ] {
        assert_eq!(problems(text.as_bytes()), [], "{text}");
    }
}

#[test]
fn an_unknown_key_names_the_nearest_right_one() {
    one("[hal]", 1, "`hall`");
    one("[hall]\nnmae = \"x\"", 2, "`name`");
    one("[hall]\n\ntime_zone = \"Asia/Makassar\"", 3, "`timezone`");
    one("[queue]\ntoken = \"x\"", 2, "`token_file`");
    one("[sound]\nvolum = 1", 2, "`volume`");
    one("[[screen]]\nlayuot = \"portrait\"", 2, "`layout`");
    one("[[screen]]\nregion = { x = 0, y = 0, widht = 1, width = 1, height = 1 }", 2, "`width`");
    one("[layout.a]\ncolumn = [1]\ncolumns = [1]\nrows = [1]\nareas = [\"stage\"]", 2, "`columns`");
}

#[test]
fn a_wrong_type_says_what_to_write() {
    one("[hall]\nname = 3", 2, "name = \"Mal Pelayanan Publik\"");
    one("hall = 3", 1, "[hall]");
    one("[screen]\nlayout = \"portrait\"", 1, "[[screen]]");
    one("[[screen]]\nreduce_motion = \"yes\"", 2, "reduce_motion = true");
    one("[[screen]]\nheight_mm = \"670\"", 2, "height_mm = 670");
    one("[sound]\nvolume = true", 2, "volume = 0.9");
    one("[[screen]]\nregion = [0, 0]", 2, "region = { x = 0");
    one("[hall]\nname = \"  \"", 2, "name = \"Mal Pelayanan Publik\"");
    one(&format!("[hall]\nname = \"{}\"", "x".repeat(201)), 2, "200");
    one("[hall]\nlogo = \"\"", 2, "logo = \"logo.png\"");
}

#[test]
fn a_wrong_value_says_what_to_write() {
    one("[hall]\ntimezone = \"Asia/Makasar\"", 2, "timezone = \"Asia/Makassar\"");
    one("[hall]\nlanguage = \"indonesia\"", 2, "language = \"id\"");
    one("[hall]\nlanguage = \"eng\"", 2, "language = \"en\"");
    one("[queue]\nurl = \"https://a.go.id/x\"", 2, "url = \"wss://a.go.id/x\"");
    one("[queue]\nurl = \"http://a.go.id\"", 2, "url = \"ws://a.go.id\"");
    one("[queue]\nurl = \"antrean\"", 2, "wss://");
    one("[queue]\nurl = \"ws://\"", 2, "wss://");
    one("[queue]\nurl = \"ws://a:port/x\"", 2, "wss://");
    one("[queue]\nurl = \"wss://me:secret@a.go.id/\"", 2, "token_file");
    one("[sound]\nvolume = 1.5", 2, "volume = 0.9");
    one("[sound]\nvolume = nan", 2, "volume = 0.9");
    one("[sound]\nchime = \"gong\"", 2, "\"chime-default\"");
    one("[[screen]]\nlayout = \"potrait\"", 2, "layout = \"portrait\"");
    one("[[screen]]\nticker_words_per_second = 60", 2, "ticker_words_per_second = 3");
    one("[[screen]]\nviewing_distance_m = 0", 2, "viewing_distance_m = 8.0");
    one("[[screen]]\nregion = { x = 0, y = 0, width = 0, height = 9 }", 2, "width = 1152");
    one("[[screen]]\nregion = { x = 0, y = 0, width = 9 }", 2, "height = 576");
    one("[[screen]]\nregion = { x = -1, y = 0, width = 9, height = 9 }", 2, "x = 0");
    one("[[screen]]\n[[screen]]\n", 2, "output = \"HDMI-A-1\"");
    one("[[screen]]\noutput = \"a\"\n[[screen]]\noutput = \"A\"", 3, "output");
    let region = |x: u32| format!("output = \"a\"\nregion = {{ x = {x}, y = 0, width = 100, height = 50 }}");
    one(&format!("[[screen]]\noutput = \"a\"\n[[screen]]\n{}", region(0)), 3, "region");
    one(&format!("[[screen]]\n{}\n[[screen]]\n{}", region(7), region(106)), 4, "x = 107");
    one("[[screen]]\nrotation = 45", 2, "rotation = 90");
    one("[[screen]]\nrotation = \"90\"", 2, "rotation = 90");
    one(
        "[[screen]]\noutput = \"a\"\nsound = true\n[[screen]]\noutput = \"b\"\nsound = true",
        4,
        "sound = true",
    );
}

#[test]
fn forbidden_decoders_are_names() {
    let example = "forbid = [\"vah264dec\"]";
    one("[film]\nforbid = \"vah264dec\"", 2, example);
    one("[film]\nforbid = [1]", 2, example);
    one("[film]\nforbid = [\n\"vah264dec\",\n\"va h264\"]", 4, example);
    one("[film]\nforbid = [\"\"]", 2, example);
    one(&format!("[film]\nforbid = [\"{}\"]", "x".repeat(81)), 2, example);
    one(&format!("[film]\nforbid = [{}]", "\"x\",".repeat(101)), 2, "100");
    one("[film]\nforbidden = []", 2, "`forbid`");
    assert_eq!(problems(b"[film]\nforbid = []\n"), []);
    assert_eq!(problems(b"[editor]\nenabled = true\n"), []);
    one("[editor]\nenabled = \"ya\"", 2, "true");
    one("[editor]\nenable = true", 2, "`enabled`");
}

#[test]
fn metrics_have_a_port_or_there_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papan.toml");
    for (text, port) in [("", None), ("[metrics]\nport = 9464\n", Some(9464))] {
        fs::write(&path, text).unwrap();
        assert_eq!(Config::read(&path).unwrap().metrics.port, port);
    }
    one("[metrics]\n", 1, "port = 9464");
    for wrong in ["80", "0", "-1", "65536", "\"9464\"", "9464.5", "true", "[9464]"] {
        one(&format!("[metrics]\nport = {wrong}"), 2, "port = 9464");
    }
    one("[metrics]\nport = 9464\naddress = \"0.0.0.0\"", 3, "`port`");
    one("metrics = 9464", 1, "[metrics]");
}

fn layout(columns: &str, rows: &str, areas: &str) -> String {
    format!("[layout.a]\ncolumns = {columns}\nrows = {rows}\nareas = {areas}\n")
}

#[test]
fn a_layout_is_checked() {
    assert_eq!(problems(layout("[0.5, \"50%\"]", "[\"1fr\"]", "[\"stage .\"]").as_bytes()), []);
    one(&layout("[]", "[1]", "[\"stage\"]"), 2, "columns = [0.5, 0.5]");
    one(&layout("[\"lebar\"]", "[1]", "[\"stage\"]"), 2, "\"9%\"");
    one(&layout("[0]", "[1]", "[\"stage\"]"), 2, "\"1fr\"");
    one(&layout("[1]", "[\"nan%\"]", "[\"stage\"]"), 3, "\"1fr\"");
    one(&layout("[0.5, 0.6]", "[1]", "[\"stage board\"]"), 2, "100%");
    one(&layout("[1.0, \"1fr\"]", "[1]", "[\"stage board\"]"), 2, "100%");
    one(&layout("[0.5, 0.4]", "[1]", "[\"stage board\"]"), 2, "\"1fr\"");
    one(&layout("[1]", "[1]", "[\"stagge\"]"), 4, "stage");
    one(&layout("[1]", "[1]", "[\"stage board\"]"), 4, "1 zon");
    one(&layout("[1]", "[0.5, 0.5]", "[\"stage\"]"), 4, "2 te");
    one(
        &layout("[0.5, 0.5]", "[0.5, 0.5]", "[\n \"stage board\",\n \"board stage\",\n]")
            .replace("board", "."),
        4,
        "stage",
    );
    one(&layout("[1]", "[1]", "[\".\"]"), 4, "areas = [\"header header\"");
    one("[layout.a]\ncolumns = [1]\nrows = [1]", 1, "areas = [");
    one("[layout.portrait]\ncolumns = [1]\nrows = [1]\nareas = [\"stage\"]", 1, "[layout.");
    // The name of a wrong layout is known all the same.
    one(&format!("{}[[screen]]\nlayout = \"a\"", layout("[]", "[1]", "[\"stage\"]")), 2, "columns");
}

#[test]
fn bad_toml_is_told_by_line() {
    one("[hall]\nname = lobi", 2, "title = \"Lob");
    one("[hall]\nname = \"lobi\nlanguage = \"id\"", 2, "\"");
    one("[hall]\nname = \"a\"\nname = \"b\"", 3, "[[…]]");
    one("[hall]\nname =", 2, "title = \"Lob");
    one("[hall\nname = \"a\"", 1, "[hall]");
    one("[hall]\nname \"a\"", 2, "=");
    let found = problems(b"[hall]\nname = \"a\xff\"\n");
    assert_eq!((found.len(), found[0].line), (1, Some(2)));
    assert!(found[0].id.contains("UTF-8"));
    let big = problems(&vec![b'#'; (1 << 20) + 1]);
    assert!(big[0].en.contains("1024 KiB"), "{big:?}");
}

#[test]
fn every_problem_is_told() {
    let text = "[hall]\nnmae = \"x\"\nlanguage = \"xx\"\ntimezone = 8\n\n[sound]\nvolume = 9\n\n[[screen]]\nlayout = \"x\"\nregion = { x = 0.5, y = 0, width = 0, height = 0 }\n";
    let mut lines: Vec<_> = problems(text.as_bytes()).iter().filter_map(|p| p.line).collect();
    lines.sort();
    assert_eq!(lines, [2, 3, 4, 7, 10, 11, 11, 11]);
}

#[test]
fn a_missing_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("papan.toml"), "").unwrap();
    let found = Config::read(&folder.path().join("papan.tml")).unwrap_err();
    assert!(found[0].id.contains("`papan.toml`") && found[0].en.contains("`papan.toml`"), "{found:?}");
    assert!(Config::read(folder.path()).unwrap_err()[0].en.contains("folder"));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        problems(&bytes);
    }

    #[test]
    fn no_slip_makes_it_panic(at in 0usize..900, slip in "[\\[\\]{}=\"'.,#a1\\n\\\\-]{1,3}") {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/config/papan.toml");
        let mut text = fs::read_to_string(path).unwrap();
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        text.insert_str(at, &slip);
        problems(text.as_bytes());
    }
}
