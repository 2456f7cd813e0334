//! The measurements. Invariant: each begins and ends at something that anyone in the hall could hear.

use std::{
    io::Write,
    path::Path,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::StdRng};

use crate::{
    client::Client,
    cost,
    ear::Ear,
    glass::Glass,
    options::Effort,
    process::{Program, until},
    queue::Queue,
    sound::{RATE, Server},
};

const COUNTERS: usize = 8;
/// What a start may still do after the device is open: caches, garbage, clips.
const SETTLE: Duration = Duration::from_secs(5);
/// A call that is not heard by then is missed.
const LATEST: Duration = Duration::from_secs(3);
/// An announcement is over when nothing was heard for so long.
const OVER: Duration = Duration::from_millis(500);
const STARTED: &str = "papan.announcement.started";
const FINISHED: &str = "papan.announcement.finished";
/// The reference's tone, in Hz, and how long it is.
const TONE: f32 = 1_000.0;
const TONE_LENGTH: Duration = Duration::from_millis(100);

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// From sending a call to the recorder's first piece of the chime, in milliseconds, sorted.
    pub calls: Vec<f64>,
    pub missed: usize,
    /// How much the recorder gets at once, in milliseconds: so long is a step of the sound server's.
    pub piece: f64,
    pub silent: Watched,
    pub speaking: Watched,
    /// How many announcements a minute began while it spoke without a pause; `None` where the time was too short.
    pub announcements: Option<f64>,
}

/// What a tone takes.
#[derive(Debug, Default)]
pub struct Reference {
    /// From writing it to the recorder's first piece of it, in milliseconds, sorted.
    pub times: Vec<f64>,
    pub missed: usize,
    /// As in [`Found`].
    pub piece: f64,
}

/// What it cost for a while.
#[derive(Debug, Default)]
pub struct Watched {
    /// Cores that the client kept busy, with all that it started, and the sound server for it.
    pub cores: f64,
    pub server_cores: f64,
    /// Memory of all its processes (PSS), at the end.
    pub mib: f64,
    /// How much of the time was not silent, from 0 to 1.
    pub share: f64,
}

struct Hall {
    // Dropped in this order: the program first.
    program: Program,
    ear: Ear,
    queue: Queue,
    server: Server,
    _glass: Glass,
    random: StdRng,
    number: usize,
}

/// Starts a client and measures all of it.
pub fn all(client: Client, effort: Effort, shots: Option<&Path>) -> Found {
    let home = tempfile::tempdir().expect("a folder");
    let (glass, server, queue) = (Glass::start(1920, 1080), Server::new(), Queue::start(COUNTERS));
    let recording = shots.map(|folder| folder.join(format!("{}.wav", client.name())));
    let ear = Ear::open(&server, recording.as_deref());
    let program = client.start(&glass, &server, &queue, home.path());
    let random = StdRng::seed_from_u64(7);
    let mut hall = Hall { program, ear, queue, server, _glass: glass, random, number: 0 };
    until(|| format!("it connects: {}", hall.program.said()), || hall.queue.connected_at().is_some());
    hall.server.has_a_client();
    thread::sleep(SETTLE);
    let silent = hall.watch(|_| thread::sleep(effort.watch));
    let mut found = Found { silent, ..Found::default() };
    hall.calls(effort.calls, &mut found);
    hall.speak(effort.watch, &mut found);
    found.piece = hall.ear.piece();
    assert!(hall.program.runs(), "{} ended: {}", client.name(), hall.program.said());
    found
}

impl Hall {
    /// Calls the next ticket to any counter; when the call went out.
    fn call(&mut self) -> Instant {
        self.number += 1;
        let sent = self.queue.call(self.random.random_range(0..COUNTERS), 100 + self.number);
        sent.at().expect("the client is connected")
    }

    fn calls(&mut self, calls: usize, found: &mut Found) {
        for _ in 0..calls {
            // At any moment between two pieces of sound.
            thread::sleep(Duration::from_micros(self.random.random_range(500_000..1_100_000)));
            let over = self.queue.heard(FINISHED);
            let sent = self.call();
            match self.ear.sound(sent, sent + LATEST) {
                Some(heard) => found.calls.push(heard.duration_since(sent).as_secs_f64() * 1000.0),
                None => found.missed += 1,
            }
            until(
                || format!("the announcement is over: {}", self.program.said()),
                || self.queue.heard(FINISHED) > over,
            );
            self.ear.silence(OVER);
        }
        found.calls.sort_by(f64::total_cmp);
    }

    /// It speaks for a while without a pause: one call always waits, and never so many that it makes haste.
    fn speak(&mut self, time: Duration, found: &mut Found) {
        let before = self.queue.heard(STARTED);
        self.call();
        self.call();
        until(|| "it begins to speak".into(), || self.queue.heard(STARTED) > before);
        let begun = Instant::now();
        let mut started = vec![begun];
        found.speaking = self.watch(|hall| {
            hall.call();
            while begun.elapsed() < time {
                if hall.queue.heard(STARTED) > before + started.len() {
                    started.push(Instant::now());
                    hall.call();
                }
                thread::sleep(Duration::from_millis(20));
            }
        });
        if let [first, .., last] = started[..] {
            found.announcements = Some((started.len() - 1) as f64 * 60.0 / (last - first).as_secs_f64());
        }
    }

    /// What it costs while something is done.
    fn watch(&mut self, something: impl FnOnce(&mut Self)) -> Watched {
        let pids = [self.program.child.id(), self.server.pid().expect("it runs")];
        let before = pids.map(cost::of_tree);
        let begun = Instant::now();
        something(self);
        let seconds = begun.elapsed().as_secs_f64();
        let after = pids.map(cost::of_tree);
        let cores = |i: usize| after[i].cpu.saturating_sub(before[i].cpu).as_secs_f64() / seconds;
        Watched { cores: cores(0), server_cores: cores(1), mib: after[0].mib, share: self.ear.share(begun) }
    }
}

/// The least that a sound takes here: a tone is written to a player that already has the device open, until the same
/// recorder has it.
pub fn reference(tones: usize) -> Reference {
    let server = Server::new();
    let ear = Ear::open(&server, None);
    let mut pacat = server
        .client("pacat")
        .args(["--playback", "--raw", "--format=s16le", "--rate=48000", "--channels=1"])
        // So much that the sink sounds in the pieces that the recorder asks for, as it does with the clients.
        .arg("--latency-msec=100")
        .stdin(Stdio::piped())
        .spawn()
        .expect("pacat runs");
    let mut into = pacat.stdin.take().expect("piped");
    server.has_a_client();
    let samples = (TONE_LENGTH.as_secs_f32() * RATE as f32) as usize;
    let sine = |i: usize| (std::f32::consts::TAU * TONE * i as f32 / RATE as f32).cos();
    let tone: Vec<u8> = (0..samples).flat_map(|i| ((sine(i) * 16_000.0) as i16).to_le_bytes()).collect();
    let mut found = Reference::default();
    let mut random = StdRng::seed_from_u64(7);
    for _ in 0..tones {
        thread::sleep(Duration::from_micros(random.random_range(500_000..1_100_000)));
        let written = Instant::now();
        into.write_all(&tone).expect("pacat takes it");
        match ear.sound(written, written + LATEST) {
            Some(heard) => found.times.push(heard.duration_since(written).as_secs_f64() * 1000.0),
            None => found.missed += 1,
        }
        ear.silence(OVER);
    }
    found.piece = ear.piece();
    drop(into);
    let _ = pacat.kill();
    let _ = pacat.wait();
    found.times.sort_by(f64::total_cmp);
    found
}
