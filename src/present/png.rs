//! The display list into a PNG file: RGB, 8 bits a channel.
//! Invariant: a reader of the file sees one whole picture, never a part; the same list gives the same bytes.

use std::{
    io,
    path::{Path, PathBuf},
};

use image::{
    ExtendedColorType, ImageEncoder, ImageError,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};

use super::blend;
use crate::{picture::DisplayList, replace::write_out};

/// Why a picture could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The list is of no size, or of one that PNG cannot hold.
    #[error("a picture of {width} × {height} pixels cannot be encoded: {source}")]
    Encode {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// What the encoder says.
        source: ImageError,
    },
    /// The file could not be put in its place.
    #[error("{} could not be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// The list's pixels: width × height words `0xffRRGGBB`, row by row from the top.
pub fn pixels(list: &DisplayList) -> Vec<u32> {
    let mut pixels = vec![0; list.width as usize * list.height as usize];
    blend::compose(list, list.bounds(), &mut pixels, list.width as usize);
    pixels
}

/// The list as the bytes of a PNG file.
pub fn encode(list: &DisplayList) -> Result<Vec<u8>, Error> {
    png(list.width, list.height, &pixels(list))
}

/// So many pixels, words `0xffRRGGBB`, as the bytes of a PNG file.
///
/// # Errors
/// There are none, or more than PNG can hold, in words.
pub fn encode_pixels(width: u32, height: u32, pixels: &[u32]) -> Result<Vec<u8>, String> {
    png(width, height, pixels).map_err(|error| error.to_string())
}

fn png(width: u32, height: u32, pixels: &[u32]) -> Result<Vec<u8>, Error> {
    let rgb: Vec<u8> = pixels
        .iter()
        .flat_map(|word| {
            let [_, r, g, b] = word.to_be_bytes();
            [r, g, b]
        })
        .collect();
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive)
        .write_image(&rgb, width, height, ExtendedColorType::Rgb8)
        .map_err(|source| Error::Encode { width, height, source })?;
    Ok(bytes)
}

/// Writes the list to `path`, which any user may read. The file that was there is replaced at once.
pub fn write(list: &DisplayList, path: &Path) -> Result<(), Error> {
    put(&encode(list)?, path)
}

/// Puts bytes where a file is or is to be; any user may read it.
///
/// # Errors
/// It cannot be written there.
pub fn put(bytes: &[u8], path: &Path) -> Result<(), Error> {
    write_out(path, bytes).map_err(|source| Error::Write { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;
    use crate::picture::{Colour, Picture, Quad, Rect};

    fn list() -> DisplayList {
        let dot = Picture::new(1, 1, vec![0x8000_0080]);
        let quads =
            vec![Quad::fill(Colour::hex(0xff_c73d), Rect::new(0, 0, 3, 2)), Quad::picture(&dot, 2, 1)];
        DisplayList { width: 3, height: 2, quads }
    }

    #[test]
    fn the_file_holds_the_pixels_and_replaces_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.png");
        fs::write(&path, "old").unwrap();
        write(&list(), &path).unwrap();
        let read = image::open(&path).unwrap();
        assert_eq!(read.color(), image::ColorType::Rgb8);
        let read = read.into_rgb8();
        assert_eq!(read.dimensions(), (3, 2));
        assert_eq!(read.get_pixel(0, 0).0, [0xff, 0xc7, 0x3d]);
        assert_eq!(read.get_pixel(2, 1).0, [0x7f, 0x63, 0x9e]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
    }

    #[test]
    fn the_same_list_gives_the_same_bytes() {
        assert_eq!(encode(&list()).unwrap(), encode(&list()).unwrap());
    }

    #[test]
    fn what_cannot_be_written_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let error = write(&list(), &folder.path().join("nowhere/out.png")).unwrap_err();
        assert!(error.to_string().contains("nowhere/out.png"), "{error}");
        assert!(matches!(encode(&DisplayList::default()), Err(Error::Encode { .. })));
    }
}
