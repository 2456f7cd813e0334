//! What is on the stage, what comes next, and when. Pure: time is an argument.
//! Invariant: once something was shown there is always something shown, and at most one picture waits.

use std::{collections::HashMap, sync::Arc, time::Duration};

use crate::domain::playlist::{Content, DEFAULT_DURATION, Playlist, PlaylistItem};

/// A part of a page that was divided stays at least as long as it takes to read.
const LEAST_PART: Duration = Duration::from_secs(10);
/// Nothing stays shorter than this, whatever a playlist says.
const LEAST: Duration = Duration::from_secs(1);
/// How long before it is due a film is opened: bad ones before it are found out in that time, and a decoder is
/// not kept waiting for longer.
const LEAD: Duration = Duration::from_secs(5);

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

/// What was drawn, or opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn<P> {
    /// The picture.
    pub picture: P,
    /// Into how many parts its item was divided.
    pub parts: usize,
    /// How long it is by itself, as a film is; `None` where it is not, or where nobody knows.
    pub length: Option<Duration>,
    /// Whether it can stay as long as one likes; a film that does not loop cannot.
    pub stays: bool,
}

/// What cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// When it is worth another try, in monotonic time; `None`: not before the playlist changes.
    pub again: Option<Duration>,
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
    /// `None`: until it is over by itself.
    duration: Option<Duration>,
    length: Option<Duration>,
    stays: bool,
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
    broken: HashMap<(From, usize), Broken>,
    generation: u64,
    shown: Option<Shown>,
    ready: Option<(Place, Drawn<P>)>,
    asked: Option<Ask>,
}

