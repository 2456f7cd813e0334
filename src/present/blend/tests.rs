//! What composing and damage promise.
//! Invariant: expected channels are computed here in the plainest way, not by the code under test.

use proptest::prelude::*;

use super::*;
use crate::picture::{
    Colour, Planes,
    planes::{Layout, Matrix, Reading},
};

const W: u32 = 24;
const H: u32 = 16;

fn composed(list: &DisplayList) -> Vec<u32> {
    let mut target = vec![0x1234_5678; (list.width * list.height) as usize];
    compose(list, list.bounds(), &mut target, list.width as usize);
    target
}

/// What one quad alone shows.
fn alone(quad: &Quad) -> Vec<u32> {
    let whole = Quad { opacity: 255, clip: quad.rect, ..quad.clone() };
    composed(&list(vec![whole]))
}

fn list(quads: Vec<Quad>) -> DisplayList {
    DisplayList { width: W, height: H, quads }
}

/// One channel by its definition, in exact fractions: `round(c × opacity / 255)`, and the rest over it.
fn expected(over: u32, under: u32, opacity: u32) -> u32 {
    let rounded = |a: u32, b: u32| (f64::from(a) * f64::from(b) / 255.0).round() as u32;
    let alpha = rounded(over >> 24, opacity);
    (0..4).fold(0, |word, byte| {
        let channel = |word: u32| word >> (8 * byte) & 255;
        word | (rounded(channel(over), opacity) + rounded(channel(under), 255 - alpha)) << (8 * byte)
    })
}

/// A premultiplied word.
fn word(alpha: u32, share: [u32; 3]) -> u32 {
    share.iter().fold(alpha, |word, share| (word << 8) | (alpha * share / 255))
}

#[test]
fn every_alpha_and_opacity_blends_as_defined() {
    for opacity in 0..=255 {
        let words = (0..=255).map(|alpha| word(alpha, [255, 128 ^ opacity, 3])).collect::<Vec<_>>();
        let under =
            (0..=255).map(|x| 0xff00_0000 | x << 16 | (255 - x) << 8 | ((x * 7) & 255)).collect::<Vec<_>>();
        let solid = under.iter().rev().copied().collect::<Vec<_>>();
        for over in [words, solid] {
            let list = DisplayList {
                width: 256,
                height: 1,
                quads: vec![
                    Quad::picture(&Picture::new(256, 1, under.clone()), 0, 0),
                    Quad::picture(&Picture::new(256, 1, over.clone()), 0, 0).faded(opacity as u8),
                ],
            };
            let want: Vec<_> = over.iter().zip(&under).map(|(o, u)| expected(*o, *u, opacity)).collect();
            assert_eq!(composed(&list), want, "opacity {opacity}");
        }
    }
}

#[test]
fn a_faded_fill_blends_as_defined() {
    let (under, over) = (Colour::hex(0xf6_f3ec), Colour::hex(0x07_2430));
    for opacity in 0..=255 {
        let all = Rect::new(0, 0, W, H);
        let faded = list(vec![Quad::fill(under, all), Quad::fill(over, all).faded(opacity)]);
        let want = expected(over.pixel(), under.pixel(), opacity.into());
        assert!(composed(&faded).iter().all(|word| *word == want), "opacity {opacity}");
    }
}

#[test]
fn only_the_damage_is_touched_and_the_stride_is_kept() {
    let list = list(vec![Quad::fill(Colour::hex(0xff_ffff), Rect::new(-5, -5, 100, 100))]);
    let stride = W as usize + 3;
    let mut target = vec![7; stride * H as usize];
    let damage = Rect::new(20, 10, 50, 3);
    compose(&list, damage, &mut target, stride);
    for (at, word) in target.iter().enumerate() {
        let (x, y) = (at % stride, at / stride);
        let inside = (20..W as usize).contains(&x) && (10..13).contains(&y);
        assert_eq!(*word, if inside { 0xffff_ffff } else { 7 }, "({x}, {y})");
    }
}

#[test]
fn what_no_quad_covers_is_black() {
    assert!(composed(&list(vec![])).iter().all(|word| *word == BARE));
}

