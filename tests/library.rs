//! A playlist's folder: what is good is kept, what is wrong is told by file and line, and nothing leads out.
//! Invariant: each case writes its own folder, or reads one under `tests/data/playlists`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

#[path = "library/films.rs"]
mod films;

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use papan::{
    domain::playlist::{Block, Content, Fact, FactKind, Fit, ListItem, Page, Playlist, Span},
    library::{read, shipped},
    problem::{Problem, Severity},
};
use proptest::prelude::*;

fn mixed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/playlists/campur")
}

/// Reads a folder with this `playlist.toml` and the page `pages/a.md`.
fn folder(playlist: &[u8], page: &[u8]) -> (Playlist, Vec<Problem>) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("pages")).unwrap();
    fs::write(folder.path().join("playlist.toml"), playlist).unwrap();
    fs::write(folder.path().join("pages/a.md"), page).unwrap();
    read(folder.path())
}

const PAGE: &[u8] = b"# Judul\n";

/// The one problem that a `playlist.toml` has: its line, and what both languages tell to write.
#[track_caller]
fn one(playlist: &str, line: usize, write: &str) -> Severity {
    let (_, found) = folder(playlist.as_bytes(), PAGE);
    told(&found, "playlist.toml", line, write)
}

#[track_caller]
fn told(found: &[Problem], file: &str, line: usize, write: &str) -> Severity {
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].file.ends_with(file), "{found:#?}");
    assert_eq!(found[0].line, Some(line), "{found:#?}");
    assert!(found[0].id.contains(write) && found[0].en.contains(write), "{write} not in {found:#?}");
    found[0].severity
}

fn plain(text: &str) -> Vec<Span> {
    vec![Span { text: text.into(), bold: false }]
}

fn bold(text: &str) -> Vec<Span> {
    vec![Span { text: text.into(), bold: true }]
}

#[test]
fn what_is_good_is_kept() {
    let (playlist, problems) = read(&mixed());
    assert_eq!(playlist.title, "Campur");
    let kinds: Vec<&str> = playlist
        .items
        .iter()
        .map(|item| match &item.content {
            Content::Page(page) => page.title.as_str(),
            Content::Image { path, fit: Fit::Cover, .. } => path.file_name().unwrap().to_str().unwrap(),
            Content::Image { .. } => "contain",
            Content::Film(_) => "film",
            Content::Card { title, .. } | Content::Qr { title, .. } | Content::Survey { title } => title,
        })
        .collect();
    let good = "KTP elektronik hilang";
    assert_eq!(kinds, [good, "a.png", "b.png", "Hari ini giliran PBB", "Pantau", good]);
    assert_eq!(playlist.items[0].duration, Some(Duration::from_secs(90)));
    assert_eq!(playlist.items[3].duration, None);
    assert_eq!(playlist.fallback.len(), 1);
    assert_eq!(playlist.ticker.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["Satu"]);

    let told: Vec<_> = problems
        .iter()
        .map(|p| (p.file.file_name().unwrap().to_str().unwrap(), p.line.unwrap(), p.severity))
        .collect();
    let (error, warning) = (Severity::Error, Severity::Warning);
    let (list, page) = ("playlist.toml", "salah.md");
    assert_eq!(
        told,
        [
            (list, 9, error),
            (page, 2, error),
            (page, 4, error),
            (page, 5, error),
            (page, 7, warning),
            (page, 9, error),
            (page, 7, error),
            (list, 19, error),
            (list, 34, error),
            (list, 48, warning),
            (list, 51, error),
            (list, 50, error),
        ],
        "{problems:#?}"
    );
    let say = |at: usize, text: &str| {
        let problem = &problems[at];
        assert!(problem.id.contains(text) && problem.en.contains(text), "{text} not in {problem:#?}");
    };
    say(1, "`cost`");
    say(3, "cost: Gratis");
    say(5, "`images/alur.png`");
    say(6, "# ");
    say(7, "PNG, JPEG");
    say(8, "`duration`");
    say(11, "text = ");
}

