//! Whether a picture's or a film's file goes to its end, by how its format is built: nothing is decoded here.
//! Invariant: a file of a format that is not known here is never called cut.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use crate::written::open;

/// How much is looked at behind a place, in bytes: cameras write a little behind a picture's end.
const TAIL: u64 = 64 << 10;
/// More pieces than this are not counted; whoever has so many has an end too.
const MOST_PIECES: usize = 100_000;
/// So many zeros stand at the end of a file that was given its length before its content.
const BLANK: u64 = 4096;

/// Whether the file breaks off: it is still being copied, or was cut short. `false` too for what cannot be read,
/// which is told elsewhere.
pub(super) fn is_cut(path: &Path) -> bool {
    let look = || -> io::Result<bool> {
        let mut file = BufReader::new(open(path)?);
        let length = file.get_ref().metadata()?.len();
        let mut head = Vec::new();
        file.by_ref().take(12).read_to_end(&mut head)?;
        file.rewind()?;
        Ok(match head[..] {
            [0x89, b'P', b'N', b'G', ..] => !png(&mut file, length)?,
            // One that is larger is refused for that.
            [0xff, 0xd8, 0xff, ..] if length > super::picture::MAX_FILE => false,
            [0xff, 0xd8, 0xff, ..] => jpeg(&mut file, length)?.is_none_or(|jpeg| !jpeg.whole),
            [b'R', b'I', b'F', b'F', ..] => !riff(&head, &mut file, length)?,
            [0x1a, 0x45, 0xdf, 0xa3, ..] => !matroska(&mut file, length)?,
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => !mp4(&mut file, length)?,
            _ => false,
        })
    };
    look().unwrap_or(false)
}

/// Whether a PNG has its last piece. Each has a length, four letters, content and a checksum (PNG, 5.3).
pub(super) fn png(file: &mut BufReader<File>, length: u64) -> io::Result<bool> {
    let mut at = 8;
    for _ in 0..MOST_PIECES {
        go(file, at)?;
        let Some([a, b, c, d, kind @ ..]) = piece::<8>(file)? else { return Ok(false) };
        at += 12 + u64::from(u32::from_be_bytes([a, b, c, d]));
        if at > length || !kind.iter().all(u8::is_ascii_alphabetic) {
            return Ok(false);
        }
        if kind == *b"IEND" {
            return Ok(true);
        }
    }
    Ok(true)
}

/// What a JPEG's markers say.
pub(super) struct Jpeg {
    /// Width × height in pixels.
    pub size: (u32, u32),
    /// Bytes of a decoded pixel.
    pub channels: u64,
    /// Whether its end is there.
    pub whole: bool,
}

/// The size of a JPEG and whether it is whole; `None` where it breaks off before its picture, or is none. Its
/// markers are walked, as small pictures inside it have ends of their own (ITU-T T.81, B.1).
pub(super) fn jpeg(file: &mut BufReader<File>, length: u64) -> io::Result<Option<Jpeg>> {
    let (mut at, mut seen) = (2, None);
    for _ in 0..MOST_PIECES {
        go(file, at)?;
        let Some([mark, kind]) = piece::<2>(file)? else { return Ok(None) };
        if mark != 0xff {
            return Ok(None);
        }
        match kind {
            // Filling, and markers without content.
            0xff => at += 1,
            0x01 | 0xd0..=0xd7 => at += 2,
            0xd9 => return Ok(None),
            _ => {
                let Some(size) = piece::<2>(file)? else { return Ok(None) };
                let size = u64::from(u16::from_be_bytes(size));
                if matches!(kind, 0xc0..=0xcf) && !matches!(kind, 0xc4 | 0xc8 | 0xcc) {
                    let Some([_, a, b, c, d, channels]) = piece::<6>(file)? else { return Ok(None) };
                    let side = |high, low| u32::from(u16::from_be_bytes([high, low]));
                    seen = Some(((side(c, d), side(a, b)), u64::from(channels)));
                }
                at += 2 + size;
                if kind == 0xda {
                    let Some((size, channels)) = seen else { return Ok(None) };
                    return Ok(Some(Jpeg { size, channels, whole: jpeg_ends(file, at, length)? }));
                }
            }
        }
    }
    Ok(None)
}

/// Whether the mark of the end stands somewhere after `from`: mostly at the very end, else anywhere, as phones
/// write whole films behind it.
fn jpeg_ends(file: &mut BufReader<File>, from: u64, length: u64) -> io::Result<bool> {
    for begin in [from.max(length.saturating_sub(TAIL)), from] {
        file.seek(SeekFrom::Start(begin))?;
        let (mut block, mut last) = (vec![0; TAIL as usize], 0);
        loop {
            let count = file.read(&mut block)?;
            if count == 0 {
                break;
            }
            let across = last == 0xff && block[0] == 0xd9;
            if across || block[..count].windows(2).any(|pair| pair == [0xff, 0xd9]) {
                return Ok(true);
            }
            last = block[count - 1];
        }
    }
    Ok(false)
}

