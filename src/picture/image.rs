//! Decoded pictures, scaled once to the size they are shown at.
//! Invariant: what comes out is opaque; what a picture lets through shows the ground.

use image::{DynamicImage, GenericImageView, RgbImage, imageops};

use super::{Colour, Picture};
use crate::domain::playlist::Fit;

/// From this many times the target's size on, a picture is first averaged down to twice the target: as good
/// to the eye as the fine filter on all its pixels, and many times faster.
const HUGE: u32 = 4;

/// A picture of exactly `size` pixels, width × height: cut at its edges, or with ground beside it, as `fit`
/// says. Scaling works on sRGB values, as all blending here does.
pub fn scale(image: DynamicImage, size: (u32, u32), fit: Fit, ground: Colour) -> Picture {
    let (width, height) = (size.0.max(1), size.1.max(1));
    let image = flatten(image, ground);
    let (from, to) = (image.dimensions(), (width, height));
    let mut words = vec![ground.pixel(); width as usize * height as usize];
    let (crop, target) = match fit {
        Fit::Cover => (inside(to, from), to),
        Fit::Contain => (from, inside(from, to)),
    };
    let (cx, cy) = ((from.0 - crop.0) / 2, (from.1 - crop.1) / 2);
    let scaled = resize(&*imageops::crop_imm(&image, cx, cy, crop.0, crop.1), target);
    let (left, top) = ((width - target.0) / 2, (height - target.1) / 2);
    for (x, y, pixel) in scaled.enumerate_pixels() {
        words[(top + y) as usize * width as usize + (left + x) as usize] = word(pixel.0);
    }
    Picture::new(width, height, words)
}

/// A picture as large as it can be within `most` pixels, width × height, in its own shape.
pub fn within(image: DynamicImage, most: (u32, u32), ground: Colour) -> Picture {
    let image = flatten(image, ground);
    let scaled = resize(&image, inside(image.dimensions(), (most.0.max(1), most.1.max(1))));
    let words = scaled.pixels().map(|p| word(p.0)).collect();
    Picture::new(scaled.width(), scaled.height(), words)
}

fn word([r, g, b]: [u8; 3]) -> u32 {
    Colour { r, g, b }.pixel()
}

/// The largest box of the first one's shape within the second one; no side is 0.
fn inside(shape: (u32, u32), most: (u32, u32)) -> (u32, u32) {
    let rect = Fit::Contain.place(shape, most);
    (rect.w, rect.h)
}

fn flatten(image: DynamicImage, ground: Colour) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let under = [ground.r, ground.g, ground.b];
    let image = image.into_rgba8();
    let mut flat = RgbImage::new(image.width(), image.height());
    for (to, from) in flat.pixels_mut().zip(image.pixels()) {
        let alpha = u32::from(from.0[3]);
        for (channel, (over, under)) in to.0.iter_mut().zip(from.0.iter().zip(under)) {
            *channel = ((u32::from(*over) * alpha + u32::from(under) * (255 - alpha) + 127) / 255) as u8;
        }
    }
    flat
}

fn resize<V: GenericImageView<Pixel = image::Rgb<u8>>>(image: &V, size: (u32, u32)) -> RgbImage {
    let (w, h) = image.dimensions();
    if w >= size.0.saturating_mul(HUGE) && h >= size.1.saturating_mul(HUGE) {
        let halfway = imageops::thumbnail(image, size.0 * 2, size.1 * 2);
        return imageops::resize(&halfway, size.0, size.1, imageops::FilterType::Lanczos3);
    }
    imageops::resize(image, size.0, size.1, imageops::FilterType::Lanczos3)
}

#[cfg(test)]
mod tests {
    use image::{Rgba, RgbaImage};

    use super::*;

    const GROUND: Colour = Colour::hex(0x00_00_ff);

    fn red(width: u32, height: u32, alpha: u8) -> DynamicImage {
        RgbaImage::from_pixel(width, height, Rgba([255, 0, 0, alpha])).into()
    }

    #[test]
    fn any_picture_has_the_stages_size() {
        for from in [(1, 1), (1000, 3), (3, 1000), (640, 480)] {
            for to in [(64, 40), (1, 1), (300, 7)] {
                for fit in [Fit::Cover, Fit::Contain] {
                    let picture = scale(red(from.0, from.1, 255), to, fit, GROUND);
                    assert_eq!((picture.width(), picture.height()), to);
                    assert!(picture.is_opaque());
                }
            }
        }
    }

    #[test]
    fn cover_fills_and_contain_shows_the_ground() {
        let cover = scale(red(100, 50, 255), (40, 40), Fit::Cover, GROUND);
        assert!(cover.pixels().iter().all(|p| *p == 0xffff_0000));
        let contain = scale(red(100, 50, 255), (40, 40), Fit::Contain, GROUND);
        assert_eq!((contain.row(0)[20], contain.row(20)[0]), (GROUND.pixel(), 0xffff_0000));
    }

    #[test]
    fn what_is_let_through_is_the_ground() {
        let half = scale(red(10, 10, 128), (10, 10), Fit::Cover, GROUND);
        assert_eq!(half.pixels()[0], 0xff80_007f);
        let huge = within(red(900, 300, 0), (30, 30), GROUND);
        assert_eq!((huge.width(), huge.height()), (30, 10));
        assert!(huge.pixels().iter().all(|p| *p == GROUND.pixel()));
    }
}
