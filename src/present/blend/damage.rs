//! What differs between two display lists, as few rectangles.
//! Invariant: every pixel that differs lies in one of them.

use crate::picture::{DisplayList, Quad, Rect};

/// At most so many rectangles: each costs a pass over the list and a request to the window.
const MOST: usize = 8;
/// Two rectangles become one where the union holds at most so many pixels that lie in neither:
/// about what a rectangle costs by itself.
const SLACK: u64 = 64 * 64;

/// The rectangles in which `after` shows other pixels than `before`: at most eight, and none where the
/// lists show the same. All of the glass where its size differs.
pub fn damage(before: &DisplayList, after: &DisplayList) -> Vec<Rect> {
    if before.bounds() != after.bounds() {
        return vec![after.bounds()].into_iter().filter(|all| !all.is_empty()).collect();
    }
    let (before_kept, after_kept) = kept(&before.quads, &after.quads);
    let mut areas = Vec::new();
    for (quads, kept) in [(&before.quads, before_kept), (&after.quads, after_kept)] {
        for (at, quad) in quads.iter().enumerate().filter(|(at, _)| !kept[*at]) {
            let area = quad.visible().intersect(after.bounds());
            // Where what hides it changed too, that one's own rectangle counts.
            let hidden = quads[at + 1..].iter().any(|over| over.is_opaque() && over.visible().contains(area));
            if !hidden {
                add(&mut areas, area);
            }
        }
    }
    areas
}

/// Which quads stand in both lists in the same order: where only such quads lie, the pixels are the same.
fn kept(before: &[Quad], after: &[Quad]) -> (Vec<bool>, Vec<bool>) {
    let (mut in_before, mut in_after) = (vec![false; before.len()], vec![false; after.len()]);
    let mut keep = |b: usize, a: usize| (in_before[b], in_after[a]) = (true, true);
    let same = |(b, a): (&Quad, &Quad)| b == a;
    let head = before.iter().zip(after).take_while(|pair| same(*pair)).count();
    (0..head).for_each(|at| keep(at, at));
    let (before_rest, after_rest) = (&before[head..], &after[head..]);
    let tail = before_rest.iter().rev().zip(after_rest.iter().rev()).take_while(|pair| same(*pair)).count();
    (1..=tail).for_each(|back| keep(before.len() - back, after.len() - back));
    let mut from = head;
    for (at, quad) in after.iter().enumerate().take(after.len() - tail).skip(head) {
        if let Some(found) = before[from..before.len() - tail].iter().position(|old| old == quad) {
            keep(from + found, at);
            from += found + 1;
        }
    }
    (in_before, in_after)
}

/// Adds a rectangle, merged with what it can be merged with at little cost.
fn add(areas: &mut Vec<Rect>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let mut area = area;
    while let Some(at) = areas.iter().position(|other| waste(*other, area) <= SLACK) {
        area = area.union(areas.swap_remove(at));
    }
    areas.push(area);
    if areas.len() > MOST {
        let pairs = (0..areas.len()).flat_map(|a| (a + 1..areas.len()).map(move |b| (a, b)));
        if let Some((a, b)) = pairs.min_by_key(|(a, b)| waste(areas[*a], areas[*b])) {
            let (second, first) = (areas.swap_remove(b), areas.swap_remove(a));
            add(areas, first.union(second));
        }
    }
}

/// How many pixels more the union is than both drawn apart; what lies in both is drawn twice apart.
fn waste(a: Rect, b: Rect) -> u64 {
    let pixels = |r: Rect| u64::from(r.w) * u64::from(r.h);
    pixels(a.union(b)).saturating_sub(pixels(a) + pixels(b))
}
