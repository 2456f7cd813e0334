//! The sound thread: one mixer on one device, opened again when it is lost.
//! Invariant: one announcement sounds at a time, and of one that was cut nothing is told any more.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender},
    },
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use tracing::{debug, info, warn};

use super::{
    Outbox, Report,
    clip::Clip,
    device::{Device, DeviceError, DeviceSettings, Pulse},
    duck::Duck,
    film::Film,
    narrator::Job,
    script::{FADE, Progress, Rendered, Script, Voice},
    tracks::{Tracks, TracksError},
};
use crate::{
    config,
    domain::{announcement::Number, speech::Sentence},
    state::Voiced,
};

/// How long to wait before a device is tried again: it is to be heard within 2 s.
const RETRY: Duration = Duration::from_millis(1_500);
/// A device that asks for no sound for this long is gone, whatever it says.
const STALLED: Duration = Duration::from_secs(2);
/// A device that held this long is worth a line in the log when it goes; one that comes and goes is not.
const STEADY: Duration = Duration::from_secs(60);
/// An announcement that comes to the device later than this after it was asked for would belong to nobody.
const TOO_LATE: Duration = Duration::from_secs(2);
/// How often to look at an open device: seldom while it is silent, often enough to tell when a sound ends.
const LOOK_SILENT: Duration = Duration::from_millis(500);
const LOOK_SOUNDING: Duration = Duration::from_millis(20);

/// What the sound thread is asked to do.
pub(super) enum Command {
    /// Sound this, in place of what sounds.
    Say(Say),
    /// Sound nothing more.
    Hush,
    /// The volume of all, from 0 to 1.
    Volume(f64),
}

/// An announcement.
pub(super) struct Say {
    pub(super) number: Number,
    /// When it was asked for.
    pub(super) asked: Instant,
    pub(super) chime: bool,
    pub(super) sentences: Vec<Sentence>,
    pub(super) gap: Duration,
}

/// The sound thread's own.
pub(super) struct Mixer {
    settings: config::Sound,
    chime: Option<Clip>,
    /// The way to the voice thread; `None` where nothing is ever said.
    voice: Option<SyncSender<Job>>,
    film: Film,
    outbox: Outbox,
    duck: Duck,
    volume: f64,
    output: Option<Output>,
    /// When a device was last tried.
    tried: Option<Instant>,
    /// Whether the log already says that there is no device.
    said: bool,
    /// Whether a device takes sound, as it was told last.
    told: Option<bool>,
}

/// An open device with its mixer, and what sounds on it.
struct Output {
    tracks: Tracks<Device>,
    pulse: Arc<Pulse>,
    rate: u32,
    /// The chime at the device's rate.
    chime: Option<Clip>,
    opened: Instant,
    /// The newest heartbeat, and when it came.
    beat: (u64, Instant),
    sounding: Option<Sounding>,
}

/// The announcement that sounds.
struct Sounding {
    number: Number,
    voice: Rendered,
    progress: Arc<Progress>,
    /// Whether its beginning was told, and the end of its last word.
    told: bool,
    said: bool,
}

impl Mixer {
    /// A mixer without a device yet.
    pub(super) fn new(
        settings: config::Sound,
        chime: Option<Clip>,
        voice: Option<SyncSender<Job>>,
        film: Film,
        outbox: Outbox,
    ) -> Self {
        let (duck, volume) = (Duck::new(settings.duck), settings.volume);
        Self {
            settings,
            chime,
            voice,
            film,
            outbox,
            duck,
            volume,
            output: None,
            tried: None,
            said: false,
            told: None,
        }
    }

