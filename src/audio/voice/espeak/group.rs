//! A child process that is given a text and takes its time over an answer.
//! Invariant: it ends with all that it started, at the latest when nobody waits for it any more.

use std::{
    io::{self, Read, Write},
    os::{
        fd::{AsFd, BorrowedFd},
        unix::process::CommandExt,
    },
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::retry_on_intr,
    process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid},
};

/// Six minutes of espeak-ng's sound; the longest text takes less.
pub(super) const MOST_BYTES: usize = 16 << 20;
/// What is kept of its complaints.
const MOST_WORDS: usize = 4 << 10;
/// A pipe that is ready takes this much without making the writer wait.
const PIPE: usize = 4 << 10;
/// How often to look whether it is still wanted, and whether it has ended.
const LOOK: Duration = Duration::from_millis(20);

/// Why a talk with the child ended early.
pub(super) enum Stop {
    Late,
    Unwanted,
    Flood,
    Io(io::Error),
}

/// How long the child is waited for.
pub(super) struct Until<'a> {
    pub(super) deadline: Instant,
    /// Whether anyone still waits.
    pub(super) still: &'a dyn Fn() -> bool,
}

impl Until<'_> {
    /// The time that is left; never none.
    pub(super) fn left(&self) -> Result<Duration, Stop> {
        if !(self.still)() {
            return Err(Stop::Unwanted);
        }
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(Stop::Late) } else { Ok(left) }
    }
}

/// What the child said.
pub(super) struct Said {
    /// On stdout.
    pub(super) sound: Vec<u8>,
    /// The beginning of what it said on stderr.
    pub(super) words: Vec<u8>,
    pub(super) status: ExitStatus,
}

/// A child with all that it starts; dropped, they are killed and the child is reaped.
pub(super) struct Group {
    child: Child,
    reaped: bool,
}

impl Group {
    pub(super) fn start(command: &mut Command) -> io::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A group of its own, so that what it starts ends with it.
        Ok(Self { child: command.process_group(0).spawn()?, reaped: false })
    }

    /// Gives it the text and takes what it says until it has ended; what it started ends too.
    pub(super) fn talk(mut self, text: &[u8], until: &Until<'_>) -> Result<Said, Stop> {
        let (sound, words) = self.hear(text, until)?;
        while !self.ended()? {
            let left = until.left()?;
            // It has closed its output; what is left of it takes no time.
            thread::sleep(left.min(Duration::from_millis(1)));
        }
        let status = self.reap().map_err(Stop::Io)?;
        Ok(Said { sound, words, status })
    }

    /// What it says on stdout and stderr, until it closes both or has ended.
    fn hear(&mut self, text: &[u8], until: &Until<'_>) -> Result<(Vec<u8>, Vec<u8>), Stop> {
        let child = &mut self.child;
        let (mut stdin, mut stdout, mut stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (mut left, mut sound, mut words) = (text, Vec::new(), Vec::new());
        while stdout.is_some() || stderr.is_some() {
            // What it started can hold its pipes open for long after; all that it said itself is in them by now.
            let ended = self.ended()?;
            let wait = until.left()?.min(if ended { Duration::ZERO } else { LOOK });
            let ends = [
                stdin.as_ref().map(|p| (p.as_fd(), PollFlags::OUT)),
                stdout.as_ref().map(|p| (p.as_fd(), PollFlags::IN)),
                stderr.as_ref().map(|p| (p.as_fd(), PollFlags::IN)),
            ];
            let [to_write, to_hear, to_read] = ready(ends, wait)?;
            if ended && !to_hear && !to_read {
                break;
            }
            if to_write {
                write(&mut stdin, &mut left);
            }
            if to_hear {
                read(&mut stdout, &mut sound)?;
                if sound.len() > MOST_BYTES {
                    return Err(Stop::Flood);
                }
            }
            if to_read {
                read(&mut stderr, &mut words)?;
                words.truncate(MOST_WORDS);
            }
        }
        Ok((sound, words))
    }

    fn ended(&self) -> Result<bool, Stop> {
        // It stays unreaped until its group is killed, so that the group's number is still its own.
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let ended = waitid(WaitId::Pid(Pid::from_child(&self.child)), look);
        ended.map(|ended| ended.is_some()).map_err(|err| Stop::Io(err.into()))
    }

    fn reap(&mut self) -> io::Result<ExitStatus> {
        // There is nobody left to kill where all have ended by themselves.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        self.reaped = true;
        self.child.wait()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.reaped {
            let _ = self.reap();
        }
    }
}

/// Which of these ends can be written or read without waiting, or are closed; waits until one is, or `wait` is over.
fn ready(ends: [Option<(BorrowedFd<'_>, PollFlags)>; 3], wait: Duration) -> Result<[bool; 3], Stop> {
    let mut fds: Vec<PollFd<'_>> =
        ends.iter().flatten().map(|(fd, flags)| PollFd::from_borrowed_fd(*fd, *flags)).collect();
    let wait = Timespec { tv_sec: wait.as_secs() as i64, tv_nsec: wait.subsec_nanos().into() };
    retry_on_intr(|| poll(&mut fds, Some(&wait))).map_err(|err| Stop::Io(err.into()))?;
    let mut found = fds.iter().map(|fd| !fd.revents().is_empty());
    Ok(ends.map(|end| end.is_some() && found.next().unwrap_or(false)))
}

/// Writes what can be written at once, and closes the pipe after the last of it.
fn write(pipe: &mut Option<ChildStdin>, left: &mut &[u8]) {
    let Some(open) = pipe else { return };
    match open.write(&left[..left.len().min(PIPE)]) {
        Ok(count) => *left = &left[count..],
        Err(err) if err.kind() == io::ErrorKind::Interrupted => return,
        // It does not listen: what it says to that is on its other pipes.
        Err(_) => *left = &[],
    }
    if left.is_empty() {
        *pipe = None;
    }
}

/// Reads what is there, and lets the pipe go at its end.
fn read(pipe: &mut Option<impl Read>, into: &mut Vec<u8>) -> Result<(), Stop> {
    let Some(open) = pipe else { return Ok(()) };
    let mut some = [0; 16 << 10];
    match open.read(&mut some) {
        Ok(0) => *pipe = None,
        Ok(count) => into.extend_from_slice(&some[..count]),
        Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
        Err(err) => return Err(Stop::Io(err)),
    }
    Ok(())
}
