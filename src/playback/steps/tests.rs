//! Steps through playlists, with names in place of pictures.

use super::*;

use crate::domain::playlist::{Airing, Film, Fit};

/// How long a change takes.
const FADE: Duration = Duration::from_millis(400);

fn card(title: &str) -> Content {
    Content::Card { title: title.into(), text: String::new() }
}

fn list(items: &[&str], fallback: &[&str]) -> Arc<Playlist> {
    let item = |name: &&str| PlaylistItem {
        duration: Some(Duration::from_secs(15)),
        ..PlaylistItem::new(card(name))
    };
    Arc::new(Playlist {
        items: items.iter().map(item).collect(),
        fallback: fallback.iter().map(item).collect(),
        ..Playlist::default()
    })
}

fn broken(again: Option<u64>) -> Broken {
    Broken { again: again.map(Duration::from_secs), why: "it is broken".into() }
}

/// A stage: what is broken has a name that begins with `x`, a page of n parts one that ends with n.
struct Stage {
    steps: Steps<String>,
    on: Option<String>,
    seen: Vec<String>,
    now: Duration,
}

impl Stage {
    fn new(playlist: Arc<Playlist>) -> Self {
        Self { steps: Steps::new(playlist, card("welcome")), on: None, seen: Vec::new(), now: Duration::ZERO }
    }

    fn draw(ask: &Ask) -> Result<Drawn<String>, Broken> {
        let (title, length, stays) = match &ask.content {
            Content::Card { title, .. } => (title.clone(), None, true),
            // A film is as long as its volume says, and loops where it is whole.
            Content::Film(film) => {
                let length = Some(film.volume).filter(|v| *v > 0.0).map(Duration::from_secs_f32);
                (film.path.display().to_string(), length, film.fit == Fit::Cover)
            }
            _ => return Err(broken(None)),
        };
        let parts = title.chars().last().and_then(|c| c.to_digit(10)).unwrap_or(1) as usize;
        if title.starts_with('x') {
            return Err(broken(None));
        }
        Ok(Drawn { picture: format!("{title}.{}", ask.place.part), parts, length, stays })
    }

    fn take(&mut self, change: Option<Change<String>>) {
        if let Some(change) = change {
            if !change.again {
                self.seen.push(change.picture.clone());
            }
            self.on = Some(change.picture);
        }
    }

    /// The worker draws all that is asked for.
    fn work(&mut self, now: Duration) {
        while let Some(ask) = self.steps.ask(now) {
            let change = self.steps.answer(ask.generation, Self::draw(&ask));
            self.take(change);
        }
    }

    /// Another list.
    fn swap(&mut self, playlist: Arc<Playlist>) {
        self.steps.swap(playlist, true, self.now);
    }

    /// Another selection of the same list.
    fn select(&mut self, playlist: Arc<Playlist>) {
        self.steps.swap(playlist, false, self.now);
    }

    fn at(&mut self, seconds: u64) {
        let now = Duration::from_secs(seconds);
        self.now = now;
        self.work(now);
        let change = self.steps.step(now, FADE);
        self.take(change);
        self.work(now);
    }

    fn run(&mut self, seconds: std::ops::Range<u64>) -> Vec<&str> {
        self.seen.clear();
        for second in seconds {
            self.at(second);
            assert!(self.on.is_some(), "the stage is empty at {second} s");
        }
        self.seen.iter().map(String::as_str).collect()
    }
}

#[test]
fn items_come_in_order_and_again() {
    assert_eq!(Stage::new(list(&["a", "b", "c"], &[])).run(0..61), ["a.0", "b.0", "c.0", "a.0", "b.0"]);
}

#[test]
fn a_divided_page_shows_each_part_long_enough() {
    assert_eq!(Stage::new(list(&["a3", "b"], &[])).run(0..31), ["a3.0", "a3.1", "a3.2", "b.0"]);
}

#[test]
fn what_is_broken_is_skipped() {
    assert_eq!(Stage::new(list(&["x1", "a", "x2", "b"], &[])).run(0..31), ["a.0", "b.0", "a.0"]);
}

#[test]
fn all_broken_is_the_fallback_and_then_the_welcome() {
    assert_eq!(Stage::new(list(&["x"], &["f", "g"])).run(0..31), ["f.0", "g.0", "f.0"]);
    assert_eq!(Stage::new(list(&["x"], &["xf"])).run(0..31), ["welcome.0"]);
    assert_eq!(Stage::new(list(&[], &[])).run(0..31), ["welcome.0"]);
}

