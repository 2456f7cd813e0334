//! The window: full-screen without a cursor, its size in physical pixels, its monitor's rate.
//! Invariant: `state::Glass` is what the window is now.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bevy::{
    a11y::AccessibilityPlugin,
    ecs::system::NonSendMarker,
    input::InputPlugin,
    prelude::*,
    window::{
        CursorOptions, ExitCondition, MonitorSelection, OnMonitor, PresentMode, PrimaryWindow,
        RawHandleWrapper, RequestRedraw, WindowMode, WindowPlugin, WindowResolution,
    },
    winit::{
        EventLoopProxyWrapper, UpdateMode, WINIT_WINDOWS, WinitMonitors, WinitPlugin, WinitSettings,
        WinitUserEvent,
    },
};
use raw_window_handle::RawDisplayHandle;

use super::{count::Misses, outputs, pace::Pace};
use crate::{
    clock,
    picture::Rect,
    state::{Glass, Motion, Now, Output, Outputs, Step, Wake, Wall},
};

/// Where a monitor does not say how often it refreshes.
const USUAL_RATE: f64 = 60.0;
/// How often a still picture is looked after: clock, schedule, pages of the board.
const IDLE: Duration = Duration::from_millis(200);

/// Adds the window and its event loop.
pub(super) fn add(app: &mut App, size: Option<(u32, u32)>, windowed: bool) {
    // A full-screen window begins with a size that is no monitor's, so that taking the monitor's is a change.
    let (width, height) = size.unwrap_or(if windowed { (1280, 720) } else { (801, 601) });
    let fills = !windowed && size.is_none();
    if fills {
        app.init_resource::<Fills>();
    } else {
        // It is one of many windows, or a part of a screen: it lies over no output as a whole.
        app.world_mut().remove_resource::<Wall>();
    }
    // A window manager on X11 knows of no window over several monitors but one that is not full-screen.
    let over_all = app.world().contains_resource::<Wall>() && !super::server::wayland();
    let mode = match fills && !over_all {
        true => WindowMode::BorderlessFullscreen(MonitorSelection::Current),
        false => WindowMode::Windowed,
    };
    let window = Window { mode, decorations: windowed, ..window((width, height)) };
    run(app, window, windowed, true);
}

/// The window fills its output, or all of them.
#[derive(Resource, Default)]
struct Fills;

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
    app.init_resource::<Outputs>().add_observer(untie);
    app.add_systems(First, (look, fill, glass).chain().after(crate::clock::Tick));
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

/// Looks which outputs there are, and where the window lies over them. Neither bevy nor winit alone knows that: bevy's
/// monitors keep the mode and the place that they had when they came, and the list that winit has for a window on
/// Wayland keeps what was pulled. So on Wayland bevy says which there are, and winit what each is now.
fn look(
    window: Query<(Entity, &Window, &RawHandleWrapper), With<PrimaryWindow>>,
    monitors: Query<Entity, With<bevy::window::Monitor>>,
    winit: Option<Res<WinitMonitors>>,
    (fills, wall): (Option<Res<Fills>>, Option<Res<Wall>>),
    mut outputs: ResMut<Outputs>,
    _main_thread: NonSendMarker,
) {
    let Ok((entity, window, handle)) = window.single() else { return };
    let on_wayland = matches!(handle.get_display_handle(), RawDisplayHandle::Wayland(_));
    let looked = WINIT_WINDOWS.with_borrow(|windows| {
        let window = windows.get_window(entity)?;
        let all: Vec<_> = match &winit {
            Some(winit) if on_wayland => monitors.iter().filter_map(|at| winit.find_entity(at)).collect(),
            _ => window.available_monitors().collect(),
        };
        let outputs = all.into_iter().zip(1..).map(|(monitor, number)| Output {
            name: monitor.name().unwrap_or_else(|| number.to_string()),
            x: monitor.position().x,
            y: monitor.position().y,
            width: monitor.size().width,
            height: monitor.size().height,
            rate: rate(monitor.refresh_rate_millihertz()),
        });
        Some((outputs.collect(), window.current_monitor().and_then(|monitor| monitor.name())))
    });
    let Some((all, on)) = looked else { return };
    let size = (window.physical_width(), window.physical_height());
    outputs.set_if_neq(outputs::under(all, size, on.as_deref(), fills.is_some(), wall.is_some()));
}

