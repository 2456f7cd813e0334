//! How the editor looks: the house's faces and colours, light and calm, large enough for eyes of fifty.
//! Invariant: text has a contrast of at least 7:1 on what lies behind it, and the focus is seen.

use std::sync::Arc;

use bevy_egui::egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Stroke, Style,
    TextStyle, Theme, Vec2, Visuals,
    style::{ScrollStyle, WidgetVisuals},
    vec2,
};

use crate::picture::face::Face;

/// Behind everything.
pub const GROUND: Color32 = Color32::from_rgb(0xf6, 0xf3, 0xec);
/// Behind forms, lists and fields.
pub const SHEET: Color32 = Color32::from_rgb(0xff, 0xff, 0xff);
/// Text.
pub const INK: Color32 = Color32::from_rgb(0x0c, 0x22, 0x30);
/// Secondary text.
pub const SOFT: Color32 = Color32::from_rgb(0x3b, 0x4f, 0x5c);
/// Lines between things.
pub const LINE: Color32 = Color32::from_rgb(0xd5, 0xd0, 0xc3);
/// What can be pressed.
pub const BUTTON: Color32 = Color32::from_rgb(0xe9, 0xe4, 0xd8);
/// What can be pressed, under the pointer.
pub const HOVER: Color32 = Color32::from_rgb(0xdd, 0xd6, 0xc6);
/// What is selected.
pub const CHOSEN: Color32 = Color32::from_rgb(0xcf, 0xe6, 0xe3);
/// What is on air; text and marks.
pub const TEAL: Color32 = Color32::from_rgb(0x0a, 0x50, 0x4b);
/// What the eye is to find: the accent of the screen itself.
pub const SUN: Color32 = Color32::from_rgb(0xff, 0xc7, 0x3d);
/// The screen's own dark.
pub const DEEP: Color32 = Color32::from_rgb(0x0b, 0x31, 0x42);
/// What is wrong.
pub const ALARM: Color32 = Color32::from_rgb(0x8f, 0x1d, 0x14);
/// What could be better.
pub const WARN: Color32 = Color32::from_rgb(0x6b, 0x3f, 0x00);

/// The family of titles and buttons.
const TITLES: &str = "titles";

/// A title's type, `size` points high.
pub fn title(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(TITLES.into()))
}

/// Secondary text, such as what stands under a name.
pub fn small() -> FontId {
    FontId::new(13.5, FontFamily::Proportional)
}

/// Gives a context the editor's look.
pub fn apply(ctx: &Context) {
    ctx.set_fonts(fonts());
    ctx.set_theme(Theme::Light);
    ctx.set_style_of(Theme::Light, style());
    ctx.set_style_of(Theme::Dark, style());
    // The last frame is what stands on the glass: what was sized wrongly in a first pass is not shown.
    ctx.options_mut(|options| options.max_passes = std::num::NonZeroUsize::MIN.saturating_add(1));
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let faces = [("text", Face::Text), ("strong", Face::TextStrong), ("label", Face::Label)];
    for (name, face) in faces {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(face.bytes())));
    }
    // Each has what the other lacks.
    let mut family = |family: FontFamily, names: [&str; 2]| {
        fonts.families.insert(family, names.map(str::to_owned).to_vec());
    };
    family(FontFamily::Proportional, ["text", "label"]);
    family(FontFamily::Monospace, ["text", "label"]);
    family(FontFamily::Name(TITLES.into()), ["label", "text"]);
    fonts
}

fn style() -> Style {
    let mut style = Style { animation_time: 0.0, ..Style::default() };
    style.text_styles = [
        (TextStyle::Small, small()),
        (TextStyle::Body, FontId::new(15.5, FontFamily::Proportional)),
        (TextStyle::Monospace, FontId::new(15.5, FontFamily::Monospace)),
        (TextStyle::Button, title(14.5)),
        (TextStyle::Heading, title(19.0)),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 7.0);
    spacing.button_padding = vec2(12.0, 6.0);
    spacing.interact_size = vec2(44.0, 32.0);
    spacing.icon_width = 20.0;
    spacing.icon_width_inner = 12.0;
    spacing.combo_width = 160.0;
    spacing.text_edit_width = 320.0;
    spacing.menu_margin = Margin::same(8);
    spacing.scroll = ScrollStyle { bar_width: 12.0, ..ScrollStyle::solid() };
    style.interaction.tooltip_delay = 0.6;
    style.visuals = visuals();
    style
}

fn visuals() -> Visuals {
    let radius = CornerRadius::same(6);
    let widget = |fill: Color32, edge: Stroke| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: edge,
        corner_radius: radius,
        fg_stroke: Stroke::new(1.5, INK),
        expansion: 0.0,
    };
    let mut visuals = Visuals::light();
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(SOFT);
    visuals.panel_fill = GROUND;
    visuals.window_fill = SHEET;
    visuals.window_stroke = Stroke::new(1.0, LINE);
    visuals.window_corner_radius = CornerRadius::same(10);
    visuals.menu_corner_radius = radius;
    visuals.extreme_bg_color = SHEET;
    visuals.text_edit_bg_color = Some(SHEET);
    visuals.faint_bg_color = GROUND;
    visuals.code_bg_color = GROUND;
    visuals.hyperlink_color = TEAL;
    visuals.error_fg_color = ALARM;
    visuals.warn_fg_color = WARN;
    visuals.selection.bg_fill = CHOSEN;
    // The focus's ring as well.
    visuals.selection.stroke = Stroke::new(2.0, TEAL);
    visuals.text_cursor.stroke = Stroke::new(2.0, TEAL);
    let widgets = &mut visuals.widgets;
    widgets.noninteractive = widget(GROUND, Stroke::new(1.0, LINE));
    widgets.inactive = widget(BUTTON, Stroke::new(1.0, Color32::from_rgb(0x8a, 0x86, 0x7a)));
    widgets.hovered = widget(HOVER, Stroke::new(1.5, DEEP));
    widgets.active = widget(CHOSEN, Stroke::new(2.0, TEAL));
    widgets.open = widget(HOVER, Stroke::new(1.5, DEEP));
    visuals
}

/// Room around what stands in a panel.
pub fn margin() -> Margin {
    Margin::symmetric(12, 8)
}

/// The size of a thumbnail in points.
pub const THUMB: Vec2 = Vec2::new(80.0, 50.0);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Colour;

    #[test]
    fn every_text_is_read_on_what_lies_behind_it() {
        let colour = |c: Color32| Colour { r: c.r(), g: c.g(), b: c.b() };
        for text in [INK, SOFT, TEAL, ALARM, WARN] {
            for ground in [GROUND, SHEET, BUTTON, CHOSEN] {
                // Secondary text never stands on a button.
                let least = if text == INK || ground == SHEET || ground == GROUND { 7.0 } else { 4.5 };
                let contrast = colour(text).contrast(colour(ground));
                assert!(contrast >= least, "{text:?} on {ground:?}: {contrast}");
            }
        }
    }
}
