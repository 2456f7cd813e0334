//! What waits: its order, its length, and who gives way.
//! Invariant: what waits fits into the bound, or it is one call alone.

use std::time::Duration;

use super::{
    Announcements, Current, Entry, Form, Happening, Haste, LEAST_SHOWN, Level, MOST_NOTICES, MOST_TRIES,
    Number, Silent, Sound, TOO_OLD, Takes, TicketCalled, Unspoken, What,
};

/// What begins this soon after the last one follows it: people still hear it as one row.
const AT_ONCE: Duration = Duration::from_secs(1);

impl Announcements {
    /// How long it takes from `now` on until every call that waits is said, in the form that it has now; zero
    /// where none waits. Notices do not count: they give way to calls.
    pub fn backlog(&self, now: Duration) -> Duration {
        let last = self.ends_at(self.haste(now), now).last().map(|(_, ends)| *ends);
        last.map_or(Duration::ZERO, |ends| ends.saturating_sub(now))
    }

    /// How short what waits is to be said, so that each call is over within the bound after it was called: not
    /// only the last one, or else every call that is done would make the others longer again.
    pub fn haste(&self, now: Duration) -> Haste {
        let in_time = |haste: &Haste| {
            self.ends_at(*haste, now).iter().all(|(entry, ends)| *ends <= entry.called_at + self.bound())
        };
        Haste::ALL.into_iter().find(in_time).unwrap_or(Haste::OneLanguage)
    }

    /// How much may wait: what would be too old when its turn comes is no use.
    fn bound(&self) -> Duration {
        self.rules.backlog.min(TOO_OLD)
    }

    /// When each call that waits will be over.
    fn ends_at(&self, haste: Haste, now: Duration) -> Vec<(&Entry, Duration)> {
        let speaking = self.current.as_ref().filter(|c| c.heard_at.is_none());
        let mut at = now + speaking.map_or(Duration::ZERO, |c| self.rest(c, haste, now));
        let mut all = Vec::new();
        let mut before = self.before(now);
        for entry in self.waiting.iter().filter(|e| e.is_call()) {
            at += self.rules.length(&entry.takes, self.rules.form(haste, &entry.what, before));
            all.push((entry, at));
            before = Some(&entry.what);
        }
        all
    }

    fn calls_wait(&self) -> bool {
        self.waiting.iter().any(Entry::is_call)
    }

    /// What is spoken, or was until just now: what comes next follows it.
    fn before(&self, now: Duration) -> Option<&What> {
        let follows = |c: &&Current| c.heard_at.is_none_or(|at| now.saturating_sub(at) < AT_ONCE);
        self.current.as_ref().filter(follows).map(|c| &c.entry.what)
    }

    /// How long what is spoken still takes, a notice until the end of its sentence.
    fn rest(&self, current: &Current, haste: Haste, now: Duration) -> Duration {
        let (takes, form) = (&current.entry.takes, current.form);
        let since = now.saturating_sub(current.begun_at);
        let repeats =
            if haste < Haste::Once { form.times.saturating_sub(current.said.saturating_add(1)) } else { 0 };
        let repeats = self.rules.once(takes, Form { chime: false, ..form }) * u32::from(repeats);
        self.rules.once(takes, form).saturating_sub(since) + repeats
    }

    /// Lets calls go until what waits fits: the newest, so that who waits longest is heard. Once there has been
    /// no device for longer than the bound it is the oldest, which would be too old when it is back. One call may
    /// always wait.
    pub(super) fn shorten(&mut self, now: Duration, out: &mut Vec<Happening>) {
        let bound = self.bound();
        let away = self.away_since.is_some_and(|since| now.saturating_sub(since) > bound);
        let calls = |all: &Self| all.waiting.iter().filter(|e| e.is_call()).count();
        let too_much = |all: &Self| {
            let last = all.ends_at(Haste::OneLanguage, now).last().map(|(_, ends)| *ends);
            last.is_some_and(|ends| ends > now + bound)
        };
        while calls(self) > 1 && too_much(self) {
            let index = match away {
                true => self.waiting.iter().position(Entry::is_call),
                false => self.waiting.iter().rposition(Entry::is_call),
            };
            let Some(entry) = index.and_then(|index| self.waiting.remove(index)) else { return };
            let why = if self.sound == Sound::Away { Unspoken::NoDevice } else { Unspoken::Backlog };
            out.push(Happening::Unspoken(entry.number, entry.what, why));
        }
        self.let_notices_go(out);
    }

