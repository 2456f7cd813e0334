//! Each view of the editor beside a picture that was looked at and found right; `make golden` writes them anew.

use std::path::Path;

use egui_kittest::kittest::Queryable;
use papan::{
    domain::playlist::List,
    editor::{
        desk::{Foot, Form, Question},
        egui::vec2,
        views::add::Adding,
    },
};

use super::bench::Bench;

/// How far a channel may differ, of 255: other processors round a little otherwise at edges.
const MOST: u8 = 24;
/// How far all channels may differ on average.
const MEAN: f64 = 0.05;

/// Compares what is shown with its golden picture, or renews that.
fn looks(bench: &mut Bench, name: &str) {
    bench.settle();
    let got = bench.picture();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("editor-{name}.png"));
    if std::env::var_os("PAPAN_RENEW").is_some() {
        got.save(&path).unwrap();
        return;
    }
    let want = image::open(&path).unwrap_or_else(|e| panic!("{name}: {e}; run `make golden`")).to_rgb8();
    assert_eq!(got.dimensions(), want.dimensions(), "{name}");
    let diffs = || got.iter().zip(want.iter()).map(|(a, b)| a.abs_diff(*b));
    let most = diffs().max().unwrap_or_default();
    let mean = diffs().map(f64::from).sum::<f64>() / f64::from(got.width() * got.height() * 3);
    if most > MOST || mean > MEAN {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("editor-{name}.png"));
        got.save(&kept).unwrap();
        panic!("{name}: channels differ by up to {most}, on average by {mean:.3}; see {}", kept.display());
    }
}

fn bench() -> Bench {
    Bench::with(super::bench::week, vec2(1382.0, 784.0))
}

#[test]
fn the_list_and_an_items_content() {
    looks(&mut bench(), "content");
}

#[test]
fn a_schedule() {
    let mut bench = bench();
    bench.desk().select_only(2);
    bench.desk().form = Form::When;
    looks(&mut bench, "schedule");
}

#[test]
fn the_running_text() {
    let mut bench = bench();
    bench.desk().open_list(List::Ticker);
    looks(&mut bench, "ticker");
}

#[test]
fn a_page() {
    let mut bench = bench();
    bench.desk().form = Form::Page;
    looks(&mut bench, "page");
    bench.harness.get_by_label("Sebagai Markdown").click();
    bench.settle();
    looks(&mut bench, "markdown");
}

#[test]
fn several_items_and_problems() {
    let mut bench = bench();
    bench.desk().select_only(1);
    bench.desk().select_to(3);
    bench.desk().foot = Foot::Problems;
    looks(&mut bench, "problems");
}

#[test]
fn questions() {
    let mut bench = bench();
    for (question, name) in [
        (Question::Close, "close"),
        (Question::Conflict(vec!["playlist.toml".into()]), "conflict"),
        (Question::Help, "help"),
        (Question::Add(Adding::default()), "add"),
        (Question::Large, "large"),
    ] {
        bench.desk().question = Some(question);
        bench.settle();
        looks(&mut bench, name);
        bench.desk().question = None;
        bench.settle();
    }
}

#[test]
fn an_empty_folder_says_what_to_do() {
    let mut bench = Bench::with(|_| (), vec2(1040.0, 660.0));
    bench.settle();
    bench.harness.get_by_label_contains("Daftar ini masih kosong");
    looks(&mut bench, "empty");
}
