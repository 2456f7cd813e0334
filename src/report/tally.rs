//! The sums of a play log by day and item. Pure.
//! Invariant: every turn within the days is in exactly one sum, on the day in the hall on which it began.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use crate::playlog::line::{Cut, Line};

/// As many days without anything are drawn between others at the most.
const MOST_DAYS: i32 = 400;

/// The sums of some days.
#[derive(Debug, Clone)]
pub struct Tally {
    zone: TimeZone,
    /// The first day.
    pub from: Date,
    /// The last day, which is part of it.
    pub to: Date,
    /// By day and item.
    pub items: BTreeMap<(Date, Item), Sum>,
    /// By day.
    pub calls: BTreeMap<Date, Calls>,
    /// The first and the last day of the whole log.
    pub known: Option<(Date, Date)>,
}

/// An item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// As staff name it.
    pub name: String,
    /// Its kind.
    pub content: String,
}

/// What became of an item's turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// Turns on the stage.
    pub shown: u64,
    /// Of these, those that lasted as long as they were to.
    pub complete: u64,
    /// How long it was shown, in milliseconds.
    pub ms: u64,
    /// Turns that were cut short: by the schedule, by a change, by a failure, by the program's end.
    pub cut: [u64; 4],
    /// How many times it could not be shown.
    pub skipped: u64,
}

/// A day's calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calls {
    /// All of them, recalls too.
    pub called: u64,
    /// Of these, those that were spoken to their end.
    pub spoken: u64,
}

impl Tally {
    /// Nothing yet, of the days from `from` to `to` in the hall's time zone.
    pub fn new(zone: TimeZone, from: Date, to: Date) -> Self {
        Self { zone, from, to, items: BTreeMap::new(), calls: BTreeMap::new(), known: None }
    }

    /// Takes a line of the log in.
    pub fn take(&mut self, line: Line) {
        match line {
            Line::Item(line) => {
                let Some(day) = self.day(line.start.unwrap_or(line.due).0) else { return };
                let sum =
                    self.items.entry((day, Item { name: line.item, content: line.content })).or_default();
                if line.start.is_none() {
                    sum.skipped += 1;
                    return;
                }
                sum.shown += 1;
                sum.complete += u64::from(line.complete);
                sum.ms = sum.ms.saturating_add(line.shown_ms.unwrap_or(0));
                if let Some(cut) = line.cut {
                    sum.cut[place(cut)] += 1;
                }
            }
            Line::Call(call) => {
                let Some(day) = self.day(call.announced.event.0) else { return };
                let calls = self.calls.entry(day).or_default();
                calls.called += 1;
                calls.spoken += u64::from(call.announced.unspoken.is_none());
            }
            Line::Notice(_) => {}
        }
    }

    /// The day in the hall, where it is one of ours.
    fn day(&mut self, at: Timestamp) -> Option<Date> {
        let day = at.to_zoned(self.zone.clone()).date();
        let (first, last) = self.known.unwrap_or((day, day));
        self.known = Some((first.min(day), last.max(day)));
        (self.from..=self.to).contains(&day).then_some(day)
    }

    /// The sum of all.
    pub fn total(&self) -> Sum {
        self.items.values().fold(Sum::default(), |sum, more| sum.with(more))
    }

    /// The sums by item, the one that was shown longest first.
    pub fn by_item(&self) -> Vec<(&Item, Sum)> {
        let mut sums: BTreeMap<&Item, Sum> = BTreeMap::new();
        for ((_, item), sum) in &self.items {
            let entry = sums.entry(item).or_default();
            *entry = entry.with(sum);
        }
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_by_key(|(item, sum)| (std::cmp::Reverse((sum.ms, sum.shown, sum.skipped)), *item));
        sums
    }

    /// The sums by day, in order; days without anything stand between others, unless that are too many.
    pub fn by_day(&self) -> Vec<(Date, Sum, Calls)> {
        let mut days: BTreeSet<Date> = self.items.keys().map(|(day, _)| *day).collect();
        days.extend(self.calls.keys());
        if let (Some(first), Some(last)) = (days.first().copied(), days.last().copied())
            && first.until(last).is_ok_and(|span| span.get_days() < MOST_DAYS)
        {
            days.extend(first.series(1.day()).take_while(|day| *day <= last));
        }
        let mut sums: BTreeMap<Date, Sum> = BTreeMap::new();
        for ((day, _), sum) in &self.items {
            let entry = sums.entry(*day).or_default();
            *entry = entry.with(sum);
        }
        let of = |day| (day, sums.get(&day).copied().unwrap_or_default(), self.calls.get(&day).copied());
        days.into_iter().map(of).map(|(day, sum, calls)| (day, sum, calls.unwrap_or_default())).collect()
    }
}

impl Sum {
    fn with(self, more: &Self) -> Self {
        let mut cut = self.cut;
        cut.iter_mut().zip(more.cut).for_each(|(all, more)| *all += more);
        Self {
            shown: self.shown + more.shown,
            complete: self.complete + more.complete,
            ms: self.ms.saturating_add(more.ms),
            cut,
            skipped: self.skipped + more.skipped,
        }
    }
}

fn place(cut: Cut) -> usize {
    match cut {
        Cut::Schedule => 0,
        Cut::Changed => 1,
        // Neither could go on.
        Cut::Failed | Cut::Unseen => 2,
        Cut::Stopped => 3,
    }
}
