//! The link over a real socket: order, loss, and coming back.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may end at what it did not expect")]

mod common;

use std::{fs, sync::atomic::Ordering, time::Duration};

use common::{Display, Server, quick, scene};
use papan::{
    domain::event::{Event, Snapshot},
    link::Timing,
    protocol::{LinkState, Outgoing},
    state::{Freshness, ToServer},
};

#[test]
fn a_hall_is_followed_and_each_event_wakes_the_screen() {
    let server = Server::start();
    let mut display = Display::follow(&server.url());
    display.update();
    assert_eq!(*display.freshness(), Freshness::Waiting);
    let mut peer = server.accept();
    peer.snapshot(7, &scene::hall());
    display.until("the snapshot is shown", |d| d.hall().counters.len() == 3);
    assert_eq!(*display.freshness(), Freshness::Live);
    assert!(display.status().connected);
    peer.event(&scene::called("A-002", "2"));
    peer.event(&scene::finished("A-001", "1"));
    display.until("the events are shown", |d| d.status().sequence == Some(9));
    assert_eq!(scene::serving(display.hall(), "2"), Some("A-002"));
    assert_eq!(scene::serving(display.hall(), "1"), None);
    assert_eq!(display.called(), ["A-002"]);
    assert_eq!(display.withdrawn(), ["A-001"]);
    assert_eq!(display.sequences(), [Some(7), Some(8), Some(9)]);
    display.until("each event woke the screen", |d| d.woken.load(Ordering::Relaxed) == 3);
}

#[test]
fn a_duplicate_and_an_event_that_says_nothing_new_leave_the_hall_untouched() {
    let server = Server::start();
    let mut display = Display::follow(&server.url());
    display.update();
    let mut peer = server.accept();
    peer.snapshot(7, &scene::hall());
    display.until("the snapshot is shown", |d| d.status().connected);
    let changes = display.hall_changes();
    peer.event_as(common::SOURCE, 6, &scene::called("A-099", "3"));
    peer.event_as(common::SOURCE, 7, &scene::called("A-099", "3"));
    peer.event_as(common::SOURCE, 8, &Event::CounterChanged(scene::counter("1", Some("A-001"))));
    display.until("the last one is taken", |d| d.status().sequence == Some(8));
    assert_eq!(display.hall_changes(), changes);
    assert_eq!(display.sequences(), [Some(7), Some(8)]);
    assert!(display.called().is_empty());
}

#[test]
fn a_gap_is_told_once_until_it_is_answered() {
    let server = Server::start();
    let mut display = Display::follow(&server.url());
    display.update();
    let mut peer = server.accept();
    peer.snapshot(7, &scene::hall());
    peer.event_as(common::SOURCE, 10, &scene::called("A-010", "2"));
    peer.event_as(common::SOURCE, 13, &scene::called("A-013", "3"));
    assert_eq!(peer.report(), Outgoing::Resync);
    display.until("what came is shown meanwhile", |d| scene::serving(d.hall(), "3") == Some("A-013"));
    let mut hall = scene::hall();
    hall.counters[0].serving = None;
    peer.snapshot(13, &hall);
    peer.event(&scene::called("A-014", "1"));
    display.until("the answer is shown", |d| d.status().sequence == Some(14));
    assert_eq!(scene::serving(display.hall(), "1"), Some("A-014"));
    assert_eq!(scene::serving(display.hall(), "2"), None);
    // The next report after the answer is for the next gap: the second gap above asked for nothing.
    peer.event_as(common::SOURCE, 99, &scene::called("A-099", "1"));
    assert_eq!(peer.report(), Outgoing::Resync);
    display.say(ToServer::AnnouncementFinished(scene::call("A-099", "1", 0)));
    display.update();
    assert!(matches!(peer.report(), Outgoing::AnnouncementFinished(_)));
    assert_eq!(display.status().losses, 0);
}

