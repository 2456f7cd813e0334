//! A small hall, and what can happen in it.

use jiff::{SignedDuration, Timestamp};
use papan::domain::event::{
    Counter, CounterId, CounterState, Event, Outcome, Service, ServiceId, Serving, Snapshot, Ticket,
    TicketCalled,
};

pub fn service(id: &str, name: &str) -> Service {
    Service {
        id: ServiceId(id.into()),
        name: name.into(),
        agency: "Dukcapil".into(),
        prefix: "A".into(),
        waiting: Some(3),
    }
}

pub fn counter(id: &str, serving: Option<&str>) -> Counter {
    Counter {
        id: CounterId(id.into()),
        label: id.into(),
        service: Some(ServiceId("ktp".into())),
        state: CounterState::Open,
        serving: serving.map(|ticket| Serving { ticket: Ticket(ticket.into()), attempt: 1 }),
    }
}

/// Three counters, the first of which serves A-001.
pub fn hall() -> Snapshot {
    Snapshot {
        name: "Mal Pelayanan Publik".into(),
        organization: "Pemerintah Kota Kendari".into(),
        services: vec![service("ktp", "Perekaman KTP-el")],
        counters: vec![counter("1", Some("A-001")), counter("2", None), counter("3", None)],
        ..Snapshot::default()
    }
}

/// A call, `ago` seconds ago.
pub fn call(ticket: &str, at: &str, ago: i64) -> TicketCalled {
    TicketCalled {
        ticket: Ticket(ticket.into()),
        counter: CounterId(at.into()),
        service: Some(ServiceId("ktp".into())),
        attempt: 1,
        priority: None,
        time: Some(Timestamp::now() - SignedDuration::from_secs(ago)),
    }
}

pub fn called(ticket: &str, at: &str) -> Event {
    Event::TicketCalled(call(ticket, at, 0))
}

pub fn finished(ticket: &str, at: &str) -> Event {
    Event::TicketFinished {
        ticket: Ticket(ticket.into()),
        counter: CounterId(at.into()),
        outcome: Outcome::Served,
    }
}

/// Whom a counter of a hall serves.
pub fn serving<'a>(hall: &'a papan::domain::hall::Hall, id: &str) -> Option<&'a str> {
    let counter = hall.counter(&CounterId(id.into()))?;
    counter.serving.as_ref().map(|serving| serving.ticket.0.as_str())
}
