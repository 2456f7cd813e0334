//! The folder on disk, still to come. Invariant: none yet.

use std::path::Path;

/// To come.
pub fn files(_folder: &Path, _endings: &[&str]) -> Vec<String> {
    Vec::new()
}

/// To come.
pub fn safe_name(name: &str, _otherwise: &str) -> String {
    name.to_owned()
}

/// To come.
pub fn free_name(within: &str, stem: &str, ending: &str, _is_taken: impl Fn(&str) -> bool) -> String {
    format!("{within}{stem}.{ending}")
}
