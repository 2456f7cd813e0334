//! `playlist.toml`: items, fallback and running text become a playlist and a list of problems.
//! Invariant: an item with an error is left out, and every other one is kept.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::SignedDuration;

use self::when::Named;
use super::{calendars, folder::Folder, page, picture};
use crate::{
    domain::{
        playlist::{Content, Fit, List, Off, Playlist, PlaylistItem},
        visible::clean,
    },
    written::{Source, Table, Value},
};

mod airing;
pub(super) mod film;
mod rotation;
mod sense;
mod shown;
mod ticker;
mod when;

pub(super) use rotation::told;
pub(super) use when::{name as thing_name, run};

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

/// The most items, those of folders of pictures included.
const MAX_ITEMS: usize = 10_000;
const MAX_TITLE: usize = 200;
const MAX_TEXT: usize = 2_000;
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(3600);

/// Reads the document; `source` takes its problems.
pub(super) fn read(source: &Source, folder: &Folder, root: Table<'_>) -> Playlist {
    let mut playlist = Playlist::default();
    if let Some(version) = root.get("version").filter(|v| v.as_number() != Some(1.0)) {
        version.error(
            "papan ini hanya mengenal versi 1; tulis version = 1, atau pasang papan yang lebih baru bila berkas ini dibuat untuknya",
            "this papan knows version 1 only; write version = 1, or install a newer papan if this file was made for one",
        );
    }
    playlist.title = root.get("title").and_then(|v| v.text(MAX_TITLE, "\"Lobi utama\"")).unwrap_or_default();
    let reader = Reader { source, folder, named: named(source, folder, &root) };
    let off = &mut playlist.off;
    playlist.items = reader.items(root.get("item"), List::Item, off);
    playlist.fallback = reader.items(root.get("fallback"), List::Fallback, off);
    playlist.ticker = reader.ticker(root.get("ticker"), off);
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

/// Reads the running text alone, and what it names: no page, picture or film is looked at.
pub(super) fn read_ticker(source: &Source, folder: &Folder, root: &Table<'_>) -> Playlist {
    let reader = Reader { source, folder, named: named(source, folder, root) };
    Playlist { ticker: reader.ticker(root.get("ticker"), &mut Vec::new()), ..Playlist::default() }
}

/// The parts of a day and the calendars that items name.
fn named(source: &Source, folder: &Folder, root: &Table<'_>) -> Named {
    Named {
        dayparts: when::dayparts(source, root.get("daypart")),
        calendars: calendars::read(source, folder, root.get("calendar")),
        ..Named::default()
    }
}

struct Reader<'r> {
    source: &'r Source,
    folder: &'r Folder,
    named: Named,
}

