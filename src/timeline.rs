//! `papan timeline`: what of a playlist is on air when, and of an item why it is not.
//! Invariant: what is printed is what the schedule decides, for people as for programs.

use std::io::{self, Write};

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};

use crate::{
    domain::{
        daypart::Hours,
        playlist::{Airing, Content, List, Playlist},
        schedule::{self, Data, Spell, Stretch},
    },
    words::Language,
};

mod ask;
mod json;
mod table;
mod why;

pub use ask::{Entry, Unknown};
pub use json::{Answer, Item, Period, Reason, Timeline, Why, schemas};

/// How many days ahead are looked at for when an item is on air next.
const AHEAD: u32 = 400;

/// What is asked of a playlist.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// The playlist.
    pub playlist: &'a Playlist,
    /// The hall's time zone.
    pub zone: &'a TimeZone,
    /// The hall's language.
    pub language: Language,
    /// Now, for what day today is.
    pub now: Timestamp,
    /// The first day; `None`: today.
    pub date: Option<Date>,
    /// How many days; 1 and more.
    pub days: u32,
    /// The hours of each day; `None`: all.
    pub hours: Option<Hours>,
}

/// Why nothing was printed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such item.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// It could not be written.
    #[error("the timeline was not written: {0}")]
    Out(#[from] io::Error),
    /// It could not be put as JSON.
    #[error("the timeline is no JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Hours as `--hours` takes them: `08:00..16:00`, `8..16`, `22..02`; also with a hyphen.
///
/// # Errors
/// The text says no hours; the message says what to write.
pub fn hours(text: &str) -> Result<Hours, String> {
    let wrong = || "write from..until, like 08:00..16:00".to_owned();
    let (from, until) = text.split_once("..").or_else(|| text.split_once(['-', '–'])).ok_or_else(wrong)?;
    let side = |text: &str| {
        let text = text.trim();
        if text.contains([':', '.']) { text.to_owned() } else { format!("{text}:00") }
    };
    format!("{}-{}", side(from), side(until)).parse().map_err(|_| wrong())
}

impl Plan<'_> {
    /// Prints a table for each day.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut impl Write) -> Result<(), Error> {
        Ok(table::write(self, out)?)
    }

    /// Prints [`Timeline`] as JSON.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_json(&self, out: &mut impl Write) -> Result<(), Error> {
        json::write(&json::timeline(self), out)
    }

    /// Prints when an item is on air and why it is not.
    ///
    /// # Errors
    /// There is no such item; those of `out`.
    pub fn write_why(&self, item: &str, out: &mut impl Write) -> Result<(), Error> {
        let entry = ask::find(self.playlist, item, self.language)?;
        Ok(why::write(self, &entry, out)?)
    }

    /// Prints [`Why`] as JSON.
    ///
    /// # Errors
    /// There is no such item; those of `out`.
    pub fn write_why_json(&self, item: &str, out: &mut impl Write) -> Result<(), Error> {
        let entry = ask::find(self.playlist, item, self.language)?;
        json::write(&json::why(self, &entry), out)
    }

    /// The days, each with its beginning and end.
    fn windows(&self) -> Vec<(Date, Timestamp, Timestamp)> {
        let first = self.date.unwrap_or_else(|| self.zone.to_datetime(self.now).date());
        let all = Hours { from: Time::midnight(), until: Time::midnight() };
        let hours = self.hours.unwrap_or(all);
        let window = |date: Date| {
            let end = if hours.until <= hours.from { date.tomorrow().ok()? } else { date };
            let at = |date: Date, time: Time| self.zone.to_timestamp(date.to_datetime(time)).ok();
            Some((date, at(date, hours.from)?, at(end, hours.until)?)).filter(|(_, from, until)| from < until)
        };
        let next = |date: &Date| date.tomorrow().ok();
        std::iter::successors(Some(first), next).take(self.days as usize).filter_map(window).collect()
    }

    /// With data for what needs some: whether there will be any is not known before.
    fn stretches(&self, from: Timestamp, until: Timestamp) -> Vec<Stretch> {
        schedule::timeline(self.playlist, self.zone, from, until, Data::ALL)
    }

    fn spells(&self, entry: &Entry, from: Timestamp, until: Timestamp) -> Vec<Spell> {
        schedule::spells(self.playlist, (entry.list, entry.entry), self.zone, (from, until), Data::ALL)
    }

    fn next(&self, entry: &Entry, after: Timestamp) -> Option<Timestamp> {
        schedule::next_on_air(self.playlist, entry.list, entry.entry, self.zone, after, AHEAD, Data::ALL)
    }
}

/// A content's kind, as `playlist.toml` names it.
fn kind(content: &Content) -> &'static str {
    match content {
        Content::Page(_) => "page",
        Content::Image { .. } => "image",
        Content::Film(_) => "film",
        Content::Card { .. } => "card",
        Content::Qr { .. } => "qr",
        Content::Survey { .. } => "survey",
    }
}

/// An entry's rules; `None` where it is switched off.
fn airing(playlist: &Playlist, list: List, entry: usize) -> Option<&Airing> {
    let items = match list {
        List::Item => &playlist.items,
        List::Fallback => &playlist.fallback,
        List::Ticker => return playlist.ticker.iter().find(|m| m.entry == entry).map(|m| &m.airing),
    };
    items.iter().find(|item| item.entry == entry).map(|item| &item.airing)
}
