//! Files in every form that TOML has for a playlist, with comments everywhere, and what may be done to them.
//! Invariant: whatever is done, a comment is lost only with the entry that it stands above or in.

use super::*;

/// A file: each part is written in one of several ways.
fn file() -> impl Strategy<Value = String> {
    let entry = (0..4_usize, 0..6_usize, 0..4_usize, any::<[bool; 4]>());
    let entries = proptest::collection::vec((0..4_usize, entry), 0..9);
    (entries, any::<[bool; 4]>()).prop_map(|(entries, [crlf, bom, last, top])| {
        let mut n = 0;
        let mut text = String::new();
        if top {
            text += "# atas\nversion = 1 # v\n\n# tengah\n\n";
        }
        for (list, (kind, when, gap, [lead, tail, extra, beside])) in entries {
            n += 1;
            let name = ["item", "item", "fallback", "ticker"][list];
            if lead {
                text += &format!("# di atas {n}\n#  lagi {n}\n");
            }
            text += &format!("[[{name}]]{}\n", if beside { format!(" # kepala {n}") } else { String::new() });
            if extra {
                text += &format!("unknown-{n} = [1, 2] # asing {n}\n");
            }
            text += &match (list, kind) {
                (3, 0) => format!("text = '''\n# bukan catatan {n}'''\n"),
                (3, _) => format!("text = \"Pesan {n} # bukan catatan\"\n"),
                (_, 0) => format!("page = \"pages/{n}.md\"\n"),
                (_, 1) => format!("\tfilm = 'films/{n}.mp4' # film {n}\n"),
                (_, 2) => format!("card = {{ title = \"T{n}\", text = \"\"\"\n# bukan\n\"\"\" }}\n"),
                (..) => format!("image = \"images/{n}.png\"\n  duration = \"{n}s\"\n"),
            };
            text += &match when {
                0 => format!("[{name}.when]\ndays = [\"senin\", # hari {n}\n \"rabu\"]\n"),
                1 => format!("when.days = [\"senin\"] # titik {n}\nwhen.hours = [\"08:00-09:00\"]\n"),
                2 => "when = { from = 2026-11-01, hours = [\"08:00-09:00\"] }\n".to_owned(),
                3 => format!("# di atas when {n}\n[{name}.when] # when {n}\n"),
                4 if list < 2 => {
                    format!("[daypart.d{n}]\nhours = [\"08:00-09:00\"]\n[{name}.when]\ndaypart = \"d{n}\"\n")
                }
                _ => String::new(),
            };
            if tail {
                text += &format!("# di bawah {n}\n");
            }
            text += ["", "\n", "\n\n", "\n# sendiri\n\n"][gap];
        }
        if !last {
            text.truncate(text.trim_end().len());
        }
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        if bom { format!("\u{feff}{text}") } else { text }
    })
}

