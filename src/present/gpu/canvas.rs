//! The canvas: a texture as large as the glass, that holds the newest list's pixels as sRGB values.
//! Invariant: a pixel is drawn only when the list shows another one there than before.

use std::sync::mpsc;

use bevy::{
    prelude::*,
    render::{
        Extract, ExtractSchedule, GpuResourceAppExt, RenderApp,
        render_resource::*,
        renderer::{RenderDevice, RenderGraph, RenderGraphSystems, RenderQueue},
    },
};

use super::{
    Counts, Error,
    films::{self, Films},
    textures::Textures,
};
use crate::{
    picture::{DisplayList, Quad, Rect, Source},
    present::blend,
    state,
};

/// An instance of the quad in the shader's layout: four edges, origin, paint, size, weights; in words.
type Instance = [u32; 12];

/// The formats of the canvas's bytes: encoded values, so that blending is done on them.
const FORMAT: TextureFormat = TextureFormat::Rgba8Unorm;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<state::Frame>();
    let Some(render_app) = app.get_sub_app_mut(RenderApp) else {
        return;
    };
    render_app
        .init_gpu_resource::<Canvas>()
        .init_resource::<Wanted>()
        .add_systems(ExtractSchedule, extract)
        .add_systems(RenderGraph, draw.in_set(RenderGraphSystems::Render));
}

/// The newest display list.
#[derive(Resource, Default, Deref)]
pub(super) struct Wanted(DisplayList);

/// What was drawn, and what it is drawn with.
#[derive(Resource)]
pub(super) struct Canvas {
    pipeline: RenderPipeline,
    film_pipeline: RenderPipeline,
    textures: Textures,
    films: Films,
    instances: Buffer,
    texture: Option<Texture>,
    drawn: DisplayList,
}

impl Canvas {
    /// The canvas's texture; none before the first list that is not empty.
    pub fn view(&self) -> Option<TextureView> {
        Some(self.texture.as_ref()?.create_view(&TextureViewDescriptor::default()))
    }

    /// Whether the canvas shows that list already.
    pub fn shows(&self, list: &DisplayList) -> bool {
        self.drawn == *list
    }

    /// The list that the canvas shows.
    pub fn drawn(&self) -> &DisplayList {
        &self.drawn
    }

    /// How many pictures are kept on the GPU.
    pub fn pictures(&self) -> usize {
        self.textures.count()
    }

    /// What films took.
    pub fn films(&self) -> Counts {
        self.films.counts()
    }

