//! Screens in their places: turned by each quarter, moved, and cut, with pictures, fades and films.
//! Invariant: a turned screen has the pixels of the upright one, each at its other place, in both presenters.

use papan::{
    picture::{
        Colour, DisplayList, Picture, Planes, Quad, Rect,
        place::{Place, Placer, ground},
        planes::{Layout, Matrix, Reading},
        turn::Turn,
    },
    present::png,
    snapshot,
};

use super::{alike, films_alike, headless, picture, scenes};

/// A screen's list in a larger window.
fn placed(list: &DisplayList, turn: Turn, at: (i32, i32), window: (u32, u32)) -> (DisplayList, Rect) {
    let (w, h) = turn.size((list.width, list.height));
    let place = Place { at: Rect::new(at.0, at.1, w, h), turn };
    let mut quads = ground(window, [place.at]);
    Placer::default().place(list, &place, &mut quads);
    (DisplayList { width: window.0, height: window.1, quads }, place.at)
}

/// The pixels of a window that is black but for a screen, turned, at a place.
fn wanted(list: &DisplayList, turn: Turn, at: Rect, window: (u32, u32)) -> Vec<u32> {
    let upright = Picture::new(list.width, list.height, png::pixels(list));
    let turned = turn.picture(&upright);
    let mut words = vec![0xff00_0000; window.0 as usize * window.1 as usize];
    for y in 0..turned.height() {
        for x in 0..turned.width() {
            let (wx, wy) = (at.x + x as i32, at.y + y as i32);
            if (0..window.0 as i32).contains(&wx) && (0..window.1 as i32).contains(&wy) {
                words[wy as usize * window.0 as usize + wx as usize] = turned.row(y)[x as usize];
            }
        }
    }
    words
}

fn film(w: u32, h: u32, layout: Layout) -> Planes {
    let reading = Reading { layout, matrix: Matrix::Bt709, full: false };
    let noise = |n: usize| (n.wrapping_mul(2_654_435_761) >> 13) as u8;
    let smooth = |n: usize| 16 + (n % w as usize * 200 / w as usize) as u8;
    let luma = w as usize * h as usize;
    let bytes: Vec<u8> =
        (0..Planes::size(w, h)).map(|n| if n < luma { smooth(n) } else { noise(n) / 2 + 64 }).collect();
    Planes::new(w, h, reading, bytes)
}

#[test]
fn every_scene_turned_is_the_scene() {
    let mut gpu = headless();
    let some = ["landscape", "portrait", "callout", "videotron-small", "notice-important"];
    for (name, scene) in scenes::all().into_iter().filter(|(name, _)| some.contains(name)) {
        let (w, h) = scene.size;
        let small = 240.0 / f64::from(w.max(h));
        let side = |pixels: u32| ((f64::from(pixels) * small).round() as u32).max(16);
        let list = snapshot::draw(snapshot::Scene { size: (side(w), side(h)), ..scene }).unwrap();
        for turn in Turn::ALL {
            let window = (300, 290);
            let (all, at) = placed(&list, turn, (31, 17), window);
            assert_eq!(png::pixels(&all), wanted(&list, turn, at, window), "{name} {turn:?}");
            alike(&mut gpu, &format!("{name} {turn:?}"), &all);
        }
    }
}

#[test]
fn films_and_fades_are_turned_alike() {
    let mut gpu = headless();
    for layout in [Layout::Three, Layout::Two] {
        // Odd sizes, larger and smaller than the film, cut at an edge of the screen.
        for (w, h, rect) in [
            (64, 48, Rect::new(10, 5, 64, 48)),
            (33, 21, Rect::new(-20, 8, 150, 90)),
            (160, 121, Rect::new(20, -9, 61, 47)),
        ] {
            let planes = film(w, h, layout);
            let quads = vec![
                Quad::fill(Colour::hex(0x07_2430), Rect::new(0, 0, 120, 80)),
                Quad::film(&planes, rect).clipped(Rect::new(0, 0, 110, 80)),
                Quad::picture(&picture(50, 30, 4, false), 60, 40).faded(99),
                Quad::film(&planes, Rect::new(3, 3, 30, 20)).faded(120),
            ];
            let list = DisplayList { width: 120, height: 80, quads };
            for turn in Turn::ALL {
                // One that lies partly outside of the window too.
                for corner in [(9, 14), (150, -30)] {
                    let (all, at) = placed(&list, turn, corner, (200, 160));
                    let name = format!("{w} × {h} at {rect:?}, {turn:?}, {corner:?}");
                    assert_eq!(png::pixels(&all), wanted(&list, turn, at, (200, 160)), "{name}");
                    films_alike(&mut gpu, &name, &all);
                }
            }
        }
    }
}

/// Two screens side by side: what one of them changes, the other one's pixels stay.
#[test]
fn what_changes_on_one_screen_leaves_the_other() {
    let mut gpu = headless();
    let window = (200, 120);
    let (still, turn) = (picture(80, 120, 1, true), Turn::Quarter);
    let mut placers = [Placer::default(), Placer::default()];
    for step in 0..12 {
        let left = DisplayList { width: 80, height: 120, quads: vec![Quad::picture(&still, 0, 0)] };
        let tiles = [picture(70, 30, step / 4, true), picture(70, 30, 9, false)];
        let x = 60 - 7 * step as i32;
        let right = DisplayList {
            width: 90,
            height: 110,
            quads: vec![
                Quad::fill(Colour::hex(0xff_c73d), Rect::new(0, 0, 90, 110)),
                Quad::picture(&tiles[0], x, 40).clipped(Rect::new(5, 40, 80, 30)),
                Quad::picture(&tiles[1], x + 70, 40).clipped(Rect::new(5, 40, 80, 30)),
            ],
        };
        let places = [
            Place { at: Rect::new(0, 0, 80, 120), turn: Turn::None },
            Place { at: Rect::new(85, 20, 110, 90), turn },
        ];
        let mut quads = ground(window, places.iter().map(|place| place.at));
        for ((placer, list), place) in placers.iter_mut().zip([&left, &right]).zip(&places) {
            placer.place(list, place, &mut quads);
        }
        alike(&mut gpu, &format!("step {step}"), &DisplayList { width: window.0, height: window.1, quads });
    }
}
