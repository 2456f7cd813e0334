// A film's quad from the planes of its frame. What is computed, and why, stands in `blend/film.rs`.
// Invariant: within 2 of 255 of what the CPU computes; the card's own filter keeps some 8 bits of a place.

@group(0) @binding(0) var luma: texture_2d<f32>;
// U and V, where they lie by turns; else U.
@group(0) @binding(1) var chroma: texture_2d<f32>;
@group(0) @binding(2) var chroma_v: texture_2d<f32>;
// Linear between samples; beyond the edge the edge goes on.
@group(0) @binding(3) var between: sampler;

// The bits of a film quad's word; see `films::word`.
const FULL: u32 = 1u;
const BY_TURNS: u32 = 2u;
// By how many quarters it is turned clockwise, from this bit on.
const QUARTERS: u32 = 2u;

// Into how many parts a pixel is cut, in each direction, on a plane of so many samples.
fn parts(samples: vec2<u32>, pixels: vec2<u32>) -> vec2<u32> {
    return clamp((samples + pixels - 1u) / pixels, vec2<u32>(1u), vec2<u32>(16u));
}

// The middle of a part of a pixel, 0 to 1 over the quad.
fn place_in(corner: Corner, part: vec2<u32>, parts: vec2<u32>) -> vec2<f32> {
    let at = floor(corner.position.xy) - vec2<f32>(corner.origin);
    let last = vec2<f32>(corner.size) - 1.0;
    // Where the pixel lay before the turn.
    var pixel = at;
    switch (corner.paint.x >> QUARTERS) & 3u {
        case 1u: { pixel = vec2<f32>(at.y, last.x - at.x); }
        case 2u: { pixel = last - at; }
        case 3u: { pixel = vec2<f32>(last.y - at.y, at.x); }
        default: {}
    }
    return (pixel + (vec2<f32>(part) + 0.5) / vec2<f32>(parts)) / vec2<f32>(before(corner));
}

// Width and height of the quad before the turn.
fn before(corner: Corner) -> vec2<u32> {
    let upright = ((corner.paint.x >> QUARTERS) & 1u) == 0u;
    return select(corner.size.yx, corner.size, upright);
}

fn mean_luma(in: Corner) -> f32 {
    let n = parts(textureDimensions(luma), before(in));
    var sum = 0.0;
    for (var y = 0u; y < n.y; y++) {
        for (var x = 0u; x < n.x; x++) {
            sum += textureSampleLevel(luma, between, place_in(in, vec2<u32>(x, y), n), 0.0).r;
        }
    }
    return sum / f32(n.x * n.y);
}

fn mean_chroma(in: Corner) -> vec2<f32> {
    let by_turns = (in.paint.x & BY_TURNS) != 0u;
    let samples = textureDimensions(chroma);
    let n = parts(samples, before(in));
    // A plane of an odd film reaches half a sample beyond it; its samples lie a quarter to the left.
    let scale = vec2<f32>(textureDimensions(luma)) * 0.5 / vec2<f32>(samples);
    let shift = vec2<f32>(0.25 / f32(samples.x), 0.0);
    var sum = vec2<f32>(0.0);
    for (var y = 0u; y < n.y; y++) {
        for (var x = 0u; x < n.x; x++) {
            let at = place_in(in, vec2<u32>(x, y), n) * scale + shift;
            let first = textureSampleLevel(chroma, between, at, 0.0).rg;
            if by_turns {
                sum += first;
            } else {
                sum += vec2<f32>(first.r, textureSampleLevel(chroma_v, between, at, 0.0).r);
            }
        }
    }
    return sum / f32(n.x * n.y);
}

@fragment
fn film(in: Corner) -> @location(0) vec4<f32> {
    var y = mean_luma(in) * 255.0;
    var uv = mean_chroma(in) * 255.0 - 128.0;
    if (in.paint.x & FULL) != 0u {
        y = y / 255.0;
        uv = uv / 255.0;
    } else {
        y = (y - 16.0) / 219.0;
        uv = uv / 224.0;
    }
    let k = in.weights;
    let red = y + 2.0 * (1.0 - k.x) * uv.y;
    let blue = y + 2.0 * (1.0 - k.y) * uv.x;
    let green = (y - k.x * red - k.y * blue) / (1.0 - k.x - k.y);
    let channels = round(clamp(vec3<f32>(red, green, blue), vec3<f32>(0.0), vec3<f32>(1.0)) * 255.0);
    return weighed(vec4<u32>(vec4<f32>(channels, 255.0)), in.paint.y);
}
