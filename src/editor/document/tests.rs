//! The document changes what it is told to and nothing else, shown over files with comments everywhere.
//! Invariant: what a change means is read by another crate than the one that makes it.

use std::{fs, path::Path};

use proptest::prelude::*;

use super::*;

mod disk;
mod generated;

const COMMENTED: &str = r#"# Daftar putar lobi
version = 1   # versi berkas
title = 'Lobi "utama"'

# --- bagian pertama ---

# tentang ktp
[[item]]
page = "pages/ktp-el.md"   # halaman
duration = "20s"           # lama
[item.when]
# hari kerja
days = [
  "senin",   # mulai
  "selasa",
]
hours = ["08:00-12:00"]
# akhir butir ktp

# --- bagian kedua ---

[[item]]
card = { title = "A", text = "B" } # kartu
when.days = ["rabu"]   # titik
unknown = 3

# tentang film
[[item]]
film = "films/a.mp4"
when = { from = 2026-11-01, rrule = "FREQ=WEEKLY;INTERVAL=4" }

[[fallback]]
page = "pages/selamat.md"

[[ticker]]
text = "Satu"
# penutup berkas
"#;

/// A document over a text, in a folder of its own.
struct Case {
    _dir: tempfile::TempDir,
    document: Document,
}

impl Case {
    fn new(text: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(PLAYLIST), text).unwrap();
        let document = Document::open(dir.path()).unwrap();
        Self { _dir: dir, document }
    }

    fn text(&self) -> String {
        self.document.text(Path::new(PLAYLIST)).unwrap().to_string()
    }

    fn set(&mut self, list: List, index: usize, path: &'static str, value: Value) -> bool {
        self.document.edit(Change::Field(list, index, path), |draft| draft.set(list, index, path, &value))
    }

    fn remove(&mut self, list: List, index: usize, path: &'static str) -> bool {
        self.document.edit(Change::Field(list, index, path), |draft| draft.remove(list, index, path))
    }
}

/// What a text means.
fn meaning(text: &str) -> toml::Table {
    text.trim_start_matches('\u{feff}').parse().unwrap_or_else(|err| panic!("{err}\n{text}"))
}

#[test]
fn one_field_is_another_and_all_else_stays() {
    for (list, index, path, value, from, to) in [
        (List::Item, 0, "duration", Value::from("30s"), "\"20s\"  ", "\"30s\"  "),
        (List::Item, 0, "page", Value::from("pages/kia.md"), "pages/ktp-el.md", "pages/kia.md"),
        (
            List::Item,
            0,
            "when.days",
            Value::Texts(vec!["senin".into(), "kamis".into()]),
            "\"selasa\"",
            "\"kamis\"",
        ),
        (
            List::Item,
            0,
            "when.hours",
            Value::Texts(vec!["08:00-12:00".into(), "13:00-15:00".into()]),
            "[\"08:00-12:00\"]",
            "[\"08:00-12:00\", \"13:00-15:00\"]",
        ),
        (
            List::Item,
            0,
            "when.until",
            Value::Date(jiff::civil::date(2026, 12, 31)),
            "[\"08:00-12:00\"]\n",
            "[\"08:00-12:00\"]\nuntil = 2026-12-31\n",
        ),
        (List::Item, 0, "priority", Value::Whole(10), "# lama\n", "# lama\npriority = 10\n"),
        (List::Item, 1, "card.text", Value::from("C\nD"), "\"B\"", "\"C\\nD\""),
        (
            List::Item,
            1,
            "when.hours",
            Value::Texts(vec!["08:00-09:00".into()]),
            "# titik\n",
            "# titik\nwhen.hours = [\"08:00-09:00\"]\n",
        ),
        (List::Item, 2, "when.rrule", Value::from("FREQ=DAILY"), "FREQ=WEEKLY;INTERVAL=4", "FREQ=DAILY"),
        (
            List::Item,
            2,
            "when.days",
            Value::Texts(vec!["senin".into()]),
            "INTERVAL=4\" }",
            "INTERVAL=4\", days = [\"senin\"] }",
        ),
        (
            List::Fallback,
            0,
            "when.calendar",
            Value::Texts(vec!["libur".into()]),
            "selamat.md\"\n",
            "selamat.md\"\n[fallback.when]\ncalendar = [\"libur\"]\n",
        ),
        (List::Ticker, 0, "text", Value::from("Dua"), "\"Satu\"", "\"Dua\""),
    ] {
        for (crlf, bom) in [(false, false), (true, true)] {
            let form = |text: &str| if crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
            let bom = if bom { "\u{feff}" } else { "" };
            let before = format!("{bom}{}", form(COMMENTED));
            let mut case = Case::new(&before);
            assert!(case.set(list, index, path, value.clone()), "{path}");
            assert_eq!(case.text(), before.replacen(&form(from), &form(to), 1), "{path}");
            assert!(case.text() != before);
            // Said again, nothing is another.
            let after = case.text();
            assert!(case.set(list, index, path, value.clone()));
            assert_eq!(case.text(), after);
            assert!(case.document.undo());
            assert_eq!(case.text(), before);
        }
    }
}

