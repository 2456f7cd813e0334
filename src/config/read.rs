//! `papan.toml`'s text becomes a config and a list of problems.
//! Invariant: each key is read in exactly one place, under the name that stands in `papan.toml`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use jiff::tz::TimeZone;

use super::{
    Config, Hall, LAYOUTS, Log, MAX_BYTES, NamedFile, Queue, Reading, Region, Role, Screen, Voice, grid,
};
use crate::{
    domain::{layout::GridSpec, visible::clean},
    words::Language,
    written::{Source, Table, Value, nearest, read_text},
};

mod film;
mod lighting;
mod screens;
mod sound;
mod voice;

const ROOT_KEYS: &[&str] =
    &["hall", "queue", "screen", "sound", "voice", "film", "editor", "log", "metrics", "layout"];
const HALL_KEYS: &[&str] = &["name", "organization", "logo", "timezone", "language"];
const QUEUE_KEYS: &[&str] = &["url", "token_file", "ca_file", "display"];
const SCREEN_KEYS: &[&str] = &[
    "output",
    "layout",
    "region",
    "rotation",
    "sound",
    "playlist",
    "theme",
    "height_mm",
    "viewing_distance_m",
    "reduce_motion",
    "ticker_words_per_second",
    "on",
    "dim",
    "brightness",
    "cec",
];
const REGION_KEYS: &[&str] = &["x", "y", "width", "height"];
const EDITOR_KEYS: &[&str] = &["enabled"];
const LOG_KEYS: &[&str] = &["folder", "megabytes"];
const METRICS_KEYS: &[&str] = &["port"];
/// What a program without rights may listen on.
const PORTS: std::ops::RangeInclusive<u32> = 1024..=65_535;
/// The languages, by the names that they have in `papan.toml`.
const LANGUAGES: [(&str, Language); 2] = [("id", Language::Indonesian), ("en", Language::English)];

/// The longest name, in characters, as on the wire.
const MAX_NAME: usize = 200;
/// The widest and highest region, in pixels.
const MAX_PIXELS: u32 = 16_384;
const REGION_EXAMPLE: &str = "region = { x = 0, y = 0, width = 1152, height = 576 }";

impl Reading {
    /// Reads a `papan.toml` and goes on after each problem.
    pub fn read(path: &Path) -> Self {
        match read_text(path, MAX_BYTES) {
            Ok(text) => Self::of(path, &text),
            Err(problem) => Self { config: Config::default(), files: Vec::new(), problems: vec![problem] },
        }
    }

    /// Reads the text of a `papan.toml` that lies, or lay, at `path`.
    pub fn of(path: &Path, text: &str) -> Self {
        let mut reading = Self { config: Config::default(), files: Vec::new(), problems: Vec::new() };
        let source = Source::new(path, text);
        if let Some(root) = source.toml(text) {
            let base = path.parent().unwrap_or(Path::new("."));
            let mut reader = Reader { base, files: &mut reading.files };
            reading.config = reader.config(Table::root(&source, &root, ROOT_KEYS));
        }
        reading.problems = source.into_problems();
        reading.config.warnings = reading.problems.iter().filter(|p| !p.is_error()).cloned().collect();
        reading
    }
}

struct Reader<'r> {
    /// The folder from which relative paths are taken.
    base: &'r Path,
    files: &'r mut Vec<NamedFile>,
}

