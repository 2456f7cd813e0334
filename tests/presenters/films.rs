//! Films in both presenters: the right colours, in the right places, and nothing new from frame to frame.
//! Invariant: what is expected comes from the standards' formulas as written here, not from the program.

use std::sync::{Arc, Mutex};

use papan::picture::{
    Colour, DisplayList, Planes, Quad, Rect,
    planes::{Layout, Matrix, Reading},
};

use super::{H, W, base, films_alike, headless, list, png};

/// How far a flat patch may be from its colour, of 255, with what 8 bits of luma and chroma leave out.
const PATCH: u8 = 3;
/// Black, white, greys, the primaries and their opposites, and what a hall's film is full of.
const PATCHES: [[u8; 3]; 16] = [
    [0, 0, 0],
    [255, 255, 255],
    [128, 128, 128],
    [16, 16, 16],
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [255, 255, 0],
    [0, 255, 255],
    [255, 0, 255],
    [255, 199, 61],
    [7, 36, 48],
    [246, 243, 236],
    [15, 118, 110],
    [224, 172, 140],
    [96, 57, 40],
];

const GREY: Reading = Reading { layout: Layout::Three, matrix: Matrix::Bt709, full: true };

fn readings() -> impl Iterator<Item = Reading> {
    let matrices = [Matrix::Bt601, Matrix::Bt709, Matrix::Bt2020];
    [Layout::Three, Layout::Two].into_iter().flat_map(move |layout| {
        matrices
            .into_iter()
            .flat_map(move |matrix| [false, true].map(move |full| Reading { layout, matrix, full }))
    })
}

/// Luma and chroma of a colour, in 8 bits: E'Y = Kr R + Kg G + Kb B, E'Cb = (B − E'Y) / 2(1 − Kb), E'Cr likewise,
/// and their quantization, by BT.601-7 2.5, BT.709-6 3 and BT.2020-2 tables 4 and 5; full range by H.273 8.3.
fn encoded(rgb: [u8; 3], reading: Reading) -> [u8; 3] {
    let [kr, kg, kb] = match reading.matrix {
        Matrix::Bt601 => [0.299, 0.587, 0.114],
        Matrix::Bt709 => [0.2126, 0.7152, 0.0722],
        Matrix::Bt2020 => [0.2627, 0.6780, 0.0593],
    };
    let [r, g, b] = rgb.map(|c| f64::from(c) / 255.0);
    let y = kr * r + kg * g + kb * b;
    let (cb, cr) = ((b - y) / (2.0 * (1.0 - kb)), (r - y) / (2.0 * (1.0 - kr)));
    let (black, luma, chroma) = if reading.full { (0.0, 255.0, 255.0) } else { (16.0, 219.0, 224.0) };
    [black + luma * y, 128.0 + chroma * cb, 128.0 + chroma * cr].map(|c| c.round().clamp(0.0, 255.0) as u8)
}

/// A frame by what its samples are: luma and both of chroma, each at a column and a row of its own plane.
fn planes(
    (width, height): (u32, u32),
    reading: Reading,
    luma: impl Fn(u32, u32) -> u8,
    chroma: impl Fn(u32, u32) -> [u8; 2],
) -> Planes {
    Planes::new(width, height, reading, bytes((width, height), reading.layout, luma, chroma))
}

fn bytes(
    (width, height): (u32, u32),
    layout: Layout,
    luma: impl Fn(u32, u32) -> u8,
    chroma: impl Fn(u32, u32) -> [u8; 2],
) -> Vec<u8> {
    let over = |w: u32, h: u32| (0..h).flat_map(move |y| (0..w).map(move |x| (x, y)));
    let half = || over(width.div_ceil(2), height.div_ceil(2)).map(|(x, y)| chroma(x, y));
    let mut all: Vec<u8> = over(width, height).map(|(x, y)| luma(x, y)).collect();
    match layout {
        Layout::Two => all.extend(half().flatten()),
        Layout::Three => all.extend(half().map(|c| c[0]).chain(half().map(|c| c[1]))),
    }
    all
}

/// Noise and fine lines: whatever goes wrong between two samples shows.
fn noise(size: (u32, u32), reading: Reading, seed: u32) -> Planes {
    let noise = move |x: u32, y: u32, n: u32| {
        ((x * 7919 + y * 104_729 + n * 31 + seed).wrapping_mul(2_654_435_761) >> 13) as u8
    };
    planes(size, reading, |x, y| noise(x, y, 0), |x, y| [noise(x, y, 1), noise(x, y, 2)])
}

/// A grey frame of full range: what is shown is its luma.
fn grey(size: (u32, u32), luma: impl Fn(u32, u32) -> u8) -> Planes {
    planes(size, GREY, luma, |_, _| [128, 128])
}

/// The red of a row of pixels of a quad, by the CPU.
fn reds(planes: &Planes, rect: Rect, y: i32) -> Vec<u8> {
    let (width, height) = (rect.w, rect.h);
    let shown = png::pixels(&DisplayList { width, height, quads: vec![Quad::film(planes, rect)] });
    shown[y as usize * width as usize..][..width as usize].iter().map(|word| word.to_be_bytes()[1]).collect()
}

