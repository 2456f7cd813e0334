//! Whose turn it is among what is on air: shares of a round (`weight`), and what comes in between (`every`).
//! Invariant: with shares of 1 alone a round is the list's order; whatever the shares, each comes in every round.
//!
//! One with weight w comes w times a round, spread evenly: the one at place i of n is at (i/n + k/w) mod 1 for each
//! k below w. No two of the same are next to each other where that can be avoided, also across the round's end.
//! One with `every` N has no place in the round: it comes after each N turns of it. Where several are due at once,
//! they come in the list's order; those of one entry, such as a folder's pictures, share one turn and take it one
//! after the other. Where nothing else is on air, they are the round.

/// The highest weight; a higher one counts as this.
pub const MOST_WEIGHT: u32 = 100;

/// How one takes turns with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Which of the written ones it is: those that share one share a turn of `every`.
    pub entry: usize,
    /// How many times it comes in a round; 0 counts as 1.
    pub weight: u32,
    /// In place of a share of the round: after each so many turns of it; 0 counts as 1.
    pub every: Option<u32>,
}

/// The order of turns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rotation {
    /// One round, by their places in the list.
    round: Vec<usize>,
    between: Vec<Between>,
}

/// What comes in between; by their places in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Between {
    every: u64,
    those: Vec<usize>,
}

/// Who has the turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Turn {
    /// The newest place of the round; `None` before the first.
    place: Option<usize>,
    /// How many of the round had a turn; what comes in between is counted by this.
    count: u64,
    /// Which one of those in between has the turn, if one has.
    between: Option<usize>,
}

impl Turn {
    /// The newest place of the round, counted from 0; `None` before the first.
    pub fn place(self) -> Option<usize> {
        self.place
    }
}

impl Rotation {
    /// The order of turns of a list.
    pub fn new(shares: impl IntoIterator<Item = Share>) -> Self {
        let (mut round, mut between) = (Vec::new(), Vec::<(usize, Between)>::new());
        for (index, share) in shares.into_iter().enumerate() {
            let Some(every) = share.every else {
                round.push((index, share.weight.clamp(1, MOST_WEIGHT)));
                continue;
            };
            // A folder's pictures stand one after the other.
            match between.last_mut().filter(|(entry, _)| *entry == share.entry) {
                Some((_, group)) => group.those.push(index),
                None => {
                    between
                        .push((share.entry, Between { every: u64::from(every.max(1)), those: vec![index] }));
                }
            }
        }
        if round.is_empty() {
            let all = between.into_iter().flat_map(|(_, group)| group.those);
            return Self { round: all.collect(), between: Vec::new() };
        }
        Self { round: spread(&round), between: between.into_iter().map(|(_, group)| group).collect() }
    }

    /// The places of one round, by their places in the list; without those that come in between.
    pub fn round(&self) -> &[usize] {
        &self.round
    }

    /// As many whole rounds, with what comes in between, as it takes until all repeats; fewer where that is more than
    /// `most` turns, but one at the least.
    pub fn cycle(&self, most: usize) -> Vec<usize> {
        let length = self.round.len() as u64;
        let everys = self.between.iter().map(|group| group.every);
        let period = everys.fold(length, |a, b| (a / gcd(a, b).max(1)).saturating_mul(b));
        let (mut all, mut whole, mut turn) = (Vec::new(), 0, Turn::default());
        while let Some((item, next)) = self.next(turn, |_| true) {
            let begins = next.between.is_none() && turn.count > 0 && turn.count.is_multiple_of(length);
            if begins {
                if all.len() > most {
                    // This round was too much, unless it is the only one.
                    all.truncate(if whole > 0 { whole } else { all.len() });
                    break;
                }
                whole = all.len();
                if turn.count >= period || whole == most {
                    break;
                }
            }
            all.push(item);
            turn = next;
        }
        all
    }

    /// The next one that can take its turn, by its place in the list; `None` where none can. One that cannot is no
    /// turn of the round for those in between.
    pub fn next(&self, after: Turn, can: impl Fn(usize) -> bool) -> Option<(usize, Turn)> {
        self.due(after, &can).or_else(|| self.in_round(after, &can)).or_else(|| self.others(after, &can))
    }

    /// The next of those in between that are due now.
    fn due(&self, after: Turn, can: &impl Fn(usize) -> bool) -> Option<(usize, Turn)> {
        if after.count == 0 {
            return None;
        }
        let first = after.between.map_or(0, |number| number + 1);
        let due =
            self.between.iter().enumerate().skip(first).filter(|(_, b)| after.count.is_multiple_of(b.every));
        due.filter_map(|(number, group)| {
            let item = group.turn(after.count / group.every - 1, can)?;
            Some((item, Turn { between: Some(number), ..after }))
        })
        .next()
    }

