//! A film's pipeline: file, decoder, and the two sinks from which frames and sound are taken.
//! Invariant: frames leave before they are due, each at its own time, and those that are too late are dropped
//! before they are converted.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use gst::prelude::*;
use gst_app::AppSink;
use gstreamer as gst;
use gstreamer_app as gst_app;

use super::{super::wire::Bad, seam, survey::Survey};
use crate::state::FilmInput;

/// How long before it is due a frame leaves: the time for the other process to take it, and to have the next
/// one ready when a frame of the screen is drawn.
pub(super) const LEAD: Duration = Duration::from_millis(60);
/// Up to so many pixels a second, 1080p at 30 frames, a film is light.
const LIGHT: f64 = 1920.0 * 1088.0 * 30.5;
/// How late a frame may leave and still be shown.
const LATEST: i64 = 30_000_000;

/// A film's pipeline, at rest.
pub(super) struct Pipeline {
    pub whole: gst::Pipeline,
    pub picture: AppSink,
    /// Where sound is wanted.
    pub sound: Option<AppSink>,
}

/// Builds it.
///
/// # Errors
/// A part of GStreamer is missing on this machine.
pub(super) fn build(path: &Path, survey: &Survey, volume: f32) -> Result<Pipeline, Bad> {
    make(path, survey, volume).map_err(|err| Bad::Other(err.to_string()))
}

fn make(path: &Path, survey: &Survey, volume: f32) -> Result<Pipeline, gst::glib::BoolError> {
    let whole = gst::Pipeline::new();
    let file = gst::ElementFactory::make("filesrc").property("location", path).build()?;
    let decode = gst::ElementFactory::make("decodebin").build()?;
    whole.add_many([&file, &decode])?;
    file.link(&decode)?;
    believe_the_stream(&decode);
    spare(&whole, survey);
    seam::lengthen(&file);
    seam::join(&decode, survey.length.map(gst::ClockTime::from_nseconds));

    let late = LATEST + LEAD.as_nanos() as i64;
    let picture = AppSink::builder().name("picture").caps(&raw_pictures()).max_buffers(1).build();
    picture.set_property("max-lateness", late);
    picture.set_property("qos", true);
    let mut chain = vec![];
    if survey.turned {
        // What turns frames takes few formats: all are brought into one.
        let caps = gst::Caps::builder("video/x-raw").field("format", "I420").build();
        chain.push(gst::ElementFactory::make("videoconvert").build()?);
        chain.push(gst::ElementFactory::make("capsfilter").property("caps", caps).build()?);
        chain.push(
            gst::ElementFactory::make("videoflip").property_from_str("video-direction", "auto").build()?,
        );
    }
    chain.push(picture.clone().upcast());
    let to_picture = join(&whole, &chain)?;

    let wants_sound = volume > 0.0 && survey.sound.is_some();
    let mut sound = None;
    let mut to_sound = None;
    if wants_sound {
        let caps = gst::Caps::builder("audio/x-raw")
            .field("format", if cfg!(target_endian = "big") { "F32BE" } else { "F32LE" })
            .field("layout", "interleaved")
            .field("rate", FilmInput::RATE.cast_signed())
            .field("channels", 2)
            .build();
        let sink = AppSink::builder().name("sound").caps(&caps).max_buffers(4).build();
        let chain = [
            gst::ElementFactory::make("queue").build()?,
            gst::ElementFactory::make("audioconvert").build()?,
            gst::ElementFactory::make("audioresample").build()?,
            gst::ElementFactory::make("volume")
                .property("volume", f64::from(volume.clamp(0.0, 1.0)))
                .build()?,
            sink.clone().upcast(),
        ];
        to_sound = Some(join(&whole, &chain)?);
        sound = Some(sink);
    }
    // What is not wanted is not decoded: its packets are dropped as they come out of the file.
    decode.connect("autoplug-continue", false, move |values| {
        let caps = values.get(2).and_then(|value| value.get::<gst::Caps>().ok());
        let name = caps.as_ref().and_then(|caps| caps.structure(0)).map_or("", |s| s.name().as_str());
        let container =
            name.starts_with("video/") || name.starts_with("image/") || name.starts_with("application/");
        let wanted = (container || wants_sound && name.starts_with("audio/"))
            && !name.starts_with("application/x-subtitle");
        Some(wanted.to_value())
    });
    decode.connect_pad_added(move |_, pad| {
        let caps = pad.current_caps().unwrap_or_else(|| pad.query_caps(None));
        let name = caps.structure(0).map_or("", |s| s.name().as_str());
        let to = match name {
            "video/x-raw" => Some(&to_picture),
            "audio/x-raw" => to_sound.as_ref(),
            _ => None,
        };
        // The first stream of a kind is the one that is shown and heard.
        if let Some(to) = to.filter(|to| !to.is_linked()) {
            let _ = pad.link(to);
        }
    });
    Ok(Pipeline { whole, picture, sound })
}