#[test]
fn flat_patches_have_their_colour_in_every_matrix_range_and_layout() {
    let mut gpu = headless();
    // 4 × 4 patches of 20 × 12; scaled up, down, and as they are.
    let patch = |x: u32, y: u32| PATCHES[(y / 12 * 4 + x / 20) as usize];
    for reading in readings() {
        let colour = |x, y| encoded(patch(x, y), reading);
        let frame = planes(
            (80, 48),
            reading,
            |x, y| colour(x, y)[0],
            |x, y| [colour(2 * x, 2 * y)[1], colour(2 * x, 2 * y)[2]],
        );
        for (w, h) in [(80, 48), (300, 160), (31, 18)] {
            let rect = Rect::new(10, 12, w, h);
            let shown = list(vec![base(), Quad::film(&frame, rect)]);
            films_alike(&mut gpu, &format!("{reading:?} at {w} × {h}"), &shown);
            for (who, pixels) in [("CPU", png::pixels(&shown)), ("GPU", gpu.render(&shown).unwrap())] {
                for (n, want) in PATCHES.into_iter().enumerate() {
                    let (x, y) = (n as u32 % 4, n as u32 / 4);
                    let at = (12 + (2 * y + 1) * h / 8) * W + 10 + (2 * x + 1) * w / 8;
                    let [_, got @ ..] = pixels[at as usize].to_be_bytes();
                    let near = got.into_iter().zip(want).all(|(got, want)| got.abs_diff(want) <= PATCH);
                    assert!(near, "{who}, {reading:?}, {w} × {h}: {got:?} for {want:?}");
                }
            }
        }
    }
}

#[test]
fn at_its_own_size_a_film_keeps_each_sample() {
    let frame = grey((40, 8), |x, y| (x * 6 + y * 3) as u8);
    let want: Vec<u8> = (0..40).map(|x| x * 6 + 9).collect();
    assert_eq!(reds(&frame, Rect::new(0, 0, 40, 8), 3), want);
}

#[test]
fn twice_as_large_a_pixel_lies_between_two_samples() {
    let frame = grey((4, 1), |x, _| [0, 100, 200, 20][x as usize]);
    assert_eq!(reds(&frame, Rect::new(0, 0, 8, 2), 1), [0, 25, 75, 125, 175, 155, 65, 20]);
}

#[test]
fn a_third_as_large_a_pixel_is_the_mean_of_what_it_covers() {
    // A line of one row and one column in each nine: at a third it is an even grey, wherever it lies.
    let frame = grey((27, 27), |x, y| if x % 3 == 1 || y % 3 == 2 { 0 } else { 225 });
    assert_eq!(reds(&frame, Rect::new(0, 0, 9, 9), 4), [100; 9]);
    // At four fifths no line is lost, nor does it shine twice as bright.
    let lines = grey((20, 2), |x, _| if x % 5 == 2 { 200 } else { 0 });
    let shown = reds(&lines, Rect::new(0, 0, 16, 2), 0);
    let light: u32 = shown.iter().map(|red| u32::from(*red)).sum();
    assert!((600..=680).contains(&light), "{shown:?}: 4 lines of 200 at 4/5 are 640");
}

#[test]
fn chroma_stands_on_even_columns_and_between_rows() {
    // Red alone follows V: R = y + 2 (1 − Kr) V.
    let steps =
        planes((8, 8), GREY, |_, _| 100, |x, y| [128, if x < 2 { 128 } else { 168 } + 10 * (y as u8)]);
    let red = |v: f64| (100.0 + 2.0 * (1.0 - 0.2126) * (v - 128.0)).round() as u8;
    let row = reds(&steps, Rect::new(0, 0, 8, 8), 0);
    let want: Vec<u8> = [128.0, 128.0, 128.0, 148.0, 168.0, 168.0, 168.0, 168.0].map(red).to_vec();
    assert_eq!(row, want, "sample 1 stands on column 2, sample 2 on column 4");
    let column: Vec<u8> = (0..8).map(|y| reds(&steps, Rect::new(0, 0, 8, 8), y)[0]).collect();
    let between = [128.0, 130.5, 135.5, 140.5, 145.5, 150.5, 155.5, 158.0].map(red).to_vec();
    assert_eq!(column, between, "sample 0 stands between rows 0 and 1");
}

