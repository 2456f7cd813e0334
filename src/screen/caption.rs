//! A film's captions: what is said in it, in white on a dark box over the stage's foot.
//! Invariant: the box lies within the stage, and its text can be read whatever the film shows behind it.

use bevy::prelude::*;

use super::arrange::{Arranged, Easel};
use crate::{
    picture::{
        Colour, Quad, Rect, card,
        face::Face,
        shape::Canvas,
        text::{Block, Style, Typesetter},
        theme::{Colours, Sizes},
    },
    state::{Stage, Theme},
};

/// The most lines: more would hide what the film shows.
const LINES: usize = 3;
/// The box's opacity at the least: a film is still seen through it.
const OPACITY: u8 = 224;
/// The contrast of text and ground (WCAG 2.2 AAA).
const CONTRAST: f32 = 7.0;
/// The most of the stage's height that is given to a caption.
const SHARE: f32 = 0.5;
/// How much smaller lines may be for standing as their author broke them.
const AS_WRITTEN: f32 = 0.85;

#[derive(Debug, Clone, PartialEq)]
struct View {
    text: String,
    zone: Rect,
    sizes: Sizes,
}

/// The caption as it is drawn: the box, and the text over it.
#[derive(Resource, Default)]
pub(super) struct Caption {
    shown: Option<View>,
    pub(super) quads: Vec<Quad>,
}

pub(super) fn draw(
    mut caption: ResMut<Caption>,
    mut easel: ResMut<Easel>,
    arranged: Res<Arranged>,
    stage: Res<Stage>,
    theme: Res<Theme>,
) {
    // The stage changes with each frame of a film, its caption seldom.
    if !stage.is_changed() && !arranged.is_changed() {
        return;
    }
    let Some(arrangement) = &arranged.0 else { return };
    let zone = arrangement.zones.stage;
    let view = stage.caption.as_ref().filter(|_| !zone.is_empty()).map(|text| View {
        text: text.clone(),
        zone,
        sizes: arrangement.sizes,
    });
    if caption.shown != view {
        caption.quads = view.as_ref().map(|view| paint(&mut easel, &theme.colour, view)).unwrap_or_default();
        caption.shown = view;
    }
}

fn paint(type_: &mut Typesetter, colours: &Colours, view: &View) -> Vec<Quad> {
    let (w, h) = (view.zone.w as f32, view.zone.h as f32);
    let sizes = &view.sizes;
    let margin = (sizes.stage_pad * 0.5).min(w * 0.04).min(h * 0.06);
    // As large as the words over a called ticket, and on a stage of a few pixels as large as one line can be.
    let most = h * SHARE - margin;
    let style = Style::new(Face::TextStrong, sizes.call_caption.min(most / 1.9).max(1.0)).line(1.3);
    let pad = |size: f32| (size * 0.6, size * 0.3);
    let (across, down) = pad(style.size);
    let room = ((w - 2.0 * (margin + across)).max(1.0), (most - 2.0 * down).max(1.0));
    let lines = lines(type_, &view.text, style, room, sizes.floor.min(style.size));
    // On a stage of a few pixels there may be no room for a letter.
    let Some(size) = lines.first().map(|line| line.size).filter(|size| *size > 0.0) else {
        return Vec::new();
    };
    let (across, down) = pad(size);
    let wide = lines.iter().map(|line| line.width).fold(0.0, f32::max);
    let high: f32 = lines.iter().map(|line| line.height).sum();
    let side = |length: f32, most: u32| (length.ceil() as u32).clamp(1, most);
    let (width, height) = (side(wide + 2.0 * across, view.zone.w), side(high + 2.0 * down, view.zone.h));
    let mut under = Canvas::new(width, height);
    under.round(Rect::new(0, 0, width, height), sizes.radius.min(size * 0.4), colours.deeper);
    let mut over = Canvas::new(width, height);
    let mut y = (height as f32 - high) / 2.0;
    for line in &lines {
        type_.draw(&mut over, line, ((width as f32 - line.width) / 2.0).round(), y.round(), colours.white);
        y += line.height;
    }
    let x = view.zone.x + (view.zone.w as i32 - width as i32) / 2;
    let y = view.zone.bottom() - margin.round() as i32 - height as i32;
    let quad = |canvas: Canvas| Quad::picture(&canvas.finish(), x, y.max(view.zone.y)).clipped(view.zone);
    vec![quad(under).faded(opacity(colours)), quad(over)]
}

/// The least opacity of the box with which its text has the contrast over a white film.
fn opacity(colours: &Colours) -> u8 {
    const FILM: Colour = Colour::hex(0xff_ff_ff);
    let seen = |opacity: u8| FILM.mix(colours.deeper, f32::from(opacity) / 255.0);
    (OPACITY..255).find(|opacity| colours.white.contrast(seen(*opacity)) >= CONTRAST).unwrap_or(255)
}

