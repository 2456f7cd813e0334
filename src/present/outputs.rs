//! Which outputs the window lies over, and where. Pure, but for their names where there is no display server.
//! Invariant: the outputs stand in one order, whatever the order is in which they came.

use crate::{
    config::{Config, Region},
    picture::Rect,
    state::{Output, Outputs},
};

/// What the window of `size` pixels lies over: `on` is the output that the display server says it is on, `fills`
/// whether it is to fill outputs at all, `wall` whether all of them.
pub(super) fn under(
    mut all: Vec<Output>,
    size: (u32, u32),
    on: Option<&str>,
    fills: bool,
    wall: bool,
) -> Outputs {
    all.retain(|output| output.width > 0 && output.height > 0);
    all.sort_by(|a, b| (a.x, a.y, &a.name).cmp(&(b.x, b.y, &b.name)));
    let whole = all_of(&all);
    let is_whole = (whole.w, whole.h) == size;
    let under = all.iter().find(|output| on == Some(output.name.as_str())).or(all.first()).cloned();
    let alone = under.as_ref().filter(|output| !is_whole && (output.width, output.height) == size);
    let origin = alone.map_or((whole.x, whole.y), |output| (output.x, output.y));
    // A screen that asks for no output fills the window, but where a compositor laid that over several.
    let spans = all.len() > 1 && is_whole && all.iter().all(|output| (output.width, output.height) != size);
    Outputs { known: fills && (wall || spans), all, origin, under }
}

/// The rectangle that holds all outputs.
pub(super) fn all_of(outputs: &[Output]) -> Rect {
    let rects = outputs.iter().map(|output| Rect::new(output.x, output.y, output.width, output.height));
    rects.reduce(Rect::union).unwrap_or_default()
}

/// How often a second the window is refreshed: as often as the fastest output under it.
pub(super) fn rate(outputs: &Outputs) -> Option<f64> {
    let under: Vec<&Output> =
        if outputs.known { outputs.all.iter().collect() } else { outputs.under.iter().collect() };
    under.into_iter().map(|output| output.rate).reduce(f64::max)
}

/// Outputs where there is no display server: one for each that the config names, of `size` pixels or as many as its
/// regions need, side by side.
pub(super) fn made_up(config: &Config, size: (u32, u32), rate: f64) -> Outputs {
    let mut all: Vec<Output> = Vec::new();
    for (screen, number) in config.screens.iter().zip(1..) {
        let name = screen.output.clone().unwrap_or_else(|| format!("PNG-{number}"));
        let Region { x, y, width, height } =
            screen.region.unwrap_or(Region { x: 0, y: 0, width: 0, height: 0 });
        let needs = (x.saturating_add(width).min(MOST), y.saturating_add(height).min(MOST));
        let known = all.iter_mut().find(|output| output.name.eq_ignore_ascii_case(&name));
        let (w, h) = (size.0.max(needs.0), size.1.max(needs.1));
        match known {
            Some(output) => (output.width, output.height) = (output.width.max(w), output.height.max(h)),
            None => all.push(Output { name, x: 0, y: 0, width: w, height: h, rate }),
        }
    }
    let mut right = 0;
    for output in &mut all {
        output.x = right;
        right = right.saturating_add_unsigned(output.width);
    }
    Outputs { known: true, under: all.first().cloned(), all, origin: (0, 0) }
}

/// The widest and highest output that is made up for a region, in pixels.
const MOST: u32 = 16_384;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Screen;

    fn output(name: &str, x: i32, width: u32, rate: f64) -> Output {
        Output { name: name.into(), x, y: 0, width, height: 100, rate }
    }

    fn two() -> Vec<Output> {
        vec![output("B", 200, 300, 50.0), output("A", 0, 200, 60.0)]
    }

    #[test]
    fn a_window_over_all_begins_at_their_left_top_corner() {
        let mut all = two();
        all.iter_mut().for_each(|output| output.x -= 50);
        let found = under(all, (500, 100), Some("B"), true, true);
        assert_eq!((found.known, found.origin), (true, (-50, 0)));
        assert_eq!(found.all.iter().map(|o| o.name.as_str()).collect::<Vec<_>>(), ["A", "B"]);
        assert_eq!(rate(&found), Some(60.0));
        // Before the compositor gave it its size.
        assert_eq!(under(two(), (801, 601), None, true, true).origin, (0, 0));
    }

    #[test]
    fn a_window_on_one_output_begins_there() {
        let found = under(two(), (300, 100), Some("B"), true, true);
        assert_eq!((found.known, found.origin), (true, (200, 0)));
        let plain = under(two(), (300, 100), Some("B"), true, false);
        assert_eq!((plain.known, rate(&plain)), (false, Some(50.0)));
    }

    #[test]
    fn a_plain_screen_knows_of_outputs_only_where_it_lies_over_several() {
        assert!(under(two(), (500, 100), None, true, false).known);
        assert!(!under(two()[..1].to_vec(), (300, 100), None, true, false).known);
        assert!(!under(two(), (500, 100), None, false, false).known);
        assert!(!under(Vec::new(), (0, 0), None, true, false).known);
        assert_eq!(under(Vec::new(), (500, 100), None, true, true).all, []);
    }

    #[test]
    fn without_a_display_server_every_output_is_there() {
        let screen = |output: Option<&str>, region| Screen {
            output: output.map(str::to_owned),
            region,
            ..Screen::default()
        };
        let region = Some(Region { x: 100, y: 50, width: 1152, height: 576 });
        let screens = vec![screen(Some("A"), None), screen(Some("B"), region), screen(None, None)];
        let made = made_up(&Config { screens, ..Config::default() }, (640, 360), 20.0);
        let seen: Vec<_> = made.all.iter().map(|o| (o.name.as_str(), o.x, o.width, o.height)).collect();
        assert_eq!(seen, [("A", 0, 640, 360), ("B", 640, 1252, 626), ("PNG-3", 1892, 640, 360)]);
        assert_eq!(all_of(&made.all), Rect::new(0, 0, 2532, 626));
    }
}
