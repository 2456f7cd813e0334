//! The display list: all that one frame shows, bottom to top. Nothing in it is scaled but a film's planes.
//! Invariant: two equal lists give the same pixels, so what differs between two is all the damage.

use super::{Colour, Picture, Planes, Rect, turn::Turn};

/// Where a quad's pixels come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// One colour.
    Fill(Colour),
    /// A picture, pixel by pixel, its left top corner on the quad's.
    Picture(Picture),
    /// A film's frame, scaled to the quad; each sample stands for the middle of its pixel, and between two the
    /// values are interpolated. Made smaller, a pixel is the mean of what it covers.
    Film(Planes),
}

/// A rectangle of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quad {
    /// What it shows.
    pub source: Source,
    /// Where it lies; for a picture, as wide and high as the picture.
    pub rect: Rect,
    /// What of it can be seen.
    pub clip: Rect,
    /// 0 lets everything through, 255 only what the picture itself lets through. Blending is done on
    /// sRGB values: out = over × opacity + under × (1 − alpha × opacity), premultiplied.
    pub opacity: u8,
    /// How a film's frame is turned clockwise before it fills the quad. A picture is turned beforehand, and a colour
    /// has no direction: both are drawn as they are.
    pub turn: Turn,
}

impl Quad {
    /// A rectangle of one colour.
    pub fn fill(colour: Colour, rect: Rect) -> Self {
        Self { source: Source::Fill(colour), rect, clip: rect, opacity: 255, turn: Turn::None }
    }

    /// A picture with its left top corner at (`x`, `y`).
    pub fn picture(picture: &Picture, x: i32, y: i32) -> Self {
        let rect = Rect::new(x, y, picture.width(), picture.height());
        Self { source: Source::Picture(picture.clone()), rect, clip: rect, opacity: 255, turn: Turn::None }
    }

    /// A film's frame that fills a rectangle.
    pub fn film(planes: &Planes, rect: Rect) -> Self {
        Self { source: Source::Film(planes.clone()), rect, clip: rect, opacity: 255, turn: Turn::None }
    }

    /// Shows only what lies in `clip` too.
    pub fn clipped(mut self, clip: Rect) -> Self {
        self.clip = self.clip.intersect(clip);
        self
    }

    /// Lets through what is under it; 255 does not.
    pub fn faded(mut self, opacity: u8) -> Self {
        self.opacity = opacity;
        self
    }

    /// Where it puts pixels.
    pub fn visible(&self) -> Rect {
        if self.opacity == 0 { Rect::default() } else { self.rect.intersect(self.clip) }
    }

    /// Whether nothing under it can be seen.
    pub fn is_opaque(&self) -> bool {
        self.opacity == 255
            && match &self.source {
                Source::Fill(_) => true,
                Source::Picture(picture) => picture.is_opaque(),
                Source::Film(planes) => !planes.is_empty(),
            }
    }
}

/// All that one frame shows, bottom to top, on a glass of width × height pixels.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DisplayList {
    /// Width of the glass in pixels.
    pub width: u32,
    /// Height of the glass in pixels.
    pub height: u32,
    /// The quads, bottom to top. Together they cover the whole glass.
    pub quads: Vec<Quad>,
}

impl DisplayList {
    /// The whole glass.
    pub fn bounds(&self) -> Rect {
        Rect::new(0, 0, self.width, self.height)
    }
}
