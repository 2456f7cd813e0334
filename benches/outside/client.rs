//! What is measured: the program and the page, and the scenes that both show.
//! Invariant: a client starts with an empty home of its own, as on its first day.

use std::{fs, path::Path, process::Command};

use crate::outside::{glass::Glass, process::Program, queue::Queue};

const CHROMIUM: &str = "/usr/bin/chromium";
const STILL: &str = "version = 1\ntitle = \"Diam\"\n\n[[item]]\npage = \"page.md\"\n";
const PAGE: &str = "---
service: Dukcapil
cost: Gratis
time: ± 30 menit
valid: Senin–Minggu
---
# KTP elektronik hilang atau rusak
## Yang dibawa
- Surat kehilangan dari kepolisian, atau KTP yang rusak
- Fotokopi Kartu Keluarga
## Langkah
1. Ambil nomor antrean di mesin A
2. Serahkan berkas di loket 1 sampai 4
3. Cek data dan tanda tangan
4. Ambil KTP di loket 5
";
const TICKER: &str = "
[[ticker]]
text = \"Jam layanan 08.00–16.00 WITA, tujuh hari seminggu\"
[[ticker]]
text = \"Layanan tanpa pungutan liar: laporkan ke loket pengaduan\"
[[ticker]]
text = \"Siapkan KTP dan Kartu Keluarga sebelum nomor Anda dipanggil\"
[[ticker]]
text = \"Lansia, ibu hamil, dan penyandang disabilitas didahulukan: ambil nomor prioritas di meja depan\"
";

/// A size of glass, and what it shows.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    pub name: &'static str,
    pub width: u32,
    pub height: u32,
    /// Whether there is running text; without it nothing moves.
    pub ticker: bool,
}

impl Scene {
    pub const ALL: [Self; 3] = [
        Self { name: "1080", width: 1920, height: 1080, ticker: true },
        Self { name: "2160", width: 3840, height: 2160, ticker: true },
        Self { name: "still", width: 1920, height: 1080, ticker: false },
    ];
}

/// A program that shows the lobby screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// This package's release binary, with the software presenter.
    Papan,
    /// `benches/page` in Debian's Chromium.
    Chromium,
}

impl Client {
    pub const ALL: [Self; 2] = [Self::Papan, Self::Chromium];

    pub fn name(self) -> &'static str {
        match self {
            Self::Papan => "papan",
            Self::Chromium => "chromium",
        }
    }

    pub fn is_there(&self) -> bool {
        *self == Self::Papan || Path::new(CHROMIUM).exists()
    }

    /// Starts it; it keeps what it writes in `home`.
    pub fn start(self, scene: &Scene, glass: &Glass, queue: &Queue, home: &Path) -> Program {
        let mut command = match self {
            Self::Papan => papan(scene, queue, home),
            Self::Chromium => chromium(scene, queue, home),
        };
        command
            .env("DISPLAY", &glass.display)
            .env("HOME", home)
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("XDG_STATE_HOME")
            .env_remove("XDG_CONFIG_HOME");
        Program::start(&mut command)
    }
}

fn papan(scene: &Scene, queue: &Queue, home: &Path) -> Command {
    let playlist = home.join("playlist");
    fs::create_dir_all(&playlist).expect("a folder");
    let ticker = if scene.ticker { TICKER } else { "" };
    fs::write(playlist.join("playlist.toml"), [STILL, ticker].concat()).expect("written");
    fs::write(playlist.join("page.md"), PAGE).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_papan"));
    command
        .args(["show", "--windowed", "--renderer", "software", "--layout", "landscape"])
        .args(["--queue", &queue.url(), "--size", &format!("{}x{}", scene.width, scene.height)])
        .arg("--playlist")
        .arg(playlist);
    command
}

fn chromium(scene: &Scene, queue: &Queue, home: &Path) -> Command {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/page/index.html");
    let ticker = if scene.ticker { "" } else { "&ticker=off" };
    let mut command = Command::new(CHROMIUM);
    command
        .arg("--kiosk")
        .arg(format!("--app=file://{}?queue={}{ticker}", page.display(), queue.url()))
        .args(["--window-position=0,0", &format!("--window-size={},{}", scene.width, scene.height)])
        // No sandbox as root; no GPU process where there is no GPU; and nothing that phones home.
        .args(["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-features=Translate",
        ])
        .arg(format!("--user-data-dir={}", home.join("chromium").display()));
    command
}
