//! A hall that only speaks, as slowly as it should, and what must hold of it at every moment.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use papan::domain::{
    announcement::{Announcements, Ended, Form, Happening, Number, Rules, Sound, Takes, Unspoken, What},
    event::{CounterId, Level, Notice, NoticeId, Priority, ServiceId, Ticket, TicketCalled},
};

#[derive(Debug, Clone)]
pub enum Action {
    Call { ticket: u8, counter: u8, service: u8, priority: bool },
    Withdraw { ticket: u8, counter: u8 },
    Notice { id: u8, level: Level },
    Clear { id: u8 },
    Break,
    Sound(Sound),
    Wait { ms: u64 },
}

/// What saying a call takes: full 5 s, brief 3 s, in a row 2.75 s, joined 2.5 s, in two languages or one.
pub fn takes() -> Takes {
    let all = [10_000, 6_000, 5_500, 5_000].map(Duration::from_millis);
    Takes { all, first: all.map(|t| t / 2) }
}

/// What the three sentences of a notice take.
pub const PARTS: [Duration; 3] = [Duration::from_secs(4), Duration::from_secs(9), Duration::from_secs(2)];

/// A hall that only speaks, as slowly as it should.
pub struct World {
    pub queue: Announcements,
    pub rules: Rules,
    pub now: Duration,
    sound: Sound,
    /// What sounds, and when it is over.
    pub sounding: Option<(Number, What, Duration)>,
    /// The newest call of each ticket of a service: the counter where its holder is wanted.
    wanted: BTreeMap<(Ticket, Option<ServiceId>), (Number, CounterId)>,
    came: BTreeMap<Number, Duration>,
    /// The place in the order: a recall takes that of the call that it merges with.
    pub place: BTreeMap<Number, Number>,
    last_place: Number,
    pub gone: BTreeMap<Number, Option<Unspoken>>,
    emergencies: BTreeSet<Number>,
    /// How long it took until each that was heard had been said once.
    pub heard: Vec<(Number, Duration)>,
    pub forms: Vec<Form>,
    /// What was said once at least.
    said: BTreeSet<Number>,
    /// Which sentence of each notice was begun last.
    parts: BTreeMap<Number, usize>,
}

impl World {
    pub fn new(rules: Rules) -> Self {
        Self {
            queue: Announcements::new(rules),
            rules,
            now: Duration::ZERO,
            sound: Sound::Ready,
            sounding: None,
            wanted: BTreeMap::new(),
            came: BTreeMap::new(),
            place: BTreeMap::new(),
            last_place: Number(0),
            gone: BTreeMap::new(),
            emergencies: BTreeSet::new(),
            heard: Vec::new(),
            forms: Vec::new(),
            said: BTreeSet::new(),
            parts: BTreeMap::new(),
        }
    }

    pub fn act(&mut self, action: &Action) {
        let mut out = Vec::new();
        match action {
            Action::Call { ticket, counter, service, priority } => {
                let call = TicketCalled {
                    ticket: Ticket(format!("A-{ticket:03}")),
                    counter: CounterId(counter.to_string()),
                    service: (*service > 0).then(|| ServiceId(service.to_string())),
                    attempt: 1,
                    priority: priority.then_some(Priority::Elderly),
                    time: None,
                };
                let (key, counter) = ((call.ticket.clone(), call.service.clone()), call.counter.clone());
                let number = self.queue.call(call, takes(), self.now, &mut out);
                self.came.insert(number, self.now);
                self.wanted.insert(key, (number, counter));
                let merged = out.iter().find_map(|h| match h {
                    Happening::Unspoken(old, _, Unspoken::Merged) => self.place.get(old).copied(),
                    _ => None,
                });
                self.place.insert(number, merged.unwrap_or(number));
            }
            Action::Withdraw { ticket, counter } => {
                let (ticket, counter) = (Ticket(format!("A-{ticket:03}")), CounterId(counter.to_string()));
                self.wanted.retain(|key, (_, at)| key.0 != ticket || *at != counter);
                self.queue.withdraw(&ticket, &counter, &mut out);
            }
            Action::Notice { id, level } => {
                let id = NoticeId(id.to_string());
                let (text, level) = ("Perhatian".to_owned(), *level);
                let notice = Notice { id, text, level, speak: true, until: None };
                let number = self.queue.notice(notice, PARTS.to_vec(), self.now, &mut out);
                self.came.insert(number, self.now);
                if level == Level::Emergency {
                    self.emergencies.insert(number);
                }
            }
            Action::Clear { id } => self.queue.clear(&NoticeId(id.to_string()), &mut out),
            Action::Break => {
                if let Some((number, ..)) = self.sounding.take() {
                    self.queue.ended(number, Ended::Broken, self.now, &mut out);
                }
            }
            Action::Sound(sound) => {
                self.sound = *sound;
                if *sound != Sound::Ready
                    && let Some((number, ..)) = self.sounding.take()
                {
                    self.queue.ended(number, Ended::Lost, self.now, &mut out);
                }
            }
            Action::Wait { ms } => self.wait(Duration::from_millis(*ms)),
        }
        self.take(out);
        self.step();
    }

