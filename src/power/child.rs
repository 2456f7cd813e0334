//! One run of `cec-ctl`: started, looked after, ended at its deadline.
//! Invariant: nothing here waits, whatever the child or the kernel does.

use std::{
    io::{self, Read},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

/// How long a run may take: a television that sleeps lets every message time out.
const DEADLINE: Duration = Duration::from_secs(12);
/// How much of what it says is kept, in bytes.
const MOST: usize = 32 << 10;

/// A run.
pub(super) struct Run {
    child: Child,
    out: Option<ChildStdout>,
    said: Vec<u8>,
    deadline: Instant,
    killed: bool,
}

/// How a run stands.
pub(super) enum State {
    /// It runs.
    Runs,
    /// It did what it was to do; what it said.
    Done(String),
    /// It did not; why.
    Failed(String),
    /// It was ended and has not gone: the kernel holds it.
    Stuck,
}

impl Run {
    /// Starts it.
    pub fn start(program: &Path, device: &Path, arguments: &[&str], now: Instant) -> io::Result<Self> {
        let mut child = Command::new(program)
            .arg("--device")
            .arg(device)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let out = child.stdout.take();
        if let Some(out) = &out {
            fcntl_setfl(out, fcntl_getfl(out)? | OFlags::NONBLOCK)?;
        }
        Ok(Self { child, out, said: Vec::new(), deadline: now + DEADLINE, killed: false })
    }

    /// How it stands at `now`.
    pub fn look(&mut self, now: Instant) -> State {
        self.listen();
        match self.child.try_wait() {
            Ok(None) if now < self.deadline => State::Runs,
            Ok(None) => {
                if !self.killed {
                    self.killed = true;
                    // It fails only where the child has gone.
                    _ = self.child.kill();
                }
                State::Stuck
            }
            Ok(Some(_)) if self.killed => State::Failed("no answer in time".to_owned()),
            Ok(Some(status)) => {
                self.listen();
                let said = String::from_utf8_lossy(&self.said).into_owned();
                match status.success() {
                    true => State::Done(said),
                    false => State::Failed(status.to_string()),
                }
            }
            Err(error) => State::Failed(error.to_string()),
        }
    }

    /// Takes what it says, so that it does not wait for a reader.
    fn listen(&mut self) {
        let Some(out) = &mut self.out else { return };
        let mut piece = [0; 4096];
        // A child that never stops talking is read at its next look.
        for _ in 0..64 {
            match out.read(&mut piece) {
                Ok(0) => break,
                Ok(count) => {
                    let room = MOST.saturating_sub(self.said.len()).min(count);
                    self.said.extend_from_slice(&piece[..room]);
                }
                Err(_) => break,
            }
        }
    }
}

impl Drop for Run {
    /// What still runs is ended; it is reaped where it goes at once.
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            _ = self.child.kill();
            _ = self.child.try_wait();
        }
    }
}
