//! The test card on each output, and what moves over it.
//! Invariant: a key, the time that was given, or a signal ends it; every output shows one, whatever the config says.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bevy::{input::keyboard::KeyboardInput, log::LogPlugin, prelude::*};

use super::cards::{Cards, cards};
use crate::{
    config::{Config, Screen},
    picture::{
        Colour, DisplayList, Quad, Rect,
        place::{Place, Placer},
        testcard::{self, Card},
        text::Typesetter,
        theme::Theme,
        turn::Turn,
    },
    present,
    state::{Frame, Glass, Motion, Now, Screens, Step},
};

/// What the test cards are shown with.
#[derive(Debug, Clone)]
pub struct TestCards {
    /// The config: its screens' regions, rotations and heights, and its language.
    pub config: Config,
    /// The theme.
    pub theme: Theme,
    /// The one output that gets a card, the others stay black; `None`: all.
    pub only: Option<String>,
    /// After how many seconds it ends; `None`: by a key or a signal.
    pub seconds: Option<u32>,
    /// What draws.
    pub renderer: present::Renderer,
}

/// The test cards, ready to be shown.
///
/// # Errors
/// A GPU was asked for and there is none.
pub fn testcards(asked: TestCards, log: LogPlugin) -> Result<App, present::gpu::Error> {
    let end = asked.seconds.map(|s| Duration::from_secs(s.into()));
    let output = present::Output::Window { renderer: asked.renderer, size: None, windowed: false };
    let (config, theme, only) = (asked.config.clone(), asked.theme, asked.only);
    let type_ = Mutex::new(Typesetter::default());
    let draw = move |name: &str, size: (u32, u32), rate: f64| {
        if only.as_ref().is_some_and(|only| !only.eq_ignore_ascii_case(name)) {
            let black = Quad::fill(Colour::hex(0), Rect::new(0, 0, size.0, size.1));
            return DisplayList { width: size.0, height: size.1, quads: vec![black] };
        }
        let mut type_ = type_.lock().unwrap_or_else(PoisonError::into_inner);
        on_output(&mut type_, &theme, &config, name, size, Some(rate))
    };
    let mut app = cards(Cards { config: asked.config, output, draw: Arc::new(draw) }, log)?;
    app.insert_resource(End(end)).add_systems(Update, (bars.in_set(Step::Edit), leave));
    Ok(app)
}

/// All that one output shows: its card, and over it, in its place, that of each screen which takes a part of it.
pub fn on_output(
    type_: &mut Typesetter,
    theme: &Theme,
    config: &Config,
    name: &str,
    size: (u32, u32),
    rate: Option<f64>,
) -> DisplayList {
    let (width, height) = size;
    let whole = Rect::new(0, 0, width, height);
    let named = |screen: &&Screen| screen.output.as_ref().is_some_and(|o| o.eq_ignore_ascii_case(name));
    let mut screens: Vec<&Screen> = config.screens.iter().filter(named).collect();
    if screens.is_empty() {
        screens.extend(config.screens.iter().find(|screen| screen.output.is_none()));
    }
    let own = |screen: Option<&Screen>, region: Option<Rect>| {
        let at = region.unwrap_or(whole);
        let turn = screen.map_or(Turn::None, |screen| screen.rotation);
        let (w, h) = turn.size((at.w, at.h));
        let card = Card {
            name: name.to_owned(),
            rate,
            rotation: turn.degrees(),
            region,
            height_mm: screen.and_then(|screen| screen.height_mm),
            ..Card::new(w, h, config.hall.language)
        };
        (card, Place { at, turn })
    };
    // Beside its regions an output shows a card too, so that it is seen where on it they lie.
    let base = screens.iter().find(|screen| screen.region.is_none()).copied();
    let regions = screens.iter().filter_map(|screen| {
        let region = screen.region?;
        let side = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
        let at = Rect::new(side(region.x), side(region.y), region.width, region.height).intersect(whole);
        (!at.is_empty()).then(|| own(Some(screen), Some(at)))
    });
    let mut quads = Vec::new();
    for (card, place) in std::iter::once(own(base, None)).chain(regions) {
        let picture = testcard::draw(type_, theme, &card);
        let (width, height) = card.size;
        let list = DisplayList { width, height, quads: vec![Quad::picture(&picture, 0, 0)] };
        Placer::default().place(&list, &place, &mut quads);
    }
    DisplayList { width, height, quads }
}

