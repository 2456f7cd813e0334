//! Flat patches have their colours, from every codec, matrix, range and sampling, on both presenters' ways.
//! Invariant: a film's samples come from the standards' formulas, and are coded all but without loss.

use papan::{
    picture::planes,
    present::gpu::Headless,
    state::{FilmForm, Shot},
};

use crate::{
    films::{AV1, Film, H264, H265, MPEG4, Matrix, PATCHES, Rgb, VP8, VP9, patch},
    shown::{Pixels, Showing, list, projector, wanted},
};

/// How far a flat patch may be from its colour, of 255.
const NEAR: u8 = 3;

/// What of a picture's patches, as they lie over a whole stage, has another colour in its middle.
pub fn patches(name: &str, pixels: &Pixels, (width, height): (u32, u32)) -> Vec<String> {
    let place = |n: u32| (width * (2 * (n % 4) + 1) / 8, height * (2 * (n / 4) + 1) / 4);
    (0..)
        .zip(PATCHES)
        .filter_map(|(n, want)| {
            let (x, y) = place(n);
            let got = pixels.at(x, y);
            (!near(got, want)).then(|| format!("{name}, patch {n}: {got:?} for {want:?}"))
        })
        .collect()
}

pub fn near(got: Rgb, want: Rgb) -> bool {
    got.into_iter().zip(want).all(|(got, want)| got.abs_diff(want) <= NEAR)
}

/// Opens films of patches in both forms.
#[track_caller]
fn right(films: &[Film]) {
    let mut wrong = vec![];
    for form in [FilmForm::Pixels, FilmForm::Planes] {
        let projector = projector(form, None);
        for film in films {
            let path = film.still(|x, y| patch(film.size, x, y));
            let size = (160, 160 * film.size.1 / film.size.0);
            let shot = Showing::open(&projector, wanted(&path, size)).first();
            wrong.extend(patches(&format!("{}, {form:?}", film.name), &Pixels::of(&shot, size), size));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_codec_in_its_containers() {
    right(
        &[
            ("h264", "mp4", H264),
            ("h264", "mov", H264),
            ("h264", "mkv", H264),
            ("h265", "mp4", H265),
            ("h265", "mkv", H265),
            ("vp8", "webm", VP8),
            ("vp9", "webm", VP9),
            ("vp9", "mp4", VP9),
            ("av1", "webm", AV1),
            ("av1", "mp4", AV1),
            ("mpeg4", "mp4", MPEG4),
            ("mpeg4", "mov", MPEG4),
            ("mpeg4", "mkv", MPEG4),
        ]
        .map(|(name, container, codec)| Film { frames: 4, ..Film::new(name, container, codec) }),
    );
}

#[test]
fn every_matrix_and_range() {
    let mut films = vec![];
    for (matrix, full) in
        [Matrix::Bt601, Matrix::Bt709, Matrix::Bt2020].into_iter().flat_map(|m| [(m, false), (m, true)])
    {
        for (codec, container, options) in [
            ("h264", "mp4", H264),
            ("h264", "mov", H264),
            ("h265", "mp4", H265),
            ("vp9", "webm", VP9),
            ("av1", "mp4", AV1),
        ] {
            let name = format!("{codec}-{matrix:?}-{}", if full { "full" } else { "limited" });
            films.push(Film { matrix, full, frames: 4, ..Film::new(&name, container, options) });
        }
    }
    right(&films);
}

#[test]
fn every_sampling_and_depth() {
    let mut films = vec![];
    for (name, chroma, bits, matrix) in [
        ("422", (1, 0), 8, Matrix::Bt709),
        ("444", (0, 0), 8, Matrix::Bt709),
        ("420-10", (1, 1), 10, Matrix::Bt709),
        ("422-10", (1, 0), 10, Matrix::Bt709),
        ("444-10", (0, 0), 10, Matrix::Bt601),
        ("2020-10", (1, 1), 10, Matrix::Bt2020),
    ] {
        for (full, range) in [(false, "limited"), (true, "full")] {
            let mut film = |codec: &str, container, options| {
                let film = Film::new(&format!("{codec}-{name}-{range}"), container, options);
                films.push(Film { chroma, bits, matrix, full, frames: 4, ..film });
            };
            film("h264", "mp4", H264);
            if chroma == (1, 1) {
                film("h265", "mp4", H265);
                film("vp9", "webm", VP9);
                film("av1", "mp4", AV1);
            }
        }
    }
    right(&films);
}

/// Many tools write neither matrix nor range: what is no larger than standard definition is BT.601, the rest BT.709.
#[test]
fn a_film_that_does_not_say_its_matrix() {
    right(
        &[
            ("h264", (640, 480), Matrix::Bt601, H264, "mp4"),
            ("h264", (1280, 720), Matrix::Bt709, H264, "mp4"),
            ("vp8", (1280, 720), Matrix::Bt709, VP8, "webm"),
            ("mpeg4", (1280, 720), Matrix::Bt709, MPEG4, "mp4"),
        ]
        .map(|(name, size, matrix, codec, container)| {
            let film = Film::new(&format!("untold-{name}-{}", size.1), container, codec);
            Film { size, matrix, told: false, frames: 3, ..film }
        }),
    );
}

/// Where only the track's head says the matrix, and the stream nothing, the head is believed.
#[test]
fn a_matrix_in_the_head_alone() {
    let codec = format!("{H264} -x264-params colorprim=undef:transfer=undef:colormatrix=undef");
    right(&["mp4", "mov"].map(|container| {
        let film = Film::new("head-alone", container, &codec);
        Film { matrix: Matrix::Bt709, frames: 4, ..film }
    }));
}

/// The way to the renderer: planes as they were decoded, drawn by its shader.
#[test]
fn planes_drawn_by_the_renderer() {
    let mut gpu = Headless::new().unwrap_or_else(|error| {
        panic!("this test draws on software Vulkan: run it by `make test`, which installs it: {error}")
    });
    let size = (200, 120);
    for (name, matrix, full, codec, bits) in [
        ("gpu-709", Matrix::Bt709, false, H264, 8),
        ("gpu-2020", Matrix::Bt2020, false, H265, 10),
        ("gpu-601-full", Matrix::Bt601, true, H264, 8),
    ] {
        let film = Film { matrix, full, bits, frames: 4, ..Film::new(name, "mp4", codec) };
        let path = film.still(|x, y| patch(film.size, x, y));
        let mut cover = wanted(&path, size);
        cover.fit = papan::domain::playlist::Fit::Cover;
        let mut showing = Showing::open(&projector(FilmForm::Planes, None), cover);
        let shot = showing.first();
        let Shot::Film(planes, _) = &shot else { panic!("planes are wanted") };
        let right = match matrix {
            Matrix::Bt601 => planes::Matrix::Bt601,
            Matrix::Bt709 => planes::Matrix::Bt709,
            Matrix::Bt2020 => planes::Matrix::Bt2020,
        };
        assert_eq!((planes.reading().matrix, planes.reading().full), (right, full), "{name}");
        let words = gpu.render(&list(&shot, size)).expect("the renderer draws");
        let wrong = patches(name, &Pixels::new(size, words), size);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
