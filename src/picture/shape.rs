//! The canvas that a picture is drawn on: fills, rounded boxes, discs, coverage masks, other pictures.
//! Invariant: every pixel stays premultiplied.

use tiny_skia::{FillRule, Paint, Path, PathBuilder, Pixmap, Transform};

use super::{Colour, Picture, Rect};

/// A picture being drawn, width × height pixels. Transparent at first.
pub struct Canvas {
    width: u32,
    height: u32,
    /// tiny-skia knows RGBA; red and blue are exchanged on the way in, so that its bytes are BGRA.
    pixmap: Pixmap,
}

/// How far a quarter circle's Bézier handles reach, as a share of its radius: 4/3 × (√2 − 1).
const CIRCLE: f32 = 0.552_285;

impl Canvas {
    /// A transparent canvas; a side of 0 becomes 1.
    pub fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        // A pixmap is refused only where a side is 0 or its bytes do not fit an `isize`.
        let pixmap = Pixmap::new(width, height).unwrap_or_else(|| unreachable!("{width} × {height} pixels"));
        Self { width, height, pixmap }
    }

    /// A canvas of one colour.
    pub fn filled(width: u32, height: u32, colour: Colour) -> Self {
        let mut canvas = Self::new(width, height);
        canvas.pixmap.fill(paint_colour(colour, 255));
        canvas
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Fills a rectangle.
    pub fn fill(&mut self, rect: Rect, colour: Colour) {
        let rect = rect.intersect(Rect::new(0, 0, self.width, self.height));
        let bytes = colour.pixel().to_le_bytes();
        let stride = self.width as usize * 4;
        for y in rect.y..rect.bottom() {
            let row = &mut self.pixmap.data_mut()[y as usize * stride..][..stride];
            for pixel in row[rect.x as usize * 4..rect.right() as usize * 4].chunks_exact_mut(4) {
                pixel.copy_from_slice(&bytes);
            }
        }
    }

    /// Fills a box with round corners of `radius` pixels.
    pub fn round(&mut self, rect: Rect, radius: f32, colour: Colour) {
        self.round_corners(rect, [radius; 4], colour);
    }

    /// Fills a box whose corners are round by these radii: top left, top right, bottom right, bottom left.
    pub fn round_corners(&mut self, rect: Rect, radii: [f32; 4], colour: Colour) {
        if let Some(path) = rounded(rect, radii) {
            self.path(&path, colour);
        }
    }

    /// Fills a disc, its centre in pixels.
    pub fn disc(&mut self, x: f32, y: f32, radius: f32, colour: Colour) {
        if let Some(path) = PathBuilder::from_circle(x, y, radius) {
            self.path(&path, colour);
        }
    }

    fn path(&mut self, path: &Path, colour: Colour) {
        let mut paint = Paint { anti_alias: true, ..Paint::default() };
        paint.set_color(paint_colour(colour, 255));
        self.pixmap.fill_path(path, &paint, FillRule::Winding, Transform::identity(), None);
    }

    /// Puts a colour through a mask of `width` bytes a row, its left top corner at (`x`, `y`).
    pub fn cover(&mut self, mask: &[u8], width: usize, x: i32, y: i32, colour: Colour) {
        if width == 0 {
            return;
        }
        let target = Rect::new(x, y, width as u32, (mask.len() / width) as u32).intersect(Rect::new(
            0,
            0,
            self.width,
            self.height,
        ));
        let over = colour.pixel().to_le_bytes();
        let stride = self.width as usize * 4;
        for ty in target.y..target.bottom() {
            let from = (ty - y) as usize * width + (target.x - x) as usize;
            let row = &mut self.pixmap.data_mut()[ty as usize * stride + target.x as usize * 4..]
                [..target.w as usize * 4];
            for (under, &coverage) in row.chunks_exact_mut(4).zip(&mask[from..from + target.w as usize]) {
                match coverage {
                    0 => {}
                    255 => under.copy_from_slice(&over),
                    _ => {
                        for (u, o) in under.iter_mut().zip(over) {
                            *u = mix(*u, o, coverage);
                        }
                    }
                }
            }
        }
    }

    /// Copies a picture over what is there; its left top corner at (`x`, `y`).
    pub fn place(&mut self, picture: &Picture, x: i32, y: i32) {
        let target = Rect::new(x, y, picture.width(), picture.height()).intersect(Rect::new(
            0,
            0,
            self.width,
            self.height,
        ));
        let stride = self.width as usize * 4;
        for ty in target.y..target.bottom() {
            let from = &picture.row((ty - y) as u32)[(target.x - x) as usize..][..target.w as usize];
            let row = &mut self.pixmap.data_mut()[ty as usize * stride + target.x as usize * 4..]
                [..target.w as usize * 4];
            for (under, word) in row.chunks_exact_mut(4).zip(from) {
                let over = word.to_le_bytes();
                let rest = 255 - over[3];
                for (u, o) in under.iter_mut().zip(over) {
                    *u = o.saturating_add(divide(u32::from(*u) * u32::from(rest)));
                }
            }
        }
    }

    /// The finished picture.
    pub fn finish(self) -> Picture {
        let words = self
            .pixmap
            .data()
            .chunks_exact(4)
            .map(|p| u32::from_le_bytes([p[0], p[1], p[2], p[3]]))
            .collect();
        Picture::new(self.width, self.height, words)
    }
}

