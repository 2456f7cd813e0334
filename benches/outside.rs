//! The program as seen from outside, on an X server's pixels, beside a page of the same layout in Chromium.
//! Invariant: both are measured by the same watcher, in the same run, one after the other.
//!
//! `cargo bench --bench outside -- [--seconds N] [--calls N] [--only NAME] [--json] [--shots DIR]`

#![allow(clippy::expect_used, reason = "a benchmark may end at what it did not expect")]

use std::{fs, path::PathBuf, process::ExitCode, time::Duration};

#[path = "outside/client.rs"]
mod client;
#[path = "outside/measure.rs"]
mod measure;
#[path = "../tests/common/outside.rs"]
mod outside;
#[path = "outside/table.rs"]
mod table;

use client::{Client, Scene};
use measure::Effort;

const HELP: &str = "usage: cargo bench --bench outside -- [OPTIONS]
  --seconds N   how long movement and cost are watched (default 20)
  --calls N     how many calls are timed (default 60)
  --only NAME   only what has NAME in it: papan, chromium, 1080, 2160, still
  --json        one JSON object a line instead of tables
  --shots DIR   a picture of each into this folder";

struct Options {
    effort: Effort,
    only: Vec<String>,
    json: bool,
    shots: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(wrong) => {
            eprintln!("{wrong}\n{HELP}");
            return ExitCode::from(2);
        }
    };
    if let Some(folder) = &options.shots {
        fs::create_dir_all(folder).expect("a folder for pictures");
    }
    let clients: Vec<_> = Client::ALL.into_iter().filter(Client::is_there).collect();
    if clients.len() < Client::ALL.len() {
        eprintln!("no /usr/bin/chromium here (Debian: chromium): papan alone is measured");
    }
    for scene in Scene::ALL {
        let measured: Vec<_> = clients
            .iter()
            .filter(|client| {
                let name = format!("{}-{}", client.name(), scene.name);
                options.only.iter().all(|only| name.contains(only.as_str()))
            })
            .map(|client| (*client, measure::all(*client, &scene, options.effort, options.shots.as_deref())))
            .collect();
        if options.json {
            measured.iter().for_each(|(client, found)| println!("{}", table::json(*client, &scene, found)));
        } else if !measured.is_empty() {
            println!("{}", table::text(&scene, &measured));
        }
    }
    ExitCode::SUCCESS
}

fn options(args: impl Iterator<Item = String>) -> Result<Options, String> {
    let effort = Effort { watch: Duration::from_secs(20), calls: 60 };
    let mut options = Options { effort, only: Vec::new(), json: false, shots: None };
    // cargo itself adds `--bench`.
    let mut args = args.filter(|arg| arg != "--bench");
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--json" => options.json = true,
            "--only" => options.only.push(value()?),
            "--shots" => options.shots = Some(value()?.into()),
            "--seconds" => options.effort.watch = Duration::from_secs(number(&value()?)?),
            "--calls" => options.effort.calls = number(&value()?)? as usize,
            _ => return Err(format!("unknown: {arg}")),
        }
    }
    Ok(options)
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text:?} is no number"))
}
