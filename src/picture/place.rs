//! A screen's display list in the window: moved to its place there, cut to it, and turned.
//! Invariant: nothing of a screen lies outside of its place, and what stays the same stays the same quad.

use std::collections::HashMap;

use super::{Colour, DisplayList, Picture, Quad, Rect, Source, turn::Turn};

/// Where a screen lies in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Its rectangle, in the window's pixels, as it is there after the turn.
    pub at: Rect,
    /// How far it is turned clockwise.
    pub turn: Turn,
}

impl Place {
    /// The screen's own width × height, before the turn.
    pub fn size(&self) -> (u32, u32) {
        self.turn.size((self.at.w, self.at.h))
    }
}

/// Puts one screen's lists into their place. A picture is turned once, and kept so for as long as the screen's lists
/// show it; of a film's frame the presenters read the samples in another order, so there is nothing to keep.
#[derive(Debug, Default)]
pub struct Placer {
    turned: HashMap<u64, Picture>,
    turn: Turn,
}

impl Placer {
    /// Puts a list onto what there is of the window. A list for another size than the place's is not for it, and
    /// nothing of it is shown.
    pub fn place(&mut self, list: &DisplayList, place: &Place, quads: &mut Vec<Quad>) {
        let size = place.size();
        if (list.width, list.height) != size || place.at.is_empty() {
            self.turned.clear();
            return;
        }
        if self.turn != place.turn {
            self.turned.clear();
            self.turn = place.turn;
        }
        let before = std::mem::take(&mut self.turned);
        for quad in &list.quads {
            let source = match &quad.source {
                Source::Picture(picture) if place.turn != Turn::None => {
                    let turned = self.turned.entry(picture.id()).or_insert_with(|| {
                        before.get(&picture.id()).cloned().unwrap_or_else(|| place.turn.picture(picture))
                    });
                    Source::Picture(turned.clone())
                }
                other => other.clone(),
            };
            let moved = |rect: Rect| {
                let turned = place.turn.rect(rect, size);
                Rect::new(turned.x + place.at.x, turned.y + place.at.y, turned.w, turned.h)
            };
            let clip = moved(quad.clip.intersect(list.bounds()));
            let (rect, turn) = (moved(quad.rect), quad.turn.then(place.turn));
            let turn = if matches!(source, Source::Film(_)) { turn } else { Turn::None };
            quads.push(Quad { source, rect, clip: clip.intersect(place.at), opacity: quad.opacity, turn });
        }
    }

    /// How many turned pictures are kept.
    pub fn kept(&self) -> usize {
        self.turned.len()
    }
}

/// What a window of `size` shows where screens lie at `places`: black is what none of them covers.
pub fn ground(size: (u32, u32), places: impl IntoIterator<Item = Rect>) -> Vec<Quad> {
    let window = Rect::new(0, 0, size.0, size.1);
    let covered = places.into_iter().any(|place| place.contains(window));
    if covered { Vec::new() } else { vec![Quad::fill(Colour::hex(0), window)] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(w: u32, h: u32, seed: u32) -> Picture {
        let word = |n: u32| 0xff00_0000 | (n.wrapping_mul(2_654_435_761) ^ seed) >> 8;
        Picture::new(w, h, (0..w * h).map(word).collect())
    }

    fn list() -> DisplayList {
        let quads = vec![
            Quad::fill(Colour::hex(0x0b_3142), Rect::new(0, 0, 40, 24)),
            Quad::picture(&noise(10, 7, 1), 3, 4),
            Quad::picture(&noise(30, 30, 2), 25, -5).clipped(Rect::new(26, 1, 30, 30)),
            Quad::picture(&noise(9, 9, 3), -4, 18).faded(90),
        ];
        DisplayList { width: 40, height: 24, quads }
    }

    #[test]
    fn a_place_that_is_the_window_changes_nothing() {
        let (list, mut placer, mut quads) = (list(), Placer::default(), Vec::new());
        let place = Place { at: Rect::new(0, 0, 40, 24), turn: Turn::None };
        placer.place(&list, &place, &mut quads);
        let seen = |quad: &Quad| (quad.source.clone(), quad.rect, quad.visible(), quad.opacity);
        let cut = |quad: &Quad| seen(&quad.clone().clipped(list.bounds()));
        assert_eq!(
            quads.iter().map(seen).collect::<Vec<_>>(),
            list.quads.iter().map(cut).collect::<Vec<_>>()
        );
        assert!(ground((40, 24), [place.at]).is_empty());
        assert_eq!(ground((40, 25), [place.at]).len(), 1);
    }

    #[test]
    fn pictures_are_turned_once_and_kept_while_they_are_shown() {
        let (mut list, mut placer) = (list(), Placer::default());
        let place = Place { at: Rect::new(7, 9, 24, 40), turn: Turn::Quarter };
        let (mut first, mut second) = (Vec::new(), Vec::new());
        placer.place(&list, &place, &mut first);
        placer.place(&list, &place, &mut second);
        assert_eq!(first, second, "the same list gives the same pictures");
        assert_eq!(placer.kept(), 3);
        assert!(first.iter().all(|quad| place.at.contains(quad.visible())), "{first:#?}");
        list.quads.truncate(2);
        placer.place(&list, &place, &mut Vec::new());
        assert_eq!(placer.kept(), 1);
        // A list for another size is no list for this place.
        let mut none = Vec::new();
        placer.place(&DisplayList { width: 41, ..list }, &place, &mut none);
        assert_eq!((none.len(), placer.kept()), (0, 0));
    }
}
