//! Joins a film's end and its beginning: each round begins when the one before has been shown to its end.
//! Invariant: pictures and sound of one round are moved by the same time, before anything waits or judges by it.
//!
//! A demuxer that is told to begin anew without a flush counts on from the moment of the last packet that it gave
//! out, not from its end, and by the order of decoding (qtdemux and matroskademux of 1.22): the last frame would
//! never show, and each round would begin earlier than the sound of the one before ends.

use std::sync::{Arc, Mutex, PoisonError};

use gst::prelude::*;
use gstreamer as gst;

type Segment = gst::FormattedSegment<gst::ClockTime>;

/// Where the rounds of a film are in running time.
#[derive(Default)]
struct Rounds {
    /// What tells the segments of this round from those of others.
    round: Option<gst::Seqnum>,
    /// How much later this round is than the demuxer says, in nanoseconds.
    shift: i64,
    /// When the last of what was given out so far ends, in nanoseconds.
    end: i64,
}

/// Joins the rounds of what a `decodebin` decodes. A packet that does not say how long it lasts is taken to last
/// until the film's end at `length`.
pub(super) fn join(decode: &gst::Element, length: Option<gst::ClockTime>) {
    let rounds = Arc::new(Mutex::new(Rounds::default()));
    decode.connect("element-added", false, move |values| {
        let element = values.get(1)?.get::<gst::Element>().ok()?;
        if element.factory()?.has_type(gst::ElementFactoryType::DEMUXER) {
            let rounds = rounds.clone();
            element.connect_pad_added(move |_, pad| watch(pad, &rounds, length));
        }
        None
    });
}

/// Has all sound of an MP4 or MOV film given out. Its demuxer (qtdemux of 1.22) holds the time within a track, which
/// begins with what an encoder needs to start, against the length of the film, and so leaves out the last packets of
/// sound: up to 50 ms of silence at each end. It is told of a film that is longer; each track's own end still holds.
pub(super) fn lengthen(file: &gst::Element) {
    let Some(pad) = file.static_pad("src") else { return };
    pad.add_probe(gst::PadProbeType::BUFFER | gst::PadProbeType::PULL, |_, info| {
        if let Some(gst::PadProbeData::Buffer(buffer)) = &mut info.data {
            // The film's head is read as one: a `moov` box, whose first box is `mvhd` (ISO/IEC 14496-12 8.2.2).
            let head = buffer
                .map_readable()
                .is_ok_and(|bytes| bytes.get(4..8) == Some(b"moov") && bytes.get(12..17) == Some(b"mvhd\0"));
            if head
                && let Ok(mut bytes) = buffer.make_mut().map_writable()
                && let Some([scale, length]) = bytes.get_mut(28..36).map(|b| b.as_chunks_mut::<4>().0)
            {
                let (scale, said) = (u32::from_be_bytes(*scale), u32::from_be_bytes(*length));
                // Encoders need less than this; much more, and a short track is taken for a preview.
                let longer = said.saturating_add((scale / 4).min(said / 2));
                // All ones say that the length is not known.
                if longer < u32::MAX {
                    *length = longer.to_be_bytes();
                }
            }
        }
        gst::PadProbeReturn::Ok
    });
}

fn watch(pad: &gst::Pad, rounds: &Arc<Mutex<Rounds>>, length: Option<gst::ClockTime>) {
    let rounds = rounds.clone();
    let kinds = gst::PadProbeType::BUFFER | gst::PadProbeType::EVENT_DOWNSTREAM;
    pad.add_probe(kinds, move |pad, info| {
        let mut rounds = rounds.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut info.data {
            Some(gst::PadProbeData::Buffer(buffer)) => rounds.pass(pad, buffer, length),
            Some(gst::PadProbeData::Event(event)) => {
                if let Some(moved) = rounds.moved(event) {
                    *event = moved;
                }
            }
            _ => {}
        }
        gst::PadProbeReturn::Ok
    });
}

impl Rounds {
    /// A segment at its right time; `None` for any other event.
    fn moved(&mut self, event: &gst::Event) -> Option<gst::Event> {
        let gst::EventView::Segment(said) = event.view() else { return None };
        let mut segment = said.segment().downcast_ref::<gst::ClockTime>()?.clone();
        let base = nanoseconds(segment.base()?);
        if self.round != Some(event.seqnum()) {
            self.round = Some(event.seqnum());
            // Time that begins at zero is that of a flush.
            self.shift = if base == 0 { 0 } else { self.end - base };
            self.end = base + self.shift;
        }
        segment.set_base(gst::ClockTime::from_nseconds((base + self.shift).max(0).cast_unsigned()));
        let offset = event.running_time_offset();
        Some(
            gst::event::Segment::builder(&segment).seqnum(event.seqnum()).running_time_offset(offset).build(),
        )
    }

    /// Sees when a packet ends.
    fn pass(&mut self, pad: &gst::Pad, buffer: &gst::Buffer, length: Option<gst::ClockTime>) {
        let end = (|| {
            // The pad itself keeps what the demuxer says.
            let segment = pad.sticky_event::<gst::event::Segment>(0)?;
            let segment: &Segment = segment.segment().downcast_ref()?;
            let begin = buffer.pts()?;
            let end = buffer.duration().map_or(length, |lasts| Some(begin + lasts)).unwrap_or(begin);
            let end = segment.stop().map_or(end, |stop| end.min(stop));
            segment.to_running_time(end).map(nanoseconds)
        })();
        self.end = self.end.max(end.map_or(0, |end| end + self.shift));
    }
}

fn nanoseconds(time: gst::ClockTime) -> i64 {
    time.nseconds().try_into().unwrap_or(i64::MAX)
}
