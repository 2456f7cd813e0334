//! What is on the stage, what comes next, and when. Pure: time is an argument.
//! Invariant: once something was shown there is always something shown, and at most one picture waits.

use std::{collections::HashMap, sync::Arc, time::Duration};

pub use self::kinds::*;
use self::lane::{Lane, items};
use crate::{
    domain::{
        playlist::{Content, DEFAULT_DURATION, Playlist, PlaylistItem, Transition},
        rotation::Turn,
    },
    state::Cut,
};

mod kinds;
mod lane;
mod swap;

/// A part of a page that was divided stays at least as long as it takes to read.
const LEAST_PART: Duration = Duration::from_secs(10);
/// Nothing stays shorter than this, whatever a playlist says.
const LEAST: Duration = Duration::from_secs(1);
/// How long before it is due a film is opened: bad ones before it are found out in that time, and a decoder is
/// not kept waiting for longer.
const LEAD: Duration = Duration::from_secs(5);

#[derive(Debug)]
struct Shown {
    place: Place,
    name: String,
    content: Content,
    facts: Facts,
    priority: i32,
    parts: usize,
    /// `None`: until it is over by itself.
    duration: Option<Duration>,
    length: Option<Duration>,
    stays: bool,
    since: Duration,
    /// Whether it is to be drawn anew.
    stale: bool,
    /// Why it is to give way to another as soon as one is ready, where it is.
    gone: Option<Cut>,
    /// Whether it is on air no more, and is over so soon that it may end by itself.
    leaving: bool,
}

/// The steps through a playlist. `P` is a picture.
#[derive(Debug)]
pub struct Steps<P> {
    playlist: Arc<Playlist>,
    main: Lane,
    fallback: Lane,
    welcome: Content,
    facts: Facts,
    broken: HashMap<(From, usize), Broken>,
    generation: u64,
    shown: Option<Shown>,
    ready: Option<(Ask, Drawn<P>)>,
    asked: Option<Ask>,
    told: Vec<Told>,
}

/// What comes after what is shown.
enum Next {
    /// Another one.
    Other(Place, Turn),
    /// The same, which goes on.
    Same(Turn),
}

impl<P> Steps<P> {
    /// Steps through a playlist; `welcome` stands in where nothing of it can be shown.
    pub fn new(playlist: Arc<Playlist>, welcome: Content) -> Self {
        Self {
            main: Lane::new(&playlist.items),
            fallback: Lane::new(&playlist.fallback),
            playlist,
            welcome,
            facts: Facts::default(),
            broken: HashMap::new(),
            generation: 0,
            shown: None,
            ready: None,
            asked: None,
            told: Vec::new(),
        }
    }

    /// The card with the hall's name says something else.
    pub fn welcome(&mut self, content: Content) {
        if self.welcome != content {
            self.welcome = content;
            if let Some(shown) = self.shown.as_mut().filter(|s| s.place.from == From::Welcome) {
                shown.content = self.welcome.clone();
                self.redraw();
            }
        }
    }

    /// The stage's size changed: all is drawn anew, what is shown first.
    pub fn redraw(&mut self) {
        if let Some(shown) = &mut self.shown {
            shown.stale = true;
        }
        self.drop_next();
    }

    /// What is ready or being drawn is of no use any more.
    fn drop_next(&mut self) {
        self.generation += 1;
        self.ready = None;
    }

    /// What is to be drawn at `now`, monotonic time; nothing while something is being drawn.
    pub fn ask(&mut self, now: Duration) -> Option<Ask> {
        if self.asked.is_some() {
            return None;
        }
        let generation = self.generation;
        let again = self.shown.as_ref().filter(|s| s.gone.is_none() && s.stale);
        let ask = match (again, &self.ready) {
            (Some(shown), _) => {
                // A ticket that people read off the stage stays; what is counted is as new as it can be.
                let facts = Facts { ticket: shown.facts.ticket.clone(), ..self.facts };
                let (place, content) = (shown.place, shown.content.clone());
                Ask { generation, place, content, facts, again: true, turn: Turn::default() }
            }
            (None, Some(_)) => return None,
            (None, None) => {
                let Next::Other(place, turn) = self.next(now)? else { return None };
                let content = self.content(place)?;
                Ask { generation, place, content, facts: self.facts.clone(), again: false, turn }
            }
        };
        let soon = self.due().is_none_or(|due| due == Duration::MAX || due <= now.saturating_add(LEAD));
        if matches!(ask.content, Content::Film(_)) && !ask.again && !soon {
            return None;
        }
        self.asked = Some(ask.clone());
        Some(ask)
    }

    /// Whether what is being drawn is of no use any more.
    pub fn is_stale(&self) -> bool {
        self.asked.as_ref().is_some_and(|asked| asked.generation != self.generation)
    }

