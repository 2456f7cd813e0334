//! A calendar's `.ics` file (iCalendar, RFC 5545), as calendar programs write it.
//! Invariant: every problem has the line of the file as it is on disk, folded lines counted.
//!
//! Only days count. An event with hours is taken for the dates that it touches: by its own time zone, and for UTC
//! by the calendar's (`X-WR-TIMEZONE`) where the file names one.

use std::collections::{BTreeMap, BTreeSet};

use icalendar::parser::{Component, Property, read_calendar_simple};
use jiff::{
    Span, ToSpan,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};

use super::Written;
use crate::{
    domain::schedule::{Again, NotARule, Recurrence},
    domain::visible::clean,
    library::items::told,
    written::Source,
};

/// How deep parts lie in one another; the parser calls itself for each.
const MAX_DEPTH: usize = 8;
/// The most events, and the most that come again: each of those is asked for each day.
const MAX_EVENTS: usize = 5_000;
const MAX_AGAIN: usize = 300;
/// The most mistakes that are told of one file.
const MAX_ERRORS: usize = 20;
/// The most days that one event lasts, and one that comes again.
const MAX_DAYS: i64 = 3_660;
const MAX_DAYS_AGAIN: i64 = 92;

type Told = (String, String);

/// Reads the file; `source` takes its problems.
pub(super) fn read(source: &Source, text: &str) -> Written {
    let lines = Lines::new(text);
    if let Some(line) = lines.too_deep() {
        let (id, en) = broken();
        source.error(line, id, en);
        return Written::default();
    }
    let whole = lines.whole();
    let roots = match read_calendar_simple(&whole) {
        Ok(roots) => roots,
        Err(err) => {
            let at = whole.len().saturating_sub(err.input.len());
            let (id, en) = broken();
            source.error(lines.line_at(&whole, at), id, en);
            return Written::default();
        }
    };
    let Some(root) = roots.into_iter().find(|root| is(root, "VCALENDAR")) else {
        let (id, en) = broken();
        source.error(1, id, en);
        return Written::default();
    };
    let zone = root.find_prop("X-WR-TIMEZONE").and_then(|p| TimeZone::get(p.val.as_str().trim()).ok());
    let events: Vec<&Component<'_>> = root.components.iter().filter(|c| is(c, "VEVENT")).collect();
    if events.len() > MAX_EVENTS {
        source.error(
            lines.event(MAX_EVENTS),
            format!("kalender ini lebih dari {MAX_EVENTS} acara; hapus yang sudah lewat"),
            format!("this calendar has more than {MAX_EVENTS} events; take those away that are over"),
        );
        return Written::default();
    }
    let mut reader =
        Reader { source, lines: &lines, zone, moved: moved(&events), out: Written::default(), utc: false };
    for (number, event) in events.iter().enumerate() {
        // A file that is wrong all over is told of by its first mistakes.
        if source.errors() < MAX_ERRORS {
            reader.event(event, number);
        }
    }
    if reader.out.1.len() > MAX_AGAIN {
        source.error(
            1,
            format!("lebih dari {MAX_AGAIN} acara di kalender ini berulang (RRULE); tulis tanggalnya satu per satu"),
            format!("more than {MAX_AGAIN} events of this calendar come again (RRULE); write their dates one by one"),
        );
    }
    reader.out
}

fn broken() -> Told {
    (
        "berkas ini bukan kalender .ics yang utuh; ekspor ulang dari aplikasi kalender dan salin lagi"
            .to_owned(),
        "this is no whole .ics calendar; export it again from the calendar program and copy it anew"
            .to_owned(),
    )
}

fn is(component: &Component<'_>, name: &str) -> bool {
    component.name.as_str().eq_ignore_ascii_case(name)
}

fn property<'a>(event: &'a Component<'_>, name: &'a str) -> impl Iterator<Item = &'a Property<'a>> {
    event.properties.iter().filter(move |p| p.name.as_str().eq_ignore_ascii_case(name))
}

fn text<'a>(event: &'a Component<'_>, name: &'a str) -> Option<&'a str> {
    property(event, name).next().map(|p| p.val.as_str().trim())
}

