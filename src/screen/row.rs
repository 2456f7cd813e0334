//! One row of the board. Invariant: a ticket is never cut, and nothing in a row overlaps.

use crate::{
    picture::{
        Picture, Rect,
        face::Face,
        shape::Canvas,
        text::{Block, Style, Typesetter},
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
    /// Width of the labels' boxes in pixels; one for all.
    pub(super) label_box: f32,
}

/// A ticket of five characters is about this many times as wide as its size, such as `A-012`.
const USUAL_TICKET: f32 = 2.6;

/// Where a row's parts are and how large its texts are, in pixels.
struct Measures {
    /// Space between the row's left edge and the label's box.
    start: f32,
    /// Side of the label's box.
    side: f32,
    /// Space between the label's box, the names and the ticket.
    gap: f32,
    /// Space right of the ticket.
    end: f32,
    /// Size of a ticket that fits.
    ticket: f32,
    /// Size of the service's name.
    name: f32,
    /// Size of the agency.
    agency: f32,
    /// Whether there is room for names beside the ticket.
    names: bool,
}

impl Measures {
    /// The most that a ticket may take of a row's width.
    fn room(&self, width: f32, label_box: f32) -> f32 {
        (width - self.start - label_box - self.gap - self.end).max(1.0)
    }
}

fn measures(sizes: &Sizes, size: (u32, u32)) -> Measures {
    // The theme's sizes are those of the least row; a higher one has larger texts, but not so large that
    // there is no room for names where there could be.
    let most = (size.1 as f32 / sizes.row_least.max(1.0)).max(1.0);
    let steps = (0..=8_u8).map(|step| 1.0 + (most - 1.0) * f32::from(8 - step) / 8.0);
    let with_names = steps.map(|scale| scaled(sizes, size, scale)).find(|m| m.names);
    with_names.unwrap_or_else(|| scaled(sizes, size, most))
}

/// With texts `scale` times as large as the theme says.
fn scaled(sizes: &Sizes, (w, h): (u32, u32), scale: f32) -> Measures {
    let (w, h) = (w as f32, h as f32);
    let (name, agency) = (sizes.name * scale, sizes.agency * scale);
    let ticket = (sizes.ticket * scale).min(h * 0.88);
    let (start, end) = ((h * 0.17).min(w * 0.045), (h * 0.24).min(w * 0.04));
    // The label's box is three quarters of the row, but leaves the width to the ticket.
    let side = |most: f32| (h * 0.75).min(w * most);
    let narrow = side(0.14);
    let gap = (narrow * 0.28).max(h * 0.12);
    let names = w - start - narrow - 2.0 * gap - end - USUAL_TICKET * ticket >= name * 3.6;
    Measures { start, side: if names { narrow } else { side(0.215) }, gap, end, ticket, name, agency, names }
}

/// The width of the boxes that hold these labels: square, or wider where a label is long.
pub(super) fn label_box<'a>(
    type_: &mut Typesetter,
    sizes: &Sizes,
    size: (u32, u32),
    labels: impl Iterator<Item = &'a str>,
) -> f32 {
    let m = measures(sizes, size);
    let style = Style::new(Face::Number, m.side * 0.4);
    let widest = labels.map(|label| type_.line(label, style).width).fold(0.0, f32::max);
    (widest + m.side * 0.28).clamp(m.side, (size.0 as f32 * 0.24).max(m.side))
}

/// The size in which the tickets of a board's rows are set, so that they line up. One that is longer than
/// usual is set smaller by itself: it does not make the others hard to read.
pub(super) fn ticket_size<'a>(
    type_: &mut Typesetter,
    sizes: &Sizes,
    size: (u32, u32),
    label_box: f32,
    tickets: impl Iterator<Item = &'a str>,
) -> f32 {
    let m = measures(sizes, size);
    let width = size.0 as f32;
    // Names keep their part where there is room for any.
    let most = if m.names { width * 0.36 } else { m.room(width, label_box) };
    let usual = m.ticket.min(most / USUAL_TICKET);
    let fits = tickets.map(|ticket| type_.whole(ticket, Style::new(Face::Number, m.ticket), most).size);
    fits.fold(m.ticket, f32::min).max(usual * 0.8).min(m.ticket)
}

