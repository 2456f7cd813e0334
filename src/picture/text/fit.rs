//! Text into boxes: smaller first, then cut with an ellipsis.
//! Invariant: what comes back fits the box, but for a text that must not be cut and has no room at all.

use super::{Block, Piece, Style, Typesetter};

/// Characters of a word; Indonesian's longest, `pertanggungjawabannya`, has 21.
const LONGEST_WORD: usize = 24;

impl Typesetter {
    /// At most `lines` lines of at most `width` pixels: set smaller down to `floor` pixels an em where it
    /// does not fit, then cut with an ellipsis.
    pub fn fit(&mut self, text: &str, style: Style, width: f32, lines: usize, floor: f32) -> Block {
        self.fit_box(text, style, (width, f32::INFINITY), lines, floor)
    }

    /// As [`Typesetter::fit`], and at most `height` pixels high.
    pub fn fit_box(
        &mut self,
        text: &str,
        style: Style,
        (width, height): (f32, f32),
        lines: usize,
        floor: f32,
    ) -> Block {
        let fits = |b: &Block| b.lines <= lines && b.width <= width + 0.5 && b.height <= height + 0.5;
        let mut size = style.size;
        loop {
            // On one line nothing breaks: what is too wide is seen by its width.
            let limit = (lines > 1).then_some(width);
            let block = self.block(&[Piece { text, bold: false }], Style { size, ..style }, limit);
            if fits(&block) && (lines == 1 || !self.breaks_a_word(text, Style { size, ..style }, width)) {
                return block;
            }
            if size <= floor {
                return self.cut(text, Style { size, ..style }, (width, height), lines);
            }
            size = (size * 0.96).max(floor);
        }
    }

    /// A line that is never cut: set as small as needed.
    pub fn whole(&mut self, text: &str, style: Style, width: f32) -> Block {
        let block = self.line(text, style);
        if block.width <= width {
            return block;
        }
        let mut size = style.size * width / block.width;
        loop {
            let block = self.line(text, Style { size, ..style });
            if block.width <= width || size < 1.0 {
                return block;
            }
            size *= 0.99;
        }
    }

    fn breaks_a_word(&mut self, text: &str, style: Style, width: f32) -> bool {
        // What is longer than any word, such as an address, may break: it would make all else tiny.
        let words = text.split_whitespace().filter(|word| word.chars().count() <= LONGEST_WORD);
        words.into_iter().any(|word| self.line(word, style).width > width + 0.5)
    }

    fn cut(&mut self, text: &str, style: Style, (width, height): (f32, f32), lines: usize) -> Block {
        // A word that is torn over two lines is misread: then one line, as far as it goes.
        let lines = if lines == 2 && self.breaks_a_word(text, style, width) { 1 } else { lines };
        let ends: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
        let (mut fits, mut too_long) = (0, ends.len());
        let mut best = Block::default();
        let limit = (lines > 1).then_some(width);
        let whole = self.block(&[Piece { text, bold: false }], style, limit);
        if whole.lines <= lines && whole.width <= width + 0.5 && whole.height <= height + 0.5 {
            return whole;
        }
        while too_long - fits > 1 {
            let middle = (fits + too_long) / 2;
            let shorter = format!("{}…", text[..ends[middle]].trim_end());
            let block = self.block(&[Piece { text: &shorter, bold: false }], style, limit);
            if block.lines <= lines && block.width <= width + 0.5 && block.height <= height + 0.5 {
                fits = middle;
                best = block;
            } else {
                too_long = middle;
            }
        }
        Block { cut: true, ..best }
    }
}
