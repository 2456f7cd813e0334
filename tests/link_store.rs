//! The last state on disk: kept while the server is followed, shown when it is out of reach.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may end at what it did not expect")]

mod common;

use std::{fs, path::Path};

use common::{Display, Server, scene};
use jiff::{SignedDuration, Timestamp};
use papan::{link::store, state::Freshness};

/// The only state file in a folder, once there is one.
fn state_file(folder: &Path) -> Option<std::path::PathBuf> {
    let files = fs::read_dir(folder).ok()?.map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|e| e == "json")).max()
}

fn stored_ticket(folder: &Path, counter: &str) -> Option<String> {
    let text = fs::read_to_string(state_file(folder)?).unwrap();
    let (hall, _) = store::load_hall(&text).expect("the file is whole at every moment");
    scene::serving(&hall, counter).map(str::to_owned)
}

#[test]
fn the_state_outlives_the_program_and_is_marked_with_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let state = Some(folder.path().to_owned());
    let server = Server::start();
    let (address, url) = (server.address(), server.url());
    let before = Timestamp::now() - SignedDuration::from_secs(1);
    let mut display = Display::with(&url, |o| o.state.clone_from(&state));
    display.update();
    let mut peer = server.accept();
    peer.snapshot(5, &scene::hall());
    display.until("the snapshot is kept", |_| stored_ticket(folder.path(), "1").is_some());
    peer.event(&scene::called("A-002", "2"));
    display.until("the call is kept", |_| stored_ticket(folder.path(), "2").as_deref() == Some("A-002"));
    let shown = display.hall().clone();
    // No end in order: the program is gone as a killed one is.
    drop(display);
    drop(peer);
    drop(server);

    let mut display = Display::with(&url, |o| o.state.clone_from(&state));
    display.update();
    display.update();
    assert_eq!(*display.hall(), shown);
    let Freshness::Stale(time) = *display.freshness() else { panic!("{:?}", display.freshness()) };
    assert!(before < time && time < Timestamp::now(), "{time}");
    assert!(display.called().is_empty());
    assert_eq!(display.sequences(), [None]);

    // The server comes back: what was missed meanwhile is announced, what was shown before is not.
    let server = Server::on(&address);
    let mut peer = server.accept();
    let mut now = scene::hall();
    now.counters = vec![
        scene::counter("1", Some("A-001")),
        scene::counter("2", Some("A-002")),
        scene::counter("3", Some("A-003")),
    ];
    now.calls = vec![shown.calls.last().unwrap().clone(), scene::call("A-003", "3", 10)];
    peer.snapshot(9, &now);
    display.until("the server is followed", |d| *d.freshness() == Freshness::Live);
    display.update();
    assert_eq!(display.called(), ["A-003"]);
}

#[test]
fn the_end_in_order_keeps_the_last_event_without_waiting_for_its_second() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start();
    let mut display = Display::with(&server.url(), |o| o.state = Some(folder.path().to_owned()));
    display.update();
    let mut peer = server.accept();
    peer.snapshot(5, &scene::hall());
    peer.event(&scene::called("A-002", "2"));
    peer.event(&scene::called("A-003", "3"));
    display.until("the calls are shown", |d| d.status().sequence == Some(7));
    display.exit();
    assert_eq!(stored_ticket(folder.path(), "2").as_deref(), Some("A-002"));
    assert_eq!(stored_ticket(folder.path(), "3").as_deref(), Some("A-003"));
}

#[test]
fn another_servers_or_displays_state_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start();
    let with = |url: &str, name: &str| {
        let name = name.to_owned();
        Display::with(url, |o| {
            o.state = Some(folder.path().to_owned());
            o.queue.display = name;
        })
    };
    let mut display = with(&server.url(), "lobi-1");
    display.update();
    let mut peer = server.accept();
    peer.snapshot(5, &scene::hall());
    display.until("the snapshot is shown", |d| d.status().connected);
    display.exit();
    for (url, name) in [("ws://127.0.0.1:1/events", "lobi-1"), (server.url().as_str(), "lobi-2")] {
        let mut display = with(url, name);
        display.update();
        display.update();
        assert_eq!(*display.freshness(), Freshness::Waiting);
        assert!(display.hall().counters.is_empty());
    }
    let mut display = with(&server.url(), "lobi-1");
    display.update();
    display.update();
    assert!(matches!(display.freshness(), Freshness::Stale(_)));
}

#[test]
fn a_broken_file_is_ignored_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start();
    let path = folder.path().join(store::file_name("lobi-1", &server.url()));
    for broken in ["", "{\"specversion\": \"1.0\"", "{}", &" ".repeat(2 << 20), "\u{0}\u{0}\u{0}"] {
        fs::write(&path, broken).unwrap();
        let mut display = Display::with(&server.url(), |o| o.state = Some(folder.path().to_owned()));
        display.update();
        display.update();
        assert_eq!(*display.freshness(), Freshness::Waiting);
        assert_eq!(display.hall().counters.len(), 0);
        let mut peer = server.accept();
        peer.snapshot(5, &scene::hall());
        display.until("a good one takes its place", |_| {
            fs::read_to_string(&path).is_ok_and(|text| store::load_hall(&text).is_ok())
        });
    }
}

#[test]
fn without_a_place_to_write_the_hall_is_followed_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    // A file where the folder should be: nobody can write there, not even root.
    let blocked = folder.path().join("state");
    fs::write(&blocked, "in the way").unwrap();
    let server = Server::start();
    let mut display = Display::with(&server.url(), |o| o.state = Some(blocked.clone()));
    display.update();
    let mut peer = server.accept();
    peer.snapshot(5, &scene::hall());
    peer.event(&scene::called("A-002", "2"));
    display.until("the call is shown", |d| scene::serving(d.hall(), "2") == Some("A-002"));
    // The way is free again: the next change is kept.
    fs::remove_file(&blocked).unwrap();
    peer.event(&scene::called("A-003", "3"));
    display.until("the state is kept", |_| stored_ticket(&blocked, "3").as_deref() == Some("A-003"));
    assert_eq!(*display.freshness(), Freshness::Live);
}

#[test]
fn the_demo_hall_leaves_nothing_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start();
    let mut display = Display::with(&server.url(), |o| {
        o.state = Some(folder.path().to_owned());
        o.demo = o.queue.url.take();
    });
    display.update();
    let mut peer = server.accept();
    peer.snapshot(5, &scene::hall());
    display.until("the snapshot is shown", |d| d.status().connected);
    display.exit();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
