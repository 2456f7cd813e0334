//! What text does in boxes and on canvases.

use super::*;

fn style(size: f32) -> Style {
    Style::new(Face::Number, size)
}

#[test]
fn digits_have_one_width() {
    let mut type_ = Typesetter::default();
    let widths: Vec<f32> =
        (0..10).map(|d| type_.line(&format!("{d}{d}{d}."), style(100.0)).width.round()).collect();
    let narrow = widths.iter().copied().fold(f32::INFINITY, f32::min);
    let wide = widths.iter().copied().fold(0.0, f32::max);
    assert!(wide - narrow < 1.0, "{widths:?}");
}

#[test]
fn every_digit_and_letter_has_ink() {
    let mut type_ = Typesetter::default();
    for face in Face::ALL {
        for letter in ('!'..='~').chain("±–•·…éñçŠ".chars()) {
            let block = type_.line(&letter.to_string(), Style::new(face, 40.0));
            let mut canvas = Canvas::filled(60, 60, Colour::hex(0));
            type_.draw(&mut canvas, &block, 10.0, 5.0, Colour::hex(0xff_ff_ff));
            let inked = canvas.finish().pixels().iter().any(|p| p & 0xff > 128);
            assert!(inked, "{face:?} draws nothing for {letter}");
        }
    }
}

#[test]
fn long_text_is_set_smaller_then_cut() {
    let mut type_ = Typesetter::default();
    let text = "Penerbitan Kartu Identitas Anak bagi penduduk pindahan antarprovinsi";
    let smaller = type_.fit(text, style(40.0), 1200.0, 1, 10.0);
    assert!(smaller.size < 40.0 && !smaller.cut && smaller.width <= 1200.5);
    let cut = type_.fit(text, style(40.0), 300.0, 1, 30.0);
    assert!(cut.cut && cut.width <= 300.5 && cut.size == 30.0);
    let two = type_.fit(text, style(40.0), 500.0, 2, 24.0);
    assert!(two.lines <= 2 && two.width <= 500.5);
}

#[test]
fn a_ticket_is_never_cut() {
    let mut type_ = Typesetter::default();
    let block = type_.whole("PBB-1044-XXXXXXX", style(120.0), 90.0);
    assert!(!block.cut && block.width <= 90.0 && block.width > 80.0);
}

#[test]
fn drawing_stays_within_the_block() {
    let mut type_ = Typesetter::default();
    let block = type_.line("A-012", style(100.0));
    let mut canvas = Canvas::filled(block.width as u32 + 100, block.height as u32 + 100, Colour::hex(0));
    type_.draw(&mut canvas, &block, 50.0, 50.0, Colour::hex(0xff_ff_ff));
    let picture = canvas.finish();
    let inked = |y: u32| picture.row(y).iter().any(|p| p & 0xff > 8);
    assert!((0..48).all(|y| !inked(y)));
    assert!((52 + block.height as u32..picture.height()).all(|y| !inked(y)));
    let cap = (50.0 + block.baseline - style(100.0).cap_height() / 2.0) as u32;
    assert!(inked(cap));
}
