//! An espeak-ng that is waited for in vain again and again is left alone for a while.
//! Invariant: after each rest it is tried again.

use std::time::{Duration, Instant};

/// How many announcements in a row it may keep waiting.
const MOST_SLOW: u32 = 3;
/// How long it then rests: each try costs an announcement seconds of silence.
pub(in crate::audio::voice) const REST: Duration = Duration::from_secs(60);

/// How it did lately.
#[derive(Debug, Default)]
pub(in crate::audio::voice) struct Rest {
    /// How many announcements in a row waited for it in vain.
    slow: u32,
    until: Option<Instant>,
}

impl Rest {
    /// Whether it is left alone.
    pub(in crate::audio::voice) fn rests(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    /// Takes note of an announcement for which it was asked; whether its rest begins.
    pub(in crate::audio::voice) fn note(&mut self, slow: bool, now: Instant) -> bool {
        self.slow = if slow { self.slow.saturating_add(1) } else { 0 };
        let tired = self.slow >= MOST_SLOW;
        self.until = tired.then(|| now + REST);
        tired
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rests_after_three_in_a_row_and_is_tried_again_after_that() {
        let (mut rest, now) = (Rest::default(), Instant::now());
        let begins = [true, true, false, true, true, true].map(|slow| rest.note(slow, now));
        assert_eq!(begins, [false, false, false, false, false, true]);
        assert!(rest.rests(now + REST / 2) && !rest.rests(now + REST));
        assert!(rest.note(true, now + REST) && rest.rests(now + REST), "as slow as before");
        assert!(!rest.note(false, now + REST * 2) && !rest.rests(now + REST * 2), "well again");
    }
}
