//! A soak: a day of hall traffic against the real program, in hastened time, with its memory, files and threads at the
//! end beside those after the first tenth.
//! Invariant: what is judged is what the program wrote down and what the system says of it; it knows of no soak.
//!
//! `cargo bench --bench soak -- [--minutes N] [--speed N] [--papan FILE] [--out DIR]`

#![allow(clippy::expect_used, reason = "a benchmark may end at what it did not expect")]

use std::{
    fs,
    path::PathBuf,
    process::ExitCode,
    thread,
    time::{Duration, Instant},
};

#[path = "soak/edits.rs"]
mod edits;
#[allow(dead_code, reason = "the other benchmarks and the tests use more of it")]
#[path = "../tests/common/glass.rs"]
mod glass;
#[path = "soak/judge.rs"]
mod judge;
#[path = "soak/options.rs"]
mod options;
#[path = "soak/plot.rs"]
mod plot;
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../tests/common/process.rs"]
mod process;
#[path = "soak/proof.rs"]
mod proof;
#[path = "soak/sample.rs"]
mod sample;
#[path = "soak/server.rs"]
mod server;
#[path = "soak/shown.rs"]
mod shown;
#[path = "soak/site.rs"]
mod site;
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../tests/common/sound.rs"]
mod sound;
#[path = "soak/traffic.rs"]
mod traffic;
#[path = "soak/written.rs"]
mod written;

use edits::Edits;
use glass::Glass;
use options::Options;
use sample::Sampler;
use server::{Mode, Server};
use site::Site;
use traffic::{Clock, Traffic};

/// How often something may happen.
const TICK: Duration = Duration::from_millis(10);
/// Between two troubles of the network, and how long the server refuses.
const BETWEEN_TROUBLES: Duration = Duration::from_secs(20);
const REFUSES: Duration = Duration::from_secs(3);
/// Silence comes once in the round, for a display waits for 30 real seconds until it gives a connection up.
const TROUBLES: [Mode; 8] =
    [Mode::Close, Mode::Drop, Mode::Refuse, Mode::Mute, Mode::Drop, Mode::Close, Mode::Refuse, Mode::Drop];
/// Between two losses of the sound server, and how long it is away.
const BETWEEN_SILENCES: Duration = Duration::from_secs(90);
const SILENT: Duration = Duration::from_secs(4);
/// Between two messages that are wrong.
const BETWEEN_WRONG: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let options = match Options::read() {
        Ok(options) => options,
        Err(wrong) => {
            eprintln!("{wrong}\n{}", options::HELP);
            return ExitCode::from(2);
        }
    };
    fs::create_dir_all(&options.out).expect("a folder for the figures");
    let glass = Glass::start(1920, 1080);
    let mut sound = sound::Server::new();
    let server = Server::start(options.from);
    let mut site = Site::make(&options, &glass, &sound, &server);
    eprintln!(
        "soak: {} min at {} times the speed; {}",
        options.minutes,
        options.speed,
        options.out.display()
    );
    let written = written::Written::watch(&site.state());
    site.start();
    let clock = Clock { begun: Instant::now(), from: options.from, speed: options.speed };
    let run = run(&options, &clock, &mut site, &server, &mut sound);
    // What waits to be said and written is not judged: the end comes in order.
    let ended = site.stop();
    let found = proof::read(&site.log());
    let report = judge::judge(
        &options,
        &judge::Run {
            samples: &run.samples,
            counted: &run.counted,
            calls: &server.calls(),
            markers: &run.markers,
            found: &found,
            bytes: &written.totals(&site.state()),
            ended,
            said: &site.said(),
        },
    );
    println!("{}", report.text);
    let put = |name: &str, text: &str| fs::write(options.out.join(name), text).expect("written");
    put("soak.txt", &report.text);
    put("soak.csv", &sample::csv(&run.samples));
    put("soak.svg", &plot::svg(&options, &run.samples, &found));
    println!("figures: {}", options.out.display());
    if report.good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What happened, for the judgement.
struct Run {
    samples: Vec<sample::Sample>,
    counted: judge::Counted,
    markers: Vec<edits::Marker>,
}

fn run(options: &Options, clock: &Clock, site: &mut Site, server: &Server, sound: &mut sound::Server) -> Run {
    let length = Duration::from_secs_f64(options.minutes * 60.0);
    let mut traffic = Traffic::new(clock);
    let mut edits = Edits::new(site.playlist());
    let mut sampler = Sampler::new(site.pid());
    let mut counted = judge::Counted::default();
    let (mut trouble, mut silence, mut wrong, mut second) = (0_u32, 0_u32, 0_u32, 0_u32);
    let (mut refused, mut silent): (Option<Duration>, Option<Duration>) = (None, None);
    loop {
        let now = clock.begun.elapsed();
        if now >= length || !site.runs() {
            break;
        }
        traffic.step(clock, server);
        edits.step(now, clock.hall());
        if now >= BETWEEN_TROUBLES * (trouble + 1) {
            let mode = TROUBLES[trouble as usize % TROUBLES.len()];
            trouble += 1;
            refused = (mode == Mode::Refuse).then_some(now);
            server.turn(mode);
        }
        if refused.is_some_and(|since| now >= since + REFUSES) {
            refused = None;
            server.turn(Mode::Live);
        }
        if now >= BETWEEN_SILENCES * (silence + 1) && silent.is_none() {
            silence += 1;
            silent = Some(now);
            sound.stop();
        }
        if silent.is_some_and(|since| now >= since + SILENT) {
            silent = None;
            sound.start();
        }
        if now >= BETWEEN_WRONG * (wrong + 1) {
            server.wrong(wrong, clock.hall());
            wrong += 1;
        }
        if now >= Duration::from_secs(1) * (second + 1) {
            second += 1;
            sampler.take(now, server.status());
            if second % 60 == 0 {
                let s = sampler.last();
                eprintln!(
                    "soak: {} {:.1} MiB, {} files, {} threads, {:.0} frames/s",
                    clock.hall(),
                    s.pss,
                    s.files,
                    s.threads,
                    s.fps
                );
            }
        }
        thread::sleep(TICK);
    }
    (counted.troubles, counted.silences, counted.wrong) = (trouble, silence, wrong);
    (counted.edits, counted.bad_edits) = edits.counts();
    counted.connections = server.connections();
    Run { samples: sampler.all(), counted, markers: edits.markers(clock.hall()) }
}

/// Where the repository is.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
