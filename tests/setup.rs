//! `papan setup` as a person and as a script use it: the real program, a real terminal, a real server.
//! Invariant: whatever is refused or broken off leaves every file as it was.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may end at what it did not expect")]

#[allow(dead_code, reason = "each test file uses its part")]
#[path = "common/process.rs"]
mod process;
#[allow(dead_code, reason = "each test file uses its part")]
#[path = "common/queue.rs"]
mod queue;

#[path = "common/pty.rs"]
mod pty;

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
};

use pty::AtTerminal;
use queue::Queue;
use tempfile::TempDir;

/// A machine without outputs and sound, and a place for its config.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn config(&self) -> PathBuf {
        self.path("papan.toml")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.config()).unwrap()
    }

    /// All files, so that a trace would be seen.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_papan"));
        command.arg("setup").arg("--config").arg(self.config()).arg("--drm").arg(self.path("no-drm"));
        command.env_clear().env("LANG", "en_GB.UTF-8").env("TERM", "vt100").env("PATH", "/usr/bin:/bin");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).stdin(Stdio::null()).output().unwrap()
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The first three questions, up to the queue server's address.
fn until_address(person: &mut AtTerminal, name: &str) {
    person.answers("Bahasa / Language", "");
    person.answers("The hall's name", name);
    person.answers("Organization", "");
    person.answers("Time zone", "WIB");
    person.answers("The screen's language", "");
}

