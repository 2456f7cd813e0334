//! Every row of the stream's table of bad input, over a real socket: the hall stays as it was, the fault is
//! counted, and the next good event is taken.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may end at what it did not expect")]

mod common;

use std::thread;

use common::{Display, Peer, Server, scene};
use papan::{
    domain::{
        event::{Event, Level, Notice, NoticeId, Service, Snapshot},
        hall::Hall,
    },
    protocol::{self, LONGEST_MESSAGE, Outgoing},
    state::Freshness,
};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

/// A display that shows the usual hall, and its server.
fn followed() -> (Server, Display, Peer) {
    let server = Server::start();
    let mut display = Display::follow(&server.url());
    display.update();
    let mut peer = server.accept();
    peer.snapshot(10, &scene::hall());
    display.until("the snapshot is shown", |d| d.status().connected);
    (server, display, peer)
}

/// Each message is ignored whole and counted once, and a good event after it is taken in its turn.
fn each_is_ignored(messages: Vec<(String, Message)>) {
    let (_server, mut display, mut peer) = followed();
    let mut expected = Hall::default();
    expected.apply(Event::Snapshot(scene::hall()), jiff::Timestamp::now());
    for (round, (what, message)) in (1..).zip(messages) {
        peer.message(message);
        let good = scene::called(&format!("A-{:03}", 100 + round), if round % 2 == 0 { "1" } else { "2" });
        peer.event(&good);
        expected.apply(good, jiff::Timestamp::now());
        display.until(&format!("the event after: {what}"), |d| d.status().sequence == Some(10 + round));
        let shown = display.hall().replicate();
        assert_eq!(shown.counters, expected.counters, "after: {what}");
        assert_eq!(shown.services, expected.services, "after: {what}");
        assert_eq!((&shown.name, &shown.notices), (&expected.name, &expected.notices), "after: {what}");
        assert_eq!(display.status().errors, round, "after: {what}");
        assert_eq!(display.called().len() as u64, round, "after: {what}");
        assert_eq!(*display.freshness(), Freshness::Live);
    }
    assert_eq!(display.status().losses, 0);
    assert_eq!(display.status().unknown, 0);
}

/// An event as it should be, to be spoiled.
fn event(kind: &str, data: &Value) -> Value {
    json!({"specversion": "1.0", "id": "x", "source": common::SOURCE, "type": kind, "sequence": "11", "data": data})
}

fn spoiled(kind: &str, data: &Value, pointer: &str, value: Value) -> (String, Message) {
    let mut event = event(kind, data);
    let what = format!("{kind} with {pointer} = {}", value.to_string().chars().take(40).collect::<String>());
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match event.pointer_mut(parent).unwrap() {
        Value::Object(object) if value.is_null() => drop(object.remove(key)),
        Value::Object(object) => drop(object.insert(key.to_owned(), value)),
        Value::Array(array) => array[key.parse::<usize>().unwrap()] = value,
        other => panic!("{other}"),
    }
    (what, Message::text(event.to_string()))
}

fn call() -> Value {
    json!({"ticket": "A-012", "counter": "1", "service": "ktp", "attempt": 1})
}

fn snapshot() -> Value {
    let text = protocol::encode_event(&Event::Snapshot(scene::hall()), "x", 1, jiff::Timestamp::UNIX_EPOCH);
    serde_json::from_str::<Value>(&text).unwrap()["data"].clone()
}

