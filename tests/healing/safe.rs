//! Crashes that follow each other. Invariant: whatever keeps crashing it, the board is right in the end.

use super::hall::{Place, terminate};
use crate::outside::{
    process::{Program, until},
    zones,
};

const SAFE: &str = "STATUS=SAFE MODE";

#[test]
fn five_kills_begin_safe_mode_whose_board_is_right_and_an_end_by_hand_ends_it() {
    let mut place = Place::new();
    let list = place.home.path().join("list");
    std::fs::create_dir(&list).expect("made");
    // Its running text is shown: the board leaves it its place, as it does in the snapshot.
    let text = "[[item]]\ncard = { title = \"Kartu\" }\n[[ticker]]\ntext = \"Bawa KTP-el asli\"\n";
    std::fs::write(list.join("playlist.toml"), text).expect("written");
    for kills in 0..5 {
        assert!(!place.state().join("starts.json").exists() || kills > 0);
        place.kill();
    }
    place.manager.hear();
    let mut program = Program::start(place.command().arg("--playlist").arg(&list));
    let status = place.manager.waits_for("STATUS=");
    assert!(status.starts_with(SAFE), "{status}: {}", program.said());
    place.shows_the_board_of(&mut program, Some(&list));
    program.says("mode aman setelah 5 kali");
    assert!(!program.said().contains("Kartu"));
    // The public sees no error: the card stands where the playlist was.
    let stage = place.glass.pixels(zones::stage(&place.glass));
    assert!(stage.iter().any(|byte| *byte != stage[0]), "there is a card");
    let running = place.glass.pixels(zones::ticker_row(&place.glass));
    until(
        || "the running text runs".to_owned(),
        || place.glass.pixels(zones::ticker_row(&place.glass)) != running,
    );
    place.queue.call(2, 77);
    place.shows_the_board_of(&mut program, Some(&list));
    terminate(&mut program);
    place.manager.hear();
    let mut program = Program::start(place.command().arg("--playlist").arg(&list));
    let status = place.manager.waits_for("STATUS=");
    assert!(!status.starts_with(SAFE), "{status}");
    place.shows_the_board_of(&mut program, Some(&list));
}

#[test]
fn ends_in_order_are_no_crashes_and_two_programs_do_not_count_each_other() {
    let mut place = Place::new();
    for _ in 0..6 {
        let mut program = place.start();
        place.manager.waits_for("READY=1");
        terminate(&mut program);
    }
    place.manager.hear();
    let mut first = place.start();
    let status = place.manager.waits_for("STATUS=");
    assert!(!status.starts_with(SAFE), "{status}");
    for _ in 0..6 {
        let mut second = place.start();
        second.says("another program uses it");
        second.child.kill().expect("killed");
        second.child.wait().expect("over");
    }
    terminate(&mut first);
    place.manager.hear();
    let _next = place.start();
    let status = place.manager.waits_for("STATUS=");
    assert!(!status.starts_with(SAFE), "{status}");
}
