//! Each pixel of a film lies in its place: turned as the file says, with its sample aspect, in boxes of other shapes.
//! Invariant: every row and column of the stage is looked at: the film's, and the ground's beside it.

use papan::{
    domain::playlist::Fit,
    state::{FilmForm, Shot},
};

use crate::{
    films::{Film, H264, H265, MPEG4, Matrix, Rgb, VP9},
    shown::{GROUND, Pixels, Showing, projector, wanted},
};

/// A quarter of a turn moves a film's colours: each corner has another one.
const CORNERS: [Rgb; 4] = [[200, 60, 60], [60, 190, 70], [70, 80, 200], [210, 200, 60]];

/// The corner's colour of a place in a picture of a size.
fn corner((width, height): (u32, u32), x: u32, y: u32) -> Rgb {
    CORNERS[(y * 2 / height * 2 + x * 2 / width) as usize]
}

/// A film of a shape in a box: what is wrong. `shape` is the film's width and height as they are seen; where its
/// edges are thin as chroma's samples, they may mix, so colours are looked at beside the middle lines alone.
fn placed(name: &str, pixels: &Pixels, fit: Fit, shape: (u32, u32), stage: (u32, u32)) -> Vec<String> {
    let film = fit.place(shape, stage);
    let [_, ground @ ..] = GROUND.pixel().to_be_bytes();
    let mut wrong = vec![];
    for (x, y) in (0..stage.1).flat_map(|y| (0..stage.0).map(move |x| (x, y))) {
        let (left, top) = (x as i32 - film.x, y as i32 - film.y);
        let inside = (0..film.w as i32).contains(&left) && (0..film.h as i32).contains(&top);
        let got = pixels.at(x, y);
        if !inside {
            if got != ground {
                wrong.push(format!("{name}: the ground at ({x}, {y}) is {got:?}"));
            }
            continue;
        }
        let (left, top) = (left.cast_unsigned(), top.cast_unsigned());
        // A film is cut at even columns and rows, so its middle may lie a little beside the box's.
        let middle =
            |at: u32, length: u32, source: u32| at.abs_diff(length / 2) <= 3 + 4 * length.div_ceil(source);
        if middle(left, film.w, shape.0) || middle(top, film.h, shape.1) {
            continue;
        }
        let want = corner((film.w, film.h), left, top);
        if !got.into_iter().zip(want).all(|(got, want)| got.abs_diff(want) <= 3) {
            wrong.push(format!("{name}: at ({x}, {y}) {got:?} for {want:?}"));
        }
    }
    wrong
}

