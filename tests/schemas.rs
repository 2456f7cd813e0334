//! The schemas say what is written and what is taken: every example and every event that papan writes has
//! the shape of its type, and comes back the same.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use jiff::Timestamp;
use papan::{
    domain::event::{CounterId, Event, Ticket, TicketCalled},
    protocol::{Incoming, LinkState, Outgoing, Status, decode, decode_report, encode, encode_event, schemas},
};
use serde_json::{Value, json};

#[path = "support/shape.rs"]
mod shape;

/// One of each type of a server, with everything that may be left out and without.
fn examples() -> Vec<(&'static str, Value)> {
    let counter = json!({"id": "3", "label": "3", "service": "ktp", "state": "open",
        "serving": {"ticket": "A-012", "attempt": 1}});
    let service =
        json!({"id": "ktp", "name": "Perekaman KTP-el", "agency": "Dukcapil", "prefix": "A", "waiting": 7});
    vec![
        (
            "papan.hall.snapshot",
            json!({"hall": {"name": "Mal Pelayanan Publik", "organization": "Pemerintah Kota Kendari"},
                "services": [service], "counters": [counter],
                "calls": [{"ticket": "A-012", "counter": "3", "attempt": 1, "time": "2026-11-21T01:41:07Z"}],
                "notices": [], "survey": null}),
        ),
        ("papan.hall.snapshot", json!({"hall": {"name": "MPP"}, "services": [], "counters": []})),
        (
            "papan.ticket.called",
            json!({"ticket": "A-012", "counter": "3", "service": "ktp", "attempt": 2, "priority": "elderly"}),
        ),
        ("papan.ticket.called", json!({"ticket": "12", "counter": "3", "service": null, "attempt": 1})),
        ("papan.ticket.finished", json!({"ticket": "A-012", "counter": "3", "outcome": "no_show"})),
        ("papan.counter.changed", counter.clone()),
        (
            "papan.counter.changed",
            json!({"id": "4", "label": "4", "service": null, "state": "closed", "serving": null}),
        ),
        ("papan.counter.removed", json!({"id": "3"})),
        ("papan.service.changed", service.clone()),
        ("papan.service.changed", json!({"id": "pbb", "name": "PBB"})),
        (
            "papan.notice.posted",
            json!({"id": "n", "text": "Listrik padam.", "level": "emergency", "speak": true,
                "until": "2026-11-21T09:41:07+08:00"}),
        ),
        ("papan.notice.posted", json!({"id": "n", "text": "Halo", "level": "info", "speak": false})),
        ("papan.notice.cleared", json!({"id": "n"})),
        (
            "papan.survey.changed",
            json!({"date": "2026-11-21", "very_satisfied": 41, "satisfied": 7, "dissatisfied": 0}),
        ),
    ]
}

fn message(kind: &str, data: &Value) -> Value {
    json!({"specversion": "1.0", "id": "1", "source": "https://antrean.example/", "type": kind,
        "sequence": "1042", "time": "2026-11-21T01:41:07Z", "data": data})
}

