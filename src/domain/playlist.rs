//! A playlist as it was read and checked: what is shown, for how long, in which order.

use std::{path::PathBuf, sync::Arc, time::Duration};

use super::{captions::Captions, geometry::Rect, schedule::When};

/// How long an item stays where its author says nothing.
pub const DEFAULT_DURATION: Duration = Duration::from_secs(15);

/// What staff put together for a screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Playlist {
    /// Its title, for staff.
    pub title: String,
    /// The loop, in order.
    pub items: Vec<PlaylistItem>,
    /// What is shown when nothing of the loop is on air.
    pub fallback: Vec<PlaylistItem>,
    /// The running text's messages, in order.
    pub ticker: Vec<Message>,
    /// What its author switched off, for staff who ask why it is not on air.
    pub off: Vec<Off>,
}

/// One item of the loop.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaylistItem {
    /// As staff name it: its file as written in `playlist.toml`, or its title.
    pub name: String,
    /// Which of the written items it is, counted from 0 in its list; the pictures of a folder share one.
    pub entry: usize,
    /// What is shown.
    pub content: Content,
    /// For how long; `None` where its author says nothing: a film's own length, else [`DEFAULT_DURATION`].
    pub duration: Option<Duration>,
    /// How it comes onto the stage.
    pub transition: Transition,
    /// When it is on air, and before which others.
    pub airing: Airing,
}

/// When something is on air, and how it shares the loop with what is on air beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Airing {
    /// When.
    pub when: When,
    /// Of what is on air, only that of the highest priority plays.
    pub priority: i32,
    /// How many times it comes in a round of the loop; 1 and more.
    pub weight: u32,
    /// In place of a share of the loop: after each so many items of it; 1 and more.
    pub every: Option<u32>,
}

impl Default for Airing {
    fn default() -> Self {
        Self { when: When::default(), priority: 0, weight: 1, every: None }
    }
}

impl PlaylistItem {
    /// An item that is always on air, named by its content.
    pub fn new(content: Content) -> Self {
        let name = match &content {
            Content::Card { title, .. } | Content::Qr { title, .. } | Content::Survey { title } => {
                title.clone()
            }
            Content::Page(page) => page.path.display().to_string(),
            Content::Image { path, .. } | Content::Film(Film { path, .. }) => path.display().to_string(),
        };
        let (transition, airing) = (Transition::default(), Airing::default());
        Self { name, entry: 0, content, duration: None, transition, airing }
    }
}

/// How an item takes the stage from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transition {
    /// One fades into the other.
    #[default]
    Fade,
    /// At once.
    Cut,
}

/// One message of the running text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Message {
    /// What it says.
    pub text: String,
    /// Which of the written messages it is, counted from 0.
    pub entry: usize,
    /// When it is on air, and before which others.
    pub airing: Airing,
}

/// An item or a message that its author switched off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Off {
    /// As staff name it.
    pub name: String,
    /// Which list it stands in.
    pub list: List,
    /// Which of the written ones it is, counted from 0 in its list.
    pub entry: usize,
}

/// The lists of a playlist, as `playlist.toml` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum List {
    /// `[[item]]`.
    Item,
    /// `[[fallback]]`.
    Fallback,
    /// `[[ticker]]`.
    Ticker,
}

/// What an item shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A procedure page; several items may share it.
    Page(Arc<Page>),
    /// A picture's file.
    Image {
        /// The file: PNG, JPEG or WebP.
        path: PathBuf,
        /// Another number where the file was written or replaced.
        stamp: u64,
        /// How it fills the stage.
        fit: Fit,
    },
    /// A short film.
    Film(Film),
    /// Large text.
    Card {
        /// The title.
        title: String,
        /// The text below it; may be empty.
        text: String,
    },
    /// A text beside a QR code.
    Qr {
        /// The title.
        title: String,
        /// The text below it; may be empty.
        text: String,
        /// What the code says; `{ticket}` stands for the ticket that was called last, and for nothing where
        /// none was.
        url: String,
    },
    /// Today's satisfaction as a chart; shown only where the queue server told it today.
    Survey {
        /// The title; may be empty.
        title: String,
    },
}

impl Content {
    /// Its kind, as `playlist.toml` names it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Page(_) => "page",
            Self::Image { .. } => "image",
            Self::Film(_) => "film",
            Self::Card { .. } => "card",
            Self::Qr { .. } => "qr",
            Self::Survey { .. } => "survey",
        }
    }
}

/// A film's file, and how it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Film {
    /// The file.
    pub path: PathBuf,
    /// Another number where the file was written or replaced.
    pub stamp: u64,
    /// How it fills the stage.
    pub fit: Fit,
    /// How loud its sound is: 0 is without sound, 1 as it was recorded.
    pub volume: f32,
    /// What is said in it.
    pub captions: Arc<Captions>,
}

/// How a picture fills a box of another shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fit {
    /// The box is full; the picture's edges may be cut.
    Cover,
    /// The picture is whole; the box may show beside it.
    #[default]
    Contain,
}

