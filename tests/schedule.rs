//! The schedule against a reading of the same rules that shares nothing with it; and what is made of it.
//! Invariant: rules go the whole way: written as TOML, read from a folder, decided, and compared minute by minute.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

#[path = "schedule/ahead.rs"]
mod ahead;
#[path = "schedule/calendars.rs"]
mod calendars;
#[path = "schedule/oracle.rs"]
mod oracle;
#[path = "schedule/random.rs"]
mod random;
#[path = "schedule/running.rs"]
mod running;
#[path = "schedule/written.rs"]
mod written;

use std::{collections::BTreeSet, fmt::Write as _, fs};

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};
use oracle::{Part, Reading, Rule};
use papan::{
    domain::{
        playlist::Playlist,
        schedule::{Data, Days, NotARule, Programme, Recurrence},
    },
    library,
    problem::Problem,
};
use random::Random;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

/// Reads a folder with this `playlist.toml`.
fn read(text: &str) -> (Playlist, Vec<Problem>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("playlist.toml"), text).unwrap();
    library::read(folder.path())
}

fn days_text(days: &[Weekday]) -> String {
    let names = ["senin", "tuesday", "Rabu", "kam", "fri", "sabtu", "minggu"];
    let name = |d: &Weekday| format!("\"{}\"", names[d.to_monday_zero_offset() as usize]);
    format!("[{}]", days.iter().map(name).collect::<Vec<_>>().join(", "))
}

