//! Pixels to zones: a layout is a named arrangement of zones on a glass of any size.
//! Invariant: zones lie within the glass and none overlaps another.

use taffy::prelude::*;

use super::{
    board::{Plan, RowSize},
    geometry::Rect,
};

/// The parts of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Zone {
    /// Mark, names, clock and date.
    Header,
    /// The playlist's current item, or a call.
    Stage,
    /// One row a counter.
    Board,
    /// The running text.
    Ticker,
}

/// A track of a grid: a column's width or a row's height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Track {
    /// A fraction of the whole, 0 to 1 (written `0.5` or `"9%"`).
    Share(f64),
    /// A part of what is left (written `"1fr"`).
    Rest(f64),
}

/// A site's own arrangement, as written: columns, rows, and which zone lies where.
#[derive(Debug, Clone, PartialEq)]
pub struct GridSpec {
    /// The columns' widths.
    pub columns: Vec<Track>,
    /// The rows' heights.
    pub rows: Vec<Track>,
    /// One row of zones each; `None` is an empty cell. Each zone's cells make one rectangle.
    pub areas: Vec<Vec<Option<Zone>>>,
}

/// Which of the shapes that papan knows a layout is made for; the theme has sizes for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shape {
    /// A screen in the hall, wider than high: 1920×1080.
    Landscape,
    /// A screen in the hall, higher than wide: 1080×1920.
    Portrait,
    /// An LED wall, few pixels, far away: 1152×576.
    Videotron,
}

impl Shape {
    /// The size that the theme's fractions are made for, width × height in pixels.
    pub fn reference(self) -> (f64, f64) {
        match self {
            Self::Landscape => (1920.0, 1080.0),
            Self::Portrait => (1080.0, 1920.0),
            Self::Videotron => (1152.0, 576.0),
        }
    }

    /// The shape that suits a glass whose layout nobody named. An LED wall has at most 640 rows.
    pub fn of(width: u32, height: u32) -> Self {
        match (height > width, height <= 640) {
            (true, _) => Self::Portrait,
            (false, true) => Self::Videotron,
            (false, false) => Self::Landscape,
        }
    }

    /// The height in pixels of the reference shape, set into the glass as large as it fits: what the
    /// theme's fractions are fractions of. On a glass of the reference's aspect it is the glass's height.
    pub fn height_in(self, width: u32, height: u32) -> f64 {
        let (w, h) = self.reference();
        (f64::from(width) / w).min(f64::from(height) / h) * h
    }

    /// How the board may grow, as its share of the space between header and ticker; each is tried in turn
    /// until all counters fit.
    fn board_shares(self) -> &'static [f64] {
        match self {
            Self::Landscape => &[1.0 / 3.0, 0.5, 0.658],
            Self::Portrait => &[0.6475, 0.75],
            Self::Videotron => &[0.3646, 0.625],
        }
    }
}

/// An arrangement by name.
#[derive(Debug, Clone, PartialEq)]
pub enum Layout {
    /// One that papan knows.
    Known(Shape),
    /// A site's own.
    Own(GridSpec),
}

impl Layout {
    /// The layout that papan itself knows by this name.
    pub fn known(name: &str) -> Option<Self> {
        match name {
            "landscape" => Some(Self::Known(Shape::Landscape)),
            "portrait" => Some(Self::Known(Shape::Portrait)),
            "videotron" => Some(Self::Known(Shape::Videotron)),
            _ => None,
        }
    }

    /// The shape whose sizes it is drawn in.
    pub fn shape(&self, width: u32, height: u32) -> Shape {
        match self {
            Self::Known(shape) => *shape,
            Self::Own(_) => Shape::of(width, height),
        }
    }
}

/// What a layout needs to know of the theme, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measures {
    /// Height of the header.
    pub header: u32,
    /// Height of the running text.
    pub ticker: u32,
    /// The board's rows.
    pub row: RowSize,
}

/// Where everything is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zones {
    /// Mark, names, clock and date; empty where a layout has none.
    pub header: Rect,
    /// The playlist's current item, or a call.
    pub stage: Rect,
    /// All of the board.
    pub board: Rect,
    /// The running text.
    pub ticker: Rect,
    /// How the board's rows are arranged.
    pub plan: Plan,
}

