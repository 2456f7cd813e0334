//! The board: a caption and one row a counter. Invariant: a row is drawn anew only when it says something
//! else; every open counter has a place on some page.

use std::{collections::HashMap, time::Duration};

use bevy::prelude::*;

use super::{
    Kept,
    arrange::{Arranged, Arrangement, Easel},
    row::{self, Look, Right},
};
use crate::{
    domain::{
        board::Pager,
        event::{Counter, CounterId, CounterState},
    },
    picture::{
        Colour, Picture, Quad, Rect,
        face::Face,
        shape::Canvas,
        text::{Style, Typesetter},
        theme::{Colours, Sizes},
    },
    state::{Announcing, Fresh, Freshness, Hall, Now, Settings, Theme},
};

/// How long a row keeps its accent.
const ACCENT: Duration = Duration::from_secs(30);

/// The board's pictures.
#[derive(Resource, Default)]
pub(super) struct Board {
    caption: Kept<Caption>,
    empty: Kept<Empty>,
    /// The rows of the page that is shown and of the one after it.
    rows: HashMap<CounterId, (row::View, Picture)>,
    pager: Pager,
    page: usize,
    /// When an accent ends or a page turns: what is shown changes then without any event.
    due: Option<Duration>,
    /// Whether the next page's rows are all drawn.
    ahead: bool,
    pub(super) quads: Vec<Quad>,
}

#[derive(Debug, Clone, PartialEq)]
struct Caption {
    left: String,
    right: String,
    alarm: bool,
    rect: Rect,
    sizes: Sizes,
}

/// What stands in the board before any state is known.
#[derive(Debug, Clone, PartialEq)]
struct Empty {
    text: String,
    zone: Rect,
    sizes: Sizes,
}

pub(super) fn draw(
    mut board: ResMut<Board>,
    mut easel: ResMut<Easel>,
    arranged: Res<Arranged>,
    hall: Res<Hall>,
    fresh: Res<Fresh>,
    freshness: Res<Freshness>,
    announcing: Res<Announcing>,
    now: Res<Now>,
    settings: Res<Settings>,
    theme: Res<Theme>,
) {
    let Some(arrangement) = &arranged.0 else { return };
    let due = board.due.is_none_or(|at| now.mono >= at);
    let changed = arranged.is_changed()
        || hall.is_changed()
        || fresh.is_changed()
        || freshness.is_changed()
        || announcing.is_changed();
    if !changed && !due && board.ahead {
        return;
    }
    let scene = Scene { arrangement, hall: &hall, fresh: &fresh, freshness: &freshness, now: &now };
    let zones = &arrangement.zones;
    if zones.board.is_empty() {
        board.quads.clear();
        board.due = Some(Duration::MAX);
        board.ahead = true;
        return;
    }
    let order = order(&hall, zones.plan.pages > 1);
    let size = zones.plan.page_size();
    if changed || due {
        let announced = announcing
            .0
            .as_ref()
            .and_then(|a| order.iter().position(|c| c.id == a.call.counter))
            .map(|place| place / size);
        board.page = board.pager.step(zones.plan.pages, announced, now.mono);
    }
    let views = |type_: &mut Typesetter, page: usize| {
        let counters = order.iter().skip(page * size).take(size);
        scene.views(type_, counters.copied().collect())
    };
    let colours = &theme.colour;
    let words = settings.hall.language.words();
    let shown = views(&mut easel, board.page);
    let mut quads = vec![Quad::fill(colours.deep, zones.board)];
    let caption = scene.caption(&settings, board.page);
    let caption = board.caption.get(caption, |c| paint_caption(&mut easel, colours, c));
    quads.push(Quad::picture(&caption, zones.plan.caption.x, zones.plan.caption.y));
    if *freshness == Freshness::Waiting && hall.counters.is_empty() {
        let view =
            Empty { text: words.waiting_for_data.to_owned(), zone: zones.board, sizes: arrangement.sizes };
        let picture = board.empty.get(view, |view| paint_empty(&mut easel, colours, view));
        let middle = zones.board.y + (zones.board.h as i32 - picture.height() as i32) / 2;
        quads.push(Quad::picture(&picture, zones.board.x, middle).clipped(zones.board));
    }
    let mut kept = HashMap::new();
    for (place, (id, view)) in shown.into_iter().enumerate() {
        let picture = match board.rows.remove(&id) {
            Some((before, picture)) if before == view => picture,
            _ => row::paint(&mut easel, colours, &arrangement.sizes, words, &view),
        };
        let rect = zones.plan.place(place);
        quads.push(Quad::picture(&picture, rect.x, rect.y).clipped(zones.board));
        kept.insert(id, (view, picture));
    }
    // One row of the next page a frame, so that turning the page costs no more than a call.
    board.ahead = true;
    if zones.plan.pages > 1 {
        for (id, view) in views(&mut easel, (board.page + 1) % zones.plan.pages) {
            match board.rows.remove(&id) {
                Some((before, picture)) if before == view => _ = kept.insert(id, (view, picture)),
                _ if board.ahead && !kept.contains_key(&id) => {
                    let picture = row::paint(&mut easel, colours, &arrangement.sizes, words, &view);
                    kept.insert(id, (view, picture));
                    board.ahead = false;
                }
                _ => {}
            }
        }
    }
    board.rows = kept;
    board.quads = quads;
    board.due = Some(scene.due(zones.plan.pages));
}