impl Reader<'_> {
    fn config(&mut self, root: Table<'_>) -> Config {
        let mut config = Config::default();
        if let Some(table) = root.get("hall").and_then(|v| v.table(HALL_KEYS, "[hall]")) {
            self.hall(table, &mut config.hall);
        }
        if let Some(table) = root.get("queue").and_then(|v| v.table(QUEUE_KEYS, "[queue]")) {
            self.queue(table, &mut config.queue);
        }
        if let Some(table) = root.get("sound").and_then(|v| v.table(sound::KEYS, "[sound]")) {
            self.sound(table, &mut config.sound);
        }
        config.voice = Voice::new(config.hall.language);
        if let Some(table) = root.get("voice").and_then(|v| v.table(voice::KEYS, "[voice]")) {
            self.voice(table, &mut config.voice);
        }
        if let Some(table) = root.get("film").and_then(|v| v.table(film::KEYS, "[film]")) {
            set(&mut config.film.forbid, table.get("forbid").and_then(film::forbid));
        }
        if let Some(table) = root.get("editor").and_then(|v| v.table(EDITOR_KEYS, "[editor]")) {
            set(&mut config.editor.enabled, table.get("enabled").and_then(|v| v.boolean()));
        }
        if let Some(table) = root.get("log").and_then(|v| v.table(LOG_KEYS, "[log]")) {
            self.log(table, &mut config.log);
        }
        if let Some(table) = root.get("metrics").and_then(|v| v.table(METRICS_KEYS, "[metrics]")) {
            let port = table.need("port", "9464").and_then(|v| v.whole(PORTS, "9464"));
            config.metrics.port = port.and_then(|port| u16::try_from(port).ok());
        }
        let layouts = root.get("layout").map(layouts).unwrap_or_default();
        let screens = root.get("screen").map(|v| self.screens(v, &layouts)).unwrap_or_default();
        if !screens.is_empty() {
            config.screens = screens;
        }
        config.layouts = layouts.into_iter().filter_map(|(name, grid)| Some((name, grid?))).collect();
        config
    }

    fn hall(&mut self, table: Table<'_>, hall: &mut Hall) {
        set(&mut hall.name, table.get("name").and_then(|v| v.text(MAX_NAME, "\"Mal Pelayanan Publik\"")));
        set(
            &mut hall.organization,
            table.get("organization").and_then(|v| v.text(MAX_NAME, "\"Pemerintah Kota Kendari\"")),
        );
        hall.logo = self.file(table.get("logo"), Role::Logo, "\"logo.png\"");
        set(&mut hall.timezone, table.get("timezone").and_then(timezone));
        set(&mut hall.language, table.get("language").and_then(|v| v.choice(&LANGUAGES)));
    }

    fn queue(&mut self, table: Table<'_>, queue: &mut Queue) {
        queue.url = table.get("url").and_then(url);
        queue.token_file = self.file(table.get("token_file"), Role::Token, "\"/etc/papan/token\"");
        queue.ca_file = self.file(table.get("ca_file"), Role::Authorities, "\"/etc/papan/ca.pem\"");
        set(&mut queue.display, table.get("display").and_then(|v| v.text(MAX_NAME, "\"lobi-1\"")));
    }

    fn log(&mut self, table: Table<'_>, log: &mut Log) {
        log.folder = self.file(table.get("folder"), Role::Log, "\"/var/log/papan\"");
        set(&mut log.megabytes, table.get("megabytes").and_then(|v| v.whole(1..=1024, "256")));
    }

    fn screens(&mut self, value: Value<'_>, layouts: &Layouts) -> Vec<Screen> {
        let mut screens: Vec<Screen> = Vec::new();
        let values = value.list("[[screen]]").unwrap_or_default();
        for one in &values {
            let Some(table) = one.table(SCREEN_KEYS, "[[screen]]") else { continue };
            let screen = self.screen(table, layouts);
            screens::beside(&table, &screen, &screens);
            screens.push(screen);
        }
        screens
    }

    fn screen(&mut self, table: Table<'_>, layouts: &Layouts) -> Screen {
        let mut screen = Screen {
            output: table.get("output").and_then(|v| v.text(MAX_NAME, "\"HDMI-A-1\"")),
            layout: table.get("layout").and_then(|v| layout_name(v, layouts)),
            region: table.get("region").and_then(region),
            rotation: table.get("rotation").and_then(screens::rotation).unwrap_or_default(),
            sound: table.get("sound").and_then(|v| v.boolean()),
            playlist: self.file(table.get("playlist"), Role::Playlist, "\"/var/lib/papan/playlists/lobi\""),
            theme: self.file(table.get("theme"), Role::Theme, "\"tema.toml\""),
            height_mm: table.get("height_mm").and_then(|v| v.number(10.0..=100_000.0, "670")),
            viewing_distance_m: table.get("viewing_distance_m").and_then(|v| v.number(0.3..=200.0, "8.0")),
            lighting: lighting::lighting(table),
            ..Screen::default()
        };
        set(&mut screen.cec, table.get("cec").and_then(lighting::cec));
        set(&mut screen.reduce_motion, table.get("reduce_motion").and_then(|v| v.boolean()));
        set(
            &mut screen.ticker_words_per_second,
            table.get("ticker_words_per_second").and_then(|v| v.number(0.5..=6.0, "3")),
        );
        screen
    }

    fn file(&mut self, value: Option<Value<'_>>, role: Role, example: &str) -> Option<PathBuf> {
        let value = value?;
        let path = value.path(self.base, example)?;
        self.files.push(NamedFile { role, path: path.clone(), line: value.line() });
        Some(path)
    }
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn timezone(value: Value<'_>) -> Option<TimeZone> {
    let name = value.string("\"Asia/Makassar\"")?;
    let zone = TimeZone::get(name).ok();
    if zone.is_none() {
        let known: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
        let right = nearest(name, known.iter().map(String::as_str)).unwrap_or("Asia/Makassar");
        let name: String = clean(name);
        value.error(
            format!("zona waktu \"{name}\" tidak dikenal; tulis timezone = \"{right}\" (WIB \"Asia/Jakarta\", WITA \"Asia/Makassar\", WIT \"Asia/Jayapura\")"),
            format!("unknown time zone \"{name}\"; write timezone = \"{right}\" (WIB \"Asia/Jakarta\", WITA \"Asia/Makassar\", WIT \"Asia/Jayapura\")"),
        );
    }
    zone
}

