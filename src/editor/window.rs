//! The desk in a window: input from bevy's window to egui, and egui's pixels into the display list.
//! Invariant: where nothing happens, nothing is run and nothing is drawn.

mod input;
mod tiles;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use bevy::{
    camera::{Camera, RenderTarget},
    input::keyboard::{Key, KeyboardFocusLost, KeyboardInput},
    prelude::*,
    window::{CursorOptions, PrimaryWindow, WindowCloseRequested, WindowRef, WindowResized},
};
use bevy_egui::{
    EguiClipboard, EguiContext, EguiContextSettings, EguiFullOutput, EguiGlobalSettings, EguiInput,
    EguiOutput, EguiPlugin, PrimaryEguiContext,
    egui::{self, FullOutput, RawInput, ViewportId},
};

use self::tiles::Tiles;
use super::{desk::Desk, paint::Painter, style, views};
use crate::picture::Rect;
use crate::state::{EditedArea, EditedFolder, Frame, Glass, Motion, Now, Settings, Step, Wake, Workshop};

/// The smallest window, in points: below it, words would be cut.
const LEAST: (f32, f32) = (900.0, 560.0);

/// The desk as it stands in a window.
struct Open {
    desk: Desk,
    painter: Painter,
    tiles: Tiles,
    /// Set where another thread has news for egui.
    news: Arc<AtomicBool>,
    /// When egui wants another frame, in monotonic time.
    due: Option<Duration>,
    /// Width × height of the glass that was drawn for.
    size: (u32, u32),
    /// The output of the newest frame, without what is done once.
    last: FullOutput,
    modifiers: egui::Modifiers,
    held: input::Held,
}

/// The editor, where it is open.
#[derive(Default)]
struct Editor {
    open: Option<Box<Open>>,
    /// Whether it is all that the window shows.
    alone: bool,
    /// Whether the pointer was to be seen before it lay over the screen.
    pointer: bool,
}

/// Puts the editor into the app's window. With a desk the window is the editor's own; without one, F2 lays it over
/// the screen.
pub(crate) fn add(app: &mut App, desk: Option<Desk>) {
    app.add_plugins(EguiPlugin::default());
    let mut settings = EguiGlobalSettings { auto_create_primary_context: false, ..default() };
    settings.input_system_settings.run_write_keyboard_input_messages_system = false;
    app.insert_resource(settings);
    let alone = desk.is_some();
    app.insert_non_send(Editor { open: None, alone, pointer: true });
    if let Some(desk) = desk {
        app.insert_non_send(First(Some(desk)));
        app.add_systems(Startup, begin);
    } else {
        app.add_systems(Update, toggle.in_set(Step::Edit).before(edit));
    }
    app.add_systems(Update, edit.in_set(Step::Edit));
}

/// The desk that the window begins with.
struct First(Option<Desk>);

fn begin(
    mut commands: Commands,
    mut first: NonSendMut<First>,
    mut editor: NonSendMut<Editor>,
    mut window: Query<&mut Window, With<PrimaryWindow>>,
) {
    let Some(desk) = first.0.take() else { return };
    if let Ok(mut window) = window.single_mut() {
        let name = desk.folder.file_name().map(|name| name.to_string_lossy().into_owned());
        window.title = format!("{} – papan", name.unwrap_or_else(|| "papan".to_owned()));
        let scale = window.resolution.base_scale_factor();
        window.resize_constraints.min_width = LEAST.0 * scale;
        window.resize_constraints.min_height = LEAST.1 * scale;
    }
    lay(&mut commands, &mut editor, desk);
}

/// Lays a desk into the window, with a context of its own.
fn lay(commands: &mut Commands<'_, '_>, editor: &mut Editor, desk: Desk) {
    // bevy_egui feeds input to contexts with a camera; this one draws nothing.
    let camera = Camera { is_active: false, ..default() };
    let settings = EguiContextSettings { run_manually: true, ..default() };
    commands.spawn((PrimaryEguiContext, settings, camera, RenderTarget::Window(WindowRef::Primary)));
    editor.open = Some(Box::new(Open {
        desk,
        painter: Painter::default(),
        tiles: Tiles::default(),
        news: Arc::default(),
        due: Some(Duration::ZERO),
        size: (0, 0),
        last: FullOutput::default(),
        modifiers: egui::Modifiers::NONE,
        held: input::Held::default(),
    }));
}

/// F2 opens the editor over the screen, and asks to close it.
fn toggle(
    mut commands: Commands,
    mut keys: MessageReader<KeyboardInput>,
    mut editor: NonSendMut<Editor>,
    mut cursor: Query<&mut CursorOptions, With<PrimaryWindow>>,
    folder: Option<Res<EditedFolder>>,
    workshop: Option<Res<Workshop>>,
    (now, settings): (Res<Now>, Res<Settings>),
) {
    let pressed = |key: &KeyboardInput| key.state.is_pressed() && !key.repeat && key.logical_key == Key::F2;
    if keys.read().filter(|key| pressed(key)).count() % 2 == 0 {
        return;
    }
    if let Some(open) = &mut editor.open {
        open.desk.close();
        open.due = Some(Duration::ZERO);
        return;
    }
    let (Some(folder), Some(workshop)) = (folder, workshop) else { return };
    let moment = now.wall.to_zoned(now.zone.clone());
    match Desk::open(&folder.0, Arc::clone(&settings.0), workshop.clone(), moment) {
        Ok(desk) => {
            info!("the editor is open: {}", folder.0.display());
            if let Ok(mut cursor) = cursor.single_mut() {
                editor.pointer = std::mem::replace(&mut cursor.visible, true);
            }
            lay(&mut commands, &mut editor, desk);
        }
        // Nothing of it on the screen, which the public sees.
        Err(error) => warn!("the editor does not open: {error}"),
    }
}

