//! The fifth question: the folder of what is shown between the calls.
//! Invariant: no file of the site's own is replaced; a sample is copied only where there is no playlist.

use std::path::{Path, PathBuf};

use super::{
    super::{
        answers::{Answers, ScreenAnswer},
        ask::{Asker, Stopped, pick},
    },
    Before,
};
use crate::{library, words::Language};

/// Where the package keeps playlists.
const PLACE: &str = "/var/lib/papan/playlists";
/// So many problems of a playlist are shown.
const MOST_SHOWN: usize = 5;

/// What is in a playlist's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// There is no playlist in it.
    Empty,
    /// So many items, and its problems, each a line.
    Read(usize, Vec<String>),
}

/// Looks into a folder with the screen's own reader.
pub fn look(folder: &Path, language: Language) -> Look {
    if !folder.join("playlist.toml").exists() {
        return Look::Empty;
    }
    let (playlist, problems) = library::read(folder);
    Look::Read(playlist.items.len(), problems.iter().map(|p| p.display(language).to_string()).collect())
}

/// The sample for a screen.
pub(in super::super) fn sample(screen: &ScreenAnswer) -> Option<PathBuf> {
    library::shipped(sample_name(screen))
}

fn sample_name(screen: &ScreenAnswer) -> &'static str {
    if screen.layout.as_deref() == Some("videotron") { "videotron" } else { "lobi" }
}

/// Asks it; the answer is what is to be copied.
pub(super) fn ask(
    asker: &mut Asker<'_>,
    before: &Before<'_>,
    answers: &mut Answers,
) -> Result<Vec<(PathBuf, PathBuf)>, Stopped> {
    let title = asker.t("5/5  Daftar putar", "5/5  Playlist").to_owned();
    asker.heading(&title);
    asker.tell(
        "Folder halaman, gambar dan film yang tampil di antara panggilan; - untuk contoh dari papan.",
        "The folder of pages, pictures and films between the calls; - for papan's sample.",
    );
    let mut copies: Vec<(PathBuf, PathBuf)> = Vec::new();
    let several = answers.screens.len() > 1;
    for screen in &mut answers.screens {
        let label = match screen.output.as_ref().filter(|_| several) {
            Some(name) => format!("{name}: folder"),
            None => "Folder".to_owned(),
        };
        let mut given = before.given.playlist.is_some();
        loop {
            if !given {
                screen.playlist = folder(asker, &label, screen)?;
            }
            given = false;
            let Some(folder) = screen.playlist.clone() else { break };
            if copies.iter().any(|(_, to)| *to == folder) {
                break;
            }
            if let Some(good) = judged(asker, screen, &folder)? {
                copies.extend(good);
                break;
            }
        }
    }
    Ok(copies)
}

fn folder(asker: &mut Asker<'_>, label: &str, screen: &ScreenAnswer) -> Result<Option<PathBuf>, Stopped> {
    let usual = Path::new(PLACE).is_dir().then(|| Path::new(PLACE).join(sample_name(screen)));
    let shown = screen.playlist.clone().or(usual).map_or_else(|| "-".to_owned(), |p| p.display().to_string());
    let language = asker.language;
    asker.text(label, &shown, |typed| match typed {
        "-" => Ok(None),
        typed if Path::new(typed).is_absolute() => Ok(Some(PathBuf::from(typed))),
        _ => Err(pick(
            language,
            "Tulis folder lengkap yang diawali /, misalnya /var/lib/papan/playlists/lobi",
            "Write the whole folder, from / on, for example /var/lib/papan/playlists/lobi",
        )
        .to_owned()),
    })
}

/// Whether a folder can be used, and what is to be copied there; `None`: another one is asked for.
fn judged(
    asker: &mut Asker<'_>,
    screen: &ScreenAnswer,
    folder: &Path,
) -> Result<Option<Option<(PathBuf, PathBuf)>>, Stopped> {
    if folder.starts_with("/home") || folder.starts_with("/root") {
        asker.tell(
            "! Layanan papan tidak dapat melihat /home dan /root. Pakai misalnya /var/lib/papan/playlists/lobi",
            "! The service cannot see /home and /root. Use for example /var/lib/papan/playlists/lobi",
        );
    }
    match look(folder, asker.language) {
        Look::Read(items, problems) if problems.is_empty() => {
            asker.tell(
                &format!("Baik: {items} isi, tanpa masalah."),
                &format!("Good: {items} items, no problems."),
            );
            Ok(Some(None))
        }
        Look::Read(items, problems) => {
            for problem in problems.iter().take(MOST_SHOWN) {
                asker.note(&format!("! {problem}"));
            }
            let count = problems.len();
            let (id, en) = (
                format!(
                    "{items} isi, {count} masalah. Semuanya: papan check --playlist {}",
                    folder.display()
                ),
                format!("{items} items, {count} problems. All: papan check --playlist {}", folder.display()),
            );
            asker.tell(&id, &en);
            let label = asker.t("Pakai folder ini?", "Use this folder?").to_owned();
            Ok(asker.yes(&label, true)?.then_some(None))
        }
        Look::Empty => {
            let Some(from) = sample(screen) else {
                asker.tell("! Di sana belum ada playlist.toml.", "! There is no playlist.toml there yet.");
                let label = asker.t("Pakai folder ini?", "Use this folder?").to_owned();
                return Ok(asker.yes(&label, true)?.then_some(None));
            };
            asker.tell("Di sana belum ada daftar putar.", "There is no playlist there yet.");
            let label = asker.t("Salin contoh dari papan ke sana?", "Copy papan's sample there?").to_owned();
            if asker.yes(&label, true)? {
                return Ok(Some(Some((from, folder.to_owned()))));
            }
            let label = asker.t("Pakai folder ini?", "Use this folder?").to_owned();
            Ok(asker.yes(&label, true)?.then_some(None))
        }
    }
}
