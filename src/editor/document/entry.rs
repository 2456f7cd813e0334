//! What stands in `playlist.toml`, as it is written. Invariant: whatever is written, an entry comes of it: what is
//! wrong is shown as it stands.

use std::sync::Arc;

/// What an entry shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Kind {
    /// A procedure page.
    Page,
    /// A picture, or a folder of them.
    Image,
    /// A film.
    Film,
    /// Large text.
    Card,
    /// A text beside a QR code.
    Qr,
    /// Today's satisfaction.
    Survey,
    /// A message of the running text.
    Message,
    /// Nothing that is known.
    #[default]
    Unknown,
}

impl Kind {
    /// The kinds of items.
    pub const ITEMS: [Self; 6] = [Self::Page, Self::Image, Self::Film, Self::Card, Self::Qr, Self::Survey];

    /// The key by which `playlist.toml` names it; empty where it is unknown.
    pub fn key(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Image => "image",
            Self::Film => "film",
            Self::Card => "card",
            Self::Qr => "qr",
            Self::Survey => "survey",
            Self::Message => "text",
            Self::Unknown => "",
        }
    }
}

/// One `[[item]]`, `[[fallback]]` or `[[ticker]]` as it is written. A text that is not written is empty, and
/// what is written but is not a text is shown by its TOML.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// What it shows.
    pub kind: Kind,
    /// As staff name it: its file, its title, or its text.
    pub name: String,
    /// The file of a page, picture or film, from the folder on.
    pub file: String,
    /// The title of a card, a QR code or a survey.
    pub title: String,
    /// The text of a card, a QR code or a message.
    pub text: String,
    /// What a QR code says.
    pub url: String,
    /// Whether it is switched on.
    pub enabled: bool,
    /// The note to colleagues.
    pub note: String,
    /// `duration`, such as `20s`.
    pub duration: String,
    /// `fit`: `cover` or `contain`.
    pub fit: String,
    /// `transition`: `fade` or `cut`.
    pub transition: String,
    /// `volume`, such as `0.5`.
    pub volume: String,
    /// `priority`, such as `10`.
    pub priority: String,
    /// `weight`, such as `2`.
    pub weight: String,
    /// `every`, such as `3`.
    pub every: String,
    /// When it is on air.
    pub when: Written,
    /// The line of `playlist.toml` on which it begins, from 1.
    pub line: usize,
    /// The line on which it ends.
    pub last_line: usize,
}

/// A rule of time as it is written; what is not written is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// The days of the week.
    pub days: Vec<String>,
    /// Hours such as `08:00-12:00`.
    pub hours: Vec<String>,
    /// The first day, such as `2026-11-01`.
    pub from: String,
    /// The last day.
    pub until: String,
    /// The rotation.
    pub rrule: String,
    /// Names of dayparts, any of them.
    pub daypart: Vec<String>,
    /// Names of dayparts, none of them.
    pub not_daypart: Vec<String>,
    /// Names of calendars, any of them.
    pub calendar: Vec<String>,
    /// Names of calendars, none of them.
    pub not_calendar: Vec<String>,
}

impl Written {
    /// Whether nothing is written: always on air.
    pub fn is_always(&self) -> bool {
        *self == Self::default()
    }
}

/// A named daypart or calendar as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// `hours` of a daypart.
    pub hours: Vec<String>,
    /// `days`: days of the week of a daypart, dates of a calendar.
    pub days: Vec<String>,
    /// `file` of a calendar.
    pub file: String,
}

/// Entries of one list, in the order of the file.
pub type Entries = Arc<[Entry]>;

/// What is to be added to a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewItem {
    /// A page's file, from the folder on.
    Page(String),
    /// A picture's file, or a folder of them.
    Image(String),
    /// A film's file.
    Film(String),
    /// Large text.
    Card {
        /// The title.
        title: String,
        /// The text below it.
        text: String,
    },
    /// A text beside a QR code.
    Qr {
        /// The title.
        title: String,
        /// The text below it.
        text: String,
        /// What the code says.
        url: String,
    },
    /// Today's satisfaction.
    Survey {
        /// The title.
        title: String,
    },
    /// A message of the running text.
    Message(String),
}
