//! The schema of `playlist.toml` says what the reader says, and so do the examples that staff read.
//! Invariant: `PAPAN_RENEW=1` writes the schema's file anew; nothing else writes into the repository.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use papan::library::{read, schema::schema};
use proptest::{
    strategy::{Strategy, ValueTree},
    string::string_regex,
    test_runner::TestRunner,
};
use serde_json::Value;

#[path = "playlist_schema/fits.rs"]
mod fits;

use fits::{fits, toml_as_json};

fn playlists() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("playlists")
}

/// What the reader says, in English, of a `playlist.toml` in a folder that has all files it names.
fn said(text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("playlist.toml"), text).unwrap();
    let quoted = |line: &str| line.split('"').nth(1).map(str::to_owned);
    for line in text.lines() {
        let (key, name) = (line.split('=').next().unwrap_or_default().trim(), quoted(line));
        let Some(path) = name.map(|name| folder.path().join(name)) else { continue };
        let bytes: &[u8] = match key {
            "page" => b"# Judul\n",
            "film" => b"film",
            "file" if path.extension().is_some_and(|e| e == "ics") => {
                b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20261224\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            }
            "file" => b"days = [2026-12-24]\n",
            "image" => {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                image::GrayImage::new(4, 4).save(&path).unwrap();
                continue;
            }
            _ => continue,
        };
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    read(folder.path()).1.into_iter().map(|problem| problem.en).collect()
}

#[track_caller]
fn fit(text: &str) -> Result<(), String> {
    fits(&schema(), &schema(), &toml_as_json(text))
}

#[test]
fn the_file_is_the_schema() {
    let path = playlists().join("playlist.schema.json");
    let text = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("PAPAN_RENEW").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "PAPAN_RENEW=1 cargo test --test playlist_schema writes {} anew", path.display());
}

#[test]
fn its_keys_are_those_of_the_reader() {
    let page = "[[item]]\npage = \"a.md\"\n";
    let schema = schema();
    for (at, text) in [
        ("", format!("zzz = 1\n{page}")),
        ("/$defs/item", format!("{page}zzz = 1\n")),
        ("/$defs/item/properties/card", "[[item]]\ncard = { title = \"x\", zzz = 1 }\n".to_owned()),
        (
            "/$defs/item/properties/qr",
            "[[item]]\nqr = { title = \"x\", url = \"https://a.id\", zzz = 1 }\n".to_owned(),
        ),
        ("/$defs/item/properties/survey", "[[item]]\nsurvey = { zzz = 1 }\n".to_owned()),
        ("/$defs/item", format!("{page}[[fallback]]\npage = \"a.md\"\nzzz = 1\n")),
        ("/$defs/message", format!("{page}[[ticker]]\ntext = \"x\"\nzzz = 1\n")),
        ("/$defs/when", format!("{page}[item.when]\nzzz = 1\n")),
        ("/$defs/when", format!("{page}[[ticker]]\ntext = \"x\"\n[ticker.when]\nzzz = 1\n")),
        ("/$defs/daypart", format!("{page}[daypart.a]\nhours = [\"08:00-09:00\"]\nzzz = 1\n")),
        ("/$defs/calendar", format!("{page}[calendar.a]\ndays = [2026-01-01]\nzzz = 1\n")),
        (
            "/$defs/calendar/properties/days/anyOf/0/anyOf/2",
            format!("{page}[calendar.a]\ndays = {{ from = 2026-01-01, until = 2026-01-02, zzz = 1 }}\n"),
        ),
    ] {
        let said = said(&text);
        let known =
            said.iter().find_map(|s| s.split("known here: ").nth(1)).expect("it tells the known keys");
        let known: BTreeSet<&str> = known.trim_end_matches(')').split(", ").collect();
        let keys = schema.pointer(at).expect(at)["properties"].as_object().unwrap();
        assert_eq!(keys.keys().map(String::as_str).collect::<BTreeSet<_>>(), known, "{at}");
        assert!(fit(&text).is_err(), "{text}");
    }
}

#[test]
fn every_key_is_explained() {
    fn look(value: &Value, at: &str) {
        if let Some(keys) = value.get("properties").and_then(Value::as_object) {
            for (key, of) in keys {
                let told = of.get("description").or(of.get("$ref")).is_some();
                assert!(told, "{at}/{key} says nothing");
            }
        }
        match value {
            Value::Object(all) => all.iter().for_each(|(key, value)| look(value, &format!("{at}/{key}"))),
            Value::Array(all) => all.iter().for_each(|value| look(value, at)),
            _ => {}
        }
    }
    look(&schema(), "");
}

#[test]
fn what_ships_fits() {
    for name in ["lobi", "videotron"] {
        let text = fs::read_to_string(playlists().join(name).join("playlist.toml")).unwrap();
        fit(&text).unwrap();
        assert!(text.starts_with("#:schema ../playlist.schema.json\n"), "{name}: editors find the schema");
    }
}

