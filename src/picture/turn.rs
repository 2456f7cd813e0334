//! Turning by quarters of a circle, clockwise. Invariant: a turn moves pixels and changes none of them.
//!
//! [`Turn::Quarter`], a `rotation` of 90 degrees, puts the picture's top at the right edge of what it is shown on,
//! [`Turn::Half`] at the foot, [`Turn::ThreeQuarters`] at the left edge.

use super::{Picture, Rect};

/// Pixels are turned in squares of this side, so that reading and writing both stay in the processor's cache.
const SQUARE: usize = 32;

/// How far something is turned clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Turn {
    /// As it is.
    #[default]
    None,
    /// 90 degrees.
    Quarter,
    /// 180 degrees.
    Half,
    /// 270 degrees.
    ThreeQuarters,
}

impl Turn {
    /// All of them, in order: each is a quarter more than the one before it.
    pub const ALL: [Self; 4] = [Self::None, Self::Quarter, Self::Half, Self::ThreeQuarters];

    /// Degrees clockwise.
    pub fn degrees(self) -> u32 {
        self.quarters() * 90
    }

    /// Quarters of a circle, 0 to 3.
    pub fn quarters(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Quarter => 1,
            Self::Half => 2,
            Self::ThreeQuarters => 3,
        }
    }

    /// This turn, and then another one.
    pub fn then(self, next: Self) -> Self {
        Self::ALL[(self.quarters() + next.quarters()) as usize % Self::ALL.len()]
    }

    /// The turn that undoes this one.
    pub fn back(self) -> Self {
        Self::ALL[(4 - self.quarters()) as usize % Self::ALL.len()]
    }

    /// Width × height after the turn; the same for the way back.
    pub fn size(self, (w, h): (u32, u32)) -> (u32, u32) {
        match self {
            Self::None | Self::Half => (w, h),
            Self::Quarter | Self::ThreeQuarters => (h, w),
        }
    }

    /// Where a rectangle of a glass of `size` lies when the glass is turned.
    pub fn rect(self, rect: Rect, size: (u32, u32)) -> Rect {
        let (w, h) = (size.0 as i32, size.1 as i32);
        let Rect { x, y, w: wide, h: high } = rect;
        match self {
            Self::None => rect,
            Self::Quarter => Rect::new(h - rect.bottom(), x, high, wide),
            Self::Half => Rect::new(w - rect.right(), h - rect.bottom(), wide, high),
            Self::ThreeQuarters => Rect::new(y, w - rect.right(), high, wide),
        }
    }

    /// A picture, turned.
    pub fn picture(self, picture: &Picture) -> Picture {
        let (w, h) = (picture.width() as usize, picture.height() as usize);
        if self == Self::None || w == 0 || h == 0 {
            return picture.clone();
        }
        let words = picture.pixels();
        if self == Self::Half {
            return like(picture, (picture.width(), picture.height()), words.iter().rev().copied().collect());
        }
        let mut turned = vec![0; words.len()];
        // A row of the new picture is a column of the old one, read upwards or downwards.
        for top in (0..w).step_by(SQUARE) {
            for left in (0..h).step_by(SQUARE) {
                for y in top..(top + SQUARE).min(w) {
                    let column = if self == Self::Quarter { y } else { w - 1 - y };
                    let right = (left + SQUARE).min(h);
                    for (x, out) in (left..right).zip(&mut turned[y * h + left..y * h + right]) {
                        let row = if self == Self::Quarter { h - 1 - x } else { x };
                        *out = words[row * w + column];
                    }
                }
            }
        }
        like(picture, (picture.height(), picture.width()), turned)
    }
}

/// Words that are those of `picture` in another order.
fn like(picture: &Picture, (w, h): (u32, u32), words: Vec<u32>) -> Picture {
    // What is opaque stays so, and need not be looked through again.
    if picture.is_opaque() { Picture::shared(w, h, words) } else { Picture::new(w, h, words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(w: u32, h: u32) -> Picture {
        Picture::new(w, h, (0..w * h).map(|n| 0xff00_0000 | n).collect())
    }

    #[test]
    fn a_quarter_puts_the_top_at_the_right() {
        // 0 1 2      3 0
        // 3 4 5  →   4 1
        //            5 2
        let turned = Turn::Quarter.picture(&numbered(3, 2));
        assert_eq!((turned.width(), turned.height()), (2, 3));
        let low: Vec<u32> = turned.pixels().iter().map(|word| word & 0xff).collect();
        assert_eq!(low, [3, 0, 4, 1, 5, 2]);
        assert_eq!(Turn::Quarter.rect(Rect::new(0, 0, 3, 1), (3, 2)), Rect::new(1, 0, 1, 3));
    }

    #[test]
    fn pixels_and_rectangles_turn_alike_and_back() {
        for (w, h) in [(1, 1), (5, 3), (33, 70), (64, 32), (100, 1)] {
            let picture = numbered(w, h);
            for turn in Turn::ALL {
                let turned = turn.picture(&picture);
                assert_eq!((turned.width(), turned.height()), turn.size((w, h)));
                for (x, y) in [(0, 0), (w - 1, 0), (0, h - 1), (w - 1, h - 1), (w / 2, h / 3)] {
                    let at = turn.rect(Rect::new(x as i32, y as i32, 1, 1), (w, h));
                    let found = turned.row(at.y as u32)[at.x as usize];
                    assert_eq!(found, picture.row(y)[x as usize], "{turn:?} {w} × {h} ({x}, {y})");
                }
                assert_eq!(turn.back().picture(&turned).pixels(), picture.pixels());
                assert_eq!(turn.then(turn.back()), Turn::None);
            }
        }
        assert_eq!(Turn::Quarter.picture(&Picture::new(0, 0, vec![])).width(), 0);
    }

    #[test]
    fn two_turns_are_one() {
        let picture = numbered(7, 4);
        for (first, second) in Turn::ALL.into_iter().flat_map(|a| Turn::ALL.map(|b| (a, b))) {
            let one = first.then(second).picture(&picture);
            let two = second.picture(&first.picture(&picture));
            assert_eq!((one.width(), one.pixels()), (two.width(), two.pixels()), "{first:?} {second:?}");
        }
    }
}