#[test]
fn a_moving_ticker_is_one_rectangle() {
    let tiles: Vec<_> = (0..6).map(|_| Picture::new(512, 60, vec![0xff_u32 << 24; 512 * 60])).collect();
    let clip = Rect::new(0, 1020, 1920, 60);
    let at = |x: i32| DisplayList {
        width: 1920,
        height: 1080,
        quads: std::iter::once(Quad::fill(Colour::hex(0x07_2430), Rect::new(0, 0, 1920, 1080)))
            .chain(
                tiles.iter().zip(0..).map(|(tile, n)| Quad::picture(tile, x + 512 * n, 1020).clipped(clip)),
            )
            .chain([Quad::fill(Colour::hex(0xff_c73d), Rect::new(0, 1016, 1920, 4))])
            .collect(),
    };
    assert_eq!(damage(&at(-3), &at(-6)), vec![clip]);
    assert_eq!(damage(&at(-510), &at(-513)), vec![clip]);
    assert!(damage(&at(-3), &at(-3)).is_empty());
}

#[test]
fn what_is_hidden_is_no_damage() {
    let all = Rect::new(0, 0, W, H);
    let over = Quad::fill(Colour::hex(1), Rect::new(0, 0, 10, 10));
    let with = |n: u32| {
        list(vec![
            Quad::fill(Colour::hex(9), all),
            Quad::fill(Colour::hex(n), Rect::new(2, 2, 5, 5)),
            over.clone(),
        ])
    };
    assert!(damage(&with(2), &with(3)).is_empty());
}

#[test]
fn a_films_next_frame_is_what_is_seen_of_it() {
    let frames = films();
    let stage = Rect::new(4, 2, 10, 8);
    let ticker = |n: u32| Quad::fill(Colour::hex(n), Rect::new(0, 12, W, 4));
    let at = |n: usize, ticked| {
        let ground = Quad::fill(Colour::hex(9), Rect::new(0, 0, W, H));
        let film = Quad::film(&frames[n], Rect::new(-6, 2, 30, 8)).clipped(stage);
        list(vec![ground, film, Quad::fill(Colour::hex(3), Rect::new(6, 8, 6, 2)), ticker(ticked)])
    };
    assert_eq!(damage(&at(0, 1), &at(1, 1)), vec![stage]);
    assert_eq!(damage(&at(1, 1), &at(1, 2)), vec![Rect::new(0, 12, W, 4)], "a repeated frame");
    assert!(damage(&at(1, 1), &at(1, 1)).is_empty());
    let called = |n: usize| {
        let mut list = at(n, 1);
        list.quads.push(Quad::fill(Colour::hex(5), stage));
        list
    };
    assert!(damage(&called(0), &called(1)).is_empty(), "a film under a call");
}

#[test]
fn a_quad_that_moved_a_changed_order_and_a_new_size_are_damage() {
    let ink = |rgb, x, y| Quad::fill(Colour::hex(rgb), Rect::new(x, y, 4, 4));
    let moved = damage(&list(vec![ink(1, 0, 0)]), &list(vec![ink(1, 2, 2)]));
    assert_eq!(moved, vec![Rect::new(0, 0, 6, 6)]);
    let turned = damage(&list(vec![ink(1, 0, 0), ink(2, 2, 2)]), &list(vec![ink(2, 2, 2), ink(1, 0, 0)]));
    assert!(turned.iter().any(|area| area.contains(Rect::new(2, 2, 2, 2))), "{turned:?}");
    let mut larger = list(vec![]);
    larger.width += 1;
    assert_eq!(damage(&list(vec![]), &larger), vec![Rect::new(0, 0, W + 1, H)]);
}

#[test]
fn scattered_changes_stay_few_and_distant_ones_apart() {
    let quads = |n: u32| {
        (0..100).map(move |i: i32| Quad::fill(Colour::hex(n), Rect::new(i % 10 * 200, i / 10 * 200, 20, 20)))
    };
    let at = |n, count| DisplayList { width: 2000, height: 2000, quads: quads(n).take(count).collect() };
    let many = damage(&at(1, 100), &at(2, 100));
    assert!(many.len() <= 8, "{many:?}");
    for quad in quads(1) {
        assert!(many.iter().any(|area| area.contains(quad.rect)), "{quad:?}");
    }
    let far = |n| {
        let quads = [0, 1500].map(|at| Quad::fill(Colour::hex(n), Rect::new(at, at, 20, 20)));
        DisplayList { width: 2000, height: 2000, quads: quads.to_vec() }
    };
    assert_eq!(damage(&far(1), &far(2)).len(), 2);
}

/// Pictures of every kind, made once: equality goes by drawing.
fn pictures() -> Vec<Picture> {
    (0..8_u32)
        .map(|n| {
            let (w, h) = (3 + n * 3, 2 + n * 2);
            let alpha = |at: u32| if n % 2 == 0 { 255 } else { at * 37 % 256 };
            Picture::new(w, h, (0..w * h).map(|at| word(alpha(at), [at * 11 % 256, n * 30, 200])).collect())
        })
        .collect()
}

