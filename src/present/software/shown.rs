//! The display lists that the window's buffers still hold. Pure.
//! Invariant: no more of them than the buffers are old, since each may hold a film's frame, of which there are few.

use std::collections::VecDeque;

use crate::picture::DisplayList;

/// How many frames back a buffer may be before all of it is drawn anew.
const OLDEST: usize = 3;

/// The newest lists that were shown, newest first.
#[derive(Default)]
pub(super) struct Shown {
    lists: VecDeque<DisplayList>,
    /// The largest age of a buffer that was met, up to [`OLDEST`]. X11 has one buffer, of age 1 from the second
    /// frame on; a Wayland compositor takes two by turns, each of age 2.
    age: usize,
}

impl Shown {
    /// What the glass shows, where that is known.
    pub fn newest(&self) -> Option<&DisplayList> {
        self.lists.front()
    }

    /// What a buffer of that age holds: 1 is the newest list, 0 and what is too old is not known.
    pub fn held_by(&mut self, age: usize) -> Option<&DisplayList> {
        if age <= OLDEST {
            self.age = self.age.max(age);
        }
        self.lists.get(age.checked_sub(1)?)
    }

    /// Another list is shown. One is kept at the least, to tell what differs from it.
    pub fn push(&mut self, list: DisplayList) {
        self.lists.push_front(list);
        self.lists.truncate(self.age.max(1));
    }

    /// Another list that has the same pixels as the newest one.
    pub fn same(&mut self, list: DisplayList) {
        if let Some(newest) = self.lists.front_mut() {
            *newest = list;
        }
    }

    /// No buffer is known any more: the window was resized, or lost what it showed. How old its buffers become
    /// goes by the display server, and stays.
    pub fn forget(&mut self) {
        self.lists.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(width: u32) -> DisplayList {
        DisplayList { width, height: 1, quads: vec![] }
    }

    /// Shows lists 1, 2, 3… in buffers of these ages; what each buffer was known to hold, by number.
    fn held(shown: &mut Shown, ages: &[usize]) -> Vec<Option<u32>> {
        let mut show = |(number, age): (u32, &usize)| {
            let held = shown.held_by(*age).map(|list| list.width);
            shown.push(list(number));
            held
        };
        (1..).zip(ages).map(&mut show).collect()
    }

    #[test]
    fn one_buffer_keeps_one_list() {
        let mut shown = Shown::default();
        assert_eq!(held(&mut shown, &[0, 1, 1, 1]), [None, Some(1), Some(2), Some(3)]);
        assert_eq!(shown.lists.len(), 1);
        assert_eq!(shown.newest(), Some(&list(4)));
    }

    #[test]
    fn a_list_with_the_same_pixels_takes_the_newest_ones_place() {
        let mut shown = Shown::default();
        shown.same(list(1));
        assert_eq!(shown.newest(), None);
        held(&mut shown, &[0, 0, 2, 2]);
        shown.same(list(9));
        assert_eq!((shown.newest(), shown.lists.len()), (Some(&list(9)), 2));
        assert_eq!(shown.held_by(2), Some(&list(3)));
    }

    #[test]
    fn two_buffers_by_turns_keep_two() {
        let mut shown = Shown::default();
        // The first of age 2 tells that two are needed, when the older one is gone already: all is drawn once more.
        let known = held(&mut shown, &[0, 0, 2, 2, 2, 1, 2]);
        assert_eq!(known, [None, None, None, Some(2), Some(3), Some(5), Some(5)]);
        assert_eq!(shown.lists.len(), 2);
    }

    #[test]
    fn a_buffer_too_old_is_drawn_anew_and_keeps_nothing() {
        let mut shown = Shown::default();
        assert_eq!(held(&mut shown, &[0, 4, 200]), [None; 3]);
        assert_eq!(shown.lists.len(), 1);
        assert_eq!(held(&mut shown, &[3; 6]), [None, None, Some(3), Some(1), Some(2), Some(3)]);
        assert_eq!(shown.lists.len(), 3);
    }

    #[test]
    fn after_a_resize_nothing_is_known_until_it_was_shown_anew() {
        let mut shown = Shown::default();
        held(&mut shown, &[0, 0, 2, 2]);
        shown.forget();
        assert_eq!(shown.newest(), None);
        assert_eq!(held(&mut shown, &[0, 0, 2, 2]), [None, None, Some(1), Some(2)]);
    }
}
