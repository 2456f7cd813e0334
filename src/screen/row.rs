//! One row of the board. Invariant: a ticket is never cut, and nothing in a row overlaps.

use crate::{
    picture::{
        Picture, Rect,
        face::Face,
        shape::Canvas,
        text::{Style, Typesetter},
        theme::{Colours, Sizes},
    },
    words::Words,
};

/// How a row looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// As every day.
    Plain,
    /// Called a moment ago.
    Fresh,
    /// Paused or closed.
    Dim,
    /// What it says may be out of date.
    Stale,
}

/// What stands at a row's right end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Right {
    /// A ticket.
    Ticket(String),
    /// The counter is paused.
    Paused,
    /// The counter is closed.
    Closed,
    /// The counter is open and serves nobody.
    Idle,
}

/// All that a row shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct View {
    pub(super) label: String,
    pub(super) name: String,
    pub(super) agency: String,
    pub(super) right: Right,
    pub(super) look: Look,
    /// Width × height in pixels.
    pub(super) size: (u32, u32),
    /// The size of the board's tickets in pixels an em; one for all, so that they line up.
    pub(super) ticket: f32,
}

/// Where a row's parts are, in pixels.
struct Measures {
    /// Space above, below and left of the label's box.
    inset: f32,
    /// Side of the label's box.
    side: f32,
    /// Space right of the ticket.
    end: f32,
}

fn measures((w, h): (u32, u32), names: bool) -> Measures {
    let (w, h) = (w as f32, h as f32);
    // The label's box is three quarters of the row, but leaves the width to the ticket.
    let side = (h * 0.75).min(w * if names { 0.14 } else { 0.21 });
    Measures { inset: ((h - side) / 2.0).min(h * 0.21), side, end: (h * 0.24).min(w * 0.04) }
}

/// The size in which all these tickets fit in rows of this size.
pub(super) fn ticket_size<'a>(
    type_: &mut Typesetter,
    sizes: &Sizes,
    size: (u32, u32),
    tickets: impl Iterator<Item = &'a str>,
) -> f32 {
    let names = names_fit(sizes, size);
    let m = measures(size, names);
    let (w, h) = (size.0 as f32, size.1 as f32);
    let room = w - m.inset - m.side - m.end;
    // Names keep their part where there is room for any.
    let most = if names { w * 0.36 } else { room - m.inset * 2.0 };
    let mut em = sizes.ticket.min(h * 0.88);
    for ticket in tickets {
        let style = Style::new(Face::Number, em);
        em = type_.whole(ticket, style, most.max(1.0)).size;
    }
    em
}

/// Whether a row of this size has room for the service's name beside the ticket.
fn names_fit(sizes: &Sizes, size: (u32, u32)) -> bool {
    let m = measures(size, true);
    let w = size.0 as f32;
    w * 0.64 - m.inset * 2.0 - m.side - m.end >= sizes.name * 4.6
}

