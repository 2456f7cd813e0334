//! A film's frame as its decoder left it: planes of luma and chroma, in memory that something else owns.
//! Invariant: each plane's bytes are all there; what draws them need not check.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use serde::{Deserialize, Serialize};

/// How the planes lie; chroma has half the width and half the height of luma, rounded up. A sample of chroma
/// stands, as in MPEG-2 and H.264, on every other column of luma and between two rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Layout {
    /// Three planes: Y, U, V (I420).
    Three,
    /// Two planes: Y, and U and V by turns (NV12).
    Two,
}

/// Which coefficients make colours of luma and chroma.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Matrix {
    /// ITU-R BT.601.
    Bt601,
    /// ITU-R BT.709.
    Bt709,
    /// ITU-R BT.2020, non-constant luminance.
    Bt2020,
}

impl Matrix {
    /// The share of red and of blue in luma, Kr and Kb: ITU-R BT.601-7 2.5.1, BT.709-6 3.2 and BT.2020-2 table 4.
    pub fn weights(self) -> (f32, f32) {
        match self {
            Self::Bt601 => (0.299, 0.114),
            Self::Bt709 => (0.2126, 0.0722),
            Self::Bt2020 => (0.2627, 0.0593),
        }
    }
}

/// How 8-bit planes are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reading {
    /// How the planes lie.
    pub layout: Layout,
    /// The coefficients.
    pub matrix: Matrix,
    /// Whether values go from 0 to 255; else luma from 16 to 235 and chroma from 16 to 240.
    pub full: bool,
}

/// One frame of a film, width × height pixels of luma. Cheap to clone; two are equal when they are the same frame.
#[derive(Clone)]
pub struct Planes(Arc<Decoded>);

struct Decoded {
    id: u64,
    width: u32,
    height: u32,
    reading: Reading,
    bytes: Box<dyn AsRef<[u8]> + Send + Sync>,
}

impl Planes {
    /// How many bytes the planes of a frame take: they follow one another without a gap.
    pub fn size(width: u32, height: u32) -> usize {
        let (w, h) = (width as usize, height as usize);
        w * h + 2 * w.div_ceil(2) * h.div_ceil(2)
    }

    /// A frame; `bytes` holds [`Planes::size`] bytes or more.
    ///
    /// # Panics
    /// Where it holds fewer: that is a bug in what brings the frame.
    pub fn new(
        width: u32,
        height: u32,
        reading: Reading,
        bytes: impl AsRef<[u8]> + Send + Sync + 'static,
    ) -> Self {
        assert!(bytes.as_ref().len() >= Self::size(width, height), "a frame of {width} × {height}");
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(Arc::new(Decoded { id, width, height, reading, bytes: Box::new(bytes) }))
    }

    /// What tells this frame from every other one of this run.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// Width in pixels of luma.
    pub fn width(&self) -> u32 {
        self.0.width
    }

    /// Height in pixels of luma.
    pub fn height(&self) -> u32 {
        self.0.height
    }

    /// Width × height of a plane of chroma, in samples.
    pub fn chroma(&self) -> (u32, u32) {
        (self.0.width.div_ceil(2), self.0.height.div_ceil(2))
    }

    /// Whether it has no pixel.
    pub fn is_empty(&self) -> bool {
        self.0.width == 0 || self.0.height == 0
    }

    /// How the planes are to be read.
    pub fn reading(&self) -> Reading {
        self.0.reading
    }

    /// The plane of luma, row by row.
    pub fn luma(&self) -> &[u8] {
        &self.all()[..self.0.width as usize * self.0.height as usize]
    }

    /// What follows luma: U and then V, or both by turns, as the layout says.
    pub fn chroma_bytes(&self) -> &[u8] {
        let (luma, (w, h)) = (self.luma().len(), self.chroma());
        &self.all()[luma..][..2 * w as usize * h as usize]
    }

    fn all(&self) -> &[u8] {
        (*self.0.bytes).as_ref()
    }
}

impl fmt::Debug for Planes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Planes({}: {} × {}, {:?})", self.0.id, self.0.width, self.0.height, self.0.reading)
    }
}

impl PartialEq for Planes {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Planes {}
