//! Text in the theme's own sizes, each with the distance from which it can be read.
//! Invariant: the distance is that of `domain::legibility`, for a glass as high as the config says.

use super::{Brush, Card, words::Words};
use crate::{
    domain::{
        layout::Shape,
        legibility::{TEXT, TICKET},
    },
    picture::{Rect, face::Face, text::Style, theme::Theme},
};

/// The diagonal that is reckoned with where nobody says how large the glass is, in inches.
const INCHES: f64 = 43.0;
/// The pixels' distance on an LED wall of which nobody says how large it is, in millimetres.
const PITCH: f64 = 4.0;
/// Where the shorter side has fewer pixels than this, it is an LED wall.
const FEW: u32 = 700;
/// The order in which rows find room: the smallest text, a page's, a ticket, and what is between them.
const WANTED: [usize; 7] = [6, 3, 1, 5, 2, 4, 0];
/// A ticket as they are.
const NUMBER: &str = "A-012";

/// How many millimetres a pixel is high, and what that rests on.
pub(super) fn scale(card: &Card) -> (f64, String) {
    let words = Words::of(card.language);
    let (width, height) = (f64::from(card.size.0), f64::from(card.size.1));
    match card.height_mm {
        Some(mm) => (mm / height, words.tall.replace("{}", &words.number(mm, 0))),
        None if card.size.0.min(card.size.1) < FEW => (PITCH, words.pitch.to_owned()),
        None => (INCHES * 25.4 / width.hypot(height), words.inches.replace("{}", &words.number(INCHES, 0))),
    }
}

/// From how far capitals of this height can be read, in metres.
pub(super) fn distance(cap_mm: f64, ticket: bool) -> f64 {
    cap_mm * if ticket { TICKET } else { TEXT } / 1000.0
}

pub(super) fn draw(brush: &mut Brush<'_>, at: Rect, card: &Card, theme: &Theme) {
    let words = Words::of(card.language);
    brush.panel(at);
    let below = brush.caption(at, words.sizes);
    let (mm, note) = scale(card);
    let small = Style::new(Face::Text, brush.small * 0.95);
    let note = brush.type_.fit(&note, small, below.w as f32, 1, brush.small * 0.6);
    let column = brush.small * 4.6;
    let right = below.right() as f32;
    let edges = [right - 2.3 * column, right - 1.3 * column, right];
    let room = edges[0] - column - below.x as f32;
    if room < brush.small * 4.0 {
        return;
    }
    // The columns' names stand beside the caption.
    let head_top = below.y as f32 - small.size * 1.4;
    for (edge, name) in [(edges[1], words.capitals), (edges[2], words.distance)] {
        let block = brush.type_.line(name, small);
        brush.type_.draw(
            &mut brush.canvas,
            &block,
            (edge - block.width).round(),
            head_top.round(),
            brush.colours.mist,
        );
    }
    let shape = Shape::of(card.size.0, card.size.1);
    let sizes = theme.sizes(shape, card.size.0, card.size.1);
    let samples = [
        (NUMBER, Face::Number, sizes.call_counter, true),
        (NUMBER, Face::Number, sizes.ticket, true),
        (words.sample, Face::TextStrong, sizes.ticker_text, false),
        (words.sample, Face::Text, sizes.body, false),
        (words.sample, Face::TextStrong, sizes.name, false),
        (words.sample, Face::Text, sizes.agency, false),
        (words.sample, Face::Text, sizes.floor, false),
    ];
    let bottom = below.bottom() as f32 - note.height;
    let line = 1.16;
    let rows = samples.iter().map(|(_, _, size, _)| (size * line).max(small.size * 1.25));
    // What has no room is left out; what tells most comes first.
    let (mut high, mut shown) = (0.0, [false; 7]);
    for (index, row) in WANTED.into_iter().filter_map(|index| Some((index, rows.clone().nth(index)?))) {
        if below.y as f32 + high + row <= bottom {
            high += row;
            shown[index] = true;
        }
    }
    let left = shown.iter().filter(|shown| **shown).count();
    let spare = ((bottom - below.y as f32 - high) / (left.max(1) as f32)).clamp(0.0, brush.small);
    let mut y = below.y as f32;
    let samples = samples.into_iter().zip(shown).filter(|(_, shown)| *shown);
    for ((text, face, size, ticket), _) in samples {
        let row = (size * line).max(small.size * 1.25) + spare;
        let style = Style::new(face, size).line(1.0);
        let block = brush.type_.fit(text, style, room, 1, size);
        let baseline = (y + row - spare / 2.0 - row * 0.22).round();
        if !block.cut {
            brush.type_.draw_on(&mut brush.canvas, &block, below.x as f32, baseline, brush.colours.white);
        }
        let cap = f64::from(face.cap_height() * size);
        let cells = [
            (edges[0], format!("{} px", words.number(cap, 0)), brush.colours.mist, Face::Text),
            (edges[1], format!("{} mm", words.number(cap * mm, 0)), brush.colours.mist, Face::Text),
            (
                edges[2],
                format!("{} m", words.number(distance(cap * mm, ticket), 1)),
                brush.colours.sun,
                Face::Number,
            ),
        ];
        for (edge, text, colour, face) in cells {
            let block = brush.type_.line(&text, Style { face, ..small });
            brush.type_.draw_on(&mut brush.canvas, &block, (edge - block.width).round(), baseline, colour);
        }
        y += row;
    }
    if !note.cut {
        brush.type_.draw(&mut brush.canvas, &note, below.x as f32, bottom.round(), brush.colours.mist);
    }
}