impl Reader<'_> {
    fn items(&self, value: Option<Value<'_>>, list: List, off: &mut Vec<Off>) -> Vec<PlaylistItem> {
        let header = if list == List::Fallback { "[[fallback]]" } else { "[[item]]" };
        let mut items = Vec::new();
        for (entry, one) in value.and_then(|v| v.list(header)).unwrap_or_default().into_iter().enumerate() {
            // Nothing of it goes on air any more, and looking for more files takes its time.
            if self.source.is_full() {
                break;
            }
            match self.item(one, header, entry) {
                Read::Shown(shown) => items.extend(shown),
                Read::Off(name) => off.push(Off { name, list, entry }),
            }
            if items.len() > MAX_ITEMS || off.len() > MAX_ITEMS {
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
    fn item(&self, value: Value<'_>, header: &str, entry: usize) -> Read {
        let before = self.source.errors();
        let none = || Read::Shown(Vec::new());
        let Some(table) = value.table(ITEM_KEYS, header) else { return none() };
        let enabled = table.get("enabled").is_none_or(|v| v.boolean() != Some(false));
        note(&table);
        let duration = table.get("duration").map_or(Some(None), |value| duration(value).map(Some));
        let kinds: Vec<Value<'_>> = KINDS.iter().filter_map(|kind| table.get(kind)).collect();
        let kind = match kinds[..] {
            [] if self.source.errors() > before => return none(),
            [] => {
                table.error(
                    "butir ini tidak menampilkan apa-apa; tulis salah satu: page, image, film, card, qr, atau survey, misalnya page = \"pages/ktp-el.md\"",
                    "this item shows nothing; write one of page, image, film, card, qr or survey, for example page = \"pages/ktp-el.md\"",
                );
                return none();
            }
            // Its files and its times are not looked at: they may be gone, or not there yet.
            _ if !enabled => return Read::Off(kinds.first().map(name_of).unwrap_or_default()),
            [kind] => kind,
            [first, second, ..] => {
                let (a, b) = (first.key(), second.key());
                second.error(
                    format!("butir ini berisi `{a}` dan `{b}`; tulis satu saja, dan buat {header} baru untuk yang lain"),
                    format!("this item holds `{a}` and `{b}`; write one only, and a new {header} for the other"),
                );
                return none();
            }
        };
        let contents = self.contents(&kind, table);
        let when = format!("[{}.when]", header.trim_matches(['[', ']']));
        let airing = airing::read(self.source, &table, &when, &self.named);
        let transition = airing::transition(&table);
        let good = duration.zip(airing).filter(|_| self.source.errors() == before);
        let Some((duration, airing)) = good else { return none() };
        let shown = contents.into_iter().map(|(name, content)| PlaylistItem {
            name,
            entry,
            content,
            duration,
            transition,
            airing: airing.clone(),
        });
        Read::Shown(shown.collect())
    }

    /// What an item shows, with the name of each.
    fn contents(&self, kind: &Value<'_>, table: Table<'_>) -> Vec<(String, Content)> {
        let fits = [("contain", Fit::Contain), ("cover", Fit::Cover)];
        let fit = table.get("fit").and_then(|v| v.choice(&fits)).unwrap_or_default();
        airing::without_effect(kind, &table);
        let volume = table.get("volume").filter(|_| kind.key() == "film");
        let name = |content| (name_of(kind), content);
        match kind.key() {
            "image" => self.images(kind, fit),
            "page" => self.page(kind).map(name).into_iter().collect(),
            "film" => self.film(kind, fit, volume).map(name).into_iter().collect(),
            "qr" => shown::qr(kind).map(name).into_iter().collect(),
            "survey" => shown::survey(kind).map(name).into_iter().collect(),
            _ => shown::card(kind).map(name).into_iter().collect(),
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

    fn images(&self, value: &Value<'_>, fit: Fit) -> Vec<(String, Content)> {
        let Some(path) = self.found(value, "\"images/alur.png\"") else { return Vec::new() };
        let written = name_of(value);
        let paths = if path.is_dir() {
            let below = |path: PathBuf| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                (format!("{}/{name}", written.trim_end_matches('/')), path)
            };
            self.pictures_of(value, &path).into_iter().map(below).collect()
        } else {
            vec![(written, path)]
        };
        let mut contents = Vec::new();
        for (name, path) in paths {
            match picture::size(&path) {
                Ok(_) => {
                    let stamp = super::stamp::stamp_of(&path);
                    contents.push((name, Content::Image { path, stamp, fit }));
                }
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
}

/// What came of one written item.
enum Read {
    /// What it shows: one, several of a folder of pictures, or none where it has an error.
    Shown(Vec<PlaylistItem>),
    /// It is switched off; its name.
    Off(String),
}

/// As staff name it: its file as it is written, or its title.
fn name_of(kind: &Value<'_>) -> String {
    let title = || kind.title().map(clean).filter(|title| !title.is_empty());
    kind.as_str().map(clean).or_else(title).unwrap_or_else(|| kind.key().to_owned())
}

/// A note to colleagues is a text; nobody else reads it.
fn note(table: &Table<'_>) {
    if let Some(note) = table.get("note") {
        note.string("\"catatan untuk petugas\"");
    }
}

fn duration(value: Value<'_>) -> Option<Duration> {
    if let Some(number) = value.as_number() {
        let number = if (1.0..=3600.0).contains(&number) { number } else { 20.0 };
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
