//! The editor's pixels as tiles of the display list. Invariant: a tile whose pixels stay the same stays the same
//! picture, so that a presenter shows only what changed.

use crate::picture::{DisplayList, Picture, Quad, Rect};

/// A tile's width and height in pixels; those at the right and at the foot are smaller.
const TILE: (u32, u32) = (256, 64);

/// The newest frame.
#[derive(Default)]
pub(super) struct Tiles {
    size: (u32, u32),
    words: Vec<u32>,
    quads: Vec<Quad>,
}

impl Tiles {
    /// Draws a frame of `size` pixels: all of the words that `draw` is given, in rows of the width it is given.
    pub fn draw(&mut self, size: (u32, u32), draw: impl FnOnce(&mut [u32], usize)) {
        let (width, height) = size;
        if self.size != size {
            self.size = size;
            self.words = vec![0; width as usize * height as usize];
            self.quads.clear();
        }
        draw(&mut self.words, width as usize);
        let mut kept = std::mem::take(&mut self.quads).into_iter();
        for y in (0..height).step_by(TILE.1 as usize) {
            for x in (0..width).step_by(TILE.0 as usize) {
                let rect = Rect::new(x as i32, y as i32, TILE.0.min(width - x), TILE.1.min(height - y));
                let old = kept.next().filter(|quad| self.shows(quad));
                let quad = old.unwrap_or_else(|| self.cut(rect));
                self.quads.push(quad);
            }
        }
    }

    fn rows(&self, rect: Rect) -> impl Iterator<Item = &[u32]> {
        let rows = self.words.chunks_exact(self.size.0.max(1) as usize);
        let (x, w) = (rect.x as usize, rect.w as usize);
        rows.skip(rect.y as usize).take(rect.h as usize).map(move |row| &row[x..x + w])
    }

    /// Whether a tile still has the pixels that are to be shown there.
    fn shows(&self, quad: &Quad) -> bool {
        let crate::picture::Source::Picture(picture) = &quad.source else { return false };
        self.rows(quad.rect).zip(0..).all(|(row, y)| picture.row(y) == row)
    }

    fn cut(&self, rect: Rect) -> Quad {
        let words = self.rows(rect).flatten().copied().collect();
        Quad::picture(&Picture::new(rect.w, rect.h, words), rect.x, rect.y)
    }

    /// Lays the newest frame over an area of a list, or makes it all of it.
    pub fn lay(&self, list: &mut DisplayList, area: Rect, alone: bool) {
        let size = (area.w, area.h);
        if self.size != size || self.quads.is_empty() {
            return;
        }
        if alone {
            let new = DisplayList { width: size.0, height: size.1, quads: self.quads.clone() };
            if *list != new {
                *list = new;
            }
        } else if list.bounds().contains(area) {
            let moved = |rect: Rect| Rect { x: rect.x + area.x, y: rect.y + area.y, ..rect };
            let quads = self.quads.iter().cloned();
            list.quads.extend(quads.map(|quad| Quad {
                rect: moved(quad.rect),
                clip: moved(quad.clip),
                ..quad
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_tiles_that_changed_are_new() {
        let mut tiles = Tiles::default();
        let (size, area) = ((600, 100), Rect::new(0, 0, 600, 100));
        let fill = |colour: u32, at: usize| {
            move |words: &mut [u32], width: usize| {
                assert_eq!(width, 600);
                words.fill(0xff00_0000);
                words[at] = colour;
            }
        };
        tiles.draw(size, fill(0xffff_ffff, 0));
        let (mut first, mut second) = (DisplayList::default(), DisplayList::default());
        tiles.lay(&mut first, area, true);
        assert_eq!(first.quads.len(), 3 * 2);
        // In the last tile of the second row.
        tiles.draw(size, fill(0xffff_ffff, 70 * 600 + 599));
        tiles.lay(&mut second, area, true);
        let differ: Vec<bool> = first.quads.iter().zip(&second.quads).map(|(a, b)| a != b).collect();
        assert_eq!(differ, [true, false, false, false, false, true]);
        let covered: u64 = second.quads.iter().map(|q| u64::from(q.rect.w) * u64::from(q.rect.h)).sum();
        assert_eq!(covered, 600 * 100);
        // Over a list, it lies above what is there.
        let mut over = DisplayList { width: 600, height: 100, quads: vec![first.quads[0].clone()] };
        tiles.lay(&mut over, area, false);
        assert_eq!((over.quads.len(), &over.quads[1..]), (7, &second.quads[..]));
        // Over one screen of several, it lies where that is.
        let mut beside = DisplayList { width: 900, height: 150, quads: Vec::new() };
        tiles.lay(&mut beside, Rect::new(300, 50, 600, 100), false);
        assert_eq!(beside.quads[0].visible(), Rect::new(300, 50, 256, 64));
        // A glass of another size has nothing of it yet.
        let mut other = DisplayList::default();
        tiles.lay(&mut other, Rect::new(0, 0, 10, 10), true);
        assert_eq!(other, DisplayList::default());
    }
}
