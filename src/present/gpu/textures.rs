//! Pictures on the GPU: each is uploaded once, when a list first holds it.
//! Invariant: only pictures of the newest list have a texture, so memory is bounded by what one frame shows.

use std::collections::{HashMap, HashSet};

use bevy::render::{
    render_resource::*,
    renderer::{RenderDevice, RenderQueue},
};

use crate::picture::{DisplayList, Picture, Source};

/// The textures, by their picture's id.
pub(super) struct Textures {
    layout: BindGroupLayout,
    /// What a fill is drawn with: a shader's texture has to be there, though it is not read.
    blank: BindGroup,
    kept: HashMap<u64, BindGroup>,
}

impl Textures {
    /// None yet.
    pub fn new(device: &RenderDevice, queue: &RenderQueue) -> Self {
        let entry = BindGroupLayoutEntry {
            binding: 0,
            visibility: ShaderStages::FRAGMENT,
            ty: BindingType::Texture {
                sample_type: TextureSampleType::Uint,
                view_dimension: TextureViewDimension::D2,
                multisampled: false,
            },
            count: None,
        };
        let layout = device.create_bind_group_layout("picture", &[entry]);
        let blank = upload(device, queue, &layout, &Picture::new(1, 1, vec![0]));
        Self { layout, blank, kept: HashMap::new() }
    }

    /// How a texture is bound.
    pub fn layout(&self) -> &BindGroupLayout {
        &self.layout
    }

    /// Uploads what of `list` is not there yet, and lets go what is not in it.
    pub fn keep(&mut self, list: &DisplayList, device: &RenderDevice, queue: &RenderQueue) {
        let mut in_use = HashSet::new();
        for quad in &list.quads {
            if let Source::Picture(picture) = &quad.source
                && !quad.rect.is_empty()
            {
                in_use.insert(picture.id());
                self.kept.entry(picture.id()).or_insert_with(|| upload(device, queue, &self.layout, picture));
            }
        }
        self.kept.retain(|id, _| in_use.contains(id));
    }

    /// What a source is drawn with. A picture that was not kept holds no pixel, and nothing of it is drawn.
    pub fn of(&self, source: &Source) -> &BindGroup {
        match source {
            Source::Fill(_) | Source::Film(_) => &self.blank,
            Source::Picture(picture) => self.kept.get(&picture.id()).unwrap_or(&self.blank),
        }
    }

    /// How many pictures have a texture.
    pub fn count(&self) -> usize {
        self.kept.len()
    }
}

/// A picture's words as they are: the shader takes them apart.
fn upload(
    device: &RenderDevice,
    queue: &RenderQueue,
    layout: &BindGroupLayout,
    picture: &Picture,
) -> BindGroup {
    let description = TextureDescriptor {
        label: Some("picture"),
        size: Extent3d { width: picture.width(), height: picture.height(), depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: TextureDimension::D2,
        format: TextureFormat::R32Uint,
        usage: TextureUsages::TEXTURE_BINDING | TextureUsages::COPY_DST,
        view_formats: &[],
    };
    let words = bytemuck::cast_slice(picture.pixels());
    let texture = device.create_texture_with_data(queue, &description, TextureDataOrder::default(), words);
    let view = texture.create_view(&TextureViewDescriptor::default());
    let entry = BindGroupEntry { binding: 0, resource: BindingResource::TextureView(&view) };
    device.create_bind_group("picture", layout, &[entry])
}