#[test]
fn a_page_becomes_blocks() {
    let (playlist, _) = read(&mixed());
    let Content::Page(page) = &playlist.items[0].content else { panic!("{playlist:?}") };
    let Page { service, facts, lead, sections, .. } = &**page;
    assert_eq!(service, "Dukcapil");
    let fact = |kind, text: &str| Fact { kind, text: text.into() };
    assert_eq!(facts, &[fact(FactKind::Cost, "Gratis"), fact(FactKind::Valid, "Senin–Minggu")]);
    let paragraph = [plain("Bawa "), bold("KTP"), plain(" lama ke loket.\nDatang pagi.")].concat();
    assert_eq!(lead, &[Block::Paragraph(paragraph)]);
    let item = |depth, text: &str| ListItem { depth, spans: plain(text) };
    let bullets = vec![item(0, "Surat"), item(1, "Asli"), item(1, "Salinan"), item(0, "Fotokopi KK")];
    assert_eq!(
        (sections[0].heading.as_str(), &sections[0].blocks[..]),
        ("Yang dibawa", &[Block::Bullets(bullets)][..])
    );
    let steps = vec![item(0, "Tiga"), item(0, "Empat"), item(1, "1. Kecil")];
    let rows = vec![
        vec![plain("Jenis"), plain("Biaya")],
        vec![bold("Biasa"), plain("Rp1")],
        vec![plain("Lain"), vec![]],
    ];
    assert_eq!(
        sections[1].blocks,
        [
            Block::Numbers { start: 3, items: steps },
            Block::Heading(plain("Biaya")),
            Block::Table(rows),
            Block::Picture(mixed().join("images/album/b.png")),
        ]
    );
}

#[test]
fn an_item_is_checked() {
    let item = |rest: &str| format!("version = 1\n[[item]]\n{rest}\n");
    one(&item(""), 2, "page = \"pages/ktp-el.md\"");
    one(&item("pgae = \"pages/a.md\""), 3, "`page`");
    one(&item("page = \"pages/a.md\"\ncard = { title = \"x\" }"), 4, "[[item]]");
    one(&item("page = \"pages/a.md\"\nduration = 20"), 4, "duration = \"20s\"");
    one(&item("page = \"pages/a.md\"\nduration = \"20 detik\""), 4, "\"1m30s\"");
    one(&item("page = \"pages/a.md\"\nduration = \"0s\""), 4, "\"20s\"");
    one(&item("page = \"pages/a.md\"\nenabled = \"tidak\""), 4, "enabled = true");
    one(&item("page = 3"), 3, "page = \"pages/ktp-el.md\"");
    one(&item("image = \"pages/a.md\""), 3, "PNG, JPEG");
    one(&item("image = \"pages\""), 3, "PNG, JPEG");
    let (_, found) = folder(item("image = \"pages/a.md\"\nfit = \"penuh\"").as_bytes(), PAGE);
    told(&found[..1], "playlist.toml", 4, "fit = \"contain\"");
    one(&item("card = { text = \"x\" }"), 3, "title = \"Hari ini giliran PBB\"");
    one(&item("card = { title = \"x\", txt = \"x\" }"), 3, "`text`");
    one(&item("page = \"pages/A.md\""), 3, "`a.md`");
    one("[item]\npage = \"pages/a.md\"", 1, "[[item]]");
    one("version = 2\n[[item]]\npage = \"pages/a.md\"", 1, "version = 1");
    one("[[item]]\npage = \"pages/a.md\"\n[[ticker]]\ntext = \"\"", 4, "text = \"");
    for (key, value) in [("fit", "\"cover\""), ("volume", "0.5")] {
        let severity = one(&item(&format!("page = \"pages/a.md\"\n{key} = {value}")), 4, key);
        assert_eq!(severity, Severity::Warning);
    }
    assert_eq!(one("version = 1", 1, "[[item]]"), Severity::Error);
    let (_, found) = folder(item("page = \"pages/a.md\"\n[item.when]\ndya = 1").as_bytes(), PAGE);
    told(&found[..1], "playlist.toml", 5, "`days`");
}