#[derive(Resource)]
struct End(Option<Duration>);

/// Puts the bar that moves over each output's card, in place of that of the frame before.
fn bars(
    mut frame: ResMut<Frame>,
    mut motion: ResMut<Motion>,
    screens: Res<Screens>,
    glass: Res<Glass>,
    mut last: Local<Vec<Quad>>,
) {
    if frame.quads.ends_with(&last) {
        let cards = frame.quads.len() - last.len();
        frame.quads.truncate(cards);
    }
    last.clear();
    for place in screens.iter().filter_map(|screen| screen.place) {
        let bar = testcard::bar((place.at.w, place.at.h), glass.refresh);
        let at = Rect::new(bar.x + place.at.x, bar.y + place.at.y, bar.w, bar.h);
        last.push(Quad::fill(testcard::BAR, at));
    }
    frame.quads.extend(last.iter().cloned());
    motion.set_if_neq(Motion(true));
}

/// Any key ends it, as its time does.
fn leave(
    mut keys: MessageReader<KeyboardInput>,
    mut exit: MessageWriter<AppExit>,
    end: Res<End>,
    now: Res<Now>,
) {
    let pressed = keys.read().any(|key| key.state.is_pressed());
    if pressed || end.0.is_some_and(|end| now.mono >= end) {
        exit.write(AppExit::Success);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::Region, present::png};

    #[test]
    fn a_region_has_a_card_of_its_own_to_its_last_pixel() {
        let region = Some(Region { x: 100, y: 50, width: 192, height: 96 });
        let screen = Screen { output: Some("HDMI-A-2".into()), region, ..Screen::default() };
        let config = Config { screens: vec![screen], ..Config::default() };
        let mut type_ = Typesetter::default();
        let draw = |type_: &mut Typesetter, name| {
            on_output(type_, &Theme::default(), &config, name, (640, 360), Some(60.0))
        };
        let list = draw(&mut type_, "hdmi-a-2");
        let pixels = png::pixels(&list);
        let white = |x: usize, y: usize| pixels[y * 640 + x] == 0xffff_ffff;
        for (x, y) in [(0, 0), (639, 359), (100, 50), (291, 145), (100, 145), (291, 50)] {
            assert!(white(x, y), "{x}, {y}");
        }
        for (x, y) in [(1, 1), (101, 51), (290, 144)] {
            assert!(!white(x, y), "{x}, {y}");
        }
        assert_eq!(draw(&mut type_, "DP-1").quads.len(), 1, "an output of no screen has a card all the same");
    }

    #[test]
    fn a_turned_screen_has_a_turned_card() {
        let screen = Screen { rotation: Turn::Quarter, ..Screen::default() };
        let config = Config { screens: vec![screen], ..Config::default() };
        let list = on_output(&mut Typesetter::default(), &Theme::default(), &config, "A", (640, 360), None);
        let upright = Card { name: "A".into(), rotation: 90, ..Card::new(360, 640, config.hall.language) };
        let upright = testcard::draw(&mut Typesetter::default(), &Theme::default(), &upright);
        let turned = Turn::Quarter.picture(&upright);
        assert!(png::pixels(&list) == turned.pixels());
    }

    #[test]
    fn a_region_beyond_its_output_is_cut() {
        let region = Some(Region { x: 600, y: 300, width: 4_000_000_000, height: 96 });
        let config = Config { screens: vec![Screen { region, ..Screen::default() }], ..Config::default() };
        let list = on_output(&mut Typesetter::default(), &Theme::default(), &config, "", (640, 360), None);
        assert!(list.quads.iter().all(|quad| list.bounds().contains(quad.visible())));
    }
}
