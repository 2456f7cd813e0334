//! Time in the film, in seconds, and how things move in it. Invariant: every movement begins and ends at rest.

/// Frames a second.
pub const RATE: u32 = 30;
/// How many frames there are: 24 s.
pub const FRAMES: u32 = 24 * RATE;

/// When the choice of a service begins.
pub const CHOOSE: f32 = 2.8;
/// When the finger touches.
pub const TOUCH: f32 = 4.6;
/// When the ticket is printed.
pub const PRINT: f32 = 5.9;
/// When the waiting begins.
pub const WAIT: f32 = 9.2;
/// When the number is called: the chime's beginning.
pub const CALL: f32 = 13.2;
/// When the visitor goes to the counter.
pub const WALK: f32 = 17.2;
/// When the closing words come.
pub const CLOSE: f32 = 20.2;
/// When the title comes back.
pub const AGAIN: f32 = 23.1;

/// How much of the way from `from` on, over `length`, has passed: 0 to 1.
pub fn passed(t: f32, from: f32, length: f32) -> f32 {
    ((t - from) / length).clamp(0.0, 1.0)
}

/// Fast first, then slower (cubic).
pub fn ease_out(share: f32) -> f32 {
    1.0 - (1.0 - share).powi(3)
}

/// Slow, fast, slow (quintic: Perlin's smootherstep).
pub fn ease(share: f32) -> f32 {
    share * share * share * (share * (share * 6.0 - 15.0) + 10.0)
}

/// From `a` to `b`.
pub fn between(a: f32, b: f32, share: f32) -> f32 {
    a + (b - a) * share
}

/// How much is there of what comes at `from` and is gone at `until`: 0 to 1. It takes 0.4 s to come, 0.3 s to go.
pub fn shown(t: f32, from: f32, until: f32) -> f32 {
    ease(passed(t, from, 0.4)).min(1.0 - ease(passed(t, until - 0.3, 0.3)))
}

/// How far to the right something stands that glides in at `from`, and how far to the left when it leaves, in pixels.
pub fn glide(t: f32, from: f32, until: f32) -> f32 {
    90.0 * (1.0 - ease_out(passed(t, from, 0.7))) - 60.0 * passed(t, until - 0.3, 0.3).powi(2)
}
