//! Pages of any text on stages of any size.

use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    domain::{
        layout::Shape,
        playlist::{Fact, FactKind, ListItem, Section},
    },
    picture::{
        face::Face,
        text::{Piece, Style},
        theme::Theme,
    },
    words::Language,
};

fn span(text: &str) -> Vec<Span> {
    vec![Span { text: text.into(), bold: false }]
}

fn item(text: &str) -> ListItem {
    ListItem { depth: 0, spans: span(text) }
}

/// The page of the everyday view.
fn ktp() -> Page {
    let fact = |kind, text: &str| Fact { kind, text: text.into() };
    let steps = ["Ambil nomor antrean di mesin A", "Serahkan berkas di loket 1 sampai 4", "Cek data"];
    Page {
        service: "Dukcapil".into(),
        title: "KTP elektronik hilang atau rusak".into(),
        facts: vec![
            fact(FactKind::Cost, "Gratis"),
            fact(FactKind::Time, "± 30 menit"),
            fact(FactKind::Valid, "Senin–Minggu"),
        ],
        sections: vec![
            Section {
                heading: "Yang dibawa".into(),
                blocks: vec![Block::Bullets(vec![item("Surat kehilangan"), item("Fotokopi Kartu Keluarga")])],
            },
            Section {
                heading: "Langkah".into(),
                blocks: vec![Block::Numbers { start: 1, items: steps.map(item).into() }],
            },
        ],
        ..Page::default()
    }
}

fn drawn(page: &Page, shape: Shape, glass: (u32, u32), size: (u32, u32)) -> Vec<Picture> {
    let theme = Theme::default();
    let sizes = theme.sizes(shape, glass.0, glass.1);
    let words = Language::Indonesian.words();
    let mut type_ = Typesetter::default();
    let mut pictures = |_: &Path, (w, h): (u32, u32)| {
        let side = w.min(h);
        (side > 0).then(|| Canvas::filled(side, side, theme.colour.teal).finish())
    };
    let job = Job { colours: &theme.colour, sizes: &sizes, words, page, size };
    draw(&mut type_, job, &mut pictures)
}

/// The margins are paper, something is on it, and the picture is opaque and of the stage's size.
fn check(pictures: &[Picture], size: (u32, u32)) -> Result<(), TestCaseError> {
    let paper = Theme::default().colour.paper.pixel();
    prop_assert!(!pictures.is_empty() && pictures.len() <= MOST_PARTS, "{} parts", pictures.len());
    for picture in pictures {
        prop_assert_eq!((picture.width(), picture.height()), size);
        prop_assert!(picture.is_opaque());
        let rows = picture.row(0).iter().chain(picture.row(size.1 - 1));
        prop_assert!(rows.into_iter().all(|p| *p == paper), "ink in the first or last row");
        let sides =
            (0..size.1).all(|y| picture.row(y)[0] == paper && picture.row(y)[size.0 as usize - 1] == paper);
        prop_assert!(sides, "ink in the first or last column");
        prop_assert!(picture.pixels().iter().any(|p| *p != paper), "nothing on it");
    }
    Ok(())
}

fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => "[a-z]{1,9}",
        1 => "[A-Z]{2,4}-[a-z]{2,4}",
        1 => "[0-9]{1,4}",
        1 => "[a-z]{20,60}",
        1 => Just("±".to_owned()),
        1 => "[a-z]{3}\n[a-z]{3}",
    ];
    vec(word, 1..24).prop_map(|words| words.join(" "))
}

fn spans() -> impl Strategy<Value = Vec<Span>> {
    vec((text(), any::<bool>()).prop_map(|(text, bold)| Span { text, bold }), 1..3)
}

fn items() -> impl Strategy<Value = Vec<ListItem>> {
    vec((0..4_u8, spans()).prop_map(|(depth, spans)| ListItem { depth, spans }), 1..9)
}

fn block() -> impl Strategy<Value = Block> {
    prop_oneof![
        spans().prop_map(Block::Heading),
        spans().prop_map(Block::Paragraph),
        items().prop_map(Block::Bullets),
        (0..2000_u64, items()).prop_map(|(start, items)| Block::Numbers { start, items }),
        (1..6_usize).prop_flat_map(|n| vec(vec(spans(), n..=n), 1..5)).prop_map(Block::Table),
        Just(Block::Picture("gambar.png".into())),
    ]
}

