//! What is said at a call: numbers against oracles from outside, tickets, counters, templates and free text.
//! Invariant: each oracle is made by another method than the code, so that one mistake is not made twice.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

use std::time::Duration;

use papan::{
    domain::speech::{
        self, COMMA, Called, LETTER, Lengths, Manner, Part, Piece, Reading, STOP, Sentence, Template,
        TemplateError, WORD, Wording, cover,
    },
    words::Language::{self, English, Indonesian},
};

#[path = "speech/apart.rs"]
mod apart;
#[path = "speech/numbers.rs"]
mod numbers;
#[path = "speech/properties.rs"]
mod properties;
#[path = "speech/written.rs"]
mod written;

fn called<'a>(ticket: &'a str, counter: &'a str, service: &'a str) -> Called<'a> {
    Called { ticket, counter, service }
}

/// What is said, as words with commas.
fn said(sentence: &Sentence) -> String {
    let part = |part: &Part| match part {
        Part::Words(words) => words.join(" "),
        Part::Comma => ",".to_owned(),
    };
    sentence.parts.iter().map(part).collect::<Vec<_>>().join(" ").replace(" ,", ",")
}

fn full(manner: &Manner, ticket: &str, counter: &str) -> String {
    said(&manner.call(called(ticket, counter, ""), Wording::Full))
}

fn with(manner: &Manner, template: &str) -> Manner {
    Manner { template: Template::parse(template).unwrap(), ..manner.clone() }
}

fn table(manner: &Manner, say: &[(&str, &str)]) -> Manner {
    let say = say.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Manner { say, ..manner.clone() }
}

#[test]
fn a_call_is_said() {
    let (id, en) = (Manner::new(Indonesian), Manner::new(English));
    assert_eq!(full(&id, "A-012", "3"), "nomor antrean a, nol satu dua, silakan menuju loket tiga");
    assert_eq!(full(&en, "B-012", "12"), "ticket number bee, zero one two, please go to counter twelve");
    let written = id.call(called("A-012", "3", ""), Wording::Full).written;
    assert_eq!(written, "Nomor antrean A, nol satu dua, silakan menuju loket tiga.");
    let brief = id.call(called("A-012", "3", ""), Wording::Brief);
    assert_eq!(said(&brief), "a, nol satu dua, loket tiga");
    let words = Manner { numbers: Reading::Words, ..id };
    assert_eq!(full(&words, "A-112", "3"), "nomor antrean a, seratus dua belas, silakan menuju loket tiga");
}

#[test]
fn a_ticket_is_taken_apart() {
    let id =
        table(&with(&Manner::new(Indonesian), "{prefix}, {number}, {counter}"), &[("KTP-el", "ka te pe el")]);
    let words = Manner { numbers: Reading::Words, ..id.clone() };
    for (ticket, digits, as_words) in [
        ("A-012", "a, nol satu dua", "a, dua belas"),
        ("a012", "a, nol satu dua", "a, dua belas"),
        ("A012", "a, nol satu dua", "a, dua belas"),
        ("A 012", "a, nol satu dua", "a, dua belas"),
        ("KTP-12", "ka te pe, satu dua", "ka te pe, dua belas"),
        ("KTP-EL-12", "ka te pe el, satu dua", "ka te pe el, dua belas"),
        ("SIM-7", "es i em, tujuh", "es i em, tujuh"),
        ("12", "satu dua", "dua belas"),
        ("000", "nol nol nol", "nol"),
        ("B2-007", "be dua, nol nol tujuh", "be dua, tujuh"),
        ("B2C-007", "be dua ce, nol nol tujuh", "be dua ce, tujuh"),
        ("2026/11-5", "dua nol dua enam satu satu, lima", "dua nol dua enam satu satu, lima"),
        ("A-012-X", "a, nol satu dua eks", "a, dua belas eks"),
        ("12AB", "satu dua a be", "dua belas a be"),
        ("VIP", "ve i pe", "ve i pe"),
        ("A-12345", "a, satu dua tiga empat lima", "a, satu dua tiga empat lima"),
        ("A-00012", "a, nol nol nol satu dua", "a, dua belas"),
        ("É-1", "e, satu", "e, satu"),
        ("E\u{301}-1", "e, satu", "e, satu"),
        ("Ａ－０１", "a, nol satu", "a, satu"),
        ("Ж-1", "ж, satu", "ж, satu"),
        ("A🎫-1", "a, satu", "a, satu"),
        ("#7", "tujuh", "tujuh"),
    ] {
        assert_eq!(full(&id, ticket, "X"), format!("{digits}, eks"), "{ticket}");
        assert_eq!(full(&words, ticket, "X"), format!("{as_words}, eks"), "{ticket} in words");
    }
}

