//! A picture is premultiplied BGRA in 32-bit words, the format that windows on X11 and Wayland take,
//! so that showing one is a copy.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

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

/// Pixels that were drawn once and are kept: width × height words `0xAARRGGBB`, alpha premultiplied,
/// row by row from the top. Cheap to clone; two are equal when they are the same drawing.
#[derive(Debug, Clone)]
pub struct Picture(Arc<Drawn>);

#[derive(Debug)]
struct Drawn {
    id: u64,
    width: u32,
    height: u32,
    opaque: bool,
    pixels: Box<[u32]>,
}

impl Picture {
    /// Keeps what was drawn. `pixels` holds `width` × `height` words.
    ///
    /// # Panics
    /// Where it does not: that is a bug in the drawing.
    pub fn new(width: u32, height: u32, pixels: Vec<u32>) -> Self {
        assert_eq!(pixels.len(), width as usize * height as usize, "a picture of {width} × {height}");
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let opaque = pixels.iter().all(|p| p >> 24 == 0xff);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(Arc::new(Drawn { id, width, height, opaque, pixels: pixels.into_boxed_slice() }))
    }

    /// What tells this drawing from every other one of this run.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.0.width
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.0.height
    }

    /// Whether no pixel lets anything through.
    pub fn is_opaque(&self) -> bool {
        self.0.opaque
    }

    /// The words, row by row from the top.
    pub fn pixels(&self) -> &[u32] {
        &self.0.pixels
    }

    /// One row of words.
    pub fn row(&self, y: u32) -> &[u32] {
        let width = self.0.width as usize;
        &self.0.pixels[y as usize * width..][..width]
    }
}

impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Picture {}
