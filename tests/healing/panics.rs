//! Panics in each kind of thread. Invariant: it goes on by a defined way, or ends with 70 and is noted.

use super::hall::{Place, broke};
use crate::outside::process::until;

/// Threads of which the program has need, each with what makes it come to its point.
const NEEDED: [&str; 6] = ["main", "link", "library", "state file", "papan-sound", "play log"];

#[test]
fn a_panic_in_a_thread_that_is_needed_ends_the_program_in_order_and_is_noted() {
    for thread in NEEDED {
        let mut place = Place::new();
        let mut program = place.start_with(&format!("panic:{thread}"));
        place.manager.waits_for("READY=1");
        let (mut number, said) = (10, program.said.clone());
        until(
            || format!("{thread} breaks: {said:?}"),
            || {
                // A call moves each of them.
                place.queue.call(number % 8, number);
                number += 1;
                !program.runs()
            },
        );
        broke(&mut program);
        assert!(program.said().contains("ERROR"), "{}", program.said());
        let notes = place.notes();
        assert_eq!(notes.len(), 1, "{thread}: {notes:?}");
        assert!(notes[0].contains(&format!("the thread {thread} panicked at")), "{}", notes[0]);
        // As systemd does.
        let mut next = place.start();
        place.shows_the_board(&mut next);
    }
}

#[test]
fn a_panic_that_concerns_one_thing_alone_is_survived() {
    for thread in ["playback", "reading"] {
        let mut place = Place::new();
        let list = place.home.path().join("list");
        std::fs::create_dir(&list).expect("made");
        let playlist = |title: &str| {
            let text = format!("[[item]]\ncard = {{ title = \"{title}\" }}\nduration = \"3s\"\n");
            std::fs::write(list.join("playlist.toml"), text).expect("written");
        };
        playlist("satu");
        let mut command = place.command();
        command.arg("--playlist").arg(&list).env("PAPAN_FAULT", format!("panic:{thread}"));
        let mut program = crate::outside::process::Program::start(&mut command);
        place.manager.waits_for("READY=1");
        playlist("dua");
        program
            .says(&format!("the thread {} panicked", if thread == "reading" { "library" } else { thread }));
        place.shows_the_board_of(&mut program, Some(&list));
        assert!(program.said().contains("goes on without"), "{}", program.said());
        place.manager.hear();
        place.manager.waits_for("WATCHDOG=1");
        assert!(program.runs());
    }
}

#[test]
fn an_end_out_of_order_is_followed_by_the_last_state() {
    let mut place = Place::new();
    let mut program = place.start_with("exit");
    assert_eq!(super::hall::over(&mut program).code(), Some(3));
    // Another one that follows, and is killed; then without the server.
    let mut program = place.start();
    place.shows_the_board(&mut program);
    let kept = || {
        std::fs::read_dir(place.state())
            .expect("state")
            .flatten()
            .any(|f| std::fs::read_to_string(f.path()).is_ok_and(|text| text.contains("papan.hall.snapshot")))
    };
    until(|| "the state is kept".to_owned(), kept);
    program.child.kill().expect("killed");
    program.child.wait().expect("over");
    place.manager.hear();
    place.queue.pause();
    let program = place.start();
    let status = place.manager.waits_for("STATUS=");
    assert!(status.contains("cut off, data of"), "{status}: {}", program.said());
}
