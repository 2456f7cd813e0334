//! What bevy_egui gathered, made fit for the desk. Invariant: a paste is one event, and Alt types nothing.

use std::time::Duration;

use bevy_egui::egui::{Context, Event, Key, Modifiers, Pos2, RawInput, Rect, ViewportId, vec2};

/// Whether anything happened. bevy_egui tells the modifiers every frame, and egui runs again after any event: what
/// is no news is taken out.
pub(super) fn happened(input: &mut RawInput, known: &mut Modifiers) -> bool {
    input.events.retain(|event| match event {
        Event::ModifiersChanged(modifiers) => std::mem::replace(known, *modifiers) != *modifiers,
        _ => true,
    });
    !input.events.is_empty() || !input.dropped_files.is_empty()
}

/// Takes what was gathered for a frame on a glass of `size` pixels.
pub(super) fn taken(
    input: &mut RawInput,
    ctx: &Context,
    held: Modifiers,
    size: (u32, u32),
    now: Duration,
) -> RawInput {
    let mut raw = input.take();
    raw.events = sorted_out(std::mem::take(&mut raw.events), held);
    let scale = ctx.zoom_factor();
    let points = vec2(size.0 as f32, size.1 as f32) / scale;
    raw.screen_rect = Some(Rect::from_min_size(Pos2::ZERO, points));
    raw.viewports.entry(ViewportId::ROOT).or_default().native_pixels_per_point = Some(1.0);
    raw.max_texture_side = Some(4096);
    raw.time = Some(now.as_secs_f64());
    raw
}

/// bevy_egui tells a paste as typed text, and the letter of Alt and a letter as well.
fn sorted_out(events: Vec<Event>, mut modifiers: Modifiers) -> Vec<Event> {
    let mut pasting = false;
    let mut sorted = Vec::with_capacity(events.len());
    for event in events {
        match event {
            Event::Key { key, pressed, modifiers: held, .. } => {
                modifiers = held;
                pasting = pressed && key == Key::V && held.command;
                sorted.push(event);
            }
            Event::Text(text) if pasting => {
                pasting = false;
                sorted.push(Event::Paste(text));
            }
            Event::Text(_) if modifiers.alt && !modifiers.ctrl => {}
            event => sorted.push(event),
        }
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(key: Key, modifiers: Modifiers) -> Event {
        Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
    }

    #[test]
    fn a_paste_is_a_paste_and_alt_types_nothing() {
        let text = |text: &str| Event::Text(text.into());
        let events = vec![
            text("a"),
            key(Key::A, Modifiers::NONE),
            key(Key::V, Modifiers::COMMAND),
            text("dua\nbaris"),
            text("b"),
        ];
        let sorted = sorted_out(events.clone(), Modifiers::NONE);
        assert_eq!(sorted[3], Event::Paste("dua\nbaris".into()));
        assert_eq!((&sorted[0], &sorted[4]), (&events[0], &events[4]));
        let alt = vec![text("1"), key(Key::Num1, Modifiers::ALT), Event::ModifiersChanged(Modifiers::ALT)];
        assert_eq!(sorted_out(alt.clone(), Modifiers::ALT), alt[1..]);
    }

    #[test]
    fn modifiers_that_are_told_again_are_nothing_new() {
        let mut known = Modifiers::NONE;
        let mut told = |modifiers| {
            let mut input =
                RawInput { events: vec![Event::ModifiersChanged(modifiers)], ..Default::default() };
            (happened(&mut input, &mut known), input.events.len())
        };
        assert_eq!(told(Modifiers::NONE), (false, 0));
        assert_eq!(told(Modifiers::CTRL), (true, 1));
        assert_eq!(told(Modifiers::CTRL), (false, 0));
    }
}