/// bevy ends a window together with the monitor that it was on, and the program with it: a cable that is pulled must
/// not. So nothing ties the window to a monitor.
fn untie(tied: On<Insert, OnMonitor>, mut commands: Commands) {
    commands.entity(tied.entity).remove::<OnMonitor>();
}

fn rate(millihertz: Option<u32>) -> f64 {
    let rate = millihertz.map(|millihertz| f64::from(millihertz) / 1000.0);
    rate.filter(|rate| (10.0..=1000.0).contains(rate)).unwrap_or(USUAL_RATE)
}

/// On X11 a full-screen window takes its monitor's place and size by itself, or that of all of them: a window manager
/// would give it that, and a kiosk may have none. On Wayland the compositor says it, and nobody else can.
fn fill(
    mut window: Query<(&mut Window, &RawHandleWrapper), With<PrimaryWindow>>,
    fills: Option<Res<Fills>>,
    wall: Option<Res<Wall>>,
    outputs: Res<Outputs>,
    mut asked: Local<Option<Rect>>,
) {
    let Ok((mut window, handle)) = window.single_mut() else { return };
    if fills.is_none() || matches!(handle.get_display_handle(), RawDisplayHandle::Wayland(_)) {
        return;
    }
    let wanted = match wall {
        Some(_) => outputs::all_of(&outputs.all),
        None => outputs.under.clone().map(|output| outputs::all_of(&[output])).unwrap_or_default(),
    };
    if wanted.is_empty() || asked.replace(wanted) == Some(wanted) {
        return;
    }
    window.resolution.set_physical_resolution(wanted.w, wanted.h);
    window.position.set(IVec2::new(wanted.x, wanted.y));
}

/// Takes over the window's size and its outputs' rate, and counts refreshes.
fn glass(
    window: Query<&Window, With<PrimaryWindow>>,
    outputs: Res<Outputs>,
    (now, motion): (Res<Now>, Res<Motion>),
    (mut beat, mut misses): (ResMut<Beat>, ResMut<Misses>),
    mut glass: ResMut<Glass>,
) {
    let Ok(window) = window.single() else { return };
    let rate = outputs::rate(&outputs).unwrap_or(USUAL_RATE);
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
///
/// On Wayland, by the CPU, each frame asks the compositor for its callback, and the next one is drawn when that comes.
/// It does not come while no output shows the window: pulled, switched off, all of them. bevy then runs no frame at
/// all, unless its windows are said to be invisible; on Wayland nobody else asks for that, so it is said, and the
/// hall goes on to be heard.
fn drive(
    motion: Res<Motion>,
    glass: Res<Glass>,
    callback: Res<OnCallback>,
    mut settings: ResMut<WinitSettings>,
    mut redraw: MessageWriter<RequestRedraw>,
    mut window: Query<&mut Window, With<PrimaryWindow>>,
) {
    // bevy runs no frame for a visible window until it is redrawn, and a compositor that waits for its output lets
    // none be redrawn. On Wayland this flag does nothing else: a window is hidden by showing nothing in it.
    if callback.0
        && let Ok(mut window) = window.single_mut()
        && window.visible
    {
        window.visible = false;
    }
    let mode = match (motion.0, callback.0) {
        // Every frame then asks the compositor for its callback, and the next one comes with that; or after a
        // while, where the output is off or away and none comes.
        (true, true) => {
            redraw.write(RequestRedraw);
            UpdateMode::reactive(IDLE)
        }
        (true, false) => UpdateMode::reactive(Duration::from_secs_f64(1.0 / glass.rate)),
        (false, _) => UpdateMode::reactive(IDLE),
    };
    if settings.focused_mode != mode {
        settings.focused_mode = mode;
        settings.unfocused_mode = mode;
    }
}
