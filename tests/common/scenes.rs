//! The scenes of the golden pictures: what the public can come to see, on every kind of glass.
//! Invariant: each scene is one moment in one hall; nothing in it depends on today or on this machine.

#![allow(clippy::expect_used, reason = "what is wrong with a scene is to end the test")]

use jiff::Timestamp;
use papan::{
    config::Config,
    domain::{
        event::{
            Counter, CounterId, CounterState, Event, Level, Notice, NoticeId, Service, ServiceId, Serving,
            Snapshot, Survey, Ticket, TicketCalled,
        },
        hall::Hall,
        layout::{GridSpec, Track, Zone},
        playlist::{Content, Fit, Playlist, PlaylistItem},
    },
    library,
    picture::theme::Theme,
    snapshot::Scene,
    state::Freshness,
    words::Language,
};

/// The hall of the pictures: name, agency, ticket; none is closed.
const ROWS: [(&str, &str, Option<&str>); 8] = [
    ("Perekaman KTP-el", "Dukcapil", Some("A-012")),
    ("Kartu Keluarga", "Dukcapil", Some("A-013")),
    ("Akta kelahiran", "Dukcapil", Some("B-007")),
    ("Perizinan usaha", "DPM-PTSP", Some("C-021")),
    ("Izin bangunan", "DPM-PTSP", Some("C-022")),
    ("PBB dan BPHTB", "Bapenda", Some("D-104")),
    ("SKCK", "Polresta", Some("E-009")),
    ("Paspor", "Imigrasi", None),
];

/// The moment of the pictures: 09.41 in Makassar, a Saturday.
pub fn moment() -> Timestamp {
    "2026-11-21T01:41:00Z".parse().expect("a time")
}

fn ago(seconds: i64) -> Timestamp {
    Timestamp::from_second(moment().as_second() - seconds).expect("a time")
}

/// A hall with so many counters; of 8, as in the pictures.
pub fn hall(counters: usize) -> Hall {
    let mut snapshot = Snapshot {
        name: "Mal Pelayanan Publik".into(),
        organization: "Pemerintah Kota Kendari".into(),
        ..Snapshot::default()
    };
    for (index, (name, agency, _)) in ROWS.iter().enumerate() {
        snapshot.services.push(Service {
            id: ServiceId(index.to_string()),
            name: (*name).into(),
            agency: (*agency).into(),
            prefix: String::new(),
            waiting: Some(3),
        });
    }
    for index in 0..counters {
        let own = ROWS[index % 8].2;
        let ticket = if index < 8 {
            own.map(str::to_owned)
        } else {
            own.map(|t| format!("{}-{:03}", &t[..1], index * 37 % 200))
        };
        let id = (index + 1).to_string();
        snapshot.counters.push(Counter {
            label: id.clone(),
            id: CounterId(id),
            service: Some(ServiceId((index % 8).to_string())),
            state: if ticket.is_some() { CounterState::Open } else { CounterState::Closed },
            serving: ticket.map(|ticket| Serving { ticket: Ticket(ticket), attempt: 1 }),
        });
    }
    let mut hall = Hall::default();
    hall.apply(Event::Snapshot(snapshot), moment());
    hall
}

/// The third counter's call, so long ago.
pub fn called(mut hall: Hall, seconds: i64, attempt: u32) -> Hall {
    let call = TicketCalled {
        ticket: Ticket("B-007".into()),
        counter: CounterId("3".into()),
        service: None,
        attempt,
        priority: None,
        time: Some(ago(seconds)),
    };
    hall.apply(Event::TicketCalled(call), moment());
    hall
}

/// The playlist that ships with papan.
pub fn playlist(name: &str) -> Playlist {
    library::read(&library::shipped(name).expect("a playlist that ships")).0
}

/// The everyday view on a glass of this size.
pub fn everyday(size: (u32, u32)) -> Scene {
    Scene {
        films: None,
        config: Config::default(),
        theme: Theme::default(),
        size,
        hall: called(hall(8), 10, 1),
        freshness: Freshness::Live,
        at: moment(),
        playlist: playlist("lobi"),
        logo: None,
        caption: None,
    }
}

