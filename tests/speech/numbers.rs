//! All numbers from 0 to 9,999, in both readings and both languages, against oracles.
//! Invariant: no oracle shares a line with the code: one rewrites strings, one comes from outside.

use super::*;

/// The hash of the whole list, from `tests/data/number_words.py`.
const FROM_OUTSIDE: [(Language, u64); 2] =
    [(Indonesian, 0xb23f_d9d6_8bff_aa32), (English, 0xf314_faee_5164_190e)];

const DIGITS: [(Language, &str); 2] = [
    (Indonesian, "nol satu dua tiga empat lima enam tujuh delapan sembilan"),
    (English, "zero one two three four five six seven eight nine"),
];

/// What is said for a ticket that is a number alone.
fn number(manner: &Manner, digits: &str) -> String {
    match manner.call(called(digits, "", ""), Wording::Full).parts.as_slice() {
        [Part::Words(words)] => words.join(" "),
        parts => panic!("{digits}: {parts:?}"),
    }
}

fn manner(language: Language, numbers: Reading) -> Manner {
    Manner { numbers, ..with(&Manner::new(language), "{prefix}, {number}, {counter}") }
}

fn fnv1a(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The places of a number with their names in full, then rewritten as people say it: `satu puluh dua` is
/// `dua belas`.
fn rewritten(value: u32, language: Language) -> String {
    let digits: Vec<&str> = DIGITS.iter().find(|(l, _)| *l == language).unwrap().1.split(' ').collect();
    let places = match language {
        Indonesian => ["ribu", "ratus", "puluh", ""],
        English => ["thousand", "hundred", "ty", ""],
    };
    let written = format!("{value:04}");
    let place = |(digit, place): (char, &str)| match digit {
        '0' => String::new(),
        digit => format!("{} {place} ", digits[digit.to_digit(10).unwrap() as usize]),
    };
    let mut said = format!(" {} ", written.chars().zip(places).map(place).collect::<String>());
    let mut rewrite = |from: &str, to: &str| said = said.replace(from, to);
    rewrite("  ", " ");
    match language {
        Indonesian => {
            for digit in &digits[2..] {
                rewrite(&format!(" satu puluh {digit} "), &format!(" {digit} belas "));
            }
            rewrite("satu puluh satu", "sebelas");
            for unit in ["puluh", "ratus", "ribu"] {
                rewrite(&format!(" satu {unit} "), &format!(" se{unit} "));
            }
        }
        English => {
            let teens = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
            for (digit, teen) in digits[1..].iter().zip(teens.split(' ')) {
                rewrite(&format!(" one ty {digit} "), &format!(" {teen} "));
            }
            rewrite(" one ty ", " ten ");
            rewrite(" ty", "ty");
            for (from, to) in [
                ("twoty", "twenty"),
                ("threety", "thirty"),
                ("fourty", "forty"),
                ("fivety", "fifty"),
                ("eightty", "eighty"),
            ] {
                rewrite(from, to);
            }
            let rest = value % 100;
            if rest > 0 && value > 100 {
                // The `and` stands after the last of the great places.
                let great = if written.as_bytes()[1] == b'0' { "thousand" } else { "hundred" };
                rewrite(&format!(" {great} "), &format!(" {great} and "));
            }
        }
    }
    match said.trim() {
        "" => digits[0].to_owned(),
        said => said.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

#[test]
fn all_numbers_as_words() {
    for (language, hash) in FROM_OUTSIDE {
        let manner = manner(language, Reading::Words);
        let mut list = String::new();
        for value in 0..10_000 {
            let said = number(&manner, &value.to_string());
            assert_eq!(said, rewritten(value, language), "{value}");
            assert_eq!(number(&manner, &format!("{value:06}")), said, "{value} with zeros before it");
            list.push_str(&said);
            list.push('\n');
        }
        assert_eq!(fnv1a(&list), hash, "{language:?}: see tests/data/number_words.py");
    }
}

#[test]
fn all_numbers_digit_by_digit() {
    for (language, names) in DIGITS {
        let manner = manner(language, Reading::Digits);
        let names: Vec<&str> = names.split(' ').collect();
        for value in 0..10_000 {
            for written in [format!("{value}"), format!("{value:03}"), format!("{value:05}")] {
                let mut right = written.clone();
                for (digit, name) in names.iter().enumerate() {
                    right = right.replace(&digit.to_string(), &format!("{name} "));
                }
                assert_eq!(number(&manner, &written), right.trim_end(), "{written}");
            }
        }
    }
}

#[test]
fn numbers_that_people_wrote_down() {
    let by_hand = [
        ("0", "nol", "zero"),
        ("1", "satu", "one"),
        ("7", "tujuh", "seven"),
        ("9", "sembilan", "nine"),
        ("10", "sepuluh", "ten"),
        ("11", "sebelas", "eleven"),
        ("12", "dua belas", "twelve"),
        ("13", "tiga belas", "thirteen"),
        ("15", "lima belas", "fifteen"),
        ("18", "delapan belas", "eighteen"),
        ("19", "sembilan belas", "nineteen"),
        ("20", "dua puluh", "twenty"),
        ("21", "dua puluh satu", "twenty one"),
        ("40", "empat puluh", "forty"),
        ("55", "lima puluh lima", "fifty five"),
        ("99", "sembilan puluh sembilan", "ninety nine"),
        ("100", "seratus", "one hundred"),
        ("101", "seratus satu", "one hundred and one"),
        ("110", "seratus sepuluh", "one hundred and ten"),
        ("111", "seratus sebelas", "one hundred and eleven"),
        ("112", "seratus dua belas", "one hundred and twelve"),
        ("120", "seratus dua puluh", "one hundred and twenty"),
        ("200", "dua ratus", "two hundred"),
        ("211", "dua ratus sebelas", "two hundred and eleven"),
        ("999", "sembilan ratus sembilan puluh sembilan", "nine hundred and ninety nine"),
        ("1000", "seribu", "one thousand"),
        ("1001", "seribu satu", "one thousand and one"),
        ("1005", "seribu lima", "one thousand and five"),
        ("1010", "seribu sepuluh", "one thousand and ten"),
        ("1100", "seribu seratus", "one thousand one hundred"),
        ("1111", "seribu seratus sebelas", "one thousand one hundred and eleven"),
        ("1234", "seribu dua ratus tiga puluh empat", "one thousand two hundred and thirty four"),
        ("2000", "dua ribu", "two thousand"),
        ("2011", "dua ribu sebelas", "two thousand and eleven"),
        ("2100", "dua ribu seratus", "two thousand one hundred"),
        ("9010", "sembilan ribu sepuluh", "nine thousand and ten"),
        (
            "9999",
            "sembilan ribu sembilan ratus sembilan puluh sembilan",
            "nine thousand nine hundred and ninety nine",
        ),
        ("012", "dua belas", "twelve"),
        ("000", "nol", "zero"),
        ("10000", "satu nol nol nol nol", "one zero zero zero zero"),
        ("012345", "nol satu dua tiga empat lima", "zero one two three four five"),
    ];
    for (written, id, en) in by_hand {
        assert_eq!(number(&manner(Indonesian, Reading::Words), written), id);
        assert_eq!(number(&manner(English, Reading::Words), written), en);
    }
}
