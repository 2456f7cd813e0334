//! Whether the day was a good one: figures in a table, each beside its bound.
//! Invariant: what is not measured is not passed, and what has no bound says so.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
};

use crate::{
    edits::Marker, options::Options, proof::Found, sample::Sample, server::Call, shown, written::Total,
};

/// Memory may grow by a twentieth and two MiB: what a heap does without any leak.
const GROWTH: (f64, f64) = (1.05, 2.0);
/// The same of the memory that is its own, from the middle of a day on.
const SETTLED: (f64, f64) = (1.02, 1.0);
/// A day's calls and items.
const DAY: (usize, usize) = (3_000, 5_000);

/// How often what was done.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counted {
    pub troubles: u32,
    pub silences: u32,
    pub wrong: u32,
    pub edits: u32,
    pub bad_edits: u32,
    pub connections: u32,
}

/// All that is judged.
pub struct Run<'a> {
    pub samples: &'a [Sample],
    pub counted: &'a Counted,
    pub calls: &'a [Call],
    pub markers: &'a [Marker],
    pub found: &'a Found,
    pub bytes: &'a BTreeMap<&'static str, Total>,
    /// Whether the program ran to the end, and ended in order.
    pub ended: bool,
    /// What it said.
    pub said: &'a str,
}

/// The judgement.
pub struct Report {
    pub good: bool,
    pub text: String,
}

impl Report {
    fn line(&mut self, what: &str, value: &str, bound: &str, good: Option<bool>) {
        let verdict = good.map_or("", |good| if good { "good" } else { "BAD" });
        self.good &= good != Some(false);
        _ = writeln!(self.text, "{what:<40}{value:>22}  {bound:<26}{verdict}");
    }

    fn title(&mut self, text: &str) {
        _ = writeln!(self.text, "\n{text}");
    }
}

/// Judges a run.
pub fn judge(options: &Options, run: &Run<'_>) -> Report {
    let mut report = Report { good: true, text: String::new() };
    let hours = options.hours();
    report.title(&format!("{hours:.1} hours of the hall in {} minutes", options.minutes));
    report.line(
        "the program ran, and ended in order",
        if run.ended { "yes" } else { "no" },
        "yes",
        Some(run.ended),
    );
    let panics = run.said.matches("panicked at").count();
    report.line("panics", &panics.to_string(), "0", Some(panics == 0));
    grown(&mut report, run.samples, hours);
    calls(&mut report, run, hours);
    items(&mut report, options, run, hours);
    report.title("what was done to it");
    let counted = run.counted;
    for (what, count) in [
        ("connections closed, cut, refused, silent", counted.troubles),
        ("connections in all", counted.connections),
        ("wrong messages", counted.wrong),
        ("losses of the sound server", counted.silences),
        ("edits of the playlist", counted.edits),
        ("of them with an error", counted.bad_edits),
    ] {
        report.line(what, &count.to_string(), "", None);
    }
    disk(&mut report, run, hours);
    report
}

/// The median of what a tenth of the samples says; of the first, 0, to the last, 9.
fn median(samples: &[Sample], tenth: usize, of: impl Fn(&Sample) -> Option<f64>) -> Option<f64> {
    let bound = |tenth: usize| samples.len() * tenth / 10;
    let mut values: Vec<f64> = samples[bound(tenth)..bound(tenth + 1)].iter().filter_map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Compares the median of a tenth with that of the last, and judges it where it is bound.
fn growth(
    report: &mut Report,
    what: &str,
    (samples, from, of): (&[Sample], usize, &dyn Fn(&Sample) -> Option<f64>),
    bound: Option<(f64, f64)>,
) {
    let (Some(first), Some(last)) = (median(samples, from, of), median(samples, 9, of)) else {
        return report.line(what, "-", "", bound.map(|_| false));
    };
    let most = bound.map(|(times, more)| first * times + more);
    let value = format!("{first:.1} → {last:.1} (×{:.3})", last / first);
    let told = most.map_or_else(String::new, |most| format!("at most {most:.1}"));
    report.line(what, &value, &told, most.map(|most| last <= most));
}

fn grown(report: &mut Report, samples: &[Sample], hours: f64) {
    report.title("after the first tenth, and at the end (medians of the second and of the last tenth)");
    // A film has files and a thread of its own while it is there, and takes its share of the pages that both have
    // mapped: what is left behind shows between films.
    let alone = |s: &Sample| s.children == 0;
    let alone_of = |of: fn(&Sample) -> f64| move |s: &Sample| alone(s).then(|| of(s));
    let whole = alone_of(|s| s.pss);
    let own = alone_of(|s| s.own);
    let rss = alone_of(|s| s.rss);
    let film = |s: &Sample| (!alone(s)).then(|| s.films / s.children as f64);
    growth(report, "memory (PSS) between films, MiB", (samples, 1, &whole), Some(GROWTH));
    growth(report, "memory (RSS), MiB", (samples, 1, &rss), None);
    growth(report, "of its own (anonymous), MiB", (samples, 1, &own), None);
    growth(report, "a film's process (PSS), MiB", (samples, 1, &film), Some(GROWTH));
    // Glyphs and the heap have filled by then: what grows on is a leak. Of a short run nobody can tell.
    let settled = (hours > 23.5).then_some(SETTLED);
    growth(report, "of its own, from the middle on, MiB", (samples, 5, &own), settled);
    let counts: [(&str, fn(&Sample) -> usize); 2] =
        [("open files, between films", |s| s.files), ("threads, between films", |s| s.threads)];
    for (what, of) in counts {
        let of = |s: &Sample| alone(s).then(|| of(s) as f64);
        let (Some(first), Some(last)) = (median(samples, 1, of), median(samples, 9, of)) else {
            report.line(what, "-", "", Some(false));
            continue;
        };
        report.line(what, &format!("{first} → {last}"), &format!("at most {first}"), Some(last <= first));
    }
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return };
    let cpu = (last.cpu - first.cpu) / (last.at - first.at).max(1.0) * 100.0;
    report.line("processor, % of one core, without films", &format!("{cpu:.0}"), "", None);
    if let Some(fps) = median(samples, 9, |s| (s.fps > 0.0).then_some(s.fps)) {
        report.line("frames a second at the end", &format!("{fps:.0}"), "", None);
    }
}

