//! The timeline for programs: JSON whose shape the types here say.
//! Invariant: times carry the hall's offset, and every key is always there.

use std::io::Write;

use jiff::Timestamp;
use schemars::{JsonSchema, schema_for};
use serde::Serialize;

use super::{Entry, Error, Plan, airing, kind, why::sentence};
use crate::domain::{
    playlist::{Content, DEFAULT_DURATION, List, Message, PlaylistItem},
    schedule::{Refusal, Stretch},
};

/// What is on air when.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Timeline {
    /// The playlist's title.
    pub title: String,
    /// The hall's time zone.
    pub zone: String,
    /// One after the other; those of one day after those of the day before.
    pub stretches: Vec<Period>,
}

/// A time in which the same is on air.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Period {
    /// Its beginning, RFC 3339 with the hall's offset.
    pub from: String,
    /// Its end, which is no part of it.
    pub until: String,
    /// What the stage shows: `loop`, `fallback`, or `card`, the hall's name.
    pub stage: &'static str,
    /// The items that take turns on the stage.
    pub items: Vec<Item>,
    /// The running text.
    pub ticker: Vec<String>,
}

/// An item.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Item {
    /// As staff name it.
    pub name: String,
    /// The list it stands in: `item`, `fallback` or `ticker`.
    pub list: &'static str,
    /// Which of the written ones it is, from 1 in its list.
    pub number: usize,
    /// `page`, `image`, `film`, `card`, `qr`, `survey`, `message`, or `off`.
    pub kind: &'static str,
    /// For how long it is shown, in seconds; null for a film's own length.
    pub seconds: Option<f64>,
    /// How many times it comes in a round.
    pub weight: u32,
    /// After each so many items, in place of a share of the round.
    pub every: Option<u32>,
    /// Its priority.
    pub priority: i32,
}

/// When an item is on air, and why it is not.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Why {
    /// The item.
    pub item: Item,
    /// The hall's time zone.
    pub zone: String,
    /// One after the other.
    pub answers: Vec<Answer>,
    /// When it is on air next, after the last of these; null where it is not within 400 days.
    pub next: Option<String>,
}

/// A time in which an item is on air, or is not for the same reasons.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Answer {
    /// Its beginning, RFC 3339 with the hall's offset.
    pub from: String,
    /// Its end, which is no part of it.
    pub until: String,
    /// Whether it is on air.
    pub on_air: bool,
    /// Why it is not.
    pub reasons: Vec<Reason>,
}

/// Why an item is not on air.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Reason {
    /// `off`, `not_before`, `over`, `weekday`, `not_in_rotation`, `not_in_calendar`, `in_calendar`,
    /// `outside_hours`, `not_in_daypart`, `in_daypart`, `replaced`, `no_data` or `loop_on_air`.
    pub code: &'static str,
    /// What it is about: a date, a day, the names of calendars or dayparts, or of what replaces it.
    pub about: Vec<String>,
    /// In words, in the hall's language.
    pub text: String,
}

/// The JSON Schemas of what is printed: of `--json`, and of `--why ITEM --json`.
pub fn schemas() -> [schemars::Schema; 2] {
    [schema_for!(Timeline), schema_for!(Why)]
}

pub(super) fn write(value: &impl Serialize, out: &mut impl Write) -> Result<(), Error> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    Ok(writeln!(out)?)
}

pub(super) fn timeline(plan: &Plan<'_>) -> Timeline {
    let stretches = plan.windows().into_iter().flat_map(|(_, from, until)| plan.stretches(from, until));
    Timeline {
        title: plan.playlist.title.clone(),
        zone: zone(plan),
        stretches: stretches.map(|stretch| period(plan, &stretch)).collect(),
    }
}

pub(super) fn why(plan: &Plan<'_>, entry: &Entry) -> Why {
    let windows = plan.windows();
    let end = windows.last().map_or(plan.now, |(_, _, until)| *until);
    let answer = |spell: crate::domain::schedule::Spell| Answer {
        from: time(plan, spell.from),
        until: time(plan, spell.until),
        on_air: spell.reasons.is_empty(),
        reasons: spell.reasons.iter().map(|reason| put(plan, entry, reason)).collect(),
    };
    Why {
        item: asked(plan, entry),
        zone: zone(plan),
        answers: windows
            .iter()
            .flat_map(|(_, from, until)| plan.spells(entry, *from, *until))
            .map(answer)
            .collect(),
        next: plan.next(entry, end).map(|at| time(plan, at)),
    }
}

