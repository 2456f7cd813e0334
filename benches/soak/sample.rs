//! What the system says of the program each second: memory, open files, threads, processor.
//! Invariant: the program is not asked, and nothing of it is changed by looking.

use std::{collections::HashMap, fmt::Write, fs, time::Duration};

use papan::protocol::Status;

/// One look.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sample {
    /// Seconds since the start, real.
    pub at: f64,
    /// The program's memory in MiB: with shared pages counted in parts, with them whole, and what is its own.
    pub pss: f64,
    pub rss: f64,
    pub own: f64,
    /// The memory of its film processes, in MiB, and how many there are.
    pub films: f64,
    pub children: usize,
    /// Open files and threads of the program.
    pub files: usize,
    pub threads: usize,
    /// Processor seconds so far, without those of films.
    pub cpu: f64,
    /// Bytes that it gave to the disk so far, as the system counts them.
    pub disk: u64,
    /// Frames shown in a second, as the program tells its server.
    pub fps: f64,
}

/// Whoever looks.
pub struct Sampler {
    pid: u32,
    all: Vec<Sample>,
}

impl Sampler {
    pub fn new(pid: u32) -> Self {
        Self { pid, all: Vec::new() }
    }

    /// Looks once.
    pub fn take(&mut self, at: Duration, status: Option<Status>) {
        let proc =
            |pid: u32, name: &str| fs::read_to_string(format!("/proc/{pid}/{name}")).unwrap_or_default();
        let children = children(self.pid);
        let smaps = proc(self.pid, "smaps_rollup");
        let entries =
            |name: &str| fs::read_dir(format!("/proc/{}/{name}", self.pid)).map_or(0, Iterator::count);
        let stat = proc(self.pid, "stat");
        let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |s| s.1).split_whitespace().collect();
        // Linux counts in hundredths of a second.
        let ticks = [11, 12].iter().filter_map(|i| fields.get(*i)?.parse::<f64>().ok()).sum::<f64>();
        let sample = Sample {
            at: at.as_secs_f64(),
            pss: mib(&smaps, "Pss:"),
            rss: mib(&smaps, "Rss:"),
            own: mib(&smaps, "Anonymous:"),
            films: children.iter().map(|pid| mib(&proc(*pid, "smaps_rollup"), "Pss:")).sum(),
            children: children.len(),
            files: entries("fd"),
            threads: entries("task"),
            cpu: ticks / 100.0,
            disk: value(&proc(self.pid, "io"), "write_bytes:") as u64,
            fps: status.map_or(0.0, |status| f64::from(status.fps)),
        };
        // What ended between two looks has no memory.
        if sample.pss > 0.0 {
            self.all.push(sample);
        }
    }

    /// The newest.
    pub fn last(&self) -> Sample {
        self.all.last().copied().unwrap_or_default()
    }

    pub fn all(self) -> Vec<Sample> {
        self.all
    }
}

/// The processes that a process started, and theirs.
fn children(root: u32) -> Vec<u32> {
    let mut of: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok());
        if let Some(parent) = parent {
            of.entry(parent).or_default().push(pid);
        }
    }
    let (mut found, mut todo) = (Vec::new(), vec![root]);
    while let Some(pid) = todo.pop() {
        let own = of.remove(&pid).unwrap_or_default();
        found.extend(&own);
        todo.extend(own);
    }
    found
}

fn mib(text: &str, name: &str) -> f64 {
    value(text, name) / 1_024.0
}

fn value(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0.0)
}

/// All samples as a table for other programs.
pub fn csv(samples: &[Sample]) -> String {
    let mut out = String::from(
        "at_s,pss_mib,rss_mib,own_mib,films_mib,film_processes,files,threads,cpu_s,disk_bytes,fps\n",
    );
    for s in samples {
        _ = writeln!(
            out,
            "{:.1},{:.2},{:.2},{:.2},{:.2},{},{},{},{:.2},{},{:.1}",
            s.at, s.pss, s.rss, s.own, s.films, s.children, s.files, s.threads, s.cpu, s.disk, s.fps
        );
    }
    out
}
