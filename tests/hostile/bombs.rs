//! Files that are small on the disk and large in memory. Invariant: each is right by its format as far as it goes.

use std::{
    fs::File,
    io::{self, Seek, SeekFrom, Write},
    path::Path,
};

/// A right PNG of so many pixels, all of one grey: rows are compressed as they come, a hundredth of their size.
pub fn png(path: &Path, width: u32, height: u32, grey: u8) {
    let file = io::BufWriter::new(File::create(path).unwrap());
    let encoder = image::codecs::png::PngEncoder::new_with_quality(
        file,
        image::codecs::png::CompressionType::Fast,
        // Each row is the one before it: zeros.
        image::codecs::png::FilterType::Up,
    );
    let rows = vec![grey; width as usize * height as usize];
    image::ImageEncoder::write_image(encoder, &rows, width, height, image::ExtendedColorType::L8).unwrap();
}

/// A file of so many bytes that takes no room: it begins with these.
pub fn sparse(path: &Path, head: &[u8], length: u64) {
    let mut file = File::create(path).unwrap();
    file.write_all(head).unwrap();
    file.seek(SeekFrom::Start(length - 1)).unwrap();
    file.write_all(&[0]).unwrap();
}

/// The beginning of a JPEG of 65,535 × 65,535 pixels.
pub const JPEG: &[u8] = &[
    0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, 0xff, 0xff, 0xff, 0xff, 3, 1, 0x11, 0, 2, 0x11,
    1, 3, 0x11, 1, 0xff, 0xda, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0,
];
