//! What features share of what can be observed from outside: frames, what is on the glass, what stands for whom.
//! Invariant: counting and handing over cost a frame next to nothing, and nothing here grows.

use std::{
    collections::VecDeque,
    ops::DerefMut,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bevy::prelude::*;
use jiff::Timestamp;

use super::Troubles;
use crate::{picture::DisplayList, words::Language};

/// How many seconds of the past are known one by one.
const SECONDS: usize = 61;

/// The frames that came onto the glass and those that missed it, since the program's start.
#[derive(Resource, Debug, Clone, Default)]
pub struct Shows {
    shown: u64,
    dropped: u64,
    /// The last seconds in which anything was counted, oldest first: the second, shown, dropped.
    seconds: VecDeque<(u64, u64, u64)>,
}

impl Shows {
    /// At `now`, monotonic time, so many frames came onto the glass, and so many refreshes passed without the frame
    /// that they were to have.
    pub fn count(&mut self, now: Duration, shown: u64, dropped: u64) {
        if shown == 0 && dropped == 0 {
            return;
        }
        self.shown += shown;
        self.dropped += dropped;
        match self.seconds.back_mut().filter(|(second, ..)| *second == now.as_secs()) {
            Some((_, all_shown, all_dropped)) => {
                *all_shown += shown;
                *all_dropped += dropped;
            }
            None => self.seconds.push_back((now.as_secs(), shown, dropped)),
        }
        if self.seconds.len() > SECONDS {
            self.seconds.pop_front();
        }
    }

    /// Frames that came onto the glass.
    pub fn shown(&self) -> u64 {
        self.shown
    }

    /// Refreshes that passed without a new frame while something moved.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The same in the minute before `now`, in whole seconds.
    pub fn dropped_last_minute(&self, now: Duration) -> u64 {
        let first = now.as_secs().saturating_sub(59);
        self.seconds.iter().filter(|(second, ..)| *second >= first).map(|(.., dropped)| dropped).sum()
    }

    /// Frames that came onto the glass in the last whole second before `now`.
    pub fn rate(&self, now: Duration) -> u64 {
        let last = now.as_secs().checked_sub(1);
        let of = self.seconds.iter().find(|(second, ..)| Some(*second) == last);
        of.map_or(0, |(_, shown, _)| *shown)
    }
}

/// What is on the glass, for whoever asks: the presenter answers in one of the next frames.
#[derive(Resource, Debug, Default)]
pub struct OnGlass {
    /// Whether it is asked for; the presenter takes this back when it answers.
    pub wanted: bool,
    /// The answer: the newest list that is on the glass.
    pub list: Option<DisplayList>,
}

impl OnGlass {
    /// Answers where it is asked for and there is something on the glass.
    pub fn answer(&mut self, newest: Option<&DisplayList>) {
        if self.wanted
            && let Some(list) = newest
        {
            self.list = Some(list.clone());
            self.wanted = false;
        }
    }
}

/// Whether the program started with board and running text alone, after several crashes.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SafeMode(pub bool);

/// What draws.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DrawnBy {
    /// The CPU, in a window.
    #[default]
    Cpu,
    /// The GPU, in a window.
    Gpu,
    /// The CPU, into a file: there is no window.
    File,
}

/// What a thread of a feature says is wrong now; the frame takes it over into [`Troubles`] when it changed.
#[derive(Debug, Clone, Default)]
pub struct Standing(Arc<Stands>);

#[derive(Debug, Default)]
struct Stands {
    texts: Mutex<Vec<Said>>,
    /// Counts the changes; the frame looks at this alone.
    version: AtomicU64,
}

/// What is wrong, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Said {
    /// In Indonesian.
    pub id: String,
    /// In English.
    pub en: String,
}

impl Said {
    /// `id` and `en` say the same.
    pub fn new(id: impl Into<String>, en: impl Into<String>) -> Self {
        Self { id: id.into(), en: en.into() }
    }

