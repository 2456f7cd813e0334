//! The theme: colours, and sizes for each shape as percent of the glass's height.
//! Invariant: every pair of text and ground that papan draws has a contrast of at least 7:1 (WCAG 2.2 AAA).

use serde::{Deserialize, de::Error};

use super::Colour;
use crate::domain::{
    board::RowSize,
    layout::{Measures, Shape},
};

/// The theme that ships with papan.
const DEFAULT: &str = include_str!("../../assets/theme.toml");

/// Colours and sizes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// The colours.
    pub colour: Colours,
    /// Sizes on a landscape glass.
    pub landscape: Sizes,
    /// Sizes on a portrait glass.
    pub portrait: Sizes,
    /// Sizes on an LED wall.
    pub videotron: Sizes,
}

/// The colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colours {
    /// Page, header, board rows.
    pub deeper: Colour,
    /// Board.
    pub deep: Colour,
    /// The one accent.
    pub sun: Colour,
    /// Stage.
    pub paper: Colour,
    /// Text on paper and on sun.
    pub ink: Colour,
    /// Secondary text on deep.
    pub mist: Colour,
    /// Bullets and other marks on paper.
    pub teal: Colour,
    /// Secondary text on paper.
    pub teal_text: Colour,
    /// Tickets, names, cards.
    pub white: Colour,
    /// The box of a counter's label.
    #[serde(rename = "box")]
    pub label_box: Colour,
    /// The row of a fresh call.
    pub fresh: Colour,
    /// Captions on white.
    pub slate: Colour,
    /// An emergency.
    pub alarm: Colour,
}

impl Colours {
    /// Every pair of a text's colour and its ground that is drawn.
    pub fn texts(&self) -> Vec<(&'static str, Colour, Colour)> {
        vec![
            ("white on deeper", self.white, self.deeper),
            ("mist on deeper", self.mist, self.deeper),
            ("mist on deep", self.mist, self.deep),
            ("sun on deep", self.sun, self.deep),
            ("sun on deeper", self.sun, self.deeper),
            ("white on box", self.white, self.label_box),
            ("mist on box", self.mist, self.label_box),
            ("white on fresh", self.white, self.fresh),
            ("mist on fresh", self.mist, self.fresh),
            ("sun on fresh", self.sun, self.fresh),
            ("ink on paper", self.ink, self.paper),
            ("teal_text on paper", self.teal_text, self.paper),
            ("white on ink", self.white, self.ink),
            ("ink on white", self.ink, self.white),
            ("slate on white", self.slate, self.white),
            ("ink on sun", self.ink, self.sun),
            ("white on alarm", self.white, self.alarm),
        ]
    }
}

/// Sizes: percent of the height as written, pixels once [`Sizes::in_pixels`] has scaled them.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sizes {
    /// Height of the header, its rule included.
    pub header: f32,
    /// Height of the header's rule.
    pub rule: f32,
    /// Space left and right in the header.
    pub margin: f32,
    /// Side of the mark.
    pub mark: f32,
    /// Name of the hall.
    pub hall: f32,
    /// Name of its organization.
    pub organization: f32,
    /// Clock.
    pub clock: f32,
    /// Date.
    pub date: f32,
    /// Space around a page.
    pub stage_pad: f32,
    /// Service over a page's title.
    pub service: f32,
    /// Title of a page or a card.
    pub title: f32,
    /// Second-level heading.
    pub heading: f32,
    /// Text of a page.
    pub body: f32,
    /// Caption of a card at a page's foot.
    pub fact_label: f32,
    /// Text of a card at a page's foot.
    pub fact: f32,
    /// The smallest text anywhere.
    pub floor: f32,
    /// Radius of boxes' corners.
    pub radius: f32,
    /// Height of the board's caption.
    pub caption: f32,
    /// Text of the board's caption.
    pub caption_text: f32,
    /// Space left and right of the board's rows.
    pub board_pad: f32,
    /// Space below the board's rows.
    pub board_foot: f32,
    /// Space between rows.
    pub row_gap: f32,
    /// Least height of a row.
    pub row_least: f32,
    /// Greatest height of a row.
    pub row_most: f32,
    /// Least width of a row.
    pub row_width: f32,
    /// Service in a row.
    pub name: f32,
    /// Agency in a row.
    pub agency: f32,
    /// Ticket in a row.
    pub ticket: f32,
    /// Height of the running text.
    pub ticker: f32,
    /// Running text.
    pub ticker_text: f32,
    /// Label of the running text.
    pub ticker_label: f32,
    /// Words over a called ticket, and a film's captions.
    pub call_caption: f32,
    /// A called ticket.
    pub call_ticket: f32,
    /// Where a called ticket is to go.
    pub call_counter: f32,
}

impl Sizes {
    /// These percentages of `height` pixels.
    fn in_pixels(&self, height: f64) -> Self {
        let px = |percent: f32| (f64::from(percent) * height / 100.0) as f32;
        Self {
            header: px(self.header),
            rule: px(self.rule),
            margin: px(self.margin),
            mark: px(self.mark),
            hall: px(self.hall),
            organization: px(self.organization),
            clock: px(self.clock),
            date: px(self.date),
            stage_pad: px(self.stage_pad),
            service: px(self.service),
            title: px(self.title),
            heading: px(self.heading),
            body: px(self.body),
            fact_label: px(self.fact_label),
            fact: px(self.fact),
            floor: px(self.floor),
            radius: px(self.radius),
            caption: px(self.caption),
            caption_text: px(self.caption_text),
            board_pad: px(self.board_pad),
            board_foot: px(self.board_foot),
            row_gap: px(self.row_gap),
            row_least: px(self.row_least),
            row_most: px(self.row_most),
            row_width: px(self.row_width),
            name: px(self.name),
            agency: px(self.agency),
            ticket: px(self.ticket),
            ticker: px(self.ticker),
            ticker_text: px(self.ticker_text),
            ticker_label: px(self.ticker_label),
            call_caption: px(self.call_caption),
            call_ticket: px(self.call_ticket),
            call_counter: px(self.call_counter),
        }
    }

