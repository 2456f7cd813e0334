//! The running text's speed and place. Positions are whole pixels that wrap, so they are as exact after a
//! thousand hours as in the first.

use super::{
    playlist::Message,
    rotation::{Rotation, Share},
};

/// The running text has at most so many messages before it begins anew, unless the list itself is longer.
const MOST: usize = 200;

/// The order in which messages run before all begins anew, by their places in the list: one whole round by their
/// weights, or as many as it takes until what comes in between (`every`) repeats too, within [`MOST`] messages. Where
/// the weights alone make more than that, each message comes once.
pub fn order(messages: &[Message]) -> Vec<usize> {
    let most = u32::try_from(MOST).unwrap_or(u32::MAX);
    let weights = messages.iter().filter(|m| m.airing.every.is_none());
    let many = weights.fold(0_u32, |sum, m| sum.saturating_add(m.airing.weight.max(1))) > most;
    let share = |(entry, message): (usize, &Message)| {
        let weight = if many { 1 } else { message.airing.weight };
        Share { entry, weight, every: message.airing.every }
    };
    Rotation::new(messages.iter().enumerate().map(share)).cycle(MOST)
}

/// How many pixels the running text moves a refresh: the nearest whole number to `words_per_second`, at
/// least 1. `word` is the mean width of a word with its space, in pixels; `rate` is refreshes a second.
pub fn step(words_per_second: f64, word: f64, rate: f64) -> u32 {
    if !(rate > 0.0 && words_per_second > 0.0 && word > 0.0) {
        return 1;
    }
    (words_per_second * word / rate).round().max(1.0) as u32
}

/// Where the text begins after `refresh` refreshes, in pixels to the left of where it began; it is `length`
/// pixels long and follows itself.
pub fn offset(refresh: u64, step: u32, length: u32) -> u32 {
    if length == 0 {
        return 0;
    }
    let (refresh, step, length) = (u128::from(refresh), u128::from(step), u128::from(length));
    (refresh * step % length) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::playlist::Airing;

    fn message((weight, every): (u32, Option<u32>)) -> Message {
        Message { airing: Airing { weight, every, ..Airing::default() }, ..Message::default() }
    }

    #[test]
    fn messages_come_by_their_weights_and_in_between() {
        let order =
            |those: &[(u32, Option<u32>)]| order(&those.iter().copied().map(message).collect::<Vec<_>>());
        assert_eq!(order(&[(1, None), (1, None), (1, None)]), [0, 1, 2]);
        assert_eq!(order(&[(2, None), (1, None), (1, None)]), [0, 1, 0, 2]);
        assert_eq!(order(&[(1, None), (1, None), (1, Some(2))]), [0, 1, 2]);
        assert_eq!(order(&[(1, Some(4))]), [0]);
        // A long list is whole, however long its weights would make it.
        assert_eq!(order(&[(20, None); 300]), (0..300).collect::<Vec<_>>());
        let rare = order(&[(1, None), (1, None), (1, None), (1, Some(100))]);
        assert!(rare.len() <= MOST && rare.contains(&3));
    }

    #[test]
    fn three_words_a_second() {
        // 3 words of 120 pixels in 60 refreshes: 6 pixels each.
        assert_eq!(step(3.0, 120.0, 60.0), 6);
        assert_eq!(step(3.0, 120.0, 144.0), 3);
        assert_eq!(step(0.1, 10.0, 60.0), 1);
        assert_eq!(step(3.0, 120.0, 0.0), 1);
    }

    #[test]
    fn even_after_a_thousand_hours() {
        let refresh = 60 * 3600 * 1000;
        for k in 0..1000 {
            let (a, b) = (offset(refresh + k, 6, 50_000), offset(refresh + k + 1, 6, 50_000));
            assert_eq!((b + 50_000 - a) % 50_000, 6);
        }
        assert_eq!(offset(u64::MAX, u32::MAX, 7), ((u128::from(u64::MAX) * u128::from(u32::MAX)) % 7) as u32);
    }
}
