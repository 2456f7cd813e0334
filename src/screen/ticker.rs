//! The running text, in tiles that are drawn as they come into sight. Invariant: it moves the same whole
//! number of pixels at every refresh; only the tiles in sight, and one ahead, are kept.

use std::collections::VecDeque;

use bevy::prelude::*;

use super::{
    Kept,
    arrange::{Arranged, Easel},
};
use crate::{
    domain::{event::Level, playlist::Playlist, ticker},
    picture::{
        Picture, Quad, Rect,
        face::Face,
        shape::Canvas,
        text::{Block, Style, Typesetter},
        theme::{Colours, Sizes},
    },
    state::{Glass, Hall, Motion, OnAir, Settings, Theme},
};

/// Width of a tile in pixels.
const TILE: u32 = 512;
/// How many words are laid out at once; the pieces follow each other.
const PIECE: usize = 12;

/// A piece of the text where it stands in the strip.
struct Piece {
    x: f32,
    block: Block,
}

/// The strip of text and its tiles.
#[derive(Resource, Default)]
pub(super) struct Strip {
    words: Vec<String>,
    pieces: Vec<Piece>,
    /// Length of the strip in pixels; it follows itself.
    length: u32,
    /// Pixels a refresh.
    step: u32,
    /// What of it stands at the track's left end, in pixels, and at which refresh.
    position: u32,
    refresh: u64,
    /// What the text was laid out for: the track's size, the size of letters, the speed, the rate.
    set_for: Option<(u32, u32, u32, u64, u64)>,
    /// Tiles by number, in order; the strip's first is 0.
    tiles: VecDeque<(u32, Picture)>,
    label: Kept<(Rect, String, f32)>,
    pub(super) quads: Vec<Quad>,
}

/// What runs: the playlist's messages in the order of their turns, then the notices that are for information.
pub(super) fn messages(playlist: &Playlist, hall: &Hall) -> Vec<String> {
    let notices = hall.notices.iter().filter(|n| n.level == Level::Info).map(|n| n.text.clone());
    let order = ticker::order(&playlist.ticker);
    order.into_iter().map(|index| playlist.ticker[index].text.clone()).chain(notices).collect()
}

/// Whether anything runs.
pub(super) fn runs(playlist: &Playlist, hall: &Hall) -> bool {
    !playlist.ticker.is_empty() || hall.notices.iter().any(|n| n.level == Level::Info)
}

pub(super) fn draw(
    mut strip: ResMut<Strip>,
    mut easel: ResMut<Easel>,
    arranged: Res<Arranged>,
    glass: Res<Glass>,
    hall: Res<Hall>,
    on_air: Res<OnAir>,
    settings: Res<Settings>,
    theme: Res<Theme>,
    mut motion: ResMut<Motion>,
) {
    let Some(arrangement) = &arranged.0 else { return };
    let zone = arrangement.zones.ticker;
    if zone.is_empty() {
        *strip = Strip::default();
        return;
    }
    let sizes = &arrangement.sizes;
    let words = settings.hall.language.words();
    let label = (zone, words.info.to_owned(), sizes.ticker_label);
    let label = strip
        .label
        .get(label, |(zone, text, size)| paint_label(&mut easel, &theme.colour, zone.h, text, *size));
    let track = Rect::new(
        zone.x + label.width().min(zone.w) as i32,
        zone.y,
        zone.w.saturating_sub(label.width()),
        zone.h,
    );
    let speed = settings.screen().ticker_words_per_second;
    let letters = style(sizes).size.to_bits();
    let set_for = (track.w, track.h, letters, speed.to_bits(), glass.rate.to_bits());
    let same_way = strip.set_for == Some(set_for);
    if hall.is_changed() || on_air.is_changed() || !same_way {
        let text = messages(&on_air, &hall).join(" • ");
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        if words.is_empty() {
            *strip = Strip::default();
            return;
        }
        if words != strip.words || !same_way {
            // What is in sight goes on where it stays the same: a notice that comes or goes elsewhere in the
            // text does not take the sentence from who is reading it.
            let known = if same_way { strip.known(&words) } else { 0 };
            let sight = strip.position.saturating_add(track.w);
            let position = if sight <= known { strip.position } else { 0 };
            strip.lay_out(&mut easel, sizes, words, track.w, speed, &glass);
            (strip.position, strip.refresh, strip.set_for) = (position, glass.refresh, Some(set_for));
        }
    }
    if strip.pieces.is_empty() {
        return;
    }
    let passed = ticker::offset(glass.refresh.wrapping_sub(strip.refresh), strip.step, strip.length);
    (strip.position, strip.refresh) = ((strip.position + passed) % strip.length.max(1), glass.refresh);
    let offset = strip.position;
    let mut quads = vec![Quad::fill(theme.colour.sun, track)];
    let tiles = strip.length.div_ceil(TILE).max(1);
    let mut number = offset / TILE;
    let mut x = track.x - (offset % TILE) as i32;
    let mut wanted = Vec::new();
    // What is in sight, and one more: it is drawn before it is needed.
    while x < track.right() + TILE as i32 {
        let picture = strip.tile(&mut easel, &theme.colour, sizes, number, track.h);
        let width = picture.width() as i32;
        let quad = Quad::picture(&picture, x, track.y).clipped(track);
        if !quad.visible().is_empty() {
            quads.push(quad);
        }
        wanted.push(number);
        x += width;
        number = (number + 1) % tiles;
    }
    strip.tiles.retain(|(number, _)| wanted.contains(number));
    quads.push(Quad::picture(&label, zone.x, zone.y).clipped(zone));
    strip.quads = quads;
    motion.0 = true;
}