/// Whether a WebP or AVI is as long as its beginning says, and not blank at its end.
pub(super) fn riff(head: &[u8], file: &mut BufReader<File>, length: u64) -> io::Result<bool> {
    let [_, _, _, _, a, b, c, d, ..] = *head else { return Ok(false) };
    let end = u64::from(u32::from_le_bytes([a, b, c, d])) + 8;
    Ok(end <= length && !is_blank(file, end)?)
}

/// Whether an MP4 has all of its boxes, and among them the one that says what the others hold (ISO 14496-12).
fn mp4(file: &mut BufReader<File>, length: u64) -> io::Result<bool> {
    let (mut at, mut index, mut content) = (0, false, false);
    for _ in 0..MOST_PIECES {
        if at >= length {
            break;
        }
        go(file, at)?;
        let Some([a, b, c, d, kind @ ..]) = piece::<8>(file)? else { return Ok(index && content) };
        let size = match u32::from_be_bytes([a, b, c, d]) {
            // To the end of the file.
            0 if kind != [0; 4] => length - at,
            1 => match piece::<8>(file)? {
                Some(size) => u64::from_be_bytes(size),
                None => return Ok(false),
            },
            size => u64::from(size),
        };
        if size < 8 {
            // What stands here is no box: it was not written yet, or it is nothing that belongs to the film.
            return Ok(index && content);
        }
        index |= matches!(&kind, b"moov" | b"moof");
        content |= kind == *b"mdat";
        at = match at.checked_add(size) {
            Some(end) if end <= length => end,
            _ => return Ok(false),
        };
    }
    Ok(index && !is_blank(file, length)?)
}

/// Whether a Matroska or WebM file is as long as its segment says; one that was streamed does not say it
/// (RFC 8794, 4 and 6).
fn matroska(file: &mut BufReader<File>, length: u64) -> io::Result<bool> {
    file.seek(SeekFrom::Start(4))?;
    let Some(Some(head)) = element_size(file)? else { return Ok(true) };
    file.seek_relative(i64::try_from(head).unwrap_or(i64::MAX / 2))?;
    if piece::<4>(file)? != Some([0x18, 0x53, 0x80, 0x67]) {
        return Ok(true);
    }
    match element_size(file)? {
        None => Ok(false),
        Some(None) => Ok(true),
        Some(Some(size)) => {
            let end = file.stream_position()?.saturating_add(size);
            Ok(end <= length && !is_blank(file, end)?)
        }
    }
}

/// The size of an element: as many bytes follow the first as that one has zeros at its beginning. The inner
/// `None` is a size that is not known, the outer one the end of the file.
fn element_size(file: &mut impl Read) -> io::Result<Option<Option<u64>>> {
    let Some([first]) = piece::<1>(file)? else { return Ok(None) };
    let more = first.leading_zeros();
    if more > 7 {
        return Ok(Some(None));
    }
    let mut size = u64::from(first) & (0x7f >> more);
    for _ in 0..more {
        let Some([next]) = piece::<1>(file)? else { return Ok(None) };
        size = size << 8 | u64::from(next);
    }
    let unknown = (1_u64 << (7 * (more + 1))) - 1;
    Ok(Some((size != unknown).then_some(size)))
}

/// Whether what stands before `end` is all zeros: no format ends like this, but a file does that got its length
/// before its content.
fn is_blank(file: &mut BufReader<File>, end: u64) -> io::Result<bool> {
    if end < 2 * BLANK {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(end - BLANK))?;
    let mut tail = Vec::new();
    file.take(BLANK).read_to_end(&mut tail)?;
    Ok(tail.iter().all(|byte| *byte == 0))
}

/// Goes to a place in the file; what was read ahead is kept.
fn go(file: &mut BufReader<File>, to: u64) -> io::Result<()> {
    let by = i128::from(to) - i128::from(file.stream_position()?);
    file.seek_relative(i64::try_from(by).map_err(|_| io::ErrorKind::UnexpectedEof)?)
}

