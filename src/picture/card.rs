//! A card: large text centred on paper.
//! Invariant: its picture has the stage's exact size, and its text lies within the margins.

use super::{
    Picture,
    face::Face,
    shape::Canvas,
    text::{Block, Piece, Style, Typesetter},
    theme::{Colours, Sizes},
};

/// Draws a title and a text below it, either may be empty, for a stage of width × height pixels; sizes in
/// pixels. Both are set smaller where they do not fit, as small as they must be.
pub fn draw(
    type_: &mut Typesetter,
    colours: &Colours,
    sizes: &Sizes,
    title: &str,
    text: &str,
    size: (u32, u32),
) -> Picture {
    let (width, height) = (size.0 as f32, size.1 as f32);
    let mut canvas = Canvas::filled(size.0, size.1, colours.paper);
    let pad = sizes.stage_pad.min(width * 0.067).min(height * 0.08).max(1.0);
    let room = (width - 2.0 * pad, height - 2.0 * pad);
    // A card has the stage to itself: its title may be larger than a page's.
    let mut scale = 1.4_f32;
    let (top, below, gap) = loop {
        let title_style = Style::new(Face::Title, sizes.title * scale).line(1.06).tracking(-0.022);
        let text_style = Style::new(Face::TextStrong, sizes.title * scale * 0.52).line(1.3);
        let top = centred(type_, title, title_style, room.0);
        let below = centred(type_, text, text_style, room.0);
        let gap = if top.is_empty() || below.is_empty() { 0.0 } else { 0.5 * sizes.title * scale };
        let high = total(&top) + gap + total(&below);
        let wide = top.iter().chain(&below).map(|b| b.width).fold(0.0, f32::max);
        let torn =
            widest_word(type_, title, title_style) > room.0 || widest_word(type_, text, text_style) > room.0;
        let long = top.len() > 3 && scale > 0.8 || below.len() > 6 && scale > 0.6;
        if !long && high <= room.1 && wide <= room.0 && !torn || sizes.title * scale < 2.0 {
            break (top, below, gap);
        }
        scale *= 0.94;
    };
    let mut y = (height - total(&top) - gap - total(&below)) / 2.0;
    for (lines, colour, after) in [(top, colours.ink, gap), (below, colours.teal_text, 0.0)] {
        for line in lines {
            type_.draw(&mut canvas, &line, ((width - line.width) / 2.0).round(), y.round(), colour);
            y += line.height;
        }
        y += after;
    }
    canvas.finish()
}

fn total(lines: &[Block]) -> f32 {
    lines.iter().map(|b| b.height).sum()
}

/// A text's lines, one block each, so that each can be centred; as even as they can be.
pub(crate) fn centred(type_: &mut Typesetter, text: &str, style: Style, width: f32) -> Vec<Block> {
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let whole = type_.block(&[Piece { text: line, bold: false }], style, Some(width));
        let (mut narrow, mut wide) = (width / whole.lines.max(1) as f32, width);
        while wide - narrow > 2.0 {
            let middle = (narrow + wide) / 2.0;
            let block = type_.block(&[Piece { text: line, bold: false }], style, Some(middle));
            if block.lines == whole.lines { wide = middle } else { narrow = middle }
        }
        lines.extend(words_by_line(type_, line, style, wide));
    }
    lines
}

fn words_by_line(type_: &mut Typesetter, text: &str, style: Style, width: f32) -> Vec<Block> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let longer = lines.last().map(|l| format!("{l} {word}"));
        match (longer, lines.last_mut()) {
            (Some(longer), Some(last)) if type_.line(&longer, style).width <= width => *last = longer,
            _ => lines.push(word.to_owned()),
        }
    }
    lines.iter().map(|l| type_.line(l, style)).collect()
}

fn widest_word(type_: &mut Typesetter, text: &str, style: Style) -> f32 {
    text.split_whitespace().map(|w| type_.line(w, style).width).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::layout::Shape, picture::theme::Theme};

    #[test]
    fn any_text_fits_any_stage() {
        let theme = Theme::default();
        let sizes = theme.sizes(Shape::Landscape, 1920, 1080);
        let mut type_ = Typesetter::default();
        let long = "Pertanggungjawabannya ".repeat(12);
        for size in [(64, 40), (200, 900), (1280, 900), (1000, 60)] {
            for (title, text) in [("Selamat datang", "Mal Pelayanan Publik"), (long.as_str(), long.as_str())]
            {
                let picture = draw(&mut type_, &theme.colour, &sizes, title, text, size);
                assert_eq!((picture.width(), picture.height()), size);
                let paper = theme.colour.paper.pixel();
                assert!(picture.row(0).iter().chain(picture.row(size.1 - 1)).all(|p| *p == paper));
                assert!((0..size.1).all(|y| picture.row(y)[0] == paper));
                assert!(picture.pixels().iter().any(|p| *p != paper));
            }
        }
    }
}
