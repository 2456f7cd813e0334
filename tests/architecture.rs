//! The directions between the parts of papan hold, and so does the form of its files.
//! Invariant: each rule is shown to fail on a source that breaks it.

#![allow(clippy::expect_used, reason = "a test may end at what it did not expect")]

use std::{
    fs,
    path::{Path, PathBuf},
};

#[path = "architecture/source.rs"]
mod source;

use source::{Named, code, paths, without_tests};

const MOST_LINES: usize = 400;

/// What makes the app move. None of them names another: they meet in `state`.
const FEATURES: [&str; 14] = [
    "link", "demo", "announce", "library", "playback", "film", "audio", "playlog", "screen", "present",
    "editor", "health", "power", "status",
];

/// What needs no machine: a value goes in, a value comes out.
const PURE: [&str; 3] = ["domain", "protocol", "picture"];
const IMPURE: [&str; 20] = [
    "bevy",
    "bevy_render",
    "tokio",
    "tokio_tungstenite",
    "gstreamer",
    "kira",
    "softbuffer",
    "winit",
    "wgpu",
    "Instant",
    "SystemTime",
    "Timestamp::now",
    "Zoned::now",
    "Date::now",
    "std::fs",
    "std::net",
    "std::thread",
    "std::env",
    "std::process",
    "rand::rng",
];

/// Who alone names what.
const OWNED: [(&[&str], &[&str]); 9] = [
    (&["power"], &["wayland_client", "wayland_protocols_wlr"]),
    (&["health"], &["sd_notify"]),
    (&["editor"], &["egui", "bevy_egui"]),
    (&["present"], &["softbuffer", "winit", "wgpu", "bevy::winit", "bevy::render", "bevy_render"]),
    (&["present"], &["raw_window_handle"]),
    (&["audio"], &["kira", "cpal", "alsa", "hound"]),
    (&["link", "demo"], &["tokio", "tokio_tungstenite", "tungstenite", "rustls"]),
    (&["film"], &["gstreamer"]),
    (&["status"], &["prometheus_client"]),
];

/// Parts and the parts of the crate that they must not name: an arrow never points back.
const BACKWARDS: [(&str, &[&str]); 6] = [
    ("domain", &["protocol", "picture", "state", "config", "app"]),
    ("protocol", &["picture", "state", "config", "app"]),
    ("picture", &["protocol", "state", "config", "app"]),
    ("words", &["protocol", "picture", "state", "config", "app"]),
    ("config", &["protocol", "state", "app"]),
    ("state", &["protocol", "app"]),
];

/// What a source file under `src`, whose modules are `module`, breaks.
fn broken(module: &[&str], text: &str) -> Vec<String> {
    let code = code(text);
    let code = without_tests(&code);
    let part = module.first().copied().unwrap_or("lib");
    let mut found = form(text);
    for (line, _) in code.lines().enumerate().filter(|(_, l)| l.contains(".unwrap()")) {
        found.push(format!("{}: unwrap() outside a test", line + 1));
    }
    for named in paths(code, module) {
        let mut say = |why: &str| found.push(format!("{}: {} {why}", named.line, named.path.join("::")));
        if PURE.contains(&part) && IMPURE.iter().any(|i| named.holds(i)) {
            say("in a part that is pure");
        }
        for (owners, what) in OWNED {
            if !owners.contains(&part) && what.iter().any(|w| outside(&named, w)) {
                say(&format!("outside {}", owners.join(" and ")));
            }
        }
        let Some(other) = within(&named) else { continue };
        // The app, the command line, the check, the report and the setup put the features together.
        let composes =
            ["app", "main", "lib", "cli", "commands", "check", "snapshot", "report", "setup"].contains(&part);
        if FEATURES.contains(&other) && other != part && !composes {
            say("names a feature from another part; they meet in state");
        }
        if BACKWARDS.iter().any(|(p, not)| *p == part && not.contains(&other)) {
            say("points backwards");
        }
    }
    found
}

/// What any Rust file breaks by its form.
fn form(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !text.starts_with("//! ") {
        found.push("1: does not open with a //! line".to_owned());
    }
    let lines = text.lines().count();
    if lines > MOST_LINES {
        found.push(format!("{lines}: more than {MOST_LINES} lines"));
    }
    found
}

/// The part of this crate that a path leads into.
fn within(named: &Named) -> Option<&str> {
    named.begins("crate").then(|| named.path.get(1).map(String::as_str)).flatten()
}

/// Whether a path leads into an outer crate, or a part of one.
fn outside(named: &Named, what: &str) -> bool {
    let wanted: Vec<_> = what.split("::").collect();
    // A single segment that is alone may be a variable of that name.
    named.path.len() > 1 && named.path.iter().zip(&wanted).filter(|(a, b)| a == b).count() == wanted.len()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            all.push(path);
        }
    }
    all.sort();
    all
}

