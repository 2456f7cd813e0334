//! Reads Prometheus' figures by the rules that its own checker goes by.
//! Invariant: what the rules do not allow ends the test.

use std::collections::{BTreeMap, BTreeSet};

/// Units that are base units, or none at all.
const OTHER_UNITS: [&str; 8] =
    ["_milliseconds", "_minutes", "_hours", "_days", "_kilobytes", "_megabytes", "_percent", "_kib"];

/// The figures of the text form 0.0.4, by their names with their labels.
pub fn plain(text: &str) -> BTreeMap<String, f64> {
    assert!(text.ends_with('\n') && !text.contains('\r') && !text.contains("# EOF"), "{text}");
    read(text, |name, kind| {
        assert!(["counter", "gauge"].contains(&kind), "{name} is a {kind}");
        assert_eq!(kind == "counter", name.ends_with("_total"), "{name} is a {kind}");
        name.to_owned()
    })
}

/// The figures of OpenMetrics 1.0, where a counter's samples end in `_total` and an info's in `_info`.
pub fn open(text: &str) -> BTreeMap<String, f64> {
    let text = text.strip_suffix("# EOF\n").expect("an end mark");
    read(text, |name, kind| {
        assert!(!name.ends_with("_total") && !name.ends_with("_info"), "{name}");
        match kind {
            "counter" => format!("{name}_total"),
            "info" => format!("{name}_info"),
            "gauge" => name.to_owned(),
            other => panic!("{name} is a {other}"),
        }
    })
}

/// Reads; `sample` tells what a family's samples are called.
fn read(text: &str, sample: impl Fn(&str, &str) -> String) -> BTreeMap<String, f64> {
    let (mut helped, mut typed) = (BTreeSet::new(), BTreeSet::new());
    let (mut now, mut figures) = (String::new(), BTreeMap::new());
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, help) = help.split_once(' ').expect("a help");
            assert!(!help.trim().is_empty() && helped.insert(name.to_owned()), "{line}");
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').expect("a type");
            assert!(helped.contains(name) && typed.insert(name.to_owned()), "{line}");
            assert!(name.starts_with("papan_") && is_name(name), "{line}");
            assert!(!OTHER_UNITS.iter().any(|unit| name.contains(unit)), "{line}");
            now = sample(name, kind);
        } else {
            let (name, value) = line.rsplit_once(' ').expect("a value");
            let (family, labels) = name.split_once('{').map_or((name, None), |(f, l)| (f, Some(l)));
            assert_eq!(family, now, "{line}: a sample stands under its own type");
            assert!(labels.is_none_or(|labels| labels.ends_with("\"}")), "{line}");
            let value: f64 = value.parse().expect("a number");
            assert!(value.is_finite() && value >= 0.0, "{line}");
            assert!(figures.insert(name.to_owned(), value).is_none(), "{line} stands twice");
        }
    }
    assert_eq!(helped, typed);
    assert!(figures.len() > 20, "{text}");
    figures
}

fn is_name(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
