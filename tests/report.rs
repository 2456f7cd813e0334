//! The report of a play log: the table to the letter, the page to its sums, and logs in any state.
//! Invariant: what the log says is written here by hand or by chance, never by the report's own code.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

use std::{collections::BTreeMap, fs, path::Path};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use papan::{
    config::Config,
    report::{self, Error, Request, csv::HEADER},
    words::Language,
};
use proptest::prelude::*;
use serde_json::json;

fn config(language: Language, folder: &Path) -> Config {
    let mut config = Config::default();
    config.hall.language = language;
    config.hall.name = "MPP \"Kendari\" <&>".into();
    config.hall.timezone = TimeZone::get("Asia/Makassar").unwrap();
    config.log.folder = Some(folder.to_owned());
    config
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Makes a report; what it told, the table and the page.
fn report(config: &Config, from: &str, to: &str) -> Result<(String, String, String), Error> {
    let out = tempfile::tempdir().unwrap();
    let folder = Some(out.path().to_owned());
    let request = Request {
        from: Some(day(from)),
        to: Some(day(to)),
        log: None,
        out: folder,
        today: day("2026-11-22"),
    };
    let mut told = Vec::new();
    report::run(config, &request, &mut told)?;
    let read =
        |ending: &str| fs::read_to_string(out.path().join(format!("papan-{from}-{to}.{ending}"))).unwrap();
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 2, "nothing is left beside them");
    Ok((String::from_utf8(told).unwrap(), read("csv"), read("html")))
}

fn item(name: &str, start: &str, seconds: f64, cut: Option<&str>) -> String {
    let begin: Timestamp = start.parse().unwrap();
    let ms = (seconds * 1000.0) as i64;
    let end = Timestamp::from_millisecond(begin.as_millisecond() + ms).unwrap();
    json!({"kind": "item", "item": name, "content": "page", "due": start, "start": start, "end": end.to_string(),
        "shown_ms": ms, "complete": cut.is_none(), "cut": cut, "skipped": null})
    .to_string()
}

fn skipped(name: &str, due: &str) -> String {
    json!({"kind": "item", "item": name, "content": "image", "due": due, "start": null, "end": null,
        "shown_ms": null, "complete": false, "cut": null, "skipped": "it cannot be read"})
    .to_string()
}

fn call(event: &str, unspoken: Option<&str>) -> String {
    json!({"kind": "call", "ticket": "A-012", "counter": "3", "service": null, "attempt": 1, "priority": null,
        "called": null, "event": event, "pixel": null, "speech_start": null, "speech_end": null, "text": null,
        "form": null, "unspoken": unspoken, "unsaid": []})
    .to_string()
}

