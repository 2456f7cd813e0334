//! Pixels to zones: a layout is a named arrangement of zones on any glass.

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