#[test]
fn what_is_not_json_or_not_an_event_is_ignored() {
    let deep = "[".repeat(200_000);
    let texts = [
        "",
        " ",
        "null",
        "42",
        "\"papan.ticket.called\"",
        "[]",
        "{}",
        "{",
        "{\"specversion\": \"1.0\"",
        "\u{0}",
        &deep,
        "<html>502 Bad Gateway</html>",
        "{\"specversion\": NaN}",
    ];
    let mut messages: Vec<_> = texts
        .iter()
        .map(|text| (text.chars().take(30).collect::<String>(), Message::text((*text).to_owned())))
        .collect();
    messages.push(("binary".into(), Message::binary(event("papan.ticket.called", &call()).to_string())));
    let called = "papan.ticket.called";
    for (pointer, value) in [
        ("/specversion", Value::Null),
        ("/specversion", json!("0.3")),
        ("/specversion", json!(1.0)),
        ("/id", Value::Null),
        ("/id", json!("")),
        ("/source", Value::Null),
        ("/source", json!(7)),
        ("/type", Value::Null),
        ("/sequence", Value::Null),
        ("/sequence", json!("-1")),
        ("/sequence", json!("eleven")),
        ("/sequence", json!("99999999999999999999999999")),
        ("/sequence", json!(11)),
        ("/time", json!("yesterday")),
    ] {
        messages.push(spoiled(called, &call(), pointer, value));
    }
    each_is_ignored(messages);
}

#[test]
fn data_of_the_wrong_shape_are_ignored_whole() {
    let mut messages = Vec::new();
    for (pointer, value) in [
        ("/data", Value::Null),
        ("/data", json!([])),
        ("/data", json!("A-012")),
        ("/data/ticket", Value::Null),
        ("/data/ticket", json!(12)),
        ("/data/ticket", json!("")),
        ("/data/counter", Value::Null),
        ("/data/counter", json!({"id": "1"})),
        ("/data/attempt", json!("1")),
        ("/data/attempt", json!(-1)),
        ("/data/attempt", json!(0)),
        ("/data/attempt", json!(1.5)),
        ("/data/priority", json!("vip")),
    ] {
        messages.push(spoiled("papan.ticket.called", &call(), pointer, value));
    }
    for (pointer, value) in [
        ("/data/counters", Value::Null),
        ("/data/counters", json!({})),
        ("/data/counters/1", json!("2")),
        ("/data/counters/0/state", json!("ajar")),
        ("/data/counters/0/serving", json!("A-001")),
        ("/data/counters/2/id", json!("1")),
        ("/data/services", Value::Null),
        ("/data/services/0/waiting", json!(-3)),
        ("/data/hall", Value::Null),
        ("/data/calls", json!([{"ticket": "A-1"}])),
        (
            "/data/survey",
            json!({"date": "2026-02-30", "very_satisfied": 1, "satisfied": 1, "dissatisfied": 1}),
        ),
    ] {
        messages.push(spoiled("papan.hall.snapshot", &snapshot(), pointer, value));
    }
    let gone = json!({"ticket": "A-001", "counter": "1", "outcome": "vanished"});
    messages.push(("an outcome".into(), Message::text(event("papan.ticket.finished", &gone).to_string())));
    let level = json!({"id": "n", "text": "t", "level": "loud", "speak": false});
    messages.push(("a level".into(), Message::text(event("papan.notice.posted", &level).to_string())));
    each_is_ignored(messages);
}

#[test]
fn text_and_lists_over_their_limits_are_ignored() {
    let long = |n: usize| Value::String("ä".repeat(n));
    let service = json!({"id": "ktp", "name": "KTP", "agency": "Dukcapil", "prefix": "A", "waiting": 1});
    let counter = json!({"id": "1", "label": "1", "service": "ktp", "state": "open", "serving": null});
    let notice = json!({"id": "n", "text": "t", "level": "info", "speak": false});
    let many = |one: &Value| {
        let list = (0..501).map(|n| {
            let mut one = one.clone();
            one["id"] = json!(n.to_string());
            one
        });
        Value::Array(list.collect())
    };
    each_is_ignored(vec![
        spoiled("papan.ticket.called", &call(), "/data/ticket", long(17)),
        spoiled("papan.service.changed", &service, "/data/name", long(201)),
        spoiled("papan.service.changed", &service, "/data/agency", long(201)),
        spoiled("papan.counter.changed", &counter, "/data/label", long(9)),
        spoiled("papan.notice.posted", &notice, "/data/text", long(2_001)),
        spoiled("papan.hall.snapshot", &snapshot(), "/data/hall/name", long(201)),
        spoiled("papan.hall.snapshot", &snapshot(), "/data/counters", many(&counter)),
        spoiled("papan.hall.snapshot", &snapshot(), "/data/services", many(&service)),
    ]);
}

