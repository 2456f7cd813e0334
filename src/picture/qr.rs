//! A text beside a QR code.
//! Invariant: a code that is drawn can be read: whole pixels a module, at least 2, ink on white with a quiet zone of
//! 4 modules; where a stage has no room for that, its address is written instead.

use qrcode::{Color, EcLevel, QrCode};

use super::{
    Picture, Rect, card,
    face::Face,
    shape::Canvas,
    text::{Block, Style, Typesetter},
    theme::{Colours, Sizes},
};

/// The longest address that a code can be read of from afar, in bytes.
pub const LONGEST: usize = 300;
/// The quiet zone on each side, in modules (ISO/IEC 18004).
const QUIET: u32 = 4;
/// The smallest module, in pixels.
const LEAST_MODULE: u32 = 2;
/// A title that stands beside a code on a tiny wall is not smaller than this, in pixels.
const LEAST_TITLE: f32 = 6.0;

/// A text and an address, and what they are drawn for.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The theme's colours.
    pub colours: &'a Colours,
    /// The theme's sizes, in pixels.
    pub sizes: &'a Sizes,
    /// The title; may be empty.
    pub title: &'a str,
    /// The text below it; may be empty.
    pub text: &'a str,
    /// What the code says.
    pub url: &'a str,
    /// The stage's width × height in pixels.
    pub size: (u32, u32),
}

/// A code's modules, row by row.
struct Code {
    /// Modules a side, without the quiet zone.
    side: u32,
    dark: Vec<bool>,
}

/// Where the words stand.
struct Words {
    title: Block,
    text: Block,
    gap: f32,
}

/// Draws it: beside each other, below each other on a narrow stage, the code with its title alone on a tiny one.
pub fn draw(type_: &mut Typesetter, job: Job) -> Picture {
    let code = Code::new(job.url);
    let drawn = code.and_then(|code| job.framed(type_, &code).or_else(|| job.tiny(type_, &code)));
    drawn.unwrap_or_else(|| {
        let text = [job.text, &address(job.url)].join("\n");
        card::draw(type_, job.colours, job.sizes, job.title, &text, job.size)
    })
}

impl Code {
    /// The smallest code of correction level M; of a higher level where that is no larger.
    fn new(url: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(url, EcLevel::M).ok()?;
        let better = |level| QrCode::with_version(url, code.version(), level).ok();
        let code = better(EcLevel::H).or_else(|| better(EcLevel::Q)).unwrap_or(code);
        let side = u32::try_from(code.width()).ok()?;
        let dark = code.to_colors().into_iter().map(|colour| colour == Color::Dark).collect();
        Some(Self { side, dark })
    }

    /// Its side with the quiet zones, in modules.
    fn whole(&self) -> u32 {
        self.side + 2 * QUIET
    }

    /// Draws it with a module of so many pixels, its quiet zone's left top corner at (`x`, `y`).
    fn draw(&self, canvas: &mut Canvas, colours: &Colours, module: u32, x: i32, y: i32) {
        let side = self.whole() * module;
        // The corners take nothing of the modules: they are round within the quiet zone.
        canvas.round(Rect::new(x, y, side, side), (2 * module) as f32, colours.white);
        let at = |number: u32| ((number + QUIET) * module) as i32;
        for row in 0..self.side {
            let is_dark = |column: u32| self.dark[(row * self.side + column) as usize];
            let mut column = 0;
            while column < self.side {
                let run = (column..self.side).take_while(|column| is_dark(*column)).count() as u32;
                let rect = Rect::new(x + at(column), y + at(row), run * module, module);
                canvas.fill(rect, colours.ink);
                column += run.max(1);
            }
        }
    }
}

