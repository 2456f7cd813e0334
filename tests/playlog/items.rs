//! The lines of items: each turn on the stage has one, also at the program's end.
//! Invariant: time is given; the disk's thread is waited for by ending the app.

use papan::state::{Aired, Cut};
use serde_json::{Value, json};

use super::{Screen, Series, at, files};
use std::{fs, path::Path};

/// The lines of items.
fn items(folder: &Path) -> Vec<Value> {
    let texts =
        files::list(folder, Series::Items).unwrap().into_iter().map(|p| fs::read_to_string(p).unwrap());
    let parse = |text: String| text.lines().map(|l| serde_json::from_str(l).unwrap()).collect::<Vec<_>>();
    texts.flat_map(parse).collect()
}

fn on_stage(item: &str, ms: i64) -> Aired {
    Aired::Began { item: item.into(), kind: "page", at: at(ms) }
}

#[test]
fn each_turn_of_an_item_has_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::new(folder.path());
    screen.aired(0, [on_stage("pages/ktp-el.md", 0)]);
    let why = "images/alur.png cannot be read".to_owned();
    screen
        .aired(9_000, [Aired::Skipped { item: "images/alur.png".into(), kind: "image", at: at(9_000), why }]);
    screen.aired(15_000, [Aired::Over { at: at(15_000), cut: None }, on_stage("b", 15_000)]);
    let cuts = [Cut::Schedule, Cut::Changed, Cut::Failed];
    for (step, cut) in (1..).zip(cuts) {
        let ms = 15_000 + step * 1_000;
        screen.aired(ms, [Aired::Over { at: at(ms), cut: Some(cut) }, on_stage("b", ms)]);
    }
    // One whose end is not told does not lose its line, and the welcome card is no item.
    screen.aired(20_000, [on_stage("c", 20_000)]);
    screen.aired(21_500, [Aired::Over { at: at(21_500), cut: None }]);
    screen.aired(30_000, []);
    screen.aired(30_000, [on_stage("d", 30_000)]);
    screen.aired(30_250, []);
    screen.exit();
    let lines = items(folder.path());
    assert_eq!(
        lines[..2],
        [
            json!({"kind": "item", "screen": null, "item": "images/alur.png", "content": "image",
                "due": "2026-11-21T01:41:16.000Z", "start": null, "end": null, "shown_ms": null,
                "complete": false, "cut": null, "skipped": "images/alur.png cannot be read"}),
            json!({"kind": "item", "screen": null, "item": "pages/ktp-el.md", "content": "page",
                "due": "2026-11-21T01:41:07.000Z", "start": "2026-11-21T01:41:07.000Z",
                "end": "2026-11-21T01:41:22.000Z", "shown_ms": 15_000,
                "complete": true, "cut": null, "skipped": null}),
        ]
    );
    let rest: Vec<_> =
        lines[2..].iter().map(|l| (&l["item"], &l["cut"], &l["shown_ms"], &l["complete"])).collect();
    let b = json!("b");
    assert_eq!(
        rest,
        [
            (&b, &json!("schedule"), &json!(1_000), &json!(false)),
            (&b, &json!("changed"), &json!(1_000), &json!(false)),
            (&b, &json!("failed"), &json!(1_000), &json!(false)),
            (&b, &json!("failed"), &json!(2_000), &json!(false)),
            (&json!("c"), &json!(null), &json!(1_500), &json!(true)),
            (&json!("d"), &json!("stopped"), &json!(250), &json!(false)),
        ]
    );
    assert!(files::list(folder.path(), Series::Calls).unwrap().is_empty(), "items have files of their own");
}

#[test]
fn a_clock_that_is_set_changes_no_length() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::new(folder.path());
    screen.aired(0, [on_stage("a", 0)]);
    screen.aired(15_000, [Aired::Over { at: at(-3_600_000), cut: None }]);
    screen.exit();
    let lines = items(folder.path());
    assert_eq!(
        (&lines[0]["end"], &lines[0]["shown_ms"]),
        (&json!("2026-11-21T00:41:07.000Z"), &json!(15_000))
    );
}

#[test]
fn a_program_that_ends_between_frames_leaves_the_items_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::new(folder.path());
    screen.aired(0, [on_stage("a", 0)]);
    screen.aired(4_000, []);
    drop(screen);
    assert_eq!(items(folder.path())[0]["cut"], "stopped");
}
