//! A first look at a film, without decoding it: what is in it, how long it is, and whether it is all there.
//! Invariant: a film that passes has a picture that this machine has a decoder for.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use gst::prelude::*;
use gstreamer as gst;

use super::super::wire::Bad;

/// The longest side of a picture that is decoded, in pixels.
const LONGEST: i32 = 8192;
/// How much of a film's length may be missing at its end: tracks differ in length.
const TOLERANCE: Duration = Duration::from_millis(1_500);
/// How long a step may take; a file may lie on a slow drive.
const PATIENCE: gst::ClockTime = gst::ClockTime::from_seconds(10);

/// What a film is.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Survey {
    /// The picture's codec, as people call it.
    pub codec: String,
    /// The sound's codec, as people call it.
    pub sound: Option<String>,
    /// The length in nanoseconds.
    pub length: Option<u64>,
    /// Whether one can go to any of its moments.
    pub seekable: bool,
    /// Whether its picture is to be turned or mirrored.
    pub turned: bool,
    /// Frames a second, where they come at a steady rate.
    pub rate: Option<f64>,
}

/// What the pads tell while packets pass.
#[derive(Debug, Default)]
struct Seen {
    streams: Vec<gst::Caps>,
    turned: bool,
    /// The end of the last packet, in nanoseconds of the film.
    end: u64,
}

/// Looks at a film.
///
/// # Errors
/// Why it cannot be shown.
pub(super) fn survey(path: &Path) -> Result<Survey, Bad> {
    let size =
        fs::File::open(path).and_then(|file| file.metadata()).map_err(|err| Bad::Unread(err.to_string()))?;
    if size.is_dir() {
        return Err(Bad::NoFilm);
    }
    if size.len() == 0 {
        return Err(Bad::Empty);
    }
    let seen = Arc::new(Mutex::new(Seen::default()));
    let (pipeline, ended) = build(path, &seen).map_err(|err| Bad::Other(err.to_string()))?;
    let surveyed = look(&pipeline, &seen);
    // It always comes to rest; what it was cannot be of use any more.
    let _ = pipeline.set_state(gst::State::Null);
    drop(ended);
    surveyed
}

fn build(
    path: &Path,
    seen: &Arc<Mutex<Seen>>,
) -> Result<(gst::Pipeline, gst::Element), gst::glib::BoolError> {
    let pipeline = gst::Pipeline::new();
    let file = gst::ElementFactory::make("filesrc").property("location", path).build()?;
    let parse = gst::ElementFactory::make("parsebin").build()?;
    pipeline.add_many([&file, &parse])?;
    file.link(&parse)?;
    let (weak, seen) = (pipeline.downgrade(), seen.clone());
    parse.connect_pad_added(move |_, pad| {
        let Some(pipeline) = weak.upgrade() else { return };
        let Ok(sink) = gst::ElementFactory::make("fakesink").property("sync", false).build() else { return };
        watch(pad, &seen);
        // A stream that cannot be taken is one less; the rest is looked at.
        if pipeline.add(&sink).is_ok()
            && let Some(to) = sink.static_pad("sink")
        {
            let _ = pad.link(&to);
            let _ = sink.sync_state_with_parent();
        }
    });
    Ok((pipeline, parse))
}