    /// In one language.
    pub fn of(self, language: Language) -> String {
        match language {
            Language::Indonesian => self.id,
            Language::English => self.en,
        }
    }
}

impl Standing {
    /// This is wrong now, in place of what was; nothing: all is well again.
    pub fn say(&self, all: impl IntoIterator<Item = Said>) {
        let all: Vec<Said> = all.into_iter().collect();
        let mut texts = self.0.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if *texts != all {
            *texts = all;
            self.0.version.fetch_add(1, Ordering::Release);
        }
    }

    /// Another thing is wrong too; of more than `most`, the oldest is forgotten.
    pub fn add(&self, one: Said, most: usize) {
        let mut texts = self.0.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if texts.contains(&one) {
            return;
        }
        if texts.len() >= most {
            texts.remove(0);
        }
        texts.push(one);
        self.0.version.fetch_add(1, Ordering::Release);
    }

    /// Takes what changed since `seen` over into the troubles of `of`.
    pub fn pass_on(
        &self,
        seen: &mut u64,
        troubles: &mut impl DerefMut<Target = Troubles>,
        of: &str,
        language: Language,
        now: Timestamp,
    ) {
        let version = self.0.version.load(Ordering::Acquire);
        if *seen != version {
            *seen = version;
            let texts = self.0.texts.lock().unwrap_or_else(PoisonError::into_inner).clone();
            troubles.set(of, texts.into_iter().map(|said| said.of(language)), now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_minute_and_the_last_second_are_told_from_all() {
        let at = Duration::from_millis;
        let mut shows = Shows::default();
        for frame in 0..60 {
            shows.count(at(10_000 + frame * 16), 1, u64::from(frame == 30));
        }
        assert_eq!((shows.shown(), shows.dropped()), (60, 1));
        assert_eq!(shows.rate(at(11_500)), 60);
        assert_eq!(shows.rate(at(12_000)), 0);
        assert_eq!([10_999, 69_999, 70_000].map(|ms| shows.dropped_last_minute(at(ms))), [1, 1, 0]);
        assert_eq!(shows.dropped(), 1);
    }

    #[test]
    fn it_does_not_grow() {
        let mut shows = Shows::default();
        (0..1_000_000).for_each(|second| shows.count(Duration::from_secs(second), 1, 1));
        assert_eq!(shows.seconds.len(), SECONDS);
        assert_eq!(shows.dropped_last_minute(Duration::from_secs(999_999)), 60);
    }

    #[test]
    fn the_glass_is_told_of_once_for_each_asking() {
        let list = DisplayList { width: 1, height: 1, quads: vec![] };
        let mut glass = OnGlass::default();
        glass.answer(Some(&list));
        assert!(glass.list.is_none(), "nobody asked");
        glass.wanted = true;
        glass.answer(None);
        assert!(glass.wanted && glass.list.is_none(), "it waits for the first frame");
        glass.answer(Some(&list));
        assert!(!glass.wanted && glass.list == Some(list));
    }

    #[test]
    fn what_a_thread_says_stands_as_long_as_it_says_so() {
        let mut app = App::new();
        app.init_resource::<Troubles>();
        let standing = Standing::default();
        let (mut seen, theirs) = (0, standing.clone());
        let mut texts = |seen: &mut u64, language| {
            let mut troubles = app.world_mut().resource_mut::<Troubles>();
            standing.pass_on(seen, &mut troubles, "x", language, Timestamp::UNIX_EPOCH);
            troubles.iter().map(|(_, t)| t.text.clone()).collect::<Vec<_>>()
        };
        assert!(texts(&mut seen, Language::English).is_empty());
        theirs.say([Said::new("rusak", "broken")]);
        assert_eq!(texts(&mut seen, Language::Indonesian), ["rusak"]);
        theirs.add(Said::new("dua", "two"), 2);
        theirs.add(Said::new("tiga", "three"), 2);
        assert_eq!(texts(&mut seen, Language::English), ["two", "three"]);
        theirs.say([]);
        assert!(texts(&mut seen, Language::English).is_empty());
    }
}