#[test]
fn a_field_goes_away_and_its_comment_stays() {
    for (list, index, path, from, to) in [
        (List::Item, 0, "duration", "duration = \"20s\"           # lama", "# lama"),
        (List::Item, 0, "when.hours", "hours = [\"08:00-12:00\"]\n", ""),
        (List::Item, 1, "when.days", "when.days = [\"rabu\"]   # titik", "# titik"),
        (List::Item, 1, "card.text", ", text = \"B\"", ""),
        (List::Item, 2, "when.from", "from = 2026-11-01, ", ""),
        (List::Item, 2, "when.rrule", ", rrule = \"FREQ=WEEKLY;INTERVAL=4\"", ""),
        (List::Item, 2, "when", "when = { from = 2026-11-01, rrule = \"FREQ=WEEKLY;INTERVAL=4\" }\n", ""),
        (List::Item, 2, "note", "", ""),
    ] {
        let mut case = Case::new(COMMENTED);
        assert!(case.remove(list, index, path), "{path}");
        assert_eq!(case.text(), COMMENTED.replacen(from, to, 1), "{path}");
    }
    // The last key takes its table along, where nothing is said of it.
    let text = "[[item]]\npage = \"a.md\"\n[item.when]\nhours = [\"08:00-12:00\"]";
    let mut case = Case::new(text);
    assert!(case.remove(List::Item, 0, "when.hours"));
    assert_eq!(case.text(), "[[item]]\npage = \"a.md\"");
    let mut case =
        Case::new("[[item]]\npage = \"a.md\"\nwhen = { hours = [] }\n\n[[item]]\npage = \"b.md\"\n");
    assert!(case.remove(List::Item, 0, "when.hours"));
    assert_eq!(case.text(), "[[item]]\npage = \"a.md\"\n\n[[item]]\npage = \"b.md\"\n");
}

#[test]
fn entries_are_moved_with_the_comments_above_them() {
    let mut case = Case::new(COMMENTED);
    assert_eq!(case.document.move_to(List::Item, &[2], 0), [0]);
    let moved = case.text();
    let film = "# tentang film\n[[item]]\nfilm = \"films/a.mp4\"\nwhen = { from = 2026-11-01, rrule = \"FREQ=WEEKLY;INTERVAL=4\" }\n";
    let begin = moved.find("# --- bagian pertama ---\n\n").unwrap() + 26;
    assert_eq!(&moved[begin..begin + film.len()], film);
    assert!(
        moved.contains("# akhir butir ktp\n\n# --- bagian kedua ---\n\n# tentang ktp\n")
            || moved.contains("# --- bagian kedua ---\n\n# tentang ktp\n"),
        "{moved}"
    );
    assert!(moved.ends_with("[[ticker]]\ntext = \"Satu\"\n# penutup berkas\n"));
    assert_eq!(case.document.move_to(List::Item, &[0], 3), [2]);
    assert_eq!(case.text(), COMMENTED);
}

