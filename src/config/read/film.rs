//! `[film]` of `papan.toml`: which of GStreamer's decoders are not to be used.
//! Invariant: a name that is read has the form of a GStreamer element's, and stands once.

use crate::{domain::visible::clean, written::Value};

pub(super) const KEYS: &[&str] = &["forbid"];
const EXAMPLE: &str = "forbid = [\"vah264dec\"]";
/// The most decoders: a machine has some dozens.
const MOST: usize = 100;
/// The longest name, in characters.
const LONGEST: usize = 80;

/// The decoders' names; `None` where none of them could be meant.
pub(super) fn forbid(value: Value<'_>) -> Option<Vec<String>> {
    let list = value.list(EXAMPLE)?;
    if list.len() > MOST {
        value.error(
            format!("`forbid` berisi {} nama; tulis paling banyak {MOST}", list.len()),
            format!("`forbid` holds {} names; write at most {MOST}", list.len()),
        );
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    for one in list {
        let Some(name) = one.string("[\"vah264dec\"]").map(str::trim) else { continue };
        let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() || name.len() > LONGEST || !name.chars().all(is_letter) {
            let name: String = clean(name).chars().take(LONGEST).collect();
            one.error(
                format!("\"{name}\" bukan nama dekoder GStreamer; tulis nama dari `gst-inspect-1.0`, misalnya: {EXAMPLE}"),
                format!("\"{name}\" is no name of a GStreamer decoder; write one from `gst-inspect-1.0`, for example: {EXAMPLE}"),
            );
        } else if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    Some(names)
}
