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

/// What GStreamer calls a codec that it does not know.
const UNKNOWN: &str = "unknown";
/// The longest side of a picture that is decoded, in pixels.
const LONGEST: i32 = 8192;
/// How much of a film's length may be missing at its end: tracks differ in length.
const TOLERANCE: Duration = Duration::from_millis(1_500);
/// How long a step may take; a file may lie on a slow drive.
pub(super) const PATIENCE: gst::ClockTime = gst::ClockTime::from_seconds(10);

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
    /// Pixels a second; `None` where the frames come at no steady rate.
    pub pixels: Option<f64>,
    /// Where the picture ends, in nanoseconds: its sound may be longer. `None` where nobody looked so far.
    pub picture_end: Option<u64>,
}

/// What the pads tell while packets pass.
#[derive(Debug, Default)]
struct Seen {
    streams: Vec<gst::Pad>,
    /// The end of the last packet, in nanoseconds of the film.
    end: u64,
    /// The same of the picture's packets alone.
    picture: u64,
}

/// Looks at a film.
///
/// # Errors
/// Why it cannot be shown.
pub(super) fn survey(path: &Path) -> Result<Survey, Bad> {
    let unread = |err: std::io::Error| Bad::Unread(err.to_string());
    // A pipe would hold who opens it.
    if !fs::metadata(path).map_err(unread)?.is_file() {
        return Err(Bad::NoFilm);
    }
    let size = fs::File::open(path).and_then(|file| file.metadata()).map_err(unread)?;
    if size.len() == 0 {
        return Err(Bad::Empty);
    }
    let seen = Arc::new(Mutex::new(Seen::default()));
    let pipeline = build(path, &seen).map_err(|err| Bad::Other(err.to_string()))?;
    let surveyed = look(&pipeline, &seen);
    // It always comes to rest; what it was cannot be of use any more.
    let _ = pipeline.set_state(gst::State::Null);
    surveyed
}

fn build(path: &Path, seen: &Arc<Mutex<Seen>>) -> Result<gst::Pipeline, gst::glib::BoolError> {
    let pipeline = gst::Pipeline::new();
    let file = gst::ElementFactory::make("filesrc").property("location", path).build()?;
    let parse = gst::ElementFactory::make("parsebin").build()?;
    pipeline.add_many([&file, &parse])?;
    file.link(&parse)?;
    let (weak, seen) = (pipeline.downgrade(), seen.clone());
    parse.connect_pad_added(move |_, pad| {
        let Some(pipeline) = weak.upgrade() else { return };
        let Ok(sink) =
            gst::ElementFactory::make("fakesink").property("sync", false).property("async", false).build()
        else {
            return;
        };
        watch(pad, &seen);
        // A stream that cannot be taken is one less; the rest is looked at.
        if pipeline.add(&sink).is_ok()
            && let Some(to) = sink.static_pad("sink")
        {
            let _ = pad.link(&to);
            let _ = sink.sync_state_with_parent();
        }
    });
    let weak = pipeline.downgrade();
    parse.connect_no_more_pads(move |parse| {
        let known = gst::message::Application::builder(gst::Structure::new_empty("known")).src(parse).build();
        if let Some(bus) = weak.upgrade().and_then(|pipeline| pipeline.bus()) {
            // It fails where nobody listens any more.
            let _ = bus.post(known);
        }
    });
    Ok(pipeline)
}

/// Notes a stream, and the end of each of its packets.
fn watch(pad: &gst::Pad, seen: &Arc<Mutex<Seen>>) {
    seen.lock().unwrap_or_else(PoisonError::into_inner).streams.push(pad.clone());
    let seen = seen.clone();
    let caps = pad.current_caps();
    let is_picture =
        caps.as_ref().and_then(|c| c.structure(0)).is_some_and(|s| s.name().starts_with("video/"));
    pad.add_probe(gst::PadProbeType::BUFFER, move |pad, info| {
        if let Some(gst::PadProbeData::Buffer(buffer)) = &info.data {
            let end = buffer.pts().map(|pts| pts + buffer.duration().unwrap_or(gst::ClockTime::ZERO));
            let segment = pad.sticky_event::<gst::event::Segment>(0);
            let segment = segment.as_ref().and_then(|s| s.segment().downcast_ref::<gst::ClockTime>());
            let end = end.and_then(|end| segment.and_then(|s| s.to_stream_time(end)).or(Some(end)));
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            let end = end.map_or(0, gst::ClockTime::nseconds);
            seen.end = seen.end.max(end);
            if is_picture {
                seen.picture = seen.picture.max(end);
            }
        }
        gst::PadProbeReturn::Ok
    });
}

