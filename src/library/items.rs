//! `playlist.toml`: items, fallback and running text become a playlist and a list of problems.
//! Invariant: an item with an error is left out, and every other one is kept.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::SignedDuration;

use super::{folder::Folder, page, picture};
use crate::{
    domain::{
        playlist::{Content, Fit, Message, Playlist, PlaylistItem},
        visible::clean,
    },
    written::{Source, Table, Value},
};

pub(super) mod film;

pub(super) const ROOT_KEYS: &[&str] =
    &["version", "title", "item", "fallback", "ticker", "daypart", "calendar"];
const ITEM_KEYS: &[&str] = &[
    "page",
    "image",
    "film",
    "card",
    "qr",
    "survey",
    "duration",
    "fit",
    "enabled",
    "note",
    "when",
    "volume",
    "priority",
    "weight",
    "every",
    "transition",
];
const KINDS: [&str; 6] = ["page", "image", "film", "card", "qr", "survey"];
const TICKER_KEYS: &[&str] = &["text", "enabled", "note", "when"];
const CARD_KEYS: &[&str] = &["title", "text"];
const WHEN_KEYS: &[&str] =
    &["days", "hours", "from", "until", "rrule", "daypart", "not_daypart", "calendar", "not_calendar"];
const CARD: &str = "card = { title = \"Hari ini giliran PBB\", text = \"Bawa SPPT tahun lalu.\" }";

/// The most items, those of folders of pictures included.
const MAX_ITEMS: usize = 10_000;
const MAX_TITLE: usize = 200;
const MAX_TEXT: usize = 2_000;
/// Of one message of the running text.
const MAX_TICKER: usize = 50_000;
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(3600);

/// Reads the document; `source` takes its problems.
pub(super) fn read(source: &Source, folder: &Folder, root: Table<'_>) -> Playlist {
    let mut playlist = Playlist::default();
    if let Some(version) = root.get("version").filter(|v| v.as_number() != Some(1.0)) {
        version.error(
            "versi berkas ini tidak dikenal papan; tulis version = 1",
            "papan does not know this version of the file; write version = 1",
        );
    }
    playlist.title = root.get("title").and_then(|v| v.text(MAX_TITLE, "\"Lobi utama\"")).unwrap_or_default();
    let reader = Reader { source, folder };
    playlist.items = reader.items(root.get("item"), "[[item]]");
    playlist.fallback = reader.items(root.get("fallback"), "[[fallback]]");
    playlist.ticker = reader.ticker(root.get("ticker"));
    for key in ["daypart", "calendar"] {
        if let Some(value) = root.get(key) {
            later(value);
        }
    }
    if playlist.items.is_empty() && playlist.fallback.is_empty() && source.errors() == 0 {
        // An error, so that the last good playlist stays: the stage is never empty.
        source.error(
            1,
            "daftar putar ini tidak menampilkan apa-apa; tulis misalnya: [[item]], lalu page = \"pages/ktp-el.md\"",
            "this playlist shows nothing; write for example: [[item]], then page = \"pages/ktp-el.md\"",
        );
    }
    playlist
}

struct Reader<'r> {
    source: &'r Source,
    folder: &'r Folder,
}

