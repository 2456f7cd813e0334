//! Films whose every sample is known: made of colours by the standards' formulas, and coded by ffmpeg as people's
//! tools code them. Invariant: nothing here uses the program, and what two tests make at once is whole.
#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io::Write,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

/// Red, green and blue.
pub type Rgb = [u8; 3];

/// What luma and chroma mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Matrix {
    Bt601,
    Bt709,
    Bt2020,
}

/// A film to be made.
#[derive(Debug, Clone)]
pub struct Film {
    /// What the file's name begins with; its ending says the container.
    pub name: String,
    pub container: &'static str,
    /// Width and height as they are coded.
    pub size: (u32, u32),
    /// Frames in so many seconds.
    pub rate: (u32, u32),
    pub frames: u32,
    pub matrix: Matrix,
    pub full: bool,
    /// By how many bits chroma is narrower and lower than luma.
    pub chroma: (u32, u32),
    /// 8 or 10 bits a sample.
    pub bits: u32,
    /// Whether the file says its matrix and its range.
    pub told: bool,
    /// ffmpeg's codec, with its options.
    pub codec: Vec<String>,
    /// More of ffmpeg's options.
    pub more: Vec<String>,
    /// Its sound, as an expression of ffmpeg's `aevalsrc`, and ffmpeg's codec for it.
    pub sound: Option<(String, String)>,
    /// How long its sound is, in seconds; `None`: as long as its picture.
    pub sound_lasts: Option<f64>,
    /// How its picture lies, in its track's head: the matrix's a, b, c, d (ISO/IEC 14496-12 8.3.2), for MP4 and MOV.
    pub turn: Option<[i32; 4]>,
}

pub const H264: &str = "libx264 -preset veryfast -crf 1 -g 30";
pub const H265: &str = "libx265 -preset ultrafast -crf 2 -x265-params log-level=error -tag:v hvc1";
pub const VP8: &str = "libvpx -deadline realtime -cpu-used 8 -b:v 20M -qmin 0 -qmax 2";
pub const VP9: &str = "libvpx-vp9 -deadline realtime -cpu-used 8 -lossless 1";
pub const AV1: &str = "libaom-av1 -usage realtime -cpu-used 8 -crf 1 -b:v 0";
pub const MPEG4: &str = "mpeg4 -q:v 1";

impl Film {
    /// A short film of 320 × 180, BT.601, limited range, 4:2:0, 8 bits.
    pub fn new(name: &str, container: &'static str, codec: &str) -> Self {
        Self {
            name: name.to_owned(),
            container,
            size: (320, 180),
            rate: (15, 1),
            frames: 15,
            matrix: Matrix::Bt601,
            full: false,
            chroma: (1, 1),
            bits: 8,
            told: true,
            codec: words(codec),
            more: vec![],
            sound: None,
            sound_lasts: None,
            turn: None,
        }
    }

    pub fn more(mut self, options: &str) -> Self {
        self.more.extend(words(options));
        self
    }

    /// Makes it, unless that was done before: `colour` tells that of a frame's pixel, at a column and a row as
    /// they are coded.
    pub fn made(&self, colour: impl Fn(u32, u32, u32) -> Rgb) -> PathBuf {
        self.made_of(&(0..self.frames).collect::<Vec<_>>(), colour)
    }

    /// Makes it of one frame that stands.
    pub fn still(&self, colour: impl Fn(u32, u32) -> Rgb) -> PathBuf {
        self.made_of(&vec![0; self.frames as usize], |_, x, y| colour(x, y))
    }

    fn made_of(&self, order: &[u32], colour: impl Fn(u32, u32, u32) -> Rgb) -> PathBuf {
        let frames: Vec<Vec<u8>> = (0..=order.iter().copied().max().unwrap_or(0))
            .map(|n| self.frame(|x, y| colour(n, x, y)))
            .collect();
        let options = self.options();
        let mut hasher = DefaultHasher::new();
        (&options, &frames, order, &self.turn).hash(&mut hasher);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("films");
        fs::create_dir_all(&folder).expect("a folder for films");
        let path = folder.join(format!("{}-{:016x}.{}", self.name, hasher.finish(), self.container));
        if !path.exists() {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let mine = format!(
                "making-{}-{}.{}",
                process::id(),
                NEXT.fetch_add(1, Ordering::Relaxed),
                self.container
            );
            let mine = folder.join(mine);
            self.make(&mine, &options, order.iter().map(|n| &frames[*n as usize]));
            fs::rename(&mine, &path).expect("the film comes to its place");
        }
        path
    }

    fn options(&self) -> Vec<String> {
        let ((width, height), (rate, per)) = (self.size, self.rate);
        let chroma = match self.chroma {
            (1, 1) => "420",
            (1, 0) => "422",
            _ => "444",
        };
        let deep = if self.bits == 10 { "10le" } else { "" };
        let format = format!("yuv{chroma}p{deep}");
        let input = format!(
            "-hide_banner -loglevel error -f rawvideo -pix_fmt {format} -s {width}x{height} -r {rate}/{per} -i -"
        );
        let mut options = words(&input);
        if let Some((sound, _)) = &self.sound {
            let picture = f64::from(self.frames) * f64::from(per) / f64::from(rate);
            let seconds = self.sound_lasts.unwrap_or(picture);
            options.extend(words("-f lavfi -i"));
            options.push(format!("aevalsrc=exprs='{sound}':s=48000:d={seconds}"));
        }
        options.extend(words("-c:v"));
        options.extend(self.codec.clone());
        // ffmpeg changes nothing of the samples: they come as they are to be coded.
        options.extend(words(&format!("-pix_fmt {format}")));
        if self.told {
            let (space, primaries, transfer) = match self.matrix {
                Matrix::Bt601 => ("smpte170m", "smpte170m", "smpte170m"),
                Matrix::Bt709 => ("bt709", "bt709", "bt709"),
                Matrix::Bt2020 => ("bt2020nc", "bt2020", "bt2020-10"),
            };
            let range = if self.full { "pc" } else { "tv" };
            options.extend(words(&format!(
                "-colorspace {space} -color_primaries {primaries} -color_trc {transfer} -color_range {range}"
            )));
        }
        if let Some((_, codec)) = &self.sound {
            options.extend(words("-c:a"));
            options.extend(words(codec));
        }
        options.extend(self.more.clone());
        options
    }

