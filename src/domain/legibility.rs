//! Whether text can be read from where the farthest viewer stands.
//! Invariant: what is told as too small would be just large enough at the size that is told with it.
//!
//! Sources: EN 301 549, 5.1.4: capitals of text on a screen that nobody can enlarge subtend at least 0.7°, that
//! is D × 0.7 × π ⁄ 180 = D ⁄ 82. ISO 9241-303: 22′ for text that is read with ease, D ⁄ 155 as papan rounds it.

/// A called ticket's capitals are at least this part of the distance high.
pub const TICKET: f64 = 82.0;
/// All other text's capitals are at least this part of the distance high.
pub const TEXT: f64 = 155.0;

/// A text on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Text {
    /// Its key in the theme file.
    pub name: &'static str,
    /// Height of its capitals in pixels.
    pub cap_px: f32,
    /// Whether it is a called ticket.
    pub ticket: bool,
}

/// A glass, and who looks at it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewing {
    /// The glass's physical height.
    pub height_mm: f64,
    /// The same in pixels.
    pub height_px: u32,
    /// How far away the farthest viewer stands, in metres.
    pub distance_m: f64,
}

/// A text that is too small.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TooSmall {
    /// Its key in the theme file.
    pub name: &'static str,
    /// Height of its capitals on the glass.
    pub cap_mm: f64,
    /// How high they are to be.
    pub needed_mm: f64,
    /// By which its size in the theme file is to be multiplied.
    pub factor: f64,
}

/// The texts that cannot be read from there, in the order in which they came.
pub fn too_small(viewing: Viewing, texts: &[Text]) -> Vec<TooSmall> {
    let mm = viewing.height_mm / f64::from(viewing.height_px.max(1));
    let check = |text: &Text| {
        let part = if text.ticket { TICKET } else { TEXT };
        let (cap_mm, needed_mm) = (f64::from(text.cap_px) * mm, viewing.distance_m * 1000.0 / part);
        // A thousandth is no difference to the eye; it is one to a theme written in three decimals.
        (cap_mm < needed_mm * 0.999).then(|| TooSmall {
            name: text.name,
            cap_mm,
            needed_mm,
            factor: needed_mm / cap_mm,
        })
    };
    texts.iter().filter_map(check).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A glass of 1 mm a pixel: 8.2 m ask for tickets of 100 mm and text of 53 mm.
    const VIEWING: Viewing = Viewing { height_mm: 1080.0, height_px: 1080, distance_m: 8.2 };

    #[test]
    fn tickets_are_to_be_larger() {
        let text = |name, cap_px, ticket| Text { name, cap_px, ticket };
        let texts = [
            text("call_ticket", 100.0, true),
            text("ticket", 90.0, true),
            text("body", 53.0, false),
            text("agency", 40.0, false),
        ];
        let short = too_small(VIEWING, &texts);
        assert_eq!(short.iter().map(|s| s.name).collect::<Vec<_>>(), ["ticket", "agency"]);
        assert!((short[0].needed_mm - 100.0).abs() < 1e-9);
        let grown = text("ticket", 90.0 * short[0].factor as f32, true);
        assert!(too_small(VIEWING, &[grown]).is_empty());
    }

    #[test]
    fn who_stands_nearer_reads_more() {
        let texts = [Text { name: "agency", cap_px: 40.0, ticket: false }];
        assert!(too_small(Viewing { distance_m: 6.0, ..VIEWING }, &texts).is_empty());
    }
}
