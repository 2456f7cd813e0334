//! One announcement as a single sound: the chime, a pause, the voice, a silence.
//! Invariant: the voice begins at its exact frame where it is ready in time, and as soon as it is ready where not.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use kira::{
    Frame,
    info::Info,
    sound::{Sound, SoundData},
};

use super::clip::Clip;
use crate::domain::speech::AFTER_CHIME;

/// How long a sound that is cut takes to fade out.
pub(super) const FADE: Duration = Duration::from_millis(30);

/// The voice of an announcement, rendered.
#[derive(Debug)]
pub(super) struct Voice {
    /// Its sound, at the device's rate.
    pub(super) clip: Clip,
    /// The words that nothing could say.
    pub(super) unsaid: Vec<String>,
}

/// The place for an announcement's voice, shared between who renders it and who sounds it.
#[derive(Debug, Default)]
pub(super) struct Place {
    voice: OnceLock<Voice>,
    cut: AtomicBool,
}

impl Place {
    /// The voice, once it is rendered.
    pub(super) fn get(&self) -> Option<&Voice> {
        self.voice.get()
    }

    /// Puts the voice there; it comes back where there is one.
    pub(super) fn set(&self, voice: Voice) -> Result<(), Voice> {
        self.voice.set(voice)
    }

    /// Whether nobody wants a voice here any more. How many hold the place does not tell: the mixer keeps what it
    /// has sounded until it gets something else to sound.
    pub(super) fn is_cut(&self) -> bool {
        self.cut.load(Ordering::Relaxed)
    }
}

/// The voice of an announcement: there when it is rendered.
pub(super) type Rendered = Arc<Place>;

/// What is to be heard.
pub(super) struct Script {
    /// The silence before it, for what is cut to fade out.
    pub(super) lead: Duration,
    /// The chime, at the device's rate.
    pub(super) chime: Option<Clip>,
    /// The voice.
    pub(super) voice: Rendered,
    /// The silence after it.
    pub(super) gap: Duration,
    /// The device's frames a second.
    pub(super) rate: u32,
    /// How long after it is rendered a frame is heard, in nanoseconds.
    pub(super) latency: Arc<AtomicU64>,
}

/// How far an announcement is; shared with the device's thread.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// When the voice is heard first; where nothing is said, the chime.
    pub(super) began: OnceLock<Instant>,
    /// When the last of it but the silence was heard.
    pub(super) spoken: OnceLock<Instant>,
    over: AtomicBool,
    voice: Rendered,
}

impl Progress {
    /// Whether nothing more of it sounds.
    pub(super) fn over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// Lets it fade out.
    pub(super) fn cut(&self) {
        self.voice.cut.store(true, Ordering::Relaxed);
    }
}

/// Where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Lead,
    Chime,
    Pause,
    Voice,
    Gap,
    Over,
}

/// The sound itself.
struct Announcement {
    script: Script,
    progress: Arc<Progress>,
    part: Part,
    /// The next frame of the part.
    at: usize,
    /// When the first frame of this turn of the device is heard, and how many frames of the turn are done.
    turn: (Instant, usize),
    /// When the chime is heard.
    chimed: Option<Instant>,
    /// How many frames of the fade are left, once it is cut.
    fade: Option<usize>,
}

impl SoundData for Script {
    type Error = ();
    type Handle = Arc<Progress>;

    fn into_sound(self) -> Result<(Box<dyn Sound>, Arc<Progress>), ()> {
        let progress = Arc::new(Progress { voice: self.voice.clone(), ..Progress::default() });
        let sound = Announcement {
            script: self,
            progress: progress.clone(),
            part: Part::Lead,
            at: 0,
            turn: (Instant::now(), 0),
            chimed: None,
            fade: None,
        };
        Ok((Box::new(sound), progress))
    }
}

impl Sound for Announcement {
    fn on_start_processing(&mut self) {
        let latency = Duration::from_nanos(self.script.latency.load(Ordering::Relaxed));
        self.turn = (Instant::now() + latency, 0);
    }

    fn process(&mut self, out: &mut [Frame], _dt: f64, _info: &Info) {
        if self.fade.is_none() && self.script.voice.is_cut() {
            self.fade = Some(self.frames(FADE));
        }
        for frame in out {
            *frame = self.next();
            if let Some(left) = &mut self.fade {
                *frame *= *left as f32 / (FADE.as_secs_f32() * self.script.rate as f32);
                *left = left.saturating_sub(1);
                if *left == 0 {
                    self.part = Part::Over;
                }
            }
            self.turn.1 += 1;
        }
        if self.part == Part::Over {
            self.progress.over.store(true, Ordering::Release);
        }
    }

    fn finished(&self) -> bool {
        self.part == Part::Over
    }
}

impl Announcement {
    fn next(&mut self) -> Frame {
        loop {
            let length = match self.part {
                Part::Lead => self.frames(self.script.lead),
                Part::Chime => self.script.chime.as_ref().map_or(0, |chime| chime.frames.len()),
                Part::Pause => self.pause(),
                Part::Voice => self.script.voice.get().map_or(0, |voice| voice.clip.frames.len()),
                Part::Gap => self.frames(self.script.gap),
                Part::Over => return Frame::ZERO,
            };
            if self.at < length {
                self.at += 1;
                return self.sample(self.at - 1);
            }
            self.enter(match self.part {
                Part::Lead => Part::Chime,
                Part::Chime => Part::Pause,
                Part::Pause => Part::Voice,
                Part::Voice => Part::Gap,
                Part::Gap | Part::Over => Part::Over,
            });
        }
    }

