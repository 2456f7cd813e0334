//! The hall as a reducer: it starts from a snapshot, applies events, and can replicate itself.
//! Invariant: applying `Hall::replicate` to an empty hall gives the same hall, and nothing in it grows
//! without bound.

use jiff::{SignedDuration, Timestamp};

use super::event::{
    Counter, CounterId, CounterState, Event, Level, Notice, NoticeId, Service, Serving, Snapshot, Survey,
    Ticket, TicketCalled,
};

mod memory;

pub use memory::Memory;

/// The most counters, and the most services, that are kept.
pub const MOST: usize = 500;
/// The most notices that are kept.
pub const MOST_NOTICES: usize = 64;
/// A call that was missed is announced only if it is younger than this, and no further ahead than this:
/// clocks differ.
pub const MISSED_FOR: SignedDuration = SignedDuration::from_secs(60);
/// The longest label of a counter, in characters; an unknown counter's id is cut to it.
pub const LONGEST_LABEL: usize = 8;

/// Everything that a board can say about a hall now.
#[derive(Debug, Clone, Default)]
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
    /// What was announced already; no part of what a board can say.
    pub memory: Memory,
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
    /// This counter is gone: every call to it that still waits is void.
    CounterGone(CounterId),
    /// This notice is to be spoken.
    Speak(Notice),
    /// This notice no longer holds, or is not to be spoken any more.
    NoticeGone(NoticeId),
}

impl Hall {
    /// Takes one event in, `now` by the wall clock. Returns what it asks for, in order.
    ///
    /// A call that comes by its own event is always announced, but for the very same one (ticket, counter,
    /// attempt and time). A snapshot announces nothing that it shows as called, but for what was missed:
    /// calls that this hall has not heard, that are younger than [`MISSED_FOR`] and still awaited at
    /// their counter, oldest first; the first snapshot announces nothing. A call that a snapshot lists for a
    /// counter that it does not list is left out. A call to a counter takes its ticket away from others,
    /// since a ticket has one holder; what waits of the counter's former ticket stays to be announced until
    /// the server says that it is finished.
    pub fn apply(&mut self, event: Event, now: Timestamp) -> Vec<Change> {
        let mut changes = Vec::new();
        match event {
            Event::Snapshot(snapshot) => self.replace(snapshot, now, &mut changes),
            Event::TicketCalled(call) => self.call(call, now, &mut changes),
            Event::TicketFinished { ticket, counter, outcome: _ } => {
                if let Some(at) = self.counters.iter_mut().find(|c| c.id == counter)
                    && at.serves(&ticket)
                {
                    at.serving = None;
                }
                changes.push(Change::Withdrawn { ticket, counter });
            }
            Event::CounterChanged(counter) => {
                let old = self.counter(&counter.id);
                changes.extend(old.and_then(|old| withdrawn(old, Some(&counter))));
                put(&mut self.counters, counter, |a, b| a.id == b.id);
            }
            Event::CounterRemoved(id) => {
                self.counters.retain(|c| c.id != id);
                self.calls.retain(|c| c.counter != id);
                self.memory.unknown.retain(|unknown| *unknown != id);
                changes.push(Change::CounterGone(id));
            }
            Event::ServiceChanged(service) => put(&mut self.services, service, |a, b| a.id == b.id),
            Event::NoticePosted(notice) => {
                // One that is over already is posted for the moment until it is let go, and disturbs nobody.
                if notice.until.is_none_or(|until| until > now) {
                    changes.extend(self.spoken(&notice));
                }
                self.post(notice);
            }
            Event::NoticeCleared(id) => {
                self.notices.retain(|n| n.id != id);
                changes.push(Change::NoticeGone(id));
            }
            Event::SurveyChanged(survey) => self.survey = Some(survey),
        }
        changes
    }

    /// Lets go of the notices that end by `now`, and says which.
    pub fn expire(&mut self, now: Timestamp) -> Vec<Change> {
        let ends = |n: &mut Notice| n.until.is_some_and(|until| until <= now);
        self.notices.extract_if(.., ends).map(|n| Change::NoticeGone(n.id)).collect()
    }