/// Notes what passes a pad.
fn watch(pad: &gst::Pad, seen: &Arc<Mutex<Seen>>) {
    let seen = seen.clone();
    let segment = Mutex::new(gst::FormattedSegment::<gst::ClockTime>::new());
    let what = gst::PadProbeType::BUFFER | gst::PadProbeType::EVENT_DOWNSTREAM;
    pad.add_probe(what, move |_, info| {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut segment = segment.lock().unwrap_or_else(PoisonError::into_inner);
        match &info.data {
            Some(gst::PadProbeData::Event(event)) => match event.view() {
                gst::EventView::Caps(caps) => seen.streams.push(caps.caps_owned()),
                gst::EventView::Segment(new) => {
                    if let Some(new) = new.segment().downcast_ref::<gst::ClockTime>() {
                        *segment = new.clone();
                    }
                }
                gst::EventView::Tag(tags) => {
                    let turn = tags.tag().get::<gst::tags::ImageOrientation>();
                    seen.turned |= turn.is_some_and(|turn| turn.get() != "rotate-0");
                }
                _ => {}
            },
            Some(gst::PadProbeData::Buffer(buffer)) => {
                let end = buffer.pts().map(|pts| pts + buffer.duration().unwrap_or(gst::ClockTime::ZERO));
                let end = end.and_then(|end| segment.to_stream_time(end).or(Some(end)));
                seen.end = seen.end.max(end.map_or(0, gst::ClockTime::nseconds));
            }
            _ => {}
        }
        gst::PadProbeReturn::Ok
    });
}

fn look(pipeline: &gst::Pipeline, seen: &Mutex<Seen>) -> Result<Survey, Bad> {
    let seen = || seen.lock().unwrap_or_else(PoisonError::into_inner);
    go(pipeline, gst::State::Paused)?;
    let length = pipeline.query_duration::<gst::ClockTime>().filter(|length| !length.is_zero());
    let mut seeking = gst::query::Seeking::new(gst::Format::Time);
    let seekable = pipeline.query(&mut seeking) && seeking.result().0 && length.is_some();
    let mut survey = judge(&seen().streams)?;
    survey.turned = seen().turned;
    survey.length = length.map(gst::ClockTime::nseconds);
    survey.seekable = seekable;
    if let Some(length) = length
        && !whole(pipeline, &seen, length, seekable)?
    {
        return Err(Bad::Short);
    }
    Ok(survey)
}

