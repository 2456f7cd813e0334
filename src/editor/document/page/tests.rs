//! A page's fields are changed in its Markdown and nothing else is.

use proptest::prelude::*;

use super::*;

const PAGE: &str = "---\nservice: DPM-PTSP\ncost: \"Gratis\"\nx: y\ntime: ± 30 menit\nvalid:\n---\n# Nomor Induk *Berusaha*\n\nPembuka **tebal**.\nBaris dua.\n\n## Yang disiapkan\n\n* NIK dan ponsel\n* NPWP\n  - bila ada\n\n* Akta\n\n## Langkah\n1. Buat akun di **oss.go.id**\n2. Isi data\n3. Unduh\n\nPerlu bantuan? Petugas mendampingi.\n\n## Biaya\n\n| Jenis | Biaya |\n|---|---|\n| A | B |\n<!-- catatan -->\n";

fn read(text: &str) -> PageFields {
    PageFields::read(text).unwrap()
}

#[test]
fn a_page_is_read_as_fields() {
    let fields = read(PAGE);
    assert_eq!(fields.facts, ["DPM-PTSP", "Gratis", "± 30 menit", ""]);
    assert_eq!(fields.title, "Nomor Induk *Berusaha*");
    assert_eq!(fields.lead, "Pembuka **tebal**.\nBaris dua.");
    let said: Vec<_> =
        fields.sections.iter().map(|s| (s.heading.as_str(), s.numbered, s.items.clone())).collect();
    assert_eq!(
        said[0],
        ("Yang disiapkan", false, vec!["NIK dan ponsel".into(), "NPWP".into(), "Akta".into()])
    );
    assert_eq!(
        said[1],
        ("Langkah", true, vec!["Buat akun di **oss.go.id**".into(), "Isi data".into(), "Unduh".into()])
    );
    assert_eq!(fields.sections[1].after, "Perlu bantuan? Petugas mendampingi.");
    assert!(fields.sections[2].items.is_empty() && fields.sections[2].before.starts_with("| Jenis"));
    assert_eq!(PageFields::read("---\ncost: x\n"), None);
}

#[test]
fn a_field_changes_its_own_place_alone() {
    for (field, value, from, to) in [
        (PageField::Fact(1), "Rp10.000", "\"Gratis\"", "\"Rp10.000\""),
        (PageField::Fact(3), "Senin", "valid:\n", "valid: Senin\n"),
        (PageField::Title, "NIB", "Nomor Induk *Berusaha*", "NIB"),
        (PageField::Lead, "Satu.\n\nDua.", "Pembuka **tebal**.\nBaris dua.", "Satu.\n\nDua."),
        (PageField::Heading(1), "Cara", "## Langkah", "## Cara"),
        (PageField::Item(0, 1), "NPWP lama", "* NPWP\n", "* NPWP lama\n"),
        (PageField::Item(1, 0), "Masuk", "Buat akun di **oss.go.id**", "Masuk"),
        (PageField::After(1), "Selesai.", "Perlu bantuan? Petugas mendampingi.", "Selesai."),
        (PageField::Item(0, 2), "", "* Akta\n", "* \n"),
        // What would be a list is written so that it is none.
        (PageField::Item(0, 2), "- garis", "* Akta\n", "* \\- garis\n"),
        (PageField::Before(1), "Dulu.", "## Langkah\n1.", "## Langkah\n\nDulu.\n\n1."),
        (PageField::After(0), "Lalu.", "* Akta\n\n## L", "* Akta\n\nLalu.\n\n## L"),
    ] {
        for form in [PAGE.to_owned(), PAGE.replace('\n', "\r\n"), format!("\u{feff}{PAGE}")] {
            let own =
                |text: &str| if form.contains('\r') { text.replace('\n', "\r\n") } else { text.to_owned() };
            let new = set(&form, field, value).unwrap();
            assert_eq!(new, form.replacen(&own(from), &own(to), 1), "{field:?}");
            let again = read(&new);
            assert!(
                again.get(field) == Some(value) || value == "- garis",
                "{field:?}: {:?}",
                again.get(field)
            );
            assert_eq!(set(&new, field, value).unwrap(), new, "{field:?}");
        }
    }
}

