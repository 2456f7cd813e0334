//! A config that is spoilt after it was good, and one that never was. Invariant: the public sees the hall or nothing,
//! and staff are told which line.

use std::fs;

use super::hall::{Place, terminate};
use crate::outside::process::Program;

#[test]
fn a_config_that_is_spoilt_leaves_the_screen_as_it_was() {
    let mut place = Place::new();
    let config = place.home.path().join("papan.toml");
    let start = |place: &Place| {
        let mut command = place.command();
        Program::start(command.arg("--config").arg(&config))
    };
    // Never good: it does not start, says where, and is not to be tried again (see papan.service).
    fs::write(&config, "[hall]\nname = \"MPP\"\n[voice]\nrepeat = \"x\"\n").expect("written");
    let mut program = start(&place);
    let ended = program.child.wait().expect("over");
    assert_eq!(ended.code(), Some(78), "{}", program.said());
    program.says("papan.toml:4");

    // Good, and spoilt.
    fs::write(&config, "[hall]\nname = \"MPP\"\n").expect("written");
    let mut program = start(&place);
    place.manager.waits_for("READY=1");
    place.shows_the_board(&mut program);
    terminate(&mut program);
    fs::write(&config, "[hall]\nname = \"MPP\"\n[voice]\nrepeat = \"x\"\n").expect("written");
    let mut program = start(&place);
    program.says("papan.toml:4");
    place.manager.waits_for("READY=1");
    place.shows_the_board(&mut program);
    terminate(&mut program);
    // A power cut in the middle of an editor's saving.
    fs::write(&config, "").expect("written");
    fs::write(&config, [0; 512]).expect("written");
    let mut program = start(&place);
    place.manager.waits_for("READY=1");
    place.shows_the_board(&mut program);
    terminate(&mut program);
}
