//! What is worked out ahead agrees with what is decided at each minute.
//! Invariant: each minute is asked, also those that a clock shows twice.

use std::fmt::Write as _;

use jiff::{Timestamp, ToSpan, civil::Date};
use papan::domain::{
    playlist::{List, Playlist},
    schedule::{Data, Programme, Stretch, days_on_air, next_on_air, on_air, spells, timeline, why},
};

use super::{random::Random, read, write_rule, zone};

/// Zones with a week in which their clocks are set, and one where they never are.
const WEEKS: [(&str, &str); 8] = [
    ("Asia/Makassar", "2026-11-16T16:00:00Z"),
    ("Europe/Berlin", "2026-03-26T09:17:00Z"),
    ("Europe/Berlin", "2026-10-22T22:00:00Z"),
    ("America/Sao_Paulo", "2018-02-15T00:00:00Z"),
    ("America/Sao_Paulo", "2018-11-02T11:11:00Z"),
    ("Australia/Lord_Howe", "2026-04-02T00:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-01T03:00:00Z"),
    ("Pacific/Apia", "2011-12-27T10:00:00Z"),
];

fn playlist(random: &mut Random, year: i16) -> Playlist {
    let (mut text, mut named) = (String::new(), String::new());
    for number in 0..14 {
        let list = ["item", "item", "fallback", "ticker"][number % 4];
        let rule = std::iter::repeat_with(|| random.rule(year)).find(|r| !super::never(r)).unwrap();
        let (when, more) = write_rule(&rule, number, list);
        let what = if list == "ticker" { "text" } else { "card.title" };
        let priority = if random.chance(30) { random.within(-3..4) } else { 0 };
        writeln!(text, "[[{list}]]\n{what} = \"{number}\"\npriority = {priority}\n{when}").unwrap();
        named.push_str(&more);
    }
    let (playlist, problems) = read(&(text + &named));
    assert!(!problems.iter().any(|p| p.is_error()), "{problems:#?}");
    playlist
}

fn minutes(from: Timestamp, until: Timestamp) -> impl Iterator<Item = Timestamp> {
    (0_i64..).map(move |m| from + m.minutes()).take_while(move |at| *at < until)
}

#[test]
fn a_timeline_is_what_is_decided_at_every_minute() {
    for (seed, (name, from)) in WEEKS.into_iter().enumerate() {
        let (zone, mut random) = (zone(name), Random::new(seed as u64 + 20));
        let from: Timestamp = from.parse().unwrap();
        let until = from + (6 * 24).hours();
        for _ in 0..4 {
            let playlist = playlist(&mut random, zone.to_datetime(from).year());
            let stretches = timeline(&playlist, &zone, from, until, Data::ALL);
            assert_eq!(stretches.first().map(|s| s.from), Some(from));
            assert_eq!(stretches.last().map(|s| s.until), Some(until));
            for pair in stretches.windows(2) {
                assert!(pair[0].until == pair[1].from && pair[0].programme != pair[1].programme);
            }
            for at in minutes(from, until) {
                let index = stretches.partition_point(|s: &Stretch| s.from <= at) - 1;
                let right = Programme::at(&playlist, zone.to_datetime(at), Data::ALL);
                assert_eq!(stretches[index].programme, right, "{name} {at}");
            }
        }
    }
}

#[test]
fn reasons_the_next_time_and_the_days_of_a_month_agree_with_every_minute() {
    for (seed, (name, from)) in WEEKS.into_iter().enumerate() {
        let (zone, mut random) = (zone(name), Random::new(seed as u64 + 40));
        let from: Timestamp = from.parse().unwrap();
        let until = from + (3 * 24).hours();
        let playlist = playlist(&mut random, zone.to_datetime(from).year());
        for (list, count) in [(List::Item, 8), (List::Fallback, 3), (List::Ticker, 3)] {
            for entry in 0..count {
                let mut first = None;
                let told = spells(&playlist, (list, entry), &zone, (from, until), Data::ALL);
                for moment in minutes(from, until) {
                    let at = zone.to_datetime(moment);
                    let programme = Programme::at(&playlist, at, Data::ALL);
                    let shown = match list {
                        List::Item => programme.items.contains(&entry),
                        List::Fallback => programme.items.is_empty() && programme.fallback.contains(&entry),
                        List::Ticker => programme.ticker.contains(&entry),
                    };
                    let reasons = why(&playlist, list, entry, at, Data::ALL);
                    assert_eq!(reasons.is_empty(), shown, "{name} {at} {list:?} {entry}: {reasons:?}");
                    assert_eq!(on_air(&playlist, list, entry, at, Data::ALL), shown);
                    let spell = told.iter().rfind(|s| s.from <= moment).unwrap();
                    assert_eq!(spell.reasons, reasons, "{name} {at} {list:?} {entry}");
                    first = first.or(shown.then_some(moment));
                }
                let next = next_on_air(&playlist, list, entry, &zone, from, 3, Data::ALL);
                assert_eq!(next, first, "{name} {list:?} {entry}");
            }
        }
    }
}

#[test]
fn the_days_of_a_month_are_those_with_a_minute_on_air() {
    for (name, month) in
        [("Europe/Berlin", "2026-10-09"), ("America/Sao_Paulo", "2018-11-30"), ("Asia/Jakarta", "2028-02-01")]
    {
        let (zone, mut random) = (zone(name), Random::new(60));
        let month: Date = month.parse().unwrap();
        let playlist = playlist(&mut random, month.year());
        let begin = month.first_of_month().to_zoned(zone.clone()).unwrap().timestamp();
        let end = (month.last_of_month() + 1.day()).to_zoned(zone.clone()).unwrap().timestamp();
        for (list, count) in [(List::Item, 8), (List::Fallback, 3), (List::Ticker, 3)] {
            for entry in 0..count {
                let mut right: Vec<Date> = Vec::new();
                for moment in minutes(begin, end) {
                    let at = zone.to_datetime(moment);
                    if right.last() != Some(&at.date()) && on_air(&playlist, list, entry, at, Data::ALL) {
                        right.push(at.date());
                    }
                }
                assert_eq!(
                    days_on_air(&playlist, list, entry, &zone, month, Data::ALL),
                    right,
                    "{name} {list:?} {entry}"
                );
            }
        }
    }
}

#[test]
fn at_the_ends_of_time_there_is_an_answer() {
    let mut random = Random::new(80);
    for name in ["Asia/Makassar", "Europe/Berlin"] {
        let (zone, playlist) = (zone(name), playlist(&mut random, 2026));
        for at in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
            Programme::at(&playlist, zone.to_datetime(at), Data::ALL);
            let until = at.checked_add(48.hours()).unwrap_or(Timestamp::MAX);
            timeline(&playlist, &zone, at, until, Data::ALL);
            next_on_air(&playlist, List::Item, 0, &zone, at, 400, Data::ALL);
            days_on_air(&playlist, List::Item, 0, &zone, zone.to_datetime(at).date(), Data::ALL);
        }
    }
}
