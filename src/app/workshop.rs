//! What the editor needs of the others: the library's reading, and pictures of the screen.
//! Invariant: a view has the pixels that `papan snapshot` writes for the same moment, size and playlist.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::{
    config::Config,
    demo,
    domain::layout::{GridSpec, Track, Zone},
    film, library,
    picture::{DisplayList, Picture, theme::Theme},
    present::blend,
    snapshot::{self, Scene},
    state::{Freshness, View, Workshop},
};

/// The layout of a view that is the stage alone; no site can write this name.
const STAGE_ALONE: &str = "\0stage";

/// Reads and draws by a site's config and theme, with the demo hall in the board.
pub fn workshop(config: &Config, theme: &Theme) -> Workshop {
    let logo = config.hall.logo.as_ref().and_then(|path| library::logo::read(path).ok()).map(Arc::new);
    let mut config = config.clone();
    let alone = GridSpec {
        columns: vec![Track::Rest(1.0)],
        rows: vec![Track::Rest(1.0)],
        areas: vec![vec![Some(Zone::Stage)]],
    };
    config.layouts.insert(STAGE_ALONE.to_owned(), alone);
    let theme = theme.clone();
    let draw = move |view: View| {
        let mut config = config.clone();
        config.screens.truncate(1);
        if let Some(screen) = config.screens.first_mut() {
            screen.layout = if view.stage_alone { Some(STAGE_ALONE.to_owned()) } else { view.layout };
        }
        let scene = Scene {
            config,
            theme: theme.clone(),
            size: view.size,
            hall: demo::hall(demo::DEFAULT_COUNTERS, view.at - SignedDuration::from_secs(10)),
            freshness: Freshness::Live,
            at: view.at,
            playlist: view.playlist,
            films: Some(film::Program::default()),
            logo: logo.clone(),
            caption: None,
        };
        snapshot::draw(scene).map(|list| composed(&list)).map_err(|error| error.to_string())
    };
    Workshop { read: Arc::new(library::read_draft), draw: Arc::new(draw) }
}

fn composed(list: &DisplayList) -> Picture {
    let mut words = vec![0; list.width as usize * list.height as usize];
    blend::compose(list, list.bounds(), &mut words, list.width as usize);
    Picture::new(list.width, list.height, words)
}