#[test]
fn a_single_item_never_fades_with_itself() {
    assert_eq!(Stage::new(list(&["a"], &[])).run(0..100), ["a.0"]);
    assert_eq!(Stage::new(list(&["a", "x"], &[])).run(0..100), ["a.0"]);
}

#[test]
fn one_that_is_not_ready_is_waited_for() {
    let mut stage = Stage::new(list(&["a", "b"], &[]));
    stage.at(0);
    // `b` was prepared ahead; what comes after it is asked for, and takes its time.
    let change = stage.steps.step(Duration::from_secs(15), FADE);
    stage.take(change);
    let ask = stage.steps.ask(Duration::ZERO).unwrap();
    assert!(stage.steps.ask(Duration::ZERO).is_none());
    assert!(stage.steps.step(Duration::from_secs(99), FADE).is_none());
    assert_eq!(stage.on.as_deref(), Some("b.0"));
    assert!(stage.steps.answer(ask.generation, Stage::draw(&ask)).is_none());
    assert_eq!(stage.steps.step(Duration::from_secs(100), FADE).unwrap().picture, "a.0");
}

#[test]
fn another_playlist_keeps_what_is_in_both() {
    let mut stage = Stage::new(list(&["a", "b"], &[]));
    stage.run(0..20);
    stage.swap(list(&["n", "b", "c"], &[]));
    assert_eq!(stage.run(20..44), ["c.0"]);
    stage.swap(list(&["d", "e"], &[]));
    assert_eq!(stage.run(44..46), ["d.0"]);
}

#[test]
fn what_was_broken_is_tried_again_with_the_next_playlist() {
    let mut stage = Stage::new(list(&["x"], &["f"]));
    stage.run(0..5);
    stage.swap(list(&["a"], &["f"]));
    assert_eq!(stage.run(5..40), ["a.0"]);
}

#[test]
fn drawn_anew_it_stays_for_the_rest_of_its_time() {
    let mut stage = Stage::new(list(&["a", "b"], &[]));
    stage.run(0..10);
    stage.steps.redraw();
    let ask = stage.steps.ask(Duration::ZERO).unwrap();
    assert_eq!(ask.content, card("a"));
    let change = stage.steps.answer(ask.generation, Stage::draw(&ask)).unwrap();
    assert!(change.again);
    assert_eq!(stage.run(10..16), ["b.0"]);
}

#[test]
fn an_answer_for_an_old_size_is_thrown_away() {
    let mut stage = Stage::new(list(&["a", "b"], &[]));
    let ask = stage.steps.ask(Duration::ZERO).unwrap();
    stage.steps.redraw();
    assert!(stage.steps.answer(ask.generation, Stage::draw(&ask)).is_none());
    assert!(stage.steps.step(Duration::ZERO, FADE).is_none());
    assert_eq!(stage.run(0..1), ["a.0"]);
}

#[test]
fn a_jump_in_time_is_one_step() {
    let mut stage = Stage::new(list(&["a", "b", "c"], &[]));
    stage.at(0);
    stage.at(1_000_000);
    assert_eq!(stage.on.as_deref(), Some("b.0"));
    stage.at(1_000_001);
    stage.at(3);
    assert_eq!(stage.on.as_deref(), Some("b.0"));
}

#[test]
fn the_welcome_stays_over_empty_playlists() {
    let mut stage = Stage::new(list(&[], &[]));
    stage.run(0..5);
    stage.swap(list(&["x"], &[]));
    assert!(stage.run(5..9).is_empty());
    stage.swap(list(&["a"], &[]));
    assert_eq!(stage.run(9..12), ["a.0"]);
}

#[test]
fn the_welcome_follows_the_halls_name() {
    let mut stage = Stage::new(list(&[], &[]));
    stage.at(0);
    stage.steps.welcome(card("hall"));
    stage.at(1);
    assert_eq!((stage.on.as_deref(), stage.seen.len()), (Some("hall.0"), 1));
}

/// A film of so many seconds (0: nobody knows), that loops or not.
fn film(name: &str, seconds: f32, loops: bool, duration: Option<u64>) -> PlaylistItem {
    let fit = if loops { Fit::Cover } else { Fit::Contain };
    let film = Film { path: name.into(), stamp: 1, fit, volume: seconds, captions: Arc::default() };
    PlaylistItem { duration: duration.map(Duration::from_secs), ..PlaylistItem::new(Content::Film(film)) }
}