    /// Whether a snapshot was ever applied, from a server or from disk.
    pub fn known(&self) -> bool {
        self.memory.known
    }

    /// The hall as a snapshot.
    pub fn replicate(&self) -> Snapshot {
        Snapshot {
            name: self.name.clone(),
            organization: self.organization.clone(),
            services: self.services.clone(),
            counters: self.counters.clone(),
            calls: self.calls.clone(),
            notices: self.notices.clone(),
            survey: self.survey,
        }
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

    fn replace(&mut self, snapshot: Snapshot, now: Timestamp, changes: &mut Vec<Change>) {
        let Snapshot { name, organization, services, counters, calls, notices, survey } = snapshot;
        for old in &self.counters {
            let new = counters.iter().find(|c| c.id == old.id);
            // Whom the server calls to a counter that it never lists is announced all the same.
            if new.is_some() {
                changes.extend(withdrawn(old, new));
            } else if !self.memory.unknown.contains(&old.id) {
                changes.push(Change::CounterGone(old.id.clone()));
            }
        }
        self.memory.unknown.retain(|id| !counters.iter().any(|c| c.id == *id));
        (self.name, self.organization, self.survey) = (name, organization, survey);
        (self.services, self.counters) = (services, counters);
        self.services.truncate(MOST);
        self.counters.truncate(MOST);
        // What a snapshot shows was spoken when it was posted; an emergency that was missed is spoken now.
        let gone = self.notices.iter().filter(|old| !notices.iter().any(|n| n.id == old.id));
        changes.extend(gone.map(|old| Change::NoticeGone(old.id.clone())));
        let emergencies = notices.iter().filter(|n| n.level == Level::Emergency);
        changes.extend(emergencies.filter_map(|n| self.spoken(n)));
        self.notices.clear();
        notices.into_iter().for_each(|n| self.post(n));
        self.calls.clear();
        let mut missed = Vec::new();
        for call in calls {
            let call = self.with_service(call);
            let Some(counter) = self.counter(&call.counter) else { continue };
            let awaited = counter.serves(&call.ticket);
            let fresh = call.time.is_some_and(|t| now.duration_since(t).abs() < MISSED_FOR);
            if self.memory.known && awaited && fresh && !self.memory.has_heard(&call) {
                missed.push(call.clone());
            }
            self.memory.hear(&call, now);
            self.keep(call);
        }
        // Whom a counter serves is shown as called, whether `calls` names it or not.
        for counter in &self.counters {
            if let Some(Serving { ticket, attempt }) = &counter.serving {
                let (ticket, counter) = (ticket.clone(), counter.id.clone());
                let (attempt, time) = (*attempt, None);
                let shown = TicketCalled { ticket, counter, attempt, time, service: None, priority: None };
                self.memory.hear(&shown, now);
            }
        }
        self.memory.known = true;
        missed.sort_by_key(|c| c.time);
        changes.extend(missed.into_iter().map(Change::Called));
    }

    fn call(&mut self, call: TicketCalled, now: Timestamp, changes: &mut Vec<Change>) {
        let call = self.with_service(call);
        // A ticket is at one counter only. Of another service it is another ticket: two services may both
        // have a `12`.
        let same_service = |c: &Counter| call.service.is_some() && c.service == call.service;
        let elsewhere = |c: &Counter| c.id != call.counter && c.serves(&call.ticket) && same_service(c);
        for other in self.counters.iter_mut().filter(|c| elsewhere(c)) {
            changes.extend(withdrawn(other, None));
            other.serving = None;
        }
        let serving = Some(Serving { ticket: call.ticket.clone(), attempt: call.attempt });
        match self.counters.iter_mut().find(|c| c.id == call.counter) {
            Some(counter) => counter.serving = serving,
            None => {
                changes.push(Change::UnknownCounter(call.counter.clone()));
                self.memory.made_up(&call.counter);
                if self.counters.len() < MOST {
                    self.counters.push(Counter {
                        id: call.counter.clone(),
                        label: label_of(&call.counter),
                        service: call.service.clone(),
                        state: CounterState::Open,
                        serving,
                    });
                }
            }
        }
        if !self.memory.is_repeat(&call) {
            changes.push(Change::Called(call.clone()));
        }
        self.memory.hear(&call, now);
        if self.counter(&call.counter).is_some() {
            self.calls.retain(|c| c.counter != call.counter);
            self.calls.push(call);
        }
    }

    /// A call with its service: where the server does not say it, that of the counter.
    fn with_service(&self, call: TicketCalled) -> TicketCalled {
        if call.service.is_some() {
            return call;
        }
        let counter = self.counter(&call.counter).and_then(|c| c.service.as_ref());
        TicketCalled { service: self.memory.service_of(&call.ticket, counter), ..call }
    }

    /// What stands on a counter's sign; of one that the server never told of, its id.
    pub fn label(&self, counter: &CounterId) -> String {
        self.counter(counter).map_or_else(|| label_of(counter), |c| c.label.clone())
    }

    /// Keeps a call of a snapshot unless a newer one of its counter is there.
    fn keep(&mut self, call: TicketCalled) {
        if let Some(index) = self.calls.iter().position(|c| c.counter == call.counter) {
            let (old, new) = (self.calls[index].time, call.time);
            if old.zip(new).is_some_and(|(old, new)| old > new) {
                return;
            }
            self.calls.remove(index);
        }
        self.calls.push(call);
    }

    /// Takes a notice in, in the place of the one with its id. Where there are too many, the oldest of the
    /// lowest level gives way, so an emergency only ever gives way to an emergency.
    fn post(&mut self, notice: Notice) {
        match self.notices.iter_mut().find(|n| n.id == notice.id) {
            Some(old) => *old = notice,
            None => self.notices.push(notice),
        }
        if self.notices.len() > MOST_NOTICES {
            let lowest = self.notices.iter().map(|n| n.level).min().unwrap_or(Level::Info);
            if let Some(index) = self.notices.iter().position(|n| n.level == lowest) {
                self.notices.remove(index);
            }
        }
    }

    /// What a notice that comes asks of those who speak: one that says the same as before is not said again.
    fn spoken(&self, notice: &Notice) -> Option<Change> {
        let old = self.notices.iter().find(|n| n.id == notice.id);
        match old {
            Some(old) if old.says(notice) => None,
            _ if notice.speak => Some(Change::Speak(notice.clone())),
            Some(old) if old.speak => Some(Change::NoticeGone(notice.id.clone())),
            _ => None,
        }
    }
}

/// Halls are equal where a board shows the same; what was heard does not count.
impl PartialEq for Hall {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.organization == other.organization
            && self.services == other.services
            && self.counters == other.counters
            && self.calls == other.calls
            && self.notices == other.notices
            && self.survey == other.survey
    }
}

impl Eq for Hall {}

/// Puts an item in the place of the same one, or at the end while there is room.
fn put<T>(items: &mut Vec<T>, item: T, same: impl Fn(&T, &T) -> bool) {
    match items.iter().position(|i| same(i, &item)) {
        Some(index) => items[index] = item,
        None if items.len() < MOST => items.push(item),
        None => {}
    }
}

/// What is void of a counter's calls now that it is as `new` says, or gone.
fn withdrawn(old: &Counter, new: Option<&Counter>) -> Option<Change> {
    let Serving { ticket, .. } = old.serving.as_ref()?;
    let still = new.is_some_and(|n| n.serves(ticket));
    (!still).then(|| Change::Withdrawn { ticket: ticket.clone(), counter: old.id.clone() })
}

/// The label of a counter that the server never told of: its id, marked where it is longer than a label.
fn label_of(counter: &CounterId) -> String {
    if counter.0.chars().count() <= LONGEST_LABEL {
        return counter.0.clone();
    }
    // Ids differ at their ends rather than at their beginnings.
    let skipped = counter.0.chars().count() + 1 - LONGEST_LABEL;
    ['…'].into_iter().chain(counter.0.chars().skip(skipped)).collect()
}
