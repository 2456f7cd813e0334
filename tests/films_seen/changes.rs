//! Changes between films, pictures and pages, and a film that loops: something is always shown, and it moves.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    films_bad::{Pack, RATE, film, picture},
    hall::{Folder, Hall},
    is_long, long,
    looks::{Eye, Seen, Still, median, never_nothing, spread},
    outside::zones,
};

/// The films of the playlist below, in its order; what is not one of them stands still.
const FILMS: [u32; 3] = [1, 2, 3];
const PICTURE: u32 = 8;
/// What comes after the last film: a page, which has no code.
const BEFORE_PAGE: u32 = 3;
/// The longest that a film may stand still where nothing else keeps the machine: frames come every 33 ms.
const STANDS: Duration = Duration::from_millis(200);

#[test]
fn changes_show_something_that_moves_at_every_look() {
    let mut folder = Folder::new();
    folder.copy("satu.mp4", &film(1, 60, Pack::Mp4));
    folder.copy("dua.webm", &film(2, 60, Pack::Webm));
    folder.copy("tiga.mkv", &film(3, 60, Pack::Mkv));
    folder.copy("gambar.png", &picture(PICTURE));
    folder.put("halaman.md", "# Kartu tanda penduduk\n\n## Syarat\n\n- Kartu keluarga\n- Surat pengantar\n");
    folder.write(&[
        ("satu.mp4", None),
        ("gambar.png", Some(1)),
        ("dua.webm", None),
        ("tiga.mkv", None),
        ("halaman.md", Some(1)),
    ]);
    let wanted = if is_long() { 100 } else { 12 };
    let hall = Hall::open(folder);
    let mut eye = Eye::new(&hall.glass, hall.stage());
    eye.until("the first film", |seen| matches!(seen, Seen::Frame { film: 1, .. }));
    let most = Duration::from_secs(15) * wanted as u32;
    let stills = eye.watch(most, |stills| stills.len() > 40 * wanted && changes(stills).len() >= wanted);
    never_nothing(&stills);
    let changes = changes(&stills);
    assert!(changes.len() >= wanted, "{} changes", changes.len());
    // The playlist's order, without its page.
    let order = [1, PICTURE, 2, 3];
    for (at, change) in changes.iter().enumerate() {
        assert_eq!((change.from, change.to), (order[at % 4], order[(at + 1) % 4]), "change {at}");
    }

    let mut kinds: BTreeMap<(u32, u32), Vec<Duration>> = BTreeMap::new();
    let mut all = Vec::new();
    for change in &changes {
        let times: Vec<Duration> = change.moving.iter().map(Still::length).collect();
        kinds.entry((change.from, change.to)).or_default().extend(times.iter().max());
        all.extend(times);
    }
    println!("{} changes; a picture stands while it should move: {}", changes.len(), spread(&mut all));
    for ((from, to), longest) in kinds {
        println!("  {from} to {to}: {longest:?}");
        // A change that is wrong is so each time: a film that is opened too late, or held at its end.
        let best = longest.iter().min().expect("it was seen");
        assert!(*best < STANDS, "from {from} to {to} it stands still: {longest:?}");
    }
}

/// What happens from the middle of one item to the middle of the next.
struct Change {
    from: u32,
    to: u32,
    /// All that should move: films, and one fading into the other.
    moving: Vec<Still>,
}

fn changes(stills: &[Still]) -> Vec<Change> {
    let shown: Vec<(usize, u32)> =
        stills.iter().enumerate().filter_map(|(at, s)| Some((at, s.film()?))).collect();
    let ends = shown.windows(2).filter(|w| w[0].1 != w[1].1);
    let mut changes = Vec::new();
    for pair in ends {
        let [(last, from), (first, to)] = [pair[0], pair[1]];
        let mut moving: Vec<Still> = stills[last + 1..first].to_vec();
        if from == BEFORE_PAGE {
            // The page is what stands longest.
            let page = moving.iter().enumerate().max_by_key(|(_, still)| still.length()).map(|(at, _)| at);
            if let Some(page) = page {
                moving.remove(page);
            }
        }
        // Some frames of the films on both sides.
        let side = |film: u32, at: std::ops::Range<usize>| {
            let of_it = stills[at].iter().filter(move |s| FILMS.contains(&film) && s.film() == Some(film));
            of_it.cloned().collect::<Vec<_>>()
        };
        moving.extend(side(from, last.saturating_sub(20)..last + 1));
        moving.extend(side(to, first..(first + 20).min(stills.len())));
        changes.push(Change { from, to, moving });
    }
    changes
}

