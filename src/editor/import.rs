//! The folder on disk, still to come. Invariant: none yet.
