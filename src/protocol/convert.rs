//! From the wire's shapes to the domain's events, and back.
//! Invariant: what comes out for the domain is within every limit, and every text in it is clean.

use std::collections::HashSet;

use jiff::Timestamp;

use super::{
    Reject,
    clean::{LONGEST_NAME, LONGEST_NOTICE, LONGEST_TICKET, date, filled, text, time as parse_time},
    wire,
};
use crate::domain::{
    event::{
        Counter, CounterId, Event, Notice, NoticeId, Service, ServiceId, Serving, Snapshot, Survey, Ticket,
        TicketCalled,
    },
    hall::{LONGEST_LABEL, MOST},
};

pub(super) fn ticket(raw: &str) -> Result<Ticket, Reject> {
    filled("a ticket", raw, LONGEST_TICKET).map(Ticket)
}

pub(super) fn counter_id(raw: &str) -> Result<CounterId, Reject> {
    filled("a counter's id", raw, LONGEST_NAME).map(CounterId)
}

pub(super) fn notice_id(raw: &str) -> Result<NoticeId, Reject> {
    filled("a notice's id", raw, LONGEST_NAME).map(NoticeId)
}

fn service_id(raw: &str) -> Result<ServiceId, Reject> {
    filled("a service's id", raw, LONGEST_NAME).map(ServiceId)
}

fn attempt(number: u32) -> Result<u32, Reject> {
    if number == 0 { Err(Reject::Attempt) } else { Ok(number) }
}

pub(super) fn service(raw: &wire::Service) -> Result<Service, Reject> {
    Ok(Service {
        id: service_id(&raw.id)?,
        name: text("a service's name", &raw.name, LONGEST_NAME)?,
        agency: text("an agency's name", &raw.agency, LONGEST_NAME)?,
        prefix: text("a prefix", &raw.prefix, LONGEST_TICKET)?,
        waiting: raw.waiting,
    })
}

pub(super) fn counter(raw: &wire::Counter) -> Result<Counter, Reject> {
    let serving = |s: &wire::Serving| {
        Ok::<_, Reject>(Serving { ticket: ticket(&s.ticket)?, attempt: attempt(s.attempt)? })
    };
    Ok(Counter {
        id: counter_id(&raw.id)?,
        label: filled("a counter's label", &raw.label, LONGEST_LABEL)?,
        service: raw.service.as_deref().map(service_id).transpose()?,
        state: raw.state.into(),
        serving: raw.serving.as_ref().map(serving).transpose()?,
    })
}

/// A call; `event_time` is the time of the event that it came in, where that is the call's own.
pub(super) fn call(raw: &wire::Call, event_time: Option<Timestamp>) -> Result<TicketCalled, Reject> {
    Ok(TicketCalled {
        ticket: ticket(&raw.ticket)?,
        counter: counter_id(&raw.counter)?,
        service: raw.service.as_deref().map(service_id).transpose()?,
        attempt: attempt(raw.attempt)?,
        priority: raw.priority.map(Into::into),
        time: raw.time.as_deref().map(parse_time).transpose()?.or(event_time),
    })
}

pub(super) fn notice(raw: &wire::Notice) -> Result<Notice, Reject> {
    Ok(Notice {
        id: notice_id(&raw.id)?,
        text: filled("a notice's text", &raw.text, LONGEST_NOTICE)?,
        level: raw.level.into(),
        speak: raw.speak,
        until: raw.until.as_deref().map(parse_time).transpose()?,
    })
}

pub(super) fn survey(raw: &wire::Survey) -> Result<Survey, Reject> {
    Ok(Survey {
        date: date(&raw.date)?,
        very_satisfied: raw.very_satisfied,
        satisfied: raw.satisfied,
        dissatisfied: raw.dissatisfied,
    })
}

pub(super) fn snapshot(raw: &wire::Snapshot) -> Result<Snapshot, Reject> {
    at_most("services", raw.services.len())?;
    at_most("counters", raw.counters.len())?;
    let snapshot = Snapshot {
        name: text("the hall's name", &raw.hall.name, LONGEST_NAME)?,
        organization: text("the organization's name", &raw.hall.organization, LONGEST_NAME)?,
        services: raw.services.iter().map(service).collect::<Result<_, _>>()?,
        counters: raw.counters.iter().map(counter).collect::<Result<_, _>>()?,
        calls: raw.calls.iter().map(|c| call(c, None)).collect::<Result<_, _>>()?,
        notices: raw.notices.iter().map(notice).collect::<Result<_, _>>()?,
        survey: raw.survey.as_ref().map(survey).transpose()?,
    };
    once("services", snapshot.services.iter().map(|s| s.id.0.as_str()))?;
    once("counters", snapshot.counters.iter().map(|c| c.id.0.as_str()))?;
    once("notices", snapshot.notices.iter().map(|n| n.id.0.as_str()))?;
    Ok(snapshot)
}