/// Lets H.264 and H.265 say their own matrix and range. GStreamer's demuxer of MP4 reads both of a track's head, but
/// takes every range for the limited one (seen in 1.22), and its parsers believe that more than the stream. So the
/// parser does not hear of them, and the decoder only where the stream says nothing.
fn believe_the_stream(decode: &gst::Element) {
    const TOLD: &str = "colorimetry";
    let pictures = gst::ElementFactoryType::DECODER | gst::ElementFactoryType::MEDIA_VIDEO;
    let told = Arc::new(Mutex::new(None::<String>));
    decode.connect("element-added", false, move |values| {
        let element = values.get(1)?.get::<gst::Element>().ok()?;
        let parses = match element.factory()?.name().as_str() {
            "h264parse" | "h265parse" => true,
            _ if element.factory()?.has_type(pictures) => false,
            _ => return None,
        };
        let told = told.clone();
        element.static_pad("sink")?.add_probe(gst::PadProbeType::EVENT_DOWNSTREAM, move |_, info| {
            if let Some(gst::PadProbeData::Event(event)) = &mut info.data
                && let gst::EventView::Caps(new) = event.view()
            {
                let (mut caps, seqnum) = (new.caps_owned(), event.seqnum());
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                match caps.make_mut().structure_mut(0) {
                    Some(s) if parses => {
                        *told = s.get(TOLD).ok();
                        s.remove_field(TOLD);
                    }
                    Some(s) if !s.has_field(TOLD) => {
                        if let Some(told) = told.clone() {
                            s.set(TOLD, told);
                        }
                    }
                    _ => {}
                }
                *event = gst::event::Caps::builder(&caps).seqnum(seqnum).build();
            }
            gst::PadProbeReturn::Ok
        });
        None
    });
}

/// Lets a film that one core decodes with ease be decoded by one thread: each more holds frames of its own, 3 MB
/// of a full HD one.
fn spare(whole: &gst::Pipeline, survey: &Survey) {
    let light = survey.pixels.is_some_and(|pixels| pixels <= LIGHT);
    whole.connect_deep_element_added(move |_, _, element| {
        let decodes = element.factory().is_some_and(|f| f.has_type(gst::ElementFactoryType::DECODER));
        if light && decodes && element.has_property("max-threads") {
            element.set_property("max-threads", 1_i32);
        }
    });
}

/// Adds a chain to a pipeline; where it begins.
fn join(whole: &gst::Pipeline, chain: &[gst::Element]) -> Result<gst::Pad, gst::glib::BoolError> {
    whole.add_many(chain)?;
    gst::Element::link_many(chain)?;
    let first = chain.first().and_then(|first| first.static_pad("sink"));
    first.ok_or_else(|| gst::glib::bool_error!("a chain without a beginning"))
}

/// Pictures in the machine's own memory.
fn raw_pictures() -> gst::Caps {
    gst::Caps::builder("video/x-raw").build()
}
