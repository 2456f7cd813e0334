//! Text, numbers and times of the wire, made safe to show.
//! Invariant: text that passes holds no character that is invisible or changes the direction of others.

use jiff::{Timestamp, civil::Date};

use super::Reject;
use crate::domain::visible::clean;

/// The longest name of a hall, organization, service or agency, and the longest identity, in characters.
pub(super) const LONGEST_NAME: usize = 200;
/// The longest ticket, in characters.
pub(super) const LONGEST_TICKET: usize = 16;
/// The longest notice, in characters.
pub(super) const LONGEST_NOTICE: usize = 2_000;
/// The longest `id` and `source` of an event, in characters.
pub(super) const LONGEST_SOURCE: usize = 1_000;
/// The longest part of a message that is quoted in a reason, in characters.
const LONGEST_QUOTE: usize = 200;

/// Cleaned text of at most `most` characters; it may be empty.
pub(super) fn text(what: &'static str, raw: &str, most: usize) -> Result<String, Reject> {
    let cleaned = clean(raw);
    let length = cleaned.chars().count();
    if length > most { Err(Reject::TooLongText { what, length, most }) } else { Ok(cleaned) }
}

/// Cleaned text of 1 to `most` characters.
pub(super) fn filled(what: &'static str, raw: &str, most: usize) -> Result<String, Reject> {
    let cleaned = text(what, raw, most)?;
    if cleaned.is_empty() { Err(Reject::Empty(what)) } else { Ok(cleaned) }
}

/// A part of a message as a log may quote it: cleaned, and cut where it is long.
pub(super) fn quote(raw: &str) -> String {
    // What is hidden can be long; what lies far behind it is never needed.
    let near: String = raw.chars().take(4 * LONGEST_QUOTE).collect();
    let mut cleaned = clean(&near);
    if let Some((end, _)) = cleaned.char_indices().nth(LONGEST_QUOTE) {
        cleaned.truncate(end);
        cleaned.push('…');
    }
    cleaned
}

/// Decimal digits, as a sequence is written.
pub(super) fn sequence(raw: &str) -> Result<u64, Reject> {
    let digits = !raw.is_empty() && raw.bytes().all(|b| b.is_ascii_digit());
    let number = if digits { raw.parse().ok() } else { None };
    number.ok_or_else(|| Reject::Sequence(quote(raw)))
}

/// A point in time as RFC 3339 writes it. Digits of a second behind the ninth are cut.
pub(super) fn time(raw: &str) -> Result<Timestamp, Reject> {
    parse_time(raw).ok_or_else(|| Reject::Time(quote(raw)))
}

/// jiff reads more forms than RFC 3339 has, so the form is checked first.
fn parse_time(raw: &str) -> Option<Timestamp> {
    let (date, rest) = raw.split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't'])?;
    let (clock, rest) = rest.split_at_checked(8)?;
    if !has_form(date, "dddd-dd-dd") || !has_form(clock, "dd:dd:dd") {
        return None;
    }
    let (fraction, offset) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            let (digits, offset) = rest.split_at(end);
            (format!(".{}", digits.get(..9).unwrap_or(digits)), offset)
        }
        None => (String::new(), rest),
    };
    let offset = match offset {
        "Z" | "z" | "-00:00" => "Z",
        _ if has_form(offset, "+dd:dd") || has_form(offset, "-dd:dd") => offset,
        _ => return None,
    };
    if fraction == "." {
        return None;
    }
    format!("{date}T{clock}{fraction}{offset}").parse().ok()
}

/// A day as RFC 3339 writes it.
pub(super) fn date(raw: &str) -> Result<Date, Reject> {
    let parsed = if has_form(raw, "dddd-dd-dd") { raw.parse().ok() } else { None };
    parsed.ok_or_else(|| Reject::Date(quote(raw)))
}

/// Whether a text has the form of another, where `d` stands for any digit.
fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(t, f)| if f == b'd' { t.is_ascii_digit() } else { t == f })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_gone() {
        assert_eq!(
            clean("  A\u{202e}-0\u{200b}12\u{0}\u{1b}[31m\r\n\tB \u{2029} C\u{feff} "),
            "A-012[31m B C"
        );
        assert_eq!(clean("\u{e0041}\u{ad}\u{2066}\u{7f}\u{85}"), "");
        assert_eq!(clean("Pélayanan ± 30 menit – “KTP‑el” 😀"), "Pélayanan ± 30 menit – “KTP‑el” 😀");
    }

    #[test]
    fn limits_count_what_is_left() {
        let hidden = format!("A-012{}", "\u{200b}".repeat(100));
        assert_eq!(filled("a ticket", &hidden, LONGEST_TICKET), Ok("A-012".into()));
        let error = Reject::TooLongText { what: "a ticket", length: 17, most: 16 };
        assert_eq!(filled("a ticket", &"9".repeat(17), LONGEST_TICKET), Err(error));
        assert_eq!(filled("a ticket", " \u{200b} ", LONGEST_TICKET), Err(Reject::Empty("a ticket")));
        assert!(text("a name", &"é".repeat(200), LONGEST_NAME).is_ok());
    }

    #[test]
    fn a_sequence_is_decimal_digits() {
        assert_eq!(sequence("0042"), Ok(42));
        assert_eq!(sequence("18446744073709551615"), Ok(u64::MAX));
        for wrong in ["", "+1", "-1", "1.0", " 1", "0x10", "１２", "18446744073709551616"] {
            assert_eq!(sequence(wrong), Err(Reject::Sequence(wrong.trim().into())), "{wrong:?}");
        }
    }

    #[test]
    fn a_time_is_rfc_3339() {
        let expected: Timestamp = "2026-11-21T01:41:07.5Z".parse().unwrap();
        for right in [
            "2026-11-21T01:41:07.5Z",
            "2026-11-21t01:41:07.500z",
            "2026-11-21T09:41:07.5+08:00",
            "2026-11-21T01:41:07.5-00:00",
            "2026-11-21T01:41:07.500000000000000000Z",
        ] {
            assert_eq!(time(right), Ok(expected), "{right}");
        }
        for wrong in [
            "",
            "now",
            "2026-11-21",
            "2026-11-21T01:41:07",
            "2026-11-21 01:41:07Z",
            "2026-11-21T01:41Z",
            "2026-11-21T01:41:07.Z",
            "2026-11-21T01:41:07.5",
            "2026-13-21T01:41:07Z",
            "2026-02-29T01:41:07Z",
            "2026-11-21T25:41:07Z",
            "20261121T014107Z",
            "2026-11-21T01:41:07+0800",
            "2026-11-21T01:41:07Z[UTC]",
            "2026-11-21T01:41:07é+08:00",
            "9999-12-31T23:59:59-23:59",
        ] {
            assert!(matches!(time(wrong), Err(Reject::Time(_))), "{wrong}");
        }
    }

    #[test]
    fn a_quote_is_short() {
        assert_eq!(quote(&"x".repeat(100_000)).chars().count(), LONGEST_QUOTE + 1);
    }
}
