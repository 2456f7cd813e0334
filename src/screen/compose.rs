//! All parts as one display list. Invariant: its quads cover the whole glass, bottom to top.
//!
//! A dimmed screen has one black quad over all, which multiplies the sRGB values below it: see
//! [`crate::domain::lighting`] for why that dims the light evenly. A screen that is off is one black quad.

use bevy::prelude::*;

use super::{
    arrange::Arranged, board::Board, callout::CallOut, caption::Caption, header::Header, notice::Notices,
    ticker::Strip,
};
use crate::{
    domain::lighting::FULL,
    picture::{Colour, DisplayList, Quad, Rect},
    state::{Frame, Lit, Motion, Now, Shot, Stage, Theme},
};

const BLACK: Colour = Colour::hex(0);

pub(super) fn compose(
    mut frame: ResMut<Frame>,
    mut motion: ResMut<Motion>,
    arranged: Res<Arranged>,
    header: Res<Header>,
    board: Res<Board>,
    caption: Res<Caption>,
    callout: Res<CallOut>,
    notices: Res<Notices>,
    strip: Res<Strip>,
    stage: Res<Stage>,
    theme: Res<Theme>,
    lit: Res<Lit>,
    now: Res<Now>,
) {
    let Some(arrangement) = &arranged.0 else { return };
    let (width, height) = arrangement.glass;
    let glass = Rect::new(0, 0, width, height);
    if !lit.on {
        motion.0 = false;
        let list = DisplayList { width, height, quads: vec![Quad::fill(BLACK, glass)] };
        if frame.0 != list {
            frame.0 = list;
        }
        return;
    }
    let zones = &arrangement.zones;
    let mut quads = vec![Quad::fill(theme.colour.deeper, glass)];
    if let Some(emergency) = &notices.emergency {
        quads.push(emergency.clone());
        // Under it everything goes on, and is there when it is cleared.
    } else {
        quads.push(Quad::fill(theme.colour.paper, zones.stage));
        let passed = now.mono.saturating_sub(stage.changed_at);
        let fading = stage.previous.is_some() && passed < stage.fade;
        let mut show = |shot: &Shot, opacity: u8| show(&mut quads, shot, zones.stage, &theme, opacity);
        if fading {
            if let Some(previous) = &stage.previous {
                show(previous, 255);
            }
            motion.0 = true;
        }
        if let Some(current) = &stage.current {
            let share = if fading { passed.as_secs_f64() / stage.fade.as_secs_f64() } else { 1.0 };
            show(current, (share * 255.0).round() as u8);
        }
        // Without a stage it takes the whole glass, so it lies over everything else.
        let (on_stage, over_all) = match zones.stage.is_empty() {
            false => (notices.important.clone(), None),
            true => (None, notices.important.clone()),
        };
        motion.0 |= stage.moving;
        quads.extend(caption.quads.iter().cloned());
        quads.extend(on_stage);
        quads.extend(callout.quads.iter().cloned());
        quads.extend(board.quads.iter().cloned());
        if let Some(picture) = &header.picture {
            quads.push(Quad::picture(picture, zones.header.x, zones.header.y).clipped(zones.header));
        }
        quads.extend(strip.quads.iter().cloned());
        quads.extend(over_all);
    }
    if lit.brightness < FULL {
        quads.push(Quad::fill(BLACK, glass).faded(FULL - lit.brightness));
    }
    let list = DisplayList { width, height, quads };
    if frame.0 != list {
        frame.0 = list;
    }
}

/// Puts what fills the stage there; beside a film that does not fill it lies the stage's ground.
fn show(quads: &mut Vec<Quad>, shot: &Shot, stage: Rect, theme: &Theme, opacity: u8) {
    let quad = match shot {
        Shot::Picture(picture) => Quad::picture(picture, stage.x, stage.y),
        Shot::Film(planes, at) => {
            let rect = Rect::new(stage.x + at.x, stage.y + at.y, at.w, at.h);
            let (left, top) = (rect.x - stage.x, rect.y - stage.y);
            let (right, bottom) = (stage.right() - rect.right(), stage.bottom() - rect.bottom());
            let bar = |x, y, w: i32, h: i32| Rect::new(x, y, w.max(0) as u32, h.max(0) as u32);
            let bars = [
                bar(stage.x, stage.y, left, stage.h as i32),
                bar(rect.right(), stage.y, right, stage.h as i32),
                bar(rect.x, stage.y, rect.w as i32, top),
                bar(rect.x, rect.bottom(), rect.w as i32, bottom),
            ];
            for bar in bars.into_iter().filter(|bar| !bar.is_empty()) {
                quads.push(Quad::fill(theme.colour.paper, bar).faded(opacity).clipped(stage));
            }
            Quad::film(planes, rect)
        }
    };
    quads.push(quad.faded(opacity).clipped(stage));
}
