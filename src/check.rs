//! `papan check`: every problem in what people wrote, sorted by file and line.
//! Invariant: one problem does not hide another one.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    config::{Config, Reading, Role},
    film, library,
    problem::Problem,
    words::Language,
};

mod files;
mod films;
mod legible;

pub use films::Seen;

/// What the check found.
#[derive(Debug, Clone)]
pub struct Report {
    /// The problems, by file and line.
    pub problems: Vec<Problem>,
    /// The films that can be shown, by file.
    pub films: Vec<Seen>,
    /// The hall's language.
    pub language: Language,
}

/// Checks a `papan.toml` (`None`: none is written), the files that it names, and its playlists.
/// A playlist's folder that is named here is checked in place of the config's. Films are opened where the program
/// is given that does so.
pub fn run(config: Option<&Path>, playlist: Option<&Path>, films: Option<&film::Program>) -> Report {
    let reading = match config {
        Some(path) => Reading::read(path),
        None => Reading { config: Config::default(), files: Vec::new(), problems: Vec::new() },
    };
    let mut problems = reading.problems;
    if let Some(path) = config {
        problems.extend(files::check(path, &reading.files, &reading.config));
        problems.extend(legible::check(path, &reading.config));
    }
    let mut seen_films = Vec::new();
    for folder in folders(&reading.config, playlist) {
        let named = reading.files.iter().any(|f| f.role == Role::Playlist && f.path == folder);
        // A folder that is not there is told of once, by the line that names it.
        if playlist.is_some() || !named || folder.is_dir() {
            let (playlist, wrong) = library::read(&folder);
            problems.extend(wrong);
            if let Some(program) = films {
                let (good, wrong) = films::check(&playlist, program, &reading.config.film.forbid);
                problems.extend(wrong);
                seen_films.extend(good);
            }
        }
    }
    let mut seen = BTreeSet::new();
    problems.retain(|p| seen.insert((p.file.clone(), p.line, p.id.clone())));
    problems.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    Report { problems, films: seen_films, language: reading.config.hall.language }
}

/// The playlists' folders to check, each once.
fn folders(config: &Config, playlist: Option<&Path>) -> BTreeSet<PathBuf> {
    match playlist {
        Some(folder) => BTreeSet::from([folder.to_owned()]),
        None => config.screens.iter().filter_map(library::folder_for).collect(),
    }
}

impl Report {
    /// The status with which the program ends: 1 if there is any problem.
    pub fn exit_code(&self) -> u8 {
        u8::from(!self.problems.is_empty())
    }

    /// Writes a line for each film and each problem, and one for how many problems there are, in the hall's
    /// language.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        for film in &self.films {
            writeln!(out, "{}", film.display(self.language))?;
        }
        for problem in &self.problems {
            writeln!(out, "{}", problem.display(self.language))?;
        }
        match (self.problems.len(), self.language) {
            (0, Language::Indonesian) => writeln!(out, "Tidak ada masalah."),
            (0, Language::English) => writeln!(out, "No problems."),
            (count, Language::Indonesian) => writeln!(out, "{count} masalah."),
            (1, Language::English) => writeln!(out, "1 problem."),
            (count, Language::English) => writeln!(out, "{count} problems."),
        }
    }
}
