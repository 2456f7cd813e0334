//! A film that is open: it plays when the program says so, and its end leads into its beginning.
//! Invariant: the program hears ten times a second how it goes.

use std::{
    io,
    os::fd::OwnedFd,
    process,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use gst::prelude::*;
use gst_app::AppSink;
use gstreamer as gst;
use gstreamer_app as gst_app;

use super::{
    super::wire::{Bad, Came, Line, Open, Order, Report, monotonic},
    desk::{Desk, NEVER, Opening, connect, lock},
    pipeline::{self, LEAD, Pipeline},
    survey::{self, Survey, judge_error},
};

/// How often the program is told that this process lives.
const PULSE: Duration = Duration::from_millis(100);
/// How long the next order is waited for before it is waited for again.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long before its end a film may end all the same: tracks differ in length.
const TOLERANCE: u64 = 1_500_000_000;
/// How near to its picture's end a film shows its last frame, in nanoseconds: a frame at 3 a second.
const LAST_FRAME: u64 = 350_000_000;

/// An open film.
pub(super) struct Reel {
    desk: Arc<Desk>,
    pipeline: Pipeline,
    survey: Survey,
    loops: bool,
    over: bool,
    /// Whether it was read to its end while it was opened.
    ended: bool,
}

/// Opens a film, and decodes its first frame.
///
/// # Errors
/// Why it cannot be shown.
pub(super) fn open(line: &Arc<Line>, memory: OwnedFd, open: &Open) -> Result<Reel, Bad> {
    let survey = survey::survey(&open.path)?;
    let pipeline = pipeline::build(&open.path, &survey, open.volume)?;
    let desk = Arc::new(Desk {
        line: line.clone(),
        form: open.form,
        memory,
        writer: Mutex::default(),
        convert: Mutex::default(),
        opening: Mutex::default(),
        zero: AtomicU64::new(NEVER),
        next: AtomicU64::new(NEVER),
        newest: AtomicU64::new(0),
        newest_due: AtomicU64::new(0),
        ended: AtomicU64::new(NEVER),
        shown: AtomicU64::new(0),
    });
    let mut reel = Reel { desk, pipeline, survey, loops: false, over: false, ended: false };
    let opened = reel.preroll(open.from);
    opened.map(|()| reel)
}

impl Reel {
    fn preroll(&mut self, from: u64) -> Result<(), Bad> {
        let whole = &self.pipeline.whole;
        survey::reach(whole, gst::State::Paused, gst::MessageType::AsyncDone)?;
        // In segments the film ends without emptying the decoder, and begins anew behind its own end.
        let flags = gst::SeekFlags::FLUSH | gst::SeekFlags::SEGMENT;
        let (flags, from) = match from {
            0 => (flags, 0),
            from => (flags | gst::SeekFlags::KEY_UNIT | gst::SeekFlags::SNAP_BEFORE, from),
        };
        *lock(&self.desk.opening) = Some(Opening { length: self.survey.length, loops: self.survey.seekable });
        connect(&self.pipeline, &self.desk);
        self.loops = self.survey.seekable && seek(whole, flags, from);
        if self.loops {
            // A film of a second may be read to its end before its first frame is there.
            let kinds = [gst::MessageType::AsyncDone, gst::MessageType::SegmentDone];
            while survey::await_one(whole, &kinds, survey::PATIENCE)? == gst::MessageType::SegmentDone {
                self.ended = true;
            }
        } else {
            if let Some(opening) = lock(&self.desk.opening).as_mut() {
                opening.loops = false;
            }
            // Where one cannot seek, the frame that is there is the first one.
            let first = self.pipeline.picture.try_pull_preroll(gst::ClockTime::ZERO);
            self.desk.put(&first.ok_or(Bad::NoPicture)?, true).map_err(|_| Bad::NoPicture)?;
        }
        if lock(&self.desk.opening).is_some() { Err(Bad::NoPicture) } else { Ok(()) }
    }

    /// Watches the pipeline, and takes orders aside, until the program ends the line.
    ///
    /// # Errors
    /// The program is gone.
    pub(super) fn run(&mut self) -> io::Result<()> {
        let bus = self.pipeline.whole.bus().ok_or_else(|| io::Error::other("a pipeline without a bus"))?;
        let (desk, whole, sound) =
            (self.desk.clone(), self.pipeline.whole.clone(), self.pipeline.sound.clone());
        thread::Builder::new()
            .name("orders".into())
            .spawn(move || take_orders(&desk, &whole, sound.as_ref()))?;
        if self.ended {
            self.again()?;
        }
        let mut pulse = Instant::now();
        loop {
            let left = PULSE.saturating_sub(pulse.elapsed());
            if let Some(message) = bus.timed_pop(gst::ClockTime::from_nseconds(left.as_nanos() as u64)) {
                self.message(&message)?;
            }
            if pulse.elapsed() >= PULSE {
                pulse = Instant::now();
                self.tell()?;
                let ended = self.desk.ended.swap(NEVER, Ordering::Relaxed);
                if ended != NEVER && self.is_short(ended) {
                    self.desk.line.say(&Report::Short(ended))?;
                }
            }
        }
    }

    fn tell(&self) -> io::Result<()> {
        let desk = &self.desk;
        let next = Some(desk.next.load(Ordering::Relaxed)).filter(|next| *next != NEVER);
        let zero = desk.zero.load(Ordering::Relaxed);
        let stands = zero == NEVER || self.over;
        let shown = desk.shown.load(Ordering::Relaxed);
        // A decoder that is late leaves frames out by itself, and nobody counts them: they are those that
        // should have come until now.
        let rate = self.survey.rate.filter(|_| !stands).unwrap_or(0.0);
        let due = self.pictured(monotonic().saturating_sub(zero)) as f64 / 1e9 * rate;
        desk.line.say(&Report::Alive {
            // A film that stands still has its next frame whenever it is let run.
            next: if stands { Some(NEVER) } else { next.or_else(|| self.begins_anew()) },
            shown,
            dropped: (due as u64).saturating_sub(shown),
        })
    }

    /// How much of the time since the film began to play, in nanoseconds, there was a picture: its sound may be
    /// longer.
    fn pictured(&self, elapsed: u64) -> u64 {
        let Some((end, length)) = self.survey.picture_end.zip(self.survey.length) else { return elapsed };
        let (rounds, rest) = (elapsed / length.max(1), elapsed % length.max(1));
        rounds * end.min(length) + rest.min(end)
    }

    /// When the film begins anew, where its picture is over and only its sound goes on; by the monotonic clock,
    /// in nanoseconds.
    fn begins_anew(&self) -> Option<u64> {
        let newest = self.desk.newest.load(Ordering::Relaxed);
        let (end, length) = self.survey.picture_end.zip(self.survey.length)?;
        let due = self.desk.newest_due.load(Ordering::Relaxed);
        (newest + LAST_FRAME >= end).then(|| due.saturating_add(length.saturating_sub(newest)))
    }

    fn message(&mut self, message: &gst::Message) -> io::Result<()> {
        match message.view() {
            gst::MessageView::SegmentDone(_) => return self.again(),
            gst::MessageView::Eos(_) => {
                self.over = true;
                let end = self.desk.newest.load(Ordering::Relaxed);
                return self.desk.line.say(&if self.is_short(end) {
                    Report::Short(end)
                } else {
                    Report::Over
                });
            }
            gst::MessageView::Error(error) => {
                self.over = true;
                return self.desk.line.say(&Report::Bad(judge_error(error)));
            }
            _ => {}
        }
        Ok(())
    }

    /// Begins anew behind the film's end.
    fn again(&mut self) -> io::Result<()> {
        if seek(&self.pipeline.whole, gst::SeekFlags::SEGMENT, 0) {
            return Ok(());
        }
        self.over = true;
        self.desk.line.say(&Report::Over)
    }

    /// Whether a film whose last frame was there ended long before its time.
    fn is_short(&self, end: u64) -> bool {
        let length = self.survey.picture_end.or(self.survey.length);
        length.is_some_and(|length| end + TOLERANCE.max(length / 20) < length)
    }
}

/// Does what the program says, until it ends the line: then there is nothing more to do for this process.
fn take_orders(desk: &Desk, whole: &gst::Pipeline, sound: Option<&AppSink>) {
    loop {
        match desk.line.hear::<Order>(PATIENCE) {
            Came::Said(Order::Play { zero, ahead }) => play(desk, whole, sound, zero, ahead),
            Came::Said(Order::Free(slot)) => {
                if let Some(writer) = &*lock(&desk.writer) {
                    writer.give(slot);
                }
            }
            // A process opens one film.
            Came::Said(Order::Open(_) | Order::Look(_)) | Came::Sound(..) | Came::Nothing => {}
            Came::Gone => process::exit(0),
        }
    }
}

fn play(desk: &Desk, whole: &gst::Pipeline, sound: Option<&AppSink>, zero: u64, ahead: u64) {
    desk.zero.store(zero, Ordering::Relaxed);
    let lead = LEAD.as_nanos() as u64;
    if let Some(sound) = sound {
        // Sound leaves earlier than pictures by what the loudspeaker is late.
        sound.set_property("ts-offset", -i64::try_from(ahead.saturating_sub(lead)).unwrap_or(0));
    }
    // The system's clock is the monotonic one, which all processes share.
    whole.use_clock(Some(&gst::SystemClock::obtain()));
    whole.set_start_time(gst::ClockTime::NONE);
    whole.set_base_time(gst::ClockTime::from_nseconds(zero.saturating_sub(lead)));
    // What fails here is told by the bus.
    let _ = whole.set_state(gst::State::Playing);
}

fn seek(whole: &gst::Pipeline, flags: gst::SeekFlags, from: u64) -> bool {
    let from = gst::ClockTime::from_nseconds(from);
    whole.seek(1.0, flags, gst::SeekType::Set, from, gst::SeekType::None, gst::ClockTime::NONE).is_ok()
}