/// Whether a stream's picture is to be turned or mirrored.
fn turned(pad: &gst::Pad) -> bool {
    (0..).map_while(|at| pad.sticky_event::<gst::event::Tag>(at)).any(|event| {
        let turn = event.tag().get::<gst::tags::ImageOrientation>();
        turn.is_some_and(|turn| turn.get() != "rotate-0")
    })
}

fn look(pipeline: &gst::Pipeline, seen: &Mutex<Seen>) -> Result<Survey, Bad> {
    let seen = || seen.lock().unwrap_or_else(PoisonError::into_inner);
    // Packets run through from now on: a stream that waits would hold the others.
    match reach(pipeline, gst::State::Playing, gst::MessageType::Application) {
        // A short film is through already.
        Ok(()) | Err(Bad::NoPicture) => {}
        Err(bad) => return Err(bad),
    }
    let length = pipeline.query_duration::<gst::ClockTime>().filter(|length| !length.is_zero());
    let mut seeking = gst::query::Seeking::new(gst::Format::Time);
    let seekable = pipeline.query(&mut seeking) && seeking.result().0 && length.is_some();
    let streams = seen().streams.clone();
    let caps: Vec<gst::Caps> = streams.iter().filter_map(gst::Pad::current_caps).collect();
    let mut survey = judge(&caps)?;
    survey.turned = streams.iter().any(turned);
    survey.length = length.map(gst::ClockTime::nseconds);
    survey.seekable = seekable;
    if let Some(length) = length
        && !whole(pipeline, &seen, length, seekable)?
    {
        return Err(Bad::Short);
    }
    survey.picture_end = Some(seen().picture).filter(|end| seekable && *end > 0);
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
        if let Some(bus) = pipeline.bus() {
            // The end that was reached before is not the one that is waited for.
            while bus.pop_filtered(&[gst::MessageType::Eos]).is_some() {}
        }
        if pipeline.seek_simple(gst::SeekFlags::FLUSH | gst::SeekFlags::KEY_UNIT, from).is_err() {
            continue;
        }
        // An error in the midst of the packets shows in what is missing.
        match await_one(pipeline, &[gst::MessageType::Eos], PATIENCE) {
            Err(Bad::Other(why)) if pipeline.current_state() == gst::State::Playing => {
                return Err(Bad::Other(why));
            }
            _ => {}
        }
        if seen().end >= last.nseconds() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Brings a pipeline into a state, and waits for a message of a kind.
///
/// # Errors
/// What the film is at fault for.
pub(super) fn reach(pipeline: &gst::Pipeline, state: gst::State, kind: gst::MessageType) -> Result<(), Bad> {
    let began = pipeline.set_state(state).is_ok();
    let patience = if began { PATIENCE } else { gst::ClockTime::ZERO };
    await_one(pipeline, &[kind], patience).map(|_| ())
}

/// Waits for a message of one of some kinds, and says of which.
///
/// # Errors
/// What the film is at fault for.
pub(super) fn await_one(
    pipeline: &gst::Pipeline,
    kinds: &[gst::MessageType],
    patience: gst::ClockTime,
) -> Result<gst::MessageType, Bad> {
    let bus = pipeline.bus().ok_or(Bad::NoFilm)?;
    let ends = [gst::MessageType::Error, gst::MessageType::Eos];
    match bus.timed_pop_filtered(patience, &[kinds, &ends].concat()) {
        Some(message) => match message.view() {
            gst::MessageView::Error(error) => Err(judge_error(error)),
            gst::MessageView::Eos(_) if !kinds.contains(&gst::MessageType::Eos) => Err(Bad::NoPicture),
            _ => Ok(message.type_()),
        },
        None if patience.is_zero() => Err(Bad::NoFilm),
        None => Err(Bad::Other("it takes too long".to_owned())),
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
    if cause.matches(gst::StreamError::Decode) {
        return Bad::NoPicture;
    }
    if cause.matches(gst::StreamError::CodecNotFound) {
        return Bad::Codec(UNKNOWN.to_owned());
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
            survey.pixels = survey.rate.map(|rate| rate * f64::from(width) * f64::from(height));
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
            let name = other.split_once('/').map_or(other, |(_, name)| name).trim_start_matches("x-");
            return name.trim_start_matches("gst-fourcc-").to_owned();
        }
    }
    .to_owned()
}
