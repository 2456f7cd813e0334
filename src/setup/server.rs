//! What a trial of the queue server found, in plain words, with the cure.
//! Invariant: no token and no query of an address is in any of it.

use jiff::{Timestamp, tz::TimeZone};

use super::ask::pick;
use crate::{
    domain::{event::Snapshot, visible::clean},
    link::{
        address::Address,
        trial::{Trial, Trouble},
    },
    words::Language,
};

/// Before this the clock of a machine that runs this program is certainly wrong.
const FIRST_YEAR: i16 = 2026;

/// What the server says of itself.
pub fn met(hall: &Snapshot, language: Language) -> String {
    let (name, organization) = (clean(&hall.name), clean(&hall.organization));
    let (counters, services) = (hall.counters.len(), hall.services.len());
    let of = if organization.is_empty() { String::new() } else { format!(", {organization}") };
    pick(
        language,
        &format!("Tersambung. Nama balai menurut server: {name}{of}; {counters} loket, {services} layanan."),
        &format!(
            "Connected. The server's name for the hall: {name}{of}; {counters} counters, {services} services."
        ),
    )
    .to_owned()
}

/// What is wrong, and what to do about it. `now` is this machine's time.
pub fn cure(trouble: &Trouble, trial: &Trial, now: Timestamp, language: Language) -> String {
    let (id, en) = both(trouble, trial, now);
    pick(language, &id, &en).to_owned()
}

