//! What playback tells: to staff by the log, and for the proof of play.
//! Invariant: the log says of a file once what is wrong with it, for as long as the list is the same; of a film for
//! as long as its file is.

use std::{
    collections::HashSet,
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

/// What was told to be broken.
#[derive(Debug, Default)]
pub(super) struct Journal(HashSet<Known>);

impl Journal {
    /// Another list came: what is wrong with it is told, but for films that are the same.
    pub fn keep_films(&mut self, playlist: &Playlist) {
        let films: HashSet<Known> = films(playlist).collect();
        self.0.retain(|known| films.contains(known));
    }

    /// A film cannot be shown.
    pub fn film(&mut self, content: &Content, error: &FilmError, language: Language) {
        let Some(film) = film(content) else { return };
        if !self.0.insert((film.path.clone(), Some(film.stamp))) {
            return;
        }
        let path = as_written(&film.path).display();
        match language {
            Language::Indonesian => warn!("{path}: {}; film ini dilewati", error.id),
            Language::English => warn!("{path}: {}; it is skipped", error.en),
        }
    }

    /// What is no film cannot be drawn.
    pub fn still(&mut self, content: &Content, error: &Error) {
        let file = file(content).map(Path::to_owned).unwrap_or_default();
        if !self.0.insert((file, None)) {
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