fn url(value: Value<'_>) -> Option<String> {
    const EXAMPLE: &str = "\"wss://antrean.kendarikota.go.id/events\"";
    let url = value.text(2048, EXAMPLE)?;
    let right = match url.split_once("://") {
        Some(("https", rest)) => format!("\"wss://{rest}\""),
        Some(("http", rest)) => format!("\"ws://{rest}\""),
        _ => EXAMPLE.to_owned(),
    };
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) =
        authority.rsplit_once(':').filter(|(_, p)| !p.contains(']')).unwrap_or((authority, "80"));
    let good = matches!(scheme, "ws" | "wss") && !host.is_empty() && port.parse::<u16>().is_ok();
    if authority.contains('@') {
        value.error(
            "alamat tidak boleh memuat sandi; simpan token di sebuah berkas dan tulis: token_file = \"/etc/papan/token\"",
            "the address must not hold a password; keep the token in a file and write: token_file = \"/etc/papan/token\"",
        );
        return None;
    }
    if !good || url.contains(char::is_whitespace) {
        value.error(
            format!("alamat \"{url}\" bukan alamat WebSocket; tulis alamat yang diawali ws:// atau wss://: url = {right}"),
            format!("\"{url}\" is no WebSocket address; write one that begins with ws:// or wss://: url = {right}"),
        );
        return None;
    }
    Some(url)
}

fn region(value: Value<'_>) -> Option<Region> {
    let table = value.table(REGION_KEYS, REGION_EXAMPLE)?;
    let side = |key, low, example| table.need(key, example).and_then(|v| v.whole(low..=MAX_PIXELS, example));
    // Each is read before the first wrong one ends it, so that all are reported.
    let (x, y) = (side("x", 0, "0"), side("y", 0, "0"));
    let (width, height) = (side("width", 1, "1152"), side("height", 1, "576"));
    Some(Region { x: x?, y: y?, width: width?, height: height? })
}

/// The site's layouts by name; `None` is one that is there but wrong: its name is known all the same.
type Layouts = BTreeMap<String, Option<GridSpec>>;

fn layouts(value: Value<'_>) -> Layouts {
    let mut layouts = BTreeMap::new();
    for one in value.named("[layout.lebar]") {
        let name = one.key();
        if LAYOUTS.contains(&name) {
            one.error(
                format!("tata letak \"{name}\" sudah ada di papan; pilih nama lain, misalnya: [layout.{name}-kami]"),
                format!("the layout \"{name}\" is papan's own; choose another name, for example: [layout.our-{name}]"),
            );
        } else {
            layouts.insert(name.to_owned(), grid::read(one));
        }
    }
    layouts
}

fn layout_name(value: Value<'_>, layouts: &Layouts) -> Option<String> {
    let names: Vec<(&str, &str)> =
        LAYOUTS.into_iter().chain(layouts.keys().map(String::as_str)).map(|name| (name, name)).collect();
    value.choice(&names).map(str::to_owned)
}