impl Reader<'_> {
    fn items(&self, value: Option<Value<'_>>, header: &str) -> Vec<PlaylistItem> {
        let mut items = Vec::new();
        for (entry, one) in value.and_then(|v| v.list(header)).unwrap_or_default().into_iter().enumerate() {
            items.extend(self.item(one, header, entry));
            if items.len() > MAX_ITEMS {
                one.error(
                    format!("daftar putar ini lebih dari {MAX_ITEMS} butir; hapus sebagian, sisanya tidak ditampilkan"),
                    format!("this playlist has more than {MAX_ITEMS} items; take some away, the rest is not shown"),
                );
                items.truncate(MAX_ITEMS);
                break;
            }
        }
        items
    }

    /// One item as it is shown; several for a folder of pictures, none for one with an error.
    fn item(&self, value: Value<'_>, header: &str, entry: usize) -> Vec<PlaylistItem> {
        let before = self.source.errors();
        let Some(table) = value.table(ITEM_KEYS, header) else { return Vec::new() };
        let enabled = table.get("enabled").is_none_or(|v| v.boolean() != Some(false));
        if let Some(note) = table.get("note") {
            note.string("\"catatan untuk petugas\"");
        }
        let duration = table.get("duration").map_or(Some(None), |value| duration(value).map(Some));
        let kinds: Vec<Value<'_>> = KINDS.iter().filter_map(|kind| table.get(kind)).collect();
        let contents = match kinds[..] {
            [] if self.source.errors() > before => Vec::new(),
            [] => {
                table.error(
                    "butir ini tidak menampilkan apa-apa; tulis salah satu: page, image, film, atau card, misalnya page = \"pages/ktp-el.md\"",
                    "this item shows nothing; write one of page, image, film or card, for example page = \"pages/ktp-el.md\"",
                );
                Vec::new()
            }
            _ if !enabled => Vec::new(),
            [kind] => self.contents(&kind, table),
            [first, second, ..] => {
                let (a, b) = (first.key(), second.key());
                second.error(
                    format!("butir ini berisi `{a}` dan `{b}`; tulis satu saja, dan buat {header} baru untuk yang lain"),
                    format!("this item holds `{a}` and `{b}`; write one only, and a new {header} for the other"),
                );
                Vec::new()
            }
        };
        match duration {
            Some(duration) if enabled && self.source.errors() == before => contents
                .into_iter()
                .map(|content| PlaylistItem { entry, duration, ..PlaylistItem::new(content) })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn contents(&self, kind: &Value<'_>, table: Table<'_>) -> Vec<Content> {
        let fits = [("contain", Fit::Contain), ("cover", Fit::Cover)];
        let fit = table.get("fit").and_then(|v| v.choice(&fits)).unwrap_or_default();
        if let Some(value) = table.get("fit").filter(|_| !["image", "film"].contains(&kind.key())) {
            value.warning(
                "`fit` hanya untuk gambar dan film; hapus baris ini",
                "`fit` is for pictures and films only; take this line away",
            );
        }
        let volume = table.get("volume").filter(|value| {
            if kind.key() != "film" {
                value.warning(
                    "`volume` hanya untuk film; hapus baris ini",
                    "`volume` is for films only; take this line away",
                );
            }
            kind.key() == "film"
        });
        for key in ["when", "priority", "weight", "every", "transition"] {
            if let Some(value) = table.get(key) {
                later(value);
            }
        }
        match kind.key() {
            "page" => self.page(kind).into_iter().collect(),
            "image" => self.images(kind, fit),
            "film" => self.film(kind, fit, volume).into_iter().collect(),
            "card" => card(kind).into_iter().collect(),
            other => {
                kind.warning(
                    format!("versi papan ini belum dapat menampilkan `{other}`; butir ini dilewati, untuk sekarang pakai page, image, film, atau card"),
                    format!("this version of papan does not show `{other}` yet; the item is left out, for now use page, image, film or card"),
                );
                Vec::new()
            }
        }
    }

    fn page(&self, value: &Value<'_>) -> Option<Content> {
        let path = self.found(value, "\"pages/ktp-el.md\"")?;
        let (page, problems) = page::read(self.folder, &path);
        for problem in problems {
            self.source.push(problem);
        }
        page.map(Content::Page)
    }

    fn images(&self, value: &Value<'_>, fit: Fit) -> Vec<Content> {
        let Some(path) = self.found(value, "\"images/alur.png\"") else { return Vec::new() };
        let paths = if path.is_dir() { self.pictures_of(value, &path) } else { vec![path] };
        let mut contents = Vec::new();
        for path in paths {
            match picture::size(&path) {
                Ok(_) => contents.push(Content::Image { stamp: super::stamp::stamp_of(&path), path, fit }),
                Err(wrong) => {
                    let (id, en) = film::instead_of_picture(&path).unwrap_or(wrong);
                    value.error(id, en);
                }
            }
        }
        contents
    }

    /// The pictures of a folder by name.
    fn pictures_of(&self, value: &Value<'_>, dir: &Path) -> Vec<PathBuf> {
        let names =
            fs::read_dir(dir).into_iter().flatten().filter_map(|e| e.ok()?.file_name().into_string().ok());
        let is_picture = |name: &String| {
            let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
            !name.starts_with('.') && ending.is_some_and(|e| picture::ENDINGS.contains(&e.as_str()))
        };
        let mut names: Vec<String> = names.filter(is_picture).take(MAX_ITEMS + 1).collect();
        names.sort();
        if names.is_empty() {
            value.error(
                "folder ini tidak berisi gambar; salin berkas PNG, JPEG, atau WebP ke dalamnya",
                "this folder holds no picture; copy PNG, JPEG or WebP files into it",
            );
        }
        let mut paths = Vec::new();
        for name in names {
            match self.folder.find(dir, &name) {
                Ok(path) => paths.push(path),
                Err((id, en)) => value.error(id, en),
            }
        }
        paths
    }

    fn found(&self, value: &Value<'_>, example: &str) -> Option<PathBuf> {
        let written = value.string(example)?;
        match self.folder.find(Path::new(""), written) {
            Ok(path) => Some(path),
            Err((id, en)) => {
                value.error(id, en);
                None
            }
        }
    }

    fn ticker(&self, value: Option<Value<'_>>) -> Vec<Message> {
        let mut messages: Vec<Message> = Vec::new();
        let mut seen = HashSet::new();
        for (entry, one) in
            value.and_then(|v| v.list("[[ticker]]")).unwrap_or_default().into_iter().enumerate()
        {
            let before = self.source.errors();
            let Some(table) = one.table(TICKER_KEYS, "[[ticker]]") else { continue };
            if table.get("enabled").is_some_and(|v| v.boolean() == Some(false)) {
                continue;
            }
            if let Some(note) = table.get("note") {
                note.string("\"catatan untuk petugas\"");
            }
            if let Some(when) = table.get("when") {
                later(when);
            }
            let value = table.need("text", "\"Jam layanan 08.00–16.00 WITA\"");
            let text = value.and_then(|v| v.text(MAX_TICKER, "\"Jam layanan 08.00–16.00 WITA\""));
            let Some(text) = text.filter(|_| self.source.errors() == before) else { continue };
            if seen.insert(text.clone()) {
                messages.push(Message { text, entry, ..Message::default() });
            } else {
                self.source.warning(
                    value.map_or(table.line(), |v| v.line()),
                    "teks berjalan ini sudah ditulis di atas; hapus salah satunya",
                    "this running text is written above already; take one away",
                );
            }
        }
        messages
    }
}

fn card(value: &Value<'_>) -> Option<Content> {
    let table = value.table(CARD_KEYS, CARD)?;
    let title = table.need("title", "\"Hari ini giliran PBB\"");
    let title = title.and_then(|v| v.text(MAX_TITLE, "\"Hari ini giliran PBB\""));
    let text = table.get("text").map_or(Some(String::new()), |v| match v.as_str() {
        Some(text) if text.trim().is_empty() => Some(String::new()),
        _ => v.lines(MAX_TEXT, "\"Bawa SPPT tahun lalu.\""),
    });
    Some(Content::Card { title: title?, text: text? })
}

fn duration(value: Value<'_>) -> Option<Duration> {
    if let Some(number) = value.as_number() {
        value.error(
            format!("`duration` ditulis dengan satuannya; tulis duration = \"{number}s\""),
            format!("`duration` is written with its unit; write duration = \"{number}s\""),
        );
        return None;
    }
    let text = value.string("\"20s\"")?;
    let parsed = text.trim().parse::<SignedDuration>().ok().and_then(|d| Duration::try_from(d).ok());
    let good = parsed.filter(|d| (SHORTEST..=LONGEST).contains(d));
    if good.is_none() {
        let text = clean(text);
        value.error(
            format!("durasi \"{text}\" tidak dimengerti; tulis 1 detik sampai 1 jam, misalnya duration = \"20s\" atau \"1m30s\""),
            format!("the duration \"{text}\" is not understood; write 1 second to 1 hour, for example duration = \"20s\" or \"1m30s\""),
        );
    }
    good
}

/// What a later version of papan will follow: its keys are checked, and staff are told that it has no effect.
fn later(value: Value<'_>) {
    let key = value.key();
    match key {
        "when" => {
            value.table(WHEN_KEYS, "[item.when]");
        }
        "daypart" | "calendar" => {
            let keys: &[&str] = if key == "daypart" { &["hours", "days"] } else { &["file", "days"] };
            for one in value.named("[daypart.pagi]") {
                one.table(keys, "[daypart.pagi]");
            }
        }
        _ => {}
    }
    value.warning(
        format!("versi papan ini belum mengikuti `{key}`: butirnya selalu tampil; jika tidak boleh tampil sekarang, tulis enabled = false"),
        format!("this version of papan does not follow `{key}` yet: the item is always shown; if it must not be shown now, write enabled = false"),
    );
}
