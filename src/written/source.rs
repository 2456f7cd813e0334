//! A file that is being read, and the problems that are found in it.
//! Invariant: memory is bounded, however wrong the file is; how many errors there are is always known.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use toml::de::DeTable;

use super::syntax;
use crate::problem::{Problem, Severity};

/// A file that is being read, with the problems found in it so far.
#[derive(Debug)]
pub struct Source {
    file: PathBuf,
    /// Where each line begins, in bytes.
    lines: Vec<usize>,
    problems: RefCell<Vec<Problem>>,
    /// How many errors were found, those that are not kept included.
    errors: Cell<usize>,
    /// How many problems are not kept.
    more: Cell<usize>,
}

/// More problems of a file than this are counted only: nobody reads them, and each takes memory.
const MOST_PROBLEMS: usize = 500;

impl Source {
    /// A file with its whole text.
    pub fn new(file: &Path, text: &str) -> Self {
        let begins = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(begins).collect();
        Self {
            file: file.to_owned(),
            lines,
            problems: RefCell::default(),
            errors: Cell::default(),
            more: Cell::default(),
        }
    }

    /// The file's path.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The line, from 1, of a byte of the text.
    pub fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|begin| *begin <= at)
    }

    /// Takes note of a problem for which what it stands in is not used.
    pub fn error(&self, line: usize, id: impl Into<String>, en: impl Into<String>) {
        self.push(Problem::error(&self.file, Some(line), id, en));
    }

    /// Takes note of a problem for which it works, but not as well as it could.
    pub fn warning(&self, line: usize, id: impl Into<String>, en: impl Into<String>) {
        self.push(Problem::warning(&self.file, Some(line), id, en));
    }

    /// Takes note of a problem, of this file or of one that it names.
    pub fn push(&self, problem: Problem) {
        self.errors.set(self.errors.get() + usize::from(problem.severity == Severity::Error));
        let mut problems = self.problems.borrow_mut();
        if problems.len() < MOST_PROBLEMS {
            problems.push(problem);
        } else {
            self.more.set(self.more.get() + 1);
        }
    }

    /// How many errors were found so far.
    pub fn errors(&self) -> usize {
        self.errors.get()
    }

    /// Whether there are more problems than are kept: looking for others is of no use.
    pub fn is_full(&self) -> bool {
        self.more.get() > 0
    }

    /// The problems found, in the order in which they were found; past a bound only how many there are.
    pub fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        if self.more.get() > 0 {
            // An error where one was not kept: what is told must not look better than it is.
            let kept = problems.iter().filter(|p| p.is_error()).count();
            let severity = if kept < self.errors.get() { Severity::Error } else { Severity::Warning };
            let (id, en) = (
                "masih ada masalah lain yang tidak disebut; betulkan dahulu yang di atas".to_owned(),
                "there are more problems that are not told; put those above right first".to_owned(),
            );
            problems.push(Problem { severity, file: self.file, line: None, id, en });
        }
        problems
    }

    /// The TOML document in the file's text; `None`, with its problems noted, where it is none.
    pub fn toml<'a>(&self, text: &'a str) -> Option<DeTable<'a>> {
        let (root, errors) = DeTable::parse_recoverable(text);
        let mut seen = BTreeSet::new();
        for error in &errors {
            let at = error.span().map_or(text.len(), |span| span.start.min(text.len()));
            let line = self.line(at.min(text.trim_end().len()));
            // One slip makes the parser stumble several times on the same line.
            if seen.insert(line) {
                let (id, en) =
                    syntax::explain(error.message(), text.lines().nth(line - 1).unwrap_or_default());
                self.error(line, id, en);
            }
        }
        errors.is_empty().then(|| root.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_problems_are_counted_and_few_are_kept() {
        let source = Source::new(Path::new("a.toml"), "");
        for number in 0..MOST_PROBLEMS {
            source.warning(number, "id", "en");
        }
        assert!(!source.is_full());
        for number in 0..1000 {
            source.error(number, "id", "en");
        }
        assert!(source.is_full());
        assert_eq!(source.errors(), 1000);
        let problems = source.into_problems();
        assert_eq!(problems.len(), MOST_PROBLEMS + 1);
        assert!(problems.last().is_some_and(Problem::is_error), "what is not kept is an error all the same");
    }
}
