//! What the Debian package is made of: the config's template, the scripts, the lists of files, the version.
//! Invariant: every key that papan reads is explained in the template, and the template is taken without a problem.

#![allow(clippy::expect_used, reason = "a test may end at what it did not expect")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use papan::config::Reading;
use toml_edit::{DocumentMut, InlineTable, Item, Table, Value};

const TEMPLATE: &str = include_str!("../packaging/papan.toml");
/// A key that papan does not know: its problem names those that it knows.
const UNKNOWN: &str = "zzzz";

/// The template with all keys in it that it leaves out.
fn whole() -> String {
    TEMPLATE.lines().map(|line| key(line).unwrap_or(line).to_owned() + "\n").collect()
}

/// A key that is left out, or a table's name; `None` for words and all else.
fn key(line: &str) -> Option<&str> {
    line.strip_prefix('#').filter(|rest| rest.starts_with(|c: char| !c.is_whitespace()))
}

fn read(text: &str) -> Reading {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("papan.toml");
    fs::write(&path, text).expect("it is written");
    Reading::read(&path)
}

/// Where in a document a table stands: keys, and places in lists.
type Place = Vec<Step>;

#[derive(Debug, Clone)]
enum Step {
    Key(String),
    At(usize),
}

/// All tables of a document with their keys.
fn tables(item: &Item, place: &Place, found: &mut Vec<(Place, Vec<String>)>) {
    let at = |step: Step| place.iter().cloned().chain([step]).collect::<Place>();
    if let Some(table) = item.as_table_like() {
        found.push((place.clone(), table.iter().map(|(key, _)| key.to_owned()).collect()));
        for (key, item) in table.iter() {
            tables(item, &at(Step::Key(key.to_owned())), found);
        }
    }
    for (index, table) in item.as_array_of_tables().into_iter().flatten().enumerate() {
        tables(&Item::Table(table.clone()), &at(Step::At(index)), found);
    }
    for (index, value) in item.as_array().into_iter().flatten().enumerate() {
        tables(&Item::Value(value.clone()), &at(Step::At(index)), found);
    }
}

/// A document with an unknown key in one of its tables.
fn with_unknown(document: &DocumentMut, place: &Place) -> String {
    fn into(item: &mut Item, place: &[Step]) {
        let [step, rest @ ..] = place else {
            if let Some(table) = item.as_table_like_mut() {
                table.insert(UNKNOWN, toml_edit::value(true));
            }
            return;
        };
        match step {
            Step::Key(key) => into(&mut item[key.as_str()], rest),
            Step::At(index) if item.is_array_of_tables() => {
                let tables = item.as_array_of_tables_mut().expect("tables");
                let mut one = Item::Table(tables.get(*index).cloned().unwrap_or_else(Table::new));
                into(&mut one, rest);
                *tables.get_mut(*index).expect("it was found there") = one.into_table().expect("a table");
            }
            Step::At(index) => {
                let value =
                    item.as_array_mut().and_then(|list| list.get_mut(*index)).expect("it was found there");
                let mut one = Item::Value(std::mem::replace(value, Value::InlineTable(InlineTable::new())));
                into(&mut one, rest);
                *value = one.into_value().expect("a value");
            }
        }
    }
    let mut document = document.clone();
    into(document.as_item_mut(), place);
    document.to_string()
}

/// What the template's tables of one name hold, however many there are of them, and what papan knows there.
#[derive(Default)]
struct Keys {
    written: BTreeSet<String>,
    known: BTreeSet<String>,
}

fn keys_of(text: &str) -> BTreeMap<String, Keys> {
    let document: DocumentMut = text.parse().expect("the template is TOML");
    let mut found = Vec::new();
    tables(document.as_item(), &Vec::new(), &mut found);
    let mut all: BTreeMap<String, Keys> = BTreeMap::new();
    for (place, written) in found {
        let names: Vec<&str> = place
            .iter()
            .filter_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None })
            .collect();
        let keys = all.entry(names.join(".")).or_default();
        keys.written.extend(written);
        for problem in read(&with_unknown(&document, &place)).problems {
            let of_ours = problem.en.contains(UNKNOWN);
            let known = problem.en.split_once("(known here: ").filter(|_| of_ours);
            if let Some((_, known)) = known {
                keys.known.extend(known.trim_end_matches(')').split(", ").map(str::to_owned));
            }
        }
    }
    all
}

#[test]
fn every_key_that_papan_reads_is_in_the_template() {
    let all = keys_of(&whole());
    assert!(all[""].known.contains("queue"), "papan names what it knows: {:?}", all[""].known);
    assert!(all["screen.region"].known.contains("width"), "in tables within tables too");
    for (table, keys) in &all {
        let missing: Vec<_> = keys.known.difference(&keys.written).collect();
        assert!(missing.is_empty(), "packaging/papan.toml does not explain {missing:?} of [{table}]");
    }
    // A key that is taken out is missed.
    let without = whole().replace("\nduck = ", "\n# duck = ");
    let sound = &keys_of(&without)["sound"];
    assert!(sound.known.difference(&sound.written).eq(["duck"]));
}

#[test]
fn the_template_is_taken_without_a_problem_as_it_is_and_with_every_key() {
    for text in [TEMPLATE, &whole()] {
        let problems: Vec<String> = read(text).problems.iter().map(|p| p.en.clone()).collect();
        assert!(problems.is_empty(), "{problems:#?}");
    }
}

#[test]
fn as_it_ships_the_demo_hall_and_the_lobby_are_shown() {
    let config = read(TEMPLATE).config;
    assert_eq!(config.queue.url, None);
    assert_eq!(config.screens.len(), 1);
    assert_eq!(config.screens[0].playlist.as_deref(), Some(Path::new("/var/lib/papan/playlists/lobi")));
}

#[test]
fn every_key_is_explained_above_it() {
    let lines: Vec<&str> = TEMPLATE.lines().collect();
    let is_words = |line: &str| line.starts_with("# ");
    for (number, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty() && !is_words(line)) {
        // A table's keys follow its header, and several may follow one explanation.
        let above =
            lines[..number].iter().rev().take_while(|line| !line.is_empty()).any(|line| is_words(line));
        assert!(above || line.contains('[') || *line == "#", "line {}: {line}", number + 1);
    }
}