/// The sum of all time on the page, in milliseconds.
fn total_ms(html: &str) -> u64 {
    let foot = html.split("<tfoot>").nth(1).unwrap();
    foot.split("data-ms=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
}

/// The numbers of a table of the page.
fn numbers(part: &str) -> Vec<u64> {
    let cells =
        part.split("<td").skip(1).map(|cell| cell.split('>').nth(1).unwrap().split('<').next().unwrap());
    cells.filter_map(|cell| cell.replace(['.', ','], "").parse().ok()).collect()
}

#[test]
fn a_log_becomes_exactly_this_table() {
    let folder = tempfile::tempdir().unwrap();
    let lines = [
        item("pages/ktp-el.md", "2026-11-20T23:00:00Z", 15.0, None),
        item("pages/ktp-el.md", "2026-11-21T01:00:00Z", 7.25, Some("schedule")),
        item("Bayar \"PBB\", lunas", "2026-11-21T01:00:08Z", 15.0, None),
        skipped("images/alur.png", "2026-11-21T02:00:00Z"),
        // It begins before midnight in the hall, and ends after it.
        item("films/malam.mp4", "2026-11-21T15:59:50Z", 60.5, None),
        item("films/malam.mp4", "2026-11-21T16:00:50Z", 60.0, Some("failed")),
        item("films/malam.mp4", "2026-11-21T16:02:50Z", 1.0, Some("stopped")),
        item("films/malam.mp4", "2026-11-21T16:03:50Z", 1.0, Some("changed")),
        // Before and after.
        item("pages/ktp-el.md", "2026-11-20T15:59:59Z", 15.0, None),
        item("pages/ktp-el.md", "2026-11-22T16:00:00Z", 15.0, None),
    ];
    // In two files, of which the older one is read first.
    fs::write(folder.path().join("item-000009.jsonl"), lines[..3].join("\n") + "\n").unwrap();
    fs::write(folder.path().join("item-000010.jsonl"), lines[3..].join("\n")).unwrap();
    let (told, csv, html) =
        report(&config(Language::English, folder.path()), "2026-11-21", "2026-11-22").unwrap();
    let want = [
        HEADER,
        "2026-11-21,\"Bayar \"\"PBB\"\", lunas\",page,1,1,15.000,0,0,0,0,0",
        "2026-11-21,films/malam.mp4,page,1,1,60.500,0,0,0,0,0",
        "2026-11-21,images/alur.png,image,0,0,0.000,0,0,0,0,1",
        "2026-11-21,pages/ktp-el.md,page,2,1,22.250,1,0,0,0,0",
        "2026-11-22,films/malam.mp4,page,3,0,62.000,0,1,1,1,0",
        "",
    ];
    assert_eq!(csv, want.join("\r\n"));
    assert_eq!(total_ms(&html), 159_750);
    assert!(told.contains("2026-11-21 to 2026-11-22: 7 turns on the stage, 0 calls, from 2 files"), "{told}");
    assert!(!told.contains("could not"), "{told}");
}

#[test]
fn what_cannot_be_read_is_counted_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let good = item("a", "2026-11-21T01:00:00Z", 15.0, None);
    let mut bytes = format!(
        "{good}\n{}\n{}\n\n{}\n{}\n{{\"kind\":\"weather\",\"rain\":true}}\n",
        &good[..good.len() / 2],
        "\0\0\0\0",
        call("2026-11-21T01:00:00Z", None),
        call("2026-11-21T01:00:00Z", Some("backlog")),
    )
    .into_bytes();
    bytes.extend([0xff, 0xfe, b'\n']);
    bytes.extend("x".repeat(3 << 20).bytes());
    bytes.extend(format!("\n{good}\n{{\"kind\":\"item\"}}\n{good}").bytes());
    fs::write(folder.path().join("play-000001.jsonl"), bytes).unwrap();
    fs::create_dir(folder.path().join("item-000001.jsonl")).unwrap();
    fs::write(folder.path().join("notes.txt"), "not ours").unwrap();
    let (told, csv, html) =
        report(&config(Language::Indonesian, folder.path()), "2026-11-21", "2026-11-21").unwrap();
    assert!(told.contains("5 baris catatan tidak dapat dibaca"), "{told}");
    assert!(told.contains("1 baris catatan dari jenis"), "{told}");
    assert!(csv.ends_with("2026-11-21,a,page,3,3,45.000,0,0,0,0,0\r\n"), "{csv}");
    let calls = html.split("id=\"calls\"").nth(1).unwrap();
    assert_eq!(numbers(calls.split("</table>").next().unwrap()), [2, 1, 1]);
    assert!(html.contains("5 baris catatan tidak dapat dibaca"));
}

#[test]
fn a_name_is_text_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let name = "</td><script>alert('1')</script>\"&\u{7}é<img src=x>";
    let lines = [item(name, "2026-11-21T01:00:00Z", 15.0, None), skipped(name, "2026-11-21T01:00:00Z")];
    fs::write(folder.path().join("item-000001.jsonl"), lines.join("\n")).unwrap();
    for language in [Language::Indonesian, Language::English] {
        let (_, csv, html) = report(&config(language, folder.path()), "2026-11-01", "2026-11-30").unwrap();
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<&>"), "{html}");
        assert!(html.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp; é"));
        assert!(html.contains("MPP &quot;Kendari&quot; &lt;&amp;&gt;"));
        // It is one file: nothing is loaded from anywhere.
        let html = html.replace("http://www.w3.org/2000/svg", "");
        assert!(!html.contains("http:") && !html.contains("https:") && !html.contains("url("));
        assert!(csv.contains(&name.replace('"', "\"\"")), "{csv}");
    }
}