fn calls(report: &mut Report, run: &Run<'_>, hours: f64) {
    report.title("calls");
    let known = |ticket: &str, counter: &str, attempt: u32, at: i64| {
        (ticket.to_owned(), counter.to_owned(), attempt, at)
    };
    let mut lines = HashMap::new();
    for call in &run.found.calls {
        let at = call.called.map_or(0, |time| time.0.as_millisecond());
        *lines.entry(known(&call.ticket, &call.counter, call.attempt, at)).or_insert(0) += 1;
    }
    let delivered: Vec<_> = run.calls.iter().filter(|call| call.delivered).collect();
    let missing: Vec<_> = delivered
        .iter()
        .filter(|call| !lines.contains_key(&known(&call.ticket, &call.counter, call.attempt, call.at)))
        .collect();
    let twice = lines.values().filter(|count| **count > 1).count();
    let recalls = delivered.iter().filter(|call| call.attempt > 1).count();
    report.line("made", &run.calls.len().to_string(), "", None);
    let full = (hours > 23.5).then_some(delivered.len() >= DAY.0);
    report.line("reached the display", &delivered.len().to_string(), "at least 3,000 in a day", full);
    report.line("of them recalls", &recalls.to_string(), "", None);
    let mut became: BTreeMap<String, usize> = BTreeMap::new();
    let mut untold = 0;
    for call in &run.found.calls {
        let announced = &call.announced;
        match announced.unspoken {
            Some(why) => *became.entry(format!("not spoken: {why:?}")).or_default() += 1,
            None if announced.speech_end.is_some() => {
                *became.entry("heard to the end".into()).or_default() += 1
            }
            None => untold += 1,
        }
    }
    for (what, count) in became {
        report.line(&what, &count.to_string(), "", None);
    }
    report.line(
        "neither heard nor told why",
        &(missing.len() + untold).to_string(),
        "0",
        Some(missing.len() + untold == 0),
    );
    for call in missing.iter().take(5) {
        report.line(&format!("  {} at {} ({})", call.ticket, call.counter, call.attempt), "", "", None);
    }
    report.line("written down twice", &twice.to_string(), "0", Some(twice == 0));
    report.line("notices written down", &run.found.notices.len().to_string(), "", None);
    report.line(
        "lines of the log that cannot be read",
        &run.found.unread.to_string(),
        "0",
        Some(run.found.unread == 0),
    );
}

fn items(report: &mut Report, options: &Options, run: &Run<'_>, hours: f64) {
    report.title("items");
    let shown = run.found.items.iter().filter(|item| item.start.is_some()).count();
    let films = run.found.items.iter().filter(|item| item.start.is_some() && item.content == "film").count();
    let full = (hours > 23.5).then_some(shown >= DAY.1);
    report.line("shown", &shown.to_string(), "at least 5,000 in a day", full);
    report.line("of them films", &films.to_string(), "", None);
    let mut other: BTreeMap<String, usize> = BTreeMap::new();
    for item in &run.found.items {
        if let Some(why) = &item.skipped {
            *other.entry(format!("skipped: {}: {why}", item.item)).or_default() += 1;
        } else if let Some(cut) = item.cut {
            *other.entry(format!("cut short: {cut:?}")).or_default() += 1;
        }
    }
    for (what, count) in other {
        let good = what.starts_with("skipped").then_some(false);
        report.line(&what, &count.to_string(), "", good);
    }
    for (what, wrong) in shown::wrong(options, &run.found.items, run.markers) {
        report.line(what, &wrong.len().to_string(), "0", Some(wrong.is_empty()));
        for one in wrong.iter().take(5) {
            _ = writeln!(report.text, "  {one}");
        }
    }
}

fn disk(report: &mut Report, run: &Run<'_>, hours: f64) {
    report.title("bytes written a day, at this day's traffic");
    let day = 24.0 / hours;
    let kib = |bytes: u64| format!("{:.0} KiB", bytes as f64 * day / 1_024.0);
    let mut all = Total::default();
    for (what, total) in run.bytes {
        let times = format!("{:.0} times", total.times as f64 * day);
        report.line(what, &kib(total.bytes), &format!("{times}, {} in pages", kib(total.pages)), None);
        all.bytes += total.bytes;
        all.pages += total.pages;
    }
    report.line("together", &kib(all.bytes), &format!("{} in pages", kib(all.pages)), None);
    if let Some(edits) = run.bytes.get("last good copy") {
        let each = edits.bytes / u64::from(run.counted.edits.max(1));
        report.line("of the last good copy, an edit", &format!("{:.0} KiB", each as f64 / 1_024.0), "", None);
    }
    let disk = run.samples.last().map_or(0, |s| s.disk);
    report.line("as the system counts (pages, all kinds)", &kib(disk), "", None);
}
