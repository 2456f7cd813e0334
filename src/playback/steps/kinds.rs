//! What the steps through a playlist take and tell. Invariant: nothing here knows a clock or a file.

use std::time::Duration;

use crate::{
    domain::{event::Survey, playlist::Content, rotation::Turn},
    state::Cut,
};

/// Where an item comes from; the next one is taken where nothing of one can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum From {
    /// The playlist's loop.
    Loop,
    /// What is shown when nothing of the loop can be.
    Fallback,
    /// The card with the hall's name.
    Welcome,
}

/// A picture's place in the playlist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// Where its item comes from.
    pub from: From,
    /// The item, counted from 0.
    pub index: usize,
    /// The part of a divided page, counted from 0.
    pub part: usize,
}

/// What items show beside what is written in them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The ticket that was called last; empty where none was.
    pub ticket: String,
    /// Today's survey.
    pub survey: Option<Survey>,
}

/// What is to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// Tells this asking from those before the playlist or the stage changed.
    pub generation: u64,
    /// Its place.
    pub place: Place,
    /// What it is.
    pub content: Content,
    /// What it shows beside that.
    pub facts: Facts,
    /// Whether it takes the place of what is shown, which is the same item.
    pub again: bool,
    /// Its turn in its list.
    pub turn: Turn,
}

/// What was drawn, or opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn<P> {
    /// The picture.
    pub picture: P,
    /// Into how many parts its item was divided.
    pub parts: usize,
    /// How long it is by itself, as a film is; `None` where it is not, or where nobody knows.
    pub length: Option<Duration>,
    /// Whether it can stay as long as one likes; a film that does not loop cannot.
    pub stays: bool,
}

/// What cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// When it is worth another try, in monotonic time; `None`: not before it is changed.
    pub again: Option<Duration>,
    /// Why, in English.
    pub why: String,
}

/// A change on the stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Change<P> {
    /// The picture that is shown from now on.
    pub picture: P,
    /// Whether it is the same as before, drawn anew: it takes its place without a fade.
    pub again: bool,
    /// How long it fades in.
    pub fade: Duration,
}

/// What happened, for the proof of play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// An item came onto the stage.
    Began(Named),
    /// The item on the stage is over; why, where it was not shown for as long as it was to be.
    Over(Option<Cut>),
    /// An item was due and cannot be shown; why.
    Skipped(Named, String),
}

/// An item as staff name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Its kind, as `playlist.toml` names it.
    pub kind: &'static str,
}
