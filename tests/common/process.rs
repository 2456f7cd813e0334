//! Other programs that a test starts: ended when they go out of scope, their words read as they come.
//! Invariant: nothing here waits without a deadline.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

/// How long anything may take at the most on a slow machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A program under way; dropped, it is killed.
pub struct Program {
    pub child: Child,
    /// What it has said so far, stdout and stderr in one.
    pub said: Arc<Mutex<String>>,
}

impl Program {
    /// Starts a program and keeps what it says; stdin is ours.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("{command:?}: {e}"));
        let said = Arc::new(Mutex::new(String::new()));
        keep(child.stdout.take().expect("piped"), said.clone());
        keep(child.stderr.take().expect("piped"), said.clone());
        Self { child, said }
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        self.said.lock().expect("not poisoned").clone()
    }

    /// Waits until it has said this.
    pub fn says(&self, what: &str) {
        until(|| format!("the program says {what:?}: {}", self.said()), || self.said().contains(what));
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().expect("it can be asked").is_none()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("it said:\n{}", self.said());
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something is so, or panics with what was waited for.
pub fn until(what: impl Fn() -> String, mut so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {}", what());
        thread::park_timeout(Duration::from_millis(5));
    }
}

fn keep(from: impl Read + Send + 'static, into: Arc<Mutex<String>>) {
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let mut said = into.lock().expect("not poisoned");
            said.push_str(&line);
            said.push('\n');
        }
    });
}
