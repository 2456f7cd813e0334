//! What the glass shows at the moment that is looked at, drawn by the screen's own renderer.
//! Invariant: its shape is the real screen's, and what it shows is what the words beside it say.

use crate::editor::{
    desk::{Desk, Panel, Question, Screen},
    egui::{
        self, Align2, ComboBox, FontId, Rect, RichText, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
        WidgetType, pos2, vec2,
    },
    style,
    views::{focus_if_called, words},
};

/// Shows it, and leaves so many points of height below it.
pub fn show(ui: &mut Ui, desk: &mut Desk, below: f32) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(desk.say("Pratinjau", "Preview")).font(style::title(15.0)));
        screens(ui, desk);
        if ui.button(desk.say("Perbesar", "Enlarge")).on_hover_text("F11").clicked() {
            desk.question = Some(Question::Large);
        }
    });
    let room = ui.available_size() - vec2(0.0, 52.0);
    let size = vec2(room.x, (room.y - below).max(room.y * 0.3));
    // Where it lies large over this one, that one is drawn and this one is its likeness.
    let drawn = desk.question != Some(Question::Large);
    picture(ui, desk, size, drawn);
    ui.label(RichText::new(caption(desk)).color(style::SOFT));
}

fn screens(ui: &mut Ui, desk: &mut Desk) {
    let name = |screen: Screen| match screen {
        Screen::Own => desk.say("Layar aula", "The hall's screen"),
        Screen::Landscape => desk.say("Mendatar 1920×1080", "Landscape 1920×1080"),
        Screen::Portrait => desk.say("Tegak 1080×1920", "Portrait 1080×1920"),
        Screen::Videotron => "Videotron 1152×576",
    };
    let all = [Screen::Own, Screen::Landscape, Screen::Portrait, Screen::Videotron];
    let names = all.map(name);
    let shown = name(desk.screen);
    let combo = ComboBox::from_id_salt("screen").selected_text(shown).width(150.0);
    let response = combo
        .show_ui(ui, |ui| {
            for (screen, name) in all.into_iter().zip(names) {
                ui.selectable_value(&mut desk.screen, screen, name);
            }
        })
        .response;
    focus_if_called(desk, Panel::Preview, &response);
}

/// The picture itself, as large as it fits into `size` points; the newest one where none is to be drawn for it.
pub(super) fn picture(ui: &mut Ui, desk: &mut Desk, size: Vec2, drawn: bool) {
    let ((width, height), _) = desk.screen_size();
    let shape = vec2(width as f32, height as f32);
    let scale = (size.x / shape.x).min(size.y / shape.y).max(0.01);
    let points = ui.pixels_per_point();
    // Whole pixels, so that it is shown as it was scaled.
    let size = (shape * scale * points).floor().max(Vec2::splat(1.0)) / points;
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let label = desk.say("Gambar pratinjau layar", "Preview of the screen");
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Image, true, label));
    let most = ((size.x * points).round() as u32, (size.y * points).round() as u32);
    let painter = ui.painter();
    painter.rect_filled(rect, 0.0, style::DEEP);
    let say = |text: &str| {
        painter.text(rect.center(), Align2::CENTER_CENTER, text, FontId::proportional(15.0), style::GROUND);
    };
    match desk.preview(drawn.then_some(most)) {
        Some(Ok(texture)) => {
            // While another shape is drawn, the one before stands in, in its own shape.
            let image = texture.size_vec2();
            let fit = (rect.width() / image.x).min(rect.height() / image.y);
            let close = (image * fit - rect.size()).abs().max_elem() * points < 2.0;
            let at = if close { rect } else { Rect::from_center_size(rect.center(), image * fit) };
            let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            painter.image(texture.id(), at, uv, egui::Color32::WHITE);
        }
        Some(Err(why)) => say(&format!("{}: {why}", desk.say("Tidak dapat digambar", "Cannot be drawn"))),
        None => say(desk.say("Menggambar…", "Drawing…")),
    }
    painter.rect_stroke(rect, 0.0, Stroke::new(1.0, style::INK), StrokeKind::Outside);
}

/// What is seen, in words.
fn caption(desk: &Desk) -> String {
    let at =
        format!("{}, {}", desk.language.date(&desk.cursor), words::clock(desk.cursor.time(), desk.language));
    let chosen = desk.selected_one().filter(|_| desk.list != crate::domain::playlist::List::Ticker);
    let Some(entry) = chosen else { return at };
    if desk.items(desk.list, entry).is_empty() {
        let why = desk.say(
            "butir yang dipilih tidak dapat ditampilkan, jadi yang tampil adalah butir lain",
            "the selected item cannot be shown, so another one is",
        );
        return format!("{at}: {why}");
    }
    match desk.is_on_air(desk.list, &desk.programme(), entry) {
        true => at,
        false => format!(
            "{at}: {}",
            desk.say(
                "butir ini tidak tayang pada saat itu; beginilah tampilannya bila tayang",
                "this item is not on air then; this is how it looks when it is"
            )
        ),
    }
}
