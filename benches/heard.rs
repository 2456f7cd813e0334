//! The program as heard from outside, at a sound server's monitor, beside a page in Chromium that announces the same.
//! Invariant: all are measured by the same recorder, in the same run, one after the other.
//!
//! `cargo bench --bench heard -- [--seconds N] [--calls N] [--only NAME] [--json] [--shots DIR]`

#![allow(clippy::expect_used, reason = "a benchmark may end at what it did not expect")]

use std::{process::ExitCode, time::Duration};

use serde_json::json;

#[path = "heard/client.rs"]
mod client;
#[path = "../tests/common/cost.rs"]
mod cost;
#[path = "heard/ear.rs"]
mod ear;
#[allow(dead_code, reason = "the other benchmark and the tests use more of it")]
#[path = "../tests/common/glass.rs"]
mod glass;
#[path = "heard/lines.rs"]
mod lines;
#[path = "common/lobby.rs"]
mod lobby;
#[path = "heard/measure.rs"]
mod measure;
#[path = "common/options.rs"]
mod options;
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../tests/common/process.rs"]
mod process;
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../tests/common/queue.rs"]
mod queue;
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../tests/common/sound.rs"]
mod sound;
#[path = "common/table.rs"]
mod table;

use client::Client;
use options::{Effort, Options};

const HELP: &str = "usage: cargo bench --bench heard -- [OPTIONS]; some twenty minutes without any
  --seconds N   how long cost is watched, once silent and once speaking (default 30)
  --calls N     how many calls are timed, each with nothing waiting (default 40)
  --only NAME   only what has NAME in it: papan, papan-espeak, chromium, reference
  --json        one JSON object a line instead of tables
  --shots DIR   a recording of each into this folder";
/// What the tables are called.
const REFERENCE: &str = "reference: a tone written to a player with an open device (pacat), same recorder";
const TITLE: &str = "announcements, 1920×1080, nothing else moves";

fn main() -> ExitCode {
    let effort = Effort { watch: Duration::from_secs(30), calls: 40 };
    let options = match Options::read(effort, HELP) {
        Ok(options) => options,
        Err(code) => return code,
    };
    if options.wants("reference") {
        let found = measure::reference(options.effort.calls);
        if options.json {
            println!("{}", json!({"client": "reference", "found": table::json(&lines::REFERENCE, &found)}));
        } else {
            println!("{}", table::text(REFERENCE, &lines::REFERENCE, &[("pacat", found)]));
        }
    }
    let clients: Vec<_> = Client::ALL.into_iter().filter(Client::is_there).collect();
    if clients.len() < Client::ALL.len() {
        eprintln!("no /usr/bin/chromium here (Debian: chromium): papan alone is measured");
    }
    let measured: Vec<_> = clients
        .iter()
        .filter(|client| options.wants(client.name()))
        .map(|client| (client.name(), measure::all(*client, options.effort, options.shots.as_deref())))
        .collect();
    if options.json {
        for (client, found) in &measured {
            println!("{}", json!({"client": client, "found": table::json(&lines::LINES, found)}));
        }
    } else if !measured.is_empty() {
        println!("{}", table::text(TITLE, &lines::LINES, &measured));
    }
    ExitCode::SUCCESS
}
