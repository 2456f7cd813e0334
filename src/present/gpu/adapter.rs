//! Finds the GPU and opens it.
//! Invariant: to say that there is none, no driver is loaded where the kernel knows of no GPU.

use std::{fs, path::Path, sync::Arc};

use bevy::{
    prelude::*,
    render::{
        renderer::{
            RenderAdapter, RenderAdapterInfo, RenderDevice, RenderInstance, RenderQueue, WgpuWrapper,
        },
        settings::RenderCreation,
    },
    tasks::block_on,
    winit::DisplayHandleWrapper,
};
use wgpu::{
    Adapter, Backends, DeviceDescriptor, DeviceType, Instance, InstanceDescriptor, PowerPreference,
    RequestAdapterOptions,
};

use super::Error;

/// The APIs that are tried, where `WGPU_BACKEND` does not name others; GL is for GPUs from before Vulkan.
pub(super) const BACKENDS: Backends = Backends::VULKAN.union(Backends::GL);
/// The longest side of a picture, in pixels: that of the largest glass.
const LONGEST: u32 = 3840;

/// Whether a real GPU answers, for `--renderer auto`. Where the kernel offers no render node the answer is
/// no at once, and no driver is loaded to ask. A driver that draws on the CPU does not count, nor does a
/// GPU whose textures are too small for the largest glass.
pub fn available() -> bool {
    if !render_node_in(Path::new("/dev/dri")) {
        return false;
    }
    let instance = Instance::new(description(BACKENDS));
    let Ok(adapter) = request(&instance) else {
        return false;
    };
    let info = adapter.get_info();
    let fits = adapter.limits().max_texture_dimension_2d >= LONGEST;
    info!("{} by {} ({:?}), textures large enough: {fits}", info.name, info.driver, info.device_type);
    info.device_type != DeviceType::Cpu && fits
}

fn render_node_in(folder: &Path) -> bool {
    let Ok(nodes) = fs::read_dir(folder) else {
        return false;
    };
    nodes.flatten().any(|node| node.file_name().to_string_lossy().starts_with("renderD"))
}

/// Opens the GPU, or what draws in its place: in integrated, discrete, software order.
///
/// GL can show a window only through the display connection that the instance was made with; bevy makes
/// its instance with none, so this one is made here, after the event loop where there is one.
pub(super) fn open(world: &World, backends: Backends) -> Result<RenderCreation, Error> {
    let mut description = description(backends);
    if let Some(display) = world.get_resource::<DisplayHandleWrapper>() {
        description = description.with_display_handle(Box::new(display.0.clone()));
    }
    let instance = Instance::new(description);
    let adapter = request(&instance)?;
    let limits = adapter.limits();
    let wanted = DeviceDescriptor { label: Some("papan"), required_limits: limits, ..default() };
    let (device, queue) = block_on(adapter.request_device(&wanted))?;
    let info = adapter.get_info();
    info!("drawing by {:?} on {} ({}, {:?})", info.backend, info.name, info.driver_info, info.device_type);
    Ok(RenderCreation::manual(
        RenderDevice::from(device),
        RenderQueue(Arc::new(WgpuWrapper::new(queue))),
        RenderAdapterInfo(WgpuWrapper::new(info)),
        RenderAdapter(Arc::new(WgpuWrapper::new(adapter))),
        RenderInstance(Arc::new(WgpuWrapper::new(instance))),
    ))
}

fn description(backends: Backends) -> InstanceDescriptor {
    InstanceDescriptor { backends, ..InstanceDescriptor::new_without_display_handle() }.with_env()
}

/// An integrated GPU before a discrete one: the list is light work, day and night.
fn request(instance: &Instance) -> Result<Adapter, Error> {
    let options = RequestAdapterOptions { power_preference: PowerPreference::LowPower, ..default() };
    Ok(block_on(instance.request_adapter(&options))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_render_node_is_looked_for_by_name() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!render_node_in(&folder.path().join("missing")));
        fs::write(folder.path().join("card0"), "").unwrap();
        assert!(!render_node_in(folder.path()));
        fs::write(folder.path().join("renderD128"), "").unwrap();
        assert!(render_node_in(folder.path()));
    }
}
