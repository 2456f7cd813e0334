//! What is wrong with a film, in words that comms staff understand, and what they can do.
//! Invariant: each text names a cure.

use super::wire::Bad;
use crate::state::FilmError;

/// What helps with nearly every film: what phones, players and this program take alike.
const SAVE_ID: &str = "simpan ulang sebagai MP4 (H.264, 1080p)";
const SAVE_EN: &str = "save it anew as MP4 (H.264, 1080p)";

/// Its words.
pub(super) fn bad(bad: &Bad) -> FilmError {
    let (id, en) = match bad {
        Bad::Unread(why) => (
            format!("film tidak dapat dibaca ({why}); periksa berkas dan hak aksesnya"),
            format!("the film cannot be read ({why}); look at the file and its permissions"),
        ),
        Bad::Empty => (
            "berkas film ini kosong; salin sekali lagi".to_owned(),
            "the film's file is empty; copy it once more".to_owned(),
        ),
        Bad::NoFilm => (
            format!(
                "berkas ini bukan film yang utuh: kepala atau daftar isinya hilang; salin sekali lagi, atau {SAVE_ID}"
            ),
            format!(
                "this is no whole film: its head or its index is missing; copy it once more, or {SAVE_EN}"
            ),
        ),
        Bad::Still => (
            "berkas ini gambar, bukan film; tulis image = \"…\" untuk gambar".to_owned(),
            "this is a picture, not a film; write image = \"…\" for a picture".to_owned(),
        ),
        Bad::NoPicture => (
            format!("tidak ada gambar bergerak yang terbaca di berkas ini; {SAVE_ID}"),
            format!("no moving picture can be read in this file; {SAVE_EN}"),
        ),
        Bad::Codec(codec) if codec == "unknown" => (
            format!("komputer ini tidak punya dekoder untuk film sejenis ini; {SAVE_ID}"),
            format!("this machine has no decoder for a film of this kind; {SAVE_EN}"),
        ),
        Bad::Codec(codec) => (
            format!("komputer ini tidak punya dekoder untuk {codec}; {SAVE_ID}"),
            format!("this machine has no decoder for {codec}; {SAVE_EN}"),
        ),
        Bad::Short => (
            "film ini terpotong: berkas berakhir sebelum filmnya selesai; salin sekali lagi sampai selesai"
                .to_owned(),
            "this film is cut short: the file ends before the film does; copy it once more, to its end"
                .to_owned(),
        ),
        Bad::Huge(width, height) => (
            format!("gambar film ini terlalu besar ({width} × {height}); {SAVE_ID}"),
            format!("the film's picture is too large ({width} × {height}); {SAVE_EN}"),
        ),
        Bad::Other(why) => (
            format!("film tidak dapat diputar ({why}); {SAVE_ID}"),
            format!("the film cannot be played ({why}); {SAVE_EN}"),
        ),
    };
    let passing = matches!(bad, Bad::Unread(_) | Bad::Other(_));
    FilmError { id, en, passing }
}

/// The film ended long before its length.
pub(super) fn short(at: u64, length: Option<u64>) -> FilmError {
    let seconds = |nanoseconds: u64| nanoseconds / 1_000_000_000;
    let (at, length) = (seconds(at), length.map_or(0, seconds));
    FilmError {
        id: format!(
            "film ini rusak: hanya {at} dari {length} detik yang terbaca; salin sekali lagi, atau {SAVE_ID}"
        ),
        en: format!(
            "this film is damaged: only {at} of {length} seconds can be read; copy it once more, or {SAVE_EN}"
        ),
        passing: false,
    }
}

/// Nothing came of it in time.
pub(super) fn silent() -> FilmError {
    FilmError {
        id: format!("film ini tidak menghasilkan gambar pada waktunya; {SAVE_ID}"),
        en: format!("no picture came of this film in time; {SAVE_EN}"),
        passing: true,
    }
}

/// Its process ended, or hung, again and again.
pub(super) fn crashed() -> FilmError {
    FilmError {
        id: format!("dekoder berhenti berulang kali pada film ini; {SAVE_ID}"),
        en: format!("the decoder breaks down on this film again and again; {SAVE_EN}"),
        passing: true,
    }
}

/// No film is opened while memory is short.
pub(super) fn no_memory() -> FilmError {
    FilmError {
        id: "memori komputer hampir habis; film dicoba lagi nanti".to_owned(),
        en: "the computer's memory is short; the film is tried again later".to_owned(),
        passing: true,
    }
}

/// Its process cannot be started.
pub(super) fn unstarted(why: &str) -> FilmError {
    FilmError {
        id: format!("proses film tidak dapat dijalankan ({why}); hubungi petugas IT"),
        en: format!("the film's process cannot be started ({why}); ask IT"),
        passing: true,
    }
}
