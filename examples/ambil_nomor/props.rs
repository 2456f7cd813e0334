//! The things of the hall: the machine, the finger, the board on its stand, the chair, the counter.
//! Invariant: what is written on them lies within the middle seven tenths of the frame.

use papan::picture::theme::Colours;

use crate::{
    art::{Art, Text},
    brush::{Frame, Put, arc, line, rect, round},
    motion::{CALL, TOUCH, between, ease, ease_out, passed},
    person::FLOOR,
};

/// Where the machine's slot is, from the top, in pixels.
pub const SLOT: f32 = 808.0;
/// The machine's width.
pub const MACHINE: f32 = 664.0;
/// The board: left, top, width and height of its case.
pub const BOARD: (f32, f32, f32, f32) = (640.0, 276.0, 980.0, 548.0);
/// The board's glass lies so far within its case.
const CASE: f32 = 22.0;
/// When a row of the board changes, from the top.
const CHANGES: [f32; 3] = [10.4, 11.7, CALL];
/// When the call covers the board.
const COVER: f32 = CALL + 0.9;

/// Draws a text with the middle of its capitals at `y`; its left end is at `x`, for `side` 0, its middle for 0.5,
/// its right end for 1.
pub fn write(frame: &mut Frame, text: &Text, x: f32, y: f32, side: f32, opacity: f32) {
    let at = (x + text.width * (0.5 - side), y - text.drop);
    frame.sprite(&text.sprite, Put { opacity, ..Put::at(at.0, at.1) });
}

/// The machine, its middle at `x`. What comes out of its slot is drawn by `paper`, behind its upper part.
pub fn machine(frame: &mut Frame, art: &Art, x: f32, t: f32, paper: impl FnOnce(&mut Frame)) {
    let c = &art.colours;
    let (left, width) = (x - MACHINE / 2.0, MACHINE);
    frame.fill(rect(left, SLOT, width, 300.0), c.deeper, 1.0);
    frame.fill(rect(x - 200.0, SLOT - 4.0, 400.0, 26.0), c.ink.mix(c.deeper, 0.2), 1.0);
    paper(frame);
    frame.fill(round(left, 284.0, width, 200.0, 44.0), c.deeper, 1.0);
    frame.fill(rect(left, 340.0, width, SLOT - 340.0), c.deeper, 1.0);
    frame.fill(round(x - 214.0, SLOT - 12.0, 428.0, 16.0, 8.0), c.mist, 1.0);
    frame.fill(round(left + 34.0, 318.0, width - 68.0, 440.0, 24.0), c.label_box, 1.0);
    for (place, text) in art.choices.iter().enumerate() {
        let top = 342.0 + 134.0 * place as f32;
        let chosen = if place == 1 { ease(passed(t, TOUCH, 0.25)) } else { 0.0 };
        // The one that is touched gives way a little, and stays.
        let give = 8.0 * if place == 1 { dip(passed(t, TOUCH - 0.1, 0.4)) } else { 0.0 };
        let (bx, bw) = (left + 58.0 + give, width - 116.0 - 2.0 * give);
        frame.fill(round(bx, top + give * 0.5, bw, 124.0 - give, 22.0), c.white.mix(c.sun, chosen), 1.0);
        write(frame, text, left + 92.0, top + 62.0, 0.0, 1.0);
    }
}

/// There and back again: 0, 1 in the middle, 0.
fn dip(share: f32) -> f32 {
    let up = if share < 0.5 { share * 2.0 } else { 2.0 - share * 2.0 };
    ease(up)
}

/// A hand whose finger's tip is at a point; `press` says how far it is bent to touch, 0 to 1.
pub fn hand(frame: &mut Frame, c: &Colours, (x, y): (f32, f32), press: f32) {
    let y = y + 6.0 * (1.0 - press);
    // Each part twice: first wider, in ink, which leaves an outline around all.
    for (grow, colour) in [(9.0, c.ink), (0.0, c.white)] {
        let mut part = |px: f32, py: f32, w: f32, h: f32, r: f32| {
            let path = round(x + px - grow, y + py - grow, w + 2.0 * grow, h + 2.0 * grow, r + grow);
            frame.fill(path, colour, 1.0);
        };
        part(-30.0, -14.0, 60.0, 240.0, 30.0);
        part(34.0, 122.0, 56.0, 120.0, 28.0);
        part(92.0, 134.0, 54.0, 110.0, 27.0);
        part(148.0, 150.0, 48.0, 96.0, 24.0);
        part(-30.0, 170.0, 226.0, 172.0, 60.0);
        part(10.0, 260.0, 146.0, 420.0, 30.0);
        let thumb = line(&[(x - 10.0, y + 268.0), (x - 72.0, y + 186.0)]);
        frame.stroke(thumb, 56.0 + 2.0 * grow, colour, 1.0);
    }
    // What the outlines between parts of one hand covered, but for the fingers' seams.
    for seam in [32.0, 91.0, 147.0] {
        frame.stroke(line(&[(x + seam, y + 152.0), (x + seam, y + 214.0)]), 7.0, c.ink, 1.0);
    }
}

/// A ring that widens where the finger touched.
pub fn touched(frame: &mut Frame, c: &Colours, (x, y): (f32, f32), t: f32) {
    let share = passed(t, TOUCH, 0.7);
    if share > 0.0 && share < 1.0 {
        let radius = between(24.0, 120.0, ease_out(share));
        frame.stroke(arc(x, y, radius, 0.0, 360.0), 10.0, c.ink, 1.0 - share);
    }
}

