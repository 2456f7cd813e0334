//! Films as `papan check` sees them: what each one is, and whether this machine plays it in time.
//! Invariant: a film that the screen would skip is a problem here, with the same words.

use std::{
    collections::BTreeSet,
    fmt,
    path::{Path, PathBuf},
};

use crate::{
    domain::playlist::{Content, Playlist},
    film::{self, Facts},
    problem::Problem,
    words::Language,
};

/// The box that films are made ready for, width × height in pixels: the largest stage of a full HD screen.
const STAGE: (u32, u32) = (1920, 1080);
/// How much faster than it plays a film has to be decoded at least, so that the rest of the machine has its part.
const SPARE: f64 = 1.5;

/// A film that can be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Its file.
    pub path: PathBuf,
    /// What is known of it.
    pub facts: Facts,
}

/// Opens each film of a playlist once.
pub(super) fn check(
    playlist: &Playlist,
    program: &film::Program,
    forbid: &[String],
) -> (Vec<Seen>, Vec<Problem>) {
    let items = playlist.items.iter().chain(&playlist.fallback);
    let paths: BTreeSet<&Path> = items
        .filter_map(|item| match &item.content {
            Content::Film(film) => Some(film.path.as_path()),
            _ => None,
        })
        .collect();
    let (mut seen, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        match film::look(path, STAGE, program, forbid) {
            Ok(facts) => {
                problems.extend(slow(path, &facts));
                seen.push(Seen { path: path.to_owned(), facts });
            }
            Err(error) => problems.push(Problem::error(path, None, error.id, error.en)),
        }
    }
    (seen, problems)
}

fn slow(path: &Path, facts: &Facts) -> Option<Problem> {
    let speed = facts.speed.filter(|speed| *speed < SPARE)?;
    Some(Problem::warning(
        path,
        None,
        format!(
            "film ini terlalu berat untuk komputer ini: didekode hanya {} kali secepat putarnya; simpan ulang dengan 1080p dan 30 gambar per detik",
            number(speed, Language::Indonesian)
        ),
        format!(
            "this film is too heavy for this machine: it is decoded only {} times as fast as it plays; save it anew with 1080p and 30 frames a second",
            number(speed, Language::English)
        ),
    ))
}

/// A number with at most one digit after the point, or the comma.
fn number(number: f64, language: Language) -> String {
    let text = format!("{number:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    match language {
        Language::Indonesian => text.replace('.', ","),
        Language::English => text.to_owned(),
    }
}

impl Seen {
    /// The film as one line of text.
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        let Facts { codec, sound, shape, rate, length, speed, decoder } = &self.facts;
        let indonesian = language == Language::Indonesian;
        let say = |id: &str, en: &str| if indonesian { id.to_owned() } else { en.to_owned() };
        let number = |value: f64| number(value, language);
        let sound = sound.as_deref().map_or_else(|| say("tanpa suara", "no sound"), str::to_owned);
        let mut parts = vec![format!("{codec}, {sound}"), format!("{} × {}", shape.0, shape.1)];
        parts.push(length.map_or_else(
            || say("panjang tidak diketahui", "length unknown"),
            |length| format!("{} {}", number(length as f64 / 1e9), say("detik", "s")),
        ));
        parts.push(rate.map_or_else(
            || say("laju gambar tidak tetap", "no steady frame rate"),
            |rate| format!("{} {}", number(rate), say("gambar per detik", "frames a second")),
        ));
        let by = if decoder.is_empty() { String::new() } else { format!(" ({decoder})") };
        parts.push(match speed {
            Some(speed) => format!(
                "{} {} {}{by}",
                say("komputer ini mendekodenya", "this machine decodes it"),
                number(*speed),
                say("kali secepat putarnya", "times as fast as it plays"),
            ),
            None => format!("{}{by}", say("kecepatan tidak terukur", "speed not measured")),
        });
        format!("{}: {}", self.path.display(), parts.join("; "))
    }
}
