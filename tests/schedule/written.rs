//! What people write about time becomes rules, or problems with file and line.
//! Invariant: each problem says what to write, in both languages.

use jiff::civil::Date;
use papan::{
    domain::{
        playlist::{Content, List, Off, Playlist, Transition},
        schedule::{Data, Programme},
    },
    problem::{Problem, Severity},
};

use super::read;

/// One card with this below it.
fn with(rest: &str) -> (Playlist, Vec<Problem>) {
    read(&format!("[[item]]\ncard.title = \"A\"\n{rest}"))
}

/// The one problem of one card with this below it: its line, and what both languages say.
#[track_caller]
fn one(rest: &str, line: usize, says: &str) -> Severity {
    let (playlist, found) = with(rest);
    assert_eq!(found.len(), 1, "{rest}: {found:#?}");
    assert_eq!(found[0].line, Some(line), "{found:#?}");
    assert!(found[0].id.contains(says) && found[0].en.contains(says), "{says} not in {found:#?}");
    assert_eq!(playlist.items.is_empty(), found[0].is_error(), "{found:#?}");
    found[0].severity
}

#[track_caller]
fn when(rest: &str, line: usize, says: &str) {
    assert_eq!(one(&format!("[item.when]\n{rest}"), line, says), Severity::Error);
}

#[test]
fn a_rule_with_a_mistake_is_told_and_not_followed() {
    when("days = [\"snein\"]", 4, "\"senin\"");
    when("days = [\"senin\", 3]", 4, "days = [\"senin\", \"selasa\"]");
    when("days = [\n\"senin\",\n\"tuseday\"]", 6, "\"tuesday\"");
    when("days = []", 4, "days = [\"senin\"");
    when("hours = [\"8-12\"]", 4, "\"08:00-12:00\"");
    when("hours = [\"13.30–16\"]", 4, "\"13:30-16:00\"");
    when("hours = [\"pagi\"]", 4, "\"08:00-12:00\"");
    when("hours = []", 4, "hours = [\"08:00-12:00\"]");
    when("hours = 8", 4, "hours = [\"08:00-12:00\"]");
    when("from = 2026-11-01T08:00:00", 4, "from = 2026-12-31");
    when("from = \"besok\"", 4, "from = 2026-12-31");
    when("from = \"2026-11-01 08:00\"", 4, "from = 2026-12-31");
    when("until = 20261231", 4, "until = 2026-12-31");
    when("from = 2026-11-02\nuntil = 2026-11-01", 5, "until = 2026-11-02");
    when("rrule = \"FREQ=WEEKLY;INTERVAL=4\"", 4, "from = 2026-11-02");
    when("from = 2026-11-02\nrrule = \"setiap senin\"", 5, "FREQ=MONTHLY;BYDAY=1MO");
    when("from = 2026-11-02\nrrule = \"FREQ=WEEKLY;INTERVAL=four\"", 5, "`INTERVAL=FOUR`");
    when("from = 2026-11-02\nrrule = \"FREQ=HOURLY\"", 5, "hours = [\"08:00-12:00\"]");
    when("from = 2026-11-02\nrrule = \"FREQ=DAILY;BYHOUR=8\"", 5, "hours = [\"08:00-12:00\"]");
    when("from = 2026-11-02\nrrule = \"FREQ=WEEKLY;BYDAY=2MO\"", 5, "`BYDAY=2MO`");
    when("from = 2026-11-02\nrrule = \"FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30\"", 5, "FREQ=WEEKLY");
    when("from = 2026-11-02\nrrule = \"FREQ=DAILY;UNTIL=20261001\"", 5, "until = 2026-11-02");
    when("daypart = \"pagi\"", 4, "[daypart.pagi]");
    when("calendar = []", 4, "calendar = \"libur\"");
    when("not_calendar = [\"libru\"]\n[calendar.libur]\ndays = [2026-12-25]", 4, "not_calendar = \"libur\"");
    when("daypart = 3", 4, "daypart = \"pagi\"");
}

