//! What a hall remembers of the stream beside its state, so that no call is announced twice.
//! Invariant: the memory is bounded; what was heard first is forgotten first.

use std::collections::{HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::MOST;
use crate::domain::event::{CounterId, ServiceId, Ticket, TicketCalled};

/// Times of one call may differ by this much between its event and a later snapshot.
const SAME_CALL: SignedDuration = SignedDuration::from_secs(5);
/// Calls of one ticket to one counter are two where they are this far apart by two clocks.
const ANOTHER_CALL: SignedDuration = SignedDuration::from_hours(1);
/// How many calls are remembered as heard.
const MOST_HEARD: usize = 4_096;

/// What a hall remembers of the stream beside its state, so that no call is announced twice.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// Whether a snapshot was ever applied.
    pub(super) known: bool,
    heard: HashMap<(Ticket, CounterId), Heard>,
    /// Counters that the server called to and never listed, the newest [`MOST`].
    pub(super) unknown: VecDeque<CounterId>,
    /// The keys of `heard`, first heard first: the first gives way.
    order: VecDeque<(Ticket, CounterId)>,
}

/// The newest call of a ticket to a counter that was heard or seen.
#[derive(Debug, Clone)]
struct Heard {
    attempt: u32,
    service: Option<ServiceId>,
    /// When the server called it, where it says.
    time: Option<Timestamp>,
    /// When it came, by the display's clock.
    came: Timestamp,
}

impl Memory {
    /// The service of a ticket that is called without one: that of the counter, unless the ticket is known
    /// to be of another one alone.
    pub(super) fn service_of(&self, ticket: &Ticket, counter: Option<&ServiceId>) -> Option<ServiceId> {
        let mut known =
            self.heard.iter().filter(|((t, _), _)| t == ticket).filter_map(|(_, h)| h.service.as_ref());
        let first = known.next();
        let alone = first.filter(|first| known.all(|other| other == *first));
        alone.or(counter).cloned()
    }

    /// A counter that the server called to and never listed.
    pub(super) fn made_up(&mut self, counter: &CounterId) {
        self.unknown.retain(|id| id != counter);
        self.unknown.push_back(counter.clone());
        if self.unknown.len() > MOST {
            self.unknown.pop_front();
        }
    }

    /// Whether a call that a snapshot lists was heard, or a newer one of its ticket to its counter was. The
    /// times tell, where they are clearly apart: a number that is drawn again on another day begins
    /// with attempt 1 anew. Otherwise the attempts do.
    pub(super) fn has_heard(&self, call: &TicketCalled) -> bool {
        let key = (call.ticket.clone(), call.counter.clone());
        self.heard.get(&key).is_some_and(|heard| {
            let since = call.time.map(|t| t.duration_since(heard.time.unwrap_or(heard.came)));
            // Clocks differ: without the server's own time only hours tell one call from another.
            let apart = if heard.time.is_some() { SAME_CALL } else { ANOTHER_CALL };
            match since {
                Some(since) if since > apart => false,
                // `came` is by another clock, so it is no proof that a call is old.
                Some(since) if since < -SAME_CALL && heard.time.is_some() => true,
                _ => call.attempt <= heard.attempt,
            }
        })
    }

    /// Whether a call that comes by its event is the very one that was heard last.
    pub(super) fn is_repeat(&self, call: &TicketCalled) -> bool {
        let key = (call.ticket.clone(), call.counter.clone());
        let heard = self.heard.get(&key);
        heard.is_some_and(|h| {
            let same = h.attempt == call.attempt && h.service == call.service;
            same && h.time.is_some() && h.time == call.time
        })
    }

    pub(super) fn hear(&mut self, call: &TicketCalled, now: Timestamp) {
        let key = (call.ticket.clone(), call.counter.clone());
        if self.has_heard(call)
            && let Some(heard) = self.heard.get_mut(&key)
        {
            heard.came = now;
            heard.time = heard.time.or(call.time);
            return;
        }
        let service = call.service.clone();
        let heard = Heard { attempt: call.attempt, service, time: call.time, came: now };
        if self.heard.insert(key.clone(), heard).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > MOST_HEARD
            && let Some(first) = self.order.pop_front()
        {
            self.heard.remove(&first);
        }
    }
}
