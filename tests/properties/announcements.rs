//! The order of speech: no two overlap, none is lost without a reason, the bound holds for any burst, and a
//! ticket is never spoken to the wrong counter.

use std::{collections::BTreeSet, time::Duration};

use papan::domain::{
    announcement::{Haste, Rules, Sound, Unspoken, What},
    event::{CounterId, Level, ServiceId, Ticket, TicketCalled},
};
use proptest::prelude::*;

#[path = "announcements/cases.rs"]
mod cases;
#[path = "announcements/world.rs"]
mod world;

use world::{Action, World, takes};

const BOUND: Duration = Duration::from_secs(30);
const RULES: Rules = Rules {
    backlog: BOUND,
    priority_first: false,
    repeat: 2,
    languages: 2,
    chime: Duration::from_millis(1_200),
};

fn call() -> impl Strategy<Value = Action> {
    (0..12u8, 0..4u8, 0..3u8, any::<bool>()).prop_map(|(ticket, counter, service, priority)| Action::Call {
        ticket,
        counter,
        service,
        priority,
    })
}

fn quiet() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => call(),
        1 => (0..12u8, 0..4u8).prop_map(|(ticket, counter)| Action::Withdraw { ticket, counter }),
        3 => (0..9_000u64).prop_map(|ms| Action::Wait { ms }),
        3 => (0..500u64).prop_map(|ms| Action::Wait { ms }),
    ]
}

