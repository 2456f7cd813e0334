//! Rounds with every mixture of shares: who comes how often, in which order, and what comes in between.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn weight(weight: u32) -> Share {
    Share { entry: 0, weight, every: None }
}

fn every(entry: usize, every: u32) -> Share {
    Share { entry, weight: 1, every: Some(every) }
}

fn of(shares: &[Share]) -> Rotation {
    Rotation::new(shares.iter().copied())
}

/// The first so many turns, each as a letter.
fn turns(rotation: &Rotation, most: usize) -> String {
    turns_of(rotation, most, |_| true)
}

fn turns_of(rotation: &Rotation, most: usize, can: impl Fn(usize) -> bool) -> String {
    let mut turn = Turn::default();
    let mut seen = String::new();
    while seen.len() < most
        && let Some((item, next)) = rotation.next(turn, &can)
    {
        seen.push(char::from(b'a' + item as u8));
        turn = next;
    }
    seen
}

fn weights(weights: &[u32]) -> String {
    let rotation = of(&weights.iter().map(|w| weight(*w)).collect::<Vec<_>>());
    turns(&rotation, rotation.round().len())
}

#[test]
fn equal_shares_are_the_lists_order() {
    assert_eq!(turns(&of(&[weight(1), weight(1), weight(1)]), 7), "abcabca");
    assert_eq!(turns(&of(&[]), 7), "");
    assert_eq!(turns(&of(&[weight(0)]), 3), "aaa");
}

#[test]
fn more_shares_are_spread_evenly() {
    assert_eq!(weights(&[3, 1, 1, 1]), "abacad");
    assert_eq!(weights(&[1, 2, 1]), "abcb");
    assert_eq!(weights(&[3, 3]), "ababab");
    assert_eq!(weights(&[4, 2, 2]), "acabacab");
    // Five of ten: every second one, also over the round's end.
    let even = weights(&[5, 1, 2, 2]).repeat(2);
    assert!(!even.contains("aa"), "{even}");
    // More than half cannot be kept apart, and comes apart as far as can be.
    assert_eq!(weights(&[5, 2]).matches("aa").count(), 2);
}

#[test]
fn what_comes_in_between_is_counted_by_the_round() {
    assert_eq!(turns(&of(&[weight(1), every(1, 3), weight(1)]), 9), "acabcacba");
    assert_eq!(turns(&of(&[weight(1), every(1, 1)]), 6), "ababab");
    assert_eq!(turns(&of(&[weight(1), every(1, 3)]), 9), "aaabaaaba");
    // Two of different counts, both due after the sixth.
    assert_eq!(turns(&of(&[weight(1), every(1, 2), every(2, 3)]), 11), "aabacabaabc");
    // A folder's pictures share a turn.
    assert_eq!(turns(&of(&[weight(1), every(1, 2), every(1, 2), every(1, 2)]), 12), "aabaacaadaab");
    // By themselves they are the round.
    assert_eq!(turns(&of(&[every(1, 2), every(1, 2), every(2, 9)]), 5), "abcab");
}

#[test]
fn one_that_cannot_is_passed_over_and_not_counted() {
    let rotation = of(&[weight(1), weight(1), weight(1), every(3, 2), every(3, 2)]);
    assert_eq!(turns_of(&rotation, 6, |item| item != 1), "acdace");
    assert_eq!(turns_of(&rotation, 6, |item| item != 3), "abecae");
    assert_eq!(turns_of(&rotation, 3, |item| item > 2), "ded");
    assert_eq!(turns_of(&rotation, 3, |item| item == 4), "eee");
    assert_eq!(turns_of(&rotation, 3, |_| false), "");
}

#[test]
fn another_selection_goes_on_near_where_it_was() {
    let old = of(&[weight(1); 10]);
    let at = |item| {
        let (mut turn, mut found) = (Turn::default(), None);
        while found != Some(item) {
            let (next, after) = old.next(turn, |_| true).unwrap();
            (found, turn) = (Some(next), after);
        }
        turn
    };
    // The first four are gone: what was the eighth is the fourth now.
    let new = of(&[weight(1); 6]);
    let turn = new.resume(3, at(7), &old);
    assert_eq!(new.next(turn, |_| true).unwrap().0, 4);
    // Of several places of one, the nearest.
    let new = of(&[weight(4), weight(1), weight(1), weight(1), weight(1)]);
    assert_eq!(turns(&new, 8), "abacadae");
    let turn = new.resume(0, at(5), &old);
    assert_eq!(new.next(turn, |_| true).unwrap().0, 3);
    let empty = of(&[]);
    assert_eq!(of(&[weight(1)]).resume(0, Turn::default(), &empty).place, Some(0));
}