    fn let_notices_go(&mut self, out: &mut Vec<Happening>) {
        let level = |e: &Entry| if let What::Notice(n) = &e.what { Some(n.level) } else { None };
        while self.waiting.iter().filter_map(level).count() > MOST_NOTICES {
            let lowest: Option<Level> = self.waiting.iter().filter_map(level).min();
            let index = self.waiting.iter().position(|e| level(e) == lowest);
            let Some(entry) = index.and_then(|index| self.waiting.remove(index)) else { return };
            out.push(Happening::Unspoken(entry.number, entry.what, Unspoken::Backlog));
        }
    }

    pub(super) fn number(&mut self) -> Number {
        self.next += 1;
        Number(self.next - 1)
    }

    /// Puts something in its place: behind all that goes before it or came before it.
    pub(super) fn enqueue(&mut self, entry: Entry) {
        let rank = self.rank(&entry);
        let index = self.waiting.iter().rposition(|e| self.rank(e) <= rank).map_or(0, |i| i + 1);
        self.waiting.insert(index, entry);
    }

    /// Puts back what was begun and not heard to its end: before all that waits and does not go before it.
    pub(super) fn put_back(&mut self, begun: Current, out: &mut Vec<Happening>) {
        let entry = begun.entry;
        let why = match (begun.withdrawn, entry.tries < MOST_TRIES) {
            (true, _) => Unspoken::Withdrawn,
            (false, false) => Unspoken::Failed,
            (false, true) => {
                let rank = self.rank(&entry);
                let place = self.waiting.iter().position(|e| self.rank(e) >= rank);
                return self.waiting.insert(place.unwrap_or(self.waiting.len()), entry);
            }
        };
        out.push(Happening::Unspoken(entry.number, entry.what, why));
    }

    /// Who goes before whom: emergencies, priority tickets where the site wants it, all other calls, notices.
    fn rank(&self, entry: &Entry) -> u8 {
        match &entry.what {
            what if what.is_emergency() => 0,
            What::Call(call) if self.rules.priority_first && call.priority.is_some() => 1,
            What::Call(_) => 2,
            What::Notice(_) => 3,
        }
    }

    pub(super) fn take_waiting(
        &mut self,
        which: impl Fn(&Entry) -> bool,
        why: Unspoken,
        out: &mut Vec<Happening>,
    ) {
        self.waiting.retain(|entry| {
            let keep = !which(entry);
            if !keep {
                out.push(Happening::Unspoken(entry.number, entry.what.clone(), why));
            }
            keep
        });
    }

    /// Ends what is spoken, if it is this.
    pub(super) fn cut(&mut self, which: impl Fn(&What) -> bool, out: &mut Vec<Happening>) {
        let Some(current) = self.current.take_if(|c| which(&c.entry.what)) else { return };
        if current.heard_at.is_none() {
            out.push(Happening::Hush);
            out.push(Happening::Unspoken(current.entry.number, current.entry.what, Unspoken::Withdrawn));
        }
    }

    /// Calls off what is no longer true: what waits, what is spoken, and what the call-out shows.
    pub(super) fn call_off(&mut self, which: impl Fn(&TicketCalled) -> bool, out: &mut Vec<Happening>) {
        let is_it = |what: &What| matches!(what, What::Call(call) if which(call));
        self.take_waiting(|e| is_it(&e.what), Unspoken::Withdrawn, out);
        self.cut(is_it, out);
        self.silent.take_if(|s| which(&s.call));
    }

