//! The voice packs that ship, built into the program, so that a screen speaks without any file.
//! Invariant: what is here is what lies in `assets/voice`.

use super::pack::Files;
use crate::words::Language;

// `build.rs` lists the folders: `INDONESIAN` and `ENGLISH`, each of the type `Files`.
include!(concat!(env!("OUT_DIR"), "/voice.rs"));

/// The files of a language's pack.
pub(super) fn files(language: Language) -> Files {
    match language {
        Language::Indonesian => INDONESIAN,
        Language::English => ENGLISH,
    }
}