impl Strip {
    /// Up to which pixel the strip shows the same with these words.
    fn known(&self, words: &[String]) -> u32 {
        let common = self.words.iter().zip(words).take_while(|(a, b)| a == b).count();
        self.pieces.get(common / PIECE).or(self.pieces.last()).map_or(0, |piece| piece.x as u32)
    }

    fn lay_out(
        &mut self,
        type_: &mut Typesetter,
        sizes: &Sizes,
        words: Vec<String>,
        track: u32,
        speed: f64,
        glass: &Glass,
    ) {
        let style = style(sizes);
        let space = type_.line("n n", style).width - type_.line("nn", style).width;
        let mut shown: Vec<&str> = words.iter().map(String::as_str).collect();
        // A text longer than the track follows itself like one message the other; a shorter one comes again
        // when the track is empty.
        if shown.len() as f32 * type_.line("kata ", style).width > track as f32 {
            shown.push("•");
        }
        let mut x = 0.0_f32;
        self.pieces.clear();
        for piece in shown.chunks(PIECE) {
            let block = type_.line(&piece.join(" "), style);
            let width = block.width;
            // Pieces begin on whole pixels, as their glyphs do.
            self.pieces.push(Piece { x: x.round(), block });
            x += width + space;
        }
        let word = f64::from(x) / shown.len().max(1) as f64;
        self.step = ticker::step(speed, word, glass.rate);
        self.length = (x.ceil() as u32).max(track + style.size as u32);
        self.words = words;
        self.tiles.clear();
    }

    /// The tile with this number; the last one is as wide as what is left of the strip.
    fn tile(
        &mut self,
        type_: &mut Typesetter,
        colours: &Colours,
        sizes: &Sizes,
        number: u32,
        height: u32,
    ) -> Picture {
        if let Some((_, picture)) = self.tiles.iter().find(|(n, _)| *n == number) {
            return picture.clone();
        }
        let left = number * TILE;
        let width = TILE.min(self.length - left);
        let mut canvas = Canvas::filled(width, height, colours.sun);
        let style = style(sizes);
        let baseline = (height as f32 / 2.0 + style.cap_height() / 2.0).round();
        let (from, to) = (left as f32, (left + width) as f32);
        for piece in &self.pieces {
            // Ink may reach a little beyond a piece's advance.
            if piece.x + piece.block.width + style.size >= from && piece.x - style.size <= to {
                type_.draw_on(&mut canvas, &piece.block, piece.x - from, baseline, colours.ink);
            }
        }
        let picture = canvas.finish();
        self.tiles.push_back((number, picture.clone()));
        picture
    }
}

fn style(sizes: &Sizes) -> Style {
    Style::new(Face::TextStrong, sizes.ticker_text.round()).tracking(0.012)
}

fn paint_label(type_: &mut Typesetter, colours: &Colours, height: u32, text: &str, size: f32) -> Picture {
    let style = Style::new(Face::Heading, size.min(height as f32 * 0.6));
    let block = type_.line(text, style);
    let pad = (size * 1.1).min(height as f32);
    let mut canvas = Canvas::filled((block.width + 2.0 * pad).round() as u32, height, colours.deeper);
    type_.draw_on(&mut canvas, &block, pad, height as f32 / 2.0 + style.cap_height() / 2.0, colours.sun);
    canvas.finish()
}
