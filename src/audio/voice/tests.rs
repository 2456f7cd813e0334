//! Sentences become sound, whatever is broken: from packs of generated tones, with scripts in espeak-ng's place.
//! Invariant: every word that is not heard is told.

use std::{
    f64::consts::TAU,
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::*;
use crate::domain::speech::Manner;

const ID: Language = Language::Indonesian;
const RATE: u32 = 22_050;

/// A tone of 0.3 s between silences of `around` seconds, in which it comes and goes within 8 ms; without them it
/// begins and ends at its loudest.
fn tone(hz: f64, amplitude: f64, around: f64) -> Sound {
    let silence = vec![0.0; (f64::from(RATE) * around) as usize];
    let count = RATE * 3 / 10;
    let edge = |i: u32| if around > 0.0 { f64::from(i.min(count - i).min(180)) / 180.0 } else { 1.0 };
    let wave = |i: u32| (amplitude * edge(i) * (f64::from(i) / f64::from(RATE) * hz * TAU).cos()) as f32;
    let voice: Vec<f32> = (0..count).map(wave).collect();
    Sound { samples: [&silence[..], &voice, &silence].concat(), rate: RATE }
}

/// A folder with a pack that says these in Indonesian.
fn folder(clips: &[(&str, Sound)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut manifest = "version = 1\nlanguage = \"id\"\n[clips]\n".to_owned();
    for (phrase, sound) in clips {
        let file = format!("{}.wav", phrase.replace(' ', "-"));
        manifest += &format!("\"{phrase}\" = \"{file}\"\n");
        fs::write(folder.path().join(file), sound.wav().unwrap()).unwrap();
    }
    fs::write(folder.path().join("voice.toml"), manifest).unwrap();
    folder
}

/// Three words, recorded 20 dB apart.
fn three() -> TempDir {
    folder(&[
        ("nol", tone(200.0, 0.5, 0.4)),
        ("satu", tone(300.0, 0.05, 0.0)),
        ("nomor antrean", tone(250.0, 0.2, 0.1)),
    ])
}

/// Voices that speak Indonesian by a pack, with a script or a program in espeak-ng's place, and the file that
/// such a script takes for its voice.
fn voices(pack: Option<&Path>, espeak: &str, voice: &Path) -> Voices {
    let mut speaker = Speaker::new(ID);
    speaker.pack = pack.map(Path::to_owned);
    speaker.espeak = voice.to_str().unwrap().to_owned();
    let config = config::Voice { languages: vec![speaker], ..config::Voice::default() };
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/voice").join(espeak);
    // Long enough for a busy machine, but where it is waited for in vain.
    let patience = Duration::from_secs(if espeak == "hangs.sh" { 2 } else { 60 });
    Voices::by(&config, &program, patience, patience)
}

const MISSING: &str = "/nowhere/espeak-ng";

fn sentence(parts: &[&str]) -> Sentence {
    let part = |part: &&str| match *part {
        "," => Part::Comma,
        words => Part::Words(words.split(' ').map(str::to_owned).collect()),
    };
    Sentence { language: ID, parts: parts.iter().map(part).collect(), ..Sentence::default() }
}

/// The longest run of silence within a sound, in seconds.
fn longest_silence(spoken: &Spoken) -> f64 {
    let runs = spoken.samples.split(|s| s.abs() > 0.003);
    runs.map(<[f32]>::len).max().unwrap_or(0) as f64 / f64::from(spoken.rate)
}

fn rms(samples: &[f32]) -> f64 {
    (samples.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / samples.len() as f64).sqrt()
}

#[test]
fn clips_are_joined_without_a_gap_or_a_click_and_are_equally_loud() {
    let folder = three();
    let voices = voices(Some(folder.path()), MISSING, Path::new(""));
    let spoken = voices.say(&[sentence(&["nomor antrean nol satu"])]);
    assert_eq!((spoken.rate, spoken.unsaid.as_slice()), (RATE, [].as_slice()));
    let length = spoken.samples.len() as f64 / f64::from(RATE);
    assert!((0.88..0.97).contains(&length), "three times 0.3 s, without the silence around: {length}");
    assert!(longest_silence(&spoken) < 0.035, "{}", longest_silence(&spoken));
    // The steepest that the highest tone is by itself; a join without fades would be six times that.
    let steepest = 300.0 * TAU / f64::from(RATE) * 0.126 * std::f64::consts::SQRT_2;
    for spoken in [&spoken, &voices.say(&[sentence(&["satu satu nol"])])] {
        let jump = spoken.samples.windows(2).map(|w| f64::from((w[1] - w[0]).abs())).fold(0.0, f64::max);
        assert!(jump < steepest * 1.3, "{jump} {steepest}");
    }
    let third = spoken.samples.len() / 3;
    let loudness: Vec<f64> = spoken
        .samples
        .chunks_exact(third)
        .map(|c| 20.0 * rms(&c[third / 4..third * 3 / 4]).log10())
        .collect();
    assert!(loudness.iter().all(|l| (l - loudness[0]).abs() < 1.5), "{loudness:?}");
}

#[test]
fn commas_and_stops_are_silences_of_their_own_length() {
    let folder = three();
    let voices = voices(Some(folder.path()), MISSING, Path::new(""));
    let count = |sentences: &[Sentence]| voices.say(sentences).samples.len();
    let (nol, satu) = (count(&[sentence(&["nol"])]), count(&[sentence(&["satu"])]));
    let silent = |length: Duration| (length.as_secs_f64() * f64::from(RATE)).round() as usize;
    assert_eq!(count(&[sentence(&["nol", ",", "satu"])]), nol + silent(speech::COMMA) + satu);
    assert_eq!(count(&[sentence(&["nol"]), sentence(&["satu"])]), nol + silent(speech::STOP) + satu);
    let lengths = voices.lengths();
    assert_eq!(lengths.len(), 3);
    assert_eq!(silent(lengths[&(ID, "nol".to_owned())]), nol);
}

#[test]
fn what_has_no_clip_or_a_broken_one_is_said_by_espeak() {
    let folder = three();
    fs::write(folder.path().join("satu.wav"), "no sound").unwrap();
    let voice = folder.path().join("espeak");
    fs::write(&voice, tone(400.0, 0.3, 0.0).wav().unwrap()).unwrap();
    let voices = voices(Some(folder.path()), "says.sh", &voice);
    for _ in 0..2 {
        let spoken = voices.say(&[sentence(&["nol satu nol", ",", "kartu keluarga"])]);
        assert!(spoken.unsaid.is_empty(), "{:?}", spoken.unsaid);
        assert!(spoken.samples.len() > RATE as usize, "four pieces of 0.3 s");
    }
    let asked = fs::read_to_string(folder.path().join("espeak.asked")).unwrap();
    // As words among others, not as sentences.
    let marked = |words| format!("<speak><prosody range=\"30%\">{words},</prosody></speak>\n");
    assert_eq!(asked, (marked("satu") + &marked("kartu keluarga")).repeat(2));
    assert!(!voices.lengths().contains_key(&(ID, "satu".to_owned())), "its length is not the clip's");
}

#[test]
fn what_nothing_can_say_is_told_and_the_rest_is_heard() {
    let folder = three();
    fs::write(folder.path().join("satu.wav"), "no sound").unwrap();
    for espeak in [MISSING, "babbles.sh", "fails.sh"] {
        let voices = voices(Some(folder.path()), espeak, Path::new("x"));
        let spoken = voices.say(&[sentence(&["nol satu nol", ",", "kartu keluarga nol"])]);
        // The pack that ships has a clip for the word that is broken here.
        assert_eq!(spoken.unsaid, ["kartu keluarga"], "{espeak}");
        assert!(spoken.samples.len() > RATE as usize * 13 / 10, "{espeak}: the rest is heard");
    }
}

#[test]
fn an_espeak_that_hangs_is_waited_for_once() {
    let folder = three();
    let ids = folder.path().join("ids");
    let voices = voices(Some(folder.path()), "hangs.sh", &ids);
    let spoken = voices.say(&[sentence(&["kartu nol keluarga"]), sentence(&["paspor satu"])]);
    assert_eq!(spoken.unsaid, ["kartu", "keluarga", "paspor"]);
    assert_eq!(fs::read_to_string(ids).unwrap().lines().count(), 1);
}

#[test]
fn espeak_says_what_has_no_clip_at_all_as_sentences() {
    let folder = three();
    let voice = folder.path().join("espeak");
    fs::write(&voice, tone(400.0, 0.3, 0.0).wav().unwrap()).unwrap();
    let notice = [sentence(&["harap tenang", ",", "terima kasih"]), sentence(&["pintu ditutup"])];
    assert!(voices(Some(folder.path()), "says.sh", &voice).say(&notice).unsaid.is_empty());
    let asked = fs::read_to_string(folder.path().join("espeak.asked")).unwrap();
    assert_eq!(asked, "Harap tenang, terima kasih.\nPintu ditutup.\n");
    let unsaid = voices(Some(folder.path()), MISSING, &voice).say(&notice).unsaid;
    assert_eq!(unsaid, ["harap tenang", "terima kasih", "pintu ditutup"]);
}

#[test]
fn espeak_says_whole_sentences_where_it_is_the_source_and_clips_stand_in() {
    let folder = three();
    let voice = folder.path().join("espeak");
    fs::write(&voice, tone(400.0, 0.3, 0.0).wav().unwrap()).unwrap();
    let both = [sentence(&["nomor antrean", ",", "nol satu"]), sentence(&["satu"])];
    let by = |espeak| Voices { source: VoiceSource::Espeak, ..voices(Some(folder.path()), espeak, &voice) };
    assert!(by("says.sh").say(&both).unsaid.is_empty());
    let asked = fs::read_to_string(folder.path().join("espeak.asked")).unwrap();
    assert_eq!(asked, "Nomor antrean, nol satu.\nSatu.\n");
    let spoken = by(MISSING).say(&both);
    assert!(spoken.unsaid.is_empty() && spoken.samples.len() > RATE as usize, "by four clips");
    assert_eq!(by(MISSING).say(&[sentence(&["nol kartu"])]).unsaid, ["kartu"]);
}

#[test]
fn the_pack_that_ships_stands_in_for_one_that_cannot_be_used() {
    let english = three();
    let manifest = fs::read_to_string(english.path().join("voice.toml")).unwrap();
    fs::write(english.path().join("voice.toml"), manifest.replace("\"id\"", "\"en\"")).unwrap();
    let empty = folder(&[]);
    for pack in [Some(english.path()), Some(empty.path()), Some(Path::new("/nowhere")), None] {
        let voices = voices(pack, MISSING, Path::new(""));
        assert!(voices.say(&[sentence(&["nomor antrean", ",", "nol dua"])]).unsaid.is_empty(), "{pack:?}");
        assert!(voices.lengths().len() > 40, "{pack:?}");
    }
    let other = Sentence { language: Language::English, ..sentence(&["one", ",", "two"]) };
    let spoken = voices(None, MISSING, Path::new("")).say(&[other]);
    assert_eq!((spoken.unsaid.len(), spoken.samples.len()), (2, 0), "a language that nobody speaks");
}

#[test]
fn the_packs_that_ship_are_whole_equally_loud_and_not_clipped() {
    for language in [ID, Language::English] {
        let pack = Pack::shipped(language).unwrap();
        let needed = Manner::new(language).clips();
        assert_eq!(pack.language, language);
        assert_eq!(
            pack.clips.keys().collect::<Vec<_>>(),
            needed.iter().collect::<Vec<_>>(),
            "no more, no less"
        );
        for phrase in &needed {
            let clip = pack.load(phrase).unwrap().unwrap();
            assert_eq!(clip.rate, RATE, "{phrase}");
            let peak = clip.samples.iter().fold(0.0_f32, |peak, s| peak.max(s.abs()));
            assert!((0.2..0.892).contains(&peak), "{phrase}: {peak}");
            // The mean of the windows that are within 13 dB of the loudest one.
            let powers: Vec<f64> = clip.samples.chunks_exact(441).map(|c| rms(c).powi(2)).collect();
            let loudest = powers.iter().fold(0.0, |most, p| f64::max(most, *p));
            let voiced: Vec<f64> = powers.into_iter().filter(|p| *p >= loudest * 0.05).collect();
            let loudness = 10.0 * (voiced.iter().sum::<f64>() / voiced.len() as f64).log10();
            assert!((loudness + 17.8).abs() < 2.0, "{phrase}: {loudness}");
            assert!(clip.length() < Duration::from_millis(1_200), "{phrase}: {:?}", clip.length());
        }
    }
}

mod limits;