#[test]
fn a_film_alone_loops_without_a_gap() {
    let frames = if is_long() { 240 } else { 60 };
    let mut folder = Folder::new();
    folder.copy("satu.mp4", &film(1, frames, Pack::Mp4));
    folder.write(&[("satu.mp4", None)]);
    let hall = Hall::open(folder);
    let mut eye = Eye::new(&hall.glass, hall.stage());
    // From the first loop on: before it the hall's name fades out.
    eye.until("its last second", |seen| matches!(seen, Seen::Frame { frame, .. } if frame + RATE > frames));
    let stills = eye.watch(long(Duration::from_secs(9), Duration::from_secs(600)), |_| false);
    never_nothing(&stills);
    let frame_of = |still: &Still| match still.seen {
        Seen::Frame { film: 1, frame } => frame,
        other => panic!("{other:?} in the midst of a film"),
    };
    // Each frame is that far behind the one before it; never back, but from the end to the beginning.
    let steps: Vec<u32> =
        stills.windows(2).map(|w| (frame_of(&w[1]) + frames - frame_of(&w[0])) % frames).collect();
    let (begin, end) = (stills[0].since, stills[stills.len() - 1].since);
    let ran: u32 = steps.iter().sum();
    let due = (end - begin).as_secs_f64() * f64::from(RATE);
    let ahead = f64::from(ran) - due;
    // A loop that takes longer than the film is behind by more with each; what is merely late catches up.
    let loops = ran / frames;
    assert!(
        loops >= 3 && ahead.abs() < 0.35 * f64::from(RATE),
        "{ran} frames, {due} were due, in {loops} loops"
    );
    // How long the picture stood about where it begins anew.
    let anew = |at: usize| frame_of(&stills[at + 1]) < frame_of(&stills[at]);
    let ends = (2..stills.len() - 3).filter(|at| anew(*at));
    let mut longest: Vec<Duration> =
        ends.filter_map(|at| stills[at - 2..at + 3].iter().map(Still::length).max()).collect();
    let middle = median(&longest);
    let mut all: Vec<Duration> = stills.iter().map(Still::length).collect();
    println!("{loops} loops, {ahead:.1} frames ahead; a frame stands: {}", spread(&mut all));
    println!("  and where it begins anew: {}", spread(&mut longest));
    assert!(middle < STANDS, "it stands where it begins anew: {longest:?}");
}

/// The frames that are seen, one after the other.
fn frames(stills: &[Still]) -> Vec<(u32, u32)> {
    let frame = |still: &Still| match still.seen {
        Seen::Frame { film, frame } => Some((film, frame)),
        _ => None,
    };
    stills.iter().filter_map(frame).collect()
}

#[test]
fn a_film_plays_on_through_another_playlist_and_gives_way_to_its_own_new_file() {
    let mut folder = Folder::new();
    folder.copy("panjang.mp4", &film(1, 600, Pack::Mp4));
    folder.copy("gambar.png", &picture(PICTURE));
    folder.write(&[("panjang.mp4", None), ("gambar.png", Some(1))]);
    let mut hall = Hall::open(folder);
    let mut eye = Eye::new(&hall.glass, zones::stage(&hall.glass));
    eye.until("the film", |seen| matches!(seen, Seen::Frame { film: 1, frame } if frame > 30));
    hall.folder.copy("dua.webm", &film(2, 60, Pack::Webm));
    hall.folder.write(&[("gambar.png", Some(1)), ("panjang.mp4", None), ("dua.webm", None)]);
    let mut since = None;
    let stills = eye.watch(Duration::from_secs(30), |stills| {
        if hall.told(&["has changed"]) > 0 && since.is_none() {
            since = Some(stills.len());
        }
        since.is_some_and(|since| stills.len() > since + 45)
    });
    never_nothing(&stills);
    let seen = frames(&stills);
    assert_eq!(seen.len(), stills.len(), "nothing comes over it");
    let goes_on = |w: &[(u32, u32)]| w[0].0 == 1 && w[1].0 == 1 && w[0].1 < w[1].1;
    assert!(seen.windows(2).all(goes_on), "the film goes on: {seen:?}");

    // Another film takes its name: it is on air well before the old one would be over.
    hall.folder.copy("panjang.mp4", &film(4, 60, Pack::Mp4));
    let stills = eye.watch(Duration::from_secs(30), |stills| {
        stills.last().is_some_and(|s| matches!(s.seen, Seen::Frame { film: 4, frame } if frame > 10))
    });
    never_nothing(&stills);
    let mut films: Vec<u32> = frames(&stills).iter().map(|(film, _)| *film).collect();
    films.dedup();
    assert_eq!(films, [1, 4], "the new film comes in the place of the old one");
}
