//! The playback in an app, with real files; time is set by hand.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, sync_channel},
    },
    time::{Duration, Instant},
};

use bevy::prelude::*;
use image::{Rgb, RgbImage};
use jiff::{Timestamp, tz::TimeZone};
use papan::{
    config::{self, Config},
    domain::{
        event::{CounterId, Survey, Ticket, TicketCalled},
        layout::Shape,
        playlist::{Block, Content, Fit, Page, Playlist, PlaylistItem, Section, Span, Transition},
    },
    picture::{Picture, theme},
    playback,
    state::{Aired, Hall, Listed, Now, OnAir, Playing, Settings, Shot, Stage, StageBox, Step, Theme, Wake},
    words::Language,
};

/// Far longer than any drawing takes.
const DEADLINE: Duration = Duration::from_secs(60);
const SIZE: (u32, u32) = (320, 200);

fn settings() -> Settings {
    let hall = config::Hall {
        name: "Mal Pelayanan Publik".into(),
        organization: "Pemerintah Kota Kendari".into(),
        logo: None,
        timezone: TimeZone::UTC,
        language: Language::Indonesian,
    };
    let queue = config::Queue { url: None, token_file: None, ca_file: None, display: "uji".into() };
    Settings(Arc::new(Config { hall, queue, screens: Vec::new(), ..Config::default() }))
}

fn stage_box((width, height): (u32, u32)) -> StageBox {
    let sizes = theme::Theme::default().sizes(Shape::Landscape, width * 3 / 2, height * 6 / 5);
    StageBox { width, height, sizes }
}

struct Screen {
    app: App,
    woken: Receiver<()>,
    told: Vec<Aired>,
}

impl Screen {
    fn new(playlist: Playlist) -> Self {
        let (wake, woken) = sync_channel(64);
        let mut app = App::new();
        let now = Now { wall: Timestamp::UNIX_EPOCH, mono: Duration::ZERO, zone: TimeZone::UTC };
        app.insert_resource(now)
            .insert_resource(settings())
            .insert_resource(Theme(Arc::new(theme::Theme::default())))
            .insert_resource(stage_box(SIZE))
            .insert_resource(OnAir(Arc::new(playlist)))
            .insert_resource(Wake(Arc::new(move || _ = wake.try_send(()))));
        playback::plugin(&mut app);
        app.configure_sets(Update, (Step::Apply, Step::Play, Step::Draw).chain());
        Self { app, woken, told: Vec::new() }
    }

    fn stage(&self) -> &Stage {
        self.app.world().resource::<Stage>()
    }

    fn current(&self) -> Picture {
        self.stage().current.as_ref().map_or_else(|| panic!("nothing is on the stage"), picture)
    }

    fn playing(&self) -> String {
        self.app.world().resource::<Playing>().item.clone()
    }

    fn at(&mut self, millis: u64) -> &mut Self {
        self.app.world_mut().resource_mut::<Now>().mono = Duration::from_millis(millis);
        self.update();
        self
    }

    fn update(&mut self) {
        self.app.update();
        let mut aired = self.app.world_mut().resource_mut::<Messages<Aired>>();
        self.told.extend(aired.drain());
    }

    fn play(&mut self, playlist: Playlist) {
        self.app.world_mut().resource_mut::<OnAir>().0 = Arc::new(playlist);
    }

    /// Updates whenever the worker has answered, until what is waited for is so.
    fn until(&mut self, what: &str, mut so: impl FnMut(&Self) -> bool) {
        let end = Instant::now() + DEADLINE;
        loop {
            self.update();
            if so(self) {
                return;
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(self.woken.recv_timeout(left).is_ok(), "never came: {what}");
        }
    }
}

fn colour(picture: &Picture) -> u32 {
    picture.row(picture.height() / 2)[picture.width() as usize / 2]
}

/// The picture of what is no film.
fn picture(shot: &Shot) -> Picture {
    match shot {
        Shot::Picture(picture) => picture.clone(),
        Shot::Film(..) => panic!("a film is on the stage"),
    }
}

fn item(content: Content) -> PlaylistItem {
    PlaylistItem { duration: Some(Duration::from_secs(15)), ..PlaylistItem::new(content) }
}

fn image(path: &Path) -> PlaylistItem {
    item(Content::Image { path: path.to_owned(), stamp: 0, fit: Fit::Cover })
}

fn list(items: Vec<PlaylistItem>) -> Playlist {
    Playlist { items, ..Playlist::default() }
}

fn plain(folder: &Path, name: &str, rgb: [u8; 3]) -> PathBuf {
    let path = folder.join(name);
    let saved = RgbImage::from_pixel(64, 48, Rgb(rgb)).save(&path);
    assert!(saved.is_ok(), "{saved:?}");
    path
}

fn page(folder: &Path, paragraphs: usize) -> PlaylistItem {
    let text = "Berkas asli diperlihatkan kepada petugas; fotokopinya diserahkan di loket.";
    let paragraph = Block::Paragraph(vec![Span { text: text.into(), bold: false }]);
    let section = Section { heading: "Yang dibawa".into(), blocks: vec![paragraph; paragraphs] };
    item(Content::Page(std::sync::Arc::new(Page {
        path: folder.join("pages/ktp.md"),
        title: "KTP hilang".into(),
        sections: vec![section],
        ..Page::default()
    })))
}

#[test]
fn a_folder_with_a_broken_picture_plays_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let red = plain(folder.path(), "red.png", [255, 0, 0]);
    let broken = folder.path().join("broken.png");
    fs::write(&broken, b"\x89PNG\r\n\x1a\nnot a picture").expect("a file");
    let blue = plain(folder.path(), "blue.png", [0, 0, 255]);
    let items = vec![image(&red), image(&broken), image(&blue), page(folder.path(), 1)];
    let mut screen = Screen::new(list(items));

