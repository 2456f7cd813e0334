//! The display list onto the glass by bevy's renderer: first what differs onto a canvas, then the canvas
//! onto the window. Each picture is a texture, each plane of a film too, each quad an instance.
//! Invariant: the pixels are those of [`super::blend::compose`], within 2 of 255 in each channel.
//!
//! Blending is done on sRGB values, as on the CPU, so the canvas holds them as plain numbers, and the
//! window's own encoding is undone before it is applied.
//!
//! **A GPU that is lost** (a crashed driver, a pulled card, a wrong use of the API) ends the app: the error
//! is logged as a warning and the app exits with `state::BROKEN`, so that what started it starts it anew, which
//! then draws by the CPU for a while.
//! No later frame is drawn by then; the window shows its last one until it closes.

mod adapter;
mod canvas;
mod films;
mod glass;
mod headless;
mod rest;
mod textures;

use bevy::{
    camera::CameraPlugin,
    image::ImagePlugin,
    mesh::MeshPlugin,
    prelude::*,
    render::{
        RenderPlugin,
        error_handler::{RenderErrorHandler, RenderErrorPolicy},
        render_resource::{BufferAsyncError, ShaderModule, ShaderModuleDescriptor, ShaderSource},
        renderer::RenderDevice,
        settings::Backends,
    },
};

use crate::state;

pub use adapter::available;
pub use films::Counts;
pub use headless::Headless;

/// Why the GPU could not be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No driver offers one.
    #[error(
        "no GPU and no software Vulkan was found: {0}; install a driver (Debian: mesa-vulkan-drivers), or use the software renderer"
    )]
    NoAdapter(#[from] wgpu::RequestAdapterError),
    /// It is there but cannot be opened.
    #[error("the GPU could not be opened: {0}")]
    NoDevice(#[from] wgpu::RequestDeviceError),
    /// It was lost while it drew.
    #[error("the GPU was lost, or used wrongly; the log says why")]
    Lost,
    /// Its pixels could not be read.
    #[error("the GPU's pixels could not be read: {0}")]
    Unread(#[from] BufferAsyncError),
    /// It did not finish its work.
    #[error("the GPU did not finish: {0}")]
    Unfinished(#[from] wgpu::PollError),
}

/// Adds bevy's renderer and the presenter. The app has `WindowPlugin` (and with windows `WinitPlugin`),
/// `TimePlugin` and `TaskPoolPlugin` already, but no other plugin of the renderer; the list it shows is
/// [`crate::state::Frame`]. Without a window it draws all the same and shows nothing.
pub fn plugins(app: &mut App) -> Result<(), Error> {
    plugins_by(adapter::BACKENDS, app)
}

fn plugins_by(backends: Backends, app: &mut App) -> Result<(), Error> {
    let render_creation = adapter::open(app.world(), backends)?;
    app.add_plugins((AssetPlugin::default(), ImagePlugin::default_nearest(), MeshPlugin, CameraPlugin));
    app.add_plugins(RenderPlugin { render_creation, synchronous_pipeline_compilation: true, ..default() });
    app.insert_resource(RenderErrorHandler(|error, main_world, _| {
        warn!("the GPU is of no more use, so the program ends: {:?}: {}", error.ty, error.description);
        if let Some(breakage) = main_world.get_resource::<state::Breakage>() {
            breakage.tell(state::Cause::Gpu(format!("{:?}", error.ty)));
        }
        main_world.write_message(AppExit::from_code(state::BROKEN));
        RenderErrorPolicy::StopRendering
    }));
    app.add_plugins((canvas::plugin, glass::plugin, rest::plugin));
    Ok(())
}

fn shader(device: &RenderDevice) -> ShaderModule {
    device.create_and_validate_shader_module(ShaderModuleDescriptor {
        label: Some("display list"),
        source: ShaderSource::Wgsl(
            concat!(include_str!("gpu/display_list.wgsl"), include_str!("gpu/film.wgsl")).into(),
        ),
    })
}
