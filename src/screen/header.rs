//! The header: mark, names, clock and date. Invariant: it is drawn once a minute at most, but for new names.

use std::sync::Arc;

use ::image::DynamicImage;
use bevy::prelude::*;

use super::{
    Kept,
    arrange::{Arranged, Easel},
};
use crate::{
    domain::playlist::Fit,
    picture::{
        Colour, Picture, Rect,
        face::Face,
        image,
        shape::Canvas,
        text::{Style, Typesetter},
        theme::{Colours, Sizes},
    },
    state::{Hall, Logo, Now, Settings, Theme},
};

/// What the header says.
#[derive(Debug, Clone, PartialEq)]
struct View {
    size: (u32, u32),
    sizes: Sizes,
    name: String,
    organization: String,
    time: String,
    date: String,
    logo: Option<Mark>,
}

/// A logo; two are the same where they are one picture in memory.
#[derive(Debug, Clone)]
struct Mark(Arc<DynamicImage>);

impl PartialEq for Mark {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The header's picture, and the minute that it shows.
#[derive(Resource, Default)]
pub(super) struct Header {
    kept: Kept<View>,
    minute: i64,
    pub(super) picture: Option<Picture>,
}

pub(super) fn draw(
    mut header: ResMut<Header>,
    mut easel: ResMut<Easel>,
    arranged: Res<Arranged>,
    hall: Res<Hall>,
    now: Res<Now>,
    settings: Res<Settings>,
    theme: Res<Theme>,
    logo: Res<Logo>,
) {
    let Some(arrangement) = &arranged.0 else { return };
    let minute = now.wall.as_second().div_euclid(60);
    let same = header.minute == minute && !hall.is_changed() && !arranged.is_changed() && !logo.is_changed();
    if same && header.picture.is_some() {
        return;
    }
    let zone = arrangement.zones.header;
    if zone.is_empty() {
        header.picture = None;
        return;
    }
    let language = settings.hall.language;
    let local = now.wall.to_zoned(now.zone.clone());
    let or = |sent: &str, own: &str| if sent.is_empty() { own.to_owned() } else { sent.to_owned() };
    let view = View {
        size: (zone.w, zone.h),
        sizes: arrangement.sizes,
        name: or(&hall.name, &settings.hall.name),
        organization: or(&hall.organization, &settings.hall.organization),
        time: language.time(&local),
        date: language.date(&local),
        logo: logo.0.clone().map(Mark),
    };
    header.minute = minute;
    let picture = header.kept.get(view, |view| paint(&mut easel, &theme.colour, view));
    header.picture = Some(picture);
}

/// The initial for the mark: of the organization's last word (`Pemerintah Kota Kendari`: K), else of the
/// hall's name.
fn initial(view: &View) -> String {
    let last = view.organization.split_whitespace().next_back();
    let word = last.or_else(|| view.name.split_whitespace().next()).unwrap_or("P");
    // The faces have letters up to Latin Extended-A.
    let letter = |c: &char| c.is_alphanumeric() && *c < '\u{180}';
    word.chars().find(letter).unwrap_or('P').to_uppercase().collect()
}

fn paint(type_: &mut Typesetter, colours: &Colours, view: &View) -> Picture {
    let ((w, h), sizes) = (view.size, &view.sizes);
    let mut canvas = Canvas::filled(w, h, colours.deeper);
    let rule = sizes.rule.round().max(1.0) as u32;
    canvas.fill(Rect::new(0, h.saturating_sub(rule) as i32, w, rule), colours.sun);
    let middle = (h - rule.min(h)) as f32 / 2.0;

    // The clock first: it is never cut, the names take what is left.
    let clock = type_.line(&view.time, Style::new(Face::Number, sizes.clock));
    let date = type_.line(&view.date, Style::new(Face::TextMedium, sizes.date));
    let right = w as f32 - sizes.margin;
    let left = sizes.margin + sizes.mark + sizes.margin * 0.6;
    let room = right - left;
    let with_date = date.width.max(clock.width) < room * 0.6;
    let pair = |over: f32, under: f32| {
        // Two lines around the middle: caps of the upper, a gap, caps of the lower.
        let gap = sizes.organization * 0.62;
        let top = middle - (over + gap + under) / 2.0;
        (top + over, top + over + gap + under)
    };
    let (clock_cap, date_cap) =
        (sizes.clock * Face::Number.cap_height(), sizes.date * Face::TextMedium.cap_height());
    if with_date {
        let (upper, lower) = pair(clock_cap, date_cap);
        type_.draw_on(&mut canvas, &clock, right - clock.width, upper, colours.white);
        type_.draw_on(&mut canvas, &date, right - date.width, lower, colours.mist);
    } else {
        type_.draw_on(&mut canvas, &clock, right - clock.width, middle + clock_cap / 2.0, colours.white);
    }
    let taken = if with_date { clock.width.max(date.width) } else { clock.width };

    mark(type_, &mut canvas, colours, view, middle);
    let width = (room - taken - sizes.margin).max(1.0);
    // What is cut is better read than what is tiny.
    let floor = sizes.hall * 0.66;
    let title = Style::new(Face::Heading, sizes.hall).tracking(-0.01);
    let name = type_.fit(&view.name, title, width, 1, floor);
    if view.organization.is_empty() {
        type_.draw_on(&mut canvas, &name, left, middle + title.cap_height() / 2.0, colours.white);
        return canvas.finish();
    }
    let small = Style::new(Face::TextMedium, sizes.organization);
    let organization = type_.fit(&view.organization, small, width, 1, sizes.organization * 0.8);
    let (upper, lower) = pair(title.cap_height(), small.cap_height());
    type_.draw_on(&mut canvas, &name, left, upper, colours.white);
    type_.draw_on(&mut canvas, &organization, left, lower, colours.mist);
    canvas.finish()
}

fn mark(type_: &mut Typesetter, canvas: &mut Canvas, colours: &Colours, view: &View, middle: f32) {
    let sizes = &view.sizes;
    let (x, y) = (sizes.margin.round() as i32, (middle - sizes.mark / 2.0).round() as i32);
    let side = sizes.mark.round() as u32;
    if let Some(Mark(logo)) = &view.logo {
        let logo = image::scale((**logo).clone(), (side, side), Fit::Contain, colours.deeper);
        canvas.place(&logo, x, y);
        return;
    }
    let ink: Colour = colours.ink;
    canvas.round(Rect::new(x, y, side, side), sizes.mark * 0.21, colours.sun);
    let style = Style::new(Face::Title, sizes.mark * 0.56);
    let letter = type_.line(&initial(view), style);
    let left = x as f32 + (side as f32 - letter.width) / 2.0;
    type_.draw_on(canvas, &letter, left, middle + style.cap_height() / 2.0, ink);
}