impl<P> Steps<P> {
    /// Steps through a playlist; `welcome` stands in where nothing of it can be shown.
    pub fn new(playlist: Arc<Playlist>, welcome: Content) -> Self {
        let broken = HashMap::new();
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
            Some((from, index, item.duration))
        });
        let playable = !self.playlist.items.is_empty();
        let Some(shown) = &mut self.shown else { return };
        match found {
            Some((from, index, duration)) => {
                shown.place = Place { from, index, part: shown.place.part };
                shown.duration = lasts(&shown.content, duration, shown.length);
                shown.gone = from == From::Fallback && playable;
                if matches!(shown.content, Content::Film(_)) {
                    // It is the same file: what plays goes on.
                    shown.generation = self.generation;
                }
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

    /// What is to be drawn at `now`, monotonic time; nothing while something is being drawn.
    pub fn ask(&mut self, now: Duration) -> Option<Ask> {
        if self.asked.is_some() {
            return None;
        }
        let again = self.shown.as_ref().filter(|s| !s.gone && s.generation != self.generation);
        let is_again = again.is_some();
        let place = match (again, &self.ready) {
            (Some(shown), _) => shown.place,
            (None, Some(_)) => return None,
            (None, None) => self.next(now)?,
        };
        let content = self.content(place)?;
        let soon = self.due().is_none_or(|due| due == Duration::MAX || due <= now.saturating_add(LEAD));
        if matches!(content, Content::Film(_)) && !is_again && !soon {
            return None;
        }
        self.asked = Some(Ask { generation: self.generation, place, content });
        self.asked.clone()
    }

    /// Whether what is being drawn takes the place of what is shown.
    pub fn is_again(&self) -> bool {
        self.shown.as_ref().is_some_and(|s| !s.gone && s.generation != self.generation)
    }

    /// Whether what is being drawn is of no use any more.
    pub fn is_stale(&self) -> bool {
        self.asked.as_ref().is_some_and(|asked| asked.generation != self.generation)
    }

    /// What was asked for came, or cannot be shown.
    pub fn answer(&mut self, generation: u64, drawn: Result<Drawn<P>, Broken>) -> Option<Change<P>> {
        let Ask { place, .. } = self.asked.take()?;
        if generation != self.generation {
            return None;
        }
        let again = self.shown.as_mut().filter(|s| !s.gone && s.generation != generation);
        match (drawn, again) {
            (Ok(drawn), Some(shown)) => {
                shown.generation = generation;
                shown.parts = drawn.parts.max(1);
                shown.place.part = shown.place.part.min(shown.parts - 1);
                return Some(Change { picture: drawn.picture, again: true });
            }
            (Ok(drawn), None) => self.ready = Some((place, drawn)),
            (Err(broken), again) => {
                if let Some(shown) = again {
                    shown.gone = true;
                }
                self.broken.insert((place.from, place.index), broken);
            }
        }
        None
    }

    /// What comes onto the stage at `now`, monotonic time, if anything does. A film gives way so long before its
    /// end as the change takes, so that it moves until it is gone.
    pub fn step(&mut self, now: Duration, fade: Duration) -> Option<Change<P>> {
        let early = self
            .shown
            .as_ref()
            .filter(|s| matches!(s.content, Content::Film(_)))
            .map_or(Duration::ZERO, |_| fade);
        if self.due().is_some_and(|due| now.saturating_add(early) < due) {
            return None;
        }
        let (place, drawn) = self.ready.take()?;
        let content = self.content(place)?;
        let Drawn { picture, parts, length, stays } = drawn;
        let item = self.items(place.from).get(place.index);
        let duration = item.map_or(Some(LEAST_PART), |item| lasts(&content, item.duration, length));
        let generation = self.generation;
        // With another playlist of which nothing can be shown, the same card stays.
        let same = |s: &Shown| place.from == From::Welcome && s.content == content;
        let again = self.shown.as_ref().is_some_and(same);
        // The card only stands in while a film is opened.
        let gone = place.from == From::Welcome && self.first(now).is_some();
        let parts = parts.max(1);
        self.shown =
            Some(Shown { place, content, parts, duration, length, stays, since: now, generation, gone });
        Some(Change { picture, again })
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
        if let Some(shown) = self.shown.as_mut().filter(|shown| !shown.gone) {
            shown.gone = true;
            self.broken.insert((shown.place.from, shown.place.index), broken);
        }
    }

    /// Whether what is shown only stands in until the first item is ready.
    pub fn stands_in(&self) -> bool {
        self.shown.as_ref().is_none_or(|shown| shown.gone && shown.place.from == From::Welcome)
    }

    /// When what is shown has been shown long enough, in monotonic time; `None`: at once.
    pub fn due(&self) -> Option<Duration> {
        let shown = self.shown.as_ref().filter(|s| !s.gone)?;
        let Some(duration) = shown.duration else { return Some(Duration::MAX) };
        let parts = shown.parts.max(1) as u32;
        let each = duration / parts;
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
    fn next(&self, now: Duration) -> Option<Place> {
        let shown = self.shown.as_ref();
        if let Some(shown) = shown.filter(|s| !s.gone && s.place.part + 1 < s.parts) {
            return Some(Place { part: shown.place.part + 1, ..shown.place });
        }
        let welcome = Place { from: From::Welcome, index: 0, part: 0 };
        let place = self.first(now).unwrap_or(welcome);
        let is_film = |place| matches!(self.content(place), Some(Content::Film(_)));
        // A film takes a while to open: until then the stage is not empty.
        let place = if shown.is_none() && is_film(place) { welcome } else { place };
        // A single picture does not come after itself, nor does a film that loops.
        let alone = shown.is_some_and(|s| !s.gone && s.parts == 1 && s.stays && s.place == place);
        (!alone).then_some(place)
    }

    /// The next item that can be shown, of the loop or else of the fallback.
    fn first(&self, now: Duration) -> Option<Place> {
        let is_broken = |place| {
            let broken: Option<&Broken> = self.broken.get(&place);
            broken.is_some_and(|broken| broken.again.is_none_or(|again| now < again))
        };
        [From::Loop, From::Fallback].into_iter().find_map(|from| {
            let count = self.items(from).len();
            // One that is gone makes room for the one that now stands in its place.
            let after = self.shown.as_ref().filter(|s| s.place.from == from);
            let first = after.map_or(0, |s| s.place.index + usize::from(!s.gone));
            let order = (0..count).map(|i| (first + i) % count);
            let index = order.into_iter().find(|i| !is_broken((from, *i)))?;
            Some(Place { from, index, part: 0 })
        })
    }
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
