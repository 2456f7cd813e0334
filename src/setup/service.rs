//! The systemd units of the kiosk, through `systemctl`.
//! Invariant: without systemd, in a chroot for instance, nothing is called and nothing is an error.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use crate::domain::visible::clean;

/// The program's unit.
pub const UNIT: &str = "papan.service";
/// The compositor's.
pub const DISPLAY_UNIT: &str = "papan-display.service";

/// Whether systemd runs here.
fn is_there() -> bool {
    Path::new("/run/systemd/system").is_dir()
}

/// Whether systemd runs and knows this unit.
pub fn exists(unit: &str) -> bool {
    is_there() && quiet(&["cat", unit])
}

/// Whether the unit runs.
pub fn is_active(unit: &str) -> bool {
    is_there() && quiet(&["is-active", unit])
}

/// Calls `systemctl`.
///
/// # Errors
/// What it said.
pub fn systemctl(arguments: &[&str]) -> Result<(), String> {
    let done = Command::new("systemctl").args(arguments).stdin(Stdio::null()).output();
    let done = done.map_err(|error| format!("systemctl: {error}"))?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    Err(clean(said.lines().next().unwrap_or("systemctl failed")))
}

fn quiet(arguments: &[&str]) -> bool {
    let mut command = Command::new("systemctl");
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