#[test]
fn text_at_its_limits_is_taken() {
    let (_server, mut display, mut peer) = followed();
    let ticket = "W".repeat(16);
    peer.event(&scene::called(&ticket, "1"));
    peer.event(&Event::ServiceChanged(Service { name: "ä".repeat(200), ..scene::service("ktp", "") }));
    let text = "ä".repeat(2_000);
    let notice = Notice { id: NoticeId("n".into()), text, level: Level::Info, speak: false, until: None };
    peer.event(&Event::NoticePosted(notice));
    display.until("all are taken", |d| d.status().sequence == Some(13));
    assert_eq!(scene::serving(display.hall(), "1"), Some(ticket.as_str()));
    assert_eq!(display.hall().services[0].name.chars().count(), 200);
    assert_eq!(display.hall().notices.len(), 1);
    assert_eq!(display.status().errors, 0);
}

#[test]
fn a_wrong_event_that_took_its_place_in_the_sequence_is_made_good_by_a_snapshot() {
    let (_server, mut display, mut peer) = followed();
    peer.message(spoiled("papan.ticket.called", &call(), "/data/ticket", json!(12)).1);
    peer.event_as(common::SOURCE, 12, &scene::called("A-120", "2"));
    assert_eq!(peer.report(), Outgoing::Resync);
    peer.snapshot(12, &Snapshot { name: "Baru".into(), ..scene::hall() });
    display.until("the snapshot is shown", |d| d.hall().name == "Baru");
    assert_eq!(display.status().errors, 1);
    assert_eq!(display.called(), ["A-120"]);
}

#[test]
fn a_message_over_1_mib_closes_the_connection_and_it_is_opened_again() {
    let (server, mut display, mut peer) = followed();
    let good =
        protocol::encode_event(&scene::called("A-200", "2"), common::SOURCE, 11, jiff::Timestamp::now());
    let padded = |length: usize| good.clone() + &" ".repeat(length - good.len());
    peer.text(&padded(LONGEST_MESSAGE));
    display.until("the longest message is taken", |d| scene::serving(d.hall(), "2") == Some("A-200"));
    let before = display.hall().replicate();
    for round in 1..=2 {
        peer.try_message(Message::text(padded(LONGEST_MESSAGE + 1)));
        assert_eq!(peer.left(), Some(1009));
        peer = server.accept();
        display.until("the fault is counted", |d| d.status().losses == round && d.status().errors == round);
        assert_eq!(display.hall().replicate(), before);
        peer.snapshot(20 * round, &before);
        peer.event(&scene::called(&format!("A-{}", 300 + round), "3"));
        display.until("the next event is taken", |d| d.status().sequence == Some(20 * round + 1));
        assert_eq!(*display.freshness(), Freshness::Live);
        peer.event(&scene::finished(&format!("A-{}", 300 + round), "3"));
        display.until("it is as before", |d| d.hall().replicate().counters == before.counters);
        peer.snapshot(20 * round + 2, &before);
        display.until("it is as before", |d| d.hall().replicate() == before);
    }
}

#[test]
fn controls_and_bidi_overrides_are_not_in_the_hall() {
    let (_server, mut display, mut peer) = followed();
    let name = "Per\u{202e}eka\u{0007}man\u{2066} K\u{200b}TP";
    let service = json!({"id": "ktp", "name": name, "agency": "D\u{0}uk", "prefix": "A", "waiting": 1});
    let called = json!({"ticket": "\u{202e}A-\u{1b}012", "counter": "1", "service": "ktp", "attempt": 1});
    peer.text(&event("papan.service.changed", &service).to_string());
    peer.text(&event("papan.ticket.called", &called).to_string().replace("\"11\"", "\"12\""));
    display.until("both are taken", |d| d.status().sequence == Some(12));
    assert_eq!(display.hall().services[0].name, "Perekaman KTP");
    assert_eq!(display.hall().services[0].agency, "Duk");
    assert_eq!(scene::serving(display.hall(), "1"), Some("A-012"));
    assert_eq!(display.called(), ["A-012"]);
}