/// Shows a film of corners in boxes of many shapes. `seen` tells where a coded pixel's place is, as it is seen.
fn right(film: &Film, shape: (u32, u32), seen: impl Fn(u32, u32) -> (u32, u32), stages: &[(u32, u32)]) {
    let turned =
        if film.turn.is_some_and(|turn| turn[0] == 0) { (film.size.1, film.size.0) } else { film.size };
    let path = film.still(|x, y| {
        let (x, y) = seen(x, y);
        corner(turned, x, y)
    });
    let mut wrong = vec![];
    for form in [FilmForm::Pixels, FilmForm::Planes] {
        let projector = projector(form, None);
        for stage in stages {
            for fit in [Fit::Contain, Fit::Cover] {
                let mut wanted = wanted(&path, *stage);
                wanted.fit = fit;
                let shot = Showing::open(&projector, wanted).first();
                let name = format!("{}, {form:?}, {fit:?} in {stage:?}", film.name);
                if let Shot::Film(_, rect) = &shot {
                    assert_eq!(*rect, fit.place(shape, *stage), "{name}");
                }
                let found = placed(&name, &Pixels::of(&shot, *stage), fit, shape, *stage);
                let more = found.len().saturating_sub(4);
                wrong.extend(found.into_iter().take(4));
                if more > 0 {
                    wrong.push(format!("and {more} more"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn short(name: &str, container: &'static str, codec: &str, size: (u32, u32)) -> Film {
    Film { size, frames: 3, matrix: Matrix::Bt601, ..Film::new(name, container, codec) }
}

#[test]
fn boxes_of_every_shape() {
    let film = short("corners", "mp4", H264, (320, 180));
    // As it is, larger, smaller, taller, wider, odd, and almost of its shape: bars one pixel wide.
    let stages =
        [(320, 180), (480, 270), (107, 61), (120, 200), (400, 90), (301, 167), (321, 180), (322, 180)];
    right(&film, (320, 180), |x, y| (x, y), &stages);
}

#[test]
fn films_of_odd_sizes() {
    let stages = [(321, 181), (500, 181), (321, 300), (97, 97)];
    right(&short("odd", "webm", VP9, (321, 181)), (321, 181), |x, y| (x, y), &stages);
    // Its halves meet between two blocks, where MPEG-4 leaves them apart.
    right(&short("odd-mpeg4", "mkv", MPEG4, (159, 95)), (159, 95), |x, y| (x, y), &[(159, 95), (321, 181)]);
    let whole = Film { chroma: (0, 0), ..short("odd-444", "mp4", H264, (321, 181)) };
    right(&whole, (321, 181), |x, y| (x, y), &stages[..2]);
    right(&short("narrow", "webm", VP9, (18, 240)), (18, 240), |x, y| (x, y), &[(60, 60), (18, 240)]);
}

/// Phones write how they were held. A matrix turns the point (x, y) into (a x + c y, b x + d y): ISO/IEC 14496-12 8.3.2.
#[test]
fn films_that_are_turned() {
    let (w, h) = (320, 180);
    for (name, container, codec) in
        [("turned", "mp4", H264), ("turned", "mov", H264), ("turned-h265", "mp4", H265)]
    {
        let film = |degrees: &str, turn| Film {
            turn: Some(turn),
            ..short(&format!("{name}-{degrees}"), container, codec, (w, h))
        };
        let stages = [(180, 320), (200, 200)];
        right(&film("90", [0, 1, -1, 0]), (h, w), |x, y| (h - 1 - y, x), &stages);
        right(&film("180", [-1, 0, 0, -1]), (w, h), |x, y| (w - 1 - x, h - 1 - y), &[(320, 180), (181, 201)]);
        right(&film("270", [0, -1, 1, 0]), (h, w), |x, y| (y, w - 1 - x), &stages);
    }
    let deep = Film {
        bits: 10,
        matrix: Matrix::Bt2020,
        full: true,
        turn: Some([0, 1, -1, 0]),
        ..short("turned-deep", "mp4", H265, (w, h))
    };
    right(&deep, (h, w), |x, y| (h - 1 - y, x), &[(180, 320)]);
}

#[test]
fn films_that_are_mirrored() {
    let (w, h) = (320, 180);
    let film = |name: &str, turn| Film { turn: Some(turn), ..short(name, "mp4", H264, (w, h)) };
    right(&film("mirrored", [-1, 0, 0, 1]), (w, h), |x, y| (w - 1 - x, y), &[(320, 180)]);
    right(&film("upside-down", [1, 0, 0, -1]), (w, h), |x, y| (x, h - 1 - y), &[(320, 180)]);
}

#[test]
fn samples_that_are_not_square() {
    let stages = [(512, 288), (300, 300)];
    for container in ["mp4", "mkv"] {
        let film = short("anamorphic", container, H264, (720, 576)).more("-aspect 16:9");
        right(&film, (1024, 576), |x, y| (x, y), &stages);
    }
    // Narrower samples: a film of 480 × 480 for 4:3 is seen 640 × 480; of 3:4, 480 × 640.
    let tall = short("tall", "mp4", H264, (480, 480)).more("-aspect 3:4");
    right(&tall, (480, 640), |x, y| (x, y), &stages);
    let turned = Film { turn: Some([0, 1, -1, 0]), ..short("anamorphic-90", "mp4", H264, (720, 576)) };
    right(&turned.more("-aspect 16:9"), (576, 1024), |x, y| (575 - y, x), &[(288, 512)]);
}
