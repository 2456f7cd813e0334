//! The life of a demo hall: people come, are called, are served or do not show up; counters open and close.
//! Invariant: no ticket is at two counters, and only an open counter serves; time and chance are arguments.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::Range,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp, civil::Date, tz};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::institutions::{NOTICES, OFFERS, Offer};
use crate::domain::{
    event::{
        Counter, CounterId, CounterState, Event, Level, Notice, NoticeId, Outcome, Priority, Service,
        ServiceId, Serving, Snapshot, Survey, Ticket, TicketCalled,
    },
    hall::Hall,
};

/// The most counters of a demo hall.
pub const MOST_COUNTERS: usize = 500;

/// When the first ticket is called.
const FIRST_CALL: Duration = Duration::from_millis(1_200);
/// Between two calls in the whole hall of eight counters, in milliseconds.
const BETWEEN_CALLS: Range<u64> = 8_000..20_000;
/// Between two arrivals, in milliseconds: a little faster than calls, for some leave by themselves.
const BETWEEN_ARRIVALS: Range<u64> = 4_000..11_000;
/// Between two changes of counters, in milliseconds.
const BETWEEN_TURNS: Range<u64> = 15_000..40_000;
/// Between two notices, and how long one holds, in milliseconds.
const BETWEEN_NOTICES: Range<u64> = 120_000..240_000;
const NOTICE_HOLDS: Duration = Duration::from_secs(90);
/// Until somebody who did not come is called again, in milliseconds.
const UNTIL_RECALL: Range<u64> = 9_000..16_000;
/// The last attempt; who does not come then is not called again.
const LAST_ATTEMPT: u32 = 3;
/// The most who wait for one service.
const MOST_WAITING: u32 = 40;

/// A hall that lives by itself.
pub struct Life {
    hall: Hall,
    rng: StdRng,
    /// How long it has lived.
    clock: Duration,
    next_call: Duration,
    next_arrival: Duration,
    next_turn: Duration,
    next_notice: Duration,
    notice: Option<(NoticeId, Duration)>,
    notices: usize,
    /// The newest number of each prefix.
    rolls: BTreeMap<String, u32>,
    /// When each counter last called, in the hall's order.
    called: Vec<Duration>,
    /// Counters whose ticket has not come, and when it is called again.
    absent: BTreeMap<CounterId, Duration>,
    /// Tickets that go on elsewhere, and where they were.
    transferred: VecDeque<(Ticket, CounterId)>,
}

impl Life {
    /// A hall of `counters` (1 to [`MOST_COUNTERS`]) in the middle of a morning. The same seed and times
    /// give the same life.
    pub fn new(counters: usize, seed: u64, at: Timestamp) -> Self {
        let counters = counters.clamp(1, MOST_COUNTERS);
        let mut rolls = BTreeMap::new();
        for offer in OFFERS {
            let newest = rolls.entry(offer.prefix.to_owned()).or_insert(0);
            *newest = offer.number.max(*newest);
        }
        let mut hall = Hall::default();
        hall.apply(Event::Snapshot(beginning(counters, &mut rolls, at)), at);
        let mut rng = StdRng::seed_from_u64(seed);
        let called = (0..counters).map(|_| Duration::ZERO).collect();
        let next_notice = between(&mut rng, &BETWEEN_NOTICES, 1.0);
        Self {
            hall,
            rng,
            clock: Duration::ZERO,
            next_call: FIRST_CALL,
            next_arrival: FIRST_CALL,
            next_turn: Duration::from_secs(20),
            next_notice,
            notice: None,
            notices: 0,
            rolls,
            called,
            absent: BTreeMap::new(),
            transferred: VecDeque::new(),
        }
    }

    /// The hall as it is now.
    pub fn hall(&self) -> &Hall {
        &self.hall
    }

    /// Lets `dt` pass, up to `at` by the wall clock. Returns what happened, in order.
    pub fn step(&mut self, dt: Duration, at: Timestamp) -> Vec<Event> {
        let mut day = Day { events: Vec::new(), at };
        self.clock += dt;
        let pace = self.pace();
        while self.next_arrival <= self.clock {
            self.next_arrival += between(&mut self.rng, &BETWEEN_ARRIVALS, pace);
            self.arrive(&mut day);
        }
        self.call_again(&mut day);
        while self.next_call <= self.clock {
            self.next_call += between(&mut self.rng, &BETWEEN_CALLS, pace);
            self.call_next(&mut day);
        }
        while self.next_turn <= self.clock {
            self.next_turn += between(&mut self.rng, &BETWEEN_TURNS, pace);
            self.turn(&mut day);
        }
        self.notify(&mut day);
        day.events
    }

