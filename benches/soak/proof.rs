//! The play log as the program left it. Invariant: a line that cannot be read is counted, not passed over.

use std::path::Path;

use papan::playlog::{
    line::{Call, Item, Line, Notice},
    read,
};

/// All that is in it.
#[derive(Debug, Default)]
pub struct Found {
    pub calls: Vec<Call>,
    pub notices: Vec<Notice>,
    pub items: Vec<Item>,
    /// Lines that could not be read.
    pub unread: u64,
}

/// Reads the log in a folder.
pub fn read(folder: &Path) -> Found {
    let mut found = Found::default();
    let unread = read::lines(folder, |line| match line {
        Line::Call(call) => found.calls.push(call),
        Line::Notice(notice) => found.notices.push(notice),
        Line::Item(item) => found.items.push(item),
    });
    found.unread = unread.map_or(1, |(unread, _)| unread.torn + unread.unknown + unread.files.len() as u64);
    found
}
