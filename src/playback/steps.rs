//! What is on the stage, what comes next, and when. Pure: time is an argument.
//! Invariant: once something was shown there is always something shown, and at most one picture waits.

use std::{collections::HashSet, sync::Arc, time::Duration};

use crate::domain::playlist::{Content, DEFAULT_DURATION, Playlist, PlaylistItem};

/// A part of a page that was divided stays at least as long as it takes to read.
const LEAST_PART: Duration = Duration::from_secs(10);
/// Nothing stays shorter than this, whatever a playlist says.
const LEAST: Duration = Duration::from_secs(1);

/// Where an item comes from; the next one is taken where nothing of one can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum From {
    /// The playlist's loop.
    Loop,
    /// What is shown when nothing of the loop can be.
    Fallback,
    /// The card with the hall's name.
    Welcome,
}

/// A picture's place in the playlist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// Where its item comes from.
    pub from: From,
    /// The item, counted from 0.
    pub index: usize,
    /// The part of a divided page, counted from 0.
    pub part: usize,
}

/// What is to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// Tells this asking from those before the playlist or the stage changed.
    pub generation: u64,
    /// Its place.
    pub place: Place,
    /// What it is.
    pub content: Content,
}

/// A change on the stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Change<P> {
    /// The picture that is shown from now on.
    pub picture: P,
    /// Whether it is the same as before, drawn anew: it takes its place without a fade.
    pub again: bool,
}

#[derive(Debug)]
struct Shown {
    place: Place,
    content: Content,
    parts: usize,
    duration: Duration,
    since: Duration,
    /// For which generation it was drawn.
    generation: u64,
    /// Whether it is in the playlist no more, or cannot be drawn any more: it stays until another is ready.
    gone: bool,
}

/// The steps through a playlist. `P` is a picture.
#[derive(Debug)]
pub struct Steps<P> {
    playlist: Arc<Playlist>,
    welcome: Content,
    broken: HashSet<(From, usize)>,
    generation: u64,
    shown: Option<Shown>,
    ready: Option<(Place, usize, P)>,
    asked: Option<Ask>,
}

impl<P> Steps<P> {
    /// Steps through a playlist; `welcome` stands in where nothing of it can be shown.
    pub fn new(playlist: Arc<Playlist>, welcome: Content) -> Self {
        let broken = HashSet::new();
        Self { playlist, welcome, broken, generation: 0, shown: None, ready: None, asked: None }
    }

