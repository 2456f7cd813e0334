//! What is on air on a day, in stretches of minutes. Pure. Invariant: the stretches of a day follow one another
//! from its first minute to its last.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time};

use crate::domain::{
    playlist::{Airing, Playlist},
    schedule::{Data, Programme},
};

/// The minutes of a day.
pub const MINUTES: u16 = 24 * 60;
/// How much is worked out at the most: rules asked, for all stretches together.
const MOST_ASKED: usize = 3_000_000;

/// A day.
#[derive(Debug, Clone, PartialEq)]
pub struct Day {
    /// Which one.
    pub date: Date,
    /// Its stretches, in order.
    pub stretches: Vec<Stretch>,
    /// The entries of the loop that are not always on air, in their order.
    pub lanes: Vec<Lane>,
}

/// A part of the day in which the same is on air.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Its first minute, and the first that is no longer part of it.
    pub from: u16,
    /// See `from`.
    pub until: u16,
    /// The entries of the loop that are on air.
    pub entries: BTreeSet<usize>,
    /// Their priority.
    pub priority: i32,
}

/// When one entry is on air.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// Which one.
    pub entry: usize,
    /// As staff name it.
    pub name: String,
    /// Its priority.
    pub priority: i32,
    /// From minute to minute, and whether it is on air; else another one of higher priority is in its place.
    pub bands: Vec<(u16, u16, bool)>,
}

impl Day {
    /// Works out a day.
    pub fn of(playlist: &Playlist, date: Date) -> Self {
        let mut edges = BTreeSet::from([0, MINUTES]);
        for item in &playlist.items {
            edges.extend(edges_of(&item.airing));
        }
        if edges.len() * playlist.items.len() > MOST_ASKED {
            // A playlist as large as that is shown by quarters of an hour.
            edges = (0..=MINUTES).step_by(15).collect();
        }
        let edges: Vec<u16> = edges.into_iter().collect();
        let mut lanes: BTreeMap<usize, Lane> = BTreeMap::new();
        let mut stretches: Vec<Stretch> = Vec::new();
        for pair in edges.windows(2) {
            let (from, until) = (pair[0], pair[1]);
            let at = date.to_datetime(time(from));
            let on_air = Programme::at(playlist, at, Data { survey: true }).items;
            let mut entries = BTreeSet::new();
            let mut priority = 0;
            for i in &on_air {
                entries.insert(playlist.items[*i].entry);
                priority = playlist.items[*i].airing.priority;
            }
            for item in &playlist.items {
                let airing = &item.airing;
                if airing.when == Default::default() && airing.priority == 0 {
                    continue;
                }
                let lane = lanes.entry(item.entry).or_insert_with(|| Lane {
                    entry: item.entry,
                    name: item.name.clone(),
                    priority: airing.priority,
                    bands: Vec::new(),
                });
                let known = lane.bands.last().is_some_and(|band| band.0 == from || band.1 == until);
                if known || !airing.when.holds(at) {
                    continue;
                }
                let shown = entries.contains(&item.entry);
                match lane.bands.last_mut() {
                    Some(band) if band.1 == from && band.2 == shown => band.1 = until,
                    _ => lane.bands.push((from, until, shown)),
                }
            }
            match stretches.last_mut() {
                Some(last) if last.entries == entries => last.until = until,
                _ => stretches.push(Stretch { from, until, entries, priority }),
            }
        }
        Self { date, stretches, lanes: lanes.into_values().collect() }
    }
}

/// The minutes at which a rule may change its mind.
fn edges_of(airing: &Airing) -> impl Iterator<Item = u16> + '_ {
    let when = &airing.when;
    let parts = when.dayparts.iter().chain(&when.not_dayparts).flat_map(|part| &part.hours);
    when.hours.iter().chain(parts).flat_map(|hours| [minute(hours.from), minute(hours.until)])
}

/// The minute of the day of a time.
pub fn minute(time: Time) -> u16 {
    u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs())
}

/// The time of a minute of the day; the day's end is its last minute.
pub fn time(minute: u16) -> Time {
    let minute = minute.min(MINUTES - 1);
    Time::new((minute / 60) as i8, (minute % 60) as i8, 0, 0).unwrap_or(Time::MIN)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::{
        playlist::{Content, PlaylistItem},
        schedule::When,
    };

    fn item(entry: usize, hours: &[&str], priority: i32) -> PlaylistItem {
        let content = Content::Card { title: entry.to_string(), text: String::new() };
        let hours = hours.iter().map(|hours| hours.parse().unwrap()).collect();
        let airing = Airing { when: When { hours, ..When::default() }, priority, ..Airing::default() };
        PlaylistItem { entry, airing, ..PlaylistItem::new(content) }
    }

    #[test]
    fn a_day_is_told_in_stretches_and_lanes() {
        let items =
            vec![item(0, &[], 0), item(1, &["08:00-12:00", "13:00-16:00"], 0), item(2, &["11:00-14:00"], 5)];
        let day = Day::of(&Playlist { items, ..Playlist::default() }, date(2026, 11, 23));
        let told: Vec<_> = day.stretches.iter().map(|s| (s.from, s.until, s.entries.len())).collect();
        assert_eq!(told, [(0, 480, 1), (480, 660, 2), (660, 840, 1), (840, 960, 2), (960, 1440, 1)]);
        let lanes: Vec<_> = day.lanes.iter().map(|lane| (lane.entry, lane.bands.clone())).collect();
        assert_eq!(
            lanes,
            [
                (1, vec![(480, 660, true), (660, 720, false), (780, 840, false), (840, 960, true)]),
                (2, vec![(660, 840, true)])
            ]
        );
    }

    #[test]
    fn hours_across_midnight_stand_at_both_ends() {
        let items = vec![item(0, &["22:00-02:00"], 0)];
        let day = Day::of(&Playlist { items, ..Playlist::default() }, date(2026, 11, 23));
        assert_eq!(day.lanes[0].bands, [(0, 120, true), (1320, 1440, true)]);
        assert!(day.stretches[1].entries.is_empty());
    }

    #[test]
    fn an_empty_playlist_has_one_stretch() {
        let day = Day::of(&Playlist::default(), date(2026, 11, 23));
        assert_eq!((day.stretches.len(), day.lanes.len()), (1, 0));
    }
}
