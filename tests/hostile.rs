//! A playlist's folder under an editor that means no good: what is on air was wholly good at some time, memory is
//! bounded, and what is good again is on air soon.
//! Invariant: the editor is alone, so that after each of its steps it is known what the folder holds.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

#[path = "hostile/bombs.rs"]
mod bombs;
#[path = "hostile/editor.rs"]
mod editor;
#[path = "common/folder.rs"]
mod folder;
#[path = "hostile/many.rs"]
mod many;
#[path = "common/outside.rs"]
mod outside;
#[path = "hostile/seen.rs"]
mod seen;
#[path = "hostile/slow.rs"]
mod slow;

/// A number that is another one each time, and the same in each run with the same seed.
pub struct Chance(u64);

impl Chance {
    /// From the environment, to try others.
    pub fn from_environment() -> Self {
        let seed = std::env::var("PAPAN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_122);
        println!("PAPAN_SEED={seed}");
        Self(seed)
    }

    /// A number below another one.
    pub fn below(&mut self, most: usize) -> usize {
        // SplitMix64 (Steele, Lea, Flood 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % most as u64) as usize
    }
}

/// Whether there is time for more of the same.
pub fn is_long() -> bool {
    std::env::var_os("PAPAN_LONG").is_some()
}
