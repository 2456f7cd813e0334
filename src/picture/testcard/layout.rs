//! Where the panels lie, on the grid's lines. Invariant: they lie within the card and do not meet each other.

use crate::picture::Rect;

/// Where everything lies; `None` is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Plan {
    /// Whether there is room for little more than the marks.
    pub compact: bool,
    /// The rings' centres and radii.
    pub rings: Vec<((f32, f32), f32)>,
    pub facts: Option<Rect>,
    pub sizes: Option<Rect>,
    pub patches: Option<Rect>,
    pub colours: Option<Rect>,
    pub greys: Option<Rect>,
}

/// Cells so small have no room for captions.
const SMALL_CELL: u32 = 36;

pub(super) fn plan(width: u32, height: u32, cell: u32) -> Plan {
    let (columns, rows) = (width / cell, height / cell);
    if cell < SMALL_CELL || columns < 6 || rows < 6 {
        return compact(width, height, cell);
    }
    // The outermost cells show the grid alone.
    let inner = Rect::new(cell as i32, cell as i32, (columns - 2) * cell + 1, (rows - 2) * cell + 1);
    let gap = (cell / 8).max(2);
    if width > height * 5 / 2 {
        wide(inner, gap)
    } else if width > height {
        landscape(inner, gap)
    } else {
        portrait(inner, gap)
    }
}

fn landscape(inner: Rect, gap: u32) -> Plan {
    let [top, middle, bottom] = rows(inner, gap, [2.0, 3.0, 2.0]);
    let (left, facts, right) = between(top, gap);
    let (low_left, low, low_right) = between(bottom, gap);
    let [sizes, patches] = columns(middle, gap, [4.0, 3.0]);
    let [colours, greys] = rows(low, gap, [1.0, 1.0]);
    Plan {
        compact: false,
        rings: [left, right, low_left, low_right].map(round).into(),
        facts: Some(facts),
        sizes: Some(sizes),
        patches: Some(patches),
        colours: Some(colours),
        greys: Some(greys),
    }
}

fn portrait(inner: Rect, gap: u32) -> Plan {
    let [top, sizes, patches, colours, greys, foot] = rows(inner, gap, [2.2, 4.0, 2.7, 1.7, 1.7, 1.5]);
    let ring = |row: Rect, right: bool| {
        let side = row.h.min(row.w / 2);
        Rect::new(if right { row.right() - side as i32 } else { row.x }, row.y, side, row.h)
    };
    Plan {
        compact: false,
        rings: [ring(foot, false), ring(foot, true), middle(foot)].map(round).into(),
        facts: Some(top),
        sizes: Some(sizes),
        patches: Some(patches),
        colours: Some(colours),
        greys: Some(greys),
    }
}

fn wide(inner: Rect, gap: u32) -> Plan {
    let [facts, sizes, patches, right] = columns(inner, gap, [3.0, 4.0, 3.2, 4.0]);
    let [colours, greys] = rows(right, gap, [1.0, 1.0]);
    let [facts, rings] = rows(facts, gap, [3.0, 2.0]);
    let [a, b] = columns(rings, gap, [1.0, 1.0]);
    Plan {
        compact: false,
        rings: [a, b].map(round).into(),
        facts: Some(facts),
        sizes: Some(sizes),
        patches: Some(patches),
        colours: Some(colours),
        greys: Some(greys),
    }
}

/// Few pixels: the marks, and what needs no words.
fn compact(width: u32, height: u32, cell: u32) -> Plan {
    let edge = cell.min(width / 8).min(height / 6).max(3);
    let inner = Rect::new(0, 0, width, height).inset(edge, edge);
    if inner.w < 24 || inner.h < 12 {
        return Plan { compact: true, ..Plan::default() };
    }
    let gap = 2;
    if width >= height {
        let tall = width < height * 5;
        let [top, bottom] = rows(inner, gap, if tall { [1.0, 1.0] } else { [1.0, 0.001] });
        if !tall || bottom.h < 8 {
            let [facts, patches, colours] = columns(inner, gap, [2.0, 1.0, 2.0]);
            let [colours, greys] = rows(colours, 0, [1.0, 1.0]);
            return Plan {
                compact: true,
                rings: Vec::new(),
                facts: Some(facts),
                sizes: None,
                patches: Some(patches),
                colours: Some(colours),
                greys: Some(greys),
            };
        }
        let (left, facts, right) = between(top, gap);
        let [patches, bars] = columns(bottom, gap, [2.0, 3.0]);
        let [colours, greys] = rows(bars, 0, [1.0, 1.0]);
        return Plan {
            compact: true,
            rings: [left, right].map(round).into(),
            facts: Some(facts),
            sizes: None,
            patches: Some(patches),
            colours: Some(colours),
            greys: Some(greys),
        };
    }
    let [ring, facts, patches, colours, greys] = rows(inner, gap, [1.2, 1.5, 1.5, 1.0, 1.0]);
    Plan {
        compact: true,
        rings: vec![round(middle(ring))],
        facts: Some(facts),
        sizes: None,
        patches: Some(patches),
        colours: Some(colours),
        greys: Some(greys),
    }
}

/// The square in the middle of a row.
fn middle(row: Rect) -> Rect {
    let side = row.h.min(row.w);
    Rect::new(row.x + ((row.w - side) / 2) as i32, row.y, side, row.h)
}

/// A row's ends, as wide as it is high, and what is between them.
fn between(row: Rect, gap: u32) -> (Rect, Rect, Rect) {
    let side = row.h.min(row.w / 4);
    let left = Rect::new(row.x, row.y, side, row.h);
    let right = Rect::new(row.right() - side as i32, row.y, side, row.h);
    let middle = Rect::new(left.right() + gap as i32, row.y, row.w - 2 * (side + gap).min(row.w / 2), row.h);
    (left, middle, right)
}

/// The ring in a square; its centre is the middle of a pixel.
fn round(square: Rect) -> ((f32, f32), f32) {
    let (x, y) = (square.x + square.w as i32 / 2, square.y + square.h as i32 / 2);
    ((x as f32 + 0.5, y as f32 + 0.5), square.w.min(square.h) as f32 / 2.0 - 1.0)
}

/// Rows of these shares of the height, with gaps between them.
pub(super) fn rows<const N: usize>(of: Rect, gap: u32, shares: [f32; N]) -> [Rect; N] {
    let parts = parts(of.h, gap, shares);
    parts.map(|(from, length)| Rect::new(of.x, of.y + from as i32, of.w, length))
}

/// Columns of these shares of the width, with gaps between them.
pub(super) fn columns<const N: usize>(of: Rect, gap: u32, shares: [f32; N]) -> [Rect; N] {
    let parts = parts(of.w, gap, shares);
    parts.map(|(from, length)| Rect::new(of.x + from as i32, of.y, length, of.h))
}

fn parts<const N: usize>(length: u32, gap: u32, shares: [f32; N]) -> [(u32, u32); N] {
    let gaps = gap * (N as u32 - 1);
    let (room, sum) = (length.saturating_sub(gaps) as f32, shares.iter().sum::<f32>());
    let mut done = 0.0;
    let mut count = 0;
    shares.map(|share| {
        let from = (room * done / sum).round() as u32;
        done += share;
        let to = (room * done / sum).round() as u32;
        count += 1;
        (from + gap * (count - 1), to - from)
    })
}
