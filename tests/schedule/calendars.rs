//! Calendars in files beside the playlist.
//! Invariant: what a calendar program exports is read as that program means it, or told by its own line.

use std::{fs, path::Path};

use jiff::civil::Date;
use papan::{
    domain::{
        playlist::Playlist,
        schedule::{Calendar, Data, Programme},
    },
    library,
    problem::{Problem, Severity},
};

/// Reads a playlist whose item is on air on the days of this calendar's file.
fn calendar(name: &str, text: &[u8]) -> (Playlist, Vec<Problem>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    let list = format!(
        "[[item]]\ncard.title = \"A\"\nwhen.calendar = \"libur\"\n[calendar.libur]\nfile = \"{name}\"\n"
    );
    fs::write(folder.path().join("playlist.toml"), list).unwrap();
    library::read(folder.path())
}

fn days(calendar: &Calendar, year: i16) -> Vec<String> {
    let first = Date::new(year, 1, 1).unwrap();
    let days = first.series(jiff::Span::new().days(1)).take_while(|d| d.year() == year);
    days.filter(|d| calendar.holds(*d)).map(|d| d.strftime("%m-%d").to_string()).collect()
}

fn ics(events: &str) -> String {
    let text = format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//uji//id\nX-WR-TIMEZONE:Asia/Makassar\n{events}END:VCALENDAR\n"
    );
    text.replace('\n', "\r\n")
}

fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:a\n{lines}\nEND:VEVENT\n")
}

#[test]
fn a_calendar_file_is_read_as_its_program_means_it() {
    for (event_lines, right) in [
        ("DTSTART;VALUE=DATE:20261225", &["12-25"][..]),
        ("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261226", &["12-25"]),
        ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227", &["12-24", "12-25", "12-26"]),
        ("DTSTART;VALUE=DATE:20261224\nDURATION:P2D", &["12-24", "12-25"]),
        ("DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY", &["12-25"]),
        ("DTSTART;VALUE=DATE:20201225\nDTEND;VALUE=DATE:20201227\nRRULE:FREQ=YEARLY", &["12-25", "12-26"]),
        ("DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20261225,20271225", &[]),
        (
            "DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;VALUE=DATE:20260112",
            &["01-05", "01-19"],
        ),
        ("DTSTART;VALUE=DATE:20260105\nRDATE;VALUE=DATE:20260201,20260301", &["01-05", "02-01", "03-01"]),
        ("DTSTART;TZID=Asia/Makassar:20261225T080000\nDTEND;TZID=Asia/Makassar:20261225T160000", &["12-25"]),
        ("DTSTART;TZID=Asia/Makassar:20261225T000000\nDTEND;TZID=Asia/Makassar:20261226T000000", &["12-25"]),
        // Midnight to midnight in Makassar.
        ("DTSTART:20261224T160000Z\nDTEND:20261225T160000Z", &["12-25"]),
        ("DTSTART;VALUE=DATE:20261225\nSTATUS:CANCELLED", &[]),
        ("SUMMARY:Hari\n  raya; dengan: tanda\\, baca\nDTST\n ART;VALUE=DATE:20261225", &["12-25"]),
        ("DTSTART;VALUE=DATE:20261225\nBEGIN:VALARM\nTRIGGER:-PT15M\nACTION:DISPLAY\nEND:VALARM", &["12-25"]),
    ] {
        let (playlist, found) = calendar("libur.ics", ics(&event(event_lines)).as_bytes());
        // That a calendar is empty is worth a warning.
        assert!(right.is_empty() || found.is_empty(), "{event_lines}: {found:#?}");
        assert_eq!(days(&playlist.items[0].airing.when.calendars[0], 2026), right, "{event_lines}");
    }
    let moved = event("DTSTART;VALUE=DATE:20250817\nRRULE:FREQ=YEARLY")
        + &event("RECURRENCE-ID;VALUE=DATE:20260817\nDTSTART;VALUE=DATE:20260818");
    let (playlist, found) = calendar("libur.ics", ics(&moved).as_bytes());
    assert_eq!(found, []);
    let holidays = &playlist.items[0].airing.when.calendars[0];
    assert_eq!((days(holidays, 2026), days(holidays, 2027)), (vec!["08-18".into()], vec!["08-17".into()]));
}

