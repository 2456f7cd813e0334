//! Copies that take their time: nothing half goes on air.
//! Invariant: what is on air is looked at all the while.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use papan::domain::playlist::Content;

use crate::{
    bombs,
    folder::{DEADLINE, Running, card, run, write},
};

/// Writes a file in so many pieces with a pause between them, and looks at what is on air meanwhile.
fn slowly(
    running: &mut Running,
    path: &Path,
    bytes: &[u8],
    (pieces, pause): (usize, Duration),
    keep_open: bool,
    mut look: impl FnMut(&Running),
) {
    let mut file = File::create(path).unwrap();
    for piece in bytes.chunks(bytes.len().div_ceil(pieces)) {
        let end = Instant::now() + pause;
        while Instant::now() < end {
            let _ = running.woken.recv_timeout(Duration::from_millis(5));
            running.app.update();
            look(running);
        }
        if !keep_open {
            file = File::options().append(true).open(path).unwrap();
        }
        file.write_all(piece).unwrap();
    }
}

fn until(running: &mut Running, what: &str, so: impl Fn(&Running) -> bool) -> Duration {
    let begin = Instant::now();
    while !so(running) {
        assert!(begin.elapsed() < DEADLINE, "in vain: {what}");
        let _ = running.woken.recv_timeout(Duration::from_millis(5));
        running.app.update();
    }
    begin.elapsed()
}

#[test]
fn a_text_that_grows_over_a_slow_share_comes_whole() {
    for keep_open in [false, true] {
        // Nobody waits for longer than this for a file that is closed after each piece.
        let pause = Duration::from_millis(if keep_open { 900 } else { 300 });
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "playlist.toml", &card("satu"));
        let mut running = run(folder.path());
        let list: String = (0..6).map(|number| card(&format!("dua {number}"))).collect();
        let path = folder.path().join("playlist.toml");
        slowly(&mut running, &path, list.as_bytes(), (6, pause), keep_open, |running| {
            assert_eq!(running.title(), "satu");
        });
        running.until("dua 0");
        assert_eq!(running.on_air().items.len(), 6);
    }
}

#[test]
fn a_picture_or_film_that_grows_over_a_slow_share_comes_whole() {
    let film =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("playlists/lobi/films/ambil-nomor.mp4")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "playlist.toml", &card("satu"));
    bombs::png(&folder.path().join("utuh.png"), 300, 200, 7);
    let picture = fs::read(folder.path().join("utuh.png")).unwrap();
    let mut running = run(folder.path());
    for (name, bytes) in [("a.png", &picture), ("a.mp4", &film)] {
        let kind = if name == "a.png" { "image" } else { "film" };
        write(folder.path(), "playlist.toml", &format!("{}[[item]]\n{kind} = \"{name}\"\n", card("dua")));
        let pause = Duration::from_millis(1200);
        slowly(&mut running, &folder.path().join(name), bytes, (4, pause), false, |running| {
            assert_eq!(running.on_air().items.len(), 1, "half a file is on air");
        });
        until(&mut running, name, |running| running.on_air().items.len() == 2);
        let path = match &running.on_air().items[1].content {
            Content::Image { path, .. } => path.clone(),
            Content::Film(film) => film.path.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(&fs::read(path).unwrap(), bytes);
        write(folder.path(), "playlist.toml", &card("satu"));
        until(&mut running, "one", |running| running.on_air().items.len() == 1);
    }
}

#[test]
fn a_copy_that_gets_its_length_first_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "playlist.toml", &card("satu"));
    bombs::png(&folder.path().join("utuh.png"), 900, 700, 7);
    let picture = fs::read(folder.path().join("utuh.png")).unwrap();
    let mut running = run(folder.path());
    let path = folder.path().join("a.png");
    let file = File::create(&path).unwrap();
    file.set_len(picture.len() as u64).unwrap();
    write(folder.path(), "playlist.toml", &format!("{}[[item]]\nimage = \"a.png\"\n", card("dua")));
    let end = Instant::now() + Duration::from_secs(2);
    while Instant::now() < end {
        let _ = running.woken.recv_timeout(Duration::from_millis(5));
        running.app.update();
        assert_eq!(running.title(), "satu");
    }
    std::os::unix::fs::FileExt::write_all_at(&file, &picture, 0).unwrap();
    drop(file);
    running.until("dua");
}

#[test]
fn a_film_that_stays_cut_holds_the_rest_up_for_a_while_only() {
    let film =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("playlists/lobi/films/ambil-nomor.mp4")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "playlist.toml", &card("satu"));
    let mut running = run(folder.path());
    fs::write(folder.path().join("a.mp4"), &film[..film.len() / 2]).unwrap();
    write(folder.path(), "playlist.toml", &format!("{}[[item]]\nfilm = \"a.mp4\"\n", card("dua")));
    running.until("dua");
    // Once it is taken as it is, nobody waits for it again.
    write(folder.path(), "playlist.toml", &format!("{}[[item]]\nfilm = \"a.mp4\"\n", card("tiga")));
    let late = until(&mut running, "tiga", |running| running.title() == "tiga");
    assert!(late < Duration::from_secs(9), "{late:?}");
    thread::yield_now();
}

#[test]
fn a_file_that_is_written_again_and_again_does_not_hold_the_rest_up_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "page.md", "# kamera\n");
    write(folder.path(), "playlist.toml", &format!("{}[[item]]\npage = \"page.md\"\n", card("satu")));
    let mut running = run(folder.path());
    write(folder.path(), "playlist.toml", &format!("{}[[item]]\npage = \"page.md\"\n", card("dua")));
    let begin = Instant::now();
    let mut number = 0;
    while running.title() != "dua" {
        assert!(begin.elapsed() < DEADLINE, "it is held up");
        number += 1;
        write(folder.path(), "page.md", &format!("# kamera\n\n{}\n", number % 10));
        let _ = running.woken.recv_timeout(Duration::from_millis(100));
        running.app.update();
    }
}
