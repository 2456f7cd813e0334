//! The panel that says what the output is. Invariant: its size is always said, where any text has room.

use super::{Brush, Card, words::Words};
use crate::picture::{Rect, face::Face, text::Style};

pub(super) fn draw(brush: &mut Brush<'_>, at: Rect, card: &Card, compact: bool) {
    let words = Words::of(card.language);
    let (width, height) = card.size;
    brush.panel(at);
    let rate = card.rate.map(|rate| {
        let whole = (rate - rate.round()).abs() < 0.005;
        format!(" · {} Hz", words.number(rate, if whole { 0 } else { 2 }))
    });
    let size = format!("{width} × {height}");
    if compact {
        let name = if card.name.is_empty() { words.title } else { &card.name };
        let lines = [(name.to_owned(), Face::Heading), (size, Face::Number)];
        let each = at.h as f32 / 2.0;
        let mut y = at.y as f32;
        // One line where there is no room for two.
        let (lines, each) = if each < 8.0 { (&lines[1..], at.h as f32) } else { (&lines[..], each) };
        for (text, face) in lines {
            brush.line(text, Style::new(*face, (each * 0.78).min(28.0)), (at, y, each), true, 5.0);
            y += each;
        }
        return;
    }
    let size = format!("{size} {}{}", words.pixels, rate.unwrap_or_default());
    let turned = words.rotation.replace("{}", &card.rotation.to_string());
    let region = card.region.map_or(words.whole.to_owned(), |region| {
        words.region.replace("{x}", &region.x.to_string()).replace("{y}", &region.y.to_string())
    });
    let name = if card.name.is_empty() { words.title } else { &card.name };
    let pad = brush.small * 0.9;
    let inner = Rect::new(at.x, at.y, at.w, at.h).inset(pad as u32, (pad * 0.6) as u32);
    let h = inner.h as f32;
    let lines = [
        (name.to_owned(), Style::new(Face::Title, h * 0.30), brush.colours.sun, 0.36),
        (size, Style::new(Face::Number, h * 0.17), brush.colours.white, 0.22),
        (format!("{turned} · {region}"), Style::new(Face::TextMedium, h * 0.13), brush.colours.mist, 0.17),
    ];
    let mut y = inner.y as f32;
    for (text, style, colour, share) in lines {
        let block = brush.type_.fit(&text, style, inner.w as f32, 1, brush.small * 0.6);
        let x = inner.x as f32 + (inner.w as f32 - block.width) / 2.0;
        let top = y + (h * share - block.height) / 2.0;
        brush.type_.draw(&mut brush.canvas, &block, x.round(), top.round(), colour);
        y += h * share;
    }
    let rest = inner.bottom() as f32 - y;
    let style = Style::new(Face::Text, (brush.small * 0.95).min(rest * 0.4)).line(1.2);
    let block = brush.type_.fit_box(words.edge, style, (inner.w as f32, rest), 3, brush.small * 0.55);
    if !block.cut {
        let x = inner.x as f32 + (inner.w as f32 - block.width) / 2.0;
        let top = y + (rest - block.height) / 2.0;
        brush.type_.draw(&mut brush.canvas, &block, x.round(), top.round(), brush.colours.mist);
    }
}

impl Brush<'_> {
    /// The ground of a panel.
    pub(super) fn panel(&mut self, at: Rect) {
        let edge = self.colours.deeper.mix(self.colours.mist, 0.22);
        self.canvas.fill(at, edge);
        self.canvas.fill(at.inset(1, 1), self.colours.deep);
    }

    /// A line of text in a row that begins at a height and is so high; left out where it must be cut.
    pub(super) fn line(
        &mut self,
        text: &str,
        style: Style,
        (at, top, high): (Rect, f32, f32),
        centred: bool,
        least: f32,
    ) -> f32 {
        let room = at.w as f32 - 2.0;
        let block = self.type_.fit(text, style, room, 1, least);
        if block.cut || block.height > high * 1.3 {
            return 0.0;
        }
        let x = at.x as f32 + if centred { (at.w as f32 - block.width) / 2.0 } else { 0.0 };
        let colour = self.colours.white;
        self.type_.draw(
            &mut self.canvas,
            &block,
            x.round(),
            (top + (high - block.height) / 2.0).round(),
            colour,
        );
        block.width
    }

    /// A panel's caption; gives what is left below it.
    pub(super) fn caption(&mut self, at: Rect, text: &str) -> Rect {
        let pad = (self.small * 0.7).round() as u32;
        let inner = at.inset(pad, (pad * 3 / 4).max(1));
        let style = Style::new(Face::Heading, self.small * 1.05);
        let block = self.type_.fit(text, style, inner.w as f32, 1, self.small * 0.6);
        let high = (block.height * 1.15).round() as u32;
        if block.cut || high * 3 > inner.h {
            return inner;
        }
        let sun = self.colours.sun;
        self.type_.draw(&mut self.canvas, &block, inner.x as f32, inner.y as f32, sun);
        Rect::new(inner.x, inner.y + high as i32, inner.w, inner.h - high)
    }
}
