//! How long an announcement is said, and how it is said when many wait.
//! Invariant: more haste never makes anything longer.

use std::time::Duration;

use super::{What, Wording};
use crate::domain::speech::AFTER_CHIME;

/// The silence after an announcement: longer than any within one, so that people hear where the next begins.
const GAP: Duration = Duration::from_millis(600);
/// The same between calls that are joined.
const GAP_JOINED: Duration = Duration::from_millis(300);

/// The same where the chime is all that is heard: the call-out has to be read meanwhile.
const GAP_UNSAID: Duration = Duration::from_millis(1_500);

/// What a site decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How much may wait to be said.
    pub backlog: Duration,
    /// Whether a priority ticket is announced before others that wait.
    pub priority_first: bool,
    /// How often each call is said.
    pub repeat: u8,
    /// In how many languages each call is said.
    pub languages: u8,
    /// How long the chime is; zero where there is none.
    pub chime: Duration,
}

/// How long saying a call once takes, without a chime, by how much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Takes {
    /// In all languages after one another: full, brief, in a row, joined.
    pub all: [Duration; 4],
    /// In the first language alone.
    pub first: [Duration; 4],
}

impl Takes {
    /// The same in any form.
    pub fn even(length: Duration) -> Self {
        Self { all: [length; 4], first: [length; 4] }
    }
}

/// How an announcement is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Form {
    /// How much of the sentence is said.
    pub wording: Wording,
    /// How often.
    pub times: u8,
    /// In the first language alone.
    pub one_language: bool,
    /// Of a notice, which of its sentences; 0 of a call.
    pub part: usize,
    /// Whether the chime comes first.
    pub chime: bool,
    /// The silence after it.
    pub gap: Duration,
}

/// How much shorter calls are said so that what waits fits into the bound; each step keeps those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Haste {
    /// As the site wants it.
    None,
    /// Each call once.
    Once,
    /// Without the polite part.
    Brief,
    /// A call to the service of the one just before it follows without a chime of its own.
    SameService,
    /// Every call follows so: one chime for all.
    OneChime,
    /// In the first language alone.
    OneLanguage,
}

impl Haste {
    /// All, the least first.
    pub const ALL: [Self; 6] =
        [Self::None, Self::Once, Self::Brief, Self::SameService, Self::OneChime, Self::OneLanguage];
}

impl Rules {
    /// How `what` is said just after `before`.
    pub fn form(&self, haste: Haste, what: &What, before: Option<&What>) -> Form {
        let What::Call(call) = what else {
            let (wording, one_language) = (Wording::Full, false);
            return Form { wording, times: 1, one_language, part: 0, chime: true, gap: GAP };
        };
        let before = before.and_then(|b| if let What::Call(call) = b { Some(call) } else { None });
        let same_service = before.is_some_and(|b| b.service.is_some() && b.service == call.service);
        let joined =
            (haste >= Haste::SameService && same_service) || (haste >= Haste::OneChime && before.is_some());
        Form {
            wording: match (haste >= Haste::Brief, joined, same_service) {
                (false, ..) => Wording::Full,
                (true, false, _) => Wording::Brief,
                (true, true, false) => Wording::Row,
                (true, true, true) => Wording::Joined,
            },
            times: if haste >= Haste::Once { 1 } else { self.repeat.max(1) },
            one_language: haste >= Haste::OneLanguage && self.languages > 1,
            part: 0,
            // Where nothing is said the chime is all that is heard.
            chime: !joined || self.languages == 0,
            gap: match (self.languages, haste >= Haste::SameService) {
                (0, _) => GAP_UNSAID,
                (_, true) => GAP_JOINED,
                (_, false) => GAP,
            },
        }
    }

    /// How long it takes to say it as often as the form says.
    pub fn length(&self, takes: &Takes, form: Form) -> Duration {
        let more = self.once(takes, Form { chime: false, ..form }) * u32::from(form.times.saturating_sub(1));
        self.once(takes, form) + more
    }

    /// How long it takes to say it once, with the chime before it and the silence after it.
    pub fn once(&self, takes: &Takes, form: Form) -> Duration {
        let said = if form.one_language { takes.first } else { takes.all }[form.wording as usize];
        let chimes = form.chime && !self.chime.is_zero();
        let chime = if chimes { self.chime + AFTER_CHIME } else { Duration::ZERO };
        chime + said + form.gap
    }
}
