//! The lobby screen, as this package's release binary and as a page in Debian's Chromium.
//! Invariant: each shows the same hall from the same queue server, and starts with an empty home of its own.

use std::{fs, path::Path, process::Command};

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

/// What to show, and where.
#[derive(Debug, Clone, Copy)]
pub struct Lobby<'a> {
    pub width: u32,
    pub height: u32,
    /// Whether there is running text; without it nothing moves.
    pub ticker: bool,
    /// The queue server's address.
    pub queue: &'a str,
    /// The X server's.
    pub display: &'a str,
    /// Where it keeps what it writes.
    pub home: &'a Path,
}

/// Whether Chromium is installed.
pub fn has_chromium() -> bool {
    Path::new(CHROMIUM).exists()
}

/// The program in a window, with the software presenter.
pub fn papan(lobby: Lobby<'_>) -> Command {
    let playlist = lobby.home.join("playlist");
    fs::create_dir_all(&playlist).expect("a folder");
    let ticker = if lobby.ticker { TICKER } else { "" };
    fs::write(playlist.join("playlist.toml"), [STILL, ticker].concat()).expect("written");
    fs::write(playlist.join("page.md"), PAGE).expect("written");
    let mut command = at_home(env!("CARGO_BIN_EXE_papan"), lobby);
    command
        .args(["show", "--windowed", "--renderer", "software", "--layout", "landscape"])
        .args(["--queue", lobby.queue, "--size", &format!("{}x{}", lobby.width, lobby.height)])
        .arg("--playlist")
        .arg(playlist);
    command
}

/// `benches/page` in Chromium, with more for its query, such as `&sound=on`.
pub fn chromium(lobby: Lobby<'_>, query: &str) -> Command {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/page/index.html");
    let ticker = if lobby.ticker { "" } else { "&ticker=off" };
    let mut command = at_home(CHROMIUM, lobby);
    command
        .arg("--kiosk")
        .arg(format!("--app=file://{}?queue={}{ticker}{query}", page.display(), lobby.queue))
        .args(["--window-position=0,0", &format!("--window-size={},{}", lobby.width, lobby.height)])
        // No sandbox as root; no GPU process where there is no GPU; and nothing that phones home.
        .args(["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-features=Translate",
        ])
        .arg(format!("--user-data-dir={}", lobby.home.join("chromium").display()));
    command
}

fn at_home(program: &str, lobby: Lobby<'_>) -> Command {
    let mut command = Command::new(program);
    command.env("DISPLAY", lobby.display).env("HOME", lobby.home);
    for name in ["WAYLAND_DISPLAY", "XDG_STATE_HOME", "XDG_CONFIG_HOME"] {
        command.env_remove(name);
    }
    command
}