    fn make<'f>(&self, path: &Path, options: &[String], frames: impl Iterator<Item = &'f Vec<u8>>) {
        let mut ffmpeg = Command::new("ffmpeg")
            .args(options)
            .arg("-y")
            .arg(path)
            .stdin(Stdio::piped())
            .spawn()
            .expect("these tests make films by ffmpeg: run them by `make test`, which installs it");
        let mut input = ffmpeg.stdin.take().expect("ffmpeg listens");
        for frame in frames {
            input.write_all(frame).expect("ffmpeg takes the film's frames");
        }
        drop(input);
        assert!(ffmpeg.wait().expect("ffmpeg ends").success(), "{}: {options:?}", self.name);
        if let Some(turn) = self.turn {
            let mut bytes = fs::read(path).expect("the film");
            set_turn(&mut bytes, turn);
            fs::write(path, bytes).expect("the film");
        }
    }

    /// The samples of a frame, plane by plane.
    fn frame(&self, colour: impl Fn(u32, u32) -> Rgb) -> Vec<u8> {
        let (width, height) = self.size;
        let (across, down) = self.chroma;
        let mut planes = [const { Vec::new() }; 3];
        for y in 0..height {
            for x in 0..width {
                let samples = self.samples(colour(x, y));
                let whole = (x % (1 << across), y % (1 << down)) == (0, 0);
                for (plane, sample) in planes.iter_mut().zip(samples).take(if whole { 3 } else { 1 }) {
                    let bytes = sample.to_le_bytes();
                    plane.extend_from_slice(if self.bits == 8 { &bytes[..1] } else { &bytes });
                }
            }
        }
        planes.concat()
    }

    /// Luma and chroma of a colour: E'Y = Kr R + Kg G + Kb B, E'Cb = (B − E'Y) / 2(1 − Kb), E'Cr likewise, and
    /// their quantization, by BT.601-7 2.5, BT.709-6 3 and BT.2020-2 tables 4 and 5; full range by H.273 8.3.
    fn samples(&self, rgb: Rgb) -> [u16; 3] {
        let [kr, kg, kb] = match self.matrix {
            Matrix::Bt601 => [0.299, 0.587, 0.114],
            Matrix::Bt709 => [0.2126, 0.7152, 0.0722],
            Matrix::Bt2020 => [0.2627, 0.6780, 0.0593],
        };
        let [r, g, b] = rgb.map(|c| f64::from(c) / 255.0);
        let y = kr * r + kg * g + kb * b;
        let (cb, cr) = ((b - y) / (2.0 * (1.0 - kb)), (r - y) / (2.0 * (1.0 - kr)));
        let unit = f64::from(1 << (self.bits - 8));
        let most = f64::from((1 << self.bits) - 1);
        let (black, luma, chroma) =
            if self.full { (0.0, most, most) } else { (16.0 * unit, 219.0 * unit, 224.0 * unit) };
        let middle = 128.0 * unit;
        [black + luma * y, middle + chroma * cb, middle + chroma * cr]
            .map(|c| c.round().clamp(0.0, most) as u16)
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// Writes how the picture lies into the head of each track that has a picture: of a `tkhd` box of version 0 the
/// matrix begins 40 bytes after its flags, and is followed by the width, which is 0 for sound.
fn set_turn(bytes: &mut [u8], [a, b, c, d]: [i32; 4]) {
    let heads: Vec<usize> = (4..bytes.len() - 88).filter(|at| bytes[*at..].starts_with(b"tkhd\0")).collect();
    assert!(!heads.is_empty(), "a film has tracks");
    for head in heads {
        let matrix = head + 4 + 40;
        if bytes[matrix + 36..matrix + 40] == [0; 4] {
            continue;
        }
        for (at, value) in [(0, a), (1, b), (3, c), (4, d)] {
            let fixed = value << 16;
            bytes[matrix + 4 * at..][..4].copy_from_slice(&fixed.to_be_bytes());
        }
    }
}

/// White, black, grey, the primaries, skin and the theme's teal, as they lie in two rows of four.
pub const PATCHES: [Rgb; 8] = [
    [255, 255, 255],
    [0, 0, 0],
    [128, 128, 128],
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [224, 172, 140],
    [15, 118, 110],
];

/// The patches over a picture of a size.
pub fn patch((width, height): (u32, u32), x: u32, y: u32) -> Rgb {
    PATCHES[(y * 2 / height * 4 + x * 4 / width) as usize]
}

/// A frame that tells its number: eight blocks across its upper half, white for a bit that is set, the highest
/// first. The lower half is white where it `flashes`.
pub fn numbered((width, height): (u32, u32), number: u32, flashes: bool, x: u32, y: u32) -> Rgb {
    let lit = if y < height / 2 { number >> (7 - x * 8 / width) & 1 == 1 } else { flashes };
    if lit { [235; 3] } else { [20; 3] }
}