/// Something that is done.
#[derive(Debug, Clone)]
enum Deed {
    Set(List, usize, &'static str, Value),
    Remove(List, usize, &'static str),
    Insert(List, usize),
    Duplicate(List, Vec<usize>),
    Delete(List, Vec<usize>),
    Move(List, Vec<usize>, usize),
    Enable(List, Vec<usize>, bool),
    Daypart(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    let list = || prop_oneof![Just(List::Item), Just(List::Item), Just(List::Fallback), Just(List::Ticker)];
    let which = || proptest::collection::vec(0..8_usize, 0..4);
    let days = |days: &[&str]| Value::Texts(days.iter().map(|d| (*d).to_owned()).collect());
    let field = prop_oneof![
        Just(("note", Value::from("catatan"))),
        Just(("duration", Value::from("33s"))),
        Just(("priority", Value::Whole(5))),
        Just(("volume", Value::Number(0.5))),
        Just(("when.days", days(&["rabu"]))),
        Just(("when.days", days(&["senin", "selasa", "rabu"]))),
        Just(("when.days", days(&[]))),
        Just(("when.hours", days(&["10:00-11:00"]))),
        Just(("when.from", Value::Date(jiff::civil::date(2027, 1, 2)))),
        Just(("when.daypart", days(&["d1"]))),
    ];
    prop_oneof![
        4 => (list(), 0..8_usize, field.clone()).prop_map(|(l, i, (p, v))| Deed::Set(l, i, p, v)),
        2 => (list(), 0..8_usize, field).prop_map(|(l, i, (p, _))| Deed::Remove(l, i, p)),
        1 => (list(), 0..9_usize).prop_map(|(l, i)| Deed::Insert(l, i)),
        1 => (list(), which()).prop_map(|(l, w)| Deed::Duplicate(l, w)),
        1 => (list(), which()).prop_map(|(l, w)| Deed::Delete(l, w)),
        2 => (list(), which(), 0..9_usize).prop_map(|(l, w, t)| Deed::Move(l, w, t)),
        1 => (list(), which(), any::<bool>()).prop_map(|(l, w, e)| Deed::Enable(l, w, e)),
        1 => (0..3_usize).prop_map(Deed::Daypart),
    ]
}

fn key(list: List) -> &'static str {
    ["item", "fallback", "ticker"][list as usize]
}

fn entries_of(meaning: &toml::Table, list: List) -> Vec<toml::Value> {
    meaning.get(key(list)).and_then(|v| v.as_array()).cloned().unwrap_or_default()
}

fn as_toml(value: &Value) -> toml::Value {
    format!("v = {}", value.toml()).parse::<toml::Table>().unwrap()["v"].clone()
}

/// What the deed means, done to what the file means.
fn expected(meaning: &toml::Table, deed: &Deed) -> toml::Table {
    let mut meaning = meaning.clone();
    let mut with = |list: List, f: &dyn Fn(&mut Vec<toml::Value>)| {
        let mut entries = entries_of(&meaning, list);
        f(&mut entries);
        if entries.is_empty() {
            meaning.remove(key(list));
        } else {
            meaning.insert(key(list).into(), toml::Value::Array(entries));
        }
    };
    let there = |which: &[usize], count: usize| {
        let mut which: Vec<usize> = which.iter().copied().filter(|i| *i < count).collect();
        which.sort_unstable();
        which.dedup();
        which
    };
    match deed {
        Deed::Set(list, index, path, value) => with(*list, &|entries| {
            let Some(entry) = entries.get_mut(*index).and_then(|e| e.as_table_mut()) else { return };
            let (table, leaf) = match path.split_once('.') {
                Some((outer, leaf)) => {
                    let outer = entry.entry(outer).or_insert_with(|| toml::Value::Table(toml::Table::new()));
                    (outer.as_table_mut().unwrap(), leaf)
                }
                None => (entry, *path),
            };
            // One name without brackets says the same as a list of it.
            let alone = table.get(leaf).and_then(|v| v.as_str()).map(str::to_owned);
            let same = matches!((value, &alone), (Value::Texts(t), Some(_)) if t.len() == 1);
            table.insert(
                leaf.into(),
                match value {
                    Value::Texts(texts) if same => toml::Value::String(texts[0].clone()),
                    value => as_toml(value),
                },
            );
        }),
        Deed::Remove(list, index, path) => with(*list, &|entries| {
            let Some(entry) = entries.get_mut(*index).and_then(|e| e.as_table_mut()) else { return };
            match path.split_once('.') {
                Some((outer, leaf)) => {
                    if let Some(inner) = entry.get_mut(outer).and_then(|v| v.as_table_mut()) {
                        inner.remove(leaf);
                    }
                }
                None => {
                    entry.remove(*path);
                }
            }
        }),
        Deed::Insert(list, at) => with(*list, &|entries| {
            let new = "page = \"baru.md\"".parse::<toml::Table>().unwrap();
            entries.insert((*at).min(entries.len()), toml::Value::Table(new));
        }),
        Deed::Duplicate(list, which) => with(*list, &|entries| {
            for index in there(which, entries.len()).into_iter().rev() {
                entries.insert(index + 1, entries[index].clone());
            }
        }),
        Deed::Delete(list, which) => with(*list, &|entries| {
            for index in there(which, entries.len()).into_iter().rev() {
                entries.remove(index);
            }
        }),
        Deed::Move(list, which, to) => with(*list, &|entries| {
            let which = there(which, entries.len());
            let moving: Vec<_> = which.iter().map(|i| entries[*i].clone()).collect();
            let at = (0..(*to).min(entries.len())).filter(|i| !which.contains(i)).count();
            for index in which.into_iter().rev() {
                entries.remove(index);
            }
            entries.splice(at..at, moving);
        }),
        Deed::Enable(list, which, enabled) => with(*list, &|entries| {
            for index in there(which, entries.len()) {
                let entry = entries[index].as_table_mut().unwrap();
                let is = entry.get("enabled").and_then(|v| v.as_bool()).unwrap_or(true);
                if is != *enabled {
                    entry.insert("enabled".into(), toml::Value::Boolean(*enabled));
                }
            }
        }),
        Deed::Daypart(number) => {
            let groups = meaning.entry("daypart").or_insert_with(|| toml::Value::Table(toml::Table::new()));
            let name = groups.as_table_mut().unwrap().entry(format!("d{number}"));
            let part = name.or_insert_with(|| toml::Value::Table(toml::Table::new()));
            part.as_table_mut()
                .unwrap()
                .insert("hours".into(), as_toml(&Value::Texts(vec!["06:00-07:00".into()])));
        }
    }
    meaning
}

fn act(document: &mut Document, deed: &Deed) {
    match deed {
        Deed::Set(list, index, path, value) => {
            document.edit(Change::Field(*list, *index, path), |d| d.set(*list, *index, path, value));
        }
        Deed::Remove(list, index, path) => {
            document.edit(Change::Field(*list, *index, path), |d| d.remove(*list, *index, path));
        }
        Deed::Insert(list, at) => {
            document.insert(*list, *at, &NewItem::Page("baru.md".into()));
        }
        Deed::Duplicate(list, which) => {
            document.duplicate(*list, which);
        }
        Deed::Delete(list, which) => document.delete(*list, which),
        Deed::Move(list, which, to) => {
            document.move_to(*list, which, *to);
        }
        Deed::Enable(list, which, enabled) => document.set_enabled(*list, which, *enabled),
        Deed::Daypart(number) => {
            let hours = Value::Texts(vec!["06:00-07:00".into()]);
            let name = format!("d{number}");
            document.edit(Change::Named(name.clone()), |d| d.set_at(&["daypart", &name, "hours"], &hours));
        }
    }
}

/// A table without tables that hold nothing: whether the header of one stays is a matter of its comments.
fn bare(table: toml::Table) -> toml::Table {
    let one = |value: toml::Value| match value {
        toml::Value::Table(inner) => toml::Value::Table(bare(inner)),
        toml::Value::Array(all) => toml::Value::Array(
            all.into_iter()
                .map(|v| match v {
                    toml::Value::Table(inner) => toml::Value::Table(bare(inner)),
                    v => v,
                })
                .collect(),
        ),
        value => value,
    };
    let all = table.into_iter().map(|(key, value)| (key, one(value)));
    all.filter(|(_, value)| value.as_table().is_none_or(|t| !t.is_empty())).collect()
}

/// The comments of a text, each as often as it stands there.
fn comments(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("bukan"))
        .filter_map(|line| line.find('#').map(|at| line[at..].trim()))
        .collect();
    found.sort_unstable();
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn deeds_mean_what_they_say_and_are_undone(text in file(), deeds in proptest::collection::vec(deed(), 1..8)) {
        let mut case = Case::new(&text);
        prop_assert_eq!(case.document.broken(), None);
        let mut texts = vec![text.clone()];
        for deed in &deeds {
            let before = case.text();
            let meant = bare(expected(&meaning(&before), deed));
            case.document.settle();
            act(&mut case.document, deed);
            let after = case.text();
            prop_assert_eq!(bare(meaning(&after)), meant, "{:?}\n{}\n---\n{}", deed, before, after);
            let (old, new) = (comments(&before), comments(&after));
            match deed {
                Deed::Delete(..) | Deed::Duplicate(..) => {}
                // A comment inside of a list goes with what it stands beside.
                Deed::Set(_, _, "when.days", _) | Deed::Remove(_, _, "when.days") => {
                    let left = |all: &[&str]| all.iter().filter(|c| !c.contains("hari")).count();
                    prop_assert_eq!(left(&old), left(&new), "{:?}\n{}\n---\n{}", deed, before, after);
                }
                _ => prop_assert_eq!(old, new, "{:?}\n{}\n---\n{}", deed, before, after),
            }
            if after != before {
                prop_assert_eq!(after.starts_with('\u{feff}'), text.starts_with('\u{feff}'));
                if text.contains("\r\n") {
                    prop_assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
                }
                texts.push(after);
            }
        }
        let last = case.text();
        for text in texts.iter().rev().skip(1) {
            prop_assert!(case.document.undo());
            prop_assert_eq!(&case.text(), text);
        }
        prop_assert!(!case.document.undo());
        prop_assert!(!case.document.is_changed());
        while case.document.redo() {}
        prop_assert_eq!(case.text(), last);
    }

    #[test]
    fn a_field_changes_one_stretch_alone(text in file(), list in 0..3_usize, index in 0..6_usize, value in "[a-z]{1,6}s") {
        let list = [List::Item, List::Fallback, List::Ticker][list];
        let mut case = Case::new(&text);
        if case.document.entries(list).len() <= index {
            return Ok(());
        }
        prop_assert!(case.set(list, index, "duration", Value::Text(value)));
        let after = case.text();
        let head = text.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
        let tail = text.bytes().rev().zip(after.bytes().rev()).take_while(|(a, b)| a == b).count();
        // What was there before and is not now is at most the old value.
        prop_assert!(text.len().saturating_sub(head + tail) <= "99s".len(), "{}\n---\n{}", text, after);
    }
}

#[test]
fn the_shipped_playlists_are_edited_and_come_back() {
    for name in ["lobi", "videotron"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("playlists").join(name).join(PLAYLIST);
        let text = fs::read_to_string(path).unwrap();
        let mut case = Case::new(&text);
        let count = case.document.entries(List::Item).len();
        assert!(count > 4);
        let all: Vec<usize> = (0..count).collect();
        case.document.move_to(List::Item, &[count - 1], 0);
        case.document.move_to(List::Item, &[0], count);
        assert_eq!(case.text(), text);
        for index in 0..count {
            let card = NewItem::Card { title: "x".into(), text: "y".into() };
            case.document.insert(List::Item, index, &card);
            case.document.delete(List::Item, &[index]);
            assert_eq!(case.text(), text);
            case.document.duplicate(List::Item, &[index]);
            case.document.delete(List::Item, &[index + 1]);
            assert_eq!(case.text(), text);
        }
        case.document.set_enabled(List::Item, &all, false);
        assert_eq!(case.text().matches("enabled = false").count(), count);
        while case.document.undo() {}
        assert_eq!(case.text(), text);
        assert!(!case.document.is_changed());
    }
}
