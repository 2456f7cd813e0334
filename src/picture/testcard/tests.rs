//! Cards of any size. Invariant: what holds of one holds of all.

use super::*;
use crate::domain::layout::Shape;

fn card(width: u32, height: u32) -> Card {
    Card { name: "HDMI-A-1".into(), rate: Some(60.0), ..Card::new(width, height, Language::Indonesian) }
}

#[test]
fn cells_divide_the_usual_sizes() {
    for (size, side) in [
        ((1920, 1080), 120),
        ((1080, 1920), 120),
        ((3840, 2160), 240),
        ((1280, 720), 80),
        ((1152, 576), 64),
        ((256, 128), 16),
        ((1366, 768), 80),
    ] {
        assert_eq!(cell(size.0, size.1), side, "{size:?}");
    }
}

#[test]
fn every_outermost_pixel_is_white_and_the_next_is_not() {
    let theme = Theme::default();
    let mut type_ = Typesetter::default();
    for (width, height) in [
        (1920, 1080),
        (1080, 1920),
        (1152, 576),
        (256, 128),
        (1366, 768),
        (720, 720),
        (64, 64),
        (64, 32),
        (16, 16),
        (1920, 200),
        (100, 1000),
        (3000, 300),
        (2000, 16),
    ] {
        let picture = draw(&mut type_, &theme, &card(width, height));
        assert_eq!((picture.width(), picture.height()), (width, height));
        let white = theme.colour.white.pixel();
        let at = |x: u32, y: u32| picture.row(y)[x as usize];
        for x in 0..width {
            assert!(at(x, 0) == white && at(x, height - 1) == white, "{width} × {height}: column {x}");
        }
        for y in 0..height {
            assert!(at(0, y) == white && at(width - 1, y) == white, "{width} × {height}: row {y}");
        }
        for (x, y) in [(1, 1), (width - 2, 1), (1, height - 2), (width - 2, height - 2)] {
            assert_ne!(at(x, y), white, "{width} × {height}: the frame is one pixel wide");
        }
    }
}

#[test]
fn panels_lie_within_the_card_and_apart() {
    for width in (16..2200).step_by(67) {
        for height in (16..2200).step_by(71) {
            let plan = layout::plan(width, height, cell(width, height));
            let panels: Vec<Rect> = [plan.facts, plan.sizes, plan.patches, plan.colours, plan.greys]
                .into_iter()
                .flatten()
                .filter(|panel| !panel.is_empty())
                .collect();
            let inside = Rect::new(0, 0, width, height).inset(1, 1);
            for (n, panel) in panels.iter().enumerate() {
                assert!(inside.contains(*panel), "{width} × {height}: {panel:?}");
                for other in &panels[n + 1..] {
                    assert!(panel.intersect(*other).is_empty(), "{width} × {height}: {panel:?} {other:?}");
                }
            }
        }
    }
}

#[test]
fn distances_are_those_of_the_rules() {
    // Capitals of 100 mm: a ticket to 8.2 m, other text to 15.5 m.
    assert!((sizes::distance(100.0, true) - 8.2).abs() < 1e-9);
    assert!((sizes::distance(100.0, false) - 15.5).abs() < 1e-9);
    let known = Card { height_mm: Some(670.0), ..card(1920, 1080) };
    assert!((sizes::scale(&known).0 - 670.0 / 1080.0).abs() < 1e-9);
    assert!(sizes::scale(&known).1.contains("670"));
    let unknown = sizes::scale(&card(1920, 1080));
    // A 43-inch screen of 16:9 is 535 mm high.
    assert!((unknown.0 * 1080.0 - 535.5).abs() < 1.0 && unknown.1.contains("43"), "{unknown:?}");
    assert!(matches!(Shape::of(1152, 576), Shape::Videotron) && sizes::scale(&card(1152, 576)).0 == 4.0);
}

#[test]
fn the_bar_moves_by_whole_pixels_and_stays_on_the_card() {
    for size in [(1920, 1080), (256, 128), (17, 16), (1, 1)] {
        let inside = Rect::new(0, 0, size.0, size.1);
        let mut before = bar(size, 0);
        for n in 1..3000 {
            let now = bar(size, n);
            assert!(inside.contains(now) && !now.is_empty(), "{size:?}: {now:?}");
            let step = now.x - before.x;
            assert!(step == (size.0 as i32 / 320).max(1) || now.x == 0, "{size:?}: {step}");
            before = now;
        }
    }
}
