//! Another playlist, another selection of it, other facts: what is shown, ready and being drawn is kept where
//! nothing of it changed.
//! Invariant: what is still on air as it was keeps its time; what is not gives way as soon as another is ready.

use std::{collections::HashMap, sync::Arc, time::Duration};

use super::{Facts, From, Named, Next, Place, Shown, Steps, Told, has_ticket, lane::items, lasts};
use crate::{
    domain::playlist::{Content, Playlist, PlaylistItem},
    state::Cut,
};

/// What is over within this time anyway ends by itself when its time on air ends.
const NEARLY_OVER: Duration = Duration::from_secs(1);

/// The items of a playlist by their names.
struct Index<'a>(&'a Playlist, HashMap<(From, &'a str), Vec<usize>>);

impl<'a> Index<'a> {
    fn new(playlist: &'a Playlist) -> Self {
        let mut names: HashMap<(From, &str), Vec<usize>> = HashMap::new();
        for from in [From::Loop, From::Fallback] {
            for (index, item) in items(playlist, from).iter().enumerate() {
                names.entry((from, &item.name)).or_default().push(index);
            }
        }
        Self(playlist, names)
    }

    /// The item that shows the same, the one nearest to a place.
    fn find(
        &self,
        from: From,
        name: &str,
        content: &Content,
        near: usize,
    ) -> Option<(usize, &'a PlaylistItem)> {
        let those = items(self.0, from);
        let found = self.1.get(&(from, name))?.iter().filter(|index| those[**index].content == *content);
        let index = *found.min_by_key(|index| index.abs_diff(near))?;
        Some((index, &those[index]))
    }
}

impl<P> Steps<P> {
    /// Something else is on air: another selection of the same list, as its times say, or `changed`, another list.
    /// What is shown stays where it is in it, unchanged; what was broken and is the same stays broken.
    pub fn swap(&mut self, playlist: Arc<Playlist>, changed: bool, now: Duration) {
        let old = std::mem::replace(&mut self.playlist, playlist);
        let new = self.playlist.clone();
        let index = Index::new(&new);
        self.broken = std::mem::take(&mut self.broken)
            .into_iter()
            .filter_map(|((from, at), broken)| {
                let item = items(&old, from).get(at)?;
                let (found, _) = index.find(from, &item.name, &item.content, at)?;
                Some(((from, found), broken))
            })
            .collect();
        let shown = self.shown.as_ref().filter(|s| s.place.from != From::Welcome && !s.leaving);
        let found = shown.and_then(|shown| {
            let place = shown.place;
            // What stands in both lists stays in its own.
            let other = if place.from == From::Loop { From::Fallback } else { From::Loop };
            [place.from, other].into_iter().find_map(|from| {
                let (found, item) = index.find(from, &shown.name, &shown.content, place.index)?;
                Some((from, found, item))
            })
        });
        let was = shown.map(|shown| (shown.place.from, shown.place.index));
        for (from, lane) in [(From::Loop, &mut self.main), (From::Fallback, &mut self.fallback)] {
            let of = |(other, index): (From, usize)| (other == from).then_some(index);
            let stays = found.and_then(|(other, index, _)| of((other, index)));
            lane.swap(from, &old, &new, stays.filter(|_| was.and_then(of).is_some()), was.and_then(of));
        }
        let due = self.due();
        let has_data = found.is_some_and(|(.., item)| self.has_data(&item.content));
        if let Some(shown) = &mut self.shown {
            match found {
                Some((from, index, item)) => {
                    shown.place = Place { from, index, part: shown.place.part };
                    shown.duration = lasts(&shown.content, item.duration, shown.length);
                    shown.priority = item.airing.priority;
                    if shown.gone != Some(Cut::Failed) && has_data {
                        shown.gone = None;
                    }
                    if from == From::Fallback && !new.items.is_empty() {
                        shown.gone = shown.gone.or(Some(Cut::Schedule));
                    }
                }
                None if shown.place.from == From::Welcome => shown.gone = shown.gone.or(Some(Cut::Changed)),
                None => leave(shown, &new, changed, due, now),
            }
        }
        self.keep_next(changed, now);
    }

    /// The stage rests: what is shown is over, for this reason, and nothing is made ready.
    pub fn rest(&mut self, why: Cut) {
        self.drop_next();
        let over = self.shown.as_ref().filter(|shown| shown.place.from != From::Welcome);
        self.told.extend(over.map(|shown| Told::Over(Some(shown.gone.unwrap_or(why)))));
    }

    /// The stage is seen again, at `now`, monotonic time: what stood there, where it still may, has a turn from its
    /// beginning; a film is opened anew.
    pub fn wake(&mut self, now: Duration) {
        // What happened in the dark nobody saw.
        self.told.clear();
        let written = self.shown.as_ref().and_then(|s| self.item(s.place)).map(|item| item.duration);
        let Some(shown) = self.shown.as_mut() else { return };
        (shown.since, shown.stale) = (now, true);
        if let (Some(written), None, false) = (written, shown.gone, shown.leaving) {
            // A film may have been about to end.
            shown.duration = lasts(&shown.content, written, shown.length);
            let (name, kind) = (shown.name.clone(), shown.content.kind());
            self.told.push(Told::Began(Named { name, kind }));
        }
    }

    /// Keeps what is ready or being drawn where it is what comes next all the same.
    fn keep_next(&mut self, changed: bool, now: Duration) {
        let next = match self.next(now) {
            Some(Next::Other(place, turn)) => self.content(place).map(|content| (place, turn, content)),
            _ => None,
        };
        let fits = |content: &Content, part: usize| {
            let fits = next.as_ref().filter(|(place, _, next)| place.part == part && next == content)?;
            Some((fits.0, fits.1))
        };
        let mut kept = true;
        if let Some((ask, _)) = &mut self.ready {
            match fits(&ask.content, ask.place.part) {
                Some(to) => (ask.place, ask.turn) = to,
                None => kept = false,
            }
        }
        let shown = self.shown.as_ref().filter(|s| s.gone.is_none() && !s.leaving);
        if let Some(asked) = self.asked.as_mut().filter(|asked| asked.generation == self.generation) {
            let again = shown.filter(|_| !changed).map(|s| (s.place, asked.turn));
            match if asked.again { again } else { fits(&asked.content, asked.place.part) } {
                Some(to) => (asked.place, asked.turn) = to,
                None => kept = false,
            }
        }
        if !kept {
            self.drop_next();
        }
    }

    /// What items show beside what is written in them is this now.
    pub fn facts(&mut self, facts: Facts) {
        if self.facts == facts {
            return;
        }
        let old = std::mem::replace(&mut self.facts, facts);
        let (ticket, survey) = (old.ticket != self.facts.ticket, old.survey != self.facts.survey);
        let is_survey = |content: &Content| matches!(content, Content::Survey { .. });
        if let Some(shown) = self.shown.as_mut().filter(|s| survey && is_survey(&s.content)) {
            // New counts take their place; without any, nothing false is shown.
            match self.facts.survey {
                Some(_) => shown.stale = true,
                None => shown.gone = shown.gone.or(Some(Cut::Schedule)),
            }
        }
        let is_old = |content: &Content| ticket && has_ticket(content) || survey && is_survey(content);
        let next = self.ready.as_ref().map(|(ask, _)| ask).into_iter().chain(&self.asked);
        // What is shown is drawn anew with its own ticket.
        if next.into_iter().any(|ask| is_old(&ask.content) && (!ask.again || survey)) {
            self.drop_next();
        }
    }
}

/// What is shown is in the playlist no more, as it was.
fn leave(shown: &mut Shown, new: &Playlist, changed: bool, due: Option<Duration>, now: Duration) {
    let above = new.items.first().is_some_and(|item| item.airing.priority > shown.priority);
    let nearly = due.is_some_and(|due| due <= now.saturating_add(NEARLY_OVER));
    let last = shown.place.part + 1 == shown.parts;
    if !changed && !above && nearly && last {
        shown.leaving = true;
    } else {
        let why = if changed { Cut::Changed } else { Cut::Schedule };
        shown.gone = shown.gone.or(Some(why));
        shown.leaving = false;
    }
}
