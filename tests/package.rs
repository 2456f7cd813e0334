//! What the Debian package is made of: the config's template, the scripts, the lists of files, the version.
//! Invariant: every key that papan reads is explained in the template, and the template is taken without a problem.

#![allow(clippy::expect_used, reason = "a test may end at what it did not expect")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

#[path = "package/scripts.rs"]
mod scripts;

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

/// What the program says of its version.
fn told() -> String {
    let said = Command::new(env!("CARGO_BIN_EXE_papan")).arg("--version").output().expect("the program");
    String::from_utf8(said.stdout).expect("text").trim_end().to_owned()
}

#[test]
fn the_version_comes_with_its_date() {
    let (told, version) = (told(), env!("CARGO_PKG_VERSION"));
    assert_eq!(told, format!("papan {}", papan::VERSION));
    let date = told.strip_prefix(&format!("papan {version}")).expect("the version comes first");
    // Sources that are no clone and say nothing have none.
    let is_date = |text: &str| text.parse::<jiff::civil::Date>().is_ok();
    assert!(
        date.is_empty() || date.strip_prefix(" (").and_then(|d| d.strip_suffix(')')).is_some_and(is_date),
        "{told}"
    );
}

#[test]
fn the_date_is_that_of_the_sources() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("script");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("build.rs");
    let built = Command::new(rustc).args(["--edition", "2024", "-o"]).arg(&script).arg(source).status();
    assert!(built.expect("rustc").success());
    // In a folder that is no clone.
    let version = |epoch: Option<&str>| {
        let mut run = Command::new(&script);
        run.current_dir(folder.path()).env("OUT_DIR", folder.path()).env("CARGO_PKG_VERSION", "1.2.3");
        run.env_remove("SOURCE_DATE_EPOCH").envs(epoch.map(|epoch| ("SOURCE_DATE_EPOCH", epoch)));
        let said = String::from_utf8(run.output().expect("it runs").stdout).expect("text");
        let line = said.lines().find_map(|line| line.strip_prefix("cargo::rustc-env=PAPAN_VERSION="));
        line.expect("a version").to_owned()
    };
    assert_eq!(version(Some("0")), "1.2.3 (1970-01-01)");
    assert_eq!(version(Some("951782399")), "1.2.3 (2000-02-28)");
    assert_eq!(version(Some("951782400")), "1.2.3 (2000-02-29)");
    assert_eq!(version(Some("1795305600")), "1.2.3 (2026-11-22)");
    assert_eq!(version(Some("4107542400")), "1.2.3 (2100-03-01)");
    assert_eq!(version(None), "1.2.3");
    assert_eq!(version(Some("soon")), "1.2.3");
}

#[test]
fn man_pages_and_completions_are_made_for_every_subcommand() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Command::new(env!("CARGO_BIN_EXE_papan")).arg("generate").arg(folder.path()).status();
    assert!(made.expect("the program").success());
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap_or_default();
    let shown: Vec<String> = {
        use clap::CommandFactory;
        let all = papan::cli::Cli::command();
        all.get_subcommands().filter(|one| !one.is_hide_set()).map(|one| one.get_name().to_owned()).collect()
    };
    assert!(shown.len() > 5);
    let (all, bash) = (read("man/papan.1"), read("completions/papan.bash"));
    for name in &shown {
        let page = read(&format!("man/papan-{name}.1"));
        assert!(page.contains(".SH EXAMPLES") && page.contains(papan::VERSION), "{name}: {page}");
        assert!(all.contains(name.as_str()) && bash.contains(name.as_str()), "{name}");
    }
    assert!(!folder.path().join("man/papan-film.1").exists(), "what is hidden has no page");
    let config = read("man/papan.toml.5");
    for words in ["ticker_words_per_second", "viewing_distance_m", ".SH NAME"] {
        assert!(config.contains(words), "{words}");
    }
    assert!(
        read("completions/_papan").contains("#compdef papan")
            && read("completions/papan.fish").contains("papan")
    );
}

#[test]
fn every_file_of_the_package_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cargo: DocumentMut = include_str!("../Cargo.toml").parse().expect("TOML");
    let assets = cargo["package"]["metadata"]["deb"]["assets"].as_array().expect("a list");
    let listed: Vec<(&str, &str)> = assets
        .iter()
        .filter_map(|asset| Some((asset.as_array()?.get(0)?.as_str()?, asset.as_array()?.get(2)?.as_str()?)))
        .collect();
    // Only the patterns that stand there.
    let fits = |pattern: &str, path: &str| match pattern.split_once('*') {
        None => pattern == path,
        Some((begin, "[!h]")) => path.starts_with(begin) && !path.ends_with('h'),
        Some((begin, end)) => path.starts_with(begin) && path.ends_with(end),
    };
    for folder in ["packaging/systemd", "packaging/lib", "playlists/lobi/pages", "playlists/lobi/images"] {
        for entry in fs::read_dir(root.join(folder)).expect("a folder") {
            let path = format!("{folder}/{}", entry.expect("an entry").file_name().display());
            let modes: Vec<&str> =
                listed.iter().filter(|(p, _)| fits(p, &path)).map(|(_, mode)| *mode).collect();
            let runs = fs::read_to_string(root.join(&path)).is_ok_and(|text| text.starts_with("#!"));
            assert_eq!(modes, [if runs { "755" } else { "644" }], "{path}");
        }
    }
}