impl Job<'_> {
    /// With title, text, code and address. `None` where the stage is too small for that.
    fn framed(&self, type_: &mut Typesetter, code: &Code) -> Option<Picture> {
        let (width, height) = (self.size.0 as f32, self.size.1 as f32);
        let pad = self.sizes.stage_pad.min(width * 0.067).min(height * 0.08).max(1.0).round();
        let (wide, high) = (width - 2.0 * pad, height - 2.0 * pad);
        let body = self.sizes.body;
        if wide < 9.0 * body || high < 6.0 * body {
            return None;
        }
        let below = (self.sizes.body * 1.9).round();
        let beside = width > height * 1.15;
        let gap =
            if beside { (1.9 * body).min(width * 0.06) } else { (1.2 * body).min(height * 0.05) }.round();
        let no_words = self.title.is_empty() && self.text.is_empty();
        let (words, most) = match (beside, no_words) {
            (_, true) => (None, wide.min(high - below)),
            (true, _) => {
                let most = (high - below).min((wide - gap) * 0.52);
                let side = (code.module(most)? * code.whole()) as f32;
                (Some(self.words(type_, (wide - gap - side, high), 1.25, false)?), most)
            }
            (false, _) => {
                let words = self.words(type_, (wide, high * 0.4), 1.1, true)?;
                let most = wide.min(high - below - gap - words.height());
                (Some(words), most)
            }
        };
        let module = code.module(most)?;
        let side = (code.whole() * module) as f32;
        let mut canvas = Canvas::filled(self.size.0, self.size.1, self.colours.paper);
        let (x, y) = match (&words, beside) {
            (Some(words), true) => {
                let y = ((height - side - below) / 2.0).round();
                // The words' middle is the code's.
                words.draw(type_, &mut canvas, self.colours, (pad, y + (side - words.height()) / 2.0), None);
                (width - pad - side, y)
            }
            (Some(words), false) => {
                let top = ((height - words.height() - gap - side - below) / 2.0).round();
                words.draw(type_, &mut canvas, self.colours, (pad, top), Some(wide));
                ((width - side) / 2.0, top + words.height() + gap)
            }
            (None, _) => ((width - side) / 2.0, (height - side - below) / 2.0),
        };
        let (x, y) = (x.round(), y.round());
        code.draw(&mut canvas, self.colours, module, x as i32, y as i32);
        let style = Style::new(Face::TextMedium, body * 0.82);
        let widest = if beside && words.is_some() { side } else { wide };
        let address = type_.fit(&address(self.url), style, widest, 1, self.sizes.floor.min(style.size));
        let middle = x + (side - address.width) / 2.0;
        let baseline = (y + side + 0.55 * below + style.cap_height() / 2.0).round();
        type_.draw_on(&mut canvas, &address, middle.round(), baseline, self.colours.teal_text);
        Some(canvas.finish())
    }

    /// Title and text in a box, as large as they fit; the title alone where both do not.
    fn words(&self, type_: &mut Typesetter, room: (f32, f32), scale: f32, middle: bool) -> Option<Words> {
        let least = self.sizes.floor.max(1.0);
        for text in [self.text, ""] {
            let mut scale = scale;
            while self.sizes.title * scale >= least {
                let title_style =
                    Style::new(Face::Title, self.sizes.title * scale).line(1.06).tracking(-0.022);
                let text_style = Style::new(Face::Text, (self.sizes.body * scale * 1.1).max(least)).line(1.3);
                let mut set = |text: &str, style: Style, lines: usize| {
                    let lines = if text.is_empty() { 0 } else { lines };
                    // What would be cut or torn is set smaller as a whole.
                    let block = type_.fit(text, style, room.0, lines.max(1), style.size);
                    (!block.cut && block.lines <= lines.max(1)).then_some(block)
                };
                let title = set(self.title, title_style, 4);
                let text_set = set(text, text_style, if middle { 4 } else { 8 });
                if let (Some(title), Some(text_set)) = (title, text_set) {
                    let both = !self.title.is_empty() && !text.is_empty();
                    let gap = if both { (0.45 * title.size).round() } else { 0.0 };
                    let words = Words { title: empty(title, self.title), text: empty(text_set, text), gap };
                    if words.height() <= room.1 {
                        return Some(words);
                    }
                }
                scale *= 0.94;
            }
        }
        None
    }

    /// The code as high as the stage, and the title beside it where there is room.
    fn tiny(&self, type_: &mut Typesetter, code: &Code) -> Option<Picture> {
        let (width, height) = self.size;
        let module = code.module(width.min(height) as f32)?;
        let side = code.whole() * module;
        let mut canvas = Canvas::filled(width, height, self.colours.paper);
        let beside = width >= height;
        // Paper is light enough to be part of the quiet zone, so the words may come near.
        let room = if beside { (width - side, height) } else { (width, height - side) };
        let edge = (room.0.min(room.1) as f32 * 0.08).clamp(1.0, 4.0).round();
        let room = (room.0 as f32 - 2.0 * edge, room.1 as f32 - 2.0 * edge);
        let style = Style::new(Face::Title, self.sizes.title.max(LEAST_TITLE)).line(1.1);
        let (mut scale, mut title) = (1.0, None);
        while style.size * scale >= LEAST_TITLE && title.is_none() && !self.title.is_empty() {
            let lines = card::centred(type_, self.title, Style { size: style.size * scale, ..style }, room.0);
            let high: f32 = lines.iter().map(|line| line.height).sum();
            let fits = high <= room.1 && lines.iter().all(|line| line.width <= room.0);
            title = fits.then_some((lines, high));
            scale *= 0.94;
        }
        let spare = (width - side, height - side);
        let (x, y) = match (&title, beside) {
            (Some(_), true) => (spare.0, spare.1 / 2),
            (Some(_), false) => (spare.0 / 2, spare.1),
            (None, _) => (spare.0 / 2, spare.1 / 2),
        };
        code.draw(&mut canvas, self.colours, module, x as i32, y as i32);
        if let Some((lines, high)) = title {
            let (left, mut top) = match beside {
                true => (edge, (height as f32 - high) / 2.0),
                false => (edge, ((height - side) as f32 - high) / 2.0),
            };
            for line in lines {
                let indent = if beside { 0.0 } else { (room.0 - line.width) / 2.0 };
                type_.draw(&mut canvas, &line, (left + indent).round(), top.round(), self.colours.ink);
                top += line.height;
            }
        }
        Some(canvas.finish())
    }
}

