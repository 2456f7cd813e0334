//! Text that people wrote: zeros, telephones, digits of other scripts, what a log shows, and what cannot be said.
//! Invariant: no digit that someone wrote down is left out.

use proptest::prelude::*;

use super::*;

fn read(manner: &Manner, text: &str) -> String {
    manner.text(text).iter().map(said).collect::<Vec<_>>().join(" | ")
}

#[test]
fn a_number_that_begins_with_a_zero_is_read_digit_by_digit() {
    let id = Manner::new(Indonesian);
    for (written, heard) in [
        ("Nomor A-012 hilang", "nomor a nol satu dua hilang"),
        ("Nomor A012 hilang", "nomor a nol satu dua hilang"),
        ("Ruang 05 dan 0", "ruang nol lima dan nol"),
        ("00", "nol nol"),
        ("Tanggal 01/02/2026", "tanggal nol satu nol dua dua ribu dua puluh enam"),
        ("2026-01-05", "dua ribu dua puluh enam nol satu nol lima"),
        ("A-012 100 orang", "a nol satu dua seratus orang"),
        // Times are as they were.
        ("Pukul 08.30 - 09:05", "pukul delapan tiga puluh sembilan nol lima"),
        ("08.00-12.00", "delapan nol nol dua belas nol nol"),
        ("Rp1.050", "rp seribu lima puluh"),
    ] {
        assert_eq!(read(&id, written), heard, "{written}");
    }
    let english = "call a zero one two or eigh zero one two";
    assert_eq!(read(&Manner::new(English), "Call A-012 or A012"), english);
    // A service's name is text, a counter's label is a number.
    let named = with(&id, "{prefix} {number}, {service}, loket {counter}");
    let call = named.call(called("B-1", "03", "Ruang 05"), Wording::Full);
    assert_eq!(said(&call), "be satu, ruang nol lima, loket tiga");
    let own = table(&id, &[("hotline", "nol 08"), ("halo 0811-22", "telepon kami")]);
    assert_eq!(read(&own, "Hotline. Halo 0811-22"), "nol nol delapan | telepon kami");
}

#[test]
fn a_telephone_is_read_digit_by_digit() {
    let id = Manner::new(Indonesian);
    let digits = |digits: &str| read(&id, &digits.chars().map(|c| format!("{c} ")).collect::<String>());
    for (written, number) in [
        ("0811-222-333", "0811222333"),
        ("0811 222 333", "0811222333"),
        ("0811.222.333", "0811222333"),
        ("021-555", "021555"),
        ("0811-22-3", "0811223"),
        ("+62 811-222-333", "62811222333"),
        ("+62811222333", "62811222333"),
        ("081122233344", "081122233344"),
    ] {
        assert_eq!(read(&id, written), digits(number), "{written}");
        assert_eq!(read(&id, &format!("{written} ya")), format!("{} ya", digits(number)), "{written}");
    }
    assert_eq!(read(&id, "(021) 555"), format!("{}, {}", digits("021"), digits("555")));
    assert_eq!(read(&id, "Antara 100-200 orang"), "antara seratus dua ratus orang");
    assert_eq!(read(&id, "2024-2025"), "dua ribu dua puluh empat dua ribu dua puluh lima");
}

#[test]
fn digits_of_other_scripts_are_digits() {
    let id = Manner::new(Indonesian);
    assert_eq!(read(&id, "Pendaftaran ٠١٢"), "pendaftaran nol satu dua");
    assert_eq!(full(&id, "A-٠١٢", "๓"), "nomor antrean a, nol satu dua, silakan menuju loket tiga");
}

proptest! {
    /// What is a digit is known here by another table than the program's.
    #[test]
    fn whatever_is_a_digit_is_said_as_one(digits in "\\p{Nd}{5,200}") {
        let names = "nol satu dua tiga empat lima enam tujuh delapan sembilan";
        let call = with(&Manner::new(Indonesian), "{prefix}{number}, {counter}").call(called(&digits, "", ""), Wording::Full);
        let heard = said(&call);
        prop_assert!(heard.split(' ').all(|word| names.split(' ').any(|name| name == word)), "{}", heard);
        prop_assert_eq!(heard.split(' ').count(), digits.chars().count());
    }
}

#[test]
fn a_log_has_letters_as_letters() {
    let (id, en) = (Manner::new(Indonesian), Manner::new(English));
    let log =
        |m: &Manner, ticket: &str, counter: &str| m.call(called(ticket, counter, ""), Wording::Full).written;
    assert_eq!(log(&id, "BW-1", "3C"), "Nomor antrean B W, satu, silakan menuju loket tiga C.");
    assert_eq!(log(&en, "AW-1", "3C"), "Ticket number A W, one, please go to counter three C.");
    let notice = &en.text("You see why: gate B, MPP are open")[0];
    assert_eq!(notice.written, "You see why, gate B, M P P are open.");
    assert_eq!(notice.text(), "You see why, gate bee, em pea pea are open.", "what espeak-ng says");
    let call = en.call(called("AW-1", "3", ""), Wording::Full);
    assert_eq!(call.text(), "Ticket number eigh double you, one, please go to counter three.");
}

#[test]
fn what_cannot_be_said_is_told() {
    let own = Manner::new(Indonesian);
    let with_service = with(&own, "({service}) {prefix}, {number}, loket {counter}");
    let skipped = |m: &Manner, ticket, counter, service, wording| {
        m.call(called(ticket, counter, service), wording).skipped
    };
    use Wording::{Brief, Full};
    assert_eq!(skipped(&own, "🎫", "★", "✉", Full), ["🎫", "★"], "the service is not in the sentence");
    assert_eq!(skipped(&own, "A-1", "★", "", Brief), ["★"]);
    assert_eq!(skipped(&with_service, "A-1", "3", "✉", Full), ["✉"]);
    assert!(skipped(&with_service, "A-1", "3", "✉", Brief).is_empty(), "it was not to be said");
    assert!(skipped(&with_service, "VIP", "3", "", Full).is_empty());
    assert!(skipped(&with_service, "12", "Ж", "", Full).is_empty());
    assert!(own.text("🎉 !").is_empty());
}

#[test]
fn a_table_finds_words_whatever_their_capitals_and_signs() {
    let same = |a: &str, b: &str| speech::looked_up(a, Indonesian) == speech::looked_up(b, Indonesian);
    assert!(same("BPJS", "bpjs") && same("KTP-el", "ktp EL"));
    assert!(!same("KTP-el", "KTPel"));
}
