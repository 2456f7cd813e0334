//! The call-out: the ticket that is announced, over the stage. Invariant: it is there exactly as long as its
//! announcement, but for the fades.

use std::time::Duration;

use bevy::prelude::*;

use super::{
    Kept,
    arrange::{Arranged, Easel},
};
use crate::{
    domain::announcement::Number,
    picture::{
        Picture, Quad,
        face::Face,
        shape::Canvas,
        text::{Style, Typesetter},
        theme::{Colours, Sizes},
    },
    state::{Announcing, Freshness, Hall, Motion, Now, Settings, Theme},
    words::Words,
};

/// How long it takes to come and to go.
const FADE: Duration = Duration::from_millis(150);

#[derive(Debug, Clone, PartialEq)]
struct View {
    size: (u32, u32),
    sizes: Sizes,
    ticket: String,
    counter: String,
    again: bool,
}

/// The call-out's pictures.
#[derive(Resource, Default)]
pub(super) struct CallOut {
    kept: Kept<View>,
    /// The announcement that stands, with its counter's label.
    said: Option<(Number, String)>,
    /// The picture that stands, and since when.
    shown: Option<(Picture, Duration)>,
    /// The picture that goes: under the one that stands, or fading since then.
    going: Option<(Picture, Duration)>,
    pub(super) quads: Vec<Quad>,
}

pub(super) fn draw(
    mut callout: ResMut<CallOut>,
    mut easel: ResMut<Easel>,
    arranged: Res<Arranged>,
    announcing: Res<Announcing>,
    hall: Res<Hall>,
    freshness: Res<Freshness>,
    now: Res<Now>,
    settings: Res<Settings>,
    theme: Res<Theme>,
    mut motion: ResMut<Motion>,
) {
    let Some(arrangement) = &arranged.0 else { return };
    let zone = arrangement.zones.stage;
    if (announcing.is_changed() || arranged.is_changed()) && !zone.is_empty() {
        let next = announcing.0.as_ref().filter(|_| *freshness != Freshness::Waiting).map(|shown| {
            let (number, call) = (shown.number, &shown.call);
            // A counter that goes while its call stands keeps the name that people read.
            let known = hall.counter(&call.counter).map(|c| c.label.clone());
            let said = callout.said.take().filter(|(said, _)| *said == number);
            let label = known.or(said.map(|(_, label)| label)).unwrap_or_else(|| call.counter.0.clone());
            callout.said = Some((number, label.clone()));
            let view = View {
                size: (zone.w, zone.h),
                sizes: arrangement.sizes,
                ticket: call.ticket.0.clone(),
                counter: label,
                again: call.attempt > 1,
            };
            let words = settings.hall.language.words();
            callout.kept.get(view, |view| paint(&mut easel, &theme.colour, words, view))
        });
        let same = callout.shown.as_ref().map(|(picture, _)| picture) == next.as_ref();
        if !same {
            callout.going = callout.shown.take().map(|(picture, _)| (picture, now.mono));
            callout.shown = next.map(|picture| (picture, now.mono));
        }
    }
    if callout.shown.is_none() && callout.going.is_none() {
        callout.kept = Kept::default();
        callout.quads.clear();
        return;
    }
    let fade = if settings.screen().reduce_motion { Duration::ZERO } else { FADE };
    let share = |since: Duration| {
        if fade.is_zero() {
            return 255;
        }
        let passed = now.mono.saturating_sub(since).as_secs_f64() / fade.as_secs_f64();
        (passed.clamp(0.0, 1.0) * 255.0).round() as u8
    };
    let mut quads = Vec::new();
    let coming = callout.shown.as_ref().map(|(picture, since)| (picture.clone(), share(*since)));
    if let Some((picture, since)) = callout.going.clone() {
        let gone = share(since);
        if gone == 255 {
            callout.going = None;
        } else {
            // Under one that comes it stays whole, so that the stage does not shine through.
            let opacity = if coming.is_some() { 255 } else { 255 - gone };
            quads.push(Quad::picture(&picture, zone.x, zone.y).faded(opacity).clipped(zone));
            motion.0 = true;
        }
    }
    if let Some((picture, opacity)) = coming {
        motion.0 |= opacity < 255;
        quads.push(Quad::picture(&picture, zone.x, zone.y).faded(opacity).clipped(zone));
    }
    callout.quads = quads;
}

fn paint(type_: &mut Typesetter, colours: &Colours, words: &Words, view: &View) -> Picture {
    let ((w, h), sizes) = (view.size, &view.sizes);
    let mut canvas = Canvas::filled(w, h, colours.sun);
    let room = (w as f32 * 0.86, h as f32);
    let text = if view.again { words.ticket_again } else { words.ticket };
    let ticket_style = Style::new(Face::Call, sizes.call_ticket.min(room.1 * 0.48)).tracking(-0.01);
    let ticket = type_.whole(&view.ticket, ticket_style, room.0);
    // Nothing is larger than the ticket, however long that is.
    let caption_size = sizes.call_caption.min(room.1 * 0.12).min(ticket.size * 0.6);
    let caption_style = Style::new(Face::Heading, caption_size);
    let caption = type_.fit(text, caption_style, room.0, 1, 1.0);
    let counter_size = sizes.call_counter.min(room.1 * 0.20).min(ticket.size * 0.9);
    let counter_style = Style::new(Face::Title, counter_size).tracking(-0.01);
    let counter = type_.whole(&format!("{} {}", words.counter, view.counter), counter_style, room.0);
    let cap = |style: Style, size: f32| Style { size, ..style }.cap_height();
    let caps =
        [cap(caption_style, caption.size), cap(ticket_style, ticket.size), cap(counter_style, counter.size)];
    let between =
        [caps[1].mul_add(0.26, caps[0] * 0.3).max(caps[0] * 0.8), (caps[1] * 0.40).max(caps[2] * 0.6)];
    let mut baseline = (h as f32 - caps.iter().sum::<f32>() - between.iter().sum::<f32>()) / 2.0;
    for (number, block) in [caption, ticket, counter].iter().enumerate() {
        baseline += caps[number];
        type_.draw_on(&mut canvas, block, (w as f32 - block.width) / 2.0, baseline, colours.ink);
        baseline += between.get(number).copied().unwrap_or_default();
    }
    canvas.finish()
}
