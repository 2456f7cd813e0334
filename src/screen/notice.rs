//! Notices: an important one takes the stage, an emergency the whole screen. Invariant: of several, the
//! newest emergency is shown, else the newest important one; calls still come over an important one.

use bevy::prelude::*;

use super::{
    Kept,
    arrange::{Arranged, Easel},
};
use crate::{
    domain::event::Level,
    picture::{
        Picture, Quad, Rect, card,
        face::Face,
        shape::Canvas,
        text::{Style, Typesetter},
        theme::{Colours, Sizes},
    },
    state::{Freshness, Hall, Now, Settings, Theme},
    words::Words,
};

/// Text of more lines is easier to read where they begin below each other.
const MOST_CENTRED: usize = 6;

#[derive(Debug, Clone, PartialEq)]
struct View {
    size: (u32, u32),
    sizes: Sizes,
    text: String,
    emergency: bool,
    /// Since when nobody knows whether it still holds.
    stale: Option<String>,
}

/// The notices' pictures.
#[derive(Resource, Default)]
pub(super) struct Notices {
    kept: Kept<View>,
    /// Over the stage, under a call.
    pub(super) important: Option<Quad>,
    /// Over everything.
    pub(super) emergency: Option<Quad>,
}

pub(super) fn draw(
    mut notices: ResMut<Notices>,
    mut easel: ResMut<Easel>,
    arranged: Res<Arranged>,
    hall: Res<Hall>,
    freshness: Res<Freshness>,
    now: Res<Now>,
    settings: Res<Settings>,
    theme: Res<Theme>,
) {
    let Some(arrangement) = &arranged.0 else { return };
    if !hall.is_changed() && !arranged.is_changed() && !freshness.is_changed() {
        return;
    }
    let newest = |level: Level| hall.notices.iter().rev().find(|n| n.level == level);
    let glass = Rect::new(0, 0, arrangement.glass.0, arrangement.glass.1);
    let (notice, rect) = match (newest(Level::Emergency), newest(Level::Important)) {
        (Some(notice), _) => (notice, glass),
        (None, Some(notice)) if !arrangement.zones.stage.is_empty() => (notice, arrangement.zones.stage),
        // A layout without a stage shows what matters on all of it.
        (None, Some(notice)) => (notice, glass),
        (None, None) => {
            *notices = Notices::default();
            return;
        }
    };
    let emergency = notice.level == Level::Emergency;
    let words = settings.hall.language.words();
    // It hides the board and what that says of the data's age.
    let stale = match *freshness {
        Freshness::Stale(at) if rect == glass => {
            let time = settings.hall.language.time(&at.to_zoned(now.zone.clone()));
            Some(words.reconnecting.replace("{time}", &time))
        }
        _ => None,
    };
    let (size, sizes, text) = ((rect.w, rect.h), arrangement.sizes, notice.text.clone());
    let view = View { size, sizes, text, emergency, stale };
    let picture = notices.kept.get(view, |view| paint(&mut easel, &theme.colour, words, view));
    let quad = Quad::picture(&picture, rect.x, rect.y);
    (notices.emergency, notices.important) = if emergency { (Some(quad), None) } else { (None, Some(quad)) };
}

fn paint(type_: &mut Typesetter, colours: &Colours, words: &Words, view: &View) -> Picture {
    let ((w, h), sizes) = (view.size, &view.sizes);
    let (ground, ink, caption) = if view.emergency {
        (colours.alarm, colours.white, words.emergency)
    } else {
        (colours.paper, colours.ink, words.important)
    };
    let mut canvas = Canvas::filled(w, h, ground);
    let pad = sizes.stage_pad.min(w as f32 * 0.1).min(h as f32 * 0.1);
    let room = (w as f32 - 2.0 * pad, h as f32 - 2.0 * pad);
    let big = if view.emergency { 2.0 } else { 1.0 };
    let head = Style::new(Face::Title, (sizes.title * big).min(room.1 * 0.2));
    let head = type_.fit(caption, head, room.0, 1, 1.0);
    let gap = head.size * 0.5;
    if let Some(stale) = &view.stale {
        let style = Style::new(Face::Heading, sizes.caption_text.max(sizes.floor));
        let block = type_.fit(stale, style, room.0, 1, sizes.floor * 0.6);
        type_.draw(&mut canvas, &block, w as f32 - pad * 0.5 - block.width, pad * 0.3, ink);
    }
    // As large as it fits, down to the floor.
    let most = room.0.min(room.1) * 0.15;
    let style =
        Style::new(Face::TextStrong, if view.emergency { most.max(sizes.title) } else { sizes.title });
    let style = style.line(1.3);
    let left = (room.1 - head.height - gap).max(1.0);
    let text = type_.fit_box(&view.text, style, (room.0, left), usize::MAX, sizes.floor);
    let top = (h as f32 - head.height - gap - text.height) / 2.0;
    if view.emergency {
        type_.draw(&mut canvas, &head, (w as f32 - head.width) / 2.0, top, ink);
        let style = Style { size: text.size, ..style };
        let lines = card::centred(type_, &view.text, style, room.0);
        let fit = lines.iter().all(|line| line.width <= room.0) && lines.len() <= text.lines;
        if text.lines > MOST_CENTRED || !fit {
            type_.draw(&mut canvas, &text, (w as f32 - text.width) / 2.0, top + head.height + gap, ink);
            return canvas.finish();
        }
        let mut y = top + head.height + gap;
        for line in lines {
            type_.draw(&mut canvas, &line, (w as f32 - line.width) / 2.0, y, ink);
            y += line.height;
        }
    } else {
        // A bar in the accent tells it from a page, also where colours are not seen.
        canvas.fill(Rect::new(0, 0, (pad * 0.25).max(2.0) as u32, h), colours.sun);
        type_.draw(&mut canvas, &head, pad, top, ink);
        type_.draw(&mut canvas, &text, pad, top + head.height + gap, ink);
    }
    canvas.finish()
}
