//! What was found, as a table with the ratios, or as JSON. Invariant: what was not measured is not shown as 0.

use std::fmt::Write;

use serde_json::json;

use crate::{
    client::{Client, Scene},
    measure::Found,
};

/// A line of the table: what it says, how many decimals, and where it comes from.
type Line = (&'static str, usize, fn(&Found) -> Option<f64>);

const LINES: [Line; 17] = [
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

/// The table of a scene, with the ratio of the first column to the second.
pub fn text(scene: &Scene, measured: &[(Client, Found)]) -> String {
    let what = if scene.ticker { "running text" } else { "nothing moves" };
    let mut out = format!("\n{}×{}, {what}\n{:<36}", scene.width, scene.height, "");
    for (client, _) in measured {
        _ = write!(out, "{:>12}", client.name());
    }
    if measured.len() == 2 {
        _ = write!(out, "{:>12}", "ratio");
    }
    for (name, decimals, get) in LINES {
        let values: Vec<_> = measured.iter().map(|(_, found)| get(found)).collect();
        if values.iter().all(Option::is_none) {
            continue;
        }
        _ = write!(out, "\n{name:<36}");
        for value in &values {
            let value = value.map_or("-".to_owned(), |v| format!("{v:.decimals$}"));
            _ = write!(out, "{value:>12}");
        }
        if let [Some(first), Some(second)] = values[..]
            && second > 0.0
        {
            _ = write!(out, "{:>12.3}", first / second);
        }
    }
    out
}

/// One client in one scene as a JSON object.
pub fn json(client: Client, scene: &Scene, found: &Found) -> serde_json::Value {
    let values: serde_json::Map<_, _> =
        LINES.iter().map(|(name, _, get)| ((*name).to_owned(), json!(get(found)))).collect();
    json!({"client": client.name(), "scene": scene.name, "width": scene.width, "height": scene.height,
        "found": values})
}

/// The value at a percentile of a sorted list, by nearest rank.
fn at(sorted: &[f64], percent: f64) -> Option<f64> {
    let rank = (sorted.len() as f64 * percent / 100.0).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied()
}

fn uneven(sorted: &[f64]) -> Option<f64> {
    let median = at(sorted, 50.0)?;
    Some(100.0 * sorted.iter().filter(|s| **s != median).count() as f64 / sorted.len() as f64)
}
