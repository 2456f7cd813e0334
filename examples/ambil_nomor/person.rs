//! The people of the film, drawn as signs in public places draw them. Invariant: nobody floats: the lower foot, or
//! the chair, carries.

use papan::picture::Colour;

use crate::{
    brush::{Frame, disc, line, round},
    motion::between,
};

/// Where the floor's people stand, in pixels from the top.
pub const FLOOR: f32 = 880.0;
/// Length of a thigh, and of a shin, in pixels.
const LEG: f32 = 104.0;
/// From hip to shoulder.
const TORSO: f32 = 138.0;
/// Length of an upper arm, and of a forearm.
const ARM: f32 = 72.0;
/// How far the thighs swing, in degrees.
const SWING: f32 = 26.0;

/// What somebody wears.
#[derive(Clone, Copy)]
pub struct Clothes {
    /// Head, arms and legs.
    pub body: Colour,
    /// The limbs of the far side.
    pub far: Colour,
    /// Around the torso.
    pub shirt: Colour,
}

/// How somebody stands, seen from the side, looking to the right.
#[derive(Clone, Copy)]
pub struct Pose {
    /// Where the hip is, in pixels from the left.
    pub x: f32,
    /// From sitting (0) to standing (1).
    pub up: f32,
    /// How far they have walked since they stood, in pixels.
    pub walked: f32,
    /// From standing still (0) to walking (1).
    pub stride: f32,
    /// How far the near arm is held out, 0 to 1.
    pub reach: f32,
}

/// A limb of two parts from a joint, with angles from straight down, forward positive, in degrees.
fn limb((x, y): (f32, f32), length: f32, upper: f32, lower: f32) -> [(f32, f32); 3] {
    let step = |(x, y): (f32, f32), angle: f32| {
        let angle = angle.to_radians();
        (x + length * angle.sin(), y + length * angle.cos())
    };
    let joint = step((x, y), upper);
    [(x, y), joint, step(joint, lower)]
}

/// Draws somebody with a ticket of a colour in the hand, and returns where the head's middle is.
pub fn draw(frame: &mut Frame, wears: Clothes, paper: Colour, pose: Pose) -> (f32, f32) {
    // A step takes both thighs from one end of their swing to the other.
    let step = 2.0 * (2.0 * LEG) * SWING.to_radians().sin();
    let phase = std::f32::consts::PI * pose.walked / step;
    let legs = [0.0, std::f32::consts::PI].map(|offset| {
        let stance = 7.0 * offset.cos() * (1.0 - pose.stride);
        let swing = SWING * (phase + offset).cos() * pose.stride + stance;
        // The knee bends while the leg swings forward.
        let bend = 42.0 * (-(phase + offset).sin()).max(0.0) * pose.stride;
        let thigh = between(86.0, swing + bend * 0.4, pose.up);
        (thigh, thigh.mul_add(pose.up, -bend * pose.up))
    });
    let lowest = legs.map(|(thigh, shin)| LEG * (thigh.to_radians().cos() + shin.to_radians().cos()));
    let hip = (pose.x, FLOOR - 20.0 - lowest[0].max(lowest[1]));
    // Who stands up leans forward meanwhile.
    let lean = 20.0 * (pose.up * (1.0 - pose.up) * 4.0) + 3.0 * pose.stride;
    let (sin, cos) = lean.to_radians().sin_cos();
    let shoulder = (hip.0 + TORSO * sin, hip.1 - TORSO * cos);
    let arms = [0.0, std::f32::consts::PI].map(|offset| {
        let swing = -22.0 * (phase + offset).cos() * pose.stride;
        (between(28.0, swing, pose.up), between(82.0, swing + 14.0, pose.up))
    });
    let near = (between(arms[0].0, 38.0, pose.reach), between(arms[0].1, 76.0, pose.reach));
    let mut part = |points: &[(f32, f32)], width, colour| frame.stroke(line(points), width, colour, 1.0);
    part(&limb((shoulder.0, shoulder.1 + 14.0), ARM, arms[1].0, arms[1].1), 30.0, wears.far);
    part(&limb(hip, LEG, legs[1].0, legs[1].1), 42.0, wears.far);
    part(&limb(hip, LEG, legs[0].0, legs[0].1), 42.0, wears.body);
    part(&[(hip.0, hip.1 - 8.0), (shoulder.0, shoulder.1 + 10.0)], 82.0, wears.shirt);
    let arm = limb((shoulder.0, shoulder.1 + 14.0), ARM, near.0, near.1);
    part(&arm, 30.0, wears.body);
    let hand = arm[2];
    frame.fill(round(hand.0 - 22.0, hand.1 - 56.0, 52.0, 66.0, 8.0), wears.body, 1.0);
    frame.fill(round(hand.0 - 16.0, hand.1 - 50.0, 40.0, 54.0, 4.0), paper, 1.0);
    let head = (shoulder.0 + 92.0 * sin, shoulder.1 - 92.0 * cos);
    frame.fill(disc(head.0, head.1, 46.0), wears.body, 1.0);
    head
}

/// Draws somebody's head and shoulders from the front, the head's middle at a point and of this radius; the
/// shoulders end at `foot`.
pub fn bust(frame: &mut Frame, wears: Clothes, badge: Colour, (x, y): (f32, f32), head: f32, foot: f32) {
    let (w, top) = (head * 3.7, y + head * 1.28);
    frame.fill(round(x - w / 2.0, top, w, foot - top + head * 1.3, head * 1.3), wears.shirt, 1.0);
    frame.fill(disc(x, y, head), wears.body, 1.0);
    // A badge on a ribbon tells who works here.
    let middle = between(top, foot, 0.62);
    frame.stroke(
        line(&[(x - head * 0.5, top + 4.0), (x, middle), (x + head * 0.5, top + 4.0)]),
        head * 0.13,
        badge,
        1.0,
    );
    frame.fill(round(x - head * 0.32, middle - head * 0.05, head * 0.64, head * 0.5, head * 0.1), badge, 1.0);
}