#[test]
fn fields_that_are_not_there_yet_find_their_place() {
    assert_eq!(set("# A\n", PageField::Fact(1), "Gratis").unwrap(), "---\ncost: Gratis\n---\n# A\n");
    assert_eq!(
        set("---\nvalid: x\n---\n# A\n", PageField::Fact(0), "D").unwrap(),
        "---\nservice: D\nvalid: x\n---\n# A\n"
    );
    assert_eq!(set("", PageField::Title, "A").unwrap(), "# A\n");
    assert_eq!(set("Teks\n", PageField::Title, "A").unwrap(), "# A\n\nTeks\n");
    assert_eq!(set("# A\n", PageField::Lead, "B").unwrap(), "# A\n\nB\n");
    assert_eq!(set("# A\n## B\n- c\n", PageField::Lead, "L").unwrap(), "# A\n\nL\n\n## B\n- c\n");
    assert_eq!(set("# \n", PageField::Title, "A").unwrap(), "# A\n");
    assert_eq!(set("# A\n## B\n", PageField::Fact(2), "").unwrap(), "# A\n## B\n");
}

#[test]
fn items_come_and_go_and_change_places() {
    let steps = "# A\n## Langkah\n1. a\n2. b\n3. c";
    assert_eq!(insert_item(steps, 0, 3, "d").unwrap(), format!("{steps}\n4. d"));
    assert_eq!(insert_item(steps, 0, 1, "x").unwrap(), "# A\n## Langkah\n1. a\n2. x\n3. b\n4. c");
    assert_eq!(remove_item(steps, 0, 0).unwrap(), "# A\n## Langkah\n1. b\n2. c");
    assert_eq!(remove_item(steps, 0, 2).unwrap(), "# A\n## Langkah\n1. a\n2. b");
    assert_eq!(swap_items(steps, 0, 0).unwrap(), "# A\n## Langkah\n1. b\n2. a\n3. c");
    assert_eq!(swap_items(steps, 0, 2), None);
    assert_eq!(insert_item(PAGE, 0, 9, "Baru").unwrap(), PAGE.replacen("* Akta\n", "* Akta\n* Baru\n", 1));
    assert_eq!(remove_item(PAGE, 0, 1).unwrap(), PAGE.replacen("* NPWP\n  - bila ada\n", "", 1));
    assert_eq!(insert_item("# A\n## Langkah\n", 0, 0, "a").unwrap(), "# A\n## Langkah\n\n1. a\n");
    assert_eq!(
        insert_item("# A\n## Bawa\nTeks\n\n## C\n", 0, 0, "a").unwrap(),
        "# A\n## Bawa\nTeks\n\n- a\n\n## C\n"
    );
    // What stands further right behind an empty item is not taken into the new one.
    let odd = "## B\n* \n\n  - dalam\n";
    let new = insert_item(odd, 0, 1, "Baru").unwrap();
    assert_eq!(new, "## B\n* \n*    Baru\n\n  - dalam\n");
    assert_eq!(remove_item(&new, 0, 1).unwrap(), odd);
    assert_eq!(add_section("# A\n", "Langkah", "a"), "# A\n\n## Langkah\n\n1. a\n");
    assert_eq!(remove_section(PAGE, 1).unwrap(), {
        let (a, b) = (PAGE.find("## Langkah").unwrap(), PAGE.find("## Biaya").unwrap());
        format!("{}{}", &PAGE[..a], &PAGE[b..])
    });
}

