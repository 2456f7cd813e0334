//! The order of the turns in one of a playlist's lists, and where it stands.
//! Invariant: another list goes on near where the one before it stood, and where nothing is left of that, near
//! where an earlier one stood: what an urgent item pushed aside goes on after it.

use std::{collections::HashMap, sync::Arc};

use super::From;
use crate::domain::{
    playlist::{Playlist, PlaylistItem},
    rotation::{Rotation, Share, Turn},
};

/// Where one of the lists stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Lane {
    pub rotation: Rotation,
    /// The newest turn.
    pub turn: Turn,
    /// Who comes next, whatever the rotation says: with another list, who would have come.
    next: Option<(usize, Turn)>,
    /// Where a list stood of which nothing was left.
    earlier: Option<Earlier>,
}

#[derive(Debug, Clone)]
struct Earlier {
    playlist: Arc<Playlist>,
    rotation: Rotation,
    turn: Turn,
}

/// The items of one of a playlist's lists.
pub(super) fn items(playlist: &Playlist, from: From) -> &[PlaylistItem] {
    match from {
        From::Loop => &playlist.items,
        From::Fallback => &playlist.fallback,
        From::Welcome => &[],
    }
}

impl Lane {
    /// At its beginning.
    pub fn new(items: &[PlaylistItem]) -> Self {
        let share = |item: &PlaylistItem| {
            let airing = &item.airing;
            Share { entry: item.entry, weight: airing.weight, every: airing.every }
        };
        Self { rotation: Rotation::new(items.iter().map(share)), ..Self::default() }
    }

    /// The next one that can be shown, with its turn.
    pub fn next(&self, can: impl Fn(usize) -> bool) -> Option<(usize, Turn)> {
        self.next.filter(|(item, _)| can(*item)).or_else(|| self.rotation.next(self.turn, can))
    }

    /// This one has its turn.
    pub fn take(&mut self, turn: Turn) {
        (self.turn, self.next) = (turn, None);
    }

    /// Takes another playlist's list in. `stays` is where the item stands in it that is shown, if it is in it;
    /// `shown` is where the shown one stood in the old list, if it is of this list.
    pub fn swap(
        &mut self,
        from: From,
        old: &Arc<Playlist>,
        new: &Playlist,
        stays: Option<usize>,
        shown: Option<usize>,
    ) {
        let (before, after) = (items(old, from), items(new, from));
        let mut lane = Self::new(after);
        if let Some(item) = stays {
            lane.turn = lane.rotation.resume(item, self.turn, &self.rotation);
            lane.earlier = self.earlier.take();
            *self = lane;
            return;
        }
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, item) in after.iter().enumerate() {
            by_name.entry(&item.name).or_default().push(index);
        }
        let stood =
            Earlier { playlist: old.clone(), rotation: std::mem::take(&mut self.rotation), turn: self.turn };
        lane.next = stood.next(before, shown, &by_name, &lane.rotation);
        lane.earlier = self.earlier.take();
        if lane.next.is_none() {
            let known = lane.earlier.as_ref();
            lane.next = known.and_then(|e| e.next(items(&e.playlist, from), None, &by_name, &lane.rotation));
            let longer = known.is_none_or(|e| e.rotation.round().len() <= stood.rotation.round().len());
            if lane.next.is_some() {
                lane.earlier = None;
            } else if longer && !before.is_empty() {
                lane.earlier = Some(stood);
            }
        }
        *self = lane;
    }
}

impl Earlier {
    /// Who would have come next that is in another list too, by its name, with its turn there. Begins with the
    /// one at `shown`.
    fn next(
        &self,
        items: &[PlaylistItem],
        shown: Option<usize>,
        by_name: &HashMap<&str, Vec<usize>>,
        rotation: &Rotation,
    ) -> Option<(usize, Turn)> {
        let round = self.rotation.round();
        let first = self.turn.place().map_or(0, |place| place + 1);
        let upcoming = (0..round.len()).map(|step| round[(first + step) % round.len()]);
        let (old, those) = shown
            .into_iter()
            .chain(upcoming)
            .find_map(|old| Some((old, by_name.get(items.get(old)?.name.as_str())?)))?;
        let item = *those.iter().min_by_key(|item| item.abs_diff(old))?;
        Some((item, rotation.resume(item, self.turn, &self.rotation)))
    }
}
