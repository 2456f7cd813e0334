//! A problem in what people wrote: where, what is wrong, and what to write instead.

use std::{fmt, path::PathBuf};

use crate::words::Language;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It works, but not as well as it could.
    Warning,
    /// What it stands in is not used.
    Error,
}

/// A problem in a file that people wrote, in plain words in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The file.
    pub file: PathBuf,
    /// The line, from 1; `None` where the whole file is meant.
    pub line: Option<usize>,
    /// What is wrong and what to write instead, in Indonesian.
    pub id: String,
    /// The same in English.
    pub en: String,
}

impl Problem {
    /// The problem as one line of text: `FILE:LINE: what is wrong; what to write instead`.
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        let text = match language {
            Language::Indonesian => &self.id,
            Language::English => &self.en,
        };
        let line = self.line.map(|l| format!(":{l}")).unwrap_or_default();
        format!("{}{line}: {text}", self.file.display())
    }
}
