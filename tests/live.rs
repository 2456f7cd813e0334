//! A playlist's folder that changes while papan runs: what is good goes on air, what is broken does not.
//! Invariant: the tests wait for what happens, with a deadline, and never for a time.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

use std::{fs, os::unix::fs::symlink};

use papan::domain::playlist::{Content, PlaylistItem};

#[path = "common/folder.rs"]
mod folder;
#[path = "live/keep.rs"]
mod keep;

use folder::{DEADLINE, Running, card, logged, run, run_with, until_logged, write};

#[test]
fn a_change_goes_on_air_and_a_broken_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    write(dir, "playlist.toml", &card("satu"));
    let mut running = run(dir);
    assert_eq!(running.title(), "satu");

    write(dir, "playlist.toml", &card("dua"));
    running.until("dua");

    write(dir, "playlist.toml", "[[item\n");
    until_logged(1, &[&dir.display().to_string(), "the last good one stays"]);
    running.app.update();
    assert_eq!(running.title(), "dua");
    write(dir, "page.md", "# halaman");
    write(dir, "playlist.toml", "[[item]]\npage = \"page.md\"\n");
    running.until("halaman");

    write(dir, "page.md", "# berubah");
    running.until("berubah");

    // An editor that writes beside the file and puts it in place.
    write(dir, ".playlist.toml.swp", &card("tiga"));
    fs::rename(dir.join(".playlist.toml.swp"), dir.join("playlist.toml")).unwrap();
    running.until("tiga");
}

#[test]
fn a_broken_change_leaves_the_last_good_one() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    write(dir, "playlist.toml", &card("satu"));
    write(dir, "page.md", "tanpa judul");
    let mut running = run(dir);
    write(dir, "playlist.toml", &format!("{}[[item]]\npage = \"page.md\"\n", card("dua")));
    let (name, page) = (dir.display().to_string(), dir.join("page.md").display().to_string());
    until_logged(1, &[&name, "the last good one stays"]);
    running.app.update();
    assert_eq!((running.title().as_str(), running.on_air().items.len()), ("satu", 1));
    assert_eq!(logged(&[&page, "# Judul"]), 1);

    // Another change, and the same problem as before: it is not told again.
    write(dir, "page.md", "masih tanpa judul");
    until_logged(2, &[&name, "the last good one stays"]);
    running.app.update();
    assert_eq!((running.title().as_str(), running.on_air().items.len()), ("satu", 1));
    assert_eq!(logged(&[&page, "# Judul"]), 1);
    assert!(running.woken.try_recv().is_err());

    write(dir, "page.md", "# berjudul");
    running.until("dua");
    assert_eq!(running.on_air().items.len(), 2);
}

#[test]
fn a_film_that_was_replaced_is_another_one_whatever_else_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.mp4", "film");
    write(folder.path(), "b.mp4", "");
    write(folder.path(), "playlist.toml", "[[item]]\nfilm = \"a.mp4\"\n[[item]]\nfilm = \"b.mp4\"\n");
    let mut running = run_with(folder.path(), None);
    let stamp = |running: &Running| match &running.on_air().items[..] {
        [PlaylistItem { content: Content::Film(film), .. }] => film.stamp,
        other => panic!("{other:?}"),
    };
    let before = stamp(&running);
    write(folder.path(), "a.mp4", "another film");
    running.woken.recv_timeout(DEADLINE).unwrap();
    running.app.update();
    assert_ne!(stamp(&running), before);
    // What can be no film any more is not taken.
    let (before, errors) = (stamp(&running), logged(&["has errors", &folder.path().display().to_string()]));
    write(folder.path(), "a.mp4", "");
    until_logged(errors + 1, &["has errors", &folder.path().display().to_string()]);
    running.app.update();
    assert_eq!(stamp(&running), before);
}

#[test]
fn what_is_good_at_the_start_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "playlist.toml", &format!("[[item]]\npage = \"tidak-ada.md\"\n{}", card("satu")));
    assert_eq!(run(folder.path()).title(), "satu");
}

#[test]
fn the_folder_itself_can_be_replaced() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["lama", "baru", "lagi"] {
        fs::create_dir(folder.path().join(name)).unwrap();
        write(&folder.path().join(name), "playlist.toml", &card(name));
    }
    let kini = folder.path().join("kini");
    symlink("lama", &kini).unwrap();
    let mut running = run(&kini);
    assert_eq!(running.title(), "lama");
    symlink("baru", folder.path().join("sementara")).unwrap();
    fs::rename(folder.path().join("sementara"), &kini).unwrap();
    running.until("baru");
    // It is the new folder that is watched now.
    write(&kini, "playlist.toml", &card("sunting"));
    running.until("sunting");
    fs::remove_file(&kini).unwrap();
    fs::rename(folder.path().join("lagi"), &kini).unwrap();
    running.until("lagi");
}
