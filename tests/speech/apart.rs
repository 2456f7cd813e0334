//! No call is said as another one: where numbers or codes meet there is a pause, in every wording.
//! Invariant: two calls that are told apart here differ in a ticket's or a label's letters and digits, not in signs.

use proptest::prelude::*;

use super::*;

const WORDINGS: [Wording; 4] = [Wording::Full, Wording::Brief, Wording::Row, Wording::Joined];

/// A template of any places and words, in any order, of which some are polite.
fn templates() -> impl Strategy<Value = Template> {
    let place = prop::sample::select(vec!["{prefix}", "{number}", "{counter}"]);
    let word = prop::sample::select(vec![
        "loket",
        "Nomor",
        "B",
        "lantai 2",
        "and",
        "3",
        "ke",
        "(silakan)",
        "(2)",
        "({counter})",
        "({number})",
        "{service}",
        ",",
        ".",
        "",
    ]);
    let more = prop::sample::select(vec!["{prefix}", "{number}", "{counter}", "loket"]);
    let item = prop_oneof![4 => word.prop_map(str::to_owned), 1 => more.prop_map(str::to_owned)];
    (prop::collection::vec((place, item.clone()), 3..7), item).prop_filter_map(
        "a template",
        |(items, last)| {
            let text: String = items.iter().map(|(place, between)| format!("{between} {place} ")).collect();
            Template::parse(&format!("{text}{last}")).ok()
        },
    )
}

/// The prefix, number and counter of two calls that are made of the same letters and digits, cut at other places.
fn likely_mixed_up() -> impl Strategy<Value = [[String; 3]; 2]> {
    let order = Just([0, 1, 2]).prop_shuffle();
    let cuts = || prop::array::uniform2(0..7_usize);
    ("[B12]{0,1}[12]{2,3}[B12]{0,3}", order, cuts(), cuts()).prop_filter_map(
        "two calls",
        |(code, order, one, other)| {
            let cut = |mut cuts: [usize; 2]| {
                cuts = cuts.map(|cut| cut.min(code.len()));
                cuts.sort();
                let pieces = [&code[..cuts[0]], &code[cuts[0]..cuts[1]], &code[cuts[1]..]];
                order.map(|at: usize| pieces[at].to_owned())
            };
            let is_call = |[_, number, counter]: &[String; 3]| {
                let digits = number.trim_end_matches('B');
                !counter.is_empty() && !digits.is_empty() && !digits.contains('B')
            };
            let calls = [cut(one), cut(other)];
            (calls[0] != calls[1] && calls.iter().all(is_call)).then_some(calls)
        },
    )
}

fn readings() -> impl Strategy<Value = Reading> {
    prop_oneof![Just(Reading::Digits), Just(Reading::Words)]
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::with_cases(4_000) })]

    #[test]
    fn no_call_is_said_as_another(
        template in templates(),
        calls in likely_mixed_up(),
        (numbers, counters) in (readings(), readings()),
        language in prop_oneof![Just(Indonesian), Just(English)],
    ) {
        let manner = Manner { template, numbers, counters, ..Manner::new(language) };
        for wording in WORDINGS {
            let [one, other] = calls.each_ref().map(|[prefix, number, counter]| {
                manner.call(called(&format!("{prefix}-{number}"), counter, ""), wording)
            });
            let template = manner.template.as_str();
            prop_assert_ne!(&one.parts, &other.parts, "{} in {:?}: {}", template, wording, one.written);
        }
    }
}

#[test]
fn numbers_that_meet_have_a_pause_between_them() {
    let id = Manner::new(Indonesian);
    let say = |template: &str, ticket, counter, wording| {
        said(&with(&id, template).call(called(ticket, counter, "Lantai 2"), wording))
    };
    use Wording::{Brief, Full, Joined, Row};
    let bare = "{prefix}, {number} (silakan menuju loket) {counter}";
    assert_eq!(say(bare, "A-012", "1", Full), "a, nol satu dua silakan menuju loket satu");
    for (wording, words) in
        [(Brief, "a, nol satu dua, satu"), (Row, "a nol satu dua, satu"), (Joined, "a nol satu dua, satu")]
    {
        assert_eq!(say(bare, "A-012", "1", wording), words, "{wording:?}");
    }
    let plain = "Nomor {prefix} {number}, loket {counter}";
    assert_eq!(say(plain, "B2-12", "1", Full), "nomor be dua, satu dua, loket satu");
    assert_eq!(say(plain, "B-212", "1", Full), "nomor be dua satu dua, loket satu");
    assert_eq!(say(plain, "B21-2", "1", Row), "nomor be dua satu, dua loket satu");
    // A code's letters are no words that would keep numbers apart.
    assert_eq!(say("{prefix}, {number}, {counter}", "A-1", "B3", Row), "a satu, be tiga");
    assert_eq!(say("{prefix}, {number}, {counter}", "A-1B", "3", Row), "a satu be, tiga");
    // The template's own numbers, a service's, and a prefix's that runs on.
    assert_eq!(
        say("{prefix} {number} ke lantai 2 {counter}", "A-1", "3", Full),
        "a satu ke lantai dua, tiga"
    );
    assert_eq!(say("{prefix} {number} {service} {counter}", "A-1", "3", Full), "a satu lantai dua, tiga");
    assert_eq!(
        say("Lantai 2 {prefix}, {number}, loket {counter}", "12", "3", Full),
        "lantai dua, satu dua, loket tiga"
    );
    let en =
        with(&Manner { numbers: Reading::Words, ..Manner::new(English) }, "{prefix}, {number} and {counter}");
    assert_eq!(full(&en, "B-100", "5"), "bee, one hundred, and five", "not one hundred and five");
}

#[test]
fn a_template_whose_counter_has_no_word_beside_it_is_told() {
    let bare = |text: &str| Template::parse(text).unwrap().has_bare_counter();
    for text in [
        "{prefix}, {number} (silakan menuju loket) {counter}",
        "{prefix} {number}, {counter}",
        "{counter}, {prefix} {number}",
        "{prefix} {number} loket {service} {counter}",
    ] {
        assert!(bare(text), "{text}");
    }
    for text in ["{prefix} {number} loket {counter}", "{counter} untuk {prefix} {number}"] {
        assert!(!bare(text), "{text}");
    }
    for language in [Indonesian, English] {
        assert!(!Template::own(language).has_bare_counter());
    }
}

#[test]
fn a_label_that_says_counter_is_said_in_the_language() {
    let (id, en) = (Manner::new(Indonesian), Manner::new(English));
    for label in ["3", "Loket 3", "loket 3", "Counter 3"] {
        assert_eq!(full(&id, "A-1", label), "nomor antrean a, satu, silakan menuju loket tiga", "{label}");
        assert_eq!(full(&en, "B-1", label), "ticket number bee, one, please go to counter three", "{label}");
    }
    // Where the template has no word for it, the label's stays; and one that the table knows is the table's.
    let english = |template: &str| full(&with(&en, template), "B-1", "Loket 3");
    assert_eq!(english("{prefix} {number}, please go to {counter}"), "bee one, please go to counter three");
    let desk = table(&en, &[("Loket", "desk")]);
    assert_eq!(
        full(&with(&desk, "{prefix} {number}, go to {counter}"), "B-1", "Loket 3"),
        "bee one, go to desk three"
    );
    assert_eq!(full(&en, "B-1", "Meja 3"), "ticket number bee, one, please go to counter meja three");
}