/// The board on its stand, with the tickets as they are at that moment, and the call when it is due.
pub fn board(frame: &mut Frame, art: &Art, t: f32) {
    let c = &art.colours;
    let (x, y, w, h) = BOARD;
    frame.fill(rect(x + w / 2.0 - 60.0, y + h - 10.0, 120.0, FLOOR - y - h), c.ink, 1.0);
    frame.fill(round(x + w / 2.0 - 230.0, FLOOR - 18.0, 460.0, 18.0, 9.0), c.ink, 1.0);
    frame.fill(round(x, y, w, h, 34.0), c.ink, 1.0);
    let (x, y, w, h) = (x + CASE, y + CASE, w - 2.0 * CASE, h - 2.0 * CASE);
    frame.fill(round(x, y, w, h, 14.0), c.deep, 1.0);
    write(frame, &art.caption[0], x + 34.0, y + 50.0, 0.0, 1.0);
    write(frame, &art.caption[1], x + w - 34.0, y + 50.0, 1.0, 1.0);
    for row in 0..3 {
        board_row(frame, art, row, t, (x + 22.0, y + 96.0 + 134.0 * row as f32, w - 44.0, 122.0));
    }
    let cover = ease(passed(t, COVER, 0.4));
    frame.layer(0.0, cover, |frame| {
        frame.fill(round(x, y, w, h, 14.0), c.sun, 1.0);
        let middle = x + w / 2.0;
        write(frame, &art.call[0], middle, y + 66.0, 0.5, 1.0);
        write(frame, &art.call[1], middle, y + 231.0, 0.5, 1.0);
        write(frame, &art.call[2], middle, y + 422.0, 0.5, 1.0);
    });
}

fn board_row(frame: &mut Frame, art: &Art, row: usize, t: f32, (x, y, w, h): (f32, f32, f32, f32)) {
    let c = &art.colours;
    let change = ease(passed(t, CHANGES[row], 0.5));
    // The accent of an earlier call goes as the next comes.
    let later = CHANGES.get(row + 1).map_or(0.0, |at| ease(passed(t, *at, 0.5)));
    let accent = change * (1.0 - later);
    frame.fill(round(x, y, w, h, 16.0), c.deeper, 1.0);
    frame.layer(0.0, accent, |frame| {
        frame.fill(round(x, y, 40.0, h, 16.0), c.sun, 1.0);
        frame.fill(round(x + 12.0, y, w - 12.0, h, 16.0), c.fresh, 1.0);
        frame.fill(rect(x + 12.0, y, 20.0, h), c.fresh, 1.0);
    });
    frame.fill(round(x + 28.0, y + 15.0, 92.0, 92.0, 15.0), c.label_box.mix(c.deeper, accent), 1.0);
    let middle = y + h / 2.0;
    write(frame, &art.counters[row].0, x + 74.0, middle, 0.5, 1.0);
    write(frame, &art.counters[row].1, x + 148.0, middle, 0.0, 1.0);
    let [before, called, fresh] = &art.tickets[row];
    let edge = x + w - 28.0;
    write(frame, before, edge, middle - 30.0 * change, 1.0, (1.0 - 2.0 * change).max(0.0));
    let (y, come) = (middle + 30.0 * (1.0 - change), (2.0 * change - 1.0).max(0.0));
    write(frame, called, edge, y, 1.0, come);
    write(frame, fresh, edge, y, 1.0, come * (1.0 - later));
}

/// The chime as it leaves the board: arcs that come one after another and go together.
pub fn chime(frame: &mut Frame, c: &Colours, t: f32) {
    for ring in 0..3_u8 {
        let share = passed(t, CALL + 0.1 + 0.25 * f32::from(ring), 0.4);
        let gone = passed(t, CALL + 2.6, 0.5);
        let radius = 44.0 + 36.0 * f32::from(ring);
        let path = arc(BOARD.0 + 16.0, 540.0, radius, 150.0, 210.0);
        frame.stroke(path, 14.0, c.teal, ease(share) * (1.0 - gone));
    }
}

/// A chair, its seat's middle at `x`.
pub fn chair(frame: &mut Frame, c: &Colours, x: f32) {
    let seat = FLOOR - 86.0;
    let wood = c.mist.mix(c.teal, 0.35);
    frame.stroke(line(&[(x - 62.0, seat), (x - 78.0, FLOOR - 8.0)]), 16.0, wood, 1.0);
    frame.stroke(line(&[(x + 58.0, seat), (x + 66.0, FLOOR - 8.0)]), 16.0, wood, 1.0);
    frame.stroke(line(&[(x - 66.0, seat), (x - 84.0, seat - 190.0)]), 26.0, wood, 1.0);
    frame.fill(round(x - 80.0, seat - 14.0, 156.0, 28.0, 14.0), wood, 1.0);
}

/// The counter's desk and the sign over it; who works there is drawn by `officer`, behind the desk.
pub fn counter(frame: &mut Frame, art: &Art, officer: impl FnOnce(&mut Frame)) {
    let c = &art.colours;
    let (x, w) = (1112.0, 508.0);
    for rope in [x + 92.0, x + w - 92.0] {
        frame.stroke(line(&[(rope, 0.0), (rope, 300.0)]), 8.0, c.slate, 1.0);
    }
    frame.fill(round(x + 28.0, 286.0, w - 56.0, 160.0, 28.0), c.deeper, 1.0);
    frame.fill(round(x + 56.0, 426.0, w - 112.0, 12.0, 6.0), c.sun, 1.0);
    write(frame, &art.sign, x + w / 2.0, 358.0, 0.5, 1.0);
    officer(frame);
    frame.fill(rect(x + 24.0, 690.0, w - 24.0, FLOOR - 690.0), c.deep, 1.0);
    frame.fill(rect(x + 24.0, 716.0, w - 24.0, 12.0), c.sun, 1.0);
    frame.fill(round(x, 676.0, w, 34.0, 12.0), c.ink, 1.0);
}