    /// The canvas's pixels: words `0xAARRGGBB`, row by row.
    pub fn read_back(&self, device: &RenderDevice, queue: &RenderQueue) -> Result<Vec<u32>, Error> {
        let Some(texture) = &self.texture else {
            return Ok(Vec::new());
        };
        let size = texture.size();
        let row = RenderDevice::align_copy_bytes_per_row(size.width as usize * 4);
        let buffer = device.create_buffer(&BufferDescriptor {
            label: Some("read back"),
            size: row as u64 * u64::from(size.height),
            usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let layout =
            TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(row as u32), rows_per_image: None };
        let mut encoder = device.create_command_encoder(&CommandEncoderDescriptor::default());
        let to = TexelCopyBufferInfo { buffer: &buffer, layout };
        encoder.copy_texture_to_buffer(texture.as_image_copy(), to, size);
        queue.submit([encoder.finish()]);
        let (send, receive) = mpsc::sync_channel(1);
        let slice = buffer.slice(..);
        device.map_buffer(&slice, MapMode::Read, move |result| {
            // The receiver is gone only where polling failed, which is reported there.
            let _ = send.send(result);
        });
        device.poll(PollType::wait_indefinitely())?;
        receive.recv().map_err(|_| BufferAsyncError)??;
        let bytes = slice.get_mapped_range();
        let word = |b: &[u8; 4]| u32::from_be_bytes([b[3], b[0], b[1], b[2]]);
        let row_words =
            |row: &[u8]| row.as_chunks().0[..size.width as usize].iter().map(word).collect::<Vec<_>>();
        Ok(bytes.chunks(row).flat_map(row_words).collect())
    }

    /// Makes the canvas as large as `list`'s glass. Whether it had to be made anew.
    fn resize(&mut self, list: &DisplayList, device: &RenderDevice) -> bool {
        let bounds = (list.width, list.height);
        if self.texture.as_ref().is_some_and(|texture| (texture.width(), texture.height()) == bounds) {
            return false;
        }
        self.texture = Some(device.create_texture(&TextureDescriptor {
            label: Some("canvas"),
            size: Extent3d { width: list.width, height: list.height, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: TextureDimension::D2,
            format: FORMAT,
            usage: TextureUsages::RENDER_ATTACHMENT
                | TextureUsages::TEXTURE_BINDING
                | TextureUsages::COPY_SRC,
            view_formats: &[],
        }));
        true
    }
}

impl FromWorld for Canvas {
    fn from_world(world: &mut World) -> Self {
        let (device, queue) = (world.resource::<RenderDevice>(), world.resource::<RenderQueue>());
        let (textures, films) = (Textures::new(device, queue), Films::new(device));
        Self {
            pipeline: pipeline(device, textures.layout(), "paint"),
            film_pipeline: pipeline(device, films.layout(), "film"),
            textures,
            films,
            instances: instances(device, 64),
            texture: None,
            drawn: default(),
        }
    }
}

fn extract(frame: Extract<Res<state::Frame>>, mut wanted: ResMut<Wanted>) {
    if wanted.0 != frame.0 {
        wanted.0 = frame.0.clone();
    }
}

/// Draws what differs from the last list, each rectangle bottom to top.
pub(super) fn draw(
    wanted: Res<Wanted>,
    mut canvas: ResMut<Canvas>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
) {
    let list = &wanted.0;
    if list.bounds().is_empty() || canvas.shows(list) {
        return;
    }
    let canvas = &mut *canvas;
    let anew = canvas.resize(list, &device);
    let damage = if anew { vec![list.bounds()] } else { blend::damage(&canvas.drawn, list) };
    canvas.textures.keep(list, &device, &queue);
    canvas.films.keep(list, &device);
    let quads: Vec<(&Quad, Rect)> = damage
        .iter()
        .flat_map(|damage| {
            let shown = &list.quads[blend::bottom(list, *damage).unwrap_or(0)..];
            shown.iter().map(|quad| (quad, quad.visible().intersect(*damage)))
        })
        .filter(|(_, area)| !area.is_empty())
        .collect();
    for (quad, _) in &quads {
        if let Source::Film(planes) = &quad.source {
            canvas.films.upload(planes, &queue);
        }
    }
    let words: Vec<Instance> = quads.iter().map(|(quad, area)| instance(quad, *area, list)).collect();
    if words.len() as u64 * size_of::<Instance>() as u64 > canvas.instances.size() {
        canvas.instances = instances(&device, words.len().next_power_of_two());
    }
    queue.write_buffer(&canvas.instances, 0, bytemuck::cast_slice(&words));
    let Some(view) = canvas.view() else {
        return;
    };
    let load = if anew { LoadOp::Clear(wgpu::Color::BLACK) } else { LoadOp::Load };
    let mut encoder = device.create_command_encoder(&CommandEncoderDescriptor::default());
    let mut pass = encoder.begin_render_pass(&RenderPassDescriptor {
        label: Some("display list"),
        color_attachments: &[Some(RenderPassColorAttachment {
            view: &view,
            depth_slice: None,
            resolve_target: None,
            ops: Operations { load, store: StoreOp::Store },
        })],
        ..default()
    });
    pass.set_vertex_buffer(0, *canvas.instances.slice(..));
    for (at, (quad, _)) in (0..).zip(&quads) {
        let (pipeline, group) = match &quad.source {
            Source::Film(planes) => {
                let Some(group) = canvas.films.of(planes) else { continue };
                (&canvas.film_pipeline, group)
            }
            source => (&canvas.pipeline, canvas.textures.of(source)),
        };
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, group, &[]);
        pass.draw(0..4, at..at + 1);
    }
    drop(pass);
    queue.submit([encoder.finish()]);
    canvas.drawn = list.clone();
}

fn instance(quad: &Quad, area: Rect, list: &DisplayList) -> Instance {
    let x = |x: i32| (x as f32 / list.width as f32 * 2.0 - 1.0).to_bits();
    let y = |y: i32| (1.0 - y as f32 / list.height as f32 * 2.0).to_bits();
    let (word, (kr, kb)) = match &quad.source {
        Source::Fill(colour) => (colour.pixel(), (0.0, 0.0)),
        Source::Picture(_) => (0, (0.0, 0.0)),
        Source::Film(planes) => (films::word(planes, quad.turn), planes.reading().matrix.weights()),
    };
    let [left, top, right, bottom] = [x(area.x), y(area.y), x(area.right()), y(area.bottom())];
    let rect = quad.rect;
    let [origin_x, origin_y] = [rect.x, rect.y].map(i32::cast_unsigned);
    let [kr, kb] = [kr, kb].map(f32::to_bits);
    let opacity = u32::from(quad.opacity);
    [left, top, right, bottom, origin_x, origin_y, word, opacity, rect.w, rect.h, kr, kb]
}

/// Room for `count` instances.
fn instances(device: &RenderDevice, count: usize) -> Buffer {
    device.create_buffer(&BufferDescriptor {
        label: Some("quads"),
        size: (count * size_of::<Instance>()) as u64,
        usage: BufferUsages::VERTEX | BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// What draws quads by one of the shader's ways to paint.
fn pipeline(device: &RenderDevice, textures: &BindGroupLayout, paint: &str) -> RenderPipeline {
    let module = super::shader(device);
    let layout = device.create_pipeline_layout(&PipelineLayoutDescriptor {
        label: Some("display list"),
        bind_group_layouts: &[Some(textures)],
        immediate_size: 0,
    });
    let attribute = |shader_location, offset, format| VertexAttribute { format, offset, shader_location };
    device.create_render_pipeline(&RawRenderPipelineDescriptor {
        label: Some("display list"),
        layout: Some(&layout),
        vertex: RawVertexState {
            module: &module,
            entry_point: Some("place"),
            compilation_options: default(),
            buffers: &[RawVertexBufferLayout {
                array_stride: size_of::<Instance>() as u64,
                step_mode: VertexStepMode::Instance,
                attributes: &[
                    attribute(0, 0, VertexFormat::Float32x4),
                    attribute(1, 16, VertexFormat::Sint32x2),
                    attribute(2, 24, VertexFormat::Uint32x2),
                    attribute(3, 32, VertexFormat::Uint32x2),
                    attribute(4, 40, VertexFormat::Float32x2),
                ],
            }],
        },
        primitive: PrimitiveState { topology: PrimitiveTopology::TriangleStrip, ..default() },
        depth_stencil: None,
        multisample: default(),
        fragment: Some(RawFragmentState {
            module: &module,
            entry_point: Some(paint),
            compilation_options: default(),
            targets: &[Some(ColorTargetState {
                format: FORMAT,
                blend: Some(BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                write_mask: ColorWrites::ALL,
            })],
        }),
        multiview_mask: None,
        cache: None,
    })
}
