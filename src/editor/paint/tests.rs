//! Triangles against what egui says of them. Invariant: each pixel's middle decides.

use std::sync::Arc;

use bevy_egui::egui::{
    ClippedPrimitive, Color32, ColorImage, Mesh, Pos2, Rect, TextureId, TextureOptions, TexturesDelta,
    epaint::{ImageData, ImageDelta, Primitive, Vertex},
    pos2,
};
use proptest::prelude::*;

use super::Painter;

const SIZE: usize = 24;
const GROUND: u32 = 0xff00_0000;
const TEXTURE: TextureId = TextureId::Managed(0);

fn image(size: [usize; 2], pixels: Vec<Color32>) -> ImageData {
    ImageData::Color(Arc::new(ColorImage::new(size, pixels)))
}

fn painter(size: [usize; 2], pixels: Vec<Color32>, options: TextureOptions) -> Painter {
    let mut painter = Painter::default();
    let mut delta = TexturesDelta::default();
    delta.push(TEXTURE, ImageDelta::full(image(size, pixels), options));
    painter.update(delta);
    painter
}

fn white() -> Painter {
    painter([1, 1], vec![Color32::WHITE], TextureOptions::LINEAR)
}

fn paint(painter: &Painter, mesh: Mesh, clip: Rect) -> Vec<u32> {
    let mut target = vec![GROUND; SIZE * SIZE];
    let primitive = ClippedPrimitive { clip_rect: clip, primitive: Primitive::Mesh(mesh) };
    painter.paint(&[primitive], 1.0, &mut target, SIZE);
    target
}

fn mesh(corners: &[(f32, f32)], indices: &[u32], colour: Color32) -> Mesh {
    let vertices =
        corners.iter().map(|(x, y)| Vertex { pos: pos2(*x, *y), uv: Pos2::ZERO, color: colour }).collect();
    Mesh { indices: indices.to_vec(), vertices, texture_id: TEXTURE }
}

fn pixel(pixels: &[u32], x: usize, y: usize) -> u32 {
    pixels[y * SIZE + x]
}

#[test]
fn a_rectangle_fills_the_pixels_whose_middles_it_holds() {
    let corners = [(2.0, 3.0), (6.6, 3.0), (2.0, 5.4), (6.6, 5.4)];
    let drawn = paint(&white(), mesh(&corners, &[0, 1, 2, 2, 1, 3], Color32::RED), Rect::EVERYTHING);
    for y in 0..SIZE {
        for x in 0..SIZE {
            let inside = (2..7).contains(&x) && (3..5).contains(&y);
            let right = if inside { 0xffff_0000 } else { GROUND };
            assert_eq!(pixel(&drawn, x, y), right, "{x}, {y}");
        }
    }
}

#[test]
fn nothing_is_drawn_outside_of_the_clip() {
    let all = [(-1e5, -1e5), (1e5, -1e5), (-1e5, 1e5), (1e5, 1e5)];
    let clip = Rect::from_min_max(pos2(4.0, 5.0), pos2(9.0, 7.0));
    for indices in [&[0, 1, 2, 2, 1, 3], &[1, 0, 2, 1, 2, 3]] {
        let drawn = paint(&white(), mesh(&all, indices, Color32::WHITE), clip);
        assert_eq!(drawn.iter().filter(|p| **p != GROUND).count(), 5 * 2);
        assert_eq!((pixel(&drawn, 4, 5), pixel(&drawn, 9, 5)), (0xffff_ffff, GROUND));
    }
}

#[test]
fn what_is_no_number_is_left_out() {
    for bad in [f32::NAN, f32::INFINITY, 1e30] {
        let corners = [(0.0, 0.0), (bad, 0.0), (0.0, 9.0), (bad, 9.0)];
        let drawn = paint(&white(), mesh(&corners, &[0, 1, 2, 2, 1, 3], Color32::RED), Rect::EVERYTHING);
        assert!(drawn.iter().all(|p| *p == GROUND), "{bad}");
    }
    // An index that no vertex has.
    let drawn = paint(&white(), mesh(&[(0.0, 0.0)], &[0, 1, 2], Color32::RED), Rect::EVERYTHING);
    assert!(drawn.iter().all(|p| *p == GROUND));
}

#[test]
fn a_texture_is_copied_patched_and_let_go() {
    let colours = [Color32::RED, Color32::GREEN, Color32::BLUE, Color32::WHITE];
    let mut painter = painter([2, 2], colours.to_vec(), TextureOptions::LINEAR);
    let mut quad = Mesh::with_texture(TEXTURE);
    let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    quad.add_rect_with_uv(Rect::from_min_max(pos2(3.0, 4.0), pos2(5.0, 6.0)), uv, Color32::WHITE);
    let drawn = paint(&painter, quad.clone(), Rect::EVERYTHING);
    let of = |drawn: &[u32]| [(3, 4), (4, 4), (3, 5), (4, 5)].map(|(x, y)| pixel(drawn, x, y));
    assert_eq!(of(&drawn), [0xffff_0000, 0xff00_ff00, 0xff00_00ff, 0xffff_ffff]);
    let mut delta = TexturesDelta::default();
    delta.push(
        TEXTURE,
        ImageDelta::partial([1, 0], image([1, 2], vec![Color32::BLACK; 2]), TextureOptions::LINEAR),
    );
    delta.free(TEXTURE);
    painter.update(delta);
    // In the frame in which egui lets it go it is still shown.
    assert_eq!(of(&paint(&painter, quad.clone(), Rect::EVERYTHING))[1], GROUND);
    painter.update(TexturesDelta::default());
    assert!(paint(&painter, quad, Rect::EVERYTHING).iter().all(|p| *p == GROUND));
}