#[test]
fn films_are_the_same_on_both_at_every_size_cut_barred_and_faded() {
    let mut gpu = headless();
    for (seed, reading) in (0..).zip(readings()) {
        let (even, odd) = (noise((128, 72), reading, seed), noise((61, 35), reading, seed + 1));
        let stage = Rect::new(20, 10, 240, 140);
        let quads = [
            ("its own size", vec![Quad::film(&even, Rect::new(30, 20, 128, 72))]),
            ("larger", vec![Quad::film(&odd, Rect::new(25, 15, 230, 131))]),
            ("smaller", vec![Quad::film(&even, Rect::new(30, 20, 37, 19))]),
            ("much smaller", vec![Quad::film(&even, Rect::new(30, 20, 5, 2))]),
            ("one side smaller", vec![Quad::film(&even, Rect::new(30, 20, 200, 19))]),
            ("cover", vec![Quad::film(&even, Rect::new(20, -52, 240, 264)).clipped(stage)]),
            ("cover, off the glass", vec![Quad::film(&odd, Rect::new(-300, -100, 900, 500))]),
            (
                "contain",
                vec![Quad::fill(Colour::hex(0), stage), Quad::film(&odd, Rect::new(40, 10, 200, 140))],
            ),
            ("faded", vec![Quad::film(&even, stage).faded(90)]),
            ("crossing", vec![Quad::film(&even, stage), Quad::film(&odd, stage).faded(140)]),
            ("one frame twice", vec![Quad::film(&odd, stage), Quad::film(&odd, Rect::new(0, 0, 50, 50))]),
            ("nothing", vec![Quad::film(&noise((0, 0), reading, 0), stage)]),
        ];
        for (name, quads) in quads {
            let all = [vec![base()], quads].concat();
            films_alike(&mut gpu, &format!("{name}, {reading:?}"), &list(all));
        }
    }
}

#[test]
fn a_films_frames_in_sequence_under_a_call_and_beside_a_ticker() {
    let mut gpu = headless();
    let stage = Rect::new(20, 10, 240, 140);
    let film = |n: u32| noise((96, 54), GREY, n);
    let mut frame = film(0);
    for n in 0..40_u32 {
        if n % 2 == 0 {
            frame = film(n);
        }
        let mut quads = vec![base(), Quad::film(&frame, stage)];
        if (10..20).contains(&n) {
            quads.push(Quad::fill(Colour::hex(0xff_c73d), stage));
        }
        quads.push(Quad::fill(Colour::hex(0xff_ffff), Rect::new((n * 5) as i32, 160, 30, 10)));
        films_alike(&mut gpu, &format!("frame {n}"), &list(quads));
    }
    assert_eq!(gpu.films().uploads, 15, "twenty frames, of which a call covers five");
}

#[test]
fn a_frame_is_uploaded_once_and_two_hundred_make_nothing_new() {
    let mut gpu = headless();
    let stage = Rect::new(0, 0, 200, 120);
    let three = Reading { layout: Layout::Three, ..GREY };
    let two = Reading { layout: Layout::Two, ..GREY };
    for n in 0..200 {
        let frame = noise((64, 36), three, n);
        // The ticker beside it moves, and a fade draws it anew: neither is a new frame.
        for (x, opacity) in [(0, 255), (9, 255), (9, 200), (18, 100)] {
            let ticker = Quad::fill(Colour::hex(0xff_ffff), Rect::new(x, 150, 30, 10));
            let film = Quad::film(&frame, stage).faded(opacity);
            gpu.render(&list(vec![base(), film, ticker])).expect("the renderer draws");
        }
        assert_eq!((gpu.films().sets, gpu.films().made), (1, 1));
        assert_eq!(gpu.films().uploads, u64::from(n) + 1);
    }
    // Another film fades in, of the same shape or another, and the first one leaves.
    for (n, (size, reading)) in (0..).zip([((64, 36), three), ((64, 36), two), ((30, 36), two)]) {
        for frame in 0..10 {
            let (old, new) = (noise((64, 36), three, frame), noise(size, reading, 90 + frame));
            let quads = vec![base(), Quad::film(&old, stage), Quad::film(&new, stage).faded(99)];
            gpu.render(&list(quads)).expect("the renderer draws");
            assert_eq!((gpu.films().sets, gpu.films().made), (2, 2 + n));
        }
        gpu.render(&list(vec![base(), Quad::film(&noise((64, 36), three, 1), stage)])).expect("it draws");
        assert_eq!(gpu.films().sets, 1);
    }
    gpu.render(&list(vec![base()])).expect("the renderer draws");
    assert_eq!(gpu.films().sets, 0);
}

/// A frame's memory, which tells how many frames are held.
struct Slot(Vec<u8>, Arc<Mutex<u32>>);

impl AsRef<[u8]> for Slot {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        *self.1.lock().unwrap_or_else(std::sync::PoisonError::into_inner) -= 1;
    }
}

/// A film's frames lie in a ring of few slots, which the decoder waits for.
#[test]
fn the_renderer_holds_the_frame_that_it_shows_and_no_other() {
    let mut gpu = headless();
    let held = Arc::new(Mutex::new(0));
    for n in 0..20 {
        let bytes = bytes((W, H), Layout::Two, |_, _| n, |_, _| [n, n]);
        *held.lock().unwrap() += 1;
        let frame = Planes::new(W, H, Reading { layout: Layout::Two, ..GREY }, Slot(bytes, held.clone()));
        assert!(*held.lock().unwrap() <= 2, "the frame before, and the new one");
        gpu.render(&list(vec![Quad::film(&frame, Rect::new(0, 0, W, H))])).expect("the renderer draws");
        drop(frame);
        assert_eq!(*held.lock().unwrap(), 1);
    }
    gpu.render(&list(vec![base()])).expect("the renderer draws");
    assert_eq!(*held.lock().unwrap(), 0);
}
