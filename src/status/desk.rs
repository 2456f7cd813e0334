//! Where the frame leaves what is asked for from outside, and threads fetch it.
//! Invariant: the frame never waits here, and what is left lies no longer than someone may want it.

use std::{
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    process::Reader,
    report::{Problem, Report},
};
use crate::{
    picture::{DisplayList, Rect},
    state::Wake,
    words::Language,
};

/// A report that is younger serves whoever asks: asking often costs the frame nothing.
const YOUNG: Duration = Duration::from_millis(250);
/// How long a new report is waited for before the last one must do.
const REPORT: Duration = Duration::from_millis(1_000);
/// How long a picture is waited for.
const PICTURE: Duration = Duration::from_secs(3);
/// How long a picture lies for whoever asked: a film's frame may be in it, of which there are few.
const LIES: Duration = Duration::from_secs(1);
/// From this age of the answer on the picture stands still, which is a problem.
const STILL: Duration = Duration::from_secs(5);

/// Where a screen is in the window's picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// What it is asked for by: its output, and what staff call it.
    pub names: Vec<String>,
    /// Its place; empty where it is not shown.
    pub at: Rect,
}

/// What lies there.
#[derive(Default)]
struct Slot {
    report: Option<(Arc<Report>, Instant)>,
    /// Where each screen is in the picture.
    places: Vec<Place>,
    list: Option<(DisplayList, Instant)>,
}

/// The desk between the frame and the threads.
pub struct Desk {
    slot: Mutex<Slot>,
    turned: Condvar,
    wake: Wake,
    report_wanted: AtomicBool,
    picture_wanted: AtomicBool,
    process: Reader,
    language: Language,
}

impl Desk {
    /// An empty desk; `wake` wakes the drawing loop.
    pub fn new(wake: Wake, language: Language) -> Self {
        Self {
            slot: Mutex::default(),
            turned: Condvar::new(),
            wake,
            report_wanted: AtomicBool::new(false),
            picture_wanted: AtomicBool::new(false),
            process: Reader::default(),
            language,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a frame come at once.
    pub fn wake(&self) {
        (self.wake.0)();
    }

    /// Whether a report is asked for, once.
    pub fn wants_report(&self) -> bool {
        self.report_wanted.load(Ordering::Relaxed) && self.report_wanted.swap(false, Ordering::AcqRel)
    }

    /// Whether a picture is asked for, once.
    pub fn wants_picture(&self) -> bool {
        self.picture_wanted.load(Ordering::Relaxed) && self.picture_wanted.swap(false, Ordering::AcqRel)
    }

    /// The frame leaves a report, without what only threads read.
    pub fn leave_report(&self, report: Report, places: Vec<Place>) {
        let mut slot = self.lock();
        (slot.report, slot.places) = (Some((Arc::new(report), Instant::now())), places);
        self.turned.notify_all();
    }

    /// The frame leaves what is on the glass.
    pub fn leave_picture(&self, list: DisplayList) {
        self.lock().list = Some((list, Instant::now()));
        self.turned.notify_all();
    }

    /// The frame takes a picture back for which nobody came.
    pub fn tidy(&self) {
        let mut slot = self.lock();
        if slot.list.as_ref().is_some_and(|(_, at)| at.elapsed() > LIES) {
            slot.list = None;
        }
    }

    /// The newest report, whole; `None` where the drawing loop never told anything.
    pub fn report(&self) -> Option<Report> {
        let asked = Instant::now();
        let young = |slot: &Slot| slot.report.as_ref().is_some_and(|(_, at)| at.elapsed() < YOUNG);
        let mut slot = self.lock();
        if !young(&slot) {
            drop(slot);
            self.report_wanted.store(true, Ordering::Release);
            self.wake();
            let old = |slot: &mut Slot| slot.report.as_ref().is_none_or(|(_, at)| *at < asked);
            slot = self
                .turned
                .wait_timeout_while(self.lock(), REPORT, old)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        let (report, at) = slot.report.clone()?;
        drop(slot);
        let mut report = Arc::unwrap_or_clone(report);
        let age = at.elapsed();
        report.process = self.process.read(Duration::from_secs(report.uptime_s));
        report.answer_age_s = (age.as_secs_f64() * 1_000.0).round() / 1_000.0;
        if age > STILL {
            report.problems.insert(0, self.still(age));
        }
        report.well = report.problems.is_empty();
        Some(report)
    }

    fn still(&self, age: Duration) -> Problem {
        let seconds = age.as_secs();
        let since = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(seconds.cast_signed());
        let text = match self.language {
            Language::Indonesian => format!(
                "gambar di layar diam sejak {seconds} detik; kalau tidak pulih sendiri: systemctl restart papan"
            ),
            Language::English => format!(
                "the picture has stood still for {seconds} s; if it does not recover: systemctl restart papan"
            ),
        };
        Problem {
            of: "screen".to_owned(),
            text,
            since: since.round(jiff::Unit::Second).unwrap_or(since).to_string(),
        }
    }

    /// What is on the glass now, and where each screen is in it; `None` where nothing is, or the drawing loop does
    /// not answer in time.
    pub fn picture(&self) -> Option<(DisplayList, Vec<Place>)> {
        // What lies there from before may be another picture by now.
        self.lock().list = None;
        self.picture_wanted.store(true, Ordering::Release);
        self.wake();
        let none = |slot: &mut Slot| slot.list.is_none();
        let waited = self.turned.wait_timeout_while(self.lock(), PICTURE, none);
        let mut slot = waited.unwrap_or_else(PoisonError::into_inner).0;
        let (list, _) = slot.list.take()?;
        Some((list, slot.places.clone()))
    }

    /// As if the newest report were so old.
    #[cfg(test)]
    pub fn make_old(&self, by: Duration) {
        if let Some((_, at)) = &mut self.lock().report {
            *at = at.checked_sub(by).unwrap_or(*at);
        }
    }
}
