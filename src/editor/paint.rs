//! egui's triangles as pixels, on the CPU. Pure: meshes and textures in, words out.
//! Invariant: the same input gives the same words; blending is done on sRGB values, as egui's own painters do.

mod texture;
mod triangle;

use std::collections::HashMap;

use bevy_egui::egui::{
    ClippedPrimitive, Color32, Mesh, Pos2, Rect, TextureId, TexturesDelta, epaint::Primitive,
};

use self::{
    texture::Texture,
    triangle::{Corner, Target},
};

/// What egui's meshes are painted with: its textures.
#[derive(Default)]
pub struct Painter {
    textures: HashMap<TextureId, Texture>,
    /// Textures that the newest frame was the last to show.
    gone: Vec<TextureId>,
}

impl Painter {
    /// Takes over what changed of the textures. What egui let go stays for this frame.
    pub fn update(&mut self, mut delta: TexturesDelta) {
        for id in self.gone.drain(..) {
            self.textures.remove(&id);
        }
        for (id, changes) in delta.set.drain() {
            for change in changes {
                match (change.pos, self.textures.get_mut(&id)) {
                    (Some([x, y]), Some(texture)) => texture.patch(x, y, &change.image),
                    (Some(_), None) => {}
                    (None, _) => _ = self.textures.insert(id, Texture::new(&change.image, change.options)),
                }
            }
        }
        self.gone.extend(delta.free.drain());
    }

    /// Paints a frame over `target`: words `0xAARRGGBB` whose alpha is 255, in rows of `width` words.
    pub fn paint(
        &self,
        primitives: &[ClippedPrimitive],
        pixels_per_point: f32,
        target: &mut [u32],
        width: usize,
    ) {
        let height = target.len().checked_div(width).unwrap_or(0);
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            // Callbacks are for GPUs; nothing here makes one.
            let Primitive::Mesh(mesh) = primitive else { continue };
            let Some(texture) = self.textures.get(&mesh.texture_id) else { continue };
            let clip = clip(*clip_rect, pixels_per_point, (width, height));
            if let Some(clip) = clip {
                draw(mesh, texture, pixels_per_point, &mut Target { pixels: target, width, clip });
            }
        }
    }
}

/// The pixels of a clip rectangle: left, top, right, bottom; `None` where there is none.
fn clip(rect: Rect, scale: f32, size: (usize, usize)) -> Option<[i32; 4]> {
    let edge = |at: f32, most: usize| (at * scale).round().clamp(0.0, most as f32) as i32;
    let (left, right) = (edge(rect.min.x, size.0), edge(rect.max.x, size.0));
    let (top, bottom) = (edge(rect.min.y, size.1), edge(rect.max.y, size.1));
    (left < right && top < bottom).then_some([left, top, right, bottom])
}

fn draw(mesh: &Mesh, texture: &Texture, scale: f32, target: &mut Target<'_>) {
    let corner = |index: u32| {
        mesh.vertices.get(index as usize).map(|vertex| Corner {
            at: Pos2::new(vertex.pos.x * scale, vertex.pos.y * scale),
            uv: vertex.uv,
            colour: vertex.color,
        })
    };
    let mut rest = &mesh.indices[..];
    while let [a, b, c, ..] = rest {
        let Some([a, b, c]) = all([corner(*a), corner(*b), corner(*c)]) else { return };
        // Most of all are glyphs and pictures: rectangles, written as two triangles.
        if let [i, j, k, l, m, n, ..] = rest
            && k == l
            && j == m
            && let Some(d) = corner(*n)
            && rectangle([&a, &b, &c, &d], texture, target)
        {
            debug_assert!(i != n);
            rest = &rest[6..];
            continue;
        }
        triangle::fill([&a, &b, &c], texture, target);
        rest = &rest[3..];
    }
}

fn all<T>(of: [Option<T>; 3]) -> Option<[T; 3]> {
    let [a, b, c] = of;
    Some([a?, b?, c?])
}

/// Draws two triangles at once where they are an upright rectangle of one colour; whether they are.
fn rectangle([a, b, c, d]: [&Corner; 4], texture: &Texture, target: &mut Target<'_>) -> bool {
    let upright = a.at.x == c.at.x && b.at.x == d.at.x && a.at.y == b.at.y && c.at.y == d.at.y;
    let straight = a.uv.x == c.uv.x && b.uv.x == d.uv.x && a.uv.y == b.uv.y && c.uv.y == d.uv.y;
    let one = [b, c, d].iter().all(|corner| corner.colour == a.colour);
    if !(upright && straight && one && a.at.x <= d.at.x && a.at.y <= d.at.y && finite(a) && finite(d)) {
        return false;
    }
    if a.colour == Color32::TRANSPARENT {
        return true;
    }
    let [left, top, right, bottom] = target.clip;
    // A pixel is inside where its middle is; the left and the top edge belong to it.
    let first = |at: f32, least: i32| ((at - 0.5).ceil() as i32).max(least);
    let end = |at: f32, most: i32| ((at - 0.5).ceil() as i32).min(most);
    let (x0, x1) = (first(a.at.x, left), end(d.at.x, right));
    let (y0, y1) = (first(a.at.y, top), end(d.at.y, bottom));
    if x0 >= x1 || y0 >= y1 {
        return true;
    }
    let (tw, th) = texture.size();
    let step = |uv: f32, size: f32| if size > 0.0 { uv / size } else { 0.0 };
    let du = step((d.uv.x - a.uv.x) * tw, d.at.x - a.at.x);
    let dv = step((d.uv.y - a.uv.y) * th, d.at.y - a.at.y);
    let u = a.uv.x * tw + (x0 as f32 + 0.5 - a.at.x) * du;
    let v = a.uv.y * th + (y0 as f32 + 0.5 - a.at.y) * dv;
    if du == 0.0 && dv == 0.0 {
        let word = texture::tint(a.colour, texture.at(u, v));
        for y in y0..y1 {
            target.blend(word, y, x0, x1);
        }
        return true;
    }
    let close = |a: f32, b: f32| (a - b).abs() < 1e-3;
    let whole = |at: f32| close((at - 0.5).round(), at - 0.5);
    if close(du, 1.0) && close(dv, 1.0) && whole(u) && whole(v) {
        for (y, row) in (y0..y1).zip((v - 0.5).round() as i32..) {
            let from = (u - 0.5).round() as i32;
            target.copy(texture, a.colour, (from, row), y, x0, x1);
        }
        return true;
    }
    for y in y0..y1 {
        let v = v + (y - y0) as f32 * dv;
        target.sample(y, x0, x1, |x| texture::tint(a.colour, texture.at(u + (x - x0) as f32 * du, v)));
    }
    true
}

fn finite(corner: &Corner) -> bool {
    corner.at.x.abs() < 1e6 && corner.at.y.abs() < 1e6 && corner.uv.x.is_finite() && corner.uv.y.is_finite()
}

#[cfg(test)]
mod tests;