/// The text's lines, one block each, set smaller down to `floor` where they do not fit `room`, width × height,
/// then cut with an ellipsis; then they are one block.
fn lines(type_: &mut Typesetter, text: &str, style: Style, room: (f32, f32), floor: f32) -> Vec<Block> {
    let flowing = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // Above this size the words do not fit, wherever lines end: each size that is tried takes time of the frame.
    let most = style.size * (LINES as f32 * room.0 / type_.line(&flowing, style).width).min(1.0);
    let style = Style { size: most.max(floor), ..style };
    let mut fit = |text: &str| type_.fit_box(text, style, room, LINES, floor);
    let written = Some(text).filter(|text| (2..=LINES).contains(&text.lines().count())).map(&mut fit);
    let (text, block) = match written {
        Some(block) if !block.cut && block.size == style.size => (text, block),
        // Lines that were broken for another width are set anew where that lets them be clearly larger.
        Some(block) => match fit(&flowing) {
            anew if block.cut || anew.size * AS_WRITTEN > block.size => (flowing.as_str(), anew),
            _ => (text, block),
        },
        None => (flowing.as_str(), fit(&flowing)),
    };
    if block.cut {
        return vec![block];
    }
    let even = card::centred(type_, text, Style { size: block.size, ..style }, room.0);
    let fits = even.len() <= block.lines && even.iter().all(|line| line.width <= room.0 + 0.5);
    if fits { even } else { vec![block] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::layout::Shape, picture::theme::Theme};

    fn view(text: &str, zone: Rect, shape: Shape, glass: (u32, u32)) -> View {
        View { text: text.to_owned(), zone, sizes: Theme::default().sizes(shape, glass.0, glass.1) }
    }

    #[test]
    fn white_on_the_box_can_be_read_over_any_film() {
        let colours = Theme::default().colour;
        for film in [0, 0xff_ff_ff, 0xff_c7_3d, 0x80_80_80] {
            let seen = Colour::hex(film).mix(colours.deeper, f32::from(opacity(&colours)) / 255.0);
            let ratio = colours.white.contrast(seen);
            assert!(ratio >= CONTRAST, "{ratio:.2} over {film:06x}");
        }
        // A site's theme may have a lighter one: then less of the film is seen.
        let lighter = Colours { deeper: Colour::hex(0x3c_50_5b), ..colours };
        assert!(opacity(&lighter) > opacity(&colours));
    }

    #[test]
    fn any_text_lies_within_any_stage() {
        let colours = Theme::default().colour;
        let mut type_ = Typesetter::default();
        let long = "Pertanggungjawabannya disampaikan ke loket pengaduan. ".repeat(6);
        for (zone, shape, glass) in [
            (Rect::new(0, 96, 1280, 900), Shape::Landscape, (1920, 1080)),
            (Rect::new(0, 200, 1080, 700), Shape::Portrait, (1080, 1920)),
            (Rect::new(10, 10, 100, 80), Shape::Videotron, (192, 96)),
            (Rect::new(3, 5, 20, 9), Shape::Videotron, (192, 96)),
            (Rect::new(0, 0, 1, 1), Shape::Videotron, (192, 96)),
        ] {
            for text in ["Ya", "Ambil nomor\ndi mesin A", &long, "satu\ndua\ntiga\nempat\nlima", "\u{4e00}"] {
                let quads = paint(&mut type_, &colours, &view(text, zone, shape, glass));
                for quad in &quads {
                    assert!(zone.contains(quad.rect), "{text:?} in {zone:?}: {:?}", quad.rect);
                }
                assert!(zone.w < 10 || quads.len() == 2, "{text:?} in {zone:?}");
            }
        }
    }

    #[test]
    fn lines_are_few_even_and_as_large_as_they_can_be() {
        let mut type_ = Typesetter::default();
        let style = Style::new(Face::TextStrong, 46.0).line(1.3);
        let mut set = |text: &str| lines(&mut type_, text, style, (1100.0, 300.0), 15.0);
        let one = set("Ambil nomor antrean di mesin A.");
        assert_eq!((one.len(), one[0].size), (1, 46.0));
        let two = set("Ambil nomor antrean di mesin A, lalu tunggu sampai nomor Anda dipanggil.");
        assert_eq!((two.len(), two[0].size), (2, 46.0));
        assert!((two[0].width - two[1].width).abs() < 200.0, "{} and {}", two[0].width, two[1].width);
        let written = set("– Sudah lengkap?\n– Sudah, Bu.");
        assert_eq!((written.len(), written[0].size), (2, 46.0));
        // Five short lines of a file become as few as they need.
        let five = set("Ambil nomor\nantrean\ndi mesin A,\nlalu\ntunggu.");
        assert!(five.len() <= 2 && five[0].size == 46.0, "{} lines of {}", five.len(), five[0].size);
        let long = set(&"Ambil nomor antrean di mesin A. ".repeat(9));
        assert!(long.len() == 3 && long[0].size < 46.0 && long.iter().all(|l| !l.cut), "{}", long.len());
        let endless = set(&"Ambil nomor antrean di mesin A. ".repeat(60));
        assert!(endless[0].cut && endless[0].size == 15.0 && endless[0].lines <= LINES);
    }
}
