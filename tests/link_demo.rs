//! The demo hall through the whole path: its own server, a real socket, the link, the reducer.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may end at what it did not expect")]

mod common;

use common::Display;
use papan::{demo, state::Freshness};

fn display(url: &str) -> Display {
    Display::with(url, |o| o.demo = o.queue.url.take())
}

#[test]
fn the_demo_hall_comes_to_life_and_every_display_sees_the_same() {
    let url = demo::serve(8).unwrap();
    let mut one = display(&url);
    let mut two = display(&url);
    one.until("the hall is there", |d| d.hall().counters.len() == 8);
    assert_eq!(*one.freshness(), Freshness::Live);
    assert_eq!(one.hall().name, "Mal Pelayanan Publik");
    one.until("a ticket is called", |d| !d.called().is_empty());
    let sequence = one.status().sequence;
    two.until("the other display is as far", |d| d.status().sequence >= sequence);
    let sequence = two.status().sequence;
    one.until("both are as far", |d| d.status().sequence >= sequence);
    if one.status().sequence == two.status().sequence {
        assert_eq!(one.hall(), two.hall());
    }
    for display in [&one, &two] {
        assert_eq!((display.status().errors, display.status().losses), (0, 0));
    }
}

#[test]
fn a_demo_hall_of_any_size_fits_the_protocol() {
    for counters in [1, 200, 500] {
        let mut display = display(&demo::serve(counters).unwrap());
        display.until("the hall is there", |d| d.hall().counters.len() == counters);
        display.until("a ticket is called", |d| !d.called().is_empty());
        assert_eq!(display.status().errors, 0);
    }
}

#[test]
fn a_resync_is_answered() {
    let mut display = display(&demo::serve(3).unwrap());
    display.until("the hall is there", |d| d.status().connected);
    let before = display.sequences().len();
    display.say(papan::state::ToServer::Resync);
    // Only a snapshot repeats a sequence.
    display.until("a snapshot comes", |d| {
        let all = d.sequences();
        all.len() > before && all.windows(2).any(|pair| pair[0] == pair[1])
    });
    assert_eq!(display.status().losses, 0);
}
