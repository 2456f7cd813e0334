//! The lines of the table. Invariant: what was not measured is not shown as 0.

use crate::{
    measure::Found,
    table::{Line, at},
};

pub const LINES: [Line<Found>; 11] = [
    ("running text: frames a second", 1, |f| f.ticker_fps),
    ("running text: gap, median (ms)", 1, |f| at(&f.ticker_gaps, 50.0)),
    ("running text: gap, p99 (ms)", 1, |f| at(&f.ticker_gaps, 99.0)),
    ("running text: gap, longest (ms)", 1, |f| at(&f.ticker_gaps, 100.0)),
    ("film: frames a second", 1, |f| f.film_fps),
    ("film: gap, p99 (ms)", 1, |f| at(&f.film_gaps, 99.0)),
    ("film: gap, longest (ms)", 1, |f| at(&f.film_gaps, 100.0)),
    ("CPU (cores)", 3, |f| f.cores),
    ("CPU of the X server for it (cores)", 3, |f| f.server_cores),
    ("CPU a film frame (ms)", 2, |f| f.cpu_of_frame),
    ("memory (MiB PSS)", 1, |f| f.mib),
];
