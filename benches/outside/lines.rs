//! The lines of the table. Invariant: what was not measured is not shown as 0.

use crate::{
    client::Scene,
    measure::Found,
    table::{Line, at},
};

pub const LINES: [Line<Found>; 17] = [
    ("call to pixel, median (ms)", 1, |f| at(&f.calls, 50.0)),
    ("call to pixel, p95 (ms)", 1, |f| at(&f.calls, 95.0)),
    ("call to pixel, longest (ms)", 1, |f| at(&f.calls, 100.0)),
    ("calls not seen", 0, |f| (f.missed + f.calls.len() > 0).then_some(f.missed as f64)),
    ("frames a second", 1, |f| (f.fps > 0.0).then_some(f.fps)),
    ("gap, median (ms)", 1, |f| at(&f.gaps, 50.0)),
    ("gap, p99 (ms)", 1, |f| at(&f.gaps, 99.0)),
    ("gap, longest (ms)", 1, |f| at(&f.gaps, 100.0)),
    ("ticker's step, p1 (px)", 0, |f| at(&f.shifts, 1.0)),
    ("ticker's step, median (px)", 0, |f| at(&f.shifts, 50.0)),
    ("ticker's step, p99 (px)", 0, |f| at(&f.shifts, 99.0)),
    ("steps other than the median (%)", 1, |f| uneven(&f.shifts)),
    ("CPU (cores)", 3, |f| Some(f.cores)),
    ("CPU of the X server for it (cores)", 3, |f| Some(f.server_cores)),
    ("memory (MiB PSS)", 1, |f| Some(f.mib)),
    ("start to first picture (ms)", 0, |f| f.first_picture),
    ("start to numbers (ms)", 0, |f| f.numbers),
];

/// What a scene's table is called.
pub fn title(scene: &Scene) -> String {
    let what = if scene.ticker { "running text" } else { "nothing moves" };
    format!("{}×{}, {what}", scene.width, scene.height)
}

fn uneven(sorted: &[f64]) -> Option<f64> {
    let median = at(sorted, 50.0)?;
    Some(100.0 * sorted.iter().filter(|s| **s != median).count() as f64 / sorted.len() as f64)
}
