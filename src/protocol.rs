//! The queue stream: CloudEvents in, domain events out, and back.
//! Invariant: nothing that is sent makes [`decode`] panic, and what it lets through is within every
//! limit and holds no character that could hide or turn text around.
//!
//! A message is one CloudEvents 1.0 event in structured JSON mode:
//! ```json
//! {"specversion": "1.0", "id": "1042-x", "source": "https://antrean.example/hall",
//!  "type": "papan.ticket.called", "sequence": "1042", "time": "2026-11-21T01:41:07Z",
//!  "data": {"ticket": "A-012", "counter": "3", "service": "ktp", "attempt": 1}}
//! ```
//! Attributes and members that are not known are ignored, so that a server may say more. What is known
//! must be right, or the message is rejected whole, with a reason for the log. [`Order`] tells what a
//! sequence means; [`schemas`] has the exact shapes.

mod clean;
mod convert;
mod order;
mod outgoing;
mod wire;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use self::{
    order::{Order, Verdict},
    outgoing::{LinkState, Outgoing, Status, decode_report, encode},
};
use crate::domain::event::Event;

/// The longest message, in bytes. A connection that sends a longer one is closed.
pub const LONGEST_MESSAGE: usize = 1 << 20;

/// A message from a queue server that is a right event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// An event that the display knows.
    Event {
        /// Who sent it.
        source: String,
        /// Its place among the events of that source.
        sequence: u64,
        /// When it happened, by the server's clock.
        time: Option<Timestamp>,
        /// What happened.
        event: Event,
    },
    /// An event of a type that the display does not know. It has its place in the sequence all the same.
    Unknown {
        /// Who sent it.
        source: String,
        /// Its place among the events of that source, where it has one.
        sequence: Option<u64>,
        /// Its type, cleaned and cut for the log.
        kind: String,
    },
}

/// Why a message is ignored. What it quotes is cleaned and cut, so that a log may hold it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reject {
    /// Longer than [`LONGEST_MESSAGE`].
    #[error("the message has {0} bytes, more than {LONGEST_MESSAGE}")]
    TooLong(usize),
    /// No JSON.
    #[error("the message is not JSON: {0}")]
    NotJson(String),
    /// JSON, but no CloudEvent.
    #[error("the message is not a CloudEvent: {0}")]
    NotAnEvent(String),
    /// A CloudEvent of another version.
    #[error("`specversion` is `{0}`; it must be `1.0`")]
    SpecVersion(String),
    /// No sequence, where the type needs one.
    #[error("`sequence` is missing")]
    NoSequence,
    /// A sequence that is no number.
    #[error("`sequence` is `{0}`; it must be decimal digits, below 2^64")]
    Sequence(String),
    /// A time that is none.
    #[error("`{0}` is not a time as RFC 3339 writes it, such as 2026-11-21T01:41:07Z")]
    Time(String),
    /// A day that is none.
    #[error("`{0}` is not a day such as 2026-11-21")]
    Date(String),
    /// Data of the wrong shape: a member is missing, or has the wrong type, or a word that is not allowed.
    #[error("the data of {kind} have the wrong shape: {reason}")]
    Data {
        /// The event's type.
        kind: &'static str,
        /// Where and what.
        reason: String,
    },
    /// A text over its limit.
    #[error("{what} has {length} characters, more than {most}")]
    TooLongText {
        /// Which text.
        what: &'static str,
        /// How many characters it has.
        length: usize,
        /// How many it may have.
        most: usize,
    },
    /// A text that holds nothing that can be seen.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A list over its limit.
    #[error("there are {count} {what}, more than {most}")]
    TooMany {
        /// Which list.
        what: &'static str,
        /// How many it holds.
        count: usize,
        /// How many it may hold.
        most: usize,
    },
    /// Two entries of a snapshot's list with one id.
    #[error("two {what} have the id `{id}`")]
    Twice {
        /// Which list.
        what: &'static str,
        /// The id, cleaned.
        id: String,
    },
    /// Attempts count from 1.
    #[error("`attempt` is 0; the first call is 1")]
    Attempt,
    /// A display's report was expected.
    #[error("`{0}` is not a display's report")]
    NotAReport(String),
}

/// Reads one message of a queue server.
pub fn decode(text: &str) -> Result<Incoming, Reject> {
    let envelope = open(text)?;
    let sequence = envelope.sequence.as_deref().map(clean::sequence).transpose()?;
    let time = envelope.time.as_deref().map(clean::time).transpose()?;
    let source = envelope.source;
    let Some(event) = event(&envelope.kind, envelope.data, time)? else {
        return Ok(Incoming::Unknown { source, sequence, kind: clean::quote(&envelope.kind) });
    };
    let sequence = sequence.ok_or(Reject::NoSequence)?;
    Ok(Incoming::Event { source, sequence, time, event })
}

/// Writes an event as a queue server does. `time` is when it happened, unless it is a call that has its
/// own.
pub fn encode_event(event: &Event, source: &str, sequence: u64, time: Timestamp) -> String {
    let time = match event {
        Event::TicketCalled(call) => call.time.unwrap_or(time),
        _ => time,
    };
    let (kind, data) = convert::event_data(event);
    write(kind, source, sequence, time, data)
}

