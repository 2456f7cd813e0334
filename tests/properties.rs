//! Whatever happens on the way, a hall ends as the server has it, and no call is lost, doubled or misplaced.
//! `PROPTEST_CASES=20000` looks longer than the 256 cases of every day.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use jiff::{SignedDuration, Timestamp};
use papan::domain::{event::Event, hall::Hall};
use proptest::prelude::*;

#[path = "properties/announcements.rs"]
mod announcements;
#[path = "properties/input.rs"]
mod input;
#[path = "support/server.rs"]
mod server;

use server::{Deed, Display, Fate, Server, Step, step};

/// Plays a story; at its end the display connects once more.
fn play(steps: &[Step]) -> (Server, Display) {
    let (mut server, mut display) = (Server::new(), Display::default());
    let mut late: Vec<(usize, (usize, String))> = Vec::new();
    display.receive(&server.snapshot(), &server);
    for (at, step) in steps.iter().enumerate() {
        let due: Vec<_> = late.extract_if(.., |(when, _)| *when <= at).collect();
        due.iter().for_each(|(_, message)| display.receive(message, &server));
        match step {
            Step::Deed { deed, fate, after_s } => {
                server.wait(*after_s);
                let Some(message) = server.act(deed) else { continue };
                match fate {
                    Fate::Arrives => display.receive(&message, &server),
                    Fate::Lost => {}
                    Fate::Twice => (0..2).for_each(|_| display.receive(&message, &server)),
                    Fate::Late { by } => late.push((at + by, message)),
                }
            }
            Step::Reconnect { after_s } => {
                server.wait(*after_s);
                late.clear();
                display.connect();
                display.receive(&server.snapshot(), &server);
            }
            Step::Restart { renamed, same_connection } => {
                late.clear();
                server.restart(*renamed);
                if !same_connection {
                    display.connect();
                }
                display.receive(&server.snapshot(), &server);
            }
            Step::Answer if display.wants => display.receive(&server.snapshot(), &server),
            Step::Answer => {}
        }
    }
    display.connect();
    display.receive(&server.snapshot(), &server);
    (server, display)
}

/// Opens all counters first, so that most calls have somewhere to go.
fn story() -> impl Strategy<Value = Vec<Step>> {
    let open = (0..5u8).map(|counter| Step::Deed {
        deed: Deed::Change { counter, state: papan::domain::event::CounterState::Open },
        fate: Fate::Arrives,
        after_s: 0,
    });
    let open: Vec<Step> = open.collect();
    prop::collection::vec(step(), 0..80).prop_map(move |steps| [open.clone(), steps].concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// `Display::receive` holds the hall against the server's after every snapshot, and after every event
    /// that follows one without a gap.
    #[test]
    fn a_hall_ends_as_the_server_has_it(steps in story()) {
        let (server, display) = play(&steps);
        prop_assert_eq!(display.hall.replicate(), server::kept(server.history.last().unwrap()));
    }

    #[test]
    fn no_call_is_lost_doubled_or_misplaced(steps in story()) {
        let (server, display) = play(&steps);
        for announced in &display.announced {
            prop_assert!(server.calls.iter().any(|(_, c)| c == announced), "never called: {announced:?}");
        }
        for (index, call) in &server.calls {
            let times = display.announced.iter().filter(|c| *c == call).count();
            let came = display.applied.contains(index);
            prop_assert!(times <= 1, "announced {times} times: {call:?}");
            prop_assert!(times == 1 || !came, "came, and was not announced: {call:?}");
            if came {
                continue;
            }
            // It was missed, so the first snapshot after it decides.
            let taken = display.taken.iter().find(|t| t.index >= *index).unwrap();
            let counters = &server.history[taken.index].counters;
            let awaited = counters.iter().any(|c| c.id == call.counter && c.serves(&call.ticket));
            let age = taken.now.duration_since(call.time.unwrap());
            let overtaken = display.announced[..taken.announced].iter().any(|c| {
                c.ticket == call.ticket && c.counter == call.counter && c.time > call.time
            });
            let due = awaited && age < SignedDuration::from_secs(60) && !overtaken;
            prop_assert_eq!(times == 1, due, "age {}, awaited {}: {:?}", age, awaited, call);
        }
    }

    #[test]
    fn a_hall_replicates_itself(steps in story(), cut in 0..80usize) {
        let (_, display) = play(&steps[..cut.min(steps.len())]);
        let mut copy = Hall::default();
        prop_assert!(!copy.known());
        prop_assert_eq!(copy.apply(Event::Snapshot(display.hall.replicate()), Timestamp::UNIX_EPOCH), vec![]);
        prop_assert!(copy.known());
        prop_assert_eq!(&copy, &display.hall);
        prop_assert_eq!(copy.replicate(), display.hall.replicate());
    }
}