    /// Another playlist is on air: what was broken is tried again, and what is shown stays where it is in it.
    pub fn swap(&mut self, playlist: Arc<Playlist>) {
        self.playlist = playlist;
        self.broken.clear();
        self.redraw();
        let Some(content) = self.shown.as_ref().map(|s| s.content.clone()) else { return };
        let old = self.shown.as_ref().map_or(0, |s| s.place.index);
        let found = [From::Loop, From::Fallback].into_iter().find_map(|from| {
            let same = |(_, item): &(usize, &PlaylistItem)| item.content == content;
            let near = |(index, _): &(usize, &PlaylistItem)| index.abs_diff(old);
            let (index, item) = self.items(from).iter().enumerate().filter(same).min_by_key(near)?;
            Some((from, index, item.duration.unwrap_or(DEFAULT_DURATION)))
        });
        let playable = !self.playlist.items.is_empty();
        let Some(shown) = &mut self.shown else { return };
        match found {
            Some((from, index, duration)) => {
                shown.place = Place { from, index, part: shown.place.part };
                shown.duration = duration;
                shown.gone = from == From::Fallback && playable;
            }
            None => shown.gone = true,
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
        self.generation += 1;
        self.ready = None;
    }

    /// What is to be drawn now; nothing while something is being drawn.
    pub fn ask(&mut self) -> Option<Ask> {
        if self.asked.is_some() {
            return None;
        }
        let again = self.shown.as_ref().filter(|s| !s.gone && s.generation != self.generation);
        let place = match (again, &self.ready) {
            (Some(shown), _) => shown.place,
            (None, Some(_)) => return None,
            (None, None) => self.next()?,
        };
        let content = self.content(place)?;
        self.asked = Some(Ask { generation: self.generation, place, content });
        self.asked.clone()
    }

    /// What was asked for came, with the number of its parts; `None` where it cannot be drawn.
    pub fn answer(&mut self, generation: u64, drawn: Option<(P, usize)>) -> Option<Change<P>> {
        let Ask { place, .. } = self.asked.take()?;
        if generation != self.generation {
            return None;
        }
        let again = self.shown.as_mut().filter(|s| !s.gone && s.generation != generation);
        match (drawn, again) {
            (Some((picture, parts)), Some(shown)) => {
                shown.generation = generation;
                shown.parts = parts.max(1);
                shown.place.part = shown.place.part.min(shown.parts - 1);
                return Some(Change { picture, again: true });
            }
            (Some((picture, parts)), None) => self.ready = Some((place, parts.max(1), picture)),
            (None, again) => {
                if let Some(shown) = again {
                    shown.gone = true;
                }
                self.broken.insert((place.from, place.index));
            }
        }
        None
    }

    /// What comes onto the stage at `now`, monotonic time, if anything does.
    pub fn step(&mut self, now: Duration) -> Option<Change<P>> {
        if self.due().is_some_and(|due| now < due) {
            return None;
        }
        let (place, parts, picture) = self.ready.take()?;
        let content = self.content(place)?;
        let duration = self
            .items(place.from)
            .get(place.index)
            .map_or(LEAST_PART, |i| i.duration.unwrap_or(DEFAULT_DURATION));
        let generation = self.generation;
        // With another playlist of which nothing can be shown, the same card stays.
        let stays = |s: &Shown| place.from == From::Welcome && s.content == content;
        let again = self.shown.as_ref().is_some_and(stays);
        self.shown = Some(Shown { place, content, parts, duration, since: now, generation, gone: false });
        Some(Change { picture, again })
    }

    /// When what is shown has been shown long enough, in monotonic time; `None`: at once.
    pub fn due(&self) -> Option<Duration> {
        let shown = self.shown.as_ref().filter(|s| !s.gone)?;
        let parts = shown.parts.max(1) as u32;
        let each = shown.duration / parts;
        let least = if parts > 1 { LEAST_PART } else { LEAST };
        Some(shown.since.saturating_add(each.max(least)))
    }

    /// What is shown.
    pub fn shown(&self) -> Option<&Content> {
        self.shown.as_ref().map(|s| &s.content)
    }

    fn items(&self, from: From) -> &[PlaylistItem] {
        match from {
            From::Loop => &self.playlist.items,
            From::Fallback => &self.playlist.fallback,
            From::Welcome => &[],
        }
    }

    fn content(&self, place: Place) -> Option<Content> {
        match place.from {
            From::Welcome => Some(self.welcome.clone()),
            from => self.items(from).get(place.index).map(|item| item.content.clone()),
        }
    }

    /// What comes after what is shown; `None` where that is all there is.
    fn next(&self) -> Option<Place> {
        let shown = self.shown.as_ref();
        if let Some(shown) = shown.filter(|s| !s.gone && s.place.part + 1 < s.parts) {
            return Some(Place { part: shown.place.part + 1, ..shown.place });
        }
        let place = [From::Loop, From::Fallback]
            .into_iter()
            .find_map(|from| {
                let count = self.items(from).len();
                // One that is gone makes room for the one that now stands in its place.
                let after = shown.filter(|s| s.place.from == from);
                let first = after.map_or(0, |s| s.place.index + usize::from(!s.gone));
                let order = (0..count).map(|i| (first + i) % count);
                let index = order.into_iter().find(|i| !self.broken.contains(&(from, *i)))?;
                Some(Place { from, index, part: 0 })
            })
            .unwrap_or(Place { from: From::Welcome, index: 0, part: 0 });
        // A single picture does not come after itself.
        let alone = shown.is_some_and(|s| !s.gone && s.parts == 1 && s.place == place);
        (!alone).then_some(place)
    }
}

#[cfg(test)]
mod tests;
