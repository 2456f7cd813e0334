//! What features share of announcements: what is asked for, what sounds, what became of it.
//! Invariant: whatever is numbered is told of by its number alone, so that what is late harms nothing.

use std::{sync::Arc, time::Duration};

use bevy::prelude::*;
use jiff::Timestamp;

use crate::domain::{
    announcement::{self, Number},
    event,
    speech::{self, Sentence},
};

/// What the hall asks of those who announce, in the order in which it happened: a ticket that is finished and
/// then called again is called.
#[derive(Message, Debug, Clone, PartialEq, Eq)]
pub enum Calling {
    /// A call is to be announced; it is on the board already.
    Called(event::TicketCalled),
    /// A call of this ticket to this counter is void: what waits of it is not to be announced any more.
    Withdrawn {
        /// The ticket.
        ticket: event::Ticket,
        /// The counter.
        counter: event::CounterId,
    },
    /// A counter is gone: what waits of its calls is void.
    CounterGone(event::CounterId),
    /// A notice is to be spoken.
    Notice(event::Notice),
    /// A notice is gone: it is not to be spoken any more.
    NoticeGone(event::NoticeId),
}

/// The call that the call-out shows, if any. Its `number` tells one from the next.
#[derive(Resource, Debug, Default, Deref, DerefMut)]
pub struct Announcing(pub Option<Shown>);

/// A call on the call-out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Which announcement it is.
    pub number: Number,
    /// The call.
    pub call: event::TicketCalled,
}

/// What is to be sounded, from `announce` to `audio`, in the order in which it is to be heard: whatever comes
/// ends what sounds.
#[derive(Message, Debug, Clone, PartialEq, Eq)]
pub enum Speak {
    /// The chime, if it is wanted, then these sentences, then a silence.
    Say {
        /// Which announcement it is.
        number: Number,
        /// Whether the chime comes first.
        chime: bool,
        /// What is said; may be empty.
        sentences: Vec<Sentence>,
        /// The silence after it, which belongs to it.
        gap: Duration,
    },
    /// What sounds is faded out, and is over; nothing is told of it any more.
    Hush,
}

/// What became of a [`Speak::Say`], from `audio` to `announce`. After `Ended` or `Failed` nothing more comes.
#[derive(Message, Debug, Clone, PartialEq, Eq)]
pub enum Voiced {
    /// The voice began; where nothing is said, the chime.
    Began {
        /// Which announcement.
        number: Number,
        /// When, by the wall clock.
        at: Timestamp,
    },
    /// Its last word is over; the silence after it is not.
    Said {
        /// Which announcement.
        number: Number,
    },
    /// It was heard to its end, and the silence after it is over.
    Ended {
        /// Which announcement.
        number: Number,
        /// When the last word was over, by the wall clock.
        at: Timestamp,
        /// The words that neither clips nor espeak-ng could say.
        unsaid: Vec<String>,
    },
    /// It was not heard whole: the device went, or took no sound.
    Failed {
        /// Which announcement.
        number: Number,
        /// Why, for the log.
        why: String,
        /// Whether for want of a device: that is no fault of its own, and [`Sound`] tells of the device.
        device: bool,
    },
}

/// Whether a call can be heard now; `audio` says so.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sound(pub announcement::Sound);

/// How long clips and chime take; `audio` knows when it has read them.
#[derive(Resource, Debug, Clone, Default, Deref)]
pub struct Lengths(pub Arc<speech::Lengths>);

/// What became of a call or a notice that is to be spoken, for the play log: one line each.
#[derive(Message, Debug, Clone, PartialEq)]
pub enum Proof {
    /// It came in; a call is on the board with this frame's picture.
    Came {
        /// Which announcement.
        number: Number,
        /// What it is.
        what: announcement::What,
        /// When its event came, by the wall clock.
        at: Timestamp,
    },
    /// It is about to be said in these words.
    Saying {
        /// Which announcement.
        number: Number,
        /// What is said.
        text: String,
        /// What was left out because many wait.
        form: announcement::Form,
        /// What cannot be said: it has neither a letter nor a digit.
        unsaid: Vec<String>,
    },
    /// The voice began; where nothing is said, the chime.
    Began {
        /// Which announcement.
        number: Number,
        /// When, by the wall clock.
        at: Timestamp,
    },
    /// It was said to its end.
    Ended {
        /// Which announcement.
        number: Number,
        /// When, by the wall clock.
        at: Timestamp,
        /// Words that nothing could say.
        unsaid: Vec<String>,
    },
    /// It was not said, or not to its end.
    Unspoken {
        /// Which announcement.
        number: Number,
        /// Why.
        why: announcement::Unspoken,
        /// When, by the wall clock.
        at: Timestamp,
    },
}

/// When the newest frame that differs from the one before it came onto the glass, by the wall clock;
/// `None` before any.
#[derive(Resource, Debug, Clone, Copy, Default)]
pub struct Presented(pub Option<Timestamp>);

/// The system set within [`Step::Play`] in which it is decided what is announced; what sounds it comes after.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Announced;
