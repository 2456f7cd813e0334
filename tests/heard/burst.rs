//! Twenty calls in five seconds while a film plays a steady tone, as they are recorded at the sink.
//! Invariant: the voice is told from the film by its pitch alone.

use std::{env, f32::consts::TAU, process::Command};

use serde_json::Value;

use crate::{
    hall::{Hall, LOUD, TONE},
    process::until,
    sound::{self, RATE, Server, peak, spans},
};

const CALLS: usize = 20;
/// What is silent for this long is over: within a sentence pauses are shorter.
const APART: usize = RATE / 5;
/// A piece of the film's tone that is measured at once: 50 ms.
const PIECE: usize = RATE / 20;

/// What is below 12 kHz: a sinc under Blackman's window (Smith, The Scientist and Engineer's Guide to Digital
/// Signal Processing, chapter 16).
fn without_the_tone(heard: &[f32]) -> Vec<f32> {
    const HALF: usize = 48;
    let cut = 12_000.0 / RATE as f32;
    let taps: Vec<f32> = (0..=2 * HALF)
        .map(|i| {
            let (x, share) = (i as f32 - HALF as f32, i as f32 / (2 * HALF) as f32);
            let sinc = if x == 0.0 { 2.0 * cut } else { (TAU * cut * x).sin() / (std::f32::consts::PI * x) };
            sinc * (0.42 - 0.5 * (TAU * share).cos() + 0.08 * (2.0 * TAU * share).cos())
        })
        .collect();
    let mut out: Vec<f32> =
        heard.windows(taps.len()).map(|w| w.iter().zip(&taps).map(|(s, t)| s * t).sum()).collect();
    // Each sample stays at its place.
    out.splice(0..0, std::iter::repeat_n(0.0, HALF));
    out
}

fn is_spoken(proof: &Value) -> bool {
    proof["speech_end"].is_string()
}

/// The words that are heard: what the program says and what it writes are compared as sounds.
fn wav(path: &std::path::Path) -> Vec<f32> {
    let mut reader = hound::WavReader::open(path).expect("a WAV file");
    let channels = usize::from(reader.spec().channels);
    assert_eq!(reader.spec().sample_rate as usize, RATE);
    let all: Vec<f32> = reader.samples::<i16>().map(|s| f32::from(s.expect("a sample")) / 32_768.0).collect();
    all.chunks(channels).map(|frame| frame.iter().sum::<f32>() / channels as f32).collect()
}

/// How alike two sounds are at the best shift of the second: 1 is the same.
fn alike(heard: &[f32], said: &[f32]) -> f32 {
    let reach = RATE / 10;
    let length = said.len().min(heard.len().saturating_sub(reach));
    let said = &said[..length];
    let own = said.iter().map(|s| s * s).sum::<f32>().sqrt();
    let at = |shift: usize| {
        let part = &heard[shift..shift + length];
        let both: f32 = part.iter().zip(said).map(|(a, b)| a * b).sum();
        both / (own * part.iter().map(|s| s * s).sum::<f32>().sqrt()).max(f32::EPSILON)
    };
    // Coarse, by every fourth sample, is enough: a voice has little above 5 kHz.
    (0..reach).step_by(2).map(at).fold(0.0, f32::max)
}

