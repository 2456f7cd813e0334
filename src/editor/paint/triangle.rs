//! One triangle, a row at a time. Invariant: two triangles that share an edge draw each pixel of it once.

use bevy_egui::egui::{Color32, Pos2};

use super::{
    finite,
    texture::{Texture, tint, word},
};
use crate::picture::pixels::over;

/// A corner in pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Corner {
    pub at: Pos2,
    /// In shares of the texture.
    pub uv: Pos2,
    pub colour: Color32,
}

/// Where is drawn: words `0xAARRGGBB`, and left, top, right, bottom of what may be touched.
pub(super) struct Target<'t> {
    pub pixels: &'t mut [u32],
    pub width: usize,
    pub clip: [i32; 4],
}

impl Target<'_> {
    fn row(&mut self, y: i32, x0: i32, x1: i32) -> &mut [u32] {
        let start = y as usize * self.width;
        &mut self.pixels[start + x0 as usize..start + x1 as usize]
    }

    /// Lays one word over a row's pixels.
    pub fn blend(&mut self, word: u32, y: i32, x0: i32, x1: i32) {
        let row = self.row(y, x0, x1);
        match word >> 24 {
            0 => {}
            255 => row.fill(word),
            _ => row.iter_mut().for_each(|under| *under = over(word, *under)),
        }
    }

    /// Lays a texture's texels over a row's pixels, one by one; what the texture lacks is its edge.
    pub fn copy(&mut self, texture: &Texture, tinted: Color32, from: (i32, i32), y: i32, x0: i32, x1: i32) {
        let row = self.row(y, x0, x1);
        match texture.row(from.0, from.1) {
            Some(texels) if texels.len() >= row.len() => {
                for (under, texel) in row.iter_mut().zip(texels) {
                    // Most of a glyph's box is empty.
                    if *texel != Color32::TRANSPARENT {
                        lay(under, tint(tinted, *texel));
                    }
                }
            }
            _ => {
                for (under, x) in row.iter_mut().zip(from.0..) {
                    lay(under, tint(tinted, texture.at(x as f32 + 0.5, from.1 as f32 + 0.5)));
                }
            }
        }
    }

    /// Lays over each of a row's pixels what is said for it.
    pub fn sample(&mut self, y: i32, x0: i32, x1: i32, mut word: impl FnMut(i32) -> u32) {
        for (under, x) in self.row(y, x0, x1).iter_mut().zip(x0..) {
            lay(under, word(x));
        }
    }
}

fn lay(under: &mut u32, word: u32) {
    match word >> 24 {
        0 => {}
        255 => *under = word,
        _ => *under = over(word, *under),
    }
}

/// Places are told in 256ths of a pixel.
const ONE: i64 = 256;

/// One edge: a pixel is within it where `dx · (y − ay) − dy · (x − ax) ≥ bias`.
struct Edge {
    a: (i64, i64),
    dx: i64,
    dy: i64,
    bias: i64,
}

impl Edge {
    fn new(a: (i64, i64), b: (i64, i64)) -> Self {
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        // Edges at the left and at the top belong to the triangle, the others to its neighbour.
        let own = dy < 0 || dy == 0 && dx > 0;
        Self { a, dx, dy, bias: i64::from(!own) }
    }

    /// Narrows a row's pixels, first and last, to those within.
    fn narrow(&self, y: i64, (first, last): (i64, i64)) -> (i64, i64) {
        let reach = self.dx * (y - self.a.1) - self.bias;
        match self.dy {
            0 if reach >= 0 => (first, last),
            0 => (1, 0),
            dy if dy > 0 => {
                let most = self.a.0 + reach.div_euclid(dy);
                (first, last.min((most - ONE / 2).div_euclid(ONE)))
            }
            dy => {
                // −⌊reach / −dy⌋ is the least that is enough.
                let least = self.a.0 - reach.div_euclid(-dy);
                (first.max(-(-(least - ONE / 2)).div_euclid(ONE)), last)
            }
        }
    }
}

