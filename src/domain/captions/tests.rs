//! Caption files as people bring them, and what is told of what is wrong in them.
//! Invariant: each case fails where the reader takes a good cue away, or is silent about a wrong line.

#![allow(clippy::expect_used, reason = "a test may fail by a panic")]

use std::time::Duration;

use proptest::prelude::*;

use super::{Captions, Cue, Fault, MAX_CUES, MAX_TEXT, Slip, parse};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// The cues of a text without a wrong line: from, until, what is said.
#[track_caller]
fn good(text: &str) -> Vec<(u64, u64, String)> {
    let (captions, slips) = parse(text);
    assert_eq!(slips, [], "{text:?}");
    told(&captions)
}

fn told(captions: &Captions) -> Vec<(u64, u64, String)> {
    let ms = |at: Duration| u64::try_from(at.as_millis()).expect("a time of a film");
    captions.cues().iter().map(|cue| (ms(cue.from), ms(cue.until), cue.text.clone())).collect()
}

fn cues(expected: &[(u64, u64, &str)]) -> Vec<(u64, u64, String)> {
    expected.iter().map(|(from, until, text)| (*from, *until, (*text).to_owned())).collect()
}

/// What a text of one cue, from 1 to 2 s, shows.
#[track_caller]
fn shown(text: &str) -> String {
    let found = good(&format!("1\n00:00:01,000 --> 00:00:02,000\n{text}\n"));
    found.into_iter().map(|(.., text)| text).collect::<Vec<_>>().join("|")
}

const TWO: [(u64, u64, &str); 2] =
    [(1000, 2500, "Ambil nomor\ndi mesin A"), (3_661_000, 3_662_000, "Tunggu")];

#[test]
fn subrip_is_read_as_it_comes() {
    let usual = "1\n00:00:01,000 --> 00:00:02,500\nAmbil nomor\ndi mesin A\n\n2\n01:01:01,000 --> 01:01:02,000\nTunggu\n";
    assert_eq!(good(usual), cues(&TWO));
    for end in ["\r\n", "\r", "\r\r\n"] {
        assert_eq!(good(&usual.replace('\n', end)), cues(&TWO), "{end:?}");
    }
    assert_eq!(good(&format!("\u{feff}{usual}")), cues(&TWO));
    assert_eq!(good(usual.trim_end()), cues(&TWO), "no line's end at the end");
    assert_eq!(good(&usual.replace("1\n00", "00").replace("2\n01", "01")), cues(&TWO), "no numbers");
    assert_eq!(good(&usual.replace("\n\n", "\n")), cues(&TWO), "no empty line between cues");
    assert_eq!(good(&usual.replace("\n\n", "\n \t\n\n\n")), cues(&TWO), "several empty lines");
    assert_eq!(good(&usual.replace(',', ".")), cues(&TWO), "dots");
    assert_eq!(good(&usual.replace(" --> ", "-->")), cues(&TWO), "no spaces");
    assert_eq!(good(&usual.replace("2,500", "2,500 X1:100 X2:600 Y1:50 Y2:90")), cues(&TWO), "places");
    assert_eq!(good(&usual.replace("2,500", "2,5").replace(",000", "")), cues(&TWO), "short times");
    assert_eq!(
        good(&format!("{usual}\n3\n00:00:05,000 --> 00:00:06,000\n\n4\n\n")),
        cues(&TWO),
        "empty cues"
    );
}

#[test]
fn webvtt_is_read_with_all_that_is_no_cue() {
    let text = "WEBVTT - Cara mengambil nomor\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:satu\n\n\
                NOTE oleh humas\nkedua baris\n\nawal\n00:01.000 --> 00:02.500 align:start position:10%\n\
                Ambil nomor\ndi mesin A\n\nNOTE\n\n01:01:01.000 --> 01:01:02.000\nTunggu\n";
    assert_eq!(good(text), cues(&TWO));
    assert_eq!(good(&text.replace("WEBVTT", "\u{feff}WEBVTT")), cues(&TWO));
    assert_eq!(good("WEBVTT\n00:01.000 --> 00:02.000\nSegera\n"), cues(&[(1000, 2000, "Segera")]));
    // Text may begin with such a word.
    assert_eq!(good("00:01.000 --> 00:02.000\nNOTE\nSTYLE\n"), cues(&[(1000, 2000, "NOTE\nSTYLE")]));
}