    screen.until("the first picture", |s| s.stage().current.is_some());
    assert_eq!(colour(&screen.current()), 0xffff_0000);
    assert_eq!((screen.current().width(), screen.current().height()), SIZE);
    assert!(screen.stage().previous.is_none() && screen.playing().ends_with("red.png"));

    screen.at(14_999);
    assert_eq!(colour(&screen.current()), 0xffff_0000);
    screen.at(15_000).until("the second picture", |s| colour(&s.current()) == 0xff00_00ff);
    let previous = picture(screen.stage().previous.as_ref().expect("what fades out"));
    assert_eq!((colour(&previous), screen.stage().changed_at), (0xffff_0000, Duration::from_secs(15)));
    screen.at(15_399);
    assert!(screen.stage().previous.is_some());
    screen.at(15_400);
    assert!(screen.stage().previous.is_none());

    screen.at(30_000).until("the page", |s| s.playing().ends_with("ktp.md"));
    screen.at(45_000).until("the first again", |s| s.playing().ends_with("red.png"));
}

#[test]
fn a_long_page_comes_in_parts() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut screen = Screen::new(list(vec![page(folder.path(), 60)]));
    screen.until("the first part", |s| s.stage().current.is_some());
    let first = screen.current();
    screen.at(10_000).until("the second part", |s| s.current() != first);
    assert_ne!(screen.current().pixels(), first.pixels());
}

#[test]
fn another_size_draws_the_same_item_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let [a, b] = ["a.png", "b.png"].map(|n| image(&plain(folder.path(), n, [9; 3])));
    let mut screen = Screen::new(list(vec![a, b]));
    screen.until("the first picture", |s| s.stage().current.is_some());
    screen.at(5_000);
    screen.app.insert_resource(stage_box((200, 300)));
    screen.until("the new size", |s| s.current().width() == 200);
    assert_eq!((screen.stage().changed_at, screen.stage().previous.is_none()), (Duration::ZERO, true));
    assert!(screen.playing().ends_with("a.png"));
    screen.at(15_000).until("the next one", |s| s.playing().ends_with("b.png"));
    assert_eq!(screen.current().width(), 200);
}

#[test]
fn another_playlist_keeps_what_is_in_both() {
    let folder = tempfile::tempdir().expect("a folder");
    let [a, b, c] = ["a.png", "b.png", "c.png"].map(|n| image(&plain(folder.path(), n, [9; 3])));
    let mut screen = Screen::new(list(vec![a.clone(), b.clone()]));
    screen.until("the first picture", |s| s.stage().current.is_some());
    let first = screen.current();
    screen.at(5_000);
    screen.play(list(vec![c, a]));
    screen.at(5_100);
    assert!(screen.playing().ends_with("a.png") && screen.stage().previous.is_none());
    screen.at(15_000).until("the next one", |s| s.playing().ends_with("c.png"));
    assert!(screen.stage().previous.as_ref().map(picture) == Some(first), "it was not drawn anew");
    screen.play(list(vec![b]));
    screen.until("what is left", |s| s.playing().ends_with("b.png"));
}

#[test]
fn with_nothing_to_show_the_hall_welcomes() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = image(&folder.path().join("missing.png"));
    let fallback = vec![item(Content::Card { title: "Istirahat".into(), text: String::new() })];
    let mut screen = Screen::new(Playlist { fallback, ..list(vec![missing.clone()]) });
    screen.until("the fallback", |s| s.playing() == "Istirahat");
    screen.play(list(vec![missing]));
    screen.until("the welcome", |s| s.playing() == "Selamat datang");
    let before = screen.current();
    screen.app.world_mut().resource_mut::<Hall>().name = "Balai Kota".into();
    screen.until("the server's name", |s| s.current() != before);
    assert_ne!(screen.current().pixels(), before.pixels());
}

