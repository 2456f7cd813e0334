//! A playlist's folder that changes while the library watches it, and what of it is on air.
//! Invariant: what is waited for has a deadline; nothing else is a matter of time.

#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, Once,
        mpsc::{Receiver, channel},
    },
    time::{Duration, Instant},
};

use bevy::app::App;
use papan::{
    config::{Config, Screen},
    directory::StateDirectory,
    domain::playlist::{Content, Playlist},
    library,
    state::{Now, OnAir, Settings, Wake},
};
use tempfile::TempDir;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

pub const DEADLINE: Duration = Duration::from_secs(20);

static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());
static LOGGED: Condvar = Condvar::new();

/// Keeps what is logged, so that a test knows when the watching thread has come to its decision.
struct Log;

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        struct Message(String);
        impl Visit for Message {
            fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
                if field.name() == "message" {
                    self.0 = format!("{value:?}");
                }
            }
        }
        let mut message = Message(String::new());
        event.record(&mut message);
        LOG.lock().unwrap().push(message.0);
        LOGGED.notify_all();
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// How many lines of the log hold all of these.
pub fn logged(parts: &[&str]) -> usize {
    LOG.lock().unwrap().iter().filter(|line| parts.iter().all(|part| line.contains(part))).count()
}

/// Waits until so many lines of the log hold all of these.
#[track_caller]
pub fn until_logged(count: usize, parts: &[&str]) {
    let begin = Instant::now();
    while logged(parts) < count {
        let left = DEADLINE.checked_sub(begin.elapsed()).expect("nothing is logged");
        let log = LOG.lock().unwrap();
        drop(LOGGED.wait_timeout(log, left.min(Duration::from_millis(100))).unwrap());
    }
}

pub fn write(dir: &Path, name: &str, text: &str) {
    fs::write(dir.join(name), text).unwrap();
}

pub fn card(title: &str) -> String {
    format!("[[item]]\ncard = {{ title = \"{title}\" }}\n")
}

pub struct Running {
    pub app: App,
    pub woken: Receiver<()>,
    /// Where the last good copy is kept.
    _state: Option<TempDir>,
}

/// With a place for the last good copy.
pub fn run(dir: &Path) -> Running {
    let state = tempfile::tempdir().unwrap();
    let running = run_with(dir, Some(state.path().to_owned()));
    Running { _state: Some(state), ..running }
}

pub fn run_with(dir: &Path, state: Option<PathBuf>) -> Running {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Log).unwrap());
    let (wake, woken) = channel();
    let screen = Screen { playlist: Some(dir.to_owned()), ..Screen::default() };
    let config = Config { screens: vec![screen], ..Config::default() };
    let mut app = App::new();
    app.insert_resource(Settings(Arc::new(config)));
    app.insert_resource(Now {
        wall: jiff::Timestamp::UNIX_EPOCH,
        mono: Duration::ZERO,
        zone: jiff::tz::TimeZone::UTC,
    });
    app.insert_resource(Wake(Arc::new(move || {
        let _ = wake.send(());
    })));
    app.insert_resource(StateDirectory(state));
    library::plugin(&mut app);
    app.update();
    Running { app, woken, _state: None }
}

impl Running {
    pub fn on_air(&self) -> &Playlist {
        &self.app.world().resource::<OnAir>().0
    }

    pub fn title(&self) -> String {
        match self.on_air().items.first().map(|item| &item.content) {
            Some(Content::Card { title, .. }) => title.clone(),
            Some(Content::Page(page)) => page.title.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Lives on until this title is on air.
    #[track_caller]
    pub fn until(&mut self, title: &str) {
        let begin = Instant::now();
        while self.title() != title {
            let left = DEADLINE.checked_sub(begin.elapsed()).unwrap_or_default();
            let woken = self.woken.recv_timeout(left);
            assert!(woken.is_ok(), "{title} did not come, {} stays", self.title());
            self.app.update();
        }
    }
}
