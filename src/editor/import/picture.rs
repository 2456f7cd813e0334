//! A picture on its way into the folder: decoded to see that it can be, and made smaller where no screen shows all
//! of it. Invariant: one that is not too large is copied byte for byte.

use std::{
    fs::File,
    io::{BufReader, BufWriter},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    metadata::Orientation,
};

use super::{Wrong, copy, kind::broken};
use crate::{editor::folder::safe_name, written::open};

/// The longest side of a picture in the folder, in pixels: that of a 4K screen.
const MAX_SIDE: u32 = 3840;
/// The most bytes of a picture once it is decoded.
const MAX_DECODED: u64 = 256 << 20;
/// How good JPEG pictures are that are made smaller, of 100.
const QUALITY: u8 = 90;

/// Takes a picture: its name from the folder on, and its size before where it was made smaller.
pub(super) fn take(
    folder: &Path,
    from: &Path,
    format: ImageFormat,
    stop: &AtomicBool,
) -> Result<(String, Option<(u32, u32)>), Wrong> {
    let unreadable = |_| {
        (
            "gambar ini rusak atau belum lengkap; ekspor ulang dari aplikasi asalnya".to_owned(),
            "this picture is broken or incomplete; export it again where it was made".to_owned(),
        )
    };
    let file: File = open(from).map_err(|err| broken(from, &err))?;
    let reader = ImageReader::with_format(BufReader::new(file), format);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 || decoder.total_bytes() > MAX_DECODED {
        return Err((
            format!("gambar {width}×{height} piksel terlalu besar; perkecil, 3840×2160 sudah cukup"),
            format!(
                "a picture of {width}×{height} pixels is too large; make it smaller, 3840×2160 is enough"
            ),
        ));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    if stop.load(Ordering::Relaxed) {
        return Err(copy::stopped());
    }
    let ending = match format {
        ImageFormat::Png => "png",
        ImageFormat::WebP => "webp",
        _ => "jpg",
    };
    if width <= MAX_SIDE && height <= MAX_SIDE {
        return copy::whole(folder, "images/", from, ending, stop).map(|name| (name, None));
    }
    let mut smaller = image.thumbnail(MAX_SIDE, MAX_SIDE);
    drop(image);
    smaller.apply_orientation(orientation);
    // WebP can only be written without loss here: PNG where something is to be seen through, JPEG otherwise.
    let ending = match format {
        ImageFormat::WebP if smaller.color().has_alpha() => "png",
        ImageFormat::WebP => "jpg",
        _ => ending,
    };
    let target = copy::begin(folder, "images/")?;
    let failed = |err: image::ImageError| {
        (format!("gambar tidak dapat disimpan ({err})"), format!("the picture cannot be saved ({err})"))
    };
    let mut out = BufWriter::new(target);
    match ending {
        "png" => smaller.write_with_encoder(PngEncoder::new(&mut out)).map_err(failed)?,
        _ => {
            let plain = DynamicImage::ImageRgb8(smaller.to_rgb8());
            plain.write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY)).map_err(failed)?;
        }
    }
    let target = out.into_inner().map_err(|err| failed(err.into_error().into()))?;
    let stem = from.file_stem().unwrap_or_default().to_string_lossy();
    let name = copy::finish(target, folder, "images/", (&safe_name(&stem, "image"), ending))?;
    Ok((name, Some((width, height))))
}
