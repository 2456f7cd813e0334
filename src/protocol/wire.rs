//! The shapes of the stream's events, as JSON has them.
//! Invariant: a shape holds what was sent, unchecked but for its types; `convert` checks it.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::clean::{LONGEST_NAME, LONGEST_NOTICE, LONGEST_SOURCE, LONGEST_TICKET};
use crate::domain::{
    event,
    hall::{LONGEST_LABEL, MOST},
};

pub(super) const SNAPSHOT: &str = "papan.hall.snapshot";
pub(super) const CALLED: &str = "papan.ticket.called";
pub(super) const FINISHED: &str = "papan.ticket.finished";
pub(super) const COUNTER_CHANGED: &str = "papan.counter.changed";
pub(super) const COUNTER_REMOVED: &str = "papan.counter.removed";
pub(super) const SERVICE_CHANGED: &str = "papan.service.changed";
pub(super) const NOTICE_POSTED: &str = "papan.notice.posted";
pub(super) const NOTICE_CLEARED: &str = "papan.notice.cleared";
pub(super) const SURVEY_CHANGED: &str = "papan.survey.changed";
pub(super) const RESYNC: &str = "papan.display.resync";
pub(super) const STATUS: &str = "papan.display.status";
pub(super) const STARTED: &str = "papan.announcement.started";
pub(super) const ANNOUNCED: &str = "papan.announcement.finished";

/// A CloudEvents 1.0 event in structured JSON mode. Attributes that are not listed are ignored.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Envelope<T> {
    /// Always `1.0`.
    pub specversion: String,
    /// With `source`, unique.
    #[schemars(length(min = 1, max = LONGEST_SOURCE))]
    pub id: String,
    /// Who says it.
    #[schemars(length(min = 1, max = LONGEST_SOURCE))]
    pub source: String,
    /// What it says.
    #[serde(rename = "type")]
    pub kind: String,
    /// Decimal digits; one more for each event of a source.
    #[schemars(required, regex(pattern = "^[0-9]+$"))]
    pub sequence: Option<String>,
    /// When it happened, by RFC 3339.
    #[schemars(extend("format" = "date-time"))]
    pub time: Option<String>,
    /// The media type of `data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datacontenttype: Option<Cow<'static, str>>,
    /// By `type`.
    #[schemars(required)]
    pub data: Option<T>,
}

/// Makes an enum of the wire with the same variants as the one of the domain.
macro_rules! mirror {
    ($(#[$doc:meta])* $name:ident { $($variant:ident),* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum $name { $($variant),* }

        impl From<$name> for event::$name {
            fn from(wire: $name) -> Self {
                match wire { $($name::$variant => Self::$variant),* }
            }
        }

        impl From<event::$name> for $name {
            fn from(domain: event::$name) -> Self {
                match domain { $(event::$name::$variant => Self::$variant),* }
            }
        }
    };
}

mirror!(
    /// Whether a counter works.
    CounterState { Open, Paused, Closed }
);
mirror!(
    /// Why a ticket is called before others.
    Priority { Elderly, Disability, Pregnant, Child, Other }
);
mirror!(
    /// How a ticket's service ended.
    Outcome { Served, NoShow, Transferred }
);
mirror!(
    /// How far a notice reaches.
    Level { Info, Important, Emergency }
);

/// `papan.hall.snapshot`: the whole state.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Snapshot {
    pub hall: HallName,
    #[schemars(length(max = MOST))]
    pub services: Vec<Service>,
    /// In the order in which they are shown.
    #[schemars(length(max = MOST))]
    pub counters: Vec<Counter>,
    /// The newest calls, oldest first.
    #[serde(default)]
    pub calls: Vec<Call>,
    #[serde(default)]
    pub notices: Vec<Notice>,
    #[serde(default)]
    pub survey: Option<Survey>,
}

/// What the hall is called.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct HallName {
    #[schemars(length(max = LONGEST_NAME))]
    pub name: String,
    #[serde(default)]
    #[schemars(length(max = LONGEST_NAME))]
    pub organization: String,
}