impl Fit {
    /// Where something of a shape, width × height, comes to lie in a box, width × height: larger than the box
    /// where its edges are cut, smaller where the box shows beside it, and always around the box's middle.
    pub fn place(self, shape: (u32, u32), within: (u32, u32)) -> Rect {
        let (w, h) = (f64::from(shape.0.max(1)), f64::from(shape.1.max(1)));
        let (across, down) = (f64::from(within.0) / w, f64::from(within.1) / h);
        let scale = if self == Self::Cover { across.max(down) } else { across.min(down) };
        let side = |length: f64| (length * scale).round().max(1.0) as u32;
        let (width, height) = (side(w), side(h));
        let middle = |most: u32, length: u32| ((i64::from(most) - i64::from(length)) / 2) as i32;
        Rect::new(middle(within.0, width), middle(within.1, height), width, height)
    }
}

/// A procedure page, parsed from Markdown with a front matter.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Where it was read from.
    pub path: PathBuf,
    /// The agency or service that it is about; may be empty.
    pub service: String,
    /// The cards at its foot, in order: cost, time, validity; empty ones are left out.
    pub facts: Vec<Fact>,
    /// Its first-level heading.
    pub title: String,
    /// What comes before the first second-level heading.
    pub lead: Vec<Block>,
    /// The second-level headings with what they hold.
    pub sections: Vec<Section>,
    /// Another number where the file of one of its pictures was written or replaced.
    pub pictures: u64,
}

/// What one card at a page's foot is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactKind {
    /// What it costs.
    Cost,
    /// How long it takes.
    Time,
    /// When or until when it holds.
    Valid,
}

/// One card at a page's foot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub kind: FactKind,
    /// What it says.
    pub text: String,
}

/// A second-level heading with what it holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// A run of text in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text; `\n` is a forced line break.
    pub text: String,
    /// Whether it is set in bold.
    pub bold: bool,
}

/// A piece of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A third-level heading (or deeper).
    Heading(Vec<Span>),
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A list with bullets; an item of an inner list comes after its outer one with a larger depth.
    Bullets(Vec<ListItem>),
    /// A list with numbers.
    Numbers {
        /// The first number.
        start: u64,
        /// The items.
        items: Vec<ListItem>,
    },
    /// A table; the first row is its head. All rows have the same number of cells.
    Table(Vec<Vec<Vec<Span>>>),
    /// A picture's file.
    Picture(PathBuf),
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListItem {
    /// 0 for the list itself, 1 for a list inside an item, and so on.
    pub depth: u8,
    /// The text.
    pub spans: Vec<Span>,
}

#[cfg(test)]
mod tests {
    use super::{Fit, Rect};

    #[test]
    fn contain_is_whole_and_cover_is_full() {
        let place = |fit: Fit, shape, within| fit.place(shape, within);
        let (cover, contain) = (Fit::Cover, Fit::Contain);
        assert_eq!(place(contain, (1920, 1080), (1280, 900)), Rect::new(0, 90, 1280, 720));
        assert_eq!(place(cover, (1920, 1080), (1280, 900)), Rect::new(-160, 0, 1600, 900));
        assert_eq!(place(contain, (1080, 1920), (1280, 900)), Rect::new(387, 0, 506, 900));
        assert_eq!(place(cover, (1080, 1920), (1280, 900)), Rect::new(0, -688, 1280, 2276));
        for fit in [cover, contain] {
            assert_eq!(place(fit, (640, 360), (1920, 1080)), Rect::new(0, 0, 1920, 1080));
        }
    }

    #[test]
    fn any_shape_has_a_place_in_any_box() {
        let sides = [1, 2, 3, 7, 96, 719, 720, 1080, 3840, 16_384];
        let all = || sides.into_iter().flat_map(|w| sides.into_iter().map(move |h| (w, h)));
        for within in all() {
            let whole = Rect::new(0, 0, within.0, within.1);
            for shape in all() {
                let contain = Fit::Contain.place(shape, within);
                assert!(whole.contains(contain), "{shape:?} in {within:?}: {contain:?}");
                assert!(
                    contain.w == within.0 || contain.h == within.1,
                    "{shape:?} in {within:?}: {contain:?}"
                );
                let cover = Fit::Cover.place(shape, within);
                assert!(cover.contains(whole), "{shape:?} over {within:?}: {cover:?}");
                assert!(cover.w == within.0 || cover.h == within.1, "{shape:?} over {within:?}: {cover:?}");
                // As much is cut, or left, on one side as on the other, but for half a pixel.
                for at in [contain, cover] {
                    let (across, down) =
                        (at.right() - within.0 as i32 + at.x, at.bottom() - within.1 as i32 + at.y);
                    assert!(across.abs() <= 1 && down.abs() <= 1, "{shape:?} in {within:?}: {at:?}");
                }
            }
        }
        // A file may say that it has no size.
        assert_eq!(Fit::Contain.place((0, 0), (10, 10)), Rect::new(0, 0, 10, 10));
    }
}
