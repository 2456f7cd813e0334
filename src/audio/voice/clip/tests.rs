//! Recordings of every kind become clips that can be joined.
//! Invariant: the recordings are generated, so that what comes out is known.

use std::f64::consts::TAU;

use super::{find::power, load as load_prepared, *};

fn load(wav: &[u8]) -> Result<Sound, ClipError> {
    load_prepared(wav).map(|clip| clip.sound)
}

/// A second voice-like sound: a tone whose loudness swells and falls three times, between silences of 0.3 s.
fn word(rate: u32, amplitude: f64) -> Vec<f32> {
    let silence = vec![0.0; rate as usize * 3 / 10];
    let at = |i: u32| f64::from(i) / f64::from(rate);
    let voice = (0..rate / 2).map(|i| {
        let swell = 0.6 + 0.4 * (at(i) * 6.0 * TAU).sin();
        (amplitude * swell * (at(i) * 180.0 * TAU).cos()) as f32
    });
    silence.iter().copied().chain(voice).chain(silence.iter().copied()).collect()
}

fn wav(spec: WavSpec, frames: &[f32]) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = WavWriter::new(&mut bytes, spec).unwrap();
    for sample in frames.iter().flat_map(|s| std::iter::repeat_n(*s, usize::from(spec.channels))) {
        match spec.sample_format {
            SampleFormat::Float => writer.write_sample(sample).unwrap(),
            SampleFormat::Int => {
                let full = ((1_i64 << (spec.bits_per_sample - 1)) - 1) as f32;
                writer.write_sample((sample * full) as i32).unwrap();
            }
        }
    }
    writer.finalize().unwrap();
    bytes.into_inner()
}

fn spec(sample_rate: u32, bits_per_sample: u16, channels: u16) -> WavSpec {
    WavSpec { channels, sample_rate, bits_per_sample, sample_format: SampleFormat::Int }
}

fn mono(samples: &[f32]) -> Vec<u8> {
    wav(spec(22_050, 16, 1), samples)
}

/// The loudness of the middle of a clip, in dBFS.
fn loudness(sound: &Sound) -> f64 {
    let quarter = sound.samples.len() / 4;
    10.0 * power(&sound.samples[quarter..sound.samples.len() - quarter]).log10()
}

#[test]
fn a_clip_is_trimmed_and_fades_whatever_it_was_recorded_as() {
    let float = WavSpec { sample_format: SampleFormat::Float, ..spec(48_000, 32, 1) };
    for spec in [spec(22_050, 16, 1), spec(44_100, 24, 2), spec(96_000, 32, 1), spec(8_000, 8, 2), float] {
        let clip = load(&wav(spec, &word(spec.sample_rate, 0.4))).unwrap();
        assert_eq!(clip.rate, spec.sample_rate);
        let length = clip.length().as_secs_f64();
        assert!((0.49..0.55).contains(&length), "{spec:?}: {length}");
        assert_eq!((clip.samples[0], clip.samples[clip.samples.len() - 1]), (0.0, 0.0), "{spec:?}");
        assert!((loudness(&clip) + 18.0).abs() < 1.5, "{spec:?}: {}", loudness(&clip));
    }
}

#[test]
fn clips_recorded_20_db_apart_are_equally_loud() {
    let [loud, soft] = [0.5, 0.05].map(|amplitude| load(&mono(&word(22_050, amplitude))).unwrap());
    assert!((loudness(&loud) - loudness(&soft)).abs() < 0.5, "{} {}", loudness(&loud), loudness(&soft));
    assert!(
        loud.samples.len().abs_diff(soft.samples.len()) < 300,
        "silence is what is soft beside the voice"
    );
}

#[test]
fn what_is_constant_and_what_rustles_is_taken_off() {
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(state >> 8) / f64::from(1 << 24) - 0.5) as f32 * 0.02
    };
    let recorded: Vec<f32> = word(22_050, 0.4).iter().map(|s| s + 0.1 + noise()).collect();
    let clip = load(&mono(&recorded)).unwrap();
    let length = clip.length().as_secs_f64();
    assert!((0.49..0.55).contains(&length), "{length}");
    let mean = clip.samples.iter().sum::<f32>() / clip.samples.len() as f32;
    assert!(mean.abs() < 0.005, "{mean}");
}

