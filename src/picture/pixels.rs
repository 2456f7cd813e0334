//! A picture is premultiplied BGRA in 32-bit words, the format that windows on X11 and Wayland take,
//! so that showing one is a copy.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

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
