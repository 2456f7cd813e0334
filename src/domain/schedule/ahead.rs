//! What will be on air: from a moment to another, in a month, and when next.
//! Invariant: the work is bounded, however many days are asked for.

use std::collections::{BTreeSet, VecDeque};

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time},
    tz::{AmbiguousOffset, TimeZone},
};

use super::{Airing, Data, List, Playlist, Programme, Refusal, reasons::Asked};

/// The most moments at which a timeline is decided, for a playlist of up to [`MANY`] items; beyond that fewer.
const MOMENTS: usize = 20_000;
const MANY: usize = 100;
/// The most moments at which one entry is asked for when it is next on air.
const ASKED: usize = 50_000;

/// A time in which the same is on air.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end, which is no part of it.
    pub until: Timestamp,
    /// What is on air.
    pub programme: Programme,
}

/// What is on air from a moment to another: one stretch after the other, each unlike its neighbours. Where a
/// playlist changes so often that it would take too long, the last one ends before `until`.
pub fn timeline(
    playlist: &Playlist,
    zone: &TimeZone,
    from: Timestamp,
    until: Timestamp,
    data: Data,
) -> Vec<Stretch> {
    let items = playlist.items.iter().chain(&playlist.fallback).map(|item| &item.airing);
    let all: Vec<&Airing> = items.chain(playlist.ticker.iter().map(|message| &message.airing)).collect();
    let most = (MOMENTS * MANY / all.len().max(MANY)).max(100);
    let mut stretches: Vec<Stretch> = Vec::new();
    let (mut begin, mut decided) = (from, 0);
    let mut moments = Moments::new(zone, &all, from, until);
    while begin < until {
        let end = moments.next().unwrap_or(until);
        let programme = Programme::at(playlist, zone.to_datetime(begin), data);
        match stretches.last_mut().filter(|before| before.programme == programme) {
            Some(before) => before.until = end,
            None => stretches.push(Stretch { from: begin, until: end, programme }),
        }
        decided += 1;
        if decided >= most {
            break;
        }
        begin = end;
    }
    stretches
}

/// When an entry of a list, counted as it is written there, is on air next: `after` itself where it is on air
/// then; `None` where it is not within so many days.
pub fn next_on_air(
    playlist: &Playlist,
    list: List,
    entry: usize,
    zone: &TimeZone,
    after: Timestamp,
    days: u32,
    data: Data,
) -> Option<Timestamp> {
    let asked = Asked::new(playlist, list, entry, data)?;
    let until = after.checked_add((i64::from(days) * 24).hours()).unwrap_or(Timestamp::MAX);
    let airings: Vec<&Airing> = asked.airings().collect();
    let most = (ASKED * MANY / airings.len().max(MANY)).max(100);
    std::iter::once(after)
        .chain(Moments::new(zone, &airings, after, until))
        .take(most)
        .find(|at| asked.on_air(zone.to_datetime(*at)))
}

/// A time in which an entry is on air, or is not for the same reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spell {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end, which is no part of it.
    pub until: Timestamp,
    /// Why the entry is not on air; empty where it is.
    pub reasons: Vec<Refusal>,
}

/// From a moment to another, when an entry of a list is on air and why it is not; as [`timeline`] is.
pub fn spells(
    playlist: &Playlist,
    (list, entry): (List, usize),
    zone: &TimeZone,
    (from, until): (Timestamp, Timestamp),
    data: Data,
) -> Vec<Spell> {
    let Some(asked) = Asked::new(playlist, list, entry, data) else {
        return vec![Spell { from, until, reasons: vec![Refusal::Off] }];
    };
    let airings: Vec<&Airing> = asked.airings().collect();
    let most = (MOMENTS * MANY / airings.len().max(MANY)).max(100);
    let mut spells: Vec<Spell> = Vec::new();
    let mut begin = from;
    let mut moments = Moments::new(zone, &airings, from, until);
    for _ in 0..most {
        if begin >= until {
            break;
        }
        let end = moments.next().unwrap_or(until);
        let reasons = asked.why(playlist, zone.to_datetime(begin));
        match spells.last_mut().filter(|before| before.reasons == reasons) {
            Some(before) => before.until = end,
            None => spells.push(Spell { from: begin, until: end, reasons }),
        }
        begin = end;
    }
    spells
}