prop_compose! {
    fn any_page()(
        service in prop_oneof![Just(String::new()), text()],
        title in text(),
        facts in vec(text(), 0..4),
        lead in vec(block(), 0..3),
        sections in vec((text(), vec(block(), 0..4)), 0..4),
    ) -> Page {
        let kinds = [FactKind::Cost, FactKind::Time, FactKind::Valid];
        Page {
            path: "halaman.md".into(),
            service,
            title,
            facts: facts.into_iter().zip(kinds).map(|(text, kind)| Fact { kind, text }).collect(),
            lead,
            sections: sections.into_iter().map(|(heading, blocks)| Section { heading, blocks }).collect(),
            pictures: 0,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_page_fits_any_stage(
        page in any_page(),
        size in prop_oneof![(64..300_u32, 40..300_u32), (300..1300_u32, 200..1000_u32)],
        shape in prop_oneof![Just(Shape::Landscape), Just(Shape::Portrait), Just(Shape::Videotron)],
        full in any::<bool>(),
    ) {
        let (w, h) = shape.reference();
        let glass = if full { (w as u32, h as u32) } else { (size.0 * 3 / 2, size.1 * 6 / 5) };
        check(&drawn(&page, shape, glass, size), size)?;
    }
}

#[test]
fn the_everyday_page_is_one_picture() {
    let stages = [
        (Shape::Landscape, (1920, 1080), (1280, 900)),
        (Shape::Landscape, (1920, 1080), (656, 900)),
        (Shape::Portrait, (1080, 1920), (1080, 608)),
        (Shape::Landscape, (3840, 2160), (2560, 1800)),
    ];
    for (shape, glass, size) in stages {
        let pictures = drawn(&ktp(), shape, glass, size);
        assert_eq!(pictures.len(), 1, "{size:?}");
        check(&pictures, size).unwrap();
    }
}

#[test]
fn a_long_page_is_divided() {
    let mut page = ktp();
    let many = (1..=40).map(|n| item(&format!("Langkah yang ke-{n} dari banyak langkah"))).collect();
    page.sections[1].blocks = vec![Block::Numbers { start: 1, items: many }];
    let pictures = drawn(&page, Shape::Landscape, (1920, 1080), (1280, 900));
    assert!(pictures.len() > 1);
    check(&pictures, (1280, 900)).unwrap();
}

#[test]
fn one_paragraph_higher_than_the_stage_is_divided_by_lines() {
    let mut page = ktp();
    page.sections[0].blocks = vec![Block::Paragraph(span(&"kata yang panjang sekali ".repeat(150)))];
    let pictures = drawn(&page, Shape::Videotron, (1152, 576), (732, 480));
    assert!(pictures.len() > 3);
    check(&pictures, (732, 480)).unwrap();
}

#[test]
fn an_empty_page_is_still_a_page() {
    let page = Page { title: "Tutup".into(), ..Page::default() };
    for size in [(64, 40), (1280, 900)] {
        let pictures = drawn(&page, Shape::Landscape, (1920, 1080), size);
        assert_eq!(pictures.len(), 1);
        check(&pictures, size).unwrap();
    }
}

#[test]
fn a_stage_too_small_for_text_is_still_drawn() {
    for size in [(1, 1), (3, 90), (90, 3), (20, 20)] {
        let pictures = drawn(&ktp(), Shape::Landscape, (1920, 1080), size);
        assert!(pictures.iter().all(|p| (p.width(), p.height()) == size && p.is_opaque()));
    }
}

#[test]
fn a_hyphen_within_a_word_breaks_no_line() {
    let mut type_ = Typesetter::default();
    let style = Style::new(Face::Text, 40.0);
    let width = type_.line("Perekaman KTP-", style).width + 2.0;
    let block = type_.block(&[Piece { text: "Perekaman KTP-el", bold: false }], style, Some(width));
    assert_eq!((block.lines, block.width), (2, type_.line("Perekaman", style).width));
}

#[test]
fn a_block_is_divided_between_its_lines() {
    let mut type_ = Typesetter::default();
    let block =
        type_.block(&[Piece { text: "satu\ndua\ntiga", bold: false }], Style::new(Face::Text, 40.0), None);
    let (height, line) = (block.height, block.line_height());
    let (above, below) = block.split(1);
    assert_eq!((above.lines, below.lines), (1, 2));
    assert_eq!((above.height, below.height), (line, height - line));
}
