//! The canvas onto the windows, as it is, byte for byte.
//! Invariant: a window is presented only when the canvas changed or the window lost what it showed.

use std::collections::HashMap;

use bevy::{
    prelude::*,
    render::{
        Extract, ExtractSchedule, GpuResourceAppExt, Render, RenderApp,
        render_resource::*,
        renderer::{RenderDevice, RenderGraph, RenderGraphSystems, RenderQueue},
        view::{ExtractedWindows, WindowSurfaces, create_surfaces},
    },
    window::{WindowFocused, WindowOccluded, WindowResized},
};
use jiff::Timestamp;

use super::canvas::{self, Canvas, Wanted};
use crate::clock;

/// After so many frames in a row for which a window gave no surface texture, its surface is made anew:
/// about a second. Fewer are usual while a window is resized or covered.
const PATIENCE: u32 = 60;

pub(super) fn plugin(app: &mut App) {
    let Some(render_app) = app.get_sub_app_mut(RenderApp) else {
        return;
    };
    render_app
        .init_gpu_resource::<Showing>()
        .add_systems(ExtractSchedule, extract)
        .add_systems(Render, ask.before(create_surfaces))
        .add_systems(RenderGraph, show.in_set(RenderGraphSystems::Render).after(canvas::draw));
}

/// What the canvas is shown with.
#[derive(Resource)]
pub(super) struct Showing {
    shader: ShaderModule,
    layout: BindGroupLayout,
    pipelines: HashMap<TextureFormat, RenderPipeline>,
    /// Whether a window shows something else than the canvas.
    stale: bool,
    /// For how many frames in a row a window wanted a surface texture in vain.
    refused: u32,
    /// When the newest work for a window was given to the GPU, by the wall clock.
    submitted: Option<Timestamp>,
}

impl Showing {
    /// When the newest picture for a window was given to the GPU, by the wall clock. It comes onto the glass
    /// after that, as soon as the GPU has drawn it and the display server shows it: neither says when.
    pub fn submitted(&self) -> Option<Timestamp> {
        self.submitted
    }

    /// Whether a window gave no surface texture in the last frame that wanted one.
    pub fn was_refused(&self) -> bool {
        self.refused > 0
    }

    /// Whether a window shows something else than the canvas.
    pub fn is_stale(&self) -> bool {
        self.stale
    }
}

impl FromWorld for Showing {
    fn from_world(world: &mut World) -> Self {
        let device = world.resource::<RenderDevice>();
        let entry = BindGroupLayoutEntry {
            binding: 0,
            visibility: ShaderStages::FRAGMENT,
            ty: BindingType::Texture {
                sample_type: TextureSampleType::Float { filterable: false },
                view_dimension: TextureViewDimension::D2,
                multisampled: false,
            },
            count: None,
        };
        Self {
            shader: super::shader(device),
            layout: device.create_bind_group_layout("canvas", &[entry]),
            pipelines: HashMap::new(),
            stale: true,
            refused: 0,
            submitted: None,
        }
    }
}

/// A window that was resized, uncovered or brought to the front may have lost its pixels.
fn extract(
    mut resized: Extract<MessageReader<WindowResized>>,
    mut occluded: Extract<MessageReader<WindowOccluded>>,
    mut focused: Extract<MessageReader<WindowFocused>>,
    mut showing: ResMut<Showing>,
) {
    let lost = resized.read().count() + occluded.read().count() + focused.read().count() > 0;
    showing.stale |= lost;
}

/// Asks for a surface texture where there is something to show. bevy gives one to windows with a camera
/// and to those that were never presented; saying the latter is how a window without camera gets one.
fn ask(
    wanted: Res<Wanted>,
    canvas: Res<Canvas>,
    mut showing: ResMut<Showing>,
    mut windows: ResMut<ExtractedWindows>,
    mut surfaces: ResMut<WindowSurfaces>,
) {
    let empty = wanted.bounds().is_empty();
    showing.stale |= !empty && !canvas.shows(&wanted);
    showing.stale |= windows.values().any(|window| window.size_changed || window.needs_initial_present);
    for window in windows.values_mut() {
        window.needs_initial_present = showing.stale && !empty;
    }
    if showing.refused == PATIENCE {
        warn!("the window gave no surface for {PATIENCE} frames: it is made anew");
        showing.refused = 0;
        *surfaces = WindowSurfaces::default();
    }
}

/// Copies the canvas to each window that gave a surface texture.
fn show(
    canvas: Res<Canvas>,
    mut showing: ResMut<Showing>,
    windows: Res<ExtractedWindows>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
) {
    if !showing.stale {
        return;
    }
    let Some(canvas) = canvas.view() else {
        return;
    };
    let showing = &mut *showing;
    let entry = BindGroupEntry { binding: 0, resource: BindingResource::TextureView(&canvas) };
    let group = device.create_bind_group("canvas", &showing.layout, &[entry]);
    let mut encoder = device.create_command_encoder(&CommandEncoderDescriptor::default());
    let (mut refused, mut given) = (false, false);
    for window in windows.values() {
        let (Some(view), Some(_), Some(format)) = (
            &window.swap_chain_texture_view,
            &window.swap_chain_texture,
            window.swap_chain_texture_view_format,
        ) else {
            refused = true;
            continue;
        };
        let (shader, layout) = (&showing.shader, &showing.layout);
        let pipeline =
            showing.pipelines.entry(format).or_insert_with(|| pipeline(&device, shader, layout, format));
        let mut pass = encoder.begin_render_pass(&RenderPassDescriptor {
            label: Some("glass"),
            color_attachments: &[Some(RenderPassColorAttachment {
                view,
                depth_slice: None,
                resolve_target: None,
                ops: Operations { load: LoadOp::Clear(wgpu::Color::BLACK), store: StoreOp::Store },
            })],
            ..default()
        });
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, &group, &[]);
        pass.draw(0..3, 0..1);
        given = true;
    }
    queue.submit([encoder.finish()]);
    if given {
        showing.submitted = Some(clock::wall());
    }
    showing.stale = refused;
    showing.refused = if refused { showing.refused + 1 } else { 0 };
}

fn pipeline(
    device: &RenderDevice,
    shader: &ShaderModule,
    canvas: &BindGroupLayout,
    format: TextureFormat,
) -> RenderPipeline {
    let layout = device.create_pipeline_layout(&PipelineLayoutDescriptor {
        label: Some("glass"),
        bind_group_layouts: &[Some(canvas)],
        immediate_size: 0,
    });
    let entry = if format.is_srgb() { "show_linear" } else { "show" };
    device.create_render_pipeline(&RawRenderPipelineDescriptor {
        label: Some("glass"),
        layout: Some(&layout),
        vertex: RawVertexState {
            module: shader,
            entry_point: Some("cover"),
            compilation_options: default(),
            buffers: &[],
        },
        primitive: default(),
        depth_stencil: None,
        multisample: default(),
        fragment: Some(RawFragmentState {
            module: shader,
            entry_point: Some(entry),
            compilation_options: default(),
            targets: &[Some(ColorTargetState { format, blend: None, write_mask: ColorWrites::ALL })],
        }),
        multiview_mask: None,
        cache: None,
    })
}