#[test]
fn what_a_rule_names_is_checked() {
    for (text, line, says) in [
        ("[daypart.pagi]\ndays = [\"senin\"]", 3, "hours = [\"08:00-12:00\"]"),
        ("[daypart.pagi]\nhours = [\"8\"]", 4, "\"08:00-12:00\""),
        ("[daypart.pagi]\njam = [\"08:00-12:00\"]\nhours = [\"08:00-12:00\"]", 4, "hours"),
        ("[calendar.libur]", 3, "days = [2026-12-25"),
        ("[calendar.libur]\ndays = [\"2026-03-22..2026-03-20\"]", 4, "\"2026-03-20..2026-03-22\""),
        ("[calendar.libur]\ndays = [{ from = 2026-03-22, until = 2026-03-20 }]", 4, "until = 2026-03-22"),
        ("[calendar.libur]\ndays = [\"Natal\"]", 4, "2026-12-25"),
        ("[calendar.libur]\nfile = \"libur.ics\"", 4, "`libur.ics`"),
        ("[calendar.libur]\nfile = \"playlist.toml\"", 4, "libur-2026.ics"),
        ("[calendar.libur]\nfile = \"../libur.ics\"", 4, "`../libur.ics`"),
        ("[calendar]\nlibur = 3", 4, "[calendar.libur]"),
    ] {
        let (_, found) = with(text);
        assert!(!found.is_empty(), "{text}");
        let told = found.iter().any(|p| p.line == Some(line) && p.id.contains(says) && p.en.contains(says));
        assert!(told, "{text}: {says} in {line} not in {found:#?}");
    }
    // What is wrong with a calendar is said once, and not again by each item that names it.
    let (_, found) = with("when.calendar = \"libur\"\n[calendar.libur]\ndays = [\"Natal\"]");
    assert_eq!(found.len(), 1, "{found:#?}");
}

#[test]
fn how_items_share_the_loop_is_checked() {
    assert_eq!(one("priority = 101", 3, "-100"), Severity::Error);
    assert_eq!(one("priority = 1.5", 3, "priority = 10"), Severity::Error);
    assert_eq!(one("weight = 0", 3, "weight = 2"), Severity::Error);
    assert_eq!(one("weight = 21", 3, "weight = 2"), Severity::Error);
    assert_eq!(one("every = 0", 3, "every = 3"), Severity::Error);
    assert_eq!(one("every = \"3\"", 3, "every = 3"), Severity::Error);
    assert_eq!(one("transition = \"potong\"", 3, "\"cut\""), Severity::Error);
    assert_eq!(one("every = 3\nweight = 2", 4, "`every`"), Severity::Warning);
    let (playlist, found) = with("priority = -100\nweight = 20\ntransition = \"cut\"\n");
    assert_eq!(found, []);
    let item = &playlist.items[0];
    assert_eq!((item.airing.priority, item.airing.weight, item.airing.every), (-100, 20, None));
    assert_eq!(item.transition, Transition::Cut);
    let (playlist, _) =
        with("[[ticker]]\ntext = \"A\"\npriority = 3\nweight = 2\n[[ticker]]\ntext = \"B\"\nevery = 4\n");
    let told = playlist.ticker.iter().map(|m| (m.airing.priority, m.airing.weight, m.airing.every));
    assert_eq!(told.collect::<Vec<_>>(), [(3, 2, None), (0, 1, Some(4))]);
}

#[test]
fn an_address_is_one_that_can_be_read_from_afar() {
    let url = |url: &str| {
        let (playlist, found) = read(&format!("[[item]]\nqr = {{ title = \"A\", url = \"{url}\" }}\n"));
        let taken = playlist.items.into_iter().next().map(|i| match i.content {
            Content::Qr { url, .. } => url,
            other => panic!("{other:?}"),
        });
        (taken, found)
    };
    for good in [
        "https://a.go.id",
        "http://a.go.id/{ticket}",
        "HTTPS://A.GO.ID/?t={ticket}&u=1#x",
        "https://a.go.id/%20",
    ] {
        assert_eq!(url(good), (Some(good.to_owned()), vec![]), "{good}");
    }
    let long = format!("https://a.go.id/{}", "x".repeat(85));
    let longer = format!("https://a.go.id/{}/{{ticket}}", "x".repeat(70));
    for (wrong, says) in [
        ("a.go.id/antrean", "https://a.go.id/antrean"),
        ("ftp://a.go.id", "https://"),
        ("https://", "https://antrean"),
        ("javascript:alert(1)", "https://"),
        ("https://a.go.id/{nomor}", "{ticket}"),
        ("https://a.go.id/{ticket", "{ticket}"),
        ("https://a.go.id/ticket}", "{ticket}"),
        ("https://a.go.id/a b", "https://antrean"),
        ("https://a.go.id/é", "https://antrean"),
        (&long, "100"),
        (&longer, "100"),
        ("", "https://"),
    ] {
        let (taken, found) = url(wrong);
        assert!(taken.is_none() && found.len() == 1 && found[0].line == Some(2), "{wrong}: {found:#?}");
        assert!(found[0].id.contains(says) && found[0].en.contains(says), "{says} not in {found:#?}");
    }
}

#[test]
fn what_is_switched_off_is_known_by_name_and_not_looked_at() {
    let text = r#"
[[item]]
page = "pages/belum-ada.md"
enabled = false
[item.when]
calendar = "belum-ada"
[[item]]
survey = {}
[[item]]
card = { title = "Nanti" }
enabled = false
[[fallback]]
image = "images/x.png"
enabled = false
[[ticker]]
text = "Besok"
enabled = false
"#;
    let (playlist, found) = read(text);
    assert_eq!(found, []);
    let off = |name: &str, list, entry| Off { name: name.to_owned(), list, entry };
    assert_eq!(
        playlist.off,
        [
            off("pages/belum-ada.md", List::Item, 0),
            off("Nanti", List::Item, 2),
            off("images/x.png", List::Fallback, 0),
            off("Besok", List::Ticker, 0),
        ]
    );
    assert_eq!((playlist.items[0].entry, playlist.items[0].name.as_str()), (1, "survey"));
}

