//! What was done to the document, to be taken back and done again.
//! Invariant: bounded in steps and in bytes; the oldest steps are forgotten first.

use std::{collections::VecDeque, path::PathBuf, sync::Arc};

use super::Change;

/// The most steps.
const MAX_STEPS: usize = 500;
/// The most bytes of texts; the newest step is kept all the same.
const MAX_BYTES: usize = 64 << 20;

/// A file's text; `None` where there is no such file.
pub(super) type Text = Option<Arc<str>>;

/// A step: the files that it changed, as they were before and after.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) change: Change,
    pub(super) files: Vec<(PathBuf, Text, Text)>,
}

impl Step {
    fn bytes(&self) -> usize {
        // A text before is the text after the step before: counted once.
        self.files.iter().map(|(_, _, after)| after.as_ref().map_or(0, |text| text.len())).sum()
    }
}

/// The steps that were done and those that were taken back.
#[derive(Debug, Default)]
pub(super) struct History {
    done: VecDeque<Step>,
    undone: Vec<Step>,
    /// Whether the newest step still grows.
    open: bool,
}

impl History {
    /// Takes note of a change of files; one of the same kind joins the step that is open.
    pub(super) fn push(&mut self, change: &Change, files: Vec<(PathBuf, Text, Text)>) {
        self.undone.clear();
        match self.done.back_mut().filter(|last| self.open && last.change == *change) {
            Some(last) => {
                for (path, before, after) in files {
                    match last.files.iter_mut().find(|(known, ..)| *known == path) {
                        Some(known) => known.2 = after,
                        None => last.files.push((path, before, after)),
                    }
                }
                last.files.retain(|(_, before, after)| before != after);
                if last.files.is_empty() {
                    self.done.pop_back();
                    self.open = false;
                }
            }
            None => {
                self.done.push_back(Step { change: change.clone(), files });
                // What is a step of its own never grows.
                self.open = !matches!(change, Change::Step(..));
            }
        }
        let mut bytes: usize = self.done.iter().map(Step::bytes).sum();
        while self.done.len() > MAX_STEPS || (bytes > MAX_BYTES && self.done.len() > 1) {
            bytes -= self.done.pop_front().map_or(0, |step| step.bytes());
        }
    }

    /// Ends the newest step.
    pub(super) fn settle(&mut self) {
        self.open = false;
    }

    /// Takes the newest step back: the texts that it was before.
    pub(super) fn undo(&mut self) -> Option<Vec<(PathBuf, Text)>> {
        self.open = false;
        let step = self.done.pop_back()?;
        let files = step.files.iter().map(|(path, before, _)| (path.clone(), before.clone())).collect();
        self.undone.push(step);
        Some(files)
    }

    /// Does the step again that was taken back last.
    pub(super) fn redo(&mut self) -> Option<Vec<(PathBuf, Text)>> {
        self.open = false;
        let step = self.undone.pop()?;
        let files = step.files.iter().map(|(path, _, after)| (path.clone(), after.clone())).collect();
        self.done.push_back(step);
        Some(files)
    }

    pub(super) fn last(&self) -> Option<&Change> {
        self.done.back().map(|step| &step.change)
    }

    pub(super) fn next(&self) -> Option<&Change> {
        self.undone.last().map(|step| &step.change)
    }
}
