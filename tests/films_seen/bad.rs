//! Everything that can be wrong with a film's file: it is skipped, staff are told, and the loop goes on.
//! Invariant: what is bad stands between things that are good, and those are what is seen.

use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    films_bad::{Pack, cut, film, garbage, heavy, huge, numb, patched, picture, scratched, tone, zeroed},
    hall::{Folder, Hall},
    looks::{Eye, Seen, Still, median, never_nothing, spread},
    outside::{process::until, watch, zones},
};

/// What is shown before each bad film, in turn.
const PICTURES: [u32; 2] = [8, 9];
/// The film that comes after all of them.
const GOOD: u32 = 1;
/// How long a change takes.
const FADE: Duration = Duration::from_millis(400);

/// Every bad film that only its decoder can tell, and a word of what staff are told of it.
pub fn bad() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    // Long enough for a tenth of it to be more than tracks differ in length.
    let long = film(6, 600, Pack::Mp4);
    let (phone, mkv, webm) = (film(6, 60, Pack::Phone), film(6, 300, Pack::Mkv), film(6, 60, Pack::Webm));
    let mp4 = film(6, 60, Pack::Mp4);
    vec![
        ("potong-35.mp4", cut(&long, 35), "terpotong"),
        ("potong-90.mp4", cut(&long, 85), "terpotong"),
        ("potong-35.mkv", cut(&mkv, 35), "terpotong"),
        ("tanpa-indeks.mp4", cut(&phone, 90), "daftar isinya hilang"),
        ("acak.mp4", garbage(65_536), "bukan film"),
        ("gambar.mp4", fs::read(picture(8)).expect("read"), "gambar, bukan film"),
        ("catatan.mp4", b"Rapat hari Senin pukul 09.00\n".repeat(40), "bukan film"),
        ("lagu.mp4", fs::read(tone()).expect("read"), "tidak ada gambar bergerak"),
        ("kodek.mp4", patched(&mp4, b"avc1", b"zzz1"), "tidak punya dekoder"),
        ("kodek.mkv", patched(&mkv, b"V_MPEG4/ISO/AVC", b"V_MPEG4/ISO/ZZZ"), "tidak punya dekoder"),
        ("nol.mp4", zeroed(&mp4), "tidak ada gambar bergerak"),
        ("raksasa.webm", huge(&webm, true), "terlalu besar"),
    ]
}

/// A playlist's folder with all bad films, each after a picture, and good films.
pub fn folder_of_bad() -> Folder {
    let mut folder = Folder::new();
    for number in PICTURES {
        folder.copy(&format!("{number}.png"), &picture(number));
    }
    folder.copy("baik.mp4", &film(GOOD, 60, Pack::Mp4));
    for (name, bytes, _) in bad() {
        folder.put(name, bytes);
    }
    // Its decoder reads and reads, and never has a frame.
    folder.put("buta.webm", numb(&film(6, 60, Pack::Webm)));
    // It is damaged, and yet something can be seen of it.
    folder.put("gores.mp4", scratched(&film(6, 60, Pack::Mp4)));
    folder.put("potong.webm", cut(&film(6, 60, Pack::Webm), 90));
    folder.write(&[]);
    folder
}

fn names() -> Vec<&'static str> {
    bad().into_iter().map(|(name, ..)| name).collect()
}