#[test]
fn a_soft_consonant_stays() {
    // 80 ms that are 24 dB softer than what follows.
    let mut recorded = word(22_050, 0.4);
    let (begin, soft) = (22_050 * 3 / 10, 22_050 * 8 / 100);
    for (i, sample) in recorded[begin - soft..begin].iter_mut().enumerate() {
        *sample = (f64::from(i as u32) * 2.1).sin() as f32 * 0.025;
    }
    let clip = load(&mono(&recorded)).unwrap();
    let length = clip.length().as_secs_f64();
    assert!((0.57..0.63).contains(&length), "{length}");
}

#[test]
fn a_clip_that_is_cut_tight_keeps_its_length() {
    let whole = word(22_050, 0.4);
    let tight = &whole[22_050 * 3 / 10..whole.len() - 22_050 * 3 / 10];
    let clip = load(&mono(tight)).unwrap();
    assert_eq!(clip.samples.len(), tight.len());
    let again = load(&clip.wav().unwrap()).unwrap();
    assert!(again.samples.len().abs_diff(clip.samples.len()) <= 220, "prepared twice it is the same");
}

#[test]
fn a_peak_is_never_above_its_limit() {
    let mut recorded = word(22_050, 0.05);
    recorded[12_000] = 1.0;
    let clip = load(&mono(&recorded)).unwrap();
    let peak = clip.samples.iter().fold(0.0_f32, |peak, s| peak.max(s.abs()));
    assert!((0.85..0.892).contains(&peak), "{peak}");
}

#[test]
fn what_cannot_be_a_clip_is_refused() {
    let long = vec![0.3; 22_050 * 31];
    let cut = &mono(&word(22_050, 0.4))[..2_000];
    assert!(matches!(load(&mono(&long)), Err(ClipError::Long(_))));
    assert!(matches!(load(&mono(&word(22_050, 0.001))), Err(ClipError::Quiet)));
    assert!(matches!(load(&mono(&[])), Err(ClipError::Quiet)));
    assert!(matches!(load(&wav(spec(4_000, 16, 1), &word(4_000, 0.4))), Err(ClipError::Rate(4_000))));
    for broken in [b"no sound".as_slice(), b"", cut] {
        assert!(matches!(load(broken), Err(ClipError::Wav(_))));
    }
}

#[test]
fn a_float_that_is_no_number_is_silence() {
    let float = WavSpec { sample_format: SampleFormat::Float, ..spec(22_050, 32, 1) };
    let mut recorded = word(22_050, 0.4);
    (recorded[10_000], recorded[10_001]) = (f32::NAN, f32::INFINITY);
    let clip = load(&wav(float, &recorded)).unwrap();
    assert!(clip.samples.iter().all(|s| s.abs() <= 0.892), "every sample is a number within bounds");
}

#[test]
fn a_stream_is_read_whatever_its_header_says() {
    let mut streamed = mono(&word(22_050, 0.4));
    let wanted = load(&streamed).unwrap();
    streamed[4..8].copy_from_slice(&0x7fff_f024_u32.to_le_bytes());
    streamed[40..44].copy_from_slice(&0x7fff_f000_u32.to_le_bytes());
    assert!(load(&streamed).is_err(), "as a file it is cut short");
    assert_eq!(load_streamed(streamed.clone()).unwrap(), wanted);
    // A byte is lost, and the header says that nothing follows.
    streamed.pop();
    streamed[40..44].copy_from_slice(&0_u32.to_le_bytes());
    assert_eq!(load_streamed(streamed).unwrap().samples.len(), wanted.samples.len());
    for broken in [b"".as_slice(), b"RIFF", &[0; 13], b"RIFF....WAVEdata\xff\xff\xff\xff"] {
        assert!(load_streamed(broken.to_vec()).is_err(), "{broken:?}");
    }
}

