//! systemd's watchdog. Invariant: it is fed by what draws, and by nothing else.

use std::{os::unix::net::UnixListener, thread, time::Instant};

use super::hall::{Place, WATCHDOG, signal, terminate};
use crate::outside::process::until;

/// Whether it feeds for so long: never longer than the watchdog's time between two words.
fn feeds(place: &mut Place, times: usize) {
    for _ in 0..times {
        place.manager.waits_for("WATCHDOG=1");
    }
}

/// Whether the feeding stops: for three times the watchdog's time no word comes.
fn starves(place: &mut Place) {
    until(
        || "the feeding stops".to_owned(),
        || {
            place.manager.hear();
            let begun = Instant::now();
            while begun.elapsed() < 3 * WATCHDOG {
                if place.manager.hear().iter().any(|line| line == "WATCHDOG=1") {
                    return false;
                }
                thread::yield_now();
            }
            true
        },
    );
}

#[test]
fn it_is_ready_with_its_first_picture_fed_while_it_runs_and_told_of_the_end() {
    let mut place = Place::new();
    let mut program = place.start();
    place.manager.waits_for("READY=1");
    // What the X server was given it draws in its own time.
    let drawn = || place.glass.pixels(place.glass.all()).iter().any(|byte| *byte != 0);
    until(|| "there is a picture".to_owned(), drawn);
    place.shows_the_board(&mut program);
    feeds(&mut place, 8);
    place.manager.hear();
    place.queue.pause();
    place.manager.waits_for("STATUS=cut off");
    feeds(&mut place, 4);
    place.queue.resume();
    place.manager.waits_for("STATUS=live");
    terminate(&mut program);
    assert!(place.manager.hear().contains(&"STOPPING=1".to_owned()));
    assert!(program.said().contains("written to the disk"), "{}", program.said());
}

#[test]
fn a_still_picture_feeds_as_well() {
    let mut place = Place::new();
    let list = place.home.path().join("still");
    std::fs::create_dir(&list).expect("made");
    std::fs::write(list.join("playlist.toml"), "[[item]]\ncard = { title = \"Diam\" }\n").expect("written");
    let mut program = crate::outside::process::Program::start(place.command().arg("--playlist").arg(&list));
    place.shows_the_board_of(&mut program, Some(&list));
    feeds(&mut place, 8);
}

#[test]
fn a_drawing_loop_that_stands_still_is_not_fed_whatever_else_lives() {
    let mut place = Place::new();
    let mut program = place.start_with("freeze");
    place.manager.waits_for("READY=1");
    starves(&mut place);
    assert!(program.runs(), "only the loop stands");
    // As systemd ends it then.
    signal(&program, "ABRT");
    super::hall::over(&mut program);
    place.manager.hear();
    let mut next = place.start();
    place.shows_the_board(&mut next);
    feeds(&mut place, 2);
}

#[test]
fn a_window_that_takes_no_picture_starves_the_watchdog_or_ends_the_program() {
    let mut place = Place::new();
    let mut program = place.start();
    place.shows_the_board(&mut program);
    // The X server hangs, as a frozen compositor does.
    let server = place.glass.pid().to_string();
    let done = std::process::Command::new("kill").args(["-s", "STOP", &server]).status();
    assert!(done.expect("kill is there").success());
    starves(&mut place);
    let done = std::process::Command::new("kill").args(["-s", "CONT", &server]).status();
    assert!(done.expect("kill is there").success());
    feeds(&mut place, 2);
}

#[test]
fn without_systemd_nothing_is_told_and_all_is_shown() {
    let place = Place::new();
    let mut command = place.command();
    command.env_remove("NOTIFY_SOCKET").env_remove("WATCHDOG_USEC");
    let mut program = crate::outside::process::Program::start(&mut command);
    place.shows_the_board(&mut program);
    terminate(&mut program);
}

#[test]
fn a_display_server_that_is_gone_is_no_picture_in_a_file() {
    let mut place = Place::new();
    let mut command = place.command();
    command.env("DISPLAY", ":59998");
    let mut program = crate::outside::process::Program::start(&mut command);
    let status = super::hall::over(&mut program);
    assert_eq!(status.code(), Some(1), "{}", program.said());
    assert!(program.said().contains("does not answer"), "{}", program.said());
    assert!(!place.manager.hear().contains(&"READY=1".to_owned()));
}

#[test]
fn a_display_server_that_goes_away_at_the_start_is_no_crash() {
    let place = Place::new();
    let socket = place.home.path().join("wayland");
    let compositor = UnixListener::bind(&socket).expect("a socket");
    let mut command = place.command();
    command.env("WAYLAND_DISPLAY", &socket).env_remove("DISPLAY");
    let mut program = crate::outside::process::Program::start(&mut command);
    // Whether it is there, and the window: then it dies.
    let asked = compositor.accept().expect("asked");
    let window = compositor.accept().expect("a window");
    std::fs::remove_file(&socket).expect("removed");
    drop((asked, window, compositor));
    super::hall::broke(&mut program);
    let record = std::fs::read_to_string(place.state().join("starts.json")).expect("a record");
    assert!(record.contains("\"crashes\":[]") && record.contains("\"running\":false"), "{record}");
}

#[test]
fn an_end_that_is_asked_for_before_there_is_a_window_is_no_crash() {
    let place = Place::new();
    // A compositor that is frozen: it lets nobody in, and turns nobody away.
    let frozen = place.home.path().join("frozen");
    let _compositor = UnixListener::bind(&frozen).expect("a socket");
    for display in [frozen, place.home.path().join("absent")] {
        let mut command = place.command();
        command.env("WAYLAND_DISPLAY", &display).env_remove("DISPLAY");
        let mut program = crate::outside::process::Program::start(&mut command);
        let record = place.state().join("starts.json");
        let runs =
            || std::fs::read_to_string(&record).is_ok_and(|record| record.contains("\"running\":true"));
        until(|| "it is on record".to_owned(), runs);
        terminate(&mut program);
        let record = std::fs::read_to_string(&record).expect("a record");
        assert!(record.contains("\"crashes\":[]") && record.contains("\"running\":false"), "{record}");
    }
}
