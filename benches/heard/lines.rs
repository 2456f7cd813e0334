//! The lines of the tables. Invariant: what was not measured is not shown as 0.

use crate::{
    measure::{Found, Reference},
    table::{Line, at},
};

/// What a client's sound takes and costs.
pub const LINES: [Line<Found>; 13] = [
    ("call to chime, median (ms)", 1, |f| at(&f.calls, 50.0)),
    ("call to chime, p95 (ms)", 1, |f| at(&f.calls, 95.0)),
    ("call to chime, longest (ms)", 1, |f| at(&f.calls, 100.0)),
    ("calls not heard", 0, |f| (f.missed + f.calls.len() > 0).then_some(f.missed as f64)),
    ("the sound server's step, median (ms)", 1, |f| Some(f.piece)),
    ("silent: CPU (cores)", 3, |f| Some(f.silent.cores)),
    ("silent: CPU of the sound server (cores)", 3, |f| Some(f.silent.server_cores)),
    ("silent: memory (MiB PSS)", 1, |f| Some(f.silent.mib)),
    ("speaking: CPU (cores)", 3, |f| Some(f.speaking.cores)),
    ("speaking: CPU of the sound server (cores)", 3, |f| Some(f.speaking.server_cores)),
    ("speaking: memory (MiB PSS)", 1, |f| Some(f.speaking.mib)),
    ("speaking: announcements a minute", 1, |f| f.announcements),
    ("speaking: time that is not silent (%)", 1, |f| Some(100.0 * f.speaking.share)),
];

/// What a tone takes.
pub const REFERENCE: [Line<Reference>; 5] = [
    ("written to heard, median (ms)", 1, |f| at(&f.times, 50.0)),
    ("written to heard, p95 (ms)", 1, |f| at(&f.times, 95.0)),
    ("written to heard, longest (ms)", 1, |f| at(&f.times, 100.0)),
    ("tones not heard", 0, |f| Some(f.missed as f64)),
    ("the sound server's step, median (ms)", 1, |f| Some(f.piece)),
];
