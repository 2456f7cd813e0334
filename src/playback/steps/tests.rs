//! Steps through playlists, with names in place of pictures.

use super::*;

fn card(title: &str) -> Content {
    Content::Card { title: title.into(), text: String::new() }
}

fn list(items: &[&str], fallback: &[&str]) -> Arc<Playlist> {
    let item = |name: &&str| PlaylistItem { content: card(name), duration: Some(Duration::from_secs(15)) };
    Arc::new(Playlist {
        items: items.iter().map(item).collect(),
        fallback: fallback.iter().map(item).collect(),
        ..Playlist::default()
    })
}

/// A stage: what is broken has a name that begins with `x`, a page of n parts one that ends with n.
struct Stage {
    steps: Steps<String>,
    on: Option<String>,
    seen: Vec<String>,
}

impl Stage {
    fn new(playlist: Arc<Playlist>) -> Self {
        Self { steps: Steps::new(playlist, card("welcome")), on: None, seen: Vec::new() }
    }

    fn draw(ask: &Ask) -> Option<(String, usize)> {
        let Content::Card { title, .. } = &ask.content else { return None };
        let parts = title.chars().last().and_then(|c| c.to_digit(10)).unwrap_or(1) as usize;
        (!title.starts_with('x')).then(|| (format!("{title}.{}", ask.place.part), parts))
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
    fn work(&mut self) {
        while let Some(ask) = self.steps.ask() {
            let change = self.steps.answer(ask.generation, Self::draw(&ask));
            self.take(change);
        }
    }

    fn at(&mut self, seconds: u64) {
        self.work();
        let change = self.steps.step(Duration::from_secs(seconds));
        self.take(change);
        self.work();
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
    let change = stage.steps.step(Duration::from_secs(15));
    stage.take(change);
    let ask = stage.steps.ask().unwrap();
    assert!(stage.steps.ask().is_none());
    assert!(stage.steps.step(Duration::from_secs(99)).is_none());
    assert_eq!(stage.on.as_deref(), Some("b.0"));
    assert!(stage.steps.answer(ask.generation, Stage::draw(&ask)).is_none());
    assert_eq!(stage.steps.step(Duration::from_secs(100)).unwrap().picture, "a.0");
}

#[test]
fn another_playlist_keeps_what_is_in_both() {
    let mut stage = Stage::new(list(&["a", "b"], &[]));
    stage.run(0..20);
    stage.steps.swap(list(&["n", "b", "c"], &[]));
    assert_eq!(stage.run(20..44), ["c.0"]);
    stage.steps.swap(list(&["d", "e"], &[]));
    assert_eq!(stage.run(44..46), ["d.0"]);
}

#[test]
fn what_was_broken_is_tried_again_with_the_next_playlist() {
    let mut stage = Stage::new(list(&["x"], &["f"]));
    stage.run(0..5);
    stage.steps.swap(list(&["a"], &["f"]));
    assert_eq!(stage.run(5..40), ["a.0"]);
}

#[test]
fn drawn_anew_it_stays_for_the_rest_of_its_time() {
    let mut stage = Stage::new(list(&["a", "b"], &[]));
    stage.run(0..10);
    stage.steps.redraw();
    let ask = stage.steps.ask().unwrap();
    assert_eq!(ask.content, card("a"));
    let change = stage.steps.answer(ask.generation, Stage::draw(&ask)).unwrap();
    assert!(change.again);
    assert_eq!(stage.run(10..16), ["b.0"]);
}

#[test]
fn an_answer_for_an_old_size_is_thrown_away() {
    let mut stage = Stage::new(list(&["a", "b"], &[]));
    let ask = stage.steps.ask().unwrap();
    stage.steps.redraw();
    assert!(stage.steps.answer(ask.generation, Stage::draw(&ask)).is_none());
    assert!(stage.steps.step(Duration::ZERO).is_none());
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
    stage.steps.swap(list(&["x"], &[]));
    assert!(stage.run(5..9).is_empty());
    stage.steps.swap(list(&["a"], &[]));
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