/// The days of events that come again which other events of the same name stand for, by those names.
fn moved(events: &[&Component<'_>]) -> BTreeMap<String, BTreeSet<Date>> {
    let mut moved: BTreeMap<String, BTreeSet<Date>> = BTreeMap::new();
    for event in events {
        if let Some((uid, day)) = text(event, "UID").zip(text(event, "RECURRENCE-ID").and_then(written_day)) {
            moved.entry(uid.to_owned()).or_default().insert(day);
        }
    }
    moved
}

/// `20261225` or the date of `20261225T080000Z`, as it stands.
fn written_day(text: &str) -> Option<Date> {
    written(text).map(|(at, ..)| at.date())
}

/// A day or a moment as it stands: whether it has a time of day, and whether that is of UTC.
fn written(text: &str) -> Option<(DateTime, bool, bool)> {
    if text.len() == 8 {
        return Date::strptime("%Y%m%d", text).ok().map(|day| (day.at(0, 0, 0, 0), false, false));
    }
    let bare = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let at = DateTime::strptime("%Y%m%dT%H%M%S", bare).ok().filter(|_| bare.len() == 15)?;
    Some((at, true, bare.len() < text.len()))
}

struct Reader<'r> {
    source: &'r Source,
    lines: &'r Lines,
    zone: Option<TimeZone>,
    moved: BTreeMap<String, BTreeSet<Date>>,
    out: Written,
    /// Whether it was told that times of UTC are taken as they stand.
    utc: bool,
}

impl Reader<'_> {
    fn event(&mut self, event: &Component<'_>, number: usize) {
        if text(event, "STATUS").is_some_and(|s| s.eq_ignore_ascii_case("CANCELLED")) {
            return;
        }
        let error = |this: &Self, name: &str, (id, en): Told| {
            this.source.error(this.lines.property(number, name), id, en);
        };
        let Some(start) = text(event, "DTSTART").and_then(|t| self.moment(t, number)) else {
            return error(self, "DTSTART", no_day(text(event, "DTSTART"), "DTSTART"));
        };
        let end = match (text(event, "DTEND"), text(event, "DURATION")) {
            (Some(end), _) => match self.moment(end, number) {
                Some(end) => end,
                None => return error(self, "DTEND", no_day(Some(end), "DTEND")),
            },
            (None, Some(span)) => match span.parse::<Span>().ok().and_then(|s| start.checked_add(s).ok()) {
                Some(end) => end,
                None => return error(self, "DURATION", no_day(Some(span), "DURATION")),
            },
            (None, None) => start,
        };
        // The end is not part of it; an event without a length is of its day.
        let last = if end.time() == Time::midnight() && end > start {
            end.date().yesterday()
        } else {
            Ok(end.date())
        };
        let last = last.unwrap_or(start.date()).max(start.date());
        let more = (last - start.date()).get_days();
        let rules: Vec<&str> = property(event, "RRULE").map(|p| p.val.as_str()).collect();
        let most = if !rules.is_empty() { MAX_DAYS_AGAIN } else { MAX_DAYS };
        if i64::from(more) >= most {
            return error(
                self,
                "DTEND",
                (
                    format!(
                        "acara ini lebih dari {most} hari; periksa DTSTART dan DTEND di aplikasi kalender"
                    ),
                    format!(
                        "this event lasts more than {most} days; look at DTSTART and DTEND in the calendar program"
                    ),
                ),
            );
        }
        let mut except = BTreeSet::new();
        if text(event, "RECURRENCE-ID").is_none() {
            except.extend(text(event, "UID").and_then(|uid| self.moved.get(uid)).into_iter().flatten());
        }
        for (name, into) in [("EXDATE", true), ("RDATE", false)] {
            let values: Vec<&str> = property(event, name).flat_map(|p| p.val.as_str().split(',')).collect();
            for value in values {
                // A period begins with its day.
                let value = value.split('/').next().unwrap_or_default().trim();
                let Some(day) = self.moment(value, number).map(DateTime::date) else {
                    return error(self, name, no_day(Some(value), name));
                };
                if into {
                    except.insert(day);
                } else {
                    self.out.0.push((day, day.saturating_add(more.days())));
                }
            }
        }
        for rule in rules {
            match Recurrence::new(rule, start.date(), None) {
                Ok(rule) => {
                    let length = more.unsigned_abs() + 1;
                    self.out.1.push(Again { rule, length, except: except.iter().copied().collect() });
                }
                // It was over before it came again: its first day is left.
                Err(NotARule::Ended) => {}
                Err(wrong) => return error(self, "RRULE", told(&wrong, &clean(rule), start.date())),
            }
        }
        // Its first day is one of its days, whatever the rule says.
        if !except.contains(&start.date()) {
            self.out.0.push((start.date(), last));
        }
    }

    /// A day or a moment by the clock of the place.
    fn moment(&mut self, text: &str, number: usize) -> Option<DateTime> {
        let (at, _, utc) = written(text)?;
        if !utc {
            return Some(at);
        }
        let Some(zone) = &self.zone else {
            if !self.utc {
                self.utc = true;
                self.source.warning(
                    self.lines.event(number),
                    "acara ini memakai jam UTC, jadi harinya bisa meleset sehari; jadikan acara sepanjang hari di aplikasi kalender",
                    "this event has hours in UTC, so its day may be off by one; make it an event of whole days in the calendar program",
                );
            }
            return Some(at);
        };
        Some(zone.to_datetime(TimeZone::UTC.to_timestamp(at).ok()?))
    }
}