#[test]
fn without_its_snapshot_a_connection_is_given_up() {
    let server = Server::start();
    let timing = Timing { snapshot: Duration::from_secs(1), ..quick() };
    let mut display = Display::with(&server.url(), |o| o.timing = timing);
    display.update();
    // The first one never says anything, the second one does not answer a resync.
    let mut mute = server.accept();
    mute.left();
    let mut peer = server.accept();
    peer.snapshot(1, &scene::hall());
    peer.event_as(common::SOURCE, 5, &scene::called("A-005", "2"));
    assert_eq!(peer.report(), Outgoing::Resync);
    peer.left();
    let mut peer = server.accept();
    peer.snapshot(5, &scene::hall());
    display.until("the third one is followed", |d| d.status().connected && d.status().losses == 2);
    assert_eq!(*display.freshness(), Freshness::Live);
}

#[test]
fn a_server_that_starts_anew_is_taken_as_it_is() {
    let server = Server::start();
    let mut display = Display::follow(&server.url());
    display.update();
    let mut peer = server.accept();
    peer.snapshot(1_000, &scene::hall());
    display.until("the first life is followed", |d| d.status().sequence == Some(1_000));
    peer.close();
    let mut peer = server.accept();
    peer.snapshot(3, &Snapshot { counters: vec![scene::counter("9", None)], ..scene::hall() });
    peer.event(&scene::called("A-001", "9"));
    display.until("the second life is followed", |d| d.status().sequence == Some(4));
    assert_eq!(display.hall().counters.len(), 1);
    assert_eq!(scene::serving(display.hall(), "9"), Some("A-001"));
    // Another source within one connection speaks for another hall, until it says everything anew.
    peer.event_as("urn:other", 5, &scene::called("A-666", "9"));
    assert_eq!(peer.report(), Outgoing::Resync);
    peer.event_as("urn:other", 2, &Event::Snapshot(scene::hall()));
    peer.event_as("urn:other", 3, &scene::called("A-002", "2"));
    display.until("the other source is followed", |d| scene::serving(d.hall(), "2") == Some("A-002"));
    assert!(!display.called().contains(&"A-666"));
}

#[test]
fn a_missed_call_is_announced_once_if_it_is_young() {
    let server = Server::start();
    let mut display = Display::follow(&server.url());
    display.update();
    let mut peer = server.accept();
    peer.snapshot(1, &scene::hall());
    display.until("the snapshot is shown", |d| d.status().connected);
    let missed = Snapshot {
        counters: vec![
            scene::counter("1", Some("A-001")),
            scene::counter("2", Some("A-020")),
            scene::counter("3", Some("A-030")),
        ],
        calls: vec![scene::call("A-030", "3", 75), scene::call("A-020", "2", 20)],
        ..scene::hall()
    };
    for round in 0..3 {
        peer.close();
        peer = server.accept();
        peer.snapshot(9, &missed);
        display.until("the snapshot is shown", |d| {
            d.status().losses == round + 1 && d.status().connected && d.sequences().len() as u64 == round + 2
        });
    }
    peer.event(&scene::called("A-040", "1"));
    display.until("the next call is heard", |d| d.called().contains(&"A-040"));
    assert_eq!(display.called(), ["A-020", "A-040"]);
    assert_eq!(scene::serving(display.hall(), "3"), Some("A-030"));
}

#[test]
fn a_dead_connection_is_left_and_what_is_shown_is_marked() {
    let server = Server::start();
    let timing = Timing {
        ping: Duration::from_millis(25),
        silence: Duration::from_secs(1),
        grace: Duration::from_millis(300),
        ..quick()
    };
    let mut display = Display::with(&server.url(), |o| o.timing = timing);
    display.update();
    let mut peer = server.accept();
    peer.snapshot(1, &scene::hall());
    display.until("the snapshot is shown", |d| d.status().connected);
    // A server that answers pings is alive, however little it says. (Reading is what answers.)
    while peer.pings < 60 {
        peer.next().expect("the connection stands");
    }
    display.update();
    assert_eq!(display.status().losses, 0);
    // From here on the server reads and answers nothing, though its sockets stand.
    let before = jiff::Timestamp::now();
    display.until("the loss is seen", |d| d.status().losses == 1);
    assert!(!display.status().connected);
    display.until("the hall is marked", |d| matches!(d.freshness(), Freshness::Stale(_)));
    let Freshness::Stale(time) = *display.freshness() else { unreachable!() };
    assert!(
        time < jiff::Timestamp::now() - jiff::SignedDuration::from_millis(1_250),
        "the time is that of the last sign of life"
    );
    assert!(time > before - jiff::SignedDuration::from_secs(5));
    assert_eq!(display.hall().counters.len(), 3, "the tickets stay");
}