#[test]
fn nothing_leads_out_of_the_folder() {
    let outer = tempfile::tempdir().unwrap();
    fs::write(outer.path().join("luar.md"), PAGE).unwrap();
    let dir = outer.path().join("lobi");
    fs::create_dir(&dir).unwrap();
    symlink(outer.path().join("luar.md"), dir.join("tautan.md")).unwrap();
    symlink(dir.join("lingkar.md"), dir.join("lingkar.md")).unwrap();
    for path in
        ["../luar.md", "tautan.md", "lingkar.md", "/etc/passwd", "a\\\\b.md", "https://a.go.id/x.md", ""]
    {
        fs::write(dir.join("playlist.toml"), format!("[[item]]\npage = \"{path}\"\n")).unwrap();
        let (playlist, problems) = read(&dir);
        assert!(playlist.items.is_empty(), "{path}");
        assert_eq!(
            (problems.len(), problems[0].line, problems[0].is_error()),
            (1, Some(2), true),
            "{problems:?}"
        );
    }
    // A link to the whole folder is how a new playlist is put in place at once.
    fs::write(dir.join("playlist.toml"), "[[item]]\npage = \"a.md\"\n").unwrap();
    fs::write(dir.join("a.md"), PAGE).unwrap();
    symlink(&dir, outer.path().join("kini")).unwrap();
    let (playlist, problems) = read(&outer.path().join("kini"));
    assert_eq!((playlist.items.len(), problems), (1, vec![]));
}

#[test]
fn a_page_is_checked() {
    let page = |text: &[u8]| folder(b"[[item]]\npage = \"pages/a.md\"\n", text);
    let one = |text: &[u8], line, write| told(&page(text).1, "pages/a.md", line, write);
    one(b"Tanpa judul", 1, "# ");
    one(b"---\ncost: Gratis\n# Judul\n", 1, "---");
    one(b"---\nhraga: Gratis\n---\n# Judul\n", 2, "`");
    one(b"---\nwaktu: 1 jam\n---\n# Judul\n", 2, "`time`");
    one(b"# Judul\n\nbaris \xff\n", 3, "UTF-8");
    assert_eq!(one(b"# Judul\n# Lagi\n", 2, "## "), Severity::Warning);
    assert_eq!(one(b"# Judul\n\n<div>x</div>\n", 3, "**"), Severity::Warning);
    assert_eq!(page(b"# Judul\n\n<!-- catatan -->\n").1, []);
    one(b"# Judul\n\n![x](https://a.go.id/x.png)\n", 3, "images/alur.png");
    let (playlist, problems) = page(&[b"# Judul\n".as_slice(), &vec![b'x'; 256 << 10]].concat());
    assert!(playlist.items.is_empty() && problems[0].en.contains("256 KiB"), "{problems:?}");
}

/// The two ends of a PNG of `width` × `height` pixels of colour: all that is looked at.
fn png(width: u32, height: u32) -> Vec<u8> {
    png_of(width, height, 2)
}

/// The same of a kind of pixels: 2 is colour, 0 is grey.
fn png_of(width: u32, height: u32, kind: u8) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, kind, 0, 0, 0]);
    let mut crc = !0_u32;
    for byte in &header {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    let begin = [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13];
    let end = b"\0\0\0\0\0\0\0\0IEND\xae\x42\x60\x82";
    [&begin[..], &header, &(!crc).to_be_bytes(), &[0, 0, 0, 1], b"IDAT\0", end].concat()
}

#[test]
fn a_huge_picture_is_told_with_its_size() {
    let size = |width, height| folder(b"[[item]]\nimage = \"pages/a.md\"\n", &png(width, height));
    for (width, height) in [(1, 1), (16_384, 5_000)] {
        let (playlist, problems) = size(width, height);
        assert_eq!((playlist.items.len(), problems), (1, vec![]));
    }
    // Greys take a third in the file, and as much as colours once they are drawn.
    let (playlist, problems) = folder(b"[[item]]\nimage = \"pages/a.md\"\n", &png_of(16_384, 12_207, 0));
    assert!(playlist.items.is_empty());
    told(&problems, "playlist.toml", 2, "16384×12207");
    for (width, height) in [(16_385, 1), (1, 65_536), (10_000, 10_000)] {
        let (playlist, problems) = size(width, height);
        assert!(playlist.items.is_empty());
        told(&problems, "playlist.toml", 2, &format!("{width}×{height}"));
    }
}

