//! Whether a process hangs or is only held up by others that have the processor.
//! Invariant: a process that is stopped, or waits for what never comes, does not count as held up.

use std::{
    fs,
    time::{Duration, Instant},
};

/// How long a process is observed before it is judged.
pub(super) const OBSERVE: Duration = Duration::from_millis(200);
/// After so long it counts as hanging, whatever holds it up.
const MOST: Duration = Duration::from_secs(5);
/// Linux counts a process's time in hundredths of a second, on every machine that papan runs on.
const TICK: Duration = Duration::from_millis(10);

/// A process of which nothing was heard for too long.
#[derive(Debug)]
pub(super) struct Suspect {
    first: Instant,
    since: Instant,
    /// What it had of the processor until then.
    used: Duration,
}

/// What a process is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Work {
    /// Whether one of its threads has something to do, and runs or waits for the processor.
    ready: bool,
    /// What all of them have had of the processor.
    used: Duration,
}

impl Suspect {
    /// From now on the process is observed.
    pub(super) fn new(pid: u32) -> Self {
        let now = Instant::now();
        Self { first: now, since: now, used: work(pid).used }
    }

    /// Whether it hangs; `false` also where that is not known yet.
    pub(super) fn hangs(&mut self, pid: u32) -> bool {
        let now = Instant::now();
        now.duration_since(self.since) >= OBSERVE && self.hangs_at(now, work(pid))
    }

    /// One that could run and does nothing hangs, and one that runs all the time and does not get on.
    fn hangs_at(&mut self, now: Instant, work: Work) -> bool {
        let had = work.used.saturating_sub(self.used);
        let held_up = work.ready && had < now.duration_since(self.since) / 2;
        (self.since, self.used) = (now, work.used);
        !held_up || now.duration_since(self.first) >= MOST
    }
}

/// Of a process that is gone: nothing to do.
fn work(pid: u32) -> Work {
    let mut work = Work { ready: false, used: Duration::ZERO };
    for task in fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten() {
        let Ok(stat) = fs::read_to_string(task.path().join("stat")) else { continue };
        // The name, which may hold anything, is in brackets; behind it are the state, then numbers: proc(5).
        let Some((_, fields)) = stat.rsplit_once(") ") else { continue };
        let fields: Vec<&str> = fields.split(' ').collect();
        work.ready |= fields.first() == Some(&"R");
        let ticks = fields.get(11..13).unwrap_or_default().iter().filter_map(|t| t.parse::<u32>().ok());
        work.used += TICK * ticks.sum::<u32>();
    }
    work
}

#[cfg(test)]
mod tests {
    use std::process::{Child, Command, Stdio};

    use super::*;

    /// A process that is ended with the test.
    struct Other(Child);

    impl Drop for Other {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    fn other(script: &str) -> Other {
        let mut command = Command::new("sh");
        Other(command.args(["-c", script]).stdin(Stdio::piped()).spawn().unwrap())
    }

    /// Looks at a process until it is so.
    fn becomes(process: &Other, so: impl Fn(Work) -> bool) {
        let begun = Instant::now();
        while !so(work(process.0.id())) {
            assert!(begun.elapsed() < Duration::from_secs(30), "not in time: {:?}", work(process.0.id()));
            std::thread::yield_now();
        }
    }

    #[test]
    fn what_a_process_is_at_is_what_the_system_tells() {
        becomes(&other("read line"), |work| !work.ready);
        let busy = other("while :; do :; done");
        becomes(&busy, |work| work.ready && work.used >= TICK * 3);
        assert_eq!(work(u32::MAX), Work { ready: false, used: Duration::ZERO });
    }

    #[test]
    fn one_that_waits_for_the_processor_has_longer() {
        let begun = Instant::now();
        let new = || Suspect { first: begun, since: begun, used: Duration::ZERO };
        let work = |ready, used| Work { ready, used: Duration::from_millis(used) };
        let at = |ms| begun + Duration::from_millis(ms);
        assert!(new().hangs_at(at(200), work(false, 0)), "stopped, or asleep");
        assert!(new().hangs_at(at(200), work(true, 190)), "round and round");
        let mut held_up = new();
        assert!((1..20).all(|i| !held_up.hangs_at(at(200 * i), work(true, 20 * i))));
        assert!(!held_up.hangs_at(at(4_900), work(true, 400)));
        assert!(held_up.hangs_at(at(5_000), work(true, 400)), "not for ever");
    }
}