#[test]
fn marks_of_style_are_taken_off() {
    assert_eq!(shown("<i>Halo</i> <b>Bapak</b>"), "Halo Bapak");
    assert_eq!(shown("{\\an8}Di atas"), "Di atas");
    assert_eq!(shown("<font color=\"#ffff00\">Kuning</font>"), "Kuning");
    assert_eq!(shown("<v.keras Budi>Silakan <c.a.b>duduk</c>"), "Silakan duduk");
    assert_eq!(shown("Satu <00:00:01.500>dua"), "Satu dua");
    assert_eq!(shown("Satu<br>dua<br/>tiga\\Nempat"), "Satu\ndua\ntiga\nempat");
    assert_eq!(shown("<i>Dua\nbaris</i>"), "Dua\nbaris");
    assert_eq!(parse("00:01.000 --> 00:02.000\n<i> </i>\n").0, Captions::default());
    // What only looks like a mark is text.
    assert_eq!(shown("3 < 5 > 2, {catatan}, <3, < i"), "3 < 5 > 2, {catatan}, <3, < i");
    assert_eq!(shown("<é"), "<é");
}

#[test]
fn characters_are_what_they_stand_for() {
    assert_eq!(shown("KTP &amp; KK&nbsp;asli &#233;&#xE9; &lt;b&gt;"), "KTP & KK asli éé <b>");
    assert_eq!(shown("A&B; &salah; &#xd800; &"), "A&B; &salah; &#xd800; &");
    assert_eq!(shown("tanpa\u{200b} \u{202e}balik\u{7}&rlm;"), "tanpa balik");
}

#[test]
fn a_wrong_line_takes_no_other_cue_with_it() {
    let slip = |line, fault| Slip { line, fault };
    let stray = |text: &str| Fault::Stray(text.to_owned());
    let time = |text: &str| Fault::Time(text.to_owned());
    let cases = [
        ("1\n00:00:01 --> dua\nHilang\n", slip(2, time("00:00:01 --> dua"))),
        ("1\n00:00:01,000 -->\nHilang\n", slip(2, time("00:00:01,000 -->"))),
        ("00:00:61,000 --> 00:01:02,000\nHilang\n", slip(1, time("00:00:61,000 --> 00:01:02,000"))),
        ("00:60:00,000 --> 01:01:02,000\nHilang\n", slip(1, time("00:60:00,000 --> 01:01:02,000"))),
        ("0:0:0:1 --> 0:0:0:2\nHilang\n", slip(1, time("0:0:0:1 --> 0:0:0:2"))),
        ("00:00:02,0000 --> 00:00:03,000\nHilang\n", slip(1, time("00:00:02,0000 --> 00:00:03,000"))),
        ("1\n00:00:02,000 --> 00:00:01,000\nHilang\nHilang\n", slip(2, Fault::Backwards)),
        ("00:00:02,000 --> 00:00:02,000\nHilang\n", slip(1, Fault::Backwards)),
        ("1\n00:00:01,000 -> 00:00:02,000\nHilang\nHilang\n", slip(2, stray("00:00:01,000 -> 00:00:02,000"))),
        ("Hilang\nHilang\nHilang\n", slip(1, stray("Hilang"))),
        ("Hilang\n", slip(1, stray("Hilang"))),
    ];
    for (wrong, expected) in cases {
        let after = "\n7\n00:00:03,000 --> 00:00:04,000\nAda\n";
        let (captions, slips) = parse(&format!("{wrong}{after}"));
        assert_eq!(slips, [expected], "{wrong:?}");
        assert_eq!(told(&captions), cues(&[(3000, 4000, "Ada")]), "{wrong:?}");
        // The one before it stays as well, and a line after an empty one is told of.
        let (captions, slips) = parse(&format!("00:00:00,000 --> 00:00:01,000\nDulu\n\n{wrong}{after}"));
        assert_eq!((captions.cues().len(), slips.len()), (2, 1), "{wrong:?}");
    }
    assert_eq!(parse("").1, [slip(1, Fault::Nothing)]);
    assert_eq!(parse("WEBVTT\n\nNOTE x\n").1, [slip(1, Fault::Nothing)]);
}

