//! The words of a report, in both languages. Invariant: every word of one language stands in the other.

use crate::{playlog::read::Unread, words::Language};

/// The words of one language.
pub(super) struct Words {
    pub code: &'static str,
    pub title: &'static str,
    pub to: &'static str,
    pub turns: &'static str,
    pub time: &'static str,
    pub complete: &'static str,
    pub skipped: &'static str,
    pub calls: &'static str,
    pub spoken: &'static str,
    pub not_spoken: &'static str,
    pub by_item: &'static str,
    pub by_item_text: &'static str,
    pub by_day: &'static str,
    pub by_day_text: &'static str,
    pub calls_by_day: &'static str,
    pub item: &'static str,
    pub kind: &'static str,
    pub day: &'static str,
    pub cut: [&'static str; 4],
    pub all: &'static str,
    pub others: &'static str,
    pub none: &'static str,
    pub no_calls: &'static str,
    pub hours: &'static str,
    pub how: &'static str,
    kinds: [&'static str; 6],
    torn: &'static str,
    unknown: &'static str,
    unread: &'static str,
}

static ID: Words = Words {
    code: "id",
    title: "Laporan bukti tayang",
    to: "s.d.",
    turns: "Kali tayang",
    time: "Lama tayang",
    complete: "Tayang penuh",
    skipped: "Dilewati",
    calls: "Panggilan",
    spoken: "Dibacakan",
    not_spoken: "Tidak dibacakan",
    by_item: "Menurut butir",
    by_item_text: "Lama tayang setiap butir dalam masa laporan, yang terlama lebih dahulu.",
    by_day: "Menurut hari",
    by_day_text: "Lama tayang semua butir setiap hari.",
    calls_by_day: "Panggilan setiap hari",
    item: "Butir",
    kind: "Jenis",
    day: "Hari",
    cut: ["Jadwal", "Diubah", "Rusak", "Dimatikan"],
    all: "Semua",
    others: "Butir lain",
    none: "Tidak ada butir yang tercatat tayang pada masa ini.",
    no_calls: "Tidak ada panggilan yang tercatat pada masa ini.",
    hours: "jam",
    how: "Satu kali tayang dihitung pada hari mulainya menurut zona waktu aula, juga bila melewati tengah malam. \
          Tayang penuh: tampil selama yang ditentukan. Dipersingkat karena: jadwal (waktunya habis atau diganti butir \
          yang lebih penting), diubah (berkas atau daftar putar diganti), rusak (tidak dapat dilanjutkan), dimatikan \
          (program dihentikan). Dilewati: waktunya tiba tetapi tidak dapat ditampilkan, dicatat setiap kali \
          ketahuan dan sekali sehari. Waktu ketika panggilan menutupi butir ikut dihitung.",
    kinds: ["Halaman", "Gambar", "Film", "Kartu", "Kode QR", "Survei"],
    torn: "{n} baris catatan tidak dapat dibaca (terpotong); tidak ikut dihitung",
    unknown: "{n} baris catatan dari jenis yang belum dikenal versi ini; tidak ikut dihitung",
    unread: "berkas {file} tidak dapat dibaca: {why}",
};

static EN: Words = Words {
    code: "en",
    title: "Proof of play",
    to: "to",
    turns: "Turns",
    time: "Time shown",
    complete: "Complete",
    skipped: "Skipped",
    calls: "Calls",
    spoken: "Spoken",
    not_spoken: "Not spoken",
    by_item: "By item",
    by_item_text: "How long each item was shown in these days, the longest first.",
    by_day: "By day",
    by_day_text: "How long all items were shown on each day.",
    calls_by_day: "Calls by day",
    item: "Item",
    kind: "Kind",
    day: "Day",
    cut: ["Schedule", "Changed", "Broken", "Stopped"],
    all: "All",
    others: "Other items",
    none: "No item is recorded in these days.",
    no_calls: "No call is recorded in these days.",
    hours: "h",
    how: "A turn counts on the day on which it began in the hall's time zone, also where it lasts past midnight. \
          Complete: shown for as long as it was to be. Cut short by: schedule (its time ended, or a more important \
          item came), changed (its file or the playlist was changed), broken (it could not go on), stopped (the \
          program ended). Skipped: it was due and could not be shown, counted whenever that was found out and once a \
          day. Time in which a call lay over an item counts.",
    kinds: ["Page", "Picture", "Film", "Card", "QR code", "Survey"],
    torn: "{n} lines of the log could not be read (cut off); they are not counted",
    unknown: "{n} lines of the log are of a kind that this version does not know; they are not counted",
    unread: "the file {file} could not be read: {why}",
};

/// A language's words.
pub(super) fn of(language: Language) -> &'static Words {
    match language {
        Language::Indonesian => &ID,
        Language::English => &EN,
    }
}

impl Words {
    /// A kind of items as people name it.
    pub fn kind_of<'a>(&self, content: &'a str) -> &'a str
    where
        Self: 'static,
    {
        let kinds = ["page", "image", "film", "card", "qr", "survey"];
        kinds.iter().position(|kind| *kind == content).map_or(content, |index| self.kinds[index])
    }

    /// What could not be read, a line each.
    pub fn unread(&self, unread: &Unread) -> Vec<String> {
        let counted = |text: &str, n: u64| (n > 0).then(|| text.replace("{n}", &n.to_string()));
        let lines = [counted(self.torn, unread.torn), counted(self.unknown, unread.unknown)];
        let files = unread.files.iter().map(|(file, why)| {
            self.unread.replace("{file}", &file.display().to_string()).replace("{why}", why)
        });
        lines.into_iter().flatten().chain(files).collect()
    }
}