/// Draws a triangle.
pub(super) fn fill(corners: [&Corner; 3], texture: &Texture, target: &mut Target<'_>) {
    if !corners.iter().all(|corner| finite(corner)) {
        return;
    }
    let place = |corner: &Corner| {
        let fixed = |at: f32| (f64::from(at) * ONE as f64).round() as i64;
        (fixed(corner.at.x), fixed(corner.at.y))
    };
    let [mut a, mut b, c] = corners;
    let area = |a, b, c: (i64, i64)| {
        let (a, b): ((i64, i64), (i64, i64)) = (a, b);
        (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
    };
    match area(place(a), place(b), place(c)) {
        0 => return,
        ..0 => std::mem::swap(&mut a, &mut b),
        _ => {}
    }
    let (pa, pb, pc) = (place(a), place(b), place(c));
    let edges = [Edge::new(pa, pb), Edge::new(pb, pc), Edge::new(pc, pa)];
    let [left, top, right, bottom] = target.clip.map(i64::from);
    let row_of = |y: i64| (y - ONE / 2).div_euclid(ONE);
    let first = row_of(pa.1.min(pb.1).min(pc.1)).max(top);
    let last = row_of(pa.1.max(pb.1).max(pc.1)).min(bottom - 1);
    let shade = Shade::new([a, b, c], texture);
    for y in first..=last {
        let middle = y * ONE + ONE / 2;
        let (x0, x1) = edges.iter().fold((left, right - 1), |row, edge| edge.narrow(middle, row));
        if x0 <= x1 {
            shade.row(y as i32, x0 as i32, x1 as i32 + 1, texture, target);
        }
    }
}

/// What changes evenly over a triangle: its value at the first corner, and by how much it changes from a pixel to
/// the next one to the right, and below.
#[derive(Clone, Copy)]
struct Plane {
    at: f32,
    across: f32,
    down: f32,
}

impl Plane {
    fn value(&self, x: f32, y: f32) -> f32 {
        self.at + x * self.across + y * self.down
    }
}

struct Shade {
    origin: Pos2,
    /// One word for the whole triangle.
    flat: Option<u32>,
    uv: Option<[Plane; 2]>,
    colour: [Plane; 4],
}

impl Shade {
    fn new([a, b, c]: [&Corner; 3], texture: &Texture) -> Self {
        let (ab, ac) = (b.at - a.at, c.at - a.at);
        let area = ab.x * ac.y - ab.y * ac.x;
        let plane = |of: &dyn Fn(&Corner) -> f32| {
            let (first, second) = (of(b) - of(a), of(c) - of(a));
            // A triangle as thin as that has no pixel's middle in it but by rounding.
            if area.abs() < 1e-6 {
                return Plane { at: of(a), across: 0.0, down: 0.0 };
            }
            let across = (first * ac.y - second * ab.y) / area;
            let down = (second * ab.x - first * ac.x) / area;
            Plane { at: of(a), across, down }
        };
        let (width, height) = texture.size();
        let same = a.uv == b.uv && a.uv == c.uv;
        let one = a.colour == b.colour && a.colour == c.colour;
        let texel = texture.at(a.uv.x * width, a.uv.y * height);
        let channel = |i: usize| plane(&|corner: &Corner| f32::from(corner.colour.to_array()[i]));
        Self {
            origin: a.at,
            flat: (same && one).then(|| tint(a.colour, texel)),
            uv: (!same)
                .then(|| [plane(&|corner| corner.uv.x * width), plane(&|corner| corner.uv.y * height)]),
            colour: [channel(0), channel(1), channel(2), channel(3)],
        }
    }

    fn row(&self, y: i32, x0: i32, x1: i32, texture: &Texture, target: &mut Target<'_>) {
        if let Some(word) = self.flat {
            target.blend(word, y, x0, x1);
            return;
        }
        let down = y as f32 + 0.5 - self.origin.y;
        let place = |x: i32| x as f32 + 0.5 - self.origin.x;
        match self.uv {
            // Nearly all that is left: the soft edges of shapes.
            None => target.sample(y, x0, x1, |x| word(self.colour(place(x), down))),
            Some([u, v]) => target.sample(y, x0, x1, |x| {
                let x = place(x);
                let [r, g, b, a] = self.colour(x, down);
                let colour = Color32::from_rgba_premultiplied(r, g, b, a);
                tint(colour, texture.at(u.value(x, down), v.value(x, down)))
            }),
        }
    }

    fn colour(&self, x: f32, y: f32) -> [u8; 4] {
        // The conversion holds it within 0 to 255.
        self.colour.map(|plane| (plane.value(x, y) + 0.5) as u8)
    }
}
