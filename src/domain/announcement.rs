//! The order of speech: what is announced next, in which form, and what is not, and why.
//! Invariant: one announcement at a time, first called first heard, and none leaves without a reason.
//!
//! Under a burst the form shortens by rule, step by step, until what waits fits into the bound: see [`Haste`].

use std::{collections::VecDeque, time::Duration};

use super::{
    event::{CounterId, Level, Notice, NoticeId, Ticket, TicketCalled},
    speech::Wording,
};

mod form;
mod queue;

pub use form::{Form, Haste, Rules, Takes};

/// How long a call-out stays at the least, while no other call waits for it.
pub const SHORTEST: Duration = Duration::from_secs(6);
/// A call older than this is shown on the board but no longer spoken.
pub const TOO_OLD: Duration = Duration::from_secs(90);
/// How many notices can wait to be spoken; the oldest of the lowest level gives way.
pub const MOST_NOTICES: usize = 32;
/// How long a call has the call-out at the least without sound, where others wait for it.
const LEAST_SHOWN: Duration = Duration::from_secs(3);
/// How often an announcement is begun at the most, where its sound breaks off.
const MOST_TRIES: u8 = 2;
/// What is not over this long after it should be is given up: its end will never be told.
const OVERDUE: Duration = Duration::from_secs(15);

/// Tells one announcement from every other since the program's start; later ones have higher numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Number(pub u64);

/// What is announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A ticket's call.
    Call(TicketCalled),
    /// A notice that is to be spoken.
    Notice(Notice),
}

/// Whether a call can be heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sound {
    /// The site wants none: calls are shown, one after the other.
    #[default]
    Off,
    /// There is no device now: calls are shown, and wait to be heard.
    Away,
    /// A device takes sound.
    Ready,
}

/// Why something is not spoken, or not to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unspoken {
    /// It waited longer than [`TOO_OLD`].
    TooOld,
    /// It waited longer than [`TOO_OLD`], or too much waited, while there was no device.
    NoDevice,
    /// The ticket was finished or called elsewhere, or the notice cleared.
    Withdrawn,
    /// It was called again while it waited: that call is spoken in its place.
    Merged,
    /// More would have waited than the bound allows, in the shortest form.
    Backlog,
    /// The site wants no sound.
    Off,
    /// Its sound broke off each time.
    Failed,
}

/// What those who sound and show announcements have to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// This is spoken from now on, once; of a notice, its sentence [`Form::part`].
    Begin(Number, What, Form),
    /// What was just spoken goes on: a call once more, a notice with its next sentence.
    GoOn(Number, What, Form),
    /// This is not spoken, or not to its end.
    Unspoken(Number, What, Unspoken),
    /// What sounds is to end at once.
    Hush,
}

/// How the sound of an announcement ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was heard to its end.
    Heard,
    /// It broke off.
    Broken,
    /// Its device went, or there was none: the try does not count.
    Lost,
}

/// Something that waits. Times are monotonic, since the program's start.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    number: Number,
    what: What,
    takes: Takes,
    /// How long each sentence of a notice takes, and which one is next. A call has none.
    parts: Vec<Duration>,
    part: usize,
    /// When it came in, or was last called again.
    called_at: Duration,
    /// How often it was begun.
    tries: u8,
    /// Whether the call-out has shown it, while there was no device.
    shown: bool,
}

/// What is spoken, or was until just now.
#[derive(Debug, Clone)]
struct Current {
    entry: Entry,
    form: Form,
    started_at: Duration,
    /// How often it was said already, and when it was last begun.
    said: u8,
    begun_at: Duration,
    /// Whether its ticket is no longer wanted: it is said to its end, and not again.
    withdrawn: bool,
    /// When it was heard: it stays on the call-out until the next begins or [`SHORTEST`] has passed.
    heard_at: Option<Duration>,
}

/// A call on the call-out without sound.
#[derive(Debug, Clone)]
struct Silent {
    number: Number,
    call: TicketCalled,
    started_at: Duration,
    /// How long it has the call-out where others wait for it.
    length: Duration,
}

/// What waits, and what is announced now.
#[derive(Debug)]
pub struct Announcements {
    rules: Rules,
    current: Option<Current>,
    silent: Option<Silent>,
    waiting: VecDeque<Entry>,
    sound: Sound,
    /// Since when nothing can be heard.
    away_since: Option<Duration>,
    next: u64,
}

