//! Keys and the rest of the input, as egui takes them. Invariant: a key counts with what was held when it came,
//! however many keys come in one frame.
//!
//! bevy_egui tells each key of a frame with what is held at the frame's end, so that a quick Ctrl+S on a busy
//! machine would be an S: keys are read here, all else is its own.

use std::time::Duration;

use crate::picture;
use bevy::input::{
    ButtonState,
    keyboard::{Key as Pressed, KeyboardInput},
};
use bevy_egui::{
    egui::{Context, Event, Key, Modifiers, Pos2, RawInput, Rect, ViewportId, vec2},
    helpers::{bevy_to_egui_key, bevy_to_egui_physical_key},
};

/// The keys that are held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Held {
    shift: bool,
    ctrl: bool,
    alt: bool,
    logo: bool,
}

impl Held {
    fn modifiers(self) -> Modifiers {
        let Self { shift, ctrl, alt, .. } = self;
        Modifiers { alt, ctrl, shift, mac_cmd: false, command: ctrl }
    }

    /// Whether a letter is typed: with Ctrl it is a command, but for AltGr, which some keyboards tell as both.
    fn types(self) -> bool {
        !self.logo && self.ctrl == self.alt
    }

    /// Takes over a key; the events that it makes. `paste` gives what the clipboard holds.
    pub fn take(&mut self, input: &KeyboardInput, paste: impl FnOnce() -> Option<String>) -> Vec<Event> {
        let pressed = input.state == ButtonState::Pressed;
        match input.logical_key {
            Pressed::Shift => self.shift = pressed,
            Pressed::Control => self.ctrl = pressed,
            Pressed::Alt => self.alt = pressed,
            Pressed::Super | Pressed::Meta => self.logo = pressed,
            _ => {}
        }
        let mut events = Vec::new();
        if pressed && self.types() {
            match &input.logical_key {
                Pressed::Character(text) if !text.contains(char::is_control) => {
                    events.push(Event::Text(text.to_string()));
                }
                Pressed::Space => events.push(Event::Text(" ".to_owned())),
                _ => {}
            }
        }
        let physical_key = bevy_to_egui_physical_key(&input.key_code);
        // Where the layout has no Latin letters, a key's place says which command is meant.
        let Some(key) = bevy_to_egui_key(&input.logical_key).or(physical_key) else { return events };
        let modifiers = self.modifiers();
        events.push(Event::Key { key, physical_key, pressed, repeat: input.repeat, modifiers });
        if pressed && self.ctrl && !self.alt {
            match key {
                Key::C => events.push(Event::Copy),
                Key::X => events.push(Event::Cut),
                Key::V => events.extend(paste().map(Event::Paste)),
                _ => {}
            }
        }
        events
    }
}

/// Whether anything happened. bevy_egui tells the modifiers every frame, and egui runs again after any event: what
/// is no news is taken out.
pub(super) fn happened(input: &mut RawInput, known: &mut Modifiers) -> bool {
    input.events.retain(|event| match event {
        Event::ModifiersChanged(modifiers) => std::mem::replace(known, *modifiers) != *modifiers,
        _ => true,
    });
    !input.events.is_empty() || !input.dropped_files.is_empty()
}

/// Takes what was gathered for a frame on an area of the window, in pixels; there the pointer's place begins.
pub(super) fn taken(input: &mut RawInput, ctx: &Context, area: picture::Rect, now: Duration) -> RawInput {
    let mut raw = input.take();
    let corner = vec2(area.x as f32, area.y as f32) / ctx.zoom_factor();
    for event in &mut raw.events {
        match event {
            Event::PointerMoved(pos) | Event::PointerButton { pos, .. } | Event::Touch { pos, .. } => {
                *pos -= corner;
            }
            _ => {}
        }
    }
    let points = vec2(area.w as f32, area.h as f32) / ctx.zoom_factor();
    raw.screen_rect = Some(Rect::from_min_size(Pos2::ZERO, points));
    raw.viewports.entry(ViewportId::ROOT).or_default().native_pixels_per_point = Some(1.0);
    raw.max_texture_side = Some(4096);
    raw.time = Some(now.as_secs_f64());
    raw
}

#[cfg(test)]
mod tests {
    use bevy::{ecs::entity::Entity, input::keyboard::KeyCode};

    use super::*;

    fn key(logical_key: Pressed, key_code: KeyCode, state: ButtonState) -> KeyboardInput {
        KeyboardInput { key_code, logical_key, state, text: None, repeat: false, window: Entity::PLACEHOLDER }
    }

    fn told(held: &mut Held, keys: &[(Pressed, KeyCode, ButtonState)]) -> Vec<Event> {
        let one = |(logical, code, state): &(Pressed, KeyCode, ButtonState)| {
            held.take(&key(logical.clone(), *code, *state), || Some("dua\nbaris".to_owned()))
        };
        keys.iter().flat_map(one).collect()
    }

    const DOWN: ButtonState = ButtonState::Pressed;
    const UP: ButtonState = ButtonState::Released;

    fn letter(text: &str) -> Pressed {
        Pressed::Character(text.into())
    }

    #[test]
    fn a_command_within_one_frame_is_a_command() {
        let mut held = Held::default();
        let all = [
            (Pressed::Control, KeyCode::ControlLeft, DOWN),
            (letter("s"), KeyCode::KeyS, DOWN),
            (letter("s"), KeyCode::KeyS, UP),
            (Pressed::Control, KeyCode::ControlLeft, UP),
            (letter("s"), KeyCode::KeyS, DOWN),
        ];
        let events = told(&mut held, &all);
        let commands =
            |event: &&Event| matches!(event, Event::Key { key: Key::S, modifiers, .. } if modifiers.command);
        assert_eq!(events.iter().filter(commands).count(), 2, "{events:?}");
        let texts: Vec<_> = events.iter().filter(|event| matches!(event, Event::Text(_))).collect();
        assert_eq!(texts, [&Event::Text("s".into())]);
    }

    #[test]
    fn a_paste_is_one_event_and_alt_types_nothing() {
        let mut held = Held::default();
        let paste = [(Pressed::Control, KeyCode::ControlLeft, DOWN), (letter("v"), KeyCode::KeyV, DOWN)];
        assert_eq!(told(&mut held, &paste).last(), Some(&Event::Paste("dua\nbaris".into())));
        let mut held = Held::default();
        let alt = [(Pressed::Alt, KeyCode::AltLeft, DOWN), (letter("1"), KeyCode::Digit1, DOWN)];
        let events = told(&mut held, &alt);
        assert!(!events.iter().any(|event| matches!(event, Event::Text(_))), "{events:?}");
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
