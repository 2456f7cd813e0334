//! Written text becomes words and pauses: where a word, a number, a clause and a sentence end.
//! Invariant: no letter and no digit is lost, and a word holds nothing but letters, digits and inner apostrophes.

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

/// Reads a text.
pub(super) fn scan(text: &str, language: Language) -> Vec<Token> {
    let (chars, mut tokens) = (characters(text), Vec::new());
    let mut word = String::new();
    let mut at = 0;
    while at < chars.len() {
        let (character, next) = (chars[at], chars.get(at + 1).copied());
        if character.is_ascii_digit() && !word.ends_with(|c: char| c.is_ascii_digit()) {
            at = number(&chars, at, language, &mut word, &mut tokens);
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
pub(super) fn words(text: &str, language: Language) -> Vec<String> {
    let word = |token| if let Token::Word(word) = token { Some(word) } else { None };
    scan(text, language).into_iter().filter_map(word).collect()
}

/// The characters of a text, each in its plain form: full-width ones narrow, accents that stand alone left out.
pub(super) fn characters(text: &str) -> Vec<char> {
    let plain = |c: char| match c {
        '\u{300}'..='\u{36f}' => None,
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => Some('\''),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        c => Some(c),
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

/// Reads a number from its first digit on, be it part of a word such as `Rp1.500`, and returns where it ends. Marks between thousands are left out and
/// decimals are read one by one, and so is a part of a time or a date that begins with a zero, such as `08.05`:
/// that zero is heard.
fn number(
    chars: &[char],
    from: usize,
    language: Language,
    word: &mut String,
    tokens: &mut Vec<Token>,
) -> usize {
    let (thousands, decimal) = match language {
        Language::Indonesian => ('.', ','),
        Language::English => (',', '.'),
    };
    let run = |at: usize| chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
    let first = run(from);
    let mut at = from + first;
    word.extend(&chars[from..at]);
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
