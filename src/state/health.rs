//! What features share of the program's own health: what is wrong now, for staff.
//! Invariant: a trouble stands here exactly as long as it holds, however often it is looked at.

use std::collections::BTreeMap;

use bevy::prelude::*;
use jiff::Timestamp;

/// The most troubles of one feature that are kept; what is beyond is only counted by the feature's own log.
const MOST: usize = 50;
/// The longest trouble in characters; what is beyond is cut.
const LONGEST: usize = 500;

/// What is wrong now; each feature says its own, and takes it back when it is over.
#[derive(Resource, Debug, Clone, Default, PartialEq, Eq)]
pub struct Troubles(BTreeMap<String, Vec<Trouble>>);

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong and what to do, one line in the hall's language; never a secret.
    pub text: String,
    /// Since when, by the wall clock.
    pub since: Timestamp,
}

impl Troubles {
    /// What is wrong with `of` now, such as `playlist`, in place of what was; nothing: all is well again. What was
    /// wrong before keeps its time.
    pub fn set(&mut self, of: &str, texts: impl IntoIterator<Item = String>, now: Timestamp) {
        let before = self.0.remove(of).unwrap_or_default();
        let since = |text: &str| before.iter().find(|old| old.text == text).map_or(now, |old| old.since);
        let cut = |text: String| text.chars().take(LONGEST).collect::<String>();
        let all: Vec<Trouble> =
            texts.into_iter().take(MOST).map(cut).map(|text| Trouble { since: since(&text), text }).collect();
        if !all.is_empty() {
            self.0.insert(of.to_owned(), all);
        }
    }

    /// All of them, by whose they are.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Trouble)> {
        self.0.iter().flat_map(|(of, all)| all.iter().map(|trouble| (of.as_str(), trouble)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_keeps_its_time_and_goes_when_it_is_over() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut troubles = Troubles::default();
        troubles.set("sound", ["no device".to_owned()], at(1));
        troubles.set("playlist", ["line 3".to_owned()], at(2));
        troubles.set("sound", ["no device".to_owned(), "no voice".to_owned()], at(3));
        let all: Vec<_> = troubles.iter().map(|(of, t)| (of, t.text.as_str(), t.since.as_second())).collect();
        assert_eq!(all, [("playlist", "line 3", 2), ("sound", "no device", 1), ("sound", "no voice", 3)]);
        troubles.set("sound", [], at(4));
        troubles.set("playlist", [], at(4));
        assert_eq!(troubles, Troubles::default());
    }

    #[test]
    fn it_is_bounded() {
        let mut troubles = Troubles::default();
        troubles.set(
            "playlist",
            (0..1000).map(|n| format!("{n}{}", "x".repeat(5000))),
            Timestamp::UNIX_EPOCH,
        );
        assert_eq!(troubles.iter().count(), MOST);
        assert!(troubles.iter().all(|(_, t)| t.text.chars().count() <= LONGEST));
    }
}
