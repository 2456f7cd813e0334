//! What of a playlist is on air at a moment. Pure: a function of the playlist, the hall's civil time and what the
//! hall has data for. Invariant: whatever the clock says, an answer comes, and it is the same each time.
//!
//! A rule is read by the hall's wall clock, a minute at a time: an hour that the clock shows twice (the end of
//! daylight saving) holds twice, one that it skips does not come.
//!
//! The *days* of a rule (`days`, `from`, `until`, `rrule`, `calendar`, `not_calendar`) are those on which its hours
//! begin: `22:00-02:00` on Mondays ends on Tuesday at 2. Its hours are `hours`; without them those of its dayparts
//! (any of them, on the dayparts' own days); without either the whole day. With both, both have to hold.

use std::sync::Arc;

use jiff::civil::DateTime;

pub use ahead::{Spell, Stretch, days_on_air, next_on_air, spells, timeline};
pub use calendar::{Again, Calendar, Daypart, Days};
pub use reasons::{Refusal, on_air, why};
pub use recurrence::Recurrence;
pub use rotation::NotARule;

use super::playlist::{Airing, Content, List, Playlist, PlaylistItem};

mod ahead;
mod calendar;
mod reasons;
mod recurrence;
mod rotation;
mod when;

pub use when::When;

/// What the hall has data for: items that show data are on air only where there are some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Data {
    /// Whether anybody answered today's survey.
    pub survey: bool,
}

impl Data {
    /// What a plan reckons with: that there will be data.
    pub const ALL: Self = Self { survey: true };
}

/// What is on air at a moment: indices of a playlist's lists, in their order, the highest priority alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Programme {
    /// Of [`Playlist::items`].
    pub items: Vec<usize>,
    /// Of [`Playlist::fallback`]; on the stage only where there are no items.
    pub fallback: Vec<usize>,
    /// Of [`Playlist::ticker`].
    pub ticker: Vec<usize>,
}

impl Programme {
    /// What of `playlist` is on air at `at`, the hall's civil time.
    pub fn at(playlist: &Playlist, at: DateTime, data: Data) -> Self {
        let items = |items: &[PlaylistItem]| {
            highest(items.iter().map(|item| (&item.airing, has_data(&item.content, data))), at)
        };
        Self {
            items: items(&playlist.items),
            fallback: items(&playlist.fallback),
            ticker: highest(playlist.ticker.iter().map(|message| (&message.airing, true)), at),
        }
    }

    /// The playlist with what is on air alone.
    pub fn of(&self, playlist: &Playlist) -> Playlist {
        let take = |from: &[PlaylistItem], which: &[usize]| {
            which.iter().filter_map(|i| from.get(*i).cloned()).collect()
        };
        Playlist {
            title: playlist.title.clone(),
            items: take(&playlist.items, &self.items),
            fallback: take(&playlist.fallback, &self.fallback),
            ticker: self.ticker.iter().filter_map(|i| playlist.ticker.get(*i).cloned()).collect(),
            off: playlist.off.clone(),
        }
    }

    /// Whether it is all of a playlist.
    pub fn is_all(&self, playlist: &Playlist) -> bool {
        let lengths = |p: &Playlist| [p.items.len(), p.fallback.len(), p.ticker.len()];
        [self.items.len(), self.fallback.len(), self.ticker.len()] == lengths(playlist)
    }
}

fn has_data(content: &Content, data: Data) -> bool {
    !matches!(content, Content::Survey { .. }) || data.survey
}

/// The indices of those that are on air, of the highest priority alone.
fn highest<'a>(all: impl Iterator<Item = (&'a Airing, bool)>, at: DateTime) -> Vec<usize> {
    let mut most = i32::MIN;
    let mut on_air = Vec::new();
    for (index, (airing, has_data)) in all.enumerate() {
        // What is below the highest so far need not be asked.
        if airing.priority >= most && has_data && airing.when.holds(at) {
            if airing.priority > most {
                on_air.clear();
                most = airing.priority;
            }
            on_air.push(index);
        }
    }
    on_air
}

/// One of a list, by its index there.
struct One<'a> {
    airing: &'a Airing,
    entry: usize,
    has_data: bool,
}

/// Those of a list, in order.
fn all_of(playlist: &Playlist, list: List, data: Data) -> Vec<One<'_>> {
    let item = |item: &'_ PlaylistItem| has_data(&item.content, data);
    match list {
        List::Item | List::Fallback => items_of(playlist, list)
            .iter()
            .map(|i| One { airing: &i.airing, entry: i.entry, has_data: item(i) })
            .collect(),
        List::Ticker => playlist
            .ticker
            .iter()
            .map(|m| One { airing: &m.airing, entry: m.entry, has_data: true })
            .collect(),
    }
}

fn items_of(playlist: &Playlist, list: List) -> &[PlaylistItem] {
    match list {
        List::Item => &playlist.items,
        List::Fallback => &playlist.fallback,
        List::Ticker => &[],
    }
}

/// Any of these names; how rules refer to dayparts and calendars.
pub type Named<T> = Vec<Arc<T>>;
