//! The last good `papan.toml`, kept with the state: a slip of the pen is no reason for a dark screen.
//! Invariant: what is kept was read without an error, and stands in only where the site's own cannot be read so.

use std::{fs, io, path::Path};

use super::Reading;
use crate::{
    problem::{Problem, Severity},
    replace::{Outlives, Readers, replace_within},
};

/// Its name in the state directory.
const FILE: &str = "papan-last-good.toml";

/// A file with more bytes is not blank.
const BLANK: u64 = 4096;

impl Reading {
    /// Reads the `papan.toml` that a screen starts with. Where it has errors, the last good one that is kept in the
    /// `state` directory stands in, and likewise for an empty one: the errors are warnings then, after one that says so. A good one is kept there.
    /// Files that it names are found from its own folder either way.
    pub fn for_screen(path: &Path, state: Option<&Path>) -> Self {
        let reading = Self::read(path);
        let Some(state) = state else { return reading };
        // What a loss of power leaves of a file that was being written is often nothing.
        let is_empty = is_blank(path);
        if !is_empty && !reading.problems.iter().any(Problem::is_error) {
            return reading.kept(path, state);
        }
        let last = fs::read_to_string(state.join(FILE)).ok().map(|text| Self::of(path, &text));
        // It was good for the version that kept it; this one may know it better.
        let Some(mut last) = last.filter(|last| !last.problems.iter().any(Problem::is_error)) else {
            return reading;
        };
        let told = Problem::warning(
            path,
            None,
            format!(
                "berkas ini {}; layar memakai isi terakhirnya yang benar. Perbaiki, periksa dengan `papan check \
                 --config`, lalu jalankan `systemctl restart papan`",
                if is_empty { "kosong" } else { "salah" }
            ),
            format!(
                "this file is {}; the screen uses what stood in it last without errors. Mend it, look at it with \
                 `papan check --config`, then `systemctl restart papan`",
                if is_empty { "empty" } else { "wrong" }
            ),
        );
        let wrong = reading.problems.into_iter().map(|p| Problem { severity: Severity::Warning, ..p });
        last.problems = std::iter::once(told).chain(wrong).collect();
        last.config.warnings = last.problems.clone();
        last
    }

    /// Keeps the file's text, where it is another one than is kept.
    fn kept(mut self, path: &Path, state: &Path) -> Self {
        if let Err(err) = fs::read(path).and_then(|text| keep(&state.join(FILE), &text)) {
            self.problems.push(Problem::warning(
                path,
                None,
                format!("salinan terakhir yang benar tidak dapat disimpan di {}: {err}", state.display()),
                format!("the last good copy cannot be kept in {}: {err}", state.display()),
            ));
            self.config.warnings = self.problems.clone();
        }
        self
    }
}

/// Whether a file has nothing in it but space.
fn is_blank(path: &Path) -> bool {
    let is_short = fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() < BLANK);
    is_short && fs::read(path).is_ok_and(|text| text.trim_ascii().is_empty())
}

/// Keeps a text, where it is not the one that is kept.
fn keep(path: &Path, text: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    replace_within(path, text, Readers::Group, Outlives::Power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_file_leaves_what_stood_in_it_last() {
        let (site, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = site.path().join("papan.toml");
        let read = |text: &str| {
            fs::write(&path, text).unwrap();
            Reading::for_screen(&path, Some(state.path()))
        };
        assert!(read("").problems.is_empty(), "an empty one is the demonstration, where there was no other");
        let wrong = "[hall]\nname = \"B\"\nlanguage = \"xx\"\n";
        assert!(read(wrong).problems.iter().any(Problem::is_error), "there is none yet");
        let good = read("[hall]\nname = \"A\"\nlogo = \"logo.png\"\n");
        assert!(good.problems.is_empty() && good.config.hall.name == "A");
        for broken in [wrong, "[hall"] {
            let reading = read(broken);
            assert_eq!(reading.config.hall.name, "A", "{broken}");
            assert_eq!(reading.config.hall.logo, Some(site.path().join("logo.png")), "from its own folder");
            assert!(reading.problems.len() > 1 && !reading.problems.iter().any(Problem::is_error));
            assert_eq!(reading.config.warnings, reading.problems, "staff are told");
        }
        for blank in ["", "\n", " \r\n\t\n"] {
            let reading = read(blank);
            assert!(reading.config.hall.name == "A" && reading.problems.len() == 1, "{:?}", reading.problems);
        }
        fs::remove_file(&path).unwrap();
        assert_eq!(Reading::for_screen(&path, Some(state.path())).config.hall.name, "A", "it is gone");
        assert!(Reading::for_screen(&path, None).problems.iter().any(Problem::is_error));
        assert_eq!(read("[hall]\nname = \"C\"\n").config.hall.name, "C", "and a good one counts at once");
        assert_eq!(fs::read_dir(state.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_place_that_takes_nothing_is_a_warning() {
        let site = tempfile::tempdir().unwrap();
        let path = site.path().join("papan.toml");
        fs::write(&path, "[hall]\nname = \"A\"\n").unwrap();
        let reading = Reading::for_screen(&path, Some(&path.join("state")));
        assert_eq!(reading.config.hall.name, "A");
        assert!(reading.problems.len() == 1 && reading.config.warnings == reading.problems);
    }
}
