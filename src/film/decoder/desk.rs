//! What the decoder's threads and the main one share: frames into slots, sound over the line.
//! Invariant: a frame leaves once, with the moment at which it is due by the system's monotonic clock.

use std::{
    os::fd::OwnedFd,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
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
        wire::{Form, Line, Report},
    },
    convert::{self, Convert},
    pipeline::Pipeline,
};
use crate::state::FilmInput;

/// How long a frame waits for a free slot before it is dropped.
const ROOM: Duration = Duration::from_millis(40);
/// No time.
pub(super) const NEVER: u64 = u64::MAX;

/// What the decoder's threads and the main one share.
pub(super) struct Desk {
    pub line: Arc<Line>,
    pub form: Form,
    pub memory: OwnedFd,
    /// Made with the first frame: only then its size is known.
    pub writer: Mutex<Option<Arc<Writer>>>,
    pub convert: Mutex<Option<Convert>>,
    pub opening: Mutex<Option<Opening>>,
    /// When the film's first frame is due by the monotonic clock, in nanoseconds.
    pub zero: AtomicU64,
    /// When the frame that waits in the sink is due, or [`NEVER`].
    pub next: AtomicU64,
    /// The moment of the newest frame, in nanoseconds of the film.
    pub newest: AtomicU64,
    /// When that one is due.
    pub newest_due: AtomicU64,
    /// Where the film ended before it began anew, in nanoseconds of it, or [`NEVER`].
    pub ended: AtomicU64,
    /// Frames that left since the film began to play.
    pub shown: AtomicU64,
}

/// What is told with the first frame.
pub(super) struct Opening {
    pub length: Option<u64>,
    pub loops: bool,
}

/// Takes over frames and sound from now on.
pub(super) fn connect(pipeline: &Pipeline, desk: &Arc<Desk>) {
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
    pub(super) fn put(&self, sample: &gst::Sample, first: bool) -> Result<(), gst::FlowError> {
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
        let before = self.newest.swap(position, Ordering::Relaxed);
        if position < before && !first {
            self.ended.store(before, Ordering::Relaxed);
        }
        self.newest_due.store(due.unwrap_or(0), Ordering::Relaxed);
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

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