/// The JSON Schemas of all events, by type. A schema says the shape and the limits; that a limit counts
/// what is left of a text when it is cleaned, and that an id comes once in its list, only [`decode`] knows.
pub fn schemas() -> Value {
    let mut all = serde_json::Map::new();
    let mut add = |kind: &str, mut schema: schemars::Schema| {
        if let Some(property) = schema.pointer_mut("/properties/type") {
            *property = serde_json::json!({"const": kind});
        }
        if let Some(property) = schema.pointer_mut("/properties/specversion") {
            *property = serde_json::json!({"const": "1.0"});
        }
        all.insert(kind.to_owned(), schema.to_value());
    };
    add(wire::SNAPSHOT, schemars::schema_for!(wire::Envelope<wire::Snapshot>));
    add(wire::CALLED, schemars::schema_for!(wire::Envelope<wire::Call>));
    add(wire::FINISHED, schemars::schema_for!(wire::Envelope<wire::Finished>));
    add(wire::COUNTER_CHANGED, schemars::schema_for!(wire::Envelope<wire::Counter>));
    add(wire::COUNTER_REMOVED, schemars::schema_for!(wire::Envelope<wire::Id>));
    add(wire::SERVICE_CHANGED, schemars::schema_for!(wire::Envelope<wire::Service>));
    add(wire::NOTICE_POSTED, schemars::schema_for!(wire::Envelope<wire::Notice>));
    add(wire::NOTICE_CLEARED, schemars::schema_for!(wire::Envelope<wire::Id>));
    add(wire::SURVEY_CHANGED, schemars::schema_for!(wire::Envelope<wire::Survey>));
    add(wire::RESYNC, schemars::schema_for!(wire::Envelope<wire::Resync>));
    add(wire::STATUS, schemars::schema_for!(wire::Envelope<wire::Status>));
    add(wire::STARTED, schemars::schema_for!(wire::Envelope<wire::Announced>));
    add(wire::ANNOUNCED, schemars::schema_for!(wire::Envelope<wire::Announced>));
    Value::Object(all)
}

/// Reads the envelope and checks what every event must have.
fn open(text: &str) -> Result<wire::Envelope<Value>, Reject> {
    if text.len() > LONGEST_MESSAGE {
        return Err(Reject::TooLong(text.len()));
    }
    // serde would take a list for an object, member by member.
    if !text.trim_start().starts_with('{') {
        let reason = "it does not begin with `{`".into();
        return Err(if serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
            Reject::NotAnEvent(reason)
        } else {
            Reject::NotJson(reason)
        });
    }
    let envelope: wire::Envelope<Value> = serde_json::from_str(text).map_err(|error| {
        let reason = clean::quote(&error.to_string());
        if error.is_data() { Reject::NotAnEvent(reason) } else { Reject::NotJson(reason) }
    })?;
    if envelope.specversion != "1.0" {
        return Err(Reject::SpecVersion(clean::quote(&envelope.specversion)));
    }
    clean::filled("`id`", &envelope.id, clean::LONGEST_SOURCE)?;
    clean::filled("`source`", &envelope.source, clean::LONGEST_SOURCE)?;
    clean::filled("`type`", &envelope.kind, clean::LONGEST_SOURCE)?;
    Ok(envelope)
}

/// The event of a type with its data; `None` where the type is not known.
fn event(kind: &str, data: Option<Value>, time: Option<Timestamp>) -> Result<Option<Event>, Reject> {
    let event = match kind {
        wire::SNAPSHOT => Event::Snapshot(convert::snapshot(&read(wire::SNAPSHOT, data)?)?),
        wire::CALLED => Event::TicketCalled(convert::call(&read(wire::CALLED, data)?, time)?),
        wire::FINISHED => {
            let raw: wire::Finished = read(wire::FINISHED, data)?;
            let (ticket, counter) = (convert::ticket(&raw.ticket)?, convert::counter_id(&raw.counter)?);
            Event::TicketFinished { ticket, counter, outcome: raw.outcome.into() }
        }
        wire::COUNTER_CHANGED => {
            Event::CounterChanged(convert::counter(&read(wire::COUNTER_CHANGED, data)?)?)
        }
        wire::COUNTER_REMOVED => {
            Event::CounterRemoved(convert::counter_id(&read::<wire::Id>(wire::COUNTER_REMOVED, data)?.id)?)
        }
        wire::SERVICE_CHANGED => {
            Event::ServiceChanged(convert::service(&read(wire::SERVICE_CHANGED, data)?)?)
        }
        wire::NOTICE_POSTED => Event::NoticePosted(convert::notice(&read(wire::NOTICE_POSTED, data)?)?),
        wire::NOTICE_CLEARED => {
            Event::NoticeCleared(convert::notice_id(&read::<wire::Id>(wire::NOTICE_CLEARED, data)?.id)?)
        }
        wire::SURVEY_CHANGED => Event::SurveyChanged(convert::survey(&read(wire::SURVEY_CHANGED, data)?)?),
        _ => return Ok(None),
    };
    Ok(Some(event))
}

/// Gives an event's data their shape; a reason names the member that is wrong.
fn read<T: DeserializeOwned>(kind: &'static str, data: Option<Value>) -> Result<T, Reject> {
    let wrong = |reason: &str| Reject::Data { kind, reason: clean::quote(reason) };
    let data = data.ok_or_else(|| wrong("`data` is missing"))?;
    if !data.is_object() {
        return Err(wrong("`data` is not an object"));
    }
    serde_path_to_error::deserialize(data).map_err(|error| wrong(&error.to_string()))
}

/// Writes an event. Its id is unique for its source even where a sequence begins anew.
fn write(kind: &str, source: &str, sequence: u64, time: Timestamp, data: wire::Data) -> String {
    let envelope = wire::Envelope {
        specversion: "1.0".into(),
        id: format!("{sequence}-{}-{kind}", time.as_millisecond()),
        source: source.to_owned(),
        kind: kind.to_owned(),
        sequence: Some(sequence.to_string()),
        time: Some(time.to_string()),
        datacontenttype: Some("application/json".into()),
        data: Some(data),
    };
    serde_json::to_string(&envelope).unwrap_or_else(|error| {
        tracing::error!("an event of type {kind} cannot be written: {error}");
        String::new()
    })
}
