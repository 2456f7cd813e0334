//! Pictures' files, by what stands at their two ends: nothing is decoded here.
//! Invariant: a picture that passes is of a known format and of a size that can be decoded in memory.

use std::{
    io::{BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use image::{ImageDecoder, ImageFormat, ImageReader};

use super::folder::Wrong;
use crate::written::{open, unreadable};

/// The longest side of a picture, in pixels.
pub const MAX_SIDE: u32 = 16_384;
/// The most bytes of a picture once it is decoded: 85 million pixels of colour.
pub const MAX_DECODED: u64 = 256 << 20;
/// Where a picture's last mark is looked for, in bytes from its end: cameras write a little behind it.
const TAIL: u64 = 64 << 10;
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
    let format = reader.format();
    let broken = || {
        (
            format!(
                "gambar `{name}` rusak atau belum lengkap; ekspor ulang dari aplikasi asalnya dan salin lagi"
            ),
            format!(
                "the picture `{name}` is broken or incomplete; export it again where it was made and copy it anew"
            ),
        )
    };
    let decoder = reader.into_decoder().map_err(|_| broken())?;
    let (width, height) = decoder.dimensions();
    let decoded = decoder.total_bytes();
    if !is_whole(path, format).map_err(io)? {
        return Err(broken());
    }
    if width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE || decoded > MAX_DECODED {
        return Err((
            format!(
                "gambar `{name}` berukuran {width}×{height} piksel; perkecil, 3840×2160 sudah cukup (paling besar {MAX_SIDE} per sisi dan 85 juta piksel)"
            ),
            format!(
                "the picture `{name}` has {width}×{height} pixels; make it smaller, 3840×2160 is enough (at most {MAX_SIDE} a side and 85 million pixels)"
            ),
        ));
    }
    Ok((width, height))
}

/// Whether the file goes to its end: one that is still being copied does not, and its picture must not take the
/// place of the one that is shown.
fn is_whole(path: &Path, format: Option<ImageFormat>) -> std::io::Result<bool> {
    let mut file = open(path)?;
    let length = file.metadata()?.len();
    let mut head = [0; 12];
    file.read_exact(&mut head)?;
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    Ok(match format {
        Some(ImageFormat::Png) => tail.windows(4).any(|bytes| bytes == b"IEND"),
        Some(ImageFormat::Jpeg) => tail.windows(2).any(|bytes| bytes == [0xff, 0xd9]),
        // RIFF: the length of what follows stands in the second four bytes.
        Some(ImageFormat::WebP) => {
            u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]])) + 8 <= length
        }
        _ => true,
    })
}
