//! What a hall does at its limits, and with what a server says in an odd order.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use jiff::{SignedDuration, Timestamp};
use papan::domain::{
    event::{
        Counter, CounterId, CounterState, Event, Level, Notice, NoticeId, Outcome, Service, ServiceId,
        Serving, Snapshot, Ticket, TicketCalled,
    },
    hall::{Change, Hall, MOST, MOST_NOTICES},
};

const NOW: Timestamp = Timestamp::constant(1_795_000_000, 0);

fn ago(seconds: i64) -> Option<Timestamp> {
    Some(NOW - SignedDuration::from_secs(seconds))
}

fn call(ticket: &str, counter: &str, time: Option<Timestamp>) -> TicketCalled {
    let (ticket, counter) = (Ticket(ticket.into()), CounterId(counter.into()));
    TicketCalled { ticket, counter, service: None, attempt: 1, priority: None, time }
}

fn counter(id: &str, ticket: Option<&str>) -> Counter {
    let serving = ticket.map(|t| Serving { ticket: Ticket(t.into()), attempt: 1 });
    let (service, state) = (None, CounterState::Open);
    Counter { id: CounterId(id.into()), label: id.chars().take(8).collect(), service, state, serving }
}

fn notice(id: impl ToString, level: Level, until: Option<Timestamp>) -> Event {
    let (id, text) = (NoticeId(id.to_string()), "Pengumuman".into());
    Event::NoticePosted(Notice { id, text, level, speak: false, until })
}

fn snapshot(counters: &[Counter], calls: &[TicketCalled]) -> Event {
    Event::Snapshot(Snapshot { counters: counters.to_vec(), calls: calls.to_vec(), ..Snapshot::default() })
}

fn serving<'a>(hall: &'a Hall, id: &str) -> Option<&'a str> {
    let counter = hall.counter(&CounterId(id.into())).expect("the counter is there");
    counter.serving.as_ref().map(|s| s.ticket.0.as_str())
}

fn withdrawn(ticket: &str, counter: &str) -> Change {
    Change::Withdrawn { ticket: Ticket(ticket.into()), counter: CounterId(counter.into()) }
}

#[test]
fn the_first_snapshot_announces_nothing() {
    let mut hall = Hall::default();
    assert!(!hall.known());
    let first = snapshot(&[counter("1", Some("A-1"))], &[call("A-1", "1", ago(5))]);
    assert_eq!(hall.apply(first.clone(), NOW), []);
    assert!(hall.known());
    assert_eq!(hall.apply(first, NOW), []);
}

#[test]
fn a_missed_call_is_announced_while_it_is_young_and_awaited() {
    let counters =
        ["1", "2", "3", "4", "5", "6"].map(|id| counter(id, (id != "6").then_some(&*format!("A-{id}"))));
    let calls = [
        call("A-1", "1", ago(59)),
        call("A-2", "2", ago(60)),
        call("A-3", "3", None),
        call("A-4", "4", ago(-60)),
        call("A-5", "5", ago(-59)),
        call("A-6", "6", ago(1)),
        call("A-7", "7", ago(1)),
    ];
    let mut hall = Hall::default();
    hall.apply(snapshot(&[], &[]), NOW);
    let expected = [calls[0].clone(), calls[4].clone()].map(Change::Called);
    assert_eq!(hall.apply(snapshot(&counters, &calls), NOW), expected);
    assert_eq!(hall.calls, calls[..6], "a call to a counter that is not listed is left out");
    assert_eq!(hall.apply(snapshot(&counters, &calls), NOW), []);
}

#[test]
fn missed_calls_are_announced_oldest_first() {
    let counters = [counter("1", Some("A-1")), counter("2", Some("A-2"))];
    let calls = [call("A-1", "1", ago(10)), call("A-2", "2", ago(20))];
    let mut hall = Hall::default();
    hall.apply(snapshot(&[], &[]), NOW);
    let expected = [calls[1].clone(), calls[0].clone()].map(Change::Called);
    assert_eq!(hall.apply(snapshot(&counters, &calls), NOW), expected);
}

