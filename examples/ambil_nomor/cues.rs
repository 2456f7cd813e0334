//! What is said in the film, and when. Invariant: a caption has at most two lines of at most 37 characters, and
//! stands for at least 1.2 s.

use crate::motion::{CALL, CHOOSE, CLOSE, PRINT, WAIT};

/// A caption and what is said meanwhile, in seconds.
struct Cue {
    from: f32,
    until: f32,
    text: &'static str,
    /// What the voice says, and when it begins.
    said: Option<(f32, Said)>,
}

enum Said {
    /// A sentence.
    Sentence(&'static str),
    /// The call as the hall hears it: the chime, then this ticket and this counter.
    Call(&'static str, &'static str),
}

const CUES: [Cue; 8] = [
    cue(0.3, 2.7, "Cara mengambil nomor antrean", "Cara mengambil nomor antrean."),
    cue(CHOOSE + 0.2, 5.8, "Pilih layanan di mesin antrean.", "Pilih layanan di mesin antrean."),
    cue(PRINT + 0.2, 9.0, "Ambil dan simpan nomor Anda.", "Ambil dan simpan nomor Anda."),
    cue(WAIT + 0.2, 11.6, "Duduk, dan perhatikan layar.", "Duduk, dan perhatikan layar."),
    cue(11.7, 13.1, "Contoh panggilan:", "Contoh panggilan."),
    Cue { from: CALL, until: 14.5, text: "[nada panggilan]", said: Some((CALL, Said::Call("A-012", "3"))) },
    Cue { from: 14.6, until: 18.7, text: "Nomor antrean A-012,\nsilakan menuju loket 3.", said: None },
    cue(CLOSE + 0.1, 23.2, "Nomor terlewat?\nLapor ke petugas.", "Nomor terlewat? Lapor ke petugas."),
];

/// A sentence that begins as its caption has come.
const fn cue(from: f32, until: f32, text: &'static str, said: &'static str) -> Cue {
    Cue { from, until, text, said: Some((from + 0.1, Said::Sentence(said))) }
}

/// As SubRip.
pub fn captions() -> String {
    let stamp = |seconds: f32| {
        let ms = (seconds * 1000.0).round() as u32;
        format!("00:{:02}:{:02},{:03}", ms / 60_000, ms / 1000 % 60, ms % 1000)
    };
    let cues = CUES.iter().enumerate();
    let cues =
        cues.map(|(i, c)| format!("{}\n{} --> {}\n{}\n", i + 1, stamp(c.from), stamp(c.until), c.text));
    cues.collect::<Vec<_>>().join("\n")
}

/// One line for each thing said: when it begins in milliseconds, `call` or `text`, and the words, with tabs between.
pub fn narration() -> String {
    let said = CUES.iter().filter_map(|c| c.said.as_ref());
    let lines = said.map(|(at, said)| {
        let at = (at * 1000.0).round() as u32;
        match said {
            Said::Sentence(text) => format!("{at}\ttext\t{text}\n"),
            Said::Call(ticket, counter) => format!("{at}\tcall\t{ticket}\t{counter}\n"),
        }
    });
    lines.collect()
}
