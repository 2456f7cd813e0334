//! The demo hall's life, watched for hours.

use std::collections::HashSet;

use super::*;

const STEP: Duration = Duration::from_millis(100);

fn morning() -> Timestamp {
    "2026-11-21T01:41:00Z".parse().unwrap()
}

/// Lives for a while, and shows each step's events with the hall after them.
fn live(life: &mut Life, minutes: u64, mut look: impl FnMut(Duration, &[Event], &Hall)) {
    for step in 1..=minutes * 600 {
        let passed = STEP * u32::try_from(step).unwrap();
        let events = life.step(STEP, morning() + passed);
        look(passed, &events, life.hall());
    }
}

#[test]
fn a_display_that_joins_at_any_time_sees_the_same_hall() {
    for counters in [1, 2, 8, 60] {
        let mut life = Life::new(counters, 7, morning());
        let mut joined: Vec<Hall> = Vec::new();
        live(&mut life, 30, |passed, events, hall| {
            for display in &mut joined {
                for event in events {
                    display.apply(event.clone(), morning() + passed);
                }
                assert_eq!(display.replicate(), hall.replicate());
            }
            if passed.as_millis() % 300_000 == 0 {
                let mut display = Hall::default();
                display.apply(Event::Snapshot(hall.replicate()), morning() + passed);
                joined.push(display);
            }
        });
        assert_eq!(joined.len(), 6);
    }
}

#[test]
fn no_ticket_is_at_two_counters_and_only_open_counters_serve() {
    for (counters, seed) in [(1, 1), (8, 2), (8, 3), (60, 4), (500, 5)] {
        let mut life = Life::new(counters, seed, morning());
        let mut open = usize::MAX;
        live(&mut life, 40, |_, _, hall| {
            let mut seen = HashSet::new();
            for counter in &hall.counters {
                if let Some(serving) = &counter.serving {
                    assert_eq!(counter.state, CounterState::Open);
                    assert!(seen.insert(&serving.ticket), "{:?} twice", serving.ticket);
                }
                assert!(hall.service_of(counter).is_some());
            }
            open = open.min(hall.counters.iter().filter(|c| c.state == CounterState::Open).count());
            assert!(hall.services.iter().all(|s| s.waiting.is_some_and(|w| w <= MOST_WAITING)));
        });
        assert!(open * 4 + 4 >= counters * 3, "only {open} of {counters} open");
    }
}

#[test]
fn calls_come_soon_and_at_the_pace_of_a_hall() {
    let mut life = Life::new(8, 11, morning());
    let mut calls = Vec::new();
    live(&mut life, 60, |passed, events, _| {
        calls.extend(events.iter().filter_map(|event| match event {
            Event::TicketCalled(call) => Some((passed, call.clone())),
            _ => None,
        }));
    });
    assert!(calls[0].0 <= Duration::from_secs(2));
    assert!((180..450).contains(&calls.len()), "{} calls in an hour", calls.len());
    assert!(calls.windows(2).all(|pair| pair[1].0 - pair[0].0 < Duration::from_secs(60)));
    for call in calls.iter().map(|(_, call)| call) {
        assert!((1..=LAST_ATTEMPT).contains(&call.attempt));
        assert!(call.ticket.0.chars().count() <= 16 && call.time.is_some());
    }
}

#[test]
fn everything_that_can_happen_in_a_hall_happens() {
    let mut life = Life::new(8, 3, morning());
    let mut seen = HashSet::new();
    live(&mut life, 120, |_, events, _| {
        seen.extend(events.iter().map(|event| match event {
            Event::Snapshot(_) => "snapshot".to_owned(),
            Event::TicketCalled(call) => format!("attempt {}", call.attempt),
            Event::TicketFinished { outcome, .. } => format!("{outcome:?}"),
            Event::CounterChanged(counter) => format!("{:?}", counter.state),
            Event::CounterRemoved(_) => "removed".to_owned(),
            Event::ServiceChanged(_) => "waiting".to_owned(),
            Event::NoticePosted(_) => "posted".to_owned(),
            Event::NoticeCleared(_) => "cleared".to_owned(),
            Event::SurveyChanged(_) => "survey".to_owned(),
        }));
    });
    let expected = [
        "attempt 1",
        "attempt 2",
        "attempt 3",
        "Served",
        "NoShow",
        "Transferred",
        "Open",
        "Paused",
        "Closed",
        "waiting",
        "posted",
        "cleared",
        "survey",
    ];
    assert_eq!(seen, expected.map(str::to_owned).into());
}

#[test]
fn the_usual_hall_begins_as_designed() {
    let life = Life::new(8, 1, morning());
    let tickets: Vec<_> =
        life.hall().counters.iter().map(|c| c.serving.as_ref().map(|s| s.ticket.0.as_str())).collect();
    let expected = ["A-012", "A-013", "B-007", "C-021", "C-022", "D-104", "E-009"];
    assert_eq!(tickets[..7], expected.map(Some));
    assert_eq!(tickets[7], None);
    assert_eq!(life.hall().counters[7].state, CounterState::Closed);
    assert_eq!(life.hall().calls.last().map(|call| call.ticket.0.as_str()), Some("B-007"));
}

#[test]
fn any_number_of_counters_makes_a_hall() {
    for (asked, made) in [(0, 1), (1, 1), (28, 28), (29, 29), (500, 500), (9_999, 500)] {
        let hall = Life::new(asked, 1, morning()).hall().replicate();
        assert_eq!(hall.counters.len(), made);
        let tickets: HashSet<_> =
            hall.counters.iter().filter_map(|c| c.serving.as_ref()).map(|s| &s.ticket).collect();
        let serving = hall.counters.iter().filter(|c| c.serving.is_some()).count();
        assert_eq!(tickets.len(), serving);
        let ids: HashSet<_> = hall.services.iter().map(|s| &s.id).collect();
        assert_eq!(ids.len(), hall.services.len());
    }
}
