//! The running text's speed and place. Positions are whole pixels that wrap, so they are as exact after a
//! thousand hours as in the first.

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