#[test]
fn a_broken_calendar_file_is_told_by_its_own_line() {
    let deep = "BEGIN:A\n".repeat(100_000);
    let good = event("DTSTART;VALUE=DATE:20261225");
    for (text, line) in [
        (String::new(), 1),
        ("bukan kalender".to_owned(), 1),
        (ics(&event("SUMMARY:Tanpa hari")), 5),
        (ics(&event("SUMMARY:x\n y\nDTSTART;VALUE=DATE:2026-12-25")), 9),
        (ics(&format!("{good}{}", event("DTSTART;VALUE=DATE:20261301"))), 11),
        (ics(&event("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=HOURLY")), 8),
        (ics(&event("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:besok")), 8),
        (ics(&event("DTSTART;VALUE=DATE:19000101\nDTEND;VALUE=DATE:29990101")), 8),
        (ics(&event("DTSTART;VALUE=DATE:20261225\nEXDATE:x")), 8),
        (format!("BEGIN:VCALENDAR\n{deep}"), 9),
    ] {
        let (playlist, found) = calendar("libur.ics", text.as_bytes());
        let text = &text[..text.len().min(300)];
        assert_eq!(found.len(), 1, "{text}: {found:#?}");
        assert!(found[0].is_error() && found[0].file.ends_with("libur.ics"), "{found:#?}");
        assert_eq!(found[0].line, Some(line), "{text}: {found:#?}");
        assert!(playlist.items.is_empty());
    }
    for text in [
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n",
        "BEGIN:VCALENDAR\nVERSION:2.0\n",
        "BEGIN:\n",
        "BEGIN:VEVENT\nEND:VEVENT\n",
    ] {
        let (_, found) = calendar("libur.ics", text.as_bytes());
        assert!(
            found.iter().any(|p| p.is_error() && p.file.ends_with("libur.ics") && p.line.is_some()),
            "{text}"
        );
    }
    let utc = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261224T160000Z\nEND:VEVENT\nEND:VCALENDAR\n";
    let (playlist, found) = calendar("libur.ics", utc.as_bytes());
    assert_eq!(
        (playlist.items.len(), found.len(), found[0].severity, found[0].line),
        (1, 1, Severity::Warning, Some(2))
    );
}

#[test]
fn a_calendar_of_many_long_events_is_asked_by_many_items() {
    let events: String = (0..300)
        .map(|n| {
            let (month, day) = (1 + n % 12, 1 + n % 28);
            event(&format!(
                "DTSTART;VALUE=DATE:2020{month:02}{day:02}\nDURATION:P{}D\nRRULE:FREQ=YEARLY;INTERVAL=9",
                1 + n % 3
            ))
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("libur.ics"), ics(&events)).unwrap();
    let mut list = "[calendar.libur]\nfile = \"libur.ics\"\n".to_owned();
    for number in 0..5_000 {
        list += &format!("[[item]]\ncard.title = \"{number}\"\nwhen.not_calendar = \"libur\"\n");
    }
    fs::write(folder.path().join("playlist.toml"), list).unwrap();
    let (playlist, found) = library::read(folder.path());
    assert_eq!(found, []);
    let holidays = &playlist.items[0].airing.when.not_calendars[0];
    for (day, shown) in [("2029-01-01", 0), ("2028-01-01", 5_000), ("2029-12-31", 5_000)] {
        let day: Date = day.parse().unwrap();
        assert_eq!(holidays.holds(day), shown == 0);
        for hour in 0..24 {
            let at = day.at(hour, 0, 0, 0);
            assert_eq!(Programme::at(&playlist, at, Data::ALL).items.len(), shown, "{at}");
        }
    }
}

#[test]
fn a_calendar_may_be_a_toml_file() {
    let text = b"title = \"Libur 2026\"\ndays = [2026-12-25, \"2026-03-20..2026-03-22\", { from = 2026-05-01, until = 2026-05-02 }]\n";
    let (playlist, found) = calendar("libur.toml", text);
    assert_eq!(found, []);
    let right = ["03-20", "03-21", "03-22", "05-01", "05-02", "12-25"];
    assert_eq!(days(&playlist.items[0].airing.when.calendars[0], 2026), right);
    let (_, found) = calendar("libur.toml", b"\nday = [2026-12-25]\ndays = [2026-12-26]\n");
    assert_eq!((found.len(), found[0].line, found[0].file.ends_with("libur.toml")), (1, Some(2), true));
    assert_eq!(calendar("libur.txt", b"").1.len(), 1);
}

#[test]
fn the_calendar_that_is_named_lies_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let dir: &Path = folder.path();
    fs::create_dir(dir.join("lobi")).unwrap();
    fs::write(dir.join("libur.ics"), ics(&event("DTSTART;VALUE=DATE:20261225"))).unwrap();
    std::os::unix::fs::symlink(dir.join("libur.ics"), dir.join("lobi/libur.ics")).unwrap();
    let list =
        "[[item]]\ncard.title = \"A\"\nwhen.calendar = \"libur\"\n[calendar.libur]\nfile = \"libur.ics\"\n";
    fs::write(dir.join("lobi/playlist.toml"), list).unwrap();
    let (playlist, found) = library::read(&dir.join("lobi"));
    assert!(playlist.items.is_empty() && found.len() == 1 && found[0].line == Some(5), "{found:#?}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn no_calendar_makes_it_panic(text in "(BEGIN:|END:|VCALENDAR|VEVENT|DTSTART|;VALUE=DATE|:2026|1225|T000000Z|RRULE:FREQ=|DAILY|[A-Z;=,0-9é:]|\r\n|\n| ){0,60}") {
        calendar("libur.ics", text.as_bytes());
    }
}
