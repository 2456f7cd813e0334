//! The document, still to come. Invariant: none yet.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// A playlist's folder as it is edited.
#[derive(Debug, Default)]
pub struct Document;

/// Why a folder could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("the folder cannot be opened")]
pub struct OpenError;

impl Document {
    /// Opens a folder.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn open(_dir: &Path) -> Result<Self, OpenError> {
        Ok(Self)
    }

    /// The texts that differ from what is on disk, by their names from the folder on.
    pub fn unsaved(&self) -> BTreeMap<PathBuf, String> {
        BTreeMap::new()
    }

    /// Another number after each change.
    pub fn revision(&self) -> u64 {
        0
    }
}
