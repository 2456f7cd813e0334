//! What a display tells a queue server.
//! Invariant: what [`encode`] writes, [`decode_report`] reads back the same.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Reject, convert, read, wire, write};
use crate::domain::event::TicketCalled;

/// How far a display is with following the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// Connected, and no snapshot came yet.
    Waiting,
    /// Following.
    Live,
    /// Something was lost, and a snapshot was asked for.
    Resync,
}

/// How a display is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Status {
    /// papan's version.
    pub version: String,
    /// Seconds since the program started.
    pub uptime_s: u64,
    /// The newest event's sequence, in decimal digits as in the envelope; null before any.
    pub sequence: Option<String>,
    /// The item on the stage, as staff name it.
    pub playing: String,
    /// Frames presented in the last second.
    pub fps: f32,
    /// How far the link is.
    pub link: LinkState,
    /// Messages ignored because they were wrong, since the program started.
    pub errors: u64,
}

/// What a display says.
#[derive(Debug, Clone, PartialEq)]
pub enum Outgoing {
    /// Something was lost: a snapshot is wanted.
    Resync,
    /// How the display is; every 10 s.
    Status(Status),
    /// The sound of this call began.
    AnnouncementStarted(TicketCalled),
    /// The sound of this call is over.
    AnnouncementFinished(TicketCalled),
}

/// Writes what a display says as a CloudEvent. `number` is 1 for the first event that the display sends
/// since its start, and one more for each.
pub fn encode(outgoing: &Outgoing, display: &str, number: u64, time: Timestamp) -> String {
    use wire::Data;
    let announced = |call: &TicketCalled| {
        Data::Announced(wire::Announced {
            display: display.to_owned(),
            ticket: call.ticket.0.clone(),
            counter: call.counter.0.clone(),
            attempt: call.attempt,
        })
    };
    let (kind, data) = match outgoing {
        Outgoing::Resync => (wire::RESYNC, Data::Resync(wire::Resync { display: display.to_owned() })),
        Outgoing::Status(status) => {
            // JSON has no number for what is not finite.
            let fps = if status.fps.is_finite() { status.fps } else { 0.0 };
            let status = Status { fps, ..status.clone() };
            (wire::STATUS, Data::Status(wire::Status { display: display.to_owned(), status }))
        }
        Outgoing::AnnouncementStarted(call) => (wire::STARTED, announced(call)),
        Outgoing::AnnouncementFinished(call) => (wire::ANNOUNCED, announced(call)),
    };
    write(kind, &source(display), number, time, data)
}

/// Reads what a display says, as a server does: the display's name and what it says. A call comes back
/// without what a report does not tell: its service, priority and time.
pub fn decode_report(text: &str) -> Result<(String, Outgoing), Reject> {
    let envelope = super::open(text)?;
    let announced = |raw: wire::Announced| {
        let call = wire::Call {
            ticket: raw.ticket,
            counter: raw.counter,
            service: None,
            attempt: raw.attempt,
            priority: None,
            time: None,
        };
        Ok::<_, Reject>((raw.display, convert::call(&call, None)?))
    };
    Ok(match envelope.kind.as_str() {
        wire::RESYNC => (read::<wire::Resync>(wire::RESYNC, envelope.data)?.display, Outgoing::Resync),
        wire::STATUS => {
            let raw: wire::Status = read(wire::STATUS, envelope.data)?;
            (raw.display, Outgoing::Status(raw.status))
        }
        wire::STARTED => {
            let (display, call) = announced(read(wire::STARTED, envelope.data)?)?;
            (display, Outgoing::AnnouncementStarted(call))
        }
        wire::ANNOUNCED => {
            let (display, call) = announced(read(wire::ANNOUNCED, envelope.data)?)?;
            (display, Outgoing::AnnouncementFinished(call))
        }
        other => return Err(Reject::NotAReport(super::clean::quote(other))),
    })
}

/// A display as the source of events: a URI reference, so whatever stands in its name otherwise is
/// percent-encoded.
fn source(display: &str) -> String {
    let mut source = String::from("urn:papan:display:");
    for byte in display.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            source.push(char::from(byte));
        } else {
            source.push_str(&format!("%{byte:02X}"));
        }
    }
    source
}