    /// How long between two happenings, where a hall of eight counters has 1: a small hall is quieter; a
    /// large one is no busier, as each call takes the stage for a while and the playlist is to be seen.
    fn pace(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "at most 500 counters")]
        let counters = self.hall.counters.len() as f64;
        (8.0 / counters).clamp(1.0, 1.5)
    }

    fn emit(&mut self, event: Event, day: &mut Day) {
        self.hall.apply(event.clone(), day.at);
        day.events.push(event);
    }

    /// Somebody draws a ticket.
    fn arrive(&mut self, day: &mut Day) {
        let index = self.rng.random_range(0..self.hall.services.len());
        self.wait_for(index, 1, day);
    }

    /// Changes how many wait for the service at `index`.
    fn wait_for(&mut self, index: usize, more: i32, day: &mut Day) {
        let mut service = self.hall.services[index].clone();
        let waiting = service.waiting.unwrap_or(0).saturating_add_signed(more).min(MOST_WAITING);
        if service.waiting != Some(waiting) {
            service.waiting = Some(waiting);
            self.emit(Event::ServiceChanged(service), day);
        }
    }

    /// One of the counters that have been busy longest calls its next ticket.
    fn call_next(&mut self, day: &mut Day) {
        let mut free: Vec<usize> = (0..self.hall.counters.len())
            .filter(|&i| {
                let counter = &self.hall.counters[i];
                counter.state == CounterState::Open && !self.absent.contains_key(&counter.id)
            })
            .collect();
        free.sort_by_key(|&i| self.called[i]);
        if free.is_empty() {
            return;
        }
        let index = free[self.rng.random_range(0..free.len().min(3))];
        let transfer = self.rng.random_bool(0.05);
        self.finish(index, if transfer { Outcome::Transferred } else { Outcome::Served }, day);
        let counter = self.hall.counters[index].clone();
        let Some(service) = self.hall.services.iter().position(|s| Some(&s.id) == counter.service.as_ref())
        else {
            return;
        };
        let ticket = match self.transferred.pop_front() {
            Some((ticket, from)) if from != counter.id => ticket,
            other => {
                self.transferred.extend(other);
                let prefix = self.hall.services[service].prefix.clone();
                draw(&mut self.rolls, &prefix)
            }
        };
        self.wait_for(service, -1, day);
        self.called[index] = self.clock;
        let priority = self.rng.random_bool(0.08).then_some(Priority::Elderly);
        let call = TicketCalled {
            ticket,
            counter: counter.id.clone(),
            service: counter.service,
            attempt: 1,
            priority,
            time: Some(day.at),
        };
        self.emit(Event::TicketCalled(call), day);
        if self.rng.random_bool(0.12) {
            let due = self.clock + between(&mut self.rng, &UNTIL_RECALL, 1.0);
            self.absent.insert(counter.id, due);
        }
    }

    /// Calls again whoever did not come, and gives up on whoever was called often enough.
    fn call_again(&mut self, day: &mut Day) {
        let due: Vec<CounterId> =
            self.absent.iter().filter(|(_, due)| **due <= self.clock).map(|(id, _)| id.clone()).collect();
        for id in due {
            self.absent.remove(&id);
            let Some(index) = self.hall.counters.iter().position(|c| c.id == id) else { continue };
            let counter = &self.hall.counters[index];
            let Some(Serving { ticket, attempt }) = counter.serving.clone() else { continue };
            if attempt >= LAST_ATTEMPT {
                self.finish(index, Outcome::NoShow, day);
                continue;
            }
            let service = counter.service.clone();
            let call = TicketCalled {
                ticket,
                counter: id.clone(),
                service,
                attempt: attempt + 1,
                priority: None,
                time: Some(day.at),
            };
            self.called[index] = self.clock;
            self.emit(Event::TicketCalled(call), day);
            if self.rng.random_bool(0.5) {
                let due = self.clock + between(&mut self.rng, &UNTIL_RECALL, 1.0);
                self.absent.insert(id, due);
            }
        }
    }

    /// Ends what the counter at `index` serves now, if it serves.
    fn finish(&mut self, index: usize, outcome: Outcome, day: &mut Day) {
        let counter = &self.hall.counters[index];
        let Some(Serving { ticket, .. }) = counter.serving.clone() else { return };
        let id = counter.id.clone();
        self.absent.remove(&id);
        if outcome == Outcome::Transferred {
            self.transferred.push_back((ticket.clone(), id.clone()));
        }
        self.emit(Event::TicketFinished { ticket, counter: id, outcome }, day);
        if outcome == Outcome::Served && self.rng.random_bool(0.4) {
            self.press(day);
        }
    }

    /// Somebody presses one of the three buttons on the way out.
    fn press(&mut self, day: &mut Day) {
        let today = day.date();
        let blank = Survey { date: today, very_satisfied: 0, satisfied: 0, dissatisfied: 0 };
        let mut survey = self.hall.survey.filter(|s| s.date == today).unwrap_or(blank);
        match self.rng.random_range(0..100) {
            0..70 => survey.very_satisfied += 1,
            70..97 => survey.satisfied += 1,
            _ => survey.dissatisfied += 1,
        }
        self.emit(Event::SurveyChanged(survey), day);
    }

    /// A counter opens, pauses, closes or takes up another service. Three in four stay open.
    fn turn(&mut self, day: &mut Day) {
        let counters = self.hall.counters.len();
        let resting: Vec<usize> =
            (0..counters).filter(|&i| self.hall.counters[i].state != CounterState::Open).collect();
        let reopen = !resting.is_empty() && (resting.len() >= counters / 4 || self.rng.random_bool(0.5));
        if reopen {
            let mut counter = self.hall.counters[resting[self.rng.random_range(0..resting.len())]].clone();
            counter.state = CounterState::Open;
            self.emit(Event::CounterChanged(counter), day);
            return;
        }
        let index = self.rng.random_range(0..counters);
        if self.hall.counters[index].state != CounterState::Open {
            return;
        }
        let service = &self.hall.services[self.rng.random_range(0..self.hall.services.len())];
        let service = service.id.clone();
        let may_rest = resting.len() < counters / 4;
        self.finish(index, Outcome::Served, day);
        let mut counter = self.hall.counters[index].clone();
        match self.rng.random_range(0..4) {
            0 if may_rest => counter.state = CounterState::Closed,
            1 | 2 if may_rest => counter.state = CounterState::Paused,
            _ => counter.service = Some(service),
        }
        self.emit(Event::CounterChanged(counter), day);
    }

    /// A word to everyone, for a while.
    fn notify(&mut self, day: &mut Day) {
        if self.notice.as_ref().is_some_and(|(_, until)| *until <= self.clock)
            && let Some((id, _)) = self.notice.take()
        {
            self.emit(Event::NoticeCleared(id), day);
        }
        if self.next_notice <= self.clock {
            self.next_notice = self.clock + between(&mut self.rng, &BETWEEN_NOTICES, 1.0);
            let id = NoticeId(format!("info-{}", self.notices));
            let text = NOTICES[self.notices % NOTICES.len()].to_owned();
            self.notices += 1;
            self.notice = Some((id.clone(), self.clock + NOTICE_HOLDS));
            let notice = Notice { id, text, level: Level::Info, speak: false, until: None };
            self.emit(Event::NoticePosted(notice), day);
        }
    }
}

