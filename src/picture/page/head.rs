//! What stands above the text on every part of a page: the service and the title.
//! Invariant: the title is not cut; where it would be, there is no head and the page is set another way.

use super::{body::bound, measure::Measure};
use crate::picture::{
    face::Face,
    shape::Canvas,
    text::{Block, Piece, Style, Typesetter},
};

/// Service and title.
#[derive(Debug)]
pub(super) struct Head {
    title: Block,
    /// The service line's baseline, from the stage's top; `None` where there is no such line.
    service: Option<f32>,
    /// The title's first baseline.
    baseline: f32,
    /// The title's last baseline: what stands below is measured from here.
    pub bottom: f32,
}

impl Head {
    /// Lays the title out on at most three lines. `None` where it does not fit so.
    pub fn new(type_: &mut Typesetter, m: &Measure, title: &str, service: bool, width: f32) -> Option<Self> {
        let style = Style::new(Face::Title, m.title).line(1.04).tracking(-0.022);
        let title = bound(title);
        let title =
            type_.fit(&title, style, width, 3, m.body.min(m.title)).balanced(type_, &title, style, width);
        if title.cut || title.lines > 3 {
            return None;
        }
        let cap = Style { size: title.size, ..style }.cap_height();
        let (service, top) = if service {
            let baseline = m.pad + Style::new(Face::Heading, m.service).cap_height();
            (Some(baseline.round()), baseline + (0.2 * m.title + 0.55 * m.service))
        } else {
            (None, m.pad)
        };
        let baseline = (top + cap).round();
        let bottom = baseline + title.height - title.line_height();
        Some(Self { title, service, baseline, bottom })
    }

    /// Draws it; `service` is the line above the title, its parts in the order in which they may not be left
    /// out.
    pub fn draw(
        &self,
        type_: &mut Typesetter,
        canvas: &mut Canvas,
        m: &Measure,
        service: &[&str],
        width: f32,
    ) {
        let style = Style::new(Face::Heading, m.service);
        if let Some(baseline) = self.service {
            let whole = service.join(" · ");
            let floor = m.floor.min(m.service);
            let mut line = type_.fit(&whole, style, width, 1, floor);
            if line.cut && service.len() > 2 {
                let short = [service[0], service[service.len() - 1]].join(" · ");
                line = type_.fit(&short, style, width, 1, floor);
            }
            type_.draw_on(canvas, &line, m.pad, baseline, m.colours.teal_text);
        }
        type_.draw_on(canvas, &self.title, m.pad, self.baseline, m.colours.ink);
    }
}

impl Block {
    /// The same number of lines, made as even as they can be.
    fn balanced(self, type_: &mut Typesetter, text: &str, style: Style, width: f32) -> Self {
        if self.lines < 2 || self.cut {
            return self;
        }
        let style = Style { size: self.size, ..style };
        let (mut narrow, mut wide, mut best) = (width / self.lines as f32, width, self);
        while wide - narrow > 2.0 {
            let middle = (narrow + wide) / 2.0;
            let block = type_.block(&[Piece { text, bold: false }], style, Some(middle));
            if block.lines == best.lines && block.width <= middle {
                (wide, best) = (middle, block);
            } else {
                narrow = middle;
            }
        }
        best
    }
}