fn anything() -> impl Strategy<Value = Action> {
    let level = prop_oneof![Just(Level::Info), Just(Level::Important), Just(Level::Emergency)];
    let sound = prop_oneof![Just(Sound::Ready), Just(Sound::Ready), Just(Sound::Away), Just(Sound::Off)];
    prop_oneof![
        8 => quiet(),
        1 => (0..5u8, level).prop_map(|(id, level)| Action::Notice { id, level }),
        1 => (0..5u8).prop_map(|id| Action::Clear { id }),
        1 => Just(Action::Break),
        1 => sound.prop_map(Action::Sound),
        1 => (0..120_000u64).prop_map(|ms| Action::Wait { ms }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_at_a_time_in_order_and_none_is_lost(
        actions in prop::collection::vec(anything(), 1..120),
        priority_first in any::<bool>(),
    ) {
        let mut world = World::new(Rules { priority_first, ..RULES });
        for action in &actions {
            world.act(action);
            world.check();
        }
        // Left alone with a device, all that waits is heard, or has a reason.
        world.act(&Action::Sound(Sound::Ready));
        world.wait(Duration::from_secs(600));
        prop_assert_eq!(world.open(), 0);
    }

    #[test]
    fn the_bound_holds_for_any_burst(
        actions in prop::collection::vec(quiet(), 1..200),
        repeat in 1..4u8,
        backlog in 30..60u64,
    ) {
        let backlog = Duration::from_secs(backlog);
        let mut world = World::new(Rules { backlog, repeat, ..RULES });
        for action in &actions {
            world.act(action);
            world.check();
            prop_assert!(world.queue.backlog(world.now) <= backlog);
        }
        world.wait(Duration::from_secs(600));
        // Each announcement may begin a frame late; where one is cut off the next has the chime anew.
        let slack = Duration::from_secs(4);
        for (number, waited) in &world.heard {
            prop_assert!(*waited <= backlog + slack, "{number:?} was over after {waited:?} of {backlog:?}");
        }
        prop_assert!(world.gone.values().all(|why| *why != Some(Unspoken::TooOld)));
    }
}

fn one() -> TicketCalled {
    let (ticket, counter) = (Ticket("A-001".into()), CounterId("1".into()));
    TicketCalled { ticket, counter, service: None, attempt: 1, priority: None, time: None }
}

fn burst(rules: Rules, calls: u8, service: impl Fn(u8) -> u8) -> World {
    let mut world = World::new(rules);
    for n in 0..calls {
        world.act(&Action::Call { ticket: n, counter: n, service: service(n), priority: false });
        world.check();
    }
    world
}

#[test]
fn the_form_shortens_step_by_step() {
    let rules = Rules { backlog: Duration::from_secs(3600), ..RULES };
    let what = What::Call(TicketCalled { service: Some(ServiceId("ktp".into())), ..one() });
    let (other, before) = (What::Call(one()), Some(&what));
    let form = |haste, what| rules.form(haste, what, before);
    let said = |haste, what| {
        let f = form(haste, what);
        (f.times, format!("{:?}", f.wording), f.chime, f.one_language)
    };
    assert_eq!(said(Haste::None, &what), (2, "Full".into(), true, false));
    assert_eq!(said(Haste::Once, &what), (1, "Full".into(), true, false));
    assert_eq!(said(Haste::Brief, &what), (1, "Brief".into(), true, false));
    assert_eq!(said(Haste::SameService, &what), (1, "Joined".into(), false, false));
    assert_eq!(said(Haste::SameService, &other), (1, "Brief".into(), true, false), "another service");
    assert_eq!(said(Haste::OneChime, &other), (1, "Row".into(), false, false));
    assert_eq!(said(Haste::OneLanguage, &other), (1, "Row".into(), false, true));
    for what in [&what, &other] {
        let lengths = Haste::ALL.map(|haste| rules.length(&takes(), form(haste, what)));
        assert!(lengths.is_sorted_by(|a, b| a >= b), "{lengths:?}");
    }
}

#[test]
fn a_burst_is_said_shorter_and_a_lone_call_whole() {
    let mut world = burst(RULES, 1, |_| 1);
    world.wait(Duration::from_secs(60));
    assert_eq!((world.forms[0].times, world.forms[0].chime), (2, true));
    let mut world = burst(RULES, 6, |_| 1);
    world.wait(Duration::from_secs(120));
    let spoken = world.gone.values().filter(|why| why.is_none()).count();
    let backlog = world.gone.values().filter(|why| **why == Some(Unspoken::Backlog)).count();
    assert_eq!(spoken + backlog, 6);
    assert!(spoken >= 4 && world.forms[1..3].iter().all(|f| f.times == 1 && !f.chime), "{:?}", world.forms);
    // When it is over, calls are said whole again.
    world.act(&Action::Call { ticket: 11, counter: 1, service: 1, priority: false });
    assert_eq!(world.forms.last().map(|f| (f.times, f.chime)), Some((2, true)));
}

#[test]
fn an_emergency_cuts_in_and_the_call_is_heard_whole_after_it() {
    let mut world = burst(RULES, 2, |_| 1);
    world.wait(Duration::from_secs(2));
    world.act(&Action::Notice { id: 1, level: Level::Emergency });
    assert!(matches!(&world.sounding, Some((_, What::Notice(_), _))));
    // A cut is no failure: any number of them.
    for _ in 0..5 {
        world.wait(Duration::from_secs(12));
        world.act(&Action::Notice { id: 1, level: Level::Emergency });
    }
    world.wait(Duration::from_secs(300));
    let calls = world.gone.iter().filter(|(number, _)| world.place.contains_key(number));
    assert!(calls.clone().count() == 2 && calls.clone().all(|(_, why)| why.is_none()), "{:?}", world.gone);
}

#[test]
fn without_a_device_calls_are_shown_and_the_young_ones_are_heard_when_it_is_back() {
    let mut world = World::new(RULES);
    world.act(&Action::Sound(Sound::Away));
    let mut shown = BTreeSet::new();
    for n in 0..10 {
        world.act(&Action::Call { ticket: n, counter: n, service: 0, priority: false });
        for _ in 0..150 {
            world.wait(Duration::from_millis(100));
            shown.extend(world.queue.shown().map(|(number, _)| number));
        }
    }
    assert_eq!(shown.len(), 10, "each had the call-out");
    assert!(world.heard.is_empty());
    world.act(&Action::Sound(Sound::Ready));
    world.wait(Duration::from_secs(60));
    let heard = world.heard.len();
    assert!((3..=6).contains(&heard), "those of the last 90 s that fit into the bound: {heard}");
    let why: Vec<_> = world.gone.values().flatten().collect();
    assert!(why.iter().all(|why| **why == Unspoken::NoDevice) && why.len() + heard == 10, "{why:?}");
}

#[test]
fn priority_tickets_jump_only_where_the_config_says_so() {
    for (priority_first, expected) in [(false, [0, 1, 2, 3]), (true, [0, 2, 1, 3])] {
        let rules = Rules { priority_first, backlog: Duration::from_secs(300), ..RULES };
        let mut world = World::new(rules);
        for n in 0..4 {
            world.act(&Action::Call { ticket: n, counter: n, service: 0, priority: n == 2 });
        }
        world.wait(Duration::from_secs(200));
        let order: Vec<_> = world.heard.iter().map(|(number, _)| number.0 - 1).collect();
        assert_eq!(order, expected, "priority first: {priority_first}");
    }
}

#[test]
fn with_sound_off_each_call_has_the_call_out_and_its_reason() {
    let mut world = World::new(RULES);
    world.act(&Action::Sound(Sound::Off));
    world.act(&Action::Call { ticket: 1, counter: 1, service: 0, priority: false });
    assert_eq!(world.gone.values().collect::<Vec<_>>(), [&Some(Unspoken::Off)]);
    assert!(world.queue.shown().is_some());
    world.wait(Duration::from_secs(5));
    assert!(world.queue.shown().is_some(), "six seconds at the least");
    world.wait(Duration::from_secs(30));
    assert!(world.queue.shown().is_none());
}
