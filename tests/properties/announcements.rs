//! Announcements: one at a time, first called first heard, none lost without a reason.

use std::{collections::BTreeMap, time::Duration};

use papan::domain::{
    announcement::{Announcement, Announcements, Dropped, MOST_WAITING, SHORTEST, TOO_OLD},
    event::{CounterId, Ticket, TicketCalled},
};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Action {
    Push { ticket: u8, counter: u8 },
    Withdraw { ticket: u8, counter: u8 },
    Step { after_ms: u64, heard: bool },
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        4 => (0..12u8, 0..4u8).prop_map(|(ticket, counter)| Action::Push { ticket, counter }),
        1 => (0..12u8, 0..4u8).prop_map(|(ticket, counter)| Action::Withdraw { ticket, counter }),
        4 => (0..9_000u64, any::<bool>()).prop_map(|(after_ms, heard)| Action::Step { after_ms, heard }),
    ]
}

fn ticket(number: u8) -> Ticket {
    Ticket(format!("A-{number:03}"))
}

fn counter(number: u8) -> CounterId {
    CounterId(number.to_string())
}

/// `number` tells one call from every other.
fn call(number: u32, at: (u8, u8)) -> TicketCalled {
    let (ticket, counter) = (ticket(at.0), counter(at.1));
    TicketCalled { ticket, counter, service: None, attempt: number, priority: None, time: None }
}

/// What became of each call.
#[derive(Default)]
struct Record {
    pushed: Vec<TicketCalled>,
    /// The place in the order of each call that waits or waited: a merged one keeps the older's.
    places: BTreeMap<u32, u32>,
    heard: Vec<u32>,
    dropped: BTreeMap<u32, Dropped>,
}

impl Record {
    fn drop(&mut self, announcements: Vec<(Announcement, Dropped)>) {
        for (announcement, why) in announcements {
            assert!(self.pushed.contains(&announcement.call));
            assert_eq!(announcement.started_at, None, "it was announced already");
            assert_eq!(self.dropped.insert(announcement.call.attempt, why), None, "it was dropped twice");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_at_a_time_first_called_first_heard_none_lost(actions in prop::collection::vec(action(), 0..120)) {
        let (mut announcements, mut record) = (Announcements::default(), Record::default());
        let mut now = Duration::ZERO;
        for action in actions {
            let before = announcements.current().cloned();
            match action {
                Action::Push { ticket, counter } => {
                    let number = record.pushed.len() as u32 + 1;
                    let new = call(number, (ticket, counter));
                    record.pushed.push(new.clone());
                    let mut place = number;
                    let dropped = announcements.push(new.clone(), now);
                    for (old, why) in &dropped {
                        prop_assert_eq!(&old.call.ticket, &new.ticket);
                        let same = old.call.counter == new.counter;
                        prop_assert_eq!(*why, if same { Dropped::Merged } else { Dropped::Withdrawn });
                        if same {
                            place = record.places[&old.call.attempt];
                        }
                    }
                    record.places.insert(number, place);
                    record.drop(dropped);
                    prop_assert_eq!(announcements.current(), before.as_ref());
                }
                Action::Withdraw { ticket: t, counter: c } => {
                    let dropped = announcements.withdraw(&ticket(t), &counter(c));
                    for (old, why) in &dropped {
                        prop_assert_eq!((&old.call.ticket, &old.call.counter), (&ticket(t), &counter(c)));
                        prop_assert_eq!(*why, Dropped::Withdrawn);
                    }
                    record.drop(dropped);
                    prop_assert_eq!(announcements.current(), before.as_ref());
                }
                Action::Step { after_ms, heard } => {
                    now += Duration::from_millis(after_ms);
                    let dropped = announcements.step(now, heard);
                    for (old, why) in &dropped {
                        prop_assert_eq!(*why, Dropped::TooOld);
                        prop_assert!(now - old.called_at > TOO_OLD);
                    }
                    record.drop(dropped);
                    let over = before.as_ref().is_none_or(|b| heard && now - b.started_at.unwrap() >= SHORTEST);
                    if !over {
                        prop_assert_eq!(announcements.current(), before.as_ref());
                        continue;
                    }
                    let Some(current) = announcements.current() else {
                        prop_assert_eq!(announcements.waiting(), 0);
                        continue;
                    };
                    prop_assert_eq!(current.started_at, Some(now));
                    prop_assert!(now - current.called_at <= TOO_OLD);
                    // The very call that was pushed: no other counter, no other ticket.
                    prop_assert!(record.pushed.contains(&current.call));
                    record.heard.push(current.call.attempt);
                }
            }
            let places: Vec<u32> = record.heard.iter().map(|n| record.places[n]).collect();
            prop_assert!(places.is_sorted_by(|a, b| a < b), "{places:?}");
            prop_assert!(record.heard.iter().all(|n| !record.dropped.contains_key(n)));
            let gone = record.heard.len() + record.dropped.len();
            prop_assert_eq!(record.pushed.len(), gone + announcements.waiting());
        }
    }
}

#[test]
fn the_oldest_gives_way_where_too_many_wait() {
    let mut announcements = Announcements::default();
    let most = u32::try_from(MOST_WAITING).unwrap();
    let long = |n: u32| TicketCalled { ticket: Ticket(format!("B-{n}")), ..call(n, (0, 0)) };
    for n in 1..=most {
        assert_eq!(announcements.push(long(n), Duration::ZERO), []);
    }
    let dropped = announcements.push(long(most + 1), Duration::ZERO);
    let dropped: Vec<_> = dropped.iter().map(|(a, why)| (a.call.clone(), *why)).collect();
    assert_eq!(dropped, [(long(1), Dropped::TooMany)]);
    assert_eq!(announcements.waiting(), MOST_WAITING);
    announcements.step(Duration::ZERO, false);
    assert_eq!(announcements.current().map(|a| a.call.clone()), Some(long(2)));
}