#[test]
fn a_selection_of_the_same_list_disturbs_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let picture = plain(folder.path(), "alur.png", [9; 3]);
    let mut with_picture = page(folder.path(), 1);
    if let Content::Page(page) = &mut with_picture.content {
        Arc::make_mut(page).lead = vec![Block::Picture(picture.clone())];
    }
    let other = image(&plain(folder.path(), "b.png", [7; 3]));
    let mut screen = Screen::new(list(vec![with_picture.clone(), other.clone()]));
    let whole = Arc::new(list(vec![with_picture.clone(), other.clone()]));
    screen.app.insert_resource(Listed(whole));
    screen.until("the page", |s| s.stage().current.is_some());
    let first = screen.current();
    // Another list, in which the page and its picture's file are the same.
    screen.app.insert_resource(Listed(Arc::new(list(vec![with_picture.clone(), other.clone()]))));
    screen.play(list(vec![with_picture.clone(), other.clone()]));
    // And other minutes of it.
    screen.at(2_000).play(list(vec![with_picture.clone()]));
    screen.at(3_000);
    screen.play(list(vec![with_picture.clone(), other]));
    screen.at(15_000).until("the other", |s| s.playing().ends_with("b.png"));
    let previous = self::picture(screen.stage().previous.as_ref().expect("what fades out"));
    assert!(previous == first, "the page was not drawn anew");
}

#[test]
fn what_happens_on_the_stage_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let [a, b] = ["a.png", "b.png"].map(|n| image(&plain(folder.path(), n, [9; 3])));
    let missing = image(&folder.path().join("missing.png"));
    let mut screen = Screen::new(list(vec![a.clone(), missing, b.clone()]));
    screen.until("the first picture", |s| s.stage().current.is_some());
    screen.at(15_000).until("the next one", |s| s.playing().ends_with("b.png"));
    let b = PlaylistItem { transition: Transition::Cut, ..b };
    screen.at(16_000).play(list(vec![a]));
    screen.until("what is left", |s| s.playing().ends_with("a.png"));
    screen.play(list(vec![b]));
    screen.until("what comes by a cut", |s| s.playing().ends_with("b.png"));
    assert!(screen.stage().fade.is_zero() && screen.stage().previous.is_none());
    let short = |item: &str| item.rsplit('/').next().map(str::to_owned).unwrap_or_default();
    let told: Vec<String> = std::mem::take(&mut screen.told)
        .into_iter()
        .map(|aired| match aired {
            Aired::Began { item, kind, .. } => format!("+{kind} {}", short(&item)),
            Aired::Over { cut, .. } => format!("-{cut:?}"),
            Aired::Skipped { item, why, .. } => {
                assert!(why.contains("cannot be read"), "{why}");
                format!("x{}", short(&item))
            }
        })
        .collect();
    let want = "+image a.png,xmissing.png,-None,+image b.png,-Some(Changed),+image a.png,-Some(Changed),+image b.png";
    assert_eq!(told.join(","), want);
}

fn hall(ticket: &str, satisfied: u32, date: jiff::civil::Date) -> Hall {
    let call = TicketCalled {
        ticket: Ticket(ticket.into()),
        counter: CounterId("1".into()),
        service: None,
        attempt: 1,
        priority: None,
        time: None,
    };
    let survey = Survey { date, very_satisfied: 0, satisfied, dissatisfied: 0 };
    let mut hall = Hall::default();
    (hall.calls, hall.survey) = (vec![call], Some(survey));
    hall
}

#[test]
fn a_code_and_a_survey_show_what_the_hall_knows() {
    let today = jiff::civil::date(1970, 1, 1);
    let url = "https://antrean.contoh.go.id/{ticket}".to_owned();
    let qr = item(Content::Qr { title: "Pantau".into(), text: String::new(), url });
    let survey = item(Content::Survey { title: "Kepuasan".into() });
    let mut screen = Screen::new(list(vec![qr.clone(), survey]));
    // Yesterday's answers are not shown.
    screen.app.insert_resource(hall("A 1", 3, jiff::civil::date(1969, 12, 31)));
    screen.until("the code", |s| s.playing() == "Pantau");
    let first = screen.current();
    screen.at(40_000).at(60_000);
    assert!(screen.playing() == "Pantau" && screen.current() == first);
    screen.app.insert_resource(hall("A 1", 3, today));
    screen.at(90_000).until("the survey", |s| s.playing() == "Kepuasan");
    let counts = screen.current();
    screen.app.insert_resource(hall("A 2", 4, today));
    screen.until("new counts", |s| s.current() != counts);
    assert!(screen.playing() == "Kepuasan" && counts.pixels() != screen.current().pixels());
    // Nobody's answers are left: it gives way to the code of the newest ticket.
    screen.app.insert_resource(hall("A 2", 0, today));
    screen.until("the code again", |s| s.playing() == "Pantau");
    assert_ne!(screen.current().pixels(), first.pixels(), "it names the newer ticket");
}

#[test]
fn without_a_stage_nothing_is_drawn() {
    let mut screen = Screen::new(Playlist::default());
    screen.app.insert_resource(stage_box((0, 0)));
    screen.at(1_000).at(20_000);
    assert!(screen.stage().current.is_none() && screen.woken.try_recv().is_err());
    screen.app.insert_resource(stage_box(SIZE));
    screen.until("the welcome", |s| s.stage().current.is_some());
}