#[test]
fn a_person_answers_and_the_config_is_written() {
    let place = Place::new();
    let queue = Queue::start(5);
    let mut person = AtTerminal::start(&mut place.command());
    until_address(&mut person, "Balai \"Satu\"");
    person.answers("Address [-]", &queue.url());
    person.sees("Token (not shown");
    // What was typed before is dropped.
    until_hidden(&person);
    person.types("s3cret-token\n");
    person.sees("Connected. The server's name for the hall: Mal Pelayanan");
    person.answers("Layout [1]", "");
    person.answers("Turned by", "");
    person.answers("diagonal (55 inch)", "55 inch");
    person.answers("Farthest viewer", "6");
    person.answers("Show the test card", "n");
    person.answers("Device (number or name)", "");
    person.answers("Volume [90%]", "0");
    let folder = place.path("lobi");
    person.answers("Folder [", folder.to_str().unwrap());
    person.answers("Copy papan's sample there?", "");
    person.sees("Summary");
    assert_eq!(place.names(), Vec::<String>::new(), "nothing is written before the last question");
    person.answers("Write it to", "");
    let status = person.ends();
    let shown = person.shown();
    assert!(status.success(), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
    for line in shown.lines() {
        // Names that a person gave may be longer.
        assert!(line.chars().count() <= 80 || line.contains('/'), "{line}");
    }
    let text = place.text();
    let config: toml_edit::DocumentMut = text.parse().unwrap();
    assert_eq!(config["hall"]["name"].as_str(), Some("Balai \"Satu\""));
    assert_eq!(config["hall"]["timezone"].as_str(), Some("Asia/Jakarta"));
    assert_eq!(config["queue"]["url"].as_str(), Some(queue.url().as_str()));
    assert_eq!(config["queue"]["token_file"].as_str(), place.path("token").to_str());
    assert_eq!(config["screen"][0]["height_mm"].as_integer(), Some(685));
    assert!(!text.contains("s3cret"), "{text}");
    let token = place.path("token");
    assert_eq!(fs::read_to_string(&token).unwrap(), "s3cret-token\n");
    assert_eq!(fs::metadata(&token).unwrap().permissions().mode() & 0o777, 0o400);
    assert!(folder.join("playlist.toml").is_file() && folder.join("pages").is_dir());
    assert_eq!(place.names(), ["lobi", "papan.toml", "token"]);
    assert!(papan::config::Config::read(&place.config()).is_ok());
    // The same answers again change nothing at all.
    let again = place.run(&["--yes", "--no-test"]);
    assert!(again.status.success(), "{}", said(&again));
    assert_eq!(place.text(), text);
    assert_eq!(place.names(), ["lobi", "papan.toml", "token"]);
}

#[test]
fn ctrl_c_leaves_no_trace() {
    // At the first question, in the middle of a hidden one, and at the last.
    let place = Place::new();
    for prompts in [0, 1, 2] {
        let mut person = AtTerminal::start(&mut place.command());
        if prompts == 0 {
            person.sees("Bahasa / Language");
        } else {
            until_address(&mut person, "");
            if prompts == 1 {
                person.answers("Address [-]", "ws://127.0.0.1:9/");
                person.sees("Token (not shown");
                until_hidden(&person);
                person.types("half-a-sec");
            } else {
                for (prompt, answer) in
                    [("Address", "-"), ("Layout", ""), ("Turned", ""), ("diagonal", ""), ("test card", "n")]
                {
                    person.answers(prompt, answer);
                }
                person.answers("Device", "");
                person.answers("Volume", "0");
                person.answers("Folder [", "-");
                person.sees("Write it to");
            }
        }
        person.types("\u{3}");
        let status = person.ends();
        assert_eq!(status.code(), Some(130), "{}", person.shown());
        assert!(person.echoes(), "the terminal is as it was");
        assert!(!person.shown().contains("half-a-sec"));
        assert_eq!(place.names(), Vec::<String>::new());
    }
}

fn until_hidden(person: &AtTerminal) {
    process::until(|| "the terminal hides what is typed".into(), || !person.echoes());
}

#[test]
fn a_config_of_people_is_kept_but_for_what_was_asked() {
    let place = Place::new();
    let old = "# ours\n[hall]\nname = \"Satu\" # its name\n\n[voice]\nrepeat = 2 # twice\n";
    fs::write(place.config(), old).unwrap();
    fs::set_permissions(place.config(), fs::Permissions::from_mode(0o640)).unwrap();
    let done = place.run(&["--yes", "--no-test", "--demo", "--hall", "Dua"]);
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(place.text(), old.replace("Satu", "Dua"));
    assert_eq!(fs::read_to_string(place.path("papan.toml~")).unwrap(), old);
    assert_eq!(fs::metadata(place.config()).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_broken_config_is_told_and_left_alone() {
    let place = Place::new();
    for broken in
        ["[hall\nname = 1", "hall = 3\n", "screen = \"HDMI\"\n", "[queue]\nurl = \"ws://a\"\nurl = 2\n"]
    {
        fs::write(place.config(), broken).unwrap();
        let done = place.run(&["--yes", "--no-test", "--demo", "--hall", "Dua"]);
        assert_eq!(done.status.code(), Some(1), "{}", said(&done));
        assert!(said(&done).contains("papan.toml:"), "{}", said(&done));
        assert_eq!(place.text(), broken);
        assert_eq!(place.names(), ["papan.toml"]);
    }
    // What is wrong elsewhere is told, kept, and the program says that it cannot start.
    fs::write(place.config(), "[voice]\nrepeet = 2\n").unwrap();
    let done = place.run(&["--yes", "--no-test", "--demo", "--hall", "Dua"]);
    assert_eq!(done.status.code(), Some(1), "{}", said(&done));
    assert!(place.text().contains("repeet = 2") && place.text().contains("Dua"));
    assert!(said(&done).contains("cannot start"), "{}", said(&done));
}

#[test]
fn a_script_that_says_too_little_is_told_which_flag() {
    let place = Place::new();
    for (arguments, missing) in [
        (&[][..], "--hall, --queue (--demo), --yes"),
        (&["--yes"], "--hall"),
        (&["--hall", "Satu", "--yes"], "--queue (--demo)"),
        (&["--hall", "Satu", "--demo"], "--yes"),
        (&["--hall", "Satu", "--demo", "--yes", "--token", "s3cret"], "--token-file"),
        (&["--hall", "", "--demo", "--yes"], "--hall"),
        (&["--hall", "Satu", "--yes", "--queue", "http://a/"], "ws://a/"),
        (&["--hall", "Satu", "--yes", "--demo", "--screen", "A:wide"], "landscape"),
        (&["--hall", "Satu", "--yes", "--demo", "--screen", "A", "--screen", "A"], "--screen"),
        (&["--hall", "Satu", "--yes", "--demo", "--volume", "loud"], "--volume"),
        (&["--hall", "Satu", "--yes", "--demo", "--token-file", "/nowhere"], "/nowhere"),
    ] {
        let done = place.run(arguments);
        assert_eq!(done.status.code(), Some(2), "{arguments:?}: {}", said(&done));
        assert!(said(&done).contains(missing), "{arguments:?}: {}", said(&done));
        assert!(!said(&done).contains("s3cret"), "{}", said(&done));
        assert_eq!(place.names(), Vec::<String>::new());
    }
    let long = "x".repeat(201);
    let done = place.run(&["--yes", "--demo", "--hall", &long]);
    assert_eq!(done.status.code(), Some(2), "{}", said(&done));
}

#[test]
fn a_script_sets_all_of_it() {
    let place = Place::new();
    let wall = place.path("wall: led");
    let screen = format!("HDMI-A-2:videotron:region=1152x576+8+0:playlist={}", wall.display());
    let done = place.run(&[
        "--yes",
        "--no-test",
        "--hall",
        "Mal 'Satu'\n\"Dua\"",
        "--organization",
        "Pemkot",
        "--timezone",
        "wit",
        "--language",
        "en",
        "--queue",
        "wss://a.example/events",
        "--screen",
        "HDMI-A-1:portrait:rotation=90:height=55inch:distance=8",
        "--screen",
        &screen,
        "--sound-device",
        "plughw:CARD=PCH,DEV=3",
        "--volume",
        "70%",
    ]);
    assert!(done.status.success(), "{}", said(&done));
    let config = papan::config::Config::read(&place.config()).unwrap();
    assert_eq!(config.hall.name, "Mal 'Satu' \"Dua\"");
    assert_eq!(config.hall.timezone.iana_name(), Some("Asia/Jayapura"));
    assert_eq!((config.sound.device.as_str(), config.sound.volume), ("plughw:CARD=PCH,DEV=3", 0.7));
    let [lobby, led] = &config.screens[..] else { panic!("{:?}", config.screens) };
    assert_eq!((lobby.rotation.degrees(), lobby.viewing_distance_m), (90, Some(8.0)));
    assert_eq!(led.playlist.as_deref(), Some(wall.as_path()));
    assert!(wall.join("playlist.toml").is_file(), "the sample is copied into an empty place");
}

#[test]
fn tokens_come_by_file_stdin_or_environment_and_are_nowhere_else() {
    let queue = Queue::start(2);
    let url = queue.url();
    let arguments = ["--yes", "--hall", "Satu", "--queue", url.as_str(), "--volume", "0"];
    for way in ["file", "stdin", "environment"] {
        let place = Place::new();
        let from = tempfile::NamedTempFile::new().unwrap();
        fs::write(from.path(), "  s3cret-token \r\n\n").unwrap();
        let mut command = place.command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        match way {
            "file" => command.arg("--token-file").arg(from.path()),
            "stdin" => command.args(["--token", "-"]),
            _ => command.env("PAPAN_QUEUE_TOKEN", "s3cret-token"),
        };
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // Who does not want it has closed it perhaps.
        let _ = stdin.write_all(b"s3cret-token\n");
        drop(stdin);
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success(), "{way}: {}", said(&done));
        assert!(said(&done).contains("Connected."), "{}", said(&done));
        assert!(!said(&done).contains("s3cret") && !place.text().contains("s3cret"));
        assert_eq!(fs::read_to_string(place.path("token")).unwrap(), "s3cret-token\n", "{way}");
    }
    let place = Place::new();
    let from = tempfile::NamedTempFile::new().unwrap();
    fs::write(from.path(), "two words").unwrap();
    let done = place.run(&[&arguments[..], &["--token-file", from.path().to_str().unwrap()]].concat());
    assert_eq!(done.status.code(), Some(2), "{}", said(&done));
    assert!(!said(&done).contains("two words"));
}

/// A server that answers each connection with this text.
fn answering(text: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(text.as_bytes());
        }
    });
    address.to_string()
}