fn no_day(text: Option<&str>, name: &str) -> Told {
    match text.map(clean) {
        Some(text) => (
            format!("{name} \"{text}\" bukan tanggal; tulis misalnya: {name};VALUE=DATE:20261225"),
            format!("{name} \"{text}\" is no date; write for example: {name};VALUE=DATE:20261225"),
        ),
        None => (
            format!("acara ini tanpa {name}; tulis misalnya: {name};VALUE=DATE:20261225"),
            format!("this event has no {name}; write for example: {name};VALUE=DATE:20261225"),
        ),
    }
}

/// The file's lines with their numbers from 1, those that are folded made one.
struct Lines(Vec<(usize, String)>);

impl Lines {
    fn new(text: &str) -> Self {
        let mut lines: Vec<(usize, String)> = Vec::new();
        for (number, line) in text.lines().enumerate() {
            match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
                (Some(more), Some((_, before))) => before.push_str(more),
                _ if line.trim().is_empty() => {}
                _ => lines.push((number + 1, line.trim_end().to_owned())),
            }
        }
        Self(lines)
    }

    fn whole(&self) -> String {
        self.0.iter().flat_map(|(_, line)| [line.as_str(), "\n"]).collect()
    }

    /// The line of a byte of [`Self::whole`].
    fn line_at(&self, whole: &str, at: usize) -> usize {
        let before = whole.bytes().take(at).filter(|b| *b == b'\n').count();
        self.0.get(before).or(self.0.last()).map_or(1, |(number, _)| *number)
    }

    /// Where parts lie too deep in one another.
    fn too_deep(&self) -> Option<usize> {
        let mut depth = 0_usize;
        self.0.iter().find_map(|(number, line)| {
            if starts(line, "BEGIN:") {
                depth += 1;
            } else if starts(line, "END:") {
                depth = depth.saturating_sub(1);
            }
            (depth > MAX_DEPTH).then_some(*number)
        })
    }

    /// Where an event begins, counted from 0.
    fn event(&self, number: usize) -> usize {
        let begins = self.0.iter().filter(|(_, line)| line.eq_ignore_ascii_case("BEGIN:VEVENT"));
        begins.map(|(line, _)| *line).nth(number).unwrap_or(1)
    }

    /// Where a property of an event stands; where the event begins, if it has none.
    fn property(&self, number: usize, name: &str) -> usize {
        let begin = self.event(number);
        let inside = self.0.iter().skip_while(|(line, _)| *line < begin);
        let mut inside = inside.take_while(|(_, line)| !line.eq_ignore_ascii_case("END:VEVENT"));
        let stands = |line: &str| starts(line, name) && line[name.len()..].starts_with([':', ';']);
        inside.find(|(_, line)| stands(line)).map_or(begin, |(line, _)| *line)
    }
}

fn starts(line: &str, with: &str) -> bool {
    line.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
}
