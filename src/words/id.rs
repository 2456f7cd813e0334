//! Indonesian.

use super::Words;

pub(super) static WORDS: Words = Words {
    counter: "Loket",
    now_serving: "Sedang dilayani",
    ticket: "Nomor antrean",
    ticket_again: "Panggilan ulang",
    closed: "Tutup",
    paused: "Jeda",
    idle: "–",
    waiting_for_data: "Menunggu data antrean",
    reconnecting: "Menyambung ulang · data pukul {time}",
    page_of: "{page} dari {pages}",
    info: "INFO",
    procedure: "Prosedur layanan",
    cost: "Biaya",
    time: "Waktu",
    valid: "Berlaku",
    important: "Pemberitahuan",
    emergency: "DARURAT",
    welcome: "Selamat datang",
    days: ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
    months: [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
};
