//! Whether memory is short, by what the kernel says of it: of the machine, and of the program's own group.
//! Invariant: the drawing loop never reads it: under pressure a read may take long, so a thread does.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel},
    thread,
    time::{Duration, Instant},
};

use bevy::prelude::*;

use crate::state::{Complaint, Complaints, Pressed, Wake};

/// How often the kernel is asked.
const PERIOD: Duration = Duration::from_secs(2);
/// After so long without a sign memory is not short any more.
const CALM: Duration = Duration::from_secs(30);
/// From these shares of the last ten seconds on, in percent, in which some or all waited for memory, it is short.
const SOME: f64 = 20.0;
const FULL: f64 = 5.0;

/// Dropped, it ends the thread.
#[derive(Resource)]
struct Watching(#[expect(dead_code, reason = "its end is all that the thread waits for")] SyncSender<()>);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Pressed>().add_systems(Startup, start);
}

fn start(mut commands: Commands, pressed: Res<Pressed>, complaints: Res<Complaints>, wake: Res<Wake>) {
    let (pressed, complaints, wake) = (pressed.clone(), complaints.clone(), wake.0.clone());
    let (alive, end) = sync_channel::<()>(1);
    let watch = move || {
        let mut gauge = Gauge::of(Path::new("/"));
        let mut last: Option<Instant> = None;
        while end.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
            crate::fault::point("memory");
            if gauge.is_high() {
                last = Some(Instant::now());
            }
            let short = last.is_some_and(|at| at.elapsed() < CALM);
            if short == pressed.get() {
                continue;
            }
            pressed.set(short);
            complaints.set("memory", short.then(complaint));
            match short {
                true => warn!("memory is short: films are skipped until it is not"),
                false => info!("memory is not short any more"),
            }
            wake();
        }
    };
    match thread::Builder::new().name("memory".into()).spawn(watch) {
        Ok(_) => commands.insert_resource(Watching(alive)),
        Err(err) => warn!("memory is not watched: {err}"),
    }
}

fn complaint() -> Complaint {
    Complaint {
        id: "memori hampir habis: film dilewati sampai cukup lagi; tutup program lain di komputer ini"
            .to_owned(),
        en: "memory is short: films are skipped until it is not; close other programs on this computer"
            .to_owned(),
    }
}

/// Where the kernel says it.
struct Gauge {
    pressures: Vec<PathBuf>,
    events: Option<PathBuf>,
    /// How often the group was held back so far.
    held: Option<u64>,
}

impl Gauge {
    fn of(root: &Path) -> Self {
        let own = fs::read_to_string(root.join("proc/self/cgroup")).unwrap_or_default();
        let group = own.lines().find_map(|line| line.strip_prefix("0::/")).filter(|group| !group.is_empty());
        let group = group.map(|group| root.join("sys/fs/cgroup").join(group));
        let mut pressures = vec![root.join("proc/pressure/memory")];
        pressures.extend(group.as_ref().map(|group| group.join("memory.pressure")));
        Self { pressures, events: group.map(|group| group.join("memory.events")), held: None }
    }

    fn is_high(&mut self) -> bool {
        let high =
            self.pressures.iter().any(|path| fs::read_to_string(path).is_ok_and(|text| is_high(&text)));
        let held = self.events.as_ref().and_then(|path| Some(held(&fs::read_to_string(path).ok()?)));
        let more = held.zip(self.held).is_some_and(|(now, before)| now > before);
        self.held = held;
        high || more
    }
}

/// Whether a pressure file says that memory is short.
fn is_high(text: &str) -> bool {
    let share =
        |line: &str| line.split(' ').find_map(|word| word.strip_prefix("avg10=")?.parse::<f64>().ok());
    text.lines().any(|line| {
        let most = if line.starts_with("full ") { FULL } else { SOME };
        share(line).is_some_and(|share| share >= most)
    })
}

/// How often a group reached a limit, by its `memory.events`.
fn held(text: &str) -> u64 {
    let count = |line: &str| {
        let (name, count) = line.split_once(' ')?;
        ["high", "max", "oom"].contains(&name).then(|| count.parse().ok()).flatten()
    };
    text.lines().filter_map(count).fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by a panic")]

    use super::*;

    const CALM: &str =
        "some avg10=1.53 avg60=80.00 avg300=0 total=5\nfull avg10=4.99 avg60=0 avg300=0 total=5\n";

    #[test]
    fn the_kernel_is_understood() {
        assert!(!is_high(CALM) && !is_high("") && !is_high("some avg10=x\nnonsense"));
        assert!(is_high("some avg10=20.00 avg60=0 avg300=0 total=5\nfull avg10=0.00 avg60=0"));
        assert!(is_high("some avg10=6.00 avg60=0.00\nfull avg10=5.00 avg60=0.00"));
        assert_eq!(held("low 0\nhigh 3\nmax 4\noom 1\noom_kill 1\noom_group_kill 0\n"), 8);
        assert_eq!(held("nonsense\nhigh\nhigh x"), 0);
    }

    #[test]
    fn the_group_s_own_limits_count() {
        let root = tempfile::tempdir().unwrap();
        let group = root.path().join("sys/fs/cgroup/system.slice/papan.service");
        let write = |path: PathBuf, text: &str| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        assert!(!Gauge::of(root.path()).is_high(), "a kernel that says nothing");
        write(root.path().join("proc/self/cgroup"), "0::/system.slice/papan.service\n");
        write(root.path().join("proc/pressure/memory"), CALM);
        write(group.join("memory.events"), "high 7\nmax 0\n");
        let mut gauge = Gauge::of(root.path());
        assert!(!gauge.is_high() && !gauge.is_high(), "what was before the start is over");
        write(group.join("memory.events"), "high 8\nmax 0\n");
        assert!(gauge.is_high());
        assert!(!gauge.is_high());
        write(group.join("memory.pressure"), "some avg10=50.0 avg60=0 avg300=0 total=1\n");
        assert!(gauge.is_high());
    }
}
