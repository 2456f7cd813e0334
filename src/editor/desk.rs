//! The desk: the document, what was read from it, what is selected, and the moment that is looked at.
//! Invariant: the playlist and its problems are those of the document as it is now.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Zoned;

use super::document::{Document, OpenError};
use crate::{
    config::Config,
    domain::playlist::{List, Playlist},
    problem::Problem,
    state::Workshop,
    words::Language,
};

/// Which form is open in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// What the selected item shows, and for how long.
    #[default]
    Content,
    /// When it is on air.
    When,
    /// The page that it shows.
    Page,
}

/// All that the editor knows.
pub struct Desk {
    /// What is edited.
    pub document: Document,
    /// The folder.
    pub folder: PathBuf,
    /// The document as the screen reads it, errors left out.
    pub playlist: Arc<Playlist>,
    /// What is wrong with the document.
    pub problems: Vec<Problem>,
    /// Which list is open.
    pub list: List,
    /// Which of its entries are selected, counted from 0 as they are written.
    pub selected: BTreeSet<usize>,
    /// Which form is open.
    pub form: Form,
    /// The moment that is looked at, in the hall's time zone.
    pub cursor: Zoned,
    /// The editor's language.
    pub language: Language,
    /// The hall's config, such as for the speed of its running text.
    pub config: Arc<Config>,
    /// The revision that `playlist` and `problems` were read from.
    read: Option<u64>,
    workshop: Workshop,
}

impl Desk {
    /// Lays a folder on the desk.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn open(
        folder: &Path,
        config: Arc<Config>,
        workshop: Workshop,
        cursor: Zoned,
    ) -> Result<Self, OpenError> {
        let mut desk = Self {
            document: Document::open(folder)?,
            folder: folder.to_owned(),
            playlist: Arc::default(),
            problems: Vec::new(),
            list: List::Item,
            selected: BTreeSet::new(),
            form: Form::default(),
            cursor,
            language: config.hall.language,
            config,
            read: None,
            workshop,
        };
        desk.refresh();
        Ok(desk)
    }

    /// Reads the document anew where it changed.
    pub fn refresh(&mut self) {
        let revision = self.document.revision();
        if self.read == Some(revision) {
            return;
        }
        let (playlist, problems) = (self.workshop.read)(&self.folder, self.document.unsaved());
        (self.playlist, self.problems) = (Arc::new(playlist), problems);
        self.read = Some(revision);
    }

    /// A word or sentence in the editor's language.
    pub fn say(&self, id: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Indonesian => id,
            Language::English => en,
        }
    }

    /// The one entry that is selected; `None` where none or several are.
    pub fn selected_one(&self) -> Option<usize> {
        self.selected.first().copied().filter(|_| self.selected.len() == 1)
    }
}