/// Films of every reading and of odd sizes, made once: equality goes by frame.
fn films() -> Vec<Planes> {
    let sizes = [(1, 1), (2, 2), (3, 5), (16, 9), (24, 16), (50, 31)];
    let readings = [Layout::Three, Layout::Two].into_iter().flat_map(|layout| {
        [(Matrix::Bt601, false), (Matrix::Bt709, true), (Matrix::Bt2020, false)]
            .map(|(matrix, full)| Reading { layout, matrix, full })
    });
    let frame = |((width, height), reading): ((u32, u32), Reading)| {
        let noise = |at: usize| (at as u32 + width).wrapping_mul(2_654_435_761).to_be_bytes()[0];
        let bytes: Vec<u8> = (0..Planes::size(width, height)).map(noise).collect();
        Planes::new(width, height, reading, bytes)
    };
    sizes.into_iter().zip(readings).map(frame).collect()
}

fn rect() -> impl Strategy<Value = Rect> {
    (-8..30_i32, -8..20_i32, 0..30_u32, 0..24_u32).prop_map(|(x, y, w, h)| Rect::new(x, y, w, h))
}

fn quad(pictures: Vec<Picture>, films: Vec<Planes>) -> impl Strategy<Value = Quad> {
    let opacity = prop_oneof![Just(255), Just(0), any::<u8>()];
    let source = (0..3, any::<prop::sample::Index>());
    (rect(), rect(), source, opacity, any::<bool>()).prop_map(
        move |(rect, clip, (source, at), opacity, clipped)| {
            let quad = match source {
                0 => Quad::picture(at.get(&pictures), rect.x, rect.y),
                1 => Quad::film(at.get(&films), rect),
                _ => Quad::fill(Colour::hex(at.index(4) as u32 * 0x1f_3f5f), rect),
            };
            if clipped { quad.clipped(clip).faded(opacity) } else { quad.faded(opacity) }
        },
    )
}

/// A list, and one made of it by leaving quads out, putting new ones in, and turning two around.
fn two_lists() -> impl Strategy<Value = (DisplayList, DisplayList)> {
    let (pictures, films) = (pictures(), films());
    let quads = proptest::collection::vec(quad(pictures.clone(), films.clone()), 0..10);
    let new = proptest::collection::vec((any::<prop::sample::Index>(), quad(pictures, films)), 0..3);
    let keep = proptest::collection::vec(proptest::bool::weighted(0.8), 10);
    let turn = proptest::option::of(any::<(prop::sample::Index, prop::sample::Index)>());
    (quads, new, keep, turn).prop_map(|(before, new, keep, turn)| {
        let mut keep = keep.into_iter();
        let mut after = before.clone();
        after.retain(|_| keep.next().unwrap_or(true));
        for (at, quad) in new {
            after.insert(at.index(after.len() + 1), quad);
        }
        if let Some((from, to)) = turn
            && !after.is_empty()
        {
            let count = after.len();
            after.swap(from.index(count), to.index(count));
        }
        (list(before), list(after))
    })
}

proptest! {
    #[test]
    fn composing_the_damage_is_composing_all((before, after) in two_lists()) {
        let mut target = composed(&before);
        let areas = damage(&before, &after);
        prop_assert!(areas.len() <= 8);
        for area in areas {
            prop_assert!(after.bounds().contains(area) && !area.is_empty());
            compose(&after, area, &mut target, W as usize);
        }
        prop_assert_eq!(target, composed(&after));
    }

    #[test]
    fn every_pixel_is_the_stack_of_its_quads((list, _) in two_lists()) {
        let mut want = vec![BARE; (W * H) as usize];
        for quad in &list.quads {
            let seen = quad.rect.intersect(quad.clip);
            // What a film's pixels are is tested with both presenters; here they come from the film alone.
            let alone = alone(quad);
            for (at, under) in want.iter_mut().enumerate() {
                let (x, y) = (at as i32 % W as i32, at as i32 / W as i32);
                if !seen.contains(Rect::new(x, y, 1, 1)) {
                    continue;
                }
                let over = match &quad.source {
                    Source::Film(_) => alone[at],
                    Source::Fill(colour) => colour.pixel(),
                    Source::Picture(picture) => picture.row((y - quad.rect.y) as u32)[(x - quad.rect.x) as usize],
                };
                *under = expected(over, *under, quad.opacity.into());
            }
        }
        prop_assert_eq!(composed(&list), want);
    }
}
