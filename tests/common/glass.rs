//! An X server without a monitor, and the pixels that it holds.
//! Invariant: looking costs little and changes nothing; what is seen is what a monitor would get.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    os::unix::fs::FileExt,
    process::{Child, Command, Stdio},
};

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// Xvfb with its framebuffer in a file; dropped, it ends.
pub struct Glass {
    server: Child,
    /// As `DISPLAY` has it.
    pub display: String,
    file: File,
    /// Where the pixels begin in the file, and how many bytes a row has.
    begin: u64,
    stride: u64,
    pub width: u32,
    pub height: u32,
    _folder: tempfile::TempDir,
}

impl Glass {
    /// Starts an X server with one screen of this size, on a display number that it chooses.
    pub fn start(width: u32, height: u32) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", &format!("{width}x{height}x24")])
            .arg("-fbdir")
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed");
        let mut number = String::new();
        // It says its number when it takes connections; the framebuffer's file is there by then.
        BufReader::new(server.stdout.take().expect("piped")).read_line(&mut number).expect("it starts");
        let file = File::open(folder.path().join("Xvfb_screen0")).expect("its framebuffer");
        // An XWD header: big-endian words; its own length, then what follows it, colours first.
        let mut bytes = [0; 100];
        file.read_exact_at(&mut bytes, 0).expect("a header");
        let word = |i: usize| {
            u32::from_be_bytes([bytes[4 * i], bytes[4 * i + 1], bytes[4 * i + 2], bytes[4 * i + 3]])
        };
        let begin = u64::from(word(0)) + u64::from(word(19)) * 12;
        assert_eq!((word(4), word(5)), (width, height));
        Self {
            server,
            display: format!(":{}", number.trim()),
            file,
            begin,
            stride: u64::from(word(12)),
            width,
            height,
            _folder: folder,
        }
    }

    /// The X server's process.
    pub fn pid(&self) -> u32 {
        self.server.id()
    }

    /// The whole glass.
    pub fn all(&self) -> Rect {
        Rect { x: 0, y: 0, width: self.width, height: self.height }
    }

    /// Every `step`-th row of a rectangle, four bytes a pixel (blue, green, red, any), into `into`.
    pub fn look(&self, at: Rect, step: u32, into: &mut Vec<u8>) {
        let row = at.width as usize * 4;
        let rows = at.height.div_ceil(step) as usize;
        into.resize(rows * row, 0);
        for (i, into) in into.chunks_exact_mut(row).enumerate() {
            let y = u64::from(at.y) + i as u64 * u64::from(step);
            let offset = self.begin + y * self.stride + u64::from(at.x) * 4;
            self.file.read_exact_at(into, offset).expect("the framebuffer");
        }
    }

    /// All pixels of a rectangle: blue, green, red, 0.
    pub fn pixels(&self, at: Rect) -> Vec<u8> {
        let mut pixels = Vec::new();
        self.look(at, 1, &mut pixels);
        // The fourth byte is whatever the client put there; no monitor shows it.
        pixels.iter_mut().skip(3).step_by(4).for_each(|unused| *unused = 0);
        pixels
    }

    /// Writes a rectangle into a PNG, to be looked at where a test fails.
    pub fn save(&self, at: Rect, path: &std::path::Path) {
        let rgb = self.pixels(at).chunks_exact(4).flat_map(|p| [p[2], p[1], p[0]]).collect();
        let picture = image::RgbImage::from_raw(at.width, at.height, rgb).expect("as many pixels");
        picture.save(path).expect("written");
    }
}

impl Drop for Glass {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
