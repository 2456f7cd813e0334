//! Pictures' files, by what stands in their first bytes: nothing is decoded here.
//! Invariant: a picture that passes is of a known format and of a size that can be decoded in memory.

use std::{io::BufReader, path::Path};

use image::{ImageFormat, ImageReader};

use super::folder::Wrong;
use crate::written::{open, unreadable};

/// The longest side of a picture, in pixels.
pub const MAX_SIDE: u32 = 16_384;
/// The most pixels of a picture.
pub const MAX_PIXELS: u64 = 200_000_000;
/// The names by which pictures' files end.
pub(super) const ENDINGS: [&str; 4] = ["png", "jpg", "jpeg", "webp"];

/// The size in pixels of a picture's file, or what is wrong with it.
pub(crate) fn size(path: &Path) -> Result<(u32, u32), Wrong> {
    let io = |err: std::io::Error| {
        let problem = unreadable(path, &err);
        (problem.id, problem.en)
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let file = open(path).map_err(io)?;
    let reader = ImageReader::new(BufReader::new(file)).with_guessed_format().map_err(io)?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) {
        return Err((
            format!("`{name}` bukan gambar PNG, JPEG, atau WebP; simpan ulang sebagai salah satunya"),
            format!("`{name}` is no PNG, JPEG or WebP picture; save it again as one of these"),
        ));
    }
    let (width, height) = reader.into_dimensions().map_err(|_| {
        (
            format!("gambar `{name}` rusak; ekspor ulang dari aplikasi asalnya dan salin lagi"),
            format!("the picture `{name}` is broken; export it again where it was made and copy it anew"),
        )
    })?;
    if width == 0
        || height == 0
        || width > MAX_SIDE
        || height > MAX_SIDE
        || pixels(width, height) > MAX_PIXELS
    {
        return Err((
            format!(
                "gambar `{name}` berukuran {width}×{height} piksel; perkecil, 3840×2160 sudah cukup (paling besar {MAX_SIDE} per sisi dan 200 juta piksel)"
            ),
            format!(
                "the picture `{name}` has {width}×{height} pixels; make it smaller, 3840×2160 is enough (at most {MAX_SIDE} a side and 200 million pixels)"
            ),
        ));
    }
    Ok((width, height))
}

fn pixels(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height)
}
