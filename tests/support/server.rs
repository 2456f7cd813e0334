//! A little queue server, written without `domain::hall`, and a display that follows it over a network
//! that loses, repeats and delays. Invariant: what the server says is true when it says it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use papan::{
    domain::{
        event::{
            Counter, CounterId, CounterState, Event, Outcome, Service, ServiceId, Serving, Snapshot, Ticket,
            TicketCalled,
        },
        hall::{Change, Hall},
    },
    protocol::{Incoming, Order, Verdict, decode, encode_event},
};
use proptest::prelude::*;

/// What happens at the server.
#[derive(Debug, Clone)]
pub enum Deed {
    Call { ticket: u8, counter: u8 },
    Finish { counter: u8 },
    Change { counter: u8, state: CounterState },
    Remove { counter: u8 },
    Waiting { number: u32 },
}

/// What the network does with the message about it.
#[derive(Debug, Clone, Copy)]
pub enum Fate {
    Arrives,
    Lost,
    Twice,
    Late { by: usize },
}

/// A step of the story.
#[derive(Debug, Clone)]
pub enum Step {
    Deed {
        deed: Deed,
        fate: Fate,
        after_s: i64,
    },
    /// The connection is lost and made again.
    Reconnect {
        after_s: i64,
    },
    /// The server starts anew, counts from the beginning, and may have another name.
    Restart {
        renamed: bool,
        same_connection: bool,
    },
    /// The server answers the display's wish for a snapshot, if it has one.
    Answer,
}

pub fn step() -> impl Strategy<Value = Step> {
    let state = prop_oneof![Just(CounterState::Open), Just(CounterState::Paused), Just(CounterState::Closed)];
    let deed = prop_oneof![
        8 => (0..8u8, 0..5u8).prop_map(|(ticket, counter)| Deed::Call { ticket, counter }),
        4 => (0..5u8).prop_map(|counter| Deed::Finish { counter }),
        2 => (0..5u8, state).prop_map(|(counter, state)| Deed::Change { counter, state }),
        1 => (0..5u8).prop_map(|counter| Deed::Remove { counter }),
        1 => (0..99u32).prop_map(|number| Deed::Waiting { number }),
    ];
    let fate = prop_oneof![
        6 => Just(Fate::Arrives),
        2 => Just(Fate::Lost),
        1 => Just(Fate::Twice),
        1 => (1..4usize).prop_map(|by| Fate::Late { by }),
    ];
    prop_oneof![
        16 => (deed, fate, 0..20i64).prop_map(|(deed, fate, after_s)| Step::Deed { deed, fate, after_s }),
        1 => (0..90i64).prop_map(|after_s| Step::Reconnect { after_s }),
        1 => any::<(bool, bool)>().prop_map(|(renamed, same_connection)| Step::Restart { renamed, same_connection }),
        3 => Just(Step::Answer),
    ]
}

/// A message on its way: which state it leads to, and its text.
type Message = (usize, String);

pub struct Server {
    name: u32,
    sequence: u64,
    pub now: Timestamp,
    state: Snapshot,
    /// The newest call of each ticket to each counter: its attempt and time.
    attempts: BTreeMap<(u8, u8), (u32, Timestamp)>,
    /// The state after each event; the first before any.
    pub history: Vec<Snapshot>,
    /// Every call, with the index of the state that it led to.
    pub calls: Vec<(usize, TicketCalled)>,
}

impl Server {
    pub fn new() -> Self {
        let service = Service {
            id: service(),
            name: "KTP-el".into(),
            agency: "".into(),
            prefix: "A".into(),
            waiting: None,
        };
        let state = Snapshot { name: "MPP".into(), services: vec![service], ..Snapshot::default() };
        Self {
            name: 0,
            sequence: 1_000,
            now: "2026-11-21T01:00:00Z".parse().unwrap(),
            history: vec![state.clone()],
            state,
            attempts: BTreeMap::new(),
            calls: Vec::new(),
        }
    }

    pub fn wait(&mut self, seconds: i64) {
        self.now += SignedDuration::from_millis(seconds * 1_000 + 1);
    }

    pub fn restart(&mut self, renamed: bool) {
        self.sequence = 0;
        self.name += u32::from(renamed);
    }

    pub fn snapshot(&self) -> Message {
        let text =
            encode_event(&Event::Snapshot(self.state.clone()), &self.source(), self.sequence, self.now);
        (self.history.len() - 1, text)
    }

