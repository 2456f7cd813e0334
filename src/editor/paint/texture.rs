//! A texture as egui gives it. Invariant: any place that is asked for has a colour.

use bevy_egui::egui::{
    Color32, TextureOptions,
    epaint::{ImageData, textures::TextureFilter, textures::TextureWrapMode},
};

/// A texture's texels, premultiplied, row by row.
pub(super) struct Texture {
    width: usize,
    height: usize,
    texels: Vec<Color32>,
    linear: bool,
    wrap: TextureWrapMode,
}

impl Texture {
    pub fn new(image: &ImageData, options: TextureOptions) -> Self {
        let ImageData::Color(image) = image;
        Self {
            width: image.width(),
            height: image.height(),
            texels: image.pixels.clone(),
            linear: options.magnification == TextureFilter::Linear,
            wrap: options.wrap_mode,
        }
    }

    /// Replaces a part, whose left top corner comes to lie at (`x`, `y`).
    pub fn patch(&mut self, x: usize, y: usize, image: &ImageData) {
        let ImageData::Color(image) = image;
        let width = image.width().min(self.width.saturating_sub(x));
        if width == 0 {
            return;
        }
        let rows = self.texels.chunks_exact_mut(self.width).skip(y);
        for (row, from) in rows.zip(image.pixels.chunks_exact(image.width())) {
            row[x..x + width].copy_from_slice(&from[..width]);
        }
    }

    /// Width and height in texels.
    pub fn size(&self) -> (f32, f32) {
        (self.width as f32, self.height as f32)
    }

    /// A row's texels from `x` on, as many as there are.
    pub fn row(&self, x: i32, y: i32) -> Option<&[Color32]> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        self.texels.chunks_exact(self.width.max(1)).nth(y)?.get(x..)
    }

    /// The colour at a place in texels; the middle of the first one is at 0.5.
    pub fn at(&self, u: f32, v: f32) -> Color32 {
        if !self.linear {
            return self.texel(u.floor() as i64, v.floor() as i64);
        }
        let (u, v) = (u - 0.5, v - 0.5);
        let (x, y) = (u.floor(), v.floor());
        let (across, down) = (((u - x) * 256.0) as u32, ((v - y) * 256.0) as u32);
        let (x, y) = (x as i64, y as i64);
        if across == 0 && down == 0 {
            return self.texel(x, y);
        }
        let (a, b) = (self.texel(x, y).to_array(), self.texel(x + 1, y).to_array());
        let (c, d) = (self.texel(x, y + 1).to_array(), self.texel(x + 1, y + 1).to_array());
        let mix = |i: usize| {
            let top = u32::from(a[i]) * (256 - across) + u32::from(b[i]) * across;
            let foot = u32::from(c[i]) * (256 - across) + u32::from(d[i]) * across;
            ((top * (256 - down) + foot * down + (1 << 15)) >> 16) as u8
        };
        Color32::from_rgba_premultiplied(mix(0), mix(1), mix(2), mix(3))
    }

    fn texel(&self, x: i64, y: i64) -> Color32 {
        let place = |at: i64, count: usize| {
            let count = i64::try_from(count).unwrap_or(i64::MAX).max(1);
            let at = match self.wrap {
                TextureWrapMode::ClampToEdge => at.clamp(0, count - 1),
                TextureWrapMode::Repeat => at.rem_euclid(count),
                TextureWrapMode::MirroredRepeat => {
                    let at = at.rem_euclid(2 * count);
                    if at < count { at } else { 2 * count - 1 - at }
                }
            };
            usize::try_from(at).unwrap_or(0)
        };
        let at = place(y, self.height) * self.width + place(x, self.width);
        self.texels.get(at).copied().unwrap_or_default()
    }
}

/// A texel under a vertex's colour, as a word `0xAARRGGBB`; no channel is larger than its alpha.
pub(super) fn tint(colour: Color32, texel: Color32) -> u32 {
    let [r, g, b, a] = if colour == Color32::WHITE {
        texel.to_array()
    } else if texel == Color32::WHITE {
        colour.to_array()
    } else {
        let (colour, texel) = (colour.to_array(), texel.to_array());
        [0, 1, 2, 3].map(|i| {
            let t = u32::from(colour[i]) * u32::from(texel[i]) + 128;
            ((t + (t >> 8)) >> 8) as u8
        })
    };
    word([r, g, b, a])
}

/// A premultiplied colour as a word.
pub(super) fn word([r, g, b, a]: [u8; 4]) -> u32 {
    let within = |channel: u8| u32::from(channel.min(a));
    u32::from(a) << 24 | within(r) << 16 | within(g) << 8 | within(b)
}
