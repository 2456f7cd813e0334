//! Films that tell by themselves which film and which frame is seen, and everything that staff, phones and drives
//! do to a film's file.
//! Invariant: a film is made once for all tests, and nobody sees a half one.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

/// The code's blocks: a light one, four of the film's number, ten of the frame's, a dark one; high bits first.
pub const BLOCKS: usize = 16;
/// How light a light and a dark block are on the glass, 0 to 255.
pub const LIGHT: u8 = 214;
pub const DARK: u8 = 51;
/// Frames a second.
pub const RATE: u32 = 30;
/// The films' width × height.
pub const SIZE: (u32, u32) = (320, 180);

/// Whether each block is light, for a frame of a film; pictures are films of one frame.
pub fn code(film: u32, frame: u32) -> [bool; BLOCKS] {
    let word = 1 << 15 | (film & 0xf) << 11 | (frame & 0x3ff) << 1;
    std::array::from_fn(|i| word >> (BLOCKS - 1 - i) & 1 == 1)
}

/// The film and the frame that blocks stand for, if they are a code.
pub fn decode(blocks: &[bool; BLOCKS]) -> Option<(u32, u32)> {
    let word = blocks.iter().fold(0, |word, light| word << 1 | u32::from(*light));
    (word >> 15 & 1 == 1 && word & 1 == 0).then_some((word >> 11 & 0xf, word >> 1 & 0x3ff))
}

/// How a film is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pack {
    /// H.264 in MP4, its index first, as for the web.
    Mp4,
    /// The same with its index at the end, as phones write it.
    Phone,
    /// H.264 in Matroska.
    Mkv,
    /// VP8 in WebM.
    Webm,
}

impl Pack {
    fn ending(self) -> &'static str {
        match self {
            Self::Mp4 | Self::Phone => "mp4",
            Self::Mkv => "mkv",
            Self::Webm => "webm",
        }
    }

    fn options(self) -> &'static [&'static str] {
        match self {
            Self::Mp4 => &["-c:v", "libx264", "-preset", "veryfast", "-g", "30", "-movflags", "+faststart"],
            Self::Phone | Self::Mkv => &["-c:v", "libx264", "-preset", "veryfast", "-g", "30"],
            Self::Webm => {
                &["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M", "-g", "30"]
            }
        }
    }
}

/// A film of so many frames, whose number is told by its blocks.
pub fn film(number: u32, frames: u32, pack: Pack) -> PathBuf {
    let name = format!("{number}-{frames}-{pack:?}.{}", pack.ending());
    let frames = (0..frames).map(|frame| planes(number, frame));
    made(&name, |path| encode(SIZE, RATE, frames, pack.options(), path))
}

fn encode(
    (width, height): (u32, u32),
    rate: u32,
    frames: impl Iterator<Item = Vec<u8>>,
    options: &[&str],
    path: &Path,
) {
    let mut command = ffmpeg();
    command.args(["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", &format!("{width}x{height}")]);
    command.args(["-r", &rate.to_string(), "-i", "-"]).args(options).args(["-pix_fmt", "yuv420p"]).arg(path);
    let mut child = command.stdin(Stdio::piped()).spawn().expect("ffmpeg is installed");
    let mut pipe = child.stdin.take().expect("piped");
    for frame in frames {
        pipe.write_all(&frame).expect("ffmpeg takes it");
    }
    drop(pipe);
    assert!(child.wait().expect("it ends").success());
}

/// A picture with blocks.
pub fn picture(number: u32) -> PathBuf {
    made(&format!("{number}.png"), |path| {
        let (width, height) = SIZE;
        let planes = planes(number, 0);
        let grey = |x: u32, y: u32| {
            let luma = i32::from(planes[(y * width + x) as usize]);
            ((luma - 16) * 255 / 219).clamp(0, 255) as u8
        };
        image::RgbImage::from_fn(width, height, |x, y| image::Rgb([grey(x, y); 3]))
            .save(path)
            .expect("written");
    })
}

/// A film that two cores cannot decode in time: 4K60 of noise, all of it told anew in each frame.
pub fn heavy() -> PathBuf {
    made("heavy.mp4", |path| {
        let (width, height) = (3840, 2160);
        let noise = garbage((width * height * 3 / 2) as usize);
        let noise: Vec<u8> = noise.into_iter().map(|byte| 100 + byte % 64).collect();
        let frames = (0..3).map(|turn| [&noise[turn * 977..], &noise[..turn * 977]].concat());
        let once = path.with_extension("once.mp4");
        let options = ["-c:v", "libx264", "-preset", "superfast", "-qp", "44", "-g", "1"];
        encode((width, height), 60, frames, &options, &once);
        // Two seconds of the same three frames.
        run(ffmpeg().args(["-stream_loop", "39", "-i"]).arg(&once).args(["-c", "copy"]).arg(path));
        fs::remove_file(once).expect("removed");
    })
}