fn page() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("# Judul\n"),
        Just("## Bagian\n"),
        Just("## Langkah\n\n"),
        Just("### Kecil\n"),
        Just("- a\n"),
        Just("- b\n  c\n"),
        Just("- b\n\n  paragraf\n\n"),
        Just("* \n"),
        Just("1. satu\n2. dua\n"),
        Just("7) x\n"),
        Just("  - dalam\n"),
        Just("Teks **x**.\n"),
        Just("\n"),
        Just("> - kutip\n\n"),
        Just("```\n# bukan\n- bukan\n```\n"),
        Just("<!-- # x -->\n"),
        Just("| a |\n|---|\n| b |\n"),
        Just("Judul\n=====\n"),
        Just("- [x](y)\n"),
        Just("-\n"),
        Just("![g](../images/a.png)\n"),
    ];
    let front = prop_oneof![
        Just(""),
        Just("---\ncost: Gratis\n---\n"),
        Just("\n---\nservice: 'a'\ntime:\n\n---\n"),
        Just("---\n---\n")
    ];
    (front, proptest::collection::vec(part, 0..12), any::<[bool; 3]>()).prop_map(
        |(front, parts, [crlf, bom, end])| {
            let mut text = format!("{}{front}{}", if bom { "\u{feff}" } else { "" }, parts.concat());
            if end {
                text.truncate(text.trim_end().len());
            }
            if crlf { text.replace('\n', "\r\n") } else { text }
        },
    )
}

/// Every field that a page has.
fn all(fields: &PageFields) -> Vec<PageField> {
    let mut all = vec![
        PageField::Fact(0),
        PageField::Fact(1),
        PageField::Fact(2),
        PageField::Fact(3),
        PageField::Title,
        PageField::Lead,
    ];
    for (at, section) in fields.sections.iter().enumerate() {
        all.extend([PageField::Heading(at), PageField::Before(at)]);
        all.extend((!section.items.is_empty()).then_some(PageField::After(at)));
        all.extend((0..section.items.len()).map(|item| PageField::Item(at, item)));
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn one_field_is_changed_and_the_others_say_what_they_said(text in page(), which in 0..30_usize, value in "[A-Z][a-z]{0,5}( [a-z]{1,3})?") {
        let before = read(&text);
        let fields = all(&before);
        for field in &fields {
            // What is said already is not written again.
            prop_assert_eq!(set(&text, *field, before.get(*field).unwrap()).unwrap(), text.clone(), "{:?}", field);
        }
        let field = fields[which % fields.len()];
        let new = set(&text, field, &value).unwrap();
        let after = read(&new);
        // A second title is a section's heading, so that a page may have none before.
        let parts = after.sections.len() == before.sections.len();
        if parts {
            prop_assert_eq!(after.get(field), Some(value.as_str()), "{:?}\n{}\n---\n{}", field, text, new);
        }
        let lines = |text: &str| text.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let (old, now) = (lines(&text), lines(&new));
        let head = old.iter().zip(&now).take_while(|(a, b)| a == b).count();
        let tail = old.iter().rev().zip(now.iter().rev()).take_while(|(a, b)| a == b).count();
        let gone = old.len().saturating_sub(head + tail);
        let said = before.get(field).unwrap();
        let had = text.lines().filter(|line| said.contains(line.trim())).count();
        prop_assert!(gone <= (had + 1).max(2), "{:?}: {} lines\n{}\n---\n{}", field, gone, text, new);
    }

    #[test]
    fn items_are_put_in_and_taken_out_again(text in page(), section in 0..4_usize, at in 0..4_usize) {
        let before = read(&text);
        let Some(known) = before.sections.get(section) else { return Ok(()) };
        let (count, at) = (known.items.len(), at.min(known.items.len()));
        let new = insert_item(&text, section, at, "Baru").unwrap();
        let after = read(&new);
        if count > 0 {
            prop_assert_eq!(after.sections.len(), before.sections.len(), "{}\n---\n{}", text, new);
            prop_assert_eq!(&after.sections[section].items[at], "Baru", "{}\n---\n{}", text, new);
            prop_assert_eq!(after.sections[section].items.len(), count + 1, "{}\n---\n{}", text, new);
            let back = remove_item(&new, section, at).unwrap();
            // Where what follows would have become part of it, an empty line stays.
            let bare = |text: &str| text.lines().filter(|l| !l.trim().is_empty()).collect::<Vec<_>>().join("\n");
            prop_assert_eq!(bare(&back), bare(&text), "\n---\n{}", new);
            prop_assert!(back.len() <= text.len() + 2, "\n---\n{}", new);
        }
    }
}