#[test]
fn each_trouble_of_a_server_has_its_cure_and_nothing_is_written() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let token = tempfile::NamedTempFile::new().unwrap();
    fs::write(token.path(), "s3cret").unwrap();
    let denied = answering("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    let web = answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    let ssh = answering("SSH-2.0-OpenSSH_9.2\r\n");
    for (url, cure) in [
        (format!("ws://{gone}/events"), "no program listens there"),
        ("ws://antrean.invalid/events".to_owned(), "antrean.invalid"),
        (format!("ws://{denied}/events"), "refused this token (401)"),
        (format!("ws://{web}/events"), "/events is not the queue's address (404)"),
        (format!("ws://{ssh}/events"), "is no queue server"),
        (format!("wss://{ssh}/events"), "ws:// and not wss://"),
    ] {
        let place = Place::new();
        let flags = ["--yes", "--hall", "Satu", "--volume", "0", "--queue", &url, "--token-file"];
        let done = place.run(&[&flags[..], &[token.path().to_str().unwrap()]].concat());
        assert_eq!(done.status.code(), Some(1), "{url}: {}", said(&done));
        assert!(said(&done).contains(cure), "{url}: {}", said(&done));
        assert!(!said(&done).contains("s3cret"));
        assert_eq!(place.names(), Vec::<String>::new());
    }
}

#[test]
fn a_full_disk_changes_nothing() {
    // Nothing can be written where /dev/full is the best there is: a file system of 16 KiB shows it as root.
    let place = Place::new();
    let disk = place.path("disk");
    fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=16k", "papan"]).arg(&disk).status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("no file system can be mounted here: not tried");
        return;
    }
    let outcome = std::panic::catch_unwind(|| full(&disk));
    let _ = Command::new("umount").arg(&disk).status();
    outcome.unwrap();
}

fn full(disk: &Path) {
    let config = disk.join("papan.toml");
    fs::write(&config, "[hall]\nname = \"Satu\"\n").unwrap();
    let _ = fs::write(disk.join("ballast"), vec![7; 64 << 10]);
    let before = fs::read_dir(disk).unwrap().count();
    let mut command = Command::new(env!("CARGO_BIN_EXE_papan"));
    command.args(["setup", "--yes", "--no-test", "--demo", "--hall", "Dua", "--config"]).arg(&config);
    let done = command.env("LANG", "en").stdin(Stdio::null()).output().unwrap();
    assert_eq!(done.status.code(), Some(1), "{}", said(&done));
    assert!(said(&done).contains("the config was not changed"), "{}", said(&done));
    assert_eq!(fs::read_to_string(&config).unwrap(), "[hall]\nname = \"Satu\"\n");
    assert_eq!(fs::read_dir(disk).unwrap().count(), before);
}

#[test]
fn dry_run_prints_the_config_and_writes_nothing() {
    let place = Place::new();
    let done = place.run(&["--dry-run", "--no-test", "--hall", "Satu", "--demo"]);
    assert!(done.status.success(), "{}", said(&done));
    assert!(said(&done).contains("name = \"Satu\""), "{}", said(&done));
    assert_eq!(place.names(), Vec::<String>::new());
}
