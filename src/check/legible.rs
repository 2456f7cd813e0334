//! Whether the farthest viewer can read each text, where the config says how large the glass is.
//! Invariant: a text that can be read is never named.

use std::path::Path;

use crate::{
    config::{Config, Screen},
    domain::{
        layout::{Layout, Shape},
        legibility::{Viewing, too_small},
    },
    picture::{legible::texts, theme::Theme},
    problem::Problem,
};

/// A problem for each screen on which texts fall short, naming them all.
pub(super) fn check(file: &Path, config: &Config) -> Vec<Problem> {
    config.screens.iter().filter_map(|screen| check_screen(file, screen)).collect()
}

fn check_screen(file: &Path, screen: &Screen) -> Option<Problem> {
    let (height_mm, distance_m) = (screen.height_mm?, screen.viewing_distance_m?);
    let shape = match screen.layout.as_deref().and_then(Layout::known) {
        Some(Layout::Known(shape)) => shape,
        _ => Shape::Landscape,
    };
    let theme = match &screen.theme {
        // A theme that cannot be read is a problem of its own.
        Some(path) => Theme::parse(&std::fs::read_to_string(path).ok()?).ok()?,
        None => Theme::default(),
    };
    // Sizes are shares of the height, so any number of pixels gives the same answer.
    let (width, height) = shape.reference();
    let texts = texts(&theme.sizes(shape, width as u32, height as u32));
    let viewing = Viewing { height_mm, height_px: height as u32, distance_m };
    let short = too_small(viewing, &texts);
    if short.is_empty() {
        return None;
    }
    let most = short.iter().map(|t| t.factor).fold(1.0, f64::max);
    let readable = distance_m / most;
    let list = |needs: &str| {
        let one = |t: &crate::domain::legibility::TooSmall| {
            format!("{} {:.0} mm ({needs} {:.0} mm)", t.name, t.cap_mm, t.needed_mm)
        };
        short.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let id = format!(
        "terlalu kecil untuk dibaca dari {distance_m} m (tinggi huruf besar): {}; perbesar ukurannya di berkas tema, atau tempatkan penonton paling jauh {readable:.1} m: viewing_distance_m = {readable:.1}",
        list("perlu")
    );
    let en = format!(
        "too small to read from {distance_m} m (height of capitals): {}; raise their sizes in the theme file, or let nobody stand farther away than {readable:.1} m: viewing_distance_m = {readable:.1}",
        list("needs")
    );
    Some(Problem::warning(file, None, id, en))
}
