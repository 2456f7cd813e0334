//! The running program as IT sees it from outside: its status, a picture of what the public sees, its figures.
//! Invariant: what is judged is what was said and shown, never when; no secret is in any of it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may end at what it did not expect")]

use std::{
    cell::RefCell,
    collections::HashSet,
    fmt::Write as _,
    fs,
    io::{Read, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use papan::status::report;
use serde_json::{Value, json};

#[path = "status/figures.rs"]
mod figures;
#[path = "common/films.rs"]
mod films;
#[path = "common/outside.rs"]
mod outside;
#[path = "support/shape.rs"]
mod shape;

use films::{Film, H264, numbered};
use outside::{
    glass::Glass,
    process::{Program, until},
    queue::Queue,
};

const SIZE: (u32, u32) = (960, 540);

/// The program in a window on an X server's glass, with a secret wherever one can be.
struct Hall {
    program: Program,
    glass: Glass,
    queue: Queue,
    folder: tempfile::TempDir,
    port: u16,
}

impl Hall {
    fn open(playlist: &str, film: Option<&Path>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lobi = folder.path().join("lobi");
        fs::create_dir(&lobi).unwrap();
        if let Some(film) = film {
            fs::copy(film, lobi.join("film.mp4")).unwrap();
        }
        fs::write(lobi.join("playlist.toml"), playlist).unwrap();
        fs::write(folder.path().join("token"), "hush-token").unwrap();
        let queue = Queue::start(6);
        let url = queue.url() + "?key=hush-query";
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let mut config =
            format!("[queue]\nurl = {url:?}\ntoken_file = \"token\"\n[metrics]\nport = {port}\n");
        write!(
            config,
            "[[screen]]\nplaylist = \"lobi\"\n[voice]\nlanguages = []\n[sound]\nchime = \"none\"\n"
        )
        .unwrap();
        fs::write(folder.path().join("papan.toml"), config).unwrap();
        let glass = Glass::start(SIZE.0, SIZE.1);
        let mut command = papan(folder.path());
        command
            .args(["show", "--windowed", "--layout", "landscape", "--renderer", "software", "--config"])
            .arg(folder.path().join("papan.toml"))
            .args(["--size", &format!("{}x{}", SIZE.0, SIZE.1)])
            .env("DISPLAY", &glass.display);
        let hall = Self { program: Program::start(&mut command), glass, queue, folder, port };
        until(|| "it is followed".to_owned(), || hall.status()["link"]["connected"] == true);
        hall
    }

    fn ask(&self, args: &[&str]) -> Output {
        papan(self.folder.path()).args(args).output().unwrap()
    }

    /// The status; null before there is any.
    fn status(&self) -> Value {
        serde_json::from_slice(&self.ask(&["status", "--json"]).stdout).unwrap_or_default()
    }

    /// What the program says is on its glass, as the X server has pixels.
    fn screenshot(&self) -> Option<Vec<u8>> {
        let out = self.folder.path().join("now.png");
        let done = self.ask(&["screenshot", out.to_str().unwrap()]);
        if !done.status.success() {
            return None;
        }
        let picture = image::open(&out).unwrap().to_rgb8();
        assert_eq!(picture.dimensions(), SIZE);
        Some(picture.pixels().flat_map(|p| [p.0[2], p.0[1], p.0[0], 0]).collect())
    }

    /// Waits until so many different pictures were told that were on the glass just then.
    fn shows_what_it_says(&self, different: usize) {
        let seen = RefCell::new(HashSet::new());
        until(
            || {
                let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
                self.glass.save(self.glass.all(), &folder.join("status-glass.png"));
                fs::copy(self.folder.path().join("now.png"), folder.join("status-said.png")).unwrap();
                format!(
                    "{} pictures were as on the glass; see {}/status-*.png",
                    seen.borrow().len(),
                    folder.display()
                )
            },
            || {
                let before = self.glass.pixels(self.glass.all());
                let Some(said) = self.screenshot() else { return false };
                if said == before || said == self.glass.pixels(self.glass.all()) {
                    seen.borrow_mut().insert(said);
                }
                seen.borrow().len() >= different
            },
        );
    }

    fn figures(&self, accept: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        write!(stream, "GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }
}

/// The program, with nothing of this machine's user in it, and its socket in `home`.
fn papan(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_papan"));
    command.env("HOME", home).env("XDG_RUNTIME_DIR", home);
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "XDG_STATE_HOME", "RUNTIME_DIRECTORY", "STATE_DIRECTORY"] {
        command.env_remove(name);
    }
    command
}

const CARD: &str = "version = 1\ntitle = \"Uji\"\n[[item]]\ncard = { title = \"Selamat datang\", text = \"Uji\" }\nduration = \"60s\"\n";

#[test]
fn a_still_screen_is_told_and_shown_without_a_secret() {
    let hall = Hall::open(CARD, None);
    hall.shows_what_it_says(1);
    hall.queue.call(2, 7);
    until(|| format!("the call is counted: {}", hall.status()), || hall.status()["totals"]["calls"] == 1);
    let json = hall.ask(&["status", "--json"]);
    let status: Value = serde_json::from_slice(&json.stdout).unwrap();
    shape::matches_schema(&report::schema(), &status).unwrap();
    assert_eq!(status["problems"], json!([]), "{status}");
    assert_eq!((json.status.code(), &status["well"]), (Some(0), &json!(true)));
    assert_eq!(status["data"], json!({"freshness": "live", "age_s": 0.0}));
    assert_eq!(status["sound"]["device"], "off");
    let host = hall.queue.url().split('/').nth(2).unwrap().to_owned();
    assert_eq!(status["link"]["server"], format!("ws://{host}"));
    assert_eq!(
        (&status["screens"][0]["width_px"], &status["screens"][0]["height_px"]),
        (&json!(960), &json!(540))
    );
    assert!(status["process"]["memory_bytes"].as_u64().unwrap() > 10 << 20);
    assert!(status["totals"]["frames"].as_u64().unwrap() > 0);

    let human = hall.ask(&["status"]);
    let text = String::from_utf8(human.stdout).unwrap();
    assert!(
        human.status.success() && text.contains("connected to ws://") && !text.contains('\u{1b}'),
        "{text}"
    );
    assert!(text.lines().all(|line| line.chars().count() < 160), "{text}");

    let plain = hall.figures("*/*");
    let open = hall.figures("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5");
    let figures = figures::plain(&plain);
    figures::open(&open);
    assert_eq!(figures["papan_link_connected"], 1.0);
    assert_eq!(figures["papan_calls_total"], 1.0);
    assert_eq!(figures["papan_problems"], 0.0);
    for name in ["papan_frames_total", "papan_memory_bytes", "papan_data_age_seconds", "papan_build_info"] {
        assert!(figures.keys().any(|known| known.starts_with(name)), "{name} is missing: {plain}");
    }

    let png = fs::read(hall.folder.path().join("now.png")).unwrap();
    let kinds: Vec<_> = chunks(&png);
    assert!(kinds.iter().all(|kind| ["IHDR", "IDAT", "IEND"].contains(&kind.as_str())), "{kinds:?}");
    let json = String::from_utf8(json.stdout).unwrap();
    for told in [&json, &text, &plain, &open, &hall.program.said()] {
        assert!(!told.contains("hush"), "{told}");
        assert!(![&json, &text, &plain, &open].contains(&told) || !told.contains("A-007"), "{told}");
    }
}

/// The kinds of a PNG's chunks: one with texts could tell what the picture does not.
fn chunks(png: &[u8]) -> Vec<String> {
    let (mut at, mut kinds) = (8, Vec::new());
    while at + 8 <= png.len() {
        let length = u32::from_be_bytes(png[at..at + 4].try_into().unwrap()) as usize;
        kinds.push(String::from_utf8_lossy(&png[at + 4..at + 8]).into_owned());
        at += length + 12;
    }
    kinds
}

#[test]
fn a_film_is_shown_as_it_plays_and_what_is_wrong_is_told() {
    let film = Film { rate: (2, 1), frames: 40, ..Film::new("status", "mp4", H264) };
    let size = film.size;
    let path = film.made(|frame, x, y| numbered(size, frame, false, x, y));
    let playlist = "version = 1\ntitle = \"Uji\"\n[[item]]\nfilm = \"film.mp4\"\n";
    let mut hall = Hall::open(playlist, Some(&path));
    until(|| hall.status().to_string(), || hall.status()["process"]["film_processes"].as_u64() > Some(0));
    hall.shows_what_it_says(3);

    let file = hall.folder.path().join("lobi/playlist.toml");
    fs::write(&file, "version = 1\ntitle = \"Uji\"\n[[item]]\nfilm = \"tidak-ada.mp4\"\n").unwrap();
    let of = |status: &Value, of: &str| {
        let all = status["problems"].as_array().cloned().unwrap_or_default();
        all.into_iter().find(|problem| problem["of"] == of).map(|problem| problem["text"].to_string())
    };
    until(
        || hall.status().to_string(),
        || of(&hall.status(), "playlist").is_some_and(|text| text.contains("playlist.toml:4")),
    );
    assert_eq!(hall.ask(&["status"]).status.code(), Some(1));
    fs::write(&file, playlist).unwrap();
    until(|| hall.status().to_string(), || of(&hall.status(), "playlist").is_none());

    hall.queue.pause();
    until(
        || hall.status().to_string(),
        || {
            let status = hall.status();
            status["link"]["connected"] == false
                && status["data"]["freshness"] == "stale"
                && of(&status, "link").is_some_and(|text| !text.contains("hush"))
        },
    );
    assert!(figures::plain(&hall.figures("*/*"))["papan_link_connected"] == 0.0);
    assert!(hall.program.runs() && !hall.program.said().contains("hush"));
}

#[test]
fn where_no_papan_runs_it_says_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("now.png");
    let socket = home.path().join("none.sock");
    for args in [vec!["status"], vec!["status", "--json"], vec!["screenshot", out.to_str().unwrap()]] {
        let done = papan(home.path()).args(&args).arg("--socket").arg(&socket).output().unwrap();
        let told = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(2), "{told}");
        assert!(told.contains("systemctl start papan") && told.contains("none.sock"), "{told}");
        assert!(done.stdout.is_empty() && !out.exists());
    }
}

/// The schema is in the repository, for those who read the JSON; `PAPAN_RENEW=1` writes it anew.
#[test]
fn the_schema_is_as_committed() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/status.schema.json");
    let text = serde_json::to_string_pretty(&report::schema()).unwrap() + "\n";
    if std::env::var_os("PAPAN_RENEW").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap_or_default(), text);
}