#[test]
fn twenty_calls_in_five_seconds_are_heard_apart_while_a_film_plays() {
    let server = Server::new();
    let hall = Hall::at(&server, "[sound]\nvolume = 1.0", true);
    let mut recording = server.record();
    until(
        || "the film is heard".into(),
        || {
            let sound = recording.all();
            sound.len() > RATE && sound::film_tone(&sound[sound.len() - PIECE..], TONE) > LOUD / 2.0
        },
    );
    // How a film begins is not looked at: a tone that sets in has every pitch.
    recording.forget();
    recording.next(1.0);
    let begun = recording.all().len() - RATE / 2;
    for n in 0..CALLS {
        hall.queue.call(n, 100 + n).at().expect("it is connected");
        // The recording is the clock: four calls a second.
        recording.next(0.25);
    }
    let proofs = hall.has_proofs(CALLS);
    recording.forget();
    recording.next(2.0);
    let heard = &recording.all()[begun..];

    // Each call has one line, which says when it was heard or why it was not.
    assert_eq!(proofs.len(), CALLS);
    let spoken: Vec<_> = proofs.iter().filter(|p| is_spoken(p)).collect();
    for proof in &proofs {
        assert_eq!(is_spoken(proof), proof["unspoken"].is_null(), "{proof}");
        assert!(is_spoken(proof) || proof["unspoken"] == "backlog", "{proof}");
        assert!(proof["pixel"].is_string(), "every call was shown: {proof}");
    }
    assert!(spoken.len() >= CALLS / 2, "most are heard: {}", spoken.len());
    let times: Vec<(&str, &str)> = spoken
        .iter()
        .map(|p| (p["speech_start"].as_str().expect("a time"), p["speech_end"].as_str().expect("a time")))
        .collect();
    assert!(times.windows(2).all(|w| w[0].1 < w[1].0), "one at a time: {times:?}");
    let started = hall.queue.heard("papan.announcement.started");
    assert_eq!((started, hall.queue.heard("papan.announcement.finished")), (spoken.len(), spoken.len()));

    // What was recorded: as many announcements, apart from each other, and none clips.
    let voice = without_the_tone(heard);
    let announcements = spans(&voice, APART);
    assert_eq!(announcements.len(), spoken.len(), "{announcements:?}");
    let loudest = peak(heard);
    assert!(loudest < 0.9, "nothing is louder than -1 dBFS: {loudest}");

    // The film makes room, and comes back; it is never cut.
    let levels: Vec<f32> = heard.chunks_exact(PIECE).map(|piece| sound::film_tone(piece, TONE)).collect();
    let (first, last) = (announcements[0].start, announcements[announcements.len() - 1].end);
    let before = levels[..first / PIECE].iter().copied().fold(f32::MAX, f32::min);
    assert!((before / LOUD - 1.0).abs() < 0.06, "the film is as loud as it is: {before}");
    let during = &levels[(first + RATE / 2) / PIECE..last / PIECE];
    let ducked = 10.0_f32.powf(-18.0 / 20.0) * before;
    // A machine that is too busy for a moment drops a piece; a film that is cut or stays loud is many.
    let wrong: Vec<_> = during.iter().filter(|level| (*level / ducked - 1.0).abs() >= 0.3).collect();
    assert!(wrong.len() <= during.len() / 50, "{ducked} is 18 dB softer: {wrong:?}");
    let after = levels[levels.len() - 4];
    assert!((after / before - 1.0).abs() < 0.06, "the film is back: {after} after {before}");
    let ramps = levels.windows(2).filter(|w| w[0] > before * 0.5 && w[1] < ducked * 1.3).count();
    assert_eq!(ramps, 0, "by a ramp, never at once");
}

#[test]
fn what_is_heard_is_the_ticket_that_was_called_and_its_counter() {
    let server = Server::new();
    let hall = Hall::at(&server, "[sound]\nchime = \"none\"\nvolume = 0.9", false);
    let mut recording = server.record();
    // The program is as it is installed, beside the test.
    let papan = env!("CARGO_BIN_EXE_papan");
    let said = |ticket: &str, counter: &str| {
        let out = hall.place().join(format!("{ticket}-{counter}.wav"));
        let done = Command::new(papan)
            .args(["say", ticket, counter, "--config"])
            .arg(hall.place().join("papan.toml"))
            .arg("--out")
            .arg(&out)
            .env("ALSA_CONFIG_PATH", env::temp_dir())
            .output()
            .expect("it runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let sound = wav(&out);
        let span = spans(&sound, RATE).first().cloned().expect("it speaks");
        sound[span].to_vec()
    };
    // Where a busy machine drops a piece of the sound, it is called again.
    let wanted = said("A-112", "1");
    let hear = || {
        hall.queue.call(0, 112).at().expect("it is connected");
        let heard = recording.next_sound();
        let padded: Vec<f32> =
            std::iter::repeat_n(0.0, RATE / 20).chain(heard).chain([0.0; RATE / 5]).collect();
        (alike(&padded, &wanted), padded)
    };
    let mut tries = std::iter::repeat_with(hear).take(3);
    let (right, padded) = tries.find(|(right, _)| *right > 0.95).expect("what was called is heard");
    hall.shows("A-112");
    for (ticket, counter) in [("A-112", "4"), ("A-113", "1"), ("B-112", "1")] {
        let other = alike(&padded, &said(ticket, counter));
        assert!(other < right - 0.03, "{ticket} to {counter} sounds alike: {other} and {right}");
    }
    let proof = &hall.has_proofs(1)[0];
    let text = proof["text"].as_str().expect("it was said");
    assert_eq!(text, "Nomor antrean A, satu satu dua, silakan menuju loket satu.");
}
