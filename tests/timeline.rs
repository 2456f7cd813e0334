//! `papan timeline`: what it prints for people and for programs.
//! Invariant: each case is a playlist of its own, and a moment that is given.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

use std::fs;

use jiff::{Timestamp, tz::TimeZone};
use papan::{
    domain::playlist::Playlist,
    library,
    timeline::{self, Plan},
    words::Language,
};
use serde_json::Value;

const LIST: &str = r#"
title = "Lobi"
[[item]]
card.title = "Buka pagi"
duration = "20s"
weight = 2
[item.when]
days = ["senin-jumat"]
daypart = "pagi"
not_calendar = "libur"
[[item]]
card.title = "Pajak keliling"
every = 3
[item.when]
from = 2026-11-02
until = 2026-12-31
rrule = "FREQ=WEEKLY;INTERVAL=4"
hours = ["13:00-16:00"]
[[item]]
card.title = "Upacara"
priority = 10
[item.when]
hours = ["08:00-09:00"]
days = "senin"
[[item]]
card.title = "Lama"
enabled = false
[[item]]
card.title = "Sampai 2030"
[item.when]
from = 2030-01-01
[[fallback]]
card.title = "Selamat datang"
[[ticker]]
text = "Tanpa pungutan liar"
[ticker.when]
until = 2026-11-23
[daypart.pagi]
hours = ["08:00-12:00"]
[calendar.libur]
days = [2026-11-24]
"#;

fn playlist() -> Playlist {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("playlist.toml"), LIST).unwrap();
    let (playlist, problems) = library::read(folder.path());
    assert_eq!(problems, []);
    playlist
}

struct Asked {
    playlist: Playlist,
    zone: TimeZone,
    language: Language,
    date: &'static str,
    days: u32,
    hours: Option<&'static str>,
}

impl Asked {
    fn on(date: &'static str) -> Self {
        let zone = TimeZone::get("Asia/Makassar").unwrap();
        Self { playlist: playlist(), zone, language: Language::Indonesian, date, days: 1, hours: None }
    }

