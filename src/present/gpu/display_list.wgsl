// A display list's fills and pictures, and the finished canvas onto a window. Nothing is filtered: one texel,
// one pixel. Films are in `film.wgsl`, which follows in the same module.
// Invariant: the same whole-number arithmetic as on the CPU, up to the last blending step.

struct Quad {
    // Left, top, right, bottom of what is drawn, in clip space.
    @location(0) edges: vec4<f32>,
    // The canvas pixel on which the picture's left top texel lies.
    @location(1) origin: vec2<i32>,
    // The word of a fill, 0xAARRGGBB, or 0 for a picture (a fill is opaque, so never 0), or a film's bits; the
    // opacity.
    @location(2) paint: vec2<u32>,
    // Width and height of the whole quad in canvas pixels.
    @location(3) size: vec2<u32>,
    // A film's Kr and Kb.
    @location(4) weights: vec2<f32>,
}

struct Corner {
    @builtin(position) position: vec4<f32>,
    @location(0) @interpolate(flat) origin: vec2<i32>,
    @location(1) @interpolate(flat) paint: vec2<u32>,
    @location(2) @interpolate(flat) size: vec2<u32>,
    @location(3) @interpolate(flat) weights: vec2<f32>,
}

@group(0) @binding(0) var words: texture_2d<u32>;

@vertex
fn place(@builtin(vertex_index) corner: u32, quad: Quad) -> Corner {
    let x = select(quad.edges.x, quad.edges.z, (corner & 1u) != 0u);
    let y = select(quad.edges.y, quad.edges.w, (corner & 2u) != 0u);
    return Corner(vec4<f32>(x, y, 0.0, 1.0), quad.origin, quad.paint, quad.size, quad.weights);
}

@fragment
fn paint(in: Corner) -> @location(0) vec4<f32> {
    var word = in.paint.x;
    if word == 0u {
        word = textureLoad(words, vec2<i32>(in.position.xy) - in.origin, 0).r;
    }
    let channels = vec4<u32>(word >> 16u, word >> 8u, word, word >> 24u) & vec4<u32>(255u);
    return weighed(channels, in.paint.y);
}

// Rounded to the nearest, as on the CPU; the blending adds the rest.
fn weighed(channels: vec4<u32>, opacity: u32) -> vec4<f32> {
    return vec4<f32>((channels * opacity + 127u) / 255u) / 255.0;
}

@group(0) @binding(0) var canvas: texture_2d<f32>;

@vertex
fn cover(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4<f32> {
    let at = vec2<f32>(f32(corner & 1u), f32(corner >> 1u));
    return vec4<f32>(at * 4.0 - 1.0, 0.0, 1.0);
}

// Where the window is larger than the canvas, for a frame while it is resized, the edge goes on.
fn encoded(position: vec4<f32>) -> vec3<f32> {
    let last = vec2<i32>(textureDimensions(canvas)) - 1;
    return textureLoad(canvas, min(vec2<i32>(position.xy), last), 0).rgb;
}

// For a window that takes the bytes as they are.
@fragment
fn show(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    return vec4<f32>(encoded(position), 1.0);
}

// For a window that takes linear light and encodes it as sRGB: what comes out are the canvas's own bytes.
@fragment
fn show_linear(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let c = encoded(position);
    let linear = select(pow((c + 0.055) / 1.055, vec3<f32>(2.4)), c / 12.92, c <= vec3<f32>(0.04045));
    return vec4<f32>(linear, 1.0);
}