#[test]
fn entries_come_and_go_and_leave_the_rest() {
    let mut case = Case::new(COMMENTED);
    let card = NewItem::Card { title: "Judul".into(), text: String::new() };
    assert_eq!(case.document.insert(List::Item, 1, &card), 1);
    assert!(
        case.text()
            .contains("\n\n[[item]]\ncard = { title = \"Judul\" }\n\n[[item]]\ncard = { title = \"A\""),
        "{}",
        case.text()
    );
    assert_eq!(case.document.entries(List::Item)[1].kind, Kind::Card);
    case.document.delete(List::Item, &[1]);
    assert_eq!(case.text(), COMMENTED);
    case.document.insert(List::Ticker, 9, &NewItem::Message("Dua".into()));
    assert!(
        case.text()
            .ends_with("[[ticker]]\ntext = \"Satu\"\n# penutup berkas\n\n[[ticker]]\ntext = \"Dua\"\n"),
        "{}",
        case.text()
    );
    case.document.delete(List::Ticker, &[1]);
    assert_eq!(case.text(), COMMENTED);
    case.document.delete(List::Item, &[0, 1, 2]);
    assert!(!case.text().contains("[[item]]") && case.text().contains("# --- bagian kedua ---"));
    while case.document.undo() {}
    assert_eq!(case.text(), COMMENTED);
}

#[test]
fn a_list_in_brackets_is_edited_too() {
    let text = "item = [\n  # tentang a\n  { page = \"a.md\" }, # belakang a\n  { page = \"b.md\", when.days = [\"senin\"] }\n]\nticker = []\n";
    let mut case = Case::new(text);
    case.document.move_to(List::Item, &[1], 0);
    assert_eq!(
        case.text(),
        "item = [\n  { page = \"b.md\", when.days = [\"senin\"] },\n  # tentang a\n  { page = \"a.md\" } # belakang a\n]\nticker = []\n"
    );
    case.document.undo();
    case.document.insert(List::Item, 2, &NewItem::Film("c.mp4".into()));
    assert_eq!(case.text(), text.replace("[\"senin\"] }\n", "[\"senin\"] },\n  { film = \"c.mp4\" }\n"));
    case.document.delete(List::Item, &[1, 2]);
    assert_eq!(meaning(&case.text())["item"].as_array().unwrap().len(), 1);
    case.document.undo();
    case.document.undo();
    case.document.insert(List::Ticker, 0, &NewItem::Message("x".into()));
    assert!(case.text().contains("ticker = [{ text = \"x\" }]"), "{}", case.text());
    case.document.duplicate(List::Ticker, &[0]);
    assert!(case.text().contains("ticker = [{ text = \"x\" }, { text = \"x\" }]"), "{}", case.text());
    assert!(case.set(List::Item, 1, "when.hours", Value::Texts(vec!["08:00-09:00".into()])));
    assert!(
        case.text().contains("when.days = [\"senin\"], when.hours = [\"08:00-09:00\"] }"),
        "{}",
        case.text()
    );
    assert!(case.set(List::Item, 0, "when.days", Value::Texts(vec!["rabu".into()])));
    assert!(case.text().contains("{ page = \"a.md\", when = { days = [\"rabu\"] } }"), "{}", case.text());
}

#[test]
fn dayparts_and_titles_are_written_where_they_belong() {
    let mut case = Case::new(COMMENTED);
    let hours = Value::Texts(vec!["08:00-12:00".into()]);
    let all = |case: &mut Case, name: &str| {
        case.document
            .edit(Change::Named(name.into()), |draft| draft.set_at(&["daypart", name, "hours"], &hours))
    };
    assert!(all(&mut case, "pagi"));
    assert!(
        case.text().ends_with("# penutup berkas\n\n[daypart.pagi]\nhours = [\"08:00-12:00\"]\n"),
        "{}",
        case.text()
    );
    assert!(all(&mut case, "jam makan"));
    assert!(
        case.text().ends_with("\n\n[daypart.\"jam makan\"]\nhours = [\"08:00-12:00\"]\n"),
        "{}",
        case.text()
    );
    assert_eq!(
        case.document.dayparts().iter().map(|d| d.name.as_str()).collect::<Vec<_>>(),
        ["pagi", "jam makan"]
    );
    let title = |case: &mut Case| {
        case.document.edit(Change::Step("", ""), |draft| draft.set_at(&["title"], &"Baru".into()))
    };
    assert!(title(&mut case));
    // The quotes stay as they were.
    assert!(case.text().contains("title = 'Baru'\n"), "{}", case.text());
    let mut case = Case::new("\u{feff}[[item]]\r\npage = \"a.md\"\r\n");
    assert!(title(&mut case));
    assert_eq!(case.text(), "\u{feff}title = \"Baru\"\r\n\r\n[[item]]\r\npage = \"a.md\"\r\n");
    let mut case = Case::new("daypart.pagi.hours = [\"07:00-08:00\"]\n\n[[item]]\npage = \"a.md\"\n");
    assert!(all(&mut case, "sore"));
    assert_eq!(case.document.dayparts().len(), 2, "{}", case.text());
}

