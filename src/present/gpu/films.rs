//! Films on the GPU: the planes of a frame as they are decoded, uploaded once; the shader makes them colours.
//! Invariant: there are as many sets of textures as the newest list has film frames, and the next frame of a film
//! takes over the set of the one before, so that showing a film makes nothing new.

use bevy::{
    log::warn,
    render::{
        render_resource::*,
        renderer::{RenderDevice, RenderQueue},
    },
    utils::default,
};

use crate::picture::{DisplayList, Planes, Source, planes::Layout, turn::Turn};

/// The sets of textures that films are drawn with.
pub(super) struct Films {
    layout: BindGroupLayout,
    between: Sampler,
    sets: Vec<Set>,
    counts: Counts,
    /// Whether it was said that a film is larger than a texture can be.
    told: bool,
}

/// What films took, since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sets of textures that there are now.
    pub sets: usize,
    /// Sets of textures that were made.
    pub made: u64,
    /// Frames that were uploaded.
    pub uploads: u64,
}

/// The textures of one frame.
struct Set {
    shape: Shape,
    /// The frame that it is for.
    frame: u64,
    /// The frame whose samples it has; before the first one is drawn, none.
    holds: Option<u64>,
    /// One a plane, luma first.
    planes: Vec<Texture>,
    group: BindGroup,
}

/// What a set's textures depend on.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Shape {
    width: u32,
    height: u32,
    layout: Layout,
}

impl Films {
    /// None yet.
    pub fn new(device: &RenderDevice) -> Self {
        let entry = |binding, ty| BindGroupLayoutEntry {
            binding,
            visibility: ShaderStages::FRAGMENT,
            ty,
            count: None,
        };
        let plane = BindingType::Texture {
            sample_type: TextureSampleType::Float { filterable: true },
            view_dimension: TextureViewDimension::D2,
            multisampled: false,
        };
        let sampler = BindingType::Sampler(SamplerBindingType::Filtering);
        let entries = [entry(0, plane), entry(1, plane), entry(2, plane), entry(3, sampler)];
        let between = SamplerDescriptor {
            label: Some("between samples"),
            mag_filter: FilterMode::Linear,
            min_filter: FilterMode::Linear,
            ..default()
        };
        Self {
            layout: device.create_bind_group_layout("film", &entries),
            between: device.create_sampler(&between),
            sets: Vec::new(),
            counts: Counts::default(),
            told: false,
        }
    }

    /// How a frame's textures are bound.
    pub fn layout(&self) -> &BindGroupLayout {
        &self.layout
    }

    /// What films took.
    pub fn counts(&self) -> Counts {
        Counts { sets: self.sets.len(), ..self.counts }
    }

    /// Has a set for each film frame of `list`, and lets go the others. Nothing is uploaded yet: what is hidden
    /// need not be.
    pub fn keep(&mut self, list: &DisplayList, device: &RenderDevice) {
        let most = device.limits().max_texture_dimension_2d;
        let mut frames: Vec<&Planes> = Vec::new();
        for quad in &list.quads {
            let Source::Film(planes) = &quad.source else { continue };
            if planes.is_empty() || frames.contains(&planes) {
                continue;
            }
            if planes.width().max(planes.height()) <= most {
                frames.push(planes);
            } else if !self.told {
                self.told = true;
                warn!(
                    "a film of {} × {} pixels is not shown: this GPU's textures have at most {most} a side",
                    planes.width(),
                    planes.height()
                );
            }
        }
        let listed = |set: &Set| frames.iter().any(|planes| planes.id() == set.frame);
        let (kept, mut free): (Vec<Set>, Vec<Set>) = self.sets.drain(..).partition(listed);
        self.sets = kept;
        for planes in frames {
            if self.of(planes).is_some() {
                continue;
            }
            let shape = Shape::of(planes);
            let mut set = match free.iter().position(|set| set.shape == shape) {
                Some(at) => free.swap_remove(at),
                None => self.make(shape, device),
            };
            set.frame = planes.id();
            self.sets.push(set);
        }
    }

    /// Uploads a frame that was kept, where it is not there already.
    pub fn upload(&mut self, planes: &Planes, queue: &RenderQueue) {
        let Some(set) = self.sets.iter_mut().find(|set| set.frame == planes.id()) else { return };
        if set.holds == Some(planes.id()) {
            return;
        }
        set.holds = Some(planes.id());
        self.counts.uploads += 1;
        let mut rest = planes.chroma_bytes();
        for (at, texture) in set.planes.iter().enumerate() {
            let row = texture.width() * texture.format().block_copy_size(None).unwrap_or(1);
            let bytes = match at {
                0 => planes.luma(),
                _ => {
                    let (plane, behind) = rest.split_at(row as usize * texture.height() as usize);
                    rest = behind;
                    plane
                }
            };
            let layout = TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(row), rows_per_image: None };
            queue.write_texture(texture.as_image_copy(), bytes, layout, texture.size());
        }
    }

    /// What a frame is drawn with; none where it was not kept.
    pub fn of(&self, planes: &Planes) -> Option<&BindGroup> {
        Some(&self.sets.iter().find(|set| set.frame == planes.id())?.group)
    }

    fn make(&mut self, shape: Shape, device: &RenderDevice) -> Set {
        self.counts.made += 1;
        let texture = |format, (width, height)| {
            device.create_texture(&TextureDescriptor {
                label: Some("film"),
                size: Extent3d { width, height, depth_or_array_layers: 1 },
                mip_level_count: 1,
                sample_count: 1,
                dimension: TextureDimension::D2,
                format,
                usage: TextureUsages::TEXTURE_BINDING | TextureUsages::COPY_DST,
                view_formats: &[],
            })
        };
        // Both formats are filtered on every backend, that of old GPUs included.
        let chroma = (shape.width.div_ceil(2), shape.height.div_ceil(2));
        let mut planes = vec![texture(TextureFormat::R8Unorm, (shape.width, shape.height))];
        match shape.layout {
            Layout::Three => planes.extend([0, 1].map(|_| texture(TextureFormat::R8Unorm, chroma))),
            Layout::Two => planes.push(texture(TextureFormat::Rg8Unorm, chroma)),
        }
        // Of two planes the second takes the third's place too, where nothing reads it.
        let view = |at: usize| planes[at.min(planes.len() - 1)].create_view(&default());
        let views = [view(0), view(1), view(2)];
        let mut entries: Vec<_> = (0..)
            .zip(&views)
            .map(|(binding, view)| BindGroupEntry { binding, resource: BindingResource::TextureView(view) })
            .collect();
        entries.push(BindGroupEntry { binding: 3, resource: BindingResource::Sampler(&self.between) });
        let group = device.create_bind_group("film", &self.layout, &entries);
        Set { shape, frame: 0, holds: None, planes, group }
    }
}

impl Shape {
    fn of(planes: &Planes) -> Self {
        Self { width: planes.width(), height: planes.height(), layout: planes.reading().layout }
    }
}

/// What the shader is told of a frame: whether its range is full, whether U and V lie by turns, and by how many
/// quarters it is turned.
pub(super) fn word(planes: &Planes, turn: Turn) -> u32 {
    let reading = planes.reading();
    u32::from(reading.full) | u32::from(reading.layout == Layout::Two) << 1 | turn.quarters() << 2
}
