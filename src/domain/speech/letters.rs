//! The names of letters, in Indonesian and English.
//! Invariant: espeak-ng, given a name as a word, says the letter, and no two letters sound alike.

use super::word::Word;
use crate::words::Language;

const ID: [&str; 26] = [
    "a", "be", "ce", "de", "e", "ef", "ge", "ha", "i", "je", "ka", "el", "em", "en", "o", "pe", "ki", "er",
    "es", "te", "u", "ve", "we", "eks", "ye", "zet",
];
// Not `ay`, which espeak-ng says as the name of I, nor `eff`, which it spells.
const EN: [&str; 26] = [
    "eigh",
    "bee",
    "see",
    "dee",
    "ee",
    "ef",
    "gee",
    "aitch",
    "eye",
    "jay",
    "kay",
    "el",
    "em",
    "en",
    "oh",
    "pea",
    "queue",
    "are",
    "ess",
    "tea",
    "you",
    "vee",
    "double you",
    "ex",
    "why",
    "zed",
];

/// The names, A first; one may have several words.
pub(super) fn names(language: Language) -> &'static [&'static str; 26] {
    match language {
        Language::Indonesian => &ID,
        Language::English => &EN,
    }
}

/// Says a letter by its name: an accented one by its base letter's. One of another script stays as it is, for
/// those who speak to know; what is neither letter nor number says nothing.
pub(super) fn spell(letter: char, language: Language, out: &mut Vec<Word>) {
    let letter = base(letter);
    if letter.is_ascii_alphabetic() {
        let name = names(language)[usize::from(letter.to_ascii_lowercase() as u8 - b'a')];
        out.extend(Word::letter(letter, name));
    } else if letter.is_alphanumeric() {
        out.push(Word::plain(letter.to_lowercase().collect(), language));
    }
}

/// The letter under an accent, as far as Western European languages have them.
fn base(letter: char) -> char {
    match letter {
        'À'..='Å' | 'à'..='å' => 'a',
        'Ç' | 'ç' => 'c',
        'È'..='Ë' | 'è'..='ë' => 'e',
        'Ì'..='Ï' | 'ì'..='ï' => 'i',
        'Ñ' | 'ñ' => 'n',
        'Ò'..='Ö' | 'ò'..='ö' | 'Ø' | 'ø' => 'o',
        'Ù'..='Ü' | 'ù'..='ü' => 'u',
        'Ý' | 'ý' | 'ÿ' => 'y',
        'Š' | 'š' => 's',
        'Ž' | 'ž' => 'z',
        other => other,
    }
}
