//! A desk on egui's own test harness, with the screen's own reading and drawing.
//! Invariant: the clock stands still unless a test moves it.

use std::{
    cell::Cell,
    fs,
    path::{Path, PathBuf},
    rc::Rc,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use egui_kittest::{Harness, TestRenderer};
use papan::{
    app,
    config::Config,
    editor::{
        desk::Desk,
        egui::{self, TexturesDelta, vec2},
        paint::Painter,
        style, views,
    },
    picture::theme::Theme,
};
use tempfile::TempDir;

/// How long pictures may take to be drawn before that is a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// Textures go to the editor's own painter.
struct Textures(Arc<Mutex<Painter>>);

impl TestRenderer for Textures {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.0.lock().unwrap().update(std::mem::take(delta));
    }
}

/// A desk with a folder of its own.
pub struct Bench {
    pub harness: Harness<'static, Desk>,
    pub folder: PathBuf,
    painter: Arc<Mutex<Painter>>,
    _dir: TempDir,
}

impl Bench {
    /// A copy of a playlist that ships with papan.
    pub fn shipped(name: &str) -> Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("playlists").join(name);
        Self::with(|to| copy(&from, to), vec2(1366.0, 768.0))
    }

    /// A folder that `fill` fills, in a window of so many points.
    pub fn with(fill: impl FnOnce(&Path), size: egui::Vec2) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("lobi");
        fs::create_dir(&folder).unwrap();
        fill(&folder);
        let config = Config::default();
        let workshop = app::workshop(&config, &Theme::default());
        let now = "2026-11-23T09:41:00[Asia/Makassar]".parse().unwrap();
        let desk = Desk::open(&folder, Arc::new(config), workshop, now).unwrap();
        let painter: Arc<Mutex<Painter>> = Arc::default();
        let renderer = Textures(Arc::clone(&painter));
        let ready = Rc::new(Cell::new(false));
        let shown = Rc::clone(&ready);
        let show = move |ui: &mut egui::Ui, desk: &mut Desk| {
            if shown.get() {
                views::show(ui, desk);
            }
        };
        let harness = Harness::builder()
            .with_size(size)
            .with_max_steps(64)
            .renderer(renderer)
            .build_ui_state(show, desk);
        // Its faces are there from the next frame on, as in the window.
        style::apply(&harness.ctx);
        ready.set(true);
        Self { harness, folder, painter, _dir: dir }
    }

    pub fn desk(&mut self) -> &mut Desk {
        self.harness.state_mut()
    }

    /// Runs until nothing moves and all pictures are drawn.
    pub fn settle(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.harness.run_ok();
            self.harness.step();
            let desk = self.harness.state();
            if !desk.is_drawing() && desk.import.is_none() {
                break;
            }
            assert!(Instant::now() < deadline, "the pictures are not drawn");
            std::thread::sleep(Duration::from_millis(5));
        }
        self.harness.step();
    }

    /// What is on the glass, as the window's own painter paints it.
    pub fn picture(&mut self) -> image::RgbImage {
        let output = self.harness.output();
        let scale = output.pixels_per_point;
        let primitives = self.harness.ctx.tessellate(output.shapes.clone(), scale);
        let size = self.harness.ctx.content_rect().size() * scale;
        let (width, height) = (size.x as usize, size.y as usize);
        let mut words = vec![0xffff_ffff_u32; width * height];
        self.painter.lock().unwrap().paint(&primitives, scale, &mut words, width);
        let rgb =
            words.iter().flat_map(|word| [(word >> 16) as u8, (word >> 8) as u8, *word as u8]).collect();
        image::RgbImage::from_raw(width as u32, height as u32, rgb).unwrap()
    }

    /// A file of the folder.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap()
    }
}

/// A week's playlist: rotating, by priority, switched off, and with a mistake.
pub fn week(folder: &Path) {
    let lobby = Path::new(env!("CARGO_MANIFEST_DIR")).join("playlists/lobi");
    for part in ["pages", "images"] {
        fs::create_dir(folder.join(part)).unwrap();
        copy(&lobby.join(part), &folder.join(part));
    }
    fs::write(folder.join("playlist.toml"), WEEK).unwrap();
}

/// What [`week`] writes.
pub const WEEK: &str = r#"# Lobi: diperbarui tiap Senin
version = 1
title = "Lobi utama"

[[item]]
page = "pages/ktp-el.md"
duration = "20s"

[[item]]
image = "images/alur-pelayanan.png"
fit = "contain"

# Giliran Samsat: tiap empat minggu
[[item]]
page = "pages/pbb.md"
duration = "25s"
[item.when]
days = ["senin", "selasa"]
hours = ["08:00-12:00"]
from = 2026-11-02
rrule = "FREQ=WEEKLY;INTERVAL=4"

[[item]]
card = { title = "Hari ini giliran PBB", text = "Bawa SPPT tahun lalu." }
duration = "12s"
priority = 10
[item.when]
hours = ["11:00-11:30"]

[[item]]
page = "pages/skck.md"
enabled = false
note = "menunggu persetujuan Polresta"

[[item]]
page = "pages/paspor.md"
[item.when]
daypart = "pagi"

[[item]]
page = "pages/tidak-ada.md"

[[fallback]]
page = "pages/selamat-datang.md"

[[ticker]]
text = "Jam layanan 08.00–16.00 WITA, tujuh hari seminggu"

[[ticker]]
text = "Layanan tanpa pungutan liar: laporkan ke loket pengaduan"
[ticker.when]
until = 2026-12-31

[daypart.pagi]
hours = ["08:00-12:00"]
"#;

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&to).unwrap();
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), &to).unwrap();
        }
    }
}