/// A word between silences of 0.5 s, in a room that adds `noise`.
fn recorded(amplitude: f64, noise: impl Fn(f64) -> f64) -> Vec<u8> {
    let silence = vec![0.0; 22_050 / 5];
    let word = [&silence[..], &word(22_050, amplitude), &silence].concat();
    let at = |i: usize| i as f64 / 22_050.0;
    mono(&word.iter().enumerate().map(|(i, s)| s + noise(at(i)) as f32).collect::<Vec<_>>())
}

/// Noise of this loudness, in dBFS; the same at each time.
fn hiss(db: f64) -> impl Fn(f64) -> f64 {
    move |at| {
        let scrambled = ((at * 22_050.0).round() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5555;
        let scrambled = (scrambled ^ (scrambled >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let even = (scrambled >> 33) as f64 / f64::from(1_u32 << 31) * 2.0 - 1.0;
        even * 3_f64.sqrt() * 10_f64.powf(db / 20.0)
    }
}

#[test]
fn neither_the_noise_of_a_room_nor_hum_keeps_the_silence() {
    // −26 dBFS.
    let soft = 0.1;
    let hum = |at: f64| 0.007 * (at * 50.0 * TAU + 1.0).sin();
    let rooms = [recorded(soft, hiss(-56.0)), recorded(soft, hiss(-50.0)), recorded(soft, hiss(-44.0))];
    for (at, wav) in rooms.iter().chain([&recorded(soft, hum)]).enumerate() {
        let clip = load_prepared(wav).unwrap();
        let length = clip.sound.length().as_secs_f64();
        assert!((0.44..0.58).contains(&length) && !clip.noisy, "{at}: {length} {}", clip.noisy);
        assert!((loudness(&clip.sound) + 18.0).abs() < 1.5, "{at}: {}", loudness(&clip.sound));
    }
    let loud = load_prepared(&recorded(soft, hiss(-36.0))).unwrap();
    assert!(loud.noisy && loud.sound.length().as_secs_f64() > 1.4, "{:?}", loud.sound.length());
}

#[test]
fn a_click_makes_no_word_softer_and_is_cut_off_at_an_end() {
    let clean = load(&recorded(0.07, |_| 0.0)).unwrap();
    // Of 6 ms, before the word, close to it, in it, and after it; and the two of a mouse.
    for clicks in [&[0.1][..], &[0.45], &[0.75], &[1.35], &[0.02, 1.45]] {
        let click = |at: f64| {
            let on = clicks.iter().any(|begin| (*begin..begin + 0.006).contains(&at));
            if on { 0.9 * (at * 1_000.0 * TAU).cos().signum() } else { 0.0 }
        };
        let clip = load(&recorded(0.07, click)).unwrap();
        let length = clip.length().as_secs_f64();
        assert!((length - clean.length().as_secs_f64()).abs() < 0.02, "{clicks:?}: {length}");
        let (begin, end) = (clip.samples.len() / 16, clip.samples.len() / 4);
        let loudness = |s: &Sound| 10.0 * power(&s.samples[begin..end]).log10();
        assert!((loudness(&clip) - loudness(&clean)).abs() < 1.0, "{clicks:?}: {}", loudness(&clip));
    }
}

#[test]
fn the_burst_of_a_last_consonant_stays() {
    let mut word = word(22_050, 0.4);
    let begin = word.len() - 22_050 * 3 / 10 + 22_050 * 8 / 100;
    for (i, sample) in word[begin..begin + 440].iter_mut().enumerate() {
        *sample = (i as f64 * 1.3).sin() as f32 * 0.1;
    }
    let length = load(&mono(&word)).unwrap().length().as_secs_f64();
    assert!((0.59..0.65).contains(&length), "{length}");
}

#[test]
fn what_sounds_too_short_for_a_word_is_refused() {
    let beep = word(22_050, 0.4)[6_615..7_315].to_vec();
    let silence = vec![0.0; 4_410];
    let error = load(&mono(&[&silence[..], &beep, &silence].concat())).err().unwrap();
    assert!(matches!(error, ClipError::Short(_)), "{error}");
    assert!(error.told().1.contains("too short for a word"), "{}", error.told().1);
}
