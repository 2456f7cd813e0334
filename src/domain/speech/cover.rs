//! Words are laid out in the phrases that have a clip.
//! Invariant: all words are in the pieces, each once and in their order.

use super::Piece;

/// The longest phrase that is looked for, in words.
pub const LONGEST_PHRASE: usize = 16;

/// The pieces of words that are said without a pause: from the left, the longest phrase that has a clip.
/// Words without one run together in one [`Piece::Rest`].
pub fn cover(words: &[String], has: impl Fn(&str) -> bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match longest(&words[at..], &has) {
            Some((count, phrase)) => {
                pieces.push(Piece::Clip(phrase));
                at += count;
            }
            None => {
                match pieces.last_mut() {
                    Some(Piece::Rest(rest)) => rest.push(words[at].clone()),
                    _ => pieces.push(Piece::Rest(vec![words[at].clone()])),
                }
                at += 1;
            }
        }
    }
    pieces
}

/// The longest phrase at the beginning of words that has a clip, and of how many words it is.
fn longest(words: &[String], has: impl Fn(&str) -> bool) -> Option<(usize, String)> {
    let (mut phrase, mut found) = (String::new(), None);
    for (index, word) in words.iter().take(LONGEST_PHRASE).enumerate() {
        if index > 0 {
            phrase.push(' ');
        }
        phrase.push_str(word);
        if has(&phrase) {
            found = Some((index + 1, phrase.len()));
        }
    }
    let (count, length) = found?;
    phrase.truncate(length);
    Some((count, phrase))
}
