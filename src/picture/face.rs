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
    /// Atkinson Hyperlegible Next Medium: small text on the dark ground.
    TextMedium,
    /// Atkinson Hyperlegible Next SemiBold: names, running text, bold in body text.
    TextStrong,
    /// Atkinson Hyperlegible Next Bold: tickets and the clock.
    Number,
    /// Atkinson Hyperlegible Next ExtraBold: a called ticket.
    Call,
    /// Plus Jakarta Sans SemiBold: captions.
    Label,
    /// Plus Jakarta Sans Bold: headings.
    Heading,
    /// Plus Jakarta Sans ExtraBold: titles.
    Title,
}

impl Face {
    /// All faces, in the order of their numbers.
    pub const ALL: [Self; 8] = [
        Self::Text,
        Self::TextMedium,
        Self::TextStrong,
        Self::Number,
        Self::Call,
        Self::Label,
        Self::Heading,
        Self::Title,
    ];

    /// The face for bold text within this one.
    pub fn bold(self) -> Self {
        match self {
            Self::Text | Self::TextMedium => Self::TextStrong,
            Self::Label => Self::Heading,
            other => other,
        }
    }

    /// The font file.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Text => include_bytes!("../../assets/fonts/AtkinsonHyperlegibleNext-Regular.ttf"),
            Self::TextStrong => include_bytes!("../../assets/fonts/AtkinsonHyperlegibleNext-SemiBold.ttf"),
            Self::TextMedium => include_bytes!("../../assets/fonts/AtkinsonHyperlegibleNext-Medium.ttf"),
            Self::Number => include_bytes!("../../assets/fonts/AtkinsonHyperlegibleNext-Bold.ttf"),
            Self::Call => include_bytes!("../../assets/fonts/AtkinsonHyperlegibleNext-ExtraBold.ttf"),
            Self::Label => include_bytes!("../../assets/fonts/PlusJakartaSans-SemiBold.ttf"),
            Self::Heading => include_bytes!("../../assets/fonts/PlusJakartaSans-Bold.ttf"),
            Self::Title => include_bytes!("../../assets/fonts/PlusJakartaSans-ExtraBold.ttf"),
        }
    }

    /// Height of a capital letter as a share of the size (`OS/2.sCapHeight / unitsPerEm`).
    pub fn cap_height(self) -> f32 {
        match self {
            Self::Text | Self::TextMedium | Self::TextStrong | Self::Number | Self::Call => 0.668,
            Self::Label | Self::Heading | Self::Title => 0.745,
        }
    }

    /// The outlines; `None` where the embedded file were no font, which a test excludes.
    pub(super) fn outlines(self) -> Option<&'static fontdue::Font> {
        static PARSED: [OnceLock<Option<fontdue::Font>>; Face::ALL.len()] =
            [const { OnceLock::new() }; Face::ALL.len()];
        let parse = || {
            // fontdue flattens curves once, for glyphs of `scale` pixels. More lines take more memory.
            let scale = match self {
                Self::Call => 240.0,
                Self::Number | Self::Title => 100.0,
                _ => 50.0,
            };
            // Every glyph of our files has a character of its own (see `assets/fonts/make.py`).
            let settings = fontdue::FontSettings { scale, load_substitutions: false, ..Default::default() };
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