/// What happened in one step.
struct Day {
    events: Vec<Event>,
    at: Timestamp,
}

impl Day {
    /// The day in Kendari.
    fn date(&self) -> Date {
        self.at.to_zoned(tz::offset(8).to_time_zone()).date()
    }
}

/// A time within a range of milliseconds, stretched by `pace`.
fn between(rng: &mut StdRng, range: &Range<u64>, pace: f64) -> Duration {
    Duration::from_millis(rng.random_range(range.clone())).mul_f64(pace)
}

/// The next ticket of a roll; after 999 comes 1.
fn draw(rolls: &mut BTreeMap<String, u32>, prefix: &str) -> Ticket {
    let newest = rolls.entry(prefix.to_owned()).or_insert(0);
    *newest = *newest % 999 + 1;
    ticket(prefix, *newest)
}

fn ticket(prefix: &str, number: u32) -> Ticket {
    Ticket(format!("{prefix}-{number:03}"))
}

/// The hall as the demo finds it: every counter serves, but the eighth, which is still closed.
fn beginning(counters: usize, rolls: &mut BTreeMap<String, u32>, at: Timestamp) -> Snapshot {
    let offers = &OFFERS[..counters.min(OFFERS.len())];
    let services = offers.iter().map(|offer| Service {
        id: ServiceId(offer.id.into()),
        name: offer.name.into(),
        agency: offer.agency.into(),
        prefix: offer.prefix.into(),
        waiting: Some(offer.waiting),
    });
    let mut calls = Vec::new();
    let mut shown = Vec::new();
    for index in 0..counters {
        let offer: &Offer = &offers[index % offers.len()];
        let id = CounterId((index + 1).to_string());
        let service = Some(ServiceId(offer.id.into()));
        let closed = index % 10 == 7;
        let serving = (!closed).then(|| {
            let first = index < offers.len();
            let ticket = if first { ticket(offer.prefix, offer.number) } else { draw(rolls, offer.prefix) };
            Serving { ticket, attempt: 1 }
        });
        if let Some(Serving { ticket, attempt }) = serving.clone() {
            // The third counter called last; the others did in the course of the last minutes.
            let ago = if index == 2 { 5 } else { 90 + 37 * (index as i64 % 20) };
            let time = at.checked_sub(SignedDuration::from_secs(ago)).ok();
            let (counter, service) = (id.clone(), service.clone());
            calls.push(TicketCalled { ticket, counter, service, attempt, priority: None, time });
        }
        let state = if closed { CounterState::Closed } else { CounterState::Open };
        shown.push(Counter { id, label: (index + 1).to_string(), service, state, serving });
    }
    calls.sort_by_key(|call| call.time);
    let date = Day { events: Vec::new(), at }.date();
    Snapshot {
        name: "Mal Pelayanan Publik".into(),
        organization: "Pemerintah Kota Kendari".into(),
        services: services.collect(),
        counters: shown,
        calls,
        notices: Vec::new(),
        survey: Some(Survey { date, very_satisfied: 142, satisfied: 61, dissatisfied: 4 }),
    }
}

#[cfg(test)]
mod tests;
