//! A film on the stage, as seen from outside on an X server's pixels: what the running text, the film and the
//! machine make of it, beside a page with the same film in Chromium, and beside what only decodes it.
//! Invariant: all of them play the same file in the same run, one after the other.
//!
//! `cargo bench --bench films -- [--seconds N] [--only NAME] [--json] [--shots DIR]`

#![allow(clippy::expect_used, reason = "a benchmark may end at what it did not expect")]

use std::{path::Path, process::ExitCode, time::Duration};

use serde_json::json;

#[path = "films/decoders.rs"]
mod decoders;
#[path = "films/film.rs"]
mod film;
#[path = "films/lines.rs"]
mod lines;
#[path = "common/lobby.rs"]
mod lobby;
#[path = "films/measure.rs"]
mod measure;
#[path = "common/options.rs"]
mod options;
#[path = "../tests/common/outside.rs"]
mod outside;
#[path = "common/table.rs"]
mod table;

use options::{Effort, Options};

const HELP: &str = "usage: cargo bench --bench films -- [OPTIONS]
  --seconds N   how long each is watched (default 20)
  --only NAME   only what has NAME in it: papan, chromium, ffmpeg, mpv
  --json        one JSON object a line instead of a table
  --shots DIR   a picture of each into this folder";

fn main() -> ExitCode {
    let options = match Options::read(Effort { watch: Duration::from_secs(20), calls: 0 }, HELP) {
        Ok(options) => options,
        Err(code) => return code,
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let film = film::make(folder);
    let mut measured = Vec::new();
    for client in measure::Client::ALL.into_iter().filter(|client| options.wants(client.name())) {
        if client == measure::Client::Chromium && !lobby::has_chromium() {
            eprintln!("no /usr/bin/chromium here (Debian: chromium): it is left out");
            continue;
        }
        let found = measure::shown(client, &film, options.effort.watch, options.shots.as_deref());
        measured.push((client.name(), found));
    }
    for decoder in decoders::Decoder::ALL.into_iter().filter(|decoder| options.wants(decoder.name())) {
        match decoders::cost(decoder, &film) {
            Some(found) => measured.push((decoder.name(), found)),
            None => eprintln!("no {} here: it is left out", decoder.name()),
        }
    }
    if options.json {
        for (client, found) in &measured {
            println!("{}", json!({"client": client, "found": table::json(&lines::LINES, found)}));
        }
    } else if !measured.is_empty() {
        println!(
            "{}",
            table::text("1920×1080, running text and a 1080p30 H.264 film", &lines::LINES, &measured)
        );
    }
    ExitCode::SUCCESS
}
