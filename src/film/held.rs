//! Whether a process hangs or is still at work: on a machine that is busy it is only slow.
//! Invariant: a process that is stopped, or waits for what never comes, does not count as being at work.

use std::{
    fs,
    time::{Duration, Instant},
};

/// How long a process is observed before it is judged.
pub(super) const OBSERVE: Duration = Duration::from_millis(200);
/// After so long it counts as hanging, whatever it is at.
const MOST: Duration = Duration::from_secs(5);

/// A process of which nothing was heard for too long.
#[derive(Debug)]
pub(super) struct Suspect {
    first: Instant,
    since: Instant,
    before: Work,
}

/// What a process is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Work {
    /// Whether one of its threads has something to do: it runs, or waits for the processor or the disk.
    ready: bool,
    /// What all of them have had of the processor, in the system's ticks.
    used: u64,
}

impl Suspect {
    /// From now on the process is observed.
    pub(super) fn new(pid: u32) -> Self {
        let now = Instant::now();
        Self { first: now, since: now, before: work(pid) }
    }

    /// Whether it hangs; `false` also where that is not known yet.
    pub(super) fn hangs(&mut self, pid: u32) -> bool {
        let now = Instant::now();
        now.duration_since(self.since) >= OBSERVE && self.hangs_at(now, work(pid))
    }

    fn hangs_at(&mut self, now: Instant, work: Work) -> bool {
        let at_work = work.ready || self.before.ready || work.used != self.before.used;
        (self.since, self.before) = (now, work);
        !at_work || now.duration_since(self.first) >= MOST
    }
}

/// Of a process that is gone: nothing to do.
fn work(pid: u32) -> Work {
    let mut work = Work::default();
    for task in fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten() {
        let Ok(stat) = fs::read_to_string(task.path().join("stat")) else { continue };
        // The name, which may hold anything, is in brackets; behind it are the state, then numbers: proc(5).
        let Some((_, fields)) = stat.rsplit_once(") ") else { continue };
        let fields: Vec<&str> = fields.split(' ').collect();
        work.ready |= fields.first().is_some_and(|state| ["R", "D"].contains(state));
        let ticks = fields.get(11..13).unwrap_or_default();
        work.used += ticks.iter().filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>();
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
        becomes(&other("while :; do :; done"), |work| work.ready && work.used >= 3);
        assert_eq!(work(u32::MAX), Work::default());
    }

    #[test]
    fn one_that_is_at_work_has_longer() {
        let begun = Instant::now();
        let at = |ms| begun + Duration::from_millis(ms);
        let suspect = |before| Suspect { first: begun, since: begun, before };
        let (asleep, ready) = (Work { ready: false, used: 7 }, Work { ready: true, used: 7 });
        assert!(suspect(asleep).hangs_at(at(200), asleep));
        assert!(!suspect(asleep).hangs_at(at(200), Work { used: 8, ..asleep }), "it has done something");
        let mut held_up = suspect(ready);
        assert!((1..25).all(|i| !held_up.hangs_at(at(200 * i), ready)));
        assert!(held_up.hangs_at(at(5_000), ready), "not for ever");
        let mut stopped = suspect(ready);
        assert!(!stopped.hangs_at(at(200), asleep) && stopped.hangs_at(at(400), asleep));
    }
}