/// Arranges a glass of `width` × `height` pixels for `counters` counters. Without a running text its zone
/// goes to the others.
pub fn arrange(
    layout: &Layout,
    (width, height): (u32, u32),
    counters: usize,
    ticker: bool,
    measures: &Measures,
) -> Zones {
    match layout {
        Layout::Known(shape) => known(*shape, (width, height), counters, ticker, measures),
        Layout::Own(grid) if ticker => own(grid, (width, height), counters, measures),
        Layout::Own(grid) => own(&without_ticker(grid), (width, height), counters, measures),
    }
}

fn known(
    shape: Shape,
    (width, height): (u32, u32),
    counters: usize,
    ticker: bool,
    measures: &Measures,
) -> Zones {
    let top = if shape == Shape::Videotron { 0 } else { measures.header.min(height / 3) };
    let foot = if ticker { measures.ticker.min(height / 3) } else { 0 };
    let middle = height - top - foot;
    let mut zones = None;
    for share in shape.board_shares() {
        let (stage, board) = if shape == Shape::Portrait {
            let of_board = (f64::from(middle) * share).round() as u32;
            let cut = top as i32 + (middle - of_board) as i32;
            (Rect::new(0, top as i32, width, middle - of_board), Rect::new(0, cut, width, of_board))
        } else {
            let of_board = (f64::from(width) * share).round() as u32;
            let cut = width - of_board;
            (Rect::new(0, top as i32, cut, middle), Rect::new(cut as i32, top as i32, of_board, middle))
        };
        let plan = Plan::new(board, counters, &measures.row);
        let enough = plan.pages == 1;
        zones = Some(Zones {
            header: Rect::new(0, 0, width, top),
            stage,
            board,
            ticker: Rect::new(0, (height - foot) as i32, width, foot),
            plan,
        });
        if enough {
            break;
        }
    }
    zones.unwrap_or_else(|| unreachable!("every shape has at least one share"))
}

/// The grid without its running text: rows that hold nothing else go, and the others share their height.
fn without_ticker(grid: &GridSpec) -> GridSpec {
    let mut grid = grid.clone();
    for cell in grid.areas.iter_mut().flatten() {
        cell.take_if(|zone| *zone == Zone::Ticker);
    }
    let empty: Vec<bool> = grid.areas.iter().map(|row| row.iter().all(Option::is_none)).collect();
    let share = |track: &Track| if let Track::Share(share) = track { *share } else { 0.0 };
    let rest = grid.rows.iter().any(|t| matches!(t, Track::Rest(_)));
    let gone: f64 = grid.rows.iter().zip(&empty).filter(|(_, e)| **e).map(|(t, _)| share(t)).sum();
    for (track, empty) in grid.rows.iter_mut().zip(&empty) {
        match track {
            _ if *empty => *track = Track::Share(0.0),
            Track::Share(share) if !rest && gone < 1.0 => *share /= 1.0 - gone,
            _ => {}
        }
    }
    grid
}

fn own(grid: &GridSpec, (width, height): (u32, u32), counters: usize, measures: &Measures) -> Zones {
    let columns = edges(&grid.columns, width);
    let rows = edges(&grid.rows, height);
    let rect = |zone: Zone| {
        let mut all = Rect::default();
        for (y, line) in grid.areas.iter().enumerate().take(rows.len().saturating_sub(1)) {
            for (x, cell) in line.iter().enumerate().take(columns.len().saturating_sub(1)) {
                if *cell == Some(zone) {
                    let (l, t) = (columns[x], rows[y]);
                    all = all.union(Rect::new(l as i32, t as i32, columns[x + 1] - l, rows[y + 1] - t));
                }
            }
        }
        all
    };
    let board = rect(Zone::Board);
    Zones {
        header: rect(Zone::Header),
        stage: rect(Zone::Stage),
        board,
        ticker: rect(Zone::Ticker),
        plan: Plan::new(board, counters, &measures.row),
    }
}

/// The edges of a grid's tracks over `length` pixels, by CSS grid's rules: one more than there are tracks.
fn edges(tracks: &[Track], length: u32) -> Vec<u32> {
    let mut tree: TaffyTree<()> = TaffyTree::new();
    let children: Result<Vec<_>, _> = tracks.iter().map(|_| tree.new_leaf(taffy::Style::default())).collect();
    let style = taffy::Style {
        display: Display::Grid,
        size: Size { width: Dimension::length(length as f32), height: Dimension::length(1.0) },
        grid_template_columns: tracks
            .iter()
            .map(|t| match *t {
                // `minmax(0, …)`: a zone is as large as it is said to be, whatever it holds.
                Track::Share(share) => minmax(length_of(0.0), percent_of(share)),
                Track::Rest(part) => minmax(length_of(0.0), MaxTrackSizingFunction::fr(part as f32)),
            })
            .collect(),
        ..Default::default()
    };
    let laid = children.and_then(|children| {
        let root = tree.new_with_children(style, &children)?;
        tree.compute_layout(root, Size::MAX_CONTENT)?;
        children.iter().map(|c| tree.layout(*c).map(|l| l.location.x + l.size.width)).collect()
    });
    // A tree of leaves without a measure function has no way to fail.
    let ends: Vec<f32> = laid.unwrap_or_else(|e| unreachable!("a row of leaves: {e}"));
    let mut edges = vec![0];
    for end in ends {
        let last = edges.last().copied().unwrap_or_default();
        edges.push((end.round().max(0.0) as u32).clamp(last, length));
    }
    edges
}

