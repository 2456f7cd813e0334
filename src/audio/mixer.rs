//! The sound thread: one mixer on one device, opened again when it is lost.
//! Invariant: one announcement sounds at a time, and of one that was cut nothing is told any more.

use std::{
    mem,
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
    device::Period,
    duck::Duck,
    film::Film,
    narrator::Job,
    output::{Keeper, Output, Request, STALLED},
    script::{FADE, Progress, Rendered, Script, Voice},
};
use crate::{
    clock, config,
    domain::{announcement::Number, speech::Sentence},
    state::Voiced,
};

/// How long to wait before a device is tried again: it is to be heard within 2 s.
const RETRY: Duration = Duration::from_millis(1_500);
/// So long after the log said that there is a device again it tells of no loss: one may come and go.
const QUIET: Duration = Duration::from_secs(60);
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
    keeper: Keeper,
    line: Line,
    /// When a device is or was to be opened last, and how much it was to take at a time.
    due: Instant,
    period: Period,
    /// Whether the log's last word is that there is no device, and when it said that there is one again.
    said: bool,
    again: Option<Instant>,
    /// Whether a device takes sound, as it was told last.
    told: Option<bool>,
}

/// How far the device is.
enum Line {
    /// The keeper has the old one, and opens the next.
    Opening,
    /// It is open; whether it really plays is not known yet.
    Trial(Box<Output>),
    /// It plays.
    Ready(Box<Output>),
}