fn both(trouble: &Trouble, trial: &Trial, now: Timestamp) -> (String, String) {
    let address = Address::new(&trial.url, &trial.display).ok();
    let (host, port) = address.as_ref().map(|a| (clean(&a.host), a.port)).unwrap_or_default();
    let path = address.as_ref().map(|a| clean(a.target.split('?').next().unwrap_or("/"))).unwrap_or_default();
    let has_token = trial.token.is_some();
    let two = |id: String, en: String| (id, en);
    match trouble {
        Trouble::Address(_) => two(
            "Itu bukan alamat WebSocket. Contoh: wss://antrean.kendarikota.go.id/events".into(),
            "That is no WebSocket address. Example: wss://antrean.kendarikota.go.id/events".into(),
        ),
        Trouble::NoSuchName(_) => two(
            format!("Tidak ada mesin bernama {host}. Periksa ejaannya; atau pakai alamat IP-nya, misalnya ws://192.168.1.10:8080/events"),
            format!("No machine is called {host}. Check the spelling; or use its IP address, for example ws://192.168.1.10:8080/events"),
        ),
        Trouble::NoNameServer(_) => two(
            format!("Nama {host} tidak dapat dicari: jaringan atau DNS mesin ini belum jalan. Periksa kabel jaringan, lalu `ip addr` dan /etc/resolv.conf."),
            format!("The name {host} cannot be looked up: this machine's network or DNS is down. Check the network cable, then `ip addr` and /etc/resolv.conf."),
        ),
        Trouble::Refused => two(
            format!("{host} menolak sambungan di porta {port}: tidak ada program yang mendengarkan di sana. Periksa nomor portanya, dan apakah server antrean hidup."),
            format!("{host} refused the connection at port {port}: no program listens there. Check the port's number, and whether the queue server runs."),
        ),
        Trouble::Unreachable => two(
            format!("Jaringan mesin ini tidak sampai ke {host}. Periksa kabel, alamat IP dan gateway (`ip route`)."),
            format!("This machine's network does not lead to {host}. Check the cable, the IP address and the gateway (`ip route`)."),
        ),
        Trouble::TimedOut => two(
            format!("{host} tidak menjawab di porta {port} dalam 10 detik: mungkin tembok api, atau nomor portanya salah."),
            format!("{host} did not answer at port {port} within 10 s: a firewall, perhaps, or the wrong port."),
        ),
        Trouble::UnknownIssuer => two(
            "Sertifikat server ditandatangani pihak yang tidak dipercaya mesin ini. Bila itu CA kantor sendiri, mintalah berkas sertifikat CA-nya (PEM)."
                .into(),
            "The server's certificate is signed by an authority that this machine does not trust. If it is your office's own, ask for its CA certificate as a file (PEM)."
                .into(),
        ),
        Trouble::OutOfDate => out_of_date(now),
        Trouble::OtherName => two(
            format!("Sertifikat server bukan untuk nama {host}. Tulis alamat dengan nama yang ada di sertifikat itu, atau mintalah sertifikat untuk {host}."),
            format!("The server's certificate is not for the name {host}. Write the address with the name in the certificate, or ask for a certificate for {host}."),
        ),
        Trouble::Certificate(why) => two(
            format!("Sertifikat server salah ({}). Beri tahu pengelola server antrean.", clean(why)),
            format!("The server's certificate is wrong ({}). Tell whoever runs the queue server.", clean(why)),
        ),
        Trouble::NotTls => two(
            format!("Yang menjawab di {host} porta {port} tidak memakai TLS. Mungkin alamatnya ws:// dan bukan wss://, atau portanya lain."),
            format!("What answers at {host} port {port} speaks no TLS. Perhaps the address is ws:// and not wss://, or the port is another."),
        ),
        Trouble::NotWebSocket(why) => two(
            format!("Yang menjawab di {host} porta {port} bukan server antrean ({}). Bila porta itu memakai TLS, tulis wss:// dan bukan ws://.", clean(why)),
            format!("What answers at {host} port {port} is no queue server ({}). If that port speaks TLS, write wss:// and not ws://.", clean(why)),
        ),
        Trouble::Token(status) if has_token => two(
            format!("Server menolak token ini ({status}). Salin lagi token layar ini dari server antrean."),
            format!("The server refused this token ({status}). Copy this display's token again from the queue server."),
        ),
        Trouble::Token(status) => two(
            format!("Server meminta token ({status}). Salin token layar ini dari server antrean."),
            format!("The server wants a token ({status}). Copy this display's token from the queue server."),
        ),
        Trouble::Status(status @ 500..) => two(
            format!("Server antrean sendiri sedang bermasalah ({status}). Coba lagi nanti, atau beri tahu pengelolanya."),
            format!("The queue server itself has a trouble ({status}). Try later, or tell whoever runs it."),
        ),
        Trouble::Status(status) => two(
            format!("Di {host} ada server web, tetapi {path} bukan alamat antreannya ({status}). Periksa bagian sesudah nama server."),
            format!("There is a web server at {host}, yet {path} is not the queue's address ({status}). Check what follows the server's name."),
        ),
        Trouble::CaFile(why) => two(
            format!("Sertifikat CA tidak terbaca: {}", clean(why)),
            format!("The CA's certificate cannot be used: {}", clean(why)),
        ),
        Trouble::NoHall { wrong: 0, why } => two(
            format!("Tersambung, tetapi tidak ada data balai yang datang ({}). Mungkin ini bukan server antrean papan.", clean(why)),
            format!("Connected, yet no hall came of it ({}). Perhaps this is not a queue server for papan.", clean(why)),
        ),
        Trouble::NoHall { wrong, .. } => two(
            format!("Tersambung, tetapi {wrong} pesannya tidak dimengerti: ini bukan server antrean papan, atau versinya lain."),
            format!("Connected, yet {wrong} of its messages were not understood: it is no queue server for papan, or of another version."),
        ),
        Trouble::Other(why) => two(
            format!("Tidak tersambung: {}", clean(why)),
            format!("Not connected: {}", clean(why)),
        ),
    }
}

fn out_of_date(now: Timestamp) -> (String, String) {
    let date = now.to_zoned(TimeZone::UTC).date();
    if date.year() < FIRST_YEAR {
        return (
            format!(
                "Jam mesin ini salah: menurutnya sekarang {date}, sehingga sertifikat server tampak tidak berlaku. Betulkan dengan `timedatectl set-ntp true`, atau `timedatectl set-time \"2027-01-31 08:00\"` (dengan waktu sekarang)."
            ),
            format!(
                "This machine's clock is wrong: it says {date}, so the server's certificate seems not to hold. Set it by `timedatectl set-ntp true`, or `timedatectl set-time \"2027-01-31 08:00\"` (with the time that it is)."
            ),
        );
    }
    (
        format!(
            "Sertifikat server tidak berlaku pada {date}. Bila bukan itu tanggal hari ini, betulkan jam mesin ini: `timedatectl set-ntp true`. Bila benar, sertifikatnya harus diperpanjang oleh pengelola server."
        ),
        format!(
            "The server's certificate does not hold on {date}. If that is not today, set this machine's clock: `timedatectl set-ntp true`. If it is, whoever runs the server must renew the certificate."
        ),
    )
}