    /// What was asked for came, or cannot be shown.
    pub fn answer(&mut self, generation: u64, drawn: Result<Drawn<P>, Broken>) -> Option<Change<P>> {
        let ask = self.asked.take()?;
        if generation != self.generation {
            return None;
        }
        let place = ask.place;
        match (drawn, self.shown.as_mut().filter(|_| ask.again)) {
            (Ok(drawn), Some(shown)) => {
                (shown.stale, shown.facts) = (false, ask.facts);
                shown.parts = drawn.parts.max(1);
                shown.place.part = shown.place.part.min(shown.parts - 1);
                return Some(Change { picture: drawn.picture, again: true, fade: Duration::ZERO });
            }
            (Ok(drawn), None) => self.ready = Some((ask, drawn)),
            (Err(broken), again) => {
                match again {
                    Some(shown) => shown.gone = Some(Cut::Failed),
                    None => self.skipped(place, &broken),
                }
                if !(ask.again && self.shown.as_ref().is_some_and(|shown| shown.leaving)) {
                    self.broken.insert((place.from, place.index), broken);
                }
            }
        }
        None
    }

    fn skipped(&mut self, place: Place, broken: &Broken) {
        if let Some(item) = self.items(place.from).get(place.index) {
            let named = Named { name: item.name.clone(), kind: item.content.kind() };
            self.told.push(Told::Skipped(named, broken.why.clone()));
        }
    }

    /// What comes onto the stage at `now`, monotonic time, if anything does, with a fade of this length. A film gives
    /// way so long before its end as the change takes, so that it moves until it is gone.
    pub fn step(&mut self, now: Duration, fade: Duration) -> Option<Change<P>> {
        let due = self.due();
        if due.is_some_and(|due| now.saturating_add(fade) < due) {
            return None;
        }
        if self.ready.is_none() {
            self.go_on(now, due);
            return None;
        }
        let fade = self.ready.as_ref().map_or(fade, |(ask, _)| match self.item(ask.place) {
            Some(item) if item.transition == Transition::Cut && ask.place.part == 0 => Duration::ZERO,
            _ => fade,
        });
        let is_film = self.shown.as_ref().is_some_and(|s| matches!(s.content, Content::Film(_)));
        let early = if is_film { fade } else { Duration::ZERO };
        if due.is_some_and(|due| now.saturating_add(early) < due) {
            return None;
        }
        let (ask, drawn) = self.ready.take()?;
        let place = ask.place;
        self.tell_change(place);
        match place.from {
            From::Loop => self.main.take(ask.turn),
            From::Fallback => self.fallback.take(ask.turn),
            From::Welcome => {}
        }
        let (content, facts) = (ask.content, ask.facts);
        let Drawn { picture, parts, length, stays } = drawn;
        let item = self.item(place);
        let duration = item.map_or(Some(LEAST_PART), |item| lasts(&content, item.duration, length));
        let (name, priority) =
            item.map_or_else(Default::default, |item| (item.name.clone(), item.airing.priority));
        // With another playlist of which nothing can be shown, the same card stays.
        let same = |s: &Shown| place.from == From::Welcome && s.content == content;
        let again = self.shown.as_ref().is_some_and(same);
        // The card only stands in while a film is opened.
        let gone = (place.from == From::Welcome && self.first(now).is_some()).then_some(Cut::Changed);
        let parts = parts.max(1);
        let (since, stale, leaving) = (now, false, false);
        self.shown = Some(Shown {
            place,
            name,
            content,
            facts,
            priority,
            parts,
            duration,
            length,
            stays,
            since,
            stale,
            gone,
            leaving,
        });
        Some(Change { picture, again, fade })
    }

    /// What is shown has another turn, where the next one is the same.
    fn go_on(&mut self, now: Duration, due: Option<Duration>) {
        if due.is_none_or(|due| now < due) || self.asked.is_some() {
            return;
        }
        let Some(Next::Same(turn)) = self.next(now) else { return };
        let Some(shown) = &mut self.shown else { return };
        shown.since = now;
        let place = shown.place;
        self.tell_change(place);
        match place.from {
            From::Loop => self.main.take(turn),
            From::Fallback => self.fallback.take(turn),
            From::Welcome => {}
        }
    }

    /// Tells that what is shown gives way to this.
    fn tell_change(&mut self, to: Place) {
        let from = self.shown.as_ref();
        let goes_on = |s: &Shown| to.part > 0 && s.place.from == to.from && s.place.index == to.index;
        if from.is_some_and(|s| s.gone.is_none() && !s.leaving && goes_on(s)) {
            return;
        }
        if let Some(shown) = from.filter(|shown| shown.place.from != From::Welcome) {
            self.told.push(Told::Over(shown.gone));
        }
        if let Some(item) = self.item(to) {
            self.told.push(Told::Began(Named { name: item.name.clone(), kind: item.content.kind() }));
        }
    }

    /// What happened since this was asked last.
    pub fn told(&mut self) -> Vec<Told> {
        std::mem::take(&mut self.told)
    }

    /// Another day began: what cannot be shown is told of anew, `most` items at the most.
    pub fn new_day(&mut self, most: usize) {
        let mut broken: Vec<_> = self.broken.iter().map(|(at, why)| (*at, why.clone())).collect();
        broken.sort_by_key(|((from, index), _)| (*from == From::Fallback, *index));
        for ((from, index), broken) in broken.into_iter().take(most) {
            self.skipped(Place { from, index, part: 0 }, &broken);
        }
    }

