//! A problem in what people wrote: where, what is wrong, and what to write instead.
//! Invariant: every problem says it in both languages.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::words::Language;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It works, but not as well as it could.
    Warning,
    /// What it stands in is not used.
    Error,
}

/// A problem in a file that people wrote, in plain words in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
    /// A problem for which what it stands in is not used; `id` and `en` say the same.
    pub fn error(file: &Path, line: Option<usize>, id: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Error, file: file.to_owned(), line, id: id.into(), en: en.into() }
    }

    /// A problem for which it works, but not as well as it could; `id` and `en` say the same.
    pub fn warning(file: &Path, line: Option<usize>, id: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(file, line, id, en) }
    }

    /// Whether what it stands in is not used.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

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
