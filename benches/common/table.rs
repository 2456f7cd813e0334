//! What was found, as a table with the ratio, or as JSON. Invariant: what was not measured is not shown as 0.

use std::fmt::Write;

use serde_json::{Map, Value, json};

/// A line of the table: what it says, how many decimals, and where it comes from.
pub type Line<F> = (&'static str, usize, fn(&F) -> Option<f64>);

/// A table with a column for each that was measured, and the ratio of the first to the last.
pub fn text<F>(title: &str, lines: &[Line<F>], measured: &[(&str, F)]) -> String {
    let mut out = format!("\n{title}\n{:<42}", "");
    for (name, _) in measured {
        _ = write!(out, "{name:>14}");
    }
    if measured.len() > 1 {
        _ = write!(out, "{:>12}", "ratio");
    }
    for (name, decimals, get) in lines {
        let values: Vec<_> = measured.iter().map(|(_, found)| get(found)).collect();
        if values.iter().all(Option::is_none) {
            continue;
        }
        _ = write!(out, "\n{name:<42}");
        for value in &values {
            let value = value.map_or("-".to_owned(), |v| format!("{v:.decimals$}"));
            _ = write!(out, "{value:>14}");
        }
        if let [Some(first), .., Some(last)] = values[..]
            && last > 0.0
        {
            _ = write!(out, "{:>12.3}", first / last);
        }
    }
    out
}

/// The same lines of one that was measured, as an object.
pub fn json<F>(lines: &[Line<F>], found: &F) -> Value {
    let values: Map<_, _> =
        lines.iter().map(|(name, _, get)| ((*name).to_owned(), json!(get(found)))).collect();
    values.into()
}

/// The value at a percentile of a sorted list, by nearest rank.
pub fn at(sorted: &[f64], percent: f64) -> Option<f64> {
    let rank = (sorted.len() as f64 * percent / 100.0).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied()
}
