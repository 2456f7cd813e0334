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

pub use calendar::{Again, Calendar, Daypart, Days};
pub use recurrence::Recurrence;
pub use rotation::NotARule;

use super::playlist::{Airing, Content, Playlist, PlaylistItem};

mod calendar;
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

/// What is on air at a moment: indices of a playlist's lists, in their order, the highest priority alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Programme {
    /// Of [`Playlist::items`].
    pub items: Vec<usize>,
    /// Of [`Playlist::fallback`].
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
}

fn has_data(content: &Content, data: Data) -> bool {
    !matches!(content, Content::Survey { .. }) || data.survey
}

/// The indices of those that are on air, of the highest priority alone.
fn highest<'a>(all: impl Iterator<Item = (&'a Airing, bool)>, at: DateTime) -> Vec<usize> {
    let on_air = all.enumerate().filter(|(_, (airing, has_data))| *has_data && airing.when.holds(at));
    let on_air: Vec<(usize, i32)> = on_air.map(|(i, (airing, _))| (i, airing.priority)).collect();
    let most = on_air.iter().map(|(_, priority)| *priority).max();
    on_air.into_iter().filter(|(_, priority)| Some(*priority) == most).map(|(i, _)| i).collect()
}

/// Any of these names; how rules refer to dayparts and calendars.
pub type Named<T> = Vec<Arc<T>>;
