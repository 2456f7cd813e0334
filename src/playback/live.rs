//! The films on the stage: one that is shown, and during a change the one before it.
//! Invariant: a film that is not on the stage, or about to be, is not open.

use std::{sync::Arc, time::Duration};

use crate::{
    domain::{
        captions::Captions,
        playlist::{Content, Film},
    },
    picture::{Colour, Picture},
    state::{FilmError, Going, Projector, Screening, Shot, Stage, StageBox, Wanted},
};

/// What is ready for the stage.
#[derive(Debug)]
pub(super) enum Held {
    /// A picture.
    Still(Picture),
    /// A film at its first frame.
    Film(Live),
}

/// A film that is open.
#[derive(Debug)]
pub(super) struct Live {
    film: Box<dyn Screening>,
    captions: Arc<Captions>,
    audible: bool,
}

impl Live {
    /// Begins to open a film for the stage, from a moment of it on.
    pub(super) fn open(
        projector: &Projector,
        film: &Film,
        stage: &StageBox,
        ground: Colour,
        from: Duration,
    ) -> Self {
        let wanted = Wanted {
            path: film.path.clone(),
            size: (stage.width, stage.height),
            fit: film.fit,
            ground,
            volume: film.volume,
            from,
        };
        Self { film: projector.open(wanted), captions: film.captions.clone(), audible: film.volume > 0.0 }
    }

    /// What it is; see [`Screening::opened`].
    pub(super) fn opened(&self) -> Option<Result<crate::state::Opened, FilmError>> {
        self.film.opened()
    }

    /// The moment of the film that is shown.
    pub(super) fn position(&self) -> Duration {
        self.film.position()
    }
}

/// The films on the stage.
#[derive(Debug, Default)]
pub(super) struct Films {
    current: Option<Live>,
    previous: Option<Live>,
}

impl Films {
    /// Takes a film, or nothing, in the place of the one that is shown, which fades out or, `again`, is gone.
    /// Its first frame.
    pub(super) fn put(&mut self, held: Held, again: bool, now: Duration) -> Option<Shot> {
        let old = self.current.take();
        self.previous = old.filter(|_| !again);
        match held {
            Held::Still(picture) => Some(Shot::Picture(picture)),
            Held::Film(mut live) => {
                if let Some(previous) = self.previous.as_mut().filter(|_| live.audible) {
                    // Two films do not speak at once.
                    previous.film.mute();
                }
                live.film.play(now);
                let first = live.film.shot(now);
                self.current = Some(live);
                first
            }
        }
    }

    /// The change is over.
    pub(super) fn settle(&mut self) {
        self.previous = None;
    }

    /// Puts the frames that are due onto the stage.
    pub(super) fn show(&mut self, stage: &mut Stage, now: Duration) {
        if let Some(shot) = self.current.as_mut().and_then(|live| live.film.shot(now)) {
            stage.current = Some(shot);
        }
        if let Some(shot) = self.previous.as_mut().and_then(|live| live.film.shot(now)) {
            stage.previous = Some(shot);
        }
        stage.moving = self.current.is_some() || self.previous.is_some();
        let caption = self.current.as_ref().and_then(|live| live.captions.at(live.film.position()));
        if stage.caption.as_deref() != caption {
            stage.caption = caption.map(str::to_owned);
        }
    }

    /// How the film goes that is shown, if one is.
    pub(super) fn going(&self) -> Option<Going> {
        self.current.as_ref().map(|live| live.film.going())
    }

    /// Where the film is that is shown; the beginning where none is.
    pub(super) fn position(&self) -> Duration {
        self.current.as_ref().map_or(Duration::ZERO, Live::position)
    }
}

/// The film that an item shows.
pub(super) fn film(content: &Content) -> Option<&Film> {
    match content {
        Content::Film(film) => Some(film),
        _ => None,
    }
}