    /// Frames come at every 50 ms, and when a sound ends.
    pub fn wait(&mut self, time: Duration) {
        let until = self.now + time;
        while self.now < until {
            self.now = (self.now + Duration::from_millis(50)).min(until);
            if let Some((number, _, ends)) = self.sounding.clone()
                && ends <= self.now
            {
                let mut out = Vec::new();
                self.sounding = None;
                if self.said.insert(number) {
                    self.heard.push((number, self.now - self.came[&number]));
                }
                let heard = self.queue.ended(number, Ended::Heard, self.now, &mut out).is_some();
                if heard {
                    assert_eq!(out, [], "it is over");
                    self.leave(number, None);
                }
                self.take(out);
            }
            self.step();
        }
    }

    fn step(&mut self) {
        let mut out = Vec::new();
        self.queue.step(self.now, self.sound, &mut out);
        self.take(out);
    }

    fn leave(&mut self, number: Number, why: Option<Unspoken>) {
        self.emergencies.remove(&number);
        assert!(self.came.contains_key(&number), "{number:?} never came");
        assert_eq!(self.gone.insert(number, why), None, "{number:?} left twice");
    }

    fn take(&mut self, out: Vec<Happening>) {
        for happening in out {
            match happening {
                Happening::Hush => self.sounding = None,
                Happening::Unspoken(number, _, why) => {
                    assert!(self.sounding.as_ref().is_none_or(|s| s.0 != number), "it still sounds");
                    self.leave(number, Some(why));
                }
                Happening::Begin(number, what, form) => {
                    self.begin(number, what, form);
                }
                Happening::GoOn(number, what, form) => {
                    assert!(!form.chime && self.said.contains(&number), "nothing was said of {number:?}");
                    self.begin(number, what, form);
                }
            }
        }
    }

    fn begin(&mut self, number: Number, what: What, form: Form) {
        assert!(self.sounding.is_none(), "two sound at once");
        assert!(!self.gone.contains_key(&number), "{number:?} is gone already");
        assert_eq!(self.sound, Sound::Ready, "nothing can be heard");
        let calm = self.emergencies.is_empty() || self.emergencies.contains(&number);
        assert!(calm, "an emergency waits");
        if let What::Call(call) = &what {
            let wanted = self.wanted.get(&(call.ticket.clone(), call.service.clone()));
            assert_eq!(wanted.map(|w| &w.1), Some(&call.counter), "spoken to the wrong counter");
            if !self.rules.priority_first {
                let place = self.place[&number];
                assert!(place >= self.last_place, "{place:?} after {:?}", self.last_place);
                self.last_place = place;
            }
        }
        let takes = match &what {
            What::Call(_) => takes(),
            What::Notice(_) => {
                let next = self.parts.insert(number, form.part).map_or(0, |part| part + 1);
                // One that was cut or broke off begins with the sentence that was not heard to its end.
                assert!(form.part == next || form.part + 1 == next, "sentence {} of {number:?}", form.part);
                Takes::even(PARTS[form.part])
            }
        };
        self.forms.push(form);
        self.sounding = Some((number, what, self.now + self.rules.once(&takes, form)));
    }

    /// What may still come to be heard.
    pub fn open(&self) -> usize {
        self.came.len() - self.gone.len()
    }

    pub fn check(&self) {
        let speaking = self.queue.speaking().map(|(number, _)| number);
        assert_eq!(speaking, self.sounding.as_ref().map(|s| s.0));
        assert_eq!(self.open(), self.queue.waiting() + usize::from(speaking.is_some()));
        if let Some((_, What::Call(call), _)) = &self.sounding {
            let newest = self.wanted.get(&(call.ticket.clone(), call.service.clone()));
            // Finished meanwhile is no harm; sent elsewhere is.
            assert!(newest.is_none_or(|(_, at)| *at == call.counter), "it is sent elsewhere as it is heard");
            assert_eq!(
                self.queue.shown().map(|(_, call)| call),
                Some(call),
                "the call-out shows another one"
            );
        }
    }
}
