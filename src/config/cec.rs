//! `[[screen]] cec`: whether the television is told by HDMI-CEC to light up and to go to sleep.

use std::path::PathBuf;

/// Which adapters tell the television. Default none: a television that several devices share is not this
/// program's to switch off.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cec {
    /// None.
    #[default]
    No,
    /// That of the screen's output where it can be told, else all.
    Found,
    /// This device.
    Device(PathBuf),
}