#[test]
fn rules_that_can_never_hold_are_warned_of() {
    for (rest, line) in [
        ("from = 2026-11-02\nuntil = 2026-11-03\ndays = [\"minggu\"]", 6),
        ("calendar = \"libur\"\ndays = [\"senin\"]\n[calendar.libur]\ndays = [2026-12-25]", 5),
        ("hours = [\"08:00-10:00\"]\ndaypart = \"sore\"\n[daypart.sore]\nhours = [\"14:00-16:00\"]", 4),
        ("from = 2026-11-02\nuntil = 2026-11-20\nrrule = \"FREQ=MONTHLY;BYMONTHDAY=1\"", 6),
    ] {
        assert_eq!(one(&format!("[item.when]\n{rest}"), line, ""), Severity::Warning);
    }
    for rest in [
        "from = 2026-11-02\nuntil = 2026-11-08\ndays = [\"minggu\"]",
        "calendar = \"libur\"\n[calendar.libur]\ndays = [\"2026-12-21..2026-12-25\"]",
        "hours = [\"08:00-10:00\"]\ndaypart = \"malam\"\n[daypart.malam]\nhours = [\"22:00-08:01\"]",
        "until = 2020-01-01",
    ] {
        assert_eq!(with(&format!("[item.when]\n{rest}")).1, [], "{rest}");
    }
}

#[test]
fn the_same_message_at_other_times_is_another_message() {
    let ticker = |days: &str| format!("[[ticker]]\ntext = \"Tutup pukul 16\"\nwhen.days = \"{days}\"\n");
    let (playlist, found) = with(&format!("{}{}", ticker("senin-kamis"), ticker("jumat")));
    assert_eq!((playlist.ticker.len(), found), (2, vec![]));
    let (playlist, found) = with(&format!("{}{}", ticker("jumat"), ticker("jumat")));
    assert_eq!((playlist.ticker.len(), found.len()), (1, 1));
}

#[test]
fn days_are_written_in_two_languages_and_from_one_to_another() {
    let (days, found) = with("when.days = [\"Senin-Rabu\", \"JUM'AT\", \"sun\"]\n");
    assert_eq!(found, []);
    let days: Vec<String> =
        days.items[0].airing.when.days.unwrap().iter().map(|d| format!("{d:?}")).collect();
    assert_eq!(days, ["Monday", "Tuesday", "Wednesday", "Friday", "Sunday"]);
    for name in ["ahad", "min", "minggu", "sunday", "Ahd", " sun "] {
        let (playlist, found) = with(&format!("when.days = \"{name}\"\n"));
        assert_eq!(found, [], "{name}");
        assert_eq!(playlist.items[0].airing.when.days.unwrap().iter().count(), 1);
    }
    let across = with("when.days = \"sat-mon\"\n").0.items[0].airing.when.days.unwrap();
    assert_eq!(across.iter().count(), 3);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn no_rule_makes_it_panic(text in "(FREQ=|DAILY|MONTHLY|YEARLY|WEEKLY|;|BYDAY=|BYSETPOS=|INTERVAL=|COUNT=|UNTIL=|[-+,0-9A-Zé ]){0,30}", hours in "[-–0-9:. ]{0,12}") {
        with(&format!("[item.when]\nfrom = 2026-11-02\nrrule = \"{text}\"\n"));
        with(&format!("[item.when]\nhours = \"{hours}\"\n"));
    }
}

#[test]
fn ten_thousand_items_with_rules_are_decided() {
    let mut text = String::new();
    for number in 0..10_000 {
        let day = 1 + number % 28;
        text.push_str(&format!(
            "[[item]]\ncard.title = \"{number}\"\n[item.when]\nfrom = 1990-01-{day:02}\nrrule = \"FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR,{}MO;COUNT=900\"\nhours = [\"08:00-12:00\"]\nnot_calendar = \"libur\"\n",
            1 + number % 4
        ));
    }
    text.push_str("[calendar.libur]\ndays = [2026-12-25]\n");
    let (playlist, found) = read(&text);
    assert_eq!((playlist.items.len(), found), (10_000, vec![]));
    let begin = std::time::Instant::now();
    let counts: Vec<usize> = (1..=31)
        .map(|day| Date::new(2026, 10, day).unwrap().at(9, 0, 0, 0))
        .map(|at| Programme::at(&playlist, at, Data::ALL).items.len())
        .collect();
    println!("10,000 items, a decision: {:?}", begin.elapsed() / 31);
    assert!(counts.iter().sum::<usize>() > 0);
}
