//! The order of speech in single cases that are easily got wrong.

use std::time::Duration;

use papan::domain::{
    announcement::{Announcements, Happening, Rules, Sound, Unspoken, What},
    event::{Level, ServiceId},
};

use super::{
    RULES, burst, one,
    world::{Action, PARTS, World, takes},
};

fn call(ticket: u8) -> Action {
    Action::Call { ticket, counter: ticket, service: 0, priority: false }
}

fn reasons(world: &World, why: Unspoken) -> usize {
    world.gone.values().filter(|reason| **reason == Some(why)).count()
}

#[test]
fn a_long_notice_lets_calls_in_between_its_sentences() {
    let mut world = World::new(RULES);
    world.act(&Action::Notice { id: 1, level: Level::Info });
    world.wait(Duration::from_secs(1));
    world.act(&call(1));
    world.wait(PARTS[0] + Duration::from_secs(2));
    assert!(matches!(&world.sounding, Some((_, What::Call(_), _))), "after the first sentence");
    world.wait(Duration::from_secs(120));
    let parts: Vec<_> = world.forms.iter().map(|f| (f.part, f.chime)).collect();
    // The call, twice, stands between the first sentence and the others.
    assert_eq!(parts, [(0, true), (0, true), (0, false), (1, true), (2, false)]);
    assert!(world.gone.values().all(Option::is_none) && world.gone.len() == 2);
}

#[test]
fn an_emergency_is_said_whole_before_any_call() {
    let mut world = World::new(RULES);
    world.act(&Action::Notice { id: 1, level: Level::Emergency });
    world.act(&call(1));
    world.wait(Duration::from_secs(120));
    let parts: Vec<_> = world.forms.iter().map(|f| f.part).collect();
    assert_eq!(parts[..3], [0, 1, 2]);
}

#[test]
fn no_bound_lets_a_call_become_too_old() {
    let mut world = burst(Rules { backlog: Duration::from_secs(120), ..RULES }, 30, |_| 1);
    world.wait(Duration::from_secs(300));
    assert_eq!(reasons(&world, Unspoken::TooOld), 0);
    assert!(reasons(&world, Unspoken::Backlog) > 0, "thirty do not fit into ninety seconds");
}

#[test]
fn a_blink_of_the_device_loses_nobody_who_waits() {
    let mut world = burst(RULES, 8, |_| 1);
    let lost = reasons(&world, Unspoken::Backlog);
    world.wait(Duration::from_secs(1));
    world.act(&Action::Sound(Sound::Away));
    world.act(&call(11));
    world.wait(Duration::from_secs(1));
    world.act(&Action::Sound(Sound::Ready));
    world.wait(Duration::from_secs(120));
    assert_eq!(world.heard.first().map(|(number, _)| number.0), Some(1), "the first is heard first");
    // What does not fit after it is the newest.
    assert!(reasons(&world, Unspoken::NoDevice) + reasons(&world, Unspoken::Backlog) <= lost + 5);
}

#[test]
fn where_nothing_is_said_each_call_has_its_chime() {
    let rules = Rules { languages: 0, ..RULES };
    for service in [|_| 1, |n| n % 3] {
        let mut world = burst(rules, 6, service);
        world.wait(Duration::from_secs(200));
        assert!(world.forms.iter().all(|f| f.chime || f.times > 1), "{:?}", world.forms);
    }
}

#[test]
fn a_call_without_its_service_is_of_the_ticket_that_waits() {
    let mut queue = Announcements::new(RULES);
    let mut out = Vec::new();
    let known = papan::domain::event::TicketCalled { service: Some(ServiceId("ktp".into())), ..one() };
    let elsewhere =
        papan::domain::event::TicketCalled { counter: papan::domain::event::CounterId("9".into()), ..one() };
    for (call, why) in [(one(), Unspoken::Merged), (elsewhere, Unspoken::Withdrawn)] {
        let first = queue.call(known.clone(), takes(), Duration::ZERO, &mut out);
        out.clear();
        queue.call(call, takes(), Duration::ZERO, &mut out);
        assert_eq!(out, [Happening::Unspoken(first, What::Call(known.clone()), why)]);
        let waiting = queue.waiting();
        assert_eq!(waiting, 1);
        queue = Announcements::new(RULES);
    }
}

#[test]
fn a_counter_that_is_gone_is_announced_no_more() {
    let mut world = World::new(RULES);
    let mut out = Vec::new();
    for ticket in 0..3 {
        world.act(&Action::Call { ticket, counter: 1, service: 0, priority: false });
    }
    world.queue.close(&one().counter, &mut out);
    assert_eq!(out.len(), 2, "those that wait: {out:?}");
    assert!(out.iter().all(|h| matches!(h, Happening::Unspoken(_, _, Unspoken::Withdrawn))));
}

#[test]
fn without_sound_a_call_is_shown_long_enough_to_be_read() {
    let mut world = World::new(RULES);
    world.act(&Action::Sound(Sound::Off));
    (0..3).for_each(|n| world.act(&call(n)));
    let first = world.queue.shown().map(|(number, _)| number);
    world.wait(Duration::from_millis(2_900));
    assert_eq!(world.queue.shown().map(|(number, _)| number), first);
}