fn hours_text(hours: &[(i32, i32)]) -> String {
    let time = |m: i32| format!("{:02}:{:02}", m / 60, m % 60);
    let one = |(from, until): &(i32, i32)| format!("\"{}-{}\"", time(*from), time(*until));
    format!("[{}]", hours.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// The rule's table in `playlist.toml`, and the dayparts and calendars that it names.
fn write_rule(rule: &Rule, number: usize, header: &str) -> (String, String) {
    let (mut when, mut named) = (format!("[{header}.when]\n"), String::new());
    let mut part = |kind: &str, parts: &[Part], when: &mut String| {
        let names: Vec<String> = (0..parts.len()).map(|k| format!("{kind}{number}_{k}")).collect();
        for (part, name) in parts.iter().zip(&names) {
            writeln!(named, "[daypart.{name}]\nhours = {}", hours_text(&part.hours)).unwrap();
            if !part.days.is_empty() {
                writeln!(named, "days = {}", days_text(&part.days)).unwrap();
            }
        }
        match &names[..] {
            [] => {}
            [one] => writeln!(when, "{kind} = \"{one}\"").unwrap(),
            all => writeln!(when, "{kind} = {all:?}").unwrap(),
        }
    };
    part("daypart", &rule.dayparts, &mut when);
    part("not_daypart", &rule.not_dayparts, &mut when);
    let mut calendar = |kind: &str, calendars: &[Vec<(Date, Date)>], when: &mut String| {
        let names: Vec<String> = (0..calendars.len()).map(|k| format!("{kind}{number}_{k}")).collect();
        for (calendar, name) in calendars.iter().zip(&names) {
            let run = |(a, b): &(Date, Date)| if a == b { a.to_string() } else { format!("\"{a}..{b}\"") };
            let runs = calendar.iter().map(run).collect::<Vec<_>>().join(", ");
            writeln!(named, "[calendar.{name}]\ndays = [{runs}]").unwrap();
        }
        if !names.is_empty() {
            writeln!(when, "{kind} = {names:?}").unwrap();
        }
    };
    calendar("calendar", &rule.calendars, &mut when);
    calendar("not_calendar", &rule.not_calendars, &mut when);
    if !rule.days.is_empty() {
        writeln!(when, "days = {}", days_text(&rule.days)).unwrap();
    }
    if !rule.hours.is_empty() {
        writeln!(when, "hours = {}", hours_text(&rule.hours)).unwrap();
    }
    for (key, date) in [("from", rule.from), ("until", rule.until)] {
        if let Some(date) = date {
            writeln!(when, "{key} = {date}").unwrap();
        }
    }
    if let Some(rrule) = &rule.rrule {
        writeln!(when, "rrule = \"{}\"", rrule.text()).unwrap();
    }
    (when, named)
}

/// The moments to look at: each side of whatever may change, and others evenly between.
fn moments(rule: &Rule, zone: &TimeZone, year: i16) -> BTreeSet<Timestamp> {
    let parts = rule.dayparts.iter().chain(&rule.not_dayparts).flat_map(|p| &p.hours);
    let edges = rule.hours.iter().chain(parts).flat_map(|(a, b)| [*a, *b]).chain([0]);
    let near: BTreeSet<i32> = edges.flat_map(|m| [(m + 1439) % 1440, m, (m + 1) % 1440]).collect();
    let first = Date::new(year, 1, 1).unwrap();
    let mut all = BTreeSet::new();
    for date in first.series(1.day()).take(366) {
        for minute in &near {
            let time = Time::new((minute / 60) as i8, (minute % 60) as i8, 0, 0).unwrap();
            let at = zone.to_ambiguous_timestamp(date.to_datetime(time));
            all.extend([at.earlier().unwrap(), at.later().unwrap()]);
        }
    }
    let begin = first.to_zoned(zone.clone()).unwrap().timestamp();
    all.extend((0..366 * 1440 / 173).map(|k: i64| begin + (k * 173).minutes()));
    all
}

/// What the reader may say of a random rule: that it never comes. Then it must not, for as long as it is looked at.
fn never(rule: &Rule) -> bool {
    let Some(rrule) = &rule.rrule else { return false };
    let first = rule.from.unwrap();
    let days = rule.days.iter().fold(Days::default(), |days, day| days.with(*day));
    let days = Some(days).filter(|_| !rule.days.is_empty());
    matches!(
        Recurrence::new(&rrule.text(), first, days),
        Err(NotARule::Never | NotARule::Together(_) | NotARule::Ended)
    ) && rrule.days(first, first + 9.years(), &rule.days).is_empty()
}

fn agree(name: &str, seed: u64, rules: usize, year: i16) {
    let (zone, mut random) = (zone(name), Random::new(seed));
    let rules: Vec<Rule> =
        std::iter::repeat_with(|| random.rule(year)).filter(|r| !never(r)).take(rules).collect();
    let (mut text, mut named) = ("version = 1\n".to_owned(), String::new());
    for (number, rule) in rules.iter().enumerate() {
        let (when, more) = write_rule(rule, number, "item");
        let until_before_from = rule.from.zip(rule.until).is_some_and(|(from, until)| until < from);
        assert!(!until_before_from);
        writeln!(text, "[[item]]\ncard = {{ title = \"{number}\" }}\n{when}").unwrap();
        named.push_str(&more);
    }
    let (playlist, problems) = read(&(text + &named));
    let errors: Vec<_> = problems.iter().filter(|p| p.is_error()).collect();
    assert!(errors.is_empty(), "{:#?}", &errors[..errors.len().min(3)]);
    assert_eq!(playlist.items.len(), rules.len());
    let (mut held, mut looked) = (0_u64, 0_u64);
    for (item, rule) in playlist.items.iter().zip(&rules) {
        let reading = Reading::new(rule, Date::new(year + 1, 1, 10).unwrap());
        for moment in moments(rule, &zone, year) {
            let at = zone.to_datetime(moment);
            let right = reading.holds(at);
            assert_eq!(item.airing.when.holds(at), right, "{at} ({moment}) {rule:#?}");
            (held, looked) = (held + u64::from(right), looked + 1);
        }
    }
    // Rules that always or never hold would show nothing.
    assert!(held * 20 > looked && held * 20 < looked * 19, "{held} of {looked}");
}

#[test]
fn rules_are_read_as_by_brute_force_in_makassar() {
    agree("Asia/Makassar", 1, 700, 2026);
}

#[test]
fn rules_are_read_as_by_brute_force_in_jakarta() {
    agree("Asia/Jakarta", 2, 700, 2028);
}

#[test]
fn rules_are_read_as_by_brute_force_in_berlin() {
    agree("Europe/Berlin", 3, 700, 2027);
}

#[test]
fn rules_are_read_as_by_brute_force_where_clocks_are_set_at_midnight_or_by_half_an_hour() {
    agree("America/Sao_Paulo", 4, 200, 2018);
    agree("Australia/Lord_Howe", 5, 200, 2026);
}

/// The days that the `rrule` crate's own iterator names.
fn by_crate(text: &str, first: Date, end: Date) -> BTreeSet<Date> {
    use chrono::{Datelike, TimeZone as _};
    let start = rrule::Tz::UTC.with_ymd_and_hms(
        first.year().into(),
        first.month() as u32,
        first.day() as u32,
        0,
        0,
        0,
    );
    let text = text.split(';').map(|part| match part.strip_prefix("UNTIL=") {
        Some(day) => format!("UNTIL={day}T000000Z"),
        None => part.to_owned(),
    });
    let text = text.collect::<Vec<_>>().join(";");
    let rule: rrule::RRule<rrule::Unvalidated> = text.parse().unwrap();
    let set = rule.build(start.unwrap()).unwrap();
    let date = |at: chrono::DateTime<rrule::Tz>| {
        Date::new(at.year() as i16, at.month() as i8, at.day() as i8).unwrap()
    };
    (&set).into_iter().map(date).take_while(|d| *d <= end).collect()
}

#[test]
fn rotations_are_those_of_the_crate_and_of_brute_force() {
    let mut random = Random::new(7);
    let mut compared = 0;
    while compared < 3000 {
        let first = random.date(2026);
        let rotation = random.rotation(first);
        let (text, end) = (rotation.text(), first + 1500.days());
        let by_force = rotation.days(first, end, &[]);
        let rule = match Recurrence::new(&text, first, None) {
            Ok(rule) => rule,
            Err(wrong) => {
                assert!(by_force.is_empty(), "{text} from {first}: {wrong}");
                continue;
            }
        };
        let ours: BTreeSet<Date> =
            first.series(1.day()).take_while(|d| *d <= end).filter(|d| rule.holds(*d)).collect();
        assert_eq!(ours, by_force, "{text} from {first}, by force");
        // The crate takes `TH,3SA` for Thursdays that are third Saturdays, which are none: RFC 5545 has both.
        let numbered = rotation.by_day.iter().filter(|(n, _)| *n != 0).count();
        let mixed = numbered > 0 && numbered < rotation.by_day.len();
        // Where it names nothing for years the crate looks for it until the year 10,000.
        let goes_on =
            ours.iter().any(|d| *d > end - 800.days()) || rotation.count.is_some_and(|n| n <= ours.len());
        if goes_on && !mixed {
            assert_eq!(ours, by_crate(&text, first, end), "{text} from {first}, by the crate");
            compared += 1;
        }
    }
}

#[test]
fn weeks_and_days_of_the_year_are_those_of_the_crate() {
    for (first, text) in [
        ("2026-01-01", "FREQ=YEARLY;BYWEEKNO=1"),
        ("2026-01-01", "FREQ=YEARLY;BYWEEKNO=53,-1;BYDAY=MO,SU"),
        ("2024-07-01", "FREQ=YEARLY;BYWEEKNO=20,-20;WKST=SU;BYDAY=TU"),
        ("2020-02-29", "FREQ=YEARLY"),
        ("2024-01-01", "FREQ=YEARLY;BYYEARDAY=1,60,366,-1,-366"),
        ("2024-01-31", "FREQ=MONTHLY"),
        ("2024-01-31", "FREQ=MONTHLY;INTERVAL=5;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        ("2024-05-15", "FREQ=YEARLY;INTERVAL=2;BYDAY=-1SU,1MO,52FR"),
        ("2024-05-15", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13"),
        ("1997-09-02", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8"),
        ("1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=40;BYDAY=TU,SU;WKST=SU"),
        ("1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=40;BYDAY=TU,SU;WKST=MO"),
    ] {
        let first: Date = first.parse().unwrap();
        let end = first + 30.years();
        let rule = Recurrence::new(text, first, None).unwrap();
        let ours: BTreeSet<Date> =
            first.series(1.day()).take_while(|d| *d <= end).filter(|d| rule.holds(*d)).collect();
        assert_eq!(ours, by_crate(text, first, end), "{text} from {first}");
    }
}

#[test]
fn a_rule_far_from_its_first_day_is_as_quick_as_near_it() {
    let first: Date = "0001-01-01".parse().unwrap();
    let texts = [
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=WEEKLY;INTERVAL=4",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=YEARLY;BYDAY=20MO",
    ];
    for text in texts {
        let rule = Recurrence::new(text, first, None).unwrap();
        // Some day of each year up to the last one that there is.
        for year in (1..=9998).step_by(7) {
            let begin = Date::new(year, 1, 1).unwrap();
            assert!(begin.series(1.day()).take(366).any(|d| rule.holds(d)), "{text} in {year}");
        }
        assert!(!rule.holds(first - 1.day()));
    }
}

#[test]
fn what_is_no_rule_of_days_is_refused_at_once() {
    let first: Date = "2026-11-02".parse().unwrap();
    let wrong = |text: &str| Recurrence::new(text, first, None).unwrap_err();
    for text in [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-30",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=20",
    ] {
        assert_eq!(wrong(text), NotARule::Never, "{text}");
    }
    for text in ["FREQ=HOURLY", "FREQ=DAILY;BYHOUR=8", "FREQ=SECONDLY;INTERVAL=5", "FREQ=WEEKLY;BYMINUTE=0"] {
        assert_eq!(wrong(text), NotARule::Hours, "{text}");
    }
    for text in [
        "",
        ";",
        "weekly",
        "INTERVAL=2",
        "FREQ=",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;BYDAY=XMO",
        "FREQ=WEEKLY;BYDAY=é",
        "FREQ=WEEKLY;BYDAY=MO;BYDAY=TU",
        "FREQ=FORTNIGHTLY",
        "FREQ=WEEKLY;UNTIL=besok",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=WEEKLY;COUNT=-3",
        "FREQ=WEEKLY;INTERVAL=99999999999",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=WEEKLY;X=1",
    ] {
        assert!(matches!(wrong(text), NotARule::Syntax | NotARule::Part(_)), "{text}: {:?}", wrong(text));
    }
    for text in [
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=DAILY;BYDAY=-1MO",
        "FREQ=MONTHLY;BYWEEKNO=3",
        "FREQ=MONTHLY;BYDAY=6MO",
    ] {
        assert!(matches!(wrong(text), NotARule::Together(_)), "{text}: {:?}", wrong(text));
    }
    assert_eq!(wrong("FREQ=DAILY;UNTIL=20261101"), NotARule::Ended);
    let ends = |text: &str| {
        let rule = Recurrence::new(text, first, None).unwrap();
        first.series(1.day()).take(90).filter(|d| rule.holds(*d)).last().unwrap().to_string()
    };
    for until in ["20261115", "20261115T000000Z", "20261115T235959Z", "20261115T120000"] {
        assert_eq!(ends(&format!("freq=daily; until={until}")), "2026-11-15", "{until}");
    }
    assert_eq!(ends("RRULE:FREQ=WEEKLY;COUNT=3"), "2026-11-16");
}

/// The highest priority that is on air, read from the rules alone.
#[test]
fn of_what_is_on_air_the_highest_priority_plays() {
    let mut random = Random::new(11);
    let zone = zone("Asia/Makassar");
    for round in 0..40 {
        let rules: Vec<(Rule, i32, &str)> = std::iter::repeat_with(|| random.rule(2026))
            .filter(|r| !never(r))
            .take(12)
            .enumerate()
            .map(|(n, rule)| (rule, (n as i32 * 7 + round) % 4 - 2, ["item", "fallback", "ticker"][n % 3]))
            .collect();
        let (mut text, mut named) =
            ("[[item]]\ncard = { title = \"x\" }\nenabled = false\n".to_owned(), String::new());
        for (number, (rule, priority, list)) in rules.iter().enumerate() {
            let (when, more) = write_rule(rule, number, list);
            let what = if *list == "ticker" { "text = " } else { "card.title = " };
            writeln!(text, "[[{list}]]\n{what}\"{number}\"\npriority = {priority}\n{when}").unwrap();
            named.push_str(&more);
        }
        let (playlist, problems) = read(&(text + &named));
        assert!(!problems.iter().any(Problem::is_error), "{problems:#?}");
        let end: Date = "2027-01-10".parse().unwrap();
        let readings: Vec<Reading<'_>> = rules.iter().map(|(rule, ..)| Reading::new(rule, end)).collect();
        for hour in 0..8760 / 5 {
            let moment = "2025-12-31T16:00:00Z".parse::<Timestamp>().unwrap()
                + (hour * 5 * 60 + random.within(0..300) as i64).minutes();
            let at = zone.to_datetime(moment);
            let right = |list: &str| {
                let on_air =
                    |(n, (_, _, l)): &(usize, &(Rule, i32, &str))| *l == list && readings[*n].holds(at);
                let all: Vec<(usize, i32)> =
                    rules.iter().enumerate().filter(on_air).map(|(n, (_, p, _))| (n, *p)).collect();
                let most = all.iter().map(|(_, p)| *p).max();
                all.into_iter()
                    .filter(|(_, p)| Some(*p) == most)
                    .map(|(n, _)| n.to_string())
                    .collect::<Vec<_>>()
            };
            let on_air = Programme::at(&playlist, at, Data::default()).of(&playlist);
            let names = |items: &[papan::domain::playlist::PlaylistItem]| {
                items.iter().map(|i| i.name.clone()).collect::<Vec<_>>()
            };
            assert_eq!(names(&on_air.items), right("item"), "{at}");
            assert_eq!(names(&on_air.fallback), right("fallback"), "{at}");
            let messages: Vec<String> = on_air.ticker.iter().map(|m| m.text.clone()).collect();
            assert_eq!(messages, right("ticker"), "{at}");
        }
    }
}
