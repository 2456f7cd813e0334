//! What a program and all that it started cost the machine.

use std::{collections::HashMap, fs, time::Duration};

/// Linux counts CPU time for programs in hundredths of a second on every machine that papan runs on.
pub const TICK: Duration = Duration::from_millis(10);

/// CPU time used so far and memory held now.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cost {
    pub cpu: Duration,
    /// Memory in MiB, a page that several programs share counted in parts (PSS).
    pub mib: f64,
}

/// The cost of a process and of its children, and theirs, with the CPU time of those that have ended and were waited
/// for.
pub fn of_tree(root: u32) -> Cost {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for pid in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = pid.file_name().to_str().and_then(|n| n.parse().ok()) else { continue };
        if let Some(parent) = stat(pid).and_then(|s| s.get(1)?.parse().ok()) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let (mut cost, mut todo) = (Cost::default(), vec![root]);
    while let Some(pid) = todo.pop() {
        todo.extend(children.get(&pid).into_iter().flatten());
        let Some(stat) = stat(pid) else { continue };
        let ticks = [11, 12, 13, 14].iter().filter_map(|&i| stat.get(i)?.parse::<u32>().ok()).sum::<u32>();
        cost.cpu += TICK * ticks;
        cost.mib += pss(pid).unwrap_or(0.0);
    }
    cost
}

/// The fields of `/proc/PID/stat` after the name, which may itself hold spaces.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

/// The memory of one process in MiB (PSS).
pub fn pss(pid: u32) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse::<f64>().ok().map(|kib| kib / 1024.0)
}