fn zone(plan: &Plan<'_>) -> String {
    plan.zone.iana_name().unwrap_or("unknown").to_owned()
}

fn time(plan: &Plan<'_>, at: Timestamp) -> String {
    at.to_zoned(plan.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn period(plan: &Plan<'_>, stretch: &Stretch) -> Period {
    let (playlist, programme) = (plan.playlist, &stretch.programme);
    let items = || programme.items.iter().filter_map(|i| playlist.items.get(*i)).map(|i| item(List::Item, i));
    let fallback = || {
        programme.fallback.iter().filter_map(|i| playlist.fallback.get(*i)).map(|i| item(List::Fallback, i))
    };
    let (stage, items) = match (programme.items.is_empty(), programme.fallback.is_empty()) {
        (false, _) => ("loop", items().collect()),
        (true, false) => ("fallback", fallback().collect()),
        (true, true) => ("card", Vec::new()),
    };
    let ticker = programme.ticker.iter().filter_map(|i| playlist.ticker.get(*i));
    Period {
        from: time(plan, stretch.from),
        until: time(plan, stretch.until),
        stage,
        items,
        ticker: ticker.map(|message| message.text.clone()).collect(),
    }
}

fn list_name(list: List) -> &'static str {
    match list {
        List::Item => "item",
        List::Fallback => "fallback",
        List::Ticker => "ticker",
    }
}

fn item(list: List, item: &PlaylistItem) -> Item {
    let film = matches!(item.content, Content::Film(_));
    let length = item.duration.or((!film).then_some(DEFAULT_DURATION));
    Item {
        name: item.name.clone(),
        list: list_name(list),
        number: item.entry + 1,
        kind: kind(&item.content),
        seconds: length.map(|d| d.as_secs_f64()),
        weight: item.airing.weight,
        every: item.airing.every,
        priority: item.airing.priority,
    }
}

fn asked(plan: &Plan<'_>, entry: &Entry) -> Item {
    let items = match entry.list {
        List::Item => &plan.playlist.items[..],
        List::Fallback => &plan.playlist.fallback,
        List::Ticker => &[],
    };
    if let Some(found) = items.iter().find(|i| i.entry == entry.entry) {
        return Item { name: entry.name.clone(), ..item(entry.list, found) };
    }
    let rules = airing(plan.playlist, entry.list, entry.entry).cloned();
    let is_message = |m: &Message| m.entry == entry.entry;
    let message = entry.list == List::Ticker && plan.playlist.ticker.iter().any(is_message);
    let rules = rules.unwrap_or_default();
    Item {
        name: entry.name.clone(),
        list: list_name(entry.list),
        number: entry.entry + 1,
        kind: if message { "message" } else { "off" },
        seconds: None,
        weight: rules.weight,
        every: rules.every,
        priority: rules.priority,
    }
}

fn put(plan: &Plan<'_>, entry: &Entry, reason: &Refusal) -> Reason {
    let one = |text: &dyn ToString| vec![text.to_string()];
    let (code, about) = match reason {
        Refusal::Off => ("off", Vec::new()),
        Refusal::NotBefore(date) => ("not_before", one(date)),
        Refusal::Over(date) => ("over", one(date)),
        Refusal::Weekday(day) => ("weekday", vec![format!("{day:?}").to_lowercase()]),
        Refusal::NotInRotation => ("not_in_rotation", Vec::new()),
        Refusal::NotInCalendar(names) => ("not_in_calendar", names.clone()),
        Refusal::InCalendar(name) => ("in_calendar", one(name)),
        Refusal::OutsideHours => ("outside_hours", Vec::new()),
        Refusal::NotInDaypart(names) => ("not_in_daypart", names.clone()),
        Refusal::InDaypart(name) => ("in_daypart", one(name)),
        Refusal::Replaced { by, .. } => ("replaced", one(by)),
        Refusal::NoData => ("no_data", Vec::new()),
        Refusal::LoopOnAir => ("loop_on_air", Vec::new()),
    };
    Reason { code, about, text: sentence(plan, entry, reason) }
}