fn length_of(pixels: f32) -> MinTrackSizingFunction {
    MinTrackSizingFunction::length(pixels)
}

fn percent_of(share: f64) -> MaxTrackSizingFunction {
    MaxTrackSizingFunction::percent(share as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measures() -> Measures {
        Measures { header: 96, ticker: 84, row: RowSize::of(1080.0) }
    }

    fn overlap(zones: &Zones) -> bool {
        let all = [zones.header, zones.stage, zones.board, zones.ticker];
        (0..4).any(|a| (a + 1..4).any(|b| !all[a].intersect(all[b]).is_empty()))
    }

    #[test]
    fn the_everyday_view() {
        let zones = arrange(&Layout::Known(Shape::Landscape), (1920, 1080), 8, true, &measures());
        assert_eq!(zones.stage, Rect::new(0, 96, 1280, 900));
        assert_eq!(zones.board, Rect::new(1280, 96, 640, 900));
        assert_eq!(zones.ticker, Rect::new(0, 996, 1920, 84));
        assert_eq!((zones.plan.columns, zones.plan.rows, zones.plan.pages), (1, 8, 1));
    }

    #[test]
    fn the_board_grows_then_pages() {
        let plan = |counters| {
            let zones = arrange(&Layout::Known(Shape::Landscape), (1920, 1080), counters, true, &measures());
            (zones.plan.columns, zones.plan.rows, zones.plan.pages)
        };
        assert_eq!(plan(1), (1, 1, 1));
        assert_eq!(plan(16), (2, 8, 1));
        assert_eq!(plan(24), (3, 8, 1));
        assert_eq!(plan(25), (3, 8, 2));
        assert_eq!(plan(200), (3, 8, 9));
    }

    #[test]
    fn nothing_overlaps_on_any_glass() {
        for shape in [Shape::Landscape, Shape::Portrait, Shape::Videotron] {
            for (w, h) in [(192, 96), (96, 192), (3840, 2160), (1920, 200), (200, 1920), (1024, 768), (1, 1)]
            {
                for counters in [0, 1, 7, 200] {
                    let height = shape.height_in(w, h);
                    let share = |f: f64| (height * f).round() as u32;
                    let measures =
                        Measures { header: share(0.089), ticker: share(0.078), row: RowSize::of(height) };
                    let zones = arrange(&Layout::Known(shape), (w, h), counters, true, &measures);
                    assert!(!overlap(&zones), "{shape:?} {w}×{h}: {zones:?}");
                    let glass = Rect::new(0, 0, w, h);
                    for zone in [zones.header, zones.stage, zones.board, zones.ticker] {
                        assert!(glass.contains(zone), "{shape:?} {w}×{h}: {zone:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_sites_own_grid() {
        use Zone::*;
        let grid = GridSpec {
            columns: vec![Track::Share(0.5), Track::Share(0.5)],
            rows: vec![Track::Share(0.09), Track::Rest(1.0), Track::Share(0.08)],
            areas: vec![
                vec![Some(Header), Some(Header)],
                vec![Some(Stage), Some(Board)],
                vec![Some(Ticker), Some(Ticker)],
            ],
        };
        let zones = arrange(&Layout::Own(grid.clone()), (1000, 1000), 4, true, &measures());
        assert_eq!(zones.header, Rect::new(0, 0, 1000, 90));
        assert_eq!(zones.stage, Rect::new(0, 90, 500, 830));
        assert_eq!(zones.board, Rect::new(500, 90, 500, 830));
        assert_eq!(zones.ticker, Rect::new(0, 920, 1000, 80));
        let zones = arrange(&Layout::Own(grid), (1000, 1000), 4, false, &measures());
        assert_eq!(zones.stage, Rect::new(0, 90, 500, 910));
        assert!(zones.ticker.is_empty());
    }
}
