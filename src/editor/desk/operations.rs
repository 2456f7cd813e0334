//! What is done to the document from keys and buttons. Invariant: each is one step of undo, and what is selected
//! afterwards is what was touched.

use std::path::PathBuf;

use super::{Desk, Foot, Form, Panel, Question};
use crate::{
    domain::playlist::List,
    editor::{
        document::{Entry, Kind, NewItem, Resolution, SaveError},
        import::{Import, Imported},
    },
    problem::Problem,
};

impl Desk {
    /// Opens another list, with nothing of it selected but its first entry.
    pub fn open_list(&mut self, list: List) {
        if self.list != list {
            self.list = list;
            self.document.settle();
            self.selected.clear();
            self.anchor = None;
            self.form = Form::Content;
            if !self.document.entries(list).is_empty() {
                self.select_only(0);
            }
        }
    }

    /// Selects one entry.
    pub fn select_only(&mut self, entry: usize) {
        if self.selected_one() != Some(entry) {
            self.document.settle();
        }
        self.selected = [entry].into();
        self.anchor = Some(entry);
        self.reveal = Some(entry);
        let is_page = self.entry().is_some_and(|entry| entry.kind == Kind::Page);
        if self.form == Form::Page && !is_page {
            self.form = Form::Content;
        }
    }

    /// Selects all from where the selection began up to an entry.
    pub fn select_to(&mut self, entry: usize) {
        let anchor = self.anchor.unwrap_or(entry);
        self.selected = (anchor.min(entry)..=anchor.max(entry)).collect();
        self.anchor = Some(anchor);
        self.reveal = Some(entry);
    }

    /// Adds an entry to what is selected, or takes it out.
    pub fn select_also(&mut self, entry: usize) {
        if !self.selected.remove(&entry) {
            self.selected.insert(entry);
        }
        self.anchor = Some(entry);
    }

    /// The selected entries, in order.
    pub fn chosen(&self) -> Vec<usize> {
        self.selected.iter().copied().collect()
    }

    /// Saves; where the folder changed underneath, that is asked first. Whether all is saved.
    pub fn save(&mut self) -> bool {
        self.look();
        if self.question.is_some() {
            return false;
        }
        match self.document.save() {
            Ok(()) => {
                self.tell("Tersimpan. Layar menampilkannya sekarang.", "Saved. The screen shows it now.");
                if self.problems.iter().any(Problem::is_error) {
                    self.warn(
                        "Tersimpan, tetapi masih ada masalah: layar memakai versi terakhir yang baik.",
                        "Saved, but there are problems: the screen keeps the last good version.",
                    );
                }
                true
            }
            Err(SaveError::Changed(file)) => {
                self.question = Some(Question::Conflict(vec![file]));
                false
            }
            Err(SaveError::Unwritable { id, en }) => {
                self.warn(&id, &en);
                false
            }
        }
    }

    /// Takes the last step back.
    pub fn undo(&mut self) {
        if self.document.undo() {
            self.after_history();
        } else {
            self.tell("Tidak ada yang dapat diurungkan.", "There is nothing to undo.");
        }
    }

    /// Does again what was taken back.
    pub fn redo(&mut self) {
        if self.document.redo() {
            self.after_history();
        } else {
            self.tell("Tidak ada yang dapat diulangi.", "There is nothing to redo.");
        }
    }

    fn after_history(&mut self) {
        self.notice = None;
        self.refresh();
        if self.selected.is_empty() && !self.document.entries(self.list).is_empty() {
            self.select_only(0);
        }
    }

    /// Doubles what is selected.
    pub fn duplicate(&mut self) {
        if !self.selected.is_empty() {
            let copies = self.document.duplicate(self.list, &self.chosen());
            self.touched(&copies);
        }
    }

    /// Takes out what is selected.
    pub fn delete(&mut self) {
        let chosen = self.chosen();
        let Some(first) = chosen.first().copied() else { return };
        self.document.delete(self.list, &chosen);
        self.refresh();
        let count = self.document.entries(self.list).len();
        self.selected.clear();
        self.anchor = None;
        if count > 0 {
            self.select_only(first.min(count - 1));
        }
        self.tell("Dihapus. Ctrl+Z mengembalikannya.", "Deleted. Ctrl+Z brings it back.");
    }

    /// Switches what is selected on, or off where all of it is on.
    pub fn toggle(&mut self) {
        let entries = self.document.entries(self.list);
        let all = self.selected.iter().all(|entry| entries.get(*entry).is_some_and(|e| e.enabled));
        if !self.selected.is_empty() {
            self.document.set_enabled(self.list, &self.chosen(), !all);
        }
    }

