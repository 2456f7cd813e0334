//! What happens in a hall, in domain terms. Everything here has already been checked by `protocol`:
//! lengths are within bounds and no text holds a control character.

use jiff::{Timestamp, civil::Date};

/// A ticket's number as it is printed, such as `A-012`, `12` or `PBB-1044`; 1 to 16 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub String);

/// The identity of a counter, which a hall never shows unless the counter is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CounterId(pub String);

/// The identity of a service.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServiceId(pub String);

/// The identity of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NoticeId(pub String);

/// A service that the hall offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its identity.
    pub id: ServiceId,
    /// Its name, such as `Perekaman KTP-el`.
    pub name: String,
    /// The agency that offers it, such as `Dukcapil`; may be empty.
    pub agency: String,
    /// What its tickets begin with; may be empty.
    pub prefix: String,
    /// How many wait for it, where the server says.
    pub waiting: Option<u32>,
}

/// Whether a counter works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CounterState {
    /// It serves.
    Open,
    /// It is away for a moment.
    Paused,
    /// It serves nobody today.
    Closed,
}

/// The ticket that a counter serves now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serving {
    /// The ticket.
    pub ticket: Ticket,
    /// How often it has been called here; 1 is the first call.
    pub attempt: u32,
}

/// A counter of the hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// Its identity.
    pub id: CounterId,
    /// What stands on its sign, up to 8 characters.
    pub label: String,
    /// The service that it gives now.
    pub service: Option<ServiceId>,
    /// Whether it works.
    pub state: CounterState,
    /// Whom it serves now.
    pub serving: Option<Serving>,
}

impl Counter {
    /// Whether it serves this ticket now.
    pub fn serves(&self, ticket: &Ticket) -> bool {
        self.serving.as_ref().is_some_and(|s| s.ticket == *ticket)
    }
}

/// Why a ticket is called before others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Priority {
    /// An elderly person.
    Elderly,
    /// A person with a disability.
    Disability,
    /// A pregnant person.
    Pregnant,
    /// A person with a small child.
    Child,
    /// Another reason.
    Other,
}

/// A ticket is called to a counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketCalled {
    /// The ticket.
    pub ticket: Ticket,
    /// Where its holder is to go.
    pub counter: CounterId,
    /// The service that it was drawn for, where the server says.
    pub service: Option<ServiceId>,
    /// 1 for the first call; 2 and more are recalls.
    pub attempt: u32,
    /// Why it is called before others, where it is.
    pub priority: Option<Priority>,
    /// When the server called it, by the server's clock.
    pub time: Option<Timestamp>,
}

/// How a ticket's service ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Its holder was served.
    Served,
    /// Nobody came.
    NoShow,
    /// It goes on at another counter.
    Transferred,
}

/// How far a notice reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Joins the running text.
    Info,
    /// Takes the stage.
    Important,
    /// Takes the whole screen.
    Emergency,
}

/// A message from the hall to everyone in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its identity.
    pub id: NoticeId,
    /// The text, up to 2,000 characters.
    pub text: String,
    /// How far it reaches.
    pub level: Level,
    /// Whether it is also to be spoken.
    pub speak: bool,
    /// When it ends by itself.
    pub until: Option<Timestamp>,
}

impl Notice {
    /// Whether this one, once spoken, has said what a newer one with its id has to say: the same, no louder.
    pub fn says(&self, newer: &Self) -> bool {
        self.speak && newer.speak && self.text == newer.text && self.level >= newer.level
    }
}

/// Today's counts of the three satisfaction buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Survey {
    /// The day.
    pub date: Date,
    /// Presses of `sangat puas`.
    pub very_satisfied: u32,
    /// Presses of `puas`.
    pub satisfied: u32,
    /// Presses of `tidak puas`.
    pub dissatisfied: u32,
}

impl Survey {
    /// All presses; more than can be counted are as many as can be.
    pub fn total(&self) -> u32 {
        self.very_satisfied.saturating_add(self.satisfied).saturating_add(self.dissatisfied)
    }
}

/// The whole state of a hall, as a server sends it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snapshot {
    /// The hall's name.
    pub name: String,
    /// The organization that runs it.
    pub organization: String,
    /// All services.
    pub services: Vec<Service>,
    /// All counters, in the order in which they are shown.
    pub counters: Vec<Counter>,
    /// The newest calls, oldest first.
    pub calls: Vec<TicketCalled>,
    /// The notices that hold now.
    pub notices: Vec<Notice>,
    /// Today's survey.
    pub survey: Option<Survey>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The server said everything anew.
    Snapshot(Snapshot),
    /// A ticket is called to a counter.
    TicketCalled(TicketCalled),
    /// Nobody is at the counter any more.
    TicketFinished {
        /// The ticket.
        ticket: Ticket,
        /// Where it was served.
        counter: CounterId,
        /// How it ended.
        outcome: Outcome,
    },
    /// A counter was added or is otherwise than before.
    CounterChanged(Counter),
    /// A counter is gone.
    CounterRemoved(CounterId),
    /// A service was added or is otherwise than before.
    ServiceChanged(Service),
    /// A notice holds from now on.
    NoticePosted(Notice),
    /// A notice no longer holds.
    NoticeCleared(NoticeId),
    /// The survey's counts changed.
    SurveyChanged(Survey),
}
