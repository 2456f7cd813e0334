//! A picture is premultiplied BGRA in 32-bit words, the format that windows on X11 and Wayland take,
//! so that showing one is a copy.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Pixels that were drawn once and are kept: width × height words `0xAARRGGBB`, alpha premultiplied,
/// row by row from the top. Cheap to clone; two are equal when they are the same drawing.
#[derive(Debug, Clone)]
pub struct Picture(Arc<Drawn>);

struct Drawn {
    id: u64,
    width: u32,
    height: u32,
    opaque: bool,
    pixels: Box<dyn AsRef<[u32]> + Send + Sync>,
}

impl fmt::Debug for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} × {}", self.id, self.width, self.height)
    }
}

impl Picture {
    /// Keeps what was drawn. `pixels` holds `width` × `height` words.
    ///
    /// # Panics
    /// Where it does not: that is a bug in the drawing.
    pub fn new(width: u32, height: u32, pixels: Vec<u32>) -> Self {
        let opaque = pixels.iter().all(|p| p >> 24 == 0xff);
        Self::of(width, height, opaque, pixels.into_boxed_slice())
    }

    /// Words in memory that something else owns, such as a film's frame. Each word's alpha is 255.
    ///
    /// # Panics
    /// Where there are not `width` × `height` words: that is a bug in what brings them.
    pub fn shared(width: u32, height: u32, pixels: impl AsRef<[u32]> + Send + Sync + 'static) -> Self {
        Self::of(width, height, true, pixels)
    }

    fn of(width: u32, height: u32, opaque: bool, pixels: impl AsRef<[u32]> + Send + Sync + 'static) -> Self {
        let count = pixels.as_ref().len();
        assert_eq!(count, width as usize * height as usize, "a picture of {width} × {height}");
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(Arc::new(Drawn { id, width, height, opaque, pixels: Box::new(pixels) }))
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
        (*self.0.pixels).as_ref()
    }

    /// One row of words.
    pub fn row(&self, y: u32) -> &[u32] {
        let width = self.0.width as usize;
        &self.pixels()[y as usize * width..][..width]
    }
}

impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Picture {}

/// Two channels of a word, each in 16 bits, so that a product fits.
const PAIR: u32 = 0x00ff_00ff;

/// A premultiplied word over an opaque one.
#[inline]
pub fn over(word: u32, under: u32) -> u32 {
    word + weigh(under, 255 - (word >> 24))
}

/// Each of a word's four channels × `weight` / 255, rounded to the nearest; two channels at a time.
#[inline]
pub fn weigh(word: u32, weight: u32) -> u32 {
    let pair = |pair: u32| {
        let t = pair * weight + 0x0080_0080;
        (t + ((t >> 8) & PAIR)) >> 8 & PAIR
    };
    pair(word & PAIR) | pair(word >> 8 & PAIR) << 8
}