impl Announcements {
    /// Nothing waits.
    pub fn new(rules: Rules) -> Self {
        let (current, silent, waiting) = (None, None, VecDeque::new());
        Self { rules, current, silent, waiting, sound: Sound::default(), away_since: None, next: 1 }
    }

    /// What the rules are from now on, as when the chime's length becomes known.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// What is spoken now.
    pub fn speaking(&self) -> Option<(Number, &What)> {
        self.current.as_ref().filter(|c| c.heard_at.is_none()).map(|c| (c.entry.number, &c.entry.what))
    }

    /// The call that the call-out shows.
    pub fn shown(&self) -> Option<(Number, &TicketCalled)> {
        match (&self.current, &self.silent) {
            (Some(Current { entry: Entry { number, what: What::Call(call), .. }, .. }), _) => {
                Some((*number, call))
            }
            (Some(_), _) => None,
            (None, Some(silent)) => Some((silent.number, &silent.call)),
            (None, None) => None,
        }
    }

    /// How many wait to be spoken.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Takes a call in. A recall of a ticket that still waits merges with it and keeps its place; the
    /// same ticket of the same service for another counter is not spoken, or no longer. Two services may both
    /// have a ticket `12`: those are two people.
    pub fn call(
        &mut self,
        call: TicketCalled,
        takes: Takes,
        now: Duration,
        out: &mut Vec<Happening>,
    ) -> Number {
        self.call_off(|c| is_one_ticket(c, &call) && c.counter != call.counter, out);
        let number = self.number();
        let is_same = |e: &Entry| match &e.what {
            What::Call(c) => is_one_ticket(c, &call) && c.counter == call.counter,
            What::Notice(_) => false,
        };
        let same = self.waiting.iter().position(is_same);
        let entry = Entry::new(number, What::Call(call), takes, now);
        match same {
            Some(index) => {
                let old = std::mem::replace(&mut self.waiting[index], entry);
                out.push(Happening::Unspoken(old.number, old.what, Unspoken::Merged));
            }
            None => self.enqueue(entry),
        }
        self.shorten(now, out);
        number
    }

    /// Takes a notice in that is to be spoken, `parts` being how long its sentences take. An emergency cuts in: a
    /// call that is cut waits to be heard whole. Any other notice gives way to calls, also between its sentences.
    pub fn notice(
        &mut self,
        notice: Notice,
        parts: Vec<Duration>,
        now: Duration,
        out: &mut Vec<Happening>,
    ) -> Number {
        self.clear(&notice.id, out);
        let number = self.number();
        let emergency = notice.level == Level::Emergency;
        let takes = Takes::even(parts.first().copied().unwrap_or_default());
        self.enqueue(Entry { parts, ..Entry::new(number, What::Notice(notice), takes, now) });
        let cuts = |c: &Current| c.heard_at.is_none() && !c.entry.what.is_emergency();
        if emergency && let Some(mut cut) = self.current.take_if(|c| cuts(c)) {
            out.push(Happening::Hush);
            // That it was cut is no fault of its sound.
            cut.entry.tries = cut.entry.tries.saturating_sub(1);
            self.put_back(cut, out);
        }
        self.shorten(now, out);
        number
    }

    /// A ticket is no longer wanted at a counter. What is being spoken is spoken to its end: it was true.
    pub fn withdraw(&mut self, ticket: &Ticket, counter: &CounterId, out: &mut Vec<Happening>) {
        self.let_end(|c| c.ticket == *ticket && c.counter == *counter, out);
    }

    /// A counter is gone: nobody is sent there any more.
    pub fn close(&mut self, counter: &CounterId, out: &mut Vec<Happening>) {
        self.let_end(|c| c.counter == *counter, out);
    }

    fn let_end(&mut self, which: impl Fn(&TicketCalled) -> bool, out: &mut Vec<Happening>) {
        let is_it = |what: &What| matches!(what, What::Call(call) if which(call));
        self.take_waiting(|e| is_it(&e.what), Unspoken::Withdrawn, out);
        if let Some(current) = self.current.as_mut().filter(|c| is_it(&c.entry.what)) {
            current.withdrawn = true;
        }
    }