#[test]
fn a_counter_is_said_by_its_label() {
    let id = with(&Manner::new(Indonesian), "{prefix}{number}, loket {counter}");
    let digits = Manner { counters: Reading::Digits, ..id.clone() };
    for (label, words, as_digits) in [
        ("3", "tiga", "tiga"),
        ("12", "dua belas", "satu dua"),
        ("03", "tiga", "nol tiga"),
        ("3A", "tiga a", "tiga a"),
        ("B3", "be tiga", "be tiga"),
        ("A", "a", "a"),
        ("CS", "ce es", "ce es"),
        ("VIP", "vip", "vip"),
        ("Pendaftaran", "pendaftaran", "pendaftaran"),
        ("Loket 12", "dua belas", "satu dua"),
        ("Loket", "loket", "loket"),
        ("Lantai 2 - 5", "lantai dua lima", "lantai dua lima"),
    ] {
        assert_eq!(full(&id, "A1", label), format!("a satu, loket {words}"), "{label}");
        assert_eq!(full(&digits, "A1", label), format!("a satu, loket {as_digits}"), "{label} in digits");
    }
    let label = |label| full(&with(&Manner::new(English), "{prefix}{number}, {counter}"), "B1", label);
    assert_eq!([label("A"), label("W")], ["bee one, eigh", "bee one, double you"]);
}

#[test]
fn what_is_empty_leaves_no_pause() {
    let template = "(Nomor antrean) {prefix}, {number}, layanan {service}, (silakan menuju) loket {counter}.";
    let id = with(&Manner::new(Indonesian), template);
    let say = |ticket, service, wording| said(&id.call(called(ticket, "3", service), wording));
    use Wording::{Brief, Full, Joined, Row};
    assert_eq!(
        say("A-12", "Dukcapil", Full),
        "nomor antrean a, satu dua, layanan dukcapil, silakan menuju loket tiga"
    );
    assert_eq!(say("A-12", "Dukcapil", Brief), "a, satu dua, layanan dukcapil, loket tiga");
    assert_eq!(say("A-12", "Dukcapil", Row), "a satu dua layanan dukcapil loket tiga");
    assert_eq!(say("A-12", "Dukcapil", Joined), "a satu dua loket tiga");
    // Two numbers that meet would become one: the ticket's and the counter's, the prefix's and the ticket's.
    assert_eq!(say("B2-12", "", Joined), "be dua, satu dua loket tiga");
    let bare = with(&id, "{prefix}, {number}, {counter}");
    assert_eq!(said(&bare.call(called("A-12", "3", ""), Joined)), "a satu dua, tiga");
    assert_eq!(say("A-12", "", Full), "nomor antrean a, satu dua, silakan menuju loket tiga");
    assert_eq!(say("12", "", Full), "nomor antrean satu dua, silakan menuju loket tiga");
    assert_eq!(say("12", "", Brief), "satu dua, loket tiga");
    assert_eq!(say("VIP", "", Full), "nomor antrean ve i pe, silakan menuju loket tiga");
    assert_eq!(say("🎫", "🎫", Full), "nomor antrean, silakan menuju loket tiga");
    // A clause that also holds something else than the service is said whole.
    let mixed = with(&id, "{prefix} {number} {service}, loket {counter}");
    assert_eq!(said(&mixed.call(called("A1", "3", "Pajak"), Joined)), "a satu pajak loket tiga");
    let stops = with(&id, "Nomor {prefix} {number}. Loket {counter}!");
    assert_eq!(full(&stops, "A1", "3"), "nomor a satu, loket tiga");
    let nothing = with(&id, "{prefix}, {number}, {counter}").call(called("", "", ""), Full);
    assert_eq!((nothing.parts.len(), nothing.written), (0, String::new()));
}

