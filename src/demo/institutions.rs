//! The institutions of a Mal Pelayanan Publik and what they do there.
//! Invariant: the first eight lines are the eight counters of the usual demo hall; ids are unique.

/// One service as the demo hall begins with it.
pub(super) struct Offer {
    /// Its identity.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The institution.
    pub agency: &'static str,
    /// What its tickets begin with; services with the same prefix draw from one roll.
    pub prefix: &'static str,
    /// The newest number of the roll when the demo begins.
    pub number: u32,
    /// How many wait when the demo begins.
    pub waiting: u32,
}

const fn offer(
    id: &'static str,
    name: &'static str,
    agency: &'static str,
    prefix: &'static str,
    number: u32,
    waiting: u32,
) -> Offer {
    Offer { id, name, agency, prefix, number, waiting }
}

/// All services, in the order in which counters take them up.
pub(super) const OFFERS: &[Offer] = &[
    offer("ktp", "Perekaman KTP-el", "Dukcapil", "A", 12, 7),
    offer("kk", "Kartu Keluarga", "Dukcapil", "A", 13, 5),
    offer("akta-lahir", "Akta kelahiran", "Dukcapil", "B", 7, 4),
    offer("nib", "Perizinan usaha", "DPM-PTSP", "C", 21, 6),
    offer("pbg", "Izin bangunan", "DPM-PTSP", "C", 22, 3),
    offer("pbb", "PBB dan BPHTB", "Bapenda", "D", 104, 11),
    offer("skck", "SKCK", "Polresta", "E", 9, 8),
    offer("paspor", "Paspor", "Imigrasi", "F", 31, 9),
    offer("bpjs-kes", "Kepesertaan JKN", "BPJS Kesehatan", "G", 46, 12),
    offer("bpjs-tk", "Klaim JHT", "BPJS Ketenagakerjaan", "H", 18, 6),
    offer("gadai", "Gadai dan tabungan emas", "Pegadaian", "J", 5, 2),
    offer("air", "Sambungan baru air", "PDAM", "K", 11, 3),
    offer("listrik", "Tambah daya", "PLN", "L", 8, 2),
    offer("tilang", "Pengambilan barang bukti tilang", "Kejaksaan Negeri", "M", 27, 5),
    offer("eraterang", "Surat keterangan pengadilan", "Pengadilan Negeri", "N", 14, 4),
    offer("npwp", "NPWP dan EFIN", "KPP Pratama", "P", 38, 7),
    offer("haji", "Pendaftaran haji", "Kemenag", "Q", 6, 3),
    offer("sertipikat", "Pengecekan sertipikat", "BPN", "R", 16, 5),
    offer("bank", "Setoran pajak daerah", "Bank Sultra", "S", 52, 9),
    offer("pensiun", "Otentikasi pensiun", "Taspen", "T", 4, 1),
    offer("pkb", "Pajak kendaraan", "Samsat", "U", 73, 14),
    offer("ak1", "Kartu pencari kerja (AK-1)", "Disnaker", "V", 25, 6),
    offer("kia", "Kartu Identitas Anak", "Dukcapil", "B", 8, 3),
    offer("pindah", "Surat pindah", "Dukcapil", "B", 9, 2),
    offer("halal", "Sertifikasi halal", "Kemenag", "Q", 7, 2),
    offer("sim", "Perpanjangan SIM", "Polresta", "E", 10, 6),
    offer("reklame", "Pajak reklame", "Bapenda", "D", 105, 2),
    offer("sip", "Perizinan tenaga kesehatan", "DPM-PTSP", "C", 23, 2),
];

/// What the demo hall says now and then in the running text.
pub(super) const NOTICES: &[&str] = &[
    "Loket Bapenda melayani pembayaran PBB sampai pukul 15.00.",
    "Jemput bola perekaman KTP-el hari ini di Kelurahan Anduonohu.",
    "Harap menyiapkan dokumen asli sebelum nomor Anda dipanggil.",
    "Kursi di baris depan untuk lansia, ibu hamil dan penyandang disabilitas.",
];
