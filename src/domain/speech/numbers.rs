//! Numbers as they are spoken, in Indonesian and English.
//! Invariant: every digit is said, but for zeros before a number that is read as a word.

use super::{Reading, word::Word};
use crate::words::Language;

/// More digits than these are read one by one, also where numbers are read as words.
const MOST_DIGITS: usize = 4;

const ID: [&str; 10] =
    ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"];
const ID_OTHERS: [&str; 8] = ["sepuluh", "sebelas", "belas", "puluh", "seratus", "ratus", "seribu", "ribu"];
const EN: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const EN_TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const EN_OTHERS: [&str; 3] = ["hundred", "thousand", "and"];

/// Says a run of ASCII digits.
pub(super) fn say(digits: &str, language: Language, reading: Reading, out: &mut Vec<Word>) {
    let value = digits.trim_start_matches('0');
    if reading == Reading::Words
        && value.len() <= MOST_DIGITS
        && let Ok(number) = format!("0{value}").parse()
    {
        let mut words = Vec::new();
        match language {
            Language::Indonesian => indonesian(number, &mut words),
            Language::English => english(number, &mut words),
        }
        out.extend(words.into_iter().map(Word::number));
    } else {
        let values = digits.chars().filter_map(|c| c.to_digit(10));
        out.extend(values.map(|value| Word::number(digit(value as usize, language))));
    }
}

/// Every word that numbers are made of, however they are read.
pub(super) fn vocabulary(language: Language) -> Vec<&'static str> {
    match language {
        Language::Indonesian => ID.into_iter().chain(ID_OTHERS).collect(),
        Language::English => EN.into_iter().chain(EN_TENS).chain(EN_OTHERS).collect(),
    }
}

/// Whether a word is one that numbers are made of.
pub(super) fn is_word(word: &str, language: Language) -> bool {
    match language {
        Language::Indonesian => ID.contains(&word) || ID_OTHERS.contains(&word),
        Language::English => EN.contains(&word) || EN_TENS.contains(&word) || EN_OTHERS.contains(&word),
    }
}

fn digit(value: usize, language: Language) -> &'static str {
    match language {
        Language::Indonesian => ID[value],
        Language::English => EN[value],
    }
}

/// A number up to 9,999.
fn indonesian(number: usize, out: &mut Vec<&'static str>) {
    // One is `se-` before ten, hundred and thousand, and eleven has a word of its own.
    let rest = match number {
        0..=9 => return out.push(ID[number]),
        10 => return out.push("sepuluh"),
        11 => return out.push("sebelas"),
        12..=19 => return out.extend([ID[number - 10], "belas"]),
        20..=99 => {
            out.extend([ID[number / 10], "puluh"]);
            number % 10
        }
        100..=199 => {
            out.push("seratus");
            number % 100
        }
        200..=999 => {
            out.extend([ID[number / 100], "ratus"]);
            number % 100
        }
        1000..=1999 => {
            out.push("seribu");
            number % 1000
        }
        _ => {
            out.extend([ID[number / 1000], "ribu"]);
            number % 1000
        }
    };
    if rest > 0 {
        indonesian(rest, out);
    }
}

/// A number up to 9,999, with the British `and`.
fn english(number: usize, out: &mut Vec<&'static str>) {
    let rest = match number {
        0..=19 => return out.push(EN[number]),
        20..=99 => {
            out.push(EN_TENS[number / 10 - 2]);
            number % 10
        }
        100..=999 => {
            out.extend([EN[number / 100], "hundred"]);
            number % 100
        }
        _ => {
            out.extend([EN[number / 1000], "thousand"]);
            number % 1000
        }
    };
    if rest > 0 {
        if number >= 100 && rest < 100 {
            out.push("and");
        }
        english(rest, out);
    }
}
