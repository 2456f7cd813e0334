//! The desk: the document, what was read from it, what is selected, and the moment that is looked at.
//! Invariant: the playlist and its problems are those of the document as it is now.

mod operations;
mod pictures;

use std::{
    collections::{BTreeSet, HashMap},
    mem::Discriminant,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use bevy_egui::egui::{Context, TextureHandle};
use jiff::Zoned;

use super::{
    day::Day,
    document::{Document, Entry, OpenError, Outside},
    import::Import,
    studio::{Order, Studio},
};
use crate::{
    config::Config,
    domain::playlist::{List, Playlist, PlaylistItem},
    problem::Problem,
    state::Workshop,
    words::Language,
};

/// How often the folder is looked at for changes underneath.
const LOOK: Duration = Duration::from_secs(1);
/// A reading that takes no longer is done with each letter that is typed.
const QUICK: Duration = Duration::from_millis(20);
/// How long nothing more is typed before a longer one is done.
const CALM: Duration = Duration::from_millis(300);

/// Which form is open in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// What the selected item shows, and for how long.
    #[default]
    Content,
    /// When it is on air.
    When,
    /// The page that it shows.
    Page,
}

/// What lies at the foot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Foot {
    /// What is on air when.
    #[default]
    Timeline,
    /// What is wrong.
    Problems,
}

/// The screen that is previewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Screen {
    /// The one of the config.
    #[default]
    Own,
    /// 1920×1080.
    Landscape,
    /// 1080×1920.
    Portrait,
    /// 1152×576.
    Videotron,
}

/// A part of the desk, to go to by a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    /// The list.
    List,
    /// The form.
    Form,
    /// The preview.
    Preview,
    /// The day's timeline.
    Timeline,
    /// The problems.
    Problems,
}

/// What is asked, over all else, until it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Closing with changes that are not saved.
    Close,
    /// These files changed in the folder and on the desk, at the same places.
    Conflict(Vec<PathBuf>),
    /// All keys.
    Help,
    /// What is to be added.
    Add(super::views::add::Adding),
    /// The preview, as large as it fits.
    Large,
}

/// What is said at the top, until something else is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The words.
    pub text: String,
    /// Whether something went wrong.
    pub wrong: bool,
}

/// All that the editor knows.
pub struct Desk {
    /// What is edited.
    pub document: Document,
    /// The folder.
    pub folder: PathBuf,
    /// The document as the screen reads it, errors left out.
    pub playlist: Arc<Playlist>,
    /// What is wrong with the document.
    pub problems: Vec<Problem>,
    /// Which list is open.
    pub list: List,
    /// Which of its entries are selected, counted from 0 as they are written.
    pub selected: BTreeSet<usize>,
    /// Which form is open.
    pub form: Form,
    /// What lies at the foot.
    pub foot: Foot,
    /// The moment that is looked at, in the hall's time zone.
    pub cursor: Zoned,
    /// Whether the moment is the present one, and goes on with it.
    pub follow: bool,
    /// The present moment, as the window last said.
    pub now: Zoned,
    /// The editor's language.
    pub language: Language,
    /// The hall's config, such as for the speed of its running text.
    pub config: Arc<Config>,
    /// The screen that is previewed.
    pub screen: Screen,
    /// What is asked.
    pub question: Option<Question>,
    /// What is said at the top.
    pub notice: Option<Notice>,
    /// Files on their way into the folder.
    pub import: Option<Import>,
    /// The part of the desk that the keys are to go to.
    pub go_to: Option<Panel>,
    /// Whether the editor is to be closed: nothing is unsaved, or nothing of it is wanted.
    pub leave: bool,
    /// From where a selection is stretched with Shift.
    pub(super) anchor: Option<usize>,
    /// The row that the keys of the list stand on, where it is to be brought into sight.
    pub(super) reveal: Option<usize>,
    /// The kind of question that was shown last, and whether this frame is its first.
    pub(super) shown: Option<Discriminant<Question>>,
    /// See `shown`.
    pub(super) fresh: bool,
    /// Whether rows are dragged.
    pub(super) dragging: bool,
    /// The revision that `playlist` and `problems` were read from.
    read: Option<u64>,
    /// How long reading took.
    cost: Duration,
    /// The newest revision, and when it was first seen, by egui's clock, in seconds.
    changed: (u64, f64),
    /// When the folder was looked at, by egui's clock, in seconds.
    looked: f64,
    day: Option<Arc<Day>>,
    studio: Option<Studio>,
    /// The preview that was asked for, and the newest that came.
    asked: Option<Order>,
    preview: Option<Result<TextureHandle, String>>,
    /// Thumbnails by what tells them apart; `None` where one cannot be drawn.
    thumbs: HashMap<u64, Option<TextureHandle>>,
    keys: HashMap<(List, usize), u64>,
    workshop: Workshop,
}

