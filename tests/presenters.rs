//! Both presenters give the same picture: composed on the CPU, and drawn by the renderer and read back.
//! Invariant: where nothing can draw, these tests fail; `make test` installs software Vulkan and names it.

#[path = "presenters/films.rs"]
mod films;
#[path = "common/scenes.rs"]
mod scenes;
#[path = "presenters/turned.rs"]
mod turned;

use papan::{
    picture::{Colour, DisplayList, Picture, Quad, Rect, Source},
    present::{gpu::Headless, png},
    snapshot,
};

const W: u32 = 320;
const H: u32 = 180;
/// How far a channel may differ, of 255.
const TOLERANCE: u8 = 2;
/// How far it may where the renderer interpolates between a film's samples: it may round what it finds to 8 bits
/// (software Vulkan does), before the conversion makes of that up to twice as much.
const BETWEEN: u8 = 4;
/// Of so many channels of a film one may differ by more than [`TOLERANCE`].
const RARELY: usize = 100;

fn headless() -> Headless {
    Headless::new().unwrap_or_else(|error| {
        panic!("these tests draw on software Vulkan: run them by `make test`, which installs it: {error}")
    })
}

fn list(quads: Vec<Quad>) -> DisplayList {
    DisplayList { width: W, height: H, quads }
}

fn base() -> Quad {
    Quad::fill(Colour::hex(0x07_2430), Rect::new(0, 0, W, H))
}

/// A picture in which every channel takes many values; its alpha too where it is not opaque.
fn picture(w: u32, h: u32, seed: u32, opaque: bool) -> Picture {
    let pixel = |at: u32| {
        let noise = |n: u32| (at.wrapping_mul(2_654_435_761).rotate_left(n * 7 + seed) >> 24) & 255;
        let alpha = if opaque { 255 } else { [0, 255, noise(4)][at as usize / 5 % 3] };
        [noise(1), noise(2), noise(3)].iter().fold(alpha, |word, c| word << 8 | (c * alpha / 255))
    };
    Picture::new(w, h, (0..w * h).map(pixel).collect())
}

/// Asserts that both presenters, the renderer from what it showed before, show `list` alike.
#[track_caller]
fn alike(gpu: &mut Headless, name: &str, list: &DisplayList) {
    alike_within(gpu, name, list, TOLERANCE);
}

/// The same, and how many channels differ by more than [`TOLERANCE`].
#[track_caller]
fn alike_within(gpu: &mut Headless, name: &str, list: &DisplayList, tolerance: u8) -> usize {
    let want = png::pixels(list);
    let got = gpu.render(list).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(got.len(), want.len(), "{name}: pixels");
    let mut far = 0;
    for (at, (got, want)) in got.into_iter().zip(want).enumerate() {
        let (x, y) = (at as u32 % list.width, at as u32 / list.width);
        for (a, b) in got.to_be_bytes().into_iter().zip(want.to_be_bytes()) {
            let differs = a.abs_diff(b);
            far += usize::from(differs > TOLERANCE);
            let told = || format!("{name}: at ({x}, {y}) the renderer shows {got:08x}, the CPU {want:08x}");
            assert!(differs <= tolerance, "{}", told());
        }
    }
    far
}

/// Asserts that both show a list of films alike.
#[track_caller]
fn films_alike(gpu: &mut Headless, name: &str, list: &DisplayList) {
    let far = alike_within(gpu, name, list, BETWEEN);
    let films = list.quads.iter().filter(|quad| matches!(quad.source, Source::Film(_)));
    let areas = films.map(|quad| quad.visible().intersect(list.bounds()));
    let channels: usize = areas.map(|area| area.w as usize * area.h as usize * 3).sum();
    assert!(far <= channels / RARELY, "{name}: {far} of {channels} channels differ by more than {TOLERANCE}");
}

#[test]
fn fills_and_pictures_of_every_opacity() {
    let mut gpu = headless();
    for opacity in [0, 1, 2, 64, 127, 128, 200, 254, 255] {
        let quads = vec![
            base(),
            Quad::picture(&picture(200, 120, opacity, true), 40, 30),
            Quad::fill(Colour::hex(0xff_c73d), Rect::new(10, 10, 90, 50)).faded(opacity as u8),
            Quad::picture(&picture(150, 100, opacity + 1, true), 100, 60).faded(opacity as u8),
            Quad::picture(&picture(180, 90, opacity + 2, false), 20, 80).faded(opacity as u8),
        ];
        alike(&mut gpu, &format!("opacity {opacity}"), &list(quads));
    }
}

#[test]
fn every_alpha_over_many_values() {
    let mut gpu = headless();
    let ramp = Picture::new(256, 160, (0..256 * 160).map(|at| (at % 256) * 0x0101_0101).collect());
    let under = (0..160).map(|y| {
        let value = y * 255 / 159;
        Quad::fill(Colour::hex((value * 0x01_0101) ^ 0x55), Rect::new(0, y as i32, 256, 1))
    });
    let quads = std::iter::once(base()).chain(under).chain([Quad::picture(&ramp, 0, 0)]).collect();
    alike(&mut gpu, "ramp", &list(quads));
}