/// The counters in the order in which they are shown: closed ones last where there is more than one page.
fn order(hall: &Hall, pages: bool) -> Vec<&Counter> {
    let closed = |c: &&Counter| pages && c.state == CounterState::Closed;
    let (last, first): (Vec<_>, Vec<_>) = hall.counters.iter().partition(closed);
    first.into_iter().chain(last).collect()
}

/// What the board is drawn from.
struct Scene<'a> {
    arrangement: &'a Arrangement,
    hall: &'a Hall,
    fresh: &'a Fresh,
    freshness: &'a Freshness,
    now: &'a Now,
}

impl Scene<'_> {
    fn views(&self, type_: &mut Typesetter, counters: Vec<&Counter>) -> Vec<(CounterId, row::View)> {
        let size = self.arrangement.zones.plan.row();
        let tickets = counters.iter().filter_map(|c| c.serving.as_ref()).map(|s| s.ticket.0.as_str());
        let sizes = &self.arrangement.sizes;
        // All labels of the hall, so that the boxes are the same on every page.
        let labels = self.hall.counters.iter().map(|c| c.label.as_str());
        let label_box = row::label_box(type_, sizes, size, labels);
        let ticket = row::ticket_size(type_, sizes, size, label_box, tickets);
        let view = |counter: &Counter| row::View { ticket, label_box, ..self.view(counter, size) };
        counters.into_iter().map(|counter| (counter.id.clone(), view(counter))).collect()
    }

    fn view(&self, counter: &Counter, size: (u32, u32)) -> row::View {
        let service = self.hall.service_of(counter);
        let called = self.fresh.get(&counter.id).filter(|(ticket, _)| counter.serves(ticket));
        // A call to a counter that is said to be closed is a call all the same.
        let live = *self.freshness == Freshness::Live;
        let accent = live && called.is_some_and(|(_, at)| self.now.mono < *at + ACCENT);
        let right = match (&counter.serving, counter.state) {
            (_, CounterState::Closed) if !accent => Right::Closed,
            (Some(serving), _) => Right::Ticket(serving.ticket.0.clone()),
            (None, CounterState::Paused) => Right::Paused,
            (None, CounterState::Open | CounterState::Closed) => Right::Idle,
        };
        let look = match (counter.state, self.freshness) {
            _ if accent => Look::Fresh,
            (CounterState::Closed, _) => Look::Dim,
            (_, Freshness::Stale(_) | Freshness::Waiting) => Look::Stale,
            (CounterState::Paused, _) => Look::Dim,
            (CounterState::Open, Freshness::Live) => Look::Plain,
        };
        row::View {
            label: counter.label.clone(),
            name: service.map(|s| s.name.clone()).unwrap_or_default(),
            agency: service.map(|s| s.agency.clone()).unwrap_or_default(),
            right,
            look,
            size,
            ticket: 0.0,
            label_box: 0.0,
        }
    }

    fn caption(&self, settings: &Settings, page: usize) -> Caption {
        let language = settings.hall.language;
        let words = language.words();
        let pages = self.arrangement.zones.plan.pages;
        let (mut right, alarm) = match self.freshness {
            Freshness::Live => (words.now_serving.to_owned(), false),
            // The board itself says that there is nothing yet.
            Freshness::Waiting => (String::new(), false),
            Freshness::Stale(at) => {
                let local = at.to_zoned(self.now.zone.clone());
                let mut time = language.time(&local);
                // Data of another day must not look like this morning's.
                if local.date() != self.now.wall.to_zoned(self.now.zone.clone()).date() {
                    time = format!("{time}, {}", language.short_date(&local));
                }
                (words.reconnecting.replace("{time}", &time), true)
            }
        };
        if pages > 1 {
            let page = words.page_of.replace("{page}", &(page + 1).to_string());
            right = format!("{right} · {}", page.replace("{pages}", &pages.to_string()));
        }
        Caption {
            left: words.counter.to_owned(),
            right,
            alarm,
            rect: self.arrangement.zones.plan.caption,
            sizes: self.arrangement.sizes,
        }
    }

    /// When something is next shown otherwise although nothing happens.
    fn due(&self, pages: usize) -> Duration {
        let ends = self.fresh.values().map(|(_, at)| *at + ACCENT).filter(|at| *at > self.now.mono);
        // A page turns on the whole second after its time at the latest.
        let turn = if pages > 1 { self.now.mono + Duration::from_millis(250) } else { Duration::MAX };
        ends.min().unwrap_or(Duration::MAX).min(turn)
    }
}

