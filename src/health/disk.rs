//! What the program writes to the disk, as the kernel counts it.
//! Invariant: it is only counted: nothing is written less or more for it.

use std::{fs, time::Duration};

use bevy::prelude::*;

use crate::state::{Now, Written};

/// How often it is looked at, and how often the log is told.
const PERIOD: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// After so long it is known what a day would be.
const HOUR: Duration = Duration::from_secs(60 * 60);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Written>().add_systems(PostUpdate, count).add_systems(Last, tell_last);
}

fn count(
    mut written: ResMut<Written>,
    now: Res<Now>,
    mut last: Local<Option<Duration>>,
    mut told: Local<u64>,
) {
    if last.is_some_and(|last| now.mono.saturating_sub(last) < PERIOD) {
        return;
    }
    *last = Some(now.mono);
    written.set_if_neq(look(now.mono));
    let day = now.mono.as_secs() / DAY.as_secs();
    if day > std::mem::replace(&mut *told, day) {
        tell(&written, now.mono);
    }
}

fn tell_last(exits: MessageReader<AppExit>, now: Res<Now>) {
    if !exits.is_empty() {
        tell(&look(now.mono), now.mono);
    }
}

/// What was written until now, `run` after the start.
fn look(run: Duration) -> Written {
    let bytes = fs::read_to_string("/proc/self/io").ok().and_then(|text| bytes(&text));
    let a_day = bytes
        .filter(|_| run >= HOUR)
        .map(|bytes| (bytes as f64 * DAY.as_secs_f64() / run.as_secs_f64()) as u64);
    Written { bytes, a_day }
}

fn tell(written: &Written, run: Duration) {
    let Some(bytes) = written.bytes else { return };
    let a_day = written.a_day.map(|bytes| format!(", {:.1} MiB a day", mib(bytes))).unwrap_or_default();
    info!("written to the disk in {} min: {:.1} MiB{a_day}", run.as_secs() / 60, mib(bytes));
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// What went to the disk, by `/proc/PID/io`: of the process, its threads, and its children that ended.
fn bytes(text: &str) -> Option<u64> {
    let of = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")?.parse::<u64>().ok())
    };
    // What was removed before it came to the disk was counted as well.
    Some(of("write_bytes")?.saturating_sub(of("cancelled_write_bytes").unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_s_count_is_read() {
        let text = "rchar: 5\nwchar: 99\nsyscr: 1\nsyscw: 1\nread_bytes: 7\nwrite_bytes: 8192\ncancelled_write_bytes: 4096\n";
        assert_eq!(bytes(text), Some(4096));
        assert_eq!(bytes("wchar: 99"), None);
        assert_eq!(look(Duration::from_secs(30)).a_day, None);
        let written = look(2 * HOUR);
        assert_eq!(written.a_day, written.bytes.map(|bytes| bytes * 12));
    }
}