fn films(items: Vec<PlaylistItem>) -> Arc<Playlist> {
    Arc::new(Playlist { items, ..Playlist::default() })
}

fn still(name: &str) -> PlaylistItem {
    PlaylistItem::new(card(name))
}

#[test]
fn a_film_lasts_its_own_length_and_gives_way_while_it_moves() {
    let mut stage = Stage::new(films(vec![still("a"), film("f", 20.0, true, None), still("b")]));
    assert_eq!(stage.run(0..16), ["a.0", "f.0"]);
    let ms = Duration::from_millis;
    assert!(stage.steps.step(ms(34_599), FADE).is_none());
    assert_eq!(stage.steps.step(ms(34_600), FADE).unwrap().picture, "b.0");
}

#[test]
fn a_written_duration_goes_before_a_films_own() {
    let mut stage = Stage::new(films(vec![still("a"), film("f", 20.0, true, Some(50)), still("b")]));
    assert_eq!(stage.run(0..64), ["a.0", "f.0"]);
    assert_eq!(stage.run(64..66), ["b.0"]);
}

#[test]
fn a_film_is_opened_a_little_before_it_is_due() {
    let mut stage = Stage::new(films(vec![still("a"), film("f", 20.0, true, None)]));
    stage.at(0);
    let seconds = Duration::from_secs;
    assert!(stage.steps.ask(seconds(9)).is_none());
    assert!(stage.steps.ask(seconds(10)).is_some());
}

#[test]
fn a_film_alone_loops_by_itself_or_comes_again() {
    assert_eq!(Stage::new(films(vec![film("f", 8.0, true, None)])).run(0..100), ["welcome.0", "f.0"]);
    let once = films(vec![film("f", 8.0, false, None)]);
    assert_eq!(Stage::new(once).run(0..18), ["welcome.0", "f.0", "f.0", "f.0"]);
}

#[test]
fn until_the_first_film_is_open_the_welcome_stands_in() {
    let mut stage = Stage::new(films(vec![film("f", 8.0, true, None)]));
    let ask = stage.steps.ask(Duration::ZERO).unwrap();
    assert_eq!(ask.content, card("welcome"));
    let change = stage.steps.answer(ask.generation, Stage::draw(&ask));
    stage.take(change);
    let change = stage.steps.step(Duration::ZERO, FADE);
    stage.take(change);
    assert!(stage.steps.stands_in());
    stage.at(0);
    assert_eq!((stage.on.as_deref(), stage.steps.stands_in()), (Some("f.0"), false));
}

#[test]
fn one_without_a_length_stays_until_it_is_over() {
    let mut stage = Stage::new(films(vec![film("f", 0.0, false, None), still("a")]));
    assert_eq!(stage.run(0..1_000), ["welcome.0", "f.0"]);
    stage.steps.over(Duration::from_secs(1_000));
    assert_eq!(stage.run(1_000..1_002), ["a.0"]);
}

#[test]
fn one_that_fails_stays_until_the_next_is_ready_and_is_tried_again_in_time() {
    let mut stage = Stage::new(films(vec![film("f", 100.0, true, None), still("a")]));
    stage.run(0..10);
    stage.steps.fail(broken(Some(40)));
    assert_eq!(stage.on.as_deref(), Some("f.0"));
    assert_eq!(stage.run(10..30), ["a.0"]);
    assert_eq!(stage.run(30..50), ["f.0"]);
    stage.steps.fail(broken(None));
    assert_eq!(stage.run(50..400), ["a.0"]);
}

#[test]
fn the_same_film_plays_on_through_another_playlist() {
    let mut stage = Stage::new(films(vec![film("f", 100.0, true, None), still("a")]));
    stage.run(0..10);
    stage.swap(films(vec![still("n"), film("f", 100.0, true, None)]));
    assert!(!stage.steps.ask(Duration::from_secs(10)).unwrap().again);
    stage.steps.answer(1, Ok(Drawn { picture: "n.0".into(), parts: 1, length: None, stays: true }));
    assert!(stage.run(10..90).is_empty());
    assert_eq!(stage.run(90..110), ["n.0"]);
}

mod turns;