/// The days of a month on which an entry of a list, counted as it is written there, is on air for a while.
/// `month` is any day of it.
pub fn days_on_air(
    playlist: &Playlist,
    list: List,
    entry: usize,
    zone: &TimeZone,
    month: Date,
    data: Data,
) -> Vec<Date> {
    let Some(asked) = Asked::new(playlist, list, entry, data) else { return Vec::new() };
    let airings: Vec<&Airing> = asked.airings().collect();
    let on_air = |date: &Date| {
        let begin = start(zone, *date);
        let end = date.tomorrow().ok().and_then(|next| start(zone, next));
        begin.zip(end).is_some_and(|(begin, end)| {
            let mut moments = std::iter::once(begin).chain(Moments::new(zone, &airings, begin, end));
            moments.any(|at| asked.on_air(zone.to_datetime(at)))
        })
    };
    let days = month.days_in_month().unsigned_abs();
    month.first_of_month().series(1.day()).take(days.into()).filter(on_air).collect()
}

/// When a day begins; some days do not begin at midnight.
fn start(zone: &TimeZone, date: Date) -> Option<Timestamp> {
    date.to_zoned(zone.clone()).ok().map(|day| day.timestamp())
}

/// The moments at which an answer may change: those at which the clock shows a rule's time or midnight, and those
/// at which it is set forward or back. In order, and within two moments, neither of which is one of them.
struct Moments<'z> {
    zone: &'z TimeZone,
    /// The times of day, in order.
    times: Vec<Time>,
    /// The next day.
    date: Option<Date>,
    /// What was found of the days before it.
    found: VecDeque<Timestamp>,
    /// The next moment at which the clock is set.
    set: Option<Timestamp>,
    last: Timestamp,
    until: Timestamp,
}

impl<'z> Moments<'z> {
    fn new(zone: &'z TimeZone, airings: &[&Airing], from: Timestamp, until: Timestamp) -> Self {
        let edges = airings.iter().flat_map(|airing| airing.when.edges());
        let times: BTreeSet<Time> = edges.chain([Time::midnight()]).collect();
        Self {
            zone,
            times: times.into_iter().collect(),
            date: Some(zone.to_datetime(from).date()),
            found: VecDeque::new(),
            set: zone.following(from).next().map(|set| set.timestamp()),
            last: from,
            until,
        }
    }

    /// Those of a day, and when the clock is set before the next one begins.
    fn look(&mut self, date: Date) {
        let mut moments = BTreeSet::new();
        for time in &self.times {
            let at = self.zone.to_ambiguous_timestamp(date.to_datetime(*time));
            // A time that the clock skips never comes.
            if !matches!(at.offset(), AmbiguousOffset::Gap { .. }) {
                moments.extend([at.earlier(), at.later()].into_iter().flatten());
            }
        }
        self.date = date.tomorrow().ok();
        let end = self.date.and_then(|next| start(self.zone, next)).unwrap_or(Timestamp::MAX);
        while let Some(set) = self.set.filter(|set| *set < end) {
            moments.insert(set);
            self.set = self.zone.following(set).next().map(|set| set.timestamp());
        }
        self.found.extend(moments);
    }
}

impl Iterator for Moments<'_> {
    type Item = Timestamp;

    fn next(&mut self) -> Option<Timestamp> {
        loop {
            while let Some(at) = self.found.pop_front() {
                if at > self.last {
                    self.last = at;
                    return Some(at).filter(|at| *at < self.until);
                }
            }
            if self.last >= self.until {
                return None;
            }
            let date =
                self.date.filter(|date| start(self.zone, *date).is_none_or(|begin| begin < self.until))?;
            self.look(date);
        }
    }
}