#[test]
fn what_stands_apart_is_brought_together_when_it_moves() {
    let text = "[[item]]\npage = \"a.md\"\n[daypart.pagi]\nhours = [\"08:00-12:00\"]\n[item.when]\ndaypart = \"pagi\"\n[[item]]\npage = \"b.md\"\n";
    let mut case = Case::new(text);
    case.document.move_to(List::Item, &[1], 0);
    let moved = meaning(&case.text());
    assert_eq!(moved["item"][1]["when"]["daypart"].as_str(), Some("pagi"));
    assert_eq!(moved["item"][0]["page"].as_str(), Some("b.md"));
}

#[test]
fn a_text_that_is_no_toml_is_shown_and_can_be_mended() {
    let mut case = Case::new("version = 1\n[[item]\npage = \"a\"\n");
    assert_eq!(case.document.broken(), Some(2));
    assert!(!case.set(List::Item, 0, "page", "b".into()));
    case.document.insert(List::Item, 0, &NewItem::Page("b".into()));
    assert!(!case.document.is_changed());
    let mended = "version = 1\n[[item]]\npage = \"a\"\n";
    case.document.edit(Change::Text(PLAYLIST.into()), |draft| draft.set_text(Path::new(PLAYLIST), mended));
    assert_eq!((case.document.broken(), case.document.entries(List::Item).len()), (None, 1));
}

#[test]
fn typing_is_one_step() {
    let mut case = Case::new(COMMENTED);
    for text in ["D", "Du", "Dua"] {
        case.set(List::Ticker, 0, "text", text.into());
    }
    case.document.settle();
    case.set(List::Ticker, 0, "text", "Tiga".into());
    assert!(case.document.undo());
    assert!(case.text().contains("\"Dua\""));
    assert!(case.document.undo());
    assert_eq!(case.text(), COMMENTED);
    assert!(!case.document.undo());
    assert!(case.document.redo() && case.document.redo() && !case.document.redo());
    assert!(case.text().contains("\"Tiga\""));
}

proptest! {
    #[test]
    fn any_text_of_a_field_is_read_as_it_was_written(text in any::<String>(), style in 0..3_usize) {
        let old = ["\"x\"", "'x'", "\"\"\"\nx\"\"\""][style];
        let mut case = Case::new(&format!("[[ticker]]\ntext = {old} # c\n"));
        prop_assert!(case.set(List::Ticker, 0, "text", Value::Text(text.clone())));
        let now = meaning(&case.text());
        // A text with the line ends of another system is one with ours.
        let read = now["ticker"][0]["text"].as_str().unwrap().replace("\r\n", "\n");
        prop_assert_eq!(read, text.replace("\r\n", "\n"));
        prop_assert!(case.text().ends_with(" # c\n"));
    }

    #[test]
    fn nothing_that_people_write_is_too_odd(text in "[\\[\\]a-z=\"'{},.#\n ]{0,80}") {
        let mut case = Case::new(&text);
        case.document.insert(List::Item, 0, &NewItem::Page("a".into()));
        case.set(List::Item, 0, "when.days", Value::Texts(vec!["senin".into()]));
        case.document.duplicate(List::Item, &[0]);
        case.document.move_to(List::Item, &[0], 2);
        case.document.delete(List::Item, &[0, 1]);
        while case.document.undo() {}
        prop_assert_eq!(case.text(), text);
    }
}
