//! The theme's texts, with the height of their capitals, for the check of legibility.
//! Invariant: every text that papan draws by default is in it.

use super::{face::Face, theme::Sizes};
use crate::domain::legibility::Text;

/// The texts that are drawn in these sizes, which are in pixels. Without a header, none of its texts.
pub fn texts(sizes: &Sizes) -> Vec<Text> {
    let header = [
        ("hall", Face::Heading, sizes.hall),
        ("organization", Face::Label, sizes.organization),
        ("clock", Face::Number, sizes.clock),
        ("date", Face::Label, sizes.date),
    ];
    let others = [
        ("service", Face::Heading, sizes.service),
        ("title", Face::Title, sizes.title),
        ("heading", Face::Heading, sizes.heading),
        ("body", Face::Text, sizes.body),
        ("fact_label", Face::TextStrong, sizes.fact_label),
        ("fact", Face::Heading, sizes.fact),
        ("caption_text", Face::Label, sizes.caption_text),
        ("name", Face::TextStrong, sizes.name),
        ("agency", Face::Text, sizes.agency),
        ("ticket", Face::Number, sizes.ticket),
        ("ticker_text", Face::TextStrong, sizes.ticker_text),
        ("ticker_label", Face::Title, sizes.ticker_label),
        // Over a called ticket in another face; a film's captions have the lower capitals.
        ("call_caption", Face::TextStrong, sizes.call_caption),
        ("call_ticket", Face::Number, sizes.call_ticket),
        ("call_counter", Face::Title, sizes.call_counter),
    ];
    let header = header.iter().filter(|_| sizes.header > 0.0);
    let text = |(name, face, size): &(&'static str, Face, f32)| Text {
        name,
        cap_px: face.cap_height() * size,
        ticket: matches!(*name, "ticket" | "call_ticket"),
    };
    header.chain(&others).map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::texts;
    use crate::{
        domain::{
            layout::Shape,
            legibility::{Viewing, too_small},
        },
        picture::theme::Theme,
    };

    #[test]
    fn a_called_ticket_can_be_read_across_the_hall() {
        // A 54-inch screen in a lobby, the last row of seats 8 m away.
        let sizes = Theme::default().sizes(Shape::Landscape, 1920, 1080);
        let viewing = Viewing { height_mm: 670.0, height_px: 1080, distance_m: 8.0 };
        let short = too_small(viewing, &texts(&sizes));
        assert!(short.iter().all(|s| s.name != "call_ticket"), "{short:?}");
        assert!(!too_small(Viewing { distance_m: 200.0, ..viewing }, &texts(&sizes)).is_empty());
    }

    #[test]
    fn a_wall_without_a_header_has_none_of_its_texts() {
        let sizes = Theme::default().sizes(Shape::Videotron, 1152, 576);
        assert!(texts(&sizes).iter().all(|t| t.name != "clock"));
    }
}
