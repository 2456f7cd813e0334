//! The thread that writes the play log: a slow, full or absent disk holds no frame back.
//! Invariant: what waits to be written is bounded; what finds no room is counted and told.

use std::{
    collections::VecDeque,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use bevy::log::{error, info, warn};

use super::{
    files::{self, Error, Series},
    line::Line,
};
use crate::state::{Complaint, Complaints};

/// How many lines can wait for the disk; a busy hall's calls of an hour or two.
const MOST: usize = 1_024;
/// How often a disk that took no line is tried again.
pub(super) const RETRY: Duration = Duration::from_secs(30);
/// Whose troubles these are.
const OF: &str = "play log";
/// How long the program's end waits for the disk.
const LAST_WRITE: Duration = Duration::from_secs(2);

/// What the thread and the app share.
#[derive(Default)]
struct Slot {
    /// What waits; the first one is being written.
    lines: VecDeque<Line>,
    /// Lines that found no room since the disk took one.
    lost: u64,
    closing: bool,
}

#[derive(Default)]
struct Desk {
    slot: Mutex<Slot>,
    turned: Condvar,
}

/// The app's end of the log.
pub(super) struct Writer(Arc<Desk>);

impl Writer {
    /// Starts the thread that writes the files in `folder`, `bound` bytes at the most. `retry` is how often a disk
    /// that took no line is tried again.
    pub fn start(folder: PathBuf, bound: u64, retry: Duration, complaints: Complaints) -> io::Result<Self> {
        let desk = Arc::<Desk>::default();
        let theirs = Arc::clone(&desk);
        let run = move || run(&theirs, &folder, bound, retry, &complaints);
        thread::Builder::new().name("play log".into()).spawn(run)?;
        Ok(Self(desk))
    }

    /// Hands a line over.
    pub fn write(&self, line: Line) {
        let mut slot = self.0.lock();
        if slot.lines.len() < MOST {
            slot.lines.push_back(line);
            drop(slot);
            return self.0.turned.notify_all();
        }
        slot.lost += 1;
        if slot.lost == 1 {
            warn!("the play log is full of lines that the disk does not take: the next ones are left out");
        }
    }
}

/// Waits until everything handed over is written, or until the disk has had its time.
impl Drop for Writer {
    fn drop(&mut self) {
        self.0.lock().closing = true;
        self.0.turned.notify_all();
        let busy = |slot: &mut Slot| !slot.lines.is_empty();
        let waited = self.0.turned.wait_timeout_while(self.0.lock(), LAST_WRITE, busy);
        if waited.unwrap_or_else(PoisonError::into_inner).1.timed_out() {
            warn!("the disk is too slow: the last lines of the play log may not be kept");
        }
    }
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next line, once there is one; `None` at the end.
    fn next(&self) -> Option<Line> {
        let idle = |slot: &mut Slot| slot.lines.is_empty() && !slot.closing;
        let slot = self.turned.wait_while(self.lock(), idle).unwrap_or_else(PoisonError::into_inner);
        slot.lines.front().cloned()
    }

    /// The next line is done with. Tells how many found no room before.
    fn done(&self) -> u64 {
        let mut slot = self.lock();
        slot.lines.pop_front();
        self.turned.notify_all();
        std::mem::take(&mut slot.lost)
    }

    /// Rests before the next try, which comes at once at the end. Tells whether it is the last.
    fn rest(&self, retry: Duration) -> bool {
        let open = |slot: &mut Slot| !slot.closing;
        let rested = self.turned.wait_timeout_while(self.lock(), retry, open);
        rested.unwrap_or_else(PoisonError::into_inner).0.closing
    }

    /// Gives up what waits; tells how many lines.
    fn give_up(&self) -> u64 {
        let mut slot = self.lock();
        let given_up = slot.lines.len() as u64 + slot.lost;
        slot.lines.clear();
        self.turned.notify_all();
        given_up
    }
}

fn run(desk: &Desk, folder: &Path, bound: u64, retry: Duration, complaints: &Complaints) {
    // A disk that stays broken is worth one line, not one a try.
    let mut trouble: Option<String> = None;
    let mut last = false;
    while let Some(line) = desk.next() {
        crate::fault::point("play log");
        let text = match serde_json::to_string(&line) {
            Ok(text) => text,
            Err(error) => {
                error!("a line of the play log cannot be told: {error}");
                desk.done();
                continue;
            }
        };
        let series = if matches!(line, Line::Item(_)) { Series::Items } else { Series::Calls };
        match files::append(folder, series, series.share(bound), &text) {
            Ok(()) => {
                if trouble.take().is_some() {
                    info!("the play log is written again");
                    complaints.set(OF, None);
                }
                let lost = desk.done();
                if lost > 0 {
                    warn!("{lost} lines were left out of the play log");
                }
            }
            Err(error @ Error::TooLong { .. }) => {
                warn!("the play log: {error}; it is left out; allow it more in [log] megabytes");
                desk.done();
            }
            Err(Error::Io(error)) => {
                let now = error.to_string();
                if trouble.as_ref() != Some(&now) {
                    warn!("the play log cannot be written in {}: {now}", folder.display());
                    complaints.set(OF, Some(Complaint::unwritten("catatan tayang", "the play log", &now)));
                }
                trouble = Some(now);
                if last {
                    return warn!("{} lines are not in the play log", desk.give_up());
                }
                last = desk.rest(retry);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by a panic")]

    use std::{fs, time::Instant};

    use super::{super::open::Open, *};
    use crate::{
        domain::{
            announcement::{Number, What},
            event::{Level, Notice, NoticeId},
        },
        state::Proof,
    };

    const DEADLINE: Duration = Duration::from_secs(20);

    fn line(number: usize) -> Line {
        let (id, text) = (NoticeId(format!("n-{number}")), String::new());
        let what = What::Notice(Notice { id, text, level: Level::Info, speak: true, until: None });
        let mut open = Open::default();
        open.hear(&Proof::Came { number: Number(1), what, at: Default::default() }, Duration::ZERO);
        open.stop().remove(0)
    }

    fn numbers(folder: &Path) -> Vec<usize> {
        let texts =
            files::list(folder, Series::Calls).unwrap_or_default().into_iter().map(fs::read_to_string);
        let number = |line: &str| match serde_json::from_str(line).unwrap() {
            Line::Notice(notice) => notice.notice["n-".len()..].parse().unwrap(),
            line => panic!("{line:?}"),
        };
        texts.flat_map(|text| text.unwrap().lines().map(number).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn a_disk_that_comes_back_is_given_what_waited() {
        let parent = tempfile::tempdir().unwrap();
        let (place, folder) = (parent.path().join("place"), parent.path().join("place/log"));
        // A file where the folder should be: nothing can be written, whoever runs the test.
        fs::write(&place, "").unwrap();
        let writer =
            Writer::start(folder.clone(), 1 << 20, Duration::from_millis(1), Complaints::default()).unwrap();
        (0..MOST + 7).for_each(|number| writer.write(line(number)));
        let (waiting, lost) = {
            let slot = writer.0.lock();
            (slot.lines.len(), slot.lost)
        };
        assert_eq!((waiting, lost), (MOST, 7));
        fs::remove_file(&place).unwrap();
        let begin = Instant::now();
        while !writer.0.lock().lines.is_empty() {
            assert!(begin.elapsed() < DEADLINE);
            thread::yield_now();
        }
        assert_eq!(writer.0.lock().lost, 0);
        writer.write(line(5_000));
        drop(writer);
        assert_eq!(numbers(&folder), (0..MOST).chain([5_000]).collect::<Vec<_>>());
    }

    #[test]
    fn a_line_that_is_too_long_holds_up_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let writer =
            Writer::start(folder.path().to_owned(), 4 * 3_200, RETRY, Complaints::default()).unwrap();
        let Line::Notice(mut long) = line(1) else { panic!("a notice") };
        long.announced.text = Some("x".repeat(400));
        writer.write(Line::Notice(long));
        writer.write(line(2));
        drop(writer);
        assert_eq!(numbers(folder.path()), [2]);
    }
}
