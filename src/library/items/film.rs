//! A film of `playlist.toml`: its file, how loud it is, and its captions.
//! Invariant: no film is opened here but to see that it is there; whether it plays is for who decodes it.

use std::path::Path;

use super::Reader;
use crate::{
    domain::playlist::{Content, Film, Fit, Playlist},
    library::{captions, folder::Wrong, picture, stamp::Stamp},
    written::{Value, open, unreadable},
};

/// The names by which films' files end.
pub(super) const ENDINGS: [&str; 6] = ["mp4", "m4v", "mov", "mkv", "webm", "avi"];
const EXAMPLE: &str = "\"films/ambil-nomor.mp4\"";

impl Reader<'_> {
    pub(super) fn film(&self, value: &Value<'_>, fit: Fit, volume: Option<Value<'_>>) -> Option<Content> {
        // Both are read before a wrong one ends it, so that both are told of.
        let volume = volume.map_or(Some(0.0), |volume| volume.number(0.0..=1.0, "0.5"));
        let path = self.found(value, EXAMPLE)?;
        let stamp = match stamp(&path) {
            Ok(stamp) => stamp,
            Err((id, en)) => {
                value.error(id, en);
                return None;
            }
        };
        let captions = captions::beside(self.source, self.folder, &path);
        Some(Content::Film(Film { path, stamp, fit, volume: volume? as f32, captions }))
    }
}

/// The name by which a file ends, in small letters: cameras write it in capitals.
fn ending(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// What is wrong with a film that stands where a picture is to be; `None` where it is no film.
pub(super) fn instead_of_picture(path: &Path) -> Option<Wrong> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    ENDINGS.contains(&ending(path).as_str()).then(|| {
        (
            format!("`{name}` adalah film; tulis film sebagai ganti image"),
            format!("`{name}` is a film; write film in place of image"),
        )
    })
}

/// A playlist with its films as their files are now; `None` where none has changed. One that can be no film any
/// more stays as it was.
pub(in crate::library) fn renewed(playlist: &Playlist) -> Option<Playlist> {
    let mut renewed = playlist.clone();
    for item in renewed.items.iter_mut().chain(&mut renewed.fallback) {
        if let Content::Film(film) = &mut item.content
            && let Ok(stamp) = stamp(&film.path)
        {
            film.stamp = stamp;
        }
    }
    (renewed != *playlist).then_some(renewed)
}

/// What tells a film's file from one that takes its place, or why it can be no film.
fn stamp(path: &Path) -> Result<u64, Wrong> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let io = |err: std::io::Error| {
        let problem = unreadable(path, &err);
        (format!("`{name}`: {}", problem.id), format!("`{name}`: {}", problem.en))
    };
    if path.is_dir() {
        return Err((
            format!("`{name}` adalah folder; tulis nama berkas film di dalamnya, misalnya: film = {EXAMPLE}"),
            format!("`{name}` is a folder; write the name of a film in it, for example: film = {EXAMPLE}"),
        ));
    }
    let ending = ending(path);
    if picture::ENDINGS.contains(&ending.as_str()) {
        return Err((
            format!("`{name}` adalah gambar; tulis image sebagai ganti film"),
            format!("`{name}` is a picture; write image in place of film"),
        ));
    }
    if !ENDINGS.contains(&ending.as_str()) {
        return Err((
            format!(
                "`{name}` tidak dikenal sebagai film; ekspor ulang sebagai MP4 (H.264) dan tulis misalnya: film = {EXAMPLE} (yang dikenal: {})",
                ENDINGS.join(", ")
            ),
            format!(
                "`{name}` is not known as a film; export it again as MP4 (H.264) and write for example: film = {EXAMPLE} (known: {})",
                ENDINGS.join(", ")
            ),
        ));
    }
    // Opened, not only looked at: a file that papan may not read is told of here, in the playlist's words.
    let meta = open(path).and_then(|file| file.metadata()).map_err(io)?;
    if meta.len() == 0 {
        return Err((
            format!("film `{name}` kosong (0 byte); ekspor ulang dari aplikasi asalnya dan salin lagi"),
            format!(
                "the film `{name}` is empty (0 bytes); export it again where it was made and copy it anew"
            ),
        ));
    }
    Ok(Stamp::from(&meta).number())
}