type Context<'c> =
    (Entity, &'c mut EguiContext, &'c mut EguiInput, &'c mut EguiFullOutput, Ref<'c, EguiOutput>);

/// Runs egui where something happened, and lays what it shows over the display list.
fn edit(
    mut commands: Commands,
    mut editor: NonSendMut<Editor>,
    mut contexts: Query<Context<'_>, With<PrimaryEguiContext>>,
    (mut keys, mut lost): (MessageReader<KeyboardInput>, MessageReader<KeyboardFocusLost>),
    mut clipboard: ResMut<EguiClipboard>,
    mut close: MessageReader<WindowCloseRequested>,
    mut resized: MessageReader<WindowResized>,
    mut window: Query<(&Window, &mut CursorOptions), With<PrimaryWindow>>,
    (now, glass, wake): (Res<Now>, Res<Glass>, Res<Wake>),
    area: Option<Res<EditedArea>>,
    (mut frame, mut motion): (ResMut<Frame>, ResMut<Motion>),
    mut exit: MessageWriter<AppExit>,
) {
    let editor = &mut *editor;
    let alone = editor.alone;
    let asked = close.read().count() > 0;
    let Some(open) = &mut editor.open else {
        if asked && !alone {
            // As it does without an editor.
            exit.write(AppExit::Success);
        }
        return;
    };
    let Ok((entity, mut context, mut input, mut output, _)) = contexts.single_mut() else { return };
    let ctx = context.get_mut().clone();
    if open.size == (0, 0) {
        style::apply(&ctx);
        if let Ok((window, _)) = window.single() {
            ctx.set_zoom_factor(window.resolution.base_scale_factor().clamp(0.75, 3.0));
        }
        call_back(&ctx, &open.news, &wake);
    }
    if asked {
        open.desk.close();
    }
    if lost.read().count() > 0 {
        open.held = input::Held::default();
    }
    for key in keys.read() {
        input.events.extend(open.held.take(key, || clipboard.get_text()));
    }
    let news = open.news.swap(false, Ordering::Relaxed);
    let whole = Rect::new(0, 0, glass.width, glass.height);
    let area = area.filter(|_| !alone).map_or(whole, |area| area.intersect(whole));
    let size = (area.w, area.h);
    let changed = open.size != size || resized.read().count() > 0;
    let happened = input::happened(&mut input, &mut open.modifiers);
    let due = open.due.is_some_and(|due| due <= now.mono);
    if size.0 > 0 && size.1 > 0 && (news || asked || changed || happened || due) {
        open.size = size;
        let raw = input::taken(&mut input, &ctx, area, now.mono);
        open.desk.now = now.wall.to_zoned(now.zone.clone());
        open.last = open.run(&ctx, raw, now.mono);
    }
    **output = Some(again(&mut open.last));
    if alone {
        motion.set_if_neq(Motion(false));
    }
    motion.0 |= open.due.is_some_and(|due| due <= now.mono);
    open.tiles.lay(&mut frame, area, alone);
    if open.desk.leave {
        commands.entity(entity).despawn();
        editor.open = None;
        if alone {
            exit.write(AppExit::Success);
        } else if let Ok((_, mut cursor)) = window.single_mut() {
            cursor.visible = editor.pointer;
        }
    }
}

impl Open {
    /// One frame of egui, drawn.
    fn run(&mut self, ctx: &egui::Context, input: RawInput, now: Duration) -> FullOutput {
        let mut output = ctx.run_ui(input, |ui| views::show(ui, &mut self.desk));
        let delay = output.viewport_output.get(&ViewportId::ROOT).map(|root| root.repaint_delay);
        // No clock reaches as far as egui's "never".
        self.due = delay.and_then(|delay| now.checked_add(delay));
        self.painter.update(std::mem::take(&mut output.textures_delta));
        let scale = output.pixels_per_point;
        let shapes = std::mem::take(&mut output.shapes);
        let primitives = ctx.tessellate(shapes, scale);
        self.tiles.draw(self.size, |words, width| {
            words.fill(GROUND);
            self.painter.paint(&primitives, scale, words, width);
        });
        output
    }
}

/// What lies under what egui shows.
const GROUND: u32 = 0xfff6_f3ec;

/// An output for bevy_egui, which takes one each frame: pointer and input method stay as they were, what is done
/// once is not done again.
fn again(last: &mut FullOutput) -> FullOutput {
    let mut platform_output = last.platform_output.clone();
    last.platform_output.commands.clear();
    last.platform_output.events.clear();
    platform_output.events.clear();
    FullOutput { platform_output, pixels_per_point: last.pixels_per_point, ..FullOutput::default() }
}

/// News from other threads wake the loop; what egui itself wants of the next frame is in its output.
fn call_back(ctx: &egui::Context, news: &Arc<AtomicBool>, wake: &Wake) {
    let (news, wake, own) = (Arc::clone(news), wake.clone(), thread::current().id());
    ctx.set_request_repaint_callback(move |_| {
        if thread::current().id() != own {
            news.store(true, Ordering::Relaxed);
            (wake.0)();
        }
    });
}
