//! The editor, used as a person does: by its own words. Invariant: what is saved is what was asked for, and nothing
//! else.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may end at what it did not expect")]

#[path = "editor/bench.rs"]
mod bench;
#[path = "editor/forms.rs"]
mod forms;
#[path = "editor/looks.rs"]
mod looks;
#[path = "editor/tasks.rs"]
mod tasks;
#[path = "editor/whole.rs"]
mod whole;

use bench::Bench;

#[test]
fn at_rest_it_asks_for_no_frame() {
    let mut bench = Bench::shipped("lobi");
    bench.settle();
    bench.harness.step();
    let output = bench.harness.output();
    let delay = output.viewport_output.values().map(|root| root.repaint_delay).min();
    assert!(
        delay.unwrap() >= std::time::Duration::from_millis(700),
        "{delay:?}: {:?}",
        bench.harness.ctx.repaint_causes()
    );
}

/// What `papan snapshot` writes, pixel by pixel.
#[test]
fn the_preview_is_what_the_glass_shows() {
    let mut bench = Bench::with(bench::week, papan::editor::egui::vec2(1366.0, 768.0));
    bench.desk().selected.clear();
    let at: jiff::Timestamp = bench.desk().cursor.timestamp();
    let out = bench.folder.join("snapshot.png");
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_papan"))
        .args(["snapshot", out.to_str().unwrap(), "--size", "1152x576", "--at", &at.to_string()])
        .args(["--playlist", bench.folder.to_str().unwrap()])
        .status()
        .unwrap();
    // One of its items is missing, and it says so.
    assert_eq!(status.code(), Some(1));
    let playlist = bench.desk().previewed();
    let view = papan::state::View { size: (1152, 576), layout: None, stage_alone: false, at, playlist };
    let workshop = papan::app::workshop(&Default::default(), &Default::default());
    let picture = (workshop.draw)(view).unwrap();
    let snapshot = image::open(&out).unwrap().to_rgb8();
    let words = snapshot.pixels().map(|p| u32::from_be_bytes([255, p.0[0], p.0[1], p.0[2]]));
    assert!(words.eq(picture.pixels().iter().copied()));
}
