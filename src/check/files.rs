//! The files that `papan.toml` names: there, readable, and what they are for.
//! Invariant: a problem of a named file stands at the line that names it, or in the file itself.

use std::{fs, io, path::Path};

use crate::{
    audio,
    config::{Config, NamedFile, Role},
    domain::visible::clean,
    library,
    picture::theme::Theme,
    problem::Problem,
    written::{Source, nearest, read_text, unreadable},
};

/// The largest theme, token and certificate files, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// The problems of the files that the config at `config` names.
pub(super) fn check(path: &Path, files: &[NamedFile], config: &Config) -> Vec<Problem> {
    let voices = files.iter().filter(|file| file.role == Role::Voice && file.path.is_dir());
    let voices = voices.flat_map(|file| voice(path, config, &file.path));
    files.iter().filter_map(|file| one(path, file)).chain(voices).collect()
}

/// The problems of a voice pack, in each language that is to be said by it.
fn voice(path: &Path, config: &Config, folder: &Path) -> Vec<Problem> {
    let speakers = config.voice.languages.iter().filter(|s| s.pack.as_deref() == Some(folder));
    speakers.flat_map(|speaker| audio::voice::check(folder, &speaker.manner, Some(path))).collect()
}

fn one(config: &Path, file: &NamedFile) -> Option<Problem> {
    let path = &file.path;
    let here = |id: String, en: String| Some(Problem::error(config, Some(file.line), id, en));
    let shown = path.display();
    // The play log's folder is made where it is not there yet.
    if file.role == Role::Log && fs::metadata(path).is_err_and(|e| e.kind() == io::ErrorKind::NotFound) {
        return None;
    }
    if let Err(err) = fs::metadata(path) {
        let problem = unreadable(path, &err);
        return here(format!("`{shown}`: {}", problem.id), format!("`{shown}`: {}", problem.en));
    }
    let text = || {
        read_text(path, MAX_BYTES).map_err(|problem| Problem {
            file: config.to_owned(),
            line: Some(file.line),
            ..named(problem, path)
        })
    };
    match file.role {
        Role::Logo => match library::picture::size(path) {
            Ok(_) => None,
            Err((id, en)) => here(id, en),
        },
        Role::Playlist if !path.is_dir() => here(
            format!("`{shown}` bukan folder; tulis nama folder yang berisi playlist.toml"),
            format!("`{shown}` is no folder; write the name of the folder that holds playlist.toml"),
        ),
        Role::Voice if !path.is_dir() => here(
            format!("`{shown}` bukan folder; tulis nama folder yang berisi voice.toml"),
            format!("`{shown}` is no folder; write the name of the folder that holds voice.toml"),
        ),
        Role::Log if !path.is_dir() => here(
            format!("`{shown}` bukan folder; tulis nama folder untuk catatan tayang"),
            format!("`{shown}` is no folder; write the name of a folder for the play log"),
        ),
        Role::Playlist | Role::Voice | Role::Log => None,
        Role::Token => match text() {
            Ok(token) if token.trim().is_empty() || token.trim().contains(char::is_whitespace) => here(
                format!(
                    "`{shown}` harus berisi token saja; tulis satu baris dengan token dari server antrean"
                ),
                format!("`{shown}` must hold the token alone; write one line with the queue server's token"),
            ),
            Ok(_) => None,
            Err(problem) => Some(problem),
        },
        Role::Authorities => match text() {
            Ok(pem) if !pem.contains("-----BEGIN CERTIFICATE-----") => here(
                format!(
                    "`{shown}` tidak berisi sertifikat PEM; simpan sertifikat CA yang diawali -----BEGIN CERTIFICATE-----"
                ),
                format!(
                    "`{shown}` holds no PEM certificate; save the CA's, which begins with -----BEGIN CERTIFICATE-----"
                ),
            ),
            Ok(_) => None,
            Err(problem) => Some(problem),
        },
        Role::Theme => match text() {
            Ok(text) => theme(path, &text),
            Err(problem) => Some(problem),
        },
        Role::Chime => {
            let (id, en) = audio::check_chime(path).err()?.told();
            here(format!("`{shown}`: {id}"), format!("`{shown}`: {en}"))
        }
    }
}