fn event(text: &str) -> Event {
    match decode(text) {
        Ok(Incoming::Event { event, .. }) => event,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn every_example_has_its_shape_and_comes_back_the_same() {
    let schemas = schemas();
    for (kind, data) in examples() {
        let text = message(kind, &data).to_string();
        shape::check(&schemas, &text).unwrap_or_else(|why| panic!("{why}: {text}"));
        let first = event(&text);
        let written = encode_event(&first, "https://antrean.example/", 1042, Timestamp::UNIX_EPOCH);
        shape::check(&schemas, &written).unwrap_or_else(|why| panic!("{why}: {written}"));
        assert_eq!(event(&written), first);
    }
}

#[test]
fn every_type_has_an_example_and_a_schema() {
    let schemas = schemas();
    let known: Vec<_> = schemas.as_object().unwrap().keys().filter(|k| !is_report(k)).collect();
    for kind in &known {
        assert!(examples().iter().any(|(k, _)| k == kind), "{kind}");
    }
    assert_eq!(known.len(), 9);
}

fn is_report(kind: &str) -> bool {
    kind.starts_with("papan.display.") || kind.starts_with("papan.announcement.")
}

/// Leaving out any member, or giving it another type, is refused by the schema exactly where it is refused
/// by `decode`.
#[test]
fn a_schema_refuses_what_decode_refuses() {
    let schemas = schemas();
    let others = [json!(null), json!(-1), json!(0), json!(1.5), json!("?"), json!(""), json!([]), json!({})];
    let mut refused = 0;
    for (kind, data) in examples() {
        let whole = message(kind, &data);
        for path in paths(&whole, String::new()) {
            let mut broken: Vec<Value> = others
                .iter()
                .map(|other| {
                    let mut broken = whole.clone();
                    *broken.pointer_mut(&path).unwrap() = other.clone();
                    broken
                })
                .collect();
            let (parent, key) = path.rsplit_once('/').unwrap();
            let mut without = whole.clone();
            if let Some(Value::Object(members)) = without.pointer_mut(parent) {
                members.remove(key);
                broken.push(without);
            }
            for message in broken {
                // What is a format to a schema is a rule to `decode`; another type may be any.
                let by_rule = ["time", "until", "date", "sequence"].iter().any(|k| path.ends_with(k));
                if by_rule || path == "/type" {
                    continue;
                }
                let text = message.to_string();
                let decoded = decode(&text);
                assert_eq!(decoded.is_ok(), shape::check(&schemas, &text).is_ok(), "{path}: {text}");
                refused += u32::from(decoded.is_err());
            }
        }
    }
    assert!(refused > 300, "only {refused}");
}

fn paths(value: &Value, here: String) -> Vec<String> {
    let inner = |key: String, value: &Value| {
        let path = format!("{here}/{key}");
        let mut all = paths(value, path.clone());
        all.push(path);
        all
    };
    match value {
        Value::Object(members) => members.iter().flat_map(|(k, v)| inner(k.clone(), v)).collect(),
        Value::Array(items) => items.iter().enumerate().flat_map(|(i, v)| inner(i.to_string(), v)).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn a_display_reports_in_the_shape_of_its_types() {
    let call = TicketCalled {
        ticket: Ticket("A-012".into()),
        counter: CounterId("3".into()),
        service: None,
        attempt: 2,
        priority: None,
        time: None,
    };
    let status = |fps, sequence: Option<&str>| {
        Outgoing::Status(Status {
            version: "0.1.0".into(),
            uptime_s: 86_400,
            sequence: sequence.map(Into::into),
            playing: "pages/ktp-el.md".into(),
            fps,
            link: LinkState::Live,
            errors: 3,
        })
    };
    let reports = [
        Outgoing::Resync,
        status(59.9, Some("1042")),
        status(0.0, None),
        Outgoing::AnnouncementStarted(call.clone()),
        Outgoing::AnnouncementFinished(call),
    ];
    let time: Timestamp = "2026-11-21T01:41:07Z".parse().unwrap();
    let mut ids = std::collections::HashSet::new();
    for (number, report) in (1..).zip(&reports) {
        let text = encode(report, "lobi 1/é", number, time);
        shape::check(&schemas(), &text).unwrap_or_else(|why| panic!("{why}: {text}"));
        assert_eq!(decode_report(&text), Ok(("lobi 1/é".into(), report.clone())));
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["source"], "urn:papan:display:lobi%201%2F%C3%A9");
        assert_eq!(value["sequence"], number.to_string());
        assert!(ids.insert(value["id"].to_string()));
    }
    let not_finite = encode(&status(f32::NAN, None), "d", 1, time);
    assert_eq!(decode_report(&not_finite), Ok(("d".into(), status(0.0, None))));
    assert!(decode_report(&message("papan.counter.removed", &json!({"id": "3"})).to_string()).is_err());
}