    fn sample(&self, at: usize) -> Frame {
        let clip = match self.part {
            Part::Chime => self.script.chime.as_ref(),
            Part::Voice => self.script.voice.get().map(|voice| &voice.clip),
            _ => None,
        };
        clip.and_then(|clip| clip.frames.get(at)).copied().unwrap_or(Frame::ZERO)
    }

    /// The pause lasts until the voice is there, and there is none before a voice that says nothing.
    fn pause(&self) -> usize {
        match self.script.voice.get() {
            None => usize::MAX,
            Some(voice) if voice.clip.frames.is_empty() || self.chimed.is_none() => 0,
            Some(_) => self.frames(AFTER_CHIME),
        }
    }

    fn enter(&mut self, part: Part) {
        let (heard, done) = self.turn;
        let now = heard + Duration::from_secs_f64(done as f64 / f64::from(self.script.rate.max(1)));
        let says = self.script.voice.get().map(|voice| !voice.clip.frames.is_empty());
        match part {
            Part::Chime if self.script.chime.is_some() => {
                self.chimed = Some(now);
                if says == Some(false) {
                    _ = self.progress.began.set(now);
                }
            }
            // What is set already stays: the first is the right one.
            Part::Voice if says == Some(true) => _ = self.progress.began.set(now),
            Part::Gap => {
                _ = self.progress.began.set(self.chimed.unwrap_or(now));
                _ = self.progress.spoken.set(now);
            }
            _ => {}
        }
        (self.part, self.at) = (part, 0);
    }

    fn frames(&self, time: Duration) -> usize {
        (time.as_secs_f64() * f64::from(self.script.rate)).round() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 48_000;
    const CHIME: usize = 1_000;
    const VOICE: usize = 2_000;
    const GAP: usize = 4_800;

    fn script(chime: bool) -> Script {
        Script {
            lead: Duration::ZERO,
            chime: chime.then(|| Clip::mono(&[0.5; CHIME], RATE)),
            voice: Rendered::default(),
            gap: Duration::from_millis(100),
            rate: RATE,
            latency: Arc::default(),
        }
    }

    fn voice(frames: usize) -> Voice {
        Voice { clip: Clip::mono(&vec![0.25; frames], RATE), unsaid: Vec::new() }
    }

    fn hear(sound: &mut dyn Sound, frames: usize) -> Vec<f32> {
        let info = kira::info::MockInfoBuilder::new().build();
        let mut out = vec![Frame::ZERO; frames];
        for chunk in out.chunks_mut(128) {
            sound.on_start_processing();
            sound.process(chunk, 1.0 / f64::from(RATE), &info);
        }
        out.iter().map(|f| f.left).collect()
    }

    fn pause() -> usize {
        (AFTER_CHIME.as_secs_f64() * f64::from(RATE)) as usize
    }

    #[test]
    fn a_voice_that_is_ready_begins_at_its_frame() {
        let script = script(true);
        script.voice.set(voice(VOICE)).expect("empty");
        let (mut sound, progress) = script.into_sound().expect("playable");
        let heard = hear(&mut *sound, CHIME + pause() + VOICE + GAP);
        let (first, rest) = heard.split_at(CHIME);
        assert!(first.iter().all(|s| *s == 0.5) && rest[..pause()].iter().all(|s| *s == 0.0));
        assert!(rest[pause()..pause() + VOICE].iter().all(|s| *s == 0.25));
        assert!(rest[pause() + VOICE..].iter().all(|s| *s == 0.0));
        hear(&mut *sound, 128);
        assert!(sound.finished() && progress.over());
    }

    #[test]
    fn a_voice_that_is_late_begins_when_it_is_there() {
        let script = script(true);
        let late = script.voice.clone();
        let (mut sound, progress) = script.into_sound().expect("playable");
        assert!(hear(&mut *sound, 20_000)[CHIME..].iter().all(|s| *s == 0.0));
        assert!(progress.began.get().is_none() && !progress.over());
        late.set(voice(VOICE)).expect("empty");
        assert_eq!(hear(&mut *sound, 128)[0], 0.25);
        assert!(progress.began.get().is_some() && progress.spoken.get().is_none());
    }

    #[test]
    fn where_nothing_is_said_the_chime_is_what_began() {
        let script = script(true);
        script.voice.set(voice(0)).expect("empty");
        let (mut sound, progress) = script.into_sound().expect("playable");
        let before = Instant::now();
        hear(&mut *sound, CHIME + 128);
        let (began, spoken) = (progress.began.get().expect("began"), progress.spoken.get().expect("spoken"));
        assert!(*began >= before && *began < *spoken && !progress.over());
        hear(&mut *sound, GAP);
        assert!(progress.over());
    }

    #[test]
    fn without_a_chime_the_voice_begins_at_once() {
        let script = script(false);
        script.voice.set(voice(VOICE)).expect("empty");
        let (mut sound, _) = script.into_sound().expect("playable");
        assert_eq!(hear(&mut *sound, 1)[0], 0.25);
    }

    #[test]
    fn what_is_cut_fades_out_without_a_jump() {
        let (mut sound, progress) = script(true).into_sound().expect("playable");
        hear(&mut *sound, 256);
        progress.cut();
        let fade = (FADE.as_secs_f64() * f64::from(RATE)) as usize;
        let heard = hear(&mut *sound, fade.next_multiple_of(128));
        assert!(CHIME < 256 + fade || heard[0] > 0.49);
        assert!(heard.windows(2).all(|w| w[0] - w[1] < 0.01 || w[1] == 0.0));
        assert!(sound.finished() && progress.over());
    }
}
