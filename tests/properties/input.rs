//! Whatever is sent, `decode` answers, and lets nothing through that could hide or turn text around.

use jiff::Timestamp;
use papan::{
    domain::{event::Event, hall::Hall},
    protocol::{Incoming, LONGEST_MESSAGE, Reject, decode, decode_report, encode_event},
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Pieces that JSON, CloudEvents and screens trip over.
const PIECES: &[&str] = &[
    "",
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    "18446744073709551616",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "\\u202e",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{0}",
    "\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"data\":",
    "\"id\":\"1\",",
    "[[[[[[[[",
    "{\"a\":",
    "papan.ticket.called",
    "A-012",
    "1.0",
    "é",
    "😀",
    "\u{e0041}",
];

/// Text of a kind that a careless or hostile server could send.
fn nasty() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        3 => prop::char::range('A', 'Z'),
        1 => prop::char::range('\u{0}', '\u{20}'),
        1 => prop::char::range('\u{7f}', '\u{ad}'),
        1 => prop::char::range('\u{2000}', '\u{206f}'),
        1 => prop::char::range('\u{e0000}', '\u{e007f}'),
        1 => any::<char>(),
    ];
    prop::collection::vec(character, 0..12).prop_map(String::from_iter)
}

/// A right message but for its texts.
fn message() -> impl Strategy<Value = Value> {
    let texts = [nasty(), nasty(), nasty(), nasty()];
    (0..7usize, texts, 0..4u32).prop_map(|(which, [a, b, c, d], number)| {
        let state = ["open", "paused", "closed", "libur"][number as usize];
        let serving = json!({"ticket": a, "attempt": number});
        let counter = json!({"id": b, "label": c, "service": d, "state": state, "serving": serving});
        let service = json!({"id": a, "name": b, "agency": c, "prefix": d, "waiting": number});
        let call = json!({"ticket": a, "counter": b, "service": c, "attempt": number});
        let notice = json!({"id": a, "text": b, "level": "emergency", "speak": true});
        let (kind, data) = match which {
            0 => ("papan.ticket.called", call),
            1 => ("papan.ticket.finished", json!({"ticket": a, "counter": b, "outcome": "served"})),
            2 => ("papan.counter.changed", counter),
            3 => ("papan.service.changed", service),
            4 => ("papan.notice.posted", notice),
            5 => ("papan.counter.removed", json!({"id": a})),
            _ => (
                "papan.hall.snapshot",
                json!({"hall": {"name": c, "organization": d}, "services": [service], "counters": [counter],
                    "calls": [call], "notices": [notice]}),
            ),
        };
        json!({"specversion": "1.0", "id": "1", "source": "s", "type": kind, "sequence": "7", "data": data})
    })
}

/// Looks at what was let through, with a list of its own.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || ('\u{200b}'..='\u{200f}').contains(&character)
        || ('\u{2028}'..='\u{202e}').contains(&character)
        || ('\u{2060}'..='\u{206f}').contains(&character)
        || ('\u{e0000}'..='\u{e0fff}').contains(&character)
        || ['\u{ad}', '\u{61c}', '\u{feff}', '\u{115f}', '\u{3164}'].contains(&character)
}

fn strings(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::String(text) => all.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|v| strings(v, all)),
        Value::Object(members) => members.values().for_each(|v| strings(v, all)),
        _ => {}
    }
}

/// What `decode` lets through is clean, within the limits, and stays as it is when it is written and read.
fn check(text: &str) {
    let (source, event) = match decode(text) {
        Ok(Incoming::Event { source, event, .. }) => (source, event),
        Ok(Incoming::Unknown { kind, .. }) => return assert!(!kind.chars().any(is_hidden), "{kind:?}"),
        Err(reject) => return assert!(!reject.to_string().chars().any(is_hidden), "{reject:?}"),
    };
    let written = encode_event(&event, &source, 7, Timestamp::UNIX_EPOCH);
    let value: Value = serde_json::from_str(&written).unwrap();
    let mut all = Vec::new();
    strings(&value["data"], &mut all);
    for text in all {
        assert!(!text.chars().any(is_hidden), "{text:?}");
        assert!(text.chars().count() <= 2_000);
        assert_eq!(text, text.trim());
    }
    match (decode(&written), event.clone()) {
        (Ok(Incoming::Event { event: Event::TicketCalled(again), .. }), Event::TicketCalled(call)) => {
            assert_eq!(
                (again.ticket, again.counter, again.attempt),
                (call.ticket, call.counter, call.attempt)
            );
        }
        (Ok(Incoming::Event { event: again, .. }), event) => assert_eq!(again, event),
        (other, _) => panic!("{written}: {other:?}"),
    }
    let mut hall = Hall::default();
    hall.apply(event, Timestamp::UNIX_EPOCH);
    let mut copy = Hall::default();
    copy.apply(Event::Snapshot(hall.replicate()), Timestamp::UNIX_EPOCH);
    assert_eq!(copy, hall);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_texts_are_clean_or_rejected(message in message()) {
        check(&message.to_string());
    }

    #[test]
    fn any_damage_is_answered(
        message in message(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), 0..9usize, 0..PIECES.len()), 1..4),
    ) {
        let mut characters: Vec<char> = message.to_string().chars().collect();
        for (at, length, piece) in damage {
            let from = at.index(characters.len() + 1);
            let to = (from + length).min(characters.len());
            characters.splice(from..to, PIECES[piece].chars());
        }
        let text = String::from_iter(characters);
        check(&text);
        // A report is read with the same care.
        let _ = decode_report(&text);
    }
}

#[test]
fn a_message_over_the_limit_is_not_read() {
    let long = " ".repeat(LONGEST_MESSAGE + 1);
    assert_eq!(decode(&long), Err(Reject::TooLong(LONGEST_MESSAGE + 1)));
}

#[test]
fn deep_nesting_is_answered() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}0{}", open.repeat(100_000), close.repeat(100_000));
        assert!(decode(&deep).is_err());
        let inside = format!(r#"{{"specversion":"1.0","id":"1","source":"s","type":"t","data":{deep}}}"#);
        assert!(decode(&inside).is_err());
        let beside = format!(r#"{{"specversion":"1.0","id":"1","source":"s","type":"t","x":{deep}}}"#);
        assert!(matches!(decode(&beside), Ok(Incoming::Unknown { .. })), "what is not known is passed over");
    }
}
