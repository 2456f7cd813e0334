//! The frame that is drawn on, and what is put on it: shapes, and pictures moved, scaled, turned and faded.
//! Invariant: every pixel is premultiplied BGRA. tiny-skia knows RGBA, so red and blue are exchanged on the way in.

use papan::picture::{Colour, Picture};
use tiny_skia::{
    FillRule, FilterQuality, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, PixmapPaint, Rect, Stroke,
    Transform,
};

/// Width of the film in pixels.
pub const WIDTH: u32 = 1920;
/// Height of the film in pixels.
pub const HEIGHT: u32 = 1080;

/// A frame, or a layer of one.
pub struct Frame(Pixmap);

/// A picture that is drawn once and put on many frames.
pub struct Sprite(Pixmap);

/// How a sprite is put on a frame.
#[derive(Clone, Copy)]
pub struct Put {
    /// Where its middle comes to lie, in pixels.
    pub at: (f32, f32),
    /// How much larger than drawn.
    pub scale: f32,
    /// How far it is turned clockwise, in degrees.
    pub turn: f32,
    /// 0 to 1.
    pub opacity: f32,
}

impl Put {
    /// As it was drawn.
    pub fn at(x: f32, y: f32) -> Self {
        Self { at: (x, y), scale: 1.0, turn: 0.0, opacity: 1.0 }
    }
}

fn pixmap(width: u32, height: u32) -> Pixmap {
    // A pixmap is refused only where a side is 0 or its bytes do not fit an `isize`.
    Pixmap::new(width.max(1), height.max(1)).unwrap_or_else(|| unreachable!("{width} × {height} pixels"))
}

fn paint(colour: Colour, opacity: f32) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    let alpha = (opacity.clamp(0.0, 1.0) * 255.0).round() as u8;
    paint.set_color(tiny_skia::Color::from_rgba8(colour.b, colour.g, colour.r, alpha));
    paint
}

impl Frame {
    /// A transparent frame.
    pub fn new() -> Self {
        Self(pixmap(WIDTH, HEIGHT))
    }

    /// All of one colour.
    pub fn clear(&mut self, colour: Colour) {
        self.0.fill(tiny_skia::Color::from_rgba8(colour.b, colour.g, colour.r, 255));
    }

    /// Its bytes: blue, green, red, alpha, row by row from the top.
    pub fn bytes(&self) -> &[u8] {
        self.0.data()
    }

    /// Draws several things as one, which is moved by `dx` pixels and lets through what is under it.
    pub fn layer(&mut self, dx: f32, opacity: f32, draw: impl FnOnce(&mut Self)) {
        if opacity <= 0.0 {
            return;
        }
        if opacity >= 1.0 && dx == 0.0 {
            return draw(self);
        }
        let mut layer = Self::new();
        draw(&mut layer);
        self.put(&layer.0, Transform::from_translate(dx, 0.0), opacity);
    }

    /// Puts a sprite.
    pub fn sprite(&mut self, sprite: &Sprite, put: Put) {
        let (w, h) = sprite.size();
        let middle = Transform::from_translate(-w / 2.0, -h / 2.0);
        let place = middle.post_scale(put.scale, put.scale).post_concat(Transform::from_rotate(put.turn));
        let (mut x, mut y) = put.at;
        if put.scale == 1.0 && put.turn == 0.0 {
            // What stands still lies on whole pixels, so that letters are sharp.
            (x, y) = ((x - w / 2.0).round() + w / 2.0, (y - h / 2.0).round() + h / 2.0);
        }
        self.put(&sprite.0, place.post_translate(x, y), put.opacity);
    }

    fn put(&mut self, pixels: &Pixmap, place: Transform, opacity: f32) {
        let paint = PixmapPaint { opacity, quality: FilterQuality::Bicubic, ..PixmapPaint::default() };
        self.0.draw_pixmap(0, 0, pixels.as_ref(), &paint, place, None);
    }

    /// Fills a path.
    pub fn fill(&mut self, path: Option<Path>, colour: Colour, opacity: f32) {
        if let Some(path) = path {
            let paint = paint(colour, opacity);
            self.0.fill_path(&path, &paint, FillRule::Winding, Transform::identity(), None);
        }
    }

    /// Draws along a path, round at its ends.
    pub fn stroke(&mut self, path: Option<Path>, width: f32, colour: Colour, opacity: f32) {
        if let Some(path) = path {
            let (line_cap, line_join) = (LineCap::Round, LineJoin::Round);
            let stroke = Stroke { width, line_cap, line_join, ..Stroke::default() };
            self.0.stroke_path(&path, &paint(colour, opacity), &stroke, Transform::identity(), None);
        }
    }
}

impl Sprite {
    /// Keeps what papan's own canvas drew.
    pub fn new(picture: &Picture) -> Self {
        let mut kept = pixmap(picture.width(), picture.height());
        for (to, word) in kept.data_mut().chunks_exact_mut(4).zip(picture.pixels()) {
            to.copy_from_slice(&word.to_le_bytes());
        }
        Self(kept)
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (f32, f32) {
        (self.0.width() as f32, self.0.height() as f32)
    }
}

/// A box with round corners.
pub fn round(x: f32, y: f32, w: f32, h: f32, radius: f32) -> Option<Path> {
    let r = radius.min(w / 2.0).min(h / 2.0);
    // How far a quarter circle's Bézier handles stay from the corner: 1 − 4/3 × (√2 − 1).
    let c = r * 0.447_715;
    let (right, foot) = (x + w, y + h);
    let mut path = PathBuilder::new();
    path.move_to(x + r, y);
    path.line_to(right - r, y);
    path.cubic_to(right - c, y, right, y + c, right, y + r);
    path.line_to(right, foot - r);
    path.cubic_to(right, foot - c, right - c, foot, right - r, foot);
    path.line_to(x + r, foot);
    path.cubic_to(x + c, foot, x, foot - c, x, foot - r);
    path.line_to(x, y + r);
    path.cubic_to(x, y + c, x + c, y, x + r, y);
    path.close();
    path.finish()
}

/// A rectangle.
pub fn rect(x: f32, y: f32, w: f32, h: f32) -> Option<Path> {
    Rect::from_xywh(x, y, w, h).map(PathBuilder::from_rect)
}

/// A disc.
pub fn disc(x: f32, y: f32, radius: f32) -> Option<Path> {
    PathBuilder::from_circle(x, y, radius)
}

/// A line through points.
pub fn line(points: &[(f32, f32)]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (number, &(x, y)) in points.iter().enumerate() {
        if number == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    path.finish()
}

/// Part of a circle, from one angle to another, in degrees clockwise from the right.
pub fn arc(x: f32, y: f32, radius: f32, from: f32, to: f32) -> Option<Path> {
    let steps = 32_u8;
    let points: Vec<_> = (0..=steps)
        .map(|step| {
            let angle = (from + (to - from) * f32::from(step) / f32::from(steps)).to_radians();
            (x + radius * angle.cos(), y + radius * angle.sin())
        })
        .collect();
    line(&points)
}
