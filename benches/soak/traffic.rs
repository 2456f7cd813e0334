//! What happens in the hall: the demo hall's life, faster by day than by night, and notices that it does not have.
//! Invariant: the same day each time, but for when exactly this machine came to it.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use papan::domain::event::{Event, Level, Notice, NoticeId};

use crate::server::Server;

/// How many counters the hall has.
pub const COUNTERS: usize = 24;
/// Between two notices that are not only for information, in the hall's time.
const BETWEEN_NOTICES: Duration = Duration::from_secs(20 * 60);

/// The hall's clock.
pub struct Clock {
    pub begun: Instant,
    pub from: Timestamp,
    pub speed: u32,
}

impl Clock {
    /// How long the day has lasted, in the hall's time.
    pub fn passed(&self) -> Duration {
        self.begun.elapsed() * self.speed
    }

    /// What the clock in the hall says.
    pub fn hall(&self) -> Timestamp {
        self.from + SignedDuration::try_from(self.passed()).unwrap_or_default()
    }
}

/// What makes things happen.
pub struct Traffic {
    last: Duration,
    notices: u32,
    /// The notice that holds, and until when where nobody said so.
    open: Mutex<Option<(NoticeId, Duration)>>,
}

impl Traffic {
    /// Nothing has happened yet.
    pub fn new(clock: &Clock) -> Self {
        Self { last: clock.passed(), notices: 0, open: Mutex::default() }
    }

    /// Lets happen what is due.
    pub fn step(&mut self, clock: &Clock, server: &Server) {
        let now = clock.passed();
        let busy = activity(now.as_secs_f64() / 3_600.0);
        server.live((now - self.last).mul_f64(busy), clock.hall());
        self.last = now;
        self.notify(now, clock, server);
    }

    fn notify(&mut self, now: Duration, clock: &Clock, server: &Server) {
        let mut open = self.open.lock().expect("not poisoned");
        if let Some((id, _)) = open.take_if(|(_, until)| *until <= now) {
            server.send(Event::NoticeCleared(id), clock.hall());
        }
        if now < BETWEEN_NOTICES * (self.notices + 1) {
            return;
        }
        self.notices += 1;
        let number = self.notices;
        let id = NoticeId(format!("soak-{number}"));
        // One in eight takes the whole screen for two minutes; one in six is spoken.
        let (level, holds) = match number % 8 {
            5 => (Level::Emergency, Duration::from_secs(120)),
            0..=3 => (Level::Important, Duration::from_secs(240)),
            _ => (Level::Info, Duration::from_secs(600)),
        };
        let text = format!("Pemberitahuan {number}: antrean loket 7 dilanjutkan di loket 9.");
        // Half of them end by themselves, and half are cleared.
        let until = number
            .is_multiple_of(2)
            .then(|| clock.hall() + SignedDuration::try_from(holds).unwrap_or_default());
        if until.is_none() {
            *open = Some((id.clone(), now + holds));
        }
        let notice = Notice { id, text, level, speak: number % 6 == 1, until };
        server.send(Event::NoticePosted(notice), clock.hall());
    }
}

/// How busy the hall is, so many hours after it opened at 08:00: 1 is a call each 12 s or so.
fn activity(hours: f64) -> f64 {
    match hours % 24.0 {
        h if h < 8.0 => 1.5,
        h if h < 12.0 => 0.4,
        _ => 0.06,
    }
}
