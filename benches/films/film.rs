//! The film that is measured: 20 s of 1920×1080, 30 frames a second, H.264 at 6 Mbit/s, every frame otherwise than
//! the one before. Invariant: it is made once, and the same each time.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Frames a second.
pub const RATE: f64 = 30.0;
/// Its length in seconds.
pub const SECONDS: f64 = 20.0;

/// Makes it in a folder, where it is not there yet.
pub fn make(folder: &Path) -> PathBuf {
    let films = folder.join("bench-films");
    let film = films.join("film.mp4");
    if film.exists() {
        return film;
    }
    fs::create_dir_all(&films).expect("a folder");
    let beside = films.join("half.mp4");
    let made = Command::new("ffmpeg")
        .args(["-hide_banner", "-loglevel", "error", "-y"])
        .args(["-f", "lavfi", "-i", &format!("mandelbrot=size=1920x1080:rate={RATE}")])
        .args(["-t", &SECONDS.to_string(), "-c:v", "libx264", "-preset", "fast", "-b:v", "6M"])
        .args([
            "-pix_fmt",
            "yuv420p",
            "-color_range",
            "tv",
            "-colorspace",
            "bt709",
            "-movflags",
            "+faststart",
        ])
        .arg(&beside)
        .status()
        .expect("ffmpeg is installed");
    assert!(made.success(), "the film is made");
    fs::rename(&beside, &film).expect("it is put in its place");
    film
}