#[test]
fn a_template_is_checked() {
    let parse = |text: &str| Template::parse(text).map(drop);
    let unknown = |wrong: &str, right| Err(TemplateError::UnknownPlace { wrong: wrong.into(), right });
    assert_eq!(parse("{prefix} {nmber} {counter}"), unknown("nmber", "number"));
    assert_eq!(parse("{prefix} {number} {loket} {counter}"), unknown("loket", "counter"));
    assert_eq!(parse("{prefix} {number} {servis} {counter}"), unknown("servis", "service"));
    assert_eq!(parse("{ Prefix } {number} {counter}"), Ok(()));
    for (text, bracket) in [
        ("(Nomor {prefix} {number} {counter}", '('),
        ("Nomor) {prefix} {number} {counter}", ')'),
        ("{prefix} {number} {counter", '{'),
        ("{prefix} number} {counter}", '}'),
        ("({prefix} number}) {counter}", '}'),
    ] {
        assert_eq!(parse(text), Err(TemplateError::Unbalanced(bracket)), "{text}");
    }
    assert_eq!(parse("(a (b) c) {prefix} {number} {counter}"), Err(TemplateError::Nested));
    assert_eq!(parse(" ., "), Err(TemplateError::Empty));
    assert_eq!(parse(&"a".repeat(201)), Err(TemplateError::TooLong(201)));
    assert_eq!(
        parse(&"é".repeat(200)).unwrap_err().to_string(),
        "`{prefix}` is missing outside the round brackets"
    );
    for (text, missing) in [
        ("({prefix}) {number} {counter}", "{prefix}"),
        ("{prefix} ({number}) {counter}", "{number}"),
        ("{prefix} {number} ({counter})", "{counter}"),
    ] {
        assert!(parse(text).unwrap_err().to_string().contains(missing), "{text}");
    }
    for language in [Indonesian, English] {
        let own = Template::own(language);
        assert_eq!(Template::parse(own.as_str()), Ok(own));
    }
}

#[test]
fn the_table_says_names() {
    let say = [
        ("BPJS", "Be Pe Je Es"),
        ("KTP-el", "ka te pe el"),
        ("KTP", "katepe"),
        ("Imigrasi Kelas 1", "imigrasi"),
        ("antrean", "antrian"),
        ("mpp", "em pe pe 2"),
        ("", "nothing"),
        ("nothing", "!"),
    ];
    let id = table(&Manner::new(Indonesian), &say);
    let text = |text: &str| id.text(text).iter().map(Sentence::text).collect::<Vec<_>>().join(" ");
    assert_eq!(text("Urus bpjs dan KTP-el."), "Urus be pe je es dan ka te pe el.");
    assert_eq!(text("KTP, el; KTPel"), "Katepe, el, ktpel.");
    assert_eq!(text("Imigrasi kelas 1: nothing, MPP"), "Imigrasi, nothing, em pe pe dua.");
    assert_eq!(full(&id, "KTP-1", "BPJS"), "nomor antrian katepe, satu, silakan menuju loket be pe je es");
    let clips = id.clips();
    for clip in ["nomor antrian", "katepe", "imigrasi"] {
        assert!(clips.iter().any(|c| c == clip), "{clip}");
    }
    assert!(!clips.iter().any(|c| c == "be pe je es"), "letters have their clips");
}

