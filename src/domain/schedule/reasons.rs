//! Why something is not on air at a moment. Invariant: there is a reason exactly where it is not on air.

use jiff::civil::{Date, DateTime, Weekday};

use super::{Airing, Data, List, One, Playlist, When, all_of, items_of};

/// Why something is not on air.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Its author switched it off, or there is no such entry (any more).
    Off,
    /// Its first day is this one.
    NotBefore(Date),
    /// This was its last day.
    Over(Date),
    /// Not on this day of the week.
    Weekday(Weekday),
    /// Its rotation does not name this day.
    NotInRotation,
    /// This day is in none of these calendars.
    NotInCalendar(Vec<String>),
    /// This day is in this calendar, on whose days it is not on air.
    InCalendar(String),
    /// Not at this time of day.
    OutsideHours,
    /// In none of these dayparts.
    NotInDaypart(Vec<String>),
    /// In this daypart, in which it is not on air.
    InDaypart(String),
    /// What is named here has a higher priority and is on air.
    Replaced {
        /// As staff name it.
        by: String,
        /// The priority of that.
        priority: i32,
    },
    /// The hall has no data to show.
    NoData,
    /// It stands in for the loop, and something of the loop is on air.
    LoopOnAir,
}

/// Whether an entry of a list, counted as it is written there, is on the screen at a moment.
pub fn on_air(playlist: &Playlist, list: List, entry: usize, at: DateTime, data: Data) -> bool {
    Asked::new(playlist, list, entry, data).is_some_and(|asked| asked.on_air(at))
}

/// Why an entry of a list, counted as it is written there, is not on the screen at a moment; empty where it is.
pub fn why(playlist: &Playlist, list: List, entry: usize, at: DateTime, data: Data) -> Vec<Refusal> {
    Asked::new(playlist, list, entry, data)
        .map_or_else(|| vec![Refusal::Off], |asked| asked.why(playlist, at))
}

/// One entry among the others, found once and asked at many moments.
pub(super) struct Asked<'a> {
    list: List,
    one: One<'a>,
    all: Vec<One<'a>>,
    /// Those of a higher priority.
    higher: Vec<usize>,
    /// The loop's, where it stands in for the loop.
    of_loop: Vec<One<'a>>,
}

impl<'a> Asked<'a> {
    /// `None` where there is no such entry.
    pub(super) fn new(playlist: &'a Playlist, list: List, entry: usize, data: Data) -> Option<Self> {
        let all = all_of(playlist, list, data);
        let one = all_of(playlist, list, data).into_iter().find(|one| one.entry == entry)?;
        let above =
            |(_, other): &(usize, &One<'_>)| other.airing.priority > one.airing.priority && other.has_data;
        let mut higher: Vec<usize> = all.iter().enumerate().filter(above).map(|(i, _)| i).collect();
        // The highest is what replaces the others.
        higher.sort_by_key(|i| std::cmp::Reverse(all.get(*i).map(|one| one.airing.priority)));
        let of_loop = if list == List::Fallback { all_of(playlist, List::Item, data) } else { Vec::new() };
        Some(Self { list, one, all, higher, of_loop })
    }

    pub(super) fn on_air(&self, at: DateTime) -> bool {
        self.one.has_data
            && self.one.airing.when.holds(at)
            && self.higher_at(at).is_none()
            && !self.loop_at(at)
    }

    /// Why it is not on air; empty where it is.
    pub(super) fn why(&self, playlist: &Playlist, at: DateTime) -> Vec<Refusal> {
        let mut reasons = own(&self.one.airing.when, at);
        if !self.one.has_data {
            reasons.push(Refusal::NoData);
        }
        if reasons.is_empty()
            && let Some(index) = self.higher_at(at)
        {
            let by = match self.list {
                List::Ticker => playlist.ticker.get(index).map(|m| m.text.clone()),
                list => items_of(playlist, list).get(index).map(|i| i.name.clone()),
            };
            let priority = self.all.get(index).map_or(0, |one| one.airing.priority);
            reasons.push(Refusal::Replaced { by: by.unwrap_or_default(), priority });
        }
        if reasons.is_empty() && self.loop_at(at) {
            reasons.push(Refusal::LoopOnAir);
        }
        reasons
    }

    /// What of a higher priority is on air.
    fn higher_at(&self, at: DateTime) -> Option<usize> {
        let holds = |i: &usize| self.all.get(*i).is_some_and(|one| one.airing.when.holds(at));
        self.higher.iter().copied().find(holds)
    }

    fn loop_at(&self, at: DateTime) -> bool {
        self.of_loop.iter().any(|one| one.has_data && one.airing.when.holds(at))
    }

    /// The rules on which it depends whether it is on air.
    pub(super) fn airings(&self) -> impl Iterator<Item = &'a Airing> + '_ {
        let higher = self.higher.iter().filter_map(|i| self.all.get(*i));
        std::iter::once(&self.one).chain(higher).chain(&self.of_loop).map(|one| one.airing)
    }
}

/// Why a rule does not hold; empty where it does.
fn own(when: &When, at: DateTime) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    if when.holds(at) {
        return reasons;
    }
    // The days are those on which its hours begin: past midnight that of the evening before.
    let begun: Vec<Date> = when.begun(at).collect();
    if begun.is_empty() && !when.hours.is_empty() && !when.hours.iter().any(|h| h.begun(at).is_some()) {
        reasons.push(Refusal::OutsideHours);
    }
    let in_part = when.dayparts.iter().any(|part| part.begun(at).next().is_some());
    if !when.dayparts.is_empty() && !in_part {
        reasons.push(Refusal::NotInDaypart(when.dayparts.iter().map(|part| part.name.clone()).collect()));
    }
    let excluded = when.not_dayparts.iter().find(|part| part.begun(at).next().is_some());
    reasons.extend(excluded.map(|part| Refusal::InDaypart(part.name.clone())));
    if !begun.iter().any(|day| when.day(*day)) {
        let days = day(when, begun.first().copied().unwrap_or(at.date()));
        // What is wrong with the day comes first: it is what staff look for.
        reasons.splice(0..0, days);
    }
    reasons
}

/// Why hours that begin on a day are not meant.
fn day(when: &When, date: Date) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    reasons.extend(when.from.filter(|from| date < *from).map(Refusal::NotBefore));
    reasons.extend(when.until.filter(|until| date > *until).map(Refusal::Over));
    if when.days.is_some_and(|days| !days.holds(date)) {
        reasons.push(Refusal::Weekday(date.weekday()));
    }
    // Before its first day a rotation says nothing that `from` does not.
    if when.recurrence.as_ref().is_some_and(|rule| date >= rule.first() && !rule.holds(date)) {
        reasons.push(Refusal::NotInRotation);
    }
    if !when.calendars.is_empty() && !when.calendars.iter().any(|c| c.holds(date)) {
        reasons.push(Refusal::NotInCalendar(when.calendars.iter().map(|c| c.name().to_owned()).collect()));
    }
    let within = when.not_calendars.iter().filter(|c| c.holds(date));
    reasons.extend(within.map(|c| Refusal::InCalendar(c.name().to_owned())));
    reasons
}