#[test]
fn a_picture_made_larger_is_even_or_in_blocks_as_its_filter_says() {
    let colours = vec![Color32::BLACK, Color32::WHITE];
    let mut quad = Mesh::with_texture(TEXTURE);
    let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    quad.add_rect_with_uv(Rect::from_min_max(pos2(0.0, 0.0), pos2(16.0, 4.0)), uv, Color32::WHITE);
    let linear = painter([2, 1], colours.clone(), TextureOptions::LINEAR);
    let drawn = paint(&linear, quad.clone(), Rect::EVERYTHING);
    let row: Vec<u32> = (0..16).map(|x| pixel(&drawn, x, 1) & 0xff).collect();
    assert!(row.is_sorted() && row[0] == 0 && row[15] == 255 && (100..156).contains(&row[8]), "{row:?}");
    let nearest = painter([2, 1], colours, TextureOptions::NEAREST);
    let drawn = paint(&nearest, quad, Rect::EVERYTHING);
    let row: Vec<u32> = (0..16).map(|x| pixel(&drawn, x, 1) & 0xff).collect();
    assert_eq!(row, [[0; 8], [255; 8]].concat());
}

#[test]
fn a_soft_edge_fades_evenly() {
    let mut soft =
        mesh(&[(0.0, 0.0), (16.0, 0.0), (0.0, 16.0), (16.0, 16.0)], &[0, 1, 2, 2, 1, 3], Color32::WHITE);
    soft.vertices[1].color = Color32::TRANSPARENT;
    soft.vertices[3].color = Color32::TRANSPARENT;
    let drawn = paint(&white(), soft, Rect::EVERYTHING);
    for y in 0..16 {
        for x in 0..16 {
            let right = (255.0 * (1.0 - (x as f32 + 0.5) / 16.0)).round();
            let is = (pixel(&drawn, x, y) & 0xff) as f32;
            assert!((is - right).abs() <= 1.0, "{x}, {y}: {is}, not {right}");
        }
    }
}

fn corner() -> impl Strategy<Value = (f32, f32)> {
    // Quarters are met often, where the rule for edges decides.
    let at = prop_oneof![(-20i32..140).prop_map(|at| at as f32 / 4.0), -5.0f32..30.0];
    (at.clone(), at)
}

/// How far a point lies to the left of a line, in pixels; more than 0 is one side.
fn side(a: (f32, f32), b: (f32, f32), p: (f64, f64)) -> f64 {
    let (ax, ay, bx, by) = (f64::from(a.0), f64::from(a.1), f64::from(b.0), f64::from(b.1));
    let length = (bx - ax).hypot(by - ay).max(1e-9);
    ((bx - ax) * (p.1 - ay) - (by - ay) * (p.0 - ax)) / length
}

proptest! {
    /// Against the sides of its edges, worked out plainly; but for pixels as near to one as places are rounded.
    #[test]
    fn a_triangle_holds_what_is_within_its_edges(a in corner(), b in corner(), c in corner()) {
        let drawn = paint(&white(), mesh(&[a, b, c], &[0, 1, 2], Color32::WHITE), Rect::EVERYTHING);
        for y in 0..SIZE {
            for x in 0..SIZE {
                let p = (x as f64 + 0.5, y as f64 + 0.5);
                let sides = [side(a, b, p), side(b, c, p), side(c, a, p)];
                let near = sides.iter().any(|s| s.abs() < 0.02);
                let inside = sides.iter().all(|s| *s > 0.0) || sides.iter().all(|s| *s < 0.0);
                if !near {
                    prop_assert_eq!(pixel(&drawn, x, y) != GROUND, inside, "{}, {}", x, y);
                }
            }
        }
    }

    /// A fan around a point: no seam between its triangles, and no pixel drawn twice.
    #[test]
    fn neighbours_share_no_pixel_and_leave_none(middle in corner()) {
        let (x, y) = (middle.0.clamp(1.0, 23.0), middle.1.clamp(1.0, 23.0));
        let corners = [(x, y), (0.0, 0.0), (24.0, 0.0), (24.0, 24.0), (0.0, 24.0)];
        let half = Color32::from_white_alpha(128);
        let fan = mesh(&corners, &[0, 1, 2, 0, 2, 3, 0, 3, 4, 0, 4, 1], half);
        let drawn = paint(&white(), fan, Rect::EVERYTHING);
        prop_assert!(drawn.iter().all(|p| *p == 0xff80_8080), "{:x?}", drawn.iter().find(|p| **p != 0xff80_8080));
    }
}
