//! The faces: two open families in the weights in use, embedded, parsed when first used.
//! Invariant: a face's outlines and its layout come from the same bytes.

use std::sync::OnceLock;

use serde::Deserialize;

/// A family in one weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Face {
    /// Atkinson Hyperlegible Next Regular: body text.
    Text,
    /// Atkinson Hyperlegible Next SemiBold: names, running text, bold in body text.
    TextStrong,
    /// Atkinson Hyperlegible Next ExtraBold: tickets and the clock.
    Number,
    /// Plus Jakarta Sans SemiBold: captions.
    Label,
    /// Plus Jakarta Sans Bold: headings.
    Heading,
    /// Plus Jakarta Sans ExtraBold: titles.
    Title,
}

impl Face {
    /// All faces, in the order of their numbers.
    pub const ALL: [Self; 6] =
        [Self::Text, Self::TextStrong, Self::Number, Self::Label, Self::Heading, Self::Title];

    /// The face for bold text within this one.
    pub fn bold(self) -> Self {
        match self {
            Self::Text => Self::TextStrong,
            Self::Label => Self::Heading,
            other => other,
        }
    }

    /// The font file.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Text => include_bytes!("../../assets/fonts/AtkinsonHyperlegibleNext-Regular.ttf"),
            Self::TextStrong => include_bytes!("../../assets/fonts/AtkinsonHyperlegibleNext-SemiBold.ttf"),
            Self::Number => include_bytes!("../../assets/fonts/AtkinsonHyperlegibleNext-ExtraBold.ttf"),
            Self::Label => include_bytes!("../../assets/fonts/PlusJakartaSans-SemiBold.ttf"),
            Self::Heading => include_bytes!("../../assets/fonts/PlusJakartaSans-Bold.ttf"),
            Self::Title => include_bytes!("../../assets/fonts/PlusJakartaSans-ExtraBold.ttf"),
        }
    }

    /// Height of a capital letter as a share of the size (`OS/2.sCapHeight / unitsPerEm`).
    pub fn cap_height(self) -> f32 {
        match self {
            Self::Text | Self::TextStrong | Self::Number => 0.668,
            Self::Label | Self::Heading | Self::Title => 0.745,
        }
    }

    /// The outlines; `None` where the embedded file were no font, which a test excludes.
    pub(super) fn outlines(self) -> Option<&'static fontdue::Font> {
        static PARSED: [OnceLock<Option<fontdue::Font>>; Face::ALL.len()] =
            [const { OnceLock::new() }; Face::ALL.len()];
        let parse = || {
            // fontdue flattens curves once, for glyphs of `scale` pixels: tickets and titles are large.
            let scale = if matches!(self, Self::Number) { 320.0 } else { 80.0 };
            let settings = fontdue::FontSettings { scale, ..Default::default() };
            fontdue::Font::from_bytes(self.bytes(), settings).ok()
        };
        PARSED[self as usize].get_or_init(parse).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::Face;

    #[test]
    fn every_face_parses() {
        for face in Face::ALL {
            assert!(face.outlines().is_some(), "{face:?}");
        }
    }
}