/// A value of 0 to 255 × 255, divided by 255 and rounded to the nearest.
fn divide(product: u32) -> u8 {
    let t = product + 128;
    ((t + (t >> 8)) >> 8) as u8
}

fn mix(under: u8, over: u8, share: u8) -> u8 {
    divide(u32::from(under) * u32::from(255 - share) + u32::from(over) * u32::from(share))
}

fn paint_colour(colour: Colour, alpha: u8) -> tiny_skia::Color {
    tiny_skia::Color::from_rgba8(colour.b, colour.g, colour.r, alpha)
}

fn rounded(rect: Rect, radii: [f32; 4]) -> Option<Path> {
    let (x, y, w, h) = (rect.x as f32, rect.y as f32, rect.w as f32, rect.h as f32);
    let most = w.min(h) / 2.0;
    let [tl, tr, br, bl] = radii.map(|r| r.clamp(0.0, most));
    let c = 1.0 - CIRCLE;
    let (r, b) = (x + w, y + h);
    let mut path = PathBuilder::new();
    path.move_to(x + tl, y);
    path.line_to(r - tr, y);
    path.cubic_to(r - tr * c, y, r, y + tr * c, r, y + tr);
    path.line_to(r, b - br);
    path.cubic_to(r, b - br * c, r - br * c, b, r - br, b);
    path.line_to(x + bl, b);
    path.cubic_to(x + bl * c, b, x, b - bl * c, x, b - bl);
    path.line_to(x, y + tl);
    path.cubic_to(x, y + tl * c, x + tl * c, y, x + tl, y);
    path.close();
    path.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_bgra() {
        let colour = Colour::hex(0x12_34_56);
        let mut canvas = Canvas::new(4, 4);
        canvas.round(Rect::new(0, 0, 4, 4), 0.0, colour);
        assert!(canvas.finish().pixels().iter().all(|p| *p == 0xff12_3456));
    }

    #[test]
    fn a_mask_is_cut_at_the_edges() {
        let mut canvas = Canvas::filled(2, 2, Colour::hex(0));
        canvas.cover(&[255; 9], 3, -2, -2, Colour::hex(0xff_ff_ff));
        assert_eq!(canvas.finish().pixels(), [0xffff_ffff, 0xff00_0000, 0xff00_0000, 0xff00_0000]);
    }

    #[test]
    fn round_corners_let_the_ground_through() {
        let mut canvas = Canvas::filled(20, 20, Colour::hex(0));
        canvas.round(Rect::new(0, 0, 20, 20), 10.0, Colour::hex(0xff_ff_ff));
        let picture = canvas.finish();
        assert_eq!(picture.pixels()[0], 0xff00_0000);
        assert_eq!(picture.row(10)[10], 0xffff_ffff);
    }
}
