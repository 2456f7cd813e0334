//! Whether what was to be on air was, and nothing else: by the play log alone.
//! Invariant: each finding names the item and the time, in the hall's zone.

use jiff::{SignedDuration, Timestamp, civil::Time, tz};
use papan::playlog::line::Item;

use crate::{
    edits::{FIRST, Marker, WINDOWS},
    options::Options,
};

/// Items that have no rule: each is due in every round.
const ALWAYS: [&str; 11] = [
    "pages/ktp-el.md",
    "pages/kartu-keluarga.md",
    "pages/akta-kelahiran.md",
    "pages/skck.md",
    "pages/paspor.md",
    "films/satu.mp4",
    "films/dua.mp4",
    "images/alur-pelayanan.png",
    "images/baru.png",
    "Pantau antrean",
    "Semua layanan gratis",
];
/// How much later than its hours end an item may still begin, in the hall's time: a frame or two, hastened.
const SLACK: SignedDuration = SignedDuration::from_mins(1);

/// A span of the hall's time.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: Timestamp,
    to: Timestamp,
}

impl Span {
    fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    fn meets(&self, from: Timestamp, to: Timestamp) -> bool {
        self.from < to && from < self.to
    }
}

/// What is wrong, by kind.
pub fn wrong(options: &Options, items: &[Item], markers: &[Marker]) -> [(&'static str, Vec<String>); 5] {
    let starts: Vec<(&str, Timestamp)> =
        items.iter().filter_map(|item| Some((item.item.as_str(), item.start?.0))).collect();
    let day = Span { from: options.from, to: options.from + hall(options, options.minutes * 60.0) };
    [
        ("moments without an item", gaps(options, items)),
        ("items not on air in an hour of theirs", never(day, &starts)),
        ("hours of items in which they were not shown", windows(day, &starts)),
        ("items on air outside their hours", outside(day, &starts)),
        ("edits that never came on air", unseen(options, day, &starts, markers)),
    ]
}

/// So many real seconds in the hall's time.
fn hall(options: &Options, seconds: f64) -> SignedDuration {
    SignedDuration::from_secs_f64(seconds * f64::from(options.speed))
}

/// Between two items there is nothing; the first one comes within ten real seconds.
fn gaps(options: &Options, items: &[Item]) -> Vec<String> {
    let shown: Vec<_> = items.iter().filter_map(|item| Some((item, item.start?.0, item.end?.0))).collect();
    let mut found = Vec::new();
    if shown.first().is_none_or(|(_, start, _)| *start > options.from + hall(options, 10.0)) {
        found.push("nothing at the beginning".to_owned());
    }
    for two in shown.windows(2) {
        let ((before, _, end), (after, start, _)) = (two[0], two[1]);
        if start != end {
            found.push(format!(
                "between {} and {}: {} to {}",
                before.item,
                after.item,
                local(end),
                local(start)
            ));
        }
    }
    found
}

fn never(day: Span, starts: &[(&str, Timestamp)]) -> Vec<String> {
    let hour = SignedDuration::from_hours(1);
    let mut found = Vec::new();
    // The first minutes are those in which the playlist is read and drawn for the first time.
    let mut from = day.from + SignedDuration::from_mins(10);
    while from + hour <= day.to {
        let span = Span { from, to: from + hour };
        for item in ALWAYS {
            if !starts.iter().any(|(name, at)| *name == item && span.holds(*at)) {
                found.push(format!("{item} from {} on", local(from)));
            }
        }
        from += hour;
    }
    found
}

fn windows(day: Span, starts: &[(&str, Timestamp)]) -> Vec<String> {
    let mut found = Vec::new();
    for (title, times) in WINDOWS.into_iter().chain([FIRST]) {
        for span in spans(day, times).into_iter().filter(|span| day.from <= span.from && span.to <= day.to) {
            if !starts.iter().any(|(name, at)| *name == title && span.holds(*at)) {
                found.push(format!("{title} from {} on", local(span.from)));
            }
        }
    }
    found
}

fn outside(day: Span, starts: &[(&str, Timestamp)]) -> Vec<String> {
    let mut found = Vec::new();
    let late = |span: &Span| Span { from: span.from, to: span.to + SLACK };
    for (title, times) in WINDOWS.into_iter().chain([FIRST]) {
        let spans = spans(day, times);
        let bad = |at: &Timestamp| !spans.iter().any(|span| late(span).holds(*at));
        let all = starts.iter().filter(|(name, at)| *name == title && bad(at));
        found.extend(all.map(|(name, at)| format!("{name} at {}", local(*at))));
    }
    // Where one comes before all others, nothing else begins.
    for span in spans(day, FIRST.1) {
        let strict = Span { from: span.from + SLACK, to: span.to };
        let others = starts.iter().filter(|(name, at)| *name != FIRST.0 && strict.holds(*at));
        found.extend(others.map(|(name, at)| format!("{name} at {}, beside {}", local(*at), FIRST.0)));
    }
    found
}

fn unseen(options: &Options, day: Span, starts: &[(&str, Timestamp)], markers: &[Marker]) -> Vec<String> {
    let first = spans(day, FIRST.1);
    let long_enough = |m: &&Marker| {
        m.until - hall(options, 15.0) >= m.since && !first.iter().any(|span| span.meets(m.since, m.until))
    };
    let seen = |m: &Marker| {
        let span = Span { from: m.since, to: m.until + hall(options, 2.0) };
        starts.iter().any(|(name, at)| *name == m.title && span.holds(*at))
    };
    let all = markers.iter().filter(long_enough).filter(|m| !seen(m));
    all.map(|m| format!("{} from {} to {}", m.title, local(m.since), local(m.until))).collect()
}

/// The times of day as spans, of the days about a day.
fn spans(day: Span, times: &[(&str, &str)]) -> Vec<Span> {
    let zone = tz::offset(8).to_time_zone();
    let first = zone.to_datetime(day.from).date();
    let time = |text: &str| text.parse::<Time>().expect("a time of day");
    let mut found = Vec::new();
    for offset in -1..=31 {
        let date = first.saturating_add(jiff::Span::new().days(offset));
        for (from, to) in times {
            let (from, to) = (date.to_datetime(time(from)), date.to_datetime(time(to)));
            let to = if to <= from { to.saturating_add(jiff::Span::new().days(1)) } else { to };
            let at = |civil| zone.to_timestamp(civil).expect("it is a time");
            found.push(Span { from: at(from), to: at(to) });
        }
    }
    found
}

/// A moment as the clock in the hall says it.
fn local(at: Timestamp) -> String {
    tz::offset(8).to_datetime(at).strftime("%d. %H:%M:%S").to_string()
}