fn paint_empty(type_: &mut Typesetter, colours: &Colours, view: &Empty) -> Picture {
    let pad = view.sizes.board_pad;
    let style = Style::new(Face::Heading, view.sizes.heading * 1.2);
    let room = (view.zone.w as f32 - 2.0 * pad).max(1.0);
    let block = type_.fit(&view.text, style, room, 2, view.sizes.floor * 0.6);
    let mut canvas = Canvas::filled(view.zone.w, block.height.ceil() as u32, colours.deep);
    type_.draw(&mut canvas, &block, (view.zone.w as f32 - block.width) / 2.0, 0.0, colours.mist);
    canvas.finish()
}

fn paint_caption(type_: &mut Typesetter, colours: &Colours, caption: &Caption) -> Picture {
    let (w, h) = (caption.rect.w, caption.rect.h);
    let mut canvas = Canvas::filled(w, h, colours.deep);
    let style = Style::new(Face::Label, caption.sizes.caption_text);
    let strong = if caption.alarm { Style { face: Face::Heading, ..style } } else { style };
    let pad = caption.sizes.caption_text * 0.5;
    let baseline = h as f32 * 0.5 + style.cap_height() * 0.6;
    // What tells about the data's truth is whole; the word over the labels gives way.
    let room = (w as f32 - 2.0 * pad).max(1.0);
    let right = type_.fit(&caption.right, strong, room, 1, caption.sizes.floor * 0.6);
    let ink: Colour = if caption.alarm { colours.sun } else { colours.mist };
    type_.draw_on(&mut canvas, &right, w as f32 - pad - right.width, baseline, ink);
    let left = type_.line(&caption.left, style);
    if left.width + right.width + style.size <= room {
        type_.draw_on(&mut canvas, &left, pad, baseline, colours.mist);
    }
    canvas.finish()
}
