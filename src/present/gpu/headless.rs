//! The gpu presenter without a window, for tests and pictures.
//! Invariant: what it reads back is what a window would be given.

use bevy::{
    diagnostic::FrameCountPlugin,
    prelude::*,
    render::{
        RenderApp,
        renderer::{RenderDevice, RenderQueue},
        settings::Backends,
    },
    time::TimePlugin,
    window::{ExitCondition, WindowPlugin},
};

use super::{Counts, Error, canvas::Canvas, plugins_by, rest::Rest};
use crate::{picture::DisplayList, state::Frame};

/// An app that only draws display lists, one after the other, on one device.
pub struct Headless(App);

impl Headless {
    /// Opens the GPU, or what draws in its place; by Vulkan, where `WGPU_BACKEND` names no other API.
    pub fn new() -> Result<Self, Error> {
        let mut app = App::new();
        let window =
            WindowPlugin { primary_window: None, exit_condition: ExitCondition::DontExit, ..default() };
        app.add_plugins((TaskPoolPlugin::default(), FrameCountPlugin, TimePlugin, window));
        plugins_by(Backends::VULKAN, &mut app)?;
        app.finish();
        app.cleanup();
        Ok(Self(app))
    }

    /// Draws a list over the one before, and gives the glass's pixels: words `0xAARRGGBB`, row by row.
    /// A list for a glass without pixels draws nothing and gives what was there.
    pub fn render(&mut self, list: &DisplayList) -> Result<Vec<u32>, Error> {
        self.0.insert_resource(Frame(list.clone()));
        self.0.update();
        if self.0.should_exit().is_some() {
            return Err(Error::Lost);
        }
        let world = self.0.sub_app(RenderApp).world();
        let (device, queue) = (world.resource::<RenderDevice>(), world.resource::<RenderQueue>());
        world.resource::<Canvas>().read_back(device, queue)
    }

    /// How many pictures are kept on the GPU.
    pub fn pictures(&self) -> usize {
        self.0.sub_app(RenderApp).world().resource::<Canvas>().pictures()
    }

    /// What films took.
    pub fn films(&self) -> Counts {
        self.0.sub_app(RenderApp).world().resource::<Canvas>().films()
    }

    /// How often the renderer ran; it rests in a frame that shows nothing new.
    pub fn runs(&self) -> u64 {
        self.0.sub_app(RenderApp).world().resource::<Rest>().runs()
    }

    /// Loses the device, as when a driver crashes or a card is pulled: the next list cannot be drawn.
    pub fn lose(&self) {
        self.0.sub_app(RenderApp).world().resource::<RenderDevice>().wgpu_device().destroy();
    }
}
