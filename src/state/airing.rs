//! What is on air, and what was. Invariant: what plays is always part of the folder's last good playlist.

use std::sync::Arc;

use bevy::prelude::*;
use jiff::Timestamp;

use crate::domain::playlist::Playlist;

/// The folder's playlist, whole; changed when the folder changed and was found good. What of it is on air now is
/// [`OnAir`].
#[derive(Resource, Debug, Default, Deref, DerefMut)]
pub struct Listed(pub Arc<Playlist>);

/// What of the playlist is on air at this minute; changed when that is another selection, or the folder changed.
#[derive(Resource, Debug, Default, Deref, DerefMut)]
pub struct OnAir(pub Arc<Playlist>);

/// What happens on the stage, for the proof of play. All times are by the display's clock.
#[derive(Message, Debug, Clone, PartialEq)]
pub enum Aired {
    /// An item came onto the stage. What was there before it is over, which was told just before.
    Began {
        /// As staff name it.
        item: String,
        /// Its kind, as `playlist.toml` names it: `page`, `image`, `film`, `card`, `qr` or `survey`.
        kind: &'static str,
        /// When.
        at: Timestamp,
    },
    /// What was on the stage is over.
    Over {
        /// When.
        at: Timestamp,
        /// Why it was not shown for as long as it was to be; `None` where it was.
        cut: Option<Cut>,
    },
    /// An item was due and could not be shown.
    Skipped {
        /// As staff name it.
        item: String,
        /// Its kind.
        kind: &'static str,
        /// When it was found out.
        at: Timestamp,
        /// Why, in English.
        why: String,
    },
}

/// What happens on the stage of one of several screens, for the proof of play.
#[derive(Message, Debug, Clone, PartialEq)]
pub struct AiredOn {
    /// The screen, as staff call it.
    pub screen: Arc<str>,
    /// What happens.
    pub aired: Aired,
}

/// Why an item was not shown for as long as it was to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Its time on air ended, or another one of higher priority came.
    Schedule,
    /// It was changed or taken out of the playlist.
    Changed,
    /// It could not go on, as a film that breaks.
    Failed,
    /// Its output was gone.
    Unseen,
    /// The program ended.
    Stopped,
}