/// The examples of a language in the documentation that staff read.
fn examples(language: &str) -> Vec<String> {
    let text = fs::read_to_string(playlists().join("README.md")).unwrap();
    let begins = format!("```{language}\n");
    let all = text.split(&begins).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
    all.collect()
}

#[test]
fn each_example_is_read_without_a_problem_and_fits() {
    let all = examples("toml");
    assert!(all.len() >= 10, "{}", all.len());
    let mut keys = BTreeSet::new();
    for example in all {
        let shows = example.contains("[[item]]");
        let text = if shows {
            example.clone()
        } else {
            format!("{example}\n[[item]]\ncard = {{ title = \"x\" }}\n")
        };
        assert_eq!(said(&text), Vec::<String>::new(), "{text}");
        fit(&text).unwrap_or_else(|wrong| panic!("{wrong} in {text}"));
        let key = |line: &str| line.split('=').next().map(|key| key.trim().to_owned());
        keys.extend(example.lines().filter_map(key));
    }
    // All of it is shown by an example.
    for at in ["/$defs/item", "/$defs/message", "/$defs/when"] {
        for key in schema().pointer(at).unwrap()["properties"].as_object().unwrap().keys() {
            assert!(key == "when" || keys.contains(key), "no example has {key}");
        }
    }
}

#[test]
fn each_rule_of_the_table_is_one() {
    let text = fs::read_to_string(playlists().join("README.md")).unwrap();
    let rules: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("| `FREQ=")?.split('`').next()).collect();
    assert!(rules.len() >= 6);
    for rule in rules {
        let when = format!("[item.when]\nfrom = 2026-11-02\nrrule = \"FREQ={rule}\"\n");
        assert_eq!(said(&format!("[[item]]\npage = \"a.md\"\n{when}")), Vec::<String>::new(), "{rule}");
    }
}

#[test]
fn each_page_of_the_examples_is_read_without_a_problem() {
    for page in examples("markdown") {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("playlist.toml"), "[[item]]\npage = \"a.md\"\n").unwrap();
        fs::write(folder.path().join("a.md"), page).unwrap();
        assert_eq!(read(folder.path()).1, []);
    }
}

#[test]
fn what_the_reader_refuses_does_not_fit() {
    let page = "[[item]]\npage = \"a.md\"\n";
    for wrong in [
        "version = 2".to_owned(),
        "[[item]]\nduration = \"20s\"".to_owned(),
        format!("{page}film = \"a.mp4\""),
        format!("{page}duration = 20"),
        format!("{page}duration = \"20 detik\""),
        format!("{page}fit = \"penuh\""),
        format!("{page}volume = 2"),
        format!("{page}enabled = \"ya\""),
        format!("{page}priority = 1.5"),
        format!("{page}weight = 0"),
        format!("{page}every = 101"),
        format!("{page}transition = \"slide\""),
        "[[item]]\nimage = \"images\\\\a.png\"".to_owned(),
        "[[item]]\ncard = { text = \"x\" }".to_owned(),
        "[[item]]\nqr = { title = \"x\", url = \"antrean.go.id\" }".to_owned(),
        format!("{page}[[ticker]]\nenabled = true"),
        format!("{page}[item.when]\nhours = \"8-12\""),
        format!("{page}[item.when]\nhours = []"),
        format!("{page}[item.when]\nfrom = \"besok\""),
        format!("{page}[item.when]\nrrule = \"FREQ=WEEKLY\""),
        format!("{page}[daypart.a]\ndays = [\"senin\"]"),
        format!("{page}[calendar.a]\n"),
        format!("{page}[calendar.a]\nfile = \"libur.xlsx\""),
        format!("{page}[calendar.a]\ndays = [\"natal\"]"),
    ] {
        assert!(!said(&wrong).is_empty(), "the reader takes {wrong}");
        assert!(fit(&wrong).is_err(), "the schema takes {wrong}");
    }
}

#[test]
fn whatever_its_patterns_allow_the_reader_takes() {
    let schema = schema();
    let mut runner = TestRunner::deterministic();
    for (at, text) in [
        ("/$defs/item/properties/duration/pattern", "page = \"a.md\"\nduration = \"@\"\n"),
        ("/$defs/hours/anyOf/0/pattern", "page = \"a.md\"\n[item.when]\nhours = \"@\"\n"),
    ] {
        let pattern = schema.pointer(at).expect(at).as_str().unwrap();
        let strings = string_regex(pattern.trim_start_matches('^').trim_end_matches('$')).unwrap();
        for _ in 0..300 {
            let one = strings.new_tree(&mut runner).unwrap().current();
            // A number that is too large is told by the reader: a pattern cannot count.
            let too_long =
                one.strip_suffix('s').and_then(|s| s.parse::<u32>().ok()).is_some_and(|s| s > 3600);
            let wrong = said(&format!("[[item]]\n{}", text.replace('@', &one)));
            assert!(too_long || wrong.is_empty(), "{one:?}: {wrong:?}");
        }
    }
}