#[test]
fn the_very_same_call_is_announced_once_and_its_recall_again() {
    let mut hall = Hall::default();
    hall.apply(snapshot(&[counter("1", None)], &[]), NOW);
    let first = call("A-1", "1", ago(20));
    assert_eq!(hall.apply(Event::TicketCalled(first.clone()), NOW), [Change::Called(first.clone())]);
    assert_eq!(hall.apply(Event::TicketCalled(first.clone()), NOW), []);
    // A snapshot may give the call a time that differs a little from its event's.
    let near = call("A-1", "1", ago(17));
    assert_eq!(hall.apply(snapshot(&[counter("1", Some("A-1"))], &[near]), NOW), []);
    // A server that does not count attempts recalls all the same.
    let again = call("A-1", "1", ago(0));
    assert_eq!(hall.apply(Event::TicketCalled(again.clone()), NOW), [Change::Called(again)]);
    let untimed = call("A-1", "1", None);
    for _ in 0..2 {
        assert_eq!(hall.apply(Event::TicketCalled(untimed.clone()), NOW), [Change::Called(untimed.clone())]);
    }
}

#[test]
fn only_the_ticket_that_is_served_is_finished() {
    let mut hall = Hall::default();
    hall.apply(snapshot(&[counter("1", Some("A-2"))], &[]), NOW);
    let finished = |ticket: &str, counter: &str| Event::TicketFinished {
        ticket: Ticket(ticket.into()),
        counter: CounterId(counter.into()),
        outcome: Outcome::Served,
    };
    assert_eq!(hall.apply(finished("A-1", "1"), NOW), [withdrawn("A-1", "1")]);
    assert_eq!(hall.apply(finished("A-2", "9"), NOW), [withdrawn("A-2", "9")]);
    assert_eq!(serving(&hall, "1"), Some("A-2"));
    assert_eq!(hall.apply(finished("A-2", "1"), NOW), [withdrawn("A-2", "1")]);
    assert_eq!(serving(&hall, "1"), None);
}

#[test]
fn a_ticket_of_one_service_is_shown_at_one_counter() {
    let of = |service: &str, id: &str, ticket| Counter {
        service: Some(ServiceId(service.into())),
        ..counter(id, Some(ticket))
    };
    let mut hall = Hall::default();
    hall.apply(snapshot(&[of("a", "1", "12"), of("a", "2", "13"), of("b", "3", "12")], &[]), NOW);
    let moved = TicketCalled { service: Some(ServiceId("a".into())), ..call("12", "2", ago(0)) };
    let expected = [withdrawn("12", "1"), Change::Called(moved.clone())];
    assert_eq!(hall.apply(Event::TicketCalled(moved), NOW), expected);
    assert_eq!((serving(&hall, "1"), serving(&hall, "2")), (None, Some("12")));
    assert_eq!(serving(&hall, "3"), Some("12"), "another service's 12 is another ticket");
}