    /// A notice is gone; one that is being spoken ends at once, since it may be a false alarm.
    pub fn clear(&mut self, id: &NoticeId, out: &mut Vec<Happening>) {
        let is_it = |what: &What| matches!(what, What::Notice(n) if n.id == *id);
        self.take_waiting(|e| is_it(&e.what), Unspoken::Withdrawn, out);
        self.cut(is_it, out);
    }

    /// The sound of an announcement ended. Tells what was heard for the last time; what broke off waits for
    /// another try.
    pub fn ended(
        &mut self,
        number: Number,
        how: Ended,
        now: Duration,
        out: &mut Vec<Happening>,
    ) -> Option<What> {
        let is_it = |c: &Current| c.entry.number == number && c.heard_at.is_none();
        if how == Ended::Heard {
            let current = self.current.as_mut().filter(|c| is_it(c))?;
            current.said = current.said.saturating_add(1);
            if self.current.as_ref().is_some_and(|c| self.goes_on(c, c.said, now)) {
                self.go_on(now, out);
                return None;
            }
            let current = self.current.as_mut()?;
            current.heard_at = Some(now);
            return Some(current.entry.what.clone());
        }
        let mut broken = self.current.take_if(|c| is_it(c))?;
        if how == Ended::Lost {
            broken.entry.tries = broken.entry.tries.saturating_sub(1);
        }
        self.put_back(broken, out);
        self.shorten(now, out);
        None
    }

    /// Moves time on, `sound` being what can be heard now.
    pub fn step(&mut self, now: Duration, sound: Sound, out: &mut Vec<Happening>) {
        self.sound = sound;
        let since = self.away_since.unwrap_or(now);
        self.away_since = (sound != Sound::Ready).then_some(since);
        if let Some(number) = self.current.as_ref().filter(|c| self.overdue(c, now)).map(|c| c.entry.number) {
            out.push(Happening::Hush);
            self.ended(number, Ended::Broken, now, out);
        }
        self.let_go(now, out);
        if self.current.as_ref().is_some_and(|c| c.heard_at.is_none()) {
            return;
        }
        if sound == Sound::Ready {
            self.speak(now, out);
        } else {
            self.show(now, out);
        }
        let since = |started_at: Duration| now.saturating_sub(started_at);
        let stays =
            |c: &Current| c.heard_at.is_none() || (c.entry.is_call() && since(c.started_at) < SHORTEST);
        self.current.take_if(|c| !stays(c));
        self.silent.take_if(|s| since(s.started_at) >= s.length.max(SHORTEST));
    }

    fn overdue(&self, current: &Current, now: Duration) -> bool {
        let length = self.rules.once(&current.entry.takes, current.form);
        current.heard_at.is_none() && now.saturating_sub(current.begun_at) > length * 2 + OVERDUE
    }

    /// Lets go of what is too old to be spoken, and of what nobody wants to hear.
    fn let_go(&mut self, now: Duration, out: &mut Vec<Happening>) {
        let old = |e: &Entry| now.saturating_sub(e.called_at) > TOO_OLD;
        match self.sound {
            Sound::Ready => self.take_waiting(|e| e.is_call() && old(e), Unspoken::TooOld, out),
            Sound::Away => self.take_waiting(|e| !e.what.is_emergency() && old(e), Unspoken::NoDevice, out),
            Sound::Off => self.take_waiting(|e| !e.is_call(), Unspoken::Off, out),
        }
    }
}

impl What {
    fn is_emergency(&self) -> bool {
        matches!(self, Self::Notice(notice) if notice.level == Level::Emergency)
    }
}

/// Whether two calls are of one person's ticket. A call that does not say its service may be of any.
fn is_one_ticket(a: &TicketCalled, b: &TicketCalled) -> bool {
    let unsaid = a.service.is_none() || b.service.is_none();
    a.ticket == b.ticket && (unsaid || a.service == b.service)
}

impl Entry {
    fn new(number: Number, what: What, takes: Takes, called_at: Duration) -> Self {
        Self { number, what, takes, parts: Vec::new(), part: 0, called_at, tries: 0, shown: false }
    }

    fn is_call(&self) -> bool {
        matches!(self.what, What::Call(_))
    }
}
