//! What stands beside a generation's files: where they are from, as what, and since when.
//! Invariant: a manifest is written after all files of its generation, and once.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    library::stamp::{Looks, Stamp},
    written::open,
};

const NAME: &str = "manifest.json";
/// The largest one, in bytes; one of 10,000 items has a tenth of it.
const MAX_BYTES: u64 = 32 << 20;
const VERSION: u32 = 1;

/// What is known of a generation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Manifest {
    version: u32,
    /// The folder that it is from, for people who look.
    source: PathBuf,
    /// When it was taken from there.
    pub taken: Timestamp,
    /// Which run of the machine wrote it: after another start of the machine only what was brought to the disk is
    /// there.
    boot: String,
    /// What its playlist was read as.
    pub looks: Looks,
    /// Its files, and a number of each one's content.
    pub files: BTreeMap<PathBuf, u64>,
}

impl Manifest {
    /// Whether a generation's folder has all of its files, as long as they were.
    pub(super) fn is_whole(&self, folder: &Path) -> bool {
        self.files.keys().all(|name| {
            let length = self.looks.get(name).copied().flatten().map(|stamp| stamp.len);
            length.is_some() && Stamp::of(&folder.join(name)).filter(|s| s.is_file()).map(|s| s.len) == length
        })
    }

    /// That of a generation that is made now.
    pub(super) fn new(source: &Path, looks: Looks, files: BTreeMap<PathBuf, u64>) -> Self {
        let source = source.to_owned();
        Self { version: VERSION, source, taken: Timestamp::now(), boot: boot(), looks, files }
    }

    /// A generation's; `None` where it has none that can be read.
    pub(super) fn read(generation: &Path) -> Option<Self> {
        let mut bytes = Vec::new();
        open(&generation.join(NAME)).ok()?.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
        let manifest: Self = serde_json::from_slice(&bytes).ok()?;
        (manifest.version == VERSION).then_some(manifest)
    }

    /// Writes it into its generation.
    pub(super) fn write(&self, generation: &Path) -> io::Result<()> {
        fs::write(generation.join(NAME), serde_json::to_vec(self)?)
    }

    /// Whether the machine runs on since it was written, so that nothing of it can be lost yet.
    pub(super) fn is_alive(&self) -> bool {
        !self.boot.is_empty() && self.boot == boot()
    }
}

/// What tells this run of the machine from others; empty where the system does not say.
fn boot() -> String {
    let text = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    text.trim().to_owned()
}
