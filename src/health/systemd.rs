//! What systemd is told: ready, how it is, that the drawing loop lives, and that the program ends.
//! Invariant: the drawing loop alone says that it lives, and never waits for systemd: a thread hands on what it says.

use std::{
    io,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread,
    time::Duration,
};

use bevy::{log::warn, platform::cell::SyncCell, prelude::*};
use sd_notify::NotifyState;

/// How many words may wait for systemd.
const MOST: usize = 16;
/// How long the program's end waits until systemd has heard of it.
const LAST: Duration = Duration::from_millis(200);

/// One word to systemd.
#[derive(Debug, PartialEq, Eq)]
enum Word {
    Ready,
    Alive,
    Status(String),
    Stopping,
}

/// The way to systemd.
#[derive(Resource)]
pub struct Manager {
    words: Option<SyncSender<Word>>,
    done: SyncCell<Receiver<()>>,
    /// How often it wants to hear that the loop lives, at the least; `None`: not at all.
    pub watchdog: Option<Duration>,
    ready: bool,
    /// When it was told last that the loop lives, in monotonic time.
    fed: Option<Duration>,
    status: String,
    /// When the status was told last.
    told: Option<Duration>,
}

impl Manager {
    /// The way, where whoever started the program named one.
    pub fn find() -> Option<Self> {
        std::env::var_os("NOTIFY_SOCKET")?;
        Self::start(sd_notify::watchdog_enabled(), |word| {
            sd_notify::notify(&[match word {
                Word::Ready => NotifyState::Ready,
                Word::Alive => NotifyState::Watchdog,
                Word::Status(text) => NotifyState::Status(text),
                Word::Stopping => NotifyState::Stopping,
            }])
        })
        .inspect_err(|err| warn!("systemd is told nothing: no thread for it: {err}"))
        .ok()
    }

    fn start(
        watchdog: Option<Duration>,
        tell: impl Fn(&Word) -> io::Result<()> + Send + 'static,
    ) -> io::Result<Self> {
        let (words, waiting) = sync_channel(MOST);
        let (end, done) = sync_channel(1);
        thread::Builder::new().name("systemd".into()).spawn(move || {
            // A socket that is gone is worth one line.
            let mut trouble = false;
            while let Ok(word) = waiting.recv() {
                crate::fault::point("systemd");
                match tell(&word) {
                    Ok(()) => trouble = false,
                    Err(err) if !std::mem::replace(&mut trouble, true) => {
                        warn!("systemd cannot be told: {err}")
                    }
                    Err(_) => {}
                }
            }
            _ = end.send(());
        })?;
        let done = SyncCell::new(done);
        Ok(Self {
            words: Some(words),
            done,
            watchdog,
            ready: false,
            fed: None,
            status: String::new(),
            told: None,
        })
    }

    /// The first whole picture is on the glass.
    pub fn ready(&mut self) {
        if !std::mem::replace(&mut self.ready, true) {
            self.say(Word::Ready);
        }
    }

    /// A frame ran to its end, at `now` of the monotonic clock.
    pub fn alive(&mut self, now: Duration) {
        let Some(watchdog) = self.watchdog else { return };
        let due = self.fed.is_none_or(|fed| now.saturating_sub(fed) >= watchdog / 4);
        if due && self.say(Word::Alive) {
            self.fed = Some(now);
        }
    }

    /// How it is, in a short line; told where it changed, once a second at the most.
    pub fn status(&mut self, now: Duration, text: &str) {
        let rested = self.told.is_none_or(|told| now.saturating_sub(told) >= Duration::from_secs(1));
        if rested && self.status != text && self.say(Word::Status(text.to_owned())) {
            (self.status, self.told) = (text.to_owned(), Some(now));
        }
    }

    fn say(&self, word: Word) -> bool {
        self.words.as_ref().is_some_and(|words| words.try_send(word).is_ok())
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        self.say(Word::Stopping);
        self.words = None;
        if let Err(RecvTimeoutError::Timeout) = self.done.get().recv_timeout(LAST) {
            warn!("systemd does not listen");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by a panic")]

    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn it_hears_each_word_in_order_and_no_more_than_it_wants() {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ears = heard.clone();
        let tell = move |word: &Word| {
            ears.lock().unwrap().push(format!("{word:?}"));
            Ok(())
        };
        let mut manager = Manager::start(Some(Duration::from_secs(8)), tell).unwrap();
        (0..3).for_each(|_| manager.ready());
        for second in 0..5 {
            manager.alive(Duration::from_secs(second));
            manager.status(Duration::from_secs(second), "live");
        }
        drop(manager);
        let all = ["Ready", "Alive", "Status(\"live\")", "Alive", "Alive", "Stopping"];
        assert_eq!(*heard.lock().unwrap(), all);
    }

    #[test]
    fn one_that_does_not_listen_holds_nobody() {
        let (hold, held) = sync_channel::<()>(0);
        let held = Mutex::new(held);
        let tell = move |_: &Word| {
            _ = held.lock().unwrap().recv();
            Ok(())
        };
        let mut manager = Manager::start(Some(Duration::ZERO), tell).unwrap();
        for millis in 0..1_000 {
            manager.alive(Duration::from_millis(millis));
        }
        drop(manager);
        drop(hold);
    }
}
