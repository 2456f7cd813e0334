//! The board's rows: how many columns and pages, which counter stands where, and for how long.
//! Invariant: every counter has exactly one place; a page with a call under announcement is the one shown.

use std::time::Duration;

use super::geometry::Rect;

/// How long a page stays.
pub const PAGE: Duration = Duration::from_secs(8);

/// The sizes of rows, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RowSize {
    /// The board's caption.
    pub caption: u32,
    /// Space around the rows.
    pub pad: u32,
    /// Space below the last row.
    pub foot: u32,
    /// Space between rows and between columns.
    pub gap: u32,
    /// The least height of a row.
    pub least_height: u32,
    /// The greatest height of a row.
    pub most_height: u32,
    /// The least width of a row.
    pub least_width: u32,
}

impl RowSize {
    /// The sizes of the theme that ships with papan, on a landscape glass of this height.
    pub fn of(height: f64) -> Self {
        let share = |f: f64| (height * f / 1080.0).round() as u32;
        Self {
            caption: share(58.0),
            pad: share(24.0),
            foot: share(20.0),
            gap: share(8.0),
            least_height: share(94.0),
            most_height: share(160.0),
            least_width: share(389.0),
        }
    }
}

/// How a board's rows are arranged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Columns of a page.
    pub columns: usize,
    /// Rows of a column.
    pub rows: usize,
    /// Pages; at least 1.
    pub pages: usize,
    /// Where the caption stands.
    pub caption: Rect,
    left: i32,
    top: i32,
    row: (u32, u32),
    gap: u32,
}

impl Plan {
    /// Arranges `counters` rows in a board: as few columns as hold them all on one page, or as many columns
    /// as there is room for, on several pages.
    pub fn new(board: Rect, counters: usize, size: &RowSize) -> Self {
        let inner_w = board.w.saturating_sub(2 * size.pad).max(1);
        let inner_h = board.h.saturating_sub(size.caption + size.foot).max(1);
        let fit = |length: u32, least: u32| ((length + size.gap) / (least + size.gap).max(1)).max(1) as usize;
        let most_rows = fit(inner_h, size.least_height);
        let most_columns = fit(inner_w, size.least_width);
        let columns = counters.div_ceil(most_rows).clamp(1, most_columns);
        let pages = counters.div_ceil(columns * most_rows).max(1);
        let rows = if pages > 1 { most_rows } else { counters.div_ceil(columns).max(1) };
        let spread = |length: u32, parts: usize| {
            let parts = parts as u32;
            (length.saturating_sub(size.gap * (parts - 1)) / parts).max(1)
        };
        let row = (spread(inner_w, columns), spread(inner_h, rows).min(size.most_height.max(1)));
        let caption =
            Rect::new(board.x + size.pad as i32, board.y, inner_w.min(board.w), size.caption.min(board.h));
        let (left, top) = (board.x + size.pad as i32, board.y + size.caption as i32);
        Self { columns, rows, pages, caption, left, top, row, gap: size.gap }
    }

    /// How many rows a page holds.
    pub fn page_size(&self) -> usize {
        self.columns * self.rows
    }

    /// Where the row at this place of a page lies; places go from left to right, then down.
    pub fn place(&self, place: usize) -> Rect {
        let (column, line) = ((place % self.columns) as i32, (place / self.columns) as i32);
        let (w, h) = self.row;
        let x = self.left + column * (w + self.gap) as i32;
        let y = self.top + line * (h + self.gap) as i32;
        Rect::new(x, y, w, h)
    }

    /// Width × height of a row in pixels.
    pub fn row(&self) -> (u32, u32) {
        self.row
    }
}

/// Which page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pager {
    page: usize,
    /// When the page came; `None` before the first.
    since: Option<Duration>,
}

impl Pager {
    /// Moves time on and says which of `pages` is shown: the one with the call under announcement, as long
    /// as that lasts; else each in turn for [`PAGE`].
    pub fn step(&mut self, pages: usize, announced: Option<usize>, now: Duration) -> usize {
        let pages = pages.max(1);
        if let Some(page) = announced {
            let page = page.min(pages - 1);
            if self.page != page || self.since.is_none() {
                *self = Self { page, since: Some(now) };
            }
        } else if now.saturating_sub(*self.since.get_or_insert(now)) >= PAGE {
            *self = Self { page: (self.page + 1) % pages, since: Some(now) };
        }
        self.page %= pages;
        self.page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_place_of_its_own_within_the_board() {
        let board = Rect::new(700, 96, 1220, 900);
        for counters in 1..=200 {
            let plan = Plan::new(board, counters, &RowSize::of(1080.0));
            assert!(plan.page_size() * plan.pages >= counters);
            let places: Vec<Rect> = (0..plan.page_size()).map(|p| plan.place(p)).collect();
            for (i, a) in places.iter().enumerate() {
                assert!(board.contains(*a), "{counters}: {a:?}");
                assert!(places[i + 1..].iter().all(|b| a.intersect(*b).is_empty()));
            }
        }
    }

    #[test]
    fn pages_turn_and_a_call_is_shown_at_once() {
        let second = Duration::from_secs;
        let mut pager = Pager::default();
        assert_eq!(pager.step(3, None, second(0)), 0);
        assert_eq!(pager.step(3, None, second(8)), 1);
        assert_eq!(pager.step(3, Some(0), second(9)), 0);
        assert_eq!(pager.step(3, Some(0), second(30)), 0);
        assert_eq!(pager.step(3, None, second(31)), 1, "the page was shown long enough");
        assert_eq!(pager.step(3, None, second(38)), 1);
        assert_eq!(pager.step(3, None, second(39)), 2);
        assert_eq!(pager.step(1, None, second(40)), 0);
    }
}
