//! The pictures of all scenes beside those that were looked at and found right.
//! `make golden` (`PAPAN_RENEW=1`) writes them anew; look at each before it is committed.

#[path = "common/scenes.rs"]
mod scenes;

use std::path::{Path, PathBuf};

use image::RgbImage;
use papan::{
    picture::{
        DisplayList, Quad,
        testcard::{self, Card},
        text::Typesetter,
        theme::Theme,
    },
    present::png,
    snapshot::{self, Scene},
    words::Language,
};

/// How far a channel may differ, of 255: other processors round a little otherwise at edges.
const MOST: u8 = 24;
/// How far all channels may differ on average.
const MEAN: f64 = 0.05;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.png"))
}

/// Why two pictures are not the same; `None` where they are.
fn difference(got: &RgbImage, want: &RgbImage) -> Option<String> {
    if got.dimensions() != want.dimensions() {
        return Some(format!("{:?} instead of {:?} pixels", got.dimensions(), want.dimensions()));
    }
    let diffs = || got.iter().zip(want.iter()).map(|(a, b)| a.abs_diff(*b));
    let most = diffs().max().unwrap_or_default();
    let mean = diffs().map(f64::from).sum::<f64>() / f64::from(got.width() * got.height() * 3);
    (most > MOST || mean > MEAN).then(|| format!("channels differ by up to {most}, on average by {mean:.3}"))
}

/// The test cards, on every kind of glass.
fn cards() -> Vec<(&'static str, DisplayList)> {
    let card = |(width, height), language| Card {
        name: "HDMI-A-1".into(),
        rate: Some(60.0),
        ..Card::new(width, height, language)
    };
    let all = [
        ("testcard", Card { height_mm: Some(670.0), ..card((1920, 1080), Language::Indonesian) }),
        ("testcard-portrait", Card { rotation: 90, ..card((1080, 1920), Language::English) }),
        ("testcard-videotron-small", card((256, 128), Language::Indonesian)),
    ];
    let draw = |(name, card): (&'static str, Card)| {
        let picture = testcard::draw(&mut Typesetter::default(), &Theme::default(), &card);
        let (width, height) = card.size;
        (name, DisplayList { width, height, quads: vec![Quad::picture(&picture, 0, 0)] })
    };
    all.map(draw).into()
}

#[test]
fn every_scene_looks_as_it_did() {
    let renew = std::env::var_os("PAPAN_RENEW").is_some();
    let mut wrong = Vec::new();
    let scenes = scenes::all().into_iter().map(|(name, scene)| (name, snapshot::draw(scene).unwrap()));
    for (name, list) in scenes.chain(cards()) {
        let bytes = png::encode(&list).unwrap();
        if renew {
            std::fs::write(path(name), &bytes).unwrap();
            continue;
        }
        let want =
            image::open(path(name)).unwrap_or_else(|e| panic!("{name}: {e}; run `make golden`")).to_rgb8();
        let got = image::load_from_memory(&bytes).unwrap().to_rgb8();
        if let Some(why) = difference(&got, &want) {
            let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
            std::fs::write(&kept, &bytes).unwrap();
            wrong.push(format!("{name}: {why}; see {}", kept.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_missing_digit_would_be_seen() {
    let draw = |ticket: &str| {
        let mut scene = scenes::everyday((1280, 720));
        scene.hall.counters[0].serving.as_mut().unwrap().ticket.0 = ticket.into();
        image::load_from_memory(&png::encode(&snapshot::draw(scene).unwrap()).unwrap()).unwrap().to_rgb8()
    };
    assert!(difference(&draw("A-012"), &draw("A-012")).is_none(), "the same scene is the same picture");
    assert!(difference(&draw("A-012"), &draw("A-01")).is_some());
}

#[test]
fn every_scene_covers_the_glass() {
    for (name, scene) in scenes::all() {
        let list = snapshot::draw(scene).unwrap();
        assert!(list.quads[0].is_opaque() && list.quads[0].visible() == list.bounds(), "{name}");
        for quad in &list.quads {
            assert!(list.bounds().contains(quad.visible()), "{name}: {:?}", quad.rect);
        }
    }
}

#[test]
fn what_matters_more_lies_over_a_caption() {
    let scenes = scenes::all();
    for name in ["callout", "notice-important", "notice-emergency"] {
        let draw = |caption: Option<&str>| {
            let scene = &scenes.iter().find(|(found, _)| *found == name).unwrap().1;
            let list =
                snapshot::draw(Scene { caption: caption.map(str::to_owned), ..scene.clone() }).unwrap();
            (list.quads.len(), png::encode(&list).unwrap())
        };
        let ((without, plain), (with, captioned)) = (draw(None), draw(Some("Ambil nomor antrean.")));
        assert_eq!(with, without + if name == "notice-emergency" { 0 } else { 2 }, "{name}");
        assert!(plain == captioned, "{name}");
    }
}
