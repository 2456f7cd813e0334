//! What people write about time becomes rules, or problems with file and line.
//! Invariant: each problem says what to write, in both languages.