/// The next bytes; `None` where the file has fewer.
fn piece<const N: usize>(file: &mut impl Read) -> io::Result<Option<[u8; N]>> {
    let mut bytes = [0; N];
    match file.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(err) if err.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(err) => Err(err),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use image::{DynamicImage, ImageFormat, RgbImage};

    use super::*;

    /// Whether a file of these bytes breaks off.
    fn cut(bytes: &[u8]) -> bool {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        is_cut(file.path())
    }

    /// A picture with something in it, so that its file has some length.
    fn picture(format: ImageFormat) -> Vec<u8> {
        let noise = |x: u32, y: u32| ((x * 7919 + y * 104_729) % 251) as u8;
        let image = RgbImage::from_fn(90, 70, |x, y| image::Rgb([noise(x, y), noise(y, x), 9]));
        let mut bytes = io::Cursor::new(Vec::new());
        DynamicImage::from(image).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// A box of an MP4.
    fn mp4_box(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        [&(content.len() as u32 + 8).to_be_bytes(), kind.as_slice(), content].concat()
    }

    #[test]
    fn a_picture_is_whole_at_its_end_and_nowhere_before() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let whole = picture(format);
            assert!(!cut(&whole), "{format:?}");
            for length in (12..whole.len()).step_by(101).chain([whole.len() - 2]) {
                assert!(cut(&whole[..length]), "{format:?} of {length} bytes of {}", whole.len());
                // Given its length before its content.
                let blank = [&whole[..length], &vec![0; whole.len() - length]].concat();
                assert!(
                    whole.len() - length < BLANK as usize || cut(&blank),
                    "{format:?}, blank from {length}"
                );
            }
            // Phones write something behind it.
            assert!(!cut(&[whole.as_slice(), &vec![7; 200_000]].concat()), "{format:?} with more behind it");
        }
    }

    #[test]
    fn the_end_of_a_small_picture_within_a_jpeg_is_not_its_own() {
        let (small, whole) = (picture(ImageFormat::Jpeg), picture(ImageFormat::Jpeg));
        let length = (small.len() as u16 + 2).to_be_bytes();
        let with = [&whole[..2], &[0xff, 0xe1], &length, &small, &whole[2..]].concat();
        assert!(!cut(&with));
        for length in [with.len() / 2, with.len() * 3 / 4, with.len() - 3] {
            assert!(cut(&with[..length]), "{length}");
        }
    }

    #[test]
    fn a_film_is_whole_with_all_of_its_boxes() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("playlists/lobi/films/ambil-nomor.mp4");
        let film = fs::read(path).unwrap();
        assert!(!cut(&film));
        for percent in [1, 5, 30, 50, 90, 99] {
            assert!(cut(&film[..film.len() * percent / 100]), "{percent}%");
        }
        let [head, index, content] =
            [(b"ftyp", [1; 8]), (b"moov", [2; 8]), (b"mdat", [3; 8])].map(|(kind, c)| mp4_box(kind, &c));
        let endless = [[0, 0, 0, 0].as_slice(), b"mdat", &[3; 9]].concat();
        let long = [[0, 0, 0, 1].as_slice(), b"mdat", &24_u64.to_be_bytes(), &[3; 8]].concat();
        for (parts, is_whole) in [
            (vec![&head, &index, &content], true),
            (vec![&head, &content, &index], true),
            (vec![&head, &index, &endless], true),
            (vec![&head, &index, &long], true),
            // The index comes last where it is made while filming.
            (vec![&head, &content], false),
            (vec![&head, &endless], false),
            (vec![&head], false),
        ] {
            let bytes: Vec<u8> = parts.into_iter().flatten().copied().collect();
            assert_eq!(cut(&bytes), !is_whole, "{bytes:?}");
            assert_eq!(cut(&[bytes.as_slice(), &[0; 16]].concat()), !is_whole, "with zeros behind it");
        }
    }

    #[test]
    fn matroska_and_avi_are_as_long_as_they_say() {
        let head = [0x1a, 0x45, 0xdf, 0xa3, 0x84, 1, 2, 3, 4, 0x18, 0x53, 0x80, 0x67];
        let of = |size: &[u8], length: usize| [&head, size, &vec![7; length]].concat();
        assert!(!cut(&of(&[0x40, 100], 100)));
        assert!(cut(&of(&[0x40, 100], 99)));
        assert!(!cut(&of(&[0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 5)), "one that was streamed");
        let avi =
            |length: usize| [b"RIFF".as_slice(), &100_u32.to_le_bytes(), b"AVI ", &vec![7; length]].concat();
        assert!(!cut(&avi(96)) && cut(&avi(95)));
    }

    #[test]
    fn what_is_not_known_is_never_cut() {
        for bytes in [b"".as_slice(), b"film", b"RIF", &[0; 9000], &[0x47; 1000], b"# Judul\n"] {
            assert!(!cut(bytes), "{bytes:?}");
        }
    }
}
