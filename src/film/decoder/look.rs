//! A film looked at for `papan check`: what it is, and how fast this machine decodes it.
//! Invariant: it decodes and converts as for the screen, only without waiting for a frame's time.

use std::time::{Duration, Instant};

use gst::prelude::*;
use gst_video::VideoInfo;
use gstreamer as gst;
use gstreamer_video as gst_video;

use super::{
    super::wire::{Bad, Facts, Open},
    convert::{self, Convert},
    pipeline,
    survey::{self, survey},
};

/// How long decoding is watched.
const WATCHED: Duration = Duration::from_millis(1_500);

/// Looks at a film.
///
/// # Errors
/// Why it cannot be shown.
pub(super) fn look(open: &Open) -> Result<Facts, Bad> {
    let survey = survey(&open.path)?;
    let pipeline = pipeline::build(&open.path, &survey, open.volume)?;
    pipeline.picture.set_property("sync", false);
    pipeline.picture.set_property("max-lateness", -1_i64);
    if let Some(sound) = &pipeline.sound {
        sound.set_property("sync", false);
        sound.set_property("drop", true);
    }
    let decoded = survey::reach(&pipeline.whole, gst::State::Paused, gst::MessageType::AsyncDone)
        .and_then(|()| decode(&pipeline, open));
    let decoder = decoder(&pipeline.whole);
    // It always comes to rest; what it was cannot be of use any more.
    let _ = pipeline.whole.set_state(gst::State::Null);
    let (shape, speed) = decoded?;
    let survey::Survey { codec, sound, length, rate, .. } = survey;
    Ok(Facts { codec, sound, shape, rate, length, speed, decoder })
}

/// The film's shape, and how many times as fast as it plays it is decoded.
fn decode(pipeline: &pipeline::Pipeline, open: &Open) -> Result<((u32, u32), Option<f64>), Bad> {
    let began = Instant::now();
    pipeline.whole.set_state(gst::State::Playing).map_err(|_| Bad::NoPicture)?;
    let (mut shape, mut convert, mut slot) = ((0, 0), None::<Convert>, Vec::new());
    let (mut first, mut last) = (None, gst::ClockTime::ZERO);
    while began.elapsed() < WATCHED {
        let Some(sample) = pipeline.picture.try_pull_sample(gst::ClockTime::from_mseconds(1_500)) else {
            break;
        };
        let (Some(buffer), Some(caps)) = (sample.buffer(), sample.caps()) else { continue };
        let info = VideoInfo::from_caps(caps).map_err(|_| Bad::NoPicture)?;
        if convert.as_ref().is_none_or(|convert| !convert.suits(&info)) {
            shape = convert::shape(&info);
            slot.resize(convert::slot_bytes(open.form, &info), 0);
            convert = Some(Convert::new(open.form, &info).map_err(|_| Bad::NoPicture)?);
        }
        if let Some(convert) = &mut convert {
            convert.write(buffer, &mut slot).map_err(|_| Bad::NoPicture)?;
        }
        let pts = buffer.pts().unwrap_or_default();
        last = last.max(pts + buffer.duration().unwrap_or_default());
        first.get_or_insert(pts);
    }
    let first = first.ok_or(Bad::NoPicture)?;
    let played = last.saturating_sub(first).nseconds() as f64 / 1e9;
    // Of too little the speed cannot be told.
    let speed = (played > 0.2).then(|| played / began.elapsed().as_secs_f64().max(1e-3));
    Ok((shape, speed))
}

/// The name of the element that decodes the picture.
fn decoder(whole: &gst::Pipeline) -> String {
    let decoders = whole.iterate_recurse().into_iter().flatten().filter_map(|element| {
        let factory = element.factory()?;
        let is_decoder =
            factory.has_type(gst::ElementFactoryType::DECODER | gst::ElementFactoryType::MEDIA_VIDEO);
        is_decoder.then(|| factory.name().to_string())
    });
    decoders.last().unwrap_or_default()
}