#[test]
fn free_text_is_read() {
    let (id, en) = (Manner::new(Indonesian), Manner::new(English));
    let text =
        |m: &Manner, text: &str| m.text(text).iter().map(Sentence::text).collect::<Vec<_>>().join(" | ");
    for (written, read) in [
        ("Loket 12 tutup. Silakan ke lantai 2!", "Loket dua belas tutup. | Silakan ke lantai dua."),
        ("Bawa SKCK, BPN & KTP\nTerima kasih", "Bawa es ka ce ka, be pe en dan ka te pe. | Terima kasih."),
        (
            "Pukul 08.30, 09.05 atau 10:00…",
            "Pukul delapan tiga puluh, sembilan nol lima atau sepuluh nol nol.",
        ),
        ("Biaya Rp1.500 atau 2,05%", "Biaya rp seribu lima ratus atau dua koma nol lima persen."),
        ("Telepon 081234567", "Telepon nol delapan satu dua tiga empat lima enam tujuh."),
        ("Hari Jum’at -- 1/2/2026", "Hari jum'at satu dua dua ribu dua puluh enam."),
        ("(Loket B2) tutup", "Loket be dua, tutup."),
        ("🎉 ... !", ""),
        ("", ""),
    ] {
        assert_eq!(text(&id, written), read, "{written}");
    }
    assert_eq!(
        text(&en, "A fire at gate B, 1.5 m & I go."),
        "A fire at gate bee, one point five em and i go."
    );
    assert_eq!(
        text(&en, "1,500 people by 9.30"),
        "One thousand five hundred people by nine point three zero."
    );
    assert_eq!(text(&en, "TRY the MPP"), "Try the em pea pea.");
}

#[test]
fn words_are_laid_out_in_clips() {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let has = |phrase: &str| ["loket", "loket tiga belas", "tiga", "belas ribu"].contains(&phrase);
    let clip = |text: &str| Piece::Clip(text.into());
    assert_eq!(
        cover(&words("loket tiga belas ribu"), has),
        [clip("loket tiga belas"), Piece::Rest(words("ribu"))]
    );
    assert_eq!(
        cover(&words("di sana loket tiga"), has),
        [Piece::Rest(words("di sana")), clip("loket"), clip("tiga")]
    );
    assert_eq!(cover(&[], has), []);
}

#[test]
fn lengths_are_those_of_clips_or_of_letters() {
    let id = Manner::new(Indonesian);
    let call = id.call(called("A-1", "2", ""), Wording::Full);
    let letters = |text: &str| text.split(' ').map(|w| (LETTER * w.len() as u32).max(WORD)).sum::<Duration>();
    let mut lengths = Lengths::default();
    let all = letters("nomor antrean a satu silakan menuju loket dua") + COMMA * 2;
    assert_eq!(lengths.sentences(std::slice::from_ref(&call)), all);
    assert_eq!(lengths.sentences(&[call.clone(), call.clone()]), all * 2 + STOP);
    let clip = Duration::from_millis(700);
    lengths.clips.insert((Indonesian, "nomor antrean".into()), clip);
    lengths.clips.insert((English, "loket".into()), clip);
    let with_clip = all - letters("nomor antrean") + clip;
    assert_eq!(lengths.sentences(&[call]), with_clip);
    assert_eq!(lengths.sentences(&[]), Duration::ZERO);
}

#[test]
fn clips_are_each_once_and_say_any_call() {
    for language in [Indonesian, English] {
        let clips = Manner::new(language).clips();
        assert!(clips.is_sorted_by(|a, b| a < b), "{clips:?}");
        assert_eq!(clips.len(), if language == Indonesian { 47 } else { 60 }, "{clips:?}");
    }
    let clips = Manner::new(Indonesian).clips();
    for own in ["nomor antrean", "silakan menuju", "loket", "nol", "seribu", "we"] {
        assert!(clips.iter().any(|c| c == own), "{own}");
    }
}