fn at_most(what: &'static str, count: usize) -> Result<(), Reject> {
    if count > MOST { Err(Reject::TooMany { what, count, most: MOST }) } else { Ok(()) }
}

/// Two with one id could not be told apart by the events that follow, so neither may stand.
fn once<'a>(what: &'static str, ids: impl Iterator<Item = &'a str>) -> Result<(), Reject> {
    let mut seen = HashSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(Reject::Twice { what, id: id.to_owned() });
        }
    }
    Ok(())
}

/// The type and the data of an event.
pub(super) fn event_data(event: &Event) -> (&'static str, wire::Data) {
    use wire::Data;
    match event {
        Event::Snapshot(s) => (wire::SNAPSHOT, Data::Snapshot(snapshot_data(s))),
        // The time of the call is that of its event.
        Event::TicketCalled(c) => (wire::CALLED, Data::Call(wire::Call { time: None, ..call_data(c) })),
        Event::TicketFinished { ticket, counter, outcome } => {
            let (ticket, counter) = (ticket.0.clone(), counter.0.clone());
            (wire::FINISHED, Data::Finished(wire::Finished { ticket, counter, outcome: (*outcome).into() }))
        }
        Event::CounterChanged(c) => (wire::COUNTER_CHANGED, Data::Counter(counter_data(c))),
        Event::CounterRemoved(id) => (wire::COUNTER_REMOVED, Data::Id(wire::Id { id: id.0.clone() })),
        Event::ServiceChanged(s) => (wire::SERVICE_CHANGED, Data::Service(service_data(s))),
        Event::NoticePosted(n) => (wire::NOTICE_POSTED, Data::Notice(notice_data(n))),
        Event::NoticeCleared(id) => (wire::NOTICE_CLEARED, Data::Id(wire::Id { id: id.0.clone() })),
        Event::SurveyChanged(s) => (wire::SURVEY_CHANGED, Data::Survey(survey_data(s))),
    }
}

fn snapshot_data(snapshot: &Snapshot) -> wire::Snapshot {
    wire::Snapshot {
        hall: wire::HallName { name: snapshot.name.clone(), organization: snapshot.organization.clone() },
        services: snapshot.services.iter().map(service_data).collect(),
        counters: snapshot.counters.iter().map(counter_data).collect(),
        calls: snapshot.calls.iter().map(call_data).collect(),
        notices: snapshot.notices.iter().map(notice_data).collect(),
        survey: snapshot.survey.as_ref().map(survey_data),
    }
}

fn service_data(service: &Service) -> wire::Service {
    wire::Service {
        id: service.id.0.clone(),
        name: service.name.clone(),
        agency: service.agency.clone(),
        prefix: service.prefix.clone(),
        waiting: service.waiting,
    }
}

fn counter_data(counter: &Counter) -> wire::Counter {
    let serving = |s: &Serving| wire::Serving { ticket: s.ticket.0.clone(), attempt: s.attempt };
    wire::Counter {
        id: counter.id.0.clone(),
        label: counter.label.clone(),
        service: counter.service.as_ref().map(|s| s.0.clone()),
        state: counter.state.into(),
        serving: counter.serving.as_ref().map(serving),
    }
}

fn call_data(call: &TicketCalled) -> wire::Call {
    wire::Call {
        ticket: call.ticket.0.clone(),
        counter: call.counter.0.clone(),
        service: call.service.as_ref().map(|s| s.0.clone()),
        attempt: call.attempt,
        priority: call.priority.map(Into::into),
        time: call.time.map(|t| t.to_string()),
    }
}

fn notice_data(notice: &Notice) -> wire::Notice {
    wire::Notice {
        id: notice.id.0.clone(),
        text: notice.text.clone(),
        level: notice.level.into(),
        speak: notice.speak,
        until: notice.until.map(|t| t.to_string()),
    }
}

fn survey_data(survey: &Survey) -> wire::Survey {
    wire::Survey {
        date: survey.date.to_string(),
        very_satisfied: survey.very_satisfied,
        satisfied: survey.satisfied,
        dissatisfied: survey.dissatisfied,
    }
}
