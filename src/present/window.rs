//! The window: full-screen without a cursor, its size in physical pixels, its monitor's rate.
//! Invariant: `state::Glass` is what the window is now.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bevy::{
    a11y::AccessibilityPlugin,
    input::InputPlugin,
    prelude::*,
    window::{
        CursorOptions, ExitCondition, MonitorSelection, OnMonitor, PresentMode, PrimaryWindow, WindowMode,
        WindowPlugin, WindowResolution,
    },
    winit::{EventLoopProxyWrapper, UpdateMode, WinitPlugin, WinitSettings, WinitUserEvent},
};

use super::{count::Misses, pace::Pace};
use crate::{
    clock,
    state::{Glass, Motion, Now, Step, Wake},
};

/// Where a monitor does not say how often it refreshes.
const USUAL_RATE: f64 = 60.0;
/// How often a still picture is looked after: clock, schedule, pages of the board.
const IDLE: Duration = Duration::from_millis(200);

/// Adds the window and its event loop.
pub(super) fn add(app: &mut App, size: Option<(u32, u32)>, windowed: bool) {
    // A full-screen window begins with a size that is no monitor's, so that taking the monitor's is a change.
    let (width, height) = size.unwrap_or(if windowed { (1280, 720) } else { (801, 601) });
    let mode = if windowed || size.is_some() {
        WindowMode::Windowed
    } else {
        WindowMode::BorderlessFullscreen(MonitorSelection::Current)
    };
    let window = Window { mode, decorations: windowed, ..window((width, height)) };
    run(app, window, windowed, true);
}

/// The editor's window where nobody says: the whole screen of a small laptop, but for its bars.
const DESK: (u32, u32) = (1280, 680);

/// Adds a window among others whose closing is only asked for, and its event loop.
pub(super) fn add_desk(app: &mut App, size: Option<(u32, u32)>) {
    run(app, window(size.unwrap_or(DESK)), true, false);
}

/// A window of so many physical pixels, whatever the desktop's scale.
fn window((width, height): (u32, u32)) -> Window {
    Window {
        title: "papan".to_owned(),
        name: Some("papan".to_owned()),
        resolution: WindowResolution::new(width, height).with_scale_factor_override(1.0),
        present_mode: PresentMode::Fifo,
        ..default()
    }
}

fn run(app: &mut App, window: Window, cursor: bool, closes: bool) {
    app.add_plugins((
        AccessibilityPlugin,
        InputPlugin,
        WindowPlugin {
            primary_window: Some(window),
            primary_cursor_options: Some(CursorOptions { visible: cursor, ..default() }),
            exit_condition: ExitCondition::OnPrimaryClosed,
            close_when_requested: closes,
        },
        WinitPlugin::default(),
    ));
    app.insert_resource(WinitSettings {
        focused_mode: UpdateMode::reactive(IDLE),
        unfocused_mode: UpdateMode::reactive(IDLE),
    });
    app.init_resource::<Beat>().init_resource::<OnCallback>();
    if let Some(proxy) = app.world().get_resource::<EventLoopProxyWrapper>() {
        let proxy = (**proxy).clone();
        // It fails only where the event loop has ended.
        app.insert_resource(Wake(Arc::new(move || _ = proxy.send_event(WinitUserEvent::WakeUp))));
    }
    app.add_systems(First, (fill_monitor, glass).chain().after(crate::clock::Tick));
    app.add_systems(Update, drive.after(Step::Edit).before(Step::Present));
}

/// How long after its beat a frame is shown: what an event loop's timer may be late, and drawing takes.
/// Every frame is then as late as the next, so that the running text moves evenly.
const MARGIN: Duration = Duration::from_micros(2_500);

/// The refresh's beat.
#[derive(Resource, Default)]
pub(super) struct Beat {
    pace: Pace,
    /// When this frame is to be shown; `None` where it is no refresh: at once.
    pub(super) show_at: Option<Instant>,
}

/// Whether the presenter draws on the compositor's frame callback: on Wayland, by the CPU.
#[derive(Resource, Debug, Clone, Copy, Default)]
pub(super) struct OnCallback(pub(super) bool);

/// A full-screen window takes its monitor's size by itself: on X11 a window manager would give it that, and
/// a kiosk may have none.
fn fill_monitor(
    mut window: Query<(&mut Window, Option<&OnMonitor>), With<PrimaryWindow>>,
    monitors: Query<&bevy::window::Monitor>,
    mut asked: Local<UVec2>,
) {
    let Ok((mut window, on)) = window.single_mut() else { return };
    let Some(monitor) = on.and_then(|on| monitors.get(on.0).ok()).or_else(|| monitors.iter().next()) else {
        return;
    };
    let size = monitor.physical_size();
    if matches!(window.mode, WindowMode::Windowed) || *asked == size || size.min_element() == 0 {
        return;
    }
    *asked = size;
    window.resolution.set_physical_resolution(size.x, size.y);
    window.position.set(monitor.physical_position);
}

/// Takes over the window's size and its monitor's rate, and counts refreshes.
fn glass(
    window: Query<(&Window, Option<&OnMonitor>), With<PrimaryWindow>>,
    monitors: Query<&bevy::window::Monitor>,
    (now, motion): (Res<Now>, Res<Motion>),
    (mut beat, mut misses): (ResMut<Beat>, ResMut<Misses>),
    mut glass: ResMut<Glass>,
) {
    let Ok((window, on)) = window.single() else { return };
    let monitor = on.and_then(|on| monitors.get(on.0).ok()).or_else(|| monitors.iter().next());
    let rate = monitor
        .and_then(|m| m.refresh_rate_millihertz)
        .map(|millihertz| f64::from(millihertz) / 1000.0)
        .filter(|rate| (10.0..=1000.0).contains(rate))
        .unwrap_or(USUAL_RATE);
    let mut new = *glass;
    (new.width, new.height, new.rate) = (window.physical_width(), window.physical_height(), rate);
    let now = clock::real(now.mono);
    let period = Duration::from_secs_f64(1.0 / rate);
    misses.begin(beat.pace.late(now), period, motion.0);
    let refresh = beat.pace.step(now, period);
    beat.show_at = refresh.map(|at| Instant::now() + (at + MARGIN).saturating_sub(now));
    new.refresh += u64::from(refresh.is_some());
    glass.set_if_neq(new);
}

/// Asks for a frame at every refresh while something moves, and for few while nothing does.
fn drive(
    motion: Res<Motion>,
    glass: Res<Glass>,
    callback: Res<OnCallback>,
    mut settings: ResMut<WinitSettings>,
) {
    let mode = match (motion.0, callback.0) {
        // Every frame then asks the compositor for its callback, and the next one comes with that.
        (true, true) => UpdateMode::Continuous,
        (true, false) => UpdateMode::reactive(Duration::from_secs_f64(1.0 / glass.rate)),
        (false, _) => UpdateMode::reactive(IDLE),
    };
    if settings.focused_mode != mode {
        settings.focused_mode = mode;
        settings.unfocused_mode = mode;
    }
}
