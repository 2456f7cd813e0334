//! Codes on stages of every size, read back from their pixels as a phone does.

use super::*;
use crate::{domain::layout::Shape, picture::theme::Theme};

fn picture(size: (u32, u32), glass: (u32, u32), shape: Shape, title: &str, text: &str, url: &str) -> Picture {
    let theme = Theme::default();
    let sizes = theme.sizes(shape, glass.0, glass.1);
    let job = Job { colours: &theme.colour, sizes: &sizes, title, text, url, size };
    draw(&mut Typesetter::default(), job)
}

/// What a reader makes of the picture's pixels.
fn read(picture: &Picture) -> Option<String> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let grey = |x: usize, y: usize| picture.row(y as u32)[x].to_le_bytes()[1];
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    image.detect_grids().first()?.decode().ok().map(|(_, text)| text)
}

fn url(length: usize) -> String {
    let path: String = ('a'..='z').cycle().take(length - 30).collect();
    format!("https://antrean.contoh.go.id/{path}?")
}

#[test]
fn a_code_is_read_back_wherever_its_modules_have_two_pixels() {
    let stages = [
        ((1280, 760), (1920, 1080), Shape::Landscape),
        ((500, 400), (750, 600), Shape::Landscape),
        ((1080, 900), (1080, 1920), Shape::Portrait),
        ((400, 900), (700, 1200), Shape::Portrait),
        ((192, 96), (192, 96), Shape::Videotron),
        ((113, 80), (192, 96), Shape::Videotron),
        ((60, 160), (60, 240), Shape::Videotron),
    ];
    let (mut with, mut without) = (0, 0);
    for (size, glass, shape) in stages {
        for length in [31, 60, 120, 200, LONGEST] {
            let url = url(length);
            let picture = picture(size, glass, shape, "Pantau antrean dari ponsel", "Pindai kode ini.", &url);
            assert_eq!((picture.width(), picture.height()), size);
            let needed = Code::new(&url).unwrap().whole() * LEAST_MODULE;
            if needed <= size.0.min(size.1) {
                assert_eq!(read(&picture).as_deref(), Some(url.as_str()), "{size:?} {length}");
                with += 1;
            } else {
                assert_eq!(read(&picture), None);
                assert!(picture.pixels().iter().any(|p| *p != picture.pixels()[0]), "its address is written");
                without += 1;
            }
        }
    }
    assert!(with > 20 && without > 3, "{with} {without}");
}

#[test]
fn any_words_fit_beside_a_code() {
    let long = "Pertanggungjawabannya ".repeat(9);
    for size in [(1280, 760), (1080, 900), (400, 900), (500, 400), (113, 80), (64, 40), (40, 64), (1, 1)] {
        for (title, text) in
            [(long.as_str(), long.as_str()), ("", long.as_str()), (long.as_str(), ""), ("", "")]
        {
            let picture =
                picture(size, (1920, 1080), Shape::Landscape, title, text, "https://kendarikota.go.id/A-012");
            assert_eq!((picture.width(), picture.height()), size);
            if size.0.min(size.1) >= 80 {
                assert_eq!(read(&picture).as_deref(), Some("https://kendarikota.go.id/A-012"), "{size:?}");
            }
        }
    }
}

#[test]
fn an_address_is_read_without_its_scheme() {
    for (url, read) in [
        ("https://antrean.kendarikota.go.id/", "antrean.kendarikota.go.id"),
        ("http://a.id/x/y", "a.id/x/y"),
        ("tel:+62401", "tel:+62401"),
        ("", ""),
    ] {
        assert_eq!(address(url), read);
    }
}

#[test]
fn correction_is_as_good_as_it_can_be_for_the_size() {
    for length in 31..=LONGEST {
        let url = url(length);
        let least = QrCode::with_error_correction_level(&url, EcLevel::M).unwrap();
        assert_eq!(Code::new(&url).unwrap().side as usize, least.width(), "{length}");
    }
    // Longer than any code can be: its address is written.
    assert!(Code::new(&url(4_000)).is_none());
}
