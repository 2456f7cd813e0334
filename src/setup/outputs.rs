//! The machine's outputs, as the kernel lists them: no display server is needed.
//! Invariant: what a monitor says of itself is checked before it is believed.

use std::{fs, path::Path};

use crate::domain::visible::clean;

/// Where the kernel lists them.
pub const DRM: &str = "/sys/class/drm";
/// An EDID's first bytes.
const EDID: [u8; 8] = [0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0];

/// An output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its name, which the compositor uses as well, such as `HDMI-A-1`.
    pub name: String,
    /// Whether a monitor is plugged in.
    pub connected: bool,
    /// Its best mode, in pixels.
    pub mode: Option<(u32, u32)>,
    /// The monitor's name, by itself.
    pub monitor: Option<String>,
    /// The picture's width and height, in mm, to the centimetre.
    pub size_mm: Option<(u32, u32)>,
}

/// All outputs below [`DRM`], those with a monitor first, by name.
pub fn all(drm: &Path) -> Vec<Output> {
    let entries = fs::read_dir(drm).into_iter().flatten().flatten();
    let mut outputs: Vec<Output> = entries.filter_map(|entry| one(&entry.path())).collect();
    outputs.sort_by(|a, b| (!a.connected, &a.name).cmp(&(!b.connected, &b.name)));
    outputs.dedup_by(|a, b| a.name == b.name);
    outputs
}

fn one(path: &Path) -> Option<Output> {
    // `card0-HDMI-A-1`; a card itself has no status, and a writeback connector shows nobody anything.
    let (card, name) = path.file_name()?.to_str()?.split_once('-')?;
    if !card.starts_with("card") || name.starts_with("Writeback") {
        return None;
    }
    let status = fs::read_to_string(path.join("status")).ok()?;
    let modes = fs::read_to_string(path.join("modes")).unwrap_or_default();
    let mode = modes.lines().next().and_then(|mode| {
        let (width, height) = mode.split_once('x')?;
        // An interlaced one has an `i` at its end.
        Some((width.parse().ok()?, height.trim_end_matches('i').parse().ok()?))
    });
    let edid = fs::read(path.join("edid")).unwrap_or_default();
    let (monitor, size_mm) = edid_of(&edid);
    Some(Output { name: name.to_owned(), connected: status.trim() == "connected", mode, monitor, size_mm })
}

/// The monitor's name and size by its EDID.
fn edid_of(edid: &[u8]) -> (Option<String>, Option<(u32, u32)>) {
    let Some(block) = edid.get(..128).filter(|block| block.starts_with(&EDID)) else { return (None, None) };
    if block.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)) != 0 {
        return (None, None);
    }
    // Projectors give 0, or an aspect with the other side 0; some televisions the aspect 16 by 9 as centimetres.
    let (width, height) = (u32::from(block[21]) * 10, u32::from(block[22]) * 10);
    let size = (width >= 200 && height >= 110).then_some((width, height));
    // Four descriptors of 18 bytes; that of the name begins so.
    let name = block[54..126]
        .chunks_exact(18)
        .find(|descriptor| descriptor.starts_with(&[0, 0, 0, 0xfc]))
        .map(|descriptor| {
            descriptor[5..].iter().take_while(|b| **b != b'\n').map(|b| char::from(*b)).collect()
        });
    let name = name.map(|name: String| clean(&name)).filter(|name| !name.is_empty() && name.is_ascii());
    (name, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edid(name: &str, width_cm: u8, height_cm: u8) -> Vec<u8> {
        let mut block = vec![0_u8; 128];
        block[..8].copy_from_slice(&EDID);
        (block[21], block[22]) = (width_cm, height_cm);
        block[72..77].copy_from_slice(&[0, 0, 0, 0xfc, 0]);
        for (place, byte) in block[77..90].iter_mut().zip(name.bytes().chain([b'\n']).chain([b' '; 13])) {
            *place = byte;
        }
        block[127] = 0_u8.wrapping_sub(block.iter().fold(0, |sum, byte| sum.wrapping_add(*byte)));
        block
    }

    fn connector(drm: &Path, name: &str, status: &str, modes: &str, edid: &[u8]) {
        let folder = drm.join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("status"), status).unwrap();
        fs::write(folder.join("modes"), modes).unwrap();
        fs::write(folder.join("edid"), edid).unwrap();
    }

    #[test]
    fn outputs_are_listed_with_their_monitors() {
        let drm = tempfile::tempdir().unwrap();
        let drm = drm.path();
        fs::create_dir_all(drm.join("card0")).unwrap();
        fs::write(drm.join("version"), "drm 1.1.0").unwrap();
        connector(drm, "card0-DP-1", "disconnected\n", "", &[]);
        connector(drm, "card0-Writeback-1", "unknown\n", "", &[]);
        connector(drm, "card0-HDMI-A-2", "connected\n", "1920x1080i\n", &edid("LG TV", 121, 68));
        connector(drm, "card1-HDMI-A-1", "connected\n", "3840x2160\n1920x1080\n", &edid("NovaStar", 16, 9));
        let found = all(drm);
        let names: Vec<_> = found.iter().map(|o| (o.name.as_str(), o.connected)).collect();
        assert_eq!(names, [("HDMI-A-1", true), ("HDMI-A-2", true), ("DP-1", false)]);
        assert_eq!(found[0].mode, Some((3840, 2160)));
        assert_eq!((found[0].monitor.as_deref(), found[0].size_mm), (Some("NovaStar"), None));
        assert_eq!(found[1].mode, Some((1920, 1080)));
        assert_eq!((found[1].monitor.as_deref(), found[1].size_mm), (Some("LG TV"), Some((1210, 680))));
        assert_eq!(all(&drm.join("gone")), []);
    }

    #[test]
    fn a_broken_edid_says_nothing() {
        let good = edid("LG", 121, 68);
        assert_eq!(edid_of(&good), (Some("LG".into()), Some((1210, 680))));
        for length in 0..128 {
            assert_eq!(edid_of(&good[..length]), (None, None));
        }
        for at in 0..128 {
            let mut bad = good.clone();
            bad[at] ^= 0x55;
            assert_eq!(edid_of(&bad), (None, None), "byte {at}");
        }
    }
}
