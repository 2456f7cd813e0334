//! A display without a screen: the link in a bevy app, with what it told the others.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use bevy::prelude::*;
use jiff::{Timestamp, tz::TimeZone};
use papan::{
    config::{Config, Hall as HallConfig, Queue},
    directory::StateDirectory,
    domain::{event::TicketCalled, hall},
    link::{self, Timing},
    state::{Calling, DemoHall, Freshness, Hall, LinkStatus, Now, Received, Settings, Step, ToServer, Wake},
    words::Language,
};

use super::DEADLINE;

/// The protocol's times, but quick to reconnect.
pub fn quick() -> Timing {
    Timing {
        first_wait: Duration::from_millis(10),
        longest_wait: Duration::from_millis(50),
        ..Timing::default()
    }
}

/// What came out of the link.
#[derive(Resource, Default)]
struct Seen {
    called: Vec<TicketCalled>,
    withdrawn: Vec<String>,
    sequences: Vec<Option<u64>>,
    hall_changes: u64,
}

/// A display, with the program's own link.
pub struct Display {
    app: App,
    /// How often the link woke the drawing loop.
    pub woken: Arc<AtomicU64>,
}

/// What a display is made with.
pub struct Options {
    pub queue: Queue,
    pub demo: Option<String>,
    pub timing: Timing,
    pub state: Option<PathBuf>,
}

impl Display {
    /// A display that follows the server at `url`, keeps nothing, and is quick to reconnect.
    pub fn follow(url: &str) -> Self {
        Self::with(url, |_| {})
    }

    pub fn with(url: &str, change: impl FnOnce(&mut Options)) -> Self {
        let queue =
            Queue { url: Some(url.to_owned()), token_file: None, ca_file: None, display: "lobi-1".into() };
        let mut options = Options { queue, demo: None, timing: quick(), state: None };
        change(&mut options);
        let mut app = App::new();
        app.add_plugins(MinimalPlugins);
        let start = Instant::now();
        let now = move || Now { wall: Timestamp::now(), mono: start.elapsed(), zone: TimeZone::UTC };
        let (screen, woken) = (thread::current(), Arc::<AtomicU64>::default());
        let count = Arc::clone(&woken);
        app.insert_resource(now())
            .insert_resource(Wake(Arc::new(move || {
                count.fetch_add(1, Ordering::Relaxed);
                screen.unpark();
            })))
            .insert_resource(Settings(Arc::new(config(options.queue))))
            .insert_resource(options.timing)
            .insert_resource(StateDirectory(options.state))
            .init_resource::<Seen>()
            .add_plugins(link::plugin)
            .add_systems(First, move |mut frame: ResMut<Now>| *frame = now())
            .add_systems(Update, see.after(Step::Apply));
        if let Some(url) = options.demo {
            app.insert_resource(DemoHall(url));
        }
        app.finish();
        app.cleanup();
        Self { app, woken }
    }

    /// Draws frames until `what` holds.
    pub fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        loop {
            self.app.update();
            if holds(self) {
                return;
            }
            let status = self.status();
            assert!(Instant::now() < deadline, "not in time: {what}; {status:?}, {:#?}", self.hall());
            // The link unparks at news; what only time brings is looked for now and then.
            thread::park_timeout(Duration::from_millis(5));
        }
    }

    /// Draws one frame.
    pub fn update(&mut self) {
        self.app.update();
    }

    pub fn hall(&self) -> &hall::Hall {
        &self.app.world().resource::<Hall>().0
    }

    pub fn freshness(&self) -> &Freshness {
        self.app.world().resource()
    }

    /// The time of the last frame.
    pub fn mono(&self) -> Duration {
        self.app.world().resource::<Now>().mono
    }

    pub fn status(&self) -> &LinkStatus {
        self.app.world().resource()
    }

    /// The calls that are to be announced, so far.
    pub fn called(&self) -> Vec<&str> {
        self.app.world().resource::<Seen>().called.iter().map(|call| call.ticket.0.as_str()).collect()
    }

    /// The tickets whose calls were withdrawn, so far.
    pub fn withdrawn(&self) -> &[String] {
        &self.app.world().resource::<Seen>().withdrawn
    }

    /// The sequences of all events, in the order in which they came; `None` is the state from disk.
    pub fn sequences(&self) -> &[Option<u64>] {
        &self.app.world().resource::<Seen>().sequences
    }

    /// In how many frames the hall was marked as changed.
    pub fn hall_changes(&self) -> u64 {
        self.app.world().resource::<Seen>().hall_changes
    }

    /// The display says something.
    pub fn say(&mut self, message: ToServer) {
        self.app.world_mut().write_message(message);
    }

    /// Ends the program in order.
    pub fn exit(mut self) {
        self.app.world_mut().write_message(AppExit::Success);
        self.app.update();
    }
}

fn see(
    mut seen: ResMut<Seen>,
    hall: Res<Hall>,
    mut calling: MessageReader<Calling>,
    mut received: MessageReader<Received>,
) {
    for calling in calling.read() {
        match calling {
            Calling::Called(call) => seen.called.push(call.clone()),
            Calling::Withdrawn { ticket, .. } => seen.withdrawn.push(ticket.0.clone()),
            Calling::CounterGone(_) | Calling::Notice(_) | Calling::NoticeGone(_) => {}
        }
    }
    seen.sequences.extend(received.read().map(|r| r.sequence));
    seen.hall_changes += u64::from(hall.is_changed());
}

fn config(queue: Queue) -> Config {
    Config {
        hall: HallConfig {
            name: String::new(),
            organization: String::new(),
            logo: None,
            timezone: TimeZone::UTC,
            language: Language::Indonesian,
        },
        queue,
        screens: Vec::new(),
        ..Config::default()
    }
}
