//! A film's picture and its sound as someone in the hall has them: the window's pixels on an X server, and what a
//! sound server plays. Invariant: what is compared is what was seen and heard, by one clock.

#![allow(clippy::expect_used, reason = "a test may end at what it did not expect")]

use std::{
    fs,
    path::Path,
    process::Command,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

#[path = "common/outside.rs"]
mod outside;
#[path = "common/sound.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod sound;

// What listens names its neighbours as the test's own parts.
use outside::{glass::Glass, process, queue::Queue, zones};
use process::Program;
use sound::{RATE, Server};

/// How long the film is watched, in seconds: two rounds of it, with the seam between them.
const WATCHED: f32 = 9.0;
/// How far apart picture and sound may be, in milliseconds; ITU-R BT.1359 finds 45 ms early and 125 ms late to be
/// where people begin to notice.
const APART: i64 = 40;

/// A film of 4 s: each second begins with a white flash and a tone of 880 Hz, 0.1 s long.
fn film(path: &Path) {
    let flash = "drawbox=color=white:t=fill:enable='lt(mod(t,1),0.099)'";
    let made = Command::new("ffmpeg")
        .args(["-hide_banner", "-loglevel", "error", "-y"])
        .args(["-f", "lavfi", "-i", &format!("color=gray:size=320x180:rate=30:duration=4,{flash}")])
        .args(["-f", "lavfi", "-i", "aevalsrc='0.5*sin(2*PI*880*t)*lt(mod(t,1),0.1)':s=48000:d=4"])
        .args(["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "+faststart"])
        .arg(path)
        .status()
        .expect("ffmpeg is installed");
    assert!(made.success());
}

/// Milliseconds by the wall clock.
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as i64
}

#[test]
fn picture_and_sound_are_together() {
    let server = Server::new();
    let (glass, queue) = (Glass::start(1280, 720), Queue::start(8));
    let home = tempfile::tempdir().expect("a folder");
    let place = home.path();
    let folder = place.join("playlist");
    fs::create_dir(&folder).expect("a folder");
    film(&folder.join("film.mp4"));
    let playlist = "version = 1\n[[item]]\nfilm = \"film.mp4\"\nvolume = 1.0\n";
    fs::write(folder.join("playlist.toml"), playlist).expect("written");
    fs::write(place.join("asound.conf"), server.alsa()).expect("written");
    let mut program = Program::start(
        Command::new(env!("CARGO_BIN_EXE_papan"))
            .args([
                "show",
                "--windowed",
                "--size",
                "1280x720",
                "--renderer",
                "software",
                "--layout",
                "landscape",
            ])
            .args(["--queue", &queue.url(), "--playlist"])
            .arg(&folder)
            .env("DISPLAY", &glass.display)
            .env("HOME", place)
            .env("ALSA_CONFIG_PATH", place.join("asound.conf"))
            .env("PULSE_LATENCY_MSEC", "30")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("XDG_STATE_HOME"),
    );
    server.has_a_client();
    let recording = server.record();
    let (mut flashes, mut white) = (Vec::new(), true);
    let stage = zones::stage(&glass);
    let middle = outside::glass::Rect {
        x: stage.x + stage.width / 2,
        y: stage.y + stage.height / 2,
        width: 1,
        height: 1,
    };
    let begun = now();
    while now() - begun < (WATCHED * 1000.0) as i64 {
        let is_white = glass.pixels(middle)[..3].iter().all(|channel| *channel > 250);
        if is_white && !white {
            flashes.push(now());
        }
        white = is_white;
        thread::sleep(Duration::from_millis(1));
    }
    assert!(program.runs(), "{}", program.said());
    let sound = recording.all();
    let beeps: Vec<i64> =
        sound::spans(&sound, RATE / 10).iter().map(|span| recording.at(span.start)).collect();
    let apart: Vec<i64> = flashes
        .iter()
        .filter_map(|flash| beeps.iter().map(|beep| beep - flash).min_by_key(|apart| apart.abs()))
        .collect();
    println!("sound after picture, in ms: {apart:?}");
    // The first round's beginning may lie before the recorder, or the device.
    let judged: Vec<i64> = apart.iter().copied().skip(1).collect();
    assert!(judged.len() >= 5, "{} flashes, {} beeps: {}", flashes.len(), beeps.len(), program.said());
    let mut sorted = judged.clone();
    sorted.sort_unstable();
    let median = sorted[sorted.len() / 2];
    assert!(median.abs() <= APART, "picture and sound are {median} ms apart: {apart:?}");
    let together = judged.iter().filter(|apart| (*apart - median).abs() <= APART).count();
    assert!(together * 4 >= judged.len() * 3, "they stay together: {apart:?}");
}
