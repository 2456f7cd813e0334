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
        layout::Shape,
        playlist::{Block, Content, Fit, Page, Playlist, PlaylistItem, Section, Span},
    },
    picture::{Picture, theme},
    playback,
    state::{Hall, Now, OnAir, Playing, Settings, Shot, Stage, StageBox, Step, Theme, Wake},
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
        Self { app, woken }
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
        self.app.update();
        self
    }

    fn play(&mut self, playlist: Playlist) {
        self.app.world_mut().resource_mut::<OnAir>().0 = Arc::new(playlist);
    }

    /// Updates whenever the worker has answered, until what is waited for is so.
    fn until(&mut self, what: &str, mut so: impl FnMut(&Self) -> bool) {
        let end = Instant::now() + DEADLINE;
        loop {
            self.app.update();
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
    screen.until("the same, drawn anew", |s| s.current() != first);
    assert!(screen.playing().ends_with("a.png") && screen.stage().previous.is_none());
    screen.at(15_000).until("the next one", |s| s.playing().ends_with("c.png"));
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
fn without_a_stage_nothing_is_drawn() {
    let mut screen = Screen::new(Playlist::default());
    screen.app.insert_resource(stage_box((0, 0)));
    screen.at(1_000).at(20_000);
    assert!(screen.stage().current.is_none() && screen.woken.try_recv().is_err());
    screen.app.insert_resource(stage_box(SIZE));
    screen.until("the welcome", |s| s.stage().current.is_some());
}