pub(super) fn paint(
    type_: &mut Typesetter,
    colours: &Colours,
    sizes: &Sizes,
    words: &Words,
    view: &View,
) -> Picture {
    let (w, h) = view.size;
    let m = measures(sizes, view.size);
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
        Look::Plain | Look::Fresh | Look::Stale => colours.white,
        Look::Dim => colours.mist,
    };
    let middle = h as f32 / 2.0;
    let start = label(type_, &mut canvas, colours, view, &m, middle);
    let end = right(type_, &mut canvas, colours, words, view, &m, middle);
    if m.names {
        let room = (end - start - m.gap).max(1.0);
        let name = Style::new(Face::TextStrong, m.name).line(1.12);
        let agency = Style::new(Face::TextMedium, m.agency).line(1.2);
        let under = if view.agency.is_empty() {
            None
        } else {
            Some(type_.fit(&view.agency, agency, room, 1, sizes.agency * 0.84))
        };
        let gap = if under.is_some() { m.agency * 0.12 } else { 0.0 };
        let left_for_name = h as f32 * 0.94 - under.as_ref().map_or(0.0, |b| b.height) - gap;
        let over = match view.name.trim() {
            "" => Block::default(),
            text => type_.fit_box(text, name, (room, left_for_name), 2, sizes.name * 0.8),
        };
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
    let width = view.label_box.round() as u32;
    let rect = Rect::new(m.start.round() as i32, (middle - m.side / 2.0).round() as i32, width, side);
    let ground = match view.look {
        Look::Fresh => colours.deeper,
        _ => colours.label_box,
    };
    canvas.round(rect, m.side * 0.16, ground);
    let ink = if view.look == Look::Dim { colours.mist } else { colours.white };
    let style = Style::new(Face::Number, m.side * 0.54);
    let block = type_.whole(&view.label, style, view.label_box - m.side * 0.14);
    let cap = Style { size: block.size, ..style }.cap_height();
    let left = rect.x as f32 + (view.label_box - block.width) / 2.0;
    type_.draw_on(canvas, &block, left, middle + cap / 2.0, ink);
    rect.right() as f32 + m.gap
}

/// Draws what stands at the right end and returns where it begins.
fn right(
    type_: &mut Typesetter,
    canvas: &mut Canvas,
    colours: &Colours,
    words: &Words,
    view: &View,
    m: &Measures,
    middle: f32,
) -> f32 {
    let width = view.size.0 as f32;
    let edge = width - m.end;
    let word = |type_: &mut Typesetter, text: &str| {
        let style = Style::new(Face::Label, m.ticket * 0.42);
        let most = if m.names { width * 0.36 } else { m.room(width, view.label_box) };
        (type_.fit(text, style, most, 1, 1.0), Face::Label, colours.mist)
    };
    let (block, face, ink) = match &view.right {
        Right::Ticket(ticket) => {
            let style = Style::new(Face::Number, view.ticket);
            let ink = match view.look {
                Look::Fresh => colours.sun,
                Look::Plain => colours.white,
                Look::Dim | Look::Stale => colours.mist,
            };
            // A long ticket takes more than its part: names give way, it is never cut.
            let most = if m.names { width * 0.52 } else { m.room(width, view.label_box) };
            (type_.whole(ticket, style, most), Face::Number, ink)
        }
        Right::Paused => word(type_, words.paused),
        Right::Closed => word(type_, words.closed),
        Right::Idle => word(type_, words.idle),
    };
    let cap = Style::new(face, block.size).cap_height();
    type_.draw_on(canvas, &block, edge - block.width, middle + cap / 2.0, ink);
    edge - block.width
}