    fn plan(&self) -> Plan<'_> {
        Plan {
            playlist: &self.playlist,
            zone: &self.zone,
            language: self.language,
            now: "2026-11-23T00:00:00Z".parse::<Timestamp>().unwrap(),
            date: self.date.parse().ok(),
            days: self.days,
            hours: self.hours.map(|text| timeline::hours(text).unwrap()),
        }
    }

    fn table(&self) -> String {
        let mut out = Vec::new();
        self.plan().write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn why(&self, item: &str) -> String {
        let mut out = Vec::new();
        match self.plan().write_why(item, &mut out) {
            Ok(()) => String::from_utf8(out).unwrap(),
            Err(err) => format!("error: {err}"),
        }
    }

    fn json(&self) -> Value {
        let mut out = Vec::new();
        self.plan().write_json(&mut out).unwrap();
        serde_json::from_slice(&out).unwrap()
    }
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let at = rest.find(part).unwrap_or_else(|| panic!("{part:?} does not come next in:\n{text}"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn a_day_is_a_table_of_hours() {
    let monday = Asked::on("2026-11-23");
    has(
        &monday.table(),
        &[
            "Senin, 23 November 2026 (Asia/Makassar)\n",
            "  00.00–08.00\n",
            "cadangan",
            "Selamat datang",
            "teks berjalan: Tanpa pungutan liar",
            "  08.00–09.00\n",
            "  3  Upacara",
            "  09.00–12.00\n",
            "  1  Buka pagi  kartu",
            "20 dtk",
            "2 kali seputaran",
            "  12.00–24.00\n",
            "Selamat datang",
        ],
    );
    let turn = Asked { hours: Some("12..17"), ..Asked::on("2026-11-30") };
    let text = turn.table();
    has(
        &text,
        &[
            "  12.00–13.00\n",
            "  13.00–16.00\n",
            "  2  Pajak keliling",
            "15 dtk",
            "setiap 3 butir",
            "  16.00–17.00\n",
        ],
    );
    assert!(!text.contains("teks berjalan"), "{text}");
    let english = Asked { language: Language::English, ..Asked::on("2026-11-23") };
    has(
        &english.table(),
        &[
            "Monday, 23 November 2026",
            "00:00–08:00",
            "fallback",
            "running text:",
            "2 times a round",
            "12:00–24:00",
        ],
    );
    let night = Asked { hours: Some("22:00..02:00"), ..Asked::on("2026-11-23") };
    has(&night.table(), &["22.00–24.00", "00.00–02.00"]);
    let week = Asked { days: 7, ..Asked::on("2026-11-23") };
    assert_eq!(week.table().matches("(Asia/Makassar)").count(), 7);
}

#[test]
fn the_hall_card_stands_where_nothing_is() {
    let mut asked = Asked::on("2026-11-22");
    asked.playlist.fallback.clear();
    has(&asked.table(), &["00.00–24.00", "kartu dengan nama aula"]);
}

#[test]
fn hours_that_come_twice_are_told_apart() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let mut asked = Asked { zone, hours: Some("01:00..05:00"), ..Asked::on("2026-10-25") };
    asked.playlist.items[0].airing.when =
        papan::domain::schedule::When { hours: vec!["02:00-02:30".parse().unwrap()], ..Default::default() };
    has(&asked.table(), &["02.00 (+02:00)–02.30 (+02:00)", "02.00 (+01:00)–02.30 (+01:00)"]);
    asked.date = "2026-03-29";
    assert!(!asked.table().contains("02.00"), "{}", asked.table());
}

#[test]
fn why_an_item_is_not_on_air_is_said_in_sentences() {
    let monday = Asked::on("2026-11-23");
    has(
        &monday.why("1"),
        &[
            "Buka pagi (butir 1)",
            "00.00–08.00  tidak tampil: di luar jam tayang \"pagi\"",
            "08.00–09.00  tidak tampil: digantikan \"Upacara\", yang prioritasnya lebih tinggi (10)",
            "09.00–12.00  tampil",
        ],
    );
    let holiday = Asked::on("2026-11-24");
    has(
        &holiday.why("buka"),
        &["kalender \"libur\"", "Berikutnya tampil: Rabu, 25 November 2026 pukul 08.00"],
    );
    has(
        &Asked::on("2026-11-28").why("buka"),
        &["bukan pada hari Sabtu", "Berikutnya tampil: Senin, 30 November 2026 pukul 09.00"],
    );
    has(
        &monday.why("pajak"),
        &[
            "bukan gilirannya (rrule FREQ=WEEKLY;INTERVAL=4)",
            "Berikutnya tampil: Senin, 30 November 2026 pukul 13.00",
        ],
    );
    has(
        &Asked::on("2027-03-01").why("pajak"),
        &["sudah berakhir Kamis, 31 Desember 2026", "Tidak tampil juga"],
    );
    has(&monday.why("LAMA"), &["Lama (butir 4)", "dimatikan (enabled = false)"]);
    has(&monday.why("2030"), &["baru mulai Selasa, 1 Januari 2030", "Tidak tampil juga dalam 400 hari"]);
    has(
        &monday.why("Selamat"),
        &["(cadangan 1)", "08.00–12.00  tidak tampil: cadangan", "12.00–24.00  tampil"],
    );
    has(&monday.why("pungutan"), &["(teks berjalan 1)", "00.00–24.00  tampil"]);
    let english = Asked { language: Language::English, ..Asked::on("2026-11-24") };
    has(
        &english.why("1"),
        &["not on air: a day of the calendar \"libur\"", "Next on air: Wednesday, 25 November 2026 at 08:00"],
    );
}

#[test]
fn a_name_that_is_none_or_several_is_an_error_with_names() {
    let asked = Asked::on("2026-11-23");
    has(&asked.why("buke pagi"), &["error: ", "\"buke pagi\"", "1 (Buka pagi)"]);
    has(&asked.why("pa"), &["error: ", "beberapa butir", "1 (Buka pagi)", "2 (Pajak keliling)"]);
    has(&asked.why("99"), &["error: "]);
    has(&asked.why(""), &["error: "]);
    assert!(
        timeline::hours("8").is_err()
            && timeline::hours("8..25").is_err()
            && timeline::hours("a..b").is_err()
    );
    assert!(timeline::hours("8..16") == timeline::hours("08:00-16:00"));
}

#[test]
fn programs_get_json_of_the_schemas_shape() {
    let asked = Asked::on("2026-11-23");
    let json = asked.json();
    let stretches = json["stretches"].as_array().unwrap();
    let stage: Vec<&str> = stretches.iter().map(|s| s["stage"].as_str().unwrap()).collect();
    assert_eq!(stage, ["fallback", "loop", "loop", "fallback"]);
    assert_eq!(stretches[2]["from"], "2026-11-23T09:00:00+08:00");
    assert_eq!(stretches[2]["items"][0]["number"], 1);
    assert_eq!(stretches[2]["items"][0]["weight"], 2);
    assert_eq!(stretches[2]["ticker"][0], "Tanpa pungutan liar");
    let mut out = Vec::new();
    Asked::on("2026-11-24").plan().write_why_json("1", &mut out).unwrap();
    let why: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(why["next"], "2026-11-25T08:00:00+08:00");
    assert_eq!(why["answers"][0]["on_air"], false);
    assert_eq!(why["answers"][0]["reasons"][0]["code"], "in_calendar");
    for (schema, value) in timeline::schemas().into_iter().zip([json, why]) {
        // Each key that is printed is one of the schema's, and each of the schema's is printed.
        let known = schema.as_value()["properties"].as_object().unwrap().keys().collect::<Vec<_>>();
        assert_eq!(known, value.as_object().unwrap().keys().collect::<Vec<_>>());
    }
}
