//! The day as a picture: memory, files, threads, processor, what was called and shown.
//! Invariant: every scale begins at 0, so that nothing looks larger than it is.

use std::fmt::Write;

use crate::{options::Options, proof::Found, sample::Sample};

const WIDTH: f64 = 960.0;
/// A strip's height, and what lies left of it, above it and between two.
const HEIGHT: f64 = 110.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 60.0;
const BETWEEN: f64 = 46.0;
/// So many samples are one point of a line that trembles.
const TOGETHER: usize = 10;
const COLOURS: [&str; 3] = ["#0f766e", "#b45309", "#64748b"];

/// A line in a strip: its name, and its points by hour and value.
type Curve = (&'static str, Vec<(f64, f64)>);

/// Draws it.
pub fn svg(options: &Options, samples: &[Sample], found: &Found) -> String {
    let hours = options.hours();
    let hour = |s: &Sample| s.at * f64::from(options.speed) / 3_600.0;
    let curve = |of: fn(&Sample) -> f64| samples.iter().map(|s| (hour(s), of(s))).collect::<Vec<_>>();
    // A film maps what the program maps too, so memory is drawn between films, and the films' beside it.
    let calm = |of: fn(&Sample) -> Option<f64>| {
        let middle = |some: &[Sample]| {
            let mut values: Vec<f64> = some.iter().filter_map(of).collect();
            values.sort_by(f64::total_cmp);
            Some((hour(some.first()?), values.get(values.len() / 2).copied()?))
        };
        samples.chunks(TOGETHER).filter_map(middle).collect::<Vec<_>>()
    };
    let busy = samples.windows(TOGETHER).step_by(TOGETHER).filter_map(|some| {
        let (first, last) = (some.first()?, some.last()?);
        Some((hour(last), (last.cpu - first.cpu) / (last.at - first.at) * 100.0))
    });
    let counted = |times: Vec<jiff::Timestamp>| {
        let step = hours / 96.0;
        let mut bins = vec![0.0; 96];
        for time in times {
            let at = (time - options.from).get_seconds() as f64 / 3_600.0 / step;
            if let Some(bin) = bins.get_mut(at.max(0.0) as usize) {
                *bin += 1.0 / step;
            }
        }
        bins.into_iter().enumerate().map(|(i, count)| ((i as f64 + 0.5) * step, count)).collect::<Vec<_>>()
    };
    let calls = counted(found.calls.iter().map(|call| call.announced.event.0).collect());
    let items = counted(found.items.iter().filter_map(|item| Some(item.start?.0)).collect());
    let strips: [(&str, Vec<Curve>); 5] = [
        (
            "memory, MiB (medians of ten seconds)",
            vec![
                ("papan (PSS)", calm(|s| (s.children == 0).then_some(s.pss))),
                ("a film's process (PSS)", calm(|s| (s.children > 0).then(|| s.films / s.children as f64))),
                ("papan, of its own", calm(|s| (s.children == 0).then_some(s.own))),
            ],
        ),
        ("open files", vec![("papan", curve(|s| s.files as f64))]),
        ("threads", vec![("papan", curve(|s| s.threads as f64))]),
        ("processor, % of a core", vec![("papan", busy.collect())]),
        ("in an hour", vec![("items shown", items), ("calls", calls)]),
    ];
    let height = TOP + strips.len() as f64 * (HEIGHT + BETWEEN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" \
         font-size=\"12\" fill=\"#334155\">\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"28\" font-size=\"16\">papan: {hours:.0} hours of a hall in {} minutes, {} samples</text>\n",
        options.minutes,
        samples.len()
    );
    for (index, (title, curves)) in strips.iter().enumerate() {
        strip(&mut out, TOP + index as f64 * (HEIGHT + BETWEEN), hours, title, curves);
    }
    out.push_str("</svg>\n");
    out
}

fn strip(out: &mut String, top: f64, hours: f64, title: &str, curves: &[Curve]) {
    let highest =
        curves.iter().flat_map(|(_, points)| points).fold(1.0_f64, |most, (_, value)| most.max(*value));
    let (step, most) = scale(highest);
    let wide = WIDTH - LEFT - RIGHT;
    let x = |hour: f64| LEFT + hour / hours * wide;
    let y = |value: f64| top + HEIGHT - value / most * HEIGHT;
    _ = writeln!(out, "<text x=\"{LEFT}\" y=\"{}\" font-weight=\"bold\">{title}</text>", top - 8.0);
    let mut value = 0.0;
    while value <= most + step / 2.0 {
        _ = writeln!(
            out,
            "<path d=\"M{LEFT} {y:.1}H{}\" stroke=\"#e2e8f0\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            y(value) + 4.0,
            y = y(value)
        );
        value += step;
    }
    let every = [0.25, 0.5, 1.0, 2.0, 4.0].into_iter().find(|every| hours / every <= 14.0).unwrap_or(24.0);
    let mut hour = 0.0;
    while hour <= hours + 0.001 {
        let minutes = (480.0 + hour * 60.0).round() as u32;
        let clock = format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
        _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"10\">{clock}</text>",
            x(hour),
            top + HEIGHT + 14.0
        );
        hour += every;
    }
    let mut legend = WIDTH - RIGHT;
    for ((name, points), colour) in curves.iter().zip(COLOURS) {
        let mut path = String::new();
        for (index, (hour, value)) in points.iter().enumerate() {
            _ = write!(path, "{}{:.1} {:.1}", if index == 0 { 'M' } else { 'L' }, x(*hour), y(*value));
        }
        _ = writeln!(out, "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.3\"/>");
        if curves.len() > 1 {
            _ = writeln!(
                out,
                "<text x=\"{legend}\" y=\"{}\" text-anchor=\"end\" fill=\"{colour}\">{name}</text>",
                top - 8.0
            );
            legend -= 7.0 * name.len() as f64 + 12.0;
        }
    }
}

/// A round step, and the highest value of a scale that holds this one.
fn scale(highest: f64) -> (f64, f64) {
    let rough = highest / 4.0;
    let magnitude = 10_f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|f| f * magnitude).find(|s| *s >= rough).unwrap_or(rough);
    (step, (highest / step).ceil() * step)
}