#[test]
fn clips_and_what_hangs_over_the_edge() {
    let mut gpu = headless();
    let (opaque, soft) = (picture(200, 150, 3, true), picture(200, 150, 5, false));
    let quads = vec![
        base(),
        Quad::picture(&opaque, -50, -70),
        Quad::picture(&soft, 200, 100).clipped(Rect::new(210, 0, 60, 170)),
        Quad::picture(&soft, -190, 170).faded(90),
        Quad::picture(&opaque, 100, 20).clipped(Rect::new(150, 0, 0, 100)),
        Quad::picture(&opaque, 400, 20),
        Quad::fill(Colour::hex(0xff_ffff), Rect::new(-10, 100, 30, 400)).clipped(Rect::new(5, 0, 50, 150)),
        Quad::picture(&Picture::new(0, 0, vec![]), 10, 10),
    ];
    alike(&mut gpu, "clips", &list(quads));
}

/// The renderer keeps its canvas and its textures from list to list; what is stale would show here.
#[test]
fn lists_in_sequence() {
    let mut gpu = headless();
    let tiles: Vec<_> = (0..4).map(|n| picture(96, 20, n, n % 2 == 0)).collect();
    let clip = Rect::new(30, 150, 260, 20);
    let (old, new) = (picture(200, 100, 8, true), picture(200, 100, 9, true));
    for frame in 0..40_i32 {
        let ticker = tiles
            .iter()
            .zip(0..)
            .map(|(tile, n)| Quad::picture(tile, 290 - 9 * frame + 96 * n, 150).clipped(clip));
        let fade = (frame * 255 / 39) as u8;
        let row = picture(80, 10, frame as u32 / 4, false);
        let mut quads = vec![
            base(),
            Quad::picture(&old, 10, 10),
            Quad::picture(&new, 10, 10).faded(fade),
            Quad::picture(&row, 220, 20 + frame),
        ];
        quads.extend(ticker);
        if frame % 8 > 3 {
            quads.push(Quad::fill(Colour::hex(0xf6_f3ec), Rect::new(60, 60, 100, 100)));
        }
        alike(&mut gpu, &format!("frame {frame}"), &list(quads));
    }
}

#[test]
fn another_size_of_the_glass() {
    let mut gpu = headless();
    let shown = picture(100, 100, 1, false);
    for (width, height) in [(320, 180), (193, 97), (400, 300), (400, 299), (1, 1)] {
        let quads = vec![
            Quad::fill(Colour::hex(0x0b_3142), Rect::new(0, 0, width, height)),
            Quad::picture(&shown, 5, 5),
        ];
        alike(&mut gpu, &format!("{width} × {height}"), &DisplayList { width, height, quads });
    }
}

#[test]
fn pictures_that_are_gone_are_let_go() {
    let mut gpu = headless();
    for n in 0..20 {
        let one = Quad::picture(&picture(50, 50, n, true), 0, 0);
        let quads = vec![base(), one, Quad::picture(&picture(9, 9, n, false), 60, 60)];
        gpu.render(&list(quads)).expect("the renderer draws");
        assert_eq!(gpu.pictures(), 2);
    }
    gpu.render(&list(vec![base()])).expect("the renderer draws");
    assert_eq!(gpu.pictures(), 0);
}

#[test]
fn a_list_that_is_shown_already_costs_the_renderer_nothing() {
    let mut gpu = headless();
    let shown = list(vec![base(), Quad::picture(&picture(50, 50, 1, true), 0, 0)]);
    for _ in 0..3 {
        alike(&mut gpu, "shown", &shown);
    }
    let before = gpu.runs();
    for _ in 0..20 {
        alike(&mut gpu, "shown again", &shown);
    }
    assert_eq!(gpu.runs(), before);
    alike(&mut gpu, "another", &list(vec![base()]));
    assert_eq!(gpu.runs(), before + 1);
}

#[test]
fn a_lost_device_ends_the_app_with_an_error() {
    let mut gpu = headless();
    gpu.render(&list(vec![base()])).expect("the renderer draws");
    gpu.lose();
    let mut later =
        (0..3).map(|n| gpu.render(&list(vec![base(), Quad::picture(&picture(9, 9, n, true), 0, 0)])));
    assert!(later.any(|result| result.is_err()));
}

/// The real screen, at a small size for software Vulkan.
#[test]
fn every_scene_is_the_same_on_both() {
    let mut gpu = headless();
    for (name, scene) in scenes::all() {
        let (width, height) = scene.size;
        let small = 360.0 / f64::from(width.max(height));
        let side = |pixels: u32| ((f64::from(pixels) * small).round() as u32).max(16);
        let scene = snapshot::Scene { size: (side(width), side(height)), ..scene };
        alike(&mut gpu, name, &snapshot::draw(scene).unwrap());
    }
}

/// A call-out and a change of items on their way: every quad of the stage half through.
#[test]
fn a_fade_is_the_same_on_both() {
    let mut gpu = headless();
    let (_, scene) = scenes::all().into_iter().find(|(name, _)| *name == "callout").unwrap();
    let stage = snapshot::draw(snapshot::Scene { size: (320, 180), ..scenes::everyday((320, 180)) }).unwrap();
    let call = snapshot::draw(snapshot::Scene { size: (320, 180), ..scene }).unwrap();
    for opacity in [1, 60, 128, 254] {
        let mut list = stage.clone();
        list.quads.extend(call.quads.iter().cloned().map(|quad| quad.faded(opacity)));
        alike(&mut gpu, "fade", &list);
    }
}