    /// Runs until the other end of `commands` is gone.
    pub(super) fn run(mut self, commands: &Receiver<Command>) {
        loop {
            let now = Instant::now();
            if self.output.is_none() && self.tried.is_none_or(|t| now - t >= RETRY) {
                self.open(now);
            }
            match commands.recv_timeout(self.wait(now)) {
                Ok(Command::Say(say)) => self.say(say),
                Ok(Command::Hush) => _ = self.cut(),
                Ok(Command::Volume(volume)) => self.set_volume(volume),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.look(Instant::now());
        }
    }

    fn wait(&self, now: Instant) -> Duration {
        match (&self.output, self.tried) {
            (Some(output), _) if output.sounding.is_some() || self.duck.waits() => LOOK_SOUNDING,
            (Some(_), _) => LOOK_SILENT,
            (None, Some(tried)) => (tried + RETRY).saturating_duration_since(now),
            (None, None) => Duration::ZERO,
        }
    }

    fn open(&mut self, now: Instant) {
        self.tried = Some(now);
        self.film.forget();
        match self.output() {
            Ok(output) => {
                if self.said {
                    info!("sound: device {:?} is there again", self.settings.device);
                }
                self.output = Some(output);
                self.tell(Ok(()));
            }
            Err(why) => self.say_none(why),
        }
    }

    /// Opens the device. ALSA writes why it cannot to stderr, each time anew: here that goes into the error.
    fn output(&self) -> Result<Output, String> {
        let told = alsa::Output::local_error_handler().ok();
        let pulse = Arc::new(Pulse::default());
        let device = DeviceSettings { name: self.settings.device.clone(), pulse: pulse.clone() };
        let opened = Instant::now();
        let mut tracks = Tracks::<Device>::open(device, self.volume, self.duck.level()).map_err(|error| {
            let TracksError::Device(DeviceError::Closed(_) | DeviceError::None) = &error else {
                return error.to_string();
            };
            // Its first line is the cause, the others are what followed from it.
            let told = told.map(|t| t.borrow().to_string()).unwrap_or_default();
            format!("{error} {}", told.lines().next().unwrap_or_default()).trim_end().to_owned()
        })?;
        tracks.film.play(self.film.clone()).map_err(|_| "the mixer takes no film".to_owned())?;
        let rate = tracks.manager.backend_mut().rate();
        let chime = self.chime.as_ref().map(|chime| chime.at(rate));
        Ok(Output { tracks, pulse, rate, chime, opened, beat: (0, opened), sounding: None })
    }

    /// Says once that there is no device; until one has held for a while, later failures are for debugging.
    fn say_none(&mut self, why: String) {
        let device = &self.settings.device;
        if self.said {
            debug!("sound: device {device:?}: {why}");
        } else {
            warn!("sound: no device {device:?}, the screen runs on without sound: {why}");
        }
        self.said = true;
        self.tell(Err(why));
    }

    /// Tells that there is a device, or none, where that is news: each telling wakes the frame.
    fn tell(&mut self, device: Result<(), String>) {
        if self.told.replace(device.is_ok()) != Some(device.is_ok()) {
            self.outbox.tell(Report::Device(device));
        }
    }

    fn say(&mut self, say: Say) {
        let lead = if self.cut() { FADE } else { Duration::ZERO };
        let number = say.number;
        match self.begin(say, lead) {
            Ok(sounding) => {
                if let Some(output) = &mut self.output {
                    output.sounding = Some(sounding);
                }
            }
            Err(why) => self.outbox.voiced(Voiced::Failed { number, why: why.to_owned() }),
        }
    }

    /// Lets what sounds fade out; whether there was something.
    fn cut(&mut self) -> bool {
        let Some(sounding) = self.output.as_mut().and_then(|output| output.sounding.take()) else {
            return false;
        };
        sounding.progress.cut();
        true
    }

    fn begin(&mut self, say: Say, lead: Duration) -> Result<Sounding, &'static str> {
        let output = self.output.as_mut().ok_or("there is no sound device")?;
        if say.asked.elapsed() > TOO_LATE {
            return Err("the sound device took nothing for a while");
        }
        let voice = Rendered::default();
        let script = Script {
            lead,
            chime: output.chime.clone().filter(|_| say.chime),
            voice: voice.clone(),
            gap: say.gap,
            rate: output.rate,
            latency: output.pulse.latency(),
        };
        // The chime sounds before anything is rendered.
        let progress = output.tracks.calls.play(script).map_err(|_| "too much sounds at once")?;
        if say.sentences.is_empty() || self.voice.is_none() {
            let unsaid = say.sentences.into_iter().map(|s| s.written).collect();
            // It is empty: it was made here.
            _ = voice.set(Voice { clip: Clip::empty(output.rate), unsaid });
        } else if let Some(jobs) = &self.voice {
            let job = Job { sentences: say.sentences, rate: output.rate, voice: voice.clone() };
            if jobs.try_send(job).is_err() {
                progress.cut();
                return Err("the voice does not answer");
            }
        }
        Ok(Sounding { number: say.number, voice, progress, told: false, said: false })
    }

    fn set_volume(&mut self, volume: f64) {
        self.volume = volume;
        if let Some(output) = &mut self.output {
            output.tracks.set_volume(volume);
        }
    }

    /// Looks at the device: what began or ended is told, the film makes room, and a device that is gone is let go.
    fn look(&mut self, now: Instant) {
        let Some(output) = &mut self.output else { return };
        let lost = output.lost(now);
        if let Some(sounding) = &mut output.sounding {
            let over = sounding.look(now, lost, &self.outbox);
            output.sounding.take_if(|_| over);
        }
        if let Some(ramp) = self.duck.turn(output.sounding.is_some(), now) {
            output.tracks.ramp(ramp);
        }
        if lost {
            if output.opened.elapsed() >= STEADY {
                self.said = false;
            }
            self.output = None;
            self.say_none("it was lost".to_owned());
        }
    }
}

impl Output {
    fn lost(&mut self, now: Instant) -> bool {
        let beats = self.pulse.beats();
        if beats != self.beat.0 {
            self.beat = (beats, now);
        }
        self.pulse.lost() || now.saturating_duration_since(self.beat.1) > STALLED
    }
}

impl Sounding {
    /// Tells what became of it; whether that was the last.
    fn look(&mut self, now: Instant, lost: bool, outbox: &Outbox) -> bool {
        let number = self.number;
        let heard = |at: Option<&Instant>| at.copied().filter(|at| self.progress.over() || *at <= now);
        if !self.told
            && let Some(at) = heard(self.progress.began.get())
        {
            self.told = true;
            outbox.voiced(Voiced::Began { number, at: wall(at, now) });
        }
        if !self.said && heard(self.progress.spoken.get()).is_some() {
            self.said = true;
            outbox.voiced(Voiced::Said { number });
        }
        // What is lost in the silence at the end was heard whole.
        let spoken = heard(self.progress.spoken.get()).filter(|_| lost || self.progress.over());
        if let Some(at) = spoken {
            let unsaid = self.voice.get().map(|voice| voice.unsaid.clone()).unwrap_or_default();
            outbox.voiced(Voiced::Ended { number, at: wall(at, now), unsaid });
        } else if lost {
            outbox.voiced(Voiced::Failed { number, why: "the sound device was lost".to_owned() });
        }
        spoken.is_some() || lost
    }
}

/// A moment by the wall clock.
fn wall(at: Instant, now: Instant) -> Timestamp {
    let until = SignedDuration::try_from(at.saturating_duration_since(now)).unwrap_or_default();
    let since = SignedDuration::try_from(now.saturating_duration_since(at)).unwrap_or_default();
    let wall = Timestamp::now();
    wall.checked_add(until - since).unwrap_or(wall)
}
