//! Composes a display list on the CPU, and tells what differs between two lists. Pure.
//! Invariant: composing only [`damage`] onto the last frame gives the same words as composing everything.
//!
//! Blending is premultiplied src-over on sRGB values, a channel at a time: a picture's channel is first
//! weighed, `c' = round(c × opacity / 255)`, then laid over, `out = c' + round(under × (255 − a') / 255)`.
//! Both roundings are exact to the nearest integer (no tie exists, since 255 is odd), so the sum never
//! exceeds 255 and the gpu presenter, which does the same two steps, can give the same bytes.

mod damage;
mod film;

pub use damage::damage;

use crate::picture::{
    DisplayList, Picture, Quad, Rect, Source,
    pixels::{over, weigh},
};

/// What lies under a list whose quads do not cover the glass: opaque black.
const BARE: u32 = 0xff00_0000;

/// Draws what of `list` lies in `damage` into `target`: the whole glass in rows of `stride` words
/// `0xAARRGGBB`, alpha 255 in each word drawn. Words outside of `damage` are left as they are.
///
/// # Panics
/// Where `target` is smaller than the glass, or `stride` less than its width: a bug in the presenter.
pub fn compose(list: &DisplayList, damage: Rect, target: &mut [u32], stride: usize) {
    let damage = damage.intersect(list.bounds());
    if damage.is_empty() {
        return;
    }
    let first = match bottom(list, damage) {
        Some(first) => first,
        None => {
            rows(damage, target, stride).for_each(|row| row.fill(BARE));
            0
        }
    };
    for quad in &list.quads[first..] {
        draw(quad, damage, target, stride);
    }
}

/// The topmost quad that alone hides all that lies under it in `area`; what is under it need not be drawn.
pub(super) fn bottom(list: &DisplayList, area: Rect) -> Option<usize> {
    list.quads.iter().rposition(|quad| quad.is_opaque() && quad.visible().contains(area))
}

fn rows(area: Rect, target: &mut [u32], stride: usize) -> impl Iterator<Item = &mut [u32]> {
    let (x, y, w) = (area.x as usize, area.y as usize, area.w as usize);
    target.chunks_mut(stride).skip(y).take(area.h as usize).map(move |row| &mut row[x..x + w])
}

fn draw(quad: &Quad, damage: Rect, target: &mut [u32], stride: usize) {
    let area = quad.visible().intersect(damage);
    if area.is_empty() {
        return;
    }
    match &quad.source {
        Source::Fill(colour) => {
            let word = weigh(colour.pixel(), u32::from(quad.opacity));
            for row in rows(area, target, stride) {
                match quad.opacity {
                    255 => row.fill(word),
                    _ => row.iter_mut().for_each(|under| *under = over(word, *under)),
                }
            }
        }
        Source::Picture(picture) => draw_picture(picture, quad, area, target, stride),
        Source::Film(planes) => film::draw(planes, quad, area, target, stride),
    }
}

fn draw_picture(picture: &Picture, quad: &Quad, area: Rect, target: &mut [u32], stride: usize) {
    let left = (area.x - quad.rect.x) as usize;
    let top = (area.y - quad.rect.y) as usize;
    for (dy, row) in rows(area, target, stride).enumerate() {
        let source = &picture.row((top + dy) as u32)[left..left + row.len()];
        match (picture.is_opaque(), quad.opacity) {
            (true, 255) => row.copy_from_slice(source),
            (true, opacity) => cross(source, row, opacity),
            (false, 255) => lay(source, row),
            (false, opacity) => {
                for (word, under) in source.iter().zip(row) {
                    *under = over(weigh(*word, u32::from(opacity)), *under);
                }
            }
        }
    }
}

/// Lays opaque words over `row` at one opacity. The weights are the same for the whole row, so this is
/// written for the compiler's vectors: four 16-bit channels in each of two halves, no branch.
fn cross(source: &[u32], row: &mut [u32], opacity: u8) {
    let (over, under) = (u16::from(opacity), 255 - u16::from(opacity));
    let source: &[u8] = bytemuck::cast_slice(source);
    let row: &mut [u8] = bytemuck::cast_slice_mut(row);
    for (channel, out) in source.iter().zip(row) {
        *out = (share(u16::from(*channel), over) + share(u16::from(*out), under)) as u8;
    }
}

/// `round(value × weight / 255)` for both in 0..=255.
fn share(value: u16, weight: u16) -> u16 {
    let t = value * weight + 128;
    (t + (t >> 8)) >> 8
}

/// Lays words over `row`. Most words of a drawing are either empty or opaque, in long runs: the two
/// branches are cheaper than the arithmetic that they save.
fn lay(source: &[u32], row: &mut [u32]) {
    for (word, under) in source.iter().zip(row) {
        match word >> 24 {
            0 => {}
            255 => *under = *word,
            _ => *under = over(*word, *under),
        }
    }
}

#[cfg(test)]
mod tests;