/// A service; the data of `papan.service.changed` too.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Service {
    #[schemars(length(min = 1, max = LONGEST_NAME))]
    pub id: String,
    #[schemars(length(max = LONGEST_NAME))]
    pub name: String,
    #[serde(default)]
    #[schemars(length(max = LONGEST_NAME))]
    pub agency: String,
    /// What its tickets begin with.
    #[serde(default)]
    #[schemars(length(max = LONGEST_TICKET))]
    pub prefix: String,
    /// How many wait for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<u32>,
}

/// A counter; the data of `papan.counter.changed` too. It is always whole: `service` and `serving` are
/// null rather than left out, so that a server that forgets one does not clear what is shown.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("required" = ["id", "label", "service", "state", "serving"]))]
pub(super) struct Counter {
    #[schemars(length(min = 1, max = LONGEST_NAME))]
    pub id: String,
    #[schemars(length(min = 1, max = LONGEST_LABEL))]
    pub label: String,
    #[serde(deserialize_with = "nullable")]
    #[schemars(length(min = 1, max = LONGEST_NAME))]
    pub service: Option<String>,
    pub state: CounterState,
    #[serde(deserialize_with = "nullable")]
    pub serving: Option<Serving>,
}

/// Whom a counter serves now.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Serving {
    #[schemars(length(min = 1, max = LONGEST_TICKET))]
    pub ticket: String,
    #[schemars(range(min = 1))]
    pub attempt: u32,
}

/// A call: the data of `papan.ticket.called`, where the event's `time` is the call's, and of a
/// snapshot's `calls`, where the call has its own.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Call {
    #[schemars(length(min = 1, max = LONGEST_TICKET))]
    pub ticket: String,
    #[schemars(length(min = 1, max = LONGEST_NAME))]
    pub counter: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = LONGEST_NAME))]
    pub service: Option<String>,
    /// 1 for the first call; 2 and more are recalls.
    #[schemars(range(min = 1))]
    pub attempt: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub time: Option<String>,
}

/// `papan.ticket.finished`: nobody is at the counter now.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Finished {
    #[schemars(length(min = 1, max = LONGEST_TICKET))]
    pub ticket: String,
    #[schemars(length(min = 1, max = LONGEST_NAME))]
    pub counter: String,
    pub outcome: Outcome,
}

/// `papan.counter.removed` and `papan.notice.cleared`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Id {
    #[schemars(length(min = 1, max = LONGEST_NAME))]
    pub id: String,
}

/// `papan.notice.posted`: a message to everyone in the hall.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Notice {
    #[schemars(length(min = 1, max = LONGEST_NAME))]
    pub id: String,
    #[schemars(length(min = 1, max = LONGEST_NOTICE))]
    pub text: String,
    pub level: Level,
    pub speak: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub until: Option<String>,
}

/// `papan.survey.changed`: today's counts of the three buttons.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Survey {
    #[schemars(extend("format" = "date"))]
    pub date: String,
    pub very_satisfied: u32,
    pub satisfied: u32,
    pub dissatisfied: u32,
}

/// `papan.display.resync`: the display lost something and wants a snapshot.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Resync {
    pub display: String,
}

/// `papan.display.status`: how the display is.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Status {
    pub display: String,
    #[serde(flatten)]
    pub status: super::Status,
}

/// `papan.announcement.started` and `papan.announcement.finished`: the voice begins, ends.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Announced {
    pub display: String,
    pub ticket: String,
    pub counter: String,
    pub attempt: u32,
}

/// The data of an event that is written.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Data {
    Snapshot(Snapshot),
    Call(Call),
    Finished(Finished),
    Counter(Counter),
    Id(Id),
    Service(Service),
    Notice(Notice),
    Survey(Survey),
    Resync(Resync),
    Status(Status),
    Announced(Announced),
}

/// Reads a value that may be null but not left out.
fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}
