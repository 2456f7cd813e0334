//! The program as seen from outside, on an X server's pixels, beside a page of the same layout in Chromium.
//! Invariant: both are measured by the same watcher, in the same run, one after the other.
//!
//! `cargo bench --bench outside -- [--seconds N] [--calls N] [--only NAME] [--json] [--shots DIR]`

#![allow(clippy::expect_used, reason = "a benchmark may end at what it did not expect")]

use std::{process::ExitCode, time::Duration};

use serde_json::json;

#[path = "outside/client.rs"]
mod client;
#[path = "outside/lines.rs"]
mod lines;
#[path = "common/lobby.rs"]
mod lobby;
#[path = "outside/measure.rs"]
mod measure;
#[path = "common/options.rs"]
mod options;
#[path = "../tests/common/outside.rs"]
mod outside;
#[path = "common/table.rs"]
mod table;

use client::{Client, Scene};
use options::{Effort, Options};

const HELP: &str = "usage: cargo bench --bench outside -- [OPTIONS]
  --seconds N   how long movement and cost are watched (default 20)
  --calls N     how many calls are timed (default 60)
  --only NAME   only what has NAME in it: papan, chromium, 1080, 2160, still
  --json        one JSON object a line instead of tables
  --shots DIR   a picture of each into this folder";

fn main() -> ExitCode {
    let effort = Effort { watch: Duration::from_secs(20), calls: 60 };
    let options = match Options::read(effort, HELP) {
        Ok(options) => options,
        Err(code) => return code,
    };
    let clients: Vec<_> = Client::ALL.into_iter().filter(Client::is_there).collect();
    if clients.len() < Client::ALL.len() {
        eprintln!("no /usr/bin/chromium here (Debian: chromium): papan alone is measured");
    }
    for scene in Scene::ALL {
        let measured: Vec<_> = clients
            .iter()
            .filter(|client| options.wants(&format!("{}-{}", client.name(), scene.name)))
            .map(|client| {
                let found = measure::all(*client, &scene, options.effort, options.shots.as_deref());
                (client.name(), found)
            })
            .collect();
        if options.json {
            for (client, found) in &measured {
                let Scene { name, width, height, .. } = scene;
                let found = table::json(&lines::LINES, found);
                let line = json!({"client": client, "scene": name, "width": width, "height": height,
                    "found": found});
                println!("{line}");
            }
        } else if !measured.is_empty() {
            println!("{}", table::text(&lines::title(&scene), &lines::LINES, &measured));
        }
    }
    ExitCode::SUCCESS
}