    /// Moves what is selected before the entry at `to`; the list's length: to its end.
    pub fn move_to(&mut self, to: usize) {
        if !self.selected.is_empty() {
            let moved = self.document.move_to(self.list, &self.chosen(), to);
            self.touched(&moved);
        }
    }

    /// Moves what is selected one place up, or down.
    pub fn move_by_one(&mut self, down: bool) {
        let (Some(first), Some(last)) = (self.selected.first(), self.selected.last()) else { return };
        let count = self.document.entries(self.list).len();
        if down && last + 1 < count {
            self.move_to(last + 2);
        } else if !down && *first > 0 {
            self.move_to(first - 1);
        }
    }

    /// Adds an item behind what is selected, and selects it.
    pub fn add(&mut self, item: &NewItem) {
        let at = self.selected.last().map_or(self.document.entries(self.list).len(), |last| last + 1);
        let stands = self.document.insert(self.list, at, item);
        self.touched(&[stands]);
        self.form = if matches!(item, NewItem::Page(_)) { Form::Page } else { Form::Content };
    }

    /// Selects a page that was just added, with its form open.
    pub fn touch_page(&mut self, entry: usize) {
        self.touched(&[entry]);
        self.form = Form::Page;
    }

    fn touched(&mut self, entries: &[usize]) {
        self.refresh();
        self.selected = entries.iter().copied().collect();
        self.anchor = entries.first().copied();
        self.reveal = entries.first().copied();
    }

    /// Begins to copy files into the folder.
    pub fn take_in(&mut self, files: Vec<PathBuf>, wake: impl Fn() + Send + 'static) {
        if self.import.is_some() {
            self.warn(
                "Berkas sebelumnya masih disalin. Tunggu sampai selesai, lalu coba lagi.",
                "Earlier files are still being copied. Wait until they are done, then try again.",
            );
        } else if !files.is_empty() {
            self.import = Some(Import::start(&self.folder, files, wake));
        }
    }

    /// Adds what was copied, and says what was not.
    pub(super) fn finish_import(&mut self) {
        let Some(done) = self.import.as_mut().and_then(Import::finished) else { return };
        self.import = None;
        if self.list == List::Ticker {
            self.open_list(List::Item);
        }
        let (mut added, mut refused) = (0, Vec::new());
        for one in done {
            match one {
                Imported::Copied { item, .. } => {
                    self.add(&item);
                    added += 1;
                }
                Imported::Refused { id, en, .. } => refused.push((id, en)),
            }
        }
        if let Some((id, en)) = refused.first() {
            self.warn(id, en);
        } else if added > 0 {
            self.tell(
                "Berkas disalin ke folder dan butirnya ditambahkan. Ctrl+Z menghapus butirnya; berkasnya tetap di folder.",
                "The file is in the folder and its item was added. Ctrl+Z takes the item out; the file stays.",
            );
        }
    }

    /// Decides what was asked of files that changed on both sides.
    pub fn resolve(&mut self, files: &[PathBuf], how: Resolution) {
        self.question = None;
        for file in files {
            match self.document.resolve(file, how) {
                Ok(()) => {}
                Err(SaveError::Changed(_)) => self.look(),
                Err(SaveError::Unwritable { id, en }) => self.warn(&id, &en),
            }
        }
        self.refresh();
    }

    /// Asks to close: at once where nothing is unsaved.
    pub fn close(&mut self) {
        if self.document.is_changed() {
            self.question = Some(Question::Close);
        } else {
            self.leave = true;
        }
    }

    /// Goes to what a problem is about.
    pub fn go_to_problem(&mut self, problem: &Problem) {
        for list in [List::Item, List::Fallback, List::Ticker] {
            let is_it = |entry: &Entry| self.problems_of(entry).any(|one| one == problem);
            let Some(at) = self.document.entries(list).iter().position(is_it) else { continue };
            self.open_list(list);
            self.select_only(at);
            let page = problem.file.extension().is_some_and(|ending| ending == "md");
            self.form = if page { Form::Page } else { Form::Content };
            self.go_to = Some(Panel::Form);
            return;
        }
        self.warn(
            "Masalah ini bukan tentang satu butir; perbaiki di berkasnya.",
            "This problem is not about one item; mend it in its file.",
        );
    }

    /// Goes to a part of the desk, and opens it where it is not in sight.
    pub fn visit(&mut self, panel: Panel) {
        match panel {
            Panel::Timeline => self.foot = Foot::Timeline,
            Panel::Problems => self.foot = Foot::Problems,
            Panel::List | Panel::Form | Panel::Preview => {}
        }
        self.go_to = Some(panel);
    }
}