#[test]
fn every_source_keeps_the_directions() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&root);
    assert!(files.len() > 20, "the sources were not found");
    let mut found = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&root).expect("it lies there").with_extension("");
        let module: Vec<_> = inside.iter().map(|p| p.to_str().expect("a name")).collect();
        if module.contains(&"tests") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("it can be read");
        found.extend(broken(&module, &text).into_iter().map(|f| format!("src/{}.rs:{f}", inside.display())));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_file_opens_with_its_job_and_is_short() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["src", "tests", "benches"].map(|f| rust_files(&root.join(f))).concat();
    let found: Vec<_> = files
        .iter()
        .flat_map(|f| {
            let text = fs::read_to_string(f).expect("it can be read");
            form(&text).into_iter().map(move |why| format!("{}:{why}", f.display()))
        })
        .collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// The lines on which a made-up source of a module breaks a rule.
fn lines(module: &[&str], body: &str) -> Vec<usize> {
    broken(module, &format!("//! Made up.\n{body}"))
        .iter()
        .map(|f| f.split(':').next().and_then(|n| n.parse().ok()).expect("a line"))
        .collect()
}

#[test]
fn each_rule_can_fail() {
    let bad: [(&[&str], &str); 20] = [
        (&["screen"], "use bevy_egui::egui;"),
        (&["domain", "hall"], "use bevy::prelude::*;"),
        (&["domain", "hall"], "fn f() { let t = std::time::Instant::now(); }"),
        (&["domain", "hall"], "use std::{collections::BTreeMap, fs};"),
        (&["domain", "hall"], "fn f() -> T { jiff::Timestamp::now() }"),
        (&["protocol", "wire"], "use std::time::{Duration, SystemTime as Clock};"),
        (&["picture"], "use {serde::Serialize, tokio::sync::mpsc};"),
        (&["domain", "hall"], "use crate::protocol::Envelope;"),
        (&["protocol"], "use crate::{domain::event, state::Hall};"),
        (&["state"], "use crate::screen::Board;"),
        (&["link", "session"], "use crate::{domain::{event, hall}, demo::Server};"),
        (&["link", "session"], "use super::super::audio::Speaker;"),
        (&["demo"], "fn f() { super::link::open() }"),
        (&["screen", "board"], "use winit::window::Window;"),
        (&["app"], "fn f() { softbuffer::Context::new() }"),
        (&["screen"], "use bevy::{prelude::*, render::RenderPlugin};"),
        (&["screen"], "fn f() { kira::AudioManager::new() }"),
        (&["library"], "use tokio::fs;"),
        (&["config"], "fn f() { read().unwrap() }"),
        (&["config"], &"\n".repeat(MOST_LINES)),
    ];
    for (module, body) in bad {
        assert!(!lines(module, body).is_empty(), "{module:?} {body}");
    }
    assert_eq!(form("use std::fs;\n").len(), 1, "a file without its job");
}

#[test]
fn what_is_right_passes() {
    let good: [(&[&str], &str); 9] = [
        (&["domain", "hall"], "use super::event::Event;\nuse std::{collections::BTreeMap, time::Duration};"),
        (&["domain", "hall"], "// bevy::prelude, std::fs\n/* tokio::spawn /* std::net::X */ */"),
        (&["domain", "hall"], "fn f() -> [&'static str; 2] { [\"std::fs::read\", r#\"bevy::\" \"#] }"),
        (&["domain", "hall"], "#[cfg(test)]\nmod tests { use std::fs; fn f() { x.unwrap() } }"),
        (&["link", "session"], "use super::backoff::Backoff;\nuse tokio::{net::TcpStream, sync::mpsc};"),
        (&["app"], "use crate::{audio, link, present, screen};"),
        (&["present", "software"], "use softbuffer::Surface;\nuse crate::state::Frame;"),
        (&["screen"], "fn f(link: &crate::state::LinkStatus) { let audio = link.errors; }"),
        (&["picture", "text"], "fn f<'a>(c: char) -> bool { c == '\"' || c == '\\'' }"),
    ];
    for (module, body) in good {
        let found = broken(module, &format!("//! Made up.\n{body}"));
        assert!(found.is_empty(), "{module:?} {body}: {found:?}");
    }
}

#[test]
fn a_breach_is_told_with_its_line() {
    let body = "use std::{\n    fmt,\n    net::TcpStream,\n};\n\nfn f() {\n    bevy::log::info!(\"\");\n}";
    assert_eq!(lines(&["domain", "hall"], body), [4, 8]);
}
