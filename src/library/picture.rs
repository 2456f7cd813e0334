//! Pictures' files, by how they are built: nothing is decoded here.
//! Invariant: a picture that passes is of a known format and of a size that can be decoded in memory.

use std::{
    fs::File,
    io::{BufReader, Read, Seek},
    path::Path,
};

use image::{ImageDecoder, ImageFormat, ImageReader};

use super::{folder::Wrong, whole};
use crate::{
    domain::visible::clean,
    written::{open, unreadable},
};

/// The longest side of a picture, in pixels.
pub const MAX_SIDE: u32 = 16_384;
/// The most bytes of a picture once it is decoded: 85 million pixels of colour.
pub const MAX_DECODED: u64 = 256 << 20;
/// The largest file of a picture, in bytes: decoders take it into memory whole.
pub(super) const MAX_FILE: u64 = 128 << 20;
/// The names by which pictures' files end.
pub(super) const ENDINGS: [&str; 4] = ["png", "jpg", "jpeg", "webp"];

/// The size in pixels of a picture's file, or what is wrong with it.
pub(crate) fn size(path: &Path) -> Result<(u32, u32), Wrong> {
    let io = |err: std::io::Error| {
        let problem = unreadable(path, &err);
        (problem.id, problem.en)
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = clean(&name);
    let file = open(path).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    if length > MAX_FILE {
        let (size, most) = (length >> 20, MAX_FILE >> 20);
        return Err((
            format!("gambar `{name}` sebesar {size} MiB; perkecil, paling besar {most} MiB"),
            format!("the picture `{name}` has {size} MiB; make it smaller, at most {most} MiB"),
        ));
    }
    let reader = ImageReader::new(BufReader::new(file)).with_guessed_format().map_err(io)?;
    let Some(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) = reader.format() else {
        return Err((
            format!("`{name}` bukan gambar PNG, JPEG, atau WebP; simpan ulang sebagai salah satunya"),
            format!("`{name}` is no PNG, JPEG or WebP picture; save it again as one of these"),
        ));
    };
    let Some(((width, height), decoded)) = measure(reader, format, length) else {
        return Err((
            format!(
                "gambar `{name}` rusak atau belum lengkap; ekspor ulang dari aplikasi asalnya dan salin lagi"
            ),
            format!(
                "the picture `{name}` is broken or incomplete; export it again where it was made and copy it anew"
            ),
        ));
    };
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

/// Width × height of a picture, and the bytes that it takes once it is decoded; `None` where it is broken, or does
/// not go to its end: one that is still being copied must not take the place of the one that is shown.
fn measure(
    reader: ImageReader<BufReader<File>>,
    format: ImageFormat,
    length: u64,
) -> Option<((u32, u32), u64)> {
    if format == ImageFormat::Jpeg {
        // The decoder would read the whole file to say this.
        let mut file = reader.into_inner();
        file.rewind().ok()?;
        let jpeg = whole::jpeg(&mut file, length).ok()??;
        let (width, height) = jpeg.size;
        return jpeg.whole.then(|| (jpeg.size, u64::from(width) * u64::from(height) * jpeg.channels.max(3)));
    }
    let mut file = BufReader::new(reader.into_inner().into_inner());
    file.rewind().ok()?;
    let mut head = Vec::new();
    file.by_ref().take(12).read_to_end(&mut head).ok()?;
    let is_whole = match format {
        ImageFormat::Png => {
            file.rewind().ok()?;
            whole::png(&mut file, length)
        }
        _ => whole::riff(&head, &mut file, length),
    };
    is_whole.ok().filter(|whole| *whole)?;
    file.rewind().ok()?;
    let decoder = ImageReader::with_format(file, format).into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    // In memory it has colours at last, also where its file has greys.
    let colours = u64::from(width) * u64::from(height) * 3;
    Some(((width, height), decoder.total_bytes().max(colours)))
}