/// Three seconds of a tone.
pub fn tone() -> PathBuf {
    made("tone.mp3", |path| {
        run(ffmpeg()
            .args(["-f", "lavfi", "-i", "sine=frequency=440:duration=3", "-c:a", "libmp3lame"])
            .arg(path));
    })
}

/// A film's frame: stripes that move, and a band with its code across the middle.
fn planes(number: u32, frame: u32) -> Vec<u8> {
    let (width, height) = SIZE;
    let blocks = code(number, frame);
    let luma = (0..height).flat_map(|y| {
        (0..width).map(move |x| {
            if (height / 3..height * 2 / 3).contains(&y) {
                let light = blocks[(x as usize * BLOCKS) / width as usize];
                // As BT.601 has them in limited range.
                return if light { 200 } else { 60 };
            }
            if ((x + y + 4 * frame) / 24).is_multiple_of(2) { 90 } else { 150 }
        })
    });
    let mut planes: Vec<u8> = luma.collect();
    let (hue, band) = (number * 37 % 80, height / 6..height / 3);
    for chroma in [88 + hue, 168 - hue] {
        planes.extend((0..height / 2).flat_map(|y| {
            let chroma = if band.contains(&y) { 128 } else { chroma as u8 };
            std::iter::repeat_n(chroma, width as usize / 2)
        }));
    }
    planes
}

fn ffmpeg() -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-hide_banner", "-loglevel", "error", "-y"]).stdin(Stdio::null());
    command
}

fn run(command: &mut Command) {
    let done = command.output().expect("ffmpeg is installed");
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A file that is made where it is not there yet; its name says all that it depends on.
fn made(name: &str, make: impl FnOnce(&Path)) -> PathBuf {
    static MAKING: Mutex<()> = Mutex::new(());
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let _one_at_a_time = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    // Change it with what is made.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("films-marked-1");
    let path = folder.join(name);
    if !path.exists() {
        fs::create_dir_all(&folder).expect("a folder");
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let half = folder.join(format!("{}-{number}-{name}", std::process::id()));
        make(&half);
        fs::rename(&half, &path).expect("in its place");
    }
    path
}

/// The first so many hundredths of a file.
pub fn cut(film: &Path, percent: usize) -> Vec<u8> {
    let mut bytes = fs::read(film).expect("read");
    bytes.truncate(bytes.len() * percent / 100);
    bytes
}

/// Bytes without any sense, the same each time.
pub fn garbage(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_u32;
    let mut next = || {
        // Xorshift (Marsaglia 2003).
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}

/// A file in which one word stands for another of the same length, wherever it stands.
pub fn patched(film: &Path, from: &[u8], to: &[u8]) -> Vec<u8> {
    replaced(fs::read(film).expect("read"), from, to)
}

fn replaced(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    let places: Vec<usize> =
        (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    assert!(!places.is_empty() && from.len() == to.len(), "it holds what is to be replaced: {from:?}");
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

/// An MP4 whose index is right, and whose packets are all zeros.
pub fn zeroed(film: &Path) -> Vec<u8> {
    let mut bytes = fs::read(film).expect("read");
    let packets = packets(&bytes);
    bytes[packets].fill(0);
    bytes
}

/// An MP4 with a stretch of nonsense in the middle of its packets.
pub fn scratched(film: &Path) -> Vec<u8> {
    let mut bytes = fs::read(film).expect("read");
    let packets = packets(&bytes);
    let length = packets.len() / 5;
    let middle = packets.start + 2 * length;
    bytes[middle..middle + length].copy_from_slice(&garbage(length));
    bytes
}

/// Where an MP4's packets are.
fn packets(bytes: &[u8]) -> std::ops::Range<usize> {
    let mut at = 0;
    loop {
        let length = u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize;
        if &bytes[at + 4..at + 8] == b"mdat" {
            return at + 8..at + length;
        }
        at += length;
    }
}

/// A WebM of VP8 whose key frames are none: its decoder never has a frame.
pub fn numb(film: &Path) -> Vec<u8> {
    patched(film, KEY, &[0; 3])
}

/// A WebM of VP8 that is told to be far larger than it is: by its packets, and by its head where `told`.
pub fn huge(film: &Path, told: bool) -> Vec<u8> {
    let (width, height) = SIZE;
    let sides =
        |width: u32, height: u32| [width as u8, (width >> 8) as u8, height as u8, (height >> 8) as u8];
    let size = |sides: [u8; 4]| [KEY, &sides[..]].concat();
    // 14 bits a side.
    let bytes = patched(film, &size(sides(width, height)), &size(sides(16_383, 16_383)));
    if !told {
        return bytes;
    }
    let head = |width: u32| [0xb0, 0x82, (width >> 8) as u8, width as u8];
    replaced(bytes, &head(width), &head(16_383))
}

/// With what the size of a key frame of VP8 begins (RFC 6386, 9.1).
const KEY: &[u8] = &[0x9d, 0x01, 0x2a];