pub(super) fn paint(
    type_: &mut Typesetter,
    colours: &Colours,
    sizes: &Sizes,
    words: &Words,
    view: &View,
) -> Picture {
    let (w, h) = view.size;
    let names = names_fit(sizes, view.size);
    let m = measures(view.size, names);
    let mut canvas = Canvas::filled(w, h, colours.deep);
    let all = Rect::new(0, 0, w, h);
    let radius = sizes.radius.min(h as f32 * 0.15);
    if view.look == Look::Fresh {
        // The accent: a bar that is also seen where colours are not.
        let mut bar = Canvas::new((h as f32 * 0.085).round().max(2.0) as u32, h);
        bar.round(all, radius, colours.sun);
        canvas.round(all, radius, colours.fresh);
        canvas.place(&bar.finish(), 0, 0);
    } else {
        canvas.round(all, radius, colours.deeper);
    }
    let bright = match view.look {
        Look::Plain | Look::Fresh => colours.white,
        Look::Dim | Look::Stale => colours.mist,
    };
    let middle = h as f32 / 2.0;
    let start = label(type_, &mut canvas, colours, view, &m, middle);
    let end = right(type_, &mut canvas, colours, sizes, words, view, &m, middle);
    if names {
        let room = end - start - m.inset;
        let name = Style::new(Face::TextStrong, sizes.name).line(1.12);
        let agency = Style::new(Face::TextMedium, sizes.agency).line(1.2);
        let under = if view.agency.is_empty() {
            None
        } else {
            Some(type_.fit(&view.agency, agency, room, 1, sizes.agency * 0.84))
        };
        let gap = if under.is_some() { sizes.agency * 0.12 } else { 0.0 };
        let left_for_name = h as f32 * 0.94 - under.as_ref().map_or(0.0, |b| b.height) - gap;
        let over = type_.fit_box(&view.name, name, (room, left_for_name), 2, sizes.name * 0.8);
        let height = over.height + gap + under.as_ref().map_or(0.0, |b| b.height);
        let top = middle - height / 2.0;
        type_.draw(&mut canvas, &over, start, top, bright);
        if let Some(under) = under {
            type_.draw(&mut canvas, &under, start, top + over.height + gap, colours.mist);
        }
    }
    canvas.finish()
}

/// Draws the label's box and returns where names begin.
fn label(
    type_: &mut Typesetter,
    canvas: &mut Canvas,
    colours: &Colours,
    view: &View,
    m: &Measures,
    middle: f32,
) -> f32 {
    let side = m.side.round() as u32;
    let x = m.inset.max(m.side * 0.12).round() as i32 + (view.size.1 as f32 * 0.06).round() as i32;
    let rect = Rect::new(x, (middle - m.side / 2.0).round() as i32, side, side);
    let ground = match view.look {
        Look::Fresh => colours.deeper,
        _ => colours.label_box,
    };
    canvas.round(rect, m.side * 0.16, ground);
    let ink = if view.look == Look::Dim { colours.mist } else { colours.white };
    let style = Style::new(Face::Number, m.side * 0.54);
    let block = type_.whole(&view.label, style, m.side * 0.86);
    let cap = Style { size: block.size, ..style }.cap_height();
    let left = rect.x as f32 + (m.side - block.width) / 2.0;
    type_.draw_on(canvas, &block, left, middle + cap / 2.0, ink);
    rect.right() as f32 + (m.side * 0.28).max(m.inset)
}

/// Draws what stands at the right end and returns where it begins.
fn right(
    type_: &mut Typesetter,
    canvas: &mut Canvas,
    colours: &Colours,
    sizes: &Sizes,
    words: &Words,
    view: &View,
    m: &Measures,
    middle: f32,
) -> f32 {
    let edge = view.size.0 as f32 - m.end;
    let word = |type_: &mut Typesetter, text: &str| {
        let style = Style::new(Face::Label, (view.ticket * 0.44).min(sizes.ticket * 0.40));
        (type_.fit(text, style, view.size.0 as f32 * 0.38, 1, sizes.floor * 0.5), Face::Label, colours.mist)
    };
    let (block, face, ink) = match &view.right {
        Right::Ticket(ticket) => {
            let style = Style::new(Face::Number, view.ticket);
            let room = edge - m.inset - m.side - (view.size.1 as f32 * 0.12);
            let ink = match view.look {
                Look::Fresh => colours.sun,
                Look::Plain => colours.white,
                Look::Dim | Look::Stale => colours.mist,
            };
            (type_.whole(ticket, style, room.max(1.0)), Face::Number, ink)
        }
        Right::Paused => word(type_, words.paused),
        Right::Closed => word(type_, words.closed),
        Right::Idle => word(type_, words.idle),
    };
    let cap = Style::new(face, block.size).cap_height();
    type_.draw_on(canvas, &block, edge - block.width, middle + cap / 2.0, ink);
    edge - block.width
}
