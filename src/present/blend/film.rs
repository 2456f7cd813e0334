//! A film's frame on the CPU: slow and plain, what the gpu presenter's shader (`film.wgsl`) is held against.
//! Invariant: a pixel goes by the frame, the quad's rectangle and its place alone, not by what else is drawn.
//!
//! **Place**: pixel x of a quad w wide covers [x, x + 1) · W / w of the film's W columns of luma, rows alike.
//! At the scale of the film or larger, its value is taken at the middle of that span, between samples by
//! linear interpolation. Smaller, the span is cut into as many equal parts as it has columns, rounded up, and
//! the value is the mean of those at the parts' middles, near enough the mean of the span: taken once at its
//! middle, fine lines would come and go. That reads each of the film's samples about once, and no more often
//! on a GPU than making a smaller film first would.
//! Sample i of luma stands at i + 1/2; sample j of chroma at column 2j + 1/2 and row 2j + 1 of luma (chroma
//! sample location type 0 of ITU-T H.264 annex E and H.265 annex E). Beyond the edge, the edge goes on.
//!
//! A quad that is turned has the pixels of one that is not, each at its other place.
//!
//! **Colour**: with Kr and Kb of the [`Matrix`](crate::picture::Matrix) and Kg = 1 − Kr − Kb,
//! R = Y + 2 (1 − Kr) V, B = Y + 2 (1 − Kb) U, G = (Y − Kr R − Kb B) / Kg, where Y is 0 to 1 and U and V are
//! −1/2 to 1/2: the inverse of ITU-R BT.601-7 2.5, BT.709-6 3.2 and BT.2020-2 table 4. Of 8 bits, limited:
//! Y = (y − 16) / 219, U = (u − 128) / 224; full: Y = y / 255, U = (u − 128) / 255 (ITU-T H.273 8.3).
//! What comes out are taken as sRGB values: films are shown, as everywhere, without a change of primaries or
//! of the transfer function.

use super::{over, rows, weigh};
use crate::picture::{
    Planes, Quad, Rect,
    planes::{Layout, Reading},
};

/// A pixel takes at most so many parts in each direction: a whole film on a few pixels stays cheap.
const MOST: u32 = 16;

/// Draws what of a film's quad lies in `area`, which is part of what is visible of it.
pub(super) fn draw(planes: &Planes, quad: &Quad, area: Rect, target: &mut [u32], stride: usize) {
    if planes.is_empty() {
        return;
    }
    let size = (quad.rect.w, quad.rect.h);
    let film = Film::new(planes, quad.turn.size(size));
    // Where a pixel lay before the turn.
    let back = |x: i32, y: i32| {
        let at = quad.turn.back().rect(Rect::new(x, y, 1, 1), size);
        (at.x, at.y)
    };
    for (y, row) in (area.y - quad.rect.y..).zip(rows(area, target, stride)) {
        for (x, under) in (area.x - quad.rect.x..).zip(row) {
            let (x, y) = back(x, y);
            *under = over(weigh(film.pixel(x, y), u32::from(quad.opacity)), *under);
        }
    }
}

/// A frame at the size of its quad.
struct Film<'a> {
    reading: Reading,
    luma: Plane<'a>,
    chroma: [Plane<'a>; 2],
}

impl<'a> Film<'a> {
    /// A frame of `size` pixels.
    fn new(planes: &'a Planes, size: (u32, u32)) -> Self {
        let (reading, both) = (planes.reading(), planes.chroma_bytes());
        let (w, h) = planes.chroma();
        let (u, v, step) = match reading.layout {
            Layout::Three => (both, &both[w as usize * h as usize..], 1),
            Layout::Two => (both, &both[1..], 2),
        };
        let (pixels_x, pixels_y) = (size.0 as f32, size.1 as f32);
        let (per_x, per_y) = (planes.width() as f32 / pixels_x, planes.height() as f32 / pixels_y);
        let plane = |bytes, step, count: (u32, u32), per: (f32, f32), shift_x| Plane {
            bytes,
            step,
            columns: Axis::new(count.0, size.0, per.0, shift_x),
            rows: Axis::new(count.1, size.1, per.1, 0.0),
        };
        let chroma = |bytes| plane(bytes, step, (w, h), (per_x / 2.0, per_y / 2.0), 0.25);
        Self {
            reading,
            luma: plane(planes.luma(), 1, (planes.width(), planes.height()), (per_x, per_y), 0.0),
            chroma: [chroma(u), chroma(v)],
        }
    }

    /// The word of a pixel of the quad.
    fn pixel(&self, x: i32, y: i32) -> u32 {
        let [u, v] = [&self.chroma[0], &self.chroma[1]].map(|plane| plane.mean(x, y));
        rgb(self.reading, self.luma.mean(x, y), u, v)
    }
}

/// The samples of one component, row by row.
struct Plane<'a> {
    bytes: &'a [u8],
    /// From one sample to the next, in bytes.
    step: usize,
    columns: Axis,
    rows: Axis,
}

impl Plane<'_> {
    /// The mean, 0 to 255, of what a pixel covers.
    fn mean(&self, x: i32, y: i32) -> f32 {
        let sum: f32 =
            self.rows.parts(y).flat_map(|y| self.columns.parts(x).map(move |x| self.at(x, y))).sum();
        sum / (self.columns.parts * self.rows.parts) as f32
    }

    fn at(&self, (left, right, x): (usize, usize, f32), (top, bottom, y): (usize, usize, f32)) -> f32 {
        let sample = |x: usize, y: usize| f32::from(self.bytes[(y * self.columns.count + x) * self.step]);
        let row = |y: usize| sample(left, y) * (1.0 - x) + sample(right, y) * x;
        row(top) * (1.0 - y) + row(bottom) * y
    }
}

/// One direction of a plane.
struct Axis {
    count: usize,
    /// Samples a pixel.
    per: f32,
    /// How far the plane lies behind the film, in samples.
    shift: f32,
    parts: u32,
}

impl Axis {
    fn new(count: u32, pixels: u32, per: f32, shift: f32) -> Self {
        Self { count: count as usize, per, shift, parts: count.div_ceil(pixels).clamp(1, MOST) }
    }

    /// For each part of a pixel: the samples on both sides of its middle, and how far it is from the first to the
    /// second.
    fn parts(&self, pixel: i32) -> impl Iterator<Item = (usize, usize, f32)> {
        (0..self.parts).map(move |part| {
            let at = (pixel as f32 + (part as f32 + 0.5) / self.parts as f32) * self.per + self.shift - 0.5;
            let sample = |at: f32| (at.max(0.0) as usize).min(self.count - 1);
            (sample(at.floor()), sample(at.floor() + 1.0), at - at.floor())
        })
    }
}

/// The opaque word of what 8-bit components mean.
fn rgb(reading: Reading, y: f32, u: f32, v: f32) -> u32 {
    let (y, u, v) = match reading.full {
        true => (y / 255.0, (u - 128.0) / 255.0, (v - 128.0) / 255.0),
        false => ((y - 16.0) / 219.0, (u - 128.0) / 224.0, (v - 128.0) / 224.0),
    };
    let (kr, kb) = reading.matrix.weights();
    let (r, b) = (y + 2.0 * (1.0 - kr) * v, y + 2.0 * (1.0 - kb) * u);
    let g = (y - kr * r - kb * b) / (1.0 - kr - kb);
    let byte = |c: f32| (c * 255.0).round().clamp(0.0, 255.0) as u32;
    0xff00_0000 | byte(r) << 16 | byte(g) << 8 | byte(b)
}