/// A file's problem as its name is told elsewhere.
fn named(problem: Problem, path: &Path) -> Problem {
    let (id, en) =
        (format!("`{}`: {}", path.display(), problem.id), format!("`{}`: {}", path.display(), problem.en));
    Problem { id, en, ..problem }
}

/// The least contrast of a text on its ground (WCAG 2.2 AAA).
const CONTRAST: f32 = 7.0;

/// A problem that names each text whose colour is too near to its ground's.
fn contrast(path: &Path, theme: &Theme) -> Option<Problem> {
    let pairs = theme.colour.texts().into_iter().map(|(what, text, ground)| (what, text.contrast(ground)));
    let low: Vec<String> = pairs
        .filter(|(_, ratio)| *ratio < CONTRAST)
        .map(|(what, ratio)| format!("{what} {ratio:.1}:1"))
        .collect();
    if low.is_empty() {
        return None;
    }
    let low = low.join(", ");
    let id = format!("warna ini sulit dibaca, perlu {CONTRAST}:1: {low}; jauhkan terang gelapnya");
    let en =
        format!("these colours are hard to read and need {CONTRAST}:1: {low}; set one lighter or darker");
    Some(Problem::error(path, None, id, en))
}

fn theme(path: &Path, text: &str) -> Option<Problem> {
    let err = match Theme::parse(text) {
        Ok(theme) => return contrast(path, &theme),
        Err(err) => err,
    };
    let line = err.span().map(|span| Source::new(path, text).line(span.start));
    let message = clean(err.message());
    // serde says: unknown field `X`, expected one of `A`, `B`.
    let mut quoted = message.split('`').skip(1).step_by(2);
    let (id, en) = match quoted.next() {
        Some(wrong) if message.starts_with("unknown field") => {
            let right = nearest(wrong, quoted).unwrap_or_default();
            (
                format!("kunci `{wrong}` tidak dikenal; tulis `{right}`"),
                format!("unknown key `{wrong}`; write `{right}`"),
            )
        }
        Some(wrong) if message.starts_with("missing field") => (
            format!("kunci `{wrong}` belum ada; salin barisnya dari tema bawaan, assets/theme.toml"),
            format!(
                "the key `{wrong}` is missing; copy its line from the theme that ships, assets/theme.toml"
            ),
        ),
        _ => (
            format!("tema ini tidak terbaca ({message}); bandingkan dengan tema bawaan, assets/theme.toml"),
            format!(
                "this theme cannot be read ({message}); compare it with the one that ships, assets/theme.toml"
            ),
        ),
    };
    Some(Problem::error(path, line, id, en))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::Speaker, words::Language};

    /// The problems of a config that names `folder` for its Indonesian voice, in line 3: file, line and text.
    fn voiced(folder: &Path) -> Vec<(String, Option<usize>, String)> {
        let mut config = Config::default();
        config.voice.languages =
            vec![Speaker { pack: Some(folder.to_owned()), ..Speaker::new(Language::Indonesian) }];
        let named = NamedFile { role: Role::Voice, path: folder.to_owned(), line: 3 };
        let name = |p: &Problem| p.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let problems = check(Path::new("papan.toml"), &[named], &config);
        problems.into_iter().map(|p| (name(&p), p.line, p.en)).collect()
    }

    #[test]
    fn a_voice_pack_is_checked_in_the_language_that_it_is_to_speak() {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/voice");
        assert_eq!(voiced(&assets.join("id")), []);
        let english = voiced(&assets.join("en"));
        assert_eq!((english.len(), english[0].0.as_str()), (1, "voice.toml"));
        assert!(english[0].2.contains("speaks \"en\""), "{english:?}");
        for (folder, file, line, said) in [
            ("none", "papan.toml", Some(3), "no such file"),
            ("README.md", "papan.toml", Some(3), "is no folder"),
            (".", "voice.toml", None, "no such file"),
        ] {
            let found = voiced(&assets.join(folder));
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!((found[0].0.as_str(), found[0].1), (file, line), "{found:?}");
            assert!(found[0].2.contains(said), "{found:?}");
        }
    }
}