    fn in_round(&self, after: Turn, can: &impl Fn(usize) -> bool) -> Option<(usize, Turn)> {
        let count = self.round.len();
        let first = after.place.map_or(0, |place| place + 1);
        let place = (0..count).map(|step| (first + step) % count).find(|place| can(self.round[*place]))?;
        Some((self.round[place], Turn { place: Some(place), count: after.count + 1, between: None }))
    }

    /// Those in between as a round of their own, where nothing of the round can be shown.
    fn others(&self, after: Turn, can: &impl Fn(usize) -> bool) -> Option<(usize, Turn)> {
        let count = self.between.len();
        let first = after.between.map_or(0, |number| number + 1);
        let order = (0..count).map(|step| (first + step) % count);
        order.into_iter().find_map(|number| {
            // A turn is counted whenever they begin anew, so that a folder's pictures go on.
            let counted = after.count + u64::from(after.between.is_some_and(|last| number <= last));
            let item = self.between[number].turn(counted, can)?;
            Some((item, Turn { place: after.place, count: counted, between: Some(number) }))
        })
    }

    /// The turn of the one at this place of the list, as near to where `old` stood in its own rotation as can be.
    pub fn resume(&self, item: usize, old: Turn, in_old: &Self) -> Turn {
        let (place, count) = (old.place, old.count);
        if let Some(number) = self.between.iter().position(|group| group.those.contains(&item)) {
            let place = place.map(|place| scaled(place, in_old.round.len(), self.round.len()));
            return Turn { place, count, between: Some(number) };
        }
        let ideal = place.map_or(0, |place| scaled(place, in_old.round.len(), self.round.len()));
        let places =
            self.round.iter().enumerate().filter(|(_, other)| **other == item).map(|(place, _)| place);
        let around = |place: usize| {
            let apart = place.abs_diff(ideal);
            apart.min(self.round.len() - apart)
        };
        Turn { place: places.min_by_key(|place| around(*place)).or(place), count, between: None }
    }
}

impl Between {
    /// Who of them has their turn of this number, counted from 0.
    fn turn(&self, number: u64, can: &impl Fn(usize) -> bool) -> Option<usize> {
        if let [one] = self.those[..] {
            return can(one).then_some(one);
        }
        let those: Vec<usize> = self.those.iter().copied().filter(|item| can(*item)).collect();
        let number = number.checked_rem(those.len() as u64)?;
        those.get(usize::try_from(number).ok()?).copied()
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// A place of a round in another one that is longer or shorter.
fn scaled(place: usize, from: usize, to: usize) -> usize {
    (place * to).checked_div(from).unwrap_or(0).min(to.saturating_sub(1))
}

/// The round of these with their weights.
fn spread(shares: &[(usize, u32)]) -> Vec<usize> {
    if shares.iter().all(|(_, weight)| *weight == 1) {
        return shares.iter().map(|(index, _)| *index).collect();
    }
    let n = shares.len() as u64;
    // (i/n + k/w) mod 1 = ((iw + kn) mod nw) / nw; n is the same for all, so a/w is compared.
    let mut keys: Vec<(u64, u64, usize)> = Vec::new();
    for (i, (index, weight)) in (0_u64..).zip(shares) {
        let w = u64::from(*weight);
        keys.extend((0..w).map(|k| ((i * w + k * n) % (n * w), w, *index)));
    }
    keys.sort_unstable_by(|(a, w, i), (b, v, j)| (a * v).cmp(&(b * w)).then(i.cmp(j)));
    let mut round: Vec<usize> = keys.into_iter().map(|(_, _, index)| index).collect();
    part(&mut round);
    round
}

/// Moves whoever follows itself to the nearest place where it does not. Such a place is there as long as it has
/// no more than half of the round.
fn part(round: &mut [usize]) {
    let count = round.len();
    if count < 3 {
        return;
    }
    let mut at = 0;
    while at < count {
        let next = (at + 1) % count;
        let item = round[at];
        // Between `gap` and the one after it.
        let free = |gap: usize| round[gap] != item && round[(gap + 1) % count] != item;
        if round[next] == item
            && let Some(gap) = nearest(next, count, free)
        {
            carry(round, next, gap);
            // What moved on to this place may follow itself too.
            continue;
        }
        at += 1;
    }
}

/// The gap nearest to a place for which this holds, going round.
fn nearest(from: usize, count: usize, holds: impl Fn(usize) -> bool) -> Option<usize> {
    (1..=count / 2 + 1)
        .flat_map(|step| [(from + step) % count, (from + count - step % count) % count])
        .find(|gap| holds(*gap))
}

/// Moves the one at `from` into the gap after `gap`; what is between moves up.
fn carry(round: &mut [usize], from: usize, gap: usize) {
    if gap > from {
        round[from..=gap].rotate_left(1);
    } else {
        round[gap + 1..=from].rotate_right(1);
    }
}

#[cfg(test)]
mod tests;