#[test]
fn a_cycle_is_whole_rounds_until_all_repeats() {
    let cycle = |shares: &[Share], most| {
        of(shares).cycle(most).into_iter().map(|item| char::from(b'a' + item as u8)).collect::<String>()
    };
    assert_eq!(cycle(&[weight(1), weight(1)], 200), "ab");
    assert_eq!(cycle(&[weight(1), weight(1), every(2, 3)], 200), "abacbabc");
    assert_eq!(
        cycle(&[weight(2), weight(1), weight(1), every(3, 2)], 200),
        cycle(&[weight(2), weight(1), weight(1), every(3, 2)], 6)
    );
    // Whole rounds alone, and one at the least.
    assert_eq!(cycle(&[weight(1), weight(1), every(2, 3)], 7), "abacb");
    assert_eq!(cycle(&[weight(1), weight(1), every(2, 3)], 1), "ab");
    assert_eq!(cycle(&[every(0, 3), every(1, 2)], 1), "ab");
    assert_eq!(cycle(&[], 9), "");
    // One that comes seldom is part of it as long as there is room for that.
    assert_eq!(cycle(&[weight(1), weight(1), weight(1), every(3, 100)], 200).matches('d').count(), 1);
}

proptest! {
    /// In each round each comes as often as its weight says; the same twice in a row only where it has more than
    /// half of the round; and the gaps between its turns are as even as its neighbours let them be.
    #[test]
    fn a_round_is_fair(all in prop::collection::vec(1_u32..=20, 1..30)) {
        let rotation = of(&all.iter().map(|w| weight(*w)).collect::<Vec<_>>());
        let round = rotation.round();
        let mut counts = BTreeMap::new();
        round.iter().for_each(|item| *counts.entry(*item).or_insert(0_u32) += 1);
        prop_assert_eq!(counts.into_values().collect::<Vec<_>>(), all.clone());
        let next = |i: usize| round[(i + 1) % round.len()];
        let twice = (0..round.len()).filter(|i| round[*i] == next(*i)).count();
        let most = *all.iter().max().unwrap() as usize;
        prop_assert_eq!(twice, (2 * most).saturating_sub(round.len()), "{:?}", round);
    }

    /// Whatever can and cannot be shown: as long as one can there is always a next, in any state that comes up.
    #[test]
    fn there_is_always_a_next(
        all in prop::collection::vec((1_u32..5, prop::option::of(1_u32..5), any::<bool>()), 1..9),
        others in prop::collection::vec((1_u32..5, prop::option::of(1_u32..5)), 1..9),
        steps in 1_usize..60,
    ) {
        let share = |(entry, (weight, every))| Share { entry, weight, every };
        let rotation = Rotation::new(all.iter().map(|(w, e, _)| (*w, *e)).enumerate().map(share));
        let other = Rotation::new(others.iter().copied().enumerate().map(share));
        let can = |item: usize| all[item].2;
        let mut turn = Turn::default();
        for _ in 0..steps {
            match rotation.next(turn, can) {
                Some((item, next)) => {
                    prop_assert!(can(item));
                    turn = next;
                }
                None => prop_assert!(all.iter().all(|(.., can)| !can)),
            }
        }
        for item in 0..others.len() {
            let turn = other.resume(item, turn, &rotation);
            prop_assert!(other.next(turn, |_| true).is_some());
        }
    }

    /// One in between comes after exactly so many turns of the round, whoever else comes in between.
    #[test]
    fn in_between_is_counted(round in 1_usize..6, others in prop::collection::vec(1_u32..7, 1..4)) {
        let those = others.iter().enumerate().map(|(i, n)| every(round + i, *n));
        let rotation = Rotation::new((0..round).map(|_| weight(1)).chain(those));
        let seen: Vec<usize> =
            turns(&rotation, 200).bytes().map(|letter| usize::from(letter - b'a')).collect();
        for (number, n) in others.iter().enumerate() {
            let mut since = 0;
            for item in &seen {
                since += u32::from(*item < round);
                if *item == round + number {
                    prop_assert_eq!(since, *n, "{:?}", seen);
                    since = 0;
                }
                prop_assert!(since <= *n);
            }
        }
    }
}

#[test]
fn ten_thousand_with_twenty_shares_are_one_round() {
    let rotation =
        Rotation::new((0..10_000).map(|entry| Share { entry, weight: 1 + (entry % 20) as u32, every: None }));
    assert_eq!(rotation.round().len(), 105_000);
    let round = rotation.round();
    assert!(round.windows(2).all(|two| two[0] != two[1]));
}
