//! Rectangles of whole pixels.
//! Invariant: nothing here makes a rectangle larger than those it was made from, but `union`.

/// A rectangle of whole pixels; the origin is the screen's top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Rect {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
    /// Width in pixels.
    pub w: u32,
    /// Height in pixels.
    pub h: u32,
}

impl Rect {
    /// A rectangle from its left top corner and its size.
    pub const fn new(x: i32, y: i32, w: u32, h: u32) -> Self {
        Self { x, y, w, h }
    }

    /// The first column to its right.
    pub const fn right(self) -> i32 {
        self.x + self.w as i32
    }

    /// The first row below it.
    pub const fn bottom(self) -> i32 {
        self.y + self.h as i32
    }

    /// Whether it holds no pixel.
    pub const fn is_empty(self) -> bool {
        self.w == 0 || self.h == 0
    }

    /// What both cover; empty (all zero) where they do not meet.
    pub fn intersect(self, other: Self) -> Self {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let (r, b) = (self.right().min(other.right()), self.bottom().min(other.bottom()));
        if r <= x || b <= y { Self::default() } else { Self::new(x, y, (r - x) as u32, (b - y) as u32) }
    }

    /// The smallest rectangle that holds both; an empty one adds nothing.
    pub fn union(self, other: Self) -> Self {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (r, b) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self::new(x, y, (r - x) as u32, (b - y) as u32)
    }

    /// Whether every pixel of `other` is in it.
    pub fn contains(self, other: Self) -> bool {
        other.is_empty() || self.intersect(other) == other
    }

    /// Smaller by `dx` at the left and right and by `dy` at the top and bottom.
    pub fn inset(self, dx: u32, dy: u32) -> Self {
        let (dx, dy) = (dx.min(self.w / 2), dy.min(self.h / 2));
        Self::new(self.x + dx as i32, self.y + dy as i32, self.w - 2 * dx, self.h - 2 * dy)
    }
}

#[cfg(test)]
mod tests {
    use super::Rect;

    #[test]
    fn meeting_and_joining() {
        let (a, b) = (Rect::new(0, 0, 10, 10), Rect::new(5, -5, 10, 10));
        assert_eq!(a.intersect(b), Rect::new(5, 0, 5, 5));
        assert_eq!(a.union(b), Rect::new(0, -5, 15, 15));
        assert!(a.intersect(Rect::new(10, 0, 5, 5)).is_empty());
        assert_eq!(a.union(Rect::default()), a);
        assert!(a.contains(Rect::new(2, 2, 8, 8)) && !a.contains(b));
        assert_eq!(Rect::new(0, 0, 3, 3).inset(5, 1), Rect::new(1, 1, 1, 1));
    }
}
