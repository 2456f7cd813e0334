//! What playback tells: to staff by the log, and for the proof of play.
//! Invariant: the log says of a file once what is wrong with it, for as long as the list is the same; of a film for
//! as long as its file is.

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

use bevy::log::{error, warn};
use jiff::Timestamp;

use super::{
    draw::Error,
    live::film,
    steps::{Named, Told},
};
use crate::{
    directory::as_written,
    domain::playlist::{Content, Playlist},
    state::{Aired, FilmError},
    words::Language,
};

/// A file, and for a film what tells it from one that takes its place.
type Known = (PathBuf, Option<u64>);

/// So many are told to whoever asks.
const MOST_BROKEN: usize = 50;

/// What was told to be broken.
#[derive(Debug, Default)]
pub(super) struct Journal {
    known: HashSet<Known>,
    /// What cannot be shown now, by its file, for whoever asks.
    broken: BTreeMap<PathBuf, String>,
    changed: bool,
}

impl Journal {
    /// Another list came: what is wrong with it is told, but for films that are the same.
    pub fn keep_films(&mut self, playlist: &Playlist) {
        let films: HashSet<Known> = films(playlist).collect();
        self.known.retain(|known| films.contains(known));
        self.broken.retain(|path, _| films.iter().any(|(film, _)| film == path));
        self.changed = true;
    }

    /// A film cannot be shown.
    pub fn film(&mut self, content: &Content, error: &FilmError, language: Language) {
        let Some(film) = film(content) else { return };
        let path = as_written(&film.path).display();
        let text = match language {
            Language::Indonesian => format!("{path}: {}; film ini dilewati", error.id),
            Language::English => format!("{path}: {}; it is skipped", error.en),
        };
        self.breaks(film.path.clone(), text.clone());
        if self.known.insert((film.path.clone(), Some(film.stamp))) {
            warn!("{text}");
        }
    }

    /// Something cannot be shown.
    fn breaks(&mut self, file: PathBuf, text: String) {
        if self.broken.len() < MOST_BROKEN && self.broken.get(&file) != Some(&text) {
            self.broken.insert(file, text);
            self.changed = true;
        }
    }

    /// It came onto the stage: it can be shown again.
    pub fn began(&mut self, content: &Content) {
        if let Some(file) = file(content)
            && self.broken.remove(file).is_some()
        {
            self.changed = true;
        }
    }

    /// What cannot be shown now, where that changed.
    pub fn news(&mut self) -> Option<Vec<String>> {
        std::mem::take(&mut self.changed).then(|| self.broken.values().cloned().collect())
    }

    /// What is no film cannot be drawn.
    pub fn still(&mut self, content: &Content, error: &Error) {
        let file = file(content).map(Path::to_owned).unwrap_or_default();
        if !matches!(error, Error::Drawing) {
            self.breaks(file.clone(), format!("{}: {}", name(content), chain(error)));
        }
        if !self.known.insert((file, None)) {
            return;
        }
        match error {
            Error::Drawing => error!("{}: {error}; it is skipped", name(content)),
            _ => warn!("{}; it is skipped", chain(error)),
        }
    }
}

/// What happened on the stage, at a time.
pub(super) fn aired(told: Told, at: Timestamp) -> Aired {
    match told {
        Told::Began(Named { name: item, kind }) => Aired::Began { item, kind, at },
        Told::Over(cut) => Aired::Over { at, cut },
        Told::Skipped(Named { name: item, kind }, why) => Aired::Skipped { item, kind, at, why },
    }
}

/// An error with what caused it.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |e| e.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// The films of a playlist, as they are told of.
fn films(playlist: &Playlist) -> impl Iterator<Item = Known> {
    let items = playlist.items.iter().chain(&playlist.fallback);
    items.filter_map(|item| film(&item.content)).map(|film| (film.path.clone(), Some(film.stamp)))
}

fn file(content: &Content) -> Option<&Path> {
    match content {
        Content::Page(page) => Some(&page.path),
        Content::Image { path, .. } => Some(path),
        Content::Film(film) => Some(&film.path),
        Content::Card { .. } | Content::Qr { .. } | Content::Survey { .. } => None,
    }
}

/// What an item is called in the log: its file, or its title.
fn name(content: &Content) -> String {
    match content {
        Content::Card { title, .. } | Content::Qr { title, .. } | Content::Survey { title } => title.clone(),
        other => file(other).map(|f| as_written(f).display().to_string()).unwrap_or_default(),
    }
}