/// Whether the last packets are there: those near the end are asked for, and in doubt all of them.
fn whole<'s>(
    pipeline: &gst::Pipeline,
    seen: &impl Fn() -> std::sync::MutexGuard<'s, Seen>,
    length: gst::ClockTime,
    seekable: bool,
) -> Result<bool, Bad> {
    let tolerance = gst::ClockTime::from_nseconds(TOLERANCE.as_nanos() as u64).max(length / 20);
    let Some(last) = length.checked_sub(tolerance) else { return Ok(true) };
    if !seekable {
        // It is played as far as it goes.
        return Ok(true);
    }
    for from in [last, gst::ClockTime::ZERO] {
        if pipeline.seek_simple(gst::SeekFlags::FLUSH | gst::SeekFlags::KEY_UNIT, from).is_err() {
            continue;
        }
        to_end(pipeline)?;
        if seen().end >= last.nseconds() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Runs to the end.
fn to_end(pipeline: &gst::Pipeline) -> Result<(), Bad> {
    let playing = pipeline.set_state(gst::State::Playing);
    let bus = pipeline.bus().ok_or(Bad::NoFilm)?;
    let ends = [gst::MessageType::Eos, gst::MessageType::Error];
    let ended = playing.is_ok().then(|| bus.timed_pop_filtered(PATIENCE, &ends)).flatten();
    // An error while packets are read is told by what is missing then.
    if ended.is_none() {
        return Err(Bad::Other("reading takes too long".to_owned()));
    }
    Ok(())
}

/// Brings a pipeline into a state, and waits until it is there.
pub(super) fn go(pipeline: &gst::Pipeline, state: gst::State) -> Result<(), Bad> {
    let began = pipeline.set_state(state).is_ok();
    let bus = pipeline.bus().ok_or(Bad::NoFilm)?;
    let wanted = [gst::MessageType::AsyncDone, gst::MessageType::Error, gst::MessageType::Eos];
    let patience = if began { PATIENCE } else { gst::ClockTime::ZERO };
    match bus.timed_pop_filtered(patience, &wanted) {
        Some(message) => match message.view() {
            gst::MessageView::Error(error) => Err(judge_error(error)),
            gst::MessageView::Eos(_) => Err(Bad::NoPicture),
            _ => Ok(()),
        },
        None if began => Err(Bad::Other("opening takes too long".to_owned())),
        None => Err(Bad::NoFilm),
    }
}

/// What an error of GStreamer's means for the film.
pub(super) fn judge_error(error: &gst::message::Error) -> Bad {
    let cause = error.error();
    let nothing_known =
        [gst::StreamError::TypeNotFound, gst::StreamError::WrongType, gst::StreamError::Demux];
    if nothing_known.iter().any(|kind| cause.matches(*kind)) {
        return Bad::NoFilm;
    }
    if cause.matches(gst::StreamError::CodecNotFound) {
        return Bad::Codec(cause.message().to_owned());
    }
    Bad::Other(cause.message().to_owned())
}

/// What the streams are, by the descriptions of their packets.
fn judge(streams: &[gst::Caps]) -> Result<Survey, Bad> {
    let mut survey = Survey::default();
    let (mut still, mut found) = (false, false);
    for caps in streams {
        let Some(s) = caps.structure(0) else { continue };
        let name = s.name().as_str();
        if name.starts_with("image/") && streams.len() == 1 {
            still = true;
        } else if (name.starts_with("video/") || name.starts_with("image/")) && !found {
            found = true;
            survey.codec = codec(s);
            let side = |name| s.get::<i32>(name).unwrap_or(0);
            let (width, height) = (side("width"), side("height"));
            if width.max(height) > LONGEST {
                return Err(Bad::Huge(width.cast_unsigned(), height.cast_unsigned()));
            }
            let rate = s.get::<gst::Fraction>("framerate").ok().filter(|rate| rate.numer() > 0);
            survey.rate = rate.map(|rate| f64::from(rate.numer()) / f64::from(rate.denom().max(1)));
            if !name.ends_with("x-raw") && !decodable(caps) {
                return Err(Bad::Codec(survey.codec));
            }
        } else if name.starts_with("audio/") && survey.sound.is_none() {
            survey.sound = Some(codec(s));
        }
    }
    match (found, still) {
        (true, _) => Ok(survey),
        (false, true) => Err(Bad::Still),
        (false, false) => Err(Bad::NoPicture),
    }
}

fn decodable(caps: &gst::Caps) -> bool {
    gst::ElementFactory::factories_with_type(gst::ElementFactoryType::DECODER, gst::Rank::MARGINAL)
        .iter()
        .any(|factory| factory.can_sink_any_caps(caps))
}

/// A codec as people call it.
fn codec(s: &gst::StructureRef) -> String {
    let version = s.get::<i32>("mpegversion").or_else(|_| s.get::<i32>("wmvversion")).unwrap_or(0);
    let layer = s.get::<i32>("layer").unwrap_or(0);
    match (s.name().as_str(), version, layer) {
        ("video/x-h264", ..) => "H.264",
        ("video/x-h265", ..) => "H.265",
        ("video/x-vp8", ..) => "VP8",
        ("video/x-vp9", ..) => "VP9",
        ("video/x-av1", ..) => "AV1",
        ("video/mpeg", 4, _) => "MPEG-4",
        ("video/mpeg", 1 | 2, _) => "MPEG-2",
        ("image/jpeg", ..) => "Motion JPEG",
        ("audio/mpeg", 1, 3) => "MP3",
        ("audio/mpeg", 2 | 4, _) => "AAC",
        ("audio/x-opus", ..) => "Opus",
        ("audio/x-vorbis", ..) => "Vorbis",
        ("audio/x-ac3", ..) => "AC-3",
        ("audio/x-raw", ..) => "PCM",
        (other, ..) => {
            return other.split_once('/').map_or(other, |(_, name)| name).trim_start_matches("x-").to_owned();
        }
    }
    .to_owned()
}
