//! A film that is open: its frames into slots, its sound over the line, its end into its beginning.
//! Invariant: a frame leaves once, with the moment at which it is due by the system's monotonic clock.

use std::{
    io,
    os::fd::OwnedFd,
    process,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use gst::prelude::*;
use gst_app::{AppSink, AppSinkCallbacks};
use gst_video::VideoInfo;
use gstreamer as gst;
use gstreamer_app as gst_app;
use gstreamer_video as gst_video;

use super::{
    super::{
        memory::{SLOTS, Writer, stride},
        wire::{Bad, Came, Form, Line, Open, Order, Report, monotonic},
    },
    convert::{self, Convert},
    pipeline::{self, LEAD, Pipeline},
    survey::{self, Survey, judge_error},
};
use crate::state::FilmInput;

/// How often the program is told that this process lives.
const PULSE: Duration = Duration::from_millis(100);
/// How long the next order is waited for before it is waited for again.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a frame waits for a free slot before it is dropped.
const ROOM: Duration = Duration::from_millis(40);
/// How long before its end a film may end all the same: tracks differ in length.
const TOLERANCE: u64 = 1_500_000_000;
/// No time.
const NEVER: u64 = u64::MAX;

/// What the decoder's threads and the main one share.
struct Desk {
    line: Arc<Line>,
    form: Form,
    memory: OwnedFd,
    /// Made with the first frame: only then its size is known.
    writer: Mutex<Option<Arc<Writer>>>,
    convert: Mutex<Option<Convert>>,
    opening: Mutex<Option<Opening>>,
    /// When the film's first frame is due by the monotonic clock, in nanoseconds.
    zero: AtomicU64,
    /// When the frame that waits in the sink is due, or [`NEVER`].
    next: AtomicU64,
    /// The moment of the newest frame, in nanoseconds of the film.
    newest: AtomicU64,
    /// Frames that left since the film began to play.
    shown: AtomicU64,
}

/// What is told with the first frame.
struct Opening {
    length: Option<u64>,
    loops: bool,
}

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
        let due = self
            .survey
            .rate
            .filter(|_| !stands)
            .map_or(0.0, |rate| monotonic().saturating_sub(zero) as f64 / 1e9 * rate);
        desk.line.say(&Report::Alive {
            // A film that stands still has its next frame whenever it is let run.
            next: if stands { Some(NEVER) } else { next },
            shown,
            dropped: (due as u64).saturating_sub(shown),
        })
    }

    fn message(&mut self, message: &gst::Message) -> io::Result<()> {
        match message.view() {
            gst::MessageView::SegmentDone(_) => return self.again(),
            gst::MessageView::Eos(_) => {
                self.over = true;
                let report = self.short().map_or(Report::Over, Report::Short);
                return self.desk.line.say(&report);
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
        if let Some(short) = self.short() {
            self.over = true;
            return self.desk.line.say(&Report::Short(short));
        }
        if !seek(&self.pipeline.whole, gst::SeekFlags::SEGMENT, 0) {
            self.over = true;
            return self.desk.line.say(&Report::Over);
        }
        Ok(())
    }

    /// Where the film ended, if that is long before its length says.
    fn short(&self) -> Option<u64> {
        // Frames wait before the sink: what has left the decoder counts, by what the sink saw last.
        let position =
            self.pipeline.whole.query_position::<gst::ClockTime>().map_or(0, gst::ClockTime::nseconds);
        let seen = self.desk.newest.load(Ordering::Relaxed).max(position);
        let length = self.survey.length?;
        let waiting = 2_500_000_000;
        (seen + TOLERANCE.max(length / 20) + waiting < length).then_some(seen)
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

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn seek(whole: &gst::Pipeline, flags: gst::SeekFlags, from: u64) -> bool {
    let from = gst::ClockTime::from_nseconds(from);
    whole.seek(1.0, flags, gst::SeekType::Set, from, gst::SeekType::None, gst::ClockTime::NONE).is_ok()
}

/// Takes over frames and sound from now on.
fn connect(pipeline: &Pipeline, desk: &Arc<Desk>) {
    if let Some(pad) = pipeline.picture.static_pad("sink") {
        let desk = desk.clone();
        pad.add_probe(gst::PadProbeType::BUFFER, move |pad, info| {
            if let Some(gst::PadProbeData::Buffer(buffer)) = &info.data {
                desk.next.store(desk.due_of(pad, buffer).unwrap_or(NEVER), Ordering::Relaxed);
            }
            gst::PadProbeReturn::Ok
        });
    }
    let (first, next) = (desk.clone(), desk.clone());
    let prerolled = Arc::new(Mutex::new(None));
    let began = prerolled.clone();
    pipeline.picture.set_callbacks(
        AppSinkCallbacks::builder()
            .new_preroll(move |sink: &AppSink| {
                let sample = sink.pull_preroll().map_err(|_| gst::FlowError::Eos)?;
                *lock(&prerolled) = sample.buffer().map(gst::BufferRef::pts);
                if lock(&first.opening).is_some() {
                    first.put(&sample, true)?;
                }
                Ok(gst::FlowSuccess::Ok)
            })
            .new_sample(move |sink: &AppSink| {
                let sample = sink.pull_sample().map_err(|_| gst::FlowError::Eos)?;
                // The first frame comes a second time when the film begins to run.
                let again = lock(&began)
                    .take()
                    .is_some_and(|pts| sample.buffer().map(gst::BufferRef::pts) == Some(pts));
                if !again {
                    next.put(&sample, false)?;
                }
                next.next.store(NEVER, Ordering::Relaxed);
                Ok(gst::FlowSuccess::Ok)
            })
            .build(),
    );
    if let Some(sound) = &pipeline.sound {
        let desk = desk.clone();
        sound.set_callbacks(
            AppSinkCallbacks::builder()
                .new_sample(move |sink: &AppSink| {
                    let sample = sink.pull_sample().map_err(|_| gst::FlowError::Eos)?;
                    desk.sound(&sample)
                })
                .build(),
        );
    }
}

impl Desk {
    /// When what stands at this running time is due.
    fn due(&self, running: gst::ClockTime) -> Option<u64> {
        let zero = self.zero.load(Ordering::Relaxed);
        (zero != NEVER).then(|| zero.saturating_add(running.nseconds()))
    }

    fn due_of(&self, pad: &gst::Pad, buffer: &gst::Buffer) -> Option<u64> {
        let segment = pad.sticky_event::<gst::event::Segment>(0)?;
        let segment = segment.segment().downcast_ref::<gst::ClockTime>()?;
        self.due(segment.to_running_time(buffer.pts()?)?)
    }

    /// A frame into a slot.
    fn put(&self, sample: &gst::Sample, first: bool) -> Result<(), gst::FlowError> {
        let (Some(buffer), Some(caps)) = (sample.buffer(), sample.caps()) else { return Ok(()) };
        let info = VideoInfo::from_caps(caps).map_err(|_| gst::FlowError::NotNegotiated)?;
        let segment = sample.segment().and_then(|s| s.downcast_ref::<gst::ClockTime>());
        let time =
            |to: fn(&gst::FormattedSegment<gst::ClockTime>, gst::ClockTime) -> Option<gst::ClockTime>| {
                segment.zip(buffer.pts()).and_then(|(segment, pts)| to(segment, pts))
            };
        let position = time(|s, pts| s.to_stream_time(pts)).map_or(0, gst::ClockTime::nseconds);
        let running = time(|s, pts| s.to_running_time(pts)).unwrap_or_default();
        let due = if first { None } else { Some(self.due(running).ok_or(gst::FlowError::Flushing)?) };
        let mut convert = lock(&self.convert);
        if convert.as_ref().is_none_or(|convert| !convert.suits(&info)) {
            *convert = Some(Convert::new(self.form, &info).map_err(|_| gst::FlowError::NotNegotiated)?);
        }
        let Some(convert) = convert.as_mut() else { return Ok(()) };
        let writer = self.writer(&info)?;
        // Without room the frame is dropped: the program is late.
        let Some(slot) = writer.take(ROOM) else { return Ok(()) };
        if writer.write(slot, |bytes| convert.write(buffer, bytes)).is_err() {
            // A film that grows in the middle does not fit into its slots any more.
            return Err(gst::FlowError::NotNegotiated);
        }
        self.newest.store(position, Ordering::Relaxed);
        self.shown.fetch_add(1, Ordering::Relaxed);
        let gone = |_| gst::FlowError::Eos;
        if let Some(opening) = lock(&self.opening).take() {
            let opened = Report::Opened {
                length: opening.length,
                loops: opening.loops,
                shape: convert::shape(&info),
                slots: SLOTS,
                stride: stride(convert::slot_bytes(self.form, &info)),
            };
            self.line.say(&opened).map_err(gone)?;
        }
        self.line.say(&Report::Frame { slot, due, position, planes: convert.planes() }).map_err(gone)
    }

    fn writer(&self, info: &VideoInfo) -> Result<Arc<Writer>, gst::FlowError> {
        let mut writer = lock(&self.writer);
        if let Some(writer) = &*writer {
            return Ok(writer.clone());
        }
        let made = Writer::new(&self.memory, convert::slot_bytes(self.form, info));
        Ok(writer.insert(Arc::new(made.map_err(|_| gst::FlowError::Error)?)).clone())
    }

    /// Sound over the line, in pieces.
    fn sound(&self, sample: &gst::Sample) -> Result<gst::FlowSuccess, gst::FlowError> {
        let (Some(buffer), Some(segment)) = (sample.buffer(), sample.segment()) else {
            return Ok(gst::FlowSuccess::Ok);
        };
        let segment = segment.downcast_ref::<gst::ClockTime>();
        let running = segment.zip(buffer.pts()).and_then(|(segment, pts)| segment.to_running_time(pts));
        let Some(due) = running.and_then(|running| self.due(running)) else {
            return Ok(gst::FlowSuccess::Ok);
        };
        let bytes = buffer.map_readable().map_err(|_| gst::FlowError::Error)?;
        let float = |b: &[u8]| f32::from_ne_bytes([b[0], b[1], b[2], b[3]]);
        let frames: Vec<[f32; 2]> =
            bytes.as_chunks::<8>().0.iter().map(|f| [float(&f[..4]), float(&f[4..])]).collect();
        for (at, piece) in frames.chunks(FilmInput::PIECE).enumerate() {
            let due = due + (at * FilmInput::PIECE) as u64 * 1_000_000_000 / u64::from(FilmInput::RATE);
            self.line.sound(due, piece).map_err(|_| gst::FlowError::Eos)?;
        }
        Ok(gst::FlowSuccess::Ok)
    }
}