#[test]
fn a_call_to_an_unknown_counter_is_shown_and_announced_and_a_snapshot_is_asked_for() {
    let (_server, mut display, mut peer) = followed();
    peer.event(&scene::called("A-300", "77"));
    display.until("it is shown", |d| scene::serving(d.hall(), "77") == Some("A-300"));
    display.update();
    assert_eq!(display.called(), ["A-300"]);
    let counter = display.hall().counters.last().unwrap();
    assert_eq!(counter.label, "77");
    assert_eq!(peer.report(), Outgoing::Resync);
    assert_eq!(display.hall().counters[..3], scene::hall().counters[..]);
}

#[test]
fn an_unknown_type_is_counted_and_keeps_its_place() {
    let (_server, mut display, mut peer) = followed();
    peer.text(&event("papan.robot.danced", &json!({"steps": 3})).to_string());
    peer.event_as(common::SOURCE, 12, &scene::called("A-012", "2"));
    display.until("the event after it is taken", |d| d.status().sequence == Some(12));
    assert_eq!((display.status().unknown, display.status().errors), (1, 0));
    // Had it been taken for a gap, a resync would come before this report.
    display.say(papan::state::ToServer::AnnouncementStarted(scene::call("A-012", "2", 0)));
    display.update();
    assert!(matches!(peer.report(), Outgoing::AnnouncementStarted(_)));
}

/// Sends `count` events, and the hall that they lead to.
fn flood(mut peer: Peer, count: u64) -> (Peer, Hall) {
    let mut expected = Hall::default();
    let now = jiff::Timestamp::now();
    expected.apply(Event::Snapshot(scene::hall()), now);
    for n in 0..count {
        let counter = (n % 3 + 1).to_string();
        let event = match n % 7 {
            6 => scene::finished(&format!("F-{}", n - 3), &counter),
            _ => scene::called(&format!("F-{n}"), &counter),
        };
        peer.event(&event);
        expected.apply(event, now);
    }
    (peer, expected)
}

#[test]
fn a_flood_is_taken_whole_and_in_order() {
    let (_server, mut display, peer) = followed();
    const COUNT: u64 = 10_000;
    let sender = thread::spawn(move || flood(peer, COUNT));
    display.until("all are taken", |d| d.status().sequence == Some(10 + COUNT));
    let (_peer, expected) = sender.join().unwrap();
    assert_eq!(display.hall().counters, expected.counters);
    let sequences: Vec<_> = (10..=10 + COUNT).map(Some).collect();
    assert_eq!(display.sequences(), sequences);
    assert_eq!((display.status().errors, display.status().losses), (0, 0));
}

#[test]
fn a_display_that_draws_no_frames_holds_the_server_back_and_loses_nothing() {
    let server = Server::start();
    let timing = papan::link::Timing { ping: std::time::Duration::from_millis(20), ..common::quick() };
    let mut display = Display::with(&server.url(), |o| o.timing = timing);
    display.update();
    let mut peer = server.accept();
    peer.snapshot(10, &scene::hall());
    display.until("the snapshot is shown", |d| d.status().connected);
    const COUNT: u64 = 5_000;
    let (mut peer, expected) = flood(peer, COUNT);
    // Nothing was drawn meanwhile: the link holds what it may and leaves the rest in the socket, but still pings.
    let woken = display.woken.load(std::sync::atomic::Ordering::Relaxed);
    assert!(woken <= 1_025, "{woken}");
    let before = peer.pings;
    while peer.pings < before + 3 {
        peer.next().expect("the connection stands");
    }
    display.until("all are taken", |d| d.status().sequence == Some(10 + COUNT));
    assert_eq!(display.hall().counters, expected.counters);
    assert_eq!(display.sequences(), (10..=10 + COUNT).map(Some).collect::<Vec<_>>());
    assert_eq!(display.status().losses, 0);
}
