//! What `papan check` tells of a film is so.
//! Invariant: what is expected is what the film was made with.

use std::path::Path;

use papan::film::{self, Facts};

use crate::films::{AV1, Film, H264, H265, MPEG4, VP8, VP9, patch};

fn look(path: &Path) -> Facts {
    let program = film::Program(env!("CARGO_BIN_EXE_papan").into());
    let facts = film::look(path, (320, 180), &program, &[]);
    facts.unwrap_or_else(|err| panic!("{}: {}", path.display(), err.en))
}

fn made(film: &Film) -> Facts {
    look(&film.still(|x, y| patch(film.size, x, y)))
}

#[test]
fn codec_size_rate_and_length() {
    let all = [
        ("H.264", "mp4", H264, None, None),
        ("H.264", "mov", H264, Some("aac"), Some("AAC")),
        ("H.265", "mkv", H265, Some("libmp3lame"), Some("MP3")),
        ("VP8", "webm", VP8, Some("libvorbis"), Some("Vorbis")),
        ("VP9", "webm", VP9, Some("libopus"), Some("Opus")),
        ("AV1", "mp4", AV1, Some("libopus"), Some("Opus")),
        ("MPEG-4", "mp4", MPEG4, Some("aac"), Some("AAC")),
        ("MPEG-4", "mkv", MPEG4, None, None),
    ];
    for (name, container, codec, coder, sound) in all {
        let sounds = coder.map(|coder| ("0.1*sin(2*PI*440*t)|0".to_owned(), coder.to_owned()));
        let film = Film {
            rate: (25, 1),
            frames: 25,
            sound: sounds,
            ..Film::new(&format!("facts-{name}"), container, codec)
        };
        let facts = made(&film);
        let name = format!("{name} in {container}: {facts:?}");
        assert!(name.starts_with(&facts.codec), "{name}");
        assert_eq!(facts.sound.as_deref(), sound, "{name}");
        assert_eq!(facts.shape, (320, 180), "{name}");
        assert!(facts.rate.is_some_and(|rate| (rate - 25.0).abs() < 0.01), "{name}");
        let length = facts.length.expect("its file says it") as f64 / 1e9;
        assert!((1.0..1.05).contains(&length), "{name}");
        assert!(facts.speed.is_some_and(|speed| speed > 0.0), "{name}");
        assert!(!facts.decoder.is_empty(), "{name}");
    }
}

#[test]
fn the_size_is_the_one_that_is_seen() {
    let turned = Film { turn: Some([0, 1, -1, 0]), ..Film::new("facts-turned", "mp4", H264) };
    assert_eq!(made(&turned).shape, (180, 320));
    let wide = Film { size: (720, 576), ..Film::new("facts-wide", "mp4", H264) }.more("-aspect 16:9");
    assert_eq!(made(&wide).shape, (1024, 576));
    let both = Film { size: (720, 576), ..turned }.more("-aspect 16:9");
    assert_eq!(made(&both).shape, (576, 1024));
}

#[test]
fn rates_as_people_write_them() {
    for (name, rate, want) in
        [("ntsc", (30_000, 1001), 29.97), ("film", (24_000, 1001), 23.976), ("sixty", (60, 1), 60.0)]
    {
        let film = Film { rate, frames: 30, ..Film::new(&format!("facts-{name}"), "mp4", H264) };
        let facts = made(&film);
        assert!(facts.rate.is_some_and(|rate| (rate - want).abs() < 0.001), "{name}: {facts:?}");
    }
}
