//! Surveys of any counts on stages of any size.

use proptest::prelude::*;

use super::*;
use crate::{domain::layout::Shape, picture::theme::Theme};

fn survey(counts: [u32; 3]) -> Survey {
    let [very_satisfied, satisfied, dissatisfied] = counts;
    Survey { date: jiff::civil::date(2026, 9, 30), very_satisfied, satisfied, dissatisfied }
}

fn picture(size: (u32, u32), shape: Shape, glass: (u32, u32), title: &str, survey: Survey) -> Picture {
    let theme = Theme::default();
    let sizes = theme.sizes(shape, glass.0, glass.1);
    let language = Language::English;
    draw(
        &mut Typesetter::default(),
        Job { colours: &theme.colour, sizes: &sizes, language, title, survey, size },
    )
}

#[test]
fn any_counts_fit_any_stage() {
    let long = "Pertanggungjawabannya ".repeat(9);
    for (size, shape, glass) in [
        ((1280, 900), Shape::Landscape, (1920, 1080)),
        ((1080, 700), Shape::Portrait, (1080, 1920)),
        ((113, 80), Shape::Videotron, (192, 96)),
        ((500, 400), Shape::Landscape, (750, 600)),
        ((90, 40), Shape::Videotron, (192, 96)),
        ((30, 200), Shape::Landscape, (1920, 1080)),
        ((1, 1), Shape::Landscape, (1920, 1080)),
    ] {
        for counts in [[142, 61, 4], [0, 0, 1], [u32::MAX; 3], [1, 0, 0]] {
            for title in ["", "Kepuasan hari ini", &long] {
                let picture = picture(size, shape, glass, title, survey(counts));
                assert_eq!((picture.width(), picture.height()), size);
                let paper = Theme::default().colour.paper.pixel();
                let (w, h) = (size.0 as usize, size.1);
                assert!(picture.row(0).iter().chain(picture.row(h - 1)).all(|p| *p == paper), "{size:?}");
                assert!(
                    (0..h).all(|y| picture.row(y)[0] == paper && picture.row(y)[w - 1] == paper),
                    "{size:?}"
                );
                let drawn = picture.pixels().iter().any(|p| *p != paper);
                let room = size.0 > 90 && (size.0 > 200 || counts[0] < 100_000);
                assert!(drawn || !room, "{size:?} {counts:?} shows nothing");
            }
        }
    }
}

#[test]
fn another_count_is_another_picture() {
    let draw = |counts| picture((1280, 900), Shape::Landscape, (1920, 1080), "", survey(counts));
    assert_ne!(draw([142, 61, 4]).pixels(), draw([143, 61, 4]).pixels());
}

proptest! {
    /// Shares are whole, add up to a hundred, and are off by less than one.
    #[test]
    fn shares_add_up(counts in prop::array::uniform3(0_u32..2_000)) {
        let shares = percents(counts);
        let total: u32 = counts.iter().sum();
        prop_assert_eq!(shares.iter().sum::<u32>(), if total == 0 { 0 } else { 100 });
        for (count, share) in counts.into_iter().zip(shares) {
            if total > 0 {
                let exact = f64::from(count) * 100.0 / f64::from(total);
                prop_assert!((exact - f64::from(share)).abs() < 1.0);
            }
        }
    }
}