    /// Does a deed, if it can be done, and tells of it.
    pub fn act(&mut self, deed: &Deed) -> Option<Message> {
        let event = match *deed {
            Deed::Call { ticket, counter } => self.call(ticket, counter)?,
            Deed::Finish { counter } => {
                let ticket = self.at(counter)?.serving.take()?.ticket;
                Event::TicketFinished { ticket, counter: id(counter), outcome: Outcome::Served }
            }
            Deed::Change { counter, state } => {
                if self.at(counter).is_none() {
                    let label = counter.to_string();
                    let service = Some(service());
                    self.state.counters.push(Counter {
                        id: id(counter),
                        label,
                        service,
                        state,
                        serving: None,
                    });
                }
                let at = self.at(counter)?;
                at.state = state;
                Event::CounterChanged(at.clone())
            }
            Deed::Remove { counter } => {
                self.at(counter)?;
                self.state.counters.retain(|c| c.id != id(counter));
                self.state.calls.retain(|c| c.counter != id(counter));
                Event::CounterRemoved(id(counter))
            }
            Deed::Waiting { number } => {
                self.state.services[0].waiting = Some(number);
                Event::ServiceChanged(self.state.services[0].clone())
            }
        };
        self.sequence += 1;
        self.history.push(self.state.clone());
        let index = self.history.len() - 1;
        if let Event::TicketCalled(call) = &event {
            self.calls.push((index, call.clone()));
        }
        Some((index, encode_event(&event, &self.source(), self.sequence, self.now)))
    }

    /// A ticket stands at one counter. Its attempts count on while it is served there, and where it comes
    /// back at once; otherwise they begin anew, as on another day.
    fn call(&mut self, number: u8, counter: u8) -> Option<Event> {
        let ticket = Ticket(format!("A-{number:03}"));
        let served = self.at(counter)?.serving.as_ref().is_some_and(|s| s.ticket == ticket);
        let before = self.attempts.get(&(number, counter));
        let soon = before.is_some_and(|(_, t)| self.now.duration_since(*t) < SignedDuration::from_secs(6));
        let attempt = before.filter(|_| served || soon).map_or(1, |(attempt, _)| attempt + 1);
        self.attempts.insert((number, counter), (attempt, self.now));
        for c in &mut self.state.counters {
            if c.id == id(counter) {
                c.serving = Some(Serving { ticket: ticket.clone(), attempt });
            } else if c.serving.as_ref().is_some_and(|s| s.ticket == ticket) {
                c.serving = None;
            }
        }
        let (service, time) = (Some(service()), Some(self.now));
        let call = TicketCalled { ticket, counter: id(counter), service, attempt, priority: None, time };
        self.state.calls.push(call.clone());
        Some(Event::TicketCalled(call))
    }

    fn at(&mut self, counter: u8) -> Option<&mut Counter> {
        self.state.counters.iter_mut().find(|c| c.id == id(counter))
    }

    fn source(&self) -> String {
        format!("https://antrean.example/{}", self.name)
    }
}

fn id(counter: u8) -> CounterId {
    CounterId(format!("loket-{counter}"))
}

fn service() -> ServiceId {
    ServiceId("ktp".into())
}

/// A state as a hall keeps it: of the calls the newest of each counter.
pub fn kept(state: &Snapshot) -> Snapshot {
    let newest = |(index, call): &(usize, &TicketCalled)| {
        !state.calls[index + 1..].iter().any(|later| later.counter == call.counter)
    };
    let calls = state.calls.iter().enumerate().filter(newest).map(|(_, c)| c.clone()).collect();
    Snapshot { calls, ..state.clone() }
}

/// A snapshot that a display took: of which state, and when.
pub struct Taken {
    pub index: usize,
    pub now: Timestamp,
    /// How many calls had been announced before.
    pub announced: usize,
}

#[derive(Default)]
pub struct Display {
    pub hall: Hall,
    order: Order,
    /// Whether a snapshot is wanted.
    pub wants: bool,
    in_step: bool,
    pub announced: Vec<TicketCalled>,
    /// The states that events, not snapshots, led to.
    pub applied: Vec<usize>,
    pub taken: Vec<Taken>,
}

impl Display {
    pub fn connect(&mut self) {
        self.order = Order::default();
        self.wants = false;
    }

    pub fn receive(&mut self, (index, text): &Message, server: &Server) {
        let Ok(Incoming::Event { source, sequence, event, .. }) = decode(text) else { panic!("{text}") };
        let snapshot = matches!(event, Event::Snapshot(_));
        let verdict = self.order.take(&source, sequence, snapshot);
        self.wants |= matches!(verdict, Verdict::Gap | Verdict::Foreign);
        match verdict {
            Verdict::Apply | Verdict::Gap => {}
            Verdict::Duplicate | Verdict::Foreign | Verdict::Ignore => return,
        }
        self.in_step = snapshot || (self.in_step && verdict == Verdict::Apply);
        if snapshot {
            self.wants = false;
            self.taken.push(Taken { index: *index, now: server.now, announced: self.announced.len() });
        } else {
            self.applied.push(*index);
        }
        for change in self.hall.apply(event, server.now) {
            match change {
                Change::Called(call) => self.announced.push(call),
                Change::UnknownCounter(_) => self.wants = true,
                Change::Withdrawn { .. }
                | Change::CounterGone(_)
                | Change::Speak(_)
                | Change::NoticeGone(_) => {}
            }
        }
        if self.in_step {
            assert_eq!(self.hall.replicate(), kept(&server.history[*index]), "after {text}");
        }
    }
}