/// Nothing for no text: a layout of nothing is a line high.
fn empty(block: Block, text: &str) -> Block {
    if text.is_empty() { Block::default() } else { block }
}

impl Code {
    /// The largest module with which it is no larger than this, in pixels.
    fn module(&self, most: f32) -> Option<u32> {
        Some(most.max(0.0) as u32 / self.whole()).filter(|module| *module >= LEAST_MODULE)
    }
}

impl Words {
    fn height(&self) -> f32 {
        self.title.height + self.gap + self.text.height
    }

    /// Draws them from this corner on, in the middle of so wide a room where one is given.
    fn draw(
        &self,
        type_: &mut Typesetter,
        canvas: &mut Canvas,
        colours: &Colours,
        at: (f32, f32),
        room: Option<f32>,
    ) {
        let left = |block: &Block| (at.0 + room.map_or(0.0, |room| (room - block.width) / 2.0)).round();
        let y = at.1.round();
        type_.draw(canvas, &self.title, left(&self.title), y, colours.ink);
        let below = y + self.title.height + self.gap;
        type_.draw(canvas, &self.text, left(&self.text), below.round(), colours.ink);
    }
}

/// An address as people read it: without `https://` and without a slash at its end.
fn address(url: &str) -> String {
    let rest = ["https://", "http://"].into_iter().find_map(|scheme| url.strip_prefix(scheme));
    let rest = rest.unwrap_or(url);
    rest.strip_suffix('/').unwrap_or(rest).to_owned()
}

#[cfg(test)]
mod tests;