#[test]
fn what_a_counter_says_of_itself_holds() {
    let mut hall = Hall::default();
    hall.apply(snapshot(&[counter("1", Some("A-1")), counter("2", None)], &[]), NOW);
    assert_eq!(hall.apply(Event::CounterChanged(counter("1", Some("A-1"))), NOW), []);
    assert_eq!(hall.apply(Event::CounterChanged(counter("1", None)), NOW), [withdrawn("A-1", "1")]);
    hall.apply(Event::CounterChanged(counter("3", Some("A-3"))), NOW);
    let ids: Vec<_> = hall.counters.iter().map(|c| c.id.0.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3"], "in place, and a new one last");
    hall.apply(Event::TicketCalled(call("A-3", "3", None)), NOW);
    let gone = Change::CounterGone(CounterId("3".into()));
    assert_eq!(hall.apply(Event::CounterRemoved(CounterId("3".into())), NOW), [gone]);
    assert_eq!((hall.counters.len(), hall.calls.len()), (2, 0));
}

#[test]
fn an_unknown_counter_is_shown_by_its_id() {
    let mut hall = Hall::default();
    hall.apply(snapshot(&[], &[]), NOW);
    let unknown = call("PBB-1044-LANJUT", "keliling-12", None);
    let asked = Change::UnknownCounter(unknown.counter.clone());
    let called = Change::Called(unknown.clone());
    assert_eq!(hall.apply(Event::TicketCalled(unknown.clone()), NOW), [asked, called.clone()]);
    assert_eq!(
        hall.counters,
        [Counter { label: "…ling-12".into(), ..counter("keliling-12", Some("PBB-1044-LANJUT")) }]
    );
    assert_eq!(hall.apply(Event::TicketCalled(unknown), NOW), [called], "it is known now");
}

#[test]
fn nothing_grows_without_bound() {
    let mut hall = Hall::default();
    for n in 0..MOST + 10 {
        let id = n.to_string();
        let called = call(&id, &id, None);
        let asked = Change::UnknownCounter(called.counter.clone());
        assert_eq!(hall.apply(Event::TicketCalled(called.clone()), NOW), [asked, Change::Called(called)]);
        let (id, name, empty) = (ServiceId(id), String::new(), String::new());
        let service = Service { id, name, agency: empty.clone(), prefix: empty, waiting: None };
        hall.apply(Event::ServiceChanged(service), NOW);
    }
    hall.apply(Event::CounterChanged(counter("more", None)), NOW);
    assert_eq!((hall.counters.len(), hall.calls.len(), hall.services.len()), (MOST, MOST, MOST));
    // Calls that come for hours are not all remembered, and the last one is.
    for n in 0..10_000 {
        hall.apply(Event::TicketCalled(call(&n.to_string(), "1", ago(n % 50))), NOW);
    }
    let last = call("9999", "1", ago(9_999 % 50));
    assert_eq!(hall.apply(Event::TicketCalled(last), NOW), []);
}

#[test]
fn the_oldest_of_the_lowest_notices_gives_way() {
    let mut hall = Hall::default();
    let ids = |hall: &Hall| hall.notices.iter().map(|n| n.id.0.clone()).collect::<Vec<_>>();
    hall.apply(notice("padam", Level::Emergency, None), NOW);
    hall.apply(notice("pindah", Level::Important, None), NOW);
    (2..MOST_NOTICES).for_each(|n| drop(hall.apply(notice(n, Level::Info, None), NOW)));
    hall.apply(notice("baru", Level::Info, None), NOW);
    assert_eq!(ids(&hall)[..3], ["padam", "pindah", "3"]);
    assert_eq!(ids(&hall).last().map(String::as_str), Some("baru"));
    for n in 0..MOST_NOTICES {
        hall.apply(notice(format!("darurat-{n}"), Level::Emergency, None), NOW);
    }
    assert_eq!(ids(&hall).len(), MOST_NOTICES);
    assert_eq!(ids(&hall)[0], "darurat-0", "an emergency gave way to an emergency alone");
    let before = ids(&hall);
    hall.apply(notice("kabar", Level::Info, None), NOW);
    assert_eq!(ids(&hall), before);
}

#[test]
fn a_notice_ends_when_it_is_cleared_or_past_its_time() {
    let mut hall = Hall::default();
    hall.apply(notice("a", Level::Info, ago(-10)), NOW);
    hall.apply(notice("b", Level::Emergency, None), NOW);
    hall.apply(notice("a", Level::Important, ago(-20)), NOW);
    assert_eq!(
        hall.notices.iter().map(|n| n.level).collect::<Vec<_>>(),
        [Level::Important, Level::Emergency]
    );
    assert_eq!(hall.expire(NOW + SignedDuration::from_secs(19)), []);
    assert_eq!(hall.expire(NOW + SignedDuration::from_secs(20)).len(), 1);
    assert_eq!(hall.notices.len(), 1);
    hall.apply(Event::NoticeCleared(NoticeId("b".into())), NOW);
    assert_eq!(hall.notices, []);
}

#[test]
fn a_notice_is_spoken_once_and_an_emergency_that_was_missed_too() {
    let mut hall = Hall::default();
    let said = |id: &str, level, text: &str, speak| Notice {
        id: NoticeId(id.into()),
        text: text.into(),
        level,
        speak,
        until: None,
    };
    let gone = |id: &str| Change::NoticeGone(NoticeId(id.into()));
    let holding =
        |notices: &[Notice]| Event::Snapshot(Snapshot { notices: notices.to_vec(), ..Snapshot::default() });
    let old = said("a", Level::Info, "Istirahat", true);
    let fire = said("f", Level::Emergency, "Kebakaran", true);
    // Whoever starts while the hall burns says so; what is only information was said before.
    let first = hall.apply(holding(&[old.clone(), fire.clone()]), NOW);
    assert_eq!(first, [Change::Speak(fire.clone())]);
    assert_eq!(hall.apply(holding(&[old.clone(), fire.clone()]), NOW), []);
    assert_eq!(hall.apply(Event::NoticePosted(fire.clone()), NOW), [], "it says the same");
    let raised = said("a", Level::Emergency, "Istirahat", true);
    assert_eq!(hall.apply(Event::NoticePosted(raised.clone()), NOW), [Change::Speak(raised)], "it is louder");
    assert_eq!(hall.apply(Event::NoticePosted(old.clone()), NOW), []);
    let over = Notice { until: ago(1), ..said("o", Level::Emergency, "Selesai", true) };
    assert_eq!(hall.apply(Event::NoticePosted(over), NOW), [], "it is over already");
    let louder = said("f", Level::Emergency, "Kebakaran di lantai dua", true);
    assert_eq!(hall.apply(Event::NoticePosted(louder.clone()), NOW), [Change::Speak(louder)]);
    let silent = said("f", Level::Emergency, "Kebakaran di lantai dua", false);
    assert_eq!(hall.apply(Event::NoticePosted(silent), NOW), [gone("f")]);
    assert_eq!(hall.apply(holding(&[old]), NOW), [gone("f"), gone("o")]);
    assert_eq!(hall.apply(Event::NoticeCleared(NoticeId("a".into())), NOW), [gone("a")]);
}

#[test]
fn a_call_to_a_counter_that_the_server_never_lists_stays_to_be_announced() {
    let mut hall = Hall::default();
    hall.apply(snapshot(&[counter("1", None), counter("2", None)], &[]), NOW);
    let unknown = call("A-7", "99", ago(0));
    assert_eq!(hall.apply(Event::TicketCalled(unknown), NOW).len(), 2, "a resync, and the call");
    assert_eq!(hall.label(&CounterId("99".into())), "99");
    // The answer to the resync does not list it either; a counter that it listed before is gone.
    let gone = Change::CounterGone(CounterId("2".into()));
    assert_eq!(hall.apply(snapshot(&[counter("1", None)], &[]), NOW), [gone]);
    assert_eq!(hall.label(&CounterId("99".into())), "99");
    let removed = CounterId("99".into());
    assert_eq!(hall.apply(Event::CounterRemoved(removed.clone()), NOW), [Change::CounterGone(removed)]);
}

#[test]
fn a_call_without_its_service_has_that_of_its_ticket_or_of_its_counter() {
    let of =
        |counter: Counter, service: &str| Counter { service: Some(ServiceId(service.into())), ..counter };
    let mut hall = Hall::default();
    hall.apply(snapshot(&[of(counter("1", None), "ktp"), of(counter("2", None), "kk")], &[]), NOW);
    let mut service = |call: TicketCalled| match hall.apply(Event::TicketCalled(call), NOW).pop() {
        Some(Change::Called(call)) => call.service.map(|s| s.0),
        other => panic!("{other:?}"),
    };
    assert_eq!(service(call("A-1", "1", None)).as_deref(), Some("ktp"), "the counter's");
    assert_eq!(service(call("A-1", "2", None)).as_deref(), Some("ktp"), "the ticket's");
    assert_eq!(service(call("B-1", "2", None)).as_deref(), Some("kk"));
}