impl Desk {
    /// Lays a folder on the desk.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn open(
        folder: &Path,
        config: Arc<Config>,
        workshop: Workshop,
        cursor: Zoned,
    ) -> Result<Self, OpenError> {
        let mut desk = Self {
            document: Document::open(folder)?,
            folder: folder.to_owned(),
            playlist: Arc::default(),
            problems: Vec::new(),
            list: List::Item,
            selected: BTreeSet::new(),
            form: Form::default(),
            foot: Foot::default(),
            now: cursor.clone(),
            cursor,
            follow: true,
            language: config.hall.language,
            config,
            screen: Screen::default(),
            question: None,
            notice: None,
            import: None,
            go_to: Some(Panel::List),
            leave: false,
            anchor: None,
            reveal: None,
            shown: None,
            fresh: false,
            dragging: false,
            read: None,
            cost: Duration::ZERO,
            changed: (0, 0.0),
            looked: 0.0,
            day: None,
            studio: None,
            asked: None,
            preview: None,
            thumbs: HashMap::new(),
            keys: HashMap::new(),
            workshop,
        };
        desk.refresh();
        if !desk.document.entries(List::Item).is_empty() {
            desk.select_only(0);
        }
        Ok(desk)
    }

    /// Begins a frame: what changed since the last one is taken over.
    pub fn begin(&mut self, ctx: &Context) {
        self.start_studio(ctx);
        let time = ctx.input(|input| input.time);
        if self.question.is_none() && (time - self.looked).abs() >= LOOK.as_secs_f64() {
            self.looked = time;
            self.look();
        }
        ctx.request_repaint_after(LOOK);
        if self.follow && self.cursor != self.now {
            self.cursor = self.now.clone();
        }
        self.finish_import();
        self.refresh_calmly(ctx, time);
        self.take_pictures(ctx);
    }

    /// Reads the document anew where it changed: at once where that is quick, else when nothing more is typed.
    fn refresh_calmly(&mut self, ctx: &Context, time: f64) {
        let revision = self.document.revision();
        if self.changed.0 != revision {
            self.changed = (revision, time);
        }
        if self.cost < QUICK || time - self.changed.1 >= CALM.as_secs_f64() {
            self.refresh();
        } else if self.read != Some(revision) {
            ctx.request_repaint_after(CALM);
        }
    }

    /// Reads the document anew where it changed.
    pub fn refresh(&mut self) {
        let revision = self.document.revision();
        if self.read == Some(revision) {
            return;
        }
        let begun = Instant::now();
        let (playlist, problems) = (self.workshop.read)(&self.folder, self.document.unsaved());
        self.cost = begun.elapsed();
        (self.playlist, self.problems) = (Arc::new(playlist), problems);
        self.read = Some(revision);
        self.day = None;
        self.keys.clear();
        let count = self.document.entries(self.list).len();
        self.selected.retain(|entry| *entry < count);
    }

    /// A word or sentence in the editor's language.
    pub fn say(&self, id: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Indonesian => id,
            Language::English => en,
        }
    }

    /// The one entry that is selected; `None` where none or several are.
    pub fn selected_one(&self) -> Option<usize> {
        self.selected.first().copied().filter(|_| self.selected.len() == 1)
    }

    /// The one entry that is selected, as it is written.
    pub fn entry(&self) -> Option<Entry> {
        self.document.entries(self.list).get(self.selected_one()?).cloned()
    }

    /// The items of a list that an entry became: none where it is switched off or wrong, several for a folder.
    pub fn items(&self, list: List, entry: usize) -> &[PlaylistItem] {
        let items = match list {
            List::Item => &self.playlist.items,
            List::Fallback => &self.playlist.fallback,
            List::Ticker => return &[],
        };
        // Each list is in the order of its entries.
        let first = items.partition_point(|item| item.entry < entry);
        let end = items.partition_point(|item| item.entry <= entry);
        &items[first..end]
    }

    /// What is on air on the day that is looked at.
    pub fn day(&mut self) -> Arc<Day> {
        let date = self.cursor.date();
        match &self.day {
            Some(day) if day.date == date => Arc::clone(day),
            _ => {
                let day = Arc::new(Day::of(&self.playlist, date));
                self.day = Some(Arc::clone(&day));
                day
            }
        }
    }

    /// The problems of an entry, those of its page included.
    pub fn problems_of(&self, entry: &Entry) -> impl Iterator<Item = &Problem> {
        let file = (!entry.file.is_empty()).then(|| self.folder.join(&entry.file));
        let (first, last) = (entry.line, entry.last_line);
        self.problems.iter().filter(move |problem| {
            let toml = problem.file.file_name().is_some_and(|name| name == "playlist.toml");
            let within = toml && problem.line.is_some_and(|line| (first..=last).contains(&line));
            within || file.as_ref().is_some_and(|file| *file == problem.file)
        })
    }

    /// Looks at what changed in the folder underneath, and says or asks.
    pub fn look(&mut self) {
        match self.document.look() {
            Outside::Nothing => {}
            Outside::Taken(_) => self.tell(
                "Berkas di folder berubah dan sudah dibaca ulang.",
                "Files in the folder changed and were read anew.",
            ),
            Outside::Merged(_) => self.tell(
                "Berkas di folder berubah; perubahannya digabung dengan perubahan Anda. Simpan untuk menuliskannya.",
                "Files in the folder changed; those changes were joined with yours. Save to write them.",
            ),
            Outside::Gone(_) => self.warn(
                "Berkas di folder dihapus dari luar. Simpan untuk menuliskannya kembali.",
                "Files in the folder were deleted from outside. Save to write them again.",
            ),
            Outside::Conflict(files) => self.question = Some(Question::Conflict(files)),
        }
    }

    /// Says something at the top.
    pub fn tell(&mut self, id: &str, en: &str) {
        let text = match self.language {
            Language::Indonesian => id,
            Language::English => en,
        };
        self.notice = Some(Notice { text: text.to_owned(), wrong: false });
    }

    /// Says at the top that something went wrong.
    pub fn warn(&mut self, id: &str, en: &str) {
        self.tell(id, en);
        if let Some(notice) = &mut self.notice {
            notice.wrong = true;
        }
    }
}