    /// What is shown is over by itself at `now`, monotonic time.
    pub fn over(&mut self, now: Duration) {
        if let Some(shown) = &mut self.shown {
            let due = now.saturating_sub(shown.since);
            shown.duration = Some(shown.duration.map_or(due, |duration| duration.min(due)));
        }
    }

    /// What is shown cannot go on: it stays as it is until another is ready.
    pub fn fail(&mut self, broken: Broken) {
        if let Some(shown) = self.shown.as_mut().filter(|shown| shown.gone.is_none() && !shown.leaving) {
            shown.gone = Some(Cut::Failed);
            self.broken.insert((shown.place.from, shown.place.index), broken);
        }
    }

    /// Whether what is shown only stands in until the first item is ready.
    pub fn stands_in(&self) -> bool {
        self.shown.as_ref().is_none_or(|shown| shown.gone.is_some() && shown.place.from == From::Welcome)
    }

    /// When what is shown has been shown long enough, in monotonic time; `None`: at once.
    pub fn due(&self) -> Option<Duration> {
        let shown = self.shown.as_ref().filter(|s| s.gone.is_none())?;
        let Some(duration) = shown.duration else { return Some(Duration::MAX) };
        let parts = shown.parts.max(1) as u32;
        let each = duration / parts;
        let least = if parts > 1 { LEAST_PART } else { LEAST };
        Some(shown.since.saturating_add(each.max(least)))
    }

    /// What is shown, with its name; the card with the hall's name has none.
    pub fn shown(&self) -> Option<(&str, &Content)> {
        self.shown.as_ref().map(|s| (s.name.as_str(), &s.content))
    }

    fn items(&self, from: From) -> &[PlaylistItem] {
        items(&self.playlist, from)
    }

    fn item(&self, place: Place) -> Option<&PlaylistItem> {
        self.items(place.from).get(place.index)
    }

    fn content(&self, place: Place) -> Option<Content> {
        match place.from {
            From::Welcome => Some(self.welcome.clone()),
            _ => self.item(place).map(|item| item.content.clone()),
        }
    }

    /// What comes after what is shown; `None` where that is all there is.
    fn next(&self, now: Duration) -> Option<Next> {
        let shown = self.shown.as_ref().filter(|s| s.gone.is_none() && !s.leaving);
        if let Some(shown) = shown.filter(|s| s.place.part + 1 < s.parts) {
            let turn = if shown.place.from == From::Loop { self.main.turn } else { self.fallback.turn };
            return Some(Next::Other(Place { part: shown.place.part + 1, ..shown.place }, turn));
        }
        let welcome = (Place { from: From::Welcome, index: 0, part: 0 }, Turn::default());
        let (place, turn) = self.first(now).unwrap_or(welcome);
        let is_film = |place| matches!(self.content(place), Some(Content::Film(_)));
        // A film takes a while to open: until then the stage is not empty.
        if self.shown.is_none() && is_film(place) {
            return Some(Next::Other(welcome.0, welcome.1));
        }
        // A single picture does not come after itself, nor does a film that loops.
        let same = |s: &&Shown| s.parts == 1 && s.stays && s.place == place && !self.says_other(s);
        match shown.filter(same) {
            Some(_) => Some(Next::Same(turn)),
            None => Some(Next::Other(place, turn)),
        }
    }

    /// Whether an item says something else in its next turn.
    fn says_other(&self, shown: &Shown) -> bool {
        has_ticket(&shown.content) && shown.facts.ticket != self.facts.ticket
    }

    /// The next item that can be shown, of the loop or else of the fallback.
    fn first(&self, now: Duration) -> Option<(Place, Turn)> {
        [(From::Loop, &self.main), (From::Fallback, &self.fallback)].into_iter().find_map(|(from, lane)| {
            let (index, turn) = lane.next(|index| {
                let broken = self.broken.get(&(from, index));
                let is_broken = broken.is_some_and(|broken| broken.again.is_none_or(|again| now < again));
                !is_broken && self.items(from).get(index).is_some_and(|item| self.has_data(&item.content))
            })?;
            Some((Place { from, index, part: 0 }, turn))
        })
    }

    fn has_data(&self, content: &Content) -> bool {
        !matches!(content, Content::Survey { .. }) || self.facts.survey.is_some()
    }
}

/// Whether an item shows the ticket that was called last.
fn has_ticket(content: &Content) -> bool {
    matches!(content, Content::Qr { url, .. } if url.contains("{ticket}"))
}

/// How long an item is shown: as its author says, else a film for its own length, which may be unknown.
fn lasts(content: &Content, written: Option<Duration>, length: Option<Duration>) -> Option<Duration> {
    match content {
        Content::Film(_) => written.or(length),
        _ => Some(written.unwrap_or(DEFAULT_DURATION)),
    }
}

#[cfg(test)]
mod tests;