/// A scene in which something is said in a film; a picture is in the film's place.
pub fn said(scene: Scene, caption: &str) -> Scene {
    let lobby = library::shipped("lobi").expect("a playlist that ships");
    let content = Content::Image { path: lobby.join("images/alur-pelayanan.png"), stamp: 0, fit: Fit::Cover };
    let playlist = Playlist { items: vec![PlaylistItem::new(content)], ..scene.playlist };
    Scene { playlist, caption: Some(caption.into()), ..scene }
}

/// A scene with this on the stage.
fn shown(scene: Scene, content: Content) -> Scene {
    let playlist = Playlist { items: vec![PlaylistItem::new(content)], ..scene.playlist };
    Scene { playlist, ..scene }
}

/// A code that names the ticket that was called last.
fn code() -> Content {
    Content::Qr {
        title: "Pantau antrean dari ponsel".into(),
        text: "Pindai kode ini. Anda dapat menunggu di luar dan melihat nomor yang sedang dilayani.".into(),
        url: "https://antrean.kendarikota.go.id/{ticket}".into(),
    }
}

/// As many words as people write, and an address that only a program would.
fn long_code() -> Content {
    let query = "nomor=A-012&layanan=perekaman-ktp-elektronik&loket=3&".repeat(4);
    Content::Qr {
        title: "Pertanggungjawaban penggunaan anggaran pelayanan publik dapat dibaca di sini".into(),
        text:
            "Pindai kode ini dengan kamera ponsel, lalu pilih tahun dan dinas. Laporan tersedia dalam bahasa \
               Indonesia, dan dapat diunduh tanpa mendaftar. Pertanyaan dijawab petugas di meja informasi."
                .into(),
        url: format!("https://transparansi.kendarikota.go.id/laporan?{query}"),
    }
}

/// A scene in a hall whose visitors answered today.
fn surveyed(mut scene: Scene) -> Scene {
    let date = jiff::civil::date(2026, 11, 21);
    scene.hall.survey = Some(Survey { date, very_satisfied: 1_142, satisfied: 361, dissatisfied: 24 });
    scene
}

fn notice(level: Level, text: &str) -> Event {
    Event::NoticePosted(Notice {
        id: NoticeId("n".into()),
        text: text.into(),
        level,
        speak: false,
        until: None,
    })
}

/// Names as long as they come, and tickets of every shape.
fn long_names() -> Hall {
    let mut hall = called(hall(8), 10, 1);
    hall.name = "Mal Pelayanan Publik dan Pusat Layanan Usaha Terpadu Kabupaten Kepulauan Sangihe".into();
    hall.organization =
        "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu Pemerintah Kabupaten Kepulauan Sangihe"
            .into();
    let names = [
        (
            "Penerbitan Surat Keterangan Pindah Warga Negara Indonesia antarprovinsi",
            "Dinas Kependudukan dan Pencatatan Sipil",
        ),
        ("Pertanggungjawabankeuangandaerah", "Badanpengelolakeuangandaerah"),
        ("KIA", ""),
        ("", ""),
    ];
    for (service, (name, agency)) in hall.services.iter_mut().zip(names) {
        (service.name, service.agency) = (name.into(), agency.into());
    }
    for (counter, ticket) in hall.counters.iter_mut().zip(["12", "PBB-1044", "A-012", "ABCDEFGH-1234567"]) {
        counter.serving = Some(Serving { ticket: Ticket(ticket.into()), attempt: 1 });
    }
    hall.counters[4].label = "LOKET-12".into();
    hall.counters[5].label = "12B".into();
    hall.counters[5].state = CounterState::Paused;
    hall.counters[5].serving = None;
    hall.counters[6].serving = None;
    hall
}

/// What is said in a film.
const SAID: &str = "Ambil nomor antrean di mesin A, lalu tunggu sampai nomor Anda dipanggil.";

