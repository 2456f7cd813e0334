//! What the editor is given by the app: reading and drawing belong to others.
//! Invariant: what the editor shows of the screen is drawn as the screen draws it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use bevy::prelude::*;
use jiff::Timestamp;

use crate::{domain::playlist::Playlist, picture::Picture, problem::Problem};

/// Reads a playlist's folder with texts that are not saved yet: by their files' names from the folder on.
pub type ReadDraft = dyn Fn(&Path, BTreeMap<PathBuf, String>) -> (Playlist, Vec<Problem>) + Send + Sync;

/// Draws a view of the screen, composed from its display list as the presenters do; the error is for staff.
pub type DrawView = dyn Fn(View) -> Result<Picture, String> + Send + Sync;

/// What the editor needs of the rest of papan.
#[derive(Resource, Clone)]
pub struct Workshop {
    /// Reads a folder; see [`ReadDraft`].
    pub read: Arc<ReadDraft>,
    /// Draws the screen; see [`DrawView`].
    pub draw: Arc<DrawView>,
}

/// The folder that the editor opens over the screen.
#[derive(Resource, Debug, Clone)]
pub struct EditedFolder(pub PathBuf);

/// What is to be drawn of the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Width × height of the glass in pixels.
    pub size: (u32, u32),
    /// The layout's name; `None`: by the shape.
    pub layout: Option<String>,
    /// Whether only the stage is drawn, as large as the glass.
    pub stage_alone: bool,
    /// The moment.
    pub at: Timestamp,
    /// What is on the stage, and the messages that run; its first item is shown.
    pub playlist: Playlist,
}