#[test]
fn each_bad_film_is_skipped_and_told_once() {
    let mut folder = folder_of_bad();
    // What the library itself refuses.
    folder.put("kosong.mp4", []);
    fs::create_dir(folder.path("folder.mp4")).expect("a folder");
    let made = Command::new("mkfifo").arg(folder.path("pipa.mp4")).status();
    assert!(made.expect("mkfifo is there").success());
    let mut items = vec![("baik.mp4", None)];
    for (at, name) in names().into_iter().enumerate() {
        items.extend([(["8.png", "9.png"][at % 2], Some(1)), (name, None)]);
    }
    items.extend([("8.png", Some(4)), ("buta.webm", None), ("9.png", Some(1))]);
    items.extend([("kosong.mp4", None), ("folder.mp4", None), ("pipa.mp4", None)]);
    folder.write(&items);
    let mut hall = Hall::open(folder);
    let mut eye = Eye::new(&hall.glass, zones::stage(&hall.glass));
    eye.until("the good film", |seen| matches!(seen, Seen::Frame { film: GOOD, .. }));
    // Once round, until the good film comes again.
    let stills = eye.watch(Duration::from_secs(120), |stills| {
        let shown = |film| stills.iter().rposition(|s| s.film() == Some(film));
        shown(GOOD) > shown(9) && shown(9) > shown(8) && shown(8).is_some() && hall.told(&["buta.webm"]) > 0
    });
    never_nothing(&stills);
    let mut films: Vec<u32> = stills.iter().filter_map(Still::film).collect();
    films.dedup();
    let pictures = (0..names().len()).map(|at| PICTURES[at % 2]).chain([8, 9]);
    let order: Vec<u32> = [GOOD].into_iter().chain(pictures).chain([GOOD]).collect();
    assert_eq!(films, order, "only what is good is seen, in its order");

    for (name, _, why) in bad() {
        assert_eq!(hall.told(&[name, why, "dilewati"]), 1, "{name} is told once, with {why:?}");
    }
    assert_eq!(hall.told(&["buta.webm", "tidak menghasilkan gambar", "dilewati"]), 1);
    for (name, why) in [("kosong.mp4", "kosong"), ("folder.mp4", "folder"), ("pipa.mp4", "bukan berkas")] {
        assert_eq!(hall.told(&[name, why]), 1, "{name} is told once, with {why:?}");
    }
    assert!(hall.program.runs(), "{}", hall.program.said());

    // How much longer than its second a picture stayed, while what comes after it was found to be bad: it is seen
    // alone for its time less that of a change.
    let mut alone: Vec<(u32, Duration, Duration)> = Vec::new();
    for still in &stills {
        let (since, until) = (still.since - stills[0].since, still.until - stills[0].since);
        match (still.film(), alone.last_mut()) {
            (Some(film), Some((last, _, end))) if *last == film => *end = until,
            (Some(film), _) => alone.push((film, since, until)),
            (None, _) => {}
        }
    }
    let due = Duration::from_secs(1) - FADE;
    let pictures = alone.iter().skip(1).take(names().len());
    let mut late: Vec<Duration> =
        pictures.map(|(_, since, until)| (*until - *since).saturating_sub(due)).collect();
    println!("a bad film is skipped after it is due: {}", spread(&mut late));
    assert!(median(&late) < Duration::from_secs(1), "skipped within a second of being due: {late:?}");

    // Mended, it is shown, though others are as bad as before.
    hall.folder.copy("kodek.mp4", &film(5, 60, Pack::Mp4));
    eye.until("the film that was mended", |seen| matches!(seen, Seen::Frame { film: 5, .. }));
    assert_eq!(hall.told(&["pipa.mp4", "bukan berkas"]), 1, "what stays as it is is not told again");
}

#[test]
fn a_pipe_in_the_place_of_a_film_holds_nobody() {
    let mut folder = Folder::new();
    folder.copy("film.mp4", &film(GOOD, 60, Pack::Mp4));
    folder.copy("8.png", &picture(8));
    folder.write(&[("film.mp4", None), ("8.png", Some(1))]);
    let mut hall = Hall::open(folder);
    let mut eye = Eye::new(&hall.glass, zones::stage(&hall.glass));
    eye.until("the film", |seen| matches!(seen, Seen::Frame { film: GOOD, .. }));
    let pipe = hall.folder.path("pipa");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there").success());
    fs::rename(&pipe, hall.folder.path("film.mp4")).expect("in its place");
    hall.tells(&["film.mp4", "bukan berkas"]);
    // The last good copy plays on, the film among it.
    eye.until("the picture", |seen| matches!(seen, Seen::Frame { film: 8, .. }));
    eye.until("the film", |seen| matches!(seen, Seen::Frame { film: GOOD, .. }));
    assert_eq!(hall.told(&["film.mp4", "dilewati"]), 0, "nobody opened the pipe");
    // The library reads on.
    hall.folder.copy("film.mp4", &film(2, 60, Pack::Webm));
    eye.until("a film again", |seen| matches!(seen, Seen::Frame { film: 2, .. }));
    assert!(hall.program.runs(), "{}", hall.program.said());
}

#[test]
fn a_film_that_is_too_heavy_is_told_and_the_running_text_moves() {
    let mut folder = Folder::new();
    folder.copy("berat.mp4", &heavy());
    folder.write(&[("berat.mp4", None)]);
    let mut hall = Hall::open(folder);
    let row = zones::ticker_row(&hall.glass);
    let before = hall.glass.pixels(row);
    until(|| "the running text moves".into(), || hall.glass.pixels(row) != before);
    let (mut tried, said) = (Instant::now(), hall.program.said.clone());
    until(
        || format!("it is told to be too heavy: {:?}", said.lock()),
        || {
            if tried.elapsed() > Duration::from_secs(10) {
                // A machine that others keep busy may not even open it: it is tried again.
                hall.folder.write(&[("berat.mp4", None)]);
                tried = Instant::now();
            }
            hall.told(&["berat.mp4", "terlalu berat"]) > 0
        },
    );
    let seen = watch::row(&hall.glass, row, Duration::from_secs(3));
    let mut gaps: Vec<Duration> = seen.windows(2).map(|w| w[1].0 - w[0].0).collect();
    println!("the running text beside a film that is too heavy: {}", spread(&mut gaps));
    assert!(seen.len() > 90 && median(&gaps) < Duration::from_millis(25), "it moves: {} times", seen.len());
    assert!(hall.program.runs() && hall.decoders().len() == 1, "{}", hall.program.said());
    assert_eq!(hall.told(&["berat.mp4", "terlalu berat"]), 1);
    assert_eq!(hall.told(&["berat.mp4", "berulang kali"]), 0, "it is shown all the same");
}
