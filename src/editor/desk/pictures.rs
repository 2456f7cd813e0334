//! The preview and the thumbnails on the desk. Invariant: no more thumbnails are kept than [`MOST`].

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use bevy_egui::egui::{Context, TextureHandle, TextureOptions};

use super::{Desk, Screen};
use crate::{
    domain::{
        playlist::{Airing, List, Playlist, PlaylistItem},
        schedule::{Data, Programme},
    },
    editor::studio::{Order, Studio, Subject},
    state::View,
};

/// How many thumbnails are kept: more than the largest window shows.
const MOST: usize = 200;
/// The stage that a thumbnail is drawn on, in pixels: as on a landscape screen.
const STAGE: (u32, u32) = (1280, 800);

impl Desk {
    pub(super) fn start_studio(&mut self, ctx: &Context) {
        if self.studio.is_none() {
            let ctx = ctx.clone();
            let wake = Arc::new(move || ctx.request_repaint());
            match Studio::start(Arc::clone(&self.workshop.draw), wake) {
                Ok(studio) => self.studio = Some(studio),
                Err(_) => self.warn(
                    "Pratinjau tidak dapat dimulai: komputer kehabisan sumber daya.",
                    "The preview cannot be started: the computer is out of resources.",
                ),
            }
        }
    }

    /// Whether something is still to be drawn for what is shown.
    pub fn is_drawing(&self) -> bool {
        self.studio.as_ref().is_some_and(Studio::is_busy)
    }

    pub(super) fn take_pictures(&mut self, ctx: &Context) {
        let Some(studio) = &self.studio else { return };
        for (subject, drawn) in studio.drawn() {
            match subject {
                Subject::Preview => {
                    self.preview = Some(drawn.map(|image| match self.preview.take() {
                        Some(Ok(mut texture)) => {
                            texture.set(image, TextureOptions::LINEAR);
                            texture
                        }
                        _ => ctx.load_texture("preview", image, TextureOptions::LINEAR),
                    }));
                }
                Subject::Thumb(key) => {
                    if self.thumbs.len() >= MOST {
                        // All that is in sight is asked for again at once.
                        self.thumbs.clear();
                    }
                    let image = drawn.ok();
                    let texture =
                        image.map(|image| ctx.load_texture("thumbnail", image, TextureOptions::LINEAR));
                    self.thumbs.insert(key, texture);
                }
            }
        }
    }

    /// The size of the previewed screen in pixels, and its layout's name.
    pub fn screen_size(&self) -> ((u32, u32), Option<String>) {
        let name = |name: &str| Some(name.to_owned());
        match self.screen {
            Screen::Landscape => ((1920, 1080), name("landscape")),
            Screen::Portrait => ((1080, 1920), name("portrait")),
            Screen::Videotron => ((1152, 576), name("videotron")),
            Screen::Own => {
                let screen = self.config.screens.first();
                let layout = screen.and_then(|screen| screen.layout.clone());
                let region = screen.and_then(|s| s.region).map(|r| (r.width, r.height));
                let usual = match layout.as_deref() {
                    Some("portrait") => (1080, 1920),
                    Some("videotron") => (1152, 576),
                    _ => (1920, 1080),
                };
                (region.unwrap_or(usual), layout)
            }
        }
    }

    /// What the screen is to show: what is on air at the moment that is looked at, and before that the selected
    /// item, on air or not.
    pub fn previewed(&self) -> Playlist {
        let programme = Programme::at(&self.playlist, self.cursor.datetime(), Data { survey: true });
        let mut playlist = programme.of(&self.playlist);
        let chosen = self.selected_one().and_then(|entry| self.items(self.list, entry).first());
        if let Some(chosen) = chosen {
            playlist.items.retain(|item| item != chosen);
            playlist.items.insert(0, always(chosen));
        }
        playlist
    }

    /// The newest preview; `None` until there is one. One of `most` pixels at the most is asked for, where it is
    /// not that already. The error is for staff.
    pub fn preview(&mut self, most: Option<(u32, u32)>) -> Option<Result<TextureHandle, String>> {
        let Some(most) = most else { return self.preview.clone() };
        let (size, layout) = self.screen_size();
        let view = View {
            size,
            layout,
            stage_alone: false,
            // The screen's clock shows minutes: within one, nothing else is drawn.
            at: minute(self.cursor.timestamp()),
            playlist: self.previewed(),
        };
        let order = Order { view, within: most };
        if self.asked.as_ref() != Some(&order)
            && let Some(studio) = &self.studio
        {
            studio.preview(order.clone());
            self.asked = Some(order);
        }
        self.preview.clone()
    }

    /// The thumbnails of entries of the open list, where they are drawn; those that are not are asked for.
    pub fn thumbs(&mut self, entries: std::ops::Range<usize>) -> Vec<Option<TextureHandle>> {
        let (mut orders, mut found) = (Vec::new(), Vec::new());
        for entry in entries {
            let key = self.thumb_key(entry);
            let known = key.and_then(|key| self.thumbs.get(&key));
            if let (Some(key), None) = (key, known)
                && let Some(item) = self.items(self.list, entry).first()
            {
                let playlist = Playlist { items: vec![always(item)], ..Playlist::default() };
                let at = minute(self.now.timestamp());
                let view = View { size: STAGE, layout: None, stage_alone: true, at, playlist };
                orders.push((key, Order { view, within: (160, 100) }));
            }
            found.push(known.cloned().flatten());
        }
        if let Some(studio) = &self.studio {
            studio.thumbs(orders);
        }
        found
    }

    fn thumb_key(&mut self, entry: usize) -> Option<u64> {
        let at = (self.list, entry);
        if let Some(key) = self.keys.get(&at) {
            return Some(*key);
        }
        let item = self.items(at.0, entry).first()?;
        let mut hasher = DefaultHasher::new();
        // A content's own words tell of all that is drawn of it, its file's stamp among them.
        format!("{:?}", item.content).hash(&mut hasher);
        let key = hasher.finish();
        self.keys.insert(at, key);
        Some(key)
    }

    /// Whether an entry of the open list is on air at the moment that is looked at.
    pub fn is_on_air(&self, list: List, on_air: &Programme, entry: usize) -> bool {
        match list {
            List::Item => on_air.items.iter().any(|i| self.playlist.items[*i].entry == entry),
            List::Fallback => {
                on_air.items.is_empty()
                    && on_air.fallback.iter().any(|i| self.playlist.fallback[*i].entry == entry)
            }
            List::Ticker => on_air.ticker.iter().any(|i| self.playlist.ticker[*i].entry == entry),
        }
    }

    /// What is on air at the moment that is looked at.
    pub fn programme(&self) -> Programme {
        Programme::at(&self.playlist, self.cursor.datetime(), Data { survey: true })
    }
}

/// An item that is on air whatever its rules say, alone in its priority.
fn always(item: &PlaylistItem) -> PlaylistItem {
    PlaylistItem { airing: Airing::default(), ..item.clone() }
}

fn minute(at: jiff::Timestamp) -> jiff::Timestamp {
    let second = at.as_second();
    jiff::Timestamp::from_second(second - second.rem_euclid(60)).unwrap_or(at)
}
