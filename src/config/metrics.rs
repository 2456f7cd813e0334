//! `[metrics]`: what the site's monitoring may ask.
//! Invariant: where nothing is written, no port is open.

/// `[metrics]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Metrics {
    /// The port on 127.0.0.1 where Prometheus finds the figures; `None`: there is none.
    pub port: Option<u16>,
}