    /// Begins with the first that waits.
    pub(super) fn speak(&mut self, now: Duration, out: &mut Vec<Happening>) {
        let haste = self.haste(now);
        let Some(mut entry) = self.waiting.pop_front() else { return };
        let before = self.before(now);
        let mut form = self.rules.form(haste, &entry.what, before);
        if entry.is_call() && before.is_none() && !self.calls_wait() {
            // Repeats of one that is alone are in nobody's way: they end when another call comes.
            let whole = |haste: &Haste| Form {
                times: self.rules.repeat.max(1),
                ..self.rules.form(*haste, &entry.what, None)
            };
            let fits = |form: &Form| self.rules.once(&entry.takes, *form) <= self.bound();
            form = Haste::ALL.iter().map(whole).find(fits).unwrap_or(form);
        }
        form.part = entry.part;
        entry.tries += 1;
        out.push(Happening::Begin(entry.number, entry.what.clone(), form));
        self.silent = None;
        let (started_at, begun_at) = (now, now);
        self.current =
            Some(Current { entry, form, started_at, begun_at, said: 0, withdrawn: false, heard_at: None });
    }

    /// Whether an announcement is over when what is said now of it is, as things stand.
    pub fn ends_with_this(&self, number: Number, now: Duration) -> bool {
        let current = self.current.as_ref().filter(|c| c.entry.number == number && c.heard_at.is_none());
        current.is_some_and(|c| !self.goes_on(c, c.said.saturating_add(1), now))
    }

    /// Whether more is to be said of what was said so often: a repeat, unless others wait, or another sentence.
    pub(super) fn goes_on(&self, current: &Current, said: u8, now: Duration) -> bool {
        match current.entry.what {
            What::Call(_) => {
                let more = said < current.form.times && !current.withdrawn;
                more && (!self.calls_wait() || self.haste(now) < Haste::Once)
            }
            What::Notice(_) => current.entry.part + 1 < current.entry.parts.len(),
        }
    }

    /// Says more of what was just said, where its turn is still: the chime was heard before.
    pub(super) fn go_on(&mut self, now: Duration, out: &mut Vec<Happening>) {
        let Some(mut current) = self.current.take() else { return };
        let entry = &mut current.entry;
        if !entry.is_call() {
            entry.part += 1;
            entry.takes = Takes::even(entry.parts[entry.part]);
        }
        if self.waiting.front().is_some_and(|first| self.rank(first) < self.rank(&current.entry))
            && !current.entry.is_call()
        {
            // It goes on from there when its turn is again.
            current.entry.tries = 0;
            return self.put_back(current, out);
        }
        current.form = Form { chime: false, part: current.entry.part, ..current.form };
        current.begun_at = now;
        out.push(Happening::GoOn(current.entry.number, current.entry.what.clone(), current.form));
        self.current = Some(current);
    }

    /// Shows the first call that the call-out has not shown, without sound. With sound wanted it goes on waiting.
    pub(super) fn show(&mut self, now: Duration, out: &mut Vec<Happening>) {
        if self.silent.as_ref().is_some_and(|s| now.saturating_sub(s.started_at) < s.length) {
            return;
        }
        let haste = self.haste(now);
        let Some(index) = self.waiting.iter().position(|e| !e.shown && e.is_call()) else { return };
        let form: Form = self.rules.form(haste, &self.waiting[index].what, self.before(now));
        let entry = &mut self.waiting[index];
        entry.shown = true;
        let What::Call(call) = entry.what.clone() else { return };
        let length = self.rules.once(&entry.takes, form).max(LEAST_SHOWN);
        self.silent = Some(Silent { number: entry.number, call, started_at: now, length });
        self.current = None;
        if self.sound == Sound::Off {
            let entry = self.waiting.remove(index);
            out.extend(entry.map(|e| Happening::Unspoken(e.number, e.what, Unspoken::Off)));
        }
    }
}