#[test]
fn without_a_log_it_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    for (language, words) in [
        (Language::Indonesian, "tidak ada catatan tayang di"),
        (Language::English, "there is no play log in"),
    ] {
        for place in [folder.path().to_owned(), folder.path().join("gone")] {
            let error =
                report(&config(language, &place), "2026-11-01", "2026-11-30").unwrap_err().to_string();
            assert!(error.contains(words) && error.contains("--log"), "{error}");
        }
    }
    let error = report(&config(Language::English, folder.path()), "2026-11-30", "2026-11-01").unwrap_err();
    assert!(error.to_string().contains("--from 2026-11-30 is after --to 2026-11-01"), "{error}");
}

#[test]
fn days_without_anything_are_an_empty_report() {
    let folder = tempfile::tempdir().unwrap();
    let line = item("a", "2026-11-21T01:00:00Z", 15.0, None);
    fs::write(folder.path().join("item-000001.jsonl"), line).unwrap();
    let (told, csv, html) =
        report(&config(Language::English, folder.path()), "2020-01-01", "9999-12-31").unwrap();
    assert!(told.contains("the play log holds 2026-11-21 to 2026-11-21"), "{told}");
    assert!(csv.lines().count() == 2 && html.contains("id=\"items\""));
    let (_, csv, html) =
        report(&config(Language::English, folder.path()), "2020-01-01", "2020-12-31").unwrap();
    assert!(csv == format!("{HEADER}\r\n") && html.contains("No item is recorded"));
}

#[test]
fn one_file_alone_where_its_name_says_so() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("item-000001.jsonl"), item("a", "2026-11-21T01:00:00Z", 1.0, None)).unwrap();
    let config = config(Language::English, folder.path());
    let out = tempfile::tempdir().unwrap();
    for (name, begins) in [("deep/b.csv", "date,item"), ("b.HTML", "<!DOCTYPE html>")] {
        let path = out.path().join(name);
        let request =
            Request { from: None, to: None, log: None, out: Some(path.clone()), today: day("2026-11-22") };
        report::run(&config, &request, &mut Vec::new()).unwrap();
        assert!(fs::read_to_string(path).unwrap().starts_with(begins));
    }
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 2);
}

/// A reader of CSV by RFC 4180, for names with anything in them.
fn rows(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = csv.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => field.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field).trim_end_matches('\r').to_owned());
                rows.push(std::mem::take(&mut row));
            }
            letter => field.push(letter),
        }
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    /// Of any log, the table's sums are the log's, by item and in all, and the page's are the table's.
    #[test]
    fn totals_are_kept(
        turns in prop::collection::vec(("[a-c,\"<&; é\\n]{1,6}", 0_i64..20_000_000, 0_u32..90_000, 0_usize..6), 0..60),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let begin: Timestamp = "2026-10-01T00:00:00Z".parse().unwrap();
        let mut want: BTreeMap<String, (u64, u64, u64)> = BTreeMap::new();
        let mut text = String::new();
        for (name, after, ms, cut) in &turns {
            let start = Timestamp::from_second(begin.as_second() + after).unwrap().to_string();
            let cuts = [None, Some("schedule"), Some("changed"), Some("failed"), Some("stopped")];
            let sum = want.entry(name.clone()).or_default();
            match cuts.get(*cut) {
                Some(cut) => {
                    text += &item(name, &start, f64::from(*ms) / 1000.0, *cut);
                    (sum.0, sum.1) = (sum.0 + 1, sum.1 + (f64::from(*ms) / 1000.0 * 1000.0) as u64);
                }
                None => {
                    text += &skipped(name, &start);
                    sum.2 += 1;
                }
            }
            text.push('\n');
        }
        fs::write(folder.path().join("item-000001.jsonl"), text).unwrap();
        let (_, csv, html) = report(&config(Language::English, folder.path()), "2026-01-01", "2027-12-31").unwrap();
        let mut got: BTreeMap<String, (u64, u64, u64)> = BTreeMap::new();
        for row in rows(&csv).into_iter().skip(1) {
            prop_assert_eq!(row.len(), 11);
            let number = |index: usize| row[index].replace('.', "").parse::<u64>().unwrap();
            let cuts: u64 = (6..10).map(number).sum();
            prop_assert_eq!(number(3), number(4) + cuts);
            let sum = got.entry(row[1].clone()).or_default();
            *sum = (sum.0 + number(3), sum.1 + number(5), sum.2 + number(10));
        }
        prop_assert_eq!(&got, &want);
        if !turns.is_empty() {
            prop_assert_eq!(total_ms(&html), want.values().map(|sum| sum.1).sum::<u64>());
        }
    }
}