#[test]
fn a_file_has_its_bounds() {
    let long = format!("00:01.000 --> 00:02.000\n{}\n", "kata ".repeat(100));
    let (captions, slips) = parse(&long);
    assert_eq!(slips, [Slip { line: 1, fault: Fault::TooLong(499) }]);
    assert_eq!(captions.cues()[0].text.chars().count(), MAX_TEXT);
    assert!(captions.cues()[0].text.ends_with('…'));

    let many = "00:01.000 --> 00:02.000\nkata\n\n".repeat(MAX_CUES + 3);
    let (captions, slips) = parse(&many);
    assert_eq!(captions.cues().len(), MAX_CUES);
    assert_eq!(slips, [Slip { line: MAX_CUES * 3 + 1, fault: Fault::TooMany }]);

    let (_, slips) = parse(&"salah\n\n".repeat(50));
    assert_eq!(slips.len(), 21);
    assert_eq!(slips[20], Slip { line: 41, fault: Fault::More(30) });
    // A megabyte of tags without an end is read in time that does not grow with its square.
    let (captions, _) = parse(&format!("00:01.000 --> 00:02.000\n{}", "<a&{\\".repeat(1 << 18)));
    assert_eq!(captions.cues().len(), 1);
}

#[test]
fn the_cue_that_began_last_is_shown() {
    let cue = |from, until, text: &str| Cue { from: ms(from), until: ms(until), text: text.to_owned() };
    let captions = Captions::new(vec![
        cue(2000, 3000, "dua"),
        cue(1000, 5000, "satu"),
        cue(6000, 6000, "tak lama"),
        cue(7000, 8000, " \n"),
    ]);
    let at = |position| captions.at(ms(position));
    assert_eq!(
        [at(999), at(1000), at(2000), at(2999), at(3000), at(5000)],
        [None, Some("satu"), Some("dua"), Some("dua"), Some("satu"), None]
    );
    assert_eq!((at(6000), at(7500), captions.cues().len()), (None, None, 2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_text_makes_it_panic(text in "(WEBVTT|NOTE|00:01[.,]000|-->|[0-9<>{}\\\\&;#xN:., \n\r\u{feff}a-eé]){0,60}") {
        let (captions, slips) = parse(&text);
        prop_assert!(captions.cues().iter().all(|cue| cue.from < cue.until && !cue.text.trim().is_empty()));
        prop_assert!(captions.cues().is_sorted_by_key(|cue| cue.from));
        let lines = text.split(['\n', '\r']).count();
        prop_assert!(slips.iter().all(|slip| (1..=lines).contains(&slip.line)));
    }

    #[test]
    fn what_is_written_is_read(times in prop::collection::vec((0_u64..4_000_000, 1_u64..9_000), 1..40)) {
        let mut text = String::new();
        for (number, (from, length)) in times.iter().enumerate() {
            let time = |ms: u64| {
                format!("{:02}:{:02}:{:02},{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
            };
            text += &format!("{number}\n{} --> {}\nkata {number}\n\n", time(*from), time(from + length));
        }
        let mut expected: Vec<(u64, u64, String)> =
            times.iter().enumerate().map(|(n, (from, length))| (*from, from + length, format!("kata {n}"))).collect();
        expected.sort_by_key(|(from, ..)| *from);
        prop_assert_eq!(good(&text), expected);
    }
}