/// Every scene with its name.
pub fn all() -> Vec<(&'static str, Scene)> {
    let full = (1920, 1080);
    let with = |hall: Hall| Scene { hall, ..everyday(full) };
    let videotron =
        || Scene { playlist: playlist("videotron"), hall: called(hall(4), 10, 1), ..everyday((1152, 576)) };
    let mut english = everyday(full);
    english.config.hall.language = Language::English;
    let mut own = everyday(full);
    own.config.layouts.insert("wide".into(), wide());
    own.config.screens[0].layout = Some("wide".into());
    let mut noticed = called(hall(8), 10, 1);
    noticed.apply(
        notice(
            Level::Important,
            "Layanan Paspor pindah ke lantai 2 mulai hari ini. Nomor antrean tetap berlaku.",
        ),
        moment(),
    );
    let mut alarm = hall(8);
    alarm.apply(
        notice(
            Level::Emergency,
            "Tinggalkan gedung lewat tangga. Jangan memakai lift. Berkumpul di lapangan parkir.",
        ),
        moment(),
    );
    let mut second = everyday(full);
    second.playlist.items.rotate_left(1);
    let card = PlaylistItem::new(Content::Card {
        title: "Hari ini giliran PBB".into(),
        text: "Bawa SPPT tahun lalu.".into(),
    });
    let code = |scene: Scene| shown(scene, code());
    let asked = |scene: Scene| shown(surveyed(scene), Content::Survey { title: String::new() });
    let mut asked_english = everyday(full);
    asked_english.config.hall.language = Language::English;
    let small = || Scene { size: (192, 96), ..videotron() };
    vec![
        ("qr", code(everyday(full))),
        ("qr-portrait", code(everyday((1080, 1920)))),
        ("qr-videotron", code(videotron())),
        ("qr-videotron-small", code(small())),
        ("qr-long", shown(everyday(full), long_code())),
        ("survey", asked(everyday(full))),
        ("survey-english", asked(asked_english)),
        ("survey-portrait", asked(everyday((1080, 1920)))),
        ("survey-videotron", asked(videotron())),
        ("survey-videotron-small", asked(small())),
        ("landscape", everyday(full)),
        ("callout", with(called(hall(8), 2, 1))),
        ("callout-again", with(called(hall(8), 2, 2))),
        ("stale", Scene { freshness: Freshness::Stale(ago(180)), ..everyday(full) }),
        ("waiting", Scene { freshness: Freshness::Waiting, hall: Hall::default(), ..everyday(full) }),
        ("portrait", everyday((1080, 1920))),
        ("videotron", videotron()),
        ("videotron-small", Scene { size: (192, 96), ..videotron() }),
        ("4k", everyday((3840, 2160))),
        ("720p", everyday((1280, 720))),
        ("counters-1", with(hall(1))),
        ("counters-24", with(called(hall(24), 10, 1))),
        ("counters-200", with(hall(200))),
        ("portrait-60", Scene { hall: hall(60), ..everyday((1080, 1920)) }),
        ("long-names", with(long_names())),
        ("long-names-portrait", Scene { hall: long_names(), ..everyday((1080, 1920)) }),
        ("notice-important", with(noticed)),
        ("notice-emergency-stale", Scene { freshness: Freshness::Stale(ago(180)), ..with(alarm.clone()) }),
        ("notice-emergency", with(alarm)),
        ("english", english),
        ("layout-own", own),
        ("no-playlist", Scene { playlist: Playlist::default(), ..everyday(full) }),
        ("card", Scene { playlist: Playlist { items: vec![card], ..Playlist::default() }, ..everyday(full) }),
        ("page-2", second),
        ("caption", said(everyday(full), SAID)),
        ("caption-long", said(everyday(full), &[SAID; 3].join(" "))),
        ("caption-portrait", said(everyday((1080, 1920)), SAID)),
        ("caption-videotron", said(videotron(), SAID)),
        (
            "caption-videotron-small",
            said(Scene { size: (192, 96), ..videotron() }, "Ambil nomor di mesin A."),
        ),
    ]
}

fn wide() -> GridSpec {
    use Zone::{Board, Header, Stage, Ticker};
    GridSpec {
        columns: vec![Track::Share(0.5), Track::Share(0.5)],
        rows: vec![Track::Share(0.09), Track::Rest(1.0), Track::Share(0.08)],
        areas: vec![
            vec![Some(Header), Some(Header)],
            vec![Some(Board), Some(Stage)],
            vec![Some(Ticker), Some(Ticker)],
        ],
    }
}
