//! What is said of any ticket, counter, service, text and template, sensible or not.
//! Invariant: nothing panics, every word is one, and no pause stands doubled or at an end.

use proptest::prelude::*;

use super::*;

fn languages() -> impl Strategy<Value = Language> {
    prop_oneof![Just(Indonesian), Just(English)]
}

fn readings() -> impl Strategy<Value = Reading> {
    prop_oneof![Just(Reading::Digits), Just(Reading::Words)]
}

/// Neither at an end nor twice is there a pause, and every word is one.
fn is_sound(sentence: &Sentence) -> bool {
    let is_words = |p: &Part| {
        matches!(p, Part::Words(words) if !words.is_empty()
        && words.iter().all(|w| w.contains(char::is_alphanumeric) && !w.contains(char::is_whitespace)))
    };
    let pauses = sentence.parts.iter().enumerate();
    (sentence.parts.is_empty() || sentence.parts.len() % 2 == 1)
        && pauses
            .into_iter()
            .all(|(at, part)| if at % 2 == 0 { is_words(part) } else { *part == Part::Comma })
}

proptest! {
    #[test]
    fn any_call_is_sound(
        ticket in "\\PC{0,16}|[A-Z]{0,3}[ -]?[0-9]{1,5}[ -]?[A-Z]?",
        counter in "\\PC{0,16}|[0-9]{1,3}[A-Z]?",
        service in "\\PC{0,60}",
        (language, numbers, counters) in (languages(), readings(), readings()),
    ) {
        let own = Manner { numbers, counters, ..Manner::new(language) };
        let other = with(&own, "(Yth. {service}: {prefix}) {prefix}; {number}, ({service}) {service}. ({counter}) {counter}");
        for manner in [own, other] {
            let mut longest = usize::MAX;
            for wording in [Wording::Full, Wording::Brief, Wording::Row, Wording::Joined] {
                let sentence = manner.call(called(&ticket, &counter, &service), wording);
                prop_assert!(is_sound(&sentence), "{:?}", sentence);
                prop_assert!(sentence.text().len() <= longest);
                longest = sentence.text().len();
            }
        }
    }

    #[test]
    fn the_digits_said_are_the_tickets(ticket in "[A-Z0-9 /.٠-٩۰-۹০-৯０-９🎫-]{0,16}", language in languages()) {
        let manner = with(&Manner::new(language), "{prefix} {number}, {counter}");
        let said = full(&manner, &ticket, "");
        let digits = ["nol zero", "satu one", "dua two", "tiga three", "empat four", "lima five", "enam six", "tujuh seven", "delapan eight", "sembilan nine"];
        let heard = said.split([' ', ',']).filter_map(|w| digits.iter().position(|d| d.split(' ').any(|d| d == w)));
        let heard: Vec<u32> = heard.map(|d| d as u32).collect();
        let value = |c: char| ['0', '٠', '۰', '০', '０'].iter().find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|v| *v < 10));
        prop_assert_eq!(heard, ticket.chars().filter_map(value).collect::<Vec<_>>());
    }

    #[test]
    fn clips_say_any_plain_ticket(
        ticket in "[A-Z]{0,3}-?[0-9]{1,6}",
        counter in "[0-9]{1,5}[A-Z]?",
        (language, numbers, counters) in (languages(), readings(), readings()),
    ) {
        let manner = Manner { numbers, counters, ..Manner::new(language) };
        let clips = manner.clips();
        for wording in [Wording::Full, Wording::Brief, Wording::Row, Wording::Joined] {
            for part in manner.call(called(&ticket, &counter, ""), wording).parts {
                let Part::Words(words) = part else { continue };
                let pieces = cover(&words, |phrase| clips.iter().any(|c| c == phrase));
                prop_assert!(pieces.iter().all(|p| matches!(p, Piece::Clip(_))), "{:?}", pieces);
            }
        }
    }

    #[test]
    fn any_text_is_sound(text in "\\PC{0,300}|[A-Za-z0-9 .,:;()%&'\\n-]{0,300}", language in languages()) {
        prop_assert!(Manner::new(language).text(&text).iter().all(|s| is_sound(s) && !s.parts.is_empty()));
    }

    #[test]
    fn any_template_is_read_or_refused(text in "(\\{prefix\\}|\\{number\\}|\\{counter\\}|\\{service\\}|[(){}., a]){0,12}") {
        if let Ok(template) = Template::parse(&text) {
            let manner = Manner { template, ..Manner::new(Indonesian) };
            for wording in [Wording::Full, Wording::Brief, Wording::Row, Wording::Joined] {
                let said = full(&manner, "B-7", "3");
                let sentence = manner.call(called("B-7", "3", "x"), wording);
                prop_assert!(is_sound(&sentence));
                prop_assert!(["be", "tujuh", "tiga"].iter().all(|w| said.contains(w)), "{}", said);
            }
        }
    }

    #[test]
    fn pieces_hold_all_words(words in prop::collection::vec("[a-c]{1,2}", 0..40), clips in prop::collection::hash_set("[a-c]{1,2}( [a-c]{1,2}){0,3}", 0..30)) {
        let pieces = cover(&words, |phrase| clips.contains(phrase));
        let mut joined: Vec<String> = Vec::new();
        for piece in &pieces {
            match piece {
                Piece::Clip(phrase) => {
                    prop_assert!(clips.contains(phrase));
                    joined.extend(phrase.split(' ').map(str::to_owned));
                }
                Piece::Rest(rest) => {
                    prop_assert!(rest.iter().all(|w| !clips.contains(w)));
                    joined.extend(rest.iter().cloned());
                }
            }
        }
        prop_assert_eq!(joined, words);
    }
}
