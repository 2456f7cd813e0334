//! The report as Prometheus' figures.
//! Invariant: each figure has its HELP and TYPE once, a base unit in its name, and a counter ends in `_total`.

use std::sync::atomic::AtomicU64;

use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, info::Info},
    registry::Registry,
};

use super::report::{Device, Freshness, Renderer, Report};

type Number = Gauge<f64, AtomicU64>;

/// The form that Prometheus asks for by its name.
pub const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// The older form, for everybody else.
pub const PLAIN: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Of {
    of: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Output {
    output: String,
}

/// The figures in OpenMetrics' form.
///
/// # Errors
/// Those of writing into a text: none.
pub fn open_metrics(report: &Report) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    text::encode(&mut text, &registry(report))?;
    Ok(text)
}

/// The figures in the text form 0.0.4: a counter's HELP and TYPE bear its whole name, what is only information is a
/// gauge, and there is no end mark.
///
/// # Errors
/// Those of writing into a text: none.
pub fn plain(report: &Report) -> Result<String, std::fmt::Error> {
    let text = open_metrics(report)?;
    let kinds: Vec<(&str, &str)> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' ')).collect();
    let end = |name: &str| match kinds.iter().find(|(known, _)| *known == name) {
        Some((_, "counter")) => "_total",
        Some((_, "info")) => "_info",
        _ => "",
    };
    let mut plain = String::with_capacity(text.len());
    for line in text.lines() {
        let Some(about) = line.strip_prefix("# ") else {
            plain.push_str(line);
            plain.push('\n');
            continue;
        };
        let mut words = about.splitn(3, ' ');
        let (Some(what @ ("HELP" | "TYPE")), Some(name), Some(rest)) =
            (words.next(), words.next(), words.next())
        else {
            continue;
        };
        let rest = if (what, rest) == ("TYPE", "info") { "gauge" } else { rest };
        plain.push_str(&format!("# {what} {name}{} {rest}\n", end(name)));
    }
    Ok(plain)
}

fn registry(report: &Report) -> Registry {
    let mut all = Registry::with_prefix("papan");
    let renderer = match report.renderer {
        Renderer::Cpu => "cpu",
        Renderer::Gpu => "gpu",
        Renderer::File => "file",
    };
    let build = vec![("version", report.version.clone()), ("renderer", renderer.to_owned())];
    all.register("build", "The program's version, and what draws", Info::new(build));
    number(&mut all, "uptime_seconds", "How long the program has run", report.uptime_s as f64);
    number(&mut all, "answer_age_seconds", "How long ago the drawing loop told this", report.answer_age_s);
    number(
        &mut all,
        "safe_mode",
        "Whether it runs with board and running text alone",
        flag(report.safe_mode),
    );

    let link = &report.link;
    number(&mut all, "link_connected", "Whether the queue server is followed", flag(link.connected));
    count(&mut all, "link_losses", "Connections to the queue server that were lost", link.losses);
    count(
        &mut all,
        "link_rejected_messages",
        "Messages of the queue server that were wrong",
        link.rejected_messages,
    );
    count(&mut all, "link_unknown_events", "Events of unknown type", link.unknown_events);
    if let Some(sequence) = link.sequence {
        number(&mut all, "link_sequence", "The newest event's sequence", sequence as f64);
    }
    let live = report.data.freshness == Freshness::Live;
    number(&mut all, "data_live", "Whether what is shown is true now", flag(live));
    if let Some(age) = report.data.age_s {
        number(&mut all, "data_age_seconds", "How long ago what is shown was last known to be true", age);
    }

    count(&mut all, "frames", "Frames that came onto the glass", report.totals.frames);
    let dropped = "Refreshes that passed without the frame that was wanted";
    count(&mut all, "frames_dropped", dropped, report.totals.dropped_frames);
    let rate = Family::<Output, Number>::default();
    for screen in &report.screens {
        let output = screen.name.clone();
        rate.get_or_create(&Output { output }).set(screen.frames_per_s);
    }
    all.register("frames_per_second", "Frames in the last whole second", rate);

    count(&mut all, "calls", "Calls that came", report.totals.calls);
    let outcomes = Family::<Outcome, Counter>::default();
    for (outcome, count) in report.totals.announcements.outcomes() {
        outcomes.get_or_create(&Outcome { outcome }).inc_by(count);
    }
    all.register("announcements", "What became of calls and notices that were to be announced", outcomes);
    let sound = &report.sound;
    number(&mut all, "sound_ready", "Whether a device takes sound", flag(sound.device == Device::Ready));
    number(&mut all, "sound_wanted", "Whether the site wants sound", flag(sound.device != Device::Off));
    number(&mut all, "sound_volume_ratio", "The volume now, 0 to 1", sound.volume);
    number(&mut all, "sound_backlog", "Calls and notices that wait to be announced", sound.backlog as f64);

    let problems = Family::<Of, Number>::default();
    for problem in &report.problems {
        problems.get_or_create(&Of { of: problem.of.clone() }).inc();
    }
    number(&mut all, "problems", "How much is wrong now", report.problems.len() as f64);
    all.register("problems_by_part", "How much is wrong now with which part", problems);

    let process = &report.process;
    known(
        &mut all,
        "memory_bytes",
        "Memory with film processes, shared pages counted once",
        process.memory_bytes,
    );
    number(&mut all, "film_processes", "Processes that decode films", process.film_processes as f64);
    known(&mut all, "open_files", "Open files", process.open_files);
    known(&mut all, "threads", "Threads", process.threads);
    if let Some(bytes) = process.written_bytes {
        count(&mut all, "written_bytes", "Bytes given to the disk", bytes);
    }
    all
}

fn flag(is: bool) -> f64 {
    f64::from(u8::from(is))
}

fn number(all: &mut Registry, name: &str, help: &str, value: f64) {
    let gauge = Number::default();
    gauge.set(value);
    all.register(name, help, gauge);
}

fn known(all: &mut Registry, name: &str, help: &str, value: Option<u64>) {
    if let Some(value) = value {
        number(all, name, help, value as f64);
    }
}

fn count(all: &mut Registry, name: &str, help: &str, value: u64) {
    let counter: Counter = Counter::default();
    counter.inc_by(value);
    all.register(name, help, counter);
}
