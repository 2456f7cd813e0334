//! The hall as a reducer: it starts from a snapshot, applies events, and can replicate itself.
//! Invariant: applying `Hall::replicate` to an empty hall gives the same hall.

use jiff::Timestamp;

use super::event::{Counter, CounterId, Event, Notice, Service, Snapshot, Survey, Ticket, TicketCalled};

/// Everything that a board can say about a hall now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hall {
    /// The hall's name; empty until a snapshot came.
    pub name: String,
    /// The organization that runs it.
    pub organization: String,
    /// All services.
    pub services: Vec<Service>,
    /// All counters, in the order in which they are shown.
    pub counters: Vec<Counter>,
    /// The newest call of each counter, oldest first; at most one a counter.
    pub calls: Vec<TicketCalled>,
    /// The notices that hold, oldest first.
    pub notices: Vec<Notice>,
    /// Today's survey.
    pub survey: Option<Survey>,
}

/// What applying an event asks of those who watch the hall, beside drawing it anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// This call is to be announced.
    Called(TicketCalled),
    /// A call of this ticket to this counter that still waits to be announced is void.
    Withdrawn {
        /// The ticket.
        ticket: Ticket,
        /// The counter.
        counter: CounterId,
    },
    /// A call named a counter that the hall does not know: ask for a snapshot.
    UnknownCounter(CounterId),
}

impl Hall {
    /// Takes one event in, `now` by the wall clock. Anything but the order of what is returned is
    /// independent of how often an event comes.
    pub fn apply(&mut self, event: Event, now: Timestamp) -> Vec<Change> {
        let _ = (event, now);
        Vec::new()
    }

    /// The hall as a snapshot.
    pub fn replicate(&self) -> Snapshot {
        Snapshot::default()
    }

    /// The counter with this identity.
    pub fn counter(&self, id: &CounterId) -> Option<&Counter> {
        self.counters.iter().find(|c| c.id == *id)
    }

    /// The service that a counter gives now.
    pub fn service_of(&self, counter: &Counter) -> Option<&Service> {
        let id = counter.service.as_ref()?;
        self.services.iter().find(|s| s.id == *id)
    }
}