    /// All sizes with their keys.
    fn all(&self) -> [(&'static str, f32); 34] {
        [
            ("header", self.header),
            ("rule", self.rule),
            ("margin", self.margin),
            ("mark", self.mark),
            ("hall", self.hall),
            ("organization", self.organization),
            ("clock", self.clock),
            ("date", self.date),
            ("stage_pad", self.stage_pad),
            ("service", self.service),
            ("title", self.title),
            ("heading", self.heading),
            ("body", self.body),
            ("fact_label", self.fact_label),
            ("fact", self.fact),
            ("floor", self.floor),
            ("radius", self.radius),
            ("caption", self.caption),
            ("caption_text", self.caption_text),
            ("board_pad", self.board_pad),
            ("board_foot", self.board_foot),
            ("row_gap", self.row_gap),
            ("row_least", self.row_least),
            ("row_most", self.row_most),
            ("row_width", self.row_width),
            ("name", self.name),
            ("agency", self.agency),
            ("ticket", self.ticket),
            ("ticker", self.ticker),
            ("ticker_text", self.ticker_text),
            ("ticker_label", self.ticker_label),
            ("call_caption", self.call_caption),
            ("call_ticket", self.call_ticket),
            ("call_counter", self.call_counter),
        ]
    }

    /// For zones that a site's own layout made lower than the theme's: what stands in them is smaller too.
    pub fn within(mut self, header: u32, ticker: u32) -> Self {
        let share = |zone: u32, usual: f32| {
            if zone == 0 || usual <= 0.0 { 1.0 } else { (zone as f32 / usual).min(1.0) }
        };
        // An LED wall's theme has no header, but a site's layout may.
        let usual = if self.header > 0.0 { self.header } else { self.hall * 2.8 };
        let k = share(header, usual);
        for size in [&mut self.rule, &mut self.margin, &mut self.mark, &mut self.hall, &mut self.organization]
        {
            *size *= k;
        }
        (self.clock, self.date) = (self.clock * k, self.date * k);
        let k = share(ticker, self.ticker);
        (self.ticker_text, self.ticker_label) = (self.ticker_text * k, self.ticker_label * k);
        self
    }

    /// What the layout needs to know, from sizes in pixels.
    pub fn measures(&self) -> Measures {
        let px = |size: f32| size.round().max(0.0) as u32;
        Measures {
            header: px(self.header),
            ticker: px(self.ticker),
            row: RowSize {
                caption: px(self.caption),
                pad: px(self.board_pad),
                foot: px(self.board_foot),
                gap: px(self.row_gap),
                least_height: px(self.row_least).max(1),
                most_height: px(self.row_most).max(1),
                least_width: px(self.row_width).max(1),
            },
        }
    }
}

impl Theme {
    /// Reads a theme file.
    ///
    /// # Errors
    /// What is wrong with it, with the place.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let theme: Self = toml::from_str(text)?;
        for (table, sizes) in
            [("landscape", &theme.landscape), ("portrait", &theme.portrait), ("videotron", &theme.videotron)]
        {
            if let Some((key, size)) = sizes.all().into_iter().find(|(_, size)| !(0.0..=100.0).contains(size))
            {
                return Err(toml::de::Error::custom(format!(
                    "[{table}] {key} = {size}: write percent of the height, from 0 to 100"
                )));
            }
        }
        Ok(theme)
    }

    /// The sizes in pixels for a glass of `width` × `height` pixels.
    pub fn sizes(&self, shape: Shape, width: u32, height: u32) -> Sizes {
        let sizes = match shape {
            Shape::Landscape => &self.landscape,
            Shape::Portrait => &self.portrait,
            Shape::Videotron => &self.videotron,
        };
        sizes.in_pixels(shape.height_in(width, height))
    }
}

impl Default for Theme {
    fn default() -> Self {
        // The embedded file is read by a test of its own.
        Self::parse(DEFAULT).unwrap_or_else(|e| unreachable!("assets/theme.toml: {e}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_can_be_read() {
        for (what, text, ground) in Theme::default().colour.texts() {
            let ratio = text.contrast(ground);
            assert!(ratio >= 7.0, "{what}: {ratio:.2}");
        }
    }

    #[test]
    fn sizes_are_shares_of_the_height() {
        let theme = Theme::default();
        let full = theme.sizes(Shape::Landscape, 1920, 1080);
        let half = theme.sizes(Shape::Landscape, 960, 540);
        assert!((full.ticket - 70.0).abs() < 0.01 && (half.ticket - 35.0).abs() < 0.01);
    }

    #[test]
    fn a_size_that_nothing_can_have_is_an_error() {
        for wrong in ["nan", "inf", "-1.0", "5000.0"] {
            let text = DEFAULT.replacen("ticker_text = ", &format!("ticker_text = {wrong} # "), 1);
            let error = Theme::parse(&text).unwrap_err().to_string();
            assert!(error.contains("ticker_text"), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_wrong_key_is_an_error() {
        let text = DEFAULT.replace("ticket =", "tiket =");
        let error = Theme::parse(&text).unwrap_err().to_string();
        assert!(error.contains("tiket"), "{error}");
    }
}
