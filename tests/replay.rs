//! Recorded streams, replayed through the protocol into a hall, give the text that lies beside them.
//! `PAPAN_RENEW=1` writes the text anew; read its difference before it is committed.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::{fmt::Write, fs, path::Path};

use jiff::Timestamp;
use papan::{
    domain::{
        event::{Event, Priority, TicketCalled},
        hall::{Change, Hall},
    },
    protocol::{Incoming, Order, Verdict, decode, encode_event, schemas},
};

#[path = "support/shape.rs"]
mod shape;

/// One message a line; an empty line is a connection that was lost and made again.
fn replay(stream: &str) -> (String, Hall) {
    let (mut text, mut hall, mut order) = (String::new(), Hall::default(), Order::default());
    let mut now = Timestamp::UNIX_EPOCH;
    for (index, line) in stream.lines().enumerate() {
        let number = index + 1;
        if line.is_empty() {
            order = Order::default();
            writeln!(text, "{number}: connected again").unwrap();
            continue;
        }
        match decode(line) {
            Err(reject) => writeln!(text, "{number}: rejected: {reject}").unwrap(),
            Ok(Incoming::Unknown { source, sequence, kind }) => {
                let verdict = sequence.map(|s| order.take(&source, s, false));
                writeln!(text, "{number}: unknown {kind}: {verdict:?}").unwrap();
            }
            Ok(Incoming::Event { source, sequence, time, event }) => {
                now = time.unwrap_or(now);
                let verdict = order.take(&source, sequence, matches!(event, Event::Snapshot(_)));
                writeln!(text, "{number}: {sequence} {}: {verdict:?}", name(&event)).unwrap();
                if matches!(verdict, Verdict::Apply | Verdict::Gap) {
                    hall.apply(event, now).iter().for_each(|c| writeln!(text, "    {}", change(c)).unwrap());
                }
            }
        }
    }
    writeln!(text, "\n{}", dump(&hall)).unwrap();
    (text, hall)
}

fn name(event: &Event) -> String {
    match event {
        Event::Snapshot(_) => "snapshot".into(),
        Event::TicketCalled(c) => format!("called {}", call(c)),
        Event::TicketFinished { ticket, counter, outcome } => {
            format!("finished {} at {}: {outcome:?}", ticket.0, counter.0)
        }
        Event::CounterChanged(c) => format!("counter {} changed", c.id.0),
        Event::CounterRemoved(id) => format!("counter {} removed", id.0),
        Event::ServiceChanged(s) => format!("service {} changed", s.id.0),
        Event::NoticePosted(n) => format!("notice {} posted", n.id.0),
        Event::NoticeCleared(id) => format!("notice {} cleared", id.0),
        Event::SurveyChanged(_) => "survey changed".into(),
    }
}

fn call(call: &TicketCalled) -> String {
    let priority = |p: Priority| format!(", {p:?}");
    format!(
        "{} to {}, attempt {}{}{}",
        call.ticket.0,
        call.counter.0,
        call.attempt,
        call.priority.map(priority).unwrap_or_default(),
        call.time.map(|t| format!(", {t}")).unwrap_or_default(),
    )
}

fn change(change: &Change) -> String {
    match change {
        Change::Called(c) => format!("announce {}", call(c)),
        Change::Withdrawn { ticket, counter } => format!("withdraw {} at {}", ticket.0, counter.0),
        Change::UnknownCounter(id) => format!("unknown counter {}", id.0),
        Change::CounterGone(id) => format!("counter {} is gone", id.0),
        Change::Speak(notice) => format!("speak notice {}", notice.id.0),
        Change::NoticeGone(id) => format!("notice {} is gone", id.0),
    }
}

fn dump(hall: &Hall) -> String {
    let mut text = format!("hall {:?} of {:?}\n", hall.name, hall.organization);
    for s in &hall.services {
        let waiting = s.waiting.map_or("?".into(), |w| w.to_string());
        writeln!(text, "service {}: {} ({}), {:?}, {waiting} wait", s.id.0, s.name, s.agency, s.prefix)
            .unwrap();
    }
    for c in &hall.counters {
        let service = c.service.as_ref().map_or("none", |s| s.0.as_str());
        let serving = c.serving.as_ref().map_or("-".into(), |s| format!("{} ({})", s.ticket.0, s.attempt));
        writeln!(text, "counter {} [{}]: {service}, {:?}, {serving}", c.id.0, c.label, c.state).unwrap();
    }
    hall.calls.iter().for_each(|c| writeln!(text, "call {}", call(c)).unwrap());
    for n in &hall.notices {
        let until = n.until.map_or("cleared".into(), |t| t.to_string());
        writeln!(text, "notice {} {:?} until {until}: {:?}", n.id.0, n.level, n.text).unwrap();
    }
    if let Some(s) = &hall.survey {
        writeln!(text, "survey {}: {}/{}/{}", s.date, s.very_satisfied, s.satisfied, s.dissatisfied).unwrap();
    }
    text
}

fn check(stream: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/streams");
    let recorded = fs::read_to_string(folder.join(stream).with_extension("jsonl")).unwrap();
    let beside = folder.join(stream).with_extension("txt");
    let (text, hall) = replay(&recorded);
    if std::env::var_os("PAPAN_RENEW").is_some() {
        fs::write(&beside, &text).unwrap();
    }
    let expected = fs::read_to_string(&beside).unwrap();
    assert_eq!(text, expected, "{stream}: the replay gives another text than {}", beside.display());

    // The state as it is kept on disk gives the same hall.
    let written = encode_event(&Event::Snapshot(hall.replicate()), "disk", 1, Timestamp::UNIX_EPOCH);
    let Ok(Incoming::Event { event, .. }) = decode(&written) else { panic!("{written}") };
    let mut restored = Hall::default();
    assert_eq!(restored.apply(event, Timestamp::UNIX_EPOCH), []);
    assert_eq!(restored, hall);

    // Whatever is taken has the shape that the schemas say.
    let schemas = schemas();
    for line in recorded.lines() {
        if let Ok(Incoming::Event { .. }) = decode(line) {
            shape::check(&schemas, line).unwrap_or_else(|why| panic!("{why}: {line}"));
        }
    }
}

#[test]
fn a_normal_morning() {
    check("morning");
}

#[test]
fn duplicates_a_gap_and_a_resync() {
    check("gap");
}

#[test]
fn a_server_that_starts_anew() {
    check("restart");
}

#[test]
fn bad_input_mixed_in() {
    check("bad");
}

#[test]
fn an_unknown_counter_and_services_that_rotate() {
    check("rotation");
}
