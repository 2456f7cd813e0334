//! What a file is, by what stands in it. Invariant: a name alone makes no file a picture or a film.

use std::{
    io::{self, Read},
    path::Path,
};

use image::ImageFormat;

use super::Wrong;
use crate::{
    editor::{
        document::NewItem,
        folder::{FILMS, MAX_PAGE},
    },
    written::{open, unreadable},
};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Picture(ImageFormat),
    /// With the ending that its copy is to have.
    Film(&'static str),
    Page,
}

impl Kind {
    /// The item that shows the file of this name.
    pub(super) fn item(self, name: String) -> NewItem {
        match self {
            Self::Picture(_) => NewItem::Image(name),
            Self::Film(_) => NewItem::Film(name),
            Self::Page => NewItem::Page(name),
        }
    }
}

/// The words of a file that cannot be read.
pub(super) fn broken(path: &Path, err: &io::Error) -> Wrong {
    let problem = unreadable(path, err);
    (problem.id, problem.en)
}

/// What a file is.
pub(super) fn of(path: &Path) -> Result<Kind, Wrong> {
    let io = |err: io::Error| match err.kind() {
        io::ErrorKind::IsADirectory => (
            "ini folder; buka folder itu dan seret berkas di dalamnya".to_owned(),
            "this is a folder; open it and drop the files in it".to_owned(),
        ),
        _ => broken(path, &err),
    };
    let mut head = Vec::new();
    open(path).map_err(io)?.take(64).read_to_end(&mut head).map_err(io)?;
    if head.is_empty() {
        return Err((
            "berkas ini kosong (0 byte); ekspor atau salin ulang dari asalnya".to_owned(),
            "this file is empty (0 bytes); export or copy it again where it was made".to_owned(),
        ));
    }
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match image::guess_format(&head) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) => {
            return Ok(Kind::Picture(format));
        }
        Ok(ImageFormat::Avif) | Err(_) => {}
        Ok(other) => {
            let name = other.extensions_str().first().copied().unwrap_or("?").to_uppercase();
            return Err((
                format!("gambar {name} tidak dapat ditampilkan; simpan ulang sebagai PNG atau JPEG"),
                format!("a {name} picture cannot be shown; save it again as PNG or JPEG"),
            ));
        }
    }
    if let Some(film) = film(&head, &ending) {
        return Ok(Kind::Film(film));
    }
    match ending.as_str() {
        "md" | "markdown" | "txt" => page(path).map(|()| Kind::Page),
        "srt" | "vtt" => Err((
            "teks film disalin bersama filmnya; taruh di samping film dengan nama yang sama, lalu seret filmnya".to_owned(),
            "captions are copied with their film; put them beside it under the same name, then drop the film".to_owned(),
        )),
        "pdf" | "ppt" | "pptx" | "doc" | "docx" => Err((
            "dokumen tidak dapat ditampilkan; ekspor sebagai gambar PNG, lalu seret gambarnya".to_owned(),
            "a document cannot be shown; export it as PNG pictures and drop those".to_owned(),
        )),
        _ => Err((
            "bukan gambar (PNG, JPEG, WebP), film (MP4, MOV, MKV, WebM, AVI), atau halaman (.md)".to_owned(),
            "no picture (PNG, JPEG, WebP), film (MP4, MOV, MKV, WebM, AVI) or page (.md)".to_owned(),
        )),
    }
}

/// The ending of a film's copy: its own where it is one of films and what stands in it is one too.
fn film(head: &[u8], ending: &str) -> Option<&'static str> {
    let own = FILMS.into_iter().find(|known| *known == ending);
    let boxes = head.get(4..8);
    let by_content = match () {
        () if boxes == Some(b"ftyp") && head.get(8..10) == Some(b"qt") => "mov",
        // Pictures of phones are in the same boxes.
        () if boxes == Some(b"ftyp")
            && matches!(head.get(8..12), Some(b"heic" | b"heix" | b"mif1" | b"avif")) =>
        {
            return None;
        }
        () if boxes == Some(b"ftyp") => "mp4",
        () if matches!(boxes, Some(b"moov" | b"mdat" | b"wide" | b"free")) => "mov",
        () if head.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]) => "mkv",
        () if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"AVI ") => "avi",
        () => return None,
    };
    Some(own.unwrap_or(by_content))
}

/// A text that can be a page.
fn page(path: &Path) -> Result<(), Wrong> {
    match crate::editor::folder::read(path, MAX_PAGE) {
        Ok(_) => Ok(()),
        Err(err) => Err((err.id, err.en)),
    }
}
