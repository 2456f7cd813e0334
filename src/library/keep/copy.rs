//! Copying a file that somebody may be writing. Invariant: a copy is of what was looked at before, or it is refused.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::Path,
};

use super::Refusal;
use crate::{library::stamp::Stamp, written::open};

/// How much is copied before it is asked whether to go on, in bytes.
const STEP: u64 = 16 << 20;
/// How much of two files is compared at once, in bytes.
const BLOCK: usize = 64 << 10;

/// Copies a file that was looked at as `stamp`.
pub(super) fn copy(from: &Path, stamp: Stamp, to: &Path, stop: &dyn Fn() -> bool) -> Result<(), Refusal> {
    let source = open(from).map_err(|_| Refusal::Changed)?;
    let is_same = || source.metadata().is_ok_and(|meta| Stamp::from(&meta) == stamp);
    let mut target = File::create_new(to).map_err(Refusal::disk(to))?;
    let mut copied = 0;
    loop {
        if stop() || copied > stamp.len || !is_same() {
            return Err(Refusal::Changed);
        }
        match io::copy(&mut (&source).take(STEP), &mut target).map_err(Refusal::disk(to))? {
            0 => break,
            more => copied += more,
        }
    }
    target.flush().map_err(Refusal::disk(to))?;
    if copied == stamp.len && is_same() { Ok(()) } else { Err(Refusal::Changed) }
}

/// Whether a file can be read, and lies in the folder `real`.
pub(super) fn may_be(real: &Path, path: &Path) -> bool {
    fs::canonicalize(path).is_ok_and(|path| path.starts_with(real)) && open(path).is_ok()
}

/// Whether two files hold the same `length` bytes and no more; `false` where one cannot be read.
pub(super) fn is_equal(one: &Path, other: &Path, length: u64) -> bool {
    let compare = || -> io::Result<bool> {
        let (one, other) = (open(one)?, open(other)?);
        if one.metadata()?.len() != length || other.metadata()?.len() != length {
            return Ok(false);
        }
        let (mut a, mut b) = (Vec::with_capacity(BLOCK), Vec::with_capacity(BLOCK));
        loop {
            a.clear();
            b.clear();
            (&one).take(BLOCK as u64).read_to_end(&mut a)?;
            (&other).take(BLOCK as u64).read_to_end(&mut b)?;
            if a != b || a.is_empty() {
                return Ok(a == b);
            }
        }
    };
    compare().unwrap_or(false)
}
