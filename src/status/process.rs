//! What the program takes of the machine, read from `/proc`.
//! Invariant: nothing here is read on the drawing thread, and what cannot be read is unknown, never 0.
//!
//! The kernel walks the whole address space for `smaps_rollup` (some milliseconds), so an answer serves everybody
//! for [`FRESH`].

use std::{
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::report::Process;

/// For how long one reading serves.
const FRESH: Duration = Duration::from_secs(1);
/// Before this the pace of writing says nothing about a day.
const LEAST: Duration = Duration::from_secs(600);
/// More children than this are not looked at: there is one a film.
const MOST_CHILDREN: usize = 64;

/// Reads, at most once in [`FRESH`].
#[derive(Debug, Default)]
pub struct Reader(Mutex<Option<(Instant, Process)>>);

impl Reader {
    /// What the program takes now, `uptime` after its start.
    pub fn read(&self, uptime: Duration) -> Process {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        match &*last {
            Some((at, process)) if now.saturating_duration_since(*at) < FRESH => process.clone(),
            _ => {
                let process = read(Path::new("/proc/self"), uptime);
                *last = Some((now, process.clone()));
                process
            }
        }
    }
}

fn read(own: &Path, uptime: Duration) -> Process {
    let children = children(own);
    let children: Vec<_> = children.iter().map(|pid| own.with_file_name(pid)).collect();
    let all = || std::iter::once(own).chain(children.iter().map(|child| child.as_path()));
    // A child may end between two looks: it takes nothing then.
    let sum = |file: &str, key: &str, unit: u64| {
        let of = |at: &Path| number(&fs::read_to_string(at.join(file)).ok()?, key);
        of(own).map(|_| all().filter_map(of).sum::<u64>() * unit)
    };
    // What was thrown away before it came to the disk was not written.
    let cancelled = sum("io", "cancelled_write_bytes:", 1).unwrap_or_default();
    let written = sum("io", "write_bytes:", 1).map(|bytes| bytes.saturating_sub(cancelled));
    Process {
        memory_bytes: sum("smaps_rollup", "Pss:", 1024),
        film_processes: children.len() as u64,
        open_files: count(&own.join("fd")),
        threads: count(&own.join("task")),
        written_bytes: written,
        written_bytes_per_day: written.and_then(|bytes| per_day(bytes, uptime)),
    }
}

/// What stands behind a key at the beginning of a line.
fn number(text: &str, key: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(key))?.split_whitespace().next()?.parse().ok()
}

fn count(folder: &Path) -> Option<u64> {
    // The folder that is read for this is an open file itself.
    let own = u64::from(folder.ends_with("fd"));
    Some((fs::read_dir(folder).ok()?.flatten().count() as u64).saturating_sub(own))
}

/// The processes that any thread of a process started and that have not ended, by their numbers.
fn children(own: &Path) -> Vec<String> {
    let threads = fs::read_dir(own.join("task")).into_iter().flatten().flatten();
    let of = |thread: fs::DirEntry| fs::read_to_string(thread.path().join("children")).unwrap_or_default();
    let mut all: Vec<String> = threads
        .map(of)
        .flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .take(MOST_CHILDREN)
        .collect();
    all.sort();
    all.dedup();
    all
}

fn per_day(bytes: u64, uptime: Duration) -> Option<u64> {
    (uptime >= LEAST).then(|| (bytes as f64 / uptime.as_secs_f64() * 86_400.0) as u64)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn this_process_is_told_with_its_children() {
        let before = read(Path::new("/proc/self"), Duration::from_secs(60));
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let with = read(Path::new("/proc/self"), Duration::from_secs(86_400));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(with.film_processes > 0);
        assert!(with.memory_bytes.unwrap() > 1 << 20);
        assert!(with.open_files.unwrap() >= 3 && with.threads.unwrap() >= 2);
        assert_eq!(before.written_bytes_per_day, None);
        assert_eq!(with.written_bytes_per_day, with.written_bytes);
    }

    #[test]
    fn what_cannot_be_read_is_unknown() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path(), Duration::from_secs(9_999)), Process::default());
        fs::write(
            folder.path().join("smaps_rollup"),
            "5583-7ffc [rollup]\nRss: 9 kB\nPss: 7 kB\nPss_Anon: 1 kB\n",
        )
        .unwrap();
        fs::write(folder.path().join("io"), "rchar: 1\nwrite_bytes: 8192\ncancelled_write_bytes: 4096\n")
            .unwrap();
        let process = read(folder.path(), Duration::from_secs(43_200));
        assert_eq!(process.memory_bytes, Some(7 << 10));
        assert_eq!((process.written_bytes, process.written_bytes_per_day), (Some(4_096), Some(8_192)));
    }

    #[test]
    fn one_reading_serves_for_a_while() {
        let reader = Reader::default();
        let first = reader.read(Duration::from_secs(1));
        let _held: Vec<fs::File> = (0..50).map(|_| fs::File::open("/dev/null").unwrap()).collect();
        assert_eq!(reader.read(Duration::from_secs(1)).open_files, first.open_files);
    }
}
