//! The display list in a window by the CPU: only what changed is drawn and shown.
//! Invariant: after each frame the window's pixels are those of the whole list.

mod shown;

use std::{num::NonZeroU32, time::Instant};

use bevy::{
    ecs::system::NonSendMarker,
    prelude::*,
    window::{
        PrimaryWindow, RawHandleWrapper, ThreadLockedRawWindowHandleWrapper, WindowFocused, WindowMoved,
        WindowOccluded, WindowResized,
    },
    winit::WINIT_WINDOWS,
};

use raw_window_handle::RawDisplayHandle;

use self::shown::Shown;
use super::{
    blend,
    count::Misses,
    window::{Beat, OnCallback},
};
use crate::{
    clock,
    picture::{DisplayList, Rect},
    state::{Frame, Motion, OnGlass, Presented, Reached, Step},
};

type Handle = ThreadLockedRawWindowHandleWrapper;

/// Adds the presenter.
pub(super) fn plugin(app: &mut App) {
    app.init_non_send::<Glass>()
        .add_systems(Update, (forget.run_if(uncovered), present).chain().in_set(Step::Present));
}

/// Whether the window may have lost pixels: it was covered, grew or came to another monitor.
fn uncovered(
    mut resized: MessageReader<WindowResized>,
    mut occluded: MessageReader<WindowOccluded>,
    mut focused: MessageReader<WindowFocused>,
    mut moved: MessageReader<WindowMoved>,
) -> bool {
    let events =
        [resized.read().count(), occluded.read().count(), focused.read().count(), moved.read().count()];
    events.iter().any(|count| *count > 0)
}

/// Nothing of the window is known any more: the next frame draws all of it.
fn forget(mut glass: NonSendMut<Glass>) {
    glass.shown.forget();
}

/// The window's pixels.
#[derive(Default)]
struct Glass {
    surface: Option<softbuffer::Surface<Handle, Handle>>,
    size: (u32, u32),
    shown: Shown,
    failed: bool,
}

fn present(
    window: Query<(Entity, &RawHandleWrapper), With<PrimaryWindow>>,
    frame: Res<Frame>,
    motion: Res<Motion>,
    beat: Res<Beat>,
    mut callback: ResMut<OnCallback>,
    (mut presented, mut misses): (ResMut<Presented>, ResMut<Misses>),
    (mut asked, mut reached): (ResMut<OnGlass>, ResMut<Reached>),
    mut glass: NonSendMut<Glass>,
    main_thread: NonSendMarker,
) {
    let Ok((entity, handle)) = window.single() else { return };
    if frame.width == 0 || frame.height == 0 || glass.shown.newest() == Some(&frame.0) {
        asked.answer(glass.shown.newest());
        *reached = Reached::Yes;
        return;
    }
    // Only a frame that another one follows at once asks for the callback: a compositor that shows nothing
    // of the window sends none, and a still picture must go on to hear of events.
    callback.0 = matches!(handle.get_display_handle(), RawDisplayHandle::Wayland(_));
    let on_callback = callback.0 && motion.0;
    let show_at = beat.show_at.filter(|_| motion.0 && !on_callback);
    match show(&mut glass, entity, handle, &frame.0, on_callback, show_at, main_thread) {
        Ok(false) => glass.failed = false,
        Ok(true) => {
            // The display server has it now; when the panel lights up it does not say.
            presented.0 = Some(clock::wall());
            *reached = Reached::Yes;
            glass.failed = false;
        }
        Err(error) => {
            *reached = Reached::No;
            // The window may be on its way out or in: another try with the next frame.
            if !glass.failed {
                warn!("the window cannot be drawn in: {error}");
            }
            glass.failed = true;
            misses.refused(u64::from(motion.0));
            glass.surface = None;
            glass.shown.forget();
        }
    }
    asked.answer(glass.shown.newest());
}

/// Shows a list; whether anything of it had to be shown.
fn show(
    glass: &mut Glass,
    entity: Entity,
    handle: &RawHandleWrapper,
    list: &DisplayList,
    on_callback: bool,
    show_at: Option<Instant>,
    _main_thread: NonSendMarker,
) -> Result<bool, softbuffer::SoftBufferError> {
    if glass.surface.is_none() {
        // SAFETY: the marker holds this system on the main thread, where the window's handles may be used.
        let (display, window) = unsafe { (handle.get_handle(), handle.get_handle()) };
        let context = softbuffer::Context::new(display)?;
        glass.surface = Some(softbuffer::Surface::new(&context, window)?);
        glass.size = (0, 0);
    }
    let Some(surface) = glass.surface.as_mut() else { return Ok(false) };
    let (Some(width), Some(height)) = (NonZeroU32::new(list.width), NonZeroU32::new(list.height)) else {
        return Ok(false);
    };
    if glass.size != (list.width, list.height) {
        surface.resize(width, height)?;
        glass.size = (list.width, list.height);
        glass.shown.forget();
    }
    // What is told is what differs from the glass, which may be less than what the buffer lacked.
    let differs = match glass.shown.newest() {
        Some(before) => blend::damage(before, list),
        None => vec![list.bounds()],
    };
    if differs.is_empty() {
        // What changed is hidden by something else. A compositor that is given a buffer without damage may keep the
        // one before it instead (wlroots does), and whoever waits for that one would wait for ever.
        glass.shown.same(list.clone());
        return Ok(false);
    }
    let mut buffer = surface.buffer_mut()?;
    let damage = match glass.shown.held_by(usize::from(buffer.age())) {
        Some(before) => blend::damage(before, list),
        None => vec![list.bounds()],
    };
    for rect in &damage {
        blend::compose(list, *rect, &mut buffer, list.width as usize);
    }
    let rects: Vec<softbuffer::Rect> = differs.iter().filter_map(|rect| told(*rect)).collect();
    if let Some(wait) = show_at.and_then(|at| at.checked_duration_since(Instant::now())) {
        // At most a few milliseconds: the rest of the frame is done, and only the beat is missing.
        std::thread::sleep(wait);
    }
    if on_callback {
        WINIT_WINDOWS.with_borrow(|windows| {
            if let Some(window) = windows.get_window(entity) {
                window.pre_present_notify();
            }
        });
    }
    buffer.present_with_damage(&rects)?;
    glass.shown.push(list.clone());
    Ok(true)
}

fn told(rect: Rect) -> Option<softbuffer::Rect> {
    Some(softbuffer::Rect {
        x: u32::try_from(rect.x).ok()?,
        y: u32::try_from(rect.y).ok()?,
        width: NonZeroU32::new(rect.w)?,
        height: NonZeroU32::new(rect.h)?,
    })
}