#[test]
fn a_short_loss_is_not_shown() {
    let server = Server::start();
    let mut display = Display::follow(&server.url());
    display.update();
    let mut peer = server.accept();
    peer.snapshot(1, &scene::hall());
    display.until("the snapshot is shown", |d| d.status().connected);
    drop(peer);
    display.until("the loss is seen", |d| !d.status().connected);
    assert_eq!(*display.freshness(), Freshness::Live);
    let mut peer = server.accept();
    peer.snapshot(1, &scene::hall());
    display.until("it is followed again", |d| d.status().connected);
    assert_eq!(*display.freshness(), Freshness::Live);
}

#[test]
fn a_server_that_selects_no_subprotocol_is_accepted() {
    let mut server = Server::start();
    server.selects = false;
    let mut display = Display::follow(&server.url());
    display.update();
    let mut peer = server.accept();
    assert_eq!(peer.header("sec-websocket-protocol"), Some("cloudevents.json"));
    peer.snapshot(1, &scene::hall());
    display.until("the snapshot is shown", |d| d.status().connected);
}

#[test]
fn the_handshake_names_the_display_and_shows_the_token_as_it_is_now() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, "first\n").unwrap();
    let server = Server::start();
    let mut display = Display::with(&format!("{}?hall=2", server.url()), |o| {
        o.queue.token_file = Some(file.clone());
        o.queue.display = "lobi utara/1".into();
    });
    display.update();
    let peer = server.accept();
    assert_eq!(peer.target, "/events?hall=2&display=lobi%20utara%2F1");
    assert_eq!(peer.header("authorization"), Some("Bearer first"));
    fs::write(&file, "second").unwrap();
    peer.close();
    let peer = server.accept();
    assert_eq!(peer.header("authorization"), Some("Bearer second"));
    // Without its token the display does not knock; with it, it does.
    fs::remove_file(&file).unwrap();
    peer.close();
    display.until("the loss is seen", |d| d.status().losses == 2);
    fs::write(&file, "third").unwrap();
    assert_eq!(server.accept().header("authorization"), Some("Bearer third"));
}

#[test]
fn a_server_that_refuses_is_asked_again() {
    let server = Server::start();
    let mut display = Display::follow(&server.url());
    display.update();
    server.answer("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
    server.answer("HTTP/1.1 301 Moved Permanently\r\nLocation: /elsewhere\r\n\r\n");
    server.answer("garbage\r\n\r\n");
    server.answer("");
    let mut peer = server.accept();
    assert_eq!(peer.header("authorization"), None);
    peer.snapshot(1, &scene::hall());
    display.until("the snapshot is shown", |d| d.status().connected);
    assert_eq!(display.status().losses, 0);
}

#[test]
fn the_display_reports() {
    let server = Server::start();
    let timing = Timing { status: Duration::from_millis(50), ..quick() };
    let mut display = Display::with(&server.url(), |o| o.timing = timing);
    display.update();
    let mut peer = server.accept();
    peer.snapshot(41, &scene::hall());
    peer.text("not an event");
    display.until("the snapshot is shown", |d| d.status().connected && d.status().errors == 1);
    display.say(ToServer::AnnouncementStarted(scene::call("A-001", "1", 0)));
    display.update();
    match peer.report() {
        Outgoing::AnnouncementStarted(call) => assert_eq!(call.ticket.0, "A-001"),
        other => panic!("{other:?}"),
    }
    let status = loop {
        let due = display.mono() + timing.status;
        display.until("a status is due", |d| d.mono() > due);
        let (name, report) = peer.any_report();
        assert_eq!(name, "lobi-1");
        // The first ones were said before the snapshot came.
        if let Outgoing::Status(status) = report
            && status.errors == 1
        {
            break status;
        }
    };
    assert_eq!(status.sequence.as_deref(), Some("41"));
    assert_eq!(status.link, LinkState::Live);
    assert_eq!(status.version, env!("CARGO_PKG_VERSION"));
}