#[test]
fn a_picture_that_is_still_copied_is_told() {
    let whole = png(4, 4);
    for length in [12, 20, 40, whole.len() - 12] {
        let (playlist, problems) = folder(b"[[item]]\nimage = \"pages/a.md\"\n", &whole[..length]);
        assert!(playlist.items.is_empty(), "{length}");
        told(&problems, "playlist.toml", 2, "");
    }
}

#[test]
fn what_is_read_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    // Thousands of items share what they show.
    write("besar.md", &format!("# besar\n\n{}", "a ".repeat(100_000)));
    write("playlist.toml", &"[[item]]\npage = \"besar.md\"\n".repeat(9_000));
    let (playlist, problems) = read(folder.path());
    assert_eq!((playlist.items.len(), problems), (9_000, vec![]));
    let pages = playlist.items.iter().map(|item| match &item.content {
        Content::Page(page) => Arc::as_ptr(page),
        other => panic!("{other:?}"),
    });
    assert_eq!(pages.collect::<BTreeSet<_>>().len(), 1);
    // All pages together have a bound.
    let names: Vec<String> = (0..160).map(|number| format!("{number}.md")).collect();
    names.iter().for_each(|name| write(name, &format!("# x\n\n{}", "a".repeat(220_000))));
    write(
        "playlist.toml",
        &names.iter().map(|name| format!("[[item]]\npage = \"{name}\"\n")).collect::<String>(),
    );
    let (playlist, problems) = read(folder.path());
    assert!(playlist.items.len() < 160 && problems.iter().all(|p| p.en.contains("32 MiB")), "{problems:?}");
    // A folder of files that are no pictures, again and again.
    fs::create_dir(folder.path().join("album")).unwrap();
    (0..700).for_each(|number| write(&format!("album/{number}.png"), "x"));
    write("playlist.toml", &"[[item]]\nimage = \"album\"\n".repeat(40_000));
    let (playlist, problems) = read(folder.path());
    assert!(playlist.items.is_empty() && problems.len() < 1000, "{}", problems.len());
}

#[test]
fn a_folder_without_a_playlist_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (playlist, problems) = read(folder.path());
    assert_eq!(playlist, Playlist::default());
    assert!(problems[0].file.ends_with("playlist.toml") && problems[0].is_error());
    assert!(read(&folder.path().join("tidak-ada")).1[0].is_error());
    let (playlist, problems) = self::folder(b"[[item]\npage = 1", PAGE);
    assert_eq!(playlist, Playlist::default());
    assert_eq!(problems[0].line, Some(1));
}

#[test]
fn what_ships_is_without_a_problem() {
    for (name, items) in [("lobi", 7), ("videotron", 4)] {
        let dir = shipped(name).unwrap();
        let (playlist, problems) = read(&dir);
        assert_eq!(problems, [], "{name}");
        let pages = playlist.items.iter().filter(|i| matches!(i.content, Content::Page(_))).count();
        assert!(pages >= items && !playlist.fallback.is_empty(), "{name}");
        assert_eq!(playlist.ticker[0].text, "Jam layanan 08.00–16.00 WITA, tujuh hari seminggu");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_panic(
        list in prop::collection::vec(any::<u8>(), 0..200),
        page in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        folder(&list, &page);
        folder(b"[[item]]\npage = \"pages/a.md\"\n[[item]]\nimage = \"pages/a.md\"\n", &page);
    }

    #[test]
    fn no_captions_make_it_panic(captions in prop::collection::vec(any::<u8>(), 0..200)) {
        films::said(&[("f.srt", &captions)]);
        films::said(&[("f.srt", &[b"\xff\xfe".as_slice(), &captions].concat())]);
    }

    #[test]
    fn no_markdown_makes_it_panic(page in "(# a\n|---\n|cost: |[-*>|`!<\\[\\]()#0-9. \n\t~ab]){0,80}") {
        folder(b"[[item]]\npage = \"pages/a.md\"\n", page.as_bytes());
    }
}
