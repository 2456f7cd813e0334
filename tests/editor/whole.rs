//! One whole task, from a new page to the running screen. Invariant: the screen is the real one, on the same folder,
//! and it was running before.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use bevy::app::App;
use egui_kittest::kittest::Queryable;
use jiff::Timestamp;
use papan::{
    app,
    config::{Config, Screen},
    directory::StateDirectory,
    editor::egui::{Key, Modifiers, vec2},
    library,
    picture::theme::Theme,
    state::{Glass, Now, OnAir, Playing},
};

use super::bench::Bench;

const BEFORE: &str = "version = 1

# Yang utama
[[item]]
page = \"pages/ktp-el.md\"
duration = \"1s\"

[[item]]
card = { title = \"Kedua\" }
duration = \"1s\"
";

const AFTER: &str = "version = 1

[[item]]
page = \"pages/samsat-keliling.md\"
[item.when]
days = [\"senin\"]
from = 2026-11-23
rrule = \"FREQ=WEEKLY;INTERVAL=4\"

# Yang utama
[[item]]
page = \"pages/ktp-el.md\"
duration = \"1s\"

[[item]]
card = { title = \"Kedua\" }
duration = \"1s\"
";

const PAGE: &str = "pages/samsat-keliling.md";

fn folder(to: &Path) {
    let lobi = Path::new(env!("CARGO_MANIFEST_DIR")).join("playlists/lobi");
    fs::create_dir(to.join("pages")).unwrap();
    fs::copy(lobi.join("pages/ktp-el.md"), to.join("pages/ktp-el.md")).unwrap();
    fs::write(to.join("playlist.toml"), BEFORE).unwrap();
}

/// A screen whose clock a test sets.
struct Running {
    app: App,
    _state: tempfile::TempDir,
}

impl Running {
    fn start(folder: &Path, wall: &str) -> Self {
        let state = tempfile::tempdir().unwrap();
        let screen = Screen { playlist: Some(folder.to_owned()), ..Screen::default() };
        let config = Config { screens: vec![screen], ..Config::default() };
        let zone = config.hall.timezone.clone();
        let mut app = App::new();
        app.insert_resource(Now { wall: wall.parse().unwrap(), mono: Duration::ZERO, zone });
        app::core(&mut app, config, Theme::default());
        app.insert_resource(Glass { width: 640, height: 360, rate: 60.0, refresh: 0 });
        app.insert_resource(StateDirectory(Some(state.path().to_owned())));
        app.add_plugins(library::plugin);
        Self { app, _state: state }
    }

    fn step(&mut self) {
        self.app.world_mut().resource_mut::<Now>().mono += Duration::from_millis(100);
        self.app.update();
    }

    /// Runs until an item is on the stage.
    fn until_shown(&mut self, item: &str) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !self.app.world().resource::<Playing>().item.ends_with(item) {
            let playing = &self.app.world().resource::<Playing>().item;
            assert!(Instant::now() < deadline, "{item} is not shown, but {playing:?}");
            std::thread::sleep(Duration::from_millis(2));
            self.step();
        }
    }

    fn on_air(&mut self, wall: &str) -> Vec<String> {
        self.app.world_mut().resource_mut::<Now>().wall = wall.parse::<Timestamp>().unwrap();
        self.step();
        self.app.world().resource::<OnAir>().items.iter().map(|item| item.name.clone()).collect()
    }
}

fn press(bench: &mut Bench, modifiers: Modifiers, key: Key) {
    bench.harness.key_press_modifiers(modifiers, key);
    bench.harness.run_ok();
}

fn click(bench: &mut Bench, label: &str) {
    bench.harness.get_all_by_label(label).last().unwrap().click();
    // What opens has its place after a frame.
    bench.harness.run_ok();
    bench.harness.run_ok();
}

#[test]
fn a_new_page_for_every_fourth_week_comes_from_the_desk_to_the_running_screen() {
    let mut bench = Bench::with(folder, vec2(1382.0, 2400.0));
    bench.settle();
    let mut screen = Running::start(&bench.folder, "2026-11-23T09:41:00+08:00");
    screen.until_shown("pages/ktp-el.md");
    // A page by its title, in the words of its fields.
    press(&mut bench, Modifiers::COMMAND, Key::N);
    click(&mut bench, "Halaman");
    bench.harness.get_by_label("Judul halaman baru").type_text("Samsat keliling");
    bench.harness.run_ok();
    click(&mut bench, "Buat halaman");
    // Mondays of every fourth week.
    click(&mut bench, "Jadwal");
    click(&mut bench, "Senin");
    click(&mut bench, "Giliran");
    click(&mut bench, "Setiap beberapa minggu");
    // To the front; taken away by mistake, and back.
    press(&mut bench, Modifiers::ALT, Key::Num1);
    press(&mut bench, Modifiers::ALT, Key::ArrowUp);
    press(&mut bench, Modifiers::NONE, Key::Delete);
    assert_eq!(bench.desk().document.entries(papan::domain::playlist::List::Item).len(), 2);
    press(&mut bench, Modifiers::COMMAND, Key::Z);
    assert_eq!(bench.read("playlist.toml"), BEFORE, "nothing is written before it is saved");
    press(&mut bench, Modifiers::COMMAND, Key::S);
    assert_eq!(bench.read("playlist.toml"), AFTER);
    screen.until_shown(PAGE);
    for (day, shown) in [
        ("2026-11-24T09:00:00+08:00", false),
        ("2026-11-30T09:00:00+08:00", false),
        ("2026-12-21T00:00:00+08:00", true),
        ("2026-12-22T00:00:00+08:00", false),
        ("2027-01-18T23:59:59+08:00", true),
    ] {
        assert_eq!(screen.on_air(day).contains(&PAGE.to_owned()), shown, "{day}");
    }
    screen.until_shown("pages/ktp-el.md");
}
