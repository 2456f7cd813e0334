//! Written text becomes words and pauses: where a word, a number, a clause and a sentence end.
//! Invariant: no letter and no digit is lost, and a word holds nothing but letters, digits and inner apostrophes.

use super::digits;
use crate::words::Language;

/// A piece of written text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A word or a number, as it is written.
    Word(String),
    /// A comma, or what is like one.
    Comma,
    /// The end of a sentence.
    Stop,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// What people write: it may hold a time or a telephone.
    Text,
    /// A counter's label: its numbers are numbers.
    Label,
}

/// Reads a text.
pub(super) fn scan(text: &str, language: Language, kind: Kind) -> Vec<Token> {
    let (chars, mut tokens) = (characters(text), Vec::new());
    let mut word = String::new();
    let mut at = 0;
    while at < chars.len() {
        let (character, next) = (chars[at], chars.get(at + 1).copied());
        if character.is_ascii_digit() && !word.ends_with(|c: char| c.is_ascii_digit()) {
            at = match telephone(&chars, at).filter(|_| kind == Kind::Text) {
                Some(end) => read_out(&chars[at..end], &mut word, &mut tokens, end),
                None => number(&chars, at, language, kind, &mut word, &mut tokens),
            };
            continue;
        }
        let inside = !word.is_empty() && next.is_some_and(char::is_alphanumeric);
        if character.is_alphanumeric() || (character == '\'' && inside) {
            word.push(character);
        } else {
            end(&mut word, &mut tokens);
            tokens.extend(mark(character, next, language));
        }
        at += 1;
    }
    end(&mut word, &mut tokens);
    tokens
}

/// The words of a text, without its pauses.
pub(super) fn words(text: &str, language: Language, kind: Kind) -> Vec<String> {
    let word = |token| if let Token::Word(word) = token { Some(word) } else { None };
    scan(text, language, kind).into_iter().filter_map(word).collect()
}

/// The characters of a text, each in its plain form: digits of any script ours, full-width ones narrow, accents
/// that stand alone left out.
pub(super) fn characters(text: &str) -> Vec<char> {
    let plain = |c: char| match c {
        '\u{300}'..='\u{36f}' => None,
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => Some('\''),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        c => digits::plain(c).or(Some(c)),
    };
    text.chars().filter_map(plain).collect()
}

/// Whether a mark ends a clause or a sentence here: one within a word or a number does not.
pub(super) fn ends(next: Option<char>) -> bool {
    next.is_none_or(|n| !n.is_alphanumeric())
}

fn end(word: &mut String, tokens: &mut Vec<Token>) {
    if !word.is_empty() {
        tokens.push(Token::Word(std::mem::take(word)));
    }
}

/// What a character that is part of no word means.
fn mark(character: char, next: Option<char>, language: Language) -> Option<Token> {
    let word = |id: &str, en: &str| Some(Token::Word(said(language, id, en)));
    match character {
        '.' | '!' | '?' if ends(next) => Some(Token::Stop),
        '…' | '。' | '\n' | '\r' => Some(Token::Stop),
        ',' | ';' | ':' if ends(next) => Some(Token::Comma),
        '(' | ')' | '–' | '—' | '•' | '、' => Some(Token::Comma),
        '&' => word("dan", "and"),
        '%' => word("persen", "percent"),
        _ => None,
    }
}

fn said(language: Language, id: &str, en: &str) -> String {
    match language {
        Language::Indonesian => id,
        Language::English => en,
    }
    .to_owned()
}

/// How many digits there are from here on.
fn run(chars: &[char], at: usize) -> usize {
    chars.iter().skip(at).take_while(|c| c.is_ascii_digit()).count()
}

/// Where a telephone ends that begins here: after a plus, or with three digits or more of which the first is a
/// zero; and with more digits after a hyphen, or three or more after a space, a full stop or a bracket.
/// `A-012` begins none: it is a ticket.
fn telephone(chars: &[char], from: usize) -> Option<usize> {
    let first = run(chars, from);
    let before = from.checked_sub(1).map_or(' ', |before| chars[before]);
    let is_ticket = before == '-' || before.is_alphanumeric();
    if before != '+' && (is_ticket || first < 3 || chars[from] != '0') {
        return None;
    }
    let mut end = from + first;
    loop {
        let after = |mark: &str| {
            let is_next = mark.chars().enumerate().all(|(at, c)| chars.get(end + at) == Some(&c));
            is_next.then(|| (end + mark.len(), run(chars, end + mark.len())))
        };
        let hyphen = after("-").filter(|(_, count)| *count > 0);
        let other =
            || [" ", ".", ") ", ")", " - "].into_iter().filter_map(after).find(|(_, count)| *count >= 3);
        match hyphen.or_else(other) {
            Some((at, count)) => end = at + count,
            None => return (end > from + first).then_some(end),
        }
    }
}

/// Reads each digit for itself, and each mark that is heard, up to where it ends.
fn read_out(chars: &[char], word: &mut String, tokens: &mut Vec<Token>, at: usize) -> usize {
    end(word, tokens);
    for character in chars {
        match character {
            ')' => tokens.push(Token::Comma),
            digit if digit.is_ascii_digit() => tokens.push(Token::Word(digit.to_string())),
            _ => {}
        }
    }
    at
}

/// Reads a number from its first digit on, be it part of a word such as `Rp1.500`, and returns where it ends.
/// Marks between thousands are left out and decimals are read one by one, and so is a part of a time or a date
/// that begins with a zero, such as `08.05`: that zero is heard.
fn number(
    chars: &[char],
    from: usize,
    language: Language,
    kind: Kind,
    word: &mut String,
    tokens: &mut Vec<Token>,
) -> usize {
    let (thousands, decimal) = match language {
        Language::Indonesian => ('.', ','),
        Language::English => (',', '.'),
    };
    let run = |at: usize| run(chars, at);
    let first = run(from);
    let mut at = from + first;
    let is_time = first == 2 && ['.', ':'].contains(chars.get(at).unwrap_or(&' ')) && run(at + 1) == 2;
    // `08.30` is half past eight.
    let is_short = kind == Kind::Text && is_time && chars[from] == '0';
    word.extend(&chars[from + usize::from(is_short)..at]);
    let mut groups = at;
    while chars.get(groups) == Some(&thousands) && run(groups + 1) == 3 {
        groups += 4;
    }
    let follows = |at: usize, mark: char| chars.get(at) == Some(&mark) && run(at + 1) > 0;
    // `2.000.5` is no amount.
    if groups > at && (1..=3).contains(&first) && chars[from] != '0' && !follows(groups, thousands) {
        word.extend(chars[at..groups].iter().filter(|c| c.is_ascii_digit()));
        at = groups;
    }
    if follows(at, decimal) && !(follows(at + 1 + run(at + 1), decimal)) {
        end(word, tokens);
        tokens.push(Token::Word(said(language, "koma", "point")));
        let decimals = at + 1..at + 1 + run(at + 1);
        tokens.extend(chars[decimals.clone()].iter().map(|d| Token::Word(d.to_string())));
        return decimals.end;
    }
    while ['.', ':'].iter().any(|mark| follows(at, *mark)) {
        end(word, tokens);
        let part = at + 1..at + 1 + run(at + 1);
        at = part.end;
        if chars[part.start] == '0' {
            tokens.extend(chars[part].iter().map(|d| Token::Word(d.to_string())));
        } else {
            word.extend(&chars[part]);
        }
    }
    at
}