/// The announcement that sounds.
pub(super) struct Sounding {
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
        keeper: Keeper,
    ) -> Self {
        let (duck, volume) = (Duck::new(settings.duck), settings.volume);
        let (line, due, period) = (Line::Opening, Instant::now(), Period::Ours);
        let (said, again, told) = (false, None, None);
        Self {
            settings,
            chime,
            voice,
            film,
            outbox,
            duck,
            volume,
            keeper,
            line,
            due,
            period,
            said,
            again,
            told,
        }
    }

    /// Runs until the other end of `commands` is gone.
    pub(super) fn run(mut self, commands: &Receiver<Command>) {
        self.open(None, self.due);
        loop {
            crate::fault::point("papan-sound");
            match commands.recv_timeout(self.wait(Instant::now())) {
                Ok(Command::Say(say)) => self.say(say),
                Ok(Command::Hush) => _ = self.cut(),
                Ok(Command::Volume(volume)) => self.set_volume(volume),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            let now = Instant::now();
            self.look(now);
            self.turn(now);
        }
    }

    fn wait(&self, now: Instant) -> Duration {
        match &self.line {
            Line::Opening if now < self.due => self.due - now,
            Line::Opening if now - self.due > STALLED => LOOK_SILENT,
            Line::Ready(output) if output.sounding.is_none() && !self.duck.waits() => LOOK_SILENT,
            Line::Opening | Line::Trial(_) | Line::Ready(_) => LOOK_SOUNDING,
        }
    }

    /// Lets a device go, and has one opened when that is due: both can take as long as the sound server hangs.
    fn open(&mut self, old: Option<Box<Output>>, due: Instant) {
        self.due = due;
        let (name, period, chime) = (self.settings.device.clone(), self.period, self.chime.clone());
        let request = Request { name, period, volume: self.volume, film: self.duck.level(), chime };
        self.keeper.open(request, old, due);
    }

    /// Moves the device on: one that is open is tried, one that plays is told, one that does not is let go.
    fn turn(&mut self, now: Instant) {
        match mem::replace(&mut self.line, Line::Opening) {
            Line::Opening => match self.keeper.opened() {
                Some(Ok(output)) => self.line = Line::Trial(output),
                Some(Err(why)) => {
                    self.say_none(why, now);
                    self.open(None, now + RETRY);
                }
                None if self.is_news(now) && now.saturating_duration_since(self.due) > STALLED => {
                    self.say_none("it does not answer".to_owned(), now);
                }
                None => {}
            },
            Line::Trial(mut output) => match output.lost(now) {
                None if output.pulse.plays() => self.ready(output, now),
                None => self.line = Line::Trial(output),
                Some(_) if self.period == Period::Ours && !output.pulse.filled() => {
                    self.period = Period::Short;
                    self.open(Some(output), now);
                }
                Some(why) => {
                    self.period = Period::Ours;
                    self.say_none(why.to_owned(), now);
                    self.open(Some(output), now + RETRY);
                }
            },
            ready @ Line::Ready(_) => self.line = ready,
        }
    }

    /// The device plays: from now on it is used.
    fn ready(&mut self, mut output: Box<Output>, now: Instant) {
        // What a film gave while there was no device belongs to pictures that are long gone.
        self.film.forget();
        let film = self.film.on(output.rate, output.pulse.latency());
        if output.tracks.film.play(film).is_err() {
            tracing::error!("sound: the mixer takes no film");
        }
        // It may have changed while the device was opened.
        output.tracks.set_volume(self.volume);
        let device = &self.settings.device;
        if mem::take(&mut self.said) {
            info!("sound: device {device:?} is there again");
            self.again = Some(now);
        } else {
            debug!("sound: device {device:?} takes {} frames a second", output.rate);
        }
        self.line = Line::Ready(output);
        self.tell(Ok(()));
    }

    /// Says once that there is no device; of one that comes and goes it is said seldom.
    fn say_none(&mut self, why: String, now: Instant) {
        let device = &self.settings.device;
        if self.is_news(now) {
            warn!("sound: no device {device:?}, the screen runs on without sound: {why}");
            self.said = true;
        } else {
            debug!("sound: device {device:?}: {why}");
        }
        self.tell(Err(why));
    }

    /// Whether it is worth a line in the log that there is no device.
    fn is_news(&self, now: Instant) -> bool {
        !self.said && self.again.is_none_or(|again| now.saturating_duration_since(again) >= QUIET)
    }

    /// Tells that there is a device, or none, where that is news: each telling wakes the frame.
    fn tell(&mut self, device: Result<(), String>) {
        if self.told.replace(device.is_ok()) != Some(device.is_ok()) {
            self.outbox.tell(Report::Device(device));
        }
    }

    fn output(&mut self) -> Option<&mut Output> {
        if let Line::Ready(output) = &mut self.line { Some(output) } else { None }
    }

    fn say(&mut self, say: Say) {
        let lead = if self.cut() { FADE } else { Duration::ZERO };
        let number = say.number;
        match self.begin(say, lead) {
            Ok(sounding) => {
                if let Some(output) = self.output() {
                    output.sounding = Some(sounding);
                }
            }
            Err((why, device)) => self.outbox.voiced(Voiced::Failed { number, why: why.to_owned(), device }),
        }
    }

    /// Lets what sounds fade out; whether there was something.
    fn cut(&mut self) -> bool {
        let Some(sounding) = self.output().and_then(|output| output.sounding.take()) else {
            return false;
        };
        sounding.progress.cut();
        true
    }

    /// Begins it; where that fails, why, and whether for want of a device.
    fn begin(&mut self, say: Say, lead: Duration) -> Result<Sounding, (&'static str, bool)> {
        let Line::Ready(output) = &mut self.line else { return Err(("there is no sound device", true)) };
        if say.asked.elapsed() > TOO_LATE {
            return Err(("the sound device took nothing for a while", true));
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
        let progress = output.tracks.calls.play(script).map_err(|_| ("too much sounds at once", false))?;
        if say.sentences.is_empty() || self.voice.is_none() {
            let unsaid = say.sentences.into_iter().map(|s| s.written).collect();
            // It is empty: it was made here.
            _ = voice.set(Voice { clip: Clip::empty(output.rate), unsaid });
        } else if let Some(jobs) = &self.voice {
            let job = Job { sentences: say.sentences, rate: output.rate, voice: voice.clone() };
            if jobs.try_send(job).is_err() {
                progress.cut();
                return Err(("the voice does not answer", false));
            }
        }
        Ok(Sounding { number: say.number, voice, progress, told: false, said: false })
    }

    fn set_volume(&mut self, volume: f64) {
        self.volume = volume;
        if let Some(output) = self.output() {
            output.tracks.set_volume(volume);
        }
    }

    /// Looks at what sounds: what began or ended is told, the film makes room, and a device that is gone is let go.
    fn look(&mut self, now: Instant) {
        let lost = self.output().and_then(|output| output.lost(now));
        if let Some(why) = lost {
            // Before what sounded has failed, so that it is not begun again on a device that is gone.
            self.say_none(why.to_owned(), now);
        }
        let Line::Ready(output) = &mut self.line else { return };
        if let Some(sounding) = &mut output.sounding {
            let over = sounding.look(now, lost.is_some(), &self.outbox);
            output.sounding.take_if(|_| over);
        }
        if let Some(ramp) = self.duck.turn(output.sounding.is_some(), now) {
            output.tracks.ramp(ramp);
        }
        if lost.is_some()
            && let Line::Ready(output) = mem::replace(&mut self.line, Line::Opening)
        {
            self.open(Some(output), now.max(self.due + RETRY));
        }
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
            outbox.voiced(Voiced::Failed {
                number,
                why: "the sound device was lost".to_owned(),
                device: true,
            });
        }
        spoken.is_some() || lost
    }
}

/// A moment by the wall clock.
fn wall(at: Instant, now: Instant) -> Timestamp {
    let until = SignedDuration::try_from(at.saturating_duration_since(now)).unwrap_or_default();
    let since = SignedDuration::try_from(now.saturating_duration_since(at)).unwrap_or_default();
    let wall = clock::wall();
    wall.checked_add(until - since).unwrap_or(wall)
}
